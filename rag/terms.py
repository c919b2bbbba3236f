"""The content words of a question, and how far a piece of report text carries each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import jieba

from index.text import normalise
from rag.thesaurus import load_thesaurus
from rag.wording import LIGHT_WORDS, STOP_WORDS

jieba.setLogLevel("ERROR")
# Words of the statistics that the dictionary lacks or cuts wrongly.
for _word in (
    "占比 同比 环比 增幅 涨幅 降幅 保障房 保租房 老旧小区 "
    "棚户区 可再生能源 起付线 破案率 住建部 非遗 专精特新 规上 村卫生室 新开工 新建成 限上 可支配 同口径 自然口径"
).split():
    jieba.add_word(_word)

# 全市首店, 全国第一: the place is part of the name, not what is reported on.
_FIRST_IN = re.compile(r"全[国省市区县州](?:首[店个家批创例次条座]|第一|率先|前列|领先)")
# 进出口 is neither 出口 nor 进口.
_BOTH_WAYS = "进出口"
_QUOTED = re.compile(r"[“《「]([^”》」]{2,30})[”》」]")
# A size that tells one kind from another: 10亿元以上 of “10亿元以上项目几个”.
_SIZE = re.compile(r"(\d+(?:\.\d+)?[万亿]+)元?(?:以[上下]|级)")
_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z][a-z0-9.+\-]*|\d+(?:\.\d+)?[a-z]*", re.IGNORECASE)
_COMPARED = re.compile(r"[比较](上年|去年|上年同期|年初|前年)|同比")
# 就业人数 is found as 就业…万人.
_COUNTED = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:总?人数|总数|数量|总额|额)$")
# 托位数, 家数 at the end of a run count what stands before; 指数 is a word.
_NUMBER_OF = re.compile(r"(?<=[\u4e00-\u9fff])(?<![指系基岁人总参次倍天少多户])数$")
_TOTAL = "总"
_PREFIXES = "新再共"
_NUMBERED = re.compile(r"[0-9０-９.一二三四五六七八九十百]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A content word: other words for the same thing, and what it weighs (> 0).

    `strange`, 0 to 1, says how foreign an everyday word is to the reports; nearness in meaning may stand in for it.
    """

    text: str
    alternatives: tuple[str, ...] = ()
    weight: float = 1.0
    strange: float = 0.0

    def __repr__(self) -> str:
        return f"{self.text}×{self.weight:.2f}" + (f"({'/'.join(self.alternatives[:3])})" if self.alternatives else "")


def content_words(text: str) -> list[str]:
    """The words of a question that say what is asked about, in order, each once; quoted phrases stay whole."""
    words: list[str] = []
    for match in _QUOTED.finditer(text):
        words.append(normalise(match[1]))
    words.extend(match[1] for match in _SIZE.finditer(normalise(text)))
    words.extend(_FIRST_IN.findall(_QUOTED.sub(" ", text)))
    # 预制菜企业 家数: key words that white space parts don't run together.
    for part in _FIRST_IN.sub(" ", _QUOTED.sub(" ", text)).split():
        plain = _NUMBER_OF.sub("", _COMPARED.sub(" ", normalise(part)))
        position = 0
        for known in load_thesaurus().expansions(plain):
            words.extend(_cut(plain[position : known.start]))
            words.append(plain[known.start : known.end])
            position = known.end
        words.extend(_cut(plain[position:]))
    words = [_COUNTED.sub("", word) for word in words]
    words = [word[0] if len(word) == 2 and word[1] == "了" else word for word in words]
    return list(dict.fromkeys(word.lower() for word in words if word not in STOP_WORDS and not _NUMBERED.match(word)))


def _cut(text: str) -> list[str]:
    return [word for run in _RUN.findall(text) for word in _words_of_run(run)]


def _words_of_run(run: str) -> list[str]:
    if not re.match(r"[\u4e00-\u9fff]", run):
        return [run.lower()]
    words, single = [], ""
    for word in [*jieba.cut(run, HMM=False), ""]:
        if len(word) == 1 and word not in STOP_WORDS:
            single += word  # characters that the dictionary leaves apart often form a name: 老/旧, 非/遗
            continue
        if single:
            words.append(single)
            single = ""
        if word:
            words.append(word)
    return words


@lru_cache(maxsize=65536)
def _abbreviated(word: str) -> re.Pattern[str]:
    return re.compile("[^，。；、]{0,3}".join(re.escape(character) for character in word))


def is_light(word: str) -> bool:
    """Whether the word goes with nearly anything, so that it says little about the indicator meant."""
    return word in LIGHT_WORDS or (len(word) == 1 and not word.isascii())


def carried(word: str, text: str) -> float:
    """How far `text` (normalised) carries `word`: 1 if it stands there, less for most of its pairs of characters
    or for its characters in order (保障房 in 保障性住房), 0 if it does not."""
    if word in _BOTH_WAYS and word != _BOTH_WAYS:
        text = text.replace(_BOTH_WAYS, "")
    if word in text:
        return 1.0
    if len(word) == 1:
        return 0.0
    if _TOTAL in text and word in text.replace(_TOTAL, ""):  # 粮食产量 is 粮食总产量
        return 0.95
    if "城乡" in word and ("城镇" in text or "农村" in text):  # what is said of both is said of each half
        return max(carried(word.replace("城乡", half), text) for half in ("城镇", "农村"))
    if word[0] in _PREFIXES and len(word) > 2:  # 新开通 is 开通
        return 0.9 * carried(word[1:], text)
    best = 0.5 if _FIRST_IN.fullmatch(word) and word[2:] in text else 0.0  # 全省首个 is not 全国首个, but tells of it
    if len(word) >= 3:
        pairs = [word[i : i + 2] for i in range(len(word) - 1)]
        share = sum(pair in text for pair in pairs) / len(pairs)
        best = max(best, 0.8 * share if share >= 0.5 else 0.0)
    if best < 0.6 and all(character in text for character in word) and _abbreviated(word).search(text):
        best = 0.6
    return best


def match(term: Term, text: str) -> float:
    """The best of the word itself and, a little less, of the other words for it."""
    best = carried(term.text, text)
    if best < 0.85:
        for other in term.alternatives:
            best = max(best, 0.85 * carried(other.lower(), text))
    return best
