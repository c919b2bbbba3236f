"""Which figure of which sentence answers, and why none does: look-alikes are told apart by their own words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.statements import Statement
from index.types import Paragraph, Period
from rag.choosing import choose
from rag.evidence import Finding, Lack
from rag.fitting import Fault, counts_its_items, dimension
from rag.understanding import Ask
from tests.rag_world import done, report, resolved, statements, target

LOOK_ALIKES = "全年建成保障性租赁住房640套、新开工590套，改造老旧小区36个。"
IN_TURN = "城镇、农村居民人均可支配收入分别为46218元、23875元，分别增长8.8%、10.2%。"
PART = "引进区域首店31家，其中全市首店12家。"
TRADE = "外贸进出口总额28亿元，其中出口22亿元。"
STOCK_AND_FLOW = "高新技术企业净增17家、总数达到103家。"
STEP_AND_LEVEL = "农村低保标准提高到每人每月680元，每人每月提高60元。"
RATE = "常住人口城镇化率由61.2%提高到66.8%，提高5.6个百分点。"


# -- statements: each figure with the words it belongs to -------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "printed"),
    [
        (LOOK_ALIKES, ["全年建成保障性租赁住房640套", "保障性租赁住房新开工590套", "改造老旧小区36个"]),
        (STOCK_AND_FLOW, ["高新技术企业净增17家", "高新技术企业总数达到103家"]),
        # points are those of the percentage before them, whatever the sentence began with
        (
            "一般公共预算收入18亿元，税收占比由68%提高到74%，提高6个百分点。",
            [
                "一般公共预算收入18亿元",
                "一般公共预算收入税收占比由68%",
                "一般公共预算收入税收占比由68%提高到74%",
                "税收占比提高6个百分点",
            ],
        ),
        (
            "民生支出增长6%，占比达78%、提高1个百分点。",
            ["民生支出增长6%", "民生支出占比达78%", "民生支出提高1个百分点"],
        ),
        (PART, ["引进区域首店31家", "全市首店12家"]),
        ("保障性租赁住房筹集898套，其中开工512套。", ["保障性租赁住房筹集898套", "保障性租赁住房开工512套"]),
        ("新建长者食堂6家、累计15家。", ["新建长者食堂6家", "长者食堂累计15家"]),
        (
            "绿色食品、生物医药产业产值分别为63.4亿元、41.7亿元。",
            ["绿色食品产值为63.4亿元", "生物医药产业产值为41.7亿元"],
        ),
        (
            "城市、农村低保标准分别提高到815元、680元。",
            ["城市低保标准提高到815元", "农村低保标准提高到680元"],
        ),
        (
            IN_TURN,
            [
                "城镇居民人均可支配收入为46218元",
                "农村居民人均可支配收入为23875元",
                "城镇居民人均可支配收入增长8.8%",
                "农村居民人均可支配收入增长10.2%",
            ],
        ),
    ],
)
def test_a_figure_stands_with_its_own_words(sentence: str, printed: list[str]) -> None:
    (statement,) = statements(report(done(sentence)))
    assert [reading.printed for reading in statement.readings] == printed


def test_where_a_change_starts_is_marked() -> None:
    (statement,) = statements(report(done(RATE)))
    assert [(reading.figure.text, reading.is_base) for reading in statement.readings] == [
        ("61.2%", True),
        ("66.8%", False),
        ("5.6个百分点", False),
    ]


def test_one_sentence_may_speak_of_two_years() -> None:
    (statement,) = statements(report(done("去年新建公园3个，今年将新建公园5个。")))
    assert [(str(reading.period), reading.role) for reading in statement.readings] == [
        ("2023年", "done"),
        ("2024年", "target"),
    ]


def test_dates_are_no_figures_and_spans_point_into_the_paragraph() -> None:
    paragraph = done("2023年7月15日开馆。接待读者21.6万人次。")
    opening, readers = statements(report(paragraph))
    assert opening.readings == ()
    assert paragraph.text[readers.start : readers.end] == readers.text
    (reading,) = readers.readings
    assert readers.text[slice(*reading.clause)].startswith("接待读者")


# -- evidence: the figure that answers --------------------------------------------------------------


def found(question: str, *paragraphs: Paragraph) -> Finding | Lack:
    _, (one,) = resolved(question, report(*paragraphs))
    return one


def figure(question: str, *paragraphs: Paragraph) -> str:
    one = found(question, *paragraphs)
    assert isinstance(one, Finding), one
    return one.readings[0].figure.text


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        # two figures of one thing
        ("建成多少套保障性租赁住房", LOOK_ALIKES, "640套"),
        ("新开工保障性租赁住房多少套", LOOK_ALIKES, "590套"),
        ("改造老旧小区多少个", LOOK_ALIKES, "36个"),
        # a part of it by its own name, and the whole
        ("引进的全市首店有多少家", PART, "12家"),
        ("引进区域首店多少家", PART, "31家"),
        ("出口额", TRADE, "22亿元"),
        ("进出口总额", TRADE, "28亿元"),
        # two ways of reckoning
        ("一般公共预算收入同口径增长多少", "一般公共预算收入增长2.3%（同口径），自然口径增长1.6%。", "2.3%"),
        ("收入同口径增长多少", "收入18亿元，扣除退税后同口径增长2.3%，自然口径增长1.6%。", "2.3%"),
        ("收入自然口径增长多少", "收入18亿元，扣除退税后同口径增长2.3%，自然口径增长1.6%。", "1.6%"),
        # what came anew and what there is
        ("高新技术企业总数", STOCK_AND_FLOW, "103家"),
        ("累计有多少家高新技术企业", STOCK_AND_FLOW, "103家"),
        ("高新技术企业净增多少家", STOCK_AND_FLOW, "17家"),
        ("充电桩总数", "新建公共充电桩338个、累计1024个。", "1024个"),
        ("电力新增装机多少万千瓦", "电力总装机达530万千瓦，新增装机21万千瓦。", "21万千瓦"),
        # by how much and to what
        ("农村低保标准提高了多少元", STEP_AND_LEVEL, "60元"),
        ("农村低保标准提高到多少元", STEP_AND_LEVEL, "680元"),
        # a rate, and its change in points; never where the change started
        ("常住人口城镇化率", RATE, "66.8%"),
        ("常住人口城镇化率提高几个百分点", RATE, "5.6个百分点"),
        # lists in turn
        ("城镇居民人均可支配收入多少元", IN_TURN, "46218元"),
        ("农村居民人均可支配收入多少元", IN_TURN, "23875元"),
        ("农村居民人均可支配收入增速", IN_TURN, "10.2%"),
        ("城镇居民人均可支配收入增速", IN_TURN, "8.8%"),
        ("西线隧道完成工程量多少", "加快东线隧道、西线隧道建设，分别完成工程量的40%和75%以上。", "75%以上"),
        # an amount, and its growth
        ("旅游总收入多少亿元", "旅游总收入47.3亿元，增长74.1%。", "47.3亿元"),
        ("旅游总收入增长百分之几", "旅游总收入47.3亿元，增长74.1%。", "74.1%"),
        # a mark that was passed, and the value itself
        ("高速公路总里程多少公里", "高速公路总里程突破800公里、达818公里。", "818公里"),
        ("GDP多少", "GDP总量实现1035.6亿元，首次突破1000亿元大关，增长8.6%。", "1035.6亿元"),
        # what is of GDP, but no growth of it
        ("GDP增速", "服务业对GDP增长的贡献率达70%，GDP增长8.6%。", "8.6%"),
        ("GDP增速", "单位GDP能耗下降4.6%，GDP增长8.6%。", "8.6%"),
        # per head in other words
        ("规上工业企业每亩税收多少", "规上工业企业亩均税收达20.2万元，税收总额31亿元。", "20.2万元"),
        ("农村减贫多少万人", "农村贫困人口减少138万，易地扶贫搬迁28万人。", "138万"),
        ("农村居民收入增长百分之几", "农村居民人均可支配收入2.4万元、增长10.2%。", "10.2%"),
        # a level is asked for, not the step to it
        ("农村低保标准多少元", "农村低保标准提高60元，提高到每人每月680元。", "680元"),
        # counted behind a Latin name
        ("重点场所投放AED多少台", "重点场所投放AED120台，培训急救员8600人。", "120台"),
        # everyday words of the question are other words in the report
        ("GDP多少亿元", "全年实现地区生产总值322.5亿元。", "322.5亿元"),
    ],
)
def test_the_figure_asked_for(question: str, sentence: str, answer: str) -> None:
    assert figure(f"北岭县2023年{question}", done(sentence)) == answer


@pytest.mark.parametrize(
    ("sentence", "answer"), [("五年来，学位总数达到8600个。", "8600个"), ("五年来，累计新增学位达到3100个。", "")]
)
def test_what_was_reached_after_years_is_of_their_last(sentence: str, answer: str) -> None:
    paragraph = replace(done(sentence), period=Period(first=2019, last=2023))
    one = found("北岭县2023年学位多少个", paragraph)
    assert (one.readings[0].figure.text if isinstance(one, Finding) else "") == answer


def test_what_is_put_into_a_project_in_all_is_not_what_a_year_puts_in() -> None:
    plan = target("建设青湾储能，总投资21亿元，其中年度计划投资6亿元。")
    assert figure("北岭县2024年青湾储能计划投资多少", plan) == "6亿元"
    assert figure("北岭县2024年青湾储能计划总投资多少", plan) == "21亿元"


def test_what_was_completed_was_built_anew_unless_what_was_begun_stands_beside_it() -> None:
    assert figure("北岭县2023年高标准农田新建了多少万亩", done("建成高标准农田4万亩。")) == "4万亩"
    assert figure("北岭县2023年高标准农田新建了多少万亩", done("高标准农田新建5万亩、建成4万亩。")) == "5万亩"


def test_another_figure_does_not_stand_in_where_a_plan_has_the_very_words() -> None:
    paragraphs = done("带动就地就业36.8万人。"), target("城镇新增就业70万人以上。")
    assert isinstance(found("北岭县2023年城镇新增就业多少人", *paragraphs), Lack)


def test_things_of_another_size_are_not_counted() -> None:
    facts = done("招引10亿元以上制造业项目73个，其中50亿元以上项目11个。")
    assert figure("北岭县2023年招引50亿元以上的制造业项目多少个", facts) == "11个"
    assert figure("北岭县2023年招引10亿元以上的制造业项目多少个", facts) == "73个"


def test_next_year_s_plan_in_the_very_words_is_no_sign_that_the_result_is_lacking() -> None:
    paragraphs = done("民生支出占一般公共预算支出的比重为80.3%。"), target("坚持民生支出占比不低于79%。")
    assert figure("北岭县2023年民生支出占比", *paragraphs) == "80.3%"


@pytest.mark.parametrize("why", ["为什么", "为何"])
def test_why_is_told_by_a_cause(why: str) -> None:
    facts = done("食品中央工厂投产。食品中央工厂受原料供应影响推迟投产。")
    one = found(f"北岭县2023年食品中央工厂{why}推迟投产", facts)
    assert isinstance(one, Finding)
    assert "影响" in one.statement.text
    assert isinstance(found(f"北岭县2023年食品中央工厂{why}投产", done("食品中央工厂投产。")), Lack)


def test_a_fact_of_one_year_lies_in_the_years_asked_about() -> None:
    plan = replace(target("到2025年，建成石材、茶叶、竹编三大产业集群。"), period=Period(first=2024, last=2028))
    assert isinstance(found("北岭县2024到2028年要建成哪三大产业集群", plan), Finding)


def test_a_list_that_names_fewer_than_asked_is_none() -> None:
    question = "北岭县2023年做强的三大产业是哪些"
    assert isinstance(found(question, done("做强三大产业。")), Lack)
    assert isinstance(found(question, done("做强石材、茶叶、竹编三大产业。")), Finding)
    assert isinstance(found(question, done("做强“石材”“茶叶”“竹编”三大产业。")), Finding)


def test_the_sentence_of_the_asked_year_answers() -> None:
    years = [done("新增学位800个。", 2022), done("新增学位900个。", 2023), target("新增学位700个。", 2024)]
    assert figure("北岭县2022年新增学位多少个", *years) == "800个"
    assert figure("北岭县2023年新增学位多少个", *years) == "900个"
    assert figure("北岭县2024年计划新增学位多少个", *years) == "700个"


@pytest.mark.parametrize(
    ("question", "paragraph", "fault"),
    [
        ("2022年建成多少套保障性租赁住房", done(LOOK_ALIKES), "other_period"),
        ("2023年建成多少平方米保障性租赁住房", done(LOOK_ALIKES), "other_unit"),
        ("2023年旅游总收入增速", done("旅游总收入47.3亿元。"), "other_unit"),
        ("2024年计划新增学位多少个", done("新增学位900个。", 2024), "result_only"),
        ("2024年实际新建长者食堂多少家", target("新建长者食堂6家。"), "target_only"),
        ("2023年新建长者食堂多少家", target("新建长者食堂6家。"), "target_only"),
        ("2023年新建学校多少所", done(LOOK_ALIKES), "not_found"),
        # another kind of the thing
        ("2023年电信诈骗案件破案率", done("电信诈骗受到打击，八类案件破案率达到96%。"), "not_found"),
        ("2023年民办幼儿园覆盖率", done("普惠性幼儿园覆盖率达到91%。"), "not_found"),
        ("2023年举办马拉松多少场", done("新增学位900个。"), "not_found"),
    ],
)
def test_why_nothing_answers(question: str, paragraph: Paragraph, fault: Fault) -> None:
    lack = found(f"北岭县{question}", paragraph)
    assert isinstance(lack, Lack)
    assert lack.kind == fault


def test_what_comes_nearest_is_kept_to_be_shown() -> None:
    lack = found("北岭县2022年建成多少套保障性租赁住房", done(LOOK_ALIKES))
    assert isinstance(lack, Lack)
    assert lack.nearest is not None
    assert lack.nearest.readings[0].figure.text == "640套"
    assert lack.nearest.period == Period(first=2023, last=2023)


def test_what_the_question_rules_out_does_not_answer() -> None:
    towns, villages = done("城市低保标准每月815元。"), done("农村低保标准每月680元。")
    assert figure("北岭县2023年低保标准每月多少元，不是城市", towns, villages) == "680元"


def test_a_figure_that_the_question_states_is_not_its_answer() -> None:
    assert figure("北岭县2023年新建长者食堂6家，累计多少家", done("新建长者食堂6家、累计15家。")) == "15家"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("哪些项目列入省级非遗名录", "“船歌”“竹编”列入省级非物质文化遗产代表性项目名录。"),
        ("哪个镇创成示范镇", "青坪镇创成省级示范镇。"),
    ],
)
def test_names_are_found_without_figures(question: str, words: str) -> None:
    one = found(f"北岭县2023年{question}", done("新增学位900个。"), done(words))
    assert isinstance(one, Finding)
    assert one.statement.text == words
    assert one.readings == ()


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("元", "美元", False),
        ("公里", "米", True),
        ("亩", "平方米", True),
        ("人", "人次", True),
        ("个", "套", True),  # both are counted
        ("套", "平方米", False),
        ("年", "个工作日", True),
        ("元/月", "元", True),
    ],
)
def test_what_units_measure(one: str, other: str, alike: bool) -> None:
    assert (dimension(one) == dimension(other)) == alike


# -- everyday words: a guess must stand out ---------------------------------------------------------


EVERYDAY = Ask(words=("歇脚",), need="figure", measure="个", region="云溪县", colloquial=True)
STATIONS = "建成骑手驿站142个。新建口袋公园12个。"


def guess(statement: Statement, near: float, *, carried: float = 0.1) -> Finding:
    (reading,) = statement.readings
    return Finding(
        ask=EVERYDAY,
        statement=statement,
        readings=(reading,),
        score=near,
        carried=carried,
        near=near,
        span=reading.clause,
    )


@pytest.mark.parametrize(
    ("first", "second", "answers"),
    [
        (0.7, 0.3, True),
        (0.7, 0.65, False),  # the other is about as near
        (0.3, 0.1, False),  # nothing is near
    ],
)
def test_a_figure_is_guessed_where_one_clause_stands_out(first: float, second: float, answers: bool) -> None:
    stations, parks = statements(report(done(STATIONS)))
    chosen = choose(EVERYDAY, [guess(parks, second), guess(stations, first)], lambda _: True)
    assert (isinstance(chosen, Finding) and chosen.is_guess and chosen.statement is stations) == answers


def test_what_is_asked_in_plain_words_is_never_guessed_from_nearness_alone() -> None:
    stations, _ = statements(report(done(STATIONS)))
    plain = replace(guess(stations, 1.0, carried=0.3), ask=replace(EVERYDAY, colloquial=False))
    assert isinstance(choose(plain.ask, [plain], lambda _: True), Lack)


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("开通1号线、2号线、4号线等3条新线。", True),
        ("推出通学、通医专线352条。", False),
        ("开通1号线、2号线，优化公交线路3条。", False),
    ],
)
def test_a_list_that_says_how_many_it_holds_is_whole(sentence: str, counts: bool) -> None:
    (statement,) = statements(report(done(sentence)))
    ask = replace(EVERYDAY, words=("线路",), need="list", measure="条", colloquial=False)
    assert counts_its_items(ask, statement) == counts
