"""Real questions through the real default model: `pytest -m model`, where there is room for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.llms import open_model
from rag.readying import ModelWriter
from tests.rag_world import ask, is_address, worded

pytestmark = pytest.mark.model

QUESTIONS = [
    ("鲤城区新建多少保障性租赁住房", "590套"),
    ("鲤城区建成多少套保障性租赁住房", "640套"),
    ("鲤城 城镇新增就业 2022", "7500人"),
    ("2022年云岭区实际加装了多少部电梯", "17部"),
    ("云岭区2022年计划新增的错时共享泊位有多少个？", "400个"),
    ("云岭区2022年错时共享泊位新增多少个", "410个"),
    ("青禾县2024年高标准农田要新建多少", "3.5万亩"),
    ("云岭区农村低保标准2023年每月提高了多少钱？", "60元"),
]


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return worded(ModelWriter(open_model("local", Path("var/models"))))


def test_it_words_what_the_extracts_say(assistant: Assistant) -> None:
    engines = set()
    for question, figure in QUESTIONS:
        answer = assistant.ask(question)
        assert answer.status == "answered"
        assert figure in answer.claims[0].text
        assert all(map(is_address, answer.citations))
        engines.add(answer.provenance.engine)
    assert any(engine.startswith("local:") for engine in engines)


def test_it_is_not_asked_what_has_no_answer(assistant: Assistant) -> None:
    question = "鲤城区2022年建了几座机场"
    assert assistant.ask(question).text == ask(question).text
