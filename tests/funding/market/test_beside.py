"""What is done beside a batch, at one instant with it, or under a law that changed meanwhile: no limit passed, no fen lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, timedelta
from threading import Thread

import psycopg
import pytest

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.audit_service import verify
from farthing.funding.clearing import batch_file
from farthing.funding.clearing.model import MOST_NOTES
from farthing.funding.market import batches_rules
from farthing.funding.market import batches_service as batches
from farthing.funding.market import listings_service as listings
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.audit_service import verify as verify_market
from farthing.funding.market.batches_model import Claim
from farthing.funding.market.listings_model import Bid, Fill
from farthing.funding.market.listings_rules import returns
from farthing.funding.market.mandates_model import Mandate, StopMandate, Terms
from farthing.kit.canonical import canonical
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger.model import MOST_POSTINGS
from farthing.lending.model import LoanCommand
from farthing.lending.shelf import service as loan_shelf
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products import service as products
from farthing.products.model import Publish
from tests.funding.market.lenders import yuan
from tests.funding.market.listing import (
    NOON,
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
from tests.funding.market.test_listing_rules import LISTING, TODAY
from tests.lending.house import CARD, House
from tests.waits import until_blocked


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url, lived=published)


def clean(house: House) -> None:
    """Notes, listings and batches agree with the books."""
    found = (house.bank.read(verify, snapshot=True).findings, house.bank.read(verify_market, snapshot=True).findings)
    assert found == ((), ())


def test_whom_a_batch_may_fill_yet_picks_nothing_beside_it(house: House) -> None:
    """The most of one lender holds for what he picks and what a batch gives him together, at whatever instant he picks."""
    loan, listing = listed(house)
    mandate = mandated(house, 1, "5000")
    house.bank.run(batches.open_batch, batches.OpenBatch("first"))
    me, bid = as_lender(mandate.party_id), Bid(listing.id, mandate.party_id, yuan("800"), consents=True)
    assert house.refused(listings.bid, bid, actor=me) == "market.batch_runs"
    batches.run(house.bank.kernel, "first")
    assert house.refused(listings.bid, bid, actor=me) == "market.per_lender"
    house.bank.run(listings.bid, replace(bid, amount=yuan("100")), actor=me)
    assert of_loan(house, loan.id).filled == listing.per_lender
    clean(house)


def test_a_note_that_grew_stops_no_batch(house: House) -> None:
    """A mandate that was given when a note was less offers nothing for a loan of greater notes."""
    small = Terms(yuan("3000"), yuan("50"), yuan("1500"), grades=("A",))
    one = mandated(house, 1, "3000", small)
    two = mandated(house, 2, "3000")
    law(house, ('note = "50.00"', 'note = "100.00"'))
    _, listing = listed(house)
    assert listing.note == yuan("100")
    batch = batches.run(house.bank.kernel, "first")
    assert batch is not None and (batch.state, str(batch.funded)) == ("done", "CNY 1,500.00")
    assert (wallet(house, one.party_id)[0], wallet(house, two.party_id)[0]) == ("3000.00", "1500.00")
    clean(house)


def test_a_batch_that_was_left_is_finished_under_a_law_without_a_marketplace(house: House) -> None:
    """It holds money in wallets, and its listings wait for it."""
    loan, _ = listed(house)
    mandate = mandated(house, 1, "2000")
    house.bank.run(batches.open_batch, batches.OpenBatch("first"))
    pack = (products.ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")
    begins, ends = pack.index("[marketplace]"), pack.index("[savings]")
    silent = 'no_limit = ["marketplace"]\n' + pack[:begins] + pack[ends:]
    agreed(house.bank.kernel, loan_shelf.publish, Publish("policy", silent))
    batches.watch(house.bank.kernel)
    assert (wallet(house, mandate.party_id), of_loan(house, loan.id).in_batch) == (("500.00", "500.00"), yuan("0"))
    clean(house)


def test_listings_of_either_note_have_their_turn() -> None:
    old, new = LISTING, replace(LISTING, id="listing_two", party_id="party_other", note=yuan("100"))
    turns = [tuple(batches_rules.chosen([old, new], TODAY, f"batch_{at}").values()) for at in range(20)]
    assert set(turns) == {(old,), (new,)}
    assert list(batches_rules.chosen([new], TODAY, "batch_0").values()) == [new]


def test_a_document_is_read_whatever_a_mandate_allows_and_wherever_its_borrower_lives() -> None:
    """What could not be read would hold everybody's money for ever."""
    huge = Money(10**14, "CNY")
    mandate = Mandate("mandate_one", "party_lender", 1, Terms(huge, huge, huge), NOON)
    claims = [Claim("mandate_one", "party_lender", huge.minor, NOON, {})]
    made = batches_rules.gathered(
        "batch_one", "salt", {"party_borrower": replace(LISTING, region="")}, {"mandate_one": mandate}, claims,
        {"mandate_one": 160_000}, TODAY, UTC,
    )  # fmt: skip
    found = batch_file.read(canonical(made.document), "batch").batch
    assert (found.mandates[0].per_loan, found.listings[0].region) == (MOST_NOTES, "")


def test_a_document_says_whose_turn_it_is_and_not_since_when_money_waits() -> None:
    """By the instant a mandate could be followed from document to document; by the order of the lines too."""
    terms = Terms(yuan("1000"), yuan("1000"), yuan("1000"))
    mandates = {f"mandate_{at}": Mandate(f"mandate_{at}", f"party_{at}", 1, terms, NOON) for at in range(4)}
    waits = [NOON + timedelta(seconds=seconds) for seconds in (5, 1, 5, 0)]
    claims = [Claim(f"mandate_{at}", f"party_{at}", 100_000, since, {}) for at, since in enumerate(waits)]
    offered = {f"mandate_{at}": 100_000 for at in range(3)}
    made = batches_rules.gathered(
        "batch_one", "salt", {"party_borrower": LISTING}, mandates, claims, offered, TODAY, UTC
    )
    turns = {each["id"]: each["turn"] for each in made.document["mandates"]}  # type: ignore[attr-defined]
    names = [batches_rules.name_of("salt", "m", f"mandate_{at}") for at in range(3)]
    assert [turns[name] for name in names] == [2, 1, 2] and list(turns) == sorted(names)
    text = canonical(made.document).decode()
    assert "waits_since" not in text and NOON.isoformat()[:10] not in text


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all of it at one instant; answers the codes that were refused."""

    def tried(act: Callable[[], object]) -> str:
        try:
            act()
        except Refusal as refusal:
            return refusal.code
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return [code for code in pool.map(tried, acts) if code]


def test_two_loans_of_one_borrower_pass_no_limit_at_one_instant(house: House) -> None:
    published(house, '["marketplace"]')
    law(house, ('person_most = "200000.00"', 'person_most = "1500.00"'))
    loans = [house.accept(house.offer("1000")) for _ in range(2)]
    refused = at_once(*(lambda loan=loan: funding.arrange(house.bank.kernel, loan.id) for loan in loans))  # type: ignore[misc]
    assert refused == ["market.borrower_most"]


def test_bids_batches_stops_pay_outs_and_giving_up_at_one_instant_lose_no_fen(house: House) -> None:
    loan, listing = listed(house)
    given = [mandated(house, number, "2000") for number in range(1, 4)]
    picks = [with_money(house, number, "2000") for number in range(4, 7)]
    kernel, run = house.bank.kernel, house.bank.run
    refused = at_once(
        lambda: batches.run(kernel, "first"), lambda: batches.run(kernel, "first"), lambda: batches.run(kernel, "second"),
        *(lambda who=who: run(listings.bid, Bid(listing.id, who, yuan("400")), actor=as_lender(who)) for who in picks),
        lambda: run(mandates.stop_mandate, StopMandate(given[0].id), actor=as_lender(given[0].party_id)),
        lambda: run(payments.pay_out, MoveByRail(given[1].party_id, yuan("1000"), CARD), key="out"),
        lambda: run(funding.withdraw, LoanCommand(loan.id)),
    )  # type: ignore[misc]  # fmt: skip
    assert set(refused) <= {"market.listing_over", "market.picked_out", "ledger.insufficient_funds"}
    while (left := batches.run(kernel, "last")) is not None and left.state != "done":
        pass
    house.bank.drain()
    assert (of_loan(house, loan.id).state, escrow(house, listing.id)) == ("withdrawn", yuan("0"))
    lie = [wallet(house, party) for party in (*(each.party_id for each in given), *picks)]
    out = "ledger.insufficient_funds" not in refused
    assert sorted(free for free, _ in lie) == (["1000.00"] if out else []) + ["2000.00"] * (5 if out else 6)
    assert all(there == free for there, free in lie)
    clean(house)


def test_a_lender_who_spends_his_money_while_a_batch_opens_sits_it_out_alone(house: House, database_url: str) -> None:
    """Nobody stops a batch of thousands by a payment out of his own wallet."""
    _, listing = listed(house)
    stays, spends = (mandated(house, number, "1000") for number in (1, 2))
    refused: list[str] = []
    opening = Thread(target=lambda: refused.extend(at_once(lambda: batches.run(house.bank.kernel, "first"))))
    with psycopg.connect(database_url) as beside:
        beside.execute("UPDATE market_listing SET state = state")  # a batch waits here: it has looked into the wallets
        opening.start()
        until_blocked(database_url, opening)
        house.bank.run(payments.pay_out, MoveByRail(spends.party_id, yuan("1000"), CARD))
        beside.rollback()
    opening.join(30)
    (done,) = house.bank.read(batches.batches)
    assert (refused, done.mandates, done.offered, done.funded) == ([], 1, yuan("1000"), yuan("1000"))
    assert (wallet(house, stays.party_id)[0], wallet(house, spends.party_id)[0]) == ("0.00", "0.00")
    assert escrow(house, listing.id) == yuan("1000")
    with pytest.raises(Refusal) as none:
        house.bank.read(lambda tx: batches.receipt(tx, done.id, spends.id))
    assert none.value.code == "market.no_receipt"
    clean(house)


def test_a_thousand_lenders_and_more_have_their_money_back_in_entries_that_balance() -> None:
    fills = [Fill("listing_one", f"fill_{at}", f"party_{at:026}", yuan("50"), TODAY, NOON) for at in range(2_500)]
    made = returns(LISTING, fills, TODAY, frozenset(), "CNY")
    assert len(made) == 3 and len({each.reference for each in made}) == 3
    for each in made:
        assert len(each.postings) <= MOST_POSTINGS and sum(line.amount.minor for line in each.postings) == 0
    assert sum(len(each.postings) - 1 for each in made) == 2_500
