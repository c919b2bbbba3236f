"""Chunks: whole sentences of one paragraph, packed; headings speak through the context of what is below them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunking import chunk_report, content_key, searched_text
from index.types import Paragraph, Period, Report

LAST_YEAR = Period(first=2023, last=2023)


def report(*paragraphs: Paragraph, region: str = "云溪县") -> Report:
    return Report(
        id="云溪县_2024",
        title="云溪县2024年政府工作报告",
        region=region,
        level="county",
        year=2024,
        source="云溪县_2024.txt",
        sha256="0" * 64,
        paragraphs=paragraphs,
    )


def paragraph(text: str, number: int = 1, **given: object) -> Paragraph:
    return Paragraph(report="云溪县_2024", number=number, text=text, **given)  # type: ignore[arg-type]


def texts(*paragraphs: Paragraph, limit: int = 20) -> list[str]:
    return [chunk.text for chunk in chunk_report(report(*paragraphs), limit)]


@pytest.mark.parametrize(
    ("text", "chunks"),
    [
        ("新建公厕12座。", ["新建公厕12座。"]),
        ("新建公厕12座。改造农房340户。", ["新建公厕12座。改造农房340户。"]),
        ("新建公厕12座。改造农房340户。铺设管网56公里。", ["新建公厕12座。改造农房340户。", "铺设管网56公里。"]),
        (
            "短句。这一句比二十个字的上限还要长出许多却不能从中间断开来。又一短句。",
            ["短句。", "这一句比二十个字的上限还要长出许多却不能从中间断开来。", "又一短句。"],
        ),
        ("  ", []),
    ],
)
def test_neighbouring_sentences_are_packed_up_to_the_limit(text: str, chunks: list[str]) -> None:
    assert texts(paragraph(text)) == chunks


def test_no_chunk_crosses_a_paragraph() -> None:
    assert texts(paragraph("甲事办成。", 1), paragraph("乙事办成。", 2)) == ["甲事办成。", "乙事办成。"]


@pytest.mark.parametrize(
    ("heading", "has_chunk"),
    [
        ("二、2024年工作安排", False),
        ("（一）着力改善民生", False),
        ("3.办好民生实事", False),
        ("3.新建公厕12座", True),
        ("（二）为民办实事34件", True),
        ("粮食产量达到５６万吨", True),
        ("坚持把保障和改善民生作为一切工作的出发点和落脚点不断增强群众获得感", True),
    ],
)
def test_a_heading_is_a_chunk_only_if_it_says_something(heading: str, has_chunk: bool) -> None:
    assert bool(texts(paragraph(heading, is_heading=True))) is has_chunk


def test_the_context_says_what_the_text_leaves_out() -> None:
    headings = ("一、过去一年工作回顾", "（三）民生福祉持续改善", "办好实事。" * 20)
    (chunk,) = chunk_report(report(paragraph("新建公厕12座。", headings=headings, period=LAST_YEAR)))
    assert chunk.context == "云溪县 2024年报告 2023年 （三）民生福祉持续改善 " + ("办好实事。" * 20)[:24]
    assert chunk.context not in chunk.text
    assert searched_text(chunk).endswith(chunk.text)


def test_equal_text_in_an_equal_context_has_one_key() -> None:
    (first,) = chunk_report(report(paragraph("新建公厕12座。", 1)))
    (moved,) = chunk_report(report(paragraph("新建公厕12座。", 7)))
    (elsewhere,) = chunk_report(report(paragraph("新建公厕12座。", 1), region="石桥县"))
    keys = [content_key(searched_text(chunk)) for chunk in (first, moved, elsewhere)]
    assert keys[0] == keys[1] != keys[2]
    assert len(keys[0]) == 16


@given(st.text(alphabet="建成房屋12,。；”“（） \n", max_size=200), st.integers(1, 60))
def test_chunks_are_slices_in_order_that_leave_out_nothing_but_space(text: str, limit: int) -> None:
    chunks = chunk_report(report(paragraph(text)), limit)
    assert [text[chunk.start : chunk.end] for chunk in chunks] == [chunk.text for chunk in chunks]
    assert all(before.end <= after.start for before, after in pairwise(chunks))
    assert "".join("".join(chunk.text for chunk in chunks).split()) == "".join(text.split())
