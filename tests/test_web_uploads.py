"""Files over HTTP: what cannot be read is named, and whoever asks meanwhile is answered."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from index.building import update
from index.embedders import HashEmbedder
from rag.assistant import Assistant
from rag.settings import Settings
from tests import scripted
from tests.documents import docx, paragraph
from tests.hostile import HOSTILE
from web.api import build_web

REFUSED = [name for name, (_, message) in HOSTILE.items() if message and not name.endswith(".zip")][::6]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    embedder = HashEmbedder()
    update(tmp_path, [Path("samples/云岭区_2024.txt")], embedder)
    desk = scripted.seated(lambda: Assistant(tmp_path, embedder), tmp_path)
    with TestClient(build_web(desk, Settings(home=tmp_path)), base_url="http://127.0.0.1") as client:
        yield client


def test_hostile_files_are_named_and_whoever_asks_meanwhile_is_answered(client: TestClient) -> None:
    good = docx("".join(map(paragraph, ("石桥县2024年政府工作报告", "一、2023年工作回顾", "新增学位1080个。"))))
    files = [("files", (name, HOSTILE[name][0]())) for name in REFUSED] + [("files", ("石桥县_2024.docx", good))]
    with ThreadPoolExecutor(1) as officials:
        upload = officials.submit(client.post, "/api/reports", files=files)
        answers = [client.post("/api/ask", json={"question": "云岭区2023年新增学位多少个"})]
        while not upload.done():
            answers.append(client.post("/api/ask", json={"question": "云岭区2023年新增学位多少个"}))
    outcome = upload.result().json()
    assert set(outcome["failed"]) == set(REFUSED)
    assert outcome["added"] == ["石桥县_2024"]
    assert {answer.json()["status"] for answer in answers} == {"answered"}
    assert {report["id"] for report in client.get("/api/reports").json()["reports"]} == {"云岭区_2024", "石桥县_2024"}


def test_what_was_read_of_a_file_is_told_in_numbers(client: TestClient) -> None:
    listed = {report["id"]: report["parsing"] for report in client.get("/api/reports").json()["reports"]}
    parsing = listed["云岭区_2024"]
    assert parsing["delivered"] == "2024-01-09"
    assert (parsing["pages"], parsing["tables"], parsing["doubtful"]) == (None, 0, 0)
    assert parsing["figures"] > 100 and parsing["headings"] >= 4


@pytest.mark.parametrize(
    ("told", "groups"), [({}, None), ({"groups": ["住建局"]}, ["住建局"]), ({"admins_only": "true"}, [])]
)
def test_who_may_see_a_report_is_said_as_it_is_added(
    client: TestClient, told: dict[str, object], groups: list[str] | None
) -> None:
    file = docx("".join(map(paragraph, ("石桥县2024年政府工作报告", "一、2023年工作回顾", "新增学位1080个。"))))
    added = client.post("/api/reports", files={"files": ("石桥县_2024.docx", file)}, data=told)
    assert added.json()["added"] == ["石桥县_2024"]
    listed = {report["id"]: report["groups"] for report in client.get("/api/reports").json()["reports"]}
    assert listed == {"云岭区_2024": None, "石桥县_2024": groups}


def test_a_report_is_not_for_a_group_and_for_admins_only(client: TestClient) -> None:
    told = {"admins_only": "true", "groups": "住建局"}
    refused = client.post("/api/reports", files={"files": ("石桥县_2024.txt", b"x")}, data=told)
    assert refused.status_code == 422 and "只能写一项" in refused.json()["detail"]
