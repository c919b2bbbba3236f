"""Rankings joined: what each function makes of small sets of scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.fusion import min_max, reciprocal_rank, top, weighted


def scores(*values: float) -> NDArray[np.float32]:
    return np.array(values, np.float32)


@pytest.mark.parametrize(
    ("values", "k", "best"),
    [
        ((0.1, 0.9, 0.5), 2, [1, 2]),
        ((0.5, 0.9, 0.5, 0.5), 3, [1, 0, 2]),
        ((0.5,), 3, [0]),
        ((0.5, 0.7), 0, []),
        ((), 3, []),
    ],
)
def test_top(values: tuple[float, ...], k: int, best: list[int]) -> None:
    assert top(scores(*values), k).tolist() == best


@given(st.lists(st.integers(-5, 5), max_size=40), st.integers(0, 50))
def test_top_is_the_head_of_a_stable_sort(values: list[int], k: int) -> None:
    assert top(scores(*values), k).tolist() == sorted(range(len(values)), key=lambda i: -values[i])[:k]


@pytest.mark.parametrize(
    ("values", "stretched"),
    [((2, 4, 3), (0, 1, 0.5)), ((-1, -3), (1, 0)), ((7, 7), (0, 0)), ((), ())],
)
def test_min_max(values: tuple[float, ...], stretched: tuple[float, ...]) -> None:
    assert min_max(scores(*values)).tolist() == list(stretched)


def test_weights_decide_between_searches_that_disagree() -> None:
    words, meaning = scores(30, 20, 0), scores(0.80, 0.81, 0.84)
    assert top(weighted([words, meaning], [1, 0]), 3).tolist() == [0, 1, 2]
    assert top(weighted([words, meaning], [0, 1]), 3).tolist() == [2, 1, 0]
    np.testing.assert_allclose(weighted([words, meaning], [3, 1]), [0.75, 0.5625, 0.25], atol=1e-5)


def test_reciprocal_rank_looks_at_ranks_alone() -> None:
    words, meaning = scores(900, 2, 1), scores(0.1, 0.3, 0.2)
    np.testing.assert_allclose(
        reciprocal_rank([words, meaning], [1, 1]),
        [(1 / 61 + 1 / 63) / 2, (1 / 62 + 1 / 61) / 2, (1 / 63 + 1 / 62) / 2],
        rtol=1e-5,
    )
