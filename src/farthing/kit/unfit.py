"""Own the words for what does not fit a field: one sentence in English and one in Chinese, whoever found it.

The library that reads commands speaks English alone and of types; people are told of texts, numbers and bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from farthing.kit.errors import Unfit
from farthing.kit.words import Words

Context = Mapping[str, Any]

SENTENCES: Mapping[str, Callable[[Context], Words]] = {
    "missing": lambda _: Words("is missing", "未填写"),
    "unexpected_keyword_argument": lambda _: Words("is not a field of this request", "不是本请求的字段"),
    "extra_forbidden": lambda _: Words("is not a field of this request", "不是本请求的字段"),
    "string_type": lambda _: Words("must be a text", "须为文字"),
    "int_type": lambda _: Words("must be a whole number", "须为整数"),
    "int_parsing": lambda _: Words("must be a whole number", "须为整数"),
    "int_from_float": lambda _: Words("must be a whole number", "须为整数"),
    "bool_type": lambda _: Words("must be true or false", "须为 true 或 false"),
    "date_type": lambda _: Words("must be a day", "须为日期"),
    "none_required": lambda _: Words("must be left out", "不得填写"),
    "string_pattern_mismatch": lambda _: Words("is not written as it must be", "格式不符"),
    "string_too_short": lambda told: (
        Words("is missing", "未填写") if told["min_length"] == 1
        else Words(f"needs at least {told['min_length']} characters", f"至少须有 {told['min_length']} 个字符")
    ),
    "string_too_long": lambda told: Words(
        f"has at most {told['max_length']} characters", f"最多 {told['max_length']} 个字符"
    ),
    "too_short": lambda told: Words(f"needs at least {told['min_length']} items", f"至少须有 {told['min_length']} 项"),
    "too_long": lambda told: Words(f"has at most {told['max_length']} items", f"最多 {told['max_length']} 项"),
    "greater_than": lambda told: Words(f"must be more than {told['gt']}", f"须大于 {told['gt']}"),
    "greater_than_equal": lambda told: Words(f"must be at least {told['ge']}", f"不得小于 {told['ge']}"),
    "less_than": lambda told: Words(f"must be less than {told['lt']}", f"须小于 {told['lt']}"),
    "less_than_equal": lambda told: Words(f"must be at most {told['le']}", f"不得大于 {told['le']}"),
    "literal_error": lambda told: Words(f"must be {told['expected']}", f"须为 {told['expected']}"),
}  # fmt: skip
"""Kinds of mistakes as pydantic names them, with what it tells of each."""


def words(item: Mapping[str, Any]) -> Words:
    """What is wrong with one field, from one of pydantic's ``errors()`` with their context."""
    told: Context = item.get("ctx") or {}
    cause = told.get("error")
    if isinstance(cause, Unfit):
        return Words(cause.en, cause.zh)
    sentence = SENTENCES.get(str(item.get("type")))
    if sentence is not None:
        return sentence(told)
    return Words(str(item["msg"]).removeprefix("Value error, "), "填写有误")
