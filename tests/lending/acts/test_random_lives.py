"""Laws over random lives of two twin loans through the bank itself: its operations, PostgreSQL, and closes of days.

What the second twin is told late, the first is told in time. Neither ever has what the other has not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from farthing.bank.founding import agreed
from farthing.kit.calendar import month_end
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending import keeping_service as keeping
from farthing.lending import life
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import (
    RESCHEDULES,
    Charge,
    ChooseSurplus,
    GiveMoney,
    GiveUp,
    LowerRate,
    PauseInterest,
    Recover,
    RepayAsOf,
    Reschedule,
    ReverseEvent,
    Waive,
)
from farthing.lending.books_service import entries_of
from farthing.lending.model import Loan, LoanCommand, Repay
from farthing.lending.owed import Obligation
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.banks import Shelf
from tests.lending.acts.doing import clean
from tests.lending.house import CARD, House
from tests.parties.people import register_person

WORDS = "as the board decided"
EXAMPLES = 4 if settings.default.derandomize else 30
"""Few where the suite runs, each of which closes some weeks of days; many where laws are searched for."""
LATE = ("repay", "charge", "waive", "pause")
"""What the second twin is told days later."""
KINDS = (
    *LATE, "repay", "repay", "earn", "settle", "lower", *RESCHEDULES, "goodwill", "choose", "reverse", "charge_off", "write_off",
    "recover", "refund",
)  # fmt: skip
Step = tuple[int, str, int, int]
steps = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(KINDS), st.integers(1, 40_000), st.integers(0, 6)),
    min_size=2,
    max_size=7,
)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


@dataclass
class Twin:
    """A borrower, the loan, and what came into the wallet and left it beside the loan, in minor units."""

    house: House
    loan_id: str
    came: int = -150_000
    refused: list[str] = field(default_factory=list)

    @property
    def wallet(self) -> Money:
        found: Money = self.house.bank.read(lambda tx: payments.wallet(tx, self.house.party.id)).balance
        return found

    def earn(self, minor: int) -> None:
        if minor > 0:
            self.house.bank.run(payments.top_up, MoveByRail(self.house.party.id, cny(minor), CARD))
            self.came += minor

    def spend(self) -> None:
        if left := self.wallet:
            self.house.bank.run(payments.pay_out, MoveByRail(self.house.party.id, left, CARD))
            self.came -= left.minor

    def do(self, operation: Any, command: Any) -> bool:
        """Whether it was done; what is refused is noted."""
        try:
            agreed(self.house.bank.kernel, operation, command)
        except Refusal as refusal:
            self.refused.append(refusal.code)
            return False
        return True


def twins(house: House) -> list[tuple[Any, str]]:
    """Two borrowers with a loan each that is like the other's, and nothing in their wallets."""
    party = register_person(house.bank, 1)
    house.bank.run(parties.verify_identity, VerifyIdentity(party.id))
    house.bank.run(payments.open_wallet, OpenWallet(party.id))
    other = House.of(house.bank, party)
    other.bring()
    found = [(each.party, each.active("1500").id) for each in (house, other)]
    for party, _ in found:
        house.bank.run(payments.pay_out, MoveByRail(party.id, cny(150_000), CARD))
    return found


def twins_late(house: House) -> list[tuple[Any, str]]:
    """As :func:`twins`, and some days after the first instalment fell due."""
    made = twins(house)
    house.wait(house.loan(made[0][1]).instalments[0].due_on + timedelta(days=9))
    return made


def command(twin: Twin, kind: str, size: int, on: date | None) -> tuple[Any, Any]:
    """The operation and the command of a step, of today or of an earlier day."""
    loan_id, today = twin.loan_id, twin.house.today
    loan, day = twin.house.loan(loan_id), on or today
    if kind == "repay":
        twin.earn(size)
        return (lending.repay, Repay(loan_id, cny(size))) if on is None else (
            acts.repay_as_of, RepayAsOf(loan_id, cny(size), on, WORDS))  # fmt: skip
    if kind == "settle":
        price = twin.house.bank.read(lambda tx: lending.owed(tx, loan_id))[1].amount
        twin.earn(max(0, (price - twin.wallet).minor))
        return lending.settle, LoanCommand(loan_id)
    if kind == "recover":
        twin.earn(size)
        return acts.recover, Recover(loan_id, cny(size))
    if kind == "reverse":
        told = twin.house.bank.read(lambda tx: acts.story(tx, loan_id))
        return acts.reverse_event, ReverseEvent(loan_id, told[size % len(told)].id, WORDS)
    if kind in RESCHEDULES:
        due = next((each.due_on for each in loan.instalments if each.due_on >= today and each.left), today)
        said: dict[str, Any] = {
            "move_due": {"due_on": due, "until": due + timedelta(days=size % 40)}, "add_instalments": {"count": 1 + size % 3},
            "re_age": {"due_on": today + timedelta(days=1 + size % 40), "count": 1 + size % 9}, "re_amortise": {},
        }[kind]  # fmt: skip
        return acts.reschedule, Reschedule(loan_id, kind, WORDS, **said)
    component = ("fee", "penalty", "interest")[size % 3]
    simple: dict[str, tuple[Any, Any]] = {
        "charge": (acts.charge, Charge(loan_id, component if size % 3 < 2 else "fee", cny(size), WORDS, month_end(day), on)),
        "waive": (acts.waive, Waive(loan_id, component, cny(1 + size % 900), WORDS, on=on)),
        "pause": (acts.pause_interest, PauseInterest(loan_id, day + timedelta(days=size % 50), WORDS, on=on)),
        "lower": (acts.lower_rate, LowerRate(loan_id, Decimal(size % 120) / 1000, WORDS)),
        "goodwill": (acts.goodwill, GiveMoney(loan_id, cny(size), WORDS)),
        "choose": (acts.choose_surplus, ChooseSurplus(loan_id, ("shorter", "smaller")[size % 2])),
        "charge_off": (acts.charge_off, GiveUp(loan_id, WORDS)), "write_off": (acts.write_off, GiveUp(loan_id, WORDS)),
        "refund": (acts.refund_credit, GiveMoney(loan_id, cny(size), WORDS)),
    }  # fmt: skip
    return simple[kind]


def lived(both: list[Twin], found: list[Step], asked: Callable[..., Any] = command) -> list[str]:
    """Both live through the steps; of what may be told late, the second is told so many days later. Answers what was done.
    ``asked``: the operation and the command of a step."""
    first, second = both
    made = []
    for days, kind, size, late in found:
        first.house.wait(first.house.today + timedelta(days=days))
        if kind == "earn":
            for twin in both:
                twin.earn(size)
            continue
        today = first.house.today
        waits = min(late, (month_end(today) - today).days) if kind in LATE else 0
        if waits:
            for twin in both:
                twin.spend()
        done = first.do(*asked(first, kind, size, today if waits and kind == "repay" else None))
        if waits and done:
            first.house.wait(today + timedelta(days=waits))
            assert second.do(*asked(second, kind, size, today)), (kind, second.refused)
        elif not waits:
            assert second.do(*asked(second, kind, size, None)) == done, (kind, first.refused, second.refused)
        if waits and not done:
            first.spend()
        made += [kind] if done else []
    first.house.wait(first.house.today + timedelta(days=1))  # what falls due today is told of by the close of today
    return made


def owed(loan: Loan) -> list[tuple[int, date, Obligation]]:
    """What there is of a loan's obligations: one that an event took out of the plan is kept as nothing."""
    every = [(each.number, each.due_on, one) for each in loan.instalments for one in each.obligations]
    return [
        (number, on, one) for number, on, one in every if any((one.amount, one.paid, one.written_off, one.recognised))
    ]


def laws(twin: Twin) -> dict[str, int]:
    """What holds of a loan whatever happened to it; answers what its entries hold by account."""
    found = twin.house.bank.read(lambda tx: keeping.life_of(tx, twin.loan_id))
    on = twin.house.today
    state, kept_on = life.stands(found, on), found.as_of_on or on
    assert owed(found.loan) == owed(life.view(found, life.stands(found, kept_on), kept_on))
    loan = life.view(found, state, on)
    held: Counter[str] = Counter()
    for posted in twin.house.bank.read(lambda tx: entries_of(tx, loan)):
        for each in posted.entry.postings:
            name = each.account.replace(loan.short_id, "L").replace(twin.house.party.id.removeprefix("party_"), "B")
            held[name] += each.amount.minor
    assert twin.wallet.minor == twin.came - held["liabilities:wallets:B"], "what the wallet holds is not what moved"
    paid_in = held["liabilities:wallets:B"] + 150_000 + held["expenses:goodwill:rainy-day-loan"]
    parts = [one for each in loan.instalments for one in each.obligations]
    assert all(min(one.amount.minor, one.paid.minor, one.waived.minor, one.left.minor) >= 0 for one in parts)
    recovered = sum(each.lost for each in state.splits)
    assert paid_in == sum(one.paid.minor for one in parts) + state.over + recovered
    assert sum(one.amount.minor for one in parts if one.component == "principal") == loan.principal.minor
    assert 0 <= loan.outstanding.minor <= loan.principal.minor
    return {path: amount for path, amount in held.items() if amount}


@pytest.mark.long
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps, st.booleans())
def test_what_is_paid_is_what_it_was_for_and_told_late_is_told_in_time(
    shelf: Shelf, found: list[Step], late: bool
) -> None:
    with shelf.database() as url:
        house = House(url, lived=twins_late if late else twins)
        both = [Twin(House.of(house.bank, party), loan_id) for party, loan_id in house.made]
        lived(both, found)
        seen = [laws(twin) for twin in both]
        assert seen[0] == seen[1]
        figures = [house.loan(twin.loan_id) for twin in both]
        assert owed(figures[0]) == owed(figures[1])
        assert (figures[0].state, figures[0].owed_back) == (figures[1].state, figures[1].owed_back)
        clean(house)
        house.bank.kernel.database.close()
