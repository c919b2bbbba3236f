"""The description at /openapi.json is written for whoever reads Chinese and copies examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from rag.settings import Settings
from tests import scripted
from web.api import build_web

CHINESE = re.compile(r"[一-鿿]")
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return build_web(scripted.desk(scripted.ScriptedAssistant()), Settings()).openapi()


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, way in description["paths"].items():
        for method in METHODS & way.keys():
            yield f"{method.upper()} {path}", way[method]


def fields(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in description["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            yield f"{name}.{field}", described


def test_every_operation_says_in_chinese_what_it_does(description: dict[str, Any]) -> None:
    mute = [
        name
        for name, operation in operations(description)
        if not (CHINESE.search(operation["summary"]) and CHINESE.search(operation["description"]))
        or not all(CHINESE.search(response["description"]) for response in operation["responses"].values())
    ]
    assert mute == []


def test_every_parameter_and_field_says_in_chinese_what_it_is(description: dict[str, Any]) -> None:
    given = [(f"{name} {p['name']}", p) for name, o in operations(description) for p in o.get("parameters", ())]
    assert len(given) >= 15
    mute = [name for name, one in (*given, *fields(description)) if not CHINESE.search(one["description"])]
    assert mute == []


def test_every_parameter_and_field_has_an_example_that_fits_it(description: dict[str, Any]) -> None:
    def fits(example: object, schema: dict[str, Any]) -> bool:
        return bool(Draft202012Validator({**schema, "components": description["components"]}).is_valid(example))

    wrong = [
        f"{name} {parameter['name']}: {parameter['example']!r}"
        for name, operation in operations(description)
        for parameter in operation.get("parameters", ())
        if not fits(parameter["example"], parameter["schema"])
    ]
    wrong += [
        f"{name}: {field['examples']!r}"
        for name, field in fields(description)
        if not field["examples"] or not all(fits(example, field) for example in field["examples"])
    ]
    assert wrong == []
