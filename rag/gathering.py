"""Lists that a report spreads over several sentences, gathered where the report itself proves them whole.

Either the report says how many there are (以下四个方面, 六大产业, 五个“干”) and just as many stand in a row, or each
item carries the asked label in so many words (全省首创).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from index.figures import read_numeral
from index.statements import Statement
from index.text import normalise
from rag.evidence import Finding
from rag.fitting import time_fault
from rag.terms import content_words, is_light
from rag.understanding import Ask
from rag.wording import ACTIONS

_NUMBER = r"(?<![\d十百千第几])(?P<number>[2-9]|1\d|[两二三四五六七八九十]|十[一二三四五六七八九])"
# 六大产业, 九个方面工作, 8件民生实事, 五个“干”: a number of things and the noun for them.
_COUNTED = re.compile(
    rf"{_NUMBER}(?:大类?|个方面|方面|个|项|件|条|类|种|点)(?P<noun>[“\"][^”\"]{{1,8}}[”\"]|[\u4e00-\u9fff]{{0,12}})"
)
_NOUN_ENDS = re.compile(r"分别|各|都|具体|包括|[是有指为]|进行|哪|什么|[的中里呢]")
# How the items of a row are marked; those of one row are marked alike.
_MARKERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<n>[一二三四五六七八九十]{1,3})(?:是|要(?![素求点]))",
        r"[（(]\s*(?P<n>[一二三四五六七八九十]{1,3})\s*[）)]\s*",
        r"第(?P<n>[一二三四五六七八九十]{1,3})[，、：,]",
        r"(?P<n>[一二三四五六七八九十]{1,3})\s*[、．.]",
        r"[（(]\s*(?P<n>\d{1,2})\s*[）)]\s*",
        r"(?P<n>\d{1,2})\s*[.．、]\s*(?!\d)",
    )
)
_PIECES = re.compile(r"[；;：:]")
_HEADING_ENDS = re.compile(r"[。；;：:，,！!]")
_LONGEST_ITEM = 40
# Between the words that announce a row and its first item nothing else may stand.
_FARTHEST = 2
# What a sentence on one of several things may open with before its name.
_LEAD = re.compile("(?:深入|大力|加快|全面|持续)?(?:实施|开展|推进|推动|发展|打造)")
_NO_NAME = re.compile(
    "力争|积极|持续|进一步|大力|着力|不断|深入|全面|加快|推[动进]|支持|打造|实施|开展|建设|培育|争[取创]|[要将把]"
)

# 全省首创, 全市首个、首创或率先: what a thing is the first in, and the place it is so in.
_LEVELS = "全国|全省|全区|全市|全县|全州|全球|世界|国内|省内|西部|中部|东北"
_STANDINGS = (
    ("首创", "首创"),
    ("率先", "率先"),
    ("唯一", "唯一"),
    ("领先", "领先"),
    ("首批", "首批"),
    ("第一(?!书记|产业|季度|批|轮|时间|[个家座条例])|首位", "第一(?!书记|产业|季度|批|轮|时间)|首位"),
    ("首[个家座条例]|第一[个家座条例]", "首[个家座条例]|第一[个家座条例]"),
)
_LABEL = re.compile(rf"(?P<level>{_LEVELS})?(?P<standing>{'|'.join(asked for asked, _ in _STANDINGS)})")
# Words that say no more than that something was done.
_ANYTHING = frozenset(
    "做法 经验 工作 成果 创新 亮点 举措 事项 荣誉 改革 案例 模式 方面 取得 获得 创造 属于 推出 形成 实现".split()
)


@dataclass(frozen=True, slots=True)
class _Item:
    statement: Statement
    start: int
    end: int


def gathered(ask: Ask, statements: Sequence[Statement]) -> list[Finding]:
    """The items that `ask` wants listed, in the report's order; [] where they are not known to be all.

    `statements` are those of one report, in order.
    """
    items = _labelled(ask, statements) or _counted(ask, statements)
    return [_finding(ask, item) for item in items]


def _finding(ask: Ask, item: _Item) -> Finding:
    period, role = item.statement.timing
    return Finding(
        ask=ask,
        statement=item.statement,
        score=1.0,
        carried=1.0,
        period=period,
        role=role,
        span=(item.start, item.end),
        is_item=True,
    )


# -- so many of a kind -----------------------------------------------------------------------------------


def _counted(ask: Ask, statements: Sequence[Statement]) -> list[_Item]:
    asked = next((match for match in _COUNTED.finditer(ask.text) if _noun(match)), None)
    if asked is not None and asked["noun"][:1] in ('"', "“"):
        return _called(_noun(asked), _number(asked["number"]), [one for one in statements if not _is_late(ask, one)])
    for position, statement in enumerate(statements):
        announced = _announced(statement, ask, asked)
        if announced is not None and not _is_late(ask, statement):
            number, rest = _number(announced["number"]), statements[position:]
            if items := _numbered(number, rest) or (_alike(_noun(asked), number, rest) if asked else []):
                # What the items are of is told where the question says less of it, or more, than the report.
                alone = asked and all(word in statement.folded for word in _telling(ask))
                return items if alone else [_Item(statement, 0, len(statement.text)), *items]
    return []


def _number(numeral: str) -> int:
    read = read_numeral(numeral, 0)
    return int(read.value) if read else 0


def _noun(match: re.Match[str]) -> str:
    """What is counted: 产业 of 六大产业分别是什么."""
    noun = normalise(match["noun"]).strip('"')
    end = _NOUN_ENDS.search(noun)
    return noun[: end.start()] if end else noun


def _telling(ask: Ask) -> list[str]:
    return [word for word in ask.words if not is_light(word) and word not in ACTIONS]


def _is_late(ask: Ask, statement: Statement) -> bool:
    return bool(time_fault(ask, *statement.timing))


def _announced(statement: Statement, ask: Ask, asked: re.Match[str] | None) -> re.Match[str] | None:
    """Where the statement says how many there are of what was `asked` by number, or of what `ask` names."""
    telling = _telling(ask)
    for match in _COUNTED.finditer(statement.text):
        noun = normalise(match["noun"])
        if asked is not None:
            if _number(match["number"]) == _number(asked["number"]) and _noun(asked) in noun:
                return match
        elif (
            telling
            and len(statement.text) - match.end() < _FARTHEST
            and telling[-1] in noun
            and all(word in statement.folded for word in telling)
        ):
            return match
    return None


def _numbered(number: int, statements: Sequence[Statement]) -> list[_Item]:
    """As many items marked 一是, （一） or 1. as were announced by the first of `statements`."""
    row: list[_Item] = []
    marker: re.Pattern[str] | None = None
    for position, (statement, start, end) in enumerate(_pieces(statements)):
        for pattern in _MARKERS if marker is None else (marker,):
            match = pattern.match(statement.text, start, end)
            if match is None:
                continue
            count = _number(match["n"])
            if count == 1 and row:  # the next row
                return row if len(row) == number else []
            if count == len(row) + 1:
                marker = pattern
                row.append(_Item(statement, start, _end(statement.text, match.end(), end)))
            break
        if marker is None and position > _FARTHEST:
            return []
        if len(row) > number:
            return []
    return row if len(row) == number else []


def _pieces(statements: Sequence[Statement]) -> Iterator[tuple[Statement, int, int]]:
    """The statements, cut where one of several items may begin."""
    for statement in statements:
        start = 0
        for mark in _PIECES.finditer(statement.text):
            yield statement, start, mark.end()
            start = mark.end()
        if start < len(statement.text):
            yield statement, start, len(statement.text)


def _end(text: str, start: int, end: int) -> int:
    """Where an item ends: a short one is told whole, of a long one what stands before its first mark."""
    if end - start <= _LONGEST_ITEM:
        return end
    mark = _HEADING_ENDS.search(text, start, end)
    return mark.start() if mark else end


def _alike(noun: str, number: int, statements: Sequence[Statement]) -> list[_Item]:
    """Sentences of the announcing paragraph that open with one of the things each: 现代装备产业…。数字产业…。"""
    paragraph = statements[0].paragraph
    beside = list(takewhile(lambda one: one.paragraph is paragraph, statements[1:]))
    for lead in (f"(?!{_NO_NAME.pattern})", _LEAD.pattern):  # 数字产业…; 实施数字产业…
        opens = re.compile(rf"{lead}(?P<name>[^，。、；：“”]{{2,12}}?){re.escape(noun)}")
        named: dict[str, _Item] = {}
        for statement in beside:
            if match := opens.match(statement.text):
                named.setdefault(match["name"], _Item(statement, *statement.clauses[0]))
        if len(named) == number:
            return list(named.values())
    return []


def _called(noun: str, number: int, statements: Sequence[Statement]) -> list[_Item]:
    """What the report sets in quotes by names that share a word: “坚定干”“规范干”."""
    quoted = re.compile(rf"“[^“”]{{1,10}}{re.escape(noun)}”|“{re.escape(noun)}[^“”]{{1,10}}”")
    for among in (statements, [one for one in statements if one.start == 0]):  # anywhere, or opening a paragraph each
        named: dict[str, _Item] = {}
        for statement in among:
            for match in quoted.finditer(statement.text):
                span = next((start, end) for start, end in statement.clauses if start <= match.start() < end)
                named.setdefault(match[0], _Item(statement, *span))
        if len(named) == number:
            return list(named.values())
    return []


# -- all of a label --------------------------------------------------------------------------------------


def _labelled(ask: Ask, statements: Sequence[Statement]) -> list[_Item]:
    labels = _labels(ask)
    if labels is None:
        return []
    return [
        _Item(statement, start, end)
        for statement in statements
        if not _is_late(ask, statement)
        for start, end in statement.clauses
        if labels.search(statement.text, start, end)
    ]


def _labels(ask: Ask) -> re.Pattern[str] | None:
    """The labels that `ask` wants all of; None where it asks for one kind of thing among them."""
    found = list(_LABEL.finditer(ask.text))
    rest = content_words(_LABEL.sub(" ", ask.text).replace("“", " ").replace("”", " "))
    if not found or not {*rest} & {*ask.words} <= _ANYTHING:
        return None
    level = next((match["level"] for match in found if match["level"]), "")
    wanted = []
    for match in found:
        level = match["level"] or level
        standing = next(said for asked, said in _STANDINGS if re.fullmatch(asked, match["standing"]))
        wanted.append(f"(?:{level})[^，。；、]{{0,3}}(?:{standing})")
    return re.compile("|".join(dict.fromkeys(wanted)))
