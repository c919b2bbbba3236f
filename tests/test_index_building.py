"""Writing an index: what is new goes in, what is unchanged is taken over, and what fails changes nothing."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from index.building import Progress, remove, update
from index.corrections import Correction
from index.embedders import HashEmbedder
from index.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexUnwritable, SettingsError, UnknownReport
from index.generations import current_generation
from index.store import ReportIndex
from index.vectors import VectorIndex
from tests.documents import zipped

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


def test_what_two_reports_say_in_the_same_words_is_embedded_once(
    home: Path, folder: Path, embedder: HashEmbedder
) -> None:
    write(folder / "白鹭区_2024.txt", "一、2023年工作回顾", GRAIN, HOUSING)
    seen: list[Progress] = []
    update(home, [folder], embedder, progress=seen.append)
    assert len(texts(home)) == 6
    assert (seen[-1].done, seen[-1].total) == (8, 8)
    opened = ReportIndex.open(home)
    vectors = opened.vectors.vectors(np.arange(6))
    np.testing.assert_array_equal(vectors, embedder.encode_document(texts(home)).astype(np.float16))


def test_each_clause_with_a_figure_has_a_vector_of_its_own(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    update(home, [folder], embedder)
    write(folder / "石桥县_2024.txt", "一、2023年工作回顾", "新增学位1080个。", "改建公厕13座。")
    update(home, [folder], embedder)
    opened = ReportIndex.open(home)
    said = [
        opened.paragraph(report, int(span["paragraph"])).text[span["start"] : span["end"]]
        for report in ("云溪县_2024", "石桥县_2024")
        for span in opened.clauses[opened.clause_rows(report).start : opened.clause_rows(report).stop]
    ]
    assert said == [
        "全年新建保障性租赁住房590套，",
        "建成640套。",
        "粮食总产量56万吨，",
        "比上年增长1.2%。",
        "新增学位1080个。",
        "改建公厕13座。",
    ]
    np.testing.assert_array_equal(opened.clause_vectors, embedder.encode_document(said).astype(np.float16))


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
    np.testing.assert_array_equal(one.keywords.scores_of("住房湿地", rows), other.keywords.scores_of("住房湿地", rows))


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
        ("read", 0, 2, "云溪县_2024"),
        ("read", 1, 2, "石桥县_2024"),
        ("read", 2, 2, ""),
        ("embed", 0, 8, ""),
        ("embed", 8, 8, ""),
    ]


# Archives ---------------------------------------------------------------------------------------------------


def test_an_archive_is_the_reports_in_it(home: Path, tmp_path: Path, embedder: HashEmbedder) -> None:
    source = tmp_path / "三县.zip"
    inside = {"县/云溪县_2024.txt": HOUSING, "县/石桥县_2024.md": TOILETS, "无名.txt": GRAIN, "照片.xyz": "x"}
    source.write_bytes(zipped(inside))
    outcome = update(home, [source], embedder)
    assert outcome.added == ("云溪县_2024", "石桥县_2024")
    assert list(outcome.failed) == [str(source / "无名.txt")]
    assert "--year" in outcome.failed[str(source / "无名.txt")]
    card = ReportIndex.open(home).card("石桥县_2024")
    assert card.source == str(source / "石桥县_2024.md")
    again = update(home, [tmp_path], embedder)
    assert (again.unchanged, again.embedded) == (("云溪县_2024", "石桥县_2024"), 0)


def test_one_report_of_an_archive_can_be_named(home: Path, tmp_path: Path, embedder: HashEmbedder) -> None:
    source = tmp_path / "两县.zip"
    source.write_bytes(zipped({"云溪县_2024.txt": HOUSING, "无名.txt": GRAIN}))
    given: dict[str, Correction] = {"无名.txt": {"region": "石桥县", "year": 2024}}
    assert update(home, [source / "无名.txt"], embedder, corrections=given).added == ("无名",)
    assert ReportIndex.open(home).card("无名").region == "石桥县"
    absent = update(home, [source / "没有.txt"], embedder)
    assert "没有“没有.txt”" in absent.failed[str(source / "没有.txt")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zipped({"a.zip": zipped({"云溪县_2024.txt": HOUSING})}), "里面还是压缩包"),
        (zipped({"云溪县_2024.txt": bytes(64 << 20)}), "解压后过大"),
        (zipped({"云溪县_2024.txt": HOUSING})[:-30], "损坏"),
    ],
)
def test_a_bad_archive_is_named_and_the_rest_goes_in(
    home: Path, folder: Path, embedder: HashEmbedder, content: bytes, words: str
) -> None:
    (folder / "坏.zip").write_bytes(content)
    outcome = update(home, [folder], embedder)
    assert outcome.added == ("云溪县_2024", "石桥县_2024")
    assert words in outcome.failed[str(folder / "坏.zip")]


# The same report once more ----------------------------------------------------------------------------------

LONG = [f"第{n}项工作：新建学校{n}所，新增学位{n * 40}个，改造老旧小区{n + 3}个。" for n in range(1, 9)]


def test_a_copy_is_not_taken_in_twice(home: Path, tmp_path: Path, embedder: HashEmbedder) -> None:
    update(home, [write(tmp_path / "云溪县_2024.txt", *LONG)], embedder)
    copies = [
        write(tmp_path / "云溪县2024年报告.txt", *LONG),
        write(tmp_path / "云溪县_2024终稿.md", "\n\n".join(LONG)),
    ]
    outcome = update(home, copies, embedder)
    assert (outcome.added, outcome.failed) == ((), {})
    assert all("“云溪县_2024”一字不差" in reason for reason in outcome.duplicates.values())
    assert list(outcome.duplicates) == [str(copies[0]), str(copies[1])]


def test_one_file_for_two_years_is_a_mistake(home: Path, tmp_path: Path, embedder: HashEmbedder) -> None:
    files = [write(tmp_path / f"云溪县_{year}.txt", *LONG) for year in (2023, 2024)]
    outcome = update(home, files, embedder)
    assert (outcome.added, list(outcome.failed)) == (("云溪县_2023",), [str(files[1])])
    assert "年份却不同" in outcome.failed[str(files[1])]


def test_a_new_version_waits_for_a_word(home: Path, tmp_path: Path, embedder: HashEmbedder) -> None:
    update(home, [write(tmp_path / "云溪县_2024.txt", *LONG)], embedder)
    revised = write(tmp_path / "云溪县_2024修订.txt", *LONG[:-1], "改建公厕12座。")
    asked = update(home, [revised], embedder)
    assert (asked.added, "云溪县_2024”的另一版" in asked.failed[str(revised)]) == ((), True)
    replaced = update(home, [revised], embedder, twins="replace")
    assert (replaced.added, replaced.removed, replaced.failed) == (("云溪县_2024修订",), ("云溪县_2024",), {})
    assert [card.id for card in ReportIndex.open(home).cards] == ["云溪县_2024修订"]
    assert update(home, [tmp_path / "云溪县_2024.txt"], embedder, twins="keep").added == ("云溪县_2024",)


@pytest.mark.parametrize("rebuild", [False, True])
def test_of_two_new_versions_none_is_chosen_for_people(
    home: Path, tmp_path: Path, embedder: HashEmbedder, rebuild: bool
) -> None:
    old = write(tmp_path / "云溪县_2024.txt", *LONG)
    update(home, [old], embedder)
    drafts = [write(tmp_path / f"云溪县_2024第{n}稿.txt", *LONG, f"改建公厕{n}座。") for n in (1, 2)]
    outcome = update(home, drafts, embedder, twins="replace", rebuild=rebuild)
    assert (outcome.added, outcome.removed) == (("云溪县_2024第1稿",), ("云溪县_2024",))
    assert "云溪县_2024第1稿”的另一版" in outcome.failed[str(drafts[1])]
    assert [card.id for card in ReportIndex.open(home).cards] == ["云溪县_2024第1稿"]


# What was read ----------------------------------------------------------------------------------------------


def test_what_was_read_of_a_file_is_kept_with_it(home: Path, folder: Path, embedder: HashEmbedder) -> None:
    for rebuild in (False, False, True):
        update(home, [folder / "云溪县_2024.txt"], embedder, rebuild=rebuild)
        update(home, [folder], embedder)
        parsing = ReportIndex.open(home).parsing("云溪县_2024")
        assert parsing is not None
        assert (parsing.name, parsing.paragraphs, parsing.headings, parsing.figures) == ("云溪县_2024.txt", 3, 1, 5)
        assert (parsing.pages, parsing.doubtful, parsing.notes) == (None, 0, ())
