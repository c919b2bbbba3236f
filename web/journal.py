"""What was asked and shown, what people thought of it, and who changed what; kept for as many days as is set."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from sqlite3 import Row
from threading import Lock
from typing import Any, Literal, get_args

from index.figures import find_figures
from rag.types import Answer, Turn
from web.errors import UnknownAnswer
from web.records import Records

__all__ = ["Asked", "Channel", "Journal", "Reason", "Verdict"]

Channel = Literal["page", "api", "openai", "mcp", "embed", "cli"]
Verdict = Literal["up", "down"]
# wrong_figure 数字不对 · wrong_place 答非所问 · should_answer 该答没答 · should_refuse 不该答却答了 · incomplete 不全
Reason = Literal["", "wrong_figure", "wrong_place", "should_answer", "should_refuse", "incomplete", "other"]
_PRUNED_EVERY = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question that is being answered: who asks, by which way in, in which request."""

    visitor: str
    channel: Channel
    request: str
    question: str
    history: Sequence[Turn] = ()


class Journal:
    """The log of a home, rid of what is too old as it is opened and every few hours; safe to share between threads."""

    def __init__(self, records: Records, days: int) -> None:
        self._records = records
        self._days = days
        self._pruned: datetime | None = None
        self._pruning = Lock()
        self._prune()

    def note_answer(self, asked: Asked, answer: Answer) -> None:
        """Who asked what, how it was answered, and the paragraphs that were shown."""
        shown = [*answer.citations, *(answer.refusal.nearest if answer.refusal else ())]
        self._note(
            asked, answer.id, answer.status, answer.text, [_place(c.report, c.paragraph, c.quote) for c in shown]
        )

    def note_unfinished(self, asked: Asked, number: str, said: Sequence[str]) -> None:
        """A question whose answer broke off, with what of it was shown."""
        self._note(asked, number, "stopped", "\n".join(said), [])

    def note_passages(self, asked: Asked, number: str, passages: Sequence[tuple[str, int, str]]) -> None:
        """A search, and the (report, paragraph, text) that it showed."""
        self._note(asked, number, "searched", "", [_place(*passage) for passage in passages])

    def note_change(self, visitor: str, channel: Channel, request: str, what: str, subjects: Sequence[str]) -> None:
        """Who did what to which reports, users or keys."""
        self._prune()
        with self._records.writing() as database:
            rows = [(_now(), visitor, channel, request, what, subject) for subject in subjects]
            database.executemany("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)", rows)

    def _note(self, asked: Asked, number: str, status: str, text: str, shown: list[dict[str, Any]]) -> None:
        self._prune()
        history = [{"question": turn.question, "answer": turn.answer} for turn in asked.history]
        values = (
            *(number, _now(), asked.visitor, asked.channel, asked.request, asked.question, _json(history)),
            *(status, text, _json(shown)),
        )
        with self._records.writing() as database:
            database.execute("INSERT INTO asks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    # -- feedback ------------------------------------------------------------------------------------

    def judge(self, answer: str, visitor: str, verdict: Verdict, *, reason: Reason = "", comment: str = "") -> None:
        """What a visitor thinks of an answer to a question of theirs; a later judgement replaces it.

        Raises UnknownAnswer.
        """
        if verdict not in get_args(Verdict) or reason not in get_args(Reason):
            raise ValueError(f"no such judgement: {verdict!r}, {reason!r}")
        row = self._records.row("SELECT visitor FROM asks WHERE id = ?", answer)
        if row is None or row["visitor"] != visitor:
            raise UnknownAnswer("找不到这条回答，可能已超过保留期限。请重新提问后再评价。")
        with self._records.writing() as database:
            values = (answer, visitor, _now(), verdict, reason, comment)
            database.execute("INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?)", values)

    def feedback(self) -> Iterator[dict[str, Any]]:
        """Every judgement with its question and answer, latest first."""
        for row in self._records.rows(
            "SELECT feedback.*, asks.question, asks.history, asks.status, asks.text, asks.shown FROM feedback "
            "JOIN asks ON asks.id = feedback.ask ORDER BY feedback.at DESC, feedback.rowid DESC"
        ):
            yield _plain(row)

    def cases(self, verdict: Verdict | None = "down") -> Iterator[dict[str, Any]]:
        """The judged questions as lines that `wenbao eval` reads: to be answered again, and scored once filled in.

        What was quoted becomes `evidence` where the answer was found good; where its figure was not, `wrong`.
        """
        for judged in self.feedback():
            if verdict is not None and judged["verdict"] != verdict:
                continue
            case: dict[str, Any] = {"id": judged["ask"], "question": judged["question"], "history": judged["history"]}
            answered = judged["status"] == "answered"
            if judged["verdict"] == "up" and answered:
                case["answer"] = judged["text"]
                case["reports"] = list(dict.fromkeys(place["report"] for place in judged["shown"]))
                case["evidence"] = [{"report": place["report"], "text": place["text"]} for place in judged["shown"]]
            elif judged["reason"] == "wrong_figure" and answered:
                first = judged["text"].partition("\n")[0]
                case["wrong"] = [
                    figure.text for figure in find_figures(first) if figure.kind not in ("date", "ordinal")
                ]
            if judged["reason"] == "should_refuse":
                case["type"] = "unanswerable"
            note = (judged["verdict"], judged["reason"], judged["comment"], f"答：{judged['text']}")
            case["note"] = " · ".join(filter(None, note))
            yield case

    # -- reading -------------------------------------------------------------------------------------

    def asks(self, *, limit: int = 100, visitor: str | None = None) -> list[dict[str, Any]]:
        """The latest questions, with what was shown; of one visitor, or of all."""
        rows = self._records.rows(
            "SELECT * FROM asks WHERE ? IS NULL OR visitor = ? ORDER BY at DESC, rowid DESC LIMIT ?",
            *(visitor, visitor, limit),
        )
        return [_plain(row) for row in rows]

    def changes(self, *, limit: int = 100) -> list[dict[str, Any]]:
        """The latest changes to reports, users and keys."""
        return [
            _plain(r) for r in self._records.rows("SELECT * FROM changes ORDER BY at DESC, rowid DESC LIMIT ?", limit)
        ]

    def _prune(self) -> None:
        """Forget what is older than the days that are set, judgements with their questions."""
        now = datetime.now(UTC)
        with self._pruning:
            if self._pruned is not None and now - self._pruned < _PRUNED_EVERY:
                return
            self._pruned = now
        before = (now - timedelta(days=self._days)).isoformat(timespec="seconds")
        with self._records.writing() as database:
            database.execute("DELETE FROM asks WHERE at < ?", (before,))
            database.execute("DELETE FROM changes WHERE at < ?", (before,))


def _place(report: str, paragraph: int, text: str) -> dict[str, Any]:
    return {"report": report, "paragraph": paragraph, "text": text}


def _plain(row: Row) -> dict[str, Any]:
    coded = ("history", "shown")
    return {name: json.loads(row[name]) if name in coded else row[name] for name in row.keys()}  # noqa: SIM118


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
