"""An origination fee that is kept back and earned over the life of its loan: laws of the figure, and a bank's month's ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.bank.founding import agreed
from farthing.commands.verify import _provisions
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Reschedule
from farthing.lending.agreement import service as contracts
from farthing.lending.audit.service import verify
from farthing.lending.deferral.rules import not_earned
from farthing.lending.model import Loan, LoanCommand
from farthing.lending.shelf import service as shelf
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products.model import Publish
from tests.lending.house import CARD, House, yuan
from tests.lending.limits.law import silent
from tests.lending.test_product_kinds import lent

BEGAN = date(2026, 11, 28)
FEES = 'fees = {origination = "0.01", origination_due = "disbursement", amortised = true}'
DEFERRED, INCOME = "liabilities:deferred-fees:loans:rainy-day-loan", "income:fees:loans"


@given(
    st.integers(0, 10**6), st.integers(0, 10**6), st.lists(st.tuples(st.integers(1, 2000), st.integers(0, 10**8)), min_size=1),
    st.integers(0, 2500), st.integers(0, 400),
)  # fmt: skip
def test_what_is_not_earned_falls_from_all_that_was_paid_to_nothing(
    paid: int, fee: int, rows: list[tuple[int, int]], later: int, more: int
) -> None:
    principal = [(BEGAN + timedelta(days=days), amount) for days, amount in rows]
    on, whole = BEGAN + timedelta(days=later), min(paid, fee)
    left, then = (not_earned(paid, fee, BEGAN, principal, day) for day in (on, on + timedelta(days=more)))
    assert 0 <= then <= left <= whole
    assert not_earned(paid, fee, BEGAN, principal, max(day for day, _ in principal)) == 0
    if any(amount for _, amount in rows):
        assert not_earned(paid, fee, BEGAN, principal, BEGAN) == whole


def test_of_a_loan_that_is_repaid_at_once_the_fee_is_earned_by_the_day() -> None:
    principal = [(BEGAN + timedelta(days=100), 10_000)]
    assert [not_earned(500, 500, BEGAN, principal, BEGAN + timedelta(days=days)) for days in (0, 1, 50, 99, 100)] == [
        500, 495, 250, 5, 0,
    ]  # fmt: skip


def _published(house: House) -> None:
    source = house.source("rainy-day-loan").replace('fees = {origination = "0"}', FEES)
    source = source.replace('["own_book", "partners"]', '["own_book"]').replace("co_lending = {", "# {")
    source = source.replace("[roles]\n", '[roles]\ndeferred_fee = "liabilities:deferred-fees:loans"\n')
    silent(house, "fee_kept_back_max")
    agreed(
        house.bank.kernel,
        shelf.publish,
        Publish("rainy-day-loan", source.replace("min = 1, max = 12", "min = 3, max = 12")),
    )


def _deferred(house: House, loan: Loan, on: date) -> int:
    """What the loan as it stands has not earned by a day, of its fee of 10 yuan."""
    return not_earned(1000, 1000, BEGAN, [(each.due_on, each.principal.minor) for each in loan.instalments], on)


def _books(house: House, path: str) -> int:
    found = house.bank.read(lambda tx: ledger.balances_of(tx, [path]))
    return -found[path].balance.minor if path in found else 0


def test_a_fee_that_is_kept_back_is_earned_month_by_month_and_its_rest_as_the_loan_ends(database_url: str) -> None:
    house = House(database_url)
    _published(house)
    offer, loan = lent(house, "rainy-day-loan")
    assert (
        offer.fee == yuan("10.00") and offer.schedule[0].due_on == BEGAN and offer.schedule[0].amount == yuan("10.00")
    )
    assert house.bank.read(lambda tx: payments.wallet(tx, house.party.id)).balance == yuan("990.00")
    said = {each.title.en: each.words for each in house.bank.read(lambda tx: contracts.text(tx, loan.id)).clauses}
    assert (
        "kept back" in said["Fees"].en
        and "CNY 990.00 of CNY 1,000.00" in said["Fees"].en
        and "990.00" in said["Fees"].zh
    )
    assert loan.instalments[0].settled and loan.outstanding == yuan("1000.00") and _books(house, INCOME) == 1000
    house.wait(date(2026, 12, 1))
    waiting = _deferred(house, loan, date(2026, 11, 30))
    assert 950 < waiting < 1000 and (_books(house, DEFERRED), _books(house, INCOME)) == (waiting, 1000 - waiting)
    assert _provisions(house.bank.kernel).audit.findings == ()
    agreed(house.bank.kernel, acts.reschedule, Reschedule(loan.id, "add_instalments", "she was ill", count=2))
    assert _provisions(house.bank.kernel).audit.findings == (), "what is told in December says nothing of November"
    house.wait(date(2027, 1, 1))
    later = _deferred(house, house.loan(loan.id), date(2026, 12, 31))
    assert later > _deferred(house, loan, date(2026, 12, 31)), "two more instalments make the life longer"
    assert (_books(house, DEFERRED), _books(house, INCOME)) == (later, 1000 - later)
    with house.bank.superuser() as connection:
        connection.execute("UPDATE loan_deferral SET deferred_minor = deferred_minor + 1 WHERE month = '2026-12-31'")
    problems = [each.problem for each in _provisions(house.bank.kernel).audit.findings]
    assert len(problems) == 2 and "come to" in problems[0] and "books hold" in problems[1]
    with house.bank.superuser() as connection:
        connection.execute("UPDATE loan_deferral SET deferred_minor = deferred_minor - 1 WHERE month = '2026-12-31'")
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("300"), CARD))
    house.bank.run(lending.settle, LoanCommand(loan.id))
    house.wait(date(2027, 2, 1))
    assert (_books(house, DEFERRED), _books(house, INCOME)) == (0, 1000)
    assert _provisions(house.bank.kernel).audit.findings == ()
    assert house.bank.read(verify, snapshot=True).findings == ()


def test_what_partners_would_hold_too_is_not_deferred_and_the_law_forbids_keeping_back(database_url: str) -> None:
    house = House(database_url)
    plain = house.source("rainy-day-loan")
    for fees, code in (
        (FEES, "products.invalid"), ('fees = {origination = "0.01", origination_due = "disbursement"}', "policy.fee_kept_back"),
    ):  # fmt: skip
        source = plain.replace('fees = {origination = "0"}', fees)
        with pytest.raises(Refusal) as caught:
            agreed(house.bank.kernel, shelf.publish, Publish("rainy-day-loan", source))
        assert caught.value.code == code
