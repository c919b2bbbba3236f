"""The composition root: settings become an assistant, and nothing else knows which parts it is made of."""

from __future__ import annotations

from collections.abc import Callable

from index.embedders import Embedder, build_embedder
from index.generations import current_generation
from rag.assistant import Assistant
from rag.gguf import Progress
from rag.llms import open_model
from rag.readying import LateWriter, ModelWriter
from rag.settings import Settings
from rag.writing import EXTRACTIVE, Extracts, Writer


def build_assistant(
    settings: Settings, embedder: Callable[[], Embedder] | None = None, writer: Callable[[], Writer] = Extracts
) -> Assistant:
    """The assistant over what is indexed in the home; `embedder` hands out one that is shared with somebody else.

    `writer` makes what words the answers; without one they are extracts.

    Raises IndexMissing, before any model is loaded, and whatever else keeps an index or a model from being used.
    """
    current_generation(settings.home)
    return Assistant(settings.home, embedder() if embedder else open_embedder(settings), writer())


def open_embedder(settings: Settings) -> Embedder:
    """The embedding model that the settings name.  Raises ModelMissing."""
    return build_embedder(settings.embedder, settings.models)


def open_writer(settings: Settings, progress: Progress | None = None) -> Writer:
    """What words answers as the settings want it, ready to.  Raises ModelMissing, SettingsError."""
    if settings.engine == EXTRACTIVE:
        return Extracts()
    return ModelWriter(open_model(settings.engine, settings.models, progress))


def begin_writer(settings: Settings) -> Writer:
    """The same at once: answers are extracts until the model is ready, and say so."""
    if settings.engine == EXTRACTIVE:
        return Extracts()
    return LateWriter(lambda progress: open_model(settings.engine, settings.models, progress))
