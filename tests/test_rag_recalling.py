"""Questions about the answer just given, and questions that only sound like them."""

from __future__ import annotations

import pytest

from rag.recalling import About, about_earlier
from rag.types import Turn
from tests.rag_world import assistant, is_address

HOUSING = "鲤城区新建多少保障性租赁住房"
EARLIER = (Turn(question=HOUSING, answer="鲤城区2022年：新开工建设590套。[1]"),)


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("这个数是哪一年的？", "year"),
        ("这个数字是哪年的", "year"),
        ("请问刚才说的那个数据是哪个年份的呢？", "year"),
        ("那是什么时候的数", "year"),
        ("这个数出自哪一段？", "source"),
        ("这个数据来自哪份报告", "source"),
        ("上面这个数是从哪里来的", "source"),
        ("它的出处是什么？", "source"),
        ("出处呢？", "source"),
        ("原文在哪里？", "source"),
        ("这是哪个区的数？", "place"),
        ("刚才说的是哪里的数据", "place"),
        # these ask something of the reports
        ("那2023年呢？", None),
        ("那建成的呢？", None),
        ("这些学校是哪一年建成的", None),
        ("古城保护日是哪一年设立的", None),
        ("这个项目在哪里", None),
        ("那个区哪一年新增学位最多", None),
        ("这个区哪里建了公园", None),
        ("这一年来自外地的游客有多少", None),
    ],
)
def test_what_is_asked_about_the_earlier_answer(question: str, about: About | None) -> None:
    assert about_earlier(question, EARLIER) == about
    assert about_earlier(question, ()) is None


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("这个数是哪一年的？", "是2022年的，见《"),
        ("这个数出自哪一段？", "段[1]："),
        ("这是哪个区的数？", "是鲤城区的："),
    ],
)
def test_the_earlier_answer_stands_again_with_what_was_asked_of_it_in_front(question: str, told: str) -> None:
    answer = assistant().ask(question, EARLIER)
    assert told in answer.text.split("\n")[0]
    assert "590套" in answer.claims[0].text
    assert answer.question == question
    assert answer.standalone_question == HOUSING
    assert all(map(is_address, answer.citations))


def test_asked_twice_about_one_answer() -> None:
    history = (*EARLIER, Turn(question="这个数是哪一年的？", answer="是2022年的"))
    assert "590套" in assistant().ask("出处呢？", history).text


def test_a_refusal_has_no_year() -> None:
    history = (Turn(question="鲤城区2022年新建了几座机场", answer="没有找到"),)
    answer = assistant().ask("这个数是哪一年的？", history)
    assert answer.status == "refused"
    assert answer.text.startswith("上一个问题没有查到答案")
