"""The sample reports indexed once, with an assistant over them: the world that tests of answering ask about.

The figures of the samples are in `samples/`; the model is a double that knows shared characters only, so what these
tests show rests on words, scope and figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from index.building import update
from index.embedders import HashEmbedder
from index.statements import Statement, Statements
from index.store import ReportCard
from index.types import Paragraph, Period, Report, Role, Scope
from rag.assistant import Assistant
from rag.choosing import choose
from rag.evidence import Evidence, Finding, Lack
from rag.scoping import Catalog
from rag.thesaurus import load_thesaurus
from rag.types import Answer, Citation, Turn
from rag.understanding import Query, understand
from rag.writing import Writer

SAMPLES = Path(__file__).parent.parent / "samples"
ALL = Scope()
# Gone when the last test has ended.
_HOME = TemporaryDirectory(prefix="wenbao-tests-")


@cache
def assistant() -> Assistant:
    """An assistant over the five sample reports."""
    home = Path(_HOME.name)
    outcome = update(home, [SAMPLES], HashEmbedder())
    assert not outcome.failed
    return Assistant(home, HashEmbedder())


def catalog(scope: Scope = ALL) -> Catalog:
    """The sample reports as a question sees them."""
    return Catalog(assistant().cards, scope)


def query(question: str, *earlier: str, scope: Scope = ALL) -> Query:
    """`question` understood after `earlier` questions."""
    return understand(question, turns(*earlier), catalog(scope))


def ask(question: str, *earlier: str, scope: Scope = ALL) -> Answer:
    """The answer to `question` after `earlier` questions."""
    return assistant().ask(question, turns(*earlier), scope=scope)


def turns(*questions: str) -> Sequence[Turn]:
    return tuple(Turn(question=question, answer="") for question in questions)


def is_address(citation: Citation) -> bool:
    """Whether the quote stands at the cited place of the cited paragraph."""
    paragraphs = assistant().report_paragraphs(citation.report)
    text = next(paragraph.text for paragraph in paragraphs if paragraph.number == citation.paragraph)
    whole = sha256(text.encode()).hexdigest()
    return citation.quote == text[citation.start : citation.end] and citation.sha256 == whole


# -- reports of a few sentences, for what is to be seen without searching ---------------------------


def report(*paragraphs: Paragraph, region: str = "北岭县", year: int = 2024) -> Report:
    """A report of `region` with these paragraphs, numbered from 1."""
    name = f"{region}_{year}"
    return Report(
        id=name,
        title=f"{region}{year}年政府工作报告",
        region=region,
        level="county",
        year=year,
        source=f"{name}.txt",
        sha256="0" * 64,
        paragraphs=tuple(
            replace(paragraph, report=name, number=number) for number, paragraph in enumerate(paragraphs, start=1)
        ),
    )


def done(text: str, year: int = 2023) -> Paragraph:
    """A paragraph that accounts for `year`."""
    return _paragraph(text, year, "done", f"一、{year}年工作回顾")


def target(text: str, year: int = 2024) -> Paragraph:
    """A paragraph that plans `year`."""
    return _paragraph(text, year, "target", f"二、{year}年工作安排")


def _paragraph(text: str, year: int, role: Role, heading: str) -> Paragraph:
    period = Period(first=year, last=year)
    return Paragraph(report="", number=0, text=text, headings=(heading,), period=period, role=role)


def statements(written: Report) -> tuple[Statement, ...]:
    return Statements(lambda _: written).of(written.id)


def resolved(question: str, *reports: Report) -> tuple[Query, list[Finding | Lack]]:
    """`question` understood and each of its asks resolved in what the reports of its place say; all words weigh the same."""
    read = understand(question, (), Catalog([ReportCard.of(one, chunks=1) for one in reports], ALL))
    evidence = Evidence(lambda _: 3.0, load_thesaurus())
    found: list[Finding | Lack] = []
    for one in read.asks:
        said = [line for written in reports if one.region in (None, written.region) for line in statements(written)]
        found.append(choose(one, evidence.findings(one, said, {}), lambda _: True))
    return read, found


def worded(writer: Writer) -> Assistant:
    """An assistant over the sample reports whose answers `writer` words."""
    assistant()
    return Assistant(Path(_HOME.name), HashEmbedder(), writer)
