"""Comparisons over the sample reports: what a table shows, what it works out, and what it says it lacks."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from index.building import update
from index.embedders import HashEmbedder
from index.types import Report, Scope
from rag.assistant import Assistant
from rag.figures import FigureQuery
from rag.planning import Plan, plan
from rag.types import Comparison, ComparisonProgress, ComparisonRequest, Refusal
from rag.verifying import verify
from tests.rag_world import ALL, ask, assistant, catalog, done, is_address, report


def compare(*indicators: str, scope: Scope = ALL, **axes: object) -> Comparison:
    return assistant().compare(ComparisonRequest(indicators=indicators, **axes), scope=scope)  # type: ignore[arg-type]


def table(comparison: Comparison) -> list[list[str]]:
    """The rows as people read them: a lack in brackets."""
    return [[row.label, *(cell.text or f"（{cell.note}）" for cell in row.cells)] for row in comparison.rows]


# -- what is to be compared -------------------------------------------------------------------------

PLANS = [
    ("云岭区2021到2023年新增就业趋势", ["新增就业"], ["云岭区"], [2021, 2022, 2023], ["done"]),
    ("云岭区这几年城镇新增就业变化", ["城镇新增就业"], ["云岭区"], [2021, 2022, 2023], ["done"]),
    (
        "比较云岭区和青禾县2023年GDP增速和城镇新增就业",
        ["GDP增速", "城镇新增就业"],
        ["云岭区", "青禾县"],
        [2023],
        ["done"],
    ),
    ("云岭区2023年城镇新增就业目标完成了吗", ["城镇新增就业"], ["云岭区"], [2023], ["target", "done"]),
    ("各县2024年GDP增长目标", ["GDP增长"], ["云岭区", "青禾县", "鲤城区"], [2024], ["target"]),
]


@pytest.mark.parametrize(("question", "subjects", "regions", "years", "roles"), PLANS)
def test_a_question_names_what_is_compared(
    question: str, subjects: list[str], regions: list[str], years: list[int], roles: list[str]
) -> None:
    read = plan(ComparisonRequest(question=question), catalog())
    assert isinstance(read, Plan)
    assert [subject.label for subject in read.subjects] == subjects
    assert (sorted(read.regions), list(read.years), list(read.roles)) == (sorted(regions), years, roles)


def test_what_is_not_named_is_filled_in_from_what_is_loaded() -> None:
    one = plan(ComparisonRequest(indicators=("城镇新增就业",), regions=("云岭",)), catalog())
    assert isinstance(one, Plan) and one.regions == ("云岭区",) and one.years == (2021, 2022, 2023)
    all_places = plan(ComparisonRequest(indicators=("城镇新增就业目标",)), catalog())
    assert isinstance(all_places, Plan) and len(all_places.regions) == 3 and all_places.roles == ("target",)


@pytest.mark.parametrize(
    ("request_", "kind", "words"),
    [
        (ComparisonRequest(question="比较石门县2023年新增就业"), "out_of_corpus", "石门县"),
        (ComparisonRequest(question="比较一下"), "ambiguous", "没有看出要查什么"),
        (
            ComparisonRequest(indicators=tuple(f"指标{n}" for n in range(12)), years=tuple(range(2000, 2030))),
            "ambiguous",
            "最多 600 格",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(request_: ComparisonRequest, kind: str, words: str) -> None:
    refused = plan(request_, catalog())
    assert isinstance(refused, Refusal) and refused.kind == kind and words in refused.message


# -- tables -----------------------------------------------------------------------------------------


def test_the_years_of_a_place_are_rows_with_what_changed() -> None:
    told = compare("城镇新增就业", regions=("云岭区",))
    assert (told.row_heading, told.columns, told.change_heading) == ("年份", ("完成",), "比上年")
    assert table(told) == [["2021年", "6120人"], ["2022年", "6238人"], ["2023年", "5986人"]]
    assert [row.change.text for row in told.rows if row.change] == ["+118人", "-252人"]
    assert [remark.text for remark in told.remarks] == ["2021年6120人，2022年6238人，2023年5986人，先升后降。[1][2][3]"]


def test_places_are_rows_and_what_is_missing_is_said() -> None:
    told = compare("地区生产总值", years=(2023,))
    assert (told.row_heading, told.columns) == ("地区", ("2023年完成",))
    assert table(told) == [["鲤城区", "（没有载入写这一年的报告）"], ["云岭区", "322.5亿元"], ["青禾县", "187.6亿元"]]
    assert "没有载入写这一年的报告：鲤城区。" in told.notes
    assert [(r.text, r.computed) for r in told.remarks] == [
        ("云岭区更高（322.5亿元），青禾县187.6亿元。[1][2]", False),
        ("计算值：云岭区比青禾县多134.9亿元（322.5亿元－187.6亿元）。[1][2]", True),
    ]


def test_indicators_are_rows_and_two_places_are_subtracted() -> None:
    told = compare("地区生产总值增速", "城镇新增就业", regions=("青禾县", "云岭区"), years=(2023,))
    assert (told.row_heading, told.change_heading) == ("指标", "云岭区比青禾县")
    assert [row.label for row in told.rows] == ["地区生产总值增速", "城镇新增就业"]
    changes = [row.change for row in told.rows]
    assert changes[1] is not None and changes[1].text == "+2566人" and "计算值" in changes[1].claim
    assert told.chart == ""  # percentages and people are not drawn together


def test_target_and_result_stand_side_by_side() -> None:
    told = compare("城镇新增就业", regions=("云岭区",), years=(2023,), roles=("target", "done"))
    assert (told.columns, told.change_heading) == (("目标", "完成"), "完成与目标相比")
    assert table(told) == [["2023年", "6200人以上", "5986人"]]
    assert told.rows[0].change is not None and told.rows[0].change.text == "未达到目标"


def test_another_unit_is_shown_and_not_compared() -> None:
    told = compare("固定资产投资", regions=("云岭区",), years=(2021, 2022, 2023))
    kinds = {cell.kind for row in told.rows for cell in row.cells if cell.status == "given"}
    assert len(kinds) == 1
    for row in told.rows:
        for cell in row.cells:
            assert (cell.status == "incomparable") == (cell.note == "单位或口径不同，不作比较")


def test_figures_of_different_degree_are_not_subtracted() -> None:
    told = compare("城镇新增就业目标", regions=("云岭区", "青禾县"), years=(2023, 2024))
    changes = {row.label: row.change for row in told.rows}
    assert changes["云岭区"] is not None and changes["云岭区"].text == "-200人"  # 6200人以上, 6000人以上
    notes = [change.note for change in changes.values() if change and not change.text]
    assert all("不相减" in note or "不作比较" in note for note in notes)


def test_what_was_begun_is_not_subtracted_from_what_was_ended() -> None:
    told = compare("改造老旧小区", regions=("云岭区",), years=(2022, 2023))
    assert told.rows[1].change is not None
    assert "开工" in told.rows[1].change.note and told.rows[1].change.text == ""


def of(*reports: Report, indicator: str) -> Comparison:
    """A comparison over reports of a few sentences."""
    with TemporaryDirectory() as folder:
        sources = Path(folder, "reports")
        sources.mkdir()
        for one in reports:
            text = "\n".join(f"{paragraph.headings[0]}\n{paragraph.text}" for paragraph in one.paragraphs)
            (sources / f"{one.id}.txt").write_text(text, encoding="utf-8")
        update(Path(folder, "home"), [sources], HashEmbedder())
        asked = ComparisonRequest(indicators=(indicator,), years=(2023,))
        return Assistant(Path(folder, "home"), HashEmbedder()).compare(asked)


def test_a_decline_is_told_as_one_and_drawn_below_nought() -> None:
    told = of(
        report(done("全年固定资产投资增长4.1%，社会消费品零售总额增长5%。"), region="北岭县"),
        report(done("全年固定资产投资下降3.3%，社会消费品零售总额增长6%。"), region="云溪县"),
        indicator="固定资产投资增长",
    )
    assert sorted(cell.text for row in told.rows for cell in row.cells) == ["4.1%", "下降3.3%"]
    assert sorted(float(cell.value or 0) for row in told.rows for cell in row.cells) == [-3.3, 4.1]
    assert not [claim for claim in told.claims if "多" in claim.text or "高" in claim.text]


def test_something_narrower_is_not_compared() -> None:
    told = of(
        report(done("全年居民人均可支配收入增长4.1%。"), region="北岭县"),
        report(done("全年居民人均可支配收入增长5.2%。"), region="云溪县"),
        report(done("全年农村居民人均可支配收入增长6.3%。"), region="西坪县"),
        indicator="居民人均可支配收入增长",
    )
    cells = {row.label: row.cells[0] for row in told.rows}
    assert (cells["西坪县"].status, cells["西坪县"].text) == ("incomparable", "6.3%")
    assert "农村居民人均可支配收入" in cells["西坪县"].note and "6.3%" not in told.chart


def test_what_several_years_brought_is_no_years_result() -> None:
    told = of(
        report(done("一般公共预算收入五年增长34.3%，年均增长6.1%。"), region="北岭县"),
        report(done("一般公共预算收入增长5.2%。"), region="云溪县"),
        indicator="一般公共预算收入增长",
    )
    assert {row.label: row.cells[0].text for row in told.rows} == {"北岭县": "", "云溪县": "5.2%"}


EVERY = [
    {"indicators": ("城镇新增就业",), "regions": ("云岭区",)},
    {"indicators": ("GDP", "一般公共预算收入", "改造老旧小区"), "years": (2022, 2023)},
    {"indicators": ("城镇登记失业率目标完成情况",), "regions": ("云岭区",)},
    {"question": "云岭区和青禾县2023年农村居民人均可支配收入增长"},
]


@pytest.mark.parametrize("wanted", EVERY)
def test_every_figure_is_cited_and_passes_the_gate_again(wanted: dict[str, Any]) -> None:
    told = assistant().compare(ComparisonRequest(**wanted))
    source = assistant()._resolver._source
    assert told.claims and all(map(is_address, told.citations))
    for claim in told.claims:
        assert verify(claim, told.citations, source) == ()
    by_mark = {citation.mark: citation for citation in told.citations}
    for row in told.rows:
        for cell in row.cells:
            assert bool(cell.text) == bool(cell.citations) == (cell.status != "missing")
            assert all(cell.text in by_mark[mark].quote for mark in cell.citations)
            assert cell.text or cell.note


def test_hidden_reports_influence_nothing() -> None:
    shown = Scope(reports=frozenset({"云岭区_2023", "云岭区_2024"}))
    told = compare("城镇新增就业", scope=shown)
    assert told.scope.regions == ("云岭区",)
    assert {citation.report for citation in told.citations} <= {"云岭区_2023", "云岭区_2024"}
    assert "青禾县" not in str(told.to_wire())
    page = assistant().figures(FigureQuery(words="城镇新增就业", limit=200), scope=shown)
    assert {figure.citation.report for figure in page.figures} == {"云岭区_2023", "云岭区_2024"}
    assert assistant().figures(FigureQuery(regions=("青禾县",)), scope=shown).total == 0


# -- the ledger in plain words ----------------------------------------------------------------------


def test_an_indicator_is_found_by_any_of_its_names() -> None:
    found = [
        {(figure.text, figure.citation.report) for figure in assistant().figures(FigureQuery(words=words)).figures}
        for words in ("GDP", "地区生产总值", "生产总值")
    ]
    assert ("322.5亿元", "云岭区_2024") in found[0]
    assert found[0] == found[1]


def test_figures_are_narrowed_by_place_year_and_role() -> None:
    query = FigureQuery(words="城镇新增就业", regions=("云岭",), years=(2023,), roles=("done",))
    assert [figure.text for figure in assistant().figures(query).figures] == ["5986人"]


def test_pages_do_not_overlap() -> None:
    pages, offset = [], 0
    while True:
        page = assistant().figures(FigureQuery(words="增长", offset=offset, limit=7))
        pages += [(f.citation.report, f.citation.paragraph, f.start) for f in page.figures]
        if page.next is None:
            break
        offset = page.next
    assert len(pages) == len(set(pages)) == page.total


# -- from the chat ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "regions", "years"),
    [
        ("云岭区这几年新增就业趋势", ("云岭区",), (2021, 2022, 2023)),
        ("云岭区和青禾县2023年地区生产总值分别是多少", ("云岭区", "青禾县"), (2023,)),
        ("云岭区2023年新建了多少套保障性租赁住房", (), ()),
        ("云岭区有哪些国家4A级旅游景区", (), ()),
    ],
)
def test_an_answer_over_several_leads_to_its_table(
    question: str, regions: tuple[str, ...], years: tuple[int, ...]
) -> None:
    hint = ask(question).comparison
    assert (hint.regions, hint.years) == (regions, years) if hint else not regions
    if hint:
        assert assistant().compare(hint).refusal is None


def test_a_comparison_tells_how_far_it_is_cell_by_cell() -> None:
    asked = ComparisonRequest(indicators=("城镇新增就业",), regions=("云岭区",), years=(2022, 2023), roles=("done",))
    *steps, table = assistant().stream_comparison(asked)
    assert steps == [ComparisonProgress(done=done, total=2) for done in range(2)]
    assert isinstance(table, Comparison) and table.title == assistant().compare(asked).title
