"""Search: within a scope that is settled first, by words and meaning, never over what was removed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.building import remove, update
from index.embedders import HashEmbedder
from index.errors import IndexMismatch
from index.retriever import Retriever
from index.store import ReportIndex
from index.types import Hit, Scope

SEARCHES = ("search", "search_keywords", "search_vectors")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two hundred reports of one county speak of rented housing; another county's says one plain word of housing."""
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(200):
        text = f"新建保障性租赁住房{number}套，建成保障性租赁住房{number}套。"
        (reports / f"云溪县{number}_2024.txt").write_text(f"云溪县2024年政府工作报告\n{text}", encoding="utf-8")
    (reports / "石桥县_2024.txt").write_text("改造老旧小区，住房有了新样。\n修复湿地300亩。", encoding="utf-8")
    update(tmp_path / "home", [reports], HashEmbedder(), twins="keep")
    return tmp_path / "home"


def found(home: Path, search: str, query: str, k: int, *reports: str) -> list[Hit]:
    embedder = HashEmbedder()
    retriever = Retriever(ReportIndex.open(home, embedder), embedder)
    scope = Scope(reports=frozenset(reports)) if reports else Scope()
    hits: list[Hit] = getattr(retriever, search)(query, k, scope)
    return hits


@pytest.mark.parametrize("search", SEARCHES)
def test_hits_come_best_first(home: Path, search: str) -> None:
    hits = found(home, search, "修复湿地多少亩", 5)
    assert hits[0].chunk.text == "修复湿地300亩。"
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("search", SEARCHES)
def test_the_scope_comes_before_the_ranking(home: Path, search: str) -> None:
    query = "新建保障性租赁住房多少套"
    assert "石桥县_2024" not in {hit.chunk.report for hit in found(home, search, query, 100)}
    hits = found(home, search, query, 1, "石桥县_2024")
    assert [hit.chunk.text for hit in hits] == ["改造老旧小区，住房有了新样。"]


@pytest.mark.parametrize("search", SEARCHES)
def test_an_unknown_or_empty_scope_holds_nothing(home: Path, search: str) -> None:
    assert found(home, search, "住房", 5, "没有的") == []
    retriever = Retriever(ReportIndex.open(home), HashEmbedder())
    assert getattr(retriever, search)("住房", 5, Scope(reports=frozenset())) == []


@pytest.mark.parametrize("search", SEARCHES)
def test_what_was_removed_cannot_be_found(home: Path, search: str) -> None:
    remove(home, ["石桥县_2024"])
    hits = found(home, search, "修复湿地300亩", 300)
    assert all(hit.chunk.report != "石桥县_2024" for hit in hits)


@pytest.mark.parametrize("clauses", [True, False])
def test_how_near_each_piece_is_is_told_of_the_scope_alone(home: Path, clauses: bool) -> None:
    embedder = HashEmbedder()
    retriever = Retriever(ReportIndex.open(home, embedder), embedder)
    near = retriever.nearness("修复湿地300亩。", Scope(reports=frozenset({"石桥县_2024"})), clauses=clauses)
    (nearest, cosine), *others = sorted(near.items(), key=lambda item: -item[1])
    assert (nearest, round(cosine, 2)) == (("石桥县_2024", 2, 0), 1.0)
    assert len(others) == (0 if clauses else 1)  # the other sentence has no figure


@pytest.mark.parametrize("query", ["", "？", "𠮷", "xyz"])
def test_any_query_is_survived(home: Path, query: str) -> None:
    assert found(home, "search_keywords", query, 5) == []
    assert len(found(home, "search", query, 5)) <= 5


def test_equal_questions_get_equal_answers(home: Path) -> None:
    first = found(home, "search", "租赁住房", 50)
    assert first == found(home, "search", "租赁住房", 50)


def test_another_embedding_model_is_refused(home: Path) -> None:
    with pytest.raises(IndexMismatch):
        Retriever(ReportIndex.open(home), HashEmbedder(dim=32))


def test_a_report_that_names_the_subject_elsewhere_comes_first(tmp_path: Path) -> None:
    said = "对困难企业按实缴费用的一半给予补助。"
    reports = tmp_path / "reports"
    reports.mkdir()
    for region, subject in (("甲县", "展会"), ("乙县", "渔业"), ("丙县", "茶园")):
        (reports / f"{region}_2024.txt").write_text(f"关于扶持{subject}的若干措施。\n{said}", encoding="utf-8")
    update(tmp_path / "home", [reports], HashEmbedder(), twins="keep")
    hits = [
        hit
        for hit in found(tmp_path / "home", "search", "渔业企业按实缴费用的多少给予补助", 6)
        if hit.chunk.text == said
    ]
    assert hits[0].chunk.report == "乙县_2024"


def test_a_question_is_embedded_once_however_often_it_is_searched_for(home: Path) -> None:
    class Counting(HashEmbedder):
        asked = 0

        def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
            self.asked += len(texts)
            return super().encode_query(texts)

    embedder = Counting()
    retriever = Retriever(ReportIndex.open(home, embedder), embedder)
    for scope in (Scope(), Scope(reports=frozenset({"石桥县_2024"}))):
        retriever.search("修复湿地多少亩", 5, scope)
        retriever.search_vectors("修复湿地多少亩", 5, scope)
    assert embedder.asked == 1
