"""A loan repaid at the counter: shown to the customer with what it is made up of, then paid, once."""

from __future__ import annotations

import pytest

from farthing.bank.founding import agreed
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import GiveUp
from tests.doors import serving
from tests.lending.house import House, yuan
from tests.web.test_counter import at_the_desk, seen_by
from tests.web.test_entrance import seen


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url)


@pytest.mark.long
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


def test_who_walks_in_pays_what_was_written_off(house: House) -> None:
    bank, loan = house.bank, house.active()
    agreed(bank.kernel, acts.write_off, GiveUp(loan.id, "nothing more is to be had"))
    gone = house.loan(loan.id).written_off
    with serving(bank) as base:
        desk = at_the_desk(bank, base)
        here = f"/counter/customers/{house.party.id}/repay"
        asked = {"loan_id": loan.id, "amount": "120", "gone": "1", "key": "k"}
        assert desk.go(here).status_code == 200 and desk.send(here, **asked).status_code == 403, "she is not there"
        seen_by(bank, house.party.id)
        page = desk.go(here).text
        assert "May still be paid" in page and f"{gone.minor / 100:,.2f}" in page and 'name="gone"' in page
        shown = desk.send(here, **asked)
        assert "You pay what was written off" in shown.text and "120.00" in shown.text
        assert desk.send(here, **asked, confirmed="1").status_code == 409
        for _ in range(2):
            assert desk.send(here, **asked, confirmed="1", seen=seen(shown)).status_code == 303
        assert bank.read(lambda tx: acts.recoverable(tx, loan.id)).recovered == yuan("120"), "pressed twice, paid once"
        much = desk.send(here, **{**asked, "amount": "90000", "key": "l"})
        assert much.status_code == 422 and "lending.more_than_open" in much.text
