"""Decide what a lender's portfolio comes to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from farthing.funding.holdings.model import NoteHeld
from farthing.funding.market.listings_rules import LIVE
from farthing.funding.market.portfolio_model import LateNotes, Portfolio
from farthing.kit.money import Money
from farthing.lending.standing import Standing

BUCKETS: tuple[tuple[int, int | None], ...] = ((0, 0), (1, 30), (31, 60), (61, 90), (91, None))
"""Days past due from the first to the last of each."""
BEFORE_PAID_OUT = ("accepted", "funded")


def beginning(
    given: Sequence[tuple[str, str, int]], held: Collection[str], standings: Mapping[str, Standing], currency: str, today: date
) -> list[NoteHeld]:  # fmt: skip
    """Of loans that run and of which nothing is ``held``: the notes that a close of the day will issue, if it has not."""
    return [
        NoteHeld(loan, currency, today, minor, minor)
        for state, loan, minor in given
        if state == "placed" and loan not in held and standings[loan].state == "active"
    ]


def portfolio(
    party_id: str, wallet: Money, given: Sequence[tuple[str, str, int]], notes: Sequence[NoteHeld],
    standings: Mapping[str, Standing],
) -> Portfolio:  # fmt: skip
    """A lender's money by where it is. ``given``: by state of the listing and loan, in minor units."""

    def money(minor: int) -> Money:
        return Money(minor, wallet.currency)

    live = [each for each in notes if each.left]
    late = {each.loan_id: standings[each.loan_id].days_late for each in live}
    waiting = sum(
        minor for state, loan, minor in given
        if state in LIVE or (state == "placed" and standings[loan].state in BEFORE_PAID_OUT)
    )  # fmt: skip
    lines = []
    for first, last in BUCKETS:
        some = [
            each.left for each in live if first <= late[each.loan_id] and (last is None or late[each.loan_id] <= last)
        ]
        lines.append(LateNotes(first, last, len(some), money(sum(some))))
    left = [each.left for each in live]
    return Portfolio(
        party_id, wallet, money(waiting), len(live), money(sum(left)), money(max(left, default=0)), tuple(lines)
    )
