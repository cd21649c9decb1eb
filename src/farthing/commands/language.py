"""Own what the command line says in the language that is spoken: one at a time, with the marks of that language."""

from __future__ import annotations

from farthing.commands.locale import chinese
from farthing.kit.chinese import in_chinese
from farthing.kit.words import Words

NOTHING_KEPT = Words("A dry run: nothing was kept.", "试算：未作任何更改。")
"""What is said of a command that was only tried."""


def say(en: str, zh: str) -> str:
    """One of the two."""
    return in_chinese(zh) if chinese() else en


def pick(text: Words | str) -> str:
    """A text in the language that is spoken; what has no language is as it is."""
    return spoken(text) if isinstance(text, str) else say(text.en, text.zh)


def spoken(text: str) -> str:
    """What has no language, such as an amount, as the language that is spoken writes it."""
    return in_chinese(text) if chinese() else text


def colon(name: Words | str, value: object) -> str:
    """A name and what it is: ``due today: CNY 5.00``, ``今日应还：¥5.00``."""
    return f"{pick(name)}{say(': ', '：')}{spoken(str(value))}"
