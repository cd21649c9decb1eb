"""A receipt says what somebody with a pencil would count, and for each loan that a lender did not get more of, why."""

from __future__ import annotations

from collections import Counter

from hypothesis import given

from farthing.funding.clearing.model import MOST_NOTES, Batch, Cleared, Listing, Mandate
from farthing.funding.clearing.receipts import Receipts
from farthing.funding.clearing.rules import clear
from tests.funding.clearing.batches import batches, listing, mandate


def why(found: Cleared, one: Mandate, each: Listing) -> str:
    """Why a mandate was given no more of a listing that it takes."""
    fills = list(found.fills)
    held = sum(fill.notes for fill in fills if (fill.listing, fill.mandate) == (each.id, one.id))
    of_grade = {other.id for other in found.batch.listings if other.grade == each.grade}
    graded = sum(fill.notes for fill in fills if fill.mandate == one.id and fill.listing in of_grade)
    if sum(fill.notes for fill in fills if fill.listing == each.id) >= each.notes:
        return "full"
    if held >= min(one.per_loan, one.per_borrower - one.holds.get(each.borrower, 0), each.per_lender):
        return "at loan limit"
    return "at grade limit" if graded >= one.by_grade.get(each.grade, MOST_NOTES) else "open"


@given(batches())
def test_a_receipt_counts_what_a_pencil_counts(batch: Batch) -> None:
    found = clear(batch)
    receipts = Receipts(found)
    for one in batch.mandates:
        receipt = receipts.of(one.id)
        counted = Counter(why(found, one, each) for each in batch.listings if one.takes(each))
        assert receipt.fills == tuple(fill for fill in found.fills if fill.mandate == one.id)
        assert (receipt.asked, receipt.filled) == (one.notes, sum(fill.notes for fill in receipt.fills))
        assert (receipt.fit, receipt.full) == (counted.total(), counted["full"])
        assert (receipt.at_loan_limit, receipt.at_grade_limit) == (counted["at loan limit"], counted["at grade limit"])
        assert receipt.filled == receipt.asked or not counted["open"]


def test_a_grade_that_is_not_wanted_at_all_is_at_its_limit() -> None:
    found = clear(Batch("batch", "pro_rata", (listing("loan", 10),), (mandate("none", 5, by_grade={"A": 0}),)))
    receipt = Receipts(found).of("none")
    assert (receipt.filled, receipt.at_loan_limit, receipt.at_grade_limit) == (0, 0, 1)
