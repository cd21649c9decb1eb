"""How a loan is listed and who may pick a part of it: each refusal by its code, and the parts to the note."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from farthing.funding.market import batches_rules, lenders_rules, valuing_service
from farthing.funding.market import listings_rules as rules
from farthing.funding.market.listings_model import Fill, Listing, Worth
from farthing.funding.market.mandates_model import Room
from farthing.funding.rules import for_lenders
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.products.model import LoanTerms
from tests.funding.market.lenders import yuan
from tests.funding.market.listing import NOON
from tests.lending.house import House
from tests.products.test_policy import pack

CN = lenders_rules.law_of(pack("cn").marketplace)
TODAY = date(2026, 11, 28)
WORTH = Worth("A", Decimal("0.001"), Decimal("0.9"), Decimal("0.05"), Decimal("0.052"), yuan("1"), Decimal("0.049"))
LISTING = Listing(
    "listing_one", "rainy-day-loan", "consumption", "330000", 6, yuan("8000"), yuan("8000"), yuan("50"), yuan("800"),
    TODAY + timedelta(days=2), yuan("1600"), yuan("4000"), WORTH, 0, TODAY, TODAY + timedelta(days=10), "open", yuan("0"),
    yuan("0"), yuan("0"), yuan("0"), yuan("0"), True, None, "loan_one", "party_borrower",
)  # fmt: skip
ROOM = Room(CN.note, yuan("12000"), yuan("3000"), yuan("0"), yuan("0"))


def bid(amount: str = "100", bidder: str = "party_lender", has: str = "0", **changes: object) -> str:
    """The code that a bid is refused with; nothing, where it is taken."""
    listing, room = replace(LISTING, **changes.pop("listing", {})), changes.pop("room", ROOM)  # type: ignore[arg-type]
    today, consents = changes.pop("today", TODAY), bool(changes.pop("consents", False))
    assert CN.listings is not None and not changes
    try:
        rules.check_bid(listing, bidder, yuan(amount), yuan(has), CN, CN.listings, room, today, consents=consents)  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal.code
    return ""


def test_a_bid_is_refused_in_one_order_by_its_own_code() -> None:
    assert bid() == ""
    assert bid("0") == "money.not_positive"
    assert bid(today=LISTING.closes_on + timedelta(days=1)) == "market.listing_over"
    assert bid(listing={"state": "placed"}) == "market.listing_over"
    assert bid(bidder="party_borrower") == "market.own_loan"
    assert bid("120") == "market.not_whole_notes"
    assert bid("100", has="1550") == "market.per_lender"
    assert bid("900") == "market.picked_out"
    assert bid(listing={"picked": yuan("750"), "filled": yuan("750")}) == "market.picked_out"
    assert bid("50", listing={"picked": yuan("750"), "filled": yuan("750")}) == ""
    assert bid(listing={"in_batch": yuan("7950")}) == "market.picked_out"  # a batch may still fill it
    assert bid(room=replace(ROOM, lent=yuan("11950"))) == "market.beyond_means"
    assert bid(room=replace(ROOM, mandated=yuan("2950"))) == "market.consent_needed"
    assert bid(room=replace(ROOM, mandated=yuan("2950")), consents=True) == ""


def fill(days: int, returned: date | None = None) -> Fill:
    return Fill(
        "listing_one",
        f"fill_{days}",
        "party_lender",
        yuan("50"),
        TODAY + timedelta(days=days),
        NOON,
        returned_on=returned,
    )


@pytest.mark.parametrize(
    ("reflection", "state", "later", "returned", "code"),
    [
        (4, "open", 4, None, ""), (4, "full", 0, None, ""), (4, "open", 5, None, "market.reflection_over"),
        (0, "open", 0, None, "market.reflection_over"), (4, "placed", 1, None, "market.listing_over"),
        (4, "open", 1, TODAY, "market.taken_back"),
    ],
)  # fmt: skip
def test_a_fill_is_taken_back_while_one_may_reflect(
    reflection: int, state: str, later: int, returned: date | None, code: str
) -> None:
    listing = replace(LISTING, reflection_days=reflection, state=state)  # type: ignore[arg-type]
    try:
        rules.check_take_back(fill(0, returned), listing, TODAY + timedelta(days=later))
    except Refusal as refusal:
        assert refusal.code == code
    else:
        assert not code


def test_a_listing_is_ready_the_day_after_the_last_of_its_lenders_may_reflect() -> None:
    listing = replace(LISTING, reflection_days=4)
    assert rules.ready_on(listing, [fill(0), fill(3), fill(6, TODAY)]) == TODAY + timedelta(days=8)
    assert rules.ready_on(LISTING, [fill(0), fill(3)]) == TODAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("filled", "closing", "in_batch", "state"),
    [
        ("0", 10, "0", "failed"), ("3950", 10, "0", "failed"), ("4000", 10, "0", "full"), ("4000", 9, "0", "open"),
        ("8000", 3, "0", "full"), ("3950", 10, "50", "open"), ("4000", 12, "0", "full"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_listing_at_the_end_of_a_day(filled: str, closing: int, in_batch: str, state: str) -> None:
    listing = replace(LISTING, filled=yuan(filled), in_batch=yuan(in_batch))
    assert rules.ends(listing, TODAY + timedelta(days=closing)) == state


def test_what_a_batch_may_fill_leaves_what_is_kept_as_long_as_it_is() -> None:
    def sought(today: date, **changes: object) -> str:
        return str(batches_rules.sought_in_batch(replace(LISTING, **changes), today))  # type: ignore[arg-type]

    assert sought(TODAY) == "CNY 7,200.00"
    assert sought(TODAY, picked=yuan("300"), filled=yuan("300")) == "CNY 7,200.00"
    assert sought(TODAY, picked=yuan("800"), filled=yuan("8000")) == "CNY 0.00"
    assert sought(LISTING.kept_until) == "CNY 8,000.00"


def test_nobody_is_named_twice_alike_in_two_batches() -> None:
    names = {batches_rules.name_of(salt, kind, "mandate_one") for salt in ("a", "b") for kind in ("m", "b")}
    assert len(names) == 4


@pytest.mark.parametrize(("minutes", "slot"), [(10, "2026-11-28T12:00+00:00"), (7, "2026-11-28T11:58+00:00")])
def test_a_slot_of_time_begins_at_a_minute_that_all_agree_on(minutes: int, slot: str) -> None:
    assert batches_rules.slot_of(NOON, minutes) == slot
    assert batches_rules.slot_of(NOON + timedelta(minutes=minutes), minutes) != slot


def test_money_back_goes_to_whose_it_is_or_waits_where_the_wallet_is_closed() -> None:
    one = replace(fill(0), id="fill_a", party_id="party_" + "1" * 26, amount=Money(5_000, "CNY"))
    two = replace(one, id="fill_b", party_id="party_" + "2" * 26, amount=Money(10_000, "CNY"))
    closed = frozenset({"liabilities:wallets:" + "2" * 26})
    (entry,) = rules.returns(LISTING, [one, two, one], TODAY, closed, "CNY")
    assert [(line.account, line.amount.minor) for line in entry.postings] == [
        ("liabilities:escrow:one", 20_000), ("liabilities:wallets:" + "1" * 26, -10_000),
        ("liabilities:escrow:lender:" + "2" * 26, -10_000),
    ]  # fmt: skip


def test_what_is_not_listed_says_why(house: House) -> None:
    loan, terms = house.accept(house.offer("8000")), house.terms("rainy-day-loan")
    assert CN.listings is not None
    valued = house.bank.read(lambda tx: valuing_service.valuation(tx, loan.offer_id))
    with pytest.raises(Refusal) as caught:
        rules.worth_of(valued)  # the rainy-day loan has a rate of its own
    assert caught.value.code == "market.off_curve"
    how, market = CN.listings, house.changed(terms, funding=("marketplace",))

    def code(principal: str, owes: str, of: LoanTerms = market) -> str:
        try:
            whole = yuan(principal)
            part = for_lenders(of, house.policy(), whole, whole * 0)
            assert part is not None
            rules.listed(replace(loan, principal=whole), house.party, of, WORTH, CN, how, yuan(owes), TODAY, part)
        except Refusal as refusal:
            return refusal.code
        return ""

    assert code("8030", "0") == "market.not_whole_notes"  # nobody would lend the rest
    assert code("8030", "0", house.changed(terms, funding=("marketplace", "own_book"))) == ""
    assert code("30", "0", house.changed(terms, funding=("marketplace", "own_book"))) == "market.below_one_note"
    assert code("8000", "192000") == ""
    assert code("8000", "192050") == "market.borrower_most"


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url)


def test_where_somebody_comes_from_is_the_province_of_his_number(house: House) -> None:
    assert rules.region_of(house.party) == f"{house.party.number[:2]}0000"
    assert rules.region_of(replace(house.party, number="")) == ""
    shop = replace(house.party, kind="organisation", number="91330100MA2A00000X")
    assert rules.region_of(shop) == "330000"
