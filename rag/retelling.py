"""Summaries in a language model's words: each extract may be reworded, none chosen, added or lost.

The model is shown a few numbered extracts at a time and writes a line for each.  A line takes the place of its extract
if it tells the same figures and passes the gate; otherwise the extract is shown.  Prompts are short, so that lines come
one by one, the end of a long report is told as well as its beginning, and a model that breaks down costs nothing but
its words.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.errors import ModelFailed
from index.figures import find_figures, same_figure
from index.types import Figure
from prompts.reader import Message, fingerprint, render
from rag.llms import LanguageModel
from rag.paraphrasing import plain
from rag.types import Citation, Claim
from rag.verifying import Fault
from rag.writing import EXTRACTIVE, told_lines

__all__ = ["Extract", "Retell", "Retelling", "opening", "verbatim"]

PROMPT = "summarizing"
_AT_ONCE = 4
_LONGEST = 220  # characters of extracts to a prompt
_MARK = re.compile(r"\[(\d+)\]|【(\d+)】|［(\d+)］")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """Words of a report as a claim tells them, with the citation that holds them; `label` places them in time."""

    words: str
    citation: Citation
    label: str


# From extracts to the words that are shown for each, in their order.
Retell = Callable[[Sequence[Extract]], Iterator[str]]


def opening() -> tuple[Message, ...]:
    """The beginning that the prompts of all summaries share."""
    return _messages(())


def verbatim(extracts: Sequence[Extract]) -> Iterator[str]:
    """The extracts as they are."""
    return (extract.words for extract in extracts)


class Retelling:
    """One summary being reworded; how, `engine`, `prompt` and `notes` say once it is done.

    `room` is how many characters the whole may grow by; `check` is the gate.
    """

    def __init__(
        self, model: LanguageModel, check: Callable[[Claim, Mapping[int, Citation]], tuple[Fault, ...]], room: int
    ) -> None:
        self._model, self._check, self._room = model, check, room
        self._is_broken = False
        self.told = self.kept = 0
        self.notes: list[str] = []

    @property
    def engine(self) -> str:
        """The model, if any of its words are shown."""
        return self._model.name if self.told else EXTRACTIVE

    @property
    def prompt(self) -> str:
        return fingerprint(PROMPT) if self.told else ""

    def __call__(self, extracts: Sequence[Extract]) -> Iterator[str]:
        """The words for each extract, as soon as the model has written them."""
        for batch in _batches(extracts):
            yield from self._retold(batch)

    def _retold(self, batch: Sequence[Extract]) -> Iterator[str]:
        settled = 0
        if not self._is_broken:
            try:
                for position, words in self._written(batch):
                    for extract in batch[settled:position]:
                        yield self._verbatim(extract)
                    yield words
                    settled = position + 1
            except ModelFailed as error:
                _log.warning("%s broke down: %s", self._model.name, error)
                self._is_broken = True
                self.notes.append(f"大模型没有写完（{error}），没写的部分摘录了原文。")
        for extract in batch[settled:]:
            yield self._verbatim(extract)

    def _verbatim(self, extract: Extract) -> str:
        self.kept += 1
        return extract.words

    def _written(self, batch: Sequence[Extract]) -> Iterator[tuple[int, str]]:
        """Which extract a sound line tells, in order, and its words."""
        messages = _messages(batch)
        if not self._model.fits(messages):
            return
        expected = 0
        for line in told_lines(self._model.stream(messages)):
            marks = {int("".join(groups)) - 1 for groups in _MARK.findall(line)}
            if len(marks) != 1 or not expected <= (position := marks.pop()) < len(batch):
                continue
            expected = position + 1
            words = _MARK.sub("", line).strip(" 　。；;")
            if fault := self._fault(words, batch[position]):
                _log.info("line of %s not shown (%s): %s", self._model.name, fault, line)
            else:
                self.told += 1
                self._room -= max(0, len(words) - len(batch[position].words))
                yield position, words
            if expected == len(batch):
                return

    def _fault(self, words: str, extract: Extract) -> str:
        """Why words may not take the place of an extract; "" if they may."""
        if words != plain(words) or len(words) - len(extract.words) > self._room:
            return "too long, or no plain text"
        said, wanted = _counts(words), _counts(extract.words)
        if not (_among(said, wanted) and _among(wanted, said)):
            return "other figures"
        mark = extract.citation.mark
        claim = Claim(text=f"{extract.label}{words}。[{mark}]", citations=(mark,))
        faults = self._check(claim, {mark: extract.citation})
        return faults[0].detail if faults else ""


def _batches(extracts: Sequence[Extract]) -> Iterator[list[Extract]]:
    """A few extracts at a time, in their order; fewer at first, so that the first line comes soon."""
    held: list[Extract] = []
    most = 2
    for extract in extracts:
        if held and (len(held) == most or sum(len(one.words) for one in held) + len(extract.words) > _LONGEST):
            yield held
            held, most = [], _AT_ONCE
        held.append(extract)
    if held:
        yield held


def _messages(batch: Sequence[Extract]) -> tuple[Message, ...]:
    lines = (f"[{n}]（{one.label.rstrip('：')}）{plain(one.words)}" for n, one in enumerate(batch, 1))
    # <| would begin a mark of the model's own format, and with it another speaker.
    return render(PROMPT, evidence="\n".join(lines).replace("<|", "＜"))


def _counts(text: str) -> list[Figure]:
    return [figure for figure in find_figures(text) if figure.kind != "date"]


def _among(some: Sequence[Figure], others: Sequence[Figure]) -> bool:
    return all(any(same_figure(one, other) for other in others) for one in some)
