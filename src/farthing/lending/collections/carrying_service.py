"""Carry what was typed about borrowers from one bank into another: opened for who takes over, and sealed under his own keys.

Rows are JSON, a line each (:mod:`farthing.db.carry`). Never decides whose rows are carried.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from farthing.db.tx import Tx
from farthing.kernel import words_sealed
from farthing.kernel.words_sealed import Text
from farthing.lending.collections import store

TYPED = {"loan_contact": ("words",), "loan_hardship": ("words", "answer")}
CARRIED = tuple(TYPED)
"""Tables whose rows hold something sealed."""


def told(tx: Tx, table: str, lines: Sequence[str]) -> list[str]:
    """Rows of one of :data:`CARRIED` as they are told to whoever takes over: with nothing sealed."""
    return _turned(tx, table, lines, words_sealed.said)


def taken(tx: Tx, table: str, lines: Sequence[str]) -> list[str]:
    """Rows as :func:`told` told them, sealed under this bank's own keys, before anything of them is written."""
    return _turned(tx, table, lines, words_sealed.closed)


def _turned(tx: Tx, table: str, lines: Sequence[str], turn: Callable[[Tx, Sequence[Text]], list[str]]) -> list[str]:
    found: list[dict[str, Any]] = [json.loads(line) for line in lines]
    texts = iter(turn(tx, [store.typed(table, row, name) for row in found for name in TYPED[table]]))
    return [json.dumps({**row, **{name: next(texts) for name in TYPED[table]}}, ensure_ascii=False) for row in found]
