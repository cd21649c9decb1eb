"""Own the batch: what the posting door is handed, as arrays. Pure; never decides anything.

For each account the batch carries how far its own side falls and rises on the way (``fall``, ``rise``: the
extremes of the running sum, entry by entry), so that one comparison in the database checks every entry of the
batch against floor, ceiling and holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from farthing.kit.money import MAX_MINOR
from farthing.ledger.books import Change
from farthing.ledger.model import Command, JournalEntry, id_and_sign

EARLIEST = date(1, 1, 1)


def id_bytes(reference: str) -> bytes:
    """The 16 bytes of ``kit.ids.derived(reference)``, without making a UUID object of them."""
    raw = hashlib.sha256(reference.encode()).digest()
    return raw[:6] + _VERSION[raw[6]] + raw[7:8] + _VARIANT[raw[8]] + raw[9:16]


_VERSION = [bytes([octet & 0x0F | 0x80]) for octet in range(256)]
_VARIANT = [bytes([octet & 0x3F | 0x80]) for octet in range(256)]


@dataclass
class Batch:
    """Accounts, entries, their legs, holds opened and holds resolved, in the order of the commands.

    Accounts are columns (``ids``, ``signs``, ...), numbered by first mention; ``legs`` hold such numbers. A list for
    each figure instead of an object for each account: the hottest loop of the ledger makes two thousand of them.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    signs: list[int] = field(default_factory=list)
    currencies: list[str] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    falls: list[int] = field(default_factory=list)
    rises: list[int] = field(default_factory=list)
    highs: list[date] = field(default_factory=list)
    held_out: dict[int, int] = field(default_factory=dict)
    held_in: dict[int, int] = field(default_factory=dict)
    entries: list[JournalEntry] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)
    legs: list[int] = field(default_factory=list)
    amounts: list[int] = field(default_factory=list)
    opened: list[Change] = field(default_factory=list)
    resolved: list[tuple[str, str, str | None]] = field(default_factory=list)
    claimed: list[tuple[str, str]] = field(default_factory=list)
    """References that holds and releases take, each with its hold's."""

    def number(self, path: str, currency: str) -> int:
        """The account's number in this batch, given if it has none yet."""
        found = self.numbers.get(path)
        if found is None:
            found = self.numbers[path] = len(self.ids)
            key, sign = id_and_sign(path)
            self.ids.append(key)
            self.signs.append(sign)
            self.currencies.append(currency)
            self.positions.append(0)
            self.falls.append(0)
            self.rises.append(0)
            self.highs.append(EARLIEST)
        return found

    def order(self) -> list[int]:
        """The accounts' numbers in the order in which they are locked: by id."""
        return sorted(range(len(self.ids)), key=self.ids.__getitem__)

    def leg_entries(self) -> list[int]:
        """For each leg the number of its entry, from one."""
        spans = zip(self.firsts, self.lasts, strict=True)
        return [number for number, (first, last) in enumerate(spans, 1) for _ in range(first, last + 1)]

    def fits(self) -> bool:
        """Whether every running sum is small enough for the door's 64-bit comparisons."""
        return not self.ids or (min(self.falls) > -MAX_MINOR and max(self.rises) < MAX_MINOR)


def compile_entries(commands: Sequence[Command]) -> Batch | None:
    """The batch of plain entries, supposing that each will be accepted; none if they need the slow path.

    The hottest loop of the ledger: a few microseconds for each posting are a tenth of what posting costs.
    """
    if commands[-1].linked:
        return None
    batch = Batch()
    numbers, legs, amounts, currencies = batch.numbers, batch.legs, batch.amounts, batch.currencies
    find, add_leg, add_amount, add_last = numbers.get, legs.append, amounts.append, batch.lasts.append
    for entry in commands:
        if type(entry) is not JournalEntry or entry.at_most:
            return None
        for posting in entry.postings:
            money, account = posting.amount, posting.account
            number = find(account)
            if number is None:
                number = numbers[account] = len(currencies)
                currencies.append(money.currency)
            elif currencies[number] != money.currency:
                return None
            add_leg(number)
            add_amount(money.minor)
        add_last(len(legs))
    batch.firsts = [1, *(last + 1 for last in batch.lasts[:-1])]
    batch.entries = list(commands)  # type: ignore[arg-type]
    keyed = [id_and_sign(path) for path in numbers]
    batch.ids, batch.signs = [key for key, _ in keyed], [sign for _, sign in keyed]
    _move(batch)
    batch.highs = _highs(batch)
    batch.keys = [id_bytes(entry.reference) for entry in batch.entries]
    batch.asked = [0] * len(commands)
    return batch if batch.fits() else None


def _move(batch: Batch) -> None:
    """How far each account goes, and how far it falls and rises on the way, looked at after each entry."""
    legs, amounts, signs = batch.legs, batch.amounts, batch.signs
    positions, falls, rises = ([0] * len(batch.ids) for _ in range(3))
    first = 0
    for last in batch.lasts:
        touched = legs[first:last]
        for leg, number in enumerate(touched, first):
            positions[number] += amounts[leg] * signs[number]
        for number in touched:
            position = positions[number]
            if position < falls[number]:
                falls[number] = position
            elif position > rises[number]:
                rises[number] = position
        first = last
    batch.positions, batch.falls, batch.rises = positions, falls, rises


def _highs(batch: Batch) -> list[date]:
    """The latest date of each account's postings; a batch is mostly of one day."""
    days = [entry.effective_on for entry in batch.entries]
    if days.count(days[0]) == len(days):
        return [days[0]] * len(batch.ids)
    highs = [EARLIEST] * len(batch.ids)
    for number, leg in zip(batch.legs, batch.leg_entries(), strict=True):
        highs[number] = max(highs[number], days[leg - 1])
    return highs


def compile_changes(changes: Sequence[Change], currencies: dict[str, str]) -> list[Batch]:
    """The batches, nearly always one, that write accepted changes in their order."""
    batch = Batch()
    for change in changes:
        _add(batch, change, currencies)
    if batch.fits() or len(changes) == 1:
        return [batch]
    half = len(changes) // 2
    return compile_changes(changes[:half], currencies) + compile_changes(changes[half:], currencies)


def _add(batch: Batch, change: Change, currencies: dict[str, str]) -> None:
    for effect in change.effects:
        number = batch.number(effect.path, currencies[effect.path])
        batch.positions[number] += effect.position
        fallen = batch.held_out[number] = batch.held_out.get(number, 0) + effect.held_out
        risen = batch.held_in[number] = batch.held_in.get(number, 0) + effect.held_in
        batch.falls[number] = min(batch.falls[number], batch.positions[number] - fallen)
        batch.rises[number] = max(batch.rises[number], batch.positions[number] + risen)
    if change.entry is not None:
        batch.entries.append(change.entry)
        batch.keys.append(id_bytes(change.entry.reference))
        batch.asked.append(change.asked or 0)
        batch.firsts.append(len(batch.legs) + 1)
        for posting in change.entry.postings:
            number = batch.numbers[posting.account]
            batch.highs[number] = max(batch.highs[number], change.entry.effective_on)
            batch.legs.append(number)
            batch.amounts.append(posting.amount.minor)
        batch.lasts.append(len(batch.legs))
    if change.opened is not None:
        batch.opened.append(change)
        batch.claimed.append((change.opened.reference, change.opened.reference))
    if change.resolved is not None:
        batch.resolved.append(change.resolved)
    if change.released is not None:
        batch.claimed.append(change.released)
