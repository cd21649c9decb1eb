"""Own how a text that somebody typed is looked for by LIKE: to the letter."""

from __future__ import annotations

LAST_SIGN = "\U0010ffff"
"""No path, name or number that we take has a sign as late as this one: what begins with a text comes before the text and it."""


def literal(text: str) -> str:
    """The text as a pattern in which its own marks stand for nothing else."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
