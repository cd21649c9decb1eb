"""Contracts whose stamps end soon get another one: ordered at a close, once, set with no transaction open."""

from __future__ import annotations

from datetime import date

import pytest

from farthing.kernel import errands
from farthing.kernel.day import close_day
from farthing.signing import service as signing
from farthing.signing import store
from farthing.signing.renewal import service
from tests.lending.house import House

STAMPED = ["platform", "borrower", "institution", "document_timestamp"]


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url)


def fields(house: House, contract_id: str) -> list[str]:
    return [each.field for each in house.bank.read(lambda tx: store.revisions(tx, contract_id))]


def test_a_contract_is_stamped_anew_half_a_year_before_its_stamp_ends(house: House) -> None:
    loan = house.active()
    contract_id = str(loan.contract_id)
    due = house.bank.read(lambda tx: store.renewed_on(tx, contract_id))
    assert 8 * 365 < (due - house.today).days < 9 * 365, "the list of the built-in root lasts nine years"
    close_day(house.bank.kernel)
    house.bank.drain()
    assert fields(house, contract_id) == STAMPED, "nothing is due for years"
    with house.bank.superuser() as connection:
        connection.execute("UPDATE contract SET renew_on = %s WHERE id = %s", [date(2026, 1, 1), contract_id])
    before = house.bank.read(lambda tx: signing.document(tx, contract_id))
    for _ in range(2):
        close_day(house.bank.kernel)
        errands.sweep(house.bank.kernel, everything=True)
    assert fields(house, contract_id) == [*STAMPED, "document_timestamp_2"], "once"
    after = house.bank.read(lambda tx: signing.document(tx, contract_id))
    assert after.startswith(before)
    status = house.bank.read(lambda tx: signing.status(tx, contract_id))
    assert status.sealed and status.findings == ()
    assert house.bank.read(lambda tx: signing.require_effective(tx, contract_id)).sealed
    assert house.bank.read(lambda tx: store.renewed_on(tx, contract_id)) >= due


def test_a_stamp_that_would_hold_no_longer_is_not_set_and_stays_an_open_errand(house: House) -> None:
    contract_id = str(house.active().contract_id)
    house.bank.kernel.tidy(
        lambda tx: errands.write(
            tx, "renewal_early", service.RENEWAL, tx.ports.first("tsa"), contract_id, 4, service.renewed, waits=False
        )
    )
    errands.sweep(house.bank.kernel, everything=True)
    assert fields(house, contract_id) == STAMPED
    found = house.bank.read(lambda tx: errands.find(tx, "renewal_early"))
    assert found.state != "answered" and "no longer than the one that is there" in found.problem
