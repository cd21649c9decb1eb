"""Loans, the register of what is owed and the books say the same; whatever is planted in one is named."""

from __future__ import annotations

import pytest

from farthing.funding import service as funding
from farthing.lending import service as lending
from farthing.lending import store
from farthing.lending.audit.service import by_fold, verify
from farthing.lending.model import LoanCommand
from tests.lending.house import House

PLANTED = {
    "UPDATE credit_commitment SET owed_minor = owed_minor - 1 WHERE state = 'drawn'": "in the register",
    "UPDATE credit_commitment SET state = 'taken', drawn_on = NULL WHERE state = 'drawn'": "taken in the register",
    "DELETE FROM credit_commitment WHERE state = 'drawn'": "is not in the register",
    "UPDATE loan_obligation SET paid_minor = 1, left_minor = left_minor - 1 WHERE component = 'principal' AND open": (
        "the books say"
    ),
    "UPDATE loan_obligation SET due_on = due_on + 1 WHERE instalment = 6 AND open": "its events say",
    "UPDATE loan_obligation SET amount_minor = amount_minor + 1, left_minor = left_minor + 1 WHERE instalment = 6 AND open": (
        "its events say"
    ),
    "UPDATE loan SET disbursed_on = disbursed_on - 1 WHERE state = 'active'": "says that it was paid out on",
    "UPDATE loan SET disbursed_on = disbursed_on + 1 WHERE state = 'closed'": "says that it was paid out on",
    "UPDATE loan SET closed_on = closed_on + 1 WHERE state = 'closed'": "says that it was over on",
    "UPDATE loan_event SET on_day = on_day + 1 WHERE kind = 'pay_off'": "comes to something else",
    "UPDATE loan_event SET amount_minor = amount_minor - 1 WHERE kind = 'pay_out' AND loan_state = 'active'": "cannot be read",
    "DELETE FROM loan_event WHERE kind = 'pay_off'": "is closed, and active by its events",
    "UPDATE credit_commitment SET id = 'loan_nobody' WHERE state = 'withdrawn'": "there is no such loan",
    "UPDATE loan SET holders = '[]' WHERE state = 'closed'": "its flows say",
    "UPDATE loan SET conditions = '{}' WHERE state = 'active'": "cannot be read",
    "UPDATE credit_commitment SET agreed_minor = 5000000000000000000 WHERE state = 'drawn'": "cannot be read",
}


def three_loans(house: House) -> None:
    """One that was given up, one that is repaid, and one whose first instalment is a day late."""
    given_up = house.funded("1000")
    house.bank.run(funding.withdraw, LoanCommand(given_up.id))
    paid = house.active("2000")
    house.bank.run(lending.settle, LoanCommand(paid.id))
    loan = house.active("3000")
    house.wait(loan.instalments[0].due_on.replace(day=loan.instalments[0].due_on.day + 1))


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_named(database_url: str, planted: str) -> None:
    house = House(database_url, lived=three_loans)
    clean = house.bank.read(verify, snapshot=True)
    assert (clean.loans, clean.commitments, clean.findings) == (3, 3, ())
    with house.bank.superuser() as connection:
        connection.execute(planted)
    found = house.bank.read(verify, snapshot=True).findings
    assert any(PLANTED[planted] in str(finding) for finding in found)
    folded = house.bank.read(lambda tx: by_fold(tx, store.loan_ids(tx, "", 10)), snapshot=True)
    assert tuple(folded) == tuple(each for each in found if "there is no such loan" not in str(each))
