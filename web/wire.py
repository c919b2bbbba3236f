"""What goes over the wire, described for whoever writes a program: requests are checked by it, answers documented."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from rag.types import RefusalKind, Status
from web.accounts import Role
from web.journal import Reason, Verdict

QUESTION = "云岭区2023年新建了多少套保障性租赁住房"
_CITATION: JsonDict = {
    "mark": 1,
    "report": "云岭区_2024",
    "title": "云岭区2024年政府工作报告",
    "region": "云岭区",
    "year": 2024,
    "section": ["一、2023年工作回顾"],
    "paragraph": 12,
    "page": 3,
    "start": 8,
    "end": 25,
    "quote": "新建保障性租赁住房640套",
    "sha256": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    "doubtful": False,
}

# SQLite and JSON take any text but lone surrogates and NUL.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
Short = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Group = Annotated[str, StringConstraints(pattern=r"^[\w.@+-]{1,64}$")]


class Sent(BaseModel):
    """Of what is sent, nothing unknown is let pass."""

    model_config = ConfigDict(extra="forbid")


class AskedBefore(Sent):
    question: Text = Field(max_length=20_000, description="之前问的")
    answer: Text = Field(max_length=20_000, description="之前看到的回答")


class Limits(Sent):
    """限定在哪些报告里找；各项都要满足，不写就不限。"""

    regions: list[Short] = Field(default=[], max_length=100, description="地区", examples=[["云岭区"]])
    years: list[Annotated[int, Field(ge=1949, le=2100)]] = Field(
        default=[], max_length=100, description="作报告的年份（2024 年的报告回顾 2023 年）", examples=[[2024]]
    )
    reports: list[Short] | None = Field(
        default=None, max_length=1000, description="报告编号；空列表等于一份也不查", examples=[["云岭区_2024"]]
    )


class AskRequest(Limits):
    question: Text = Field(min_length=1, description="问题，一句话", examples=[QUESTION])
    history: list[AskedBefore] = Field(default=[], max_length=20, description="之前的问答，先问的在前")


class SearchRequest(Limits):
    query: Text = Field(min_length=1, description="要找的内容", examples=["保障性租赁住房"])
    k: int = Field(default=10, ge=1, le=100, description="最多几条")


class CitationWire(BaseModel):
    """引文：在哪份报告第几段的第几个字到第几个字。"""

    model_config = ConfigDict(json_schema_extra={"examples": [_CITATION]})
    mark: int = Field(description="文中的标号")
    report: str = Field(description="报告编号")
    title: str
    region: str
    year: int = Field(description="作报告的年份")
    section: list[str] = Field(description="上面各级标题")
    paragraph: int = Field(description="段号，从 1 起")
    page: int | None = Field(description="页码，没有分页的文件为空")
    start: int = Field(description="引文在段里从第几个字起，从 0 数")
    end: int = Field(description="到第几个字止，不含")
    quote: str = Field(description="原文，一字不差")
    sha256: str = Field(description="整段文字的 SHA-256，用来核对段落有没有变过")
    doubtful: bool = Field(description="扫描件里看不清的地方，请核对原件")


class ClaimWire(BaseModel):
    """一句已核对的话。"""

    text: str
    citations: list[int] = Field(description="依据的引文标号")
    computed: bool = Field(description="含由程序算出的数（计算值）")


class RefusalWire(BaseModel):
    """为什么没有答案，以及最相近的内容（不是答案的依据）。"""

    kind: Literal[get_args(RefusalKind)]  # type: ignore[valid-type]
    message: str
    nearest: list[CitationWire]


class ScopeWire(BaseModel):
    """在哪里找的：地区、所问的年份、用到的报告。"""

    regions: list[str]
    years: list[int]
    reports: list[str]


class ProvenanceWire(BaseModel):
    """答案是怎么来的。"""

    engine: str
    prompt: str
    index: str
    embedder: str
    seconds: dict[str, float]
    notes: list[str]


class AnswerWire(BaseModel):
    """一个回答；网页、接口、嵌入窗口和导出用的都是它。"""

    id: str
    question: str
    standalone_question: str = Field(description="补全了上文所省略的内容之后的问题")
    status: Literal[get_args(Status)]  # type: ignore[valid-type]
    scope: ScopeWire
    text: str = Field(description="给人看的文字，带 [1] 这样的标号")
    claims: list[ClaimWire]
    citations: list[CitationWire]
    refusal: RefusalWire | None
    options: list[str] = Field(description="反问时可选的问法")
    provenance: ProvenanceWire
    comparison: dict[str, Any] | None = Field(
        default=None, description="同样的数可以排成一张表：把它原样发给 `/api/compare`"
    )


class PassageWire(BaseModel):
    """一段相近的原文。"""

    rank: int
    report: str
    title: str
    region: str
    year: int
    paragraph: int
    start: int
    end: int
    text: str


class SearchWire(BaseModel):
    passages: list[PassageWire]


class ParsingWire(BaseModel):
    """读文件时读到了什么。"""

    model_config = ConfigDict(extra="allow")
    notes: list[str]


class ReportWire(BaseModel):
    """一份已载入的报告。"""

    id: str
    title: str
    region: str
    level: str
    year: int
    paragraphs: int
    characters: int
    groups: list[str] | None = Field(description="只有这些组能看；空值是人人可看（仅编辑和管理员能看到这一项）")
    parsing: ParsingWire | None = Field(description="解析情况；旧版本载入的没有")


class ReportsWire(BaseModel):
    reports: list[ReportWire]


class ParagraphWire(BaseModel):
    report: str
    paragraph: int
    section: list[str]
    page: int | None
    text: str
    sha256: str


class OutcomeWire(BaseModel):
    """改动的结果：报告编号，以及没有加入的文件和原因。"""

    added: list[str]
    updated: list[str]
    unchanged: list[str]
    removed: list[str]
    failed: dict[str, str]
    duplicates: dict[str, str]
    generation: str | None


class CorrectionRequest(Sent):
    """要改的项；没写的不变。"""

    region: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = Field(
        default=None, description="地区", examples=["云岭区"]
    )
    year: int | None = Field(default=None, ge=1949, le=2100, description="作报告的年份")
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        default=None, description="标题"
    )


class VisibilityRequest(Sent):
    groups: list[Group] | None = Field(
        max_length=100, description="只给这些组看；空列表是只有管理员能看，空值是人人可看", examples=[["住建局"]]
    )


class FeedbackRequest(Sent):
    answer: Short = Field(description="回答的 id", examples=["5f0c6a1e8d8f4b5f9f6e0a9d8c7b6a55"])
    verdict: Verdict = Field(description="up 有用，down 有误")
    reason: Reason = Field(
        default="",
        description="wrong_figure 数字不对，wrong_place 答非所问，should_answer 该答没答，should_refuse 不该答却答了，"
        "incomplete 不全，other 其他",
    )
    comment: Text = Field(default="", max_length=2000, description="说明，或应有的答案")


class TicketRequest(Sent):
    name: Group = Field(description="看网页的人，记在日志里", examples=["zhangsan"])
    groups: list[Group] = Field(default=[], max_length=100, description="所在的组，须是密钥所属的组")
    minutes: int = Field(default=60, ge=1, le=1440, description="几分钟内有效")


class TicketWire(BaseModel):
    ticket: str = Field(description="交给网页的通行证，放在 data-token 里")
    minutes: int


class VisitorWire(BaseModel):
    """当前是谁，可以做什么。"""

    name: str
    role: Role
    groups: list[str]


class LogWire(BaseModel):
    """一条提问记录：谁在什么时候问了什么，给他看了哪些段落。"""

    id: str
    at: str
    visitor: str
    channel: str
    request: str
    question: str
    history: list[dict[str, Any]]
    status: str
    text: str
    shown: list[dict[str, Any]]


class ProblemWire(BaseModel):
    """出错时的内容（application/problem+json，RFC 9457）。"""

    type: str = Field(description="总是 about:blank，种类看 kind", examples=["about:blank"])
    title: str = Field(description="哪一类错误", examples=["没有找到"])
    status: int = Field(description="HTTP 状态", examples=[404])
    detail: str = Field(description="给人看的说明，写了该怎么办")
    kind: str = Field(description="哪一种错误，程序据此处理", examples=["UnknownReport"])
    request_id: str = Field(description="请求编号，查日志用；也在响应头 X-Request-ID 里")
