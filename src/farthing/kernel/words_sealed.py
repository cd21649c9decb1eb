"""Seal a text under the key of whom it is about, so that it stays a text: ``sealed:`` and base64. Once the key is destroyed it
reads as nothing.

For what somebody typed about a person, and rows of bills that she brought: columns that are text (or JSON, which then holds the
sealed text as a string). Texts from before lie in plain, and are read as they lie. Never decides.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import NamedTuple

from farthing.db.keyring.ring import Item, ring_of
from farthing.db.keyring.sealing import Gone
from farthing.db.tx import Tx

MARK = "sealed:"


class Text(NamedTuple):
    """A text, the party under whose key it lies, and what it is about: its table and its row."""

    about: str
    party_id: str
    text: str


def closed(tx: Tx, texts: Sequence[Text]) -> list[str]:
    """Texts as they are kept; an empty one stays empty."""
    items = [Item((each.party_id,), each.text.encode(), each.about) for each in texts if each.text]
    made = iter(ring_of(tx).seal(items))
    return [MARK + base64.b64encode(next(made)).decode() if each.text else "" for each in texts]


def opened(tx: Tx, texts: Sequence[Text]) -> list[str | Gone]:
    """Texts again; :class:`Gone` where the key is destroyed."""
    sealed = [each for each in texts if each.text.startswith(MARK)]
    items = [Item((each.party_id,), base64.b64decode(each.text[len(MARK) :]), each.about) for each in sealed]
    found = iter(ring_of(tx).open(items))
    made: list[str | Gone] = []
    for each in texts:
        content = next(found) if each.text.startswith(MARK) else each.text.encode()
        made.append(content if isinstance(content, Gone) else content.decode())
    return made


def said(tx: Tx, texts: Sequence[Text]) -> list[str]:
    """Texts again; one that nobody can read any more is empty."""
    return ["" if isinstance(each, Gone) else each for each in opened(tx, texts)]
