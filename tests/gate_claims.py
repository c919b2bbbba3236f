"""True claims about reports: half of what the gate is measured by.

Everything is drawn from reports with a seeded generator; nothing here uses the gate's own code.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from random import Random

from index.errors import UnknownReport
from index.figures import find_figures
from index.periods import sentence_timing
from index.text import normalise, split_clauses, split_sentences
from index.types import Figure, Paragraph, Report, Role
from rag.types import Citation, Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A claim with its citation: `kind` says how it was made, `body` is the claim without label and mark."""

    kind: str
    label: str
    body: str
    paragraph: Paragraph
    report: Report
    citation: Citation
    role: Role
    mark: str = "[1]"

    @property
    def claim(self) -> Claim:
        return Claim(text=f"{self.label}{self.body}。{self.mark}", citations=(1,))


class Library:
    """Reports by id, as the gate looks them up.  Each look-up raises UnknownReport for what is not there."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self.reports = {report.id: report for report in reports}

    def report(self, report: str) -> Report:
        if report not in self.reports:
            raise UnknownReport(report)
        return self.reports[report]

    def paragraph(self, report: str, number: int, /) -> Paragraph:
        paragraphs = self.report(report).paragraphs
        if not 1 <= number <= len(paragraphs):
            raise UnknownReport(f"{report}#{number}")
        return paragraphs[number - 1]

    def delivered(self, report: str, /) -> int:
        return self.report(report).year

    def region(self, report: str, /) -> str:
        return self.report(report).region


def cite(report: Report, paragraph: Paragraph, quote: str) -> Citation:
    start = paragraph.text.index(quote)
    return Citation(
        mark=1,
        report=report.id,
        title=report.title,
        region=report.region,
        year=report.year,
        section=paragraph.headings,
        paragraph=paragraph.number,
        page=paragraph.page,
        start=start,
        end=start + len(quote),
        quote=quote,
        sha256=hashlib.sha256(paragraph.text.encode()).hexdigest(),
    )


# True claims -------------------------------------------------------------------------------------


def _stripped(text: str) -> str:
    return text.strip(" \u3000，,；;。：:、！？")


def counts(text: str) -> list[Figure]:
    """The figures of a text, dates and ordinals aside."""
    return [figure for figure in find_figures(text) if figure.kind not in ("date", "ordinal")]


def true_claims(reports: Sequence[Report], random: Random, count: int) -> list[Case]:
    """`count` true claims: verbatim clauses and sentences, labelled, unfolded and in other spellings."""
    spots = [
        (report, paragraph)
        for report in reports
        for paragraph in report.paragraphs
        if not paragraph.is_heading and paragraph.period is not None and len(paragraph.text) > 12
    ]
    figured = [spot for spot in spots if re.search(r"\d[^年月日]", spot[1].text)]
    listed = [spot for spot in figured if any(len(m["one"]) <= 4 for m in _TWO_ITEMS.finditer(spot[1].text))]
    makers = [
        (_verbatim, spots),
        (_labelled, figured),
        (_in_running_text, figured),
        (_restored, figured),
        (_merged, figured),
    ]
    makers += [(_sentence, figured), (_respelled, figured), (_unfolded, listed)]
    made: list[Case] = []
    seen: set[tuple[str, str]] = set()
    turn = 0
    while len(made) < count:
        maker, among = makers[turn % len(makers)]
        report, paragraph = random.choice(among)
        case = maker(report, paragraph, random)
        turn += 1
        if case is not None and (report.id, case.claim.text) not in seen:
            seen.add((report.id, case.claim.text))
            made.append(case)
    return made


def _case(
    kind: str, report: Report, paragraph: Paragraph, sentence: str, quote: str, body: str, *, label: bool = False
) -> Case:
    figures = counts(quote)
    at = sentence.index(quote)
    span = (at + figures[0].start, at + figures[0].end) if figures else None
    period, role = sentence_timing(sentence, span, delivered=report.year, passage=(paragraph.period, paragraph.role))
    goal = "目标" if figures and role in ("target", "measure") else ""
    text = f"{report.region}{period or ''}{goal}：" if label else ""
    return Case(
        kind=kind,
        label=text,
        body=body,
        paragraph=paragraph,
        report=report,
        citation=cite(report, paragraph, quote),
        role=role,
    )


def _clause(paragraph: Paragraph, random: Random) -> tuple[str, str] | None:
    """A sentence and one of its clauses that says something."""
    sentence = random.choice(split_sentences(paragraph.text)).text
    clauses = [clause for c in split_clauses(sentence) if len(clause := _stripped(c.text)) >= 6]
    figured = [clause for clause in clauses if counts(clause)]
    if figured and random.random() < 0.8:
        clauses = figured
    clauses = [
        clause
        for clause in clauses
        if not re.search(r"\[\d+\]", clause)
        and clause.count("“") == clause.count("”")
        and clause.count("《") == clause.count("》")
    ]
    return (sentence, random.choice(clauses)) if clauses else None


def _verbatim(report: Report, paragraph: Paragraph, random: Random) -> Case | None:
    found = _clause(paragraph, random)
    return found and _case("verbatim", report, paragraph, found[0], found[1], found[1])


def _labelled(report: Report, paragraph: Paragraph, random: Random) -> Case | None:
    found = _clause(paragraph, random)
    return found and _case("labelled", report, paragraph, found[0], found[1], found[1], label=True)


def _in_running_text(report: Report, paragraph: Paragraph, random: Random) -> Case | None:
    """2022年，鲤城区…: year and place as words of the sentence."""
    case = _labelled(report, paragraph, random)
    match = case and re.fullmatch(r"(.+?)(\d{4}(?:—\d{4})?年)(目标)?：", case.label)
    if (
        case is None
        or not match
        or re.match(r"\d|（|其中|同比|比|较|分别|增长|下降|是|占|全|我|本|.{0,6}年", case.body)
    ):
        return None
    return replace(case, kind="in running text", label=f"{match[2]}，{match[1]}{match[3] or ''}")


def _restored(report: Report, paragraph: Paragraph, random: Random) -> Case | None:
    """A clause without a subject of its own, the words of the clause before it put before it in brackets."""
    sentence = random.choice(split_sentences(paragraph.text)).text
    clauses = [_stripped(clause.text) for clause in split_clauses(sentence)]
    for before, clause in pairwise(clauses):
        first = next(iter(counts(before)), None)
        if first and 4 <= first.start <= 20 and re.match(r"(?:同比)?(?:增长|下降|提高)[\d.]+(?:%|个百分点)$", clause):
            subject = before[: first.start]
            if not re.search("分别|[，。（）]", subject):
                return _case("restored", report, paragraph, sentence, clause, f"（{subject}）{clause}", label=True)
    return None


def _merged(report: Report, paragraph: Paragraph, random: Random) -> Case | None:
    """Clauses of two sentences of the paragraph, joined by a semicolon."""
    one, other = _clause(paragraph, random), _clause(paragraph, random)
    if one is None or other is None or one[0] == other[0] or len(counts(one[1])) + len(counts(other[1])) < 2:
        return None
    return _case("merged", report, paragraph, one[0], one[1], f"{one[1]}；{other[1]}")


def _sentence(report: Report, paragraph: Paragraph, random: Random) -> Case | None:
    sentence = random.choice(split_sentences(paragraph.text)).text
    body = _stripped(sentence)
    if len(counts(body)) < 2 or len(body) > 160:
        return None
    return _case("several figures", report, paragraph, sentence, body, body)


_WIDE = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
_HAN_DIGITS = "零一二三四五六七八九"


def _respelled(report: Report, paragraph: Paragraph, random: Random) -> Case | None:
    """The same figure otherwise: full-width, with thousands separators, in 万, in Chinese numerals."""
    found = _clause(paragraph, random)
    if found is None or not (figures := [f for f in counts(found[1]) if f.kind != "rank" and f.upper is None]):
        return None
    sentence, clause = found
    figure = random.choice(figures)
    spelt = random.choice([_in_wide_digits, _with_separators, _in_ten_thousands, _in_tenths])(figure)
    if spelt is None:
        return None
    body = clause[: figure.start] + spelt + clause[figure.end :]
    return _case("respelled", report, paragraph, sentence, clause, body, label=random.random() < 0.5)


def _in_wide_digits(figure: Figure) -> str | None:
    return figure.text.translate(_WIDE)


def _with_separators(figure: Figure) -> str | None:
    return re.sub(r"(?<![\d.])\d{4,6}(?![\d.])", lambda match: f"{int(match[0]):,}", figure.text)


def _in_ten_thousands(figure: Figure) -> str | None:
    match = re.fullmatch(r"(\D*)(\d{4,7})(?![万亿])(\D+)", figure.text)
    if match is None or match[3][0] in "多余年" or figure.unit in ("年", ""):
        return None
    return f"{match[1]}{format((Decimal(match[2]) / 10000).normalize(), 'f')}万{match[3]}"


def _in_tenths(figure: Figure) -> str | None:
    match = re.fullmatch(r"(\D*)([1-9])0%(\D*)", normalise(figure.text))
    return None if match is None else f"{match[1]}{_HAN_DIGITS[int(match[2])]}成{match[3]}"


_TWO_ITEMS = re.compile(
    r"(?:^|[，；。])(?P<one>[^，；。、“”（）\d]{2,12})(?:、|和)(?P<other>[^，；。、“”（）\d和]{2,20}?)分别(?P<verb>[^，；。、\d超近约]{1,8})"
    r"(?P<first>[超近约]?[\d.]+[^，；。、\d和]{1,4})[、和](?P<second>[超近约]?[\d.]+[^，；。、\d]{1,4})(?=[，；。])"
)


def _unfolded(report: Report, paragraph: Paragraph, random: Random) -> Case | None:
    """One item of 甲、乙分别增长3%、4%; what the items share stands with the last (城镇、农村居民人均可支配收入)."""
    found = [
        match for match in _TWO_ITEMS.finditer(paragraph.text) if len(match["one"]) <= min(4, len(match["other"]) - 2)
    ]
    if not found:
        return None
    match = random.choice(found)
    sentence = next(s.text for s in split_sentences(paragraph.text) if match[0].lstrip("，；。") in s.text)
    one, other = match["one"], match["other"]
    item, value = random.choice([(one + other[len(one) :], match["first"]), (other, match["second"])])
    return _case(
        "unfolded", report, paragraph, sentence, match[0].lstrip("，；。"), f"{item}{match['verb']}{value}", label=True
    )
