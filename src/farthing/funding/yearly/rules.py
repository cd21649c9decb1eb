"""Reckon a lender's year from what was shared out of his loans, by the very functions that shared it out. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from datetime import date

from farthing.funding import entries
from farthing.funding.holdings import rules as holdings
from farthing.funding.holdings.model import Edition, Market
from farthing.funding.resale.model import Traded
from farthing.funding.shares import COMPONENTS, Note, given_up_before, in_force, of_lenders
from farthing.funding.yearly.model import YearLine
from farthing.kit.money import Money
from farthing.lending.flows import Flow
from farthing.lending.held import parts
from farthing.lending.model import Loan

MONEY = tuple(each.name for each in fields(YearLine) if each.name != "loan_id")


def line_of(
    loan: Loan, notes: Sequence[Note], flows: Sequence[Flow], market: Market, party_id: str, year: int,
    traded: Traded | None,
) -> YearLine | None:  # fmt: skip
    """What a party had of a loan in a year, and ``traded`` of it; none, where it had nothing, lost nothing and traded nothing."""
    found = dict.fromkeys(MONEY, 0) | (asdict(traded) if traded is not None else {})
    for _, some in moved(notes, flows, market, party_id, year):
        for name, minor in some.items():
            found[name] += minor
    if market.covered is not None and market.covered.on.year == year:
        found["covered"] += covered_of(notes, flows, market, party_id)
    if not any(found.values()):
        return None
    return YearLine(loan.id, **{name: Money(minor, loan.principal.currency) for name, minor in found.items()})


def moved(
    notes: Sequence[Note], flows: Sequence[Flow], market: Market, party_id: str, year: int | None = None
) -> Iterator[tuple[date, dict[str, int]]]:  # fmt: skip
    """What each flow of a loan (of a year, where one is named) brought a party, or took, with its day: minor units by name."""
    done = [flow for flow in flows if not flow.waits]
    for flow in done:
        if year is not None and flow.on.year != year:
            continue
        found = dict.fromkeys(MONEY, 0)
        if flow.kind in ("repaid", "recovered"):
            _received(found, notes, done, flow, market, party_id)
        elif flow.kind == "given_up":
            edition = holdings.in_force(market.editions, flow.on, flow.number)
            found["lost"] += _left(edition, notes, done, flow.number).get(party_id, 0)
        yield flow.on, found


def _received(
    found: dict[str, int], notes: Sequence[Note], flows: Sequence[Flow], flow: Flow, market: Market, party_id: str
) -> None:  # fmt: skip
    held, recovered = in_force(notes, flow.on), given_up_before(flows, flow)
    came = entries.came_in(held, flows, flow, market)
    if party_id not in came.edition.parties:
        return
    at, gross = list(came.edition.parties).index(party_id), 0
    for name in COMPONENTS:
        earlier, now = came.earlier[name], came.now[name]
        if now:
            weights = came.edition.weights
            part = parts(weights, earlier + now)[at] - parts(weights, earlier)[at]
            found[name] += part
            gross += part
    given = holdings.given(came.edition, market.listed.fee, came.earlier, came.now, recovered=recovered)
    found["charged"] += gross - given.net[at]
    found["recovered"] += gross if recovered else 0


def _left(edition: Edition, notes: Sequence[Note], flows: Sequence[Flow], upto: int) -> dict[str, int]:
    """What of each note of an edition was left after a flow."""
    then, begun = (of_lenders(notes, flows, "repaid", each)["principal"] for each in (upto, edition.after))
    return dict(zip(edition.parties, holdings.left(edition, then - begun), strict=True))


def covered_of(notes: Sequence[Note], flows: Sequence[Flow], market: Market, party_id: str) -> int:
    """What of what the protection fund paid on a loan was a party's, in minor units."""
    assert market.covered is not None
    flows = [flow for flow in flows if not flow.waits]
    edition = [each for each in market.editions if each.from_on <= market.covered.on][-1]
    left = _left(edition, notes, flows, market.covered.after)
    paid = Money(market.covered.paid, market.listed.currency).allocate(list(left.values()))
    return dict(zip(left, (each.minor for each in paid), strict=True)).get(party_id, 0)


def whole(lines: Sequence[YearLine], home: str) -> YearLine:
    """All lines together."""
    return YearLine("", **{
        name: Money(sum(getattr(each, name).minor for each in lines), home) for name in MONEY
    })  # fmt: skip
