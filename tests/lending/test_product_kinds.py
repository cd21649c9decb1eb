"""One real product of each kind, lent and repaid through the bank to its end, with nothing for verification to find."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.credit.owing import service as owing
from farthing.funding import audit_service as funds
from farthing.funding import service as funding
from farthing.kernel.calendar import DeclareHolidays, declare_holidays
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import ChooseSurplus, Reschedule
from farthing.lending.agreement import service as contracts
from farthing.lending.audit.service import verify
from farthing.lending.model import Loan, LoanCommand, Repay
from farthing.lending.shelf import service as loan_shelf
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.products.model import Publish
from tests.funding.test_partners import HARVEST, Lender
from tests.lending.house import CARD, House, yuan
from tests.lending.limits.law import bound
from tests.parties.people import register_person

KINDS: dict[str, tuple[str, str]] = {
    "loan-fortnightly": ("equal_instalment", 'every = "2w", multiple = "5.00"'),
    "loan-balloon": ("equal_principal", 'every = "3w", balloon = "0.30"'),
    "loan-flat": ("flat", 'every = "10d"'),
    "loan-interest-first": ("interest_first", 'every = "2w", grace_interest = 2'),
    "loan-bullet": ("bullet", ""),
    "loan-scooter": ("equal_instalment", 'down_payment = "0.30", grace_principal = 1, grace_interest = 1'),
    "loan-weekly": ("equal_instalment", 'every = "1w"'),
    "loan-planting": ("equal_instalment", 'grace_principal = 2, grace_interest = 1, first_after_days = 20, first_on_day = 10'),
    "loan-harvest": ("custom", 'rows = [{after_months = 2, share = "0"}, {after_months = 3, share = "0.25"}, '
                     '{after_months = 8, share = "0.60"}, {after_months = 10, share = "0.15"}]'),
    "loan-free": ("equal_instalment", 'interest_free = 1, month_end = "last_of_month", shift = "next", improved = true'),
}  # fmt: skip


def published(house: House, name: str) -> None:
    method, said = KINDS[name]
    source = house.source("rainy-day-loan").replace(
        'method = "equal_instalment"', f'method = "{method}"\nschedule = {{{said}}}'
    )
    most = 8 if name == "loan-flat" else 12  # of twelve the true cost is above the law
    least, most = (4, 4) if name == "loan-harvest" else (3, most)
    source = source.replace("min = 1, max = 12", f"min = {least}, max = {most}")
    if name == "loan-weekly":
        source = source.replace('"actual/365"', '"periods"')
    agreed(house.bank.kernel, loan_shelf.publish, Publish(name, source))


def lent(house: House, name: str) -> tuple[Any, Loan]:
    """A loan of a product that is paid out today, and its offer."""
    offer = house.apply("1000", 4, name).offer
    loan = house.accept(offer)
    funding.arrange(house.bank.kernel, loan.id)
    house.sign(loan.id)
    return offer, house.complete(loan.id)


def borrower(house: House, number: int) -> House:
    """Somebody else in the same bank, with a history as long."""
    party = register_person(house.bank, number)
    house.bank.run(parties.verify_identity, VerifyIdentity(party.id))
    house.bank.run(payments.open_wallet, OpenWallet(party.id))
    another = House.of(house.bank, party)
    another.bring()
    return another


def lent_as_offered(house: House, name: str) -> Loan:
    """A loan of a kind, which is as its offer was; whoever has it has money to repay it."""
    published(house, name)
    offer, loan = lent(house, name)
    assert [(each.due_on, each.principal, each.interest) for each in loan.instalments] == [
        (each.due_on, each.principal, each.interest) for each in offer.schedule
    ], name
    assert loan.conditions == offer.conditions and loan.conditions.periods == 4, name
    if name == "loan-free":
        assert [each.due_on.day for each in loan.instalments] == [31, 2, 28, 31] and not loan.instalments[0].interest
    assert len(loan.instalments) == {"loan-bullet": 1, "loan-interest-first": 2, "loan-planting": 3}.get(name, 4), name
    wallet = house.bank.read(lambda tx: payments.wallet(tx, house.party.id)).balance
    if name == "loan-scooter":
        assert loan.instalments[0].due_on == house.today and loan.instalments[0].principal == yuan("300.00")
        assert loan.instalments[0].settled and wallet == yuan("700.00")
    else:
        assert wallet == yuan("1000.00"), name
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("8000"), CARD))
    return loan


@pytest.mark.long
def test_each_kind_is_lent_as_it_was_offered_and_repaid_to_its_end(database_url: str) -> None:
    """Each kind to somebody else of one bank, whose days pass once for all of them."""
    house = House(database_url)
    agreed(house.bank.kernel, declare_holidays, DeclareHolidays((date(2027, 1, 31), date(2027, 2, 1))))
    house.wait(house.today + timedelta(days=1))
    loans = {
        name: lent_as_offered(borrower(house, number) if number else house, name) for number, name in enumerate(KINDS)
    }
    ahead = [(each, name) for name in KINDS for each in loans[name].instalments[name == "loan-scooter" :]]
    for each, name in sorted(ahead, key=lambda falls: falls[0].due_on):
        house.wait(each.due_on)
        due = house.bank.read(lambda tx, of=loans[name].id: lending.owed(tx, of))[0]
        assert due == each.amount, name
        house.bank.run(lending.repay, Repay(loans[name].id, due))
    assert {name: house.loan(loan.id).state for name, loan in loans.items()} == dict.fromkeys(KINDS, "closed")
    assert house.bank.read(verify, snapshot=True).findings == ()


def test_a_row_by_hand_is_moved_with_all_after_it_and_its_contract_says_what_it_is(database_url: str) -> None:
    house = House(database_url)
    published(house, "loan-harvest")
    _, loan = lent(house, "loan-harvest")
    lines = house.bank.read(lambda tx: contracts.text(tx, loan.id)).schedule
    assert [line.principal.minor for line in lines] == [0, 250_00, 600_00, 150_00]
    assert [line.interest for line in lines] == [each.interest for each in loan.instalments]
    third, last = (each.due_on for each in loan.instalments[2:])
    later = timedelta(days=30)
    agreed(house.bank.kernel, acts.reschedule, Reschedule(loan.id, "move_due", "late rain", third, third + later))
    after = house.loan(loan.id).instalments
    assert [each.due_on for each in after[2:]] == [third + later, last + later]
    assert [each.principal for each in after] == [each.principal for each in loan.instalments]
    assert [each.interest for each in after][:2] == [each.interest for each in loan.instalments][:2]
    assert after[2].interest > loan.instalments[2].interest, "750.00 for a month more"
    house.wait(house.today + timedelta(days=1))
    assert house.bank.read(verify, snapshot=True).findings == ()


@pytest.mark.parametrize(
    ("name", "months"), [("loan-fortnightly", "2.17"), ("loan-flat", "3.04"), ("loan-bullet", "1")]
)
def test_what_is_owed_here_is_counted_by_the_month(database_url: str, name: str, months: str) -> None:
    house = House(database_url)
    published(house, name)
    offer = house.apply("1000", 4, name).offer
    loan = house.accept(offer)
    (held,) = house.bank.read(lambda tx: owing.of_party(tx, house.party.id))
    largest = max(each.amount for each in offer.schedule).minor
    assert round(held.instalment.minor / largest, 2) == float(months) and held.id == loan.id
    assert house.bank.read(lambda tx: contracts.schedule_for(tx, loan, house.today))[1].instalments == offer.schedule


@pytest.mark.parametrize("shared", [False, True])
def test_repaying_early_costs_what_was_agreed_and_is_income(database_url: str, shared: bool) -> None:
    house = House(database_url)
    source = house.source("rainy-day-loan").replace('origination = "0"', 'origination = "0", early_repayment = "0.01"')
    if shared:
        source = source.replace('["own_book", "partners"]', '["partners", "own_book"]')
    agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", source))
    loan = house.active("1000")
    said = house.bank.read(lambda tx: contracts.text(tx, loan.id)).clauses
    assert any("a fee of 1%" in each.words.en and "1%" in each.words.zh for each in said)
    house.wait(loan.instalments[0].due_on - timedelta(days=10))
    price = house.bank.read(lambda tx: lending.owed(tx, loan.id))[1]
    assert price.fee == yuan("10.00") and price.principal == yuan("1000")
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("100"), CARD))
    paid = house.bank.run(lending.settle, LoanCommand(loan.id))
    assert paid.amount == price.amount and paid.loan_state == "closed"
    assert [line.amount for line in paid.lines if line.component == "fee"] == [yuan("10.00")]
    house.wait(house.today + timedelta(days=1))
    assert house.bank.read(verify, snapshot=True).findings == ()


def lent_for_fees(house: House) -> tuple[Any, Loan]:
    """A loan with a fee at its beginning and one with each instalment, and its offer."""
    source = house.source("rainy-day-loan").replace(
        'origination = "0"', 'origination = "0.005", instalment = {share = "0.002", of = "lent"}'
    )
    agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", source))
    return lent(house, "rainy-day-loan")


@pytest.mark.long
@pytest.mark.parametrize("ends", ["late", "by settling", "smaller", "shorter"])
def test_a_fee_with_each_instalment_is_signed_paid_and_income_of_those_that_began(database_url: str, ends: str) -> None:
    house = House(database_url, lived=lent_for_fees)
    offer, loan = house.made
    assert [each.fee.minor for each in offer.schedule] == [700, 200, 200, 200] and offer.fee == yuan("5.00")
    assert offer.total_cost == offer.total_interest + yuan("13.00")
    assert offer.annual_percentage_rate > Decimal("0.19"), "interest alone is 12.7 per cent"
    text = house.bank.read(lambda tx: contracts.text(tx, loan.id))
    assert text.total_fees == yuan("13.00") and text.annual_percentage_rate == offer.annual_percentage_rate
    (said,) = [each.words for each in text.clauses if each.title.en == "Fees"]
    assert "CNY 5.00" in said.en and "0.2% of the amount of the loan" in said.en and "借款金额的 0.2%" in said.zh
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("200"), CARD))
    house.wait(loan.instalments[1].due_on if ends != "late" else loan.instalments[3].due_on + timedelta(days=9))
    if ends in ("smaller", "shorter"):
        house.bank.run(acts.choose_surplus, ChooseSurplus(loan.id, ends))
        house.bank.run(lending.repay, Repay(loan.id, yuan("550.00")))
        rows = house.loan(loan.id).instalments
        assert sum(each.fee.minor for each in rows) == (1300 if ends == "smaller" else 1100)
    if ends != "late":
        house.bank.run(lending.settle, LoanCommand(loan.id))
    charged = {"late": "13.00", "by settling": "9.00", "smaller": "9.00", "shorter": "9.00"}[ends]
    paid = house.loan(loan.id)
    assert sum((each.of("fee", "paid") for each in paid.instalments), yuan("0")) == yuan(charged)
    assert paid.state == "closed" and -balance(house, "income:fees:loans") == yuan(charged)
    house.wait(house.today + timedelta(days=1))
    assert house.bank.read(verify, snapshot=True).findings == ()


def balance(house: House, path: str) -> Money:
    found: Money = house.bank.read(lambda tx: ledger.balances_of(tx, [path]))[path].balance
    return found


def test_a_product_whose_fees_make_a_loan_too_dear_is_refused(database_url: str) -> None:
    house = House(database_url)
    source = house.source("rainy-day-loan").replace(
        'origination = "0"', 'origination = "0", instalment = {share = "0.02", of = "instalment"}'
    )
    with pytest.raises(Refusal) as caught:
        agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", source))
    assert caught.value.code == "lending.dearest_case"


def test_a_product_that_asks_more_for_repaying_early_than_the_law_lets_it_is_refused(database_url: str) -> None:
    house = House(database_url)
    source = house.source("rainy-day-loan").replace('origination = "0"', 'origination = "0", early_repayment = "0.02"')
    with pytest.raises(Refusal) as caught:
        agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", source))
    assert caught.value.code == "policy.early_repayment"


@pytest.mark.long
def test_a_little_that_is_late_costs_nothing_and_the_principal_alone_bears(database_url: str) -> None:
    house = House(database_url)
    source = house.source("rainy-day-loan").replace('annual = "0.18"', 'annual = "0.18", on = "principal"')
    source = source.replace("grace_days = 3", 'grace_days = 3, tolerance = "20.00"')
    agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", source))
    loan = house.active("1000")
    first, second = loan.instalments[:2]
    said = house.bank.read(lambda tx: contracts.text(tx, loan.id)).clauses
    assert any("the overdue principal bears" in each.words.en and "CNY 20.00" in each.words.en for each in said)
    house.wait(first.due_on)
    house.bank.run(lending.repay, Repay(loan.id, first.amount - yuan("20.00")))
    left = yuan("1000") - first.amount + yuan("20.00")
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, left, CARD))
    house.wait(second.due_on + timedelta(days=10))
    stands = house.loan(loan.id).instalments
    assert not stands[0].penalty and stands[0].left == yuan("20.00")
    assert stands[1].penalty.minor == round(second.principal.minor * 0.18 * 10 / 365)
    assert house.bank.read(verify, snapshot=True).findings == ()


@pytest.mark.parametrize(("key", "value", "code"), [
    ("early_repayment_max", "0.005", "policy.early_repayment"), ("penalty_multiple_max", "1.2", "policy.penalty_surcharge"),
])  # fmt: skip
def test_no_contract_is_drawn_that_breaks_the_law_of_its_day(
    database_url: str, key: str, value: str, code: str
) -> None:
    house = House(database_url)
    source = house.source("rainy-day-loan").replace('origination = "0"', 'origination = "0", early_repayment = "0.01"')
    agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", source))
    loan = house.funded("1000")
    bound(house, key, value)
    assert house.refused(contracts.draw_contract, LoanCommand(loan.id)) == code


@pytest.mark.long
@pytest.mark.parametrize("shared", [False, True])
def test_a_down_payment_is_kept_back_of_what_is_paid_out_and_the_contract_says_both(
    database_url: str, shared: bool
) -> None:
    house = House(database_url)
    source = house.source("rainy-day-loan").replace(
        'method = "equal_instalment"', 'method = "equal_instalment"\nschedule = {down_payment = "0.30"}'
    )
    if shared:
        source = source.replace('["own_book", "partners"]', '["partners", "own_book"]')
        house.bank.kernel.ports = house.bank.kernel.ports.with_peer("partner", "http", Lender())
        agreed(house.bank.kernel, funding.register_partner, HARVEST)
    agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", source))
    loan = house.active("1000")
    assert loan.shared is shared and loan.outstanding == yuan("700.00")
    said = house.bank.read(lambda tx: contracts.text(tx, loan.id))
    assert any("CNY 300.00" in each.words.en and "CNY 700.00" in each.words.zh for each in said.clauses)
    assert next((line.due_on, line.total) for line in said.schedule) == (house.today, yuan("300.00"))
    assert house.bank.read(lambda tx: payments.wallet(tx, house.party.id)).balance == yuan("700.00")
    (event,) = house.bank.read(lambda tx: lending.repayments(tx, loan.id))
    assert event.amount == yuan("300.00") and event.paid_on == house.today
    (held,) = house.bank.read(lambda tx: owing.of_party(tx, house.party.id))
    assert held.owed == yuan("700.00") and held.instalment < yuan("300.00")
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("2000"), CARD))
    house.wait(loan.instalments[1].due_on - timedelta(days=10))
    house.bank.run(lending.settle, LoanCommand(loan.id))
    house.wait(house.today + timedelta(days=1))
    house.bank.drain()
    assert house.bank.read(funds.verify, snapshot=True).findings == ()
    assert house.bank.read(verify, snapshot=True).findings == ()
