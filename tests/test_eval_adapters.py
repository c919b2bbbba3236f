from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.adapters.benchmark import Asked, Benchmark, BenchmarkError, index_benchmark, score_retrieval
from eval.adapters.cmrc import load_cmrc
from eval.adapters.ncp import load_ncp
from eval.cases import CaseError
from index.embedders import HashEmbedder
from index.types import Chunk, Hit, Scope

DOCUMENTS = {"甲": "关于住房的通知", "乙": "关于就业的通知", "丙": "关于教育的通知"}


def benchmark(*pairs: tuple[str, str]) -> Benchmark:
    return Benchmark(
        name="试题",
        documents=DOCUMENTS,
        questions=tuple(Asked(id=question, question=question, answers=(), document=gold) for question, gold in pairs),
    )


class Scripted:
    """Finds the chunks of the documents that the question spells, in that order."""

    def search(self, query: str, k: int, scope: Scope) -> Sequence[Hit]:
        return [
            Hit(
                chunk=Chunk(report=name, paragraph=rank, start=0, end=1, text="文", context=""),
                score=1 / rank,
                rank=rank,
            )
            for rank, name in enumerate(query[:k], start=1)
        ]


def test_documents_are_ranked_by_their_best_chunk() -> None:
    scores = score_retrieval(benchmark(("甲甲甲乙", "乙"), ("丙", "丙"), ("甲", "乙")), Scripted())
    found = {score.name: score.value for score in scores}
    assert found["recall@1"] == pytest.approx(1 / 3)
    assert found["recall@5"] == pytest.approx(2 / 3)
    assert found["mrr@10"] == pytest.approx((0.5 + 1 + 0) / 3)


def test_a_search_goes_deeper_where_one_document_crowds_out_the_others() -> None:
    scores = score_retrieval(benchmark(("甲" * 35 + "乙", "乙")), Scripted())
    assert {score.name: score.value for score in scores}["mrr@10"] == 0.5


def test_a_question_must_point_to_a_document() -> None:
    with pytest.raises(BenchmarkError, match="不存在的文档 '丁'"):
        benchmark(("问", "丁"))


def test_documents_are_indexed_and_found_by_the_products_own_search(tmp_path: Path) -> None:
    wanted = benchmark(("住房的通知", "甲"), ("就业的通知", "乙"), ("教育的通知", "丙"))
    scores = score_retrieval(wanted, index_benchmark(wanted, tmp_path / "home", HashEmbedder()))
    assert scores[0].value == 1


def test_a_document_that_cannot_be_indexed_is_named(tmp_path: Path) -> None:
    empty = Benchmark(name="试题", documents={"空": "  "}, questions=())
    with pytest.raises(BenchmarkError, match=r"空\.txt"):
        index_benchmark(empty, tmp_path / "home", HashEmbedder())


def written(path: Path, *rows: object) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_policy_notices(tmp_path: Path) -> None:
    written(tmp_path / "docs.jsonl", {"id": "d", "text": "补贴五百元。"})
    question = {"qid": "q", "question": "补贴多少？", "answer": "五百元", "gold_doc": "d", "answer_in_doc": True}
    written(tmp_path / "questions.jsonl", question)
    loaded = load_ncp(tmp_path)
    assert loaded.documents == {"d": "补贴五百元。"}
    assert loaded.questions == (Asked(id="q", question="补贴多少？", answers=("五百元",), document="d"),)


def test_notices_of_another_form_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="读不到"):
        load_ncp(tmp_path)
    written(tmp_path / "docs.jsonl", {"id": "d"})
    written(tmp_path / "questions.jsonl")
    with pytest.raises(BenchmarkError, match="缺少 'text'"):
        load_ncp(tmp_path)


@pytest.mark.parametrize(
    "stored",
    [
        [
            {
                "context_id": "0-0",
                "context_text": "建成学校。",
                "title": "学校",
                "qas": [{"query_id": "q", "query_text": "建成什么？", "answers": ["学校", "学校", "一所学校"]}],
            }
        ],
        {
            "data": [
                {
                    "title": "学校",
                    "paragraphs": [
                        {
                            "context": "建成学校。",
                            "qas": [
                                {
                                    "id": "q",
                                    "question": "建成什么？",
                                    "answers": [{"text": t, "answer_start": 2} for t in ("学校", "学校", "一所学校")],
                                }
                            ],
                        }
                    ],
                }
            ]
        },
    ],
    ids=["cmrc", "squad"],
)
def test_passages_in_both_forms(tmp_path: Path, stored: object) -> None:
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(stored), "utf-8")
    loaded = load_cmrc(path)
    assert loaded.documents == {"0-0": "建成学校。"}
    assert loaded.questions == (Asked(id="q", question="建成什么？", answers=("学校", "一所学校"), document="0-0"),)


@pytest.mark.parametrize("content", ["[", "[1]", '{"data": [{}]}', "7"])
def test_passages_of_another_form_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "dev.json"
    path.write_text(content, "utf-8")
    with pytest.raises(BenchmarkError, match="不是 CMRC 2018 或 SQuAD"):
        load_cmrc(path)
    with pytest.raises(BenchmarkError, match="读不到"):
        load_cmrc(tmp_path / "none.json")
