"""Own what the command line says in the language that is spoken."""

from __future__ import annotations

from farthing.commands.locale import chinese
from farthing.kit.words import Words


def say(en: str, zh: str) -> str:
    """One of the two."""
    return zh if chinese() else en


def pick(text: Words | str) -> str:
    """A text in the language that is spoken; what has no language is as it is."""
    return text if isinstance(text, str) else say(text.en, text.zh)
