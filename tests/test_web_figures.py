"""Figures and comparisons over HTTP, as programs see them."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from rag.settings import Settings
from tests import scripted
from tests.rag_world import assistant
from web.api import build_web


@pytest.fixture(scope="module")
def client() -> TestClient:
    desk = scripted.seated(assistant)
    return TestClient(build_web(desk, Settings(question_characters=50)), base_url="http://127.0.0.1")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 422, "indicators"),
        ({"indicators": []}, 422, "indicators"),
        ({"question": "问" * 51}, 422, "最多 50 个字"),
        ({"indicators": ["就业"], "years": [24]}, 422, "years"),
        ({"indicators": ["就业"], "roles": ["measure"]}, 422, "roles"),
        ({"indicators": ["就业"], "place": "云岭区"}, 422, "place"),
    ],
)
def test_a_wrong_comparison_is_told_what_is_wrong(client: TestClient, body: object, status: int, words: str) -> None:
    response = client.post("/api/compare", json=body)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert words in response.json()["detail"]


def test_the_ledger_is_read_page_by_page(client: TestClient) -> None:
    first = client.get("/api/figures", params={"limit": 3}).json()
    rest = client.get("/api/figures", params={"limit": 200, "offset": first["next"]}).json()
    assert len(first["figures"]) == 3 and first["total"] == rest["total"]
    whole = client.get("/api/figures", params={"limit": 200}).json()["figures"]
    assert [figure["text"] for figure in [*first["figures"], *rest["figures"]]][:200] == [
        figure["text"] for figure in whole
    ]
