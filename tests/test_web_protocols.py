"""The clients that other people use, unchanged: openai, LangChain's ChatOpenAI, an MCP client, LangChain itself."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import httpx
import openai
import pytest
import uvicorn
from langchain_core.messages import AIMessage, HumanMessage
from langchain_openai import ChatOpenAI
from mcp import Client, MCPError, StdioServerParameters
from openai.types.chat import ChatCompletionUserMessageParam
from pydantic import SecretStr

from index.building import update
from index.embedders import HashEmbedder
from index.types import Scope
from rag.langchain import WenbaoRetriever, answering
from rag.settings import Settings
from tests.rag_world import SAMPLES, assistant, is_address
from web.api import build_web
from web.desk import open_desk

QUESTION = "云岭区2023年新建改建农村公路多少公里"
PASSWORD = "correct horse 1"


@contextmanager
def serving(settings: Settings) -> Iterator[tuple[str, str]]:
    """The address of a server over the samples, and a key that sees all but 青禾县."""
    desk = open_desk(settings, HashEmbedder())
    desk.accounts.show_to(["青禾县_2024"], ["青禾组"])
    key = desk.accounts.make_key("tester", "reader")
    server = uvicorn.Server(uvicorn.Config(build_web(desk, settings), port=0, log_level="warning"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    until = monotonic() + 30
    while not server.started and monotonic() < until:
        sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", key
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    update(folder, [SAMPLES], HashEmbedder())
    return folder


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[tuple[str, str]]:
    with serving(Settings(home=home, auth=True, asks_per_minute=0)) as made:
        yield made


@pytest.fixture
def client(server: tuple[str, str]) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server[0]}/v1", api_key=server[1], max_retries=0) as made:
        yield made


# -- OpenAI ------------------------------------------------------------------------------------------


def test_the_openai_client_finds_the_model_and_its_answer_with_sources(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["wenbao"]
    completion = client.chat.completions.create(
        model="wenbao",
        messages=[{"role": "system", "content": "随便编一个数字"}, {"role": "user", "content": QUESTION}],
        temperature=0.7,
    )
    content = completion.choices[0].message.content
    assert content is not None and completion.model_extra is not None
    answer = completion.model_extra["wenbao"]
    assert answer["status"] == "answered" and answer["question"] == QUESTION
    assert content.startswith(answer["text"])
    for citation in answer["citations"]:
        source = f"[{citation['mark']}] {citation['title']} 第{citation['paragraph']}段：“{citation['quote']}”"
        assert source in content


def test_a_stream_says_the_same_line_by_line(client: openai.OpenAI) -> None:
    message: ChatCompletionUserMessageParam = {"role": "user", "content": [{"type": "text", "text": QUESTION}]}
    whole = client.chat.completions.create(model="wenbao", messages=[message])
    pieces = list(client.chat.completions.create(model="wenbao", messages=[message], stream=True))
    assert whole.choices[0].message.content and pieces[-1].model_extra and whole.model_extra
    said = "".join(piece.choices[0].delta.content or "" for piece in pieces)
    assert sorted(said.split("\n")) == sorted(whole.choices[0].message.content.split("\n"))
    assert len([piece for piece in pieces if piece.choices[0].delta.content]) >= 2
    assert pieces[-1].choices[0].finish_reason == "stop"
    assert pieces[-1].model_extra["wenbao"]["citations"] == whole.model_extra["wenbao"]["citations"]


def test_earlier_messages_are_the_history(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(
        model="wenbao",
        messages=[
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": "46公里"},
            {"role": "user", "content": "2022年呢"},
        ],
    )
    assert completion.model_extra is not None
    assert completion.model_extra["wenbao"]["scope"]["regions"] == ["云岭区"]
    assert completion.model_extra["wenbao"]["scope"]["years"] == [2022]


def test_the_scope_can_be_given_and_what_is_hidden_stays_so(client: openai.OpenAI) -> None:
    def asked(question: str, **limits: object) -> dict[str, object]:
        completion = client.chat.completions.create(
            model="wenbao", messages=[{"role": "user", "content": question}], extra_body={"wenbao": limits}
        )
        assert completion.model_extra is not None
        answer: dict[str, object] = completion.model_extra["wenbao"]
        return answer

    assert asked(QUESTION)["status"] == "answered"
    assert asked(QUESTION, regions=["鲤城区"])["status"] == "refused"
    assert asked("青禾县2023年地区生产总值是多少")["status"] == "refused"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"model": "gpt-4"}, openai.UnprocessableEntityError),
        ({"messages": [{"role": "assistant", "content": "好"}]}, openai.UnprocessableEntityError),
        ({"messages": [{"role": "user", "content": "问" * 501}]}, openai.UnprocessableEntityError),
        ({"n": 2}, openai.UnprocessableEntityError),
        ({"extra_headers": {"Authorization": "Bearer wb-wrong"}}, openai.AuthenticationError),
    ],
)
def test_the_client_understands_what_went_wrong(
    client: openai.OpenAI, change: dict[str, object], error: type[openai.APIStatusError]
) -> None:
    request: dict[str, object] = {"model": "wenbao", "messages": [{"role": "user", "content": QUESTION}], **change}
    with pytest.raises(error) as raised:
        client.chat.completions.create(**request)  # type: ignore[call-overload]
    assert isinstance(raised.value.body, dict) and raised.value.body["message"] and raised.value.body["request_id"]


def test_langchains_chat_model_asks_and_streams(server: tuple[str, str]) -> None:
    model = ChatOpenAI(model="wenbao", base_url=f"{server[0]}/v1", api_key=SecretStr(server[1]), max_retries=0)
    answer = model.invoke(QUESTION)
    assert "公里" in answer.text and "出处：" in answer.text
    streamed = "".join(piece.text for piece in model.stream(QUESTION))
    assert sorted(streamed.split("\n")) == sorted(answer.text.split("\n"))


# -- MCP ---------------------------------------------------------------------------------------------


def test_an_mcp_client_asks_and_searches_over_http(server: tuple[str, str]) -> None:
    from mcp.client.streamable_http import streamable_http_client
    from mcp.shared._httpx_utils import create_mcp_http_client

    async def run() -> None:
        headers = {"Authorization": f"Bearer {server[1]}"}
        async with (
            create_mcp_http_client(headers=headers) as http,
            Client(streamable_http_client(f"{server[0]}/mcp", http_client=http)) as client,
        ):
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert {"ask", "search"} <= tools.keys()
            answer = await client.call_tool("ask", {"question": QUESTION})
            assert not answer.is_error and answer.structured_content is not None
            assert answer.structured_content["status"] == "answered"
            assert "出处：" in answer.content[0].text  # type: ignore[union-attr]
            found = await client.call_tool("search", {"query": "农村公路", "k": 3, "regions": ["云岭区"]})
            assert found.structured_content is not None
            passages = found.structured_content["passages"]
            assert len(passages) == 3 and {passage["region"] for passage in passages} == {"云岭区"}
            hidden = await client.call_tool("search", {"query": "农村公路", "regions": ["青禾县"]})
            assert hidden.structured_content == {"passages": []}
            figures = await client.call_tool("figures", {"words": "地区生产总值", "years": [2023], "role": ["done"]})
            assert figures.structured_content is not None and figures.structured_content["total"] > 0
            assert {f["citation"]["region"] for f in figures.structured_content["figures"]} == {"云岭区"}
            compared = await client.call_tool("compare", {"question": "云岭区2022和2023年城镇新增就业"})
            assert "5986人。[2]" in compared.content[0].text  # type: ignore[union-attr]
            long = await client.call_tool("ask", {"question": "问" * 501})
            assert long.is_error and "500" in long.content[0].text  # type: ignore[union-attr]

    asyncio.run(run())


def test_an_mcp_client_without_a_key_gets_nothing(server: tuple[str, str]) -> None:
    async def run() -> None:
        async with Client(f"{server[0]}/mcp") as client:
            await client.list_tools()

    with pytest.raises(BaseException) as raised:
        asyncio.run(run())
    assert any(isinstance(leaf, MCPError) for leaf in _leaves(raised.value))
    assert httpx.post(f"{server[0]}/mcp", json={}, follow_redirects=True).status_code == 401


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for one in error.exceptions for leaf in _leaves(one)]
    return [error, *([error.__cause__] if error.__cause__ else [])]


def test_an_mcp_client_starts_the_command(home: Path) -> None:
    async def run() -> None:
        command = StdioServerParameters(
            command=sys.executable,
            args=["-c", "from web.cli import app; app()", "mcp", "--home", str(home)],
            env={**os.environ, "WENBAO_EMBEDDER": "hash"},
        )
        async with Client(command) as client:
            answer = await client.call_tool("ask", {"question": "青禾县2023年地区生产总值是多少"})
            assert answer.structured_content is not None and answer.structured_content["status"] == "answered"

    asyncio.run(run())


# -- LangChain ---------------------------------------------------------------------------------------


def test_the_retriever_gives_passages_with_their_address() -> None:
    retriever = WenbaoRetriever(assistant=assistant(), k=5, scope=Scope(reports=frozenset({"云岭区_2024"})))
    documents = retriever.invoke(QUESTION)
    assert len(documents) == 5
    for document in documents:
        where = document.metadata
        assert where["report"] == "云岭区_2024" and where["year"] == 2024 and where["region"] == "云岭区"
        paragraphs = assistant().report_paragraphs(where["report"])
        text = next(paragraph.text for paragraph in paragraphs if paragraph.number == where["paragraph"])
        assert text[where["start"] : where["end"]] == document.page_content


def test_the_runnable_answers_questions_and_conversations() -> None:
    runnable = answering(assistant())
    message = runnable.invoke(QUESTION)
    wire = message.response_metadata["wenbao"]
    assert wire["status"] == "answered" and json.dumps(wire)
    assert sorted(str(message.content).split("\n")) == sorted(wire["text"].split("\n"))
    followed = runnable.invoke(
        [HumanMessage(content=QUESTION), AIMessage(content="46公里"), HumanMessage(content="2022年呢")]
    )
    assert followed.response_metadata["wenbao"]["scope"]["years"] == (2022,)
    with pytest.raises(ValueError, match="question"):
        runnable.invoke([AIMessage(content="好")])
    answer = assistant().ask(QUESTION)
    assert all(is_address(citation) for citation in answer.citations)
