"""How a comparison lies on the page: which axis makes its rows, which its columns, and what differs along a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from rag.figures import ROLE_NAMES
from rag.planning import Plan, Subject
from rag.types import ComparedRole
from rag.understanding import Ask

__all__ = ["Layout", "Line", "Place", "lay_out"]

# target: result against target along a row · columns: second column against first · previous: a row against the one
# before it · "": nothing
Change = Literal["target", "columns", "previous", ""]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands: its indicator, place, year and role."""

    subject: Subject
    region: str
    year: int
    role: ComparedRole

    @property
    def ask(self) -> Ask:
        """What is asked of the reports for this cell."""
        return self.subject.at(self.region, self.year, self.role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row before it is filled."""

    label: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Rows and columns.  `by_year`: the rows are years, so that they tell a course."""

    title: str
    row_heading: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    change: Change
    change_heading: str
    by_year: bool


def lay_out(plan: Plan) -> Layout:
    """Several indicators are rows, else several places, else the years; all other axes make columns."""
    if len(plan.subjects) > 1:
        heading = "指标"
        parts = [(subject.label, replace(plan, subjects=(subject,))) for subject in plan.subjects]
    elif len(plan.regions) > 1:
        heading = "地区"
        parts = [(region, replace(plan, regions=(region,))) for region in plan.regions]
    else:
        heading = "年份"
        parts = [(f"{year}年", replace(plan, years=(year,))) for year in plan.years]
    rows = tuple(Line(label=label, places=tuple(_places(part))) for label, part in parts)
    change, change_heading = _change(plan, heading)
    return Layout(
        title=_title(plan),
        row_heading=heading,
        columns=tuple(_column(place, plan, heading) for place in rows[0].places),
        lines=rows,
        change=change,
        change_heading=change_heading,
        by_year=heading == "年份",
    )


def _places(plan: Plan) -> Iterator[Place]:
    return (Place(*place) for place in product(plan.subjects, plan.regions, plan.years, plan.roles))


def _column(place: Place, plan: Plan, heading: str) -> str:
    region = place.region if len(plan.regions) > 1 and heading != "地区" else ""
    year = f"{place.year}年" if heading != "年份" else ""
    return f"{region}{year}{ROLE_NAMES[place.role]}"


def _change(plan: Plan, heading: str) -> tuple[Change, str]:
    years, regions = plan.years, plan.regions if heading != "地区" else ()
    several_years = heading != "年份" and len(years) > 1
    if len(plan.roles) == 2:
        return ("", "") if several_years or len(regions) > 1 else ("target", "完成与目标相比")
    if several_years:
        return ("columns", f"{years[1]}年比{years[0]}年") if len(years) == 2 and len(regions) < 2 else ("", "")
    if len(regions) > 1:
        return ("columns", f"{regions[1]}比{regions[0]}") if len(regions) == 2 else ("", "")
    if heading != "年份" or len(years) < 2:
        return "", ""
    return "previous", "比上年" if years[-1] - years[0] == len(years) - 1 else "比上一行"


def _title(plan: Plan) -> str:
    subjects = "、".join(subject.label for subject in plan.subjects)
    regions = "、".join(plan.regions) if len(plan.regions) <= 3 else f"{len(plan.regions)}个地区"
    years = plan.years
    run = len(years) > 2 and years[-1] - years[0] == len(years) - 1
    when = f"{years[0]}—{years[-1]}" if run else "、".join(map(str, years))
    return f"{subjects}：{regions}{when}年{'和'.join(ROLE_NAMES[role] for role in plan.roles)}"
