"""Read ``account`` and ``posting`` for what another bank takes over. Never decides, and never writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from farthing.db import rows
from farthing.db.like import literal
from farthing.db.tx import Tx
from farthing.kit.money import MAX_MINOR
from farthing.ledger.carrying.model import Carried
from farthing.ledger.model import AccountSpec, account_id

BELOW: LiteralString = """
    SELECT path, currency, floor, ceiling, balance FROM account WHERE path = ANY(%(paths)s) OR path LIKE ANY(%(below)s)
    ORDER BY path
"""
POSTED: LiteralString = """
    SELECT account_id, version, entry_id FROM posting WHERE account_id = ANY(%(ids)s) ORDER BY account_id, version
"""


def accounts(tx: Tx, paths: Sequence[str], roots: Sequence[str] = ()) -> list[Carried]:
    """Accounts of these paths, and all at or below some roots, by path."""
    named = {
        "paths": rows.texts([*paths, *roots]), "below": rows.texts([f"{literal(root)}:%" for root in roots]),
    }  # fmt: skip
    return [
        Carried(AccountSpec(path, currency, _limit(floor, -MAX_MINOR), _limit(ceiling, MAX_MINOR)), balance)
        for path, currency, floor, ceiling, balance in tx.tuples(BELOW, named)
    ]


def _limit(minor: int, none: int) -> int | None:
    return None if minor == none else minor


def moved(tx: Tx, paths: Sequence[str]) -> list[tuple[int, int, UUID]]:
    """Every posting of some accounts: account, version, and entry."""
    found = tx.tuples(POSTED, {"ids": rows.int8s(sorted(account_id(path) for path in paths))}, binary=True)
    return [(account, version, entry) for account, version, entry in found]
