"""A loan that is paid out in parts, through the bank: agreed, offered and signed; more of it asked for; given back, or let go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from farthing.credit.owing import service as owing
from farthing.credit.owing.model import Commitment
from farthing.identity.rules import actor_of
from farthing.kit.actor import Actor
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Charge, GiveUp, ReverseEvent, Trial
from farthing.lending.audit.service import verify
from farthing.lending.books_service import entries_of
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import AskHardship
from farthing.lending.draws import service as draws
from farthing.lending.draws.model import Draw, GiveBack
from farthing.lending.model import LoanCommand
from farthing.payments import service as payments
from farthing.signing import service as signing
from tests.banks import Shelf
from tests.lending.acts.doing import WORDS, clean, do, earn, late
from tests.lending.draws.drawing import begun, drawn, in_parts, offered, signed, sold
from tests.lending.house import House, opened, yuan
from tests.lending.limits.law import bound
from tests.lending.limits.test_bank import outcome, used
from tests.lending.test_planted_acts import planted


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url, lived=in_parts)


def wallet(house: House) -> Money:
    return house.bank.read(lambda tx: payments.wallet(tx, house.party.id)).available


def held(house: House) -> Commitment:
    return house.bank.read(lambda tx: owing.of_loans(tx, [house.made]))[house.made]


def counted(house: House) -> tuple[int, int, Any]:
    """What a refusal must not change: entries, events, and how the loan stands."""
    rows = house.bank.read(
        lambda tx: [tx.one(f"SELECT count(*) AS n FROM {table}")["n"] for table in ("entry", "loan_event")]  # type: ignore[arg-type]
    )
    return rows[0], rows[1], (house.loan(house.made), held(house))


def test_the_offer_and_the_contract_say_what_is_agreed_and_what_is_paid_out_first(database_url: str) -> None:
    house = House(database_url)
    sold(house)
    offer = offered(house)
    assert (offer.amount, offer.first, offer.paid_first) == (yuan("6000"), yuan("2000"), yuan("2000"))
    assert sum(each.principal.minor for each in offer.schedule) == 200_000
    loan = signed(house)
    assert (loan.principal, loan.undrawn, loan.agreed, loan.undrawn_until) == (
        yuan("2000"), yuan("4000"), yuan("6000"), None,
    )  # fmt: skip
    terms = json.loads(house.bank.read(lambda tx: signing.terms_json(tx, loan.contract_id)))
    for language, times in (("en", "2 further payments"), ("zh", "2 次")):
        said = terms["payments_out"][language]
        assert times in said and str(yuan("6000")) in said and str(yuan("4000")) in said and "2027-03-28" in said
    paid = house.complete(loan.id)
    assert (paid.principal, paid.undrawn, paid.undrawn_until) == (
        yuan("2000"),
        yuan("4000"),
        loan.accepted_on + timedelta(120),
    )


def test_all_at_once_is_as_any_loan(database_url: str) -> None:
    house = House(database_url)
    sold(house)
    for first in (None, "6000"):
        loan = begun(house, first=first)
        assert (loan.principal, loan.undrawn, loan.undrawn_until) == (yuan("6000"), None, None)
        assert house.refused(draws.draw, Draw(loan.id, yuan("500"))) == "lending.nothing_undrawn"
    assert not house.bank.read(verify).findings


def test_more_is_paid_out_to_the_wallet_and_what_is_to_come_is_laid_out_anew(house: House) -> None:
    first = house.loan(house.made)
    house.wait(first.instalments[0].due_on + timedelta(days=9))
    before = wallet(house)
    was = house.loan(first.id)
    done = drawn(house, "1500")
    now = house.loan(first.id)
    assert wallet(house) - before == yuan("1500")
    assert (now.principal, now.undrawn, now.outstanding) == (yuan("3500"), yuan("2500"), was.outstanding + yuan("1500"))
    assert now.holders[0].share == yuan("3500")
    assert now.instalments[0] == was.instalments[0], "what fell due stands"
    assert {each.due_on for each in now.instalments} == {each.due_on for each in was.instalments}
    assert sum(move.amount for move in done.moves if move.component == "principal") == 150_000
    amounts = [each.amount.minor for each in now.instalments[1:]]
    assert max(amounts) - min(amounts) <= 2, "an equal instalment"
    last = house.bank.read(lambda tx: entries_of(tx, now))[-1].entry
    assert last.kind == "disbursement" and last.effective_on == house.today
    assert [(each.account.rpartition(":")[0], each.amount) for each in last.postings] == [
        ("assets:loans", yuan("1500")), ("liabilities:wallets", -yuan("1500")),
    ]  # fmt: skip
    register = held(house)
    assert (register.agreed, register.owed) == (yuan("6000"), now.outstanding + yuan("2500"))
    assert register.instalment.minor == -(-max(amounts) * 6000 // 3500), "as if all were drawn"
    clean(house)


def test_a_dry_run_shows_the_schedule_and_the_cost_and_what_is_confirmed_is_that(house: House) -> None:
    command, before = Draw(house.made, yuan("1500")), counted(house)
    trial: Trial = house.bank.kernel.preview(draws.draw, command, shown=acts.trial)
    assert counted(house) == before
    assert trial.after.outstanding - trial.before.outstanding == yuan("1500")
    assert trial.cost_change > yuan("0")
    (entry,) = trial.entries
    assert entry.kind == "disbursement"
    drawn(house, "1500")
    assert house.loan(house.made).instalments == trial.after.instalments


def test_asked_twice_under_one_key_it_is_paid_once(house: House) -> None:
    borrower = Actor(f"customer:{house.party.id}", frozenset({"lending:draw", "lending:read"}), house.party.id)
    before = wallet(house)
    for _ in range(2):
        house.bank.run(draws.draw, Draw(house.made, yuan("1000")), actor=borrower, key="one-kitchen")
    assert wallet(house) - before == yuan("1000")
    assert house.loan(house.made).undrawn == yuan("3000")


def test_nobody_else_asks_for_it(house: House) -> None:
    other = Actor("customer:other", frozenset({"lending:draw"}), "party_" + "0" * 26)
    teller = actor_of("teller:wang", "teller", None)
    for who in (other, teller, actor_of("operator:li", "operator", None)):
        for function, command in (
            (draws.draw, Draw(house.made, yuan("500"))),
            (draws.give_back, GiveBack(house.made)),
        ):
            assert house.refused(function, command, actor=who).split(".")[0] in ("identity", "lending", "kernel")


def test_the_rest_is_given_back_and_takes_no_more_of_the_limit(house: House) -> None:
    drawn(house, "1000")
    done = house.bank.run(draws.give_back, GiveBack(house.made))
    now = house.loan(house.made)
    assert (done.kind, done.amount, now.undrawn, now.principal) == ("give_back", yuan("3000"), None, yuan("3000"))
    register = held(house)
    assert (register.agreed, register.owed) == (yuan("3000"), now.outstanding)
    assert register.instalment.minor - max(each.amount.minor for each in now.instalments) in (0, 1)
    assert house.refused(draws.draw, Draw(house.made, yuan("500"))) == "lending.nothing_undrawn"
    assert house.refused(draws.give_back, GiveBack(house.made)) == "lending.nothing_undrawn"
    command = ReverseEvent(house.made, done.id, WORDS)
    assert house.refused(acts.reverse_event, command) == "lending.never_taken_back"
    clean(house)


def test_a_further_payment_is_never_taken_back(house: House) -> None:
    done = drawn(house, "1000")
    command = ReverseEvent(house.made, done.id, WORDS)
    assert house.refused(acts.reverse_event, command) == "lending.never_taken_back"


def test_the_close_lets_what_was_not_asked_for_lapse_after_its_last_day(database_url: str) -> None:
    house = House(database_url)
    sold(house, payments_out="payments_out = {at_most = 3, within_days = 2}")
    loan = begun(house)
    house.made = loan.id
    assert loan.undrawn_until is not None
    house.wait(loan.undrawn_until)
    assert house.loan(house.made).undrawn == yuan("4000")
    clean(house)
    house.wait(house.today + timedelta(days=1))
    now = house.loan(house.made)
    assert (now.undrawn, now.undrawn_until, now.principal) == (None, loan.undrawn_until, yuan("2000"))
    assert (held(house).agreed, held(house).owed) == (yuan("2000"), yuan("2000"))
    assert house.refused(draws.draw, Draw(house.made, yuan("500"))) == "lending.draw_day_passed"
    clean(house)


def test_a_loan_that_is_over_or_given_up_has_nothing_left(house: House) -> None:
    earn(house, "100")
    house.bank.run(lending.settle, LoanCommand(house.made))
    now = house.loan(house.made)
    assert (now.state, now.undrawn) == ("closed", None)
    assert (held(house).state, held(house).agreed, held(house).owed) == ("repaid", yuan("2000"), yuan("0"))
    clean(house)


def test_what_ended_with_a_charge_off_is_agreed_no_more_once_that_is_taken_back(house: House) -> None:
    off = do(house, acts.charge_off, GiveUp(house.made, WORDS))
    assert house.loan(house.made).undrawn is None
    do(house, acts.reverse_event, ReverseEvent(house.made, off["id"], WORDS))
    now = house.loan(house.made)
    assert (now.state, now.undrawn, now.given_up_on) == ("active", None, None)
    assert (held(house).agreed, held(house).owed) == (yuan("2000"), yuan("2000"))
    assert house.refused(draws.draw, Draw(house.made, yuan("500"))) == "lending.nothing_undrawn"
    clean(house)


def test_what_is_refused_changes_nothing(house: House) -> None:
    before = counted(house)
    euro = Money(50_000, "EUR")
    for amount, code in (
        (yuan("0"), "money.not_positive"), (yuan("-500"), "money.not_positive"), (euro, "money.currency_mismatch"),
        (yuan("4000.01"), "lending.draw_too_much"), (yuan("499.99"), "lending.draw_too_little"),
    ):  # fmt: skip
        assert house.refused(draws.draw, Draw(house.made, amount)) == code
    assert house.refused(draws.draw, Draw("loan_none", yuan("500"))) == "lending.unknown_loan"
    assert counted(house) == before
    house.bank.run(collections.ask_hardship, AskHardship(house.made, "I am in hospital"))
    assert house.refused(draws.draw, Draw(house.made, yuan("500"))) == "lending.draw_troubled"
    assert counted(house) == before


def test_all_that_is_left_may_be_less_than_the_least(house: House) -> None:
    drawn(house, "3600")
    assert house.refused(draws.draw, Draw(house.made, yuan("399"))) == "lending.draw_too_little"
    drawn(house, "400")
    assert house.loan(house.made).undrawn is None
    clean(house)


def test_what_is_agreed_counts_as_owed_by_one_borrower_from_the_first_payment_on(database_url: str) -> None:
    house = House(database_url)
    sold(house)
    loan = signed(house)
    bound(house, "one_borrower_max", "0.0001")  # of 50 million: 5,000
    assert outcome(house, loan) == "lending.one_borrower", "2,000 are paid out and 4,000 may be asked for"
    bound(house, "one_borrower_max", "0.10")
    assert outcome(house, loan) == "active"
    assert used(house)["one_borrower_max"][0] == 600_000
    drawn(house, "1000", loan.id)
    assert used(house)["one_borrower_max"][0] == 600_000


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("leverage_min", "1", "lending.leverage"), ("one_borrower_max", "0.0001", "lending.one_borrower"),
        ("maturity_gap_min", "1", "lending.maturity_gap"), ("annual_cost_max", "0.05", "policy.annual_cost"),
    ],
)  # fmt: skip
def test_a_further_payment_is_guarded_like_the_first(house: House, key: str, value: str, code: str) -> None:
    bound(house, key, value)
    before = counted(house)
    assert house.refused(draws.draw, Draw(house.made, yuan("4000"))) == code
    assert counted(house) == before


def test_a_later_charge_of_an_earlier_day_stands_over_a_second_payment(house: House) -> None:
    house.wait(house.today + timedelta(days=10))
    drawn(house, "1500")
    house.wait(house.today + timedelta(days=2))
    on = house.today - timedelta(days=4)
    do(house, acts.charge, Charge(house.made, "fee", yuan("10"), WORDS, house.today + timedelta(days=20), on))
    assert house.loan(house.made).outstanding == yuan("3500")
    clean(house)


def test_late_it_is_not_paid_out_and_paid_again_it_is(house: House) -> None:
    late(house, 1)
    assert house.refused(draws.draw, Draw(house.made, yuan("500"))) == "lending.draw_late"
    earn(house, "500")
    house.wait(house.today + timedelta(days=1))
    drawn(house, "500")
    clean(house)


PLANTED = (
    "UPDATE loan SET undrawn_minor = undrawn_minor + 1", "UPDATE loan SET undrawn_minor = 0",
    "UPDATE loan SET undrawn_until = undrawn_until + 1", "UPDATE loan SET principal_minor = principal_minor + 1",
    """UPDATE loan_event SET about = jsonb_set(about, '{undrawn,minor}', '400001') WHERE number = 1""",
    """UPDATE loan_event SET about = jsonb_set(about, '{undrawn,until}', '"2027-03-29"') WHERE number = 1""",
    "UPDATE loan_event SET amount_minor = amount_minor + 1 WHERE number = 2",
    "UPDATE loan_event SET on_day = on_day + 1, about = '{}' WHERE number = 2",
    "UPDATE credit_commitment SET owed_minor = owed_minor - 1", "UPDATE credit_commitment SET agreed_minor = agreed_minor + 1",
    "UPDATE loan SET holders = jsonb_set(holders, '{0,share,minor}', '200000')",
)  # fmt: skip


@pytest.fixture(scope="module")
def lived(shelf: Shelf) -> Iterator[House]:
    with shelf.database() as url, opened(url, twice) as house:
        yield house


def test_the_audit_finds_nothing_of_two_payments(lived: House) -> None:
    clean(lived)


@pytest.mark.parametrize("change", PLANTED)
def test_a_planted_change_is_found(lived: House, change: str) -> None:
    assert lived.made in planted(lived, [change], {})[0]


def twice(house: House) -> str:
    """Two payments out, some days apart."""
    loan_id = in_parts(house)
    house.wait(house.today + timedelta(days=2))
    drawn(house, "1500", loan_id)
    return loan_id
