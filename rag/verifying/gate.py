"""`verify`: marks, addresses and form of a claim, then each part of it against the paragraphs that it cites."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from index.errors import UnknownReport
from index.text import split_sentences
from index.types import Paragraph
from rag.types import Citation, Claim
from rag.verifying.faults import Fault
from rag.verifying.identity import (
    Match,
    absence,
    identity_faults,
    match_figures,
    misordered,
    other_figure_faults,
    repeated,
)
from rag.verifying.reckoning import is_reckoned, reckoning_faults, results_among, without_reckoning
from rag.verifying.setting import region_faults, year_faults
from rag.verifying.statements import Statement, read_statement
from rag.verifying.support import Passage, Place, Support, passage
from rag.verifying.wording import quotation_faults, wording_faults


class SourceText(Protocol):
    """Where reports are looked up.  Each method raises UnknownReport for what is not there."""

    def paragraph(self, report: str, number: int, /) -> Paragraph: ...
    def delivered(self, report: str, /) -> int: ...
    def region(self, report: str, /) -> str: ...


def verify(
    claim: Claim, citations: Mapping[int, Citation] | Sequence[Citation], source: SourceText, *, question: str = ""
) -> tuple[Fault, ...]:
    """What is wrong with the claim; () if it may be shown.

    `question` is what the claim answers: it says what a bare figure (590套。) is a figure of, and its plain words need
    not stand in the source; its names and figures must.
    """
    by_mark = citations if isinstance(citations, Mapping) else {citation.mark: citation for citation in citations}
    faults = [*_format_faults(claim.text), *_mark_faults(claim, by_mark)]
    passages: dict[int, Passage] = {}
    for mark in dict.fromkeys(claim.citations):
        if mark in by_mark:
            found = _passage(by_mark[mark], source)
            if isinstance(found, Fault):
                faults.append(found)
            else:
                passages[mark] = found
    if faults:
        return tuple(faults)
    operands: list[Match] = []
    for statements, support in _parts(claim, passages):
        faults += _part_faults(statements, support, question, operands, computed=claim.computed)
    return tuple(faults)


# Marks and addresses -----------------------------------------------------------------------------

_MARK = re.compile(r"\[(\d+)\]|【(\d+)】")
_MARKS = re.compile(r"((?:\[\d+\]|【\d+】)+)")


def _mark_numbers(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(a or b) for a, b in _MARK.findall(text)))


def _mark_faults(claim: Claim, by_mark: Mapping[int, Citation]) -> Iterator[Fault]:
    marks = _mark_numbers(claim.text)
    if not marks:
        yield Fault(kind="unknown_mark", text=claim.text, detail="这句话没有注明出处")
    elif set(marks) != set(claim.citations):
        yield Fault(kind="unknown_mark", text=str(marks), detail="句中的出处与所列的出处不一致")
    for mark in {*marks, *claim.citations} - by_mark.keys():
        yield Fault(kind="unknown_mark", text=f"[{mark}]", detail=f"没有编号为[{mark}]的出处")


def _passage(citation: Citation, source: SourceText) -> Passage | Fault:
    """The cited paragraph, if the citation is truly what stands at its address."""
    try:
        paragraph = source.paragraph(citation.report, citation.paragraph)
        delivered, region = source.delivered(citation.report), source.region(citation.report)
    except UnknownReport as error:
        return Fault(kind="altered_quote", text=citation.quote, detail=str(error))
    stands = (
        0 <= citation.start < citation.end <= len(paragraph.text)
        and paragraph.text[citation.start : citation.end] == citation.quote
        and hashlib.sha256(paragraph.text.encode()).hexdigest() == citation.sha256
        and (citation.region, citation.year) == (region, delivered)
    )
    if not stands:
        return Fault(kind="altered_quote", text=citation.quote, detail=f"出处[{citation.mark}]的引文与原文不一致")
    return passage(paragraph, region, delivered)


# Form --------------------------------------------------------------------------------------------

_LEFTOVERS = re.compile(
    r"\*\*|__|```|~~|^\s*#{1,6}\s|^\s*[-*+]\s|\|.*\||</?[A-Za-z|]|\{\{|\}\}|\ufffd|!?\[[^\]\d][^\]]*\]\("
    r"|作为(?:一[个名])?(?:AI|人工智能|智能助手|语言模型)|(?:根据|按照|基于)(?:以上|上述|提供|给定|所给|上面)的?(?:资料|材料|证据|内容|信息|文本|段落|片段)"
    r"|(?:^|\n)\s*(?:问题?|答案?|回答|证据|资料|段落|要求|示例|question|answer|assistant|user|system|context)\s*\d*[:：]",
    re.IGNORECASE | re.MULTILINE,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


def _format_faults(text: str) -> Iterator[Fault]:
    if left := _LEFTOVERS.search(text):
        yield Fault(kind="format", text=left[0], detail=f"句中有不该出现的“{left[0].strip()}”")
    if len(_LATIN.findall(text)) > max(11, len(_HAN.findall(text))):
        yield Fault(kind="format", text=text, detail="这句话不是中文")


# What is said ------------------------------------------------------------------------------------


def _parts(claim: Claim, passages: Mapping[int, Passage]) -> Iterator[tuple[list[Statement], Support]]:
    """The statements up to each group of marks, with what these cite; what follows the last rests on all of them."""
    pieces = _MARKS.split(claim.text)
    statement = Statement(body="", text="")
    for text, marks in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        if not re.search(r"\w", text):
            continue
        support = Support([passages[mark] for mark in (_mark_numbers(marks) or claim.citations)])
        statements = []
        for sentence in split_sentences(text):
            statement = read_statement(sentence.text, statement, support)
            statements.append(statement)
        yield statements, support


def _part_faults(
    statements: Sequence[Statement], support: Support, question: str, operands: list[Match], *, computed: bool
) -> list[Fault]:
    """What is wrong with statements that cite the same; `operands` are the figures before them and gain theirs."""
    faults: list[Fault] = []
    places: list[Place] = []
    for statement in statements:
        matches = match_figures(statement, support)
        missing = [match for match in matches if not match.places]
        reckoned = is_reckoned(statement.body, support) or (computed and bool(results_among(statement.body, matches)))
        if reckoned:
            faults += reckoning_faults(statement, matches, operands, support)
        else:
            faults += [absence(match.figure, support) for match in missing]
            faults += [*repeated(matches), *misordered(matches)]
        for match in matches:
            if match.places and not (reckoned and match.is_bare):
                faults += identity_faults(match, statement, support, question)
        anchors, wrong = wording_faults(without_reckoning(statement) if reckoned else statement, support, question)
        faults += wrong
        operands += [match for match in matches if match.places and not reckoned]
        places += anchors + [place for match in matches for place in match.places]
    printed = "。".join(statement.printed for statement in statements)
    bare = "。".join(f"{statement.label}，{statement.text}" for statement in statements)
    faults += other_figure_faults(bare, support)
    faults += year_faults(printed, places, support)
    faults += region_faults(printed, bare, support)
    faults += quotation_faults(printed, support)
    return faults
