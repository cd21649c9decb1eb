"""Own which language the command line speaks: the one that ``LC_ALL``, ``LC_MESSAGES`` or ``LANG`` names; English else.

Asked anew for every word, so that a program that runs commands one after the other may change it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from farthing.kit.words import Words


def chinese() -> bool:
    """Whether Chinese is to be spoken: the first of the variables that is set decides, as in POSIX."""
    named = next((found for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (found := os.environ.get(name))), "")
    return named.lower().startswith("zh")


def say(en: str, zh: str) -> str:
    """One of the two."""
    return zh if chinese() else en


def pick(text: Words | str) -> str:
    """A text in the language that is spoken; what has no language is as it is."""
    return text if isinstance(text, str) else say(text.en, text.zh)
