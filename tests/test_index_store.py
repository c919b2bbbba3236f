"""Reading an index: opened whole, mapped, the same for as long as it is held."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from index import store
from index.building import remove, update
from index.embedders import HashEmbedder
from index.errors import IndexMismatch, IndexMissing, UnknownReport
from index.loading import load_report
from index.store import ReportIndex
from index.types import Paragraph, Period, Report, Scope

REPORTS = {
    "云溪县_2023": ["一、2022年工作回顾", "新改扩建学校7所。"],
    "云溪县_2024": ["一、2023年工作回顾", "新改扩建学校9所。新增学位1080个。", "二、2024年工作安排", "新建学校2所。"],
    "石桥县_2024": ["修复湿地300亩。"],
}


def write(folder: Path, report: str, paragraphs: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"{report}.txt"
    file.write_text("\n".join(paragraphs), encoding="utf-8")
    return file


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for report, paragraphs in REPORTS.items():
        write(tmp_path / "reports", report, paragraphs)
    update(tmp_path / "home", [tmp_path / "reports"], HashEmbedder())
    return tmp_path / "home"


def test_nothing_to_open(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="wenbao index"):
        ReportIndex.open(tmp_path)


def test_cards_tell_what_is_loaded(home: Path) -> None:
    opened = ReportIndex.open(home)
    assert [card.id for card in opened.cards] == sorted(REPORTS)
    card = opened.card("云溪县_2024")
    assert (card.region, card.level, card.year, card.paragraphs, card.chunks) == ("云溪县", "county", 2024, 4, 2)
    assert card.characters == sum(map(len, REPORTS["云溪县_2024"]))


def test_a_report_comes_back_as_it_was_loaded(home: Path, tmp_path: Path) -> None:
    opened = ReportIndex.open(home)
    for report in REPORTS:
        assert opened.report(report) == load_report(tmp_path / "reports" / f"{report}.txt")


def test_nothing_is_lost_of_a_scanned_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scanned = Paragraph(
        report="甲",
        number=1,
        text="建成“两馆”𠮷 590套\u2028。",
        headings=("一、回顾", "（二）民生"),
        period=Period(first=2021, last=2025),
        role="done",
        page=3,
        doubtful=((2, 4), (9, 10)),
    )
    report = Report(
        id="甲", title="", region="甲县", level="county", year=2026, source="a", sha256="", paragraphs=(scanned,)
    )
    monkeypatch.setattr("index.intake.read_report", lambda *_, **__: (report, None))
    update(tmp_path, [tmp_path / "甲.txt"], HashEmbedder())
    assert ReportIndex.open(tmp_path).report("甲") == report


def test_a_paragraph_is_found_by_its_number(home: Path) -> None:
    opened = ReportIndex.open(home)
    assert opened.paragraph("云溪县_2024", 2).text == "新改扩建学校9所。新增学位1080个。"
    for number in (-1, 0, 5):  # 0 and -1 must not become the last
        with pytest.raises(UnknownReport, match=f"第 {number} 段"):
            opened.paragraph("云溪县_2024", number)
    with pytest.raises(UnknownReport, match="白鹭区_2024"):
        opened.paragraph("白鹭区_2024", 1)


def test_a_paragraph_that_looks_like_the_file_it_is_kept_in_is_found(tmp_path: Path) -> None:
    texts = ['{"report":"甲_2024","number":3,"text":"', '其后,{"report":"甲_2024","number":4', '末段"]}', "完。\\"]
    write(tmp_path / "reports", "甲_2024", texts)
    update(tmp_path / "home", [tmp_path / "reports"], HashEmbedder(), corrections={"甲_2024.txt": {"region": "甲县"}})
    opened = ReportIndex.open(tmp_path / "home")
    whole = opened.report("甲_2024").paragraphs
    assert [paragraph.text for paragraph in whole] == texts
    assert tuple(opened.paragraph("甲_2024", paragraph.number) for paragraph in whole) == whole


@pytest.mark.parametrize(
    ("reports", "paragraphs"),
    [
        (None, [("云溪县_2023", 2), ("云溪县_2024", 2), ("云溪县_2024", 4), ("石桥县_2024", 1)]),
        ({"云溪县_2024"}, [("云溪县_2024", 2), ("云溪县_2024", 4)]),
        ({"石桥县_2024", "没有的"}, [("石桥县_2024", 1)]),
        (set(), []),
    ],
)
def test_a_scope_becomes_rows(home: Path, reports: set[str] | None, paragraphs: list[tuple[str, int]]) -> None:
    opened = ReportIndex.open(home)
    mask = opened.mask(Scope(reports=None if reports is None else frozenset(reports)))
    rows = range(len(opened.chunks)) if mask is None else np.flatnonzero(mask).tolist()
    assert [(opened.chunk(row).report, opened.chunk(row).paragraph) for row in rows] == paragraphs


def test_a_chunk_has_its_address_and_context(home: Path) -> None:
    chunk = ReportIndex.open(home).chunk(1)
    assert chunk.text == REPORTS["云溪县_2024"][1][chunk.start : chunk.end]
    assert chunk.context.startswith("云溪县 2024年报告 2023年 ")


def test_another_embedding_model_is_a_mismatch(home: Path) -> None:
    with pytest.raises(IndexMismatch, match="--rebuild"):
        ReportIndex.open(home, HashEmbedder(dim=32))


def test_an_open_index_outlives_its_generation(home: Path, tmp_path: Path) -> None:
    """A server answers from what it has opened until it turns to the newer one."""
    opened = ReportIndex.open(home)
    update(home, [write(tmp_path / "reports", "白鹭区_2024", ["植树3万株。"])], HashEmbedder())
    assert not opened.folder.exists()
    assert ReportIndex.current_generation(home) != opened.generation
    assert opened.report("石桥县_2024").paragraphs[0].text == "修复湿地300亩。"
    assert opened.keywords.search("湿地", 1)[0].tolist() == [3]
    assert opened.vectors.vectors(np.array([3])).shape == (1, opened.vectors.dim)


def test_opening_turns_to_the_newer_generation_if_the_older_is_swept_away(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = ReportIndex.current_generation(home)
    answers = iter(["000000-0123456789ab", newest])
    monkeypatch.setattr(store, "current_generation", lambda _: next(answers, newest))
    assert ReportIndex.open(home).generation == newest


def test_readers_see_the_old_or_the_new_and_nothing_between(home: Path, tmp_path: Path) -> None:
    """While one thread adds and removes a report, others always find an index that agrees with itself."""
    extra = write(tmp_path / "more", "白鹭区_2024", ["植树造林12万亩。"])
    stopped = threading.Event()
    seen: set[int] = set()
    problems: list[BaseException] = []

    def read() -> None:
        try:
            while not stopped.is_set():
                opened = ReportIndex.open(home)
                rows = len(opened.chunks)
                assert len(opened.vectors) == len(opened.keywords) == rows == sum(c.chunks for c in opened.cards)
                found = opened.keywords.search("植树造林", 1)[0].tolist()
                assert [opened.chunk(row).text for row in found] == ["植树造林12万亩。"] * (rows == 5)
                seen.add(rows)
        except BaseException as exc:
            problems.append(exc)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(6):
        update(home, [extra], HashEmbedder())
        remove(home, ["白鹭区_2024"])
    stopped.set()
    for reader in readers:
        reader.join()
    assert not problems
    assert seen <= {4, 5}
