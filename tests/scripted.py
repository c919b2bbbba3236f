"""An assistant that answers from a script: what the page, the API and the command line are tested with, no model loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import sleep
from typing import cast
from uuid import uuid4

from index.embedders import HashEmbedder
from index.errors import IndexDamaged, UnknownReport
from index.store import ReportCard
from index.types import Hit, Paragraph, Scope
from rag.assistant import Assistant
from rag.types import (
    Answer,
    AnswerScope,
    Citation,
    Claim,
    Comparison,
    ComparisonProgress,
    ComparisonRequest,
    Provenance,
    Refusal,
    SummaryProgress,
    SummaryRequest,
    Turn,
)
from web.accounts import Accounts
from web.conversations import Conversations
from web.desk import Desk
from web.journal import Journal
from web.library import Library
from web.records import Records

REPORT = "云溪县_2024"
TITLE = "云溪县2024年政府工作报告"
SECTION = ("一、2023年工作回顾", "（三）民生福祉持续改善")
PARAGRAPHS = (
    "民生支出占一般公共预算支出的比重达到78.6%，比上年提高1.2个百分点。",
    "住房保障更加有力。全年新建保障性租赁住房590套，建成640套；改造老旧小区36个，惠及居民1.7万户。加装电梯<b>42部</b> & 另有{{18}}部在建。",
    "教育资源不断扩充。新改扩建学校9所，新增学位1080个。",
)
HOUSING = "云溪县2023年新建多少套保障性租赁住房"


def paragraph(number: int) -> Paragraph:
    return Paragraph(report=REPORT, number=number, text=PARAGRAPHS[number - 1], headings=SECTION, role="done")


def citation(mark: int, number: int, quote: str) -> Citation:
    text = PARAGRAPHS[number - 1]
    start = text.index(quote)
    return Citation(
        mark=mark,
        report=REPORT,
        title=TITLE,
        region="云溪县",
        year=2024,
        section=SECTION,
        paragraph=number,
        page=None,
        start=start,
        end=start + len(quote),
        quote=quote,
        sha256=sha256(text.encode()).hexdigest(),
    )


SCOPE = AnswerScope(regions=("云溪县",), years=(2023,), reports=(REPORT,))
PROVENANCE = Provenance(engine="extractive", index="第1代", embedder="test", seconds={"search": 0.1, "draft": 0.05})


def answered(question: str) -> Answer:
    return Answer(
        id="a-housing",
        question=question,
        standalone_question=question,
        status="answered",
        scope=SCOPE,
        text="\n".join(
            (
                "云溪县2023年新建保障性租赁住房590套。[1]",
                "原文：“全年新建保障性租赁住房590套，建成640套”",
                "同年改造老旧小区36个，惠及居民1.7万户。[2]",
            )
        ),
        claims=(
            Claim(text="云溪县2023年新建保障性租赁住房590套。[1]", citations=(1,)),
            Claim(text="同年改造老旧小区36个，惠及居民1.7万户。[2]", citations=(2,)),
        ),
        citations=(
            citation(1, 2, "全年新建保障性租赁住房590套，建成640套"),
            citation(2, 2, "改造老旧小区36个，惠及居民1.7万户"),
        ),
        provenance=PROVENANCE,
    )


def refused(question: str) -> Answer:
    message = "已载入的云溪县报告没有提到2022年的新增学位，只有2023年的。"
    return Answer(
        id="a-refused",
        question=question,
        standalone_question=question,
        status="refused",
        scope=SCOPE,
        text=message,
        refusal=Refusal(kind="other_period", message=message, nearest=(citation(1, 3, "新增学位1080个"),)),
        provenance=PROVENANCE,
    )


def asked_back(question: str) -> Answer:
    message = "“新增多少”没有说是哪一项，请选一个。"
    return Answer(
        id="a-clarify",
        question=question,
        standalone_question=question,
        status="clarify",
        scope=SCOPE,
        text=message,
        refusal=Refusal(kind="ambiguous", message=message),
        options=(HOUSING, "云溪县2023年新增多少学位"),
        provenance=PROVENANCE,
    )


class ScriptedAssistant:
    """Answers what the script foresees: 租赁住房 is answered, 慢 slowly, 学位 refused, 新增多少 asked back, 坏 and 崩 fail.

    Summaries and comparisons are never done: they are there to be stopped, and counted in `ended` when they are.
    """

    notice = ""

    def __init__(self) -> None:
        self.cards: tuple[ReportCard, ...] = (CARD,)
        self.ended = 0
        self.asked: list[tuple[str, tuple[Turn, ...], Scope]] = []

    def ask(self, question: str, history: Sequence[Turn] = (), *, scope: Scope = Scope()) -> Answer:
        *_, answer = self.stream(question, history, scope=scope)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, scope: Scope = Scope()
    ) -> Iterator[Claim | Answer]:
        self.asked.append((question, tuple(history), scope))
        if "坏" in question:
            raise IndexDamaged("索引文件不完整。请执行 wenbao index --rebuild")
        if "崩" in question:
            raise RuntimeError("内部细节")
        if "慢" in question:  # long enough to be stopped
            try:
                for _ in range(200):
                    sleep(0.05)
                    yield answered(question).claims[0]
            finally:
                self.ended += 1
        answer = (asked_back if "新增多少？" in question else refused if "学位" in question else answered)(question)
        yield from answer.claims
        yield replace(answer, id=uuid4().hex)

    def stream_summary(self, request: SummaryRequest, *, scope: Scope = Scope()) -> Iterator[SummaryProgress | Claim]:
        try:
            for done in range(200):
                yield SummaryProgress(done=done, total=200, section=SECTION[-1])
                if not done:
                    yield answered("").claims[0]
                sleep(0.05)
        finally:
            self.ended += 1

    def stream_comparison(
        self, request: ComparisonRequest, *, scope: Scope = Scope()
    ) -> Iterator[ComparisonProgress | Comparison]:
        try:
            for done in range(200):
                yield ComparisonProgress(done=done, total=200)
                sleep(0.05)
        finally:
            self.ended += 1

    def search(self, question: str, k: int, *, scope: Scope = Scope()) -> list[Hit]:
        return []

    def report_paragraphs(self, report_id: str) -> tuple[Paragraph, ...]:
        if report_id != REPORT:
            raise UnknownReport(f"没有编号为 {report_id} 的报告")
        return tuple(paragraph(number) for number in range(1, len(PARAGRAPHS) + 1))

    def parsing(self, report_id: str) -> None:
        return None

    def examples(self, *, scope: Scope = Scope()) -> list[str]:
        return [HOUSING, "2022年新增多少学位", "新增多少？"]

    def indicators(self, k: int, *, scope: Scope = Scope()) -> list[str]:
        return ["保障性租赁住房"]

    @property
    def provenance(self) -> Provenance:
        return PROVENANCE

    @property
    def indexed(self) -> datetime:
        return datetime(2024, 1, 9, tzinfo=UTC)

    def reload(self) -> bool:
        return False


CARD = ReportCard(id=REPORT, title=TITLE, region="云溪县", level="county", year=2024, paragraphs=3, characters=130)


def desk(assistant: ScriptedAssistant) -> Desk:
    """A desk at which the scripted assistant sits, its records in memory."""
    return seated(lambda: cast(Assistant, assistant))


def seated(open_assistant: Callable[[], Assistant], home: Path = Path("no-home"), *, asks_per_minute: int = 0) -> Desk:
    """A desk with its records in memory, and a library in `home`."""
    records = Records(None)
    accounts = Accounts(records)
    return Desk(
        open_assistant,
        library=Library(home, HashEmbedder, accounts),
        accounts=accounts,
        journal=Journal(records, days=30),
        conversations=Conversations(records, days=30),
        asks_per_minute=asks_per_minute,
    )
