"""Carry rows of parties from one bank into another: opened for whoever takes over, who seals them under keys of its own.

Rows are JSON, a line each (:mod:`farthing.db.carry`). Never decides whose rows are carried.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from farthing.db.tx import Tx
from farthing.parties import sealed_store, store
from farthing.parties.model import Party

SEALED = ("sealed", "name_index", "phone_index")
CARRIED = ("party", "party_number", "party_verification")
"""Tables whose rows hold something sealed."""


def opened(tx: Tx, table: str, lines: Sequence[str]) -> list[str]:
    """Rows of one of :data:`CARRIED` as they are told to whoever takes over: with nothing sealed."""
    found = [json.loads(line) for line in lines]
    if table == "party":
        known = store.find_many(tx, [row["id"] for row in found])
        return [_line({**row, **_said(known[row["id"]]), **dict.fromkeys(SEALED)}) for row in found]
    if table == "party_number":
        known = store.find_many(tx, [row["party_id"] for row in found])
        return [_line({**row, "id": _number(row, known.get(row["party_id"]))}) for row in found]
    made = []
    for row in found:
        sealed = None if row["sealed_answer"] is None else _bytes(row["sealed_answer"])
        said = sealed_store.opened_answer(tx, {**row, "raw_answer": _bytes(row["raw_answer"]), "sealed_answer": sealed})
        made.append(_line({**row, "sealed_answer": None, "raw_answer": _hex(said or b"")}))
    return made


def taken(tx: Tx, table: str, lines: Sequence[str]) -> list[str]:
    """Rows as :func:`opened` told them, sealed under this bank's own keys, before anything of them is written."""
    found = [json.loads(line) for line in lines]
    if table == "party":
        sealed = sealed_store.columns(tx, list(map(_party, found)))
        return [_line({**row, **each}) for row, each in zip(found, sealed, strict=True)]
    if table == "party_number":
        return [_line({**row, "id": _blind(tx, str(row["id"]))}) for row in found]
    said = [(row["id"], row["party_id"], _bytes(row["raw_answer"])) for row in found]
    kept = sealed_store.answers_sealed(tx, said)
    return [
        _line({**row, "raw_answer": "", "sealed_answer": _hex(each)}) for row, each in zip(found, kept, strict=True)
    ]


def _party(row: dict[str, Any]) -> Party:
    born_on = date.fromisoformat(row["born_on"]) if row["born_on"] else None
    return Party(row["id"], row["kind"], row["name"], row["number"], row["phone"], born_on)


def _blind(tx: Tx, ident: str) -> str:
    """The key of a number as it lies here; one of a role stays."""
    scheme, _, number = ident.partition(":")
    kind = next((kind for kind, name in sealed_store.SCHEMES.items() if name == scheme), None)
    return ident if kind is None else sealed_store.number_key(tx, kind, number)


def _hex(content: bytes) -> str:
    return "\\x" + content.hex()


def _said(known: Party) -> dict[str, Any]:
    born_on = known.born_on.isoformat() if known.born_on else None
    return {"name": known.name, "number": known.number, "phone": known.phone, "born_on": born_on}


def _number(row: dict[str, Any], known: Party | None) -> str:
    """The key of a number in plain; one of a role stays."""
    ident = str(row["id"])
    return ident if known is None or ident.startswith("role:") else sealed_store.plain_key(known.kind, known.number)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("\\x"))


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)
