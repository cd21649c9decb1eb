"""Own the schedule of a plan: what falls due when, so that the principal comes out whole and the last instalment is like the
others.

An equal instalment is the balance times the growth of all periods, over the sum of the growths that follow each payment; it
is rounded, then improved at most three times: the difference of the last instalment is spread over all, as long as that
makes it smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from farthing.kit.money import Money
from farthing.lending.plans.days import due_days, odd_units
from farthing.lending.plans.factors import CONTEXT, factor, interest, minor
from farthing.lending.plans.terms import Row, Terms

TRIES = 3
"""How often an instalment is improved."""

Step = Callable[[int, int, int], int]
"""The principal of an instalment, from its place, the balance before it and its interest."""


def schedule(terms: Terms, paid_out: Money, on: date) -> tuple[Row, ...]:
    """The rows of a loan that is paid out in one sum."""
    days = due_days(terms, on)
    down = down_payment(terms, paid_out.minor)
    balance = paid_out.minor - down
    first = (Row(1, on, on, down, 0, balance),) if down else ()
    starts = (on, *days[:-1])
    parts = parts_of(terms, on, days)
    rows = instalments(terms, balance, parts)
    return first + tuple(
        Row(len(first) + k, starts[k - 1], days[k - 1], principal, charged, left)
        for k, (principal, charged, left) in enumerate(rows, start=1)
    )


def down_payment(terms: Terms, paid_out: int) -> int:
    """What of a payment out falls due the same day."""
    return min(paid_out, rounded(Decimal(minor(paid_out * terms.down_payment)), terms.multiple))


def parts_of(terms: Terms, on: date, days: tuple[date, ...]) -> list[Decimal]:
    """What part of the balance each period bears."""
    odd = odd_units(terms, on, days)
    return [
        factor(terms, a, b, units) if k >= terms.free else Decimal(0)
        for k, (a, b, units) in enumerate(zip((on, *days[:-1]), days, odd, strict=True))
    ]


def instalments(
    terms: Terms, balance: int, parts: Sequence[Decimal], *, tries: int = TRIES
) -> list[tuple[int, int, int]]:
    """(principal, interest, left) of each period, whose parts of the balance are given. ``tries``: how often an equal
    instalment is improved at most."""
    count, grace = len(parts), min(terms.grace_principal, len(parts) - 1)
    kept = min(terms.balloon.minor, balance) if terms.balloon else 0
    if terms.method == "flat":
        rows = _flat(terms, balance, parts, grace)
    elif terms.method in ("interest_only", "bullet"):
        rows = _walk(balance, parts, count - 1, lambda *_: 0)
    elif terms.method == "custom":
        rows = _walk(balance, parts, 0, lambda place, *_: terms.rows[place].principal)
    elif terms.method == "equal_principal":
        each = rounded(Decimal(balance - kept) / (count - grace), terms.multiple)
        rows = _walk(balance, parts, grace, lambda *_: each)
    else:
        rows = _level(terms, balance, kept, parts, grace, tries)
    waits = count - 1 if terms.method == "bullet" else terms.grace_interest
    return _deferred(rows, waits)


def rounded(amount: Decimal, multiple: int) -> int:
    """An amount of minor units to the nearest multiple, half even."""
    return int((amount / multiple).to_integral_value(ROUND_HALF_EVEN)) * multiple


def _walk(balance: int, parts: Sequence[Decimal], grace: int, principal_of: Step) -> list[tuple[int, int, int]]:
    """Interest on what is left, then the principal that is asked for; the last instalment takes what is left."""
    rows, last = [], len(parts) - 1
    for place, part in enumerate(parts):
        charged = interest(balance, part)
        asked = balance if place == last else 0 if place < grace else principal_of(place, balance, charged)
        principal = max(0, min(asked, balance))
        balance -= principal
        rows.append((principal, charged, balance))
    return rows


def growths(parts: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """How much a balance grows over all periods, and the sum of the growths that follow each payment."""
    growth, following = Decimal(1), Decimal(1)
    for part in parts[1:]:
        following = CONTEXT.add(Decimal(1), CONTEXT.multiply(following, CONTEXT.add(Decimal(1), part)))
    for part in parts:
        growth = CONTEXT.multiply(growth, CONTEXT.add(Decimal(1), part))
    return growth, following


def level_of(balance: int, kept: int, parts: Sequence[Decimal]) -> Decimal:
    """The equal instalment of a balance, not rounded; ``kept`` of it stays for the end."""
    growth, following = growths(parts)
    return CONTEXT.divide(CONTEXT.subtract(CONTEXT.multiply(Decimal(balance), growth), Decimal(kept)), following)


def _level(
    terms: Terms, balance: int, kept: int, parts: Sequence[Decimal], grace: int, tries: int
) -> list[tuple[int, int, int]]:
    """Equal instalments after the grace, improved."""
    count = len(parts) - grace

    def rows_of(each: int) -> list[tuple[int, int, int]]:
        return _walk(balance, parts, grace, lambda _place, _balance, charged: each - charged)

    each = rounded(level_of(balance, kept, parts[grace:]), terms.multiple)
    rows = rows_of(each)
    for _ in range(tries):
        off = rows[-1][0] + rows[-1][1] - kept - each
        if abs(off) <= count // 2:
            break
        tried = rounded(Decimal(each) + Decimal(off) / count, terms.multiple)
        other = rows_of(tried)
        if tried == each or abs(other[-1][0] + other[-1][1] - kept - tried) >= abs(off):
            break
        each, rows = tried, other
    return rows


def _flat(terms: Terms, balance: int, parts: Sequence[Decimal], grace: int) -> list[tuple[int, int, int]]:
    """Interest on the first principal each period, and equal instalments."""
    charges, each = _flat_charges(terms, balance, parts)
    rows, left, last = [], balance, len(parts) - 1
    for place, charged in enumerate(charges):
        principal = left if place == last else 0 if place < grace else max(0, min(each - charged, left))
        left -= principal
        rows.append((principal, charged, left))
    return rows


def _flat_charges(terms: Terms, balance: int, parts: Sequence[Decimal]) -> tuple[list[int], int]:
    """The interest of every period, and the instalment: each period's rounded, or the term's once and divided."""
    count = len(parts)
    if terms.flat_interest == "each_period":
        charges = [interest(balance, part) for part in parts]
        return charges, rounded(Decimal(balance + sum(charges)) / count, terms.multiple)
    whole = minor(sum((CONTEXT.multiply(Decimal(balance), part) for part in parts), Decimal(0)))
    share = minor(Decimal(whole) / count)
    each = rounded(Decimal(minor(Decimal(balance) / count) + share), terms.multiple)
    return [share] * (count - 1) + [whole - share * (count - 1)], each


def _deferred(rows: list[tuple[int, int, int]], waits: int) -> list[tuple[int, int, int]]:
    """The interest of the first instalments is due with the one after them."""
    if not waits:
        return rows
    later = sum(charged for _, charged, _ in rows[:waits])
    return [
        (principal, 0 if place < waits else charged + later * (place == waits), left)
        for place, (principal, charged, left) in enumerate(rows)
    ]
