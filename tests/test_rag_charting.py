"""Charts: what is drawn is what the table says, as SVG that loads and runs nothing."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from rag.charting import draw
from rag.types import ComparisonCell, ComparisonRow

SVG = "{http://www.w3.org/2000/svg}"


def cell(value: str, text: str = "", upper: str | None = None, *, given: bool = True) -> ComparisonCell:
    return ComparisonCell(
        region="云岭区",
        year=2023,
        role="done",
        status="given" if given else "incomparable",
        text=text or value,
        value=Decimal(value),
        upper=None if upper is None else Decimal(upper),
    )


MISSING = ComparisonCell(region="云岭区", year=2023, role="done", status="missing", note="报告没有写到")


def rows(*cells: ComparisonCell) -> list[ComparisonRow]:
    return [ComparisonRow(label=f"{2020 + n}年", cells=(one,)) for n, one in enumerate(cells)]


def words(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_years_are_a_line_with_each_figure_as_printed() -> None:
    svg = draw(
        "新增就业", ["完成"], rows(cell("6120", "6120人"), cell("6238", "6238人"), cell("5986", "5986人")), by_year=True
    )
    assert {"6120人", "6238人", "5986人", "2020年", "2022年"} <= set(words(svg))
    assert svg.count("<circle") == 3


def test_a_missing_year_breaks_the_line() -> None:
    svg = draw("新增就业", ["完成"], rows(cell("1"), cell("2"), MISSING, cell("4")), by_year=True)
    (path,) = [e.get("d", "") for e in ElementTree.fromstring(svg).iter(f"{SVG}path") if e.get("fill") == "none"]
    assert (path.count("M"), path.count("L")) == (2, 1)


def test_places_are_bars_the_longest_first() -> None:
    places = [
        ComparisonRow(label=name, cells=(cell(value),)) for name, value in [("甲县", "3"), ("乙县", "9"), ("丙县", "5")]
    ]
    svg = draw("学位", ["2023年完成"], places, by_year=False)
    assert [word for word in words(svg) if "县" in word] == ["乙县", "丙县", "甲县"]


def test_what_is_not_comparable_is_not_drawn() -> None:
    svg = draw("学位", ["完成"], rows(cell("3"), cell("9"), cell("5000", "五千套", given=False)), by_year=False)
    assert "五千套" not in svg
    assert draw("学位", ["完成"], rows(cell("3"), MISSING), by_year=False) == ""


def test_the_far_end_of_a_range_is_faint() -> None:
    assert 'opacity="0.35"' in draw("GDP", ["目标"], rows(cell("5", "5%—5.5%", "5.5"), cell("6")), by_year=False)


def test_names_are_text_and_nothing_else() -> None:
    hostile = ComparisonRow(label='<script>"&', cells=(cell("3", "<b>3</b>"),))
    svg = draw('"><script>', ["<i>"], [hostile, *rows(cell("4"))], by_year=False)
    assert not [
        e for e in ElementTree.fromstring(svg).iter() if e.tag.removeprefix(SVG) not in ("svg", "rect", "text", "path")
    ]
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|url\(|<image|<style|on\w+=", svg)


VALUES = st.decimals(min_value=-(10**13), max_value=10**13, allow_nan=False, places=2).map(str)


@given(st.lists(VALUES | st.none(), min_size=2, max_size=14), st.booleans())
def test_any_figures_make_a_picture_within_its_frame(values: list[str | None], by_year: bool) -> None:
    svg = draw("数", ["完成"], rows(*(MISSING if value is None else cell(value) for value in values)), by_year=by_year)
    assert bool(svg) == (sum(value is not None for value in values) > 1)
    if svg:
        picture = ElementTree.fromstring(svg)
        width, height = map(float, picture.get("viewBox", "").split()[2:])
        for element in picture.iter():
            for name, limit in (("x", width), ("cx", width), ("y", height), ("cy", height)):
                place = float(element.get(name, "0"))
                assert math.isfinite(place) and -1 <= place <= limit + 1
