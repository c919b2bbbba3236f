"""Prompts are files: each is a conversation with places to fill in.

A line `== system`, `== user` or `== assistant` begins a message; `{{name}}` is a place.  Messages are told apart before
the places are filled, and what is filled in is not read again: no value can begin a message or open a place.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Literal, NamedTuple, cast

Speaker = Literal["system", "user", "assistant"]

_MESSAGE = re.compile(r"^== (system|user|assistant)\n", re.MULTILINE)
_PLACE = re.compile(r"\{\{(\w+)\}\}")


class Message(NamedTuple):
    """What one side of the conversation says."""

    speaker: Speaker
    text: str


def render(name: str, **values: str) -> tuple[Message, ...]:
    """The messages of prompt `name` with `values` in their places.  Raises KeyError for a missing or spare value."""
    messages = _messages(name)
    wanted = {place for message in messages for place in _PLACE.findall(message.text)}
    if wanted != values.keys():
        raise KeyError(f"prompt {name!r} takes {sorted(wanted)}, not {sorted(values)}")
    return tuple(Message(m.speaker, _PLACE.sub(lambda place: values[place[1]], m.text)) for m in messages)


@cache
def fingerprint(name: str) -> str:
    """Name and hash of a prompt: what an answer remembers of it."""
    return f"{name}:{sha256(_source(name).encode()).hexdigest()[:12]}"


@cache
def _source(name: str) -> str:
    return files("prompts").joinpath(f"{name}.md").read_text(encoding="utf-8")


@cache
def _messages(name: str) -> tuple[Message, ...]:
    before, *pieces = _MESSAGE.split(_source(name))
    if before.strip() or not pieces:
        raise ValueError(f"prompt {name!r} does not begin with a message")
    return tuple(
        Message(cast(Speaker, speaker), text.strip()) for speaker, text in zip(pieces[::2], pieces[1::2], strict=True)
    )
