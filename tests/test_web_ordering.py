"""The order in which the page lists reports."""

from __future__ import annotations

from index.store import ReportCard
from index.types import Level
from web.ui.ordering import in_order


def card(region: str, level: Level, year: int = 2024) -> ReportCard:
    return ReportCard(
        id=f"{region}_{year}", title=region, region=region, level=level, year=year, paragraphs=1, characters=1
    )


def test_places_come_as_an_office_lists_them_the_newest_report_first() -> None:
    cards = [
        card("三亚市", "city"),
        card("云岭区", "county"),
        card("上海市", "province", 2023),
        card("上海市", "province", 2024),
        card("鲤城区", "county"),
        card("北京市", "province"),
        card("国务院", "national"),
        card("保定市", "city"),
    ]
    assert [one.id for one in in_order(cards)] == [
        "国务院_2024",
        "北京市_2024",
        "上海市_2024",
        "上海市_2023",
        "保定市_2024",
        "三亚市_2024",
        "鲤城区_2024",
        "云岭区_2024",
    ]
