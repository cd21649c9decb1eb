"""Run the reading of accounts' recent past. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from farthing.db.tx import Tx
from farthing.ledger.model import account_id, entry_id
from farthing.ledger.recent import store
from farthing.ledger.recent.model import Line, Passed, Recent


def latest(tx: Tx, paths: Sequence[str], since: date) -> dict[str, Recent]:
    """What accounts met since a business day: two statements for all of them. One that never moved is left out."""
    found = store.latest(tx, paths, since)
    wanted = {key for row in found.values() for key in row[2] or ()}
    met = store.entries(tx, list(wanted)) if wanted else {}
    named = {account_id(path): path for path in paths}
    return {named[account]: _recent(account, row, met) for account, row in found.items()}


def _recent(account: int, row: tuple[Any, ...], met: Mapping[UUID, tuple[Any, ...]]) -> Recent:
    opened_at, sign, keys, before_on = row
    lines = [_line(account, sign, *met[key]) for key in keys or () if key in met]
    return Recent(opened_at, tuple(lines), before_on)


def _line(account: int, sign: int, at: datetime, kind: str, legs: Sequence[int]) -> Line:
    if len(legs) == 4:  # most entries by far: one account against another
        first, minor, second, other = legs
        return Line(at, kind, -sign * minor, (second,)) if first == account else Line(at, kind, -sign * other, (first,))
    pairs = list(zip(legs[0::2], legs[1::2], strict=True))
    own = sum(minor for leg, minor in pairs if leg == account)
    return Line(
        at, kind, -sign * own, tuple(leg for leg, minor in pairs if leg != account and (minor > 0) != (own > 0))
    )


def passed(tx: Tx, ids: Sequence[int], since: date, most: int) -> dict[int, tuple[Passed, ...]]:
    """The entries that passed accounts since a business day, in the order in which each account met them: two statements for all
    of them. Of an account that met more than ``most`` since, the latest."""
    found = store.passed(tx, ids, since, most)
    met = store.entries(tx, list({key for keys in found.values() for key in keys})) if found else {}
    shapes = {key: Passed(key, _pairs(legs)) for key, (_, _, legs) in met.items()}
    return {account: tuple(shapes[key] for key in keys if key in shapes) for account, keys in found.items()}


def _pairs(legs: Sequence[int]) -> tuple[tuple[int, int], ...]:
    return tuple(zip(legs[0::2], legs[1::2], strict=True))


def paths(tx: Tx, ids: Sequence[int]) -> dict[int, str]:
    """The paths of accounts, by their ids."""
    return store.paths(tx, ids) if ids else {}


def holds(tx: Tx, references: Sequence[str]) -> dict[str, str]:
    """How holds stand (pending, settled, released, expired), by their references, those that there are."""
    return store.holds(tx, [entry_id(each).bytes for each in references])
