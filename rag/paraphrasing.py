"""Whether a model's line may take the place of extractive claims: it says no less than they do, and nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import jieba.posseg

from index.figures import find_figures, same_figure
from index.text import normalise, split_clauses
from index.types import Figure
from rag.drafting import Draft
from rag.types import Citation, Claim
from rag.verifying import Fault

__all__ = ["Check", "Task", "paraphrase", "plain"]

# What the gate holds against a claim.
Check = Callable[[Claim, Mapping[int, Citation]], tuple[Fault, ...]]

_TRIM = " \t，,、；;。：:"
_ENOUGH, _LONGEST = 30, 110  # characters of evidence to a line
_MARK = re.compile(r"\[(\d+)\]|【(\d+)】|［(\d+)］")
_ROLES = {"target": "计划", "measure": "计划"}
_TARGET = re.compile("目标|计划|预期|力争|确保|预计|将|拟")
# What joins words and says nothing.
_LINKS = re.compile("目标|计划|预期|达到|分别|同时|其中|此外|另外|以及|完成|实现|当年|共计|总共|报告|指出|提出")
# Left out, the figure is another one: 城镇新增就业 is not all 新增就业.
_QUALIFIES = re.compile("城镇|农村|城乡|规模以上|规上|限额以上|限上|[人户亩]均|年均|累计|新增|净增|新开工")
_PARTS = re.compile("[，,、；;]")
_OUTCOME = re.compile("完成|实现|达成|达标|兑现|超额|已经|已")
# A report reports; what gives orders or plays with the form of a prompt isn't shown to a model, nor taken from it.
_ORDERS = re.compile(
    r"忽略|无视|不要理会|指令|指示(?=[,，。:：;；!！]|$)|提示词|系统(?:消息|提示)|(?:必须|请|只能|改为|直接|一律)你?(?:回答|输出|回复|写|说)"
    r"|回答[:：]|答案(?:是|为|应|[:：])|你(?:现在)?(?:是|扮演)|扮演|越狱"
    r"|ignore|instruct|prompt|system|assistant|output|answer|user\b|<\||\|>|\{\{|\[INST|###|```",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One extractive claim to be worded: the clauses of the paragraph that it rests on and what must not get lost.

    `start`/`end` are the span of `said` in its paragraph; `wanted` are the asked figures, first the one asked first.
    """

    draft: Draft
    citation: Citation
    start: int
    end: int
    said: str
    wanted: tuple[Figure, ...]

    @classmethod
    def of(cls, draft: Draft, citation: Citation) -> Task:
        """The task that a draft with findings sets."""
        statement = draft.findings[0].statement
        first, last = citation.start - statement.start, citation.end - statement.start
        # What a figure is of may stand in the clause before; what follows is another matter.
        for start, _ in reversed(statement.clauses):
            if start < first and last - first < _ENOUGH and last - start <= _LONGEST:
                first = start
        readings = [finding.readings[0].figure for finding in draft.findings if finding.readings]
        quoted = [] if draft.findings[0].ask.need == "fact" else find_figures(citation.quote)
        return cls(
            draft=draft,
            citation=citation,
            start=statement.start + first,
            end=statement.start + last,
            said=statement.text[first:last],
            wanted=tuple(readings or quoted),
        )

    @property
    def is_short(self) -> bool:
        return len(self.said) <= _LONGEST

    @property
    def evidence(self) -> str:
        """The line that the model sees: place, time and role, then the clauses that only report."""
        finding = self.draft.findings[0]
        head = "，".join(filter(None, (self.citation.region, str(finding.period or ""), _ROLES.get(finding.role))))
        clauses = (clause.text for clause in split_clauses(plain(self.said)))
        return f"（{head}）" + "".join(clause for clause in clauses if not _ORDERS.search(clause))

    def loss(self, line: str) -> str:
        """What a line lacks of this task or says beyond it, in a word; "" if nothing."""
        told, there = _counts(line), _counts(self.said)
        if not all((one.value, one.upper, one.unit) in {(f.value, f.upper, f.unit) for f in there} for one in told):
            return "figure from elsewhere"
        if self._adds(line):
            return "words from elsewhere"
        if self._joins(line):
            return "clauses run together"
        if self.draft.findings[0].ask.need == "fact" and not self.wanted:
            return ""  # the quote stays beside it, and which of its words are the answer only a reader knows
        if not _all_among(self.wanted, find_figures(line)):
            return "figure lost"
        leading = next(iter(_counts_of(self.wanted)), None)
        if leading and not same_figure(leading, next(figure for figure in told if figure.unit == leading.unit)):
            return "another figure first"
        printed = "".join(reading.printed for finding in self.draft.findings for reading in finding.readings)
        if not all(word in line for word in _QUALIFIES.findall(printed)):
            return "qualifier lost"
        if not all(finding.readings for finding in self.draft.findings):
            items = [normalise(item) for item in re.split("[、和及与，,；;]", self.citation.quote)]
            if not all(item in normalise(line) for item in items):
                return "words lost"
        return ""

    def _adds(self, line: str) -> bool:
        """Whether a line says more than the evidence: that a target was met, or anything in words of its own."""
        finding = self.draft.findings[0]
        if finding.role in ("target", "measure") and any(word not in self.said for word in _OUTCOME.findall(line)):
            return True
        bare = _LINKS.sub("，", line.replace(self.citation.region, "，"))
        for figure in reversed(find_figures(bare)):
            bare = f"{bare[: figure.start]}，{bare[figure.end :]}"
        # Not the question: what it takes for granted may be wrong.
        whole = (finding.statement.text, *self.citation.section, self.draft.label, self.citation.region)
        there = normalise("，".join(whole))
        known = _pairs(there)
        words = [(one.word, one.flag[0] == "n" and len(one.word) > 1) for one in jieba.posseg.cut(normalise(bare))]
        if any(
            len(word) > 1 and word.isalnum() and word not in there and not _pairs(word) <= known for word, _ in words
        ):
            return True
        # 商品 and 住房 may both stand there, and 商品住房 not.
        joined = (one + other for (one, is_noun), (other, is_too) in pairwise(words) if is_noun and is_too)
        return any(compound not in there for compound in joined)

    def _joins(self, line: str) -> bool:
        """Whether the end of one clause and the noun that begins the next stand in a line as if they were one.

        A verb may follow: 依托平台，调解纠纷 is the same without its comma.
        """
        clauses = [clause.text.strip(_TRIM) for clause in split_clauses(self.said)]
        seams = [(one[-2:] + other[:2], other) for one, other in pairwise(clauses) if one and other]
        return any(
            normalise(seam) in normalise(line)
            and normalise(seam) not in normalise(self.said)
            and next(iter(jieba.posseg.cut(other))).flag[0] != "v"
            for seam, other in seams
        )

    def trimmed(self, line: str) -> str:
        """The line without what it goes on to tell after the figures that were asked for."""
        if "分别" in line or not all(finding.readings for finding in self.draft.findings):
            return line
        figures = find_figures(line)
        asked = [one.end for one in figures if any(same_figure(one, wanted) for wanted in self.wanted)]
        rest = [one.start for one in figures if asked and one.start >= asked[-1]]
        cut = _PARTS.search(line, asked[-1], rest[0]) if rest else None
        return line[: cut.start()] if cut else line

    def widened(self, line: str) -> Citation:
        """The citation, over all of `said` where the line tells figures that stand outside the quote."""
        if _all_among(_counts(line), find_figures(self.citation.quote)):
            return self.citation
        quote = self.said.strip(_TRIM)
        start = self.start + self.said.index(quote)
        doubtful = self.draft.findings[0].statement.paragraph.is_doubtful(start, start + len(quote))
        return replace(self.citation, start=start, end=start + len(quote), quote=quote, doubtful=doubtful)

    def labelled(self, line: str) -> str:
        """The line, with place, year and role put in front if it leaves one of them out."""
        period, region = self.draft.findings[0].period, self.citation.region
        if self.draft.label.endswith("目标") and not _TARGET.search(line):
            return f"{self.draft.label}：{line}"
        years = (str(period.first), str(period.last)) if period and str(period) in self.draft.label else ()
        place = "" if region[:2] in line else region
        when = "" if all(year in line for year in years) else f"{period}，"
        return f"{place}{when}{line}"


def paraphrase(
    line: str, tasks: Sequence[Task], expected: int, citations: Mapping[int, Citation], check: Check, question: str
) -> tuple[int, Draft] | str:
    """The task that `line` tells and the draft that it makes; or, in a word, why it may not be shown.

    `expected` is the first task that no line has told yet: a line that bears no mark is meant for it.  Marks in the
    line are the numbers of tasks, from 1.
    """
    marks = {int("".join(groups)) - 1 for groups in _MARK.findall(line)} or {expected}
    if len(marks) > 1 or not expected <= (position := marks.pop()) < len(tasks):
        return "no such mark"
    task, body = tasks[position], _MARK.sub("", line).strip(" 　。；;")
    if _ORDERS.search(body) or body != plain(body):
        return "no report speaks so"
    # A line that is wrong in what nobody asked for is not to be trusted with the rest.
    for words in dict.fromkeys((body, task.trimmed(body))):
        if lost := task.loss(words):
            return lost
        source = task.widened(words)
        text = f"{task.labelled(words)}。[{source.mark}]"
        is_whole = source is task.citation and normalise(source.quote) in normalise(text)
        draft = Draft(text=text, marks=(source.mark,), source=None if is_whole else source)
        if faults := check(draft.claim(), {**citations, source.mark: source}):
            return faults[0].detail
    return position, draft


def plain(text: str) -> str:
    """One line without what no reader sees: control characters, marks of direction, spaces without width."""
    return "".join(one for one in " ".join(text.split()) if unicodedata.category(one)[0] != "C")


def _counts(text: str) -> list[Figure]:
    return _counts_of(find_figures(text))


def _counts_of(figures: Iterable[Figure]) -> list[Figure]:
    """Those that count something: a year or “十四五” names something."""
    return [figure for figure in figures if figure.kind not in ("date", "ordinal")]


def _all_among(some: Sequence[Figure], others: Sequence[Figure]) -> bool:
    return all(any(same_figure(one, other) for other in others) for one in some)


def _pairs(text: str) -> set[str]:
    plain = re.sub(r"\W", "", normalise(text))
    return {plain[i : i + 2] for i in range(len(plain) - 1)}
