"""Carry contracts from one bank into another: opened for whoever takes over, who seals them under keys of its own.

Rows are JSON, a line each (:mod:`farthing.db.carry`). What nobody can read any more stays dark. Never decides whose rows
are carried.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from farthing.db.keyring.sealing import NEVER, Gone
from farthing.db.tx import Tx
from farthing.signing.sealed_store import about_certificate, about_revision, about_terms, opened, sealed

Row = dict[str, Any]
_WHAT: Mapping[str, tuple[str, Callable[[Row], str]]] = {
    "contract": ("terms", lambda row: about_terms(row["id"])),
    "contract_revision": ("increment", lambda row: about_revision(row["contract_id"], row["number"])),
    "signing_certificate": ("certificate", lambda row: about_certificate(row["id"])),
}
CARRIED = tuple(_WHAT)
"""Tables whose rows hold something sealed."""


def told(tx: Tx, table: str, lines: Sequence[str]) -> list[str]:
    """Rows of one of :data:`CARRIED` as they are told to whoever takes over: with nothing sealed that can be read."""
    column, about = _WHAT[table]
    found = [json.loads(line) for line in lines]
    values = opened(tx, [(row["whose"], about(row), _bytes(row[column])) for row in found])
    return [
        _line({**row, column: _hex(NEVER if isinstance(value, Gone) else value)})
        for row, value in zip(found, values, strict=True)
    ]


def taken(tx: Tx, table: str, lines: Sequence[str]) -> list[str]:
    """Rows as :func:`told` told them, sealed under this bank's own keys, before anything of them is written."""
    column, about = _WHAT[table]
    found = [json.loads(line) for line in lines]
    said = [(_whose(row, _bytes(row[column])), about(row), _bytes(row[column])) for row in found]
    values = sealed(tx, said)
    return [_line({**row, column: _hex(value)}) for row, value in zip(found, values, strict=True)]


def _whose(row: Row, content: bytes) -> tuple[str, ...]:
    """Under whose keys a value comes to lie; what is gone already lies under nobody's."""
    return () if content == NEVER else tuple((row["whose"] or "").split())


def _hex(content: bytes) -> str:
    return "\\x" + content.hex()


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("\\x"))


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False)
