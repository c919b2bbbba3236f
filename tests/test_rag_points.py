"""Sentences of reports and the points that they are cut into."""

from __future__ import annotations

import pytest

from rag.points import points_of
from rag.salience import weigh
from rag.selecting import select
from rag.themes import load_themes, parse_themes, themes_asked, themes_in
from tests.rag_world import done, report, statements, target


def cut(text: str, *, planned: bool = False, wanted: str = "") -> list[str]:
    written = report(target(text) if planned else done(text))
    found = [p for s in statements(written) for p in points_of(s, (lambda said: wanted in said) if wanted else None)]
    return [("+" if point.adds else "") + point.text for point in found]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        # a figure with what it is a figure of; empty openings left away
        ("初步统计，2023年全县地区生产总值322.5亿元、增长5%。", ["地区生产总值322.5亿元、增长5%"]),
        ("扎实推进15个重点改革项目。", ["推进15个重点改革项目"]),
        # 累计 is no empty word
        ("累计接待游客138万人次，实现旅游收入98亿元。", ["累计接待游客138万人次", "旅游收入98亿元"]),
        # lists are cut into their items
        ("新增停车位425个、充电桩59个。", ["新增停车位425个、充电桩59个"]),
        ("地区生产总值140亿元、固定资产投资46亿元。", ["地区生产总值140亿元", "固定资产投资46亿元"]),
        # but not one with 分别
        ("城镇、农村居民收入分别增长4.5%、5.7%。", ["城镇、农村居民收入分别增长4.5%、5.7%"]),
        # clauses that lean on the one before them
        ("减征社保费超3000万元，惠及企业近2万家次。", ["减征社保费超3000万元，惠及企业近2万家次"]),
        ("完成地区生产总值904亿元，增长6.3%。", ["地区生产总值904亿元，增长6.3%"]),
        # what only compares or breaks down may be left away
        ("财政收入20亿元，比上年多2亿元。", ["财政收入20亿元", "+比上年多2亿元"]),
        ("财政收入20亿元，其中税收14亿元。", ["财政收入20亿元", "+其中税收14亿元"]),
        # a distinction needs no figure; a slogan is no point
        ("失业人员再就业10万人，再降低电价10%。", ["失业人员再就业10万人", "再降低电价10%"]),
        ("我县入选全国首批数字乡村试点县。", ["入选全国首批数字乡村试点县"]),
        # nor is a figure without words (a file may set the 2.5 of PM2.5 on a line of its own), nor a shortcoming
        ("2.5", []),
        ("我们也清醒认识到，发展还面临不少困难，去年投资下降2%。", []),
        ("养老领域存在短板，入选全国首批试点。", ["入选全国首批试点"]),
        ("我们凝心聚力，砥砺前行。", []),
        # what is invested belongs to what it is invested in
        ("安排重点项目150个、年度计划投资100亿元。", ["安排重点项目150个、年度计划投资100亿元"]),
        ("主要体现在六个方面。", []),
    ],
)
def test_a_review(text: str, points: list[str]) -> None:
    assert cut(text) == points


@pytest.mark.parametrize(
    ("text", "points"),
    [
        (
            "今年主要预期目标是：地区生产总值增长6%左右，城镇新增就业6000人以上。",
            ["地区生产总值增长6%左右", "城镇新增就业6000人以上"],
        ),
        ("办好实事：①新增学位1800个。", ["新增学位1800个"]),
        ("要坚持不懈抓落实。", []),
    ],
)
def test_a_plan(text: str, points: list[str]) -> None:
    assert cut(text, planned=True) == points


def test_a_clause_without_a_figure_is_a_point_where_it_is_wanted() -> None:
    text = "实施适度宽松的货币政策，发挥总量功能。"
    assert cut(text, planned=True) == []
    assert cut(text, planned=True, wanted="货币政策") == ["实施适度宽松的货币政策"]


def chosen(text: str, characters: int) -> list[str]:
    points = [p for s in statements(report(done(text))) for p in points_of(s)]
    return [item.point.text for item in select(weigh(points), characters, lambda item: True)]


HEADLINES = "地区生产总值322亿元，规模以上工业增加值增长7.9%，固定资产投资增长7.2%。"
DETAILS = "新建公厕9座。设立门诊17家。新增学位2460个。"


def test_headline_indicators_come_before_livelihood_and_this_before_detail() -> None:
    assert chosen(DETAILS + HEADLINES, 45) == [
        "地区生产总值322亿元",
        "规模以上工业增加值增长7.9%",
        "固定资产投资增长7.2%",
    ]
    assert chosen(DETAILS, 14) == ["新增学位2460个"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        # however long, the size of the economy is not left out
        (
            "城镇新增就业5986人，失业率5.1%。地区生产总值历史性地迈上新台阶、达到322亿元、居全省第二。财政收入增长2%。",
            "地区生产总值历史性地迈上新台阶、达到322亿元、居全省第二",
        ),
        # said again, a headline is not told again
        ("居民消费价格上涨2%。新增学位2460个。居民消费价格涨幅为2%。", "居民消费价格上涨2%"),
    ],
)
def test_what_is_told_once_and_for_sure(text: str, first: str) -> None:
    found = chosen(text, 32)
    assert first in found
    assert sum("消费价格" in point for point in found) <= 1


def test_what_does_not_stand_is_not_chosen_and_leaves_its_room_to_others() -> None:
    points = [p for s in statements(report(done(HEADLINES))) for p in points_of(s)]
    found = select(weigh(points), 30, lambda item: "生产总值" not in item.point.text)
    assert [item.point.text for item in found] == ["规模以上工业增加值增长7.9%"] or len(found) == 2
    assert all("生产总值" not in item.point.text for item in found)


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("城镇新增就业5986人", {"新增就业"}),
        # words within longer ones of another theme don't count
        ("单位地区生产总值能耗下降3%", {"绿色低碳"}),
        ("开展党纪学习教育", {"思想教育"}),
        ("筹集保障性租赁住房898套", {"住房保障"}),
        ("减轻企业税收负担2万亿元", {"减税降费"}),
        ("地区生产总值322亿元", {"经济总量"}),
        ("我们凝心聚力", set()),
    ],
)
def test_the_themes_of_a_text(text: str, themes: set[str]) -> None:
    assert themes == {theme.name for theme in themes_in(text)}


def test_every_theme_can_be_asked_for_and_tells_itself_apart() -> None:
    for theme in load_themes():
        assert theme in [found for word in theme.asked for found in themes_asked(word)]
        assert not theme.pattern.search("")


@pytest.mark.parametrize("line", ["住房\t2\t住房", "住房\t高\t住房\t住房", "住房\t2\t住房\t房\n住房\t2\t住房\t房"])
def test_an_ill_formed_line_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=r"themes\.tsv, line"):
        parse_themes(line.split("\n"))
