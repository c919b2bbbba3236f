"""Puts the lines of a file of facts to an assistant: a summary of a report, or of what a question asks about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from eval.summaries import Facts, Summarize
from rag.types import Summary, SummaryRequest

__all__ = ["Assistant", "summaries_by"]

_MARK = re.compile(r"\[\d+\]")


class Assistant(Protocol):
    """What is needed of an assistant."""

    def summarize(self, request: SummaryRequest, /) -> Summary: ...


def summaries_by(assistant: Assistant) -> Summarize:
    """What summarises a line of facts: a page at most, marks taken out of the claims, which list them anyway, so that
    only what people read counts as length."""

    def summarize(facts: Facts) -> Mapping[str, Any]:
        request = SummaryRequest(question=facts.question) if facts.question else SummaryRequest(reports=(facts.report,))
        wire = assistant.summarize(request).to_wire()
        claims = [{**claim, "text": _MARK.sub("", claim["text"])} for claim in wire["claims"]]
        wire["coverage"].pop("left_out")
        return {**wire, "claims": claims}

    return summarize
