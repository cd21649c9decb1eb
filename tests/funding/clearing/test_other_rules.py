"""The reverse auction and the stable matching: each does what its name promises."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from hypothesis import given

from farthing.funding.clearing.model import MOST_NOTES, Batch, Cleared, Listing, Mandate
from farthing.funding.clearing.rules import clear
from tests.funding.clearing.batches import batches, keeps_every_limit, listing, mandate


def test_the_lowest_bids_fund_and_all_earn_the_highest_of_them() -> None:
    bids = {"a": "0.05", "b": "0.06", "c": "0.07"}
    lenders = tuple(mandate(id, 40, annual=Decimal(annual)) for id, annual in bids.items())
    found = clear(Batch("batch", "uniform_price", (listing("loan", 60),), lenders))
    assert [(fill.mandate, fill.notes) for fill in found.fills] == [("a", 40), ("b", 20)]
    assert found.rates == {"loan": Decimal("0.06")}


def test_a_listing_that_is_not_funded_whole_pays_the_most_that_its_borrower_would() -> None:
    found = clear(Batch("batch", "uniform_price", (listing("loan", 60),), (mandate("a", 40, annual=Decimal("0.05")),)))
    assert (found.notes, found.rates) == (40, {"loan": Decimal("0.09")})


@given(batches("uniform_price"))
def test_nobody_who_bid_less_than_a_listing_pays_is_left_out_of_it(batch: Batch) -> None:
    found = clear(batch)
    keeps_every_limit(found)
    bids = {each.id: each.annual for each in batch.mandates}
    for fill in found.fills:
        assert bids[fill.mandate] <= found.rates[fill.listing]
    for each in batch.listings:
        rate = found.rates.get(each.id)
        if rate is not None and rate < each.annual:
            for one in batch.mandates:
                if one.annual < rate:
                    assert _could_take_no_more(found, one, each)


@given(batches("stable"))
def test_no_lender_and_listing_would_rather_have_each_other(batch: Batch) -> None:
    found = clear(batch)
    keeps_every_limit(found)
    held = {(fill.listing, fill.mandate): fill.notes for fill in found.fills}
    order = sorted(batch.mandates, key=lambda each: (each.annual, each.turn, each.id))
    rank = {each.id: place for place, each in enumerate(order)}
    likes = sorted(batch.listings, key=lambda each: (-each.expected, each.closes_at, each.id))
    liked = {each.id: place for place, each in enumerate(likes)}
    of_listing = Counter(
        {each.id: sum(held.get((each.id, one.id), 0) for one in batch.mandates) for each in batch.listings}
    )
    for each in batch.listings:
        worst = max((rank[lender] for (id, lender) in held if id == each.id), default=-1)
        for one in batch.mandates:
            wanted_there = of_listing[each.id] < each.notes or rank[one.id] < worst
            if wanted_there and held.get((each.id, one.id), 0) < one.most_of(each):
                assert not _would_rather(batch, held, liked, one, each), (each.id, one.id)


def _would_rather(
    batch: Batch, held: dict[tuple[str, str], int], liked: dict[str, int], one: Mandate, each: Listing
) -> bool:  # fmt: skip
    """Whether a lender has idle money for a note of a listing, or would leave one that he likes less for it."""
    mine = {other: held.get((other.id, one.id), 0) for other in batch.listings}
    graded = sum(notes for other, notes in mine.items() if other.grade == each.grade)
    room_in_grade = graded < one.by_grade.get(each.grade, MOST_NOTES)
    less = [other for other, notes in mine.items() if notes and liked[other.id] > liked[each.id]]
    if room_in_grade:
        return sum(mine.values()) < one.notes or bool(less)
    return any(other.grade == each.grade for other in less)


def _could_take_no_more(found: Cleared, one: Mandate, each: Listing) -> bool:
    mine: Counter[str] = Counter()
    graded, grades = 0, {other.id: other.grade for other in found.batch.listings}
    for fill in found.fills:
        if fill.mandate == one.id:
            mine[fill.listing] += fill.notes
            graded += fill.notes if grades[fill.listing] == each.grade else 0
    limit = one.by_grade.get(each.grade, MOST_NOTES)
    return mine[each.id] >= one.most_of(each) or mine.total() >= one.notes or graded >= limit


def test_a_listing_takes_the_lowest_bid_and_then_who_waits_longest_whatever_the_mandates_are_called() -> None:
    late, early = 2, 1
    lenders = (
        mandate("a", 5, annual=Decimal("0.06"), turn=early),
        mandate("b", 5, annual=Decimal("0.05"), turn=late),
        mandate("c", 5, annual=Decimal("0.05"), turn=early),
    )
    best, other = listing("best", 7, expected=Decimal("0.06")), listing("other", 7)
    found = clear(Batch("batch", "stable", (other, best), lenders))
    fills = [(fill.listing, fill.mandate, fill.notes) for fill in found.fills]
    assert fills == [("best", "b", 2), ("best", "c", 5), ("other", "a", 4), ("other", "b", 3)]
