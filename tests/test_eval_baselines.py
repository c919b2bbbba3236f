"""What the product is compared with is set up fairly: the same reports, the same questions, every find counted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from eval.baselines.baseline import Baseline
from eval.baselines.pieces import CHARACTERS, cut
from eval.baselines.searches import BaselineError
from eval.cases import Case, load_cases
from eval.runner import write_hits
from eval.scorecard import score_hits
from index.embedders import HashEmbedder
from index.store import ReportIndex
from rag.types import Turn
from tests.rag_world import SAMPLES, assistant, is_address

CASES = SAMPLES.parent / "eval" / "data" / "samples.jsonl"
PURE = ("langchain", "bm25")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> ReportIndex:
    from index.building import update

    home = tmp_path_factory.mktemp("home")
    update(home, [SAMPLES], HashEmbedder())
    return ReportIndex.open(home)


def test_every_character_of_a_report_stands_in_a_piece_that_says_so(opened: ReportIndex) -> None:
    for card in opened.cards:
        report = opened.report(card.id)
        pieces = cut([report])
        assert all(len(piece.text) <= CHARACTERS for piece in pieces)
        touched = {
            p.number: {s for piece in pieces for q, ss in piece.touched if q is p for s in ss}
            for p in report.paragraphs
        }
        for paragraph in report.paragraphs:
            assert sum(len(s.text) for s in touched[paragraph.number]) >= len("".join(paragraph.text.split())) * 0.9


@pytest.mark.parametrize("name", PURE)
def test_an_answer_is_a_sentence_of_a_report_with_its_address(opened: ReportIndex, name: str) -> None:
    answer = Baseline(name, opened, HashEmbedder()).ask("鲤城区2022年城镇新增就业多少人？", ())
    (citation,) = answer.citations
    assert answer.status == "answered" and answer.text == f"{citation.quote}[1]"
    assert assistant().report_paragraphs(citation.report) and is_address(citation)


def test_a_followup_is_searched_with_the_questions_before_it(opened: ReportIndex) -> None:
    earlier = Turn(question="鲤城区2022年城镇新增就业多少人？", answer="")
    case = Case(id="q", question="那保障性租赁住房呢？", history=(earlier,))
    found = Baseline("bm25", opened, HashEmbedder()).found(case, 1)
    assert found[0]["report"] == "鲤城区_2023"


def test_what_is_found_is_scored_like_the_products_own(opened: ReportIndex, tmp_path: Path) -> None:
    bm25 = Baseline("bm25", opened, HashEmbedder())
    run = write_hits(lambda case: bm25.found(case, 10), CASES, tmp_path / "hits.jsonl")
    assert run.done == len(load_cases(CASES))
    scores = {score.name: score.value or 0 for score in score_hits(CASES, tmp_path / "hits.jsonl", assistant())}
    assert 0.7 < scores["all@5"] <= scores["recall@5"] < 1


def test_a_question_without_any_known_character_is_not_answered(opened: ReportIndex) -> None:
    answer = Baseline("bm25", opened, HashEmbedder()).ask("𠮷", ())
    assert answer.status == "refused" and not answer.text


@pytest.mark.parametrize("name", ["txtai", "haystack"])
def test_a_program_that_is_not_installed_is_named_with_the_remedy(
    opened: ReportIndex, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(BaselineError, match=rf"没有安装 {name}.*baselines"):
        Baseline(name, opened, HashEmbedder())


@pytest.mark.parametrize("name", ["txtai", "haystack"])
def test_other_programs_search_the_same_pieces(opened: ReportIndex, name: str) -> None:
    pytest.importorskip(name)
    found = Baseline(name, opened, HashEmbedder()).found(Case(id="q", question="云岭区加装电梯多少部"), 4)
    assert len(found) == 4 and all(hit["paragraphs"] and hit["report"] for hit in found)
    assert any("电梯" in hit["text"] for hit in found)
