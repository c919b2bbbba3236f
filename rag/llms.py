"""Language models behind LangChain's chat-model interface: a GGUF file, a Hugging Face folder, a server elsewhere.

A GGUF file is served by llama.cpp inside this process, on a port of this machine that asks for a key which nobody else
knows; so all but a Hugging Face folder is spoken to alike, a closed stream cancels the work behind it, and several
questions share one model.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

import httpx

from index.errors import ModelFailed, ModelMissing, SettingsError
from prompts.reader import Message
from rag.gguf import INSTALL, Progress, assemble

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["API_KEY", "LanguageModel", "is_engine", "open_model"]

# The environment variable that holds the key of a server for language models.
API_KEY = "WENBAO_LLM_API_KEY"

ANSWER_TOKENS = 160
# Seconds without a word, waiting one's turn and reading the question included: on a busy machine that takes half a
# minute and the words come after all.  One that goes on writing has time enough for all words that it may write.
_PAUSE, _SECONDS = 60.0, 240.0
_TIMEOUT = httpx.Timeout(_PAUSE, connect=5)
_RETRIES = 2
# A conversation of the local server has so many tokens, and so many of them go on at once; more wait their turn.
_WINDOW, _AT_ONCE = 2048, 2
_PACKAGES = {"local": ("langchain_openai", "psutil", "xllamacpp"), "openai": ("langchain_openai",), "transformers": ()}
_MEMORY = 700_000_000  # bytes that the local server takes beside the model itself


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageModel:
    """A chat model with its name, the tokens that a conversation may have, and how it counts them."""

    name: str
    chat: BaseChatModel = field(repr=False)
    window: int
    count: Callable[[str], int] = field(repr=False)
    at_once: int = 0  # conversations that it remembers the beginnings of
    keeps: object = field(default=None, repr=False)  # what has to live as long as the model

    def fits(self, messages: Sequence[Message]) -> bool:
        """Whether the messages and an answer go into the window; 8 tokens a message are the template's."""
        spent = self.count("\n".join(message.text for message in messages)) + 8 * len(messages)
        return spent + ANSWER_TOKENS <= self.window

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The answer piece by piece; closing it stops the model.  Raises ModelFailed, without what a server wrote."""
        deadline = time.monotonic() + _SECONDS
        try:
            for chunk in self.chat.stream([(message.speaker, message.text) for message in messages]):
                yield str(chunk.text)
                if time.monotonic() > deadline:
                    raise ModelFailed(f"{_SECONDS:.0f} 秒内没有写完")
        except ModelFailed:
            raise
        except Exception as exc:  # each library has errors of its own, and the message may hold a part of the key
            status = getattr(exc, "status_code", None)
            hint = f"，请检查环境变量 {API_KEY}" if status in (401, 403) else ""
            raise ModelFailed(f"{type(exc).__name__}{f'（HTTP {status}）' if status else ''}{hint}") from exc


def is_engine(spec: str) -> bool:
    """Whether `spec` is written as an engine is."""
    kind, _, rest = spec.partition(":")
    return spec in ("extractive", "local") or (kind in ("local", "transformers", "openai") and bool(rest))


def open_model(spec: str, models_dir: Path, progress: Progress | None = None) -> LanguageModel:
    """The model that a setting names, ready to be asked.

    `spec` is `local` (the default model, put together under `models_dir`), `local:<GGUF file>`, `transformers:<folder>`
    or `openai:<base_url>#<model>`.  Raises ModelMissing, SettingsError.
    """
    kind, _, rest = spec.partition(":")
    for package in _PACKAGES[kind]:
        if find_spec(package) is None:
            raise ModelMissing(f"没有安装大模型要用的软件包 {package}，{INSTALL}")
    if kind == "openai":
        return _remote(*rest.partition("#")[::2])
    if kind == "transformers":
        from rag.transformer import open_folder

        return open_folder(Path(rest).expanduser())
    return _local(Path(rest).expanduser() if rest else assemble(models_dir, progress))


def _chat(base_url: str, model: str, key: str, *, retries: int, **client: Any) -> BaseChatModel:
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        base_url=base_url,
        model=model,
        api_key=SecretStr(key or "none"),  # without one the library would take that of another service
        organization="",
        temperature=0,
        max_tokens=ANSWER_TOKENS,  # type: ignore[call-arg]  # its alias
        max_retries=retries,  # with growing pauses, or those that the server asks for
        timeout=_TIMEOUT,
        http_client=httpx.Client(timeout=_TIMEOUT, **client),
    )


def _remote(base_url: str, model: str) -> LanguageModel:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.userinfo:
        raise SettingsError(f"大模型服务的地址里不能写密钥，请把它放进环境变量 {API_KEY}")
    if url.scheme not in {"http", "https"} or not url.host or not model:
        raise SettingsError(f"大模型服务应写成 openai:<地址>#<模型名>，不能是 {f'openai:{base_url}#{model}'!r}")
    key = os.environ.get(API_KEY, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise SettingsError(f"环境变量 {API_KEY} 里不是有效的密钥")
    # No tokenizer is known: a character is a token at most, or nearly so, in every model that knows Chinese.
    return LanguageModel(
        name=f"openai:{model}", chat=_chat(base_url, model, key, retries=_RETRIES), window=4096, count=len
    )


def _local(path: Path) -> LanguageModel:
    import psutil

    if not path.is_file():
        raise ModelMissing(f"找不到语言模型 {path}")
    needed, free = path.stat().st_size + _MEMORY, psutil.virtual_memory().available
    if free < needed:
        raise ModelMissing(f"内存不够：语言模型要 {needed / 1e9:.1f} GB，现在可用 {free / 1e9:.1f} GB")
    key = token_urlsafe()
    server = _served(path, key)
    address = server.listening_address
    # Never through a proxy: the server is in this process.
    client = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}, trust_env=False, timeout=30)

    def count(text: str) -> int:
        try:
            response = client.post("/tokenize", json={"content": text}).raise_for_status()
            return len(response.json()["tokens"])
        except httpx.HTTPError as exc:
            raise ModelFailed(type(exc).__name__) from exc

    chat = _chat(f"{address}/v1", path.stem, key, retries=0, trust_env=False)
    return LanguageModel(
        name=f"local:{path.stem}", chat=chat, window=_WINDOW, count=count, at_once=_AT_ONCE, keeps=server
    )


def _served(path: Path, key: str) -> Any:
    """llama.cpp's server over the file, listening on a free port of this machine.  Raises ModelMissing."""
    # The threads wait for each other hundreds of times a word.  Left to spin meanwhile, they keep the core from whom
    # they wait for as soon as anything else runs: measured on two busy cores, 0.4 words a second against 8.7.
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_parallel, params.n_ctx = _AT_ONCE, _AT_ONCE * _WINDOW
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = _cores()
    params.api_keys, params.cors_origins, params.ui, params.endpoint_slots = [key], "", False, False
    params.cache_ram_mib = 128  # beginnings of conversations that are kept
    params.sse_ping_interval = -1  # a sign of life is no word
    params.verbosity = -1
    try:
        return xllamacpp.Server(params)
    except RuntimeError as exc:
        raise ModelMissing(f"语言模型 {path} 打不开：不是 GGUF 文件，已损坏，或内存不够") from exc


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
