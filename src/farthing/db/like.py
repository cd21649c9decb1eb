"""Own how a text that somebody typed is looked for by LIKE: to the letter."""

from __future__ import annotations


def literal(text: str) -> str:
    """The text as a pattern in which its own marks stand for nothing else."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
