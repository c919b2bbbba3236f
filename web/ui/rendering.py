"""Answers and their sources as HTML.  Report text is data: the templates escape whatever they are given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote as percent_encoded

from jinja2 import Environment, PackageLoader, StrictUndefined

from index.figures import find_figures, same_figure
from index.store import ReportCard
from index.types import Figure, Paragraph
from rag.types import Answer, Citation, Claim
from web.conversations import Exchange, Limits
from web.ui import words

_TEMPLATES = Environment(
    loader=PackageLoader("web.ui"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
# So many exchanges before a question are told again where it is asked anew for an export.
_REPEATED = 3
_MARK = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A run of text shown in one way; `mark` is the citation that it stands for, 0 for plain text."""

    text: str
    is_figure: bool = False
    is_quoted: bool = False
    mark: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a mark on the page carries: enough to open its paragraph after a reload or a restart."""

    report: str
    paragraph: int
    start: int
    end: int
    sha256: str
    mark: int
    section: Sequence[str]
    quote: str
    figures: Sequence[str] = ()
    is_nearest: bool = False

    @classmethod
    def of(cls, citation: Citation, figures: Sequence[str] = (), *, is_nearest: bool = False) -> Source:
        address = {
            name: getattr(citation, name)
            for name in ("report", "paragraph", "start", "end", "sha256", "mark", "section", "quote")
        }
        return cls(**address, figures=tuple(figures), is_nearest=is_nearest)

    def to_data(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class _SourceView:
    report: str
    title: str
    number: int
    mark: int = 0
    is_nearest: bool = False
    section: Sequence[str] = ()
    page: int | None = None
    warning: str = ""
    quoted_then: str = ""
    parts: Sequence[Part] = ()
    earlier: str = ""
    later: str = ""
    quote_line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of an answer: a claim's, in which the figures stand out, or what is added to it."""

    parts: Sequence[Part]
    is_claim: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _ExchangeView:
    exchange: Exchange
    asked: Mapping[str, Any] = field(default_factory=dict)  # what /api/export is sent to make the same again
    table: str = ""  # the address at which the same is set side by side
    answer: Answer | None = None
    lines: Sequence[Line] = ()
    sources: Mapping[int, Source] = field(default_factory=dict)
    nearest: Sequence[tuple[Citation, Source]] = ()
    scope: str = ""
    limits: str = ""
    has_lost: bool = False  # what it cites is not there any more
    is_computed: bool = False
    is_doubtful: bool = False
    seconds: float = 0.0
    copy_answer: str = ""
    copy_quotes: str = ""


def render(template: str, **values: Any) -> str:
    """A template of this package, which says `words`, with these values."""
    return _TEMPLATES.get_template(f"{template}.html").render(words=words, **values)


def render_welcome(
    cards: Sequence[ReportCard],
    examples: Sequence[str],
    *,
    problem: str = "",
    notice: str = "",
    may_add: bool = False,
) -> str:
    """What stands there before the first question: what can be asked, how to add reports, or why nothing works."""
    loaded = loaded_line(cards) if cards else ""
    return _TEMPLATES.get_template("welcome.html").render(
        words=words,
        cards=cards,
        examples=examples,
        problem=problem,
        notice=notice,
        loaded=loaded,
        may_add=may_add,
    )


def render_conversation(exchanges: Sequence[Exchange], titles: Mapping[str, str], work: str = "") -> str:
    """All exchanges so far, the latest perhaps unfinished; `titles` names the reports by their ids.

    `work` is the number of what it was made for.
    """
    return _TEMPLATES.get_template("conversation.html").render(
        words=words,
        views=[_exchange_view(exchange, titles, exchanges[:i]) for i, exchange in enumerate(exchanges)],
        is_pending=bool(exchanges) and exchanges[-1].is_pending,
        limits=asdict(exchanges[-1].limits) if exchanges else None,
        work=work,
    )


def render_source(source: Source | None, title: str = "", paragraphs: Sequence[Paragraph] = ()) -> str:
    """The paragraph that a mark stands for, with its neighbours; without a source, what the panel is for.

    A source whose paragraph is gone or was changed since is said to be so: nothing is highlighted then.
    """
    view = None if source is None else _source_view(source, title, {p.number: p for p in paragraphs})
    return _TEMPLATES.get_template("source.html").render(words=words, view=view)


def _source_view(source: Source, title: str, paragraphs: Mapping[int, Paragraph]) -> _SourceView:
    cited = paragraphs.get(source.paragraph)
    if cited is None:
        return _SourceView(
            report=source.report, title=title, number=source.paragraph, warning=words.GONE, quoted_then=source.quote
        )
    is_unchanged = sha256(cited.text.encode()).hexdigest() == source.sha256
    is_doubtful = cited.is_doubtful(source.start, source.end)
    earlier, later = paragraphs.get(cited.number - 1), paragraphs.get(cited.number + 1)
    return _SourceView(
        report=source.report,
        title=title,
        number=cited.number,
        mark=source.mark,
        is_nearest=source.is_nearest,
        section=tuple(dict.fromkeys(source.section)),
        page=cited.page,
        warning=words.CHANGED if not is_unchanged else words.DOUBTFUL if is_doubtful else "",
        quoted_then="" if is_unchanged else source.quote,
        parts=list(_paragraph_parts(cited.text, source)) if is_unchanged else [Part(text=cited.text)],
        earlier=earlier.text if earlier else "",
        later=later.text if later else "",
        quote_line=quote_line(cited.text[source.start : source.end], title, source.section, cited.number)
        if is_unchanged
        else "",
    )


def _exchange_view(exchange: Exchange, titles: Mapping[str, str], earlier: Sequence[Exchange]) -> _ExchangeView:
    answer, limits = exchange.answer, _limits(exchange.limits, titles)
    if answer is None:
        text = "\n".join(claim.text for claim in exchange.claims)
        return _ExchangeView(exchange=exchange, lines=lines_of(text, exchange.claims), limits=limits)
    nearest = answer.refusal.nearest if answer.refusal else ()
    quotes = [quote_line(c.quote, c.title, c.section, c.paragraph) for c in answer.citations]
    numbered = (f"[{citation.mark}] {quote}" for citation, quote in zip(answer.citations, quotes, strict=True))
    return _ExchangeView(
        exchange=exchange,
        answer=answer,
        lines=lines_of(answer.text, answer.claims),
        sources=sources_of(answer.citations, answer.claims),
        nearest=[(citation, Source.of(citation, is_nearest=True)) for citation in nearest],
        scope=_scope(answer, titles),
        limits=limits,
        asked={"ask": _asked(exchange, earlier)},
        table=_table(answer),
        has_lost=bool(titles) and any(citation.report not in titles for citation in (*answer.citations, *nearest)),
        is_computed=any(claim.computed for claim in answer.claims),
        is_doubtful=any(citation.doubtful for citation in answer.citations),
        seconds=sum(answer.provenance.seconds.values()),
        copy_answer="\n".join([answer.text, *numbered]),
        copy_quotes="\n".join(quotes),
    )


def quote_line(quote: str, title: str, section: Sequence[str], paragraph: int) -> str:
    """A quote with its place, fit to be pasted into a document."""
    place = words.PLACE.format(title=title, section=f"{section[-1]}，" if section else "", paragraph=paragraph)
    return words.QUOTE_LINE.format(quote=quote, place=place)


def sources_of(citations: Sequence[Citation], claims: Sequence[Claim]) -> dict[int, Source]:
    """What each mark carries, with the figures that the claims took from there, as printed in them."""
    return {
        citation.mark: Source.of(
            citation,
            [
                figure.text
                for claim in claims
                if citation.mark in claim.citations
                for figure in _telling_figures(claim.text)
            ],
        )
        for citation in citations
    }


def lines_of(text: str, claims: Sequence[Claim]) -> list[Line]:
    """The lines of a text in which claims stand, ready to be shown."""
    claimed = {line for claim in claims for line in claim.text.split("\n")}
    return [Line(parts=list(line_parts(line, line in claimed)), is_claim=line in claimed) for line in text.split("\n")]


def line_parts(line: str, is_claim: bool = True) -> Iterator[Part]:
    """A line with its marks apart, and in a claim its figures."""
    at = 0
    for mark in [*_MARK.finditer(line), None]:
        plain = line[at : mark.start() if mark else len(line)]
        yield from _parts(plain, _telling_figures(plain) if is_claim else [])
        if mark:
            yield Part(text=mark[0], mark=int(mark[1]))
            at = mark.end()


def _paragraph_parts(text: str, source: Source) -> Iterator[Part]:
    """A cited paragraph with its quote apart, and in the quote the figures that the answer took from it."""
    quote = text[source.start : source.end]
    taken = [figure for printed in source.figures for figure in find_figures(printed)]
    yield Part(text=text[: source.start])
    yield from _parts(
        quote, [f for f in _telling_figures(quote) if any(same_figure(f, other) for other in taken)], is_quoted=True
    )
    yield Part(text=text[source.end :])


def _telling_figures(text: str) -> list[Figure]:
    """The figures worth emphasis: a year or a 第七届 names something, it measures nothing."""
    return [figure for figure in find_figures(text) if figure.kind not in ("date", "ordinal")]


def _parts(text: str, figures: Sequence[Figure], *, is_quoted: bool = False) -> Iterator[Part]:
    at = 0
    for figure in figures:
        yield Part(text=text[at : figure.start], is_quoted=is_quoted)
        yield Part(text=figure.text, is_figure=True, is_quoted=is_quoted)
        at = figure.end
    yield Part(text=text[at:], is_quoted=is_quoted)


def _scope(answer: Answer, titles: Mapping[str, str]) -> str:
    reports = [titles.get(report, report) for report in answer.scope.reports]
    named = (
        (words.REGION, "、".join(answer.scope.regions)),
        (words.ASKED_YEAR, "、".join(f"{year}年" for year in answer.scope.years)),
        (
            words.REPORT,
            words.MORE_REPORTS.format(title=reports[0], count=len(reports)) if len(reports) > 1 else "".join(reports),
        ),
    )
    return " · ".join(f"{label} {value}" for label, value in named if value) or words.ALL_REPORTS


def _asked(exchange: Exchange, earlier: Sequence[Exchange]) -> dict[str, Any]:
    """The question with its limits, and what was said before it, as the API takes them."""
    limits = exchange.limits
    return {
        "question": exchange.question,
        "history": [{"question": e.question, "answer": e.answer.text} for e in earlier if e.answer][-_REPEATED:],
        "regions": limits.regions,
        "years": limits.years,
        "reports": limits.reports or None,
    }


def _table(answer: Answer) -> str:
    if answer.comparison is None:
        return ""
    wanted = {name: value for name, value in asdict(answer.comparison).items() if value}
    return f"#compare/{percent_encoded(json.dumps(wanted, ensure_ascii=False), safe='')}"


def _limits(limits: Limits, titles: Mapping[str, str]) -> str:
    chosen = (
        *limits.regions,
        *(words.DELIVERED.format(year=year) for year in limits.years),
        *(titles.get(report, report) for report in limits.reports),
    )
    return "、".join(chosen)


def loaded_line(cards: Sequence[ReportCard]) -> str:
    """How many reports of how many places there are, and of which years."""
    first, last = min(card.year for card in cards), max(card.year for card in cards)
    years = words.YEAR.format(first=first) if first == last else words.YEARS.format(first=first, last=last)
    return words.LOADED.format(count=len(cards), places=len({card.region for card in cards}), years=years)
