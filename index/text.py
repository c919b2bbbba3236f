"""Text as it is matched, split and counted.

What is cited is always the unaltered text; what is compared is its normal form.  Reports of the
1990s print figures in full-width digits (１９９６), those of 1954 traditional characters, scans put
spaces between words: folding all of it in one place lets every parser know one spelling only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from opencc import OpenCC

from index.types import Sentence

__all__ = [
    "characters",
    "keyword_tokens",
    "normalise",
    "normalise_with_offsets",
    "simplify",
    "split_clauses",
    "split_sentences",
]

_SAME = {
    **dict.fromkeys("“”„‟「」『』〝〞＂", '"'),
    **dict.fromkeys("‘’‚‛＇", "'"),
    **dict.fromkeys("‐‑‒–—―−─━﹣－", "-"),
    **dict.fromkeys("·•・‧∙", "·"),
    "○": "〇",  # 二○二四年
    "∶": ":",
    "…": "…",  # NFKC would make three full stops of it
    "㎡": "平方米",
    "㎢": "平方公里",
    "㎥": "立方米",
    "\t": " ",
    "\n": " ",
    "\r": " ",
}

_SPACE = re.compile(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])|(?<=\s)\s+")
# A report's own marks of its notes: 国际贸易通道[16].
NOTE_MARK = re.compile(r"\[\d{1,3}\]|［\d{1,3}］|【\d{1,3}】|〔\d{1,3}〕")
# 1,268.5 and, in reports up to the 1990s, 33，212万吨; 2024，300 is a year and another figure.
_THOUSANDS = re.compile(r"(?<![\d.．])\d{1,3}(?:[,，]\d{3})+(?!\d)")

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_HAN}]+|[^\W\d_{_HAN}]+|\d+(?:\.\d+)?")


def _folded(character: str) -> str:
    if character in _SAME:
        return _SAME[character]
    category = unicodedata.category(character)
    if category == "No":  # ①2023年 must not become 12023年, nor 10² become 102
        return character
    if category in ("Cc", "Cf"):  # zero-width spaces, byte order marks, soft hyphens
        return ""
    return unicodedata.normalize("NFKC", character)


class _Folding(dict[int, str]):
    """A table for `str.translate` that fills itself as characters turn up."""

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, _folded(chr(code)))


class _SearchFolding(dict[int, str]):
    """The same, lower-case and in simplified characters."""

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, simplify(_folded(chr(code))).lower())


_FOLDING = _Folding()
_SEARCH_FOLDING = _SearchFolding()


def _without_commas(match: re.Match[str]) -> str:
    return match[0].replace(",", "")


def normalise(text: str) -> str:
    """The form in which texts are compared: one spelling for each digit, mark, quote and dash.

    NFKC character by character (circled digits and superscripts aside), every quote as " or ',
    every dash as -, no white space except between Latin words or digits, no thousands separators.
    """
    return _THOUSANDS.sub(_without_commas, _SPACE.sub("", text.translate(_FOLDING)))


def normalise_with_offsets(text: str) -> tuple[str, list[int]]:
    """`normalise(text)` and, for each of its characters, the offset of its origin in `text`.

    A span `start:end` of the normal form came from `offsets[start] : offsets[end - 1] + 1`.
    """
    pieces = [_FOLDING[ord(character)] for character in text]
    folded = "".join(pieces)
    offsets = [i for i, piece in enumerate(pieces) for _ in piece]
    folded, offsets = _deleted(folded, offsets, [match.span() for match in _SPACE.finditer(folded)])
    commas = [(i, i + 1) for match in _THOUSANDS.finditer(folded) for i in range(*match.span()) if folded[i] == ","]
    return _deleted(folded, offsets, commas)


def _deleted(text: str, offsets: list[int], spans: list[tuple[int, int]]) -> tuple[str, list[int]]:
    if not spans:
        return text, offsets
    kept_text: list[str] = []
    kept_offsets: list[int] = []
    done = 0
    for start, end in [*spans, (len(text), len(text))]:
        kept_text.append(text[done:start])
        kept_offsets += offsets[done:start]
        done = end
    return "".join(kept_text), kept_offsets


@lru_cache(maxsize=1)
def _simplified_forms() -> dict[int, str]:
    """Traditional characters and their simplified forms, one for one, from OpenCC's tables."""
    han = [chr(code) for block in ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x2A6E0)) for code in range(*block)]
    # On lines of their own, so that no table of phrases applies.
    simplified = OpenCC("t2s").convert("\n".join(han)).split("\n")
    return {ord(a): b for a, b in zip(han, simplified, strict=True) if a != b and len(b) == 1}


def simplify(text: str) -> str:
    """The text in simplified characters, character for character, so that offsets stay true."""
    return text.translate(_simplified_forms())


def keyword_tokens(text: str) -> list[str]:
    """Tokens for keyword search: Han characters and their bigrams, Latin words in lower case, whole numbers.

    新建590套 gives 新 建 新建 590 套.  The text is normalised and simplified first.
    """
    tokens: list[str] = []
    folded = _THOUSANDS.sub(_without_commas, _SPACE.sub("", text.translate(_SEARCH_FOLDING)))
    for run in _TOKEN.findall(folded):
        if run[0] < "\u3007":
            tokens.append(run)
        else:
            tokens += run
            tokens += [a + b for a, b in pairwise(run)]
    return tokens


def characters(text: str) -> int:
    """The length of a text as readers count it: characters, white space aside."""
    return sum(map(len, text.split()))


# Sentences and clauses ---------------------------------------------------------------------------

_CLOSERS = {"”": "“", "’": "‘", "」": "「", "』": "『", "）": "（", ")": "(", "》": "《", "〉": "〈", "】": "【",
            "］": "［", "]": "[", "〕": "〔", '"': '"'}  # fmt: skip
_BRACKET = re.compile("[" + re.escape("".join(_CLOSERS) + "".join(_CLOSERS.values())) + "]")
_MAY_HOLD_SENTENCES = frozenset('“‘「『"（(')
# A quotation longer than this is split like any other text; so is one that is never closed.
_LONGEST_SHIELDED = 120

_MARKS = "。｡！？；…!?;"
_SENTENCE_END = re.compile(rf"[{_MARKS}\n]+[{re.escape(''.join(_CLOSERS))}]*")
_CLAUSE_END = re.compile(rf"[{_MARKS}\n]+[{re.escape(''.join(_CLOSERS))}]*|[，,]+")


def split_sentences(text: str) -> list[Sentence]:
    """The sentences of a paragraph, ended by 。！？；… and what closes after it.

    No quotation, parenthesis or book title is split, unless it is longer than 120 characters.
    Spans are in order, don't overlap, and leave out nothing but white space.
    """
    return list(_pieces(text, _SENTENCE_END))


def split_clauses(text: str) -> list[Sentence]:
    """The clauses of a paragraph, ended by ， as well as by the end of a sentence; 、 does not end one.

    Same promises as `split_sentences`; a comma within a number (1,268.5) splits nothing.
    """
    return list(_pieces(text, _CLAUSE_END))


def _pieces(text: str, end_of_piece: re.Pattern[str]) -> Iterator[Sentence]:
    shielded = _shielded(text)
    start = 0
    for end in [*(match.end() for match in end_of_piece.finditer(shielded)), len(text)]:
        piece = text[start:end].strip()
        if piece:
            first = text.index(piece, start)
            yield Sentence(start=first, end=first + len(piece), text=piece)
        start = end


def _shielded(text: str) -> str:
    """The text at the same length, with everything blanked in which no sentence may end."""
    blanked = _THOUSANDS.sub(lambda match: "0" * len(match[0]), text)
    parts: list[str] = []
    done = 0
    for start, end in _bracketed(text):
        parts.append(blanked[done:start])
        inner_end = end - 1
        if text[start] in _MAY_HOLD_SENTENCES and _stands_alone(text, start, end):
            inner_end = len(text[:inner_end].rstrip("".join(_CLOSERS))) - 1  # the mark inside ends the sentence
        parts.append("0" * (inner_end - start) + blanked[inner_end:end])
        done = end
    return "".join(parts) + blanked[done:]


def _bracketed(text: str) -> list[tuple[int, int]]:
    """Outermost pairs of brackets or quotes that are short enough to be kept whole."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for match in _BRACKET.finditer(text):
        position, mark = match.start(), match[0]
        depth = next((d for d in range(len(opened) - 1, -1, -1) if text[opened[d]] == _CLOSERS.get(mark)), None)
        if depth is None:
            if mark not in _CLOSERS or mark == '"':
                opened.append(position)
            continue
        start = opened[depth]
        del opened[depth:]
        if position + 1 - start <= _LONGEST_SHIELDED:
            while pairs and pairs[-1][0] > start:
                pairs.pop()
            pairs.append((start, position + 1))
    return pairs


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether what stands between these brackets is a sentence of its own: 他说：“……。”"""
    before = text[:start].rstrip()[-1:]
    inside = text[start + 1 : end - 1].rstrip("".join(_CLOSERS))
    after = text[end : end + 1]
    introduced = not before or before in "：:" + _MARKS
    return introduced and inside[-1:] in tuple(_MARKS) and after not in tuple("的，,、：:")
