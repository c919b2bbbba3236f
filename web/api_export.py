"""/api/export: an answer, a summary or a comparison as a document.

What is exported is asked for here and made again; text that a client sends is never put into a document.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, get_args
from urllib.parse import quote

from fastapi import APIRouter, Response
from pydantic import Field, model_validator

from rag.exporting import ENDINGS, MEDIA_TYPES, Exportable, Format, export
from rag.settings import Settings
from rag.types import Answer, Turn
from web.api_ask import fitting
from web.api_figures import CompareRequest, comparison_request
from web.api_summaries import ChangesRequest, SummarizeRequest, summary_request
from web.desk import View
from web.visit import UnderSettings, Viewing
from web.wire import AskRequest, Sent

__all__ = ["routes"]

_EXPORT = """把回答、摘要、两年变化或对比存成文件。`ask`、`summarize`、`changes`、`compare` 写一项，写法同各自的接口；
内容由程序当场重做并核对，文件里写明核对时间和索引版本，文末列出每条引文的原文和位置。"""

routes = APIRouter(prefix="/api", tags=["导出"])


class ExportRequest(Sent):
    format: Literal[get_args(Format)] = Field(description="docx、markdown 或 xlsx")  # type: ignore[valid-type]
    ask: AskRequest | None = None
    summarize: SummarizeRequest | None = None
    changes: ChangesRequest | None = None
    compare: CompareRequest | None = None

    @model_validator(mode="after")
    def _says_what(self) -> ExportRequest:
        if sum(one is not None for one in (self.ask, self.summarize, self.changes, self.compare)) != 1:
            raise ValueError("ask、summarize、changes、compare 要写一项，只写一项")
        return self


@routes.post(
    "/export",
    summary="存成文件",
    description=_EXPORT,
    response_class=Response,
    responses={200: {"content": {media.partition(";")[0]: {} for media in MEDIA_TYPES.values()}}},
)
async def exported(body: ExportRequest, view: Viewing, settings: UnderSettings) -> Response:
    def made() -> tuple[str, bytes]:
        item = _made(body, view, settings)
        title = item.standalone_question if isinstance(item, Answer) else item.title
        return title, export(item, body.format, datetime.now(UTC))

    title, content = await view.ending.run(made)
    name = "".join(c for c in title if c.isalnum() or c in "—-、（）")[:60] or "问报"
    disposition = f"attachment; filename*=UTF-8''{quote(name + ENDINGS[body.format], safe='')}"
    return Response(content, media_type=MEDIA_TYPES[body.format], headers={"Content-Disposition": disposition})


def _made(body: ExportRequest, view: View, settings: Settings) -> Exportable:
    """The item, within what the visitor may see.  Raises what its own route raises."""
    if body.ask is not None:
        asked = body.ask
        fitting(asked.question, "question", settings)
        history = [Turn(question=turn.question, answer=turn.answer) for turn in asked.history]
        scope = view.narrowed(regions=asked.regions, years=asked.years, reports=asked.reports)
        return view.ask(asked.question, history, scope=scope)
    assistant = view.assistant
    if body.summarize is not None:
        fitting(body.summarize.question, "question", settings)
        view.require(*body.summarize.reports)
        view.check_in()
        return assistant.summarize(summary_request(body.summarize), scope=view.scope)
    if body.changes is not None:
        view.require(*body.changes.reports)
        view.check_in()
        return assistant.whats_new(*body.changes.reports, body.changes.length, scope=view.scope)
    assert body.compare is not None
    fitting(body.compare.question, "question", settings)
    view.check_in()
    return assistant.compare(comparison_request(body.compare), scope=view.scope)
