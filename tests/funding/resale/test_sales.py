"""A lender sells parts of his notes: to whom, at what price, and who is paid afterwards; what is refused, and what is planted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import LiteralString

import pytest

from farthing.assurance.erasure import service as erasure
from farthing.assurance.erasure.model import ErasePerson
from farthing.funding.audit_service import verify
from farthing.funding.holdings import service as holdings
from farthing.funding.market import batches_service as batches
from farthing.funding.market import listings_service as listings
from farthing.funding.market import listings_store
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.audit_service import verify as verify_market
from farthing.funding.market.listings_model import Bid
from farthing.funding.market.mandates_model import ChangeMandate, Mandate, StopMandate, Terms
from farthing.funding.resale import service as resale
from farthing.funding.resale.audit_service import verify as verify_resales
from farthing.funding.resale.model import OnOffer, Sell, StopSale
from farthing.kernel.day import CloseStep, Stepped
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import AskHardship
from farthing.lending.model import Loan, Repay
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.funding.market.lenders import yuan
from tests.funding.market.listing import as_lender, listed, mandated, of_loan, published, wallet, with_money
from tests.lending.house import CARD, House

WIDE = Terms(yuan("2500"), yuan("1000"), yuan("1000"), grades=("A",))


def lent(house: House) -> tuple[Loan, list[Mandate]]:
    """A loan of 2,000 that four lenders fund with 400 each, a fifth with 200, and a sixth with 200 that he picked by hand; paid
    out and shared out, a week ago."""
    published(house)
    loan, listing = listed(house, "2000")
    each = Terms(yuan("400"), yuan("400"), yuan("400"), grades=("A",), reinvest=False)
    lenders = [mandated(house, number, "400", each) for number in range(1, 5)]
    mandated(house, 5, "200", each)
    sixth = with_money(house, 6, "200")
    house.bank.run(listings.bid, Bid(listing.id, sixth, yuan("200")), actor=as_lender(sixth))
    batches.run(house.bank.kernel, "first")
    house.sign(loan.id)
    house.complete(loan.id)
    house.bank.drain()
    house.wait(house.today + timedelta(days=7))
    return house.loan(loan.id), lenders


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url, lived=lent)


def sell(house: House, party_id: str, amount: str) -> OnOffer:
    loan, _ = house.made
    command = Sell(of_loan(house, loan.id).id, party_id, yuan(amount))
    made: OnOffer = house.bank.run(resale.sell, command, actor=as_lender(party_id), key=f"{party_id} {amount}")
    return made


def notes(house: House) -> dict[str, int]:
    """What of each lender's note is left, in minor units."""
    loan, _ = house.made
    found: dict[str, int] = house.bank.read(lambda tx: holdings.left_of(tx, [loan.id]))[loan.id]
    return found


def clean(house: House) -> bool:
    for each in (verify, verify_market, verify_resales):
        assert house.bank.read(each, snapshot=True).findings == ()
    return True


def test_what_is_sold_is_the_buyers_from_then_on(house: House) -> None:
    _, lenders = house.made
    seller = lenders[0].party_id
    offered = sell(house, seller, "300")
    assert offered == sell(house, seller, "300")  # the same key
    assert offered.price is not None and offered.interest is not None and offered.wait is not None
    assert (offered.wait.days, offered.wait.takers) == (None, 4)
    buyer = mandated(house, 9, "1000", WIDE)
    before = notes(house)
    house.wait(house.today + timedelta(days=1))
    after = notes(house)
    assert after[seller] == before[seller] - 30000 and after[buyer.party_id] == 30000
    assert sum(after.values()) == sum(before.values())
    (line,) = house.bank.read(lambda tx: resale.resales(tx, seller))
    paid = line.price + line.interest
    assert line.parts is not None and (line.parts.days_late, line.parts.part) == (0, 1) and 0 < line.parts.to_lose < 1
    assert (line.price, line.interest.minor) == (offered.price, pytest.approx(offered.interest.minor, abs=5))
    assert wallet(house, seller)[0] == str(paid.decimal())
    assert wallet(house, buyer.party_id)[0] == str((yuan("1000") - paid).decimal())
    (told,) = house.bank.read(lambda tx: resale.sales(tx, seller))
    assert (told.sale.state, told.sale.sold) == ("sold", yuan("300"))
    assert clean(house)


def test_who_holds_the_note_is_repaid(house: House) -> None:
    loan, lenders = house.made
    seller, other = lenders[0].party_id, lenders[1].party_id
    sell(house, seller, "400")
    buyer = mandated(house, 9, "2000", WIDE).party_id
    house.wait(house.today + timedelta(days=1))
    assert seller not in notes(house)
    had = {party: yuan(wallet(house, party)[0]) for party in (seller, other, buyer)}
    house.wait(house.loan(loan.id).instalments[0].due_on)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("2000"), CARD))
    due, _, _ = house.bank.read(lambda tx: lending.owed(tx, loan.id))
    house.bank.run(lending.repay, Repay(loan.id, due), key="one")
    house.bank.drain()
    got = {party: yuan(wallet(house, party)[0]) - had[party] for party in had}
    assert not got[seller] and got[buyer].minor == pytest.approx(got[other].minor, abs=1) and got[other]
    assert clean(house)


def test_what_a_mandate_lent_follows_its_note(house: House) -> None:
    _, lenders = house.made
    seller = lenders[0]
    sell(house, seller.party_id, "200")
    buyer = mandated(house, 9, "1000", WIDE)
    house.wait(house.today + timedelta(days=1))
    out = house.bank.read(listings_store.by_mandate)
    assert (out[seller.id]["given"], out[seller.id]["out"]) == (40000, 20000)
    assert (out[buyer.id]["given"], out[buyer.id]["out"]) == (20000, 20000)
    house.bank.run(mandates.stop_mandate, StopMandate(buyer.id), actor=as_lender(buyer.party_id))
    room = house.bank.read(lambda tx: mandates.room(tx, buyer.party_id))
    assert str(room.lent) == "CNY 200.00"


def test_limits_and_money_of_a_buyer_hold_and_turns_are_fair(house: House) -> None:
    _, lenders = house.made
    for each in lenders[:3]:
        sell(house, each.party_id, "400")
    terms = Terms(yuan("2500"), yuan("350"), yuan("350"), grades=("A",))
    buyer, poor = mandated(house, 9, "1000", terms), mandated(house, 10, "150", WIDE)
    mandated(house, 11, "1000", Terms(yuan("1000"), yuan("500"), yuan("500"), grades=("E",)))  # takes no such loan
    before = notes(house)
    house.wait(house.today + timedelta(days=1))
    after = notes(house)
    assert after[buyer.party_id] == 35000 and 0 < after[poor.party_id] <= 15000
    sold = [before[each.party_id] - after.get(each.party_id, 0) for each in lenders[:3]]
    assert sum(sold) == after[buyer.party_id] + after[poor.party_id]
    assert max(sold) - min(sold) <= 10000  # a slice
    assert clean(house)


def test_a_late_loan_is_sold_for_less_to_who_takes_it(house: House) -> None:
    loan, lenders = house.made
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("2000"), CARD))  # nothing is left to collect
    due = house.loan(loan.id).instalments[0].due_on
    house.wait(due + timedelta(days=5))
    in_time = house.bank.read(resale.prices).part(0)
    offered = sell(house, lenders[0].party_id, "400")
    assert offered.days_late == 5 and offered.price is not None and in_time == 1
    assert offered.price < yuan("369") and offered.wait is not None and offered.wait.takers == 0
    mandated(house, 9, "1000", WIDE)
    brave = mandated(house, 10, "1000", Terms(yuan("1000"), yuan("1000"), yuan("1000"), grades=("A",), late_days=30))
    house.wait(house.today + timedelta(days=1))
    assert notes(house)[brave.party_id] == 40000
    assert clean(house)


def test_what_may_not_be_sold_is_refused(house: House) -> None:
    loan, lenders = house.made
    seller, listing_id = lenders[0].party_id, of_loan(house, loan.id).id
    stranger = mandated(house, 9, "100", Terms(yuan("100"), yuan("100"), yuan("100"), grades=("E",))).party_id

    def code(amount: str, party_id: str = seller, listing: str = listing_id) -> str:
        return house.refused(resale.sell, Sell(listing, party_id, yuan(amount)), actor=as_lender(party_id))

    assert code("0") == "money.not_positive"
    assert code("1", listing="listing_nothing") == "market.unknown_listing"
    assert code("400.01") == "market.sale_beyond_held"
    assert code("1", stranger) == "market.sale_beyond_held"
    first = sell(house, seller, "300")
    assert code("100.01") == "market.sale_beyond_held"
    stop = StopSale(first.sale.id)
    assert house.refused(resale.stop_sale, stop, actor=as_lender(stranger)) == "kernel.not_yours"
    stopped = house.bank.run(resale.stop_sale, stop, actor=as_lender(seller))
    assert stopped.state == "stopped" and house.bank.run(resale.stop_sale, stop, actor=as_lender(seller)) == stopped
    sell(house, seller, "400")
    house.bank.run(collections.ask_hardship, AskHardship(loan.id, "I lost my work"))
    assert code("1", lenders[1].party_id) == "market.sale_disputed"
    mandated(house, 12, "1000", WIDE)
    house.wait(house.today + timedelta(days=1))
    assert notes(house)[seller] == 40000  # nothing is sold while that waits
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("3000"), CARD))
    house.bank.run(lending.settle, lending.LoanCommand(loan.id))
    house.bank.drain()
    assert code("1", lenders[1].party_id) == "market.sale_of_loan_over"
    house.wait(house.today + timedelta(days=1))
    (told,) = [each for each in house.bank.read(lambda tx: resale.sales(tx, seller)) if each.sale.state == "ended"]
    assert not told.sale.sold


def test_a_loan_that_is_not_paid_out_is_not_sold(database_url: str) -> None:
    house = House(database_url, lived=published)
    _, listing = listed(house, "2000")
    lender = mandated(house, 1, "400", WIDE)
    batches.run(house.bank.kernel, "first")
    command = Sell(listing.id, lender.party_id, yuan("100"))
    assert house.refused(resale.sell, command, actor=as_lender(lender.party_id)) == "market.sale_too_early"


def test_what_was_planned_is_done_once_and_what_was_stopped_meanwhile_is_dropped(house: House) -> None:
    _, (one, two, *_) = house.made
    kept, stopped = (sell(house, each.party_id, "100") for each in (one, two))
    buyer = mandated(house, 9, "1000", WIDE)
    step = CloseStep(house.today)
    assert house.bank.run(resale.resell, step) == Stepped(2, resale.FIRST)
    house.bank.run(resale.stop_sale, StopSale(stopped.sale.id), actor=as_lender(two.party_id))
    listing_id = kept.sale.listing_id
    assert house.bank.run(resale.resell, CloseStep(house.today, resale.FIRST)) == Stepped(1, listing_id)
    assert house.bank.run(resale.resell, CloseStep(house.today, resale.FIRST)) == Stepped(0)
    after = notes(house)
    assert (after[one.party_id], after[two.party_id], after[buyer.party_id]) == (30000, 40000, 10000)
    house.wait(house.today + timedelta(days=1))
    assert notes(house) == after and clean(house)


@pytest.mark.parametrize("done", [True, False])
def test_what_a_batch_took_of_a_mandate_since_is_not_spent_again(house: House, done: bool) -> None:
    """What was planned of a note and what a batch lends are both within the mandate, whichever comes first."""
    loan, (one, *_) = house.made
    sell(house, one.party_id, "200")
    buyer = mandated(house, 9, "1000", Terms(yuan("200"), yuan("200"), yuan("200"), grades=("A",)))
    assert house.bank.run(resale.resell, CloseStep(house.today)) == Stepped(1, resale.FIRST)
    listed(house, "1000")
    if done:
        assert batches.run(house.bank.kernel, "second") is not None
        assert house.bank.read(listings_store.by_mandate)[buyer.id]["out"] == 20000
    else:
        house.bank.run(batches.open_batch, batches.OpenBatch("second"))
    step = CloseStep(house.today, resale.FIRST)
    assert house.bank.run(resale.resell, step) == Stepped(0, of_loan(house, loan.id).id)
    batches.run(house.bank.kernel, "second")
    out = house.bank.read(lambda tx: listings_store.by_mandate(tx, [buyer.party_id]))
    assert (buyer.party_id in notes(house), out[buyer.id]["out"]) == (False, 20000)
    assert clean(house)


def test_a_loan_that_is_paid_off_before_its_note_changes_hands_is_its_sellers(house: House) -> None:
    """What peers settled all the same: a sale of a claim that nothing is left of when its day comes."""
    loan, (one, *_) = house.made
    offered = sell(house, one.party_id, "200")
    buyer = mandated(house, 9, "1000", WIDE)
    assert house.bank.run(resale.resell, CloseStep(house.today)) == Stepped(1, resale.FIRST)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("3000"), CARD))
    house.bank.run(lending.settle, lending.LoanCommand(loan.id))
    step = CloseStep(house.today, resale.FIRST)
    assert house.bank.run(resale.resell, step) == Stepped(0, of_loan(house, loan.id).id)
    assert wallet(house, buyer.party_id) == ("1000.00", "1000.00")
    assert yuan("400") < yuan(wallet(house, one.party_id)[0]) < yuan("402")  # all of his note, and a week of interest
    house.wait(house.today + timedelta(days=1))
    (told,) = house.bank.read(lambda tx: resale.sales(tx, one.party_id))
    assert (told.sale.id, told.sale.state, told.sale.sold) == (offered.sale.id, "ended", yuan("0")) and clean(house)


def test_terms_that_were_changed_since_are_those_that_count(house: House) -> None:
    loan, (one, *_) = house.made
    sell(house, one.party_id, "200")
    buyer = mandated(house, 9, "1000", WIDE)
    assert house.bank.run(resale.resell, CloseStep(house.today)) == Stepped(1, resale.FIRST)
    others = ChangeMandate(buyer.id, replace(WIDE, grades=("E",)))
    house.bank.run(mandates.change_mandate, others, actor=as_lender(buyer.party_id))
    step = CloseStep(house.today, resale.FIRST)
    assert house.bank.run(resale.resell, step) == Stepped(0, of_loan(house, loan.id).id)
    assert buyer.party_id not in notes(house) and clean(house)


def test_who_sells_or_holds_notes_is_not_erased(house: House) -> None:
    _, lenders = house.made
    offered = sell(house, lenders[0].party_id, "100")
    command = ErasePerson(lenders[0].party_id, "asked in writing")
    with pytest.raises(Refusal) as refused:
        house.bank.run(erasure.erase, command)
    assert refused.value.code == "assurance.erase_stands"
    told = str(refused.value.facts["what"])
    assert f"sale {offered.sale.id}" in told and "notes CNY 400.00" in told


def test_the_expected_wait_is_told(house: House) -> None:
    _, lenders = house.made
    sell(house, lenders[0].party_id, "100")
    mandated(house, 9, "1000", WIDE)
    house.wait(house.today + timedelta(days=1))
    told = sell(house, lenders[1].party_id, "200").wait
    assert told is not None and (told.days, str(told.before)) == (60, "CNY 200.00")  # 100 in 30 days
    queue = house.bank.read(resale.queue)
    assert (str(queue.queued), queue.sellers, str(queue.sold)) == ("CNY 200.00", 1, "CNY 100.00")


ANOTHER: LiteralString = "(SELECT max(party_id) FROM market_fill WHERE party_id <> seller_id)"
UNDONE: LiteralString = (
    "state = 'planned', price_minor = NULL, interest_minor = NULL, left_minor = NULL, done_at = NULL"
)
PLANTED: dict[LiteralString, str] = {
    "UPDATE market_sale SET sold_minor = sold_minor - 1, state = 'open', ended_on = NULL": "was bought",
    "UPDATE market_resale SET price_minor = price_minor + 1": "was paid for by another entry",
    f"UPDATE market_resale SET seller_id = {ANOTHER}": "otherwise than they were sold",
    "UPDATE market_resale SET on_day = on_day - 1": "no notes changed hands",
    f"UPDATE market_resale SET {UNDONE}": "neither done nor dropped",
    "UPDATE market_resale SET part = 0.6, on_day = '2026-12-05'": "was priced at 0.6 for 0 days late, and 1.00 is",
    "UPDATE market_resale SET to_lose = to_lose + 0.01": "and the parts of its price come to",
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_in_resales_is_named(database_url: str, planted: LiteralString) -> None:
    house = House(database_url, lived=sold)
    assert clean(house)
    with house.bank.superuser() as connection:
        connection.execute(planted)
    found = house.bank.read(verify_resales, snapshot=True).findings
    assert any(PLANTED[planted] in str(finding) for finding in found), found


def sold(house: House) -> None:
    """A bank in which a part of a note was sold."""
    house.made = lent(house)
    _, lenders = house.made
    sell(house, lenders[0].party_id, "300")
    mandated(house, 9, "1000", WIDE)
    house.wait(house.today + timedelta(days=1))
