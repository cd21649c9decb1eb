"""Decide about drawers: what is a note, what a count comes to, the entries of cash, and a drawer told again. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found
from farthing.kit.findings import Finding
from farthing.kit.money import Money, exponent, total
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments.tills.model import (
    VAULT,
    Cashed,
    CashIn,
    CashOut,
    CloseDrawer,
    CountDrawer,
    Drawer,
    OpenDrawer,
    Pieces,
)

NO_DRAWER = conflict(
    "payments.no_drawer",
    "{actor} has no drawer open; open one at a till first, cash moves only in a drawer that somebody answers for.",
    "{actor} 尚未开启尾箱；现金只能经由有人负责的尾箱收付，请先在柜位开启尾箱。",
)
DRAWER_OPEN = conflict(
    "payments.drawer_open",
    "{actor} has the drawer of {till} open; close it before opening another.",
    "{actor} 已开启 {till} 的尾箱；请先结箱，再开启另一个。",
)
TILL_TAKEN = conflict(
    "payments.till_taken",
    "Somebody else has the drawer of {till} open; take another till, or let them close it.",
    "{till} 的尾箱已由他人开启；请使用其他柜位，或请对方先结箱。",
)
UNKNOWN_TILL = not_found("payments.unknown_till", "There is no till {till}.", "没有柜位 {till}。")
BAD_TILL = malformed(
    "payments.bad_till",
    "{till} cannot be the name of a till; use at most 40 small letters, digits and -, and not the word vault.",
    "{till} 不能作为柜位名称；请使用至多 40 个小写字母、数字和连字符，且不得为 vault。",
)
DIFFERS = conflict(
    "payments.drawer_differs",
    "{counted} was counted in the drawer and the books say {books}; count again, or have the difference booked by two "
    "persons. No cash moves before.",
    "尾箱清点为 {counted}，账面为 {books}；请重新清点，或由双人复核登记差额。此前不得收付现金。",
)
NO_DIFFERENCE = conflict(
    "payments.no_difference",
    "The last count of {till} did not find that difference; count the drawer again.",
    "{till} 最近一次清点没有该差额；请重新清点尾箱。",
)
NOT_LEFT = conflict(
    "payments.drawer_not_left",
    "The drawer of {till} was closed, or cash moved in it since it was counted; look at it again.",
    "{till} 的尾箱已结箱，或清点后又有现金收付；请重新查看。",
)
LEFT_WORDLESS = malformed(
    "payments.drawer_left_wordless",
    "Say how the drawer came to be left open; the second person reads it, and the log keeps it.",
    "请说明尾箱未结箱的原因；复核人会看到，并记入日志。",
)
NOT_A_NOTE = malformed(
    "payments.not_a_note",
    "{value} is not the value of a note or coin, or is named twice; say how many there are of each value once.",
    "{value} 不是纸币或硬币的面额，或重复填写；每种面额请只填写一次张数。",
)
NOTHING_COUNTED = malformed(
    "payments.nothing_counted",
    "Nothing was counted out; say how many notes there are of each value.",
    "没有点出任何现金；请填写各面额的张数。",
)
UNKNOWN_HANDOVER = not_found(
    "payments.unknown_handover",
    "There is no cash {handover_id} that waits for you; look at the list again.",
    "没有等待您接收的现金 {handover_id}；请重新查看列表。",
)
HANDOVER_ENDED = conflict(
    "payments.handover_ended",
    "That cash was taken or taken back already.",
    "该笔现金已被接收或收回。",
)
HANDOVER_WAITS = conflict(
    "payments.handover_waits",
    "Cash that you counted out was not taken yet; take it back, or wait until it is taken, then count.",
    "您点出的现金尚未被接收；请先收回，或待对方接收后再清点。",
)
OWN_HAND = forbidden(
    "payments.own_hand",
    "{actor} counted this cash out; somebody else must count it and take it.",
    "该笔现金由 {actor} 点出；须由另一人清点并接收。",
)
DRAWER_CURRENCY = declined(
    "payments.drawer_currency",
    "A drawer holds {home} only; {currency} cannot be paid in cash.",
    "尾箱只存放 {home}；{currency} 不能以现金收付。",
)

SHORT = declined(
    "payments.not_in_drawer",
    "{amount} was counted out and the books say that {available} is there; count again.",
    "点出 {amount}，账面可用 {available}；请重新清点。",
)

VAULT_PATH = "assets:cash:vault"
OVER_SHORT = "expenses:cash-over-short"
"""What drawers were found to hold too little of; too much lies there on the other side."""
HANDED, DIFFERENCE, CASH_IN, CASH_OUT = "cash.handed", "cash.difference", "cash.in", "cash.out"

VALUES: Mapping[str, tuple[str, ...]] = {
    "CNY": ("100", "50", "20", "10", "5", "2", "1", "0.50", "0.20", "0.10", "0.05", "0.02", "0.01"),
    "EUR": ("500", "200", "100", "50", "20", "10", "5", "2", "1", "0.50", "0.20", "0.10", "0.05", "0.02", "0.01"),
    "USD": ("100", "50", "20", "10", "5", "2", "1", "0.50", "0.25", "0.10", "0.05", "0.01"),
}
"""Notes and coins that are legal tender, the largest first."""
SERIES = (5, 2, 1)
"""Of any other currency: one, two and five of every power of ten."""


def values(currency: str) -> tuple[Money, ...]:
    """The values of notes and coins of a currency, the largest first."""
    if currency in VALUES:
        return tuple(Money.parse(each, currency) for each in VALUES[currency])
    return tuple(
        Money(step * 10**power, currency) for power in range(exponent(currency) + 3, -1, -1) for step in SERIES
    )


def counted(pieces: Sequence[Pieces], currency: str) -> Money:
    """What a count comes to; refuses ``payments.not_a_note``."""
    known, seen = set(values(currency)), set()
    for each in pieces:
        if each.value not in known or each.value in seen:
            raise NOT_A_NOTE(value=str(each.value))
        seen.add(each.value)
    return total([each.value * each.count for each in pieces], currency)


def counted_out(pieces: Sequence[Pieces], currency: str) -> Money:
    """The same of cash that is handed on, which is something; refuses ``payments.nothing_counted``."""
    amount = counted(pieces, currency)
    if not amount:
        raise NOTHING_COUNTED()
    return amount


def fewest(amount: Money) -> tuple[Pieces, ...]:
    """An amount in as few notes and coins as it takes, the largest first."""
    left, found = amount.minor, []
    for value in values(amount.currency):
        count, left = divmod(left, value.minor)
        if count:
            found.append(Pieces(value, count))
    return tuple(found)


def check_till(name: str) -> None:
    """Refuse ``payments.bad_till``."""
    if len(name) > 40 or name == VAULT or not name.strip("-"):
        raise BAD_TILL(till=repr(name[:60]))


def reference(cash_id: str) -> str:
    """What the entry of cash in or out is called."""
    return f"cash:{cash_id}"


def entry(reference: str, kind: str, on: date, debit: str, credit: str, amount: Money) -> JournalEntry:
    """Cash from one account to another."""
    return JournalEntry(reference, kind, on, (Posting(debit, amount), Posting(credit, -amount)))


def put_in(entries: Iterable[JournalEntry], path: str) -> list[tuple[str, int]]:
    """What entries put into an account, entry by entry, in minor units."""
    sums = [(each.reference, sum(leg.amount.minor for leg in each.postings if leg.account == path)) for each in entries]
    return [each for each in sums if each[1]]


def cash_seen(command: CashIn | CashOut, done: Cashed) -> dict[str, Any]:
    """What whoever confirms cash must have seen."""
    return {"party_id": done.party_id, "way": done.way, "amount": done.amount}


def drawer_seen(command: OpenDrawer | CountDrawer | CloseDrawer, done: Drawer) -> dict[str, Any]:
    """What whoever confirms a count must have seen: what the books say, and how far the count is from it."""
    return {"till": done.till, "books": done.balance, "difference": done.difference}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a drawer as it is kept, in minor units."""

    number: int
    what: str
    amount: int
    counted: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """A drawer as it is kept, to be told again."""

    id: str
    closed: bool
    difference: int
    lines: Sequence[Line]


COUNTS = ("open", "count", "close")


def replay(till: str, brought: int, drawers: Iterable[Told], books: int) -> Iterator[Finding]:
    """Tell a till's drawers again from what it was put up with; name what disagrees.

    ``books``: what the ledger says is in it now.
    """
    held = brought
    for drawer in drawers:
        apart, expected = 0, 1
        for line in drawer.lines:
            where = f"{drawer.id} line {line.number}"
            if line.number != expected:
                yield Finding("drawer_line", where, f"stands where line {expected} should")
            expected = line.number + 1
            if line.what in COUNTS:
                apart = (line.counted or 0) - held
            elif line.what == "difference":
                if line.amount != apart:
                    yield Finding("drawer_line", where, f"books {line.amount} where the count found {apart}")
                apart = 0
            elif apart:
                yield Finding("drawer_line", where, f"moves cash while {apart} was not booked")
            held += line.amount
            if held < 0:
                yield Finding("drawer_line", where, f"leaves {held} in the drawer")
        last = drawer.lines[-1].what if drawer.lines else "nothing"
        if apart != drawer.difference:
            yield Finding("drawer", drawer.id, f"says {drawer.difference} is not booked, its lines say {apart}")
        if drawer.closed and (last != "close" or apart):
            yield Finding("drawer", drawer.id, f"is closed, and its last line is {last} with {apart} not booked")
    if held != books:
        yield Finding("till", till, f"its lines come to {held}, the books say {books}")
