"""The things that one slot asks for: “A和B各有多少” and “多少件A、B” are two, “新建和改造的农田多少亩” is one."""

from __future__ import annotations

import re

from rag.reading import Segment, without_slots
from rag.terms import content_words, is_light
from rag.wording import ACTIONS, COLLOQUIAL, FIGURE_NOUN, SLOT, SLOT_WORDS

_CONJUNCTION = re.compile(r"、|和|与|及|以及")
_EACH = re.compile("各|分别")
_SLOT = re.compile("各|分别|多少|几")
# 净增目标（规上工业、规上服务业）: the items stand in brackets behind what is asked of them.
_BRACKETED = re.compile(r"[（(]([^（()）]{2,60})[）)]\s*(?:各|分别)?(?:是|有|为)?(?:多少|几)?\S{0,3}\s*$")
# GDP总量和增速: how much of one thing, and its rate.
_WITH_RATE = re.compile(r"(?:、|和|与|及|以及|、及)(?:其|同比)?(?P<rate>增速|增幅|增长率|占比|比重)")
# 城乡低保标准分别多少
_BOTH_HALVES = re.compile("城乡(?!居民|建设|融合|一体)")
_MOST = 6

Item = tuple[tuple[str, ...], str]


def items_of(segment: Segment) -> list[Item]:
    """(words, text) of each thing that `segment` asks for, at least one."""
    whole = [(segment.words, segment.text)]
    each = bool(_EACH.search(segment.text))
    if COLLOQUIAL.search(segment.text) and not each:
        return whole
    if (match := _WITH_RATE.search(segment.text)) and _names_a_thing(head := segment.text[: match.start()], each):
        amount = _words(without_slots(head))
        return [(amount, head), ((*amount, match["rate"]), f"{''.join(amount)}{match['rate']}")]
    if match := _BRACKETED.search(segment.text):
        pieces = _pieces(match[1], each=True)
        if len(pieces) > 1:
            return _made(segment.text[: match.start()], pieces)
    if each and (halves := _BOTH_HALVES.search(segment.text)):
        texts = [f"{segment.text[: halves.start()]}{half}{segment.text[halves.end() :]}" for half in ("城镇", "农村")]
        return [(_words(without_slots(text)), text) for text in texts]
    match = _SLOT.search(segment.text)
    if match is None:
        pieces = _pieces(segment.text, each=False)
        lists = len(pieces) > 1 and FIGURE_NOUN.search(segment.text) and not SLOT.search(segment.text)
        return _made("", pieces) if lists else whole
    head, tail = segment.text[: match.start()], segment.text[match.start() :]
    pieces = _pieces(tail, each)
    if len(pieces) > 1:
        return _made(head, pieces)
    pieces = _pieces(head, each)
    return _made("", pieces) if len(pieces) > 1 else whole


def _pieces(text: str, each: bool) -> list[str]:
    """The parallel pieces of `text`, [] where it is no list."""
    pieces = [piece for piece in map(without_slots, _CONJUNCTION.split(text)) if _names_a_thing(piece, each)]
    if len(pieces) < 2 and each:  # 新建充电桩 停车位 分别多少, typed in key words
        pieces = [piece for piece in map(without_slots, text.split()) if _names_a_thing(piece, each)]
    # 检察、司法机关查处的案件: the list only says which cases.
    modifies = not each and re.search(r".的.", pieces[-1]) if pieces else False
    return pieces if 1 < len(pieces) <= _MOST and not modifies else []


def _names_a_thing(piece: str, each: bool) -> bool:
    return any(not is_light(word) and (each or word not in ACTIONS) for word in content_words(piece))


def _made(lead: str, pieces: list[str]) -> list[Item]:
    words = _words(lead)
    return [(tuple(dict.fromkeys([*words, *_words(piece)])), piece) for piece in pieces]


def _words(text: str) -> tuple[str, ...]:
    return tuple(content_words(SLOT_WORDS.sub(" ", text)))
