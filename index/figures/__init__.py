"""Figures in Chinese text: found, compared, reckoned with and bound to what they are figures of."""

from index.figures.binding import Binding, bind_figures, indicator_of
from index.figures.finding import find_figures
from index.figures.kinds import Direction, direction
from index.figures.numerals import read_numeral, small_number
from index.figures.quantities import Difference, convert, difference, is_beyond, is_mark, render, same_figure

__all__ = [
    "Binding",
    "Difference",
    "Direction",
    "bind_figures",
    "convert",
    "difference",
    "direction",
    "find_figures",
    "indicator_of",
    "is_beyond",
    "is_mark",
    "read_numeral",
    "render",
    "same_figure",
    "small_number",
]
