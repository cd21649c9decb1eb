"""Decide whether sales, resales, notes and the books agree. Pure; names what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from farthing.funding.holdings.model import Edition
from farthing.funding.holdings.rules import left
from farthing.funding.resale.model import PriceParts, Resale, Sale
from farthing.funding.resale.pricing import Prices
from farthing.funding.resale.rules import paid
from farthing.kit import findings
from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.ledger.model import JournalEntry


@dataclass(frozen=True, slots=True)
class Audit(findings.Audit):
    """What a verification of the secondary market saw."""

    sales: int
    resales: int


def sale(each: Sale, resales: Sequence[Resale]) -> list[Finding]:
    """What is wrong with a sale: what it says of how much was sold, to whoever bought of it."""
    bought = sum(one.principal.minor for one in resales if one.state == "done")
    strange = [one.id for one in resales if one.seller != each.party_id]
    found = [f"sold {one} for somebody else" for one in strange]
    if bought != each.sold.minor:
        found.append(f"says that {each.sold} was sold, and {Money(bought, each.sold.currency)} was bought")
    return [Finding("sale", each.id, problem) for problem in found]


def resales(some: Sequence[Resale], books: Mapping[str, JournalEntry], home: str, today: date) -> list[Finding]:
    """What is wrong with resales: their payments in the books (entries by reference), and what was planned and left undone."""
    found = []
    for each in some:
        if each.state == "planned" and each.on < today:
            found.append(Finding("resale", each.id, f"was planned for {each.on}, and neither done nor dropped"))
        if each.state == "done":
            wanted = paid(each, home)
            posted = books.get(wanted.reference)
            if posted is None or sorted(map(str, posted.postings)) != sorted(map(str, wanted.postings)):
                found.append(
                    Finding("resale", each.id, "was paid for by another entry than its price says, or by none")
                )
    return found


_CLOSE = Fraction(1, 2_000_000)
"""How far what is expected to be lost may lie from what is kept of it, of one of principal: it is kept to six places."""


def prices(some: Sequence[Resale], table: Prices) -> list[Finding]:
    """Where a resale of which the parts of its price are kept was sold for something else than the published rule says: the part
    of its lateness, less what is expected to be lost, of its principal."""
    found = []
    for each in some:
        if each.state != "done" or each.parts is None or each.price is None:
            continue
        problems, kept, principal = [], each.parts, each.principal.minor
        if each.on >= table.from_on and kept.part != table.part(kept.days_late):
            problems.append(
                f"was priced at {kept.part} for {kept.days_late} days late, and {table.part(kept.days_late)} is"
            )
        fair = principal * Fraction(kept.part) * (1 - Fraction(kept.to_lose))
        if abs(each.price.minor - fair) > Fraction(1, 2) + principal * Fraction(kept.part) * _CLOSE:
            says = Money(round(fair), each.price.currency)
            problems.append(f"was sold for {each.price}, and the parts of its price come to {says}")
        found += [Finding("resale", each.id, problem) for problem in problems]
    return found


def one_price(listing_id: str, some: Sequence[Resale]) -> list[Finding]:
    """Where parts of one loan were priced by different parts on one day: seller and buyer of each have the same published one."""
    by_day: dict[date, set[PriceParts]] = {}
    for each in some:
        if each.state == "done" and each.parts is not None:
            by_day.setdefault(each.on, set()).add(each.parts)
    return [
        Finding("resale", listing_id, f"has {len(parts)} prices on {on}")
        for on, parts in sorted(by_day.items())
        if len(parts) > 1
    ]


def changes(
    listing_id: str, editions: Sequence[Edition], repaid: Sequence[int], some: Sequence[Resale]
) -> list[Finding]:  # fmt: skip
    """Where notes changed hands otherwise than they were sold. ``repaid``: of the lenders' principal while each edition but the
    last was in force, in minor units."""
    found, days = [], {each.on for each in some if each.state == "done"}
    for before, after, gone in zip(editions, editions[1:], repaid, strict=False):
        holds = dict(zip(before.parties, left(before, gone), strict=True))
        for each in some:
            if each.state == "done" and each.on == after.from_on:
                holds[each.seller] = holds.get(each.seller, 0) - each.principal.minor
                holds[each.buyer] = holds.get(each.buyer, 0) + each.principal.minor
        if {party: minor for party, minor in holds.items() if minor} != dict(
            zip(after.parties, after.weights, strict=True)
        ):
            found.append(f"has notes that changed hands on {after.from_on} otherwise than they were sold")
    missing = days - {each.from_on for each in editions[1:]}
    found += [f"was sold of on {on}, and no notes changed hands" for on in sorted(missing)]
    return [Finding("resale", listing_id, problem) for problem in found]
