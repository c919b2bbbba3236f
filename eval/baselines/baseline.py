"""A baseline with the product's interface, so that the same runner puts the same questions to it."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import uuid4

from eval.baselines.pieces import Piece, cut
from eval.baselines.searches import SEARCHES
from eval.cases import Case
from index.embedders import Embedder
from index.keywords import KeywordIndex
from index.store import ReportIndex
from index.types import Paragraph, Sentence
from rag.types import Answer, AnswerScope, Citation, Claim, Provenance, Turn

__all__ = ["Baseline"]

# How many pieces are read for an answer, as in LangChain's retriever.
_TOP = 4


class Baseline:
    """Answers with the sentence, of the four best pieces, that shares the most telling characters with the question.

    It settles no place or year, checks nothing, and refuses only where no piece is found.  Of a conversation it
    searches for all questions together.  Raises BaselineError where the program `name` is not installed.
    """

    def __init__(self, name: str, opened: ReportIndex, embedder: Embedder) -> None:
        self._name = name
        self._opened = opened
        self._pieces = cut(opened.report(card.id) for card in opened.cards)
        self._search = SEARCHES[name]([piece.text for piece in self._pieces], embedder)

    def ask(self, question: str, history: Sequence[Turn]) -> Answer:
        wanted = _whole(question, history)
        read = [
            (piece, paragraph, sentence)
            for piece in (self._pieces[row] for row, _ in self._search(wanted, _TOP))
            for paragraph, sentences in piece.touched
            for sentence in sentences
        ]
        cited = _citation(*read[_best(wanted, [sentence.text for _, _, sentence in read])]) if read else None
        return Answer(
            id=uuid4().hex,
            question=question,
            standalone_question=wanted,
            status="answered" if cited else "refused",
            scope=AnswerScope(),
            text=f"{cited.quote}[1]" if cited else "",
            claims=(Claim(text=cited.quote, citations=(1,)),) if cited else (),
            citations=(cited,) if cited else (),
            provenance=Provenance(engine=self._name),
        )

    def found(self, case: Case, k: int) -> list[dict[str, Any]]:
        """The best `k` pieces for a case, each with all the paragraphs it touches."""
        return [
            {
                "report": piece.report.id,
                "paragraphs": [paragraph.number for paragraph, _ in piece.touched],
                "text": piece.text,
                "score": score,
            }
            for row, score in self._search(_whole(case.question, case.history), k)
            for piece in (self._pieces[row],)
        ]


def _whole(question: str, history: Sequence[Turn]) -> str:
    return " ".join([*(turn.question for turn in history), question])


def _best(question: str, sentences: Sequence[str]) -> int:
    """Which of the sentences fits best by words; the first where none shares any."""
    rows, _ = KeywordIndex.build(sentences).search(question, 1)
    return int(rows[0]) if len(rows) else 0


def _citation(piece: Piece, paragraph: Paragraph, sentence: Sentence) -> Citation:
    return Citation(
        mark=1,
        report=piece.report.id,
        title=piece.report.title,
        region=piece.report.region,
        year=piece.report.year,
        section=paragraph.headings,
        paragraph=paragraph.number,
        page=paragraph.page,
        start=sentence.start,
        end=sentence.end,
        quote=paragraph.text[sentence.start : sentence.end],
        sha256=sha256(paragraph.text.encode()).hexdigest(),
    )
