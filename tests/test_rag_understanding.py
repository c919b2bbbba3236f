"""What a question asks for: need, unit and kind of figure, role, items, comparisons, premises, and what follow-ups leave out."""

from __future__ import annotations

import pytest

from index.types import FigureKind, Period, Role, Scope
from rag.reading import Comparison, Need
from rag.understanding import Ask
from tests.rag_world import query


def only(question: str, *earlier: str) -> Ask:
    (ask,) = query(question, *earlier).asks
    return ask


def year(number: int) -> Period:
    return Period(first=number, last=number)


@pytest.mark.parametrize(
    ("question", "need", "measure", "kind"),
    [
        # how many of what: the unit is that of the figure wanted
        ("云岭区2023年筹集多少套保障性租赁住房", "figure", "套", None),
        ("云岭区2023年改造老旧小区多少个", "figure", "个", None),
        ("云岭区2023年旅游总收入多少亿元", "figure", "元", None),
        ("云岭区2023年接待游客多少万人次", "figure", "人次", None),
        ("云岭区2023年投入多少钱改造老旧小区", "figure", "元", None),
        ("云岭区2023年新建长者食堂几家", "figure", "家", None),
        ("云岭区2023年空气质量优良天数比例", "figure", "", "share"),
        ("云岭区2023年新登记市场主体户数", "figure", "户", None),
        # growth is a figure of its own, and so is a difference in percentage points
        ("云岭区2023年地区生产总值增速", "figure", "", "growth"),
        ("云岭区2023年出口增长百分之几", "figure", "%", "growth"),
        ("云岭区2023年旅游总收入增长了多少", "figure", "", "growth"),
        ("云岭区2023年民生支出占比", "figure", "", "share"),
        ("云岭区2023年税收占比是多少", "figure", "", "share"),
        ("云岭区2022年优良天数比例提高几个百分点", "figure", "个百分点", "points"),
        ("云岭区2022年精密制造占比提高了多少", "figure", "", "points"),
        ("云岭区2023年加装电梯第几", "figure", "", None),
        ("云岭区2023年办了几场招聘会", "figure", "场", None),
        ("云岭区2023年 光伏装机容量", "figure", "", None),
        # names and facts
        ("云岭区2022年哪两所学校建成开学", "list", "所", None),
        ("云岭区2022年有哪些项目列入省级非遗名录", "list", "", None),
        ("云岭区哪个镇创成了示范镇", "fact", "", None),
        ("云岭区区长是谁", "fact", "", None),
        ("区图书馆新馆什么时候开馆", "fact", "", None),
        ("云岭区2023年海绵城市建设了吗", "yesno", "", None),
    ],
)
def test_what_is_wanted(question: str, need: Need, measure: str, kind: FigureKind | None) -> None:
    ask = only(question)
    assert (ask.need, ask.measure, ask.kind) == (need, measure, kind)


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("云岭区2023年计划加装电梯多少部", "target"),
        ("云岭区2023年加装电梯目标多少部", "target"),
        ("云岭区2024年打算新建几家长者食堂", "target"),
        ("云岭区2024年力争接待游客多少人次", "target"),
        ("云岭区2023年要淘汰多少辆老旧货车", "target"),
        ("云岭区2023年还要再加几个车位", "target"),
        ("云岭区2023年计划建成几家长者食堂", "target"),
        ("云岭区2023年要基本完成的老旧小区改造多少个", "target"),
        ("云岭区2023年主要污染物减排多少吨", "done"),
        ("云岭区2023年提的要求实现了多少项", "done"),
        ("云岭区2023年实际加装电梯多少部", "done"),
        ("云岭区2023年完成了多少部电梯加装", "done"),
        # Nothing is said: a year that the next report has reviewed is asked for its result …
        ("云岭区2023年加装电梯多少部", "done"),
        # … and one that none has reviewed for whatever there is.
        ("云岭区2024年加装电梯多少部", None),
        ("青禾县“十四五”期间新增学位多少个", None),
    ],
)
def test_target_or_result(question: str, role: Role | None) -> None:
    assert only(question).role == role


def test_target_and_result_are_two_asks() -> None:
    asks = query("云岭区2022年加装电梯的目标完成了吗，差几部？").asks
    assert [ask.role for ask in asks] == ["target", "done"]
    assert len({ask.words for ask in asks}) == 1


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("云岭区2023年人大代表建议和政协提案各有多少件", ["建议", "政协提案"]),
        ("云岭区2023年接待游客多少人次，旅游总收入多少亿元", ["游客", "总收入"]),
        ("云岭区2022年老旧小区改造开工几个、完工几个", ["开工", "完工"]),
        ("云岭区2023年城市低保标准和农村低保标准分别是多少元", ["城市", "农村"]),
        ("云岭区2023年新增停车泊位多少个", ["停车泊位"]),
        ("云岭区2023年新建充电桩 停车泊位 分别多少", ["充电桩", "停车泊位"]),
        ("云岭区2023年增加学位、床位数", ["学位", "床位"]),
        ("云岭区2024年净增目标（工业企业、商贸企业）", ["工业", "商贸"]),
        ("云岭区2023年城乡低保标准分别多少元", ["城镇", "农村"]),
        ("云岭区2022年和2023年分别改造了多少个老旧小区", ["老旧小区", "老旧小区"]),
        ("云岭区2023年旅游收入总量和增速", ["旅游收入", "增速"]),
        # What several verbs, or a list before 的, say of one thing
        ("云岭区2023年新建和改造的高标准农田多少亩", ["农田"]),
        ("云岭区2023年公安、司法机关查处的案件多少起", ["案件"]),
    ],
)
def test_each_thing_asked_for_is_one_ask(question: str, items: list[str]) -> None:
    asks = query(question).asks
    assert len(asks) == len(items)
    for ask, item in zip(asks, items, strict=True):
        assert item in ask.words


def test_later_items_share_the_words_of_the_first() -> None:
    _, income = query("云岭区2023年接待游客多少人次，旅游总收入多少亿元").asks
    assert income.shared == ("接待", "游客")
    assert income.measure == "元"


@pytest.mark.parametrize(
    ("question", "cells"),
    [
        ("云岭区2021、2022、2023三年城镇新增就业各多少人", [("云岭区", 2021), ("云岭区", 2022), ("云岭区", 2023)]),
        ("云岭区近三年城镇新增就业各多少人", [("云岭区", 2021), ("云岭区", 2022), ("云岭区", 2023)]),
        ("云岭区2021年至2023年城镇新增就业走势", [("云岭区", 2021), ("云岭区", 2022), ("云岭区", 2023)]),
        ("2023年城镇新增就业，云岭和青禾各多少人", [("云岭区", 2023), ("青禾县", 2023)]),
        ("云岭区去年城镇新增就业多少人", [("云岭区", 2023)]),
        ("鲤城区去年城镇新增就业多少人", [("鲤城区", 2022)]),
    ],
)
def test_a_question_over_places_and_years_is_made_whole(question: str, cells: list[tuple[str, int]]) -> None:
    assert [(ask.region, ask.period) for ask in query(question).asks] == [(place, year(one)) for place, one in cells]


def test_a_stretch_of_years_asked_for_its_sum_stays_one() -> None:
    ask = only("云岭区2021至2023年城镇新增就业累计多少人")
    assert ask.period == Period(first=2021, last=2023)
    assert ask.stock


@pytest.mark.parametrize(
    ("question", "comparisons"),
    [
        ("云岭区2022年和2023年城镇新增就业相差多少人", {"difference"}),
        ("云岭区2023年比2022年城镇新增就业多多少人", {"difference"}),
        ("云岭区2021到2023年研发投入强度哪年最高", {"extremum"}),
        ("云岭区和青禾县2023年PM2.5谁低", {"extremum"}),
        ("云岭区和青禾县2023年谁的地区生产总值大？", {"extremum"}),
        ("云岭区和青禾县哪个区县2023年新增就业多", {"extremum"}),
        ("云岭区2023年哪个高新区的企业多少家", set()),
        ("云岭区2021到2023年优良天数比例走势", {"trend"}),
        ("云岭区民生支出占比2021年到2023年是不是一年比一年高", {"trend"}),
        ("云岭区学位2022年有多少个，2023年有多少个，增加了几个", {"difference"}),
        ("云岭区和青禾县2023年PM2.5浓度，谁的空气更好", {"extremum"}),
        ("云岭区2023年出口占全省的比重是多少", set()),
        ("云岭区2023年税费比以前还少的企业占几成", set()),
        ("云岭区2021到2023年城镇新增就业从高到低排一下", {"order"}),
        ("云岭区2023年城镇新增就业多少人", set()),
    ],
)
def test_how_results_are_to_be_compared(question: str, comparisons: set[Comparison]) -> None:
    assert query(question).comparisons == comparisons


def test_of_two_years_compared_the_first_named_is_the_one_to_be_measured() -> None:
    assert query("云岭区城镇新增就业2023年比2022年多多少人").versus == (year(2023), year(2022))
    assert query("云岭区2022年和2023年城镇新增就业各多少人").versus is None


@pytest.mark.parametrize(
    ("question", "colloquial"),
    [
        ("云岭给老人家弄了几个吃饭的地方", True),
        ("云岭区2023年帮多少人找到活干", True),
        ("云岭区2023年新建长者食堂多少家", False),
        ("云岭区2023年困难帮扶多少户", False),
        ("云岭区2023年地方财政收入多少", False),
    ],
)
def test_everyday_words_are_told_from_office_language(question: str, colloquial: bool) -> None:
    assert only(question).colloquial == colloquial


def test_what_a_question_rules_out() -> None:
    assert only("云岭区2023年低保标准多少元，不是城市").excluded == ("城市",)
    assert only("云岭区2023年低保标准多少元").excluded == ()


@pytest.mark.parametrize(
    ("question", "asserted"),
    [
        ("云岭区2022年GDP增长了7.5%，主要靠什么拉动？", ["7.5%"]),
        ("云岭区2023年新建长者食堂9家，分别在哪", ["9家"]),
        # no assertion: the asked figure, a span of years, an ordinal
        ("云岭区2022年GDP增长多少", []),
        ("云岭区近三年GDP各多少", []),
        ("青禾县举办第几届梯田开犁节", []),
        pytest.param(
            "云岭区2022年签约10亿元以上项目几个",
            [],
            marks=pytest.mark.xfail(strict=True, reason="the size that names a kind of project is taken for a premise"),
        ),
    ],
)
def test_figures_that_a_question_takes_for_granted(question: str, asserted: list[str]) -> None:
    assert [figure.text for figure, _ in query(question).premises] == asserted


def test_a_stated_figure_is_not_what_is_asked_for() -> None:
    (ask,) = query("云岭区2023年新建长者食堂8家，累计多少家").asks
    assert [figure.text for figure in ask.given] == ["8家"]


@pytest.mark.parametrize(
    ("question", "paper"),
    [
        ("2023年统计公报里云岭区GDP多少", "统计公报"),
        ("云岭区2023年财政预算报告的收入多少", "预算报告"),
        ("云岭区法院报告提到多少案件", "法院报告"),
        ("云岭区2023年政府工作报告里GDP多少", ""),
    ],
)
def test_another_kind_of_paper_is_recognised(question: str, paper: str) -> None:
    assert query(question).other_paper == paper


@pytest.mark.parametrize(
    ("question", "reports", "region"),
    [
        ("2023年高新技术企业总数", {"云岭区_2023", "云岭区_2024"}, "云岭区"),
        ("2023年高新技术企业总数", {"云岭区_2024", "青禾县_2024"}, None),
        # Only one of the places has a report that can speak of the year.
        ("2023年高新技术企业总数", {"鲤城区_2023", "青禾县_2024"}, None),
        ("2024年高新技术企业总数", {"鲤城区_2023", "青禾县_2024"}, "青禾县"),
        ("杭州市2023年高新技术企业总数", {"云岭区_2023", "云岭区_2024"}, None),
    ],
)
def test_the_place_is_implied_only_where_one_alone_can_be_meant(
    question: str, reports: set[str], region: str | None
) -> None:
    (ask,) = query(question, scope=Scope(reports=frozenset(reports))).asks
    assert ask.region == region


@pytest.mark.parametrize(
    ("question", "earlier", "words", "region", "asked", "role"),
    [
        ("那前一年呢？", "云岭区2022年PM2.5浓度是多少？", {"pm2.5", "浓度"}, "云岭区", 2021, "done"),
        ("再早一点呢？", "云岭区2022年PM2.5浓度是多少？", {"pm2.5", "浓度"}, "云岭区", 2021, "done"),
        ("再早一点，2021年那会儿呢", "云岭区2023年PM2.5浓度是多少？", {"pm2.5", "浓度"}, "云岭区", 2021, "done"),
        ("后一年呢", "云岭区2022年加装了多少部电梯？", {"加装", "电梯"}, "云岭区", 2023, "done"),
        ("2023年呢？", "云岭区2022年加装了多少部电梯？", {"加装", "电梯"}, "云岭区", 2023, "done"),
        ("青禾县呢？", "云岭区2023年地区生产总值是多少", {"地区生产总值"}, "青禾县", 2023, "done"),
        ("那建成的呢？", "鲤城区新建多少保障性租赁住房", {"建成", "保障性租赁住房"}, "鲤城区", None, "done"),
        ("增速呢", "云岭区2023年社消零总额多少", {"社消零", "总额", "增速"}, "云岭区", 2023, "done"),
        ("增长了多少", "云岭区2023年社消零总额", {"社消零", "总额", "增长"}, "云岭区", 2023, "done"),
        (
            "当初定的目标是多少？",
            "云岭区2022年城镇新增就业多少人？",
            {"城镇", "新增", "就业"},
            "云岭区",
            2022,
            "target",
        ),
        ("其中公办的多少个？", "云岭区2022年新增义务教育学位多少个", {"公办"}, "云岭区", 2022, "done"),
        # A question that stands on its own takes nothing over.
        ("青禾县2023年GDP是多少", "云岭区2022年加装了多少部电梯？", {"gdp"}, "青禾县", 2023, "done"),
        ("24年还要再加多少？", "云岭区2023年新增多少个学位", {"新增", "学位"}, "云岭区", 2024, "target"),
        ("今年打算再加几个", "云岭区2022年新增多少个学位", {"新增", "学位"}, "云岭区", 2024, "target"),
        ("农村的呢？", "云岭区2023年城镇居民人均可支配收入多少元？", {"农村"}, "云岭区", 2023, "done"),
    ],
)
def test_a_follow_up_takes_over_what_it_leaves_out(
    question: str, earlier: str, words: set[str], region: str, asked: int | None, role: Role
) -> None:
    ask = only(question, earlier)
    assert {*ask.words} == words
    assert (ask.region, ask.period, ask.role) == (region, asked and year(asked), role)


def test_what_a_follow_up_names_is_looked_for_beside_what_was_asked_before() -> None:
    ask = only("农村的呢？", "云岭区2023年城镇居民人均可支配收入多少元？")
    assert (ask.measure, ask.need) == ("元", "figure")
    assert {"城镇居民", "人均"} <= {*ask.shared}


def test_a_follow_up_may_mean_one_of_the_places() -> None:
    (one,) = query("第二个呢，有多少户受益？", "云岭区和青禾县2023年各改造了多少老旧小区？").asks
    assert one.region == "青禾县"
    assert "老旧小区" in one.shared


def test_what_comes_anew_is_not_what_there_was_in_all() -> None:
    (one,) = query("今年准备再建几家？", "到2023年底云岭区长者食堂累计多少家？").asks
    assert one.words == ("长者食堂",)
    assert one.role == "target"


def test_a_follow_up_may_mean_the_last_two_things() -> None:
    first, second = query("今年这两项各定了多少", "云岭区2023年新增学位多少个", "养老床位呢").asks
    assert {"学位"} <= {*first.words} and {"养老", "床位"} <= {*second.words}
    assert {(ask.period, ask.role) for ask in (first, second)} == {(year(2024), "target")}


@pytest.mark.parametrize(
    ("question", "delivered", "period"),
    [
        ("云岭区2023年政府工作报告提到新增学位多少个", [2023], None),
        ("云岭区2022、2023两年的报告里新增学位各多少个", [2022, 2023], None),
        ("2023年报告说，云岭区去年新增学位多少个", [2023], 2022),
        ("云岭区去年的政府工作报告提到新增学位多少个", [2023], None),
        ("云岭区2023年举报多少起", [None], 2023),
    ],
)
def test_a_report_may_be_named_by_its_year(question: str, delivered: list[int | None], period: int | None) -> None:
    asks = query(question).asks
    assert [ask.delivered for ask in asks] == delivered
    assert {ask.period for ask in asks} == {period and year(period)}


def test_a_role_said_later_is_not_meant_of_what_came_before() -> None:
    done, target = query("云岭区2023年新增学位多少个，目标是多少").asks
    assert (done.role, target.role) == ("done", "target")
    assert done.words == target.words


def test_a_total_or_growth_asked_as_well_is_an_ask_of_its_own() -> None:
    new, total = query("云岭区2023年新增高新技术企业多少家，总数达到多少").asks
    assert (new.stock, total.stock) == (False, True)
    assert "新增" in new.words and "新增" not in {*total.words, *total.shared}
    for said in ("同比", "比上年", "比去年", "较上一年"):
        amount, growth = query(f"云岭区2023年财政收入多少，{said}增长多少").asks
        assert (amount.kind, growth.kind, str(growth.period)) == (None, "growth", "2023年")


def test_a_thing_named_behind_a_question_is_asked_as_well() -> None:
    first, second = query("云岭区2023年新增学位多少个，床位呢").asks
    assert ("学位" in first.words, "床位" in second.words) == (True, True)
    assert second.measure == "个"


def test_a_comparison_asked_afterwards_is_of_what_was_asked_before() -> None:
    places = query("哪个多", "云岭区2023年新增学位多少个", "青禾县呢").asks
    assert [(ask.region, ask.period) for ask in places] == [("云岭区", year(2023)), ("青禾县", year(2023))]
    years = query("差多少", "云岭区2023年新增学位多少个", "2022年呢").asks
    assert [ask.period for ask in years] == [year(2023), year(2022)]


@pytest.mark.parametrize(
    ("question", "need", "open_", "likely"),
    [
        ("云岭区2023年新增学位", "fact", True, ""),
        ("云岭区2023年财政收入", "figure", False, "元"),
        ("云岭区2023年财政收入多少", "figure", False, "元"),
        ("云岭区2023年财政收入增速", "figure", False, ""),
        ("云岭区2023年哪些学校开学", "list", False, ""),
    ],
)
def test_key_words_without_a_slot_may_want_a_figure(question: str, need: Need, open_: bool, likely: str) -> None:
    ask = only(question)
    assert (ask.need, ask.open, ask.likely) == (need, open_, likely)


def test_what_one_place_does_for_another_either_may_report() -> None:
    read = query("云岭区2023年给青禾县投了多少帮扶资金")
    assert read.either
    assert [(ask.region, ask.words[0]) for ask in read.asks] == [("云岭区", "青禾"), ("青禾县", "云岭")]
    assert not query("云岭区和青禾县2023年帮扶资金各多少").either


def test_a_follow_up_goes_back_over_several_turns() -> None:
    ask = only("那青禾县呢？", "云岭区2023年新增学位多少个", "2022年呢？")
    assert ({*ask.words}, ask.region, ask.period) == ({"新增", "学位"}, "青禾县", year(2022))


def test_the_standalone_question_can_be_read_without_what_came_before() -> None:
    standalone = query("那前一年呢？", "云岭区2022年PM2.5浓度是多少？").standalone
    for word in ("云岭区", "2021年", "浓度"):
        assert word in standalone
    alone = "云岭区2022年新增学位多少个"
    assert query(alone).standalone == alone


@pytest.mark.parametrize("question", ["", "  ", "？", "呢", "多少", "云岭区", "2023年"])
def test_nothing_is_asked(question: str) -> None:
    assert query(question).asks == ()
