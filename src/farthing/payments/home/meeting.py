"""Own the meeting of rows: which lines of different files tell one movement. Pure.

What one file says went elsewhere lies on a clearing account, known by what is said of it, until another file says the same
from the other side: the two cancel, by amount, by the end of the card's number, and by time. What meets is one movement,
counted once; what does not is left on clearing where it names an own account, and is outside where it names none.

The answer depends on the set of rows alone, not on the order in which they were brought: pairs are taken nearest first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from farthing.payments.home.legs import Open, Told, told_by, wallet_named
from farthing.payments.home.model import Account, Row

MINUTES, SECOND = timedelta(minutes=15), timedelta(seconds=1)
"""Two clocks of one payment."""
BEFORE, BOOKED, SLOW = timedelta(days=1), timedelta(days=3), timedelta(days=7)
"""A bank books on the day, up to a weekend later; what goes back to a card, or out of a wallet, may take a week."""
OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Leg:
    """So many minor units that came to (or, less than nothing, went from) a place: an account, ``clearing:...``, ``own:...`` or
    :data:`OUTSIDE`."""

    place: str
    minor: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement: the rows that tell it, the one that tells most first, and its legs, which sum to nothing.

    ``waits``: an own account's file, which is here for that day, does not tell it.
    """

    at: datetime
    rows: tuple[Row, ...]
    legs: tuple[Leg, ...]
    waits: bool = False

    @property
    def id(self) -> str:
        """What it is called: by its first row."""
        return self.rows[0].id

    @property
    def currency(self) -> str:
        """The currency of all its legs."""
        return self.rows[0].currency

    @property
    def outside(self) -> int:
        """What came from outside, less what went there: less than nothing was spent."""
        return -sum(leg.minor for leg in self.legs if leg.place == OUTSIDE)


Met = dict[tuple[str, int], tuple[str, int]]


def meet(
    rows: Iterable[Row], accounts: Mapping[str, Account], holder: str, counted: Collection[str] = ()
) -> list[Movement]:
    """The movements that rows tell, oldest first. ``counted``: ids of closed orders that count, since their refund is here."""
    told = {
        row.id: said
        for row in rows
        if row.account_id in accounts and (row.outcome in ("settled", "refund") or row.id in counted)
        if (said := told_by(row, accounts[row.account_id], holder)) is not None
    }
    pairs = _pairs(told, accounts)
    groups = _groups(told, pairs)
    found = [_movement([told[each] for each in group], pairs, accounts) for group in groups]
    return sorted(found, key=lambda each: (each.at, each.id))


def _pairs(told: Mapping[str, Told], accounts: Mapping[str, Account]) -> Met:
    """Which open legs cancel, each once; the surest and nearest first."""
    opposite: dict[tuple[str, int], list[Open]] = defaultdict(list)
    for said in told.values():
        for leg in said.opens:
            opposite[said.row.currency, leg.minor].append(leg)
    wanted: list[tuple[tuple[int, int, str, int, str, int], Open, Open]] = []
    for said in told.values():
        for leg in said.opens:
            if leg.by in ("", "own"):
                continue
            for other in opposite.get((said.row.currency, -leg.minor), ()):
                near = _near(leg, other, told, accounts)
                if near is not None:
                    wanted.append(((*near, leg.row_id, leg.number, other.row_id, other.number), leg, other))
    met: Met = {}
    for _, leg, other in sorted(wanted, key=lambda each: each[0]):
        one, two = (leg.row_id, leg.number), (other.row_id, other.number)
        if one not in met and two not in met:
            met[one], met[two] = two, one
    return met


def _near(leg: Open, other: Open, told: Mapping[str, Told], accounts: Mapping[str, Account]) -> tuple[int, int] | None:
    """How sure it is that another row's leg is the other side of this one, the smaller the surer; none where it is not."""
    mine, theirs = told[leg.row_id].row, told[other.row_id].row
    account = accounts[theirs.account_id]
    if mine.account_id == theirs.account_id or other.by == "own":
        return None
    if leg.by == "tail" and leg.name not in (theirs.tail, account.tail):
        return None
    if account.kind not in ("bank", "card") and not (account.kind == "here" and leg.by == "bank"):
        return None
    if other.by == "tail" and other.name not in (mine.tail, accounts[mine.account_id].tail):
        return None
    if other.by == "" and leg.by == "bank" and not _is_hinted(mine, theirs, accounts):
        return None
    here = "here" in (accounts[mine.account_id].kind, account.kind)
    apart = _apart(mine, theirs, leg.minor, by_day=here)
    return None if apart is None else (0 if leg.by == "tail" else 1, apart)


def _is_hinted(mine: Row, theirs: Row, accounts: Mapping[str, Account]) -> bool:
    """Whether a bank's row, met by no number, names the wallet that the other row is of."""
    layout = accounts[mine.account_id].layout
    return layout == "here" or wallet_named(theirs) == layout or accounts[mine.account_id].kind in ("bank", "card")


def _apart(mine: Row, theirs: Row, minor: int, *, by_day: bool) -> int | None:
    """Seconds between two tellings, within what may lie between them; days where one tells no hour, or a rail lies between."""
    after = theirs.at - mine.at
    late = SLOW if minor > 0 else timedelta(0)
    if mine.exact and theirs.exact and not by_day:
        return abs(after) // SECOND if -MINUTES <= after <= max(MINUTES, late) else None
    days = timedelta(days=(theirs.at.date() - mine.at.date()).days)
    return abs(days) // SECOND + 1 if -BEFORE <= days <= max(BOOKED, late) else None


def _groups(told: Mapping[str, Told], pairs: Met) -> list[list[str]]:
    """Rows that hang together by their pairs."""
    root = {each: each for each in told}

    def top(each: str) -> str:
        while root[each] != each:
            root[each] = root[root[each]]
            each = root[each]
        return each

    for (one, _), (two, _) in pairs.items():
        low, high = sorted((top(one), top(two)))
        root[high] = low
    groups: dict[str, list[str]] = defaultdict(list)
    for each in told:
        groups[top(each)].append(each)
    return [sorted(each) for each in groups.values()]


_TELLS = {"wallet": 0, "here": 1, "card": 2, "bank": 2}


def _movement(group: Sequence[Told], pairs: Met, accounts: Mapping[str, Account]) -> Movement:
    ordered = sorted(
        group,
        key=lambda said: (_TELLS[accounts[said.row.account_id].kind], not said.row.exact, said.row.at, said.row.id),
    )
    sums: dict[str, int] = defaultdict(int)
    waits = False
    for said in ordered:
        sums[said.row.account_id] += said.own
        for leg in said.opens:
            if (leg.row_id, leg.number) in pairs:
                continue
            sums[_place(leg)] += leg.minor
            waits = waits or _is_missed(leg, said.row, accounts)
    legs = tuple(Leg(place, minor) for place, minor in sorted(sums.items()) if minor)
    rows = tuple(said.row for said in ordered)
    return Movement(min(each.at for each in rows if each.exact or not rows[0].exact), rows, legs, waits)


def _place(leg: Open) -> str:
    """Where an open leg lies that nothing met."""
    if leg.by == "":
        return OUTSIDE
    return f"own:{leg.name}" if leg.by == "own" else f"clearing:{leg.name or leg.by}"


def _is_missed(leg: Open, row: Row, accounts: Mapping[str, Account]) -> bool:
    """Whether a file is here that should have told the other side of a leg: of that card, and of those days."""
    if leg.by == "":
        wallet = wallet_named(row) if accounts[row.account_id].kind in ("bank", "card") else ""
        return any(each.layout == wallet and _covers(each, row.at) for each in accounts.values()) if wallet else False
    if leg.by != "tail":
        return False
    return any(
        each.kind in ("bank", "card")
        and each.tail == leg.name
        and each.currency == row.currency
        and _covers(each, row.at)
        for each in accounts.values()
    )


def _covers(account: Account, at: datetime) -> bool:
    if account.first_on is None or account.last_on is None:
        return False
    return account.first_on <= at.date() <= account.last_on - BOOKED
