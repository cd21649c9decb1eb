"""Pure rules of the ledger's audit: rows that lie apart are laid beside each other. Never touches the database.

Rows come as the statements beside this file answer them: ids as numbers or text, dates, instants and wide amounts as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from farthing.kit.findings import Finding

MOST = 100
"""So many findings of one kind are named."""


def unbalanced(entries: Iterable[tuple[str, str, Sequence[int]]], currencies: Mapping[int, str]) -> list[Finding]:
    """Entries (id, reference, legs) that do not sum to zero in each currency, or name an account that is not there."""
    found = []
    for key, reference, legs in entries:
        sums: dict[str | None, int] = {}
        for account, amount in zip(legs[0::2], legs[1::2], strict=False):
            currency = currencies.get(account)
            sums[currency] = sums.get(currency, 0) + amount
        found += [
            Finding(
                "entry.legs", f"{key} {reference}", f"sums to {total} {currency or 'of an account that is not there'}"
            )
            for currency, total in sums.items()
            if total or currency is None
        ]
    return found


def recorded(
    accounts: Iterable[tuple[int, Decimal, Decimal, UUID | None]],
    entries: Mapping[UUID, Decimal],
    held: Mapping[int, Decimal],
) -> list[tuple[int, Decimal, Decimal]]:
    """Of accounts (id, recorded at, opened at, last entry) those that should say another instant, with that one."""
    found = []
    for key, said, opened, entry in accounts:
        derived = opened
        if entry is not None:
            derived = max(derived, entries.get(entry, derived))
        derived = max(derived, held.get(key, derived))
        if said != derived:
            found.append((key, said, derived))
    return found


def said_otherwise(said: Decimal, derived: Decimal) -> str:
    """The problem in words."""
    return f"says {_instant(said)}, its entries and holds say {_instant(derived)}"


def _instant(seconds: Decimal) -> str:
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(seconds * 1_000_000))).isoformat(" ")
    except (OverflowError, ValueError):
        return f"{seconds} seconds after 1970"


class Moved(NamedTuple):
    """What an account's postings of one entry say together."""

    account: int
    entry: str
    amount: str
    day: str
    last_day: str
    contiguous: bool
    high_right: bool
    version: str


class Leg(NamedTuple):
    """What an entry says of one account."""

    account: int
    entry: str
    amount: str
    day: str


def part_differs(
    postings: Mapping[int, tuple[Decimal | None, int]], entries: Mapping[int, Decimal | None]
) -> list[int]:
    """Parts of the accounts of which postings (sum of hashes, wrong ones) and entries (sum of hashes) disagree."""
    return sorted(
        part
        for part in postings.keys() | entries.keys()
        if part not in postings or part not in entries or postings[part] != (entries[part], 0)
    )


def chains(moved: Iterable[Moved], legs: Iterable[Leg]) -> list[tuple[int, str | None, str]]:
    """(account, version, problem) of what postings and entries of some accounts say differently."""
    asked = {(leg.account, leg.entry): leg for leg in legs}
    found: list[tuple[int, str | None, str]] = []
    for each in moved:
        leg = asked.pop((each.account, each.entry), None)
        problem = _chain_problem(each, leg)
        if problem:
            found.append((each.account, each.version, problem))
    found += [(leg.account, None, "is missing: its entry has no posting here") for leg in asked.values()]
    return found


def _chain_problem(moved: Moved, leg: Leg | None) -> str | None:
    if leg is None:
        return "has no entry that moves its balance"
    if Decimal(leg.amount) != Decimal(moved.amount):
        return f"moves {moved.amount}, its entry says {leg.amount}"
    if not moved.contiguous:
        return "does not follow the version before it"
    if leg.day != moved.day or leg.day != moved.last_day:
        return "has another effective date than its entry"
    return None if moved.high_right else "has a wrong highest effective date"


class Reserved(NamedTuple):
    """A hold's leg as it lies beside its account, which may not be there."""

    hold: str
    account: int
    path: str | None
    sign: int | None
    outgoing: int
    incoming: int
    expires_at: str


class Pending(NamedTuple):
    """What a pending hold asks of one account, debit positive."""

    hold: str
    account: int
    reference: str
    moved: str
    expires_at: str


def hold_legs(reserved: Iterable[Reserved], pending: Iterable[Pending], paths: Mapping[int, str]) -> list[Finding]:
    """Where a pending hold's legs are missing, others', or reserve something else than the hold says."""
    asked = {(each.hold, each.account): each for each in pending}
    found = []
    for leg in reserved:
        hold = asked.pop((leg.hold, leg.account), None)
        subject = f"{hold.reference if hold else f'hold {leg.hold}'} on {leg.path or f'account {leg.account}'}"
        if hold is None:
            found.append(Finding("hold_leg", subject, "belongs to no pending hold"))
            continue
        moved = (leg.sign or 0) * int(hold.moved)
        wanted = (max(-moved, 0), max(moved, 0), hold.expires_at)
        if (leg.outgoing, leg.incoming, leg.expires_at) != wanted:
            said = f"reserves {leg.outgoing} and {leg.incoming} until {leg.expires_at}"
            says = f"its hold says {wanted[0]} and {wanted[1]} until {wanted[2]}"
            found.append(Finding("hold_leg", subject, f"{said}, {says}"))
    for hold in asked.values():
        subject = f"{hold.reference} on {paths.get(hold.account, f'account {hold.account}')}"
        found.append(Finding("hold_leg", subject, "is missing: the hold reserves nothing here"))
    return found


def groups(
    kept: Mapping[tuple[str, str], tuple[str, str]], summed: Mapping[tuple[str, str], tuple[str, str]]
) -> list[Finding]:
    """What is kept of a group (how many accounts are open, their balance) and what its accounts say, by path and currency."""
    none = ("0", "0")
    return [
        Finding(
            "account_group", " ".join(each),
            f"{kept.get(each, none)[0]} accounts with {kept.get(each, none)[1]} are kept of it, its accounts are "
            f"{summed.get(each, none)[0]} with {summed.get(each, none)[1]}",
        )
        for each in sorted(kept.keys() | summed.keys()) if kept.get(each, none) != summed.get(each, none)
    ]  # fmt: skip


def guard_figures(
    defined: Iterable[tuple[int, str, int, bool]], figures: Mapping[int, str], weighed: Mapping[int, str]
) -> list[Finding]:
    """Guards (id, name, constant, whether retired) whose margin is not what the balances say, or is nobody's."""
    left = dict(figures)
    found = []
    for key, name, constant, retired in defined:
        figure = left.pop(key, None)
        derived = constant + Decimal(weighed.get(key, 0))
        if retired:
            problem = None if figure is None else "stands for no guard in force"
        elif figure is None:
            problem = "is missing"
        else:
            problem = None if Decimal(figure) == derived else f"says {figure}, the balances say {derived}"
        if problem:
            found.append(Finding("guard_figure", name, problem))
    return found + [Finding("guard_figure", f"guard {key}", "stands for no guard in force") for key in left]


def references(taken: set[tuple[str, str]], owed: set[tuple[str, str]]) -> list[Finding]:
    """What is remembered of holds and releases as (reference, hold), against what they are called."""
    found = [
        Finding("hold_reference", name, f"of hold {hold} is not remembered") for name, hold in sorted(owed - taken)
    ]
    return found + [
        Finding("hold_reference", name, f"is remembered for hold {hold}, which says nothing of it")
        for name, hold in sorted(taken - owed)
    ]


def owed_names(holds: Iterable[tuple[str, str, str | None]]) -> set[tuple[str, str]]:
    """(reference, hold) of every hold and of every release: holds come as (reference, state, resolution)."""
    owed: set[tuple[str, str]] = set()
    for reference, state, resolution in holds:
        owed.add((reference, reference))
        if state == "released":
            owed.add((str(resolution), reference))
    return owed


def agree(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two sums over rows that lie apart are the same."""
    return dict(one) == dict(other)
