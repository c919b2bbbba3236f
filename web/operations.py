"""What those who run the server ask it: does it live, can it answer, how much is it asked."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from index.errors import WenbaoError
from web.metrics import CONTENT_TYPE_LATEST
from web.visit import AtDesk, Calling

__all__ = ["routes"]

routes = APIRouter(tags=["运维"])


@routes.get("/healthz", summary="还活着吗")
def health() -> dict[str, str]:
    return {"status": "ok"}


@routes.get("/readyz", summary="能作答吗", description="还没有报告也算：可以添加。")
def ready(desk: AtDesk) -> JSONResponse:
    try:
        desk.require_ready()
    except WenbaoError as error:
        return JSONResponse({"status": "unusable", "kind": type(error).__name__}, status_code=503)
    return JSONResponse({"status": "ready"})


@routes.get("/metrics", summary="Prometheus 指标", response_class=Response)
def metrics(desk: AtDesk, caller: Calling) -> Response:
    return Response(desk.metrics.render(), media_type=CONTENT_TYPE_LATEST)
