"""Own ``Books``: the accounts, entries and holds that a batch is decided on, and what a command does to them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from farthing.kit.errors import Refusal
from farthing.kit.money import MAX_MINOR, Money, exponent
from farthing.ledger.guards import GUARD, GuardState
from farthing.ledger.model import Hold, JournalEntry, Posting, sign_of
from farthing.ledger.ownership import named
from farthing.ledger.refusals import (
    ABOVE_CEILING,
    INSUFFICIENT,
    OVERFLOW,
)


@dataclass(frozen=True, slots=True)
class AccountState:
    """An account as the fold sees it. ``position`` is the balance on the account's own side.

    ``guards``: guard, weight, guard, weight, ... as the store keeps them.
    """

    id: int
    path: str
    currency: str
    floor: int
    ceiling: int
    position: int = 0
    held_out: int = 0
    held_in: int = 0
    closed: bool = False
    guards: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry that is in the books; ``asked`` is the limit of one that took as much as was there."""

    entry: JournalEntry
    recorded_at: datetime
    asked: int | None = None


@dataclass(frozen=True, slots=True)
class HoldState:
    """A hold that is in the books and what became of it."""

    hold: Hold
    recorded_at: datetime
    state: str = "pending"
    resolution: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What one change does to one account, on the account's own side."""

    path: str
    position: int = 0
    held_out: int = 0
    held_in: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One accepted command: the entry it posts, the hold it opens, the hold it resolves, and the effects."""

    effects: tuple[Effect, ...]
    entry: JournalEntry | None = None
    asked: int | None = None
    opened: Hold | None = None
    resolved: tuple[str, str, str | None] | None = None

    @property
    def released(self) -> tuple[str, str] | None:
        """The reference of a release and its hold's, if this is one."""
        if self.resolved is None or self.resolved[1] != "released" or self.resolved[2] is None:
            return None
        return self.resolved[2], self.resolved[0]


@dataclass
class Books:
    """The facts a batch is decided on, changed as it is decided. Made by the store, used once."""

    now: datetime
    accounts: dict[str, AccountState]
    entries: dict[str, Recorded]
    holds: dict[str, HoldState]
    releases: dict[str, str] = field(default_factory=dict)
    """The reference of each release, and of the hold that it gave back."""
    guards: dict[str, GuardState] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    _undo: list[tuple[dict[str, Any], str, Any]] = field(default_factory=list)

    def _set(self, table: dict[str, Any], key: str, value: Any) -> None:
        self._undo.append((table, key, table.get(key)))
        table[key] = value

    def mark(self) -> tuple[int, int]:
        """A point to come back to."""
        return len(self._undo), len(self.changes)

    def back(self, mark: tuple[int, int]) -> None:
        """Undo everything since ``mark``."""
        while len(self._undo) > mark[0]:
            table, key, value = self._undo.pop()
            if value is None:
                del table[key]
            else:
                table[key] = value
        del self.changes[mark[1] :]

    def apply(self, change: Change, reference: str) -> None:
        """Take a change into the books or refuse it (rules 8 to 10); on refusal nothing is changed."""
        mark = self.mark()
        try:
            self._apply(change, reference)
        except Refusal:
            self.back(mark)
            raise

    def _apply(self, change: Change, reference: str) -> None:
        if change.entry is not None:
            _check_running(self.accounts, change.entry)
        pairs = [(self.accounts[effect.path], _after(self.accounts[effect.path], effect)) for effect in change.effects]
        for before, after in pairs:
            _check_range(before, after, reference)
        for before, after in pairs:
            _check_limits(before, after)
            self._set(self.accounts, after.path, after)
        for guard in self.guards.values():
            delta = sum(
                guard.weight_of(effect.path, self.accounts[effect.path].currency) * effect.position
                for effect in change.effects
            )
            if delta:
                if delta < 0 and guard.figure + delta < 0:
                    raise GUARD(**guard.facts(delta))
                self._set(self.guards, guard.key, replace(guard, figure=guard.figure + delta))
        if change.entry is not None:
            self._set(self.entries, change.entry.reference, Recorded(change.entry, self.now, change.asked))
        if change.opened is not None:
            self._set(self.holds, change.opened.reference, HoldState(change.opened, self.now))
        if change.resolved is not None:
            key, state, resolution = change.resolved
            self._set(self.holds, key, replace(self.holds[key], state=state, resolution=resolution))
        if change.released is not None:
            self._set(self.releases, *change.released)
        self.changes.append(change)


def _shown(minor: int, currency: str) -> str:
    """An amount for a sentence; unlike ``Money`` it may lie beyond what one amount may hold."""
    if abs(minor) <= MAX_MINOR:
        return str(Money(minor, currency))
    return f"{currency} {minor}e-{exponent(currency)}"


def _check_running(accounts: dict[str, AccountState], entry: JournalEntry) -> None:
    """Each balance that a posting records must itself fit, also between two lines of one entry."""
    running: dict[str, int] = {}
    for posting in entry.postings:
        path = posting.account
        start = running[path] if path in running else sign_of(path) * accounts[path].position
        running[path] = start + posting.amount.minor
        if abs(running[path]) > MAX_MINOR:
            raise OVERFLOW(reference=entry.reference, account=path)


def _after(before: AccountState, effect: Effect) -> AccountState:
    return replace(
        before,
        position=before.position + effect.position,
        held_out=before.held_out + effect.held_out,
        held_in=before.held_in + effect.held_in,
    )


def _check_range(before: AccountState, after: AccountState, reference: str) -> None:
    """A balance, what is held on either side, both together, and one entry's movement are each within 2**62."""
    moved = abs(after.position - before.position)
    beyond = max(moved, after.held_out, after.held_in, after.position + after.held_in, after.held_out - after.position)
    if beyond > MAX_MINOR:
        raise OVERFLOW(reference=reference, account=after.path)


def _check_limits(before: AccountState, after: AccountState) -> None:
    lowest_before, lowest = before.position - before.held_out, after.position - after.held_out
    highest_before, highest = before.position + before.held_in, after.position + after.held_in
    if lowest < before.floor and lowest < lowest_before:
        raise INSUFFICIENT(
            **named(before.path),
            available=_shown(lowest_before - before.floor, before.currency),
            wanted=_shown(lowest_before - lowest, before.currency),
        )
    if highest > before.ceiling and highest > highest_before:
        raise ABOVE_CEILING(
            account=before.path,
            room=_shown(before.ceiling - highest_before, before.currency),
            wanted=_shown(highest - highest_before, before.currency),
        )


def effects_of(postings: Iterable[Posting]) -> tuple[Effect, ...]:
    """Net effect of an entry's postings on each account, in the order of first mention."""
    net: dict[str, int] = {}
    for posting in postings:
        net[posting.account] = net.get(posting.account, 0) + sign_of(posting.account) * posting.amount.minor
    return tuple(Effect(path, position=amount) for path, amount in net.items())


def reserved_by(hold: JournalEntry, direction: int = 1) -> tuple[Effect, ...]:
    """What a hold reserves (``direction`` 1) or gives back (-1), account by account."""
    return tuple(
        Effect(
            effect.path,
            held_out=direction * max(-effect.position, 0),
            held_in=direction * max(effect.position, 0),
        )
        for effect in effects_of(hold.postings)
    )


def _merged(*groups: tuple[Effect, ...]) -> tuple[Effect, ...]:
    merged: dict[str, Effect] = {}
    for effect in (effect for group in groups for effect in group):
        before = merged.get(effect.path, Effect(effect.path))
        merged[effect.path] = Effect(
            effect.path,
            before.position + effect.position,
            before.held_out + effect.held_out,
            before.held_in + effect.held_in,
        )
    return tuple(merged.values())
