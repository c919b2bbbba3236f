"""A language model that says what a script has it say, for whatever it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from rag.llms import LanguageModel
from rag.paraphrasing import Check
from rag.writing import ModelWriting, Writing

# What the model says to the text of a prompt, piece by piece.
Script = Callable[[str], Iterator[str]]


class ScriptedChat(BaseChatModel):
    script: Script
    asked: list[str]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        prompt = "\n".join(str(message.text) for message in messages)
        self.asked.append(str(messages[-1].text))
        for piece in self.script(prompt):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))


class ScriptedWriter:
    """A writer whose model follows a script; `asked` are the last messages that it got."""

    notice = ""

    def __init__(self, script: Script | str, *, window: int = 2048) -> None:
        say = script if callable(script) else (lambda prompt: iter((script,)))
        self._chat = ScriptedChat(script=say, asked=[])
        self.model = LanguageModel(name="scripted", chat=self._chat, window=window, count=len)

    @property
    def asked(self) -> Sequence[str]:
        return self._chat.asked

    def begin(self, check: Check) -> Writing:
        return ModelWriting(self.model, check)
