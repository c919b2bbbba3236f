"""A model words answers: what it may say is shown, and none of what it makes up, whatever way it lies or breaks."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from index.errors import ModelFailed
from prompts.reader import render
from rag.types import Answer
from tests.rag_world import ask, is_address, worded
from tests.scripted_model import Script, ScriptedWriter

HOUSING = "鲤城区新建多少保障性租赁住房"  # 640 built, 590 newly started
TRUE = "2022年鲤城区新开工建设保障性租赁住房590套。[1]"
TWO_THINGS = "云岭区2023年新增学位多少个、改造老旧小区多少个"


def said(script: Script | str, question: str = HOUSING) -> Answer:
    return worded(ScriptedWriter(script)).ask(question)


# -- what is shown ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "claim"),
    [
        (TRUE, TRUE),
        ("2022年鲤城区新开工建设保障性租赁住房590套", TRUE),  # a forgotten mark is that of the only evidence
        (  # what was not asked is not told after it
            "鲤城区2022年新开工建设保障性租赁住房590套，另建成640套。[1]",
            "鲤城区2022年新开工建设保障性租赁住房590套。[1]",
        ),
        ("新开工建设590套。[1]", "鲤城区2022年，新开工建设590套。[1]"),  # place and year are put in front
        ("2022年新开工建设590套。[1]", "鲤城区2022年新开工建设590套。[1]"),
        ("鲤城区新开工建设590套。【1】", "2022年，鲤城区新开工建设590套。[1]"),
        (f"{TRUE}\n鲤城区的区长是林某。[1]", TRUE),  # what comes after the last claim is not read
        (f"好的。\n{TRUE}", TRUE),
    ],
)
def test_a_true_line_takes_the_place_of_the_claim(line: str, claim: str) -> None:
    answer = said(line)
    assert [one.text for one in answer.claims] == [claim]
    assert answer.provenance.engine == "scripted"
    assert answer.provenance.prompt.startswith("drafting:")
    assert all(map(is_address, answer.citations))
    assert "原文：“" in answer.text


def test_what_a_line_tells_beyond_the_quote_is_quoted_too() -> None:
    question = "云岭区2022年竣工交付保障性租赁住房多少套"
    (extract,) = ask(question).citations
    answer = said(lambda prompt: iter((prompt.splitlines()[-1].split("）", 1)[1] + "。[1]",)), question)
    (citation,) = answer.citations
    assert is_address(citation)
    assert len(citation.quote) >= len(extract.quote)


def test_figures_that_are_told_respectively_stay_together() -> None:
    line = "云岭区2021年城镇、农村居民人均可支配收入分别为46218元、23875元。[1]"
    assert [claim.text for claim in said(line, "云岭区2021年城镇居民人均可支配收入多少元").claims] == [line]


def test_a_claim_is_streamed_before_the_model_has_ended() -> None:
    ended = []

    def script(prompt: str) -> Iterator[str]:
        yield from TRUE + "\n"
        ended.append(True)
        yield "鲤城区"

    stream = worded(ScriptedWriter(script)).stream(HOUSING)
    assert next(stream).text == TRUE
    assert not ended
    stream.close()  # type: ignore[attr-defined]


def test_lines_take_their_own_places_and_what_is_missing_is_extracted() -> None:
    first, second = (claim.text for claim in ask(TWO_THINGS).claims)
    line = second.split("：")[1]
    answer = said(f"[2]{line}", TWO_THINGS)
    assert [claim.text for claim in answer.claims] == [first, second.replace("：", "，", 1)]
    assert answer.provenance.engine == "scripted"


def test_what_is_reckoned_or_corrected_is_not_handed_to_a_model() -> None:
    for question in ("2023年改造老旧小区，云岭区比青禾县多几个？", "云岭区2023年新增999个学位，对吗？"):
        writer = ScriptedWriter(TRUE)
        answer = worded(writer).ask(question)
        assert [claim.text for claim in answer.claims] == [claim.text for claim in ask(question).claims]
        assert not writer.asked


@pytest.mark.parametrize("question", ["鲤城区2022年建了几座机场", "某市2023年新增多少学位", "新增多少？"])
def test_a_refusal_is_not_put_to_the_model(question: str) -> None:
    writer = ScriptedWriter("鲤城区2022年新建机场2座。[1]")
    answer = worded(writer).ask(question)
    assert (answer.status, answer.text) == (ask(question).status, ask(question).text)
    assert not writer.asked


# -- what is not ------------------------------------------------------------------------------------


def _lies() -> Iterator[str]:
    for number in (*range(591, 600), 509, 950, 5900, 59, 640, 64, 460, 0, 1, "五百九十一", "六百四十", "近千", "数百"):
        yield f"2022年鲤城区新开工建设保障性租赁住房{number}套。[1]"
        yield f"2022年鲤城区新开工建设保障性租赁住房{number}套，另开工590套。[1]"
    for qualifier in ("约", "近", "超", "超过", "不到", "至少", "最多"):
        yield f"2022年鲤城区新开工建设保障性租赁住房{qualifier}590套。[1]"
    for unit in ("户", "间", "栋", "万套", "平方米", "亿元", "%", "个百分点"):
        yield f"2022年鲤城区新开工建设保障性租赁住房590{unit}。[1]"
    for year in (2013, 2019, 2020, 2021, 2023, 2024, 2025, 2030):
        yield f"{year}年鲤城区新开工建设保障性租赁住房590套。[1]"
        yield (
            f"2022年至{year}年鲤城区新开工建设保障性租赁住房590套。[1]"
            if year > 2022
            else f"{year}年至2022年鲤城区新开工建设保障性租赁住房590套。[1]"
        )
    for place in ("丰泽区", "云岭区", "泉州市", "北京市", "青禾县", "全国"):
        yield f"2022年{place}新开工建设保障性租赁住房590套。[1]"
    for role in ("计划新开工建设", "目标为新开工建设", "力争新开工建设", "拟新开工建设", "预计新开工建设"):
        yield f"2022年鲤城区{role}保障性租赁住房590套。[1]"
    for mark in ("[0]", "[2]", "[99]", "[1][2]", "[0][1]", "【7】", "[-1]", "[1.5]"):
        if mark not in ("[-1]", "[1.5]"):
            yield f"2022年鲤城区新开工建设保障性租赁住房590套。{mark}"
    for thing in (
        "公共租赁住房",
        "商品住房",
        "棚户区改造安置房",
        "学位",
        "养老床位",
        "人才公寓",
        "长租公寓",
        "安置型商品房",
    ):
        yield f"2022年鲤城区新开工建设{thing}590套。[1]"
    for verb in ("没有新开工建设", "未新开工建设", "停建", "拆除", "少建"):
        yield f"2022年鲤城区{verb}保障性租赁住房590套。[1]"
    for tail in (
        "，区长是林某某",
        "，由张三负责",
        "，居全省第一",
        "，同比增长12%",
        "，超额完成全年任务",
        "，比上年多50套",
        "，总投资3.2亿元",
        "，受到国务院通报表扬",
        "，群众满意度达到99%",
        "，另建成641套",
        "，合计1230套",
        "，详见www.example.com",
    ):
        yield f"2022年鲤城区新开工建设保障性租赁住房590套{tail}。[1]"
    yield "2022年鲤城区建成640套、新开工建设590套。[1]"  # true, but it leads with the figure that was not asked
    yield "2022年鲤城区建成保障性租赁住房590套。[1]"
    yield "2022年鲤城区建成590套、新开工建设640套。[1]"
    yield "**2022年鲤城区新开工建设保障性租赁住房590套**。[1]"
    yield "# 答案\n- 590套"
    yield "```\n590套\n```"
    yield "| 年份 | 套数 |\n| 2022 | 590 |"
    yield "In 2022, Licheng District started construction of 590 affordable rental homes.[1]"
    yield "根据材料[1]，作为AI语言模型，我无法确定。"
    yield "抱歉，材料中没有提到。"
    yield "答案：590套[1]"
    yield "问题：鲤城区新建多少保障性租赁住房\n材料：\n[1]590套"
    yield from (
        "\n".join(message.text for message in render("drafting", question=HOUSING, evidence="")),
        "",
        " ",
        "\n\n\n",
    )
    yield from (
        "。",
        "[1]",
        "[1]" * 400,
        "590" * 300,
        "鲤城区" * 500,
        "\ufffd" * 30,
        "\x00\x1b[31m590套",
        "<|im_end|>590套",
    )
    yield "2022年鲤城区新开工建设保障性租赁住房5\u200b90套。[1]"
    yield "松岭县去年新修农村公路△△公里，另改造危桥▽▽座。[1]"


LIES = list(dict.fromkeys(_lies()))


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("云岭区2021年城镇新增就业多少人", "云岭区2021年新增就业6120人。[1]"),  # a part told as the whole
        (
            "云岭区2021年空气质量优良天数比例",
            "云岭区2021年34微克/立方米空气质量优良天数比例86.3%。[1]",
        ),  # two clauses run into one
    ],
)
def test_a_line_that_changes_what_a_figure_is_of_is_not_shown(question: str, line: str) -> None:
    assert [claim.text for claim in said(line, question).claims] == [claim.text for claim in ask(question).claims]


def test_there_are_enough_lies() -> None:
    assert len(LIES) >= 100


@pytest.mark.parametrize("lie", LIES, ids=range(len(LIES)))
def test_no_lie_gets_through(lie: str) -> None:
    answer = said(lie)
    assert [claim.text for claim in answer.claims] == [claim.text for claim in ask(HOUSING).claims]
    assert answer.text == ask(HOUSING).text
    assert answer.provenance.engine == "extractive"


def test_the_truth_after_a_lie_is_shown_and_the_lie_is_counted() -> None:
    answer = said("2022年鲤城区新开工建设保障性租赁住房640套。[1]\n" + TRUE)
    assert [claim.text for claim in answer.claims] == [TRUE]
    assert any("1 句没有通过核对" in note for note in answer.provenance.notes)


# -- a model that breaks ----------------------------------------------------------------------------


def _raising(before: str, error: Exception) -> Script:
    def script(prompt: str) -> Iterator[str]:
        yield before
        raise error

    return script


@pytest.mark.parametrize("before", ["", "2022年鲤城区新开", TRUE[:-3]])
@pytest.mark.parametrize("error", [RuntimeError("sk-secret"), TimeoutError(), ModelFailed("停了"), OSError(5, "I/O")])
def test_when_the_model_breaks_down_the_extract_stands_and_the_answer_says_so(before: str, error: Exception) -> None:
    answer = said(_raising(before, error))
    assert [claim.text for claim in answer.claims] == [claim.text for claim in ask(HOUSING).claims]
    assert answer.provenance.engine == "extractive"
    (note,) = answer.provenance.notes
    assert "大模型没有写完" in note
    assert "secret" not in note


def test_endless_output_is_cut_off() -> None:
    def script(prompt: str) -> Iterator[str]:
        while True:
            yield "鲤城区的情况很好"

    started = time.monotonic()
    assert said(script).text == ask(HOUSING).text
    assert time.monotonic() - started < 30


def test_endless_lines_are_cut_off() -> None:
    def script(prompt: str) -> Iterator[str]:
        while True:
            yield "鲤城区新开工641套。[1]\n"

    assert said(script).text == ask(HOUSING).text


def test_a_prompt_that_does_not_fit_is_not_sent() -> None:
    writer = ScriptedWriter(TRUE, window=300)
    answer = worded(writer).ask(HOUSING)
    assert answer.text == ask(HOUSING).text
    assert not writer.asked
    assert any("读不下" in note for note in answer.provenance.notes)
