"""Writing an index: what is new goes in, what is unchanged is taken over, and what fails changes nothing."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from index.building import Progress, remove, update
from index.embedders import HashEmbedder
from index.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexUnwritable, SettingsError, UnknownReport
from index.generations import current_generation
from index.store import ReportIndex
from index.vectors import VectorIndex

HOUSING = "全年新建保障性租赁住房590套，建成640套。"
GRAIN = "粮食总产量56万吨，比上年增长1.2%。"
TOILETS = "改建公厕12座。"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two reports of two paragraphs that can be found."""
    made = tmp_path / "reports"
    made.mkdir()
    write(made / "云溪县_2024.txt", "一、2023年工作回顾", HOUSING, GRAIN)
    write(made / "石桥县_2024.txt", "一、2023年工作回顾", "新增学位1080个。", TOILETS)
    return made


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


def write(file: Path, *paragraphs: str) -> Path:
    file.write_text("\n".join(paragraphs), encoding="utf-8")
    return file


def texts(home: Path) -> list[str]:
    opened = ReportIndex.open(home)
    return [opened.chunk(row).text for row in range(len(opened.chunks))]


def everything(home: Path) -> bytes:
    """All bytes under the home."""
    return b"".join(path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file())


def test_a_folder_becomes_an_index(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    outcome = update(home, [folder], embedder)
    assert (outcome.added, outcome.failed, outcome.embedded) == (("云溪县_2024", "石桥县_2024"), {}, 4)
    assert outcome.generation == current_generation(home)
    assert texts(home) == [HOUSING, GRAIN, "新增学位1080个。", TOILETS]


def test_nothing_is_written_for_unchanged_files(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    first = update(home, [folder], embedder)
    again = update(home, [folder, folder / "石桥县_2024.txt"], embedder)
    assert again.unchanged == ("云溪县_2024", "石桥县_2024")
    assert (again.added, again.updated, again.embedded) == ((), (), 0)
    assert again.generation == first.generation


def test_only_changed_text_is_embedded_again(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    update(home, [folder], embedder)
    write(folder / "云溪县_2024.txt", "一、2023年工作回顾", GRAIN, TOILETS)
    outcome = update(home, [folder], embedder)
    assert (outcome.updated, outcome.unchanged, outcome.embedded) == (("云溪县_2024",), ("石桥县_2024",), 1)
    assert HOUSING not in texts(home)


def test_an_index_changed_step_by_step_equals_one_built_at_once(
    home: Path, folder: Path, embedder: HashEmbedder, tmp_path: Path
) -> None:
    late = write(tmp_path / "白鹭区_2024.txt", "修复湿地300亩。")
    update(home, [late], embedder)
    update(home, [folder / "石桥县_2024.txt"], embedder)
    update(home, [folder / "云溪县_2024.txt"], embedder)
    write(late, "一、2023年工作回顾", "修复湿地310亩。")
    update(home, [late], embedder)
    remove(home, ["石桥县_2024"])
    update(home, [folder], embedder)
    update(tmp_path / "at once", [folder, late], embedder)
    one, other = ReportIndex.open(home), ReportIndex.open(tmp_path / "at once")
    assert one.cards == other.cards
    assert [one.report(card.id) for card in one.cards] == [other.report(card.id) for card in other.cards]
    assert one.chunks.tobytes() == other.chunks.tobytes()
    rows = np.arange(len(one.chunks))
    np.testing.assert_array_equal(one.vectors.vectors(rows), other.vectors.vectors(rows))
    np.testing.assert_array_equal(one.keywords.scores("住房湿地"), other.keywords.scores("住房湿地"))


def test_nothing_of_a_removed_report_can_be_found(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    update(home, [folder], embedder)
    outcome = remove(home, ["云溪县_2024"])
    assert (outcome.removed, outcome.embedded) == (("云溪县_2024",), 0)
    opened = ReportIndex.open(home, embedder)
    with pytest.raises(UnknownReport):
        opened.report("云溪县_2024")
    with pytest.raises(UnknownReport):
        opened.paragraph("云溪县_2024", 2)
    assert texts(home) == ["新增学位1080个。", TOILETS]
    for trace in ("云溪", "租赁", "粮食"):
        assert trace.encode() not in everything(home), trace


def test_the_last_report_can_be_removed(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    update(home, [folder], embedder)
    remove(home, ["云溪县_2024", "石桥县_2024"])
    assert ReportIndex.open(home, embedder).cards == ()
    assert update(home, [folder], embedder).embedded == 4


def test_removing_an_unknown_report_removes_nothing(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    with pytest.raises(IndexMissing):
        remove(home, ["云溪县_2024"])
    before = update(home, [folder], embedder).generation
    with pytest.raises(UnknownReport, match="白鹭区_2024"):
        remove(home, ["云溪县_2024", "白鹭区_2024"])
    assert current_generation(home) == before


def test_what_cannot_be_read_is_named_and_the_rest_goes_in(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    write(folder / "空白县_2024.txt")
    write(folder / "无名.txt", TOILETS)
    empty = folder / "空文件夹"
    empty.mkdir()
    outcome = update(home, [folder, empty, folder / "没有的.txt"], embedder)
    assert outcome.added == ("云溪县_2024", "石桥县_2024")
    assert [Path(name).name for name in outcome.failed] == ["空文件夹", "无名.txt", "空白县_2024.txt", "没有的.txt"]
    assert all(outcome.failed.values())


def test_no_index_comes_of_files_that_all_fail(home: Path, tmp_path: Path, embedder: HashEmbedder) -> None:
    outcome = update(home, [write(tmp_path / "无名.txt", TOILETS)], embedder)
    assert (outcome.generation, len(outcome.failed)) == (None, 1)
    with pytest.raises(IndexMissing):
        ReportIndex.open(home)


def test_two_files_of_one_name_do_not_replace_each_other(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    other = folder / "旧"
    other.mkdir()
    write(other / "云溪县_2024.txt", TOILETS)
    for _ in range(2):
        outcome = update(home, [folder], embedder)
        assert ["同名" in reason for reason in outcome.failed.values()] == [True]
        assert HOUSING in texts(home)


def test_a_correction_is_kept_and_only_its_report_read_again(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    update(home, [folder], embedder)
    outcome = update(home, [folder], embedder, corrections={"云溪县_2024.txt": {"region": "云溪新区"}})
    assert (outcome.updated, outcome.embedded) == (("云溪县_2024",), 2)
    update(home, [folder], embedder, corrections={"云溪县_2024.txt": {"title": "报告"}})
    assert update(home, [folder], embedder).updated == ()
    update(home, [folder], embedder, rebuild=True)
    remove(home, ["云溪县_2024"])
    update(home, [folder], embedder)
    card = ReportIndex.open(home).card("云溪县_2024")
    assert (card.region, card.title, card.year) == ("云溪新区", "报告", 2024)


def test_a_correction_makes_a_nameless_file_a_report(home: Path, tmp_path: Path, embedder: HashEmbedder) -> None:
    nameless = write(tmp_path / "无名.txt", TOILETS)
    impossible = update(home, [nameless], embedder, corrections={nameless.name: {"region": "云溪县", "year": 1}})
    assert (impossible.added, len(impossible.failed)) == ((), 1)
    given = update(home, [nameless], embedder, corrections={nameless.name: {"region": "云溪县", "year": 2024}})
    assert given.added == ("无名",)


def test_corrections_that_are_no_json_are_named(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    home.mkdir()
    write(home / "corrections.json", "云溪县：2024")
    with pytest.raises(SettingsError, match=r"corrections\.json"):
        update(home, [folder], embedder)


def test_another_model_needs_a_rebuild_which_takes_all_reports_along(home: Path, folder: Path) -> None:
    small, large = HashEmbedder(dim=32), HashEmbedder(dim=96)
    update(home, [folder], small)
    with pytest.raises(IndexMismatch, match="--rebuild"):
        update(home, [folder], large)
    outcome = update(home, [folder / "云溪县_2024.txt"], large, rebuild=True)
    assert (outcome.updated, outcome.embedded) == (("云溪县_2024",), 4)
    assert len(ReportIndex.open(home, large).cards) == 2


def test_a_damaged_index_is_not_written_to_but_can_be_rebuilt(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    update(home, [folder], embedder)
    (ReportIndex.open(home).folder / "vectors.faiss").write_bytes(b"")
    with pytest.raises(IndexDamaged, match="--rebuild"):
        update(home, [folder], embedder)
    assert update(home, [folder], embedder, rebuild=True).embedded == 4
    ReportIndex.open(home, embedder).verify()


class _Interrupted(HashEmbedder):
    def encode_document(self, *_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt


def test_ctrl_c_changes_nothing(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    update(home, [folder / "云溪县_2024.txt"], embedder)
    before = everything(home)
    with pytest.raises(KeyboardInterrupt):
        update(home, [folder], _Interrupted())
    assert everything(home) == before
    assert update(home, [folder], embedder).added == ("石桥县_2024",)


def test_a_full_disk_changes_nothing(
    home: Path, folder: Path, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    update(home, [folder / "云溪县_2024.txt"], embedder)
    before = everything(home)
    with monkeypatch.context() as patched:
        patched.setattr(VectorIndex, "save", full)
        with pytest.raises(IndexUnwritable, match="磁盘已满"):
            update(home, [folder], embedder)
    assert everything(home) == before
    assert len(list((home / "index" / "generations").iterdir())) == 1
    assert update(home, [folder], embedder).added == ("石桥县_2024",)


def test_progress_runs_from_the_first_file_to_the_last_chunk(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    seen: list[Progress] = []
    update(home, [folder], embedder, progress=seen.append)
    assert [(p.stage, p.done, p.total, p.name) for p in seen] == [
        ("load", 0, 2, "云溪县_2024.txt"),
        ("load", 1, 2, "石桥县_2024.txt"),
        ("load", 2, 2, ""),
        ("embed", 0, 4, ""),
        ("embed", 4, 4, ""),
    ]
