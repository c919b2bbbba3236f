"""A Hugging Face folder as a LangChain chat model: on the GPU if there is one, one answer at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from index.errors import ModelMissing
from rag.llms import ANSWER_TOKENS, LanguageModel

_SPEAKERS = {"human": "user", "ai": "assistant", "system": "system"}
_LONGEST_PAUSE = 60  # seconds between two words


def open_folder(folder: Path) -> LanguageModel:
    """The model in a folder; nothing is fetched.  Raises ModelMissing."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if not folder.is_dir():
        raise ModelMissing(f"找不到语言模型的文件夹 {folder}")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model: Any = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, dtype="auto")
        model = model.to(device).eval()
    except (OSError, ValueError, KeyError, RuntimeError) as exc:
        raise ModelMissing(f"语言模型 {folder} 无法加载：{exc}") from exc
    if tokenizer.chat_template is None:
        raise ModelMissing(f"语言模型 {folder} 没有对话模板（chat_template），请换一个 Instruct 或 Chat 模型")
    return LanguageModel(
        name=f"transformers:{folder.resolve().name}",
        chat=TransformersChat(model, tokenizer),
        window=min(4096, getattr(model.config, "max_position_embeddings", 4096)),
        count=lambda text: len(tokenizer.encode(text)),
    )


class TransformersChat(BaseChatModel):
    """Greedy answers of a causal language model; a closed stream stops it at the next word."""

    _model: Any = PrivateAttr()
    _tokenizer: Any = PrivateAttr()
    _turn: Any = PrivateAttr(default_factory=Lock)

    def __init__(self, model: Any, tokenizer: Any) -> None:
        super().__init__()
        self._model, self._tokenizer = model, tokenizer

    @property
    def _llm_type(self) -> str:
        return "transformers"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        from transformers import StoppingCriteriaList, TextIteratorStreamer

        turns = [{"role": _SPEAKERS[message.type], "content": str(message.text)} for message in messages]
        inputs = self._tokenizer.apply_chat_template(
            turns, add_generation_prompt=True, return_tensors="pt", return_dict=True
        ).to(self._model.device)
        streamer = TextIteratorStreamer(
            self._tokenizer, skip_prompt=True, timeout=_LONGEST_PAUSE, skip_special_tokens=True
        )
        left, broke = Event(), []

        def generate() -> None:
            try:
                self._model.generate(
                    **inputs,
                    streamer=streamer,
                    max_new_tokens=ANSWER_TOKENS,
                    do_sample=False,
                    stopping_criteria=StoppingCriteriaList([lambda ids, scores, **_: left.is_set()]),
                )
            except Exception as exc:  # raised again where the answer is read
                broke.append(exc)
                streamer.end()  # type: ignore[no-untyped-call]

        with self._turn:
            writer = Thread(target=generate, daemon=True)
            writer.start()
            try:
                for text in streamer:
                    yield ChatGenerationChunk(message=AIMessageChunk(content=text))
            finally:
                left.set()
                writer.join()
        if broke:
            raise broke[0]
