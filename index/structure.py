"""Headings of a report rebuilt from its numbering, and what they say of each paragraph.

Reports come as paragraphs in a row, rarely with marked headings: 一、 （一） 1. 第一， 一是 —— stand on lines
of their own or open a paragraph (（一）强化创新。提升质效…); parts may carry no number at all (2023年工作回顾).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from index.periods import passage_timing, sentence_timing
from index.text import split_clauses, split_sentences
from index.types import Paragraph, Period, Role

__all__ = ["Block", "build_paragraphs", "section_at", "topic_spans"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph as a loader found it; `level` (from 1) where the format itself marks it as a heading.

    `doubtful`: spans of the text that the loader is not sure to have read right.
    """

    text: str
    level: int | None = None
    page: int | None = None
    doubtful: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Heading:
    """`rank`: the lower, the higher up.  `reach`: how many paragraphs after its own stand below it too."""

    rank: int
    text: str
    reach: float = math.inf


# Marked headings come above all others: level 1 has rank -9.
_RANK_OF_MARKED = -10
_RANK_OF_PART, _RANK_OF_ANNEX_TITLE, _RANK_OF_CHAPTER, _RANK_OF_SECTION = 0, 1, 2, 3
_RANK_OF_POINT, _RANK_OF_LINE, _RANK_OF_SENTENCE = 6, 7, 8

_NUMERAL = "[一二三四五六七八九十]"
_MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (_RANK_OF_CHAPTER, re.compile(rf"第{_NUMERAL}{{1,3}}(?:部分|章|篇)[、，：:\s]*")),
    (_RANK_OF_CHAPTER, re.compile(rf"{_NUMERAL}{{1,3}}\s*[、．.]\s*(?!{_NUMERAL}{{1,2}}、)")),
    (_RANK_OF_SECTION, re.compile(rf"[（(]\s*{_NUMERAL}{{1,3}}\s*[）)]\s*|[㈠-㈩]\s*")),
    (4, re.compile(r"\d{1,2}\s*[、．.]\s*(?=\d{4}年|\D)")),
    (5, re.compile(r"[（(]\s*\d{1,2}\s*[）)]\s*")),
    (_RANK_OF_POINT, re.compile(rf"第{_NUMERAL}{{1,2}}[，、：,]\s*|(?:首先|其次|再次|最后)[，,]|[—―]{{1,2}}\s*")),
    (_RANK_OF_POINT, re.compile(rf"{_NUMERAL}{{1,2}}(?:是|要(?![素求点]))")),
)

_FINAL = "。！？；：，、!?;:,"
_LONGEST_HEADING = 60
_LONGEST_INLINE = 50
# Some files lose the break after the heading of a part: 一、2023年工作回顾过去的一年，…
_GLUED = re.compile(
    r".{0,22}?(?:工作回顾|工作总结|工作安排|工作部署|主要任务|重点工作|主要工作|自身建设)(?=\s|[^，。、；的和及与情主]{2})"
)
_PART = re.compile(
    r"^(?=.{0,30}$)(?!首先|其次|最后|下面).*(?:[\d一二三四五六七八九〇○]{4}年|过去.{0,3}年|去年|今年|上年|“.{1,2}五”|今后.{1,3}年).{0,16}"
    r"(?:回顾|总结|安排|部署|任务|目标|打算|成就|建议|情况|工作|要求|展望)$|^结束?语$"
)
_ANNEX = re.compile(r"^(?:附件|附录|附表|附注)\s*[\d一二三四五六七八九十]{0,2}\s*[：:]?.{0,20}$")
_GLOSSARY = re.compile(r"^.{0,30}(?:解释|注释|用语说明)[）)]?$")
_FIGURE = re.compile(r"(?<!\d)(?!\d{4}年)\d|百分之")
_LEAD_IN = re.compile(r"以下|如下|下列|[几一二两三四五六七八九十]+个?方面")
_SALUTATION = re.compile(r"^各位(?:代表|委员|主任)")
_FRONT = re.compile(r"各位(?:代表|委员|主任)|代表.{0,16}政府|报告(?:政府)?工作|审议")
_LONGEST_FRONT, _LONGEST_TITLE = 12, 80
_NO_TOPIC = re.compile(
    r"^(?:各位|今年|去年|一年来|五年来|过去|同时|我们|这|为此|现在|此外|其中|让|回顾)|[：:]|以下|如下|(?<!求)是"
    r"|^(?:全面|圆满|顺利|高质量)?(?:完成|建成|获|新增|入选|荣获|成功|成立|制定|出台|召开|举办|编制)"
)
_PLAN_OPENS = re.compile(r"^.{0,16}?今年.{0,24}?(?:总体要求|总体思路|主要预期目标|主要目标|工作要求)(?:建议)?(?:是|为)")
# （二）… in the middle of a paragraph, where a file lost its breaks.
_EMBEDDED = re.compile(rf"(?<=[。！？；：])[（(]{_NUMERAL}{{1,3}}[）)][^。！？；：]{{2,50}}(?=[。！？；：])")


class _Outline:
    """The headings above the paragraph being read."""

    def __init__(self) -> None:
        self.path: list[_Heading] = []

    @property
    def part(self) -> str:
        """The report's part, chapter or annex; "" while only sections have been seen."""
        return self.path[0].text if self.path and self.path[0].rank <= _RANK_OF_CHAPTER else ""

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(heading.text for heading in self.path)

    def enter(self, heading: _Heading) -> None:
        self.leave(heading.rank)
        self.path.append(heading)

    def leave(self, rank: int) -> None:
        """Ends what stands at this rank and below."""
        self.path = [heading for heading in self.path if heading.rank < rank]

    def leave_sections(self) -> None:
        self.path = [h for h in self.path if h.rank <= _RANK_OF_CHAPTER or h.rank >= _RANK_OF_LINE]

    def pass_on(self) -> None:
        """Goes on to the next paragraph: headings that reach no further end."""
        self.path = [replace(heading, reach=heading.reach - 1) for heading in self.path if heading.reach > 0]


def build_paragraphs(blocks: Sequence[Block], *, report: str, delivered: int) -> tuple[Paragraph, ...]:
    """The numbered paragraphs of a report delivered in the year `delivered`, each with headings, period and role."""
    paragraphs: list[Paragraph] = []
    outline = _Outline()
    timing: tuple[Period | None, Role] = (None, "other")
    front = _front_matter(blocks)
    # Some converters put every linked word on a line of its own; there a short line is no heading.
    broken = sum(block.text[0] in "》，、。；）" for block in blocks) >= 3
    for i, block in enumerate(blocks):
        part, above = outline.part, outline.texts
        starts_afresh = i == 0 or paragraphs[-1].is_heading or blocks[i - 1].text[-1] in "。！？；：”）"
        own_line = inline = None
        if i >= front:
            after = blocks[i + 1].text if i + 1 < len(blocks) else ""
            if above and _ANNEX.match(blocks[i - 1].text):
                own_line = _annex_title(block.text)
            own_line = own_line or _heading_on_its_own(block, after, starts_afresh=starts_afresh, broken=broken)
            inline = None if own_line else _heading_inline(block.text)
        if _SALUTATION.match(block.text):
            outline.leave_sections()
        if timing[1] == "done" and _PLAN_OPENS.match(block.text):
            outline, timing = _Outline(), (None, "other")  # the heading of the plan is lost
        if heading := own_line or inline:
            outline.leave(heading.rank)
            above = outline.texts
            outline.enter(heading)
        elif i >= front and (marker := _marker(block.text)):
            outline.leave(marker[0])  # an item that is no heading ends the one before it
        if outline.part != part and timing[1] == "done":
            timing = (None, "other")  # a new part after the review: its heading or text must say what it is
        timing = _timed(outline.texts, block.text, delivered, timing)
        headings = above if own_line else outline.texts
        if not heading and starts_afresh and (topic := _only_topic(block.text)):
            headings = (*headings, topic)
        paragraphs.append(
            Paragraph(
                report=report,
                number=i + 1,
                text=block.text,
                headings=headings,
                period=timing[0],
                role=timing[1],
                is_heading=own_line is not None or (i == 0 and front > 0),
                page=block.page,
                doubtful=block.doubtful,
            )
        )
        outline.pass_on()
        for embedded in _EMBEDDED.findall(block.text):
            outline.enter(_Heading(_RANK_OF_SECTION, embedded))
    untold = list(takewhile(lambda paragraph: paragraph.role == "other", paragraphs))
    if _tells_of_results(untold, delivered):
        # A review without its heading: an excerpt, or a file that lost its opening.
        period = Period(first=delivered - 1, last=delivered - 1)
        paragraphs[front : len(untold)] = [replace(p, period=period, role="done") for p in untold[front:]]
    return tuple(paragraphs)


def _timed(
    headings: Sequence[str], text: str, delivered: int, inherited: tuple[Period | None, Role]
) -> tuple[Period | None, Role]:
    if any(_GLOSSARY.match(heading) for heading in headings):
        return None, "other"  # what a glossary says in passing (为完成2023年目标…) times nothing
    told = [heading for heading in headings if not _ANNEX.match(heading)]
    if len(told) < len(headings):
        inherited = (None, "other")  # 附件1 is neither review nor plan; its title may say more
    return passage_timing(told, text, delivered=delivered, inherited=inherited)


def _tells_of_results(paragraphs: Sequence[Paragraph], delivered: int) -> bool:
    """Whether 完成, 建成, 获评… outweigh 将, 力争, 计划…: 5 to 1 and more in reviews, 2 to 1 at most in plans."""
    roles = [
        sentence_timing(clause.text.rstrip(_FINAL), None, delivered=delivered, passage=(None, "other"))[1]
        for paragraph in paragraphs
        for clause in split_clauses(paragraph.text)
    ]
    done = roles.count("done")
    return done >= 8 and done >= 4 * (roles.count("target") + roles.count("measure"))


def section_at(paragraph: Paragraph, offset: int) -> tuple[str, ...]:
    """The headings above the character at `offset`, those within the paragraph included."""
    topic = next((heading for start, end, heading in topic_spans(paragraph.text) if start <= offset < end), None)
    return paragraph.headings if topic is None or topic in paragraph.headings else (*paragraph.headings, topic)


def topic_spans(text: str) -> list[tuple[int, int, str]]:
    """Spans (start, end, heading) of a paragraph that open with a short sentence which acts as their heading.

    办好为民实事。超八成财政支出…完善住房保障…推动优质均衡。推进… has two.  The numbered heading that may open the
    paragraph is not among them.
    """
    sentences = split_sentences(text)
    topics = [
        (s.start, s.text.rstrip(_FINAL))
        for s, following in pairwise(sentences)
        if _is_topic(s.text, following.text, opens=s.start == 0)
    ]
    ends = [*(start for start, _ in topics[1:]), len(text)][: len(topics)]
    return [(start, end, heading) for (start, heading), end in zip(topics, ends, strict=True)]


def _only_topic(text: str) -> str | None:
    topics = topic_spans(text)
    return topics[0][2] if len(topics) == 1 and topics[0][0] == 0 else None


def _is_topic(sentence: str, following: str, *, opens: bool) -> bool:
    if marker := _marker(sentence):
        return not opens and len(sentence) <= 30 and sentence[-1] == "。" and not _FIGURE.search(sentence, marker[1])
    return (
        4 <= len(sentence) <= (22 if opens else 14)
        and sentence[-1] == "。"
        and not re.search("[，,]", sentence)
        and len(following) >= 15
        and not _FIGURE.search(sentence)
        and not _NO_TOPIC.search(sentence)
    )


def _marker(text: str) -> tuple[int, int] | None:
    """Rank and length of the numbering that opens a text."""
    for rank, pattern in _MARKERS:
        if match := pattern.match(text):
            return rank, match.end()
    return None


def _heading_on_its_own(block: Block, after: str, *, starts_afresh: bool, broken: bool) -> _Heading | None:
    text, final = block.text.rstrip("。：: "), block.text[-1]
    if block.level is not None:
        return _Heading(_RANK_OF_MARKED + block.level, text)
    if len(text) > _LONGEST_HEADING or re.search(r"[。！？；]", text) or _SALUTATION.match(text):
        return None
    if marker := _marker(text):
        return _numbered_line(text, final, *marker)
    if _ANNEX.match(text) or _GLOSSARY.match(text):
        return _Heading(_RANK_OF_PART, text)
    if _LEAD_IN.search(text):
        return None
    if _PART.match(text) and final != "。":
        return _Heading(_RANK_OF_PART, text)
    # A line without a full stop may be half of a sentence that a converter broke at a link or a footnote.
    if (
        not starts_afresh
        or not 4 <= len(text) <= 30
        or _FIGURE.search(text)
        or re.search("[：:]", text)
        or final in "，、；：:！？"
    ):
        return None
    if text[0] in "》，。、；：”）" or after[:1] in "》，。、；：”）" or not (len(after) >= 40 or _marker(after)):
        return None
    if final != "。":
        return None if broken and not text.startswith("关于") else _Heading(_RANK_OF_LINE, text)
    plain = len(text) > 24 or len(after) < 80 or re.search("[，、]", text) or _NO_TOPIC.search(text)
    return None if plain else _Heading(_RANK_OF_SENTENCE, text, reach=1)


def _annex_title(text: str) -> _Heading | None:
    plain = len(text) > _LONGEST_INLINE or text[-1] in _FINAL or _marker(text) or _GLOSSARY.match(text)
    return None if plain else _Heading(_RANK_OF_ANNEX_TITLE, text)


def _numbered_line(text: str, final: str, rank: int, length: int) -> _Heading | None:
    if len(text) <= length + 1 or final in "，、；":
        return None
    if rank > _RANK_OF_SECTION and _FIGURE.search(text, length):
        return None
    if final == "。" and ((rank > _RANK_OF_SECTION and len(text) > 34) or re.search("[：:]", text)):
        return None
    return _Heading(rank, text, reach=math.inf if rank < _RANK_OF_POINT or text[0] == "第" else 1)


def _heading_inline(text: str) -> _Heading | None:
    marker = _marker(text)
    if marker is None:
        return None
    rank, length = marker
    reach = math.inf if rank < _RANK_OF_POINT else 0
    if rank == _RANK_OF_CHAPTER and (glued := _GLUED.match(text, length)):
        return _Heading(rank, text[: glued.end()].rstrip())
    first = re.match(rf"[^。！？；：:]{{2,{_LONGEST_INLINE}}}(?=[。！？；：:])", text[length:]) or re.match(
        r"[^。！？；：:，,]{2,40}(?=[，,])", text[length:]
    )
    if first is None or (rank > _RANK_OF_SECTION and _FIGURE.search(first[0])):
        return None
    return _Heading(rank, text[: length + first.end()], reach)


def _front_matter(blocks: Sequence[Block]) -> int:
    """How many blocks come before the report's first words: title, date, speaker."""
    titled = 1 if blocks and "报告" in blocks[0].text and len(blocks[0].text) <= _LONGEST_TITLE else 0
    for i, block in enumerate(blocks[titled:_LONGEST_FRONT], start=titled):
        marker = _marker(block.text)
        if len(block.text) > _LONGEST_TITLE or _PART.match(block.text) or (marker and marker[0] < _RANK_OF_POINT):
            break
        if _FRONT.search(block.text):
            return i
    return titled
