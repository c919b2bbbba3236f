"""What Prometheus reads at /metrics.  Nothing here depends on reports, so that hidden ones do not show."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

__all__ = ["CONTENT_TYPE_LATEST", "Metrics"]

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Counters of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter("wenbao_requests", "请求数", ["method", "route", "status"], registry=self._registry)
        self._request_seconds = Histogram(
            "wenbao_request_seconds", "作答一个请求的秒数", ["route"], buckets=_SECONDS, registry=self._registry
        )
        self._answers = Counter("wenbao_answers", "回答数", ["channel", "status"], registry=self._registry)
        self._answer_seconds = Histogram(
            "wenbao_answer_seconds", "从提问到答完的秒数", ["channel"], buckets=_SECONDS, registry=self._registry
        )
        self._answering = Gauge("wenbao_answering", "正在作答的问题数", registry=self._registry)

    def note_request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def asking(self) -> None:
        self._answering.inc()

    def note_answer(self, channel: str, status: str, seconds: float) -> None:
        """A question is done with; `status` as on the wire, `stopped` if it broke off."""
        self._answering.dec()
        self._answers.labels(channel, status).inc()
        self._answer_seconds.labels(channel).observe(seconds)

    def render(self) -> bytes:
        """All of it in the text format."""
        return generate_latest(self._registry)
