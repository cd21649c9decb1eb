"""Own how amounts are told in Chinese, on every door: renminbi by its sign, ``¥1,234.56``. Rules write every currency by its
code, in both languages, and so does what programs read. Pure."""

from __future__ import annotations

import re
from typing import Any

_RENMINBI = re.compile(r"\bCNY ?([-\u2212]?)(?=\d)")


def in_chinese(text: str) -> str:
    """A Chinese text as it is told: ``CNY -5.00`` is ``-¥5.00``."""
    return _RENMINBI.sub(r"\1¥", text)


def told(value: Any) -> Any:
    """An answer as plain JSON values, each Chinese text of it (``zh``, and what ends so) as it is told."""
    if isinstance(value, dict):
        return {name: _told(name, each) for name, each in value.items()}
    return [told(each) for each in value] if isinstance(value, list) else value


def _told(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return in_chinese(value) if name == "zh" or name.endswith("_zh") else value
    return told(value)
