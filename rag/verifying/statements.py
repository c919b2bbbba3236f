"""A claim cut into statements, each with what its head says of place, time and role."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.figures import find_figures
from index.periods import find_years
from index.types import Period
from rag.verifying.overlap import blanked
from rag.verifying.support import Support

_HEAD = re.compile(r"^([^：:。；;、“”《》]{1,40})(?:(?<!\d)[：:]|[：:](?!\d))")
_LIST_NUMBER = re.compile(r"^\s*(?:[（(]?\d{1,2}(?:[)）、]|[.．](?!\d))|[①-⑳])\s*")
_SUBTRACTION = re.compile(r"(?<=[（(])([^（）()]*?)[－−-]([^（）()]*)(?=[）)])")
# So long, it is no name but the report's own words, to be read like any others.
_QUOTATION = re.compile(r"“[^“”]{25,}”")
_NO_HEADS = ("原文", "计算值")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence of a claim: `head`, what stands before its colon (鲤城区2022年目标), and `body`.

    `text` and `label` are body and head without the report's region, and the head without years, which are judged by
    themselves; offsets in `text` are those in `body`.  `told` is the year of the head.
    """

    body: str
    text: str
    head: str = ""
    label: str = ""
    told: Period | None = None

    @property
    def printed(self) -> str:
        return f"{self.head}，{self.body}"


def read_statement(sentence: str, before: Statement, support: Support) -> Statement:
    """A sentence of a claim, whose head is that of the one `before` it if it has none."""
    body, heads = _LIST_NUMBER.sub("", sentence).lstrip("，,。；;、 "), []
    while (match := _HEAD.match(body)) and all(figure.kind == "date" for figure in find_figures(match[1])):
        if match[1] not in _NO_HEADS:
            heads.append(match[1])
        body = body[match.end() :].lstrip()
    head = "，".join(heads) or before.head
    body = _SUBTRACTION.sub(r"\1，\2", body)  # （46218元－23875元） would be read as a range
    years = find_years(head, delivered=support.delivered)
    told = [mention.period for mention in years if mention.period]
    region = re.compile("|".join(map(re.escape, support.regions)))
    own = [match.span() for match in region.finditer(body)]
    quotation = [(edge, edge + 1) for match in _QUOTATION.finditer(body) for edge in (match.start(), match.end() - 1)]
    return Statement(
        body=body,
        text=blanked(body, [*own, *quotation]),
        head=head,
        label=region.sub("，", blanked(head, [(mention.start, mention.end) for mention in years])),
        told=told[-1] if told else before.told,
    )
