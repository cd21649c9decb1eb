"""Random small batches, and what a batch comes to by other means: a flow by SciPy, and one note at a time by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from farthing.funding.clearing.model import MOST_NOTES, Batch, Cleared, Listing, Mandate, Rule

BEGAN = datetime(2026, 11, 2, tzinfo=UTC)
GRADES = "ABC"


def listing(id: str, notes: int, **other: Any) -> Listing:
    """A listing of grade A over a year at 9% that closes on the first day."""
    given = {
        "borrower": f"borrower of {id}", "grade": "A", "annual": Decimal("0.09"), "months": 12, "purpose": "shop",
        "region": "north", "per_lender": notes or 1, "expected": Decimal("0.05"), "closes_at": BEGAN,
    }  # fmt: skip
    return Listing(id=id, notes=notes, **{**given, **other})


def mandate(id: str, notes: int, **other: Any) -> Mandate:
    """A mandate that takes everything and has waited since the first day."""
    return Mandate(id=id, notes=notes, **{"turn": 1, **other})


@st.composite
def batches(draw: st.DrawFn, rule: Rule = "pro_rata") -> Batch:
    """Up to six listings and eight mandates with limits of every kind, which mostly do not fit all together."""

    def some(words: str) -> frozenset[str]:
        return frozenset(draw(st.sets(st.sampled_from(words))))

    listings = tuple(
        listing(
            f"l{number}", draw(st.integers(0, 12)), borrower=f"b{number}", grade=draw(st.sampled_from(GRADES)),
            annual=Decimal(draw(st.integers(5, 9))) / 100, months=draw(st.integers(1, 6)),
            purpose=draw(st.sampled_from("xy")), per_lender=draw(st.integers(1, 6)),
            expected=Decimal(draw(st.integers(2, 4))) / 100, closes_at=BEGAN + timedelta(days=draw(st.integers(0, 3))),
        )
        for number in range(draw(st.integers(0, 6)))
    )  # fmt: skip
    mandates = tuple(
        mandate(
            f"m{number}", draw(st.integers(0, 12)), turn=draw(st.integers(1, 4)),
            annual=Decimal(draw(st.integers(4, 8))) / 100, months=(1, draw(st.integers(1, 6))), grades=some(GRADES),
            purposes=some("xy"), per_loan=draw(st.integers(1, 5)), per_borrower=draw(st.integers(1, 6)),
            by_grade=draw(st.dictionaries(st.sampled_from(GRADES), st.integers(0, 5), max_size=2)),
            holds=draw(st.dictionaries(st.sampled_from([f"b{each}" for each in range(6)]), st.integers(0, 3), max_size=2)),
        )
        for number in range(draw(st.integers(0, 8)))
    )  # fmt: skip
    return Batch("batch", rule, listings, mandates)


def most_that_can_be_funded(batch: Batch) -> int:
    """Notes, by the largest flow from mandates through their grades to listings (Dinic's method in SciPy)."""
    numbers: dict[object, int] = {"money": 0, "funded": 1}

    def place(name: object) -> int:
        return numbers.setdefault(name, len(numbers))

    edges = [(0, place(("mandate", one.id)), one.notes) for one in batch.mandates]
    edges += [(place(("listing", one.id)), 1, one.notes) for one in batch.listings]
    for one in batch.mandates:
        for grade in GRADES:
            limit = min(one.notes, one.by_grade.get(grade, MOST_NOTES))
            edges.append((place(("mandate", one.id)), place((one.id, grade)), limit))
        for each in batch.listings:
            edges.append((place((one.id, each.grade)), place(("listing", each.id)), one.most_of(each)))
    edges = [edge for edge in edges if edge[2]]
    if not edges:
        return 0
    table, size = np.array(edges, np.int32), len(numbers)
    graph = csr_matrix((table[:, 2], (table[:, 0], table[:, 1])), shape=(size, size))
    return int(maximum_flow(graph, 0, 1).flow_value)


def keeps_every_limit(found: Cleared) -> None:
    """No listing, lender, loan, borrower or grade gets more than it may; nothing is given twice or is nothing."""
    batch = found.batch
    mandates = {each.id: each for each in batch.mandates}
    listings = {each.id: each for each in batch.listings}
    of_mandate, of_listing, of_grade = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    fills = list(found.fills)
    assert len({(fill.listing, fill.mandate) for fill in fills}) == len(fills)
    for fill in fills:
        assert 0 < fill.notes <= mandates[fill.mandate].most_of(listings[fill.listing])
        of_mandate[fill.mandate] += fill.notes
        of_listing[fill.listing] += fill.notes
        of_grade[fill.mandate, listings[fill.listing].grade] += fill.notes
    assert all(notes <= mandates[id].notes for id, notes in of_mandate.items())
    assert all(notes <= listings[id].notes for id, notes in of_listing.items())
    assert all(notes <= mandates[id].by_grade.get(grade, MOST_NOTES) for (id, grade), notes in of_grade.items())


def envied(found: Cleared) -> list[tuple[str, str, str]]:
    """Listing, holder, and who has less of what he asked for and would take a note of the holder; one pair after the other."""
    held = {(fill.listing, fill.mandate): fill.notes for fill in found.fills}
    listings = {each.id: each for each in found.batch.listings}
    mandates = {each.id: each for each in found.batch.mandates}
    order = sorted(found.batch.mandates, key=lambda each: (each.turn, each.id))
    turn = {each.id: number for number, each in enumerate(order)}
    given, graded = Counter[str](), Counter[tuple[str, str]]()
    for (id, lender), notes in held.items():
        given[lender] += notes
        graded[lender, listings[id].grade] += notes

    def stands(one: Mandate, notes: int) -> tuple[int, int]:
        return ((2 * notes + 1) << 31) // one.notes, turn[one.id]

    found_envy = []
    for (id, lender), _ in held.items():
        for one in found.batch.mandates:
            each = listings[id]
            room = min(
                one.most_of(each) - held.get((id, one.id), 0), one.notes - given[one.id],
                one.by_grade.get(each.grade, MOST_NOTES) - graded[one.id, each.grade],
            )  # fmt: skip
            less = one.id != lender and room > 0
            if less and stands(one, given[one.id]) < stands(mandates[lender], given[lender] - 1):
                found_envy.append((id, lender, one.id))
    return found_envy
