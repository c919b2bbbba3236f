"""Themes and projects, by name, that one report has and another lacks.

A theme is an uncommon phrase that a report uses in several places.  A project is named by what it is (…工程, …试点,
…高铁) or in quotation marks, and once is enough.  Only what the other report says in no form counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import jieba.posseg

from index.statements import Statement
from index.text import normalise, split_clauses
from rag.terms import carried
from rag.themes import HEADLINE, load_themes

__all__ = ["Name", "unsaid"]

_QUOTED = re.compile(r"[“《]([^“”《》，。；：]{3,20})[”》]")
_PROJECT = re.compile(
    r"(?:工程|行动|计划|试点|示范区|试验区|先行区|产业园|大桥|隧道|高铁|铁路|高速|机场|电站|水库|博览会|峰会|运动会|运会)$"
)
# Parts of speech, as jieba flags them: of words that a name may hold, and that it may open and end with.
_MAY_HOLD = ("n", "vn", "j", "l", "i", "eng", "b", "an", "v", "m", "q", "a", "f")
_MAY_OPEN = ("n", "j", "l", "i", "eng", "b", "vn")
_MAY_END = ("n", "vn", "j", "l", "eng")
_MOST_WORDS = 6
_SHORTEST, _SHORTEST_RUN, _LONGEST = 3, 4, 16
_LEAST_PLACES = 2
# As a share of the rarity of a word that no report has: rarer than this is no common phrase.
_RARE, _RARE_PROJECT = 0.38, 0.3
# After these a name has begun before (新|建高铁), or kinds are counted and nothing is named (150多个|治理工程).
_CUT_OFF = re.compile(r"[全新总大非再多各年月]$|[\d一二三四五六七八九十百千万两几余多][个项座条批家处所]$")
# A word of one character that belongs to the next: 氢|能产业园, 保|交房行动; but not 我省|高铁.
_HALF = re.compile(r"(?![省市区县州镇乡村])[\u4e00-\u9fff]")
_HALF_FLAGS = ("n", "b")
_HALF_VERBS = frozenset("保再")
# Talk that names nothing.
_TALK = re.compile(
    r"\d|[〇零一二三四五六七八九十百千万亿]+[个项件条类大年]|代表|同志|今年|去年|明年|工作报告|草案|纲要|第[一二三四五六七八九十]|作用|过程|问题"
    r"|全会|精神|党[的委风]|从严治党|思想|征程|篇章|新时代|人民|同胞|老百姓|群众|形式主义|胜利"
)
# What is done, before what it is done to.
_DEED = re.compile(
    r"^(?:深化|健全|充实|推进|加强|完善|支持|鼓励|引进|参与|实施|着力|积极|大力|重点|全面|优化|整治|丰富|加快|促进|提供|落实|扩大|深入|打造"
    r"|建设|推动|构建|提升|发展|制定|有效|持续|申报|新建|改造|获批|入选|开展|既有|总结|谋划|探索|启动|领域|系列)"
)
# A sentence and no name: 4个园区|入选国家试点.
_SENTENCE = re.compile(r"进入|入选|结束|突破|贯通|通车|开工|落户|获批|投产|新增|达到|重组|保持|纳入|迈入|力争|部署")
# What is measured or praised: an indicator under a new name is no new theme.
_MEASURE = re.compile(
    r"(?:目标|总额|收入|水平|结果|总值|增加值|产值|浓度|比例|比重|率|经费|年限|程度|水质|规模|数量|产量|二氧化碳|显著|明显|框架|条件|成效"
    r"|意义|成果|名片|力作|特色|群体|场次)$"
)
_EMPTY = (_TALK, _DEED, _SENTENCE, _MEASURE)
_LONGEST_CLAUSE = 60
_LONGEST_SHORT_FORM = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A theme or project, the statement and clause (a span in its text) that tell of it best, and in how many
    statements it stands."""

    text: str
    is_project: bool
    statement: Statement
    clause: tuple[int, int]
    places: int


def unsaid(said: Sequence[Statement], other: Sequence[Statement], rarity: Callable[[str], float]) -> list[Name]:
    """Names in `said` of which `other` has no trace, most telling first.

    `rarity` says how rarely the loaded reports have a word, 0 to 1.
    """
    there = [statement.folded for statement in other]
    whole = "\n".join(there)
    found = _names(said, rarity)
    fresh = {text: places for text, places in found.items() if text not in whole and not _traced(text, there)}
    names = [_name(text, places) for text, places in _without_parts(fresh).items()]
    named = sorted(
        filter(None, names), key=lambda name: -(name.places + bool(name.statement.readings)) * rarity(name.text)
    )
    return [*_themes(said, other), *named]


def _themes(said: Sequence[Statement], other: Sequence[Statement]) -> list[Name]:
    """Whole themes of which the other report has no word (疫情防控, once it was over)."""
    found: list[Name] = []
    for theme in load_themes():
        if theme.weight == HEADLINE:
            continue  # an indicator under another name
        places = [s for s in said if s.paragraph.role != "other" and theme.pattern.search(s.text)]
        if len(places) >= _LEAST_PLACES and not any(theme.pattern.search(s.text) for s in other):
            word = theme.pattern.search(places[0].text)
            name = _name(normalise(word[0]).lower(), places) if word else None
            found += [replace(name, text=theme.name)] if name else []
    return found


def _names(statements: Iterable[Statement], rarity: Callable[[str], float]) -> dict[str, list[Statement]]:
    """Names, folded, with the statements they stand in: those in quotation marks, projects, and uncommon phrases that
    stand in several places."""
    places: dict[str, list[Statement]] = defaultdict(list)
    quoted: set[str] = set()
    for statement in statements:
        if statement.paragraph.role == "other":
            continue
        named = {normalise(match[1]).lower() for match in _QUOTED.finditer(statement.text) if not _is_idiom(match[1])}
        quoted |= named
        runs = {run for run in _runs(statement.folded) if len(run) >= _SHORTEST_RUN}
        for name in named | runs:
            if _SHORTEST <= len(name) <= _LONGEST and not any(empty.search(name) for empty in _EMPTY):
                places[name].append(statement)

    def tells(name: str) -> bool:
        if name in quoted or (_PROJECT.search(name) and len(name) > _SHORTEST_RUN and rarity(name) > _RARE_PROJECT):
            return True
        return len(places[name]) >= _LEAST_PLACES and rarity(name) > _RARE

    return {name: found for name, found in places.items() if tells(name)}


def _runs(text: str) -> Iterator[str]:
    """Runs of a few words of a sentence that may name something."""
    words = [(word.word, word.flag) for word in jieba.posseg.cut(text)]
    said, last, is_half = "", "", False
    for first, (opening, opens) in enumerate(words):
        before, said, after_half, after_one = said, said + opening, is_half, bool(_HALF.fullmatch(last))
        last = opening
        is_half = bool(_HALF.fullmatch(opening)) and (opens.startswith(_HALF_FLAGS) or opening in _HALF_VERBS)
        # 减污降|碳|协同试点: what is cut twice can't be put together.
        may_open = (is_half and not after_one) or (len(opening) > 1 and opens.startswith(_MAY_OPEN))
        if not may_open or after_half or _CUT_OFF.search(before):
            continue
        run = ""
        for word, flag in words[first : first + _MOST_WORDS]:
            if not re.fullmatch(r"[\u4e00-\u9fffa-z+]+", word) or not flag.startswith(_MAY_HOLD):
                break
            run += word
            if flag.startswith(_MAY_END):
                yield run


def _is_idiom(text: str) -> bool:
    """Whether what stands in quotation marks is a saying that dictionaries have."""
    words = [*jieba.posseg.cut(text)]
    return len(words) == 1 and bool(words[0].flag == "i")


def _traced(name: str, sentences: Sequence[str]) -> bool:
    """Whether a sentence has the name in another form: in short, in full (百县千镇万村…工程), or in other order."""
    in_full = re.compile("[^，。；]{0,6}".join(map(re.escape, name))) if len(name) <= _LONGEST_SHORT_FORM else None
    for sentence in sentences:
        if name[0] in sentence and (carried(name, sentence) >= 0.6 or (in_full and in_full.search(sentence))):
            return True
    return False


def _without_parts(names: dict[str, list[Statement]]) -> dict[str, list[Statement]]:
    """Of names of which one is part of the other, mostly in the same places, the longer."""
    kept: dict[str, list[Statement]] = {}
    for text in sorted(names, key=len, reverse=True):
        longer = {id(s) for other in kept if text in other for s in kept[other]}
        own = {id(s) for s in names[text]}
        if len(own - longer) * 2 > len(own):
            kept[text] = names[text]
    return kept


def _name(text: str, places: Sequence[Statement]) -> Name | None:
    """The name with the shortest clause that says something of it; None if every one is too long."""
    clauses = [
        (statement, (clause.start, clause.end))
        for statement in places
        for clause in split_clauses(statement.text)
        if text in normalise(clause.text).lower() and len(text) + 2 <= len(clause.text) <= _LONGEST_CLAUSE
    ]
    if not clauses:
        return None
    statement, clause = max(clauses, key=lambda place: (bool(place[0].readings), -(place[1][1] - place[1][0])))
    return Name(
        text=text, is_project=bool(_PROJECT.search(text)), statement=statement, clause=clause, places=len(places)
    )
