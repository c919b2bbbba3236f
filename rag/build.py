"""The composition root: settings become an assistant, and nothing else knows which parts it is made of."""

from __future__ import annotations

from index.embedders import Embedder, build_embedder
from index.generations import current_generation
from rag.assistant import Assistant
from rag.settings import Settings


def build_assistant(settings: Settings) -> Assistant:
    """The assistant over what is indexed in the home.

    Raises IndexMissing, before any model is loaded, and whatever else keeps an index or a model from being used.
    """
    current_generation(settings.home)
    return Assistant(settings.home, open_embedder(settings))


def open_embedder(settings: Settings) -> Embedder:
    """The embedding model that the settings name.  Raises ModelMissing."""
    return build_embedder(settings.embedder, settings.models)
