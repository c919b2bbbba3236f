"""The reports of the library over HTTP: listed, added, replaced, corrected, shown to some, removed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict
from queue import SimpleQueue
from threading import Event, Thread
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from index.building import Outcome, Progress
from index.errors import LoadError
from index.intake import Twins
from web.api_ask import EVENT_STREAM, STREAM_HEADERS, event, opened_stream, wants_stream
from web.desk import Desk, View
from web.problems import described
from web.visit import AtDesk, Editing, Viewing
from web.wire import CorrectionRequest, Group, OutcomeWire, ReportsWire, VisibilityRequest

__all__ = ["described_reports", "routes"]

_ADD = """文件名写成“地区_年份”，如 `云岭区_2024.docx`；同名的报告被替换，压缩包里的逐份加入。
读不进来的列在 `failed` 里。

请求头 `Accept: text/event-stream` 时逐步返回进度：`event: progress`（`stage`、`done`、`total`、`name`），最后是
`event: outcome`，或 `event: error`。关闭连接就停止，原有的报告不变。"""

_STREAMS: dict[int | str, dict[str, Any]] = {200: {"model": OutcomeWire}}


# All but listing need an editor.
routes = APIRouter(prefix="/api/reports", tags=["报告"])


@routes.get("", summary="列出报告", responses={200: {"model": ReportsWire}})
def listed(desk: AtDesk, view: Viewing) -> JSONResponse:
    return JSONResponse({"reports": described_reports(desk, view)})


@routes.post("", summary="添加或替换报告", description=_ADD, responses=_STREAMS)
async def add(
    request: Request,
    desk: AtDesk,
    view: Editing,
    files: Annotated[list[UploadFile], File(description="报告文件，可以多份", max_length=1000)],
    region: Annotated[str, Form(max_length=40, description="地区，只能配一个文件；留空由程序判断")] = "",
    year: Annotated[int | None, Form(ge=1949, le=2100, description="作报告的年份，只能配一个文件")] = None,
    title: Annotated[str, Form(max_length=200, description="标题，只能配一个文件")] = "",
    twins: Annotated[Twins, Form(description="已有同一份报告时：ask 不加入，replace 换成新的，keep 都留下")] = "ask",
    groups: Annotated[list[Group], Form(description="只给这些组看；不写，人人可看")] = [],  # noqa: B006
    admins_only: Annotated[bool, Form(description="只有管理员能看，不能再写 groups", examples=[False])] = False,
) -> Response:
    contents = {file.filename or "": file.file for file in files}
    if len(contents) < len(files):
        raise LoadError("有两个文件同名。请改名，或分两次添加。")
    if admins_only and groups:
        raise LoadError("groups 和 admins_only 只能写一项。")
    correction = {name: value for name, value in _given(region=region, year=year, title=title).items() if value}

    def work(progress: Callable[[Progress], object], stop: Event) -> Outcome:
        return desk.library.upload(
            contents,
            correction=correction,
            twins=twins,
            groups=groups if groups or admins_only else None,
            visible=view.scope,
            progress=progress,
            stop=stop,
        )

    return await _answered(request, desk, view, "add", work)


@routes.patch("/{report}", summary="更正地区、年份或标题", responses=_STREAMS)
async def correct(request: Request, report: str, body: CorrectionRequest, desk: AtDesk, view: Editing) -> Response:
    view.require(report)
    correction = _given(**body.model_dump())
    if not correction:
        raise LoadError("要更正什么？请写 region、year 或 title。")
    return await _answered(
        request,
        desk,
        view,
        "correct",
        lambda progress, stop: desk.library.correct(report, correction, progress=progress, stop=stop),
    )


@routes.put("/{report}/groups", summary="设定谁能看", status_code=204)
def show_to(report: str, body: VisibilityRequest, desk: AtDesk, view: Editing) -> None:
    view.require(report)
    desk.show_to(view.caller, [report], body.groups)


@routes.delete("/{report}", summary="删除报告", description="之后再也查不到。", responses=_STREAMS)
def remove(report: str, desk: AtDesk, view: Editing) -> JSONResponse:
    view.require(report)
    outcome = desk.library.remove([report])
    desk.note_outcome(view.caller, "remove", outcome)
    return JSONResponse(_wire(outcome))


def described_reports(desk: Desk, view: View) -> list[dict[str, Any]]:
    """The visible reports; not where files lie on the server, which is nobody's business."""
    groups = desk.accounts.groups_by_report() if view.caller.visitor.may("editor") else {}
    shown = ("id", "title", "region", "level", "year", "paragraphs", "characters")
    listed = []
    for card in view.cards:
        parsing = view.assistant.parsing(card.id)
        listed.append(
            {name: getattr(card, name) for name in shown}
            | {"groups": sorted(groups[card.id]) if card.id in groups else None}
            | {"parsing": None if parsing is None else asdict(parsing)}
        )
    return listed


def _given(**values: str | int | None) -> dict[str, str | int]:
    return {name: value for name, value in values.items() if value is not None}


def _wire(outcome: Outcome) -> dict[str, Any]:
    wire = asdict(outcome)
    del wire["embedded"]
    return wire


# Long work --------------------------------------------------------------------------------------------------


async def _answered(
    request: Request,
    desk: Desk,
    view: View,
    what: str,
    work: Callable[[Callable[[Progress], object], Event], Outcome],
) -> Response:
    """The outcome, or each step on the way to it where a stream is wanted."""

    def noted(progress: Callable[[Progress], object], stop: Event) -> Outcome:
        outcome = work(progress, stop)
        desk.note_outcome(view.caller, what, outcome)
        return outcome

    if not wants_stream(request):
        return JSONResponse(_wire(await run_in_threadpool(noted, lambda _: None, Event())))
    stop = Event()
    steps = await opened_stream(_steps(noted, stop), view.ending)

    async def events() -> AsyncIterator[str]:
        async for step in steps:
            if isinstance(step, Outcome):
                yield event("outcome", _wire(step))
            elif isinstance(step, Progress):
                yield event("progress", asdict(step))
            else:
                stop.set()
                yield event("error", described(step))

    return StreamingResponse(events(), media_type=EVENT_STREAM, headers=STREAM_HEADERS)


def _steps(work: Callable[[Callable[[Progress], object], Event], Outcome], stop: Event) -> Iterator[Progress | Outcome]:
    """Each step of the work, which runs in a thread until `stop`, and its outcome; closing stops it and waits."""
    steps: SimpleQueue[Progress | Outcome | BaseException] = SimpleQueue()

    def run() -> None:
        try:
            steps.put(work(steps.put, stop))
        except BaseException as error:
            steps.put(error)

    thread = Thread(target=run, name="wenbao-library")
    thread.start()
    try:
        while True:
            step = steps.get()
            if isinstance(step, BaseException):
                raise step
            yield step
            if isinstance(step, Outcome):
                return
    finally:
        stop.set()
        thread.join()
