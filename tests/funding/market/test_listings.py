"""A loan is listed, filled by hand and by batches, placed with its lenders, paid out and repaid to them; or they are repaid."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import LiteralString

import pytest

from farthing.funding import service as funding
from farthing.funding.audit_service import verify
from farthing.funding.clearing.answer import answer as answer_of
from farthing.funding.clearing.answer import clear_file
from farthing.funding.holdings.rules import escrow_account
from farthing.funding.market import batches_service as batches
from farthing.funding.market import listings_service as listings
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.audit_service import verify as verify_market
from farthing.funding.market.listings_model import Bid, Bidding, TakeBack
from farthing.funding.market.mandates_model import StopMandate, Terms
from farthing.kit.canonical import canonical
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.model import LoanCommand, Repay
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.events.test_events import events, of
from tests.funding.market.lenders import yuan
from tests.funding.market.listing import (
    as_lender,
    escrow,
    law,
    listed,
    mandated,
    of_loan,
    published,
    wallet,
    with_money,
)
from tests.lending.house import CARD, House


@pytest.fixture
def house(database_url: str) -> House:
    house = House(database_url, lived=published)
    return house


def pick(house: House, party_id: str, listing_id: str, amount: str) -> Bidding:
    made: Bidding = house.bank.run(
        listings.bid, Bid(listing_id, party_id, yuan(amount)), actor=as_lender(party_id), key=f"{party_id} {amount}"
    )
    return made


def test_a_loan_is_valued_and_listed_and_waits(house: House) -> None:
    loan, listing = listed(house)
    assert (loan.state, loan.holders, listing.state) == ("accepted", (), "open")
    assert (listing.worth.grade, str(listing.worth.annual), listing.months) == ("A", "0.0520", 6)
    assert [str(each) for each in (listing.amount, listing.kept, listing.per_lender, listing.least)] == [
        "CNY 8,000.00", "CNY 800.00", "CNY 1,600.00", "CNY 4,000.00",
    ]  # fmt: skip
    again, same = listed_again(house, loan.id)
    assert (again, same) == (loan, listing)
    told = house.bank.read(lambda tx: listings.listing(tx, listing.id))
    assert (told.party_id, told.loan_id) == ("", "")


def listed_again(house: House, loan_id: str) -> object:
    funding.arrange(house.bank.kernel, loan_id)
    return house.loan(loan_id), of_loan(house, loan_id)


@pytest.mark.long
def test_mandates_fill_it_in_a_batch_and_the_rest_is_the_own_books_on_the_last_day(house: House) -> None:
    loan, listing = listed(house)
    given = [mandated(house, number, "2000") for number in range(1, 5)]
    batch = batches.run(house.bank.kernel, "first")
    assert batch is not None and str(batch.funded) == "CNY 6,000.00"  # 1,500 of each, by his own limit for a loan
    stands = of_loan(house, loan.id)
    assert (stands.state, str(stands.filled), str(stands.in_batch)) == ("open", "CNY 6,000.00", "CNY 0.00")
    assert escrow(house, listing.id) == stands.filled
    assert {wallet(house, each.party_id) for each in given} == {("500.00", "500.00")}
    again = batches.run(house.bank.kernel, "first")
    assert again == batch  # a batch cleared twice is the same batch
    house.wait(listing.closes_on)
    assert of_loan(house, loan.id).state == "open"
    house.wait(listing.closes_on + timedelta(days=1))
    placed = house.loan(loan.id)
    assert [(each.name, str(each.share)) for each in placed.holders] == [
        ("own", "CNY 2,000.00"), ("marketplace", "CNY 6,000.00"),
    ]  # fmt: skip
    assert (of_loan(house, loan.id).state, placed.state) == ("placed", "funded")
    house.sign(loan.id)
    house.complete(loan.id)
    house.bank.drain()
    assert not escrow(house, listing.id)
    house.wait(house.loan(loan.id).instalments[0].due_on)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("2000"), CARD))
    due, _, _ = house.bank.read(lambda tx: lending.owed(tx, loan.id))
    house.bank.run(lending.repay, Repay(loan.id, due), key="one")
    house.bank.drain()
    after = of_loan(house, loan.id)
    repaid = house.loan(loan.id).principal - house.loan(loan.id).outstanding
    assert after.repaid.minor == pytest.approx(repaid.minor * 6 / 8, abs=1)
    assert verify_clean(house)
    told = events(house.bank)
    (of_placed,), (shared,) = of(told, "market.listing_placed"), of(told, "funding.repayment_shared")
    assert (of_placed["loan_id"], of_placed["state"], shared["loan_id"]) == (loan.id, "placed", loan.id)


def verify_clean(house: House) -> bool:
    """Whether notes, listings and batches agree with the books."""
    found = (house.bank.read(verify, snapshot=True).findings, house.bank.read(verify_market, snapshot=True).findings)
    assert found == ((), ())
    return True


def test_whoever_picks_by_hand_has_the_part_that_is_kept(house: House) -> None:
    _, listing = listed(house, "1000")
    one, two = (with_money(house, number, "2000") for number in (1, 2))
    assert (
        house.refused(listings.bid, Bid(listing.id, one, yuan("120")), actor=as_lender(one)) == "market.not_whole_notes"
    )
    assert house.refused(listings.bid, Bid(listing.id, one, yuan("150")), actor=as_lender(one)) == "market.picked_out"
    made = pick(house, one, listing.id, "100")
    assert made == pick(house, one, listing.id, "100")  # the same key
    strange = TakeBack("listing_nothing", made.fill.id)
    assert house.refused(listings.take_back, strange, actor=as_lender(one)) == "market.unknown_listing"
    strange = TakeBack(listing.id, "fill_nothing")
    assert house.refused(listings.take_back, strange, actor=as_lender(one)) == "market.unknown_fill"
    assert (wallet(house, one), str(escrow(house, listing.id))) == (("1900.00", "1900.00"), "CNY 100.00")
    assert house.refused(listings.bid, Bid(listing.id, two, yuan("50")), actor=as_lender(two)) == "market.picked_out"


def test_what_is_not_funded_enough_is_paid_back(house: House) -> None:
    published(house, '["marketplace"]')
    loan, listing = listed(house)
    mandate = mandated(house, 1, "2000")
    batches.run(house.bank.kernel, "first")
    assert wallet(house, mandate.party_id) == ("500.00", "500.00")
    house.wait(listing.closes_on + timedelta(days=1))
    assert (of_loan(house, loan.id).state, house.loan(loan.id).state) == ("failed", "cancelled")
    assert (wallet(house, mandate.party_id), bool(escrow(house, listing.id))) == (("2000.00", "2000.00"), False)
    assert verify_clean(house)


@pytest.mark.parametrize("placed", [False, True])
def test_a_borrower_who_gives_up_pays_everybody_back(house: House, placed: bool) -> None:
    loan, listing = listed(house, "1000")
    lenders = [mandated(house, number, "2000").party_id for number in range(1, 7 if placed else 2)]
    if placed:
        pick(house, with_money(house, 9, "200"), listing.id, "100")
    batches.run(house.bank.kernel, "first")
    assert of_loan(house, loan.id).state == ("placed" if placed else "open")
    house.bank.run(funding.withdraw, LoanCommand(loan.id))
    assert (of_loan(house, loan.id).state, house.loan(loan.id).state) == ("withdrawn", "cancelled")
    assert {wallet(house, each) for each in lenders} == {("2000.00", "2000.00")}
    house.bank.run(funding.withdraw, LoanCommand(loan.id))
    assert not escrow(house, listing.id)


def test_anybody_can_clear_the_published_batch_and_a_receipt_says_why(house: House) -> None:
    loan, listing = listed(house)
    given = [mandated(house, number, "2000") for number in range(1, 4)]
    batch = batches.run(house.bank.kernel, "first")
    assert batch is not None
    document = house.bank.read(lambda tx: batches.published_file(tx, batch.id))
    said = canonical(document)
    assert not any(each.id.encode() in said or each.party_id.encode() in said for each in given)
    assert house.party.id.encode() not in said and loan.id.encode() not in said
    answer = answer_of(*clear_file(json.dumps(document).encode(), "batch", batch.digest))
    assert (answer["fills_digest"], answer["funded"]) == (batch.fills_digest, str(batch.funded))
    receipt = house.bank.read(lambda tx: batches.receipt(tx, batch.id, given[0].id))
    assert (str(receipt.filled), receipt.fit, receipt.at_loan_limit) == ("CNY 1,500.00", 1, 1)
    assert [line.listing_id for line in receipt.fills] == [listing.id]
    late = mandated(house, 9, "100", Terms(yuan("100"), yuan("100"), yuan("100"), grades=("A",)))
    with pytest.raises(Refusal) as caught:
        house.bank.read(lambda tx: batches.receipt(tx, batch.id, late.id))
    assert caught.value.code == "market.no_receipt"


def test_a_batch_that_is_killed_goes_on_to_the_same_fills(house: House) -> None:
    loan, _ = listed(house)
    given = [mandated(house, number, "2000") for number in range(1, 5)]
    opened = house.bank.run(batches.open_batch, batches.OpenBatch("first"))
    assert {wallet(house, each.party_id) for each in given} == {("2000.00", "0.00")}
    assert house.refused(batches.finish, batches.BatchStep(opened.id)) == "market.batch_runs"
    assert house.bank.run(batches.open_batch, batches.OpenBatch("second")) == opened
    done = batches.run(house.bank.kernel, "third")
    assert done is not None and (done.id, str(done.funded)) == (opened.id, "CNY 6,000.00")
    assert of_loan(house, loan.id).filled == done.funded


def test_what_is_given_up_while_a_batch_clears_leaves_the_money_where_it_is(house: House) -> None:
    loan, listing = listed(house)
    mandate = mandated(house, 1, "2000")
    house.bank.run(batches.open_batch, batches.OpenBatch("first"))
    house.bank.run(funding.withdraw, LoanCommand(loan.id))
    done = batches.run(house.bank.kernel, "first")
    assert done is not None and done.state == "done"
    assert (wallet(house, mandate.party_id), bool(escrow(house, listing.id))) == (("2000.00", "2000.00"), False)
    receipt = house.bank.read(lambda tx: batches.receipt(tx, done.id, mandate.id))
    assert (str(receipt.filled), [line.kept for line in receipt.fills]) == ("CNY 0.00", [False])


def test_a_listing_whose_escrow_is_closed_is_named_and_nobody_waits_for_it(house: House) -> None:
    published(house, '["marketplace"]')
    loan, listing = listed(house)
    mandate = mandated(house, 1, "2000")
    path = escrow_account(listing.id, "CNY", "CNY")
    with house.bank.superuser() as connection:
        connection.execute("UPDATE account SET closed_at = now() WHERE path = %s", [path])
    assert batches.run(house.bank.kernel, "first") is None, "nothing else is listed"
    assert wallet(house, mandate.party_id) == ("2000.00", "2000.00")
    assert [each.subject for each in house.bank.read(verify_market, snapshot=True).findings] == [listing.id]
    _opened(house, path)
    house.bank.run(batches.open_batch, batches.OpenBatch("second"))
    with house.bank.superuser() as connection:
        connection.execute("UPDATE account SET closed_at = now() WHERE path = %s", [path])
    done = batches.run(house.bank.kernel, "second")
    assert done is not None and done.state == "done"
    assert wallet(house, mandate.party_id) == ("2000.00", "2000.00"), "what it was given stays with him"
    _opened(house, path)
    batches.run(house.bank.kernel, "third")
    assert wallet(house, mandate.party_id) == ("500.00", "500.00")
    with house.bank.superuser() as connection:
        connection.execute("UPDATE account SET closed_at = now() WHERE path = %s", [path])
    house.wait(listing.closes_on + timedelta(days=1))
    assert of_loan(house, loan.id).state == "open", "the day was closed, and its lenders' money lies there"
    _opened(house, path)
    house.wait(listing.closes_on + timedelta(days=2))
    assert of_loan(house, loan.id).state == "failed"
    assert wallet(house, mandate.party_id) == ("2000.00", "2000.00")


def _opened(house: House, path: str) -> None:
    with house.bank.superuser() as connection:
        connection.execute("UPDATE account SET closed_at = NULL WHERE path = %s", [path])


def test_a_stopped_mandate_gives_nothing_and_what_it_lent_still_counts(house: House) -> None:
    listed(house)
    mandate = mandated(house, 1, "5000", Terms(yuan("3000"), yuan("1500"), yuan("1500"), grades=("A",)))
    batches.run(house.bank.kernel, "first")
    before = house.bank.read(lambda tx: mandates.room(tx, mandate.party_id))
    assert (str(before.mandated), str(before.lent)) == ("CNY 3,000.00", "CNY 0.00")
    house.bank.run(mandates.stop_mandate, StopMandate(mandate.id), actor=as_lender(mandate.party_id))
    after = house.bank.read(lambda tx: mandates.room(tx, mandate.party_id))
    assert (str(after.mandated), str(after.lent)) == ("CNY 0.00", "CNY 1,500.00")
    batches.run(house.bank.kernel, "second")
    assert wallet(house, mandate.party_id) == ("3500.00", "3500.00")


PLANTED: dict[LiteralString, str] = {
    "UPDATE market_listing SET picked_minor = picked_minor - 5000": "was picked by hand",
    "UPDATE market_fill SET amount_minor = amount_minor + 5000 WHERE batch_id = ''": "its lenders gave",
    "UPDATE market_fill SET amount_minor = amount_minor - 5000 WHERE batch_id <> ''": "and should",
    "UPDATE market_listing SET in_batch_minor = 5000": "none is clearing",
    "UPDATE market_batch SET fills_digest = 'no'": "cleared to other fills",
    "UPDATE market_batch SET funded_minor = funded_minor + 1": "clearing it again funds",
    "UPDATE market_batch SET document = replace(document, '\"months\":6', '\"months\":7')": "cannot be read",
    "UPDATE market_offered SET placed_minor = 0": "and its fills are",
    "UPDATE market_listing SET state = 'withdrawn'": "was not given back",
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_in_the_marketplace_is_named(database_url: str, planted: LiteralString) -> None:
    house = House(database_url, lived=filled)
    assert verify_clean(house)
    with house.bank.superuser() as connection:
        connection.execute(planted)
    found = house.bank.read(verify_market, snapshot=True).findings
    assert any(PLANTED[planted] in str(finding) for finding in found), found


def filled(house: House) -> None:
    """A listing that two mandates and one who picked by hand fill in part."""
    published(house)
    _, listing = listed(house)
    pick(house, with_money(house, 3, "500"), listing.id, "100")
    for number in (1, 2):
        mandated(house, number, "2000")
    batches.run(house.bank.kernel, "first")


def reflecting(house: House) -> None:
    """A bank whose law lets lenders reflect for four days."""
    published(house)
    law(house, ("reflection_days = 0", "reflection_days = 4"))


def test_a_lender_who_reflects_has_his_money_back_and_the_loan_waits_for_him(database_url: str) -> None:
    house = House(database_url, lived=reflecting)
    loan, listing = listed(house, "1000")
    lenders = [mandated(house, number, "1000").party_id for number in range(1, 6)]
    one = with_money(house, 9, "500")
    made = pick(house, one, listing.id, "100")
    assert made.reflects_until == listing.listed_on + timedelta(days=4)
    batches.run(house.bank.kernel, "first")
    full = of_loan(house, loan.id)
    assert (full.state, full.ready_on, house.loan(loan.id).state) == (
        "full", listing.listed_on + timedelta(days=5), "accepted",
    )  # fmt: skip
    back = TakeBack(listing.id, made.fill.id)
    assert house.refused(listings.take_back, back, actor=as_lender(lenders[0])) == "kernel.not_yours"
    taken = house.bank.run(listings.take_back, back, actor=as_lender(one))
    assert (taken.returned_on, wallet(house, one)) == (listing.listed_on, ("500.00", "500.00"))
    assert house.refused(listings.take_back, back, actor=as_lender(one)) == "market.taken_back"
    assert (of_loan(house, loan.id).state, str(of_loan(house, loan.id).picked)) == ("open", "CNY 0.00")
    assert verify_clean(house)
    pick(house, one, listing.id, "50")
    late = pick(house, with_money(house, 10, "500"), listing.id, "50").fill
    house.wait(listing.listed_on + timedelta(days=5))
    assert (of_loan(house, loan.id).state, house.loan(loan.id).state) == ("placed", "funded")
    over = TakeBack(listing.id, late.id)
    assert house.refused(listings.take_back, over, actor=as_lender(late.party_id)) == "market.listing_over"
    assert verify_clean(house)
