"""Decide how far money that was reported as fraud went: forward through entries in the order in which accounts met them, up to
what is left. Pure.

Whoever has reported money and pays on pays on the reported money first: so nobody keeps it by mixing it with other money, and
nobody who was paid with other money is drawn in. What leaves the wallets (to another bank, in cash, to a merchant, into a packet
or a deposit) is gone; what came back to whoever reported it is his again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from uuid import UUID

from farthing.ledger.recent.model import Passed


@dataclass(frozen=True, slots=True)
class Step:
    """Money that went out of a wallet: from which account, to which (none: out of the wallets), how much."""

    source: int
    target: int | None
    minor: int


@dataclass(frozen=True, slots=True)
class Trail:
    """Where reported money lies after all steps, by account in the order in which it first came there; how much of it came back
    to whoever paid it, and how much left the wallets. Together they are all of it."""

    lies: Mapping[int, int]
    back: int
    gone: int


def trace(start: int, minor: int, steps: Sequence[Step], payer: int | None = None) -> Trail:
    """Follow an amount that came to an account through the steps that went on afterwards, in their order."""
    lies, back, gone = {start: minor}, 0, 0
    for step in steps:
        taken = min(lies.get(step.source, 0), step.minor) if step.source != step.target else 0
        if not taken:
            continue
        lies[step.source] -= taken
        if step.target is None:
            gone += taken
        elif step.target == payer:
            back += taken
        else:
            lies[step.target] = lies.get(step.target, 0) + taken
    return Trail({account: left for account, left in lies.items() if left}, back, gone)


def freezable(trail: Trail, available: Mapping[int, int], most: int) -> dict[int, int]:
    """How much of what lies with each account is frozen, where the money came first before where it came later: never more than
    the account may spend, and never more than ``most`` in all. An account of which nothing is known is left alone."""
    found = {}
    for account, left in trail.lies.items():
        minor = min(left, available.get(account, 0), most)
        if minor > 0:
            found[account] = minor
            most -= minor
    return found


def in_order(lines: Mapping[int, Sequence[Passed]]) -> list[Passed]:
    """All entries that passed some accounts, so that each account meets its own in its order. Hours say nothing here: of two
    transactions the one that began first may have posted last."""
    before: TopologicalSorter[UUID] = TopologicalSorter()
    known: dict[UUID, Passed] = {}
    for passed in lines.values():
        last: UUID | None = None
        for each in passed:
            known[each.entry] = each
            before.add(each.entry, *([last] if last not in (None, each.entry) else []))
            last = each.entry
    return [known[key] for key in before.static_order()]


def steps(entries: Sequence[Passed], wallets: Collection[int]) -> list[Step]:
    """What entries moved, wallet by wallet: of an entry with several sources and targets the first fills the first."""
    return [step for each in entries for step in _steps(each, wallets)]


def _steps(entry: Passed, wallets: Collection[int]) -> list[Step]:
    sources = [[account, minor] for account, minor in entry.legs if minor > 0]
    targets = [[account, -minor] for account, minor in entry.legs if minor < 0]
    found = []
    while sources and targets:
        (source, out), (target, came) = sources[0], targets[0]
        minor = min(out, came)
        found.append(Step(source, target if target in wallets else None, minor))
        sources[0][1], targets[0][1] = out - minor, came - minor
        if not sources[0][1]:
            sources.pop(0)
        if not targets[0][1]:
            targets.pop(0)
    return found


def after(passed: Sequence[Passed], entry: UUID) -> tuple[Passed, ...]:
    """What an account met after an entry; everything, where that is so long ago that it is not among what is known."""
    places = [place for place, each in enumerate(passed) if each.entry == entry]
    return tuple(passed[places[-1] + 1 :]) if places else tuple(passed)
