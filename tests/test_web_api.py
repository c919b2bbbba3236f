"""The HTTP interface, as a program sees it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.errors import IndexDamaged, IndexMissing
from index.types import Scope
from rag.assistant import Assistant
from rag.settings import Settings
from rag.types import Turn
from tests import scripted
from web.api import build_web
from web.desk import Desk


def client_of(desk: Desk) -> TestClient:
    return TestClient(build_web(desk, Settings(question_characters=50)), base_url="http://127.0.0.1")


@pytest.fixture
def assistant() -> scripted.ScriptedAssistant:
    return scripted.ScriptedAssistant()


@pytest.fixture
def client(assistant: scripted.ScriptedAssistant) -> TestClient:
    return client_of(scripted.desk(assistant))


def test_an_answer_is_the_wire_format(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": scripted.HOUSING}).json()
    assert answer == _as_json(scripted.answered(scripted.HOUSING).to_wire()) | {"id": answer["id"]}


def test_history_and_reports_reach_the_assistant(client: TestClient, assistant: scripted.ScriptedAssistant) -> None:
    earlier = {"question": "新建多少租赁住房", "answer": "590套"}
    client.post("/api/ask", json={"question": "建成呢", "history": [earlier], "reports": [scripted.REPORT]})
    assert assistant.asked == [("建成呢", (Turn(**earlier),), Scope(reports=frozenset({scripted.REPORT})))]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "question"),
        ({"question": ""}, "question"),
        ({"question": "问" * 51}, "最多 50 个字"),
        ({"question": "问", "qestion": 1}, "qestion"),
        ({"question": "问", "history": [{"question": "问"}]}, "answer"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(client: TestClient, body: object, words: str) -> None:
    response = client.post("/api/ask", json=body)
    assert response.status_code == 422
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert words in problem["detail"]
    assert problem["request_id"] == response.headers["x-request-id"]


def test_reports_and_paragraphs(client: TestClient) -> None:
    (card,) = client.get("/api/reports").json()["reports"]
    assert (card["id"], card["region"], card["year"]) == (scripted.REPORT, "云溪县", 2024)
    paragraph = client.get(f"/api/paragraphs/{scripted.REPORT}/2").json()
    assert paragraph["text"] == scripted.PARAGRAPHS[1]
    assert paragraph["sha256"] == sha256(paragraph["text"].encode()).hexdigest()


@pytest.mark.parametrize("path", [f"/api/paragraphs/{scripted.REPORT}/99", "/api/paragraphs/没有_2024/1"])
def test_what_does_not_exist_is_404(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["kind"] == "UnknownReport"


def test_nothing_indexed_is_no_error_until_asked() -> None:
    def open_assistant() -> Assistant:
        raise IndexMissing("还没有索引")

    client = client_of(scripted.seated(open_assistant))
    assert client.get("/readyz").json() == {"status": "ready"}
    assert client.get("/api/reports").json() == {"reports": []}
    response = client.post("/api/ask", json={"question": "问"})
    assert (response.status_code, response.json()["kind"]) == (503, "IndexMissing")


def test_a_damaged_index_lives_but_is_not_ready() -> None:
    def open_assistant() -> Assistant:
        raise IndexDamaged("索引的文件被改动过")

    client = client_of(scripted.seated(open_assistant))
    assert client.get("/healthz").json() == {"status": "ok"}
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "unusable", "kind": "IndexDamaged"})


def test_every_response_keeps_the_browser_on_this_machine(client: TestClient) -> None:
    for path in ("/", "/healthz", "/api/reports", "/nowhere"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'self'" in policy and "http" not in policy


def test_another_name_for_this_address_is_refused(client: TestClient) -> None:
    assert client.get("/api/reports", headers={"host": "elsewhere.example"}).status_code == 400


def test_no_page_that_loads_scripts_from_elsewhere(client: TestClient) -> None:
    assert client.get("/docs").status_code == 404 and client.get("/redoc").status_code == 404


def _as_json(value: object) -> Any:
    import json

    return json.loads(json.dumps(value))


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("ask", {}, "body.question：没有写"),
        ("ask", {"question": ""}, "body.question：至少 1 个字"),
        ("ask", {"question": 1}, "body.question：应是文字"),
        ("ask", {"question": "问", "qestion": 1}, "body.qestion：没有这一项"),
        ("ask", {"question": "问", "years": ["去年"]}, "body.years.0：应是整数"),
        ("ask", {"question": "问", "years": [1]}, "body.years.0：不能小于 1949"),
        ("ask", {"question": "问", "regions": "云溪县"}, "body.regions：应是列表"),
        ("ask", {"question": "问", "regions": ["\0"]}, "body.regions.0：含有不能用的字符"),
        ("ask", [], "body：应是一组字段"),
        ("search", {"query": "问", "k": 101}, "body.k：不能大于 100"),
        ("export", {"format": "pdf"}, "body.format：只能是 'docx', 'markdown' 或 'xlsx'"),
        ("compare", {}, "body：要写明 indicators 或 question"),
        ("ask", {"question": "问", "history": [{"question": "问", "answer": "答"}] * 21}, "body.history：最多 20 项"),
    ],
)
def test_what_is_wrong_is_said_in_chinese(client: TestClient, path: str, body: object, words: str) -> None:
    assert words in client.post(f"/api/{path}", json=body).json()["detail"]
