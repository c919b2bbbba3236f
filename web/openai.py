"""The interface of OpenAI's chat completions, so that programs written for it ask 问报 unchanged.

The last message of the user is the question, the pairs before it its history; system messages, temperatures and the
like change nothing, as answers are not a model's to invent.  The text carries marks and ends with its sources; the
whole answer stands in the field `wenbao`, in a stream in that of the last piece.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from time import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response, StreamingResponse

from index.errors import WenbaoError
from rag.types import Answer, Claim, Comparison, Turn
from web.api_ask import EVENT_STREAM, STREAM_HEADERS, opened_stream
from web.problems import described
from web.visit import Calling, UnderSettings, Viewing
from web.wire import AnswerWire, Limits, Text

__all__ = ["MODEL", "routes", "sources"]

MODEL = "wenbao"
_MESSAGES = 200

_COMPLETE = """OpenAI 聊天接口：现成的客户端改一下地址就能用。

- 最后一条用户消息是问题，前面的问答是上文；系统消息、温度等参数不起作用。
- 回答的文字带标号，末尾列出出处；字段 `wenbao` 是完整的回答（`AnswerWire`），流式时在最后一块里。
- 请求里可加 `wenbao`（`regions`、`years`、`reports`）限定范围。"""

routes = APIRouter(prefix="/v1", tags=["OpenAI 兼容"])


class Part(BaseModel):
    model_config = ConfigDict(extra="ignore")
    type: str
    text: Text = ""


class Message(BaseModel):
    model_config = ConfigDict(extra="ignore")
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[Part] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class CompletionRequest(BaseModel):
    """What else OpenAI's clients send is let pass and changes nothing."""

    model_config = ConfigDict(extra="ignore")
    model: Text = Field(default=MODEL, max_length=200, description="只有 wenbao")
    messages: list[Message] = Field(
        min_length=1,
        max_length=_MESSAGES,
        description="对话，先说的在前",
        examples=[[{"role": "user", "content": "云岭区2023年新建了多少套保障性租赁住房"}]],
    )
    stream: bool | None = False
    n: Annotated[int, Field(ge=1, le=1)] | None = Field(default=None, description="只能是 1")
    wenbao: Limits = Field(default=Limits(), description="限定在哪些报告里找")


class ChoiceWire(BaseModel):
    index: int
    message: dict[str, Any]
    finish_reason: str


class CompletionWire(BaseModel):
    """一个回答；`wenbao` 是带引文的完整内容。"""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChoiceWire]
    wenbao: AnswerWire


@routes.get("/models", summary="列出模型")
def models(caller: Calling) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "wenbao"}]}


@routes.post("/chat/completions", summary="聊天", description=_COMPLETE, responses={200: {"model": CompletionWire}})
async def complete(body: CompletionRequest, view: Viewing, settings: UnderSettings) -> Response:
    if body.model != MODEL:
        raise RequestValidationError([{"loc": ("body", "model"), "msg": f"只有 {MODEL} 一个模型"}])
    question, history = _conversation(body.messages)
    if not 0 < len(question) <= settings.question_characters:
        wrong = f"最后一条应是用户的问题，最多 {settings.question_characters} 个字"
        raise RequestValidationError([{"loc": ("body", "messages"), "msg": wrong}])
    limits = body.wenbao
    scope = view.narrowed(regions=limits.regions, years=limits.years, reports=limits.reports)
    if not body.stream:
        answer = await view.ending.run(view.ask, question, history, scope=scope)
        message: dict[str, Any] = {"role": "assistant", "content": _whole(answer), "refusal": None}
        choice: dict[str, Any] = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return JSONResponse(_head(answer.id, "chat.completion") | {"choices": [choice], "wenbao": answer.to_wire()})
    items = await opened_stream(view.stream(question, history, scope=scope), view.ending)
    return StreamingResponse(_pieces(items), media_type=EVENT_STREAM, headers=STREAM_HEADERS)


def _conversation(messages: Sequence[Message]) -> tuple[str, list[Turn]]:
    """The question, "" if the last word is not the user's, and the turns before it."""
    said = [message for message in messages if message.role in ("user", "assistant")]
    if not said or said[-1].role != "user":
        return "", []
    history = [
        Turn(question=asked.text, answer=answer.text)
        for asked, answer in pairwise(said)
        if (asked.role, answer.role) == ("user", "assistant")
    ]
    return said[-1].text.strip(), history


def sources(answer: Answer | Comparison) -> str:
    """Where each quote stands, a line each; "" where nothing is cited."""
    lines = [f"[{c.mark}] {c.title} 第{c.paragraph}段：“{c.quote}”" for c in answer.citations]
    return "\n".join(["", "出处：", *lines]) if lines else ""


def _whole(answer: Answer) -> str:
    options = [f"{number}. {option}" for number, option in enumerate(answer.options, start=1)]
    return "\n".join([answer.text, *options]) + (f"\n{sources(answer)}" if answer.citations else "")


def _head(number: str, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{number}", "object": kind, "created": int(time()), "model": MODEL}


async def _pieces(items: AsyncIterator[Claim | Answer | WenbaoError]) -> AsyncIterator[str]:
    """Each claim as a line, then what of the whole text is not yet said, then the answer in the field `wenbao`."""
    said: list[str] = []
    head = _head("stream", "chat.completion.chunk")

    def piece(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return f"data: {json.dumps({**head, 'choices': [choice], **more}, ensure_ascii=False)}\n\n"

    yield piece({"role": "assistant", "content": ""})
    async for item in items:
        if isinstance(item, Claim):
            said.append(item.text)
            yield piece({"content": f"{item.text}\n"})
        elif isinstance(item, Answer):
            rest = [line for line in _whole(item).split("\n") if line not in said]
            yield piece({"content": "\n".join(rest)})
            yield piece({}, "stop", wenbao=item.to_wire())
        else:
            fault = described(item)
            content = {"message": fault["detail"], "type": fault["kind"], "param": None, "code": fault["kind"]}
            yield f"data: {json.dumps({'error': content}, ensure_ascii=False)}\n\n"
    yield "data: [DONE]\n\n"
