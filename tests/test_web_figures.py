"""Figures and comparisons over HTTP and on the command line, as programs and people see them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from index.building import update
from index.embedders import HashEmbedder
from rag.settings import Settings
from tests import scripted
from tests.rag_world import SAMPLES, assistant
from web.api import build_web
from web.api_figures import ComparisonWire
from web.cli import app


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


def test_a_comparison_is_the_wire_format(client: TestClient) -> None:
    body = {"indicators": ["城镇新增就业"], "regions": ["云岭区"], "years": [2022, 2023]}
    told = client.post("/api/compare", json=body).json()
    assert ComparisonWire.model_validate(told).model_dump() == told
    assert [[cell["value"] for cell in row["cells"]] for row in told["rows"]] == [[6238], [5986]]
    assert told["rows"][1]["change"]["text"] == "-252人" and told["chart"].startswith("<svg ")
    assert {claim["text"] for claim in told["claims"]} >= {row["cells"][0]["claim"] for row in told["rows"]}


def test_an_answer_leads_to_its_table(client: TestClient) -> None:
    asked = {"question": "云岭区这几年新增就业趋势"}
    hint = client.post("/api/ask", json=asked).json()["comparison"]
    told = client.post("/api/compare", json=hint).json()
    assert [row["label"] for row in told["rows"]] == ["2021年", "2022年", "2023年"]


def test_what_cannot_be_compared_is_a_refusal(client: TestClient) -> None:
    response = client.post("/api/compare", json={"indicators": ["地铁里程"], "regions": ["云岭区"]})
    assert response.status_code == 200
    assert response.json()["refusal"]["kind"] == "not_found" and response.json()["rows"] == []


@pytest.mark.parametrize(
    ("params", "field"),
    [({"limit": 0}, "limit"), ({"limit": 201}, "limit"), ({"offset": -1}, "offset"), ({"role": "plan"}, "role")],
)
def test_a_wrong_query_is_told_what_is_wrong(client: TestClient, params: dict[str, Any], field: str) -> None:
    response = client.get("/api/figures", params=params)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert field in response.json()["errors"][0]["field"]


def test_the_figures_are_those_asked_for(client: TestClient) -> None:
    wanted: dict[str, Any] = {"words": "GDP", "region": "云岭", "year": 2023, "role": "done", "kind": "amount"}
    (figure,) = client.get("/api/figures", params=wanted).json()["figures"]
    assert (figure["text"], figure["value"], figure["unit"]) == ("322.5亿元", 32250000000, "元")
    assert figure["period"] == {"first": 2023, "last": 2023}
    assert figure["text"] in figure["citation"]["quote"]


def test_the_ledger_is_read_page_by_page(client: TestClient) -> None:
    first = client.get("/api/figures", params={"limit": 3}).json()
    rest = client.get("/api/figures", params={"limit": 200, "offset": first["next"]}).json()
    assert len(first["figures"]) == 3 and first["total"] == rest["total"]
    whole = client.get("/api/figures", params={"limit": 200}).json()["figures"]
    both = [*first["figures"], *rest["figures"]][:200]
    assert [figure["text"] for figure in both] == [figure["text"] for figure in whole]


# -- the command line ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    update(folder, [SAMPLES], HashEmbedder())
    return folder


@pytest.fixture
def run(home: Path) -> Callable[..., Result]:
    environment = {"WENBAO_HOME": str(home), "WENBAO_EMBEDDER": "hash"}
    return lambda *words: CliRunner(env=environment).invoke(app, list(words))


def test_people_see_a_table_with_marks(run: Callable[..., Result], tmp_path: Path) -> None:
    chart = tmp_path / "chart.svg"
    shown = run("compare", "城镇新增就业", "--region", "云岭区", "--chart", str(chart)).stdout
    assert "5986人[3]" in shown and "-252人" in shown and "[3] 云岭区2024年政府工作报告" in shown
    assert chart.read_text(encoding="utf-8").startswith("<svg ")


def test_one_sentence_says_what_to_compare(run: Callable[..., Result]) -> None:
    told = json.loads(run("compare", "云岭区和青禾县2023年城镇新增就业", "--json").stdout)
    assert [row["label"] for row in told["rows"]] == ["云岭区", "青禾县"]


def test_people_see_figures_with_their_place(run: Callable[..., Result]) -> None:
    shown = run("figures", "城镇新增就业", "--region", "青禾县", "--role", "目标").stdout
    assert "3200人以上" in shown and "青禾县_2024 第23段" in shown and "共 1 个" in shown
    assert run("figures", "地铁里程").stdout.strip() == "没有找到。"


def test_an_unknown_role_is_told_which_there_are(run: Callable[..., Result]) -> None:
    result = run("compare", "就业", "--role", "累计")
    assert result.exit_code == 2 and "完成、目标" in result.stderr


def test_places_without_any_report_cannot_be_compared(client: TestClient) -> None:
    for regions in (["无名县"], ["无名县", "无此县"]):
        told = client.post("/api/compare", json={"indicators": ["地区生产总值"], "regions": regions})
        assert told.status_code == 200 and told.json()["refusal"]["kind"] == "out_of_corpus"
