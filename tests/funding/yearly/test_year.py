"""A lender's year is what came into his wallet, to the fen, whatever else he did with it."""

from __future__ import annotations

from datetime import timedelta

from farthing.funding.holdings import service as holdings
from farthing.funding.market.mandates_model import Terms
from farthing.funding.yearly import service as yearly
from farthing.funding.yearly.model import LenderYear
from farthing.kit.money import Money, total
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.funding.market.lenders import yuan
from tests.funding.market.listing import mandated, wallet
from tests.funding.protection.test_protection import paid_back, the_loan
from tests.funding.resale.test_sales import lent, sell
from tests.lending.house import CARD, House


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


def test_what_is_sold_and_bought_is_in_the_year_and_it_still_sums_to_the_wallet(database_url: str) -> None:
    house = House(database_url, lived=lent)
    _, (seller, *_) = house.made
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("2000"), CARD))  # its borrower pays late
    house.wait(house.made[0].instalments[0].due_on + timedelta(days=5))
    sell(house, seller.party_id, "300")
    buyer = mandated(house, 9, "1000", Terms(yuan("1000"), yuan("1000"), yuan("1000"), grades=("A",), late_days=30))
    house.wait(house.today + timedelta(days=1))
    year = house.today.year
    sold, bought = (
        house.bank.read(lambda tx, party=each.party_id: yearly.year(tx, party, year)).whole for each in (seller, buyer)
    )
    assert sold.sold_principal == bought.bought_principal == yuan("300")
    assert (sold.sold, sold.sold_interest) == (bought.bought, bought.bought_interest)
    assert sold.gained == -bought.gained and sold.gained.minor < 0 and sold.sold_interest
    assert wallet(house, seller.party_id)[0] == str(sold.received.decimal())  # he had lent all of it
    assert wallet(house, buyer.party_id)[0] == str((yuan("1000") + bought.received).decimal())
    earlier = house.bank.read(lambda tx: yearly.year(tx, buyer.party_id, year - 1))
    assert earlier.lines == ()
