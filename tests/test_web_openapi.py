"""Whatever a program sends to a described route, it gets an answer or is told what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema

from index.building import update
from index.embedders import HashEmbedder
from rag.settings import Settings
from tests.e2e.conftest import SAMPLES, served
from web.api import build_web
from web.desk import open_desk


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    """What a server over the samples says of itself, nobody having to sign in."""
    home, embedder = tmp_path_factory.mktemp("home"), HashEmbedder()
    update(home, [SAMPLES], embedder)
    chosen = Settings(home=home, asks_per_minute=0)
    with served(build_web(open_desk(chosen, embedder), chosen)) as url:
        yield schemathesis.openapi.from_url(f"{url}openapi.json")


def test_no_request_breaks_the_server(described: BaseSchema) -> None:
    operations = [found.ok() for found in described.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 20
    broken: list[str] = []
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        def send(case: Case[Any]) -> None:
            response = case.call(timeout=60)
            if response.status_code >= 500:
                broken.append(f"{response.status_code} {case.as_curl_command()} {response.text}")

        send()
    assert broken == []
