"""A loan repaid at the counter: shown to the customer with what it is made up of, then paid, once."""

from __future__ import annotations

import pytest

from farthing.lending import service as lending
from tests.doors import serving
from tests.lending.house import House
from tests.web.test_counter import at_the_desk, seen_by
from tests.web.test_entrance import seen


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url)


def test_a_repayment_at_the_counter_is_shown_to_the_customer_before_it_is_paid(house: House) -> None:
    bank, loan = house.bank, house.active()
    house.wait(loan.instalments[0].due_on)
    due = bank.read(lambda tx: lending.owed(tx, loan.id))[0]
    with serving(bank) as base:
        desk = at_the_desk(bank, base)
        seen_by(bank, house.party.id)
        here = f"/counter/customers/{house.party.id}/repay"
        assert "Show it to the customer" in desk.go(here).text
        asked = {"loan_id": loan.id, "amount": due.plain(), "key": "k"}
        shown = desk.send(here, **asked)
        for told in ("You repay from your wallet", "Instalment 1", "Interest", "Principal left then", due.plain()[-6:]):
            assert told in shown.text, told
        assert house.loan(loan.id).outstanding == loan.outstanding, "what is only shown is not paid"
        assert desk.send(here, **asked, confirmed="1").status_code == 409, "nothing was seen"
        for _ in range(2):
            paid = desk.send(here, **asked, confirmed="1", seen=seen(shown))
            assert paid.status_code == 303 and paid.headers["location"].endswith("done=true")
        after = house.loan(loan.id)
        assert after.outstanding == loan.outstanding - loan.instalments[0].principal, "pressed twice, paid once"
        assert "Paid." in desk.go(paid.headers["location"]).text
        refused = desk.send(here, **{**asked, "amount": "none", "key": "l"})
        assert refused.status_code == 422 and 'value="none"' in refused.text
