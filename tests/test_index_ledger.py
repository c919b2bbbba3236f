"""The ledger: what its rows say of a figure, and that they are kept with the index as long as their report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.building import remove, update
from index.embedders import HashEmbedder
from index.errors import UnknownReport
from index.figures.naming import name_of
from index.figures.numerals import fold
from index.ledger import Ledger, LedgerRow, ledger_line, read_rows
from index.store import LEDGER, ReportIndex
from index.types import Paragraph, Report
from tests.rag_world import done, report, target

NAMES = [
    ("全年实现地区生产总值", "地区生产总值"),
    ("全省地区生产总值同比增长", "地区生产总值"),
    ("力争城镇新增就业", "城镇新增就业"),
    ("“十四五”期间城镇新增就业累计", "城镇新增就业"),
    ("2025年一般公共预算收入", "一般公共预算收入"),
    ("农村居民人均可支配收入分别增长", "农村居民人均可支配收入"),
    ("劳动生产率平均每年增长", "劳动生产率"),
    ("人均预期寿命从80.2岁提升至", "人均预期寿命"),
    ("居民人均可支配收入从2017年的5.9万元增加到", "居民人均可支配收入"),
    ("粮食产量稳定在水平", "粮食产量"),
    ("“小巨人”企业新增", "“小巨人”企业新增"),
    # What is done stays in the name, and what only looks like an adverb.
    ("新建保障性租赁住房", "新建保障性租赁住房"),
    ("建成保障性租赁住房", "建成保障性租赁住房"),
    ("稳定就业岗位", "稳定就业岗位"),
    ("要素市场", "要素市场"),
    ("年度任务完成率达到", "年度任务完成率"),
    ("提高", "提高"),
]

# What a paragraph of a result or of a plan says: name, figure as printed, value, unit, role, period.
ROWS = [
    (
        done("全年地区生产总值322.5亿元，增长6.8%。"),
        [
            ("地区生产总值", "322.5亿元", "32250000000", "元", "done", "2023年"),
            ("地区生产总值", "6.8%", "6.8", "%", "done", "2023年"),
        ],
    ),
    (
        done("新建充电桩338个、累计1024个。"),
        [
            ("新建充电桩", "338个", "338", "个", "done", "2023年"),
            ("充电桩", "1024个", "1024", "个", "cumulative", "2023年"),
        ],
    ),
    (
        target("今年主要预期目标是：城镇新增就业6000人以上，城镇登记失业率控制在4%以内。"),
        [
            ("城镇新增就业", "6000人以上", "6000", "人", "target", "2024年"),
            ("城镇登记失业率", "4%以内", "4", "%", "target", "2024年"),
        ],
    ),
    (
        done("固定资产投资增长7.2%，未达到9%的年度目标。"),
        [
            ("固定资产投资", "7.2%", "7.2", "%", "done", "2023年"),
            ("固定资产投资", "9%", "9", "%", "target", "2023年"),
        ],
    ),
    # A verb said once stands before each item; an item with a verb of its own takes the noun only.
    (
        done("新增1家国家级、6家省级龙头企业，新开工老旧小区改造项目91个、完工213个。"),
        [
            ("新增国家级", "1家", "1", "家", "done", "2023年"),
            ("新增省级龙头企业", "6家", "6", "家", "done", "2023年"),
            ("新开工老旧小区改造项目", "91个", "91", "个", "done", "2023年"),
            ("老旧小区改造项目完工", "213个", "213", "个", "done", "2023年"),
        ],
    ),
    # What a later clause leaves out comes from the one before; 居 of 居民 is no verb.
    (
        done("居民人均可支配收入4.5万元、实际增长4.1%，固定资产投资下降3.3%。"),
        [
            ("居民人均可支配收入", "4.5万元", "45000", "元", "done", "2023年"),
            ("居民人均可支配收入实际", "4.1%", "4.1", "%", "done", "2023年"),
            ("固定资产投资", "3.3%", "3.3", "%", "done", "2023年"),
        ],
    ),
    # The years of a stretch are when, not how much.
    (
        done("2019年至2023年，五年新增就业累计3.06万人。"),
        [("新增就业", "3.06万人", "30600", "人", "cumulative", "2019—2023年")],
    ),
    # A table's row, one cell a column.
    (
        done("城镇新增就业：目标 7000人，完成 7500人。"),
        [
            ("城镇新增就业", "7000人", "7000", "人", "target", "2023年"),
            ("城镇新增就业", "7500人", "7500", "人", "done", "2023年"),
        ],
    ),
    (done("各位代表，一年来成绩来之不易。"), []),
]


def told(row: LedgerRow) -> tuple[str, ...]:
    figure = row.figure
    return row.name, figure.text, str(figure.value), figure.unit, row.role, str(row.period)


@pytest.mark.parametrize(("printed", "name"), NAMES)
def test_a_name_is_without_time_place_and_degree(printed: str, name: str) -> None:
    assert name_of(printed) == name


@given(st.text(alphabet="全省市今年2025力争实现地区生产总值增长的和、“”（）达到 约为一二新增建", max_size=30))
def test_a_name_is_part_of_what_is_printed(printed: str) -> None:
    name, rest = name_of(printed), iter(fold(printed))
    assert bool(name) == bool(printed)
    assert all(character in rest for character in name)


@pytest.mark.parametrize(("paragraph", "rows"), ROWS)
def test_a_row_says_what_when_and_in_which_role(paragraph: Paragraph, rows: list[tuple[str, ...]]) -> None:
    assert [told(row) for row in read_rows(report(paragraph))] == rows


WORDS = st.sampled_from(
    "全年 今年 新增就业 地区生产总值 5000人 6.5%左右 3.06万人 ，增长 、 ； 。 分别 和 达到 目标是： 第三 2024年 五年 累计 （ ）".split()
)


@given(st.lists(WORDS, max_size=14).map("".join).filter(str.strip), st.booleans())
def test_a_row_is_an_address_in_its_paragraph(text: str, plans: bool) -> None:
    read = report(target(text) if plans else done(text))
    rows = read_rows(read)
    for row in rows:
        assert text[row.figure.start : row.figure.end] == row.figure.text
        assert row.start <= row.figure.start and row.figure.end <= row.end
        assert bool(row.name) == bool(row.indicator)
    assert sorted(rows, key=lambda row: row.figure.start) == list(rows)


# -- kept with the index ----------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "云溪县_2024.txt").write_text("一、2023年工作回顾\n新增学位1080个。", encoding="utf-8")
    (folder / "石桥县_2024.txt").write_text("一、2023年工作回顾\n改建公厕12座。", encoding="utf-8")
    update(tmp_path / "home", [folder], HashEmbedder())
    return tmp_path / "home"


def names(home: Path) -> list[str]:
    opened = ReportIndex.open(home)
    return [row.name for row in opened.ledger.rows([card.id for card in opened.cards])]


def test_rows_are_stored_as_they_were_read(home: Path) -> None:
    opened = ReportIndex.open(home)
    assert names(home) == ["新增学位", "改建公厕"]
    for card in opened.cards:
        assert opened.ledger_line(card.id) == ledger_line(read_rows(opened.report(card.id)))


def test_an_unchanged_report_is_not_read_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def reading(one: Report) -> tuple[LedgerRow, ...]:
        read.append(one.id)
        return read_rows(one)

    monkeypatch.setattr("index.building.read_rows", reading)
    (home.parent / "reports" / "石桥县_2024.txt").write_text("一、2023年工作回顾\n改建公厕15座。", encoding="utf-8")
    update(home, [home.parent / "reports"], HashEmbedder())
    assert read == ["石桥县_2024"] and names(home) == ["新增学位", "改建公厕"]


def test_the_rows_go_with_their_report(home: Path) -> None:
    remove(home, ["石桥县_2024"])
    assert names(home) == ["新增学位"]
    assert "公厕" not in (ReportIndex.open(home).folder / LEDGER).read_text(encoding="utf-8")
    with pytest.raises(UnknownReport):
        ReportIndex.open(home).ledger.of("石桥县_2024")


def test_an_index_of_an_older_program_is_read_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.store.READING", 99)
    assert ReportIndex.open(home).ledger_line("云溪县_2024") is None
    assert names(home) == ["新增学位", "改建公厕"]
    monkeypatch.setattr("index.building.READING", 99)
    remove(home, ["石桥县_2024"])
    line = ReportIndex.open(home).ledger_line("云溪县_2024")
    assert line is not None and json.loads(line)[0]["name"] == "新增学位"


def test_rows_are_asked_for_by_year_role_and_kind() -> None:
    read = report(done("新增就业5986人，增长2%。"), target("新增就业6000人以上。"))
    ledger = Ledger(lambda _: None, lambda _: read)

    def texts(**wanted: object) -> list[str]:
        return [row.figure.text for row in ledger.rows([read.id], **wanted)]  # type: ignore[arg-type]

    assert texts(years=[2023]) == ["5986人", "2%"]
    assert texts(roles=["target"]) == ["6000人以上"]
    assert texts(kinds=["growth"]) == ["2%"]
    assert texts(years=[2020]) == []
