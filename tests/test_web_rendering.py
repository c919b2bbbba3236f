"""What the page shows of an answer, read as HTML."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from tests import scripted
from web.conversations import Exchange
from web.ui import words
from web.ui.rendering import Source, render_conversation, render_source, render_welcome

TITLES = {scripted.REPORT: scripted.TITLE}


def shown(answer: Any) -> str:
    return render_conversation([Exchange(question=answer.question, answer=answer)], TITLES)


def sources(html: str) -> list[dict[str, Any]]:
    return [json.loads(unescape(data)) for data in re.findall(r'data-source="([^"]*)"', html)]


def test_each_mark_carries_the_address_of_its_quote() -> None:
    answer = scripted.answered(scripted.HOUSING)
    html = shown(answer)
    assert [source["mark"] for source in sources(html)] == [1, 2, 1, 2]  # in the text, then in the list
    first = sources(html)[0]
    assert scripted.PARAGRAPHS[1][first["start"] : first["end"]] == answer.citations[0].quote
    assert first["report"] == scripted.REPORT and first["paragraph"] == 2


def test_a_mark_without_a_citation_is_plain_text() -> None:
    answer = replace(scripted.answered("问"), text="新建590套。[7][1]")
    html = shown(answer)
    assert "新建590套。[7]<button" in html


def test_the_figures_of_claims_stand_out_and_nothing_else() -> None:
    html = shown(scripted.answered("问"))
    assert re.findall(r'<b class="figure">(.*?)</b>', html) == ["590套", "36个", "1.7万户"]


def test_a_source_is_told_the_figures_that_were_taken_from_it() -> None:
    first, second, *_ = sources(shown(scripted.answered("问")))
    assert (first["figures"], second["figures"]) == (["590套"], ["36个", "1.7万户"])


def test_a_question_that_was_understood_otherwise_is_shown_as_understood() -> None:
    answer = replace(scripted.answered("那建成呢"), standalone_question="云溪县2023年建成多少套保障性租赁住房")
    assert f"{words.UNDERSTOOD}：云溪县2023年建成多少套保障性租赁住房" in shown(answer)
    assert words.UNDERSTOOD not in shown(scripted.answered("问"))


def test_a_refusal_shows_the_nearest_as_no_answer() -> None:
    html = shown(scripted.refused("2022年新增多少学位"))
    assert words.REFUSED["other_period"] in html and words.NEAREST in html
    assert all(source["is_nearest"] for source in sources(html))
    assert words.COPY_QUOTES not in html and words.CHECKED not in html


def test_an_answer_from_what_was_hard_to_read_is_never_called_checked() -> None:
    answer = scripted.answered("问")
    unclear = replace(answer, citations=(replace(answer.citations[0], doubtful=True), *answer.citations[1:]))
    assert words.DOUBTFUL in shown(unclear) and words.CHECKED not in shown(unclear)
    assert words.CHECKED in shown(answer)


def test_asking_back_offers_each_option_as_a_question() -> None:
    html = shown(scripted.asked_back("新增多少？"))
    assert re.findall(r'data-ask="([^"]*)"', html) == [scripted.HOUSING, "云溪县2023年新增多少学位"]


def test_the_scope_is_shown() -> None:
    html = shown(scripted.answered("问"))
    assert "地区 云溪县 · 年份 2023年 · 报告 云溪县2024年政府工作报告" in html


def test_what_is_copied_carries_the_places() -> None:
    copied = [unescape(text) for text in re.findall(r'data-copy="([^"]*)"', shown(scripted.answered("问")))]
    assert copied[0].startswith("云溪县2023年新建保障性租赁住房590套。[1]")
    assert copied[1].splitlines()[1] == (
        "“改造老旧小区36个，惠及居民1.7万户”——云溪县2024年政府工作报告，（三）民生福祉持续改善，第 2 段"
    )


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}} ${7*7} &amp;"]
)
def test_whatever_is_typed_or_reported_is_text(hostile: str) -> None:
    answer = replace(scripted.answered(hostile), text=hostile, options=(hostile,))
    for html in (shown(answer), render_conversation([Exchange(question=hostile, error=hostile)], {})):
        assert "<script" not in html and "<img" not in html
        assert hostile in unescape(html)


class TestSource:
    def test_the_quote_is_marked_and_in_it_the_answers_figures(self) -> None:
        citation = scripted.citation(1, 2, "全年新建保障性租赁住房590套，建成640套")
        html = render_source(Source.of(citation, ["590套"]), scripted.TITLE, self.paragraphs())
        marked = "".join(re.findall(r"<mark>(.*?)</mark>", html))
        assert marked == '全年新建保障性租赁住房<b class="figure">590套</b>，建成640套'
        assert "（三）民生福祉持续改善 › 第 2 段" in html and words.VERBATIM in html

    def test_the_neighbours_are_there(self) -> None:
        html = render_source(Source.of(scripted.citation(1, 2, "640套")), scripted.TITLE, self.paragraphs())
        assert "78.6%" in html and "新增学位1080个" in html

    def test_a_changed_paragraph_is_not_passed_off_as_the_quoted_one(self) -> None:
        citation = replace(scripted.citation(1, 2, "640套"), sha256="0" * 64)
        html = render_source(Source.of(citation), scripted.TITLE, self.paragraphs())
        assert words.CHANGED in html and "<mark>" not in html and words.VERBATIM not in html
        assert f"{words.QUOTED_THEN}<q>640套</q>" in html

    def test_a_removed_report_is_said_to_be_gone_and_its_quote_stays_readable(self) -> None:
        html = render_source(Source.of(scripted.citation(1, 2, "640套")), scripted.TITLE, ())
        assert words.GONE in html and "<mark>" not in html
        assert f"{words.QUOTED_THEN}<q>640套</q>" in html

    def test_a_quote_that_was_hard_to_read_is_not_called_verbatim(self) -> None:
        start = scripted.PARAGRAPHS[1].index("640套")
        unclear = [replace(scripted.paragraph(2), doubtful=((start + 2, start + 3),))]
        html = render_source(Source.of(scripted.citation(1, 2, "640套")), scripted.TITLE, unclear)
        assert words.DOUBTFUL in html and words.VERBATIM not in html
        assert words.DOUBTFUL not in render_source(Source.of(scripted.citation(1, 2, "590套")), scripted.TITLE, unclear)

    @staticmethod
    def paragraphs() -> list[Any]:
        return [scripted.paragraph(number) for number in (1, 2, 3)]


def test_before_the_first_question() -> None:
    assert scripted.HOUSING in render_welcome([scripted.CARD], [scripted.HOUSING])
    assert words.EMPTY_COMMAND in render_welcome([], [], may_add=True)
    assert words.EMPTY_COMMAND not in render_welcome([], [])
    assert "索引坏了" in render_welcome([], [], problem="索引坏了")
