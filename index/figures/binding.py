"""Bind each figure of a sentence to the words that it is a figure of.

Reports put the noun before the figure (保障性租赁住房640套), after it (12条精品旅游线路), or leave it to an earlier
clause (一般公共预算收入2027.3亿元、增长9.8%).  Lists with 分别 are bound by position.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from index.figures.finding import find_figures
from index.figures.numerals import fold
from index.figures.wording import (
    COMPLETE_INDICATOR,
    INDICATOR_HEAD,
    LEADING_VERB,
    carries_subject,
    has_noun,
    noun_of,
)
from index.types import Figure

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A figure and the spans of the words it belongs to; an empty span has start == end.

    `left` are the words before it in its clause (in a 分别 list its own item), `right` those after its unit.
    `subject` is what an earlier clause speaks of where this one has no noun of its own.  What a list says once:
    `tail` ends the last item and belongs to the others too (覆盖率 of 幼儿园、养老机构覆盖率分别达到), `predicate`
    are the words from 分别 on, or the verb before the first item.  `is_cell`: the figure is a table's; `subject` names
    its row and `left` its column.
    """

    figure: Figure
    left: Span
    right: Span
    subject: Span | None = None
    tail: Span | None = None
    predicate: Span | None = None
    is_cell: bool = False


_CLAUSE = "，,；;。：:！？!?\n()"
_CLAUSE_END = re.compile(rf"[{re.escape(_CLAUSE)}]")
_BORDER = re.compile(rf"[{re.escape(_CLAUSE)}、]")
_JOINED = re.compile(r"(?:[、和及与或]|以及)$")
_TRAIL = re.compile(r"(?:[、，,；;和与的“( ]|(?<![惠涉普])及)+$")
_JOINT = re.compile(r" ?(?:[和及与或]|以及)(?=.)")
_LEAD = re.compile(r"^(?:[、，,；;：:和及与或的” ]|以及|并且|其中|同时|此外|另外)+")
_RUN = re.compile(r" ?[、和及与，](?:以及)? ?")
# 认定企业136家、总数达411家: how many there are in all is not what the verb before did.
_TOTAL = re.compile(r"总[数量]|累计|现有|目前|存量|拥有")
# 城镇、农村居民收入: items of which only the last is printed in full.
_HALVES = frozenset(
    {"一", "第一", "国", "省", "市", "城", "城镇", "城市", "省级", "市级", "国家级", "进口", "规上", "国内"}
)
_LONGEST_SUBJECT = 60
# Measured in these, a figure says something of the noun before it, never of one after it.
_UNCOUNTED = frozenset({"growth", "share", "points", "multiple", "rank"})


def _masked(folded: str, figures: list[Figure]) -> str:
    """The text with the borders inside quotation marks and inside brackets without figures taken out."""

    def blank(match: re.Match[str]) -> str:
        if match.group()[0] == "(" and any(match.start() < f.start < match.end() for f in figures):
            return match.group()
        return _BORDER.sub("\x00", match.group())

    return re.sub(r"“[^“”]{1,40}”|《[^《》]*》|\([^()]{1,30}\)", blank, folded)


class _Sentence:
    """A sentence with its figures, dates and ordinals left out, and the clauses they stand in."""

    def __init__(self, text: str) -> None:
        self.folded = fold(text)
        self.figures = [f for f in find_figures(text) if f.kind not in ("date", "ordinal")]
        self.masked = _masked(self.folded, self.figures)
        self.lefts: list[Span] = []
        self.rights: list[Span] = []
        for k in range(len(self.figures)):
            self._bound_left(k)
        for k in range(len(self.figures)):
            self._bound_right(k)

    def words(self, span: Span) -> str:
        return self.masked[span[0] : span[1]]

    def clause_start(self, at: int) -> int:
        return max(self.masked.rfind(border, 0, at) for border in _CLAUSE) + 1

    def between(self, k: int) -> str:
        """The words between figure `k - 1` and figure `k`."""
        return self.masked[self.figures[k - 1].end : self.figures[k].start]

    def same_clause(self, k: int) -> bool:
        """Whether no comma parts figure `k` from the one before it."""
        return k > 0 and not any(border in self.between(k) for border in _CLAUSE)

    def _bound_left(self, k: int) -> None:
        start, end = self.clause_start(self.figures[k].start), self.figures[k].start
        if self.same_clause(k):
            previous, words = self.figures[k - 1].end, self.between(k)
            if not words.strip():
                start, end = self.lefts[k - 1]  # 改造44个25319户
            elif joint := _JOINT.match(words):
                start = previous + joint.end()  # 建议242件和提案429件
            elif _JOINED.search(words):
                start = end  # 10个A和20个B
            elif "、" in words:
                start = previous + words.index("、") + 1
            else:
                start = self.lefts[k - 1][0]  # 亿元以上产业项目投资额达到357亿元
        self.lefts.append((start, end))

    def _bound_right(self, k: int) -> None:
        start = self.figures[k].end
        border = _BORDER.search(self.masked, start)
        end = border.start() if border else len(self.masked)
        if k + 1 < len(self.figures) and self.figures[k + 1].start <= end:
            following = self.figures[k + 1]
            words = self.between(k + 1)
            if not words.strip() and following.kind == "amount":  # 4个10万吨级液体泊位
                after = _BORDER.search(self.masked, following.end)
                end = after.start() if after else len(self.masked)
                if k + 2 < len(self.figures):
                    end = min(end, self.figures[k + 2].start)
                end = end if end > following.end else start
            else:
                end = start if LEADING_VERB.match(words) or _JOINT.match(words) else following.start
        elif k + 1 < len(self.figures) and _JOINED.search(self.between(k + 1)) and self.same_clause(k + 1):
            end = self.figures[k + 1].start  # 3个A、B和5个C
        elif border and border.group() == "、":
            clause = _CLAUSE_END.search(self.masked, start)
            far = clause.start() if clause else len(self.masked)
            alone = k + 1 >= len(self.figures) or self.figures[k + 1].start >= far
            if alone and not LEADING_VERB.match(self.masked, end + 1, far):
                end = far  # 2个带动能力强、就业容量大的特色产业
        self.rights.append((start, end))

    def trim(self, span: Span) -> Span:
        """Without conjunctions, commas, quotation marks and blanks at either end."""
        start, end = span
        while start < end and (lead := _LEAD.match(self.masked[start:end])):
            start += lead.end()
        if trail := _TRAIL.search(self.masked, start, end):
            end = trail.start()
        return (start, end)

    def runs(self) -> list[list[int]]:
        """The lists of two figures and more with only 、 or 和 between them, by number."""
        found: list[list[int]] = []
        for k in range(1, len(self.figures)):
            if not _RUN.fullmatch(self.between(k)):
                continue
            if found and found[-1][-1] == k - 1:
                found[-1].append(k)
            else:
                found.append([k - 1, k])
        return found

    def pair(self, k: int) -> bool:
        """城乡低保标准提高到815元和615元: two figures of one unit, one for each half of 城乡."""
        if k + 1 >= len(self.figures) or not re.fullmatch(r"[、和]", self.between(k + 1)):
            return False
        return self.figures[k].unit == self.figures[k + 1].unit and self.figures[k].kind == self.figures[k + 1].kind

    def items(self, span: Span, count: int) -> list[Span]:
        """Split the words before 分别 into `count` items; an empty list if they don't split so."""
        words = self.words(span)
        if not words:
            return []
        for pattern in (r"、", r"、|(?:以及|和|与|及)(?=[^、和与及]*$)", r"、|以及|和|与|及"):
            cuts = [m.span() for m in re.finditer(pattern, words)]
            if len(cuts) == count - 1:
                edges = [0, *(edge for cut in cuts for edge in cut), len(words)]
                pieces = [(span[0] + a, span[0] + b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
                return pieces if all(a < b for a, b in pieces) else []
        if count == 2 and (both := re.search("城乡", words)):
            at = span[0] + both.start()
            return [(at, at + 1), (at + 1, span[1])]
        return []

    def tail(self, items: list[Span]) -> int:
        """Where the words begin that end the last item and belong to all: 周转量 in 公路、水运周转量."""
        start, end = items[-1]
        words = self.words(items[-1])
        first = self.words(items[0])
        if first in _HALVES and len(words) > len(first):
            return start + len(first)
        for length in (4, 3, 2):
            if len(first) > length and (at := words.rfind(first[-length:])) >= 0:
                return start + at + length  # 城市低保和农村低保标准: what follows the ending that both have
        others = [self.words(item) for item in items[:-1]]
        complete = any(INDICATOR_HEAD.search(item) or COMPLETE_INDICATOR.search(item) for item in others)
        head = INDICATOR_HEAD.search(words)
        return start + head.start() if head and not complete else end


@dataclass(slots=True)
class _Topic:
    """What the sentence has been speaking of so far."""

    subject: Span | None = None
    parent: Span | None = None  # what 其中 breaks down
    verb: Span | None = None  # the verb before the first item of the running list


# 城镇新增就业：目标 7000人，完成 7500人: a table's row, in which a space parts the name of a column from its figure.
_ROW = re.compile(r"([^：，。；]{1,60})：(?=[^：，。；]{1,40} \S)")


def bind_figures(text: str) -> list[Binding]:
    """Bindings of the figures of a sentence in order; dates and ordinals are words here, not figures."""
    rows = [(binding, row_of(text, binding.figure.start)) for binding in _bound(text)]
    return [replace(binding, subject=row, is_cell=True) if row else binding for binding, row in rows]


def row_of(text: str, at: int) -> Span | None:
    """The name of the row, if the figure that begins there is a cell of a table that became this sentence."""
    row = _ROW.match(text)
    return row.span(1) if row and at > row.end() and text[at - 1] == " " else None


def _bound(text: str) -> list[Binding]:
    sentence = _Sentence(text)
    listed = _distributive(sentence)
    bindings: list[Binding] = []
    topic = _Topic()
    for k, figure in enumerate(sentence.figures):
        if k and re.search(r"[；;。！？\n]", sentence.between(k)):
            topic = _Topic()
        elif k and re.search(r"[，,]", sentence.between(k)):
            topic.parent = None
        left, right = sentence.trim(sentence.lefts[k]), sentence.trim(sentence.rights[k])
        fresh = k == 0 or sentence.lefts[k][0] != sentence.lefts[k - 1][0]
        if fresh and re.match(r"[、，,(]*其中", sentence.words(sentence.lefts[k])):
            topic.parent = topic.subject
        binding = Binding(figure=figure, left=left, right=right)
        if k in listed:
            item = listed[k]
            bindings.append(
                replace(binding, left=item.left, subject=item.subject, tail=item.tail, predicate=item.predicate)
            )
            topic.subject = item.subject or item.left
            continue
        bindings.append(_completed(sentence, binding, topic, k))
    return _shared_right(sentence, bindings)


def _completed(sentence: _Sentence, binding: Binding, topic: _Topic, k: int) -> Binding:
    """The binding with what it takes from earlier clauses; notes in `topic` what it leaves to later ones."""
    left, right = sentence.words(binding.left), sentence.words(binding.right)
    own_left = has_noun(left)
    counted = binding.figure.kind not in _UNCOUNTED or (binding.figure.kind == "share" and not own_left)
    own_right = counted and has_noun(right)
    subject = topic.parent
    if not own_left and not own_right:
        subject = topic.subject or _previous_clause(sentence, binding.left[0])
    elif not own_right and carries_subject(left) and topic.subject:
        subject = topic.subject
    points = k > 0 and binding.figure.kind == "points" and not own_left and sentence.figures[k - 1].unit == "%"
    if points and has_noun(sentence.words(sentence.lefts[k - 1])):
        # 税收占比由68%提高到74%，提高6个百分点: points are those of the percentage before them.
        subject = noun_of(sentence.masked, sentence.lefts[k - 1])
    predicate = None
    if verb := LEADING_VERB.match(left):
        topic.verb = (binding.left[0], binding.left[0] + verb.end())
    elif sentence.same_clause(k) and not _TOTAL.match(left):
        predicate = topic.verb
    else:
        topic.verb = None
    if own_right:
        topic.subject = binding.right
    elif own_left and not (carries_subject(left) and topic.subject):
        topic.subject = noun_of(sentence.masked, binding.left)
    elif topic.subject is None:
        topic.subject = subject
    return replace(binding, subject=subject, predicate=predicate)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """What a figure of a 分别 list is bound to."""

    left: Span
    subject: Span | None = None
    tail: Span | None = None
    predicate: Span | None = None


def _distributive(sentence: _Sentence) -> dict[int, _Item]:
    """The items of 分别 lists by the number of their figure."""
    bound: dict[int, _Item] = {}
    earlier: list[_Item] = []
    for run in sentence.runs():
        start, end = sentence.lefts[run[0]]
        words = sentence.words((start, end))
        at = start + _list_mark(sentence, words, run[0])
        items = sentence.items(sentence.trim((start, at)), len(run)) if at >= start else []
        if at >= start and not items:  # 收入30万元、50万元的村分别达到75%、55%: the items are figures themselves
            items = sentence.items(sentence.trim((sentence.clause_start(at), at)), len(run))
        if at >= start and not items and not words[: at - start].strip():
            items = _items_before(sentence, start, len(run))
        if items:
            tail = sentence.trim((sentence.tail(items), items[-1][1]))
            shared = tail if tail[0] < tail[1] else None
            predicate = sentence.trim((at, end))
            earlier = [
                _Item(left=sentence.trim(item), tail=None if item == items[-1] else shared, predicate=predicate)
                for item in items
            ]
            bound |= zip(run, earlier, strict=True)
        elif len(earlier) == len(run) and not has_noun(words.replace("分别", "")):
            for number, item in zip(run, earlier, strict=True):  # 、占比分别为3%、4% after a list of as many items
                bound[number] = replace(item, predicate=sentence.trim((start, end)))
    return bound


def _items_before(sentence: _Sentence, at: int, count: int) -> list[Span]:
    """推动A高铁、B高铁建设，分别完成50%和60%: the items stand in the clause before."""
    before = _previous_clause(sentence, at)
    counted = before and any(before[0] <= figure.start < before[1] for figure in sentence.figures)
    return sentence.items(before, count) if before and not counted else []


def _list_mark(sentence: _Sentence, words: str, first: int) -> int:
    """Where in the words before a list its items end: at 分别, or after 城乡; -1 if they are no items."""
    if "分别" in words:
        return words.rindex("分别")
    return words.index("城乡") + 2 if "城乡" in words and sentence.pair(first) else -1


def _previous_clause(sentence: _Sentence, at: int) -> Span | None:
    """The clause before the one that starts at `at`, if it says what both are about."""
    end = at
    while end > 0 and sentence.masked[end - 1] in "，,、 ":
        end -= 1
    if end == 0 or sentence.masked[end - 1] in "；;。！？\n:":
        return None
    span = (max(sentence.clause_start(end), end - _LONGEST_SUBJECT), end)
    return noun_of(sentence.masked, span) if has_noun(sentence.words(span)) else None


def _shared_right(sentence: _Sentence, bindings: list[Binding]) -> list[Binding]:
    """29处、投资34亿元的供水工程, 50亿元、100亿元以上项目: what follows the last belongs to all of the list."""
    result = list(bindings)
    for k in range(len(bindings) - 1, 0, -1):
        start = sentence.rights[k][0]
        passed_on = k < len(bindings) - 1 and result[k].right == result[k + 1].right
        alike = _RUN.fullmatch(sentence.between(k)) and result[k].figure.unit == result[k - 1].figure.unit
        shares = passed_on or alike or sentence.masked[start : start + 1] == "的"
        if shares and sentence.same_clause(k) and not has_noun(sentence.words(result[k - 1].right)):
            result[k - 1] = replace(result[k - 1], right=result[k].right)
    return result


def indicator_of(text: str, figure: Figure) -> str:
    """The words a figure belongs to, put together from its binding in `text`; "" if the figure is not bound there."""
    for binding in bind_figures(text):
        if binding.figure == figure:
            ordered = (binding.subject, binding.left, binding.tail, binding.predicate, binding.right)
            spans = [s for s in ordered if s and s[0] < s[1]]
            return "".join(dict.fromkeys(text[a:b] for a, b in spans))
    return ""
