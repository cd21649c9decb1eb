"""A lender's year is what came into his wallet, to the fen, whatever else he did with it."""

from __future__ import annotations

from farthing.funding.holdings import service as holdings
from farthing.funding.yearly import service as yearly
from farthing.funding.yearly.model import LenderYear
from farthing.kit.money import Money, total
from tests.funding.market.listing import wallet
from tests.funding.protection.test_protection import paid_back, the_loan
from tests.lending.house import House


def test_a_lenders_years_are_what_his_wallet_had(database_url: str) -> None:
    house = House(database_url, lived=paid_back)
    loan = the_loan(house)
    lenders = list(house.bank.read(lambda tx: holdings.left_of(tx, [loan.id]))[loan.id])

    def had(party_id: str, year: int) -> LenderYear:
        return house.bank.read(lambda tx: yearly.year(tx, party_id, year))

    for party_id in lenders:  # each had 1,500 in his wallet, and lent all of it
        years = [had(party_id, year) for year in (2026, 2027, 2028)]
        received = total([each.whole.received for each in years], "CNY")
        assert str(received.decimal()) == wallet(house, party_id)[0]
    first = [had(party_id, 2026).whole for party_id in lenders]
    later = [had(party_id, 2027).whole for party_id in lenders]
    given_up = house.loan(loan.id)
    assert total([each.covered for each in first], "CNY") == Money(6_000, "CNY")
    assert all(each.lost and each.interest and each.charged and not each.recovered for each in first)
    assert total([each.lost for each in first], "CNY").minor == round(given_up.principal.minor * 0.75) - sum(
        each.principal.minor for each in first
    )
    assert all(each.recovered == each.received and not each.lost for each in later)
    assert had(house.party.id, 2026).lines == ()
