"""Engines by their names; a server elsewhere that is slow, busy, broken or wrong; keys that stay secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, ClassVar

import pytest

from index.errors import ModelFailed, ModelMissing, SettingsError
from prompts.reader import Message
from rag import llms
from rag.llms import API_KEY, is_engine, open_model
from rag.paraphrasing import Check
from rag.readying import LateWriter, ModelWriter
from rag.writing import Extracts

pytest.importorskip("langchain_openai", reason="needs the extra llm")
pytest.importorskip("xllamacpp", reason="needs the extra llm")

ASKED = (Message("system", "规则"), Message("user", "问题"))
KEY = "sk-secret-0123456789"


class Server(BaseHTTPRequestHandler):
    """Speaks OpenAI's format; `statuses` are what it answers in turn, 200 once they are used up."""

    statuses: ClassVar[list[int]] = []
    pieces: ClassVar[list[str]] = []
    seen: ClassVar[list[dict[str, Any]]] = []
    left: ClassVar[Event]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.seen.append({"path": self.path, "key": self.headers["authorization"], **body})
        status = self.statuses.pop(0) if self.statuses else 200
        self.send_response(status)
        self.send_header("content-type", "text/event-stream" if status == 200 else "application/json")
        self.end_headers()
        if status != 200:
            self.wfile.write(json.dumps({"error": {"message": f"wrong key {KEY}"}}).encode())
            return
        try:
            for piece in self.pieces:
                chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
                choice = {"index": 0, "delta": {"content": piece}, "finish_reason": None}
                self.wfile.write(f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n".encode())
                self.wfile.flush()
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            self.left.set()

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    Server.statuses, Server.pieces, Server.seen, Server.left = [], ["你", "好"], [], Event()
    monkeypatch.setenv(API_KEY, KEY)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-service")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"openai:http://127.0.0.1:{server.server_port}/v1#qwen"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("spec", "known"),
    [
        ("extractive", True),
        ("local", True),
        ("local:/a/b.gguf", True),
        ("transformers:/a", True),
        ("openai:http://h/v1#m", True),
        ("", False),
        ("locale", False),
        ("openai", False),
        ("transformers", False),
        ("extractive:x", False),
        ("gpt-4", False),
    ],
)
def test_engines_by_name(spec: str, known: bool) -> None:
    assert is_engine(spec) is known


def test_a_server_is_asked_with_the_key_of_this_program(url: str) -> None:
    model = open_model(url, Path())
    assert model.name == "openai:qwen"
    assert "".join(model.stream(ASKED)) == "你好"
    (seen,) = Server.seen
    assert seen["path"] == "/v1/chat/completions"
    assert seen["key"] == f"Bearer {KEY}"
    assert seen["temperature"] == 0
    assert [message["role"] for message in seen["messages"]] == ["system", "user"]


def test_without_a_key_that_of_another_service_is_not_sent(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(API_KEY)
    list(open_model(url, Path()).stream(ASKED))
    assert "another" not in Server.seen[0]["key"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(url: str, status: int) -> None:
    Server.statuses = [status]
    assert "".join(open_model(url, Path()).stream(ASKED)) == "你好"
    assert len(Server.seen) == 2


@pytest.mark.parametrize(("status", "times"), [(400, 1), (401, 1), (404, 1), (500, 3)])
def test_a_failing_server_is_given_up_and_the_key_stays_secret(
    url: str, status: int, times: int, caplog: pytest.LogCaptureFixture
) -> None:
    Server.statuses = [status] * 9
    model = open_model(url, Path())
    with caplog.at_level(logging.WARNING), pytest.raises(ModelFailed, match=f"HTTP {status}") as raised:
        list(model.stream(ASKED))
    assert len(Server.seen) == times
    assert ("环境变量" in str(raised.value)) is (status == 401)
    assert KEY not in f"{raised.value}{model}{caplog.text}"


def test_nobody_there(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llms, "_RETRIES", 0)
    with pytest.raises(ModelFailed):
        list(open_model("openai:http://127.0.0.1:9/v1#m", Path()).stream(ASKED))


def test_a_model_that_takes_too_long_is_cut_off(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llms, "_SECONDS", 0.0)
    with pytest.raises(ModelFailed, match="秒内没有写完"):
        list(open_model(url, Path()).stream(ASKED))


def test_who_stops_listening_hangs_up(url: str) -> None:
    Server.pieces = ["字" * 1000] * 20_000
    stream = open_model(url, Path()).stream(ASKED)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert Server.left.wait(20)


@pytest.mark.parametrize("spec", ["openai:http://h/v1", "openai:h#m", "openai:ftp://h#m", "openai:http://u:p@h/v1#m"])
def test_a_server_is_named_with_its_model_and_without_a_key(spec: str) -> None:
    with pytest.raises(SettingsError) as raised:
        open_model(spec, Path())
    assert "u:p" not in str(raised.value)


def test_what_is_no_model_is_said_to_be_none(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.gguf"
    wrong.write_bytes(b"no model" * 100)
    for spec in (f"local:{wrong}", f"local:{tmp_path}/absent.gguf", f"transformers:{tmp_path}/absent"):
        with pytest.raises(ModelMissing):
            open_model(spec, tmp_path)


def test_short_of_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF")
    monkeypatch.setattr(llms, "_MEMORY", 1 << 60)
    with pytest.raises(ModelMissing, match="内存不够"):
        open_model(f"local:{file}", tmp_path)


# -- while it is made ready -------------------------------------------------------------------------


def _check(*_: object) -> tuple[()]:
    return ()


CHECK: Check = _check


def test_until_the_model_is_ready_answers_are_extracts_that_say_so(url: str) -> None:
    go = Event()

    def slow(progress: Any) -> llms.LanguageModel:
        progress(42, 100)
        go.wait(20)
        return open_model(url, Path())

    writer = LateWriter(slow)
    writing = writer.begin(CHECK)
    assert isinstance(writing, Extracts)
    assert "正在准备" in writing.notes[0]
    go.set()
    writer.join()
    assert writer.notice == ""
    assert not isinstance(writer.begin(CHECK), Extracts)
    assert ModelWriter.notice == ""


@pytest.mark.parametrize(("error", "said"), [(ModelMissing("磁盘满了"), "磁盘满了"), (RuntimeError("细节"), "日志")])
def test_a_model_that_cannot_be_had_leaves_extracts_that_say_why(error: Exception, said: str) -> None:
    def fail(progress: Any) -> llms.LanguageModel:
        raise error

    writer = LateWriter(fail)
    writer.join()
    assert said in writer.notice
    assert writer.begin(CHECK).notes == [writer.notice]
    assert "细节" not in writer.notice
