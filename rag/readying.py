"""A language model takes seconds to load and the first time half a minute to put together; questions don't wait."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Thread

from index.errors import ModelFailed, WenbaoError
from prompts.reader import Message
from rag import retelling, writing
from rag.gguf import Progress
from rag.llms import LanguageModel
from rag.paraphrasing import Check
from rag.writing import Extracts, ModelWriting, Writing

__all__ = ["LateWriter", "ModelWriter"]

_PREPARING = "大模型正在准备{share}，现在先摘录原文作答。"
_MISSING = "大模型用不了，现在摘录原文作答：{reason}"

_log = logging.getLogger(__name__)


class ModelWriter:
    """Words answers with a model that is ready."""

    notice = ""

    def __init__(self, model: LanguageModel) -> None:
        self.model: LanguageModel | None = model
        self._model = model
        _warm(model)

    def begin(self, check: Check) -> Writing:
        return ModelWriting(self._model, check)


class LateWriter:
    """Words answers with a model once `open_model` has it ready, in a thread; extracts until then, and says why."""

    def __init__(self, open_model: Callable[[Progress], LanguageModel]) -> None:
        self._writer: ModelWriter | None = None
        self.notice = _PREPARING.format(share="")
        self._thread = Thread(target=self._ready, args=(open_model,), name="language-model", daemon=True)
        self._thread.start()

    def _ready(self, open_model: Callable[[Progress], LanguageModel]) -> None:
        try:
            self._writer = ModelWriter(open_model(self._show))
            self.notice = ""
        except WenbaoError as error:
            _log.warning("%s", error)
            self.notice = _MISSING.format(reason=error)
        except Exception:  # a library's own failure must not be taken for a model that is still on its way
            _log.exception("the language model could not be opened")
            self.notice = _MISSING.format(reason="程序出错了，日志里有详细记录")

    def _show(self, done: int, total: int) -> None:
        self.notice = _PREPARING.format(share=f"（{100 * done // total}%）")

    def join(self) -> None:
        """Wait until the model is ready, or never will be."""
        self._thread.join()

    @property
    def model(self) -> LanguageModel | None:
        """The model, once it is ready."""
        return self._writer.model if self._writer else None

    def begin(self, check: Check) -> Writing:
        return self._writer.begin(check) if self._writer else Extracts(self.notice)


def _warm(model: LanguageModel) -> None:
    """Let a model that remembers beginnings read those that all prompts share, as often as it may be asked at once.

    The server keeps what a conversation has read before it turns to another: the beginning of questions comes last.
    """
    if not model.at_once:
        return
    _read(model, retelling.opening())
    readers = [Thread(target=_read, args=(model, writing.opening())) for _ in range(model.at_once)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()


def _read(model: LanguageModel, messages: Sequence[Message]) -> None:
    try:
        next(model.stream(messages), "")
    except ModelFailed as error:
        _log.warning("%s is slow to begin with: %s", model.name, error)
