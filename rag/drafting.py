"""Findings → claims in the report's own words: the asked figure first, then the quote it stands in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.statements import ITEM, Statement
from index.store import ReportCard
from index.text import NOTE_MARK
from index.types import Paragraph
from rag.comparing import Remark
from rag.evidence import Finding
from rag.terms import content_words, is_light
from rag.types import Citation, Claim
from rag.wording import ACTIONS

_LONGEST_QUOTE = 160
_LONGEST_LIST = 400
_LONGEST_NOUN = 16
_OPENS_LIST = re.compile("[：:]|包括|分别是")
_MARKS = re.compile(r"[，,、。；;\s]")
_TRIM = " \t，,、；;。：:"


class Citations:
    """Citations of one answer: the same place gets the same mark."""

    def __init__(self, card: Callable[[str], ReportCard]) -> None:
        self._card = card
        self._kept: dict[tuple[str, int, int, int], Citation] = {}

    def cite(self, finding: Finding) -> Citation:
        """The citation of a finding's quote, numbered from 1 in the order asked for."""
        return self.at(finding.statement, *quoted(finding))

    def at(self, statement: Statement, start: int, end: int) -> Citation:
        """The citation of a span of the statement's paragraph."""
        paragraph = statement.paragraph
        section = (*paragraph.headings, statement.topic) if statement.topic else paragraph.headings
        return self.within(paragraph, section, start, end)

    def within(self, paragraph: Paragraph, section: tuple[str, ...], start: int, end: int) -> Citation:
        """The citation of a span of a paragraph that stands under these headings."""
        place = (paragraph.report, paragraph.number, start, end)
        if place not in self._kept:
            card = self._card(paragraph.report)
            self._kept[place] = Citation(
                mark=len(self._kept) + 1,
                report=card.id,
                title=card.title,
                region=card.region,
                year=card.year,
                section=section,
                paragraph=paragraph.number,
                page=paragraph.page,
                start=start,
                end=end,
                quote=paragraph.text[start:end],
                sha256=hashlib.sha256(paragraph.text.encode()).hexdigest(),
                doubtful=paragraph.is_doubtful(start, end),
            )
        return self._kept[place]

    @property
    def all(self) -> tuple[Citation, ...]:
        return tuple(self._kept.values())


def quoted(finding: Finding) -> tuple[int, int]:
    """The span, in the paragraph, of the clauses that a finding rests on, marks at its ends left out."""
    text, (start, end) = finding.statement.text, finding.span
    if not finding.readings and not finding.is_item:
        start, end = _readable(finding)
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    while start < end and text[start] in _TRIM:
        start += 1
    if start == 0 and (item := ITEM.match(text, 0, end)):
        start = item.end()
    first, last = finding.statement.start + start, finding.statement.start + end
    if finding.ask.need == "list" and not finding.readings and not finding.is_item and _OPENS_LIST.search(text):
        last = _end_of_list(finding.statement.paragraph.text, last)
    return first, last


def _end_of_list(text: str, end: int) -> int:
    """Where a list ends whose items are parted by ；, the first of which ends at `end`; there if it is the last."""
    stop = text.find("。", end)
    stop = len(text) if stop < 0 else stop
    return stop if text[end : end + 1] in ("；", ";") and stop - end <= _LONGEST_LIST else end


def _readable(finding: Finding) -> tuple[int, int]:
    """A short sentence whole; of a long one the clauses that answer, with the ones beside them while there is room."""
    text = finding.statement.text
    if len(text) <= _LONGEST_QUOTE:
        return 0, len(text)
    start, end = finding.span
    clauses = finding.statement.clauses
    first = next((i for i, (s, _) in enumerate(clauses) if s == start), 0)
    last = next((i for i, (_, e) in enumerate(clauses) if e == end), len(clauses) - 1)
    while end - start < _LONGEST_QUOTE and (first > 0 or last < len(clauses) - 1):
        if last < len(clauses) - 1 and clauses[last + 1][1] - start <= _LONGEST_QUOTE:
            last += 1
        elif first > 0 and end - clauses[first - 1][0] <= _LONGEST_QUOTE:
            first -= 1
        else:
            break
        start, end = clauses[first][0], clauses[last][1]
    return start, end


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A claim before it is verified; `source` is the citation whose quote says more than the claim repeats.

    `findings` are what it tells, of one statement, and `label` the place, year and role it begins with.
    """

    text: str
    marks: tuple[int, ...]
    computed: bool = False
    source: Citation | None = None
    findings: tuple[Finding, ...] = ()
    label: str = ""

    def claim(self) -> Claim:
        return Claim(text=self.text, citations=self.marks, computed=self.computed)


def draft(findings: Sequence[Finding], remarks: Sequence[Remark], citations: Citations) -> list[Draft]:
    """One draft for each statement that answers, and the remarks on them taken together."""
    drafts: list[Draft] = []
    groups: dict[tuple[str, int, int, str], list[Finding]] = {}
    for finding in findings:
        key = (finding.statement.report, finding.statement.paragraph.number, finding.statement.start, _label(finding))
        groups.setdefault(key, []).append(finding)
    marks: dict[int, int] = {}
    for group in groups.values():
        merged = _merged(group)
        citation = citations.cite(merged)
        for finding in group:
            marks[id(finding)] = citation.mark
        text, is_whole = _sentence(group, merged, citation)
        drafts.append(
            Draft(
                text=text,
                marks=(citation.mark,),
                source=None if is_whole else citation,
                findings=tuple(group),
                label=_label(group[0], citation.region),
            )
        )
    for remark in remarks:
        used = tuple(dict.fromkeys(marks[id(findings[i])] for i in remark.of))
        drafts.append(
            Draft(text=f"{remark.text}。{''.join(f'[{mark}]' for mark in used)}", marks=used, computed=remark.computed)
        )
    return drafts


def _merged(group: Sequence[Finding]) -> Finding:
    """The first finding with the clauses of all of them."""
    span = (min(finding.span[0] for finding in group), max(finding.span[1] for finding in group))
    return replace(group[0], span=span, readings=tuple(reading for finding in group for reading in finding.readings))


def _label(finding: Finding, region: str = "") -> str:
    """Place and year before a claim, as the evidence has them; the role where it is a target."""
    ask = finding.ask
    when = str(finding.period) if finding.period is not None else ""
    role = "目标" if finding.readings and finding.role in ("target", "measure") else ""
    return f"{ask.region or region}{when}{role}"


def _sentence(group: Sequence[Finding], merged: Finding, citation: Citation) -> tuple[str, bool]:
    """The claim, and whether it says all that its quote does."""
    label = _label(group[0], citation.region)
    head = f"{label}：" if label else ""
    if any(not finding.readings for finding in group):
        return f"{head}{NOTE_MARK.sub('', citation.quote).rstrip('。')}。[{citation.mark}]", True
    said_of = list(dict.fromkeys(f"{_left_to_others(finding)}{finding.readings[0].printed}" for finding in group))
    # 完工213个 is said within 完工213个1.7万户.
    leads = [lead for lead in said_of if not any(lead != other and lead in other for other in said_of)]
    leads = [NOTE_MARK.sub("", lead) for lead in leads]  # they would read as marks of citations
    said = "".join(leads)
    return f"{head}{'，'.join(leads)}。[{citation.mark}]", _MARKS.sub("", said) == _MARKS.sub("", citation.quote)


def _left_to_others(finding: Finding) -> str:
    """The asked noun that an earlier clause of the sentence has, in the brackets of an addition.

    （保障性租赁住房） of “保障性租赁住房完工640套、新开工建设590套”, for 新开工建设590套 alone does not say of what.
    """
    reading, text = finding.readings[0], finding.statement.text

    def tells(word: str) -> bool:
        return not is_light(word) and word not in ACTIONS

    if any(map(tells, content_words(reading.indicator))):
        return ""
    clause = reading.clause[0] if reading.figure.start > reading.clause[0] else 0
    before = text[: max(clause, text.rfind("、", 0, reading.figure.start) + 1)]
    missing = [word for word in finding.ask.words if tells(word) and word not in reading.own]
    found = [(at, at + len(word)) for word in missing if (at := before.rfind(word)) >= 0]
    if not found or len(found) < len(missing):
        return ""
    noun = before[min(start for start, _ in found) : max(end for _, end in found)]
    return "" if len(noun) > _LONGEST_NOUN or re.search(r"[\W\d]", noun) else f"（{noun}）"


def quotation(source: Citation) -> str:
    """The line under a claim that shows the words it rests on."""
    return f"原文：“{source.quote}”"
