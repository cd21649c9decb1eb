"""Own where a movement belongs: categories and their words, as data (``data/categories.toml``), and the customer's word
above them. Pure.

What is alike is told by :func:`like_of`: the same other side, the same way, whatever the number of the order or of the
shop's till.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from farthing.kit.errors import InvariantBroken
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, Table, parse
from farthing.kit.words import Words
from farthing.payments.home.model import Row

Side = Literal["in", "out"]
OTHERWISE: Mapping[Side, str] = {"in": "received", "out": "other"}
_NUMBERS = re.compile(r"[0-9*#]+")
_SIGNS = re.compile(r"[^0-9a-z㐀-鿿]+")


@dataclass(frozen=True, slots=True)
class Category:
    """A category: money that goes out, or comes in."""

    id: str
    side: Side
    name: Words


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All categories, in the order in which they are told, and what names them: side -> kind or word -> category."""

    categories: Mapping[str, Category]
    kinds: Mapping[Side, Mapping[str, str]]
    words: Mapping[Side, Mapping[str, str]]
    longest: int

    def of(self, row: Row, side: Side) -> str:
        """Where a row belongs by its words: what it calls the other side first, then what it was for, then its kind."""
        kind = self.kinds[side].get(row.kind)
        named = self.told(row.counterparty, side)
        if named and kind in (None, "giving", "support", "shopping"):
            return named
        return kind or named or self.told(f"{row.description} {row.kind}", side) or OTHERWISE[side]

    def told(self, text: str, side: Side) -> str | None:
        """The category of the longest word in a text; the first of equally long ones."""
        words, folded = self.words[side], fold(text)
        best: tuple[int, str] | None = None
        for at in range(len(folded)):
            for end in range(min(len(folded), at + self.longest), at + (best[0] if best else 0), -1):
                found = words.get(folded[at:end])
                if found and _stands_alone(folded, at, end):
                    best = end - at, found
                    break
        return best[1] if best else None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a word of letters is no part of a longer one; Chinese has no such edges."""
    edges = (text[start - 1 : start + 1] if start else ""), text[end - 1 : end + 1]
    return not any(len(each) == 2 and each.isascii() and each.isalnum() for each in edges)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A text as words are looked for in it."""
    return unicodedata.normalize("NFKC", text).casefold()


def like_of(row: Row, side: Side) -> str:
    """What rows of one kind have in common; it is kept with the customer's word, hence without numbers."""
    for text in (row.counterparty, row.description, row.kind):
        named = _SIGNS.sub("", _NUMBERS.sub("", fold(text)))
        if named:
            return f"{side}:{named[:80]}"
    return f"{side}:"


@cache
def lexicon() -> Lexicon:
    """What ships with the program."""
    file = parse("categories.toml", (DATA / "categories.toml").read_text(encoding="utf-8"), _broken)
    found = file.many("category", _category)
    file.close()
    kinds: dict[Side, dict[str, str]] = {"in": {}, "out": {}}
    words: dict[Side, dict[str, str]] = {"in": {}, "out": {}}
    for category, named, told in found:
        for table, texts in ((kinds, named), (words, told)):
            for text in texts.split():
                table[category.side].setdefault(
                    text if table is kinds else fold(text.replace("_", " ")), category.id
                )  # fmt: skip
    longest = max(len(word) for table in words.values() for word in table)
    return Lexicon({category.id: category for category, _, _ in found}, kinds, words, longest)


def _category(table: Table) -> tuple[Category, str, str]:
    one = table.table("category")
    side: Side = "in" if one.choice("side", ("in", "out")) == "in" else "out"
    found = Category(one.text("id"), side, one.words("name"))
    told = found, one.maybe("kinds", one.text) or "", one.maybe("words", one.text) or ""
    one.close()
    return told


def _broken(fault: Fault) -> Exception:
    return InvariantBroken(f"{fault.file} cannot be read: {fault.problem} ({fault.path} {fault.key})")
