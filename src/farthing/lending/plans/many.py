"""Own the schedules of many plans at once: whole columns of instalments, to the minor unit what ``schedule`` makes of each.

Plans of one method, number and grace are walked together, a period at a time; their rates, days, amounts and multiples
differ as they like. Everything is an integer. The interest of a period is a balance times a part of nineteen decimals: a
guess in binary fractions is at most one off, and what it leaves of the exact product, taken modulo 2**64, says which way.
So ties fall as they do in the scalar path, nineteen digits and half even among them. What does not fit (a part above one,
a balance beyond ``MOST``, rows by hand) goes the scalar way, plan by plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farthing.kit.money import Money
from farthing.lending.plans.days import due_days
from farthing.lending.plans.factors import CONTEXT
from farthing.lending.plans.schedule import TRIES, down_payment, growths, parts_of, rounded, schedule
from farthing.lending.plans.terms import Row, Terms

Whole = NDArray[np.int64]
Parts = NDArray[np.uint64]
SCALE = 10**19
MOST = 2**49
"""Minor units above which a binary fraction may be more than one off: 5,600,000,000,000.00 of a currency with cents."""
MOST_MULTIPLE, MOST_INSTALMENTS = 2**40, 2**11
"""So that an instalment times their number, and a multiple times it, stay whole numbers of a word."""
HALF = np.int64(SCALE // 2)
_SCALE = np.uint64(SCALE)
_POWERS = np.array([10**place for place in range(17)], dtype=np.int64)
_TENS = _POWERS[1:]


@dataclass(frozen=True, slots=True)
class Ask:
    """One plan that is asked for: its terms, how much is paid out in one sum, and when."""

    terms: Terms
    paid_out: Money
    on: date


@dataclass(slots=True)
class Schedules:
    """Schedules of plans with equally many instalments: a line for each plan, a column for each instalment, in minor units.

    ``places``: which of the asked plans each line answers. ``down``: what falls due on the day of payment out.
    """

    places: list[int]
    days: list[tuple[date, ...]]
    down: list[int]
    principal: Whole
    interest: Whole

    def rows(self, line: int, on: date) -> tuple[Row, ...]:
        """One line as the rows that ``schedule`` gives."""
        down, days = self.down[line], self.days[line]
        principal, interest = self.principal[line].tolist(), self.interest[line].tolist()
        left, found = sum(principal), []
        if down:
            found.append(Row(1, on, on, down, 0, left))
        for start, due, part, charged in zip((on, *days[:-1]), days, principal, interest, strict=True):
            left -= part
            found.append(Row(len(found) + 1, start, due, part, charged, left))
        return tuple(found)


@dataclass(slots=True)
class _Class:
    """Plans that are walked together."""

    places: list[int] = field(default_factory=list)
    days: list[tuple[date, ...]] = field(default_factory=list)
    down: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Kind:
    """What plans of the same terms and first day share."""

    number: int
    days: tuple[date, ...]
    parts: list[Decimal]
    fits: bool
    growth: tuple[Decimal, Decimal]


def schedules(asked: Sequence[Ask]) -> list[Schedules]:
    """The schedules of many plans; each is answered once, with others of its shape."""
    kinds: dict[tuple[Terms, date], _Kind] = {}
    classes: dict[tuple[Any, ...], _Class] = {}
    found: list[Schedules] = []
    for place, each in enumerate(asked):
        terms = each.terms
        kind = kinds.get((terms, each.on))
        if kind is None:
            kind = kinds[terms, each.on] = _kind(len(kinds), terms, each.on)
        if not kind.fits or not 0 < each.paid_out.minor < MOST:
            found.append(_alone(place, each))
            continue
        shape = (terms.method, terms.instalments, terms.grace_principal, terms.grace_interest)
        chosen = classes.setdefault(shape, _Class())
        chosen.places.append(place)
        chosen.days.append(kind.days)
        chosen.kinds.append(kind.number)
        chosen.down.append(down_payment(terms, each.paid_out.minor) if terms.down_payment else 0)
    listed = list(kinds.values())
    return found + [_together(asked, each, listed) for each in classes.values()]


def _kind(number: int, terms: Terms, on: date) -> _Kind:
    days = due_days(terms, on)
    parts = parts_of(terms, on, days)
    by_hand = terms.method == "custom" or (terms.method == "flat" and terms.flat_interest == "whole_term")
    growth = (
        growths(parts[min(terms.grace_principal, len(parts) - 1) :]) if terms.method == "equal_instalment" else None
    )
    fits = not by_hand and max(parts) < 1 and terms.multiple < MOST_MULTIPLE and len(parts) <= MOST_INSTALMENTS
    return _Kind(number, days, parts, fits, growth or (Decimal(1), Decimal(1)))


def _alone(place: int, ask: Ask) -> Schedules:
    """The scalar way, for what does not fit."""
    rows = schedule(ask.terms, ask.paid_out, ask.on)
    down = rows[0].principal if len(rows) > ask.terms.instalments else 0
    rows = rows[-ask.terms.instalments :]
    whole = np.array([[[row.principal for row in rows]], [[row.interest for row in rows]]], dtype=object)
    fits = max(ask.paid_out.minor, *(row.interest for row in rows)) < 2**62
    principal, interest = whole.astype(np.int64) if fits else whole
    return Schedules([place], [tuple(row.due_on for row in rows)], [down], principal, interest)


def _together(asked: Sequence[Ask], chosen: _Class, kinds: list[_Kind]) -> Schedules:
    """All plans of one shape, a period at a time."""
    plans = [asked[place] for place in chosen.places]
    used = {number: line for line, number in enumerate(dict.fromkeys(chosen.kinds))}
    table = np.array([[int(part.scaleb(19)) for part in kinds[number].parts] for number in used], dtype=np.uint64)
    parts: Parts = table[np.array([used[number] for number in chosen.kinds])].T
    balance = np.array([each.paid_out.minor for each in plans], dtype=np.int64) - np.array(chosen.down, dtype=np.int64)
    kept = np.array([each.terms.balloon.minor if each.terms.balloon else 0 for each in plans], dtype=np.int64)
    kept = np.minimum(kept, balance)
    multiple = np.array([each.terms.multiple for each in plans], dtype=np.int64)
    terms, count = plans[0].terms, len(parts)
    grace, lines = min(terms.grace_principal, count - 1), len(plans)
    if terms.method == "flat":
        principal, interest = _flat(balance, parts, grace, multiple)
    elif terms.method in ("interest_only", "bullet"):
        principal, interest = _walk(balance, parts, count - 1, np.zeros(lines, dtype=np.int64), False)
    elif terms.method == "equal_principal":
        each = _nearest(balance - kept, np.full(lines, count - grace, dtype=np.int64), multiple)
        principal, interest = _walk(balance, parts, grace, each, False)
    else:
        growth = [kinds[number].growth for number in chosen.kinds]
        first = _first_level(balance.tolist(), kept.tolist(), growth, multiple.tolist())
        principal, interest = _level(balance, kept, parts, grace, multiple, first)
    waits = count - 1 if terms.method == "bullet" else terms.grace_interest
    if waits:
        interest[waits] += interest[:waits].sum(axis=0)
        interest[:waits] = 0
    return Schedules(chosen.places, chosen.days, chosen.down, principal.T, interest.T)


def interest_of(balance: Whole, part: Parts) -> Whole:
    """What balances in minor units bear in a period, as ``factors.interest`` has it. ``part``: times 10**19, below that.

    The guess is off by at most one, so the exact product less the guess fits into a signed word: arithmetic that wraps gives
    it. Nineteen digits of the product are kept before it is rounded to a whole: nearer to the half than that is a tie.
    """
    guess: Whole = np.rint(balance * (part / SCALE)).astype(np.int64)
    rest: Whole = (balance.astype(np.uint64) * part - guess.astype(np.uint64) * _SCALE).astype(np.int64)
    whole = guess - (rest < 0)
    digits = np.searchsorted(_TENS, whole, side="right")
    blur = np.where(whole >= 1, _POWERS[digits] * 5, 0)  # half of the last digit that is kept
    beyond = np.abs(rest) - HALF
    moves = np.where(np.abs(beyond) <= blur, guess & 1 == 1, beyond > 0)
    nearest: Whole = guess + np.where(moves, np.sign(rest), 0)
    return nearest


def _nearest(amount: Whole, over: Whole, multiple: Whole) -> Whole:
    """An amount divided and rounded to a multiple, half even."""
    by = over * multiple
    quotient, rest = np.divmod(amount, by)
    twice = 2 * rest
    up = (twice > by) | ((twice == by) & (quotient % 2 == 1))
    nearest: Whole = (quotient + up) * multiple
    return nearest


def _walk(balance: Whole, parts: Parts, grace: int, each: Whole, levelled: bool) -> tuple[Whole, Whole]:
    """Principal and interest by period: ``each`` is the principal, or the instalment where it is ``levelled``."""
    count, left = len(parts), balance.copy()
    principal = np.zeros((count, len(balance)), dtype=np.int64)
    interest = np.zeros_like(principal)
    for place, part in enumerate(parts):
        charged = interest[place] = interest_of(left, part)
        if place == count - 1:
            paid = left
        elif place < grace:
            continue
        else:
            paid = np.clip(each - charged if levelled else each, 0, left)
        principal[place] = paid
        left = left - paid
    return principal, interest


def _first_level(
    balance: list[int], kept: list[int], growth: list[tuple[Decimal, Decimal]], multiple: list[int]
) -> Whole:
    """The instalments before they are improved: one division of nineteen digits for each plan."""
    multiply, subtract, divide = CONTEXT.multiply, CONTEXT.subtract, CONTEXT.divide
    return np.array([
        rounded(divide(subtract(multiply(Decimal(owed), grown), Decimal(last)), following), to)
        for owed, last, (grown, following), to in zip(balance, kept, growth, multiple, strict=True)
    ], dtype=np.int64)  # fmt: skip


def _level(balance: Whole, kept: Whole, parts: Parts, grace: int, multiple: Whole, each: Whole) -> tuple[Whole, Whole]:
    """Equal instalments after the grace, improved; those that are good enough are left as they are."""
    count = len(parts) - grace
    principal, interest = _walk(balance, parts, grace, each, True)
    off = principal[-1] + interest[-1] - kept - each
    open_lines = np.arange(len(balance))
    for _ in range(TRIES):
        open_lines = open_lines[np.abs(off[open_lines]) > count // 2]
        if not len(open_lines):
            break
        over = np.full(len(open_lines), count, dtype=np.int64)
        tried = _nearest(each[open_lines] * count + off[open_lines], over, multiple[open_lines])
        differs = tried != each[open_lines]
        open_lines, tried = open_lines[differs], tried[differs]
        if not len(open_lines):
            break
        other, charged = _walk(balance[open_lines], parts[:, open_lines], grace, tried, True)
        now = other[-1] + charged[-1] - kept[open_lines] - tried
        better = np.abs(now) < np.abs(off[open_lines])
        open_lines = open_lines[better]
        each[open_lines], off[open_lines] = tried[better], now[better]
        principal[:, open_lines], interest[:, open_lines] = other[:, better], charged[:, better]
    return principal, interest


def _flat(balance: Whole, parts: Parts, grace: int, multiple: Whole) -> tuple[Whole, Whole]:
    """Interest on the first principal each period, and equal instalments."""
    count = len(parts)
    interest = np.array([interest_of(balance, part) for part in parts])
    each = _nearest(balance + interest.sum(axis=0), np.full(len(balance), count, dtype=np.int64), multiple)
    principal, left = np.zeros_like(interest), balance.copy()
    for place, charged in enumerate(interest):
        if place < grace and place < count - 1:
            continue
        principal[place] = left if place == count - 1 else np.clip(each - charged, 0, left)
        left = left - principal[place]
    return principal, interest
