"""The operator's pages are the staff's: a customer, who may ask about herself, does so in her own door; and they stand in a
bank that has published neither law nor rates."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import OpenDeposit
from tests.conftest import Bank
from tests.doors import served
from tests.identity.people import PASSWORD, Person, enrolled, staff
from tests.lending.house import House, yuan
from tests.web.test_entrance import Browser


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = House(database_url)
    yield opened
    opened.bank.kernel.database.close()


def test_a_customer_is_at_no_page_of_the_staff_about_herself(house: House) -> None:
    her = enrolled(house.bank, Person()).party
    house.bank.run(payments.open_wallet, OpenWallet(her.id))
    loan = house.active()
    deposit = house.bank.run(deposits.open_deposit, OpenDeposit(house.party.id, "savings-demand", yuan("5.00"))).deposit
    staff(house.bank, "audrey", "operator")
    pages = (f"/ops/customers/{her.id}", f"/ops/deposits/{deposit.id}", f"/ops/loans/{loan.id}")
    with served(house.bank) as base:
        operator, customer = Browser(base), Browser(base)
        operator.sign_in("audrey", PASSWORD)
        customer.sign_in(Person().phone, PASSWORD)
        for path in pages:
            assert operator.go(path).status_code == 200, path
            refused = customer.go(path)
            assert refused.status_code == 403 and 'href="/ops' not in refused.text, path


def test_customers_and_deposits_are_shown_where_no_law_is_published(bank: Bank) -> None:
    her = enrolled(bank, Person()).party
    staff(bank, "audrey", "operator")
    with served(bank) as base:
        operator = Browser(base)
        operator.sign_in("audrey", PASSWORD)
        for path in (
            "/ops/customers",
            f"/ops/customers/{her.id}",
            "/ops/deposits",
            "/ops/loans",
            "/ops/reports/policy.csv",
        ):
            assert operator.go(path).status_code == 200, path
