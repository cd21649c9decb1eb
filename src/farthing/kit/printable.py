"""Own which characters can be printed: those that the fonts of documents hold, and none that cannot be seen.

The ranges are data (``printable.json``), made from the fonts by ``tools/printable.py``. Unseen characters are let
through only where a script needs them to spell a word: joiners inside words of Arabic and Indic scripts, selectors and
the vowel separator inside Mongolian ones. Never reads a font.
"""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("printable.json")

MOST_MARKS = 8
"""Marks in a row on one letter: Tibetan stacks need five; hundreds would be drawn over the lines around them."""

_JOINERS = {"\u200c", "\u200d"}
_MONGOLIAN = {"\u180b", "\u180c", "\u180d", "\u180e", "\u180f"}


@cache
def _edges() -> list[int]:
    """Where coverage begins and ends in turn: a code is inside if an odd number of edges lies at or before it."""
    return [edge for first, last in json.loads(DATA.read_text(encoding="utf-8")) for edge in (first, last + 1)]


def covered(character: str) -> bool:
    """Whether the fonts hold this character."""
    return bisect_right(_edges(), ord(character)) % 2 == 1


def unprintable(text: str) -> str | None:
    """The first character of ``text`` that cannot be printed on one line, if there is one."""
    if text.isascii():
        return next((each for each in text if not each.isprintable()), None)
    marks = 0
    for index, each in enumerate(text):
        if not covered(each) and not _spells(text, index):
            return each
        marks = marks + 1 if unicodedata.category(each).startswith("M") else 0
        if marks > MOST_MARKS:
            return each
    return None


def _spells(text: str, index: int) -> bool:
    """Whether an unseen character stands inside a word whose script is spelled with it."""
    before = text[index - 1] if index else ""
    if text[index] in _MONGOLIAN:
        return "\u1820" <= before <= "\u18aa"
    after = text[index + 1 : index + 2]
    return text[index] in _JOINERS and _joined(before) and _joined(after)


def _joined(character: str) -> bool:
    return "\u0620" <= character <= "\u0dff" and unicodedata.category(character)[0] in "LM"


def named(character: str) -> str:
    """A character as a sentence can name it: itself where it can be seen, its code and its Unicode name."""
    code = f"U+{ord(character):04X}"
    seen = f"{character} " if character.isprintable() and unicodedata.category(character)[0] != "M" else ""
    return f"{seen}({code} {unicodedata.name(character, 'without a name')})"
