"""Summaries over HTTP and on the command line, as programs and people see them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from eval.reports import ReportFolder
from eval.summaries import score_summaries
from rag.settings import Settings
from tests import scripted
from tests.rag_world import SAMPLES, assistant
from web.api import build_web
from web.cli import app

STREAM = {"accept": "text/event-stream"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    desk = scripted.seated(assistant)
    return TestClient(build_web(desk, Settings(question_characters=50)), base_url="http://127.0.0.1")


def events(text: str) -> Iterator[tuple[str, Any]]:
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        yield name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_a_summary_is_the_wire_format(client: TestClient) -> None:
    told = client.post("/api/summarize", json={"reports": ["云岭区_2024"], "length": "brief"}).json()
    assert told["parts"][0]["kind"] == "done" and told["claims"] and told["citations"]
    assert told["coverage"]["text"] in told["text"]


def test_a_stream_tells_progress_then_claims_then_the_summary(client: TestClient) -> None:
    response = client.post("/api/summarize", json={"reports": ["云岭区_2024"]}, headers=STREAM)
    told = list(events(response.text))
    order = list(dict.fromkeys(name for name, _ in told))
    assert order == ["progress", "claim", "summary"]
    assert [claim for name, claim in told if name == "claim"] == told[-1][1]["claims"]


def test_what_is_new_between_two_years(client: TestClient) -> None:
    told = client.post("/api/changes", json={"reports": ["云岭区_2023", "云岭区_2024"]}).json()
    assert {part["kind"] for part in told["parts"]} == {"appeared", "gone"}


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("summarize", {}, 422, "reports"),
        ("summarize", {"reports": ["云岭区_2024"], "length": "long"}, 422, "length"),
        ("summarize", {"question": "问" * 51}, 422, "最多 50 个字"),
        ("summarize", {"reports": ["没有_2024"]}, 404, "没有_2024"),
        ("changes", {"reports": ["云岭区_2024"]}, 422, "reports"),
        ("changes", {"reports": ["云岭区_2024", "没有_2023"]}, 404, "没有_2023"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(
    client: TestClient, path: str, body: object, status: int, words: str
) -> None:
    response = client.post(f"/api/{path}", json=body)
    assert response.status_code == status
    assert words in response.json()["detail"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Result]:
    """`wenbao …` over the samples, with an embedder that needs no model."""
    home = tmp_path_factory.mktemp("home")
    settings = {"WENBAO_EMBEDDER": "hash", "WENBAO_HOME": str(home), "COLUMNS": "200"}

    def invoke(*arguments: object) -> Result:
        return CliRunner(env=settings).invoke(app, [str(argument) for argument in arguments])

    assert invoke("index", SAMPLES).exit_code == 0
    return invoke


def test_the_command_line_prints_parts_coverage_and_quotes(run: Callable[..., Result]) -> None:
    told = run("summarize", "云岭区_2024", "--length", "三句话")
    assert told.exit_code == 0
    for words in ("2023年完成情况", "2024年目标和安排", "覆盖 ", "“地区生产总值322.5亿元，增长6.8%”", "第 8 段"):
        assert words in told.stdout


def test_json_is_alone_on_stdout(run: Callable[..., Result]) -> None:
    assert json.loads(run("summarize", "--about", "概括云岭区2023年的就业", "--json").stdout)["claims"]
    assert json.loads(run("changes", "云岭区_2023", "云岭区_2024", "--json").stdout)["parts"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["summarize"], 2, "--about"),
        (["summarize", "云岭区_2024", "--length", "很长"], 2, "三句话"),
        (["summarize", "没有_2024"], 1, "没有_2024"),
        (["changes", "云岭区_2024"], 2, "REPORT"),
    ],
)
def test_wrong_usage_is_explained(run: Callable[..., Result], arguments: list[str], status: int, words: str) -> None:
    told = run(*arguments)
    assert told.exit_code == status
    assert words in told.stderr


def test_a_file_of_facts_is_summarised_for_scoring(run: Callable[..., Result], tmp_path: Path) -> None:
    facts, out = tmp_path / "facts.jsonl", tmp_path / "out.jsonl"
    evidence = "全年实现地区生产总值322.5亿元，增长6.8%"
    must = [{"report": "云岭区_2024", "fact": "", "numbers": ["322.5亿元", "6.8%"], "evidence": evidence, "weight": 3}]
    lines = [{"report": "云岭区_2024", "must": must}, {"question": "概括云岭区2023年的经济", "must": must}]
    facts.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    assert run("eval", "summarize", facts, "--out", out).exit_code == 0
    told = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [line.get("report") or line["question"] for line in told] == ["云岭区_2024", "概括云岭区2023年的经济"]
    assert all(len("".join(claim["text"] for claim in line["claims"])) <= 700 for line in told)
    assert not any("[" in claim["text"] for line in told for claim in line["claims"])
    scores = {score.name: score.value for score in score_summaries(facts, out, ReportFolder(SAMPLES))}
    assert scores["fact_recall"] == 1 and scores["claim_misquote"] == 0
