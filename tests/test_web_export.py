"""Exports: what a document holds, that it opens, and that nothing in it can act."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from fastapi.testclient import TestClient
from lxml import etree
from openpyxl import load_workbook
from typer.testing import CliRunner

from rag.exporting import Exportable, Format, export, format_of
from rag.settings import Settings
from rag.types import Answer, ComparisonRequest, SummaryRequest
from tests import scripted
from tests.rag_world import SAMPLES, assistant
from web.api import build_web
from web.cli import app

AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
QUESTION = "云岭区2023年城镇新增就业多少人"
MADE: dict[str, Callable[[], Exportable]] = {
    "answer": lambda: assistant().ask(QUESTION),
    "summary": lambda: assistant().summarize(SummaryRequest(reports=("云岭区_2024",))),
    "changes": lambda: assistant().whats_new("云岭区_2023", "云岭区_2024"),
    "comparison": lambda: assistant().compare(ComparisonRequest(indicators=("城镇新增就业",))),
}


def text_of(content: bytes, kind: Format) -> str:
    """Everything that is written in a document."""
    if kind == "markdown":
        return re.sub(r"\\(.)", r"\1", content.decode())
    if kind == "docx":
        document = Document(BytesIO(content))
        cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
        return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells, *footnotes(content)])
    book = load_workbook(BytesIO(content))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def footnotes(content: bytes) -> list[str]:
    """Those of a Word file, first to last."""
    parts = {str(part.partname): part.blob for part in Document(BytesIO(content)).part.package.iter_parts()}
    notes = etree.fromstring(parts.get("/word/footnotes.xml", b"<none/>"))
    return [text for note in notes if (text := "".join(map(str, note.itertext())).strip())]


def test_in_word_each_quote_is_a_footnote_and_its_mark_refers_to_it() -> None:
    answer = assistant().ask(QUESTION)
    twice = replace(answer, text=f"{answer.text}\n再说一次。[1]")
    content = export(twice, "docx", AT)
    first, *rest = footnotes(content)
    assert answer.citations[0].quote in first and len(rest) == len(answer.citations) - 1
    body = Document(BytesIO(content)).element.body
    assert [note.get(qn("w:id")) for note in body.iter(qn("w:footnoteReference"))] == ["1"]
    assert [code.text for code in body.iter(qn("w:instrText"))] == [" NOTEREF note1 \\h "]


@pytest.mark.parametrize("what", MADE)
@pytest.mark.parametrize("kind", ["docx", "markdown", "xlsx"])
def test_a_document_holds_claims_quotes_places_and_what_was_checked(what: str, kind: Format) -> None:
    item = MADE[what]()
    said = text_of(export(item, kind, AT), kind)
    assert item.claims and item.citations
    for citation in item.citations:
        assert citation.quote in said
        assert citation.title in said
    assert "已核对" in said and "2026-01-0" in said and item.provenance.index in said


def test_a_refusal_is_not_said_to_be_checked() -> None:
    said = text_of(export(assistant().ask("云岭区2023年发射了几颗卫星"), "docx", AT), "docx")
    assert "未核对" in said and "已核对" not in said


def test_what_was_hard_to_read_is_said_to_be_doubtful() -> None:
    answer = assistant().ask(QUESTION)
    assert isinstance(answer, Answer)
    doubtful = replace(answer, citations=tuple(replace(c, doubtful=True) for c in answer.citations))
    assert "存疑：出处1" in text_of(export(doubtful, "docx", AT), "docx")


@pytest.mark.parametrize("opening", ["=", "+", "-", "@"])
def test_no_text_becomes_a_formula(opening: str) -> None:
    answer = replace(assistant().ask(QUESTION), text=f'{opening}HYPERLINK("http://x","y")\x07')
    for row in load_workbook(BytesIO(export(answer, "xlsx", AT)))["内容"].iter_rows():
        assert all(cell.data_type == "s" for cell in row if cell.value is not None)


def test_text_of_a_report_is_no_markup() -> None:
    answer = replace(assistant().ask(QUESTION), text="<script>*x*[y](z)|[1]")
    said = export(answer, "markdown", AT).decode()
    assert r"\<script\>\*x\*\[y\](z)\|[^1]" in said


@pytest.mark.parametrize(
    ("text", "written"),
    [("322.5亿元", "322.5亿元"), ("1. 一", r"1\. 一"), ("- 一", r"\- 一"), ("+0.5个百分点", r"\+0.5个百分点")],
)
def test_what_opens_a_line_opens_no_list(text: str, written: str) -> None:
    answer = replace(assistant().ask(QUESTION), text=text)
    assert written in export(answer, "markdown", AT).decode().split("\n")


def test_the_name_of_a_file_tells_its_format() -> None:
    assert [format_of(name) for name in ("a.docx", "b.MD", "c.xlsx", "d.pdf")] == ["docx", "markdown", "xlsx", None]


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(build_web(scripted.seated(assistant), Settings()), base_url="http://127.0.0.1")


@pytest.mark.parametrize(
    "body",
    [
        {"ask": {"question": QUESTION}},
        {"summarize": {"reports": ["云岭区_2024"], "length": "brief"}},
        {"changes": {"reports": ["云岭区_2023", "云岭区_2024"]}},
        {"compare": {"indicators": ["城镇新增就业"]}},
    ],
)
def test_the_server_makes_again_what_it_exports(client: TestClient, body: dict[str, object]) -> None:
    response = client.post("/api/export", json={"format": "docx", **body})
    assert response.status_code == 200
    assert "filename*=UTF-8''" in response.headers["content-disposition"]
    assert "已核对" in text_of(response.content, "docx")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"format": "docx"}, 422),
        ({"format": "pdf", "ask": {"question": QUESTION}}, 422),
        ({"format": "docx", "ask": {"question": QUESTION}, "compare": {"question": "就业"}}, 422),
        ({"format": "docx", "text": "增长100%"}, 422),
        ({"format": "docx", "summarize": {"reports": ["没有_2024"]}}, 404),
    ],
)
def test_a_wrong_request_exports_nothing(client: TestClient, body: dict[str, object], status: int) -> None:
    assert client.post("/api/export", json=body).status_code == status


def test_the_command_line_saves_what_it_shows(tmp_path: Path) -> None:
    home = tmp_path / "home"
    runner = CliRunner(env={"WENBAO_EMBEDDER": "hash", "WENBAO_HOME": str(home), "COLUMNS": "200"})
    assert runner.invoke(app, ["index", str(SAMPLES)]).exit_code == 0
    saved = tmp_path / "就业.docx"
    assert runner.invoke(app, ["ask", QUESTION, "--save", str(saved)]).exit_code == 0
    assert "已核对" in text_of(saved.read_bytes(), "docx")
    assert runner.invoke(app, ["summarize", "云岭区_2024", "--save", str(tmp_path / "x.md")]).exit_code == 0
    assert runner.invoke(app, ["compare", "城镇新增就业", "--save", str(tmp_path / "x.xlsx")]).exit_code == 0
    wrong = runner.invoke(app, ["ask", QUESTION, "--save", str(tmp_path / "x.pdf")])
    assert wrong.exit_code == 2 and ".docx" in wrong.stderr
