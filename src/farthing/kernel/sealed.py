"""Own how what the kernel keeps of a request lies in its tables where it says something about somebody: sealed.

Answers that are told again, what errands ask, drafts that wait. A JSON text becomes ``{"sealed", "whose"}``, under the keys of
all parties that it names together, else of who acts: once the key of any one of them is destroyed nobody reads it again. Who
was erased before it was written has no part in that: what is to be done, or told again, names an id that ties to nobody.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from typing import Any

from farthing.db.keyring.ring import Item, ring_of
from farthing.db.keyring.sealing import Gone
from farthing.db.tx import Row, Tx
from farthing.kit.canonical import written

PARTY = re.compile(r"party_[0-9a-hjkmnp-tv-z]{26}")
GONE: dict[str, Any] = {"gone": True}
"""What is read instead of what nobody can open any more."""


def sealed(tx: Tx, what: str, said: Sequence[tuple[object, str, Sequence[str]]]) -> list[str]:
    """JSON texts as they are kept; of each what it says, its row's id, and whose it is besides the parties that it names."""
    actor = (tx.actor.party_id or tx.actor.id,)
    if not said:
        return []
    texts = [written(content) for content, _, _ in said]
    named = [
        {each for each in (*PARTY.findall(text), *whose) if PARTY.fullmatch(each)}
        for text, (_, _, whose) in zip(texts, said, strict=True)
    ]
    dead = {stone.subject for stone in ring_of(tx).tombstones(set().union(*named))}
    items = [
        Item(tuple(sorted(some - dead)) or actor, text.encode(), f"{what} {ident}")
        for some, text, (_, ident, _) in zip(named, texts, said, strict=True)
    ]
    return [_form(*each) for each in zip(items, ring_of(tx).seal(items), strict=True)]


def opened(tx: Tx, what: str, column: str, found: Sequence[Row]) -> list[Row]:
    """Rows with what is sealed in a column opened; :data:`GONE` stands there where a key is destroyed."""
    kept = [row for row in found if isinstance(row[column], dict) and "sealed" in row[column]]
    if not kept:
        return list(found)
    items = [
        Item(tuple(row[column]["whose"]), base64.b64decode(row[column]["sealed"]), f"{what} {row['id']}")
        for row in kept
    ]
    for row, content in zip(kept, ring_of(tx).open(items), strict=True):
        row[column] = dict(GONE) if isinstance(content, Gone) else json.loads(content)
    return list(found)


def _form(item: Item, content: bytes) -> str:
    return written({"sealed": base64.b64encode(content).decode(), "whose": list(item.subjects)})
