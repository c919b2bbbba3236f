"""What the product answers to a benchmark's questions: right, missing or wrong, by the words of a right answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from eval.adapters.benchmark import Asked
from eval.metrics.right_missing_wrong import Verdict
from eval.metrics.score import Part, Score, mean
from index.types import Scope
from rag.types import Answer

__all__ = ["Answering", "Reply", "answer_questions", "save_replies", "score_replies"]


class Answering(Protocol):
    """The assistant."""

    def ask(self, question: str, /, *, scope: Scope) -> Answer: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A question and what was answered to it."""

    asked: Asked
    answer: Answer

    @property
    def shown(self) -> str:
        """The text that was given as an answer; "" for a refusal and a question back."""
        return self.answer.text if self.answer.status == "answered" else ""

    @property
    def names_what_is_not_loaded(self) -> bool:
        refusal = self.answer.refusal
        return refusal is not None and refusal.kind == "out_of_corpus"

    @property
    def verdict(self) -> Verdict:
        """Silence is right where there is no answer, and missing elsewhere."""
        if not self.shown:
            return "missing" if self.asked.is_answered else "right"
        return "right" if self.asked.is_answered and self.asked.is_said_in(self.shown) else "wrong"


def answer_questions(
    questions: Sequence[Asked], assistant: Answering, progress: Callable[[int, int], object] = lambda *_: None
) -> Iterator[Reply]:
    """Each question put to the assistant, of the documents that may be looked at; see `score_retrieval`."""
    for done, asked in enumerate(questions, 1):
        yield Reply(asked=asked, answer=assistant.ask(asked.question, scope=asked.scope))
        progress(done, len(questions))


def score_replies(replies: Sequence[Reply]) -> tuple[Score, ...]:
    """The shares that are right, missing and wrong, the share of all that was refused because a place or year is named
    of which nothing is loaded, and how long an answer is, in characters."""
    verdicts = {reply.asked.id: reply.verdict for reply in replies}
    shares = [
        mean(kind, (Part(id=id_, value=float(verdict == kind)) for id_, verdict in verdicts.items()))
        for kind in ("right", "missing", "wrong")
    ]
    unknown = (Part(id=reply.asked.id, value=float(reply.names_what_is_not_loaded)) for reply in replies)
    lengths = (Part(id=reply.asked.id, value=float(len(reply.shown))) for reply in replies if reply.shown)
    return (*shares, mean("out_of_corpus", unknown), mean("characters", lengths))


def save_replies(replies: Iterable[Reply], path: Path) -> None:
    """One line a question: the wire format, with the question's id and group, the verdict and what was wanted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for reply in replies:
            line = reply.answer.to_wire() | {
                "id": reply.asked.id,
                "group": reply.asked.group,
                "verdict": reply.verdict,
                "wanted": reply.asked.answers,
            }
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
