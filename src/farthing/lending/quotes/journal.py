"""Own a loan's journal: what each fact posts on the day on which the books learn of it.

A fact that is told late re-plays all that followed it. What that changes in entries which stand already is posted as
differences on the day of telling, each with the day it is effective on; what stands is never rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from farthing.lending.lives.events import Event
from farthing.lending.lives.fold import fold
from farthing.lending.lives.loan import Loan
from farthing.lending.quotes.case import Case
from farthing.lending.quotes.entries import BY_KIND, Lines, interest_earned, recovered_after_charge_off

Key = tuple[date, int, str]
"""What an entry is of: its effective day, the place of its event among all, and its kind."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: on which day it was posted, when it is effective, of what kind, and its lines in minor units."""

    on: date
    effective_on: date
    kind: str
    lines: tuple[tuple[str, int], ...]
    adjusts: bool = False


def journal(case: Case) -> list[Entry]:
    """Every entry up to the day asked for, in the order of posting."""
    marked = [replace(event, name=event.name or f"#{number}") for number, event in enumerate(case.events)]
    places = {event.name: number for number, event in enumerate(marked)}
    posted: dict[Key, Lines] = {}
    entries: list[Entry] = []
    told_to = date.min
    for on, known in _learnt(marked, case.as_of):
        wanted = _wanted(case, fold(case.agreement, known, on), places)
        for key in sorted({*posted, *wanted}, key=lambda key: (key[0], key[1])):
            now, before = wanted.get(key, {}), posted.get(key, {})
            if now == before:
                continue
            lines = {name: now.get(name, 0) - before.get(name, 0) for name in {**before, **now}}
            moved = tuple((name, amount) for name, amount in lines.items() if amount)
            late = bool(before) or (key[0] <= told_to if key[1] < 0 else _told_late(marked, key))
            entries.append(Entry(on if late else key[0], key[0], key[2], moved, adjusts=bool(before)))
        posted, told_to = wanted, on
    return entries


def _told_late(events: list[Event], key: Key) -> bool:
    return key[1] < len(events) and events[key[1]].booked_on > key[0]


def _learnt(events: list[Event], as_of: date) -> list[tuple[date, list[Event]]]:
    """The days on which the books learnt of something late, with all that they knew then; and the day asked for."""
    late = sorted({event.booked_on for event in events if event.booked_on > event.on or event.do == "reverse"})
    days = [day for day in late if day <= as_of]
    before = [max((event.booked_on for event in events if event.booked_on < day), default=None) for day in days]
    stops = sorted({*days, *(day for day in before if day), as_of})
    return [(day, [event for event in events if event.booked_on <= day]) for day in stops]


def _wanted(case: Case, loan: Loan, places: dict[str, int]) -> dict[Key, Lines]:
    """The entries that the books should hold by what is known."""
    wanted: dict[Key, Lines] = {}
    off_on: date | None = None
    for split in loan.splits:
        event, kind = split.event, split.event.do
        make = BY_KIND.get(kind)
        if make is None:
            continue
        if kind == "write_off" and off_on:
            continue
        if off_on and kind in ("repay", "pay_off", "merchant_refund", "payout_refund"):
            make = recovered_after_charge_off
        lines = make(case.accounts, split)
        key = (event.on, places.get(event.name, len(places)), kind)
        before = wanted.get(key, {})
        wanted[key] = {name: before.get(name, 0) + lines.get(name, 0) for name in {**before, **lines}}
        off_on = event.on if kind == "charge_off" else off_on
    for on, amount in _earned(loan, off_on):
        wanted[on, -1, "interest_earned"] = interest_earned(case.accounts, amount)
    return {key: lines for key, lines in wanted.items() if lines}


def _earned(loan: Loan, off_on: date | None) -> list[tuple[date, int]]:
    """Interest is earned when it falls due, or when it is paid, waived or given up before that; not after a charge-off."""
    asked = loan.as_of or date.max
    last = min(asked, off_on) if off_on else asked
    again = [(split.event.on, split.interest) for split in loan.splits if split.event.do == "charge_back"]
    gone = [(split.event.on, split.interest) for split in loan.splits if split.interest and _takes(split.event.do)]
    days = sorted(
        {each.due_on for each in loan.instalments if each.due_on <= last} | {on for on, _ in gone if on <= last}
    )
    found, earned = [], 0
    for on in days:
        due = sum(each.owed["interest"] for each in loan.instalments if each.due_on <= on)
        due -= sum(amount for when, amount in again if when <= on)
        taken = sum(amount for when, amount in gone if when <= on)
        if max(due, taken) > earned:
            found.append((on, max(due, taken) - earned))
            earned = max(due, taken)
    return found


def _takes(kind: str) -> bool:
    return kind not in ("charge_back", "re_age", "re_amortise", "end", "capitalise", "pay_out", "charge")


def balances(entries: list[Entry]) -> dict[str, int]:
    """What every account holds after all entries."""
    held: dict[str, int] = {}
    for entry in entries:
        for name, amount in entry.lines:
            held[name] = held.get(name, 0) + amount
    return held
