"""The gate: every figure, year, place and name of a claim stands in the paragraph that the claim cites, or it isn't shown.

It does not ask who drafted the claim, and no model is called: figures are compared by value, unit and qualifier, and
what they are figures of by the words around them (see `rag.support`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Protocol

import jieba
import jieba.posseg

from index.errors import UnknownReport
from index.figures import find_figures
from index.periods import find_years
from index.regions import NATION, Region, gazetteer
from index.text import split_sentences
from index.types import Paragraph, Period
from rag.faults import Fault, FaultKind
from rag.identity import DONE_WORDS, TARGET_WORDS, Match, Statement, absence, identity_faults, match_figures, other_figure_faults, repeated
from rag.reckoning import is_reckoned, plain_subtractions, reckoning_faults, without_reckoning
from rag.support import blanked, Passage, Place, Unit, clause_contexts, demand, folded, keys, lacking, passage, units, weight
from rag.types import Citation, Claim

__all__ = ["Fault", "FaultKind", "SourceText", "verify"]

jieba.setLogLevel("ERROR")


class SourceText(Protocol):
    """Where reports are looked up.  Each method raises UnknownReport for what is not there."""

    def paragraph(self, report: str, number: int, /) -> Paragraph: ...
    def delivered(self, report: str, /) -> int: ...
    def region(self, report: str, /) -> str: ...


def verify(
    claim: Claim, citations: Mapping[int, Citation] | Sequence[Citation], source: SourceText, *, question: str = ""
) -> tuple[Fault, ...]:
    """What is wrong with the claim; () if it may be shown.

    `question` is what the claim answers: it says what a bare figure (590套。) is a figure of, and its plain words need not
    stand in the source; its names and figures must.
    """
    by_mark = citations if isinstance(citations, Mapping) else {citation.mark: citation for citation in citations}
    faults = [*_format_faults(claim.text), *_mark_faults(claim, by_mark)]
    passages: dict[int, Passage] = {}
    for mark in dict.fromkeys(claim.citations):
        if mark in by_mark:
            found = _passage(by_mark[mark], source)
            if isinstance(found, Fault):
                faults.append(found)
            else:
                passages[mark] = found
    if faults:
        return tuple(faults)
    operands: list[Match] = []
    for segment in _segments(claim, passages):
        faults += segment.faults(question, operands, computed=claim.computed)
    return tuple(faults)


# Marks and addresses -----------------------------------------------------------------------------

_MARK = re.compile(r"\[(\d+)\]|【(\d+)】")
_MARKS = re.compile(r"((?:\[\d+\]|【\d+】)+)")


def _mark_numbers(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(a or b) for a, b in _MARK.findall(text)))


def _mark_faults(claim: Claim, by_mark: Mapping[int, Citation]) -> Iterator[Fault]:
    marks = _mark_numbers(claim.text)
    if not marks:
        yield Fault(kind="unknown_mark", text=claim.text, detail="这句话没有注明出处")
    elif set(marks) != set(claim.citations):
        yield Fault(kind="unknown_mark", text=str(marks), detail="句中的出处与所列的出处不一致")
    for mark in {*marks, *claim.citations} - by_mark.keys():
        yield Fault(kind="unknown_mark", text=f"[{mark}]", detail=f"没有编号为[{mark}]的出处")


def _passage(citation: Citation, source: SourceText) -> Passage | Fault:
    """The cited paragraph, if the citation is truly what stands at its address."""
    try:
        paragraph = source.paragraph(citation.report, citation.paragraph)
        delivered, region = source.delivered(citation.report), source.region(citation.report)
    except UnknownReport as error:
        return Fault(kind="altered_quote", text=citation.quote, detail=str(error))
    stands = (
        0 <= citation.start < citation.end <= len(paragraph.text)
        and paragraph.text[citation.start : citation.end] == citation.quote
        and hashlib.sha256(paragraph.text.encode()).hexdigest() == citation.sha256
        and (citation.region, citation.year) == (region, delivered)
    )
    if not stands:
        return Fault(kind="altered_quote", text=citation.quote, detail=f"出处[{citation.mark}]的引文与原文不一致")
    return passage(paragraph, citation.title, region, delivered)


# Form --------------------------------------------------------------------------------------------

_LEFTOVERS = re.compile(
    r"\*\*|__|```|~~|^\s*#{1,6}\s|^\s*[-*+]\s|\|.*\||</?[A-Za-z|]|\{\{|\}\}|\ufffd|!?\[[^\]\d][^\]]*\]\("
    r"|作为(?:一[个名])?(?:AI|人工智能|智能助手|语言模型)|(?:根据|按照|基于)(?:以上|上述|提供|给定|所给|上面)的?(?:资料|材料|证据|内容|信息|文本|段落|片段)"
    r"|(?:^|\n)\s*(?:问题?|答案?|回答|证据|资料|段落|要求|示例|question|answer|assistant|user|system|context)\s*\d*[:：]",
    re.IGNORECASE | re.MULTILINE,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


def _format_faults(text: str) -> Iterator[Fault]:
    if left := _LEFTOVERS.search(text):
        yield Fault(kind="format", text=left[0], detail=f"句中有不该出现的“{left[0].strip()}”")
    if len(_LATIN.findall(text)) > max(11, len(_HAN.findall(text))):
        yield Fault(kind="format", text=text, detail="这句话不是中文")


# What is said ------------------------------------------------------------------------------------

# Words that link or announce, and those of role, which are judged by the figures they stand with.
_LINKS = re.compile(
    r"原文|计算值|其中|同时|此外|另外|分别|以及|并且|根据|政府工作报告|报告|显示|提出|指出|数据|共计|合计|一共|总共|相比|对比|具体|主要|包括|方面|情况"
    rf"|即|等|{TARGET_WORDS.pattern}|{DONE_WORDS.pattern}"
)
_HEAD = re.compile(r"^([^：:。；;、“”《》]{1,40})(?:(?<!\d)[：:]|[：:](?!\d))")
_LIST_NUMBER = re.compile(r"^\s*(?:[（(]?\d{1,2}(?:[)）、]|[.．](?!\d))|[①-⑳])\s*")
_QUOTED = re.compile(r"《([^《》]+)》|“([^“”]+)”|「([^「」]+)」|\"([^\"]+)\"")
_OWN_AREA = re.compile(r"[全我本](国|省|市|区|县|州|盟|旗)(?!级|务院|籍|家)")
# 云岭区新增…: places that no list holds stand where a clause begins.
_PLACE_LIKE = re.compile(
    r"(?:^|[，。；：年])((?![全我本各该])[\u4e00-\u9fff]{1,3}(?:自治[州县区旗]|(?<![市小城社园地景辖校灾库新山牧林郊街片发范税湖海矿厂])区|[省市县州盟旗]))"
)
_LEVEL = re.compile(r"(?:国家|省|市|区|县|州|乡|镇)级|国际|世界|全[国省市区县州球]|副省级|首[批个家例次]|第[一二三四五六七八九十]+")
_NEGATION = re.compile(
    r"尚未|并未|从未|未(?!来|央)|没有|没(?!收)|无(?!障|线|人|偿|废|害|疑|缝|烟|忧|感|论|接|土|纸|讼|证|还|私|愧|边|限|穷|悔|锡|为)"
    r"|不(?!断|仅|但|少|低|超|高|足|到|同|懈|忘|平|利|大|小|多|良|动产|可|折|容|负|怕|畏|辱|渝|息|止|移|偏|松|停|及|锈|含|限|再|得|只|光|管|论|如|等|落|漏|掉)"
)
_HAN_NUMERAL = re.compile(r"[二三四五六七八九十百千][\u3400-\u9fff]")
_NAMED_PLACE = re.compile(r"[山河江湖海港桥路街镇乡村岛湾寺]$")
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖董袁潘蒋蔡杜叶苏魏吕丁沈姚卢姜崔钟谭陆汪范廖贾韦邹孟熊秦邱侯尹薛闫龚邵钱黎贺陶"
)
_ORDINARY = 200  # how often jieba's dictionary has seen a word that is no person's name

_LEAST_CARRIED, _LEAST_CARRIED_CLAUSE = 0.72, 0.5
_LEAST_WITHOUT_QUESTION = 0.5
_TIE = 0.6


def _segments(claim: Claim, passages: Mapping[int, Passage]) -> Iterator[_Segment]:
    """The claim cut after each group of marks; what follows the last one rests on all of them."""
    pieces = _MARKS.split(claim.text)
    statement = Statement(body="", text="")
    for text, marks in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        if not _HAN.search(text) and not re.search(r"\d", text):
            continue
        cited = tuple(passages[mark] for mark in (_mark_numbers(marks) or claim.citations))
        statements = []
        for sentence in split_sentences(text):
            statement = _statement(sentence.text, statement, cited)
            statements.append(statement)
        yield _Segment(statements=tuple(statements), passages=cited)


def _statement(text: str, before: Statement, cited: Sequence[Passage]) -> Statement:
    """A sentence of a claim read after the one `before` it: without list number, its head set apart."""
    body = _LIST_NUMBER.sub("", text).lstrip("，,。；;、 ")
    heads = []
    while (match := _HEAD.match(body)) and all(figure.kind == "date" for figure in find_figures(match[1])):
        if match[1] not in ("原文", "计算值"):
            heads.append(match[1])
        body = body[match.end() :].lstrip()
    head, body = "，".join(heads) or before.head, plain_subtractions(body)
    years = find_years(head, delivered=cited[0].delivered)
    told = [mention.period for mention in years if mention.period]
    region = re.compile("|".join(re.escape(passage.region) for passage in cited))
    return Statement(
        body=body,
        text=region.sub(lambda match: "，" * len(match[0]), body),
        head=head,
        label=region.sub("，", blanked(head, [(mention.start, mention.end) for mention in years])),
        told=told[-1] if told else before.told,
    )


def _without_reckoning(statement: Statement) -> Statement:
    text = without_reckoning(statement.text)
    return replace(statement, text=text, body=text, label=without_reckoning(statement.label))


@dataclass(frozen=True, kw_only=True)
class _Segment:
    """Statements of a claim and the passages that are cited for them."""

    statements: tuple[Statement, ...]
    passages: tuple[Passage, ...]

    @cached_property
    def text(self) -> str:
        return "。".join(statement.printed for statement in self.statements)

    @cached_property
    def printed(self) -> tuple[str, ...]:
        """The folded text of each passage with what stands above it."""
        return tuple(f"{passage.folded}\n{passage.folded_above}" for passage in self.passages)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset().union(*(passage.keys for passage in self.passages))

    def stands(self, words: str) -> bool:
        return any(folded(words) in text for text in self.printed)

    def faults(self, question: str, operands: list[Match], *, computed: bool) -> list[Fault]:
        """What is wrong with the segment; `operands` are the figures of the segments before it and gain those of this one."""
        delivered = self.passages[0].delivered
        found: list[Fault] = []
        matched: list[Match] = []
        anchors: list[Place] = []
        for statement in self.statements:
            matches = match_figures(statement, self.passages, delivered=delivered)
            matched += matches
            reckoned = computed and not all(m.places for m in matches) or is_reckoned(statement.text, self.printed)
            if reckoned:
                found += reckoning_faults(statement, matches, operands, self.passages)
            else:
                found += repeated(matches)
            for match in matches:
                figure = match.context.figure
                if match.places and not reckoned:
                    found += identity_faults(match, statement, self.passages, question)
                elif not match.places and not reckoned and figure is not None:
                    found.append(absence(figure, self.passages))
            operands += [match for match in matches if match.places]
            bare = _without_reckoning(statement) if reckoned else statement
            for anchor, faults in self._clauses(bare, question):
                anchors += anchor
                found += faults
        found += other_figure_faults(self.text, self.passages)
        found += self._year_faults([place for match in matched for place in match.places] + anchors)
        found += self._region_faults()
        found += self._quotation_faults()
        return found

    def _clauses(self, statement: Statement, question: str) -> Iterator[tuple[list[Place], list[Fault]]]:
        """For each clause the places that it tells of and what is wrong with its words."""
        delivered = self.passages[0].delivered
        asked = keys(question)
        said = [
            (context, tuple(unit for piece in context.own for unit in units(_LINKS.sub("，", piece))))
            for context in clause_contexts(statement.text, delivered=delivered)
        ]
        yield [], list(self._coverage_faults(statement, [words for _, words in said], question))
        for context, words in said:
            if not words:
                continue
            wanted = demand(context)
            near = sorted(
                (sentence for passage in self.passages for sentence in passage.sentences),
                key=lambda sentence: lacking(words, keys(sentence.text)),
            )[:3]
            costs = [(place.cost(wanted), place) for sentence in near for place in sentence.clauses]
            least = min((cost for cost, _ in costs), default=0.0)
            anchors = [place for cost, place in costs if cost <= least + _TIE]
            clause = statement.body[context.start : context.end]
            pieces = [[unit for unit in piece if asked.isdisjoint(unit[1])] for piece in wanted.near]
            found = []
            for anchor in anchors:
                faults = [*self._name_faults(clause, anchor), *_negation_faults(clause, anchor)]
                if any(anchor.is_foreign(piece) for piece in pieces):
                    faults.append(Fault(kind="words_absent", text=clause, detail=f"原文没有把“{clause}”说成一件事"))
                found.append(faults)
            yield anchors, min(found, key=len, default=[])

    def _coverage_faults(self, statement: Statement, clauses: Sequence[tuple[Unit, ...]], question: str) -> Iterator[Fault]:
        """Whether nearly all that the statement says is said by the passages, or merely repeats the question."""
        label = units(_LINKS.sub("，", statement.label))
        words = [unit for clause in [label, *clauses] for unit in clause]
        total = weight(words)
        for part in clauses:
            if weight(part) >= 4 and lacking(part, self.keys) > (1 - _LEAST_CARRIED_CLAUSE) * weight(part):
                yield Fault(kind="words_absent", text=statement.text, detail=f"“{statement.text}”里有原文没有说的话")
                return
        asked = self.keys | keys(question)
        too_little = lacking(words, asked) > (1 - _LEAST_CARRIED) * total
        if total >= 2 and (too_little or lacking(words, self.keys) > (1 - _LEAST_WITHOUT_QUESTION) * total):
            yield Fault(kind="words_absent", text=statement.text, detail=f"“{statement.text}”与所引段落说的不是一回事")

    def _name_faults(self, clause: str, anchor: Place) -> Iterator[Fault]:
        """Names, levels and numbers in names: each stands before the end of the clause that is told of, and none of
        another clause takes the place of the one that this clause has."""
        told = anchor.sentence.text[anchor.context.start : anchor.context.end]
        said, there = _names(clause), _names(told)
        for name, kind in said.items():
            if any(name in passage.region for passage in self.passages):
                continue
            if name not in anchor.scope:
                where = "不是在这里说的" if self.stands(name) else "没有出现"
                yield Fault(kind="name_absent", text=name, detail=f"“{name}”在所引段落里{where}")
            elif name not in folded(told).lower() and any(k == kind and n not in said for n, k in there.items()):
                yield Fault(kind="name_absent", text=name, detail=f"“{name}”在所引段落里不是在这里说的")

    def _year_faults(self, places: Sequence[Place]) -> Iterator[Fault]:
        """Every year named is one that the matched places speak of, or that their sentences name."""
        allowed = {period for place in places for period in (*place.periods, *place.sentence.told, place.sentence.period)}
        if not places:
            allowed = {period for passage in self.passages for s in passage.sentences for period in s.told}
            allowed |= {passage.paragraph.period for passage in self.passages if passage.paragraph.period}
        for mention in find_years(self.text, delivered=self.passages[0].delivered):
            printed = self.text[mention.start : mention.end]
            if mention.kind in ("relative", "span", "plan") and self.stands(printed):
                continue
            if re.match(r"的?(?:政府)?(?:工作)?报告", self.text[mention.end :]):
                spoken = {Period(first=passage.delivered, last=passage.delivered) for passage in self.passages}
            else:
                spoken = allowed
            if mention.period not in spoken:
                yield Fault(kind="year_changed", text=printed, detail=f"所引段落说的不是{printed}的事")

    def _region_faults(self) -> Iterator[Fault]:
        """Places named are the report's own or stand in the passage."""
        own: set[Region] = {region for passage in self.passages for region in gazetteer().named(passage.region)}
        for mention in gazetteer().find_regions(self.text):
            is_own = not own.isdisjoint(mention.regions) or any(p.region.startswith(mention.name) for p in self.passages)
            if not (is_own or mention.bare or self.stands(mention.name)):
                yield Fault(kind="region_swapped", text=mention.name, detail=f"所引段落不是说{mention.name}的")
        for match in _PLACE_LIKE.finditer("。".join(f"{statement.label}，{statement.text}" for statement in self.statements)):
            if not self.stands(match[1]):
                yield Fault(kind="region_swapped", text=match[1], detail=f"所引段落不是说{match[1]}的")
        for area in _OWN_AREA.finditer(self.text):
            fits = any(passage.region[-1:] == area[1] for passage in self.passages) or (area[1] == "国" and NATION in own)
            if not fits and not self.stands(area[0]):
                yield Fault(kind="region_swapped", text=area[0], detail=f"所引段落没有说“{area[0]}”")

    def _quotation_faults(self) -> Iterator[Fault]:
        """What stands in quotation marks or as a title stands so in the passage, and not where the passage has another."""
        there = [(m[0], *_neighbours(m)) for passage in self.passages for m in _QUOTED.finditer(passage.paragraph.text)]
        for match in _QUOTED.finditer(self.text):
            quoted = next(group for group in match.groups() if group)
            if not self.stands(quoted.strip("，,。；;！？!?、 ")):
                yield Fault(kind="name_absent", text=match[0], detail=f"所引段落里没有{match[0]}")
                continue
            around = _neighbours(match)
            names = {name for name, *beside in there if all(around) and tuple(beside) == around}
            if names and match[0] not in names:
                yield Fault(kind="name_absent", text=match[0], detail=f"原文在这里说的是{'、'.join(sorted(names))}")


def _neighbours(match: re.Match[str]) -> tuple[str, str]:
    """The two characters before a match and the two after it, as far as no mark stands between."""
    before, after = match.string[: match.start()][-2:], match.string[match.end() :][:2]
    return re.split(r"\W", before)[-1], re.split(r"\W", after)[0]


@lru_cache(maxsize=4096)
def _names(clause: str) -> dict[str, str]:
    """Names, quoted words, levels and numbers in names, folded and in lower case, each with its kind."""
    bare = list(clause)
    for figure in find_figures(clause):
        bare[figure.start : figure.end] = "，" * (figure.end - figure.start)
    words = "".join(bare)
    names = {w.word: w.flag[:2] for w in jieba.posseg.cut(words) if _is_name(w.word, w.flag)}
    names |= dict.fromkeys((match[0] for match in _HAN_NUMERAL.finditer(words)), "numeral")
    names |= dict.fromkeys((next(filter(None, match.groups())) for match in _QUOTED.finditer(clause)), "quoted")
    names |= dict.fromkeys((match[0] for match in _LEVEL.finditer(clause)), "level")
    return {folded(name).lower(): kind for name, kind in names.items()}


def _is_name(word: str, flag: str) -> bool:
    """Whether jieba's flag is to be believed: it takes 智慧 and 惠及 for persons, 城市 for a place."""
    if flag.startswith("nr"):
        return word[0] in _SURNAMES and 2 <= len(word) <= 3 and (jieba.dt.FREQ.get(word) or 0) < _ORDINARY
    if flag == "ns":
        return len(word) > 1 and bool(_NAMED_PLACE.search(word) or gazetteer().named(word))
    return flag in ("nt", "eng") and len(word) > 1


def _negation_faults(clause: str, anchor: Place) -> Iterator[Fault]:
    """未, 没有, 不, 无 neither added nor lost."""
    said, source = folded(clause), anchor.sentence.folded
    told = folded(anchor.sentence.text[anchor.context.start : anchor.context.end])
    for match in _NEGATION.finditer(said):
        following = said[match.end() : match.end() + 1]
        if not any(source[found.end() :].startswith(following) for found in _NEGATION.finditer(source)):
            yield Fault(kind="negation_flipped", text=clause, detail=f"“{match[0]}{following}”是原文没有的否定")
    for match in _NEGATION.finditer(told):
        denied = told[match.end() : match.end() + 2]
        rest = told.replace(match[0] + denied, "")
        for found in re.finditer(f".?{re.escape(denied)}", said) if len(denied) == 2 else ():
            if not re.search(rf"(?:{_NEGATION.pattern})$", said[: found.end() - 2]) and found[0] not in rest:
                yield Fault(kind="negation_flipped", text=clause, detail=f"原文说的是“{match[0]}{denied}”")
