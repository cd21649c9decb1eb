"""Close a day for deposits: what is due, the quarter's interest of demand savings, one accrual a product.

Three steps of :mod:`farthing.kernel.day`. What happens at the start of a day is done at the close of the day before,
effective on its own day. The cost grows with what happens that day: due deposits are found by an index, demand
deposits are touched on their settlement day only, and the accrual of a product is read off its control totals.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from farthing.db.tx import Tx
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import Refusal
from farthing.kit.money import Money, exponent
from farthing.kit.rates import round_fraction
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry
from farthing.products.deposit import Terms
from farthing.savings.control import store as control
from farthing.savings.control.store import Flow
from farthing.savings.deposits import entries, rules, store
from farthing.savings.deposits.model import Account
from farthing.savings.deposits.rules import Prepared, Told
from farthing.savings.deposits.service import keep_stories, pinned
from farthing.savings.rules import behaviour
from farthing.savings.rules.accounts import deposit_path, deposit_paths, payable_path
from farthing.savings.rules.books import Line, accrued_in_books
from farthing.savings.rules.common import Together
from farthing.savings.rules.interest import earning_minor
from farthing.savings.rules.model import Facts
from farthing.savings.shelf import service as catalogue

LOG = logging.getLogger("farthing.savings")

IN_ONE_ENTRY = 999
"""Demand deposits whose interest one entry pays: an entry has at most 1,000 postings."""
QUARTER_PIECE = 8 * IN_ONE_ENTRY
"""Demand deposits that one transaction settles."""
_SINCE = 5
"""Where a row to settle says when its running quarter began."""
FLOWS = 10_000
"""Changes of control totals that one transaction takes in."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A due deposit, decided: the changes and the entries that carry them, chained."""

    terms: Terms
    facts: Facts
    made: Prepared
    commands: tuple[JournalEntry, ...]


@operation("savings.fall_due", title=Words("Deposits due", "存款到期处理"), permission="kernel:close_day", whose=STAFF)
def fall_due(tx: Tx, command: CloseStep) -> Stepped:
    """Maturities, renewals, draws, cycles, instalments that are collected and notices that lapse, a piece of them.

    A deposit whose money cannot be paid (a closed wallet) stays due and is tried again at the next close. ``after`` is
    ``<day it was due>|<deposit>`` of the last one.
    """
    due_on, _, after = command.after.partition("|")
    due = store.due(tx, command.on, (date.fromisoformat(due_on) if due_on else date.min, after), PIECE)
    facts = {board: catalogue.facts(tx, board) for board in {account.board for account in due}}
    cases = [_case(tx, account, facts[account.board], command.on) for account in due]
    cases = _posted(tx, cases, command.on)
    store.save_all(tx, [(case.made.before, case.made.after) for case in cases if case.made.before is not None])
    keep_stories(tx, [(case.terms, case.made) for case in cases])
    for case in cases:
        if case.made.after.deposit.closed_on is not None:
            ledger.close_account(tx, deposit_path(case.terms, case.made.after.id))
    return Stepped(len(cases), f"{due[-1].close_on}|{due[-1].id}" if len(due) == PIECE else None)


def _case(tx: Tx, account: Account, facts: Facts, on: date) -> _Case:
    _, terms = catalogue.terms(tx, account.product, account.version)
    kept = pinned(account, terms)
    return _decided(terms, facts, kept, rules.at_close(terms, facts, kept, on), on)


def _decided(terms: Terms, facts: Facts, account: Account, told: Sequence[Told], on: date) -> _Case:
    made = rules.prepared(terms, facts, account, told, on + timedelta(days=1))
    commands = []
    for number, each in enumerate(told, account.number + 1):
        commands += entries.entries(terms, each.change, account.id, number, account.payout)
    chained = tuple(replace(entry, linked=entry is not commands[-1]) for entry in commands)
    return _Case(terms, facts, made, chained)


def _posted(tx: Tx, cases: Sequence[_Case], on: date) -> list[_Case]:
    """Post all chains; a collected instalment that is not there becomes a note, other refusals wait for the next close."""
    answers = iter(ledger.post(tx, [entry for case in cases for entry in case.commands]))
    accepted = []
    for case in cases:
        refused = [answer for _ in case.commands if isinstance(answer := next(answers), Refusal)]
        if not refused:
            accepted.append(case)
            continue
        account = case.made.before
        assert account is not None
        if rules.instalment_told(case.terms, case.facts, account, on):
            note = _decided(case.terms, case.facts, account, [rules.expected_note(account.deposit, on)], on)
            accepted.append(note)
        else:
            LOG.warning("deposit %s could not be paid and stays due: %s", account.id, refused[-1])
    return accepted


@operation(
    "savings.settle_quarter", title=Words("Quarter's interest", "季度结息"), permission="kernel:close_day", whose=STAFF
)
def settle_quarter(tx: Tx, command: CloseStep) -> Stepped:
    """Pay a quarter's interest into demand deposits, a piece of one product's: one posting a deposit.

    Where there are many, two rows of pieces run side by side, of the earlier and the later half of all deposits: while
    the database works on one, the other is computed. The first call only tells where they begin (:class:`_Place`).
    """
    groups = settling(tx, command.on + timedelta(days=1))
    if not groups:
        return Stepped(0)
    if not command.after:
        middle = store.middle(tx, 2 * QUARTER_PIECE)
        return Stepped(0, str(_Place(0, "", middle, "")), (str(_Place(0, middle, "", middle)),) if middle else ())
    place = _Place.of(command.after)
    version, terms, board, together = groups[place.group]
    group = (terms.product, version, board)
    found = store.to_settle(tx, group, place.after, place.until, QUARTER_PIECE)
    handled = _settle(tx, (terms, board, together), found, command.on + timedelta(days=1))
    following = place.following(found[-1][0] if len(found) == QUARTER_PIECE else None, len(groups))
    return Stepped(handled, None if following is None else str(following))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a piece of a quarter's end begins: ``<group>|<first>|<until>|<after>``.

    ``group`` is a product version that settles that night; its row handles deposits after ``first`` up to ``until``
    (empty: all), of which those up to ``after`` are done.
    """

    group: int
    first: str
    until: str
    after: str

    @classmethod
    def of(cls, text: str) -> _Place:
        """The place that a text names."""
        group, first, until, after = text.split("|")
        return cls(int(group), first, until, after)

    def __str__(self) -> str:
        return f"{self.group}|{self.first}|{self.until}|{self.after}"

    def following(self, last: str | None, groups: int) -> _Place | None:
        """The next piece: after the last deposit, or (none) of the next group; none at the end."""
        if last is not None:
            return replace(self, after=last)
        return replace(self, group=self.group + 1, after=self.first) if self.group + 1 < groups else None


def settling(tx: Tx, credited_on: date) -> list[tuple[str, Terms, str, Together]]:
    """Product versions whose settled interest joins the principal on a day, with each board; none on other days."""
    found = []
    day_before = credited_on - timedelta(days=1)
    for product, version in store.groups(tx):
        _, terms = catalogue.terms(tx, product, version)
        together = behaviour(terms).together
        if together is not None and together.day(terms, day_before) == credited_on:
            found += [(version, terms, board, together) for board in catalogue.boards(tx)]
    return found


def _settle(tx: Tx, group: tuple[Terms, str, Together], found: Sequence[tuple[Any, ...]], on: date) -> int:
    terms, board, together = group
    due = [row for row in found if row[_SINCE] < on]
    if not due:  # nor is a rate asked of a board that no demand deposit follows: it need not quote one
        return 0
    annual = catalogue.board(tx, board).demand(together.priced(terms, on))
    interest_of = together.interest(terms, annual, on)
    ids: list[str] = []
    numbers: list[int] = []
    interests: list[int] = []
    balances: list[int] = []
    slope = added = 0
    for deposit_id, number, balance, ordinary, leap, _, as_of in due:
        ordinary, leap = int(ordinary), int(leap)
        interest = interest_of(balance, ordinary, leap, as_of)
        # The line was earning x (day - as of) + balance-days; it is what earns afterwards x (day - on).
        earned, earns = earning_minor(terms, balance), earning_minor(terms, balance + interest)
        slope += earns - earned
        added += earned * as_of.toordinal() - ordinary - leap - earns * on.toordinal()
        ids.append(deposit_id)
        numbers.append(number)
        interests.append(interest)
        balances.append(balance + interest)
    # The deposits first, as every other change of one: what all pieces share, interest payable and guards, comes last
    # and is held for the shortest time.
    store.settle(tx, on, ids, numbers, interests, balances)
    change = Line(Decimal(slope), Decimal(added))
    control.append_flows(tx, [Flow(terms.product, board, together.line(terms), change)])
    _pay(tx, terms, on, ids, interests)
    return len(ids)


def _pay(tx: Tx, terms: Terms, on: date, ids: Sequence[str], interests: Sequence[int]) -> None:
    paths = deposit_paths(terms, ids)
    made = []
    for start in range(0, len(ids), IN_ONE_ENTRY):
        part = slice(start, start + IN_ONE_ENTRY)
        made.append(entries.settlement(terms, on, ids[start], list(zip(paths[part], interests[part], strict=True))))
    ledger.post_all(tx, [entry for entry in made if entry is not None])


@operation("savings.accrue", title=Words("Products accrued", "计提利息"), permission="kernel:close_day", whose=STAFF)
def accrue(tx: Tx, command: CloseStep) -> Stepped:
    """Take the day's changes into the control totals, then post what each product owes more than its books say.

    One entry a product: Dr interest expense, Cr interest payable, for round(total accrued) less the payable balance.
    """
    waiting = control.waiting_flows(tx, FLOWS)
    if waiting:
        sums: dict[tuple[str, str, str], Line] = {}
        for _, flow in waiting:
            key = (flow.product, flow.board, flow.line)
            sums[key] = sums.get(key, Line()) + flow.change
        control.take_in(tx, [each for each, _ in waiting], [Flow(*key, change) for key, change in sorted(sums.items())])
        if len(waiting) == FLOWS:
            return Stepped(0, f"{int(command.after or 0) + 1}")
    return Stepped(_accrue(tx, command.on))


def _accrue(tx: Tx, on: date) -> int:
    until = on + timedelta(days=1)
    totals = control.totals(tx)
    boards = {name: catalogue.board(tx, name) for name in {name for _, name in totals}}
    terms_of = {each.product: each for each in catalogue.offered(tx)}
    owed: dict[str, Money] = {}
    for (product, name), lines in totals.items():
        terms = terms_of[product]
        exact = accrued_in_books(lines, boards[name], until) / 10 ** exponent(terms.currency)
        amount = round_fraction(exact, terms.currency)
        owed[product] = owed[product] + amount if product in owed else amount
    booked = ledger.balances_of(tx, [payable_path(terms_of[product]) for product in owed])
    made = [
        entries.accrual(terms_of[product], on, amount - booked[payable_path(terms_of[product])].owed())
        for product, amount in owed.items()
    ]
    posted = ledger.post_all(tx, [entry for entry in made if entry is not None])
    return len(posted)
