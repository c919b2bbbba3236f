"""Fields of a JSON record, each checked for its form; what is wrong is said without the place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["FieldError", "objects", "record_of", "spellings", "text", "texts"]


class FieldError(Exception):
    """What is wrong with one field, in words for people."""


def text(record: Mapping[str, Any], field: str, *, needed: bool = False) -> str:
    """The text of a field, "" where it is left out."""
    value = record.get(field, "")
    if not isinstance(value, str):
        raise FieldError(f"{field} 应是文字，现在是 {value!r}")
    if needed and not value.strip():
        raise FieldError(f"缺少 {field}")
    return value


def _items(record: Mapping[str, Any], field: str) -> list[Any]:
    value = record.get(field, [])
    if not isinstance(value, list):
        raise FieldError(f"{field} 应是列表，现在是 {value!r}")
    return value


def texts(record: Mapping[str, Any], field: str) -> Iterator[str]:
    """The texts of a list, none of them empty."""
    for item in _items(record, field):
        if not isinstance(item, str) or not item:
            raise FieldError(f"{field} 中应都是文字，现在有 {item!r}")
        yield item


def spellings(record: Mapping[str, Any], field: str) -> Iterator[tuple[str, ...]]:
    """Each thing of a list, in one spelling or in a list of them."""
    for item in _items(record, field):
        yield tuple(texts({field: item if isinstance(item, list) else [item]}, field))
        if item == []:
            raise FieldError(f"{field} 中有空列表")


def objects(record: Mapping[str, Any], field: str) -> Iterator[Mapping[str, Any]]:
    """The records of a list."""
    for item in _items(record, field):
        yield record_of(item, field)


def record_of(value: Any, field: str) -> Mapping[str, Any]:
    """The value of a field that is itself a record."""
    if not isinstance(value, dict):
        raise FieldError(f"{field} 应是 JSON 对象，现在是 {value!r}")
    return value
