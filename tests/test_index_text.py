"""How text is folded for matching, split into sentences and clauses, and cut into tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import (
    characters,
    keyword_tokens,
    normalise,
    normalise_with_offsets,
    simplify,
    split_clauses,
    split_sentences,
)

CHINESE = st.text(st.sampled_from("建成增长，。；、！“”（）《》\"' 1,0２，３.%—年 \n\u3000甲乙丙aB①…"), max_size=80)


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        ("１９９６年增长５．２％", "1996年增长5.2%"),
        ("新增就业1,268,500人", "新增就业1268500人"),
        ("总产量33，212万吨", "总产量33212万吨"),
        ("2024，300个项目开工", "2024,300个项目开工"),
        ("5%—5.5%、5%－5.5%", "5%-5.5%、5%-5.5%"),
        ("「一带一路」", '"一带一路"'),
        ("地区 生产 总值　增长 5 %", "地区生产总值增长5%"),
        ("打造 Digital China 样板", "打造Digital China样板"),
        ("①2023年完成10²米", "①2023年完成10²米"),
        ("新增绿地500㎡", "新增绿地500平方米"),
        ("二○二四年", "二〇二四年"),
        ("开\u200b工\ufeff", "开工"),
        ("比例为3∶2", "比例为3:2"),
    ],
)
def test_one_spelling_for_each_thing(printed: str, normal: str) -> None:
    assert normalise(printed) == normal


@given(st.one_of(CHINESE, st.text(max_size=60)))
def test_offsets_lead_back_to_the_source(text: str) -> None:
    normal, offsets = normalise_with_offsets(text)
    assert normal == normalise(text)
    assert len(offsets) == len(normal)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


def test_a_span_of_the_normal_form_gives_the_quote_in_the_source() -> None:
    printed = "全年完成 投资１，２６８．５ 亿元。"
    normal, offsets = normalise_with_offsets(printed)
    start = normal.index("1268.5")
    end = start + len("1268.5")
    assert printed[offsets[start] : offsets[end - 1] + 1] == "１，２６８．５"


def test_traditional_characters_keep_their_places() -> None:
    assert simplify("國務院總理：農業產量") == "国务院总理：农业产量"
    assert len(simplify("乾隆後裡")) == 4


@pytest.mark.parametrize(
    ("paragraph", "sentences"),
    [
        ("甲。乙！丙？丁", ["甲。", "乙！", "丙？", "丁"]),
        ("建成10所；新增20所。", ["建成10所；", "新增20所。"]),
        ("牢记“要快！要稳！”的嘱托，完成任务。再出发。", ["牢记“要快！要稳！”的嘱托，完成任务。", "再出发。"]),
        ("有人问：“够不够？”答案是不够。", ["有人问：“够不够？”", "答案是不够。"]),
        ("完成投资（含续建；不含停建）8亿元。好。", ["完成投资（含续建；不含停建）8亿元。", "好。"]),
        ("出台《怎么看？怎么办？》读本。", ["出台《怎么看？怎么办？》读本。"]),
        ("一句。）另一句。", ["一句。）", "另一句。"]),
        ("引号没有关上：“甲。乙。", ["引号没有关上：“甲。", "乙。"]),
        ("“" + "长" * 130 + "。尾”后", ["“" + "长" * 130 + "。", "尾”后"]),
        ("增长5.2%。　　其中工业增长6%。", ["增长5.2%。", "其中工业增长6%。"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("还有……未完", ["还有……", "未完"]),
        (" \n ", []),
    ],
)
def test_sentences(paragraph: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in split_sentences(paragraph)] == sentences


@pytest.mark.parametrize(
    ("sentence", "clauses"),
    [
        ("建成640套、新开工590套，增长6%。", ["建成640套、新开工590套，", "增长6%。"]),
        ("投资1,268.5亿元,增长5%;进出口33，212万元。", ["投资1,268.5亿元,", "增长5%;", "进出口33，212万元。"]),
        ("落实“一稳，二进”要求（城区，不含县），全部完成", ["落实“一稳，二进”要求（城区，不含县），", "全部完成"]),
    ],
)
def test_clauses(sentence: str, clauses: list[str]) -> None:
    assert [clause.text for clause in split_clauses(sentence)] == clauses


@pytest.mark.parametrize("split", [split_sentences, split_clauses])
@given(text=st.one_of(CHINESE, st.text(max_size=60)))
def test_pieces_cover_the_text_once(split: type, text: str) -> None:
    done = 0
    for piece in split(text):
        assert text[piece.start : piece.end] == piece.text == piece.text.strip() != ""
        assert not text[done : piece.start].strip()
        done = piece.end
    assert not text[done:].strip()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("新建590套", ["新", "建", "新建", "590", "套"]),
        ("GDP增长5.2％", ["gdp", "增", "长", "增长", "5.2"]),
        ("產值１，２６８", ["产", "值", "产值", "1268"]),
        ("，。", []),
    ],
)
def test_keyword_tokens(text: str, tokens: list[str]) -> None:
    assert keyword_tokens(text) == tokens


def test_length_is_counted_in_characters() -> None:
    assert characters(" 建成 20\u3000所 ") == 5
