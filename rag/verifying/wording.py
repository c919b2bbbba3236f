"""Whether the words of a claim are the source's: enough of them, the names, nothing denied that is affirmed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial

import jieba
import jieba.posseg

from index.figures import find_figures
from index.regions import gazetteer
from rag.verifying.contexts import clause_contexts
from rag.verifying.faults import Fault
from rag.verifying.identity import DONE_WORDS, TARGET_WORDS
from rag.verifying.overlap import QUOTED, Unit, blanked, folded, keys, lacking, quoted_names, units, weight
from rag.verifying.statements import Statement
from rag.verifying.support import Place, SourceSentence, Support, demand

jieba.setLogLevel("ERROR")

# Of the words of a statement, and of each clause of it, so much stands in the source; so much without the question's.
_LEAST_CARRIED, _LEAST_CARRIED_CLAUSE, _LEAST_WITHOUT_QUESTION = 0.72, 0.5, 0.5
_SHORTEST, _SHORTEST_CLAUSE = 2.0, 4.0
_TIE = 0.6
_SENTENCES_READ = 3
_BESIDE = 4

# Words that link or announce, and those of role, which are judged by the figures that they stand with.
_LINKS = re.compile(
    r"原文|计算值|其中|同时|此外|另外|分别|以及|并且|根据|政府工作报告|报告|显示|提出|指出|数据|共计|合计|一共|总共|相比|对比|具体|主要|包括"
    rf"|方面|情况|即|等|{TARGET_WORDS.pattern}|{DONE_WORDS.pattern}"
)
_LEVEL = re.compile(
    r"(?:国家|省|市|区|县|州|乡|镇)级|国际|世界|全[国省市区县州球]|副省级|首[批个家例次]|第[一二三四五六七八九十]+"
)
# 未来, 不断, 无障碍 deny nothing.
_NEGATION = re.compile(
    r"尚未|并未|从未|未(?!来|央)|没有|没(?!收)"
    r"|无(?![障线人偿废害疑缝烟忧感论接土纸讼证还私愧边限穷悔锡为])"
    r"|不(?![断仅但少低超高足到同懈忘平利大小多良可折容负怕畏辱渝息止移偏松停及锈含限再得只光管论如等落漏掉]|动产)"
)
_HAN_NUMERAL = re.compile(r"[二三四五六七八九十百千][\u3400-\u9fff]")
_NAMED_PLACE = re.compile(r"[山河江湖海港桥路街镇乡村岛湾寺]$")
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖董袁潘蒋蔡杜叶苏魏吕丁沈姚卢姜崔钟谭陆汪范廖贾韦邹孟熊秦邱侯尹薛闫龚邵钱黎贺陶"
)
_ORDINARY = 200  # how often jieba's dictionary has seen a word that is no person's name


def wording_faults(statement: Statement, support: Support, question: str) -> tuple[list[Place], list[Fault]]:
    """The places that the clauses of a statement tell of, and what is wrong with its words."""
    said = [
        (context, tuple(unit for piece in context.own for unit in units(_LINKS.sub("，", piece))))
        for context in clause_contexts(statement.text, delivered=support.delivered)
    ]
    anchors: list[Place] = []
    faults = list(_coverage_faults(statement, [words for _, words in said], support, question))
    asked = keys(question)
    for context, words in said:
        if not words:
            continue
        wanted = demand(context)
        clause = statement.body[context.start : context.end]
        near = sorted(support.sentences, key=partial(_strangeness, words, _names(clause)))[:_SENTENCES_READ]
        costs = [(place.cost(wanted), place) for sentence in near for place in sentence.clauses]
        least = min((cost for cost, _ in costs), default=0.0)
        told = [place for cost, place in costs if cost <= least + _TIE]
        pieces = [(piece, [unit for unit in piece if asked.isdisjoint(unit[1])]) for piece in wanted.near]
        found = [list(_clause_faults(clause, pieces, place, support)) for place in told]
        fewest = min(found, key=len, default=[])
        faults += fewest
        anchors += told
    return anchors, faults


def _strangeness(words: tuple[Unit, ...], names: Iterable[str], sentence: SourceSentence) -> tuple[float, int]:
    """What a sentence lacks of a clause; of those with the same words (居全国第二, 居全国第五) its names decide."""
    printed = sentence.folded.lower()
    return lacking(words, keys(sentence.text)), sum(name not in printed for name in names)


def _coverage_faults(
    statement: Statement, clauses: Sequence[tuple[Unit, ...]], support: Support, question: str
) -> Iterator[Fault]:
    """Whether nearly all that the statement says is said by the passages, or merely repeats the question."""
    words = [unit for clause in [units(_LINKS.sub("，", statement.label)), *clauses] for unit in clause]
    total, there = weight(words), support.keys
    for clause in clauses:
        if weight(clause) >= _SHORTEST_CLAUSE and lacking(clause, there) > (1 - _LEAST_CARRIED_CLAUSE) * weight(clause):
            yield Fault(kind="words_absent", text=statement.body, detail=f"“{statement.body}”里有原文没有说的话")
            return
    too_little = lacking(words, there | keys(question)) > (1 - _LEAST_CARRIED) * total
    if total >= _SHORTEST and (too_little or lacking(words, there) > (1 - _LEAST_WITHOUT_QUESTION) * total):
        yield Fault(kind="words_absent", text=statement.body, detail=f"“{statement.body}”与所引段落说的不是一回事")


def _clause_faults(
    clause: str, pieces: Sequence[tuple[Sequence[Unit], Sequence[Unit]]], place: Place, support: Support
) -> Iterator[Fault]:
    """What is wrong with a clause if it tells of this place; of each piece all its words, and those not asked for."""
    told = place.sentence.text[place.context.start : place.context.end]
    yield from _name_faults(clause, told, place, support)
    yield from _negation_faults(folded(clause), folded(told), place.sentence.folded)
    # What is left of a piece without the words of the question may be too odd an end to judge it by.
    if any(place.is_foreign(whole) and place.is_foreign(rest) for whole, rest in pieces):
        yield Fault(kind="words_absent", text=clause, detail=f"原文没有把“{clause}”说成一件事")


def _name_faults(clause: str, told: str, place: Place, support: Support) -> Iterator[Fault]:
    """Names, levels and numbers in names: each stands before the end of the clause that is told of, and none of another
    clause takes the place of the one that this clause has."""
    said, there = _names(clause), _names(told)
    for name, kind in said.items():
        if any(name in region for region in support.regions):
            continue
        taken = name not in folded(told).lower() and any(k == kind and n not in said for n, k in there.items())
        if name not in place.scope or taken:
            where = "不是在这里说的" if support.stands(name) else "没有出现"
            yield Fault(kind="name_absent", text=name, detail=f"“{name}”在所引段落里{where}")


@lru_cache(maxsize=4096)
def _names(clause: str) -> dict[str, str]:
    """Names, quoted words, levels and numbers in names, folded and in lower case, each with its kind."""
    words = blanked(clause, [(figure.start, figure.end) for figure in find_figures(clause)])
    names = {w.word: w.flag[:2] for w in jieba.posseg.cut(words) if _is_name(w.word, w.flag)}
    names |= dict.fromkeys((match[0] for match in _HAN_NUMERAL.finditer(words)), "numeral")
    names |= dict.fromkeys(quoted_names(clause), "quoted")
    names |= dict.fromkeys((match[0] for match in _LEVEL.finditer(clause)), "level")
    return {folded(name).lower(): kind for name, kind in names.items()}


def _is_name(word: str, flag: str) -> bool:
    """Whether jieba's flag is to be believed: it takes 智慧 and 惠及 for persons, 城市 for a place."""
    if flag.startswith("nr"):
        return word[0] in _SURNAMES and 2 <= len(word) <= 3 and (jieba.dt.FREQ.get(word) or 0) < _ORDINARY
    if flag == "ns":
        return len(word) > 1 and bool(_NAMED_PLACE.search(word) or gazetteer().named(word))
    return flag in ("nt", "eng") and len(word) > 1


def _negation_faults(said: str, told: str, sentence: str) -> Iterator[Fault]:
    """未, 没有, 不, 无 neither added nor lost."""
    for match in _NEGATION.finditer(said):
        following = said[match.end() : match.end() + 1]
        if not any(sentence.startswith(following, found.end()) for found in _NEGATION.finditer(sentence)):
            yield Fault(kind="negation_flipped", text=said, detail=f"“{match[0]}{following}”是原文没有的否定")
    for match in _NEGATION.finditer(told):
        denied = told[match.end() : match.end() + 2]
        rest = told.replace(match[0] + denied, "")
        for found in re.finditer(f".?{re.escape(denied)}", said) if len(denied) == 2 else ():
            if not re.search(rf"(?:{_NEGATION.pattern})$", said[: found.end() - 2]) and found[0] not in rest:
                yield Fault(kind="negation_flipped", text=said, detail=f"原文说的是“{match[0]}{denied}”")


def quotation_faults(text: str, support: Support) -> Iterator[Fault]:
    """What stands in quotation marks or as a title stands so in the passage, and not where the passage has another."""
    there = [(m[0], _neighbours(m)) for passage in support.passages for m in QUOTED.finditer(passage.paragraph.text)]
    for match in QUOTED.finditer(text):
        if not support.stands(match[0][1:-1].strip("，,。；;！？!?、 ")):
            yield Fault(kind="name_absent", text=match[0], detail=f"所引段落里没有{match[0]}")
            continue
        before, after = _neighbours(match)
        telling = (len(before) > 1 and after) or len(before) == _BESIDE
        names = {folded(name) for name, around in there if telling and around == (before, after)}
        if names and folded(match[0]) not in names:
            yield Fault(kind="name_absent", text=match[0], detail=f"原文在这里说的是{'、'.join(sorted(names))}")


def _neighbours(match: re.Match[str]) -> tuple[str, str]:
    """What stands before a match, four characters or two if anything follows, and the two after it, up to a mark."""
    after = re.split(r"\W", match.string[match.end() :][:2])[0]
    before = match.string[: match.start()][-2 if after else -_BESIDE :]
    return re.split(r"\W", before)[-1], after
