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


class Slot:
    """The running sums of one account within a batch, on its own side."""

    __slots__ = (
        "count",
        "currency",
        "fall",
        "fallen",
        "high",
        "id",
        "place",
        "position",
        "rise",
        "risen",
        "sign",
    )

    def __init__(self, path: str, currency: str, high: date = EARLIEST) -> None:
        self.id, self.sign = id_and_sign(path)
        self.currency = currency
        self.position = 0
        self.fallen = 0  # running position less outgoing holds
        self.risen = 0  # running position plus incoming holds
        self.fall = 0
        self.rise = 0
        self.count = 0
        self.high = high
        self.place = 0


@dataclass
class Batch:
    """Accounts, entries, their legs, holds opened and holds resolved, in the order of the commands."""

    slots: dict[str, Slot] = field(default_factory=dict)
    entries: list[JournalEntry] = field(default_factory=list)
    ids: list[bytes] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)
    leg_slots: list[Slot] = field(default_factory=list)
    leg_amounts: list[int] = field(default_factory=list)
    opened: list[Change] = field(default_factory=list)
    resolved: list[tuple[str, str, str | None]] = field(default_factory=list)

    def ordered(self) -> list[Slot]:
        """The accounts in the order in which they are locked: by id."""
        slots = sorted(self.slots.values(), key=_by_id)
        for place, slot in enumerate(slots, 1):
            slot.place = place
        return slots

    def leg_entries(self) -> list[int]:
        """For each leg the number of its entry, from one."""
        spans = zip(self.firsts, self.lasts, strict=True)
        return [number for number, (first, last) in enumerate(spans, 1) for _ in range(first, last + 1)]

    def fits(self) -> bool:
        """Whether every running sum is small enough for the door's 64-bit comparisons."""
        return all(slot.fall > -MAX_MINOR and slot.rise < MAX_MINOR for slot in self.slots.values())


def _by_id(slot: Slot) -> int:
    return slot.id


def compile_entries(commands: Sequence[Command]) -> Batch | None:
    """The batch of plain entries, supposing that each will be accepted; none if they need the slow path.

    The hottest loop of the ledger: a few microseconds for each posting are a fifth of what posting costs.
    """
    if commands[-1].linked:
        return None
    batch = Batch()
    slots, leg_slots, leg_amounts, firsts, lasts = (
        batch.slots, batch.leg_slots, batch.leg_amounts, batch.firsts, batch.lasts,
    )  # fmt: skip
    add_slot, add_amount = leg_slots.append, leg_amounts.append
    last = 0
    for entry in commands:
        if type(entry) is not JournalEntry or entry.at_most:
            return None
        on = entry.effective_on
        postings = entry.postings
        firsts.append(last + 1)
        last += len(postings)
        lasts.append(last)
        for posting in postings:
            path = posting.account
            money = posting.amount
            amount = money.minor
            slot = slots.get(path)
            if slot is None:
                slot = slots[path] = Slot(path, money.currency, on)
            elif slot.currency != money.currency:
                return None
            elif slot.high is not on and slot.high < on:
                slot.high = on
            slot.position += amount if slot.sign > 0 else -amount
            slot.count += 1
            add_slot(slot)
            add_amount(amount)
        for slot in leg_slots[firsts[-1] - 1 :]:
            position = slot.position
            if position < slot.fall:
                slot.fall = position
            elif position > slot.rise:
                slot.rise = position
    batch.entries = list(commands)  # type: ignore[arg-type]
    batch.ids = [id_bytes(entry.reference) for entry in batch.entries]
    batch.asked = [0] * len(commands)
    return batch if batch.fits() else None


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
        slot = batch.slots.get(effect.path)
        if slot is None:
            slot = batch.slots[effect.path] = Slot(effect.path, currencies[effect.path])
        slot.position += effect.position
        slot.fallen += effect.held_out
        slot.risen += effect.held_in
        slot.fall = min(slot.fall, slot.position - slot.fallen)
        slot.rise = max(slot.rise, slot.position + slot.risen)
    if change.entry is not None:
        batch.entries.append(change.entry)
        batch.ids.append(id_bytes(change.entry.reference))
        batch.asked.append(change.asked or 0)
        batch.firsts.append(len(batch.leg_slots) + 1)
        batch.lasts.append(len(batch.leg_slots) + len(change.entry.postings))
        for posting in change.entry.postings:
            slot = batch.slots[posting.account]
            slot.count += 1
            slot.high = max(slot.high, change.entry.effective_on)
            batch.leg_slots.append(slot)
            batch.leg_amounts.append(posting.amount.minor)
    if change.opened is not None:
        batch.opened.append(change)
    if change.resolved is not None:
        batch.resolved.append(change.resolved)
