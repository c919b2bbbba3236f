from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.matching import digits, folded, holds, not_years, position


@pytest.mark.parametrize(
    ("text", "wanted", "held"),
    [
        ("新开工590套。", ("590套",), True),
        ("新开工1590套。", ("590套",), False),
        ("增长9.65%", ("9.6",), False),
        ("增长9.6%", ("9.6",), True),
        ("增长19.6%", ("9.6%",), False),
        ("第3.9.6条", ("9.6",), False),
        ("共.9.6条", ("9.6",), True),
        ("共 12,345 人", ("12345人",), True),
        ("共12 345人", ("12345人",), True),
        ("１９９６年", ("1996年",), True),
        ("建成三家", ("3家", "三家"), True),
        ("比重81.2％", ("81.2%",), True),
    ],
)
def test_a_figure_counts_only_whole(text: str, wanted: tuple[str, ...], held: bool) -> None:
    assert holds(folded(text), wanted) is held


def test_of_several_spellings_the_last_place_counts() -> None:
    assert position("3家即三家", ("3家", "三家")) == 3
    assert position("没有", ("3家", "三家")) == -1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("建成640套、新开工590套。[1]【2】", {"640", "590"}),
        ("1. 建成640套\n2、新开工590套\n（3）投资1.5亿元", {"640", "590", "1.5"}),
        ("1.5亿元", {"1.5"}),
        ("投资1,268.5亿元", {"1268.5"}),
        ("没有数字", set()),
    ],
)
def test_the_figures_of_a_text(text: str, found: set[str]) -> None:
    assert digits(text) == found


def test_years_are_left_out() -> None:
    assert not_years({"2023", "1954", "2100", "640", "20.23"}) == {"2100", "640", "20.23"}


@given(st.integers(0, 10**6), st.text(alphabet="甲乙丙丁，。", max_size=8))
def test_a_figure_is_found_among_words(value: int, words: str) -> None:
    text = f"{words}完成{value}套{words}"
    assert holds(folded(text), (f"{value}套",))
    assert str(value) in digits(text)
