"""Headings, periods and roles rebuilt from the lines of invented reports."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.structure import Block, build_paragraphs, section_at, topic_spans
from index.types import Paragraph, Period

LONG = "我们坚持稳字当头，统筹推进各项工作，扎实办好群众身边的每一件事，经济社会发展取得明显成效。" * 2


def built(*lines: str, delivered: int = 2024) -> tuple[Paragraph, ...]:
    return build_paragraphs([Block(text=line) for line in lines], report="云岭区_2024", delivered=delivered)


def paths(*lines: str) -> list[tuple[str, ...]]:
    return [paragraph.headings for paragraph in built(*lines) if not paragraph.is_heading]


def test_numbered_headings_on_their_own_lines() -> None:
    paragraphs = built(
        "云岭区2024年政府工作报告",
        "各位代表：",
        "一、2023年工作回顾",
        "（一）产业发展",
        LONG,
        "（二）民生保障",
        "1.教育",
        LONG,
        "二、2024年工作安排",
        LONG,
    )
    assert [p.is_heading for p in paragraphs] == [True, False, True, True, False, True, True, False, True, False]
    assert paragraphs[4].headings == ("一、2023年工作回顾", "（一）产业发展")
    assert paragraphs[7].headings == ("一、2023年工作回顾", "（二）民生保障", "1.教育")
    assert paragraphs[6].headings == ("一、2023年工作回顾", "（二）民生保障")
    assert paragraphs[9].headings == ("二、2024年工作安排",)


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("（一）强化创新驱动，产业加快升级。" + LONG, "（一）强化创新驱动，产业加快升级"),
        ("(三)在共建中增进福祉。" + LONG, "(三)在共建中增进福祉"),
        ("一是经济运行稳中向好。" + LONG, "一是经济运行稳中向好"),
        ("二要深化重点改革。" + LONG, "二要深化重点改革"),
        ("——民生福祉持续改善。" + LONG, "——民生福祉持续改善"),
        ("第三，加快绿色转型。" + LONG, "第三，加快绿色转型"),
        ("首先，稳住农业生产。" + LONG, "首先，稳住农业生产"),
        ("１．医疗卫生方面。" + LONG, "１．医疗卫生方面"),
        ("3.“一表同享”：通过数字化手段推动数据共享。" + LONG, "3.“一表同享”"),
        ("十二、稳步推进改革。" + LONG, "十二、稳步推进改革"),
        ("一、2023年工作回顾过去的一年，极不平凡。" + LONG, "一、2023年工作回顾"),
        ("二、2024年政府工作安排 2024年工作的总体要求是：" + LONG, "二、2024年政府工作安排"),
    ],
)
def test_headings_that_open_a_paragraph(line: str, heading: str) -> None:
    (paragraph,) = built(line)
    assert paragraph.headings[0] == heading
    assert not paragraph.is_heading
    assert paragraph.text == line


@pytest.mark.parametrize(
    "line",
    [
        "一、二、三产业分别增长4%、7%和5%，" + LONG,
        "1.新增就业7000人，" + LONG,
        "1.5亿元资金用于改造。" + LONG,
        "2023年完成投资500亿元。" + LONG,
        "各位代表！" + LONG,
        LONG,
    ],
)
def test_paragraphs_without_a_heading(line: str) -> None:
    assert paths("一、2023年工作回顾", line) == [("一、2023年工作回顾",)]


def test_sections_carry_on_and_points_do_not() -> None:
    assert paths(
        "一、2023年工作回顾",
        "（一）扩大内需。" + LONG,
        LONG,
        "一是稳投资。" + LONG,
        LONG,
        "各位代表，" + LONG,
    ) == [
        ("一、2023年工作回顾", "（一）扩大内需"),
        ("一、2023年工作回顾", "（一）扩大内需"),
        ("一、2023年工作回顾", "（一）扩大内需", "一是稳投资"),
        ("一、2023年工作回顾", "（一）扩大内需"),
        ("一、2023年工作回顾",),
    ]


def test_parts_without_numbers_stand_above_numbered_chapters() -> None:
    assert paths("2023年工作回顾", LONG, "一、生态建设", LONG, "2024年工作安排", "一、产业发展", LONG) == [
        ("2023年工作回顾",),
        ("2023年工作回顾", "一、生态建设"),
        ("2024年工作安排", "一、产业发展"),
    ]


def test_a_short_line_is_a_heading_unless_it_is_half_a_sentence() -> None:
    assert paths("一、2023年工作回顾", "经济发展稳中有进", LONG) == [("一、2023年工作回顾", "经济发展稳中有进")]
    assert paths("一、2023年工作回顾", "会议正式通过了《", "公共文化服务条例", "》，" + LONG)[-1] == (
        "一、2023年工作回顾",
    )
    assert paths("一、2023年工作回顾", "今年要重点做好以下工作。", LONG)[-1] == ("一、2023年工作回顾",)


def test_sections_embedded_in_a_paragraph_reach_the_next() -> None:
    assert paths("二、2024年工作安排", LONG + "（一）扩大内需。" + LONG + "（二）加快转型。" + LONG, LONG)[-1] == (
        "二、2024年工作安排",
        "（二）加快转型",
    )


def test_topic_sentences_name_the_section_of_a_sentence() -> None:
    text = "(三)增进民生福祉。办好为民实事。超八成财力投入民生，34件实事全部办结。推动优质均衡。加快一批学校建设，新增学位1080个。"
    (paragraph,) = built(text)
    assert [(text[start:end][:7], heading) for start, end, heading in topic_spans(text)] == [
        ("办好为民实事。", "办好为民实事"),
        ("推动优质均衡。", "推动优质均衡"),
    ]
    assert section_at(paragraph, text.index("34件")) == ("(三)增进民生福祉", "办好为民实事")
    assert section_at(paragraph, text.index("1080个")) == ("(三)增进民生福祉", "推动优质均衡")
    assert section_at(paragraph, 0) == ("(三)增进民生福祉",)


def test_a_topic_sentence_heads_its_own_paragraph_only() -> None:
    assert paths("二、2024年工作安排", "强化政策支持。" + LONG, LONG) == [
        ("二、2024年工作安排", "强化政策支持"),
        ("二、2024年工作安排",),
    ]


@pytest.mark.parametrize("opening", ["完成全部任务。", "新增学位900个。", "就业是最基本的民生。", "去年成效明显。"])
def test_short_statements_are_no_topics(opening: str) -> None:
    assert topic_spans(opening + LONG) == []


def test_parts_give_their_paragraphs_period_and_role() -> None:
    paragraphs = built(
        "云岭区2024年政府工作报告",
        "各位代表：",
        "一、2023年工作回顾",
        LONG,
        "二、2024年工作安排",
        LONG,
        "三、加强政府自身建设",
        LONG,
        "名词解释",
        "1.“四好”行动：为完成2023年目标开展的专项行动。",
    )
    last, this = Period(first=2023, last=2023), Period(first=2024, last=2024)
    assert [(p.period, p.role) for p in paragraphs if not p.is_heading][1:] == [
        (last, "done"),
        (this, "measure"),
        (this, "measure"),
        (None, "other"),
    ]


def test_annexes_are_timed_by_their_own_titles() -> None:
    paragraphs = built(
        "二、2024年工作安排",
        LONG,
        "附件1",
        "2024年10件民生实事",
        "一、新建幼儿园3所。" + LONG,
        "附件2",
        "名词解释",
        "1.“四好”行动：为完成2023年目标开展的专项行动。",
    )
    assert paragraphs[4].headings == ("附件1", "2024年10件民生实事", "一、新建幼儿园3所")
    assert (paragraphs[4].period, paragraphs[4].role) == (Period(first=2024, last=2024), "measure")
    assert (paragraphs[7].period, paragraphs[7].role) == (None, "other")


def test_a_plan_whose_heading_is_lost_ends_the_review() -> None:
    paragraphs = built(
        "一、2023年工作回顾",
        LONG,
        "今年政府工作的总体要求是：" + LONG,
        "（一）扩大内需。" + LONG,
    )
    assert [p.role == "done" for p in paragraphs] == [True, True, False, False]
    assert paragraphs[-1].headings == ("（一）扩大内需",)


def test_an_excerpt_of_a_review_is_known_by_its_words() -> None:
    lines = ["(三)增进福祉。" + "建成幼儿园3所，获评省级示范。完成改造5处，成功创建平安社区。" * 3] * 2
    assert {(p.role, p.period) for p in built(*lines)} == {("done", Period(first=2023, last=2023))}
    plans = ["(三)增进福祉。" + "将新建幼儿园3所，力争获评省级示范。计划改造5处。" * 3] * 2
    assert "done" not in {p.role for p in built(*plans)}


def test_headings_marked_by_the_format_come_first() -> None:
    blocks = [
        Block(text="云岭区2024年政府工作报告", level=1),
        Block(text="2023年工作回顾", level=2),
        Block(text="（一）民生", level=None),
        Block(text=LONG),
        Block(text="2024年工作安排", level=2),
        Block(text=LONG, page=7),
    ]
    paragraphs = build_paragraphs(blocks, report="r", delivered=2024)
    assert paragraphs[3].headings == ("2023年工作回顾", "（一）民生")
    assert paragraphs[5].headings == ("2024年工作安排",)
    assert paragraphs[5].page == 7


@given(
    st.lists(
        st.text(
            st.sampled_from("一二（）、。，：是各位代表1.新建20套——第年工作回顾安排附件\u3000"), min_size=1, max_size=30
        ).filter(str.strip)
    )
)
def test_no_paragraph_is_lost_or_changed(lines: list[str]) -> None:
    paragraphs = built(*lines)
    assert [p.text for p in paragraphs] == lines
    assert [p.number for p in paragraphs] == list(range(1, len(lines) + 1))
    for paragraph in paragraphs:
        spans = topic_spans(paragraph.text)
        assert all(0 <= start < end <= len(paragraph.text) for start, end, _ in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
