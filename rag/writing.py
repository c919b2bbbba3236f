"""Answers in a language model's words, claim by claim in the place of extractive ones that have passed the gate.

The model is shown, numbered, the clauses that the extractive claims rest on, and writes a line for each.  A line takes
the place of its claim if it says no less and nothing else (`rag.paraphrasing`) and passes the gate; otherwise the
extractive claim is shown.  So a model can word an answer, and neither choose it nor refuse it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from index.errors import ModelFailed
from prompts.reader import Message, fingerprint, render
from rag.drafting import Draft
from rag.llms import LanguageModel
from rag.paraphrasing import Check, Task, paraphrase, plain
from rag.types import Citation
from rag.understanding import Query

__all__ = ["EXTRACTIVE", "Extracts", "ModelWriting", "Writer", "Writing", "opening", "told_lines"]

EXTRACTIVE = "extractive"
PROMPT = "drafting"

# A model writes a word while the rest of the program finds an answer: it is asked for no more lines than these.  Where
# figures are set side by side and reckoned with, lines of one form read best, and a small model mixes them up.
_MOST_LINES = 2
_LONGEST_LINE = 300

_log = logging.getLogger(__name__)


class Writing(Protocol):
    """One answer being worded; how, `engine`, `prompt` and `notes` say once it is done."""

    engine: str
    prompt: str
    notes: list[str]

    def write(self, query: Query, drafts: Iterator[Draft], citations: Mapping[int, Citation]) -> Iterator[Draft]:
        """What is to be shown, from drafts that have passed the gate; `source` is the citation if it was widened."""


class Writer(Protocol):
    """Begins to word an answer; `check` is the gate, `notice` what people should know meanwhile, "" if nothing.

    `model` words summaries as well; None while there is none.
    """

    @property
    def notice(self) -> str: ...

    @property
    def model(self) -> LanguageModel | None: ...

    def begin(self, check: Check) -> Writing: ...


class Extracts:
    """The drafts as they are, each as soon as it comes."""

    notice = ""
    model: LanguageModel | None = None

    def __init__(self, *notes: str) -> None:
        self.engine, self.prompt, self.notes = EXTRACTIVE, "", list(notes)

    def begin(self, check: Check) -> Writing:
        return Extracts(*self.notes)

    def write(self, query: Query, drafts: Iterator[Draft], citations: Mapping[int, Citation]) -> Iterator[Draft]:
        return drafts


class ModelWriting:
    """An answer in a model's words; whatever goes wrong with the model, the extractive claims stand."""

    def __init__(self, model: LanguageModel, check: Check) -> None:
        self._model, self._check = model, check
        self.engine, self.prompt = EXTRACTIVE, ""
        self.notes: list[str] = []

    def write(self, query: Query, drafts: Iterator[Draft], citations: Mapping[int, Citation]) -> Iterator[Draft]:
        standing = list(drafts)
        tasks = [Task.of(draft, citations[draft.marks[0]]) for draft in standing if draft.findings]
        told = 0
        if 0 < len(standing) == len(tasks) <= _MOST_LINES and all(task.is_short for task in tasks):
            try:
                for position, draft in self._told(query, tasks, citations):
                    yield from standing[told:position]
                    yield draft
                    told = position + 1
            except ModelFailed as error:
                _log.warning("%s broke down: %s", self._model.name, error)
                self.notes.append(f"大模型没有写完（{error}），没写的部分摘录了原文。")
        yield from standing[told:]

    def _told(
        self, query: Query, tasks: Sequence[Task], citations: Mapping[int, Citation]
    ) -> Iterator[tuple[int, Draft]]:
        """Which task a line tells, and the line as a draft that has passed the gate."""
        messages = _messages(query.standalone, tasks)
        if not self._model.fits(messages):
            self.notes.append("材料太长，大模型读不下，以下摘录原文。")
            return
        replaced, expected = 0, 0
        for line in told_lines(self._model.stream(messages)):
            found = paraphrase(line, tasks, expected, citations, self._check, query.question)
            if isinstance(found, str):
                _log.info("line of %s not shown (%s): %s", self._model.name, found, line)
                replaced += 1
                if replaced > _MOST_LINES:
                    break
                continue
            self.engine, self.prompt = self._model.name, fingerprint(PROMPT)
            yield found
            expected = found[0] + 1
            if expected == len(tasks):
                break
        if replaced:
            self.notes.append(f"大模型写的 {replaced} 句没有通过核对，换成了原文摘录。")


def opening() -> tuple[Message, ...]:
    """The beginning that the prompts of all questions share."""
    return _messages("", ())


def _messages(question: str, tasks: Sequence[Task]) -> tuple[Message, ...]:
    evidence = "\n".join(f"[{number}]{task.evidence}" for number, task in enumerate(tasks, 1))
    # <| would begin a mark of the model's own format, and with it another speaker.
    return render(PROMPT, question=plain(question).replace("<|", "＜"), evidence=evidence.replace("<|", "＜"))


def told_lines(pieces: Iterator[str]) -> Iterator[str]:
    """Lines as soon as they are whole: at a line's end or behind the mark that closes a sentence."""
    held = ""
    for piece in pieces:
        held += piece
        *whole, held = re.split(r"\n+|(?<=。\[\d\])(?=[^\[\n])", held)
        yield from filter(None, map(str.strip, whole))
        if len(held) > _LONGEST_LINE:
            return
    if held.strip():
        yield held.strip()
