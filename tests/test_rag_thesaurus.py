"""Everyday words find the words of reports."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.thesaurus import Expansion, Thesaurus, load_thesaurus

SENTENCES = [
    # people
    ("扫大街的每月多给了多少补助？", {"扫大街的": "环卫工人"}),
    ("城里送外卖的有几成上了工伤？", {"送外卖的": "新就业形态劳动者"}),
    ("出去打工的一共多少人？", {"出去打工的": "农民工"}),
    ("村里的爷爷奶奶冬天谁来看望？", {"村里": "农村", "爷爷奶奶": "老年人"}),
    ("家里的娃有地方念书吗？", {"娃": "儿童", "念书": "入学"}),
    ("乡亲们喝上干净水了没有？", {"乡亲们": "群众"}),
    ("退伍军人的待遇落实了吗？", {"退伍军人": "退役军人"}),
    ("给聋哑人做了哪些事？", {"聋哑人": "残疾人"}),
    ("镇上的大夫够用吗？", {"大夫": "医务人员"}),
    ("今年来玩的人有多少？", {"来玩的人": "接待游客"}),
    # work, wages, insurance
    ("帮民工要回了多少血汗钱？", {"民工": "农民工", "要回": "追回", "血汗钱": "农民工工资"}),
    ("丢了工作的人里有多少重新上岗？", {"丢了工作": "失业", "重新上岗": "再就业"}),
    ("应届生都找到工作了吗？", {"应届生": "高校毕业生", "找到工作": "就业"}),
    ("失业率控制在多少以内？", {"失业率": "城镇调查失业率"}),
    ("老百姓收入涨了多少？", {"老百姓收入": "居民人均可支配收入", "涨了": "增长"}),
    ("农民收入比城里人收入涨得快吗？", {"农民收入": "农村居民人均可支配收入", "城里人收入": "城镇居民人均可支配收入"}),
    ("退休金提了百分之几？", {"退休金": "基本养老金"}),
    ("城居保一个月领多少？", {"城居保": "城乡居民基本养老保险"}),
    ("吃低保的还剩多少户？", {"吃低保的": "低保对象"}),
    ("低保标准提高到多少？", {"低保标准": "最低生活保障标准"}),
    # old and young
    ("新开了几家养老院？", {"养老院": "养老机构"}),
    ("老年食堂开了多少个？", {"老年食堂": "老年助餐"}),
    ("入托名额每千人有多少？", {"入托名额": "托位"}),
    ("生娃补贴发了没有？", {"生娃补贴": "育儿补贴"}),
    # schools
    ("盖学校能多出多少上学名额？", {"盖学校": "新建学校", "上学名额": "学位"}),
    ("放学没人接的问题怎么办？", {"放学没人接": "课后服务"}),
    ("补习班关了多少？", {"补习班": "校外培训机构"}),
    ("民工子女在哪里读书？", {"民工子女": "随迁子女"}),
    # health
    ("看病还要跑省城吗？", {"看病": "就医"}),
    ("镇上的医院改造了几所？", {"镇上的医院": "乡镇卫生院"}),
    ("地铁站里放了多少台救命的机器？", {"救命的机器": "自动体外除颤仪"}),
    ("外地看病能当场报销吗？", {"外地看病": "异地就医", "当场报销": "直接结算"}),
    ("团购药便宜了多少？", {"团购药": "集采", "便宜": "降低"}),
    ("现在的人平均活多大岁数？", {"活多大岁数": "人均预期寿命"}),
    ("医保覆盖多少人？", {"医保": "基本医疗保险"}),
    # homes and streets
    ("烂尾楼交了多少套？", {"烂尾楼": "保交楼"}),
    ("公积金能用来租房吗？", {"公积金": "住房公积金", "租房": "租赁住房"}),
    ("拆掉了多少破房子？", {"拆掉": "拆除", "破房子": "危旧房"}),
    ("给老楼装电梯，装了多少部？", {"老楼": "老旧小区", "装电梯": "加装电梯", "装了": "安装"}),
    ("新增了多少车位和充电的地方？", {"车位": "停车位", "充电的地方": "充电桩"}),
    ("修好了多少条巷子？", {"修好": "改造", "巷子": "背街小巷"}),
    ("路口的红绿灯换了吗？", {"红绿灯": "交通信号灯"}),
    ("一下雨就淹的地方治好了几处？", {"一下雨就淹": "易涝点"}),
    ("乡下的路修了多少公里？", {"乡下的路": "农村公路", "修了": "新建"}),
    ("轻轨跑到哪里了？", {"轻轨": "轨道交通"}),
    ("去欧洲的火车开了几列？", {"去欧洲的火车": "中欧班列"}),
    ("暖气管换了多少公里？", {"暖气管": "供热管网"}),
    ("村里通自来水的有多少户？", {"村里通自来水": "农村供水"}),
    # environment and farming
    ("PM2.5降到多少？", {"PM2.5": "细颗粒物"}),
    ("一年里空气好的天数是多少？", {"空气好的天数": "优良天数"}),
    ("臭水沟还有几条？", {"臭水沟": "黑臭水体"}),
    ("打了多少粮，种了多少亩？", {"打了多少粮": "粮食产量", "种了多少亩": "播种面积"}),
    ("村集体每年有多少收益？", {"村集体": "农村集体经济"}),
    # economy
    ("GDP是多少亿？", {"GDP": "地区生产总值"}),
    ("财政收入有多少？", {"财政收入": "一般公共预算收入"}),
    ("物价涨了几个点？", {"物价": "居民消费价格"}),
    ("外贸一共做了多少亿？", {"外贸": "进出口总额"}),
    ("规上工业增长多少？", {"规上工业": "规模以上工业"}),
    ("个体户新开了多少家？", {"个体户": "个体工商户"}),
    ("政府欠债有多少？", {"政府欠债": "政府债务"}),
    ("招来了几家洋企业？", {"招来": "引进", "洋企业": "外资企业"}),
    ("研发花了多少占比？", {"研发花了多少": "研发投入"}),
    ("旧家电换新补了多少钱？", {"旧家电换新": "以旧换新"}),
    ("不掏钱的博物馆有几家？", {"不掏钱": "免费"}),
    # government, law and order, safety
    ("代表提的建议办成了多少件？", {"代表提的建议": "人大代表建议", "办成": "办结"}),
    ("市长热线接了多少电话？", {"市长热线": "12345"}),
    ("跑一次就办完的事有几成？", {"跑一次": "最多跑一次", "办完": "办结"}),
    ("骗子骗走的钱追回来多少？", {"骗子": "电信网络诈骗"}),
    ("黑社会打掉了几个？", {"黑社会": "黑恶势力"}),
    ("消防队新建了几个站？", {"消防队": "消防救援"}),
    ("非遗项目有多少个？", {"非遗": "非物质文化遗产"}),
    ("住建部把哪里列为试点？", {"住建部": "住房和城乡建设部"}),
]


@pytest.mark.parametrize(("question", "official"), SENTENCES, ids=[question for question, _ in SENTENCES])
def test_everyday_words_in_a_question_lead_to_those_of_reports(question: str, official: dict[str, str]) -> None:
    found = {expansion.everyday: expansion.alternatives for expansion in load_thesaurus().expansions(question)}
    assert official.items() <= {(word, a) for word, alternatives in found.items() for a in alternatives}


def test_an_expansion_says_where_the_word_stands() -> None:
    assert Thesaurus(["老楼\t老旧小区\t>"]).expansions("给老楼装电梯") == [
        Expansion(start=1, end=3, everyday="老楼", alternatives=("老旧小区",))
    ]


@pytest.mark.parametrize("words", [("GDP", "地区生产总值"), ("非遗", "非物质文化遗产"), ("PM2.5", "细颗粒物")])
def test_synonyms_lead_both_ways(words: tuple[str, str]) -> None:
    short, full = words
    assert full in load_thesaurus().alternatives(short)
    assert short in load_thesaurus().alternatives(full)


def test_everyday_words_lead_one_way() -> None:
    assert load_thesaurus().alternatives("扫大街的") == ("环卫工人",)
    assert load_thesaurus().alternatives("环卫工人") == ()


def test_an_unknown_word_has_no_alternatives() -> None:
    assert load_thesaurus().alternatives("量子纠缠态") == ()


def test_everyday_words_lead_on_to_synonyms() -> None:
    thesaurus = Thesaurus(["车位\t停车位 停车设施\t>", "停车位\t停车泊位\t="])
    assert thesaurus.alternatives("车位") == ("停车位", "停车设施", "停车泊位")


@pytest.mark.parametrize(
    ("question", "everyday"),
    [
        ("低保户有多少", ["低保户"]),  # not 低保
        ("农民工有多少", []),  # 民工 is part of an official word
        ("惠民工程花费多少", ["花费"]),
        ("做AIGC的公司", ["公司"]),  # AI is not
        ("PM2.5和PM10", ["PM2.5", "PM10"]),
        ("gdp增长", ["gdp"]),
        ("ＧＤＰ增长", ["ＧＤＰ"]),
        ("老 楼改造", ["老 楼"]),
        ("農村養老金", ["農村養老金"]),
        ("", []),
    ],
)
def test_the_longest_word_counts_in_any_spelling(question: str, everyday: list[str]) -> None:
    assert [expansion.everyday for expansion in load_thesaurus().expansions(question)] == everyday


@given(
    st.lists(st.sampled_from(["打工的", "打工", "老小区", "小区", "GDP", "农民工", "的", " ", "１", "２.5", "PM", "İ"]))
)
def test_expansions_stand_in_the_question_and_do_not_overlap(pieces: list[str]) -> None:
    question = "".join(pieces)
    expansions = load_thesaurus().expansions(question)
    assert all(question[e.start : e.end] == e.everyday and e.alternatives for e in expansions)
    assert all(one.end <= next_one.start for one, next_one in pairwise(expansions))


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["打工\t务工"], "line 1: .*is not everyday words"),
        (["打工\t务工\t<"], "line 1: .*is not everyday words"),
        (["# 工作", "", "打工\t\t>"], "line 3: .*is not everyday words"),
        (["打工  上班\t务工\t>"], "line 1: .*is not everyday words"),
        (["打工 打工\t务工\t>"], "line 1: a word stands there twice"),
        (["打工\t务工 打工\t>"], "line 1: a word stands there twice"),
        (["打工\t务工\t>", "打工\t就业\t>"], "line 2: '打工' stands on line 1"),
        (["低保\t最低生活保障\t=", "城乡低保\t低保\t="], "line 2: '低保' stands on line 1"),
        (["低保\t最低生活保障\t=", "低保\t社会救助\t>"], "line 2: '低保' stands on line 1"),
        (["公厕\t厕所\t>", "厕所\t公厕\t>"], "line [12]: .*lead in a circle; use ="),
    ],
)
def test_a_wrong_line_is_named(lines: list[str], complaint: str) -> None:
    with pytest.raises(ValueError, match=f"words.tsv, {complaint}"):
        Thesaurus(lines, source="words.tsv")


def test_the_thesaurus_of_the_package_is_read_once() -> None:
    assert load_thesaurus() is load_thesaurus()
    assert len(load_thesaurus()) > 2000
