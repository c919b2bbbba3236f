"""A model may reword the extracts of a summary, and do nothing else to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.embedders import HashEmbedder
from index.errors import ModelFailed
from rag.assistant import Assistant
from rag.composing import unmarked
from rag.types import Claim, Summary, SummaryRequest
from tests.rag_world import assistant
from tests.scripted_model import ScriptedWriter

ASKED = SummaryRequest(question="概括云岭区2023年的养老工作")
PLAIN = "新建长者食堂8家、累计23家，适老化改造426户"


def told_with(writer: ScriptedWriter) -> Summary:
    home = assistant()._home
    return Assistant(home, HashEmbedder(), writer).summarize(ASKED)


def words(summary: Summary) -> str:
    return unmarked("".join(claim.text for claim in summary.claims))


def test_without_a_model_the_extract_stands() -> None:
    told = assistant().summarize(ASKED)
    assert PLAIN in words(told) and told.provenance.engine == "extractive" and not told.provenance.prompt


def lines(prompt: str, swap: tuple[str, str]) -> Iterator[str]:
    """The extracts of a prompt as the lines of an answer, `swap[0]` put as `swap[1]`."""
    for line in prompt.rpartition("材料：\n")[2].splitlines():
        number, _, extract = line.partition("（")
        yield f"{extract.partition('）')[2].replace(*swap)}。{number}\n"


def test_a_sound_line_takes_the_place_of_its_extract() -> None:
    told = told_with(ScriptedWriter(lambda prompt: lines(prompt, ("新建长者食堂8家", "长者食堂新建8家"))))
    assert "长者食堂新建8家、累计23家" in words(told)
    assert told.provenance.engine == "scripted" and told.provenance.prompt.startswith("summarizing:")
    assert told.coverage.covered_indicators == assistant().summarize(ASKED).coverage.covered_indicators


@pytest.mark.parametrize(
    "swap",
    [
        ("8家", "9家"),  # another figure
        ("、累计23家", ""),  # a figure lost
        ("新建长者食堂", "深受群众欢迎的长者食堂"),  # words that no report says
        ("新建长者食堂", "计划新建长者食堂"),  # a result told as a plan
        ("新建长者食堂", "**新建长者食堂**"),  # markup
    ],
)
def test_an_unsound_line_is_not_shown(swap: tuple[str, str]) -> None:
    assert PLAIN in words(told_with(ScriptedWriter(lambda prompt: lines(prompt, swap))))


@pytest.mark.parametrize("answer", ["", "好的，以下是概括。", "长者食堂新建8家。[9]"])
def test_what_tells_no_extract_is_left_aside(answer: str) -> None:
    told = told_with(ScriptedWriter(answer))
    assert words(told) == words(assistant().summarize(ASKED)) and told.provenance.engine == "extractive"


def test_a_model_that_breaks_down_costs_its_words_only_and_is_owned_up_to() -> None:
    def broken(prompt: str) -> Iterator[str]:
        raise ModelFailed("连接断了")
        yield ""

    told = told_with(ScriptedWriter(broken))
    assert PLAIN in words(told)
    assert any("大模型没有写完" in note for note in told.provenance.notes)


def test_the_first_of_several_lines_waits_for_no_model() -> None:
    writer = ScriptedWriter(lambda prompt: lines(prompt, ("", "")))
    home = assistant()._home
    (report,) = (card.id for card in assistant().cards if (card.region, card.year) == ("云岭区", 2024))
    told = Assistant(home, HashEmbedder(), writer).stream_summary(SummaryRequest(reports=(report,)))
    first = next(item for item in told if isinstance(item, Claim))
    assert not writer.asked and first.text
    *_, summary = told
    assert isinstance(summary, Summary) and summary.provenance.engine == "scripted"
