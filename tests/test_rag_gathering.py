"""Lists that stand over several sentences: whole by the number the report gives, or by the label each item carries."""

from __future__ import annotations

import pytest

from index.store import ReportCard
from index.types import Paragraph, Report, Scope
from rag.gathering import gathered
from rag.scoping import Catalog
from rag.understanding import understand
from tests.rag_world import ask, done, report, statements, target


def listed(question: str, written: Report) -> list[str]:
    """What is gathered for `question` from the report, as it is told."""
    read = understand(question, (), Catalog([ReportCard.of(written, chunks=1)], Scope()))
    items = [item for one in read.asks for item in gathered(one, statements(written))]
    return [item.statement.text[slice(*item.span)].strip("。；，") for item in items]


POINTS = target("今年重点做好三个方面工作。一是扩大有效投资。安排项目九十个。二是培育新兴产业。三是办好民生实事。")
SECTIONS = (
    target("要打好以下三大行动。"),
    target("（一）清河行动。整治河道二十条。"),
    target("（二）暖巷行动。改造背街小巷。"),
    target("（三）畅路行动。打通断头路。"),
)
LINES = (target("办好以下2件民生实事："), target("1.新建公厕12座；"), target("2.开通夜间公交3条。"))
SUBJECTS = target(
    "做强三大产业。茶叶产业新建基地两万亩。茶叶产业年产值翻番。竹木产业引进龙头企业。文旅产业办好采茶节。"
)
VERBS = target("深入实施“两大工程”。实施名师培育工程，选派骨干教师。持续改善办学条件。实施校园提升工程，改造校舍。")
CALLED = (
    target("坚持对党忠诚“铁心干”，守住底线。"),
    target("坚持为民服务“暖心干”。以“促干”为导向。"),
    target("坚持廉洁从政“清白干”。"),
)


@pytest.mark.parametrize(
    ("question", "paragraphs", "items"),
    [
        ("2024年重点做好哪三个方面工作", (POINTS,), ["一是扩大有效投资", "二是培育新兴产业", "三是办好民生实事"]),
        ("2024年三大行动分别是什么", SECTIONS, ["（一）清河行动", "（二）暖巷行动", "（三）畅路行动"]),
        ("2024年2件民生实事是哪些", LINES, ["1.新建公厕12座", "2.开通夜间公交3条"]),
        # What was not said in the question, that there are two of them, is told.
        ("2024年要办好哪些民生实事", LINES, ["办好以下2件民生实事：", "1.新建公厕12座", "2.开通夜间公交3条"]),
        (
            "2024年三大产业分别是什么",
            (SUBJECTS,),
            ["茶叶产业新建基地两万亩", "竹木产业引进龙头企业", "文旅产业办好采茶节"],
        ),
        ("2024年两大工程是哪些", (VERBS,), ["实施名师培育工程", "实施校园提升工程"]),
        ("2024年提了哪三个“干”", CALLED, ["坚持对党忠诚“铁心干”", "坚持为民服务“暖心干”", "坚持廉洁从政“清白干”"]),
    ],
)
def test_as_many_as_the_report_says(question: str, paragraphs: tuple[Paragraph, ...], items: list[str]) -> None:
    assert listed(f"北岭县{question}", report(*paragraphs)) == items


@pytest.mark.parametrize(
    ("question", "paragraphs"),
    [
        # One is missing, or there is one more.
        ("2024年重点做好哪三个方面工作", (target("今年重点做好三个方面工作。一是扩大投资。二是培育产业。"),)),
        (
            "2024年重点做好哪两个方面工作",
            (target("今年重点做好两个方面工作。一是扩大投资。二是培育产业。三是办好实事。"),),
        ),
        # Another number, another noun, another year.
        ("2024年重点做好哪四个方面工作", (POINTS,)),
        ("2024年三个方面问题是哪些", (POINTS,)),
        ("2021年三大行动分别是什么", SECTIONS),
        # A row that does not follow is not the one announced.
        (
            "2024年三大行动分别是什么",
            (target("实施三大行动。成效要明显。机制要健全。责任要落实。一是抓投资。二是抓产业。三是抓民生。"),),
        ),
    ],
)
def test_what_is_not_known_to_be_whole_is_not_gathered(question: str, paragraphs: tuple[Paragraph, ...]) -> None:
    assert listed(f"北岭县{question}", report(*paragraphs)) == []


FIRSTS = done(
    "“云上代办”为全省首创。建成全市首个零碳园区，在全市率先推行一窗通办。学校入选全省首批试点。茶叶产量全国第一。"
    "第一产业增加值增长3%。"
)


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("全省首创的做法有哪些", ["“云上代办”为全省首创"]),
        ("有哪些“全市首个、首创或率先”的做法", ["建成全市首个零碳园区", "在全市率先推行一窗通办"]),
        ("有哪些工作全国第一", ["茶叶产量全国第一"]),
        ("有哪些全省首个的经验", []),
        # One kind among them is asked for: that is not all of a label.
        ("哪些学校入选全省首批试点", []),
        ("第一产业有哪些亮点", []),
    ],
)
def test_all_that_carry_the_asked_label(question: str, items: list[str]) -> None:
    assert listed(f"北岭县2023年{question}", report(FIRSTS)) == items


def test_each_item_is_a_claim_with_its_own_address() -> None:
    answer = ask("青禾县2024年8件民生实事分别是什么")
    assert answer.status == "answered"
    assert len(answer.claims) == len(answer.citations) == 8
    assert len({citation.paragraph for citation in answer.citations}) == 8
