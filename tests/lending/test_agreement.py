"""A contract holds for its day of payment: schedule, dates and annual cost are those of the day the money moves."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import pyxirr

from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.model import Apply, LoanCommand
from farthing.parties import service as parties
from farthing.signing import service as signing
from tests.lending.house import House

PAID_ON = date(2026, 12, 13)


def test_a_loan_paid_out_later_than_its_contract_says_is_drawn_again(database_url: str) -> None:
    house = House(database_url)
    loan = house.funded()
    house.sign(loan.id)
    first = house.loan(loan.id)
    house.wait(PAID_ON)
    assert house.refused(contracts.complete, LoanCommand(loan.id), key="pay") == "lending.contract_day_passed"
    shown = house.bank.read(lambda tx: contracts.view(tx, loan.id))
    late = SignContract(loan.id, shown.document_digest)
    assert house.refused(contracts.sign_contract, late) == "lending.contract_day_passed"
    house.sign(loan.id)
    paid = house.bank.run(contracts.complete, LoanCommand(loan.id), key="pay")
    assert paid.contract_id != first.contract_id
    assert paid.disbursed_on == paid.pays_on == PAID_ON
    assert [due.due_on for due in paid.instalments] == [due.due_on for due in first.instalments]
    assert paid.instalments[0].interest == Money(3945, "CNY")  # 8,000 x 12 % x 15 / 365
    terms = json.loads(house.bank.read(lambda tx: signing.terms_json(tx, paid.contract_id)))
    assert terms["disbursed_on"] == terms["made_on"] == str(PAID_ON)
    institution = house.bank.read(parties.institution)
    for language in ("zh", "en"):  # it names only who answers a complaint today
        assert institution.name in terms["complaint"][language] and institution.phone in terms["complaint"][language]
        assert "应用" not in terms["complaint"][language] and "application" not in terms["complaint"][language]
    flows = [
        (PAID_ON, -8000.0),
        *((due.due_on, float((due.principal + due.interest).decimal())) for due in paid.instalments),
    ]
    assert abs(pyxirr.xirr([day for day, _ in flows], [amount for _, amount in flows]) - float(terms["apr"])) < 1e-5
    assert house.bank.read(lambda tx: lending.owed(tx, loan.id))[1].amount == Money(800_000, "CNY")


def test_paid_out_after_the_first_agreed_day_it_falls_due_monthly_from_then(database_url: str) -> None:
    house = House(database_url)
    loan = house.funded()
    house.wait(date(2026, 12, 28))
    house.sign(loan.id)
    paid = house.complete(loan.id)
    assert paid.instalments[0].due_on == date(2027, 1, 28)
    assert paid.instalments[0].interest == Money(8153, "CNY")  # 31 days
    assert sum(due.principal.minor for due in paid.instalments) == 800_000


def test_drawing_again_the_same_day_answers_the_same(database_url: str) -> None:
    house = House(database_url)
    loan = house.funded()
    drawn = house.bank.run(contracts.draw_contract, LoanCommand(loan.id))
    assert house.bank.run(contracts.draw_contract, LoanCommand(loan.id)) == drawn


@pytest.mark.long
def test_who_is_no_longer_known_well_enough_signs_nothing_and_is_offered_nothing(database_url: str) -> None:
    house = House(database_url)
    loan = house.funded()
    house.bank.run(contracts.draw_contract, LoanCommand(loan.id))
    shown = house.bank.read(lambda tx: contracts.view(tx, loan.id))
    with house.bank.superuser() as connection:
        connection.execute(
            "UPDATE party SET level_until = array_fill(%s::date, ARRAY[2])", [house.today - timedelta(days=1)]
        )
    signing_now = SignContract(loan.id, shown.document_digest)
    assert house.refused(contracts.sign_contract, signing_now) == "parties.level_lapsed"
    again = Apply(house.party.id, "rainy-day-loan", Money(100_000, "CNY"), 3, "goods")
    assert house.refused(lending.apply, again) == "parties.level_lapsed"
    with house.bank.superuser() as connection:
        connection.execute("UPDATE party SET level_until = '{}'")
    assert house.refused(lending.apply, again) == "policy.verification_level", "who never was known is told so"
