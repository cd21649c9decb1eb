"""Where a lender's money is: each cent in one place, notes by how late their loans are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farthing.funding.market import batches_service as batches
from farthing.funding.market import portfolio_service as portfolios
from farthing.funding.market.portfolio_model import Portfolio
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.funding.market.lenders import yuan
from tests.funding.market.listing import as_lender, listed, mandated, published
from tests.lending.house import CARD, House


def seen(house: House, party_id: str) -> Portfolio:
    found: Portfolio = house.bank.kernel.ask(portfolios.portfolio, party_id, actor=as_lender(party_id))
    return found


def places(found: Portfolio) -> tuple[str, str, str]:
    return found.wallet.plain(), found.waiting.plain(), found.left.plain()


@pytest.mark.long
def test_each_cent_is_in_one_place_until_it_is_repaid(database_url: str) -> None:
    house = House(database_url, lived=published)
    mandates = [mandated(house, number, "2000") for number in range(1, 5)]
    lender = mandates[0].party_id
    assert places(seen(house, lender)) == ("2000.00", "0.00", "0.00")
    loan, listing = listed(house)
    batches.run(house.bank.kernel, "first")
    filled = seen(house, lender)
    assert places(filled) == ("500.00", "1500.00", "0.00") and filled.loans == 0
    house.wait(listing.closes_on + timedelta(days=1))
    assert places(seen(house, lender)) == ("500.00", "1500.00", "0.00")  # placed, and not paid out
    house.sign(loan.id)
    house.complete(loan.id)
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, loan.principal, CARD))  # nothing is there to pay from
    lent = seen(house, lender)
    assert places(lent) == ("500.00", "0.00", "1500.00")
    assert (lent.loans, lent.largest, [each.loans for each in lent.late]) == (1, yuan("1500"), [1, 0, 0, 0, 0])
    house.wait(house.today + timedelta(days=1))  # the close of the day issues the notes
    assert places(seen(house, lender)) == ("500.00", "0.00", "1500.00")
    due = house.loan(loan.id).instalments[0].due_on
    for days, bucket in ((1, 1), (30, 1), (31, 2), (61, 3), (91, 4)):
        house.wait(due + timedelta(days=days))
        found = seen(house, lender)
        assert [each.loans for each in found.late] == [int(number == bucket) for number in range(5)], days
        assert sum(each.left.minor for each in found.late) == found.left.minor
