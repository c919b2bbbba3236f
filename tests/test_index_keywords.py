"""BM25 over characters and bigrams: against the formula written out, within a scope, and taken over row by row."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.keywords import K1, WHOLE_B, WHOLE_K1, B, KeywordIndex, WholeReports
from index.text import keyword_tokens

TEXTS = [
    "建成保障性租赁住房640套，新建开工590套。",
    "新建公园3个，改造老旧小区12个。",
    "保障性住房建设稳步推进。",
    "粮食总产量56万吨，粮食安全得到保障。",
]


def written_out(query: str, texts: list[str]) -> list[float]:
    """The formula, one text after another."""
    documents = [Counter(keyword_tokens(text)) for text in texts]
    average = sum(sum(d.values()) for d in documents) / len(documents)
    scores = []
    for document in documents:
        score = 0.0
        for token in keyword_tokens(query):
            holding = sum(token in d for d in documents)
            idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
            length = sum(document.values()) / average
            score += idf * document[token] / (document[token] + K1 * (1 - B + B * length))
        scores.append(score)
    return scores


def scores(built: KeywordIndex, query: str) -> NDArray[np.float32]:
    return built.scores_of(query, np.arange(len(built)))


def names(built: KeywordIndex, query: str, k: int = 10, within: list[bool] | None = None) -> list[int]:
    rows, _ = built.search(query, k, within=None if within is None else np.array(within))
    return [int(row) for row in rows]


@pytest.mark.parametrize("query", ["租赁住房多少套", "粮食粮食", "公园", "Ａ股 590", "无关词"])
def test_scores_follow_the_formula(query: str) -> None:
    np.testing.assert_allclose(scores(KeywordIndex.build(TEXTS), query), written_out(query, TEXTS), rtol=1e-5)


def test_search_ranks_what_shares_a_token() -> None:
    built = KeywordIndex.build(TEXTS)
    assert names(built, "租赁住房") == [0, 2]
    assert names(built, "租赁住房", k=1) == [0]
    assert names(built, "xyz") == []
    assert names(built, "") == []


def test_the_scope_comes_before_the_ranking() -> None:
    """What stands ten-thousandth overall is first where nothing better is allowed."""
    built = KeywordIndex.build(["租赁住房租赁住房"] * 10_000 + ["住房"])
    assert names(built, "租赁住房", k=1, within=[False] * 10_000 + [True]) == [10_000]
    assert names(built, "租赁住房", k=1, within=[False] * 10_001) == []


def test_a_saved_index_gives_the_same(tmp_path: Path) -> None:
    built = KeywordIndex.build(TEXTS)
    built.save(tmp_path)
    loaded = KeywordIndex.load(tmp_path)
    np.testing.assert_array_equal(scores(loaded, "新建公园"), scores(built, "新建公园"))
    assert len(loaded) == len(TEXTS)


def test_rows_taken_over_equal_rows_read_again(tmp_path: Path) -> None:
    texts = ["改建公厕12座。", TEXTS[3], TEXTS[0], "新修农路8公里。"]
    taken_over = KeywordIndex.build(
        ["", "", "", texts[3]], earlier=KeywordIndex.build([*TEXTS, texts[0]]), origin=np.array([4, 3, 0, -1])
    )
    taken_over.save(tmp_path)
    afresh = tmp_path / "afresh"
    afresh.mkdir()
    KeywordIndex.build(texts).save(afresh)
    for file in afresh.iterdir():
        assert file.read_bytes() == (tmp_path / file.name).read_bytes(), file.name


def test_no_word_of_a_removed_text_stays_behind(tmp_path: Path) -> None:
    KeywordIndex.build([""], earlier=KeywordIndex.build(TEXTS), origin=np.array([1])).save(tmp_path)
    assert "粮食" not in (tmp_path / "vocabulary.json").read_text(encoding="utf-8")


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    KeywordIndex.build([]).save(tmp_path)
    assert names(KeywordIndex.load(tmp_path), "住房") == []


def test_a_rare_word_weighs_more() -> None:
    built = KeywordIndex.build(TEXTS)
    assert built.idf("粮食安全") > built.idf("保障")
    assert built.idf("从未出现") >= built.idf("粮食安全")


@pytest.mark.parametrize("k", [1, 5, 50, 200])
@pytest.mark.parametrize("few", [0, 100_000])
def test_rows_that_cannot_win_are_left_out_and_no_result_differs(
    k: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.keywords._FEW", few)
    draw = Random(k)
    words = "建成 住房 公园 粮食 保障 增长 全年 项目 实施 推进 湿地 学校 医院 道路 桥梁".split()
    weights = [2**-place for place in range(len(words))][::-1]
    built = KeywordIndex.build(["".join(draw.choices(words, weights, k=9)) for _ in range(3000)])
    allowed = np.array([draw.random() < 0.3 for _ in range(3000)])
    for query in ("住房建成", "建成", "全年公园项目推进", "粮食保障增长实施推进桥梁", "粮食粮食道路", "".join(words)):
        every = scores(built, query)
        for within, rows in ((None, np.arange(3000)), (allowed, np.flatnonzero(allowed))):
            best = rows[np.argsort(-every[rows], kind="stable")]
            found, found_scores = built.search(query, k, within=within)
            np.testing.assert_array_equal(found, best[every[best] > 0][:k])
            np.testing.assert_array_equal(found_scores, every[found])


def test_few_rows_contend_where_rare_words_decide() -> None:
    texts = [f"全年项目推进{'湿地修复' if number % 100 == 0 else ''}" for number in range(10_000)]
    contenders = KeywordIndex.build(texts)._contenders("全年湿地修复项目", 10, None)
    assert len(contenders) == 100


def test_a_report_is_scored_as_one_text() -> None:
    words = KeywordIndex.build(["永和县的工作", "改造老旧小区", "石桥县的工作", "改造管网"])
    scores = WholeReports(words, np.array([0, 2, 2, 4])).scores_of("永和县管网", np.arange(3))  # report 1 has no text
    assert scores[0] > scores[2] > scores[1] == 0
    assert not WholeReports(KeywordIndex.build([]), np.array([0])).scores_of("永和县", np.arange(0)).size


@given(
    reports=st.lists(st.lists(st.text("甲乙丙丁", max_size=8), max_size=4), min_size=1, max_size=6),
    queries=st.lists(st.text("甲乙丙丁戊", max_size=6), max_size=3),
    data=st.data(),
)
def test_whole_reports_are_scored_by_the_formula(
    reports: list[list[str]], queries: list[str], data: st.DataObject
) -> None:
    """Each query again and again over the same index, each for some reports: nothing that is kept changes a score."""
    words = KeywordIndex.build([text for report in reports for text in report])
    whole = WholeReports(words, np.cumsum([0, *map(len, reports)]))
    counts = [Counter(token for text in report for token in keyword_tokens(text)) for report in reports]
    mean = sum(map(Counter.total, counts)) / len(reports)
    for query in queries + queries:
        asked = np.array(data.draw(st.lists(st.integers(0, len(reports) - 1), unique=True)), np.int64)
        expected = [
            sum(
                weight
                * math.log1p((len(reports) - holding + 0.5) / (holding + 0.5))
                * counts[report][token]
                / (counts[report][token] + WHOLE_K1 * (1 - WHOLE_B + WHOLE_B * counts[report].total() / mean))
                for token, weight in Counter(keyword_tokens(query)).items()
                if (holding := sum(token in each for each in counts))
            )
            for report in asked
        ]
        assert whole.scores_of(query, asked) == pytest.approx(expected, rel=1e-5)
