"""News with questions, from clean to noisy: RGB (Chen et al., “Benchmarking Large Language Models in
Retrieval-Augmented Generation”, AAAI 2024), `zh_refine.json` and `zh.json`, one JSON object a line.

Each question is given five pieces of news, as the authors do: the first that answer it and the first that are noise.
Here they are the paragraphs of one document, for one report is what a place has for a year.  At noise 1 none answers,
and the right thing is to say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.adapters.benchmark import Asked, Benchmark
from eval.cases import Spellings, parsed_lines
from eval.fields import FieldError, spellings, text, texts

__all__ = ["load_rgb"]

_GIVEN = 5
# The news are of 2021 and 2022.
_YEAR = 2022


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A line of the file.  `positive` answer the question, `negative` do not."""

    id: str
    query: str
    answers: tuple[Spellings, ...]
    positive: tuple[str, ...]
    negative: tuple[str, ...]


def load_rgb(path: Path) -> Benchmark:
    """Each question six times, with 0 to 5 of its five documents noise; raises CaseError for a bad line."""
    documents, questions = {}, []
    for noise in range(_GIVEN + 1):
        for _, item in parsed_lines(path, _item):
            name = f"{item.id}@{noise / _GIVEN:g}"
            # Where there is too little of the one, there is more of the other.
            most = max(_GIVEN - noise, _GIVEN - len(item.negative)) if noise < _GIVEN else 0
            positive = item.positive[:most]
            documents[name] = "\n".join([*positive, *item.negative[: _GIVEN - len(positive)]])
            asked = Asked(
                id=name,
                question=item.query,
                answers=item.answers,
                document=name,
                is_answered=bool(positive),
                is_alone=True,
                group=f"噪声 {noise / _GIVEN:g}",
            )
            questions.append(asked)
    return Benchmark(name="RGB", documents=documents, questions=tuple(questions), year=_YEAR)


def _item(record: Mapping[str, Any]) -> _Item:
    answers = tuple(spellings(record, "answer"))
    if not answers:
        raise FieldError("缺少 answer")
    if not isinstance(record.get("id"), int | str):
        raise FieldError("缺少 id")
    return _Item(
        id=str(record["id"]),
        query=text(record, "query", needed=True),
        answers=answers,
        positive=tuple(texts(record, "positive")),
        negative=tuple(texts(record, "negative")),
    )
