"""Statements cut into points: the shortest runs of their words that tell something by themselves.

A point is what a summary takes or leaves: a figure with what it is a figure of (城镇新增就业54.58万人), clauses that
lean on each other (减征社保费超3000万元，惠及企业近2万家次), or a distinction without a figure (入选全国首批试点).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from index.figures import Binding, bind_figures
from index.statements import Reading, Statement
from index.types import Period
from rag.types import PartKind

_SHORTEST, _LONGEST = 6, 90
_EDGE = " \t，,、；;。：:！!"
# A clause that opens so says something of the one before it.
LEANS = re.compile(
    r"(?:累计|共|总|可|预计|仅|已)*(?:同比|占|居(?!民)|位[居列]|排名?|分别|增[长幅速]|下降|降[至到]|提[高升]|回落"
    r"|惠及|受益|带动|辐射|覆盖|连续|(?:年度|当年)?(?:计划|完成)*总?投资(?!项目|增长|[^，]{0,4}比)|年度|各地|一半|从|由|使|将其|报销比例总量|总额|总数|规模(?!以上)|户均|人均(?!可支配|纯|住房|预期|地区)"
    r"|平均|均|全[国省市区县州]第|实现(?:翻|倍|零|两|[一二三四五六七八九十]+连)|累计达?\d|到资)"
)
# One that opens so adds a comparison or a part, which can be left away.
_ADDS = re.compile(r"(?:先发行|同?比(?!重|例|值|率)|较|其中|高于|低于|高出|快于|超[过额]?全[国省]|为历年|创)")
# What a region is proud of, with or without a figure.
DISTINCTION = re.compile(
    r"(?:[居列]|位[居列]|排名?|保持|稳居|蝉联|跃居|升至|进位至?|跻身|进入|荣?获|达)?"
    r"(?:全[国省市区州县球]|世界|亚洲|国内|中西?部|大陆|我[国省市])[^，。；]{0,12}?(?:第[一二三1-3]位?|首[位个批创家部例届]|榜首|唯一|百强|前[列十茅]|最[大高多快佳]|领先|率先)"
    r"|(?:首[次个批创]|率先|唯一|突破)[^，。；]{0,4}(?:全国|国家)|国家级[^，。；]{2,20}(?:获批|落地|揭牌)|(?:获批|入选|获评|荣获|上升为|纳入|晋升)[^，。；]{0,14}(?:国家|全国|全省|省级)"
    r"|(?:通车|投产|投运|竣工|通航|开通|贯通)"
)
_PLANNED_DISTINCTION = re.compile(
    r"(?:设立|实施|启动|推行|开展|打响|打造|建设|创建|办好|举办|制定|出台|上升为)[^，。；]{2,30}(?:国家战略|试点|示范区|工程|行动|计划|品牌|板|注册制|改革|基地|中心|运会)|首次"
)
_ANNOUNCED = re.compile(
    r"[^。；：:]{0,60}?(?:目标|任务|指标|安排|要求|方面|如下)[^，。；：:]{0,12}[：:]|(?:初步统计|初步核算|据统计|总的看)[，,]"
)
# What a report owns up to is no work done, though it stands in the review.
_SHORTCOMING = re.compile(
    r"短板|不足(?!\d)|不够|不强|不高|不优|不牢|有待|薄弱|偏[低弱慢少小]|差距(?!缩小)|(?:困难|挑战|问题|压力)(?:仍|依然|还|较|不少|突出)"
)
_OWNS_UP = re.compile(r"清醒|存在[^。]{0,12}(?:困难|问题|不足)|面临[^。]{0,12}(?:困难|挑战|问题)")
_OPENING_CHARACTERS = 60
# 主要体现在六个方面: counts what the report says, not what was done.
_COUNTS_TEXT = re.compile(r"[一二三四五六七八九十\d]个方面(?:的?工作)?[，。：:]?$")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]{2}")
_LABEL = re.compile(r"[^，。；：:]{2,14}：(?!\d)")
_OPENING = re.compile(
    r"^(?:[①-⑳]|[（(]?\d{1,2}[)）.．](?!\d))?(?:并|且|同时|此外)*(?:去年|今年|全年|一年来|\d{4}年)?(?:我[省市区县州])?"
    r"(?:全[省市区县州](?=地区生产总值|一般|经济|城镇|居民|规[上模]|固定|社会消费))?(?:全年)?"
    r"(?:(?:扎实|深入|大力|持续|全面|积极|切实|着力|稳步|有力|有序|高质量|高效|顺利|圆满|加快|继续|统筹)(?=推进|实施|开展|落实|完成|建成|安排|做好|实现|抓好|筹集|推动))?"
    r"(?:(?:完成|实现)(?!率|[“”了]|\d)(?=[^，。；]{0,16}\d))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Clauses of a statement, from `start` to `end` in its text, with the figures in them.

    One that `adds` (其中…, 比上年…) makes sense only after the point before it.
    """

    statement: Statement
    start: int
    end: int
    readings: tuple[Reading, ...]
    kind: PartKind
    period: Period | None
    adds: bool = False

    @property
    def text(self) -> str:
        return self.statement.text[self.start : self.end]

    @property
    def place(self) -> tuple[str, int, int]:
        """Report, paragraph and offset in it: the order of reading."""
        return self.statement.report, self.statement.paragraph.number, self.statement.start + self.start


def points_of(statement: Statement, wanted: Callable[[str], bool] | None = None) -> list[Point]:
    """The points of a statement in their order; none for headings and for passages that neither account nor plan,
    or own up to shortcomings.

    A clause without a figure is one if it tells a distinction, or if its text is `wanted`.
    """
    if statement.paragraph.is_heading or statement.paragraph.role == "other":
        return []
    if statement.paragraph.role == "done" and _OWNS_UP.search(statement.paragraph.text[:_OPENING_CHARACTERS]):
        return []
    made = (_point(statement, piece, wanted) for piece in _pieces(statement))
    return [point for point in made if point is not None]


@dataclass(frozen=True, slots=True)
class _Piece:
    """The span of a point; `adds` as in Point."""

    start: int
    end: int
    adds: bool


def _point(statement: Statement, piece: _Piece, wanted: Callable[[str], bool] | None) -> Point | None:
    start, end = piece.start, piece.end
    readings = tuple(
        reading for reading in statement.readings if start <= reading.figure.start and reading.figure.end <= end
    )
    text = statement.text[start:end]
    if _COUNTS_TEXT.search(text):
        return None
    if readings:
        period, role = readings[0].period, readings[0].role
    else:
        period, role = statement.timing
        telling = DISTINCTION if role == "done" else _PLANNED_DISTINCTION
        if role == "other" or _SHORTCOMING.search(text) or not _SHORTEST <= len(text) <= _LONGEST:
            return None
        if not telling.search(text) and not (wanted and wanted(text)):
            return None
    start, end = _trimmed(statement.text, start, end, readings)
    if not _names_something(statement.text[start:end], [reading.figure.text for reading in readings]):
        return None
    return Point(
        statement=statement,
        start=start,
        end=end,
        readings=readings,
        kind="done" if role == "done" else "planned",
        period=period,
        adds=piece.adds,
    )


def _names_something(text: str, figures: Sequence[str]) -> bool:
    """Whether words are left beside the figures (of PM2.5 set in small type a file may keep a line with 2.5 alone)."""
    for figure in figures:
        text = text.replace(figure, "", 1)
    return bool(_WORD.search(text))


def _pieces(statement: Statement) -> Iterator[_Piece]:
    """The spans of the points: clauses joined to those that they lean on, lists cut into their items."""
    text, clauses = statement.text, statement.clauses
    bindings = bind_figures(text)
    runs: list[list[int]] = []
    adding: set[int] = set()
    for number, (start, end) in enumerate(clauses):
        said = text[start:end].lstrip(_EDGE)
        first = number
        if number and LEANS.match(said):
            first = number - 1
        for binding in bindings:
            if start <= binding.figure.start < end and binding.subject and binding.subject[0] < start:
                first = min(first, _clause_of(clauses, binding.subject[0]))
        nearest = next((i for i, run in enumerate(runs) if run[-1] >= first), len(runs))
        leans = nearest < len(runs)
        if leans and not _ADDS.match(said) and end - clauses[runs[nearest][0]][0] <= _LONGEST:
            runs[nearest:] = [[*chain.from_iterable(runs[nearest:]), number]]
            continue
        if leans or (number and _ADDS.match(said)):
            adding.add(number)
        runs.append([number])
    for run in runs:
        spans = list(_items(text, clauses[run[0]][0], clauses[run[-1]][1], bindings))
        for start, end in spans:
            yield _Piece(start=start, end=end, adds=run[0] in adding and start == spans[0][0])


def _clause_of(clauses: Sequence[tuple[int, int]], at: int) -> int:
    return next((number for number, (start, end) in enumerate(clauses) if start <= at < end), 0)


def _items(text: str, start: int, end: int, bindings: Sequence[Binding]) -> Iterator[tuple[int, int]]:
    """停车位4255个、充电桩559个: cut where an item has its own noun and takes nothing from the one before it."""
    within = [binding for binding in bindings if start <= binding.figure.start < end]
    cuts = [
        after.left[0]
        for before, after in pairwise(within)
        if after.subject is None
        and after.predicate is None
        and before.right[1] <= after.left[0] < after.left[1]
        and text[before.figure.end : after.left[0]].rstrip(" ").endswith("、")
        and not LEANS.match(text, after.left[0])
        and "分别" not in text[start:end]
    ]
    yield from pairwise([start, *cuts, end])


def _trimmed(text: str, start: int, end: int, readings: Sequence[Reading]) -> tuple[int, int]:
    """Without what announces it, empty openings, and items of a list that have no figure."""
    if match := _ANNOUNCED.match(text, start, end) or _LABEL.match(text, start, end):
        start = match.end()
    if match := _OPENING.match(text[start:end]):
        start += match.end()
    if readings:
        start = min(start, readings[0].figure.start)
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end
