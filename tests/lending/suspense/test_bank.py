"""A loan that nobody repays: over ninety days its interest leaves income, what is paid of it is income again, and the audit
derives both."""

from __future__ import annotations

from datetime import date

from farthing.bank.founding import agreed
from farthing.commands.verify import _provisions
from farthing.ledger import service as ledger
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import GiveUp
from farthing.lending.audit.service import verify
from farthing.lending.model import Loan, Repay
from farthing.lending.suspense import service as suspense
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.lending.house import CARD, House, yuan

MARCH, APRIL = date(2027, 3, 31), date(2027, 4, 30)


def unpaid(house: House) -> Loan:
    """A loan whose money is gone, at the beginning of the fifth month after: two more months than the law waits."""
    loan = house.active("5000")
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("5000"), CARD))
    house.wait(date(2027, 4, 1))
    return loan


def sums(house: House) -> dict[str, int]:
    paths = (
        "assets:interest-suspended",
        "income:interest-suspended",
        "income:interest:loans",
        "assets:interest-receivable",
    )
    return {path: sum(house.bank.read(lambda tx, path=path: ledger.sum_below(tx, path)).values()) for path in paths}


def test_interest_leaves_income_and_comes_back_as_it_is_paid(database_url: str) -> None:
    house = House(database_url, lived=unpaid)
    loan = house.bank.read(lending.all_loans)[0]
    due = [each for each in house.loan(loan.id).instalments if each.due_on <= MARCH]
    owed = sum(each.interest_left.minor for each in due)
    assert (MARCH - due[0].due_on).days > 90 and owed > 0
    assert sums(house)["assets:interest-suspended"] == -owed
    assert sums(house)["income:interest-suspended"] == -owed, "income of the product is less by it"
    assert sums(house)["assets:interest-receivable"] == owed, "the borrower owes it all the same"
    told = house.bank.kernel.ask(suspense.suspended, month=MARCH)
    assert [(each.product, each.loans, each.suspended.minor, each.standing.minor) for each in told.products] == [
        ("rainy-day-loan", 1, owed, 0)
    ]
    assert _provisions(house.bank.kernel).audit.findings == ()

    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("6000"), CARD))
    house.bank.run(lending.repay, Repay(loan.id, house.bank.kernel.ask(lending.owed, loan.id)[0]))
    trial = house.bank.kernel.ask(suspense.suspended)
    assert [(each.loans, each.change.minor) for each in trial.products] == [(0, -owed)]
    house.wait(date(2027, 5, 1))
    assert sums(house)["assets:interest-suspended"] == 0 == sums(house)["income:interest-suspended"]
    assert _provisions(house.bank.kernel).audit.findings == ()
    with house.bank.superuser() as connection:
        connection.execute("UPDATE loan_month SET suspended_minor = 7 WHERE month = %s", [APRIL])
    assert any("suspended" in each.problem for each in _provisions(house.bank.kernel).audit.findings)


def test_what_is_given_up_leaves_suspense_and_provision_on_the_day(database_url: str) -> None:
    house = House(database_url, lived=unpaid)
    loan = house.bank.read(lending.all_loans)[0]
    before = sums(house)
    income = house.bank.read(lambda tx: sum(ledger.sum_below(tx, "income").values()))
    assert before["assets:interest-suspended"] < 0
    agreed(house.bank.kernel, acts.write_off, GiveUp(loan.id, "nothing is to be had"))
    after = sums(house)
    assert after["assets:interest-suspended"] == 0 == after["income:interest-suspended"]
    assert (
        house.bank.read(lambda tx: sum(ledger.sum_below(tx, "assets:loan-loss-allowance:rainy-day-loan").values())) == 0
    )
    assert house.bank.read(lambda tx: sum(ledger.sum_below(tx, "income").values())) - income == (
        -before["assets:interest-suspended"]
    ), "what was no income is the loss of none"
    assert _provisions(house.bank.kernel).audit.findings == ()
    assert house.bank.read(verify, snapshot=True).findings == ()
    house.wait(date(2027, 5, 1))
    assert sums(house)["assets:interest-suspended"] == 0
    assert _provisions(house.bank.kernel).audit.findings == ()
