"""What is wrong with a request, in the words of people: pydantic says it in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["rejection"]

_NOT_FITTING = "不符合要求，写法见 /openapi.json"
_WORDS: Mapping[str, str] = {
    "missing": "没有写",
    "extra_forbidden": "没有这一项，请去掉或检查拼写",
    "json_invalid": "不是有效的 JSON",
    "string_type": "应是文字",
    "string_unicode": "应是 UTF-8 文字",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "含有不能用的字符",
    "int_type": "应是整数",
    "int_parsing": "应是整数",
    "int_parsing_size": "这个数太大",
    "int_from_float": "应是整数",
    "bool_type": "应是 true 或 false",
    "bool_parsing": "应是 true 或 false",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
    "list_type": "应是列表",
    "tuple_type": "应是列表",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "dict_type": "应是一组字段",
    "model_type": "应是一组字段",
    "model_attributes_type": "应是一组字段（JSON 对象）",
    "value_error": "{error}",
}


def rejection(fault: Mapping[str, Any]) -> str:
    """The words for one of pydantic's errors, or those of our own where it has no `type`."""
    if "type" not in fault:
        return str(fault["msg"])
    context = {name: str(value).replace(" or ", " 或 ") for name, value in fault.get("ctx", {}).items()}
    return _WORDS.get(fault["type"], _NOT_FITTING).format(**context)
