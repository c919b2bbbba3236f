"""Reports cut into statements: a sentence with what its place says about it, each figure with what it belongs to."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from index.figures import Binding, bind_figures
from index.periods import Timing, running_timings, sentence_timing
from index.structure import topic_spans
from index.text import normalise, simplify, split_clauses, split_sentences
from index.types import Figure, Paragraph, Period, Report, Role

_KEPT_REPORTS = 400
_EDGE = "，,、；; "
# 从2.77%提高到3.3%: the first figure is where the change starts, not what came of it.
_BASE = re.compile(r"[从由][^，,。；;]{0,7}$")
_CHANGE = re.compile(
    r"[^，,。；;]{0,4}?(提高|增加|增长|上升|提升|扩大|下降|减少|降低|降|回落|缩小|压减|拓展|增|升|调整)[^，,。；;]{0,3}?[到至为]"
)


# 生产总值迈上6万亿元台阶、达到62661亿元: the second figure has a verb of its own.
_REACHES = re.compile("[，,、]?(?:达|突破|超过|升至|增至|提高到)")
_STEPS_UP = re.compile("(?:迈[上入过]|跨[上入越过]|[站跃踏登]上|突破|超过|升至|增至|达到?)了?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A figure of a statement with the words it belongs to.

    `own` are those words, `near` what its clause and the one before say up to them, `earlier` and `later` the rest
    of the sentence on either side, all normalised; `printed` is the figure with its own words, readable alone, and
    `indicator` those words without it; `clause` the span of its clause in the statement's text.  `is_base` marks the
    figure that a change starts from.
    """

    figure: Figure
    own: str
    printed: str
    indicator: str
    near: str
    earlier: str
    later: str
    is_base: bool
    clause: tuple[int, int]
    period: Period | None
    role: Role


class Statement:
    """A sentence of a paragraph; `start`/`end` are its span in the paragraph's text.

    `passage` is the timing of what it stands in, `heading` the nearest topic and headings and `before` the sentence
    before it, both normalised.
    """

    def __init__(
        self,
        *,
        paragraph: Paragraph,
        start: int,
        end: int,
        delivered: int,
        passage: Timing,
        heading: str,
        before: str,
        topic: str,
    ) -> None:
        self.paragraph = paragraph
        self.start, self.end = start, end
        self.delivered = delivered
        self.passage = passage
        self.text = paragraph.text[start:end]
        self.folded = _fold(self.text)
        self.heading = heading
        self.before = before
        self.topic = topic

    def __repr__(self) -> str:
        return f"Statement({self.paragraph.report}#{self.paragraph.number} {self.text[:30]!r})"

    @property
    def report(self) -> str:
        return self.paragraph.report

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        return tuple((clause.start, clause.end) for clause in split_clauses(self.text)) or ((0, len(self.text)),)

    @cached_property
    def timing(self) -> tuple[Period | None, Role]:
        return sentence_timing(self.text, None, delivered=self.delivered, passage=self.passage)

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        read: list[Reading] = []
        for binding in bind_figures(self.text):
            figure = binding.figure
            if figure.kind == "date":
                continue
            position = next((i for i, (s, e) in enumerate(self.clauses) if s <= figure.start < e), 0)
            clause = self.clauses[position]
            first = self.clauses[max(0, position - 1)][0]
            before, after = _words(self.text, binding)
            printed = ITEM.sub("", f"{before}{figure.text}{after}".strip(_EDGE))
            if binding.is_cell and binding.subject is not None:
                clause = (binding.subject[0], clause[1])  # a cell without the name of its row says nothing
            period, role = sentence_timing(
                self.text,
                (figure.start, figure.end),
                delivered=self.delivered,
                passage=self.passage,
            )
            read.append(
                Reading(
                    figure=figure,
                    own=_fold(printed),
                    printed=printed,
                    indicator=ITEM.sub("", f"{before}{after}".strip(_EDGE)),
                    near=_fold(self.text[first : max(figure.end, binding.right[1])]),
                    earlier=_fold(self.text[: figure.end]),
                    later=_fold(self.text[figure.end :]),
                    is_base=bool(
                        _BASE.search(self.text[max(0, figure.start - 8) : figure.start])
                        and _CHANGE.match(self.text[figure.end :])
                    ),
                    clause=clause,
                    period=period,
                    role=role,
                )
            )
        return tuple(read)


def _fold(text: str) -> str:
    """Text as it is matched."""
    return simplify(normalise(text)).lower()


# 城乡低保标准分别增长…: each half by its own name.
_HALVES = {"城": "城镇", "乡": "农村"}


# 7.为6个乡镇配备…: the number of an item is no figure of what it says.
ITEM = re.compile(r"^[（(]?\d{1,2}[.．、)）](?!\d)\s*")


def _words(text: str, binding: Binding) -> tuple[str, str]:
    """What stands before the figure and after it: its subject and verb, in the report's words and order; a 分别 list
    is unfolded."""
    figure, (left, left_end), (_, right_end) = binding.figure, binding.left, binding.right
    if binding.predicate is not None and binding.predicate[0] >= left:
        item = text[left:left_end].strip(_EDGE)
        if item == "城" or text[left - 1 : left + 1] == "城乡":
            item = _HALVES[item[0]] + item[1:]
        shared = (binding.tail, binding.predicate)
        said = "".join(text[slice(*span)] for span in shared if span is not None).replace("分别", "")
        return f"{item}{said}", ""
    before = text[left : figure.start] if left_end > left else ""
    if binding.predicate is not None:  # 新增国家级1家、省级6家: the verb stands before the first item
        before = f"{text[slice(*binding.predicate)]}{before}"
    subject = text[slice(*binding.subject)] if binding.subject is not None else ""
    # 区域首店31家，其中全市首店12家: a part that is named by a word of the whole is named in full.
    if text[max(0, left - 3) : left].strip(_EDGE).endswith("其中") and before.strip(_EDGE)[-2:] in subject:
        subject = ""
    if _REACHES.match(before):
        subject = _STEPS_UP.sub("", subject)
    return f"{subject if subject not in before else ''}{before}", text[figure.end : max(right_end, figure.end)]


class Statements:
    """The statements of reports, made when first asked for and kept."""

    def __init__(self, open_report: Callable[[str], Report]) -> None:
        self._open = open_report
        self._kept: OrderedDict[str, tuple[Statement, ...]] = OrderedDict()
        self._lock = Lock()

    def of(self, report: str) -> tuple[Statement, ...]:
        """All statements of the report, in order."""
        with self._lock:
            if report in self._kept:
                self._kept.move_to_end(report)
                return self._kept[report]
        made = tuple(statements_of(self._open(report)))
        with self._lock:
            self._kept[report] = made
            while len(self._kept) > _KEPT_REPORTS:
                self._kept.popitem(last=False)
        return made

    def within(self, report: str, numbers: Container[int]) -> list[Statement]:
        """Those of the paragraphs of these numbers; the rest of the report is not read for them."""
        with self._lock:
            kept = self._kept.get(report)
        if kept is None:
            return list(statements_of(self._open(report), numbers))
        return [statement for statement in kept if statement.paragraph.number in numbers]


def statements_of(report: Report, numbers: Container[int] | None = None) -> Iterator[Statement]:
    """The statements of a report, or of its paragraphs of these numbers, in order."""
    for paragraph in report.paragraphs:
        if numbers is None or paragraph.number in numbers:
            yield from _cut(paragraph, report.year)


def _cut(paragraph: Paragraph, delivered: int) -> Iterator[Statement]:
    topics = topic_spans(paragraph.text)
    above = " ".join(
        re.sub(r"^[一二三四五六七八九十（）()\d、.．\s]+", "", heading) for heading in paragraph.headings[-2:]
    )
    before = ""
    sentences = split_sentences(paragraph.text)
    timings = running_timings(
        [sentence.text for sentence in sentences], delivered=delivered, passage=(paragraph.period, paragraph.role)
    )
    for sentence, passage in zip(sentences, timings, strict=True):
        topic = next((heading for start, end, heading in topics if start <= sentence.start < end), "")
        statement = Statement(
            paragraph=paragraph,
            start=sentence.start,
            end=sentence.end,
            delivered=delivered,
            passage=passage,
            heading=_fold(f"{topic} {above}"),
            before=before,
            topic=topic,
        )
        before = statement.folded
        yield statement
