"""Which places a question or a title names, and what lies in what."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.regions import NATION, Gazetteer, Region, find_regions, gazetteer


def names(text: str) -> list[str]:
    return [mention.region.name for mention in find_regions(text)]


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("鲤城区新建多少保障性租赁住房", ["鲤城区"]),
        ("广东、江苏、山东三省2026年的城镇新增就业目标", ["广东省", "江苏省", "山东省"]),
        ("丽水去年办了几件实事", ["丽水市"]),
        ("全国2024年新增就业多少人", ["全国"]),
        ("国务院2020年的报告", ["全国"]),
        ("我国去年的增速", ["全国"]),
        ("恩施州2023年的旅游收入", ["恩施土家族苗族自治州"]),
        ("内蒙2025年的粮食产量", ["内蒙古自治区"]),
        ("襄樊的汽车产业", ["襄阳市"]),
        ("苏鲁豫皖四省的目标", ["江苏省", "山东省", "河南省", "安徽省"]),
        ("京津冀三地谁的增速高", ["北京市", "天津市", "河北省"]),
        ("京津沪渝2024年增速", ["北京市", "天津市", "上海市", "重庆市"]),
        ("渝2024年增速", ["重庆市"]),
        ("北上广深2023年增速", ["北京市", "上海市", "广州市", "深圳市"]),
        ("丽水市长是谁", ["丽水市"]),
        ("设在哪个国家", []),
        ("福建泉州鲤城区的学位", ["鲤城区"]),
        ("广东佛山顺德的产值", ["顺德区"]),
        ("威海市场主体有多少户", ["威海市"]),
        ("喀什地区生产总值是多少", ["喀什地区"]),
        ("鲤城区位居全国第几", ["鲤城区"]),
        ("黄石港区的港口", ["黄石港区"]),
        ("成县2024年的目标", ["成县"]),
        ("云岭区2023年新增多少学位", ["云岭区"]),
        ("廣東省和遼寧省的糧食產量", ["广东省", "辽宁省"]),
    ],
)
def test_places_named(question: str, places: list[str]) -> None:
    assert names(question) == places


@pytest.mark.parametrize(
    "text",
    [
        "维护社会长治久安",
        "创新乡村治理方式",
        "坚持和平发展、合作共赢",
        "推进城乡文化资源共享",
        "平安建设、富民惠民、安居乐业",
        "由于都市圈建设提速",
        "国家级高新技术企业有多少家",
        "获评全国文明城市",
        "高于全国平均水平",
        "国务院办公厅印发的通知",
        "全市示范区、开发区、社区有几个",
        "超市和门市的数量",
        "新建区级医院几家",
        "阿里巴巴和宁德时代",
        "我省各市县",
    ],
)
def test_words_that_name_no_place(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("吉林", ["吉林省", "吉林市"]),
        ("海南", ["海南省", "海南藏族自治州"]),
        ("河北", ["河北省"]),
        ("朝阳", ["朝阳市"]),
        ("朝阳区", ["朝阳区", "朝阳区"]),
        ("通州", ["通州区", "通州区"]),
    ],
)
def test_ambiguous_names_keep_every_candidate(name: str, candidates: list[str]) -> None:
    (mention,) = find_regions(f"{name}去年的增速")
    assert [region.name for region in mention.regions] == candidates
    assert (mention.start, mention.end) == (0, len(name))


def test_the_place_before_settles_which_of_them() -> None:
    beijing, changchun = find_regions("北京市朝阳区和长春市朝阳区")
    assert [region.code for region in beijing.regions] == ["110105"]
    assert [region.code for region in changchun.regions] == ["220104"]


@pytest.mark.parametrize(
    ("text", "bare"), [("长兴去年", True), ("长兴县去年", False), ("长三角", True), ("丽水", False)]
)
def test_names_that_may_be_something_else_are_marked(text: str, bare: bool) -> None:
    assert {mention.bare for mention in find_regions(text)} == {bare}


@pytest.mark.parametrize(
    "name", ["辽宁省", "宁夏回族自治区", "海南省", "通州区", "鹰手营子矿区", "神农架林区", "景县", "大理州", "浦东新区"]
)
def test_official_and_usual_names_are_found_whole(name: str) -> None:
    (mention,) = find_regions(name)
    assert (mention.start, mention.end, mention.bare) == (0, len(name), False)


def test_names_of_loaded_reports_are_known_with_and_without_their_suffix() -> None:
    places = Gazetteer(extra=["云岭区", "鲤城区", "国务院"])
    (long,), (short,) = places.find_regions("云岭区的目标"), places.find_regions("查一下云岭的目标")
    assert long.region == short.region == Region(code="", name="云岭区", level="county")
    assert (long.bare, short.bare) == (False, True)
    assert places.named("鲤城区") == gazetteer().named("鲤城区")
    assert places.named("国务院") == (NATION,)


def test_what_lies_in_what() -> None:
    places = gazetteer()
    (licheng,), (qianjiang,) = places.named("鲤城区"), places.named("潜江市")
    assert [region.name for region in places.parents(licheng)] == ["泉州市", "福建省", "全国"]
    assert [region.name for region in places.parents(qianjiang)] == ["湖北省", "全国"]
    assert places.is_ancestor(NATION, licheng)
    assert not places.is_ancestor(licheng, licheng)
    assert places.parents(NATION) == ()


@given(st.text(st.sampled_from("北京市朝阳区长春鲤城全国吉林省和、级南海县的2023恩施州"), max_size=30))
def test_mentions_stand_in_the_text(text: str) -> None:
    mentions = find_regions(text)
    for mention in mentions:
        assert text[mention.start : mention.end].endswith(mention.name)
        assert mention.regions
    # The members of a group (京吉两省) share one span.
    spans = list(dict.fromkeys((mention.start, mention.end) for mention in mentions))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
