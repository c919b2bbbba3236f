from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eval.adapters.answers import answer_questions, save_replies, score_replies
from eval.adapters.benchmark import Asked, Benchmark, BenchmarkError, index_benchmark, score_retrieval
from eval.adapters.cmrc import load_cmrc
from eval.adapters.ncp import load_ncp
from eval.adapters.rgb import load_rgb
from eval.cases import CaseError
from index.embedders import HashEmbedder
from index.types import Chunk, Hit, Scope
from rag.types import Answer, AnswerScope, Provenance
from web.cli import app

DOCUMENTS = {"甲": "关于住房的通知", "乙": "关于就业的通知", "丙": "关于教育的通知"}


def asked(question: str, document: str, *, answer: str = "", is_answered: bool = True) -> Asked:
    answers = ((answer,),) if answer else ()
    return Asked(id=question, question=question, answers=answers, document=document, is_answered=is_answered)


def benchmark(*pairs: tuple[str, str]) -> Benchmark:
    return Benchmark(
        name="试题",
        documents=DOCUMENTS,
        questions=tuple(asked(question, gold) for question, gold in pairs),
        year=2020,
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
    scores = score_retrieval(benchmark(("甲甲甲乙", "乙"), ("丙", "丙"), ("甲", "乙")).questions, Scripted())
    found = {score.name: score.value for score in scores}
    assert found["recall@1"] == pytest.approx(1 / 3)
    assert found["recall@5"] == pytest.approx(2 / 3)
    assert found["mrr@10"] == pytest.approx((0.5 + 1 + 0) / 3)


def test_a_search_goes_deeper_where_one_document_crowds_out_the_others() -> None:
    scores = score_retrieval(benchmark(("甲" * 35 + "乙", "乙")).questions, Scripted())
    assert {score.name: score.value for score in scores}["mrr@10"] == 0.5


def test_a_question_must_point_to_a_document() -> None:
    with pytest.raises(BenchmarkError, match="不存在的文档 '丁'"):
        benchmark(("问", "丁"))


def test_documents_are_indexed_and_found_by_the_products_own_search(tmp_path: Path) -> None:
    wanted = benchmark(("住房的通知", "甲"), ("就业的通知", "乙"), ("教育的通知", "丙"))
    scores = score_retrieval(wanted.questions, index_benchmark(wanted, tmp_path / "home", HashEmbedder()))
    assert scores[0].value == 1


def test_a_document_that_cannot_be_indexed_is_named(tmp_path: Path) -> None:
    empty = Benchmark(name="试题", documents={"空": "  "}, questions=(), year=2020)
    with pytest.raises(BenchmarkError, match=r"空\.txt"):
        index_benchmark(empty, tmp_path / "home", HashEmbedder())


def test_a_benchmark_does_not_mix_with_other_reports(tmp_path: Path) -> None:
    index_benchmark(benchmark(), tmp_path, HashEmbedder())
    others = Benchmark(name="另一份", documents={"丁": "关于养老的通知"}, questions=(), year=2020)
    with pytest.raises(BenchmarkError, match="已有别的报告（如 丙）"):
        index_benchmark(others, tmp_path, HashEmbedder())


def test_an_id_that_is_no_file_name_is_refused() -> None:
    with pytest.raises(BenchmarkError, match="不能用作文件名"):
        Benchmark(name="试题", documents={"../甲": "文"}, questions=(), year=2020)


def written(path: Path, *rows: object) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_policy_notices(tmp_path: Path) -> None:
    written(tmp_path / "docs.jsonl", {"id": "d", "text": "补贴五百元。"})
    question = {"qid": "q", "question": "补贴多少？", "answer": "五百元", "gold_doc": "d", "answer_in_doc": True}
    written(tmp_path / "questions.jsonl", question)
    loaded = load_ncp(tmp_path)
    assert loaded.documents == {"d": "补贴五百元。"}
    assert loaded.questions == (Asked(id="q", question="补贴多少？", answers=(("五百元",),), document="d"),)


def test_a_bad_line_of_notices_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="读不到"):
        load_ncp(tmp_path)
    written(tmp_path / "docs.jsonl", {"id": "d", "text": "补贴五百元。"}, {"id": "e"})
    written(tmp_path / "questions.jsonl")
    with pytest.raises(CaseError, match=r"docs\.jsonl 第 2 行：缺少 text"):
        load_ncp(tmp_path)
    written(tmp_path / "docs.jsonl", {"id": "d", "text": "补贴五百元。"})
    written(tmp_path / "questions.jsonl", {"qid": "q", "question": "补贴多少？", "answer": 500, "gold_doc": "d"})
    with pytest.raises(CaseError, match=r"questions\.jsonl 第 1 行：answer 应是文字，现在是 500"):
        load_ncp(tmp_path)


CMRC: list[dict[str, Any]] = [
    {
        "context_id": "0-0",
        "context_text": "建成学校。",
        "title": "学校",
        "qas": [{"query_id": "q", "query_text": "建成什么？", "answers": ["学校", "学校", "一所学校"]}],
    }
]
SQUAD = {
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
    ],
}


@pytest.mark.parametrize("stored", [CMRC, SQUAD], ids=["cmrc", "squad"])
def test_passages_in_both_forms(tmp_path: Path, stored: object) -> None:
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(stored), "utf-8")
    loaded = load_cmrc(path)
    assert loaded.documents == {"0-0": "建成学校。"}
    assert loaded.questions == (Asked(id="q", question="建成什么？", answers=(("学校", "一所学校"),), document="0-0"),)


def test_an_answer_that_was_stored_as_a_number_is_its_digits(tmp_path: Path) -> None:
    question = CMRC[0]["qas"][0] | {"answers": [39764.0, 8, 1.5, "八"]}
    (tmp_path / "dev.json").write_text(json.dumps([CMRC[0] | {"qas": [question]}]), "utf-8")
    assert load_cmrc(tmp_path / "dev.json").questions[0].answers == (("39764", "8", "1.5", "八"),)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("[", "不是 JSON"),
        ("[1]", "第 1 段文章：文件 应是 JSON 对象"),
        ("7", "第 1 段文章：文件 应是列表"),
        ('{"data": [{"paragraphs": [{}]}]}', "第 1 段文章：缺少 context"),
        (json.dumps([*CMRC, {"context_id": "b", "context_text": "文", "qas": [{}]}]), "第 2 段文章：缺少 query_id"),
    ],
)
def test_passages_of_another_form_are_refused(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "dev.json"
    path.write_text(content, "utf-8")
    with pytest.raises(BenchmarkError, match=fault):
        load_cmrc(path)
    with pytest.raises(BenchmarkError, match="读不到"):
        load_cmrc(tmp_path / "none.json")


def news(positive: int, negative: int) -> dict[str, object]:
    return {
        "id": 7,
        "query": "跑了几次？",
        "answer": [["4次", "四次"], "云岭"],
        "positive": [f"有{i}" for i in range(positive)],
        "negative": [f"无{i}" for i in range(negative)],
    }


def test_news_from_clean_to_noisy(tmp_path: Path) -> None:
    written(tmp_path / "zh.json", news(6, 6))
    loaded = load_rgb(tmp_path / "zh.json")
    assert list(loaded.groups) == [f"噪声 {n}" for n in ("0", "0.2", "0.4", "0.6", "0.8", "1")]
    assert [a.is_answered for a in loaded.questions] == [True] * 5 + [False]
    noisy = loaded.questions[4]
    assert loaded.documents[noisy.document].split() == ["有0", "无0", "无1", "无2", "无3"]
    assert noisy.scope == Scope(reports=frozenset({"7@0.8"}))
    assert noisy.is_said_in("云岭四次")
    assert not noisy.is_said_in("云岭14次")


def test_where_there_is_too_little_news_of_one_kind_there_is_more_of_the_other(tmp_path: Path) -> None:
    written(tmp_path / "zh.json", news(6, 2) | {"id": "a"}, news(3, 6) | {"id": "b"})
    documents = load_rgb(tmp_path / "zh.json").documents
    answering = {name: sum(line.startswith("有") for line in text.split()) for name, text in documents.items()}
    assert (answering["a@0.8"], answering["b@0"], answering["a@1"]) == (3, 3, 0)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (news(1, 1) | {"answer": []}, "缺少 answer"),
        (news(1, 1) | {"answer": [[]]}, "answer 中有空列表"),
        (news(1, 1) | {"id": None}, "缺少 id"),
        (news(1, 1) | {"positive": [1]}, "positive 中应都是文字"),
    ],
)
def test_a_bad_line_of_news_is_named(tmp_path: Path, line: object, fault: str) -> None:
    written(tmp_path / "zh.json", news(1, 1), line)
    with pytest.raises(CaseError, match=f"第 2 行：{fault}"):
        load_rgb(tmp_path / "zh.json")


class Echo:
    """Answers with the question; says nothing to an empty one."""

    def ask(self, question: str, *, scope: Scope) -> Answer:
        return Answer(
            id="a",
            question=question,
            standalone_question=question,
            status="answered" if question else "refused",
            scope=AnswerScope(),
            text=question or "没有提到。",
            claims=(),
            citations=(),
            provenance=Provenance(engine="extractive"),
        )


@pytest.mark.parametrize(
    ("question", "is_answered", "verdict"),
    [
        ("补贴500元", True, "right"),
        ("补贴1500元", True, "wrong"),
        ("", True, "missing"),
        ("", False, "right"),
        ("补贴500元", False, "wrong"),
    ],
)
def test_silence_is_right_where_there_is_no_answer(question: str, is_answered: bool, verdict: str) -> None:
    (reply,) = answer_questions([asked(question, "甲", answer="500元", is_answered=is_answered)], Echo())
    assert reply.verdict == verdict


def test_the_replies_are_scored_and_written(tmp_path: Path) -> None:
    questions = [asked("补贴500元", "甲", answer="500元"), asked("", "甲", answer="500元")]
    replies = list(answer_questions(questions, Echo()))
    assert {s.name: s.value for s in score_replies(replies)} == {
        "right": 0.5,
        "missing": 0.5,
        "wrong": 0,
        "out_of_corpus": 0,
        "characters": 6,
    }
    save_replies(replies, tmp_path / "new" / "replies.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "new" / "replies.jsonl").read_text("utf-8").splitlines()]
    assert [(line["verdict"], line["wanted"]) for line in lines] == [("right", [["500元"]]), ("missing", [["500元"]])]


def test_one_command_runs_a_benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAO_EMBEDDER", "hash")
    (tmp_path / "dev.json").write_text(json.dumps(CMRC), "utf-8")
    replies = tmp_path / "replies.jsonl"
    arguments = ["eval", "public", "cmrc", str(tmp_path / "dev.json"), "--out", str(replies), "--home", str(tmp_path)]
    told = CliRunner().invoke(app, arguments)
    assert told.exit_code == 0, told.output
    assert "dev（1 题）" in told.output and "recall@1" in told.output and "答错" in told.output
    assert json.loads(replies.read_text("utf-8"))["id"] == "q"
