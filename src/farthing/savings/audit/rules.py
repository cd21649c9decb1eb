"""Own the rules by which a deposit is found whole or wanting: what must follow from its account's postings. Pure.

Demand deposits are folded from their postings alone, in whole numbers and by other arithmetic than the close of a
quarter uses (positions on the calendar instead of spans). Every other product is replayed by its own rules from what
was asked of it. Either way the events that are kept must say what the postings say. Never repairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from farthing.kit import findings
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.kit.rates import round_ratio
from farthing.payments.wallets import wallet_path
from farthing.products.deposit import Terms
from farthing.products.rates import RateBoard
from farthing.savings.deposits.entries import DEPOSIT, INTEREST, WITHDRAWAL, interest_of
from farthing.savings.deposits.model import Account, EventLine
from farthing.savings.deposits.rules import NOTES, FactsOn, Told, replayed
from farthing.savings.rules import behaviour, close_on
from farthing.savings.rules.interest import DENOMINATORS, earning_minor
from farthing.savings.rules.model import Deposit

Movement = tuple[str, int, int]
"""One posting of a deposit's account: the entry's kind, minor units on the account's own side, ordinal day."""


@dataclass(frozen=True, slots=True)
class Audit(findings.Audit):
    """What was derived again, and everything that was found wrong."""

    deposits: int
    events: int
    interest_minor: int


class Row(NamedTuple):
    """A deposit's row as the audit of demand deposits reads it; days are ordinals."""

    id: str
    number: int
    product: str
    version: str
    board: str
    opened: int
    closed: int | None
    balance: int
    since: int
    as_of: int
    balance_days: Decimal
    leap_balance_days: Decimal
    close: int | None
    party_id: str
    payout: str
    currency: str
    plain: bool
    """Neither rate nor maturity nor detail, of which demand savings have none."""


EventRow = tuple[str, int, int, int, int, int, int]
"""An event as the audit reads it: deposit, number, ordinal day, principal in and out, interest, balance after it.

Plain tuples: a million small objects of any other kind would keep the collector of garbage busy.
"""


def day_text(day: int) -> str:
    """An ordinal day as people read it."""
    return date.fromordinal(day).isoformat() if 1 <= day <= date.max.toordinal() else f"day {day}"


class Measure:
    """What a version of a demand product pays under a board: positions on the calendar, rates, settlement days."""

    def __init__(self, terms: Terms, board: RateBoard, home: str) -> None:
        together = behaviour(terms).together
        if together is None:
            raise InvariantBroken(f"{terms.product} does not settle all deposits on one day")
        self.terms, self.board, self.home, self.together = terms, board, home, together
        self.day_count = terms.demand_basis.day_count
        self.year = DENOMINATORS[self.day_count]
        self._positions: dict[int, tuple[int, int]] = {}
        self._rates: dict[int, Fraction] = {}
        self._settlements: dict[int, int] = {}
        self._priced: dict[int, int] = {}

    def position(self, day: int) -> tuple[int, int]:
        """Days until the start of an ordinal day, counted from the calendar's first: (ordinary, in leap years).

        What a span counts is the difference of its ends' positions.
        """
        found = self._positions.get(day)
        if found is None:
            found = self._positions[day] = self._position(day)
        return found

    def _position(self, day: int) -> tuple[int, int]:
        on = date.fromordinal(day)
        if self.day_count == "30E/360":
            return 360 * on.year + 30 * on.month + min(on.day, 30), 0
        if self.day_count != "actual/actual":
            return day, 0
        past = on.year - 1
        leap = 366 * (past // 4 - past // 100 + past // 400)
        if on.year % 4 == 0 and (on.year % 100 != 0 or on.year % 400 == 0):
            leap += on.timetuple().tm_yday - 1
        return day - leap, leap

    def interest(self, ordinary: int, leap: int, priced_on: int) -> int:
        """Minor units on balance-days at the demand rate of a day, rounded once by the product's rounding."""
        rate = self._rates.get(priced_on)
        if rate is None:
            rate = self._rates[priced_on] = Fraction(self.board.demand(date.fromordinal(priced_on)))
        whole = ordinary * rate.numerator * 366 + leap * rate.numerator * self.year
        return round_ratio(whole, rate.denominator * self.year * 366, self.terms.rounding)

    def settles_after(self, day: int) -> int:
        """The first day after another on which a quarter's interest joins the principal."""
        found = self._settlements.get(day)
        if found is None:
            found = self._settlements[day] = self.together.day(self.terms, date.fromordinal(day)).toordinal()
        return found

    def priced_on(self, day: int) -> int:
        """The day whose rate is paid, of interest that joins the principal on another."""
        found = self._priced.get(day)
        if found is None:
            found = self._priced[day] = self.together.priced(self.terms, date.fromordinal(day)).toordinal()
        return found


class Folded:
    """A demand deposit derived from its postings alone: its state, and the interest that should have been posted."""

    __slots__ = ("as_of", "balance", "due", "interest", "leap", "measure", "ordinary", "problems", "since")

    def __init__(self, measure: Measure, opened: int) -> None:
        self.measure = measure
        self.since = self.as_of = opened
        self.due = measure.settles_after(opened)
        self.balance = self.ordinary = self.leap = self.interest = 0
        self.problems: list[str] = []

    def fold(self, movements: Sequence[Movement], closed: int | None, until: int) -> None:
        """Walk through the postings, and to the settlements until the start of a day."""
        paid_at_close = False
        for kind, amount, day in movements:
            settled = False
            while self.due <= day and not settled:
                settled = kind == INTEREST and day == self.due
                self._settle(amount if settled else 0)
            if kind == INTEREST and not settled:
                self._close(amount, day, closing=day == closed and not paid_at_close)
                paid_at_close = True
            elif not settled:
                self._advance(day)
            self.balance += amount
        last = until if closed is None else closed
        while self.due <= last:
            self._settle(0)
        if closed is not None:
            if not paid_at_close:
                self._close(0, closed, closing=True)
            self.as_of, self.ordinary, self.leap = closed, 0, 0

    def _advance(self, day: int) -> None:
        if day != self.as_of:
            (ordinary, leap), (before, leap_before) = self.measure.position(day), self.measure.position(self.as_of)
            earns = earning_minor(self.measure.terms, self.balance)
            self.ordinary += earns * (ordinary - before)
            self.leap += earns * (leap - leap_before)
            self.as_of = day

    def _settle(self, posted: int) -> None:
        day = self.due
        self._advance(day)
        priced_on = self.measure.priced_on(day)
        self._compare(posted, self.measure.interest(self.ordinary, self.leap, priced_on), day)
        self.ordinary = self.leap = 0
        self.since = day
        self.due = self.measure.settles_after(day)

    def _close(self, posted: int, day: int, *, closing: bool) -> None:
        if closing:
            self._advance(day)
            self._compare(posted, self.measure.interest(self.ordinary, self.leap, day), day)
        else:
            self._compare(posted, 0, day)

    def _compare(self, posted: int, due: int, day: int) -> None:
        self.interest += posted
        if posted != due:
            self.problems.append(f"was paid {posted} minor units on {day_text(day)}, its postings earned {due}")


def check_demand(
    measure: Measure, row: Row, movements: Sequence[Movement], events: Sequence[EventRow], today: int
) -> tuple[list[Finding], int]:
    """Everything that must follow from a demand deposit's postings; answers findings and the interest posted."""
    if not movements:
        return [Finding("deposit.account", row.id, "has no posting in the ledger")], 0
    folded = Folded(measure, movements[0][2])
    try:
        folded.fold(movements, row.closed, _settled_until(row, today))
    except Refusal as refusal:
        return [Finding("deposit.interest", row.id, f"cannot be derived: {refusal}")], 0
    found = [Finding("deposit.interest", row.id, problem) for problem in folded.problems]
    state: tuple[Decimal | int, ...] = (
        movements[0][2],
        folded.balance,
        folded.since,
        folded.as_of,
        folded.ordinary,
        folded.leap,
    )
    kept_state: tuple[Decimal | int, ...] = (
        row.opened,
        row.balance,
        row.since,
        row.as_of,
        row.balance_days,
        row.leap_balance_days,
    )
    if state != kept_state:
        for name, kept, derived in zip(_STATE, kept_state, state, strict=True):
            if kept != derived:
                found.append(
                    Finding(
                        f"deposit.{name}", row.id, f"is {_shown(name, kept)}, its postings say {_shown(name, derived)}"
                    )
                )
    if not row.plain:
        found.append(
            Finding("deposit.detail", row.id, "has a rate, a maturity or a detail, which demand savings have not")
        )
    if row.close not in (None, row.opened):
        problem = f"is {_shown('close_on', row.close or 0)}, the calendar decides alone"
        found.append(Finding("deposit.close_on", row.id, problem))
    found += check_payout(row, measure.terms, measure.home)
    found += check_events(row.id, row.number, movements, events)
    return found, folded.interest


def check_payout(row: Row, terms: Terms, home: str) -> list[Finding]:
    """What a deposit pays by itself goes to its holder's wallet, in its product's currency."""
    found = []
    try:
        wallet = wallet_path(row.party_id, terms.currency, home)
    except Refusal as refusal:
        wallet = f"no account: {refusal}"
    for name, kept, derived in (("currency", row.currency, terms.currency), ("payout", row.payout, wallet)):
        if kept != derived:
            found.append(Finding(f"deposit.{name}", row.id, _says(kept, derived)))
    return found


def _settled_until(row: Row, today: int) -> int:
    """The day until which settlements are done: today, tomorrow where the close of today has come to this deposit
    already, and the day before where the deposit was opened too late in a settlement's night and still waits."""
    if row.close is not None and row.since <= row.close < today:
        return row.close
    return today + 1 if row.since == today + 1 else today


_STATE = ("opened_on", "balance_minor", "since_on", "as_of_on", "balance_days", "leap_balance_days")


def _shown(name: str, value: int | Decimal) -> str:
    return day_text(int(value)) if name.endswith("_on") else str(value)


def check_events(
    deposit_id: str, number: int, movements: Sequence[Movement], events: Sequence[EventRow]
) -> list[Finding]:
    """Events are numbered without a hole to the deposit's number, and say what the postings say, one by one."""
    found = []
    told: list[Movement] = []
    before = last = 0
    for event in events:
        _, event_number, day, paid_in, paid_out, interest, balance = event
        last += 1
        if event_number != last:
            problem = f"is missing: {event_number} follows {last - 1}"
            return [Finding("deposit_event", f"{deposit_id} event {last}", problem)]
        if paid_in:
            told.append((DEPOSIT, paid_in, day))
        if interest:
            told.append((INTEREST, interest, day))
        out = before + paid_in + interest - balance
        if out:
            told.append((WITHDRAWAL, -out, day))
        if not min(0, interest) <= out - paid_out <= max(0, interest):
            found.append(
                Finding(
                    "deposit_event",
                    f"{deposit_id} event {last}",
                    f"leaves {balance} minor units, {before} and what moved leave {before + paid_in + interest - paid_out}",
                )
            )
        before = balance
    if last != number:
        found.append(Finding("deposit.number", deposit_id, f"is {number}, {last} events are kept"))
    if told != movements:
        found.append(_first_difference(deposit_id, told, movements))
    return found


def _first_difference(deposit_id: str, told: Sequence[Movement], movements: Sequence[Movement]) -> Finding:
    for place in range(max(len(told), len(movements))):
        said = told[place] if place < len(told) else None
        posted = movements[place] if place < len(movements) else None
        if said != posted:
            return Finding(
                "deposit_event",
                f"{deposit_id} posting {place + 1}",
                f"is {_moved(posted)}, its events say {_moved(said)}",
            )
    return Finding("deposit_event", deposit_id, "says what its postings say")


def _moved(movement: Movement | None) -> str:
    if movement is None:
        return "not there"
    kind, minor, day = movement
    return f"{kind} of {minor} minor units on {day_text(day)}"


def check_replayed(
    terms: Terms, facts_on: FactsOn, account: Account, events: Sequence[EventLine], today: date
) -> list[Finding]:
    """A deposit's story told again by its product's rules from what was asked of it, compared change by change.

    What is due and was not done yet is no finding where the deposit stays due: its money could not be paid.
    """
    kept = [event for event in events if event.what not in NOTES]
    until = max(today, account.lines_on)
    try:
        told = replayed(terms, facts_on, account.deposit.agreement, events, until, end_of_day=False)
    except (Refusal, InvariantBroken) as refusal:
        return [Finding("deposit_event", account.id, f"cannot be told again by its rules: {refusal}")]
    found = []
    for event, each in zip(kept, told, strict=False):
        derived = _figures(terms, each)
        recorded = (event.on, event.principal_in, event.principal_out, event.interest, event.balance)
        for name, is_kept, is_derived in zip(_FIGURES, recorded, derived, strict=True):
            if is_kept != is_derived:
                found.append(
                    Finding(f"deposit_event.{name}", f"{account.id} event {event.number}", _says(is_kept, is_derived))
                )
    waits = account.close_on is not None and account.close_on < today
    looks_on = close_on(terms, account.deposit, account.lines_on, facts_on(today).board)
    if account.close_on != looks_on:
        found.append(Finding("deposit.close_on", account.id, _says(account.close_on, looks_on)))
    if len(kept) > len(told) or (len(kept) < len(told) and not waits):
        problem = f"has {len(kept)} changes, its rules make {len(told)}"
        found.append(Finding("deposit_event", account.id, problem))
    elif kept:
        found += _state_differs(account, told[len(kept) - 1].change.deposit)
    return found


_FIGURES = ("happened_on", "principal_in", "principal_out", "interest", "balance")


def _figures(terms: Terms, told: Told) -> tuple[date, Money, Money, Money, Money]:
    change = told.change
    return change.on, change.principal_in, change.principal_out, interest_of(terms, change), change.deposit.balance


def _state_differs(account: Account, derived: Deposit) -> list[Finding]:
    return [
        Finding(f"deposit.{each.name}", account.id, _says(is_kept, is_derived))
        for each in fields(Deposit)
        if (is_kept := getattr(account.deposit, each.name)) != (is_derived := getattr(derived, each.name))
    ]


def _says(kept: Any, derived: Any) -> str:
    return f"is {kept}, its rules say {derived}"
