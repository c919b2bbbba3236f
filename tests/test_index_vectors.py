"""Nearest neighbours: exact, within a scope, kept on disk without loss."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.vectors import VectorIndex


def directions(n: int, dim: int = 16, seed: int = 7) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).standard_normal((n, dim)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


def test_the_nearest_come_first_with_their_cosines() -> None:
    vectors = directions(500)
    rows, scores = VectorIndex.build(vectors).search(vectors[42], 5)
    exact = vectors @ vectors[42]
    np.testing.assert_array_equal(rows, np.argsort(-exact)[:5])
    np.testing.assert_allclose(scores, np.sort(exact)[::-1][:5], atol=1e-3)


def test_cores_that_share_a_scan_find_what_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = directions(501)
    built = VectorIndex.build(vectors)
    alone = built.search(vectors[42], 7)
    monkeypatch.setattr("index.vectors._SPLIT", 100)
    monkeypatch.setattr("index.vectors._CORES", 4)
    for one, shared in zip(alone, built.search(vectors[42], 7), strict=True):
        np.testing.assert_array_equal(one, shared)


@pytest.fixture
def celled(monkeypatch: pytest.MonkeyPatch) -> VectorIndex:
    """Two thousand vectors, enough to be sorted into cells."""
    monkeypatch.setattr("index.vectors._CELLS_FROM", 1000)
    monkeypatch.setattr("index.vectors._FEW", 10)
    return VectorIndex.build(directions(2000))


def test_cells_hold_the_vectors_as_they_are(celled: VectorIndex, tmp_path: Path) -> None:
    celled.save(tmp_path / "celled")
    loaded = VectorIndex.load(tmp_path / "celled")
    rows = np.array([1999, 0, 7])
    np.testing.assert_array_equal(loaded.vectors(rows), directions(2000)[rows].astype(np.float16))
    found, scores = loaded.search(directions(2000)[42], 5)
    assert found[0] == 42
    np.testing.assert_allclose(scores, directions(2000)[found] @ directions(2000)[42], atol=1e-3)


@pytest.mark.parametrize("allowed", [1, 10, 11, 200, 1000, 2000])
def test_a_scope_narrows_cells_before_they_are_ranked(celled: VectorIndex, allowed: int) -> None:
    vectors = directions(2000)
    within = np.zeros(2000, np.bool_)
    within[np.argsort(vectors @ vectors[0])[:allowed]] = True  # the farthest
    rows, _ = celled.search(vectors[0], 50, within=within)
    exact = np.argsort(-np.where(within, vectors @ vectors[0], -2))[: min(50, allowed)]
    assert len(rows) == len(set(rows)) == len(exact)
    assert within[rows].all()
    if allowed <= 200:  # then every cell is looked into
        np.testing.assert_array_equal(np.sort(rows), np.sort(exact))


@pytest.mark.parametrize("allowed", [0, 1, 7, 8, 100, 2999, 3000])
def test_a_scope_finds_what_comparing_each_of_its_rows_finds(allowed: int) -> None:
    vectors = directions(3000)
    within = np.zeros(3000, np.bool_)
    within[np.random.default_rng(1).permutation(3000)[:allowed]] = True
    rows, scores = VectorIndex.build(vectors).search(vectors[0], 20, within=within)
    exact = np.where(within, vectors.astype(np.float16).astype(np.float32) @ vectors[0], -2)
    np.testing.assert_array_equal(rows, np.argsort(-exact)[: min(20, allowed)])
    np.testing.assert_allclose(scores, exact[rows], atol=1e-6)


def test_the_scope_comes_before_the_ranking() -> None:
    """What stands last of ten thousand overall is first where nothing better is allowed."""
    vectors = directions(10_000)
    built = VectorIndex.build(vectors)
    farthest = int(np.argmin(vectors @ vectors[0]))
    within = np.zeros(10_000, np.bool_)
    within[farthest] = True
    rows, _ = built.search(vectors[0], 5, within=within)
    assert rows.tolist() == [farthest]
    assert built.search(vectors[0], 5, within=np.zeros(10_000, np.bool_))[0].tolist() == []


def test_copying_vectors_from_file_to_file_loses_nothing(tmp_path: Path) -> None:
    VectorIndex.build(directions(50)).save(tmp_path / "first")
    first = VectorIndex.load(tmp_path / "first")
    copied = first.vectors(np.array([40, 3, 3]))
    VectorIndex.build(copied).save(tmp_path / "second")
    again = VectorIndex.load(tmp_path / "second")
    np.testing.assert_array_equal(again.vectors(np.arange(3)), copied)
    assert (len(again), again.dim) == (3, 16)


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    VectorIndex.build(directions(0)).save(tmp_path / "empty")
    empty = VectorIndex.load(tmp_path / "empty")
    assert empty.search(directions(1)[0], 3)[0].tolist() == []
    assert empty.vectors(np.empty(0, np.int64)).shape == (0, 16)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    VectorIndex.build(directions(50)).save(tmp_path / "whole")
    (tmp_path / "cut").write_bytes((tmp_path / "whole").read_bytes()[:600])
    with pytest.raises(IndexDamaged, match="cut"):
        VectorIndex.load(tmp_path / "cut")


def test_a_full_disk_is_an_os_error() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("only Linux has a disk that is always full")
    with pytest.raises(OSError) as caught:
        VectorIndex.build(directions(500)).save(full)
    assert caught.value.errno == errno.ENOSPC
