"""Answer what the books come to from above: each group of accounts with its total, now or at a past moment; how much
room is left under each limit; what moved one account, day by day; an entry with those that belong to it; and, inside a
transaction, what it has moved so far."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from farthing.db.tx import Tx
from farthing.kernel.day import day_at
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.errors import NotFound
from farthing.kit.inputs import AnyId, Cursor, Day, Id, Instant, PageSize
from farthing.kit.money import MAX_MINOR, Money
from farthing.ledger import store as books
from farthing.ledger.guards import Guard
from farthing.ledger.model import JournalEntry, Posted, id_and_sign, sign_of
from farthing.ledger.overview import store
from farthing.ledger.overview.model import Booked, Group, Limit
from farthing.ledger.reading import entries_store as listing
from farthing.ledger.reading import period_store as period
from farthing.ledger.reading import store as reading
from farthing.ledger.reading.model import HeadPage

HEAD = 2
"""Words of a path that make a group of the chart: its root, and what it is for."""


@dataclass(frozen=True, slots=True)
class Margin:
    """A limit over balances and what is left under it, in minor units: ``margin`` as the guard reckons it, ``room`` in the
    measure of the heaviest weight, so that what counts in full reads as the money it is."""

    name: str
    title: str
    currency: str
    margin: int
    room: int


@dataclass(frozen=True, slots=True)
class EntryInFull:
    """An entry and the entries that belong to it; ``moved``: see :func:`debited`."""

    id: str
    posted: Posted
    moved: tuple[Money, ...]
    reverses: Posted | None
    reversed_by: Posted | None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a transaction has done to an account so far: debit positive, as the balance after it is."""

    account: str
    change: Money
    balance: Money

    @property
    def before(self) -> Money:
        """The balance before."""
        return self.balance - self.change


def held_below(tx: Tx, prefixes: Sequence[str]) -> list[tuple[str, str, int]]:
    """Path, currency and minor units on their own side of every account below some paths not at zero, as of one instant."""
    return reading.held_below(tx, prefixes)


@question("ledger.chart", permission="ledger:read", whose=STAFF)
def chart(tx: Tx, prefix: AnyId = "", on: Day | None = None, *, as_known_at: Instant | None = None) -> list[Group]:
    """The groups of accounts below a path (the first two words of every path, if empty), each with its total: now, as of an
    effective date, or as the books knew it at an instant."""
    depth = prefix.count(":") + 2 if prefix else HEAD
    if on is None and as_known_at is None:
        found = store.groups(tx, prefix, depth) if prefix else store.heads(tx)
        return [Group(*each) for each in found]
    return [Group(*each) for each in store.groups_then(tx, prefix, depth, as_known_at, on)]


@question("ledger.entry_heads", permission="ledger:read", whose=STAFF)
def entry_heads(tx: Tx, cursor: Cursor | None = None, limit: PageSize = 50, on: Day | None = None) -> HeadPage:
    """A page of all entries, newest first, or of a day's: what each moves, how many postings it has, and the first few."""
    return listing.heads(tx, cursor, limit, *(day_at(tx, on) if on else ()))


@question("ledger.entry_in_full", permission="ledger:read", whose=STAFF)
def entry_in_full(tx: Tx, reference: Id) -> EntryInFull:
    """The entry of a reference, or of its id; what it moves in each currency, the entry that it reverses, and the one that
    reverses it. Refuses ``ledger.unknown_entry``."""
    posted = _of_name(tx, reference)
    cited = posted.entry.reverses
    return EntryInFull(
        str(posted.id), posted, debited(posted.entry), reading.entry(tx, cited) if cited else None,
        reading.reversal(tx, posted.reference),
    )  # fmt: skip


def debited(entry: JournalEntry) -> tuple[Money, ...]:
    """What an entry debits of each currency, hence credits too: how much it moves. No sum of many is one amount: where it
    would be more than an amount holds, its lines are told one by one."""
    sums: dict[str, int] = {}
    for line in entry.postings:
        if line.amount.minor > 0:
            sums[line.amount.currency] = sums.get(line.amount.currency, 0) + line.amount.minor
    return tuple(Money(minor, currency) for currency, minor in sums.items() if minor <= MAX_MINOR)


def _of_name(tx: Tx, name: str) -> Posted:
    """By the reference; by the id, where no reference is that text."""
    try:
        return reading.entry(tx, name)
    except NotFound:
        try:
            return reading.entry_by_id(tx, UUID(name))
        except ValueError:
            raise reading.UNKNOWN_ENTRY(reference=name) from None


@question("ledger.margins", permission="ledger:read", whose=STAFF)
def margins(tx: Tx) -> list[Margin]:
    """The limits over balances that are in force, by name, with the room that is left under each: kept with every posting,
    so that asking costs one look-up."""
    found = []
    for state in books.guards(tx):
        guard, heaviest = state.guard, _heaviest(state.guard)
        found.append(Margin(guard.name, guard.title, guard.currency, state.figure, state.figure // heaviest))
    return found


@question("ledger.limits", permission="reports:read", whose=STAFF)
def limits(tx: Tx) -> list[Limit]:
    """The limits over balances that are in force, by name, with how much of each is used. It names no account."""
    known = books.guards(tx)
    sums = store.sums_like(tx, {(pattern, each.guard.currency) for each in known for pattern, _ in each.guard.terms})
    found = []
    for state in known:
        guard = state.guard
        moved = [weight * sums.get((pattern, guard.currency), 0) for pattern, weight in guard.terms]
        used = -sum(each for each in (guard.constant, *moved) if each < 0)
        heaviest = _heaviest(guard)
        found.append(
            Limit(guard.name, guard.title, guard.currency, (state.figure + used) // heaviest, used // heaviest)
        )
    return found


def _heaviest(guard: Guard) -> int:
    return max(abs(weight) for _, weight in guard.terms)


@question("ledger.totals", permission="reports:read", whose=STAFF)
def totals(tx: Tx) -> list[Group]:
    """What the books come to now by the first two words of every path: no customer's account is named."""
    return [Group(*each) for each in store.heads(tx)]


def differences(totals: Iterable[Group]) -> list[Money]:
    """What debits and credits of each currency differ by: nothing, where the books balance."""
    sums: dict[str, int] = {}
    for each in totals:
        sums[each.currency] = sums.get(each.currency, 0) + sign_of(each.path) * each.total
    return [Money(minor, currency) for currency, minor in sorted(sums.items())]


def moved(tx: Tx, path: str, since: date, until: date) -> list[tuple[date, str, int]]:
    """What moved an account on some days, posting by posting in their order: effective day, kind of the entry, minor units on
    the account's own side."""
    key, sign = id_and_sign(path)
    found = store.moved(tx, key, _past(tx, key, since), since, until)
    kinds = reading.kinds_of(tx, [entry for _, _, entry in found])
    return [(on, kinds[entry], sign * minor) for on, minor, entry in found if entry in kinds]


def booked(tx: Tx, path: str, after: int, until: int) -> list[Booked]:
    """An account's postings after one of its versions and until another, in their order: what was recorded between, whatever
    day it takes effect."""
    key, sign = id_and_sign(path)
    found = store.booked(tx, key, after, until)
    heads = store.heads_of(tx, {entry for _, _, entry in found})
    told, before = [], 0
    for version, balance, entry in found:
        if version > after:
            told.append(Booked(entry, *heads[entry], sign * (balance - before)))
        before = balance
    return told


def version_at(tx: Tx, path: str, on: date) -> int:
    """The last version of an account up to which nothing takes effect after a day; none where it does not exist."""
    return period.reached(tx, id_and_sign(path)[0], on)[0]


def balance_at(tx: Tx, path: str, version: int) -> int:
    """What an account held after one of its versions, on its own side, in minor units."""
    key, sign = id_and_sign(path)
    found = store.booked(tx, key, version - 1, version)
    return next((sign * balance for at, balance, _ in found if at == version), 0)


def daily(tx: Tx, path: str, since: date, until: date) -> list[tuple[date, int, int, int]]:
    """The days on which an account moved: how often, and what came in and went out on its own side, in minor units."""
    key, sign = id_and_sign(path)
    return store.daily(tx, key, sign, _past(tx, key, since), since, until)


def _past(tx: Tx, account: int, since: date) -> int:
    return period.reached(tx, account, since - period.A_DAY)[0]


def moves(tx: Tx) -> tuple[Moved, ...]:
    """What the entries that this transaction has posted did to each account, in the order in which they name them: for a
    preview, which is undone afterwards."""
    net: dict[str, Money] = {}
    for posted in reading.entries_by_id(tx, [UUID(json.loads(name)["id"]) for name in tx.names()]):
        for line in posted.entry.postings:
            net[line.account] = net[line.account] + line.amount if line.account in net else line.amount
    now = reading.balances_of(tx, list(net)) if net else {}
    return tuple(Moved(path, change, now[path].balance) for path, change in net.items())
