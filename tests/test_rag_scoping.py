"""Which places and years a question names, and which reports are looked into for them."""

from __future__ import annotations

import pytest

from index.store import ReportCard
from index.types import Level, Period, Role, Scope
from rag.scoping import Catalog, asked_periods, without_apposed


def card(region: str, year: int, level: Level = "county") -> ReportCard:
    name = f"{region}_{year}"
    return ReportCard(id=name, title=name, region=region, level=level, year=year, paragraphs=1, characters=1)


LOCAL = [card("北岭县", year) for year in (2021, 2022, 2023, 2024)] + [card("南浦区", 2024)]
NATIONAL = card("全国", 2024, "national")
CATALOG = Catalog(LOCAL, Scope())


def period(text: str) -> Period | None:
    if not text:
        return None
    first, _, last = text.partition("-")
    return Period(first=int(first), last=int(last or first))


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("北岭县2023年新增就业多少人", ("北岭县",)),
        ("北岭2023年新增就业多少人", ("北岭县",)),
        ("2023年新增就业，南浦和北岭县谁多", ("南浦区", "北岭县")),
        ("北岭县的学位，北岭县的床位", ("北岭县",)),
        ("新增就业多少人", ()),
        ("北岭县评了几位“南浦工匠”", ("北岭县",)),
        ("除南浦区外，北岭县还有几家", ("北岭县",)),
    ],
)
def test_places_are_found_by_full_and_short_name(question: str, places: tuple[str, ...]) -> None:
    assert CATALOG.places(question).loaded == places


@pytest.mark.parametrize(
    ("question", "loaded", "unknown"),
    [
        ("杭州市2023年新增就业多少人", (), ("杭州市",)),
        ("北岭县和杭州市2023年新增就业多少人", ("北岭县",), ("杭州市",)),
        ("国务院2024年的赤字率", (), ()),
    ],
)
def test_a_place_without_a_report_is_told_apart(
    question: str, loaded: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    places = CATALOG.places(question)
    assert (places.loaded, places.unknown) == (loaded, unknown)


def test_loaded_places_are_taken_out_of_what_is_searched_for() -> None:
    assert CATALOG.places("北岭和南浦区新增就业").rest.split() == ["和", "新增就业"]


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("全国2023年新增就业多少人", ("全国",)),
        ("我国2023年新增就业多少人", ("全国",)),
        ("北岭县有几所全国文明校园", ("北岭县",)),
    ],
)
def test_the_nation_is_meant_only_where_no_other_place_is_named(question: str, places: tuple[str, ...]) -> None:
    assert Catalog([*LOCAL, NATIONAL], Scope()).places(question).loaded == places


@pytest.mark.parametrize(
    ("asked", "role", "tiers"),
    [
        # A result of 2022: the report of 2023 reviews it, that of 2022 may say how far it had come.
        ("2022", "done", [("北岭县_2023",), ("北岭县_2022",), ("北岭县_2024",)]),
        # A target for 2022 stands in the report of 2022, or in an earlier plan of several years.
        ("2022", "target", [("北岭县_2022",), ("北岭县_2021",)]),
        ("2022", None, [("北岭县_2023",), ("北岭县_2022",), ("北岭县_2024",)]),
        # The newest year has only been planned yet.
        ("2024", None, [("北岭县_2024",)]),
        # Plans reach into years that no report has reviewed; results don't.
        ("2025", "target", [("北岭县_2024", "北岭县_2023", "北岭县_2022", "北岭县_2021")]),
        ("2025", "done", []),
        ("2021-2023", "done", [("北岭县_2024",), ("北岭县_2023",)]),
        ("2010", None, []),
        ("", None, [("北岭县_2024", "北岭县_2023", "北岭县_2022", "北岭县_2021")]),
    ],
)
def test_reports_looked_into(asked: str, role: Role | None, tiers: list[tuple[str, ...]]) -> None:
    assert CATALOG.tiers("北岭县", period(asked), role) == tiers


def test_no_report_of_a_place_that_is_not_loaded() -> None:
    assert CATALOG.tiers("杭州市", period("2023"), "done") == []


def test_where_a_place_has_no_report_its_own_name_is_looked_for_above_it() -> None:
    catalog = Catalog([card("浙江省", 2024, "province")], Scope())
    places = catalog.places("浙江丽水2023年建了几座桥")
    assert places.loaded == ("浙江省",)
    assert "丽水" in places.rest
    assert catalog.above("丽水市") == ["浙江省"]


def test_a_hidden_report_is_as_if_it_were_not_there() -> None:
    seen = Catalog(LOCAL, Scope(reports=frozenset({"南浦区_2024"})))
    assert seen.ids == {"南浦区_2024"}
    assert seen.places("北岭县和南浦区").loaded == ("南浦区",)
    assert seen.tiers("北岭县", None, None) == []
    assert seen.newest(()) == 2024
    assert Catalog(LOCAL, Scope(reports=frozenset())).newest(()) is None


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("2023年新增就业", ["2023"]),
        ("2023新增就业", ["2023"]),
        ("2023、2024、2025新增就业", ["2023", "2024", "2025"]),
        ("2023年和2024年新增就业", ["2023", "2024"]),
        ("2018至2022年新增就业", ["2018-2022"]),
        ("2018年到2022年新增就业", ["2018-2022"]),
        ("2018—2022新增就业", ["2018-2022"]),
        # Counted back from the newest report, which was delivered in 2024 and reviews 2023.
        ("去年新增就业", ["2023"]),
        ("前年新增就业", ["2022"]),
        ("今年新增就业", ["2024"]),
        ("明年新增就业", ["2025"]),
        ("近三年新增就业", ["2021-2023"]),
        ("过去五年新增就业", ["2019-2023"]),
        ("“十四五”期间新增就业", ["2021-2025"]),
        ("十三五新增就业", ["2016-2020"]),
        ("2019到2022年这四年新增就业", ["2019-2022"]),
        ("今年（2023年）新增就业", ["2023"]),
        ("上届政府五年新增就业", ["2018-2022"]),
        ("投资10亿元以上的项目", []),
        ("增长20.23%", []),
        ("新增就业多少人", []),
        # a count, not a year
        ("新增学位2000个", []),
        ("低保标准1980元", []),
        ("2023个体户数", ["2023"]),
        ("2023户籍人口", ["2023"]),
        ("2022人大代表建议件数", ["2022"]),
    ],
)
def test_years_asked_about(text: str, periods: list[str]) -> None:
    asked = asked_periods(text, now=2024)
    assert list(asked.periods) == [period(one) for one in periods]
    assert asked.is_range == any("-" in one for one in periods)


def test_years_in_brackets_are_those_of_the_words_before_them() -> None:
    assert without_apposed("过去五年改造多少个、多少户（2017到2021）", now=2024).startswith(" 改造")
    assert without_apposed("过去五年改造多少个", now=2024) == "过去五年改造多少个"


def test_years_are_taken_out_of_what_is_searched_for() -> None:
    assert asked_periods("2023年和去年新增就业", now=2024).rest.split() == ["和", "新增就业"]
