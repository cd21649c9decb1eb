"""Own the SQL that writes the ledger and loads what a decision needs.

Tables account, entry, posting, hold, hold_leg, hold_reference, guard, guard_figure, account_group.

Never writes a table: the functions of migrations 0003, 0036 and 0052 do, and the application's role can do nothing else.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from farthing.db import rows
from farthing.db.tx import Tx
from farthing.kit.errors import conflict
from farthing.kit.money import Money
from farthing.ledger.batch import Batch, id_bytes
from farthing.ledger.books import AccountState, Books, HoldState, Recorded
from farthing.ledger.guards import Guard, GuardState
from farthing.ledger.model import (
    AccountSpec,
    Command,
    Hold,
    JournalEntry,
    Posting,
    Release,
    Settle,
    account_id,
    id_and_sign,
)

ACCOUNT_COLLISION = conflict(
    "ledger.account_collision",
    "Account {path} has the same id as {other}; choose another path.",
    "账户 {path} 与 {other} 的编号相同；请更换路径。",
)
ACCOUNT_DIFFERS = conflict(
    "ledger.account_differs",
    "Account {path} is open already with another {field}; {known} is recorded, {wanted} was asked for.",
    "账户 {path} 已开立且 {field} 不同；已记录 {known}，请求 {wanted}。",
)

OPEN = """
SELECT ledger_open_v2(%(now)s, %(ids)s, %(paths)s, %(currencies)s, %(signs)s, %(floors)s, %(ceilings)s)
"""
OPENED = "SELECT id, path, currency, floor, ceiling FROM account WHERE id = ANY (%(ids)s)"

POST = """
SELECT ledger_post_v2(
    %(now)s,
    %(a_id)s, %(a_currency)s, %(a_delta)s, %(a_fall)s, %(a_rise)s, %(a_out)s, %(a_in)s, %(a_count)s, %(a_high)s,
    %(e_id)s, %(e_reference)s, %(e_kind)s, %(e_on)s, %(e_memo)s, %(e_asked)s,
    %(e_first)s, %(e_last)s, %(l_entry)s, %(l_account)s, %(l_amount)s,
    %(h_id)s, %(h_reference)s, %(h_kind)s, %(h_on)s, %(h_memo)s, %(h_legs)s, %(h_expires)s::timestamptz[],
    %(g_hold)s, %(g_account)s, %(g_out)s, %(g_in)s,
    %(r_id)s, %(r_state)s, %(r_resolution)s,
    %(c_id)s, %(c_reference)s, %(c_hold)s
)
"""
FOLD_GROUPS = "SELECT ledger_fold_groups()"
LOCK = "SELECT ledger_lock(%(ids)s)"
CLOSE = "SELECT ledger_close_v2(%(now)s, %(id)s, %(close)s)"

ACCOUNTS = """
SELECT id, path, currency, floor, ceiling, sign * balance, held_out, held_in, closed_at IS NOT NULL,
    coalesce(guards, '{}')
FROM account WHERE id = ANY (%(ids)s)
"""
ENTRIES = """
SELECT id, reference, kind, effective_on, memo, legs, asked, recorded_at FROM entry WHERE id = ANY (%(ids)s)
"""
HOLDS = """
SELECT id, reference, kind, effective_on, memo, legs, nullif(expires_at, 'infinity'), recorded_at, state, resolution
FROM hold WHERE id = ANY (%(ids)s)
"""
RELEASES = "SELECT reference, hold FROM hold_reference WHERE id = ANY (%(ids)s) AND reference <> hold"
EXPIRED = """
SELECT DISTINCT hold_id FROM hold_leg WHERE account_id = ANY (%(ids)s) AND expires_at <= %(now)s
"""
EXPIRED_ANYWHERE = """
SELECT id FROM hold WHERE state = 'pending' AND expires_at <= %(now)s ORDER BY expires_at LIMIT %(limit)s
"""

GUARDS = """
SELECT g.name, g.title, g.currency, g.constant, g.patterns, g.weights, f.figure::text
FROM guard AS g JOIN guard_figure AS f ON f.id = g.id
WHERE g.retired_at IS NULL AND (%(ids)s::bigint[] IS NULL OR g.id = ANY (%(ids)s))
ORDER BY g.name
"""
SET_GUARD = """
SELECT ledger_guard(%(now)s, %(id)s, %(name)s, %(title)s, %(currency)s, %(constant)s, %(patterns)s, %(weights)s,
    %(retire)s)::text
"""

_NONE_8, _NONE_4, _NONE_D, _NONE_U, _NONE_T = (
    rows.int8s([]), rows.int4s([]), rows.dates([]), rows.uuids([]), rows.texts([]),
)  # fmt: skip


def open_accounts(tx: Tx, specs: Sequence[AccountSpec]) -> None:
    """Open accounts; those open already with the same terms are left, others refuse."""
    ordered = sorted({spec.path: spec for spec in specs}.values(), key=lambda spec: account_id(spec.path))
    ids = rows.int8s([account_id(spec.path) for spec in ordered])
    limits = [spec.limits() for spec in ordered]
    tx.execute(
        OPEN,
        {
            "now": tx.now,
            "ids": ids,
            "paths": rows.texts([spec.path for spec in ordered]),
            "currencies": rows.texts([spec.currency for spec in ordered]),
            "signs": rows.int4s([id_and_sign(spec.path)[1] for spec in ordered]),
            "floors": rows.int8s([floor for floor, _ in limits]),
            "ceilings": rows.int8s([ceiling for _, ceiling in limits]),
        },
    )
    known = {row[0]: row for row in tx.tuples(OPENED, {"ids": ids})}
    for spec in specs:
        _, path, currency, floor, ceiling = known[account_id(spec.path)]
        if path != spec.path:
            raise ACCOUNT_COLLISION(path=spec.path, other=path)
        wanted = (spec.currency, *spec.limits())
        for name, have, want in zip(("currency", "floor", "ceiling"), (currency, floor, ceiling), wanted, strict=True):
            if have != want:
                raise ACCOUNT_DIFFERS(path=path, field=name, known=have, wanted=want)


def post(tx: Tx, batch: Batch) -> datetime | None:
    """Hand a batch to the door; answers the instant it was recorded at, or none if it was not as supposed."""
    order = batch.order()
    entries = batch.entries
    places = [0] * len(order)
    for place, number in enumerate(order, 1):
        places[number] = place
    counts = Counter(batch.legs)
    parameters: dict[str, Any] = {
        "now": tx.now,
        "a_id": rows.int8s([batch.ids[number] for number in order]),
        "a_currency": rows.texts([batch.currencies[number] for number in order]),
        "a_delta": rows.int8s([batch.signs[number] * batch.positions[number] for number in order]),
        "a_fall": rows.int8s([batch.falls[number] for number in order]),
        "a_rise": rows.int8s([batch.rises[number] for number in order]),
        "a_count": rows.int4s([counts[number] for number in order]),
        "a_high": rows.dates([batch.highs[number] for number in order]),
        "e_id": rows.uuids(batch.keys),
        "e_reference": rows.texts([entry.reference for entry in entries]),
        "e_kind": rows.texts([entry.kind for entry in entries]),
        "e_on": rows.dates([entry.effective_on for entry in entries]),
        "e_memo": rows.texts([entry.memo for entry in entries]),
        "e_asked": rows.int8s(batch.asked),
        "e_first": rows.int4s(batch.firsts),
        "e_last": rows.int4s(batch.lasts),
        "l_entry": rows.int4s(batch.leg_entries()),
        "l_account": rows.int4s([places[number] for number in batch.legs]),
        "l_amount": rows.int8s(batch.amounts),
        **_holds(batch, order),
    }
    (answer,) = tx.tuples(POST, parameters)
    stamp: datetime | None = answer[0]
    return stamp


_NO_HOLDS: dict[str, Any] = {
    "a_out": _NONE_8, "a_in": _NONE_8,
    "h_id": _NONE_U, "h_reference": _NONE_T, "h_kind": _NONE_T, "h_on": _NONE_D, "h_memo": _NONE_T,
    "h_legs": _NONE_T, "h_expires": _NONE_T, "g_hold": _NONE_4, "g_account": _NONE_8, "g_out": _NONE_8,
    "g_in": _NONE_8, "r_id": _NONE_U, "r_state": _NONE_T, "r_resolution": _NONE_T,
    "c_id": _NONE_U, "c_reference": _NONE_T, "c_hold": _NONE_T,
}  # fmt: skip


def _holds(batch: Batch, order: Sequence[int]) -> dict[str, Any]:
    if not batch.opened and not batch.resolved:
        return _NO_HOLDS
    holds = [change.opened for change in batch.opened if change.opened is not None]
    legs = [(number, effect) for number, change in enumerate(batch.opened, 1) for effect in change.effects]
    return {
        "a_out": rows.int8s([batch.held_out.get(number, 0) for number in order]),
        "a_in": rows.int8s([batch.held_in.get(number, 0) for number in order]),
        "h_id": rows.uuids([id_bytes(hold.reference) for hold in holds]),
        "h_reference": rows.texts([hold.reference for hold in holds]),
        "h_kind": rows.texts([hold.kind for hold in holds]),
        "h_on": rows.dates([hold.effective_on for hold in holds]),
        "h_memo": rows.texts([hold.memo for hold in holds]),
        "h_legs": rows.texts([_literal(hold.postings) for hold in holds]),
        "h_expires": rows.texts([hold.expires_at.isoformat() if hold.expires_at else "infinity" for hold in holds]),
        "g_hold": rows.int4s([number for number, _ in legs]),
        "g_account": rows.int8s([account_id(effect.path) for _, effect in legs]),
        "g_out": rows.int8s([effect.held_out for _, effect in legs]),
        "g_in": rows.int8s([effect.held_in for _, effect in legs]),
        "r_id": rows.uuids([id_bytes(key) for key, _, _ in batch.resolved]),
        "r_state": rows.texts([state for _, state, _ in batch.resolved]),
        "r_resolution": rows.texts([resolution or "" for _, _, resolution in batch.resolved]),
        "c_id": rows.uuids([id_bytes(reference) for reference, _ in batch.claimed]),
        "c_reference": rows.texts([reference for reference, _ in batch.claimed]),
        "c_hold": rows.texts([hold for _, hold in batch.claimed]),
    }


def _literal(postings: Iterable[Posting]) -> str:
    return "{" + ",".join(f"{account_id(line.account)},{line.amount.minor}" for line in postings) + "}"


def post_parts(tx: Tx, parts: Sequence[Batch]) -> datetime | None:
    """Hand several batches to the door, all or none."""
    if len(parts) == 1:
        return post(tx, parts[0])
    stamp: datetime | None = None
    with contextlib.suppress(_NotAsSupposed), tx.connection.transaction():
        for part in parts:
            stamp = post(tx, part)
            if stamp is None:
                raise _NotAsSupposed
    return stamp


class _NotAsSupposed(Exception):
    """Rolls the parts back."""


def close(tx: Tx, path: str, *, closing: bool) -> bool:
    """Close or reopen an account; answers whether it changed."""
    (answer,) = tx.tuples(CLOSE, {"now": tx.now, "id": account_id(path), "close": closing})
    return bool(answer[0])


def fold_groups(tx: Tx) -> None:
    """Make one row of the many that say by how much each group of accounts was moved."""
    tx.execute(FOLD_GROUPS)


def accounts(tx: Tx, ids: Iterable[int]) -> dict[int, AccountState]:
    """The accounts of these ids that are open."""
    found = tx.tuples(ACCOUNTS, {"ids": rows.int8s(sorted(ids))}, binary=True)
    return {row[0]: AccountState(*row) for row in found}


def guards(tx: Tx, ids: Iterable[int] | None = None) -> list[GuardState]:
    """The guards in force, or those of these ids, with their figures."""
    wanted = None if ids is None else rows.int8s(sorted(ids))
    return [
        GuardState(Guard(name, title, currency, constant, tuple(zip(patterns, weights, strict=True))), int(figure))
        for name, title, currency, constant, patterns, weights, figure in tx.tuples(GUARDS, {"ids": wanted})
    ]


def set_guard(tx: Tx, guard: Guard, *, retire: bool) -> int:
    """Put a guard in force or out of it; answers its figure, and one below zero was not installed."""
    (answer,) = tx.tuples(
        SET_GUARD,
        {
            "now": tx.now,
            "id": guard.id,
            "name": guard.name,
            "title": guard.title,
            "currency": guard.currency,
            "constant": guard.constant,
            "patterns": rows.texts([pattern for pattern, _ in guard.terms]),
            "weights": rows.int8s([weight for _, weight in guard.terms]),
            "retire": retire,
        },
    )
    return int(answer[0])


def lock(tx: Tx, commands: Sequence[Command]) -> None:
    """Lock the accounts that commands name, in the order of their ids."""
    tx.tuples(LOCK, {"ids": rows.int8s(sorted(_named(commands)))})


def _named(commands: Sequence[Command]) -> set[int]:
    return {
        account_id(line.account)
        for command in commands
        if not isinstance(command, Release)
        for line in command.postings
    }


def load(tx: Tx, commands: Sequence[Command]) -> Books:
    """Everything that deciding on ``commands`` may need.

    Accounts are read before references: a reference that is absent afterwards was absent before, so a refusal
    for lack of money never hides that the very same command was accepted a moment ago.
    """
    named = _named(commands)
    lapsed = {row[0] for row in tx.tuples(EXPIRED, {"ids": rows.int8s(sorted(named)), "now": tx.now})}
    known = accounts(tx, named)
    keys = {id_bytes(c.reference) for c in commands}
    hold_keys = keys | {id_bytes(c.hold) for c in commands if isinstance(c, Settle | Release)}
    hold_keys |= {key.bytes for key in lapsed}
    references = rows.uuids(sorted(keys))
    entry_rows = tx.tuples(ENTRIES, {"ids": references}, binary=True)
    hold_rows = tx.tuples(HOLDS, {"ids": rows.uuids(sorted(hold_keys))}, binary=True)
    releases = tx.tuples(RELEASES, {"ids": references}, binary=True)
    mentioned = {leg for row in (*entry_rows, *hold_rows) for leg in row[5][0::2]}
    if mentioned - known.keys():
        known |= accounts(tx, mentioned - known.keys())
    guarding = {key for state in known.values() for key in state.guards[0::2]}
    return Books(
        now=tx.now,
        accounts={state.path: state for state in known.values()},
        entries={row[1]: recorded(row, known) for row in entry_rows},
        holds={row[1]: _hold_state(row, known) for row in hold_rows},
        releases=dict(releases),
        guards={found.key: found for found in guards(tx, guarding)} if guarding else {},
    )


def load_expired(tx: Tx, limit: int, path: str | None = None) -> Books:
    """Pending holds whose time has come (all of one account, or the earliest anywhere), with their accounts."""
    if path is None:
        found = tx.tuples(EXPIRED_ANYWHERE, {"now": tx.now, "limit": limit})
    else:
        found = tx.tuples(EXPIRED, {"now": tx.now, "ids": rows.int8s([account_id(path)])})
    if not found:
        return Books(tx.now, {}, {}, {})
    keys = [row[0].bytes for row in found]
    hold_rows = tx.tuples(HOLDS, {"ids": rows.uuids(keys)}, binary=True)
    known = accounts(tx, {leg for row in hold_rows for leg in row[5][0::2]})
    holds = {row[1]: _hold_state(row, known) for row in hold_rows}
    return Books(tx.now, {state.path: state for state in known.values()}, {}, holds)


def postings_of(legs: Sequence[int], known: dict[int, AccountState]) -> tuple[Posting, ...]:
    """An entry's legs (account, amount, account, amount, ...) as postings."""
    return tuple(
        Posting(known[account].path, Money(amount, known[account].currency))
        for account, amount in zip(legs[0::2], legs[1::2], strict=True)
    )


def recorded(row: Sequence[Any], known: dict[int, AccountState]) -> Recorded:
    """A row of ``ENTRIES`` as the entry it records."""
    _, reference, kind, effective_on, memo, legs, asked, recorded_at = row
    entry = JournalEntry(reference, kind, effective_on, postings_of(legs, known), memo)
    return Recorded(entry, recorded_at, asked)


def _hold_state(row: Sequence[Any], known: dict[int, AccountState]) -> HoldState:
    _, reference, kind, effective_on, memo, legs, expires_at, recorded_at, state, resolution = row
    hold = Hold(reference, kind, effective_on, postings_of(legs, known), memo, expires_at=expires_at)
    return HoldState(hold, recorded_at, state, resolution)
