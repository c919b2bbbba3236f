"""From what an office has to the answer: tables, traditional characters, scans that are hard to read, failed files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.building import update
from index.embedders import HashEmbedder
from index.loading import ParseReport, read_report
from index.store import ReportIndex
from index.types import Report
from rag.assistant import Assistant
from tests.documents import docx, paragraph, word_table

HOUSING = "保障性租賃住房建設加快，全年新開工590套，建成640套。"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def asked(home: Path, *files: Path) -> Assistant:
    embedder = HashEmbedder()
    assert update(home, files, embedder).failed == {}
    return Assistant(home, embedder)


@pytest.mark.parametrize("question", ["云溪县2023年建成多少套保障性租赁住房", "雲溪縣2023年建成多少套保障性租賃住房"])
@pytest.mark.parametrize("simplified", [False, True])
def test_either_script_finds_the_other_and_quotes_stay_as_printed(
    home: Path, tmp_path: Path, question: str, simplified: bool
) -> None:
    text = HOUSING.translate(str.maketrans("賃設開", "赁设开")) if simplified else HOUSING
    file = tmp_path / "云溪县_2024.txt"
    file.write_text(f"一、2023年工作回顧\n{text}", encoding="utf-8")
    answer = asked(home, file).ask(question)
    assert answer.status == "answered", answer.text
    assert "640套" in answer.claims[0].text
    assert answer.citations[0].quote in text


def workbook(path: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["指标", "单位", "目标", "完成"], ["城镇新增就业", "人", 7000, 7500], ["新增学位", "个", 2400, 2460]):
        sheet.append(row)
    book.save(path)
    return path


def word(path: Path) -> Path:
    rows = [
        ["指标", "单位", "目标", "完成"],
        ["城镇新增就业", "人", "7000", "7500"],
        ["新增学位", "个", "2400", "2460"],
    ]
    path.write_bytes(docx(paragraph("一、2023年工作回顾") + word_table(rows)))
    return path


@pytest.mark.parametrize(("write", "name"), [(workbook, "云溪县_2024.xlsx"), (word, "云溪县_2024.docx")])
def test_a_cell_is_cited_with_its_row_and_column(
    home: Path, tmp_path: Path, write: Callable[[Path], Path], name: str
) -> None:
    answer = asked(home, write(tmp_path / name)).ask("云溪县2023年城镇新增就业完成多少人")
    assert "7500人" in answer.claims[0].text and "2460" not in answer.text
    assert "城镇新增就业" in answer.citations[0].quote and "完成 7500人" in answer.citations[0].quote


@pytest.mark.parametrize(("unclear", "is_said"), [("640", True), ("新開工", False)])
def test_what_was_hard_to_read_is_said_to_be_so(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unclear: str, is_said: bool
) -> None:
    """A figure of a scan of which the recogniser was not sure may be another on paper."""

    def scanned(*arguments: Any, **options: Any) -> tuple[Report, ParseReport]:
        report, parsing = read_report(*arguments, **options)
        start = report.paragraphs[-1].text.find(unclear)
        last = replace(report.paragraphs[-1], doubtful=((start, start + len(unclear)),))
        return replace(report, paragraphs=(*report.paragraphs[:-1], last)), parsing

    monkeypatch.setattr("index.intake.read_report", scanned)
    file = tmp_path / "云溪县_2024.txt"
    file.write_text(f"一、2023年工作回顾\n{HOUSING}", encoding="utf-8")
    answer = asked(home, file).ask("云溪县2023年建成多少套保障性租赁住房")
    assert "640套" in answer.claims[0].text
    assert ("原件此处辨认不清，请核对原件。" in answer.text) is is_said
    assert [citation.doubtful for citation in answer.citations] == [is_said]


def test_what_a_loader_says_of_a_bad_file_is_nowhere_in_the_index(home: Path, tmp_path: Path) -> None:
    good = tmp_path / "云溪县_2024.txt"
    good.write_text(f"一、2023年工作回顾\n{HOUSING}", encoding="utf-8")
    for name in ("石桥县_2024.docx", "白鹭县_2024.pdf", "青山县_2024.ofd"):
        (tmp_path / name).write_bytes(b"PK\x03\x04 broken")
    outcome = update(home, [tmp_path], HashEmbedder())
    assert len(outcome.failed) == 3
    opened = ReportIndex.open(home)
    assert [card.id for card in opened.cards] == ["云溪县_2024"]
    stored = b"".join(path.read_bytes() for path in opened.folder.rglob("*") if path.is_file()).decode(errors="ignore")
    assert not any(word in stored for word in ("损坏", "另存", "石桥县", "白鹭县", "青山县"))


def test_citations_of_a_replaced_report_keep_their_quotes(home: Path, tmp_path: Path) -> None:
    """A citation holds its quote: what replaced or removed its report changes nothing in it."""
    file = tmp_path / "云溪县_2024.txt"
    file.write_text(f"一、2023年工作回顾\n{HOUSING}", encoding="utf-8")
    assistant = asked(home, file)
    before = assistant.ask("云溪县2023年建成多少套保障性租赁住房").to_wire()["citations"]
    file.write_text(f"一、2023年工作回顾\n{HOUSING.replace('640', '641')}", encoding="utf-8")
    update(home, [file], HashEmbedder())
    assert assistant.reload()
    after = assistant.ask("云溪县2023年建成多少套保障性租赁住房").to_wire()["citations"]
    assert ["640套" in citation["quote"] for citation in before] == [True]
    assert ["641套" in citation["quote"] for citation in after] == [True]
    assert before[0]["sha256"] != after[0]["sha256"]
