"""Own the picture of a person's money: what each movement is called and where it belongs, and sums that come to the
movements. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from farthing.payments.home.categories import Lexicon, Side, like_of
from farthing.payments.home.meeting import OUTSIDE, Movement, meet
from farthing.payments.home.model import Account, Row
from farthing.payments.home.recurring import Paid
from farthing.payments.home.refunds import gives_back

Doubt = Literal["", "one_side", "state", "refund_alone"]
"""Why somebody should look: another file that is here does not tell it; its state is not known, so that it does not count; money
came back of a purchase that no file tells."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A movement with its meaning. ``minor`` came from outside, less than nothing went there; nothing: within her own accounts.
    ``given_back``: what its refunds gave back of it, which count as movements of their own in the same category."""

    movement: Movement
    side: Side | Literal["within"]
    minor: int
    category: str
    like: str
    chosen: bool
    refund_of: str = ""
    doubt: Doubt = ""

    @property
    def row(self) -> Row:
        """The row that tells most."""
        return self.movement.rows[0]


@dataclass(frozen=True, slots=True)
class Known:
    """All that a picture is made of: rows, their accounts, whose they are, and her own word."""

    rows: Sequence[Row]
    accounts: Mapping[str, Account]
    holder: str
    choices: Mapping[str, str]


def see(known: Known, lexicon: Lexicon) -> list[Seen]:
    """Every movement with its meaning, oldest first."""
    bought = gives_back(known.rows, known.accounts)
    closed = {row.id for row in known.rows if row.outcome == "closed"}
    movements = meet(known.rows, known.accounts, known.holder, closed & set(bought.values()))
    by_row = {row.id: movement for movement in movements for row in movement.rows}
    return [_seen(each, known, lexicon, bought, by_row) for each in movements]


def _seen(
    movement: Movement, known: Known, lexicon: Lexicon, bought: Mapping[str, str], by_row: Mapping[str, Movement]
) -> Seen:
    row, minor = movement.rows[0], movement.outside
    side: Side = "in" if minor > 0 else "out"
    like = like_of(row, side)
    waits: Doubt = "one_side" if movement.waits else ""
    if minor == 0:
        return Seen(movement, "within", 0, "", like, False, doubt=waits)
    purchase = by_row.get(next((bought[each.id] for each in movement.rows if each.id in bought), ""))
    if purchase is not None and side == "in":
        first = purchase.rows[0]
        of = like_of(first, "out")
        category = known.choices.get(of) or lexicon.of(first, "out")
        return Seen(movement, "out", minor, category, of, of in known.choices, purchase.id, waits)
    if side == "out" and row.fee and -minor == row.fee and row.minor > row.fee:
        return Seen(movement, side, minor, "fees", like, False, doubt=waits)
    chosen = known.choices.get(like)
    alone: Doubt = "refund_alone" if row.outcome == "refund" else waits
    return Seen(movement, side, minor, chosen or lexicon.of(row, side), like, chosen is not None, doubt=alone)


@dataclass(frozen=True, slots=True)
class Sum:
    """So many movements of one kind, and what they come to in minor units; more than nothing came in."""

    key: str
    minor: int
    count: int


def by_category(seen: Iterable[Seen]) -> dict[tuple[Side, str], Sum]:
    """What each category comes to: refunds make that of their purchase smaller."""
    return _summed(((each.side, each.category), each.minor) for each in seen if each.side != "within")  # type: ignore[return-value]


def by_month(seen: Iterable[Seen]) -> dict[tuple[str, Side], Sum]:
    """What came in and what went out each month."""
    return _summed(((f"{each.movement.at:%Y-%m}", each.side), each.minor) for each in seen if each.side != "within")  # type: ignore[return-value]


def by_place(seen: Iterable[Seen]) -> dict[str, int]:
    """By how much each place of hers changed; with what is outside they come to nothing."""
    found: dict[str, int] = defaultdict(int)
    for each in seen:
        for leg in each.movement.legs:
            found[leg.place] += leg.minor
    return dict(found)


def flows(seen: Iterable[Seen]) -> dict[tuple[str, str], int]:
    """From which place of hers how much went into which category, in minor units: what was paid, less what came back."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for each in seen:
        if each.side == "out":
            found[_payer(each.movement), each.category] -= each.minor
    return dict(found)


def _payer(movement: Movement) -> str:
    """The place of hers that moved most."""
    own = [leg for leg in movement.legs if leg.place != OUTSIDE]
    return max(own, key=lambda leg: (abs(leg.minor), leg.place)).place if own else OUTSIDE


def paid(seen: Iterable[Seen]) -> list[Paid]:
    """What may come again: all but refunds."""
    return [
        Paid(each.movement.id, each.movement.at.date(), each.minor, each.like, each.movement.currency)
        for each in seen
        if each.side != "within" and not each.refund_of
    ]


def uncounted(known: Known) -> list[Row]:
    """Rows whose state is not known: they do not count, and somebody should look."""
    return [row for row in known.rows if row.outcome == "unknown" and row.account_id in known.accounts]


def within(seen: Iterable[Seen], since: date, until: date, currency: str) -> list[Seen]:
    """The movements of a period in one currency."""
    return [
        each for each in seen if since <= each.movement.at.date() <= until and each.movement.currency == currency
    ]  # fmt: skip


def _summed(listed: Iterable[tuple[object, int]]) -> dict[object, Sum]:
    found: dict[object, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for key, minor in listed:
        before, count = found[key]
        found[key] = before + minor, count + 1
    return {key: Sum(str(key), minor, count) for key, (minor, count) in found.items()}
