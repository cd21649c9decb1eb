"""Own a merchant's statement of a month: what was captured, given back, kept as fees and paid out, and what is owed him. Pure.

Its smallest piece is a day of a till. At each till, in each store and in the whole, what was owed before and what payments
added, less what went back out of it and what was paid out, is what is owed after; the whole is the escrow's balance in the books.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from farthing.kit.cells import cell
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.payments.merchants.model import Merchant, MerchantPayout, PayTill

HEADS = (
    "what", "date", "store", "till", "payments", "captured", "fee", "refunds", "given_back", "fee_back", "added", "out_of_owed",
    "paid_out", "owed", "currency",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """What a till did on a day, in minor units. ``added``: what its payments add to what is owed; ``out_of_owed``: what refunds
    took of that; the rest of a refund is the wallet's, or a fee that goes back."""

    on: date
    till_id: str
    payments: int = 0
    captured: int = 0
    fee: int = 0
    refunds: int = 0
    given_back: int = 0
    fee_back: int = 0
    added: int = 0
    out_of_owed: int = 0
    paid_out: int = 0


SUMS = tuple(each.name for each in fields(Piece) if each.name not in ("on", "till_id"))


@dataclass(frozen=True, slots=True)
class MonthSums:
    """What a till, a store or all of them did in a month, with what was owed before and is owed after."""

    payments: int
    captured: Money
    fee: Money
    refunds: int
    given_back: Money
    fee_back: Money
    owed_before: Money
    added: Money
    out_of_owed: Money
    paid_out: Money
    owed_after: Money


@dataclass(frozen=True, slots=True)
class MonthTill:
    """A till's month."""

    till: PayTill
    sums: MonthSums


@dataclass(frozen=True, slots=True)
class MonthStore:
    """A store's month, and that of each of its tills."""

    store: str
    sums: MonthSums
    tills: tuple[MonthTill, ...]


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of a month on which anything happened."""

    on: date
    payments: int
    captured: Money
    fee: Money
    refunds: int
    given_back: Money
    fee_back: Money
    paid_out: Money


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A day of a till."""

    on: date
    till_id: str
    sums: MonthSums


@dataclass(frozen=True, slots=True)
class MerchantMonth:
    """A merchant's statement: the whole, each store with its tills, each day, each day of a till, and each payout."""

    merchant: Merchant
    since: date
    until: date
    whole: MonthSums
    stores: tuple[MonthStore, ...]
    days: tuple[MonthDay, ...]
    lines: tuple[MonthLine, ...]
    payouts: tuple[MerchantPayout, ...]


def statement_of(
    merchant: Merchant, period: tuple[date, date], tills: Mapping[str, PayTill], pieces: Sequence[Piece],
    owed: Mapping[str, int], payouts: Sequence[MerchantPayout], books: tuple[Money, Money],
) -> MerchantMonth:  # fmt: skip
    """The statement of what was done day by day at each till, of what each is owed after it, and of the escrow in the ``books``
    before and after. One that does not tie to the books is our fault, and is not told."""
    currency = merchant.currency
    whole = _sums(currency, pieces, sum(owed.values()))
    if (whole.owed_before, whole.owed_after) != books:
        raise InvariantBroken(f"the month of {merchant.id} from {period[0]}: {whole} and the books {books}")
    if sum(each.net.minor for each in payouts) != whole.paid_out.minor:
        raise InvariantBroken(f"the month of {merchant.id} from {period[0]}: payouts are not what tills were paid out")
    moved = {each.till_id for each in pieces} | {each for each, minor in owed.items() if minor}
    of_tills = [
        MonthTill(till, _sums(currency, [each for each in pieces if each.till_id == till.id], owed.get(till.id, 0)))
        for till in sorted(tills.values(), key=lambda till: (till.store, till.name, till.id))
        if till.id in moved
    ]
    stores = []
    for store in dict.fromkeys(each.till.store for each in of_tills):
        own = tuple(each for each in of_tills if each.till.store == store)
        ids = {each.till.id for each in own}
        sums = _sums(currency, [each for each in pieces if each.till_id in ids], sum(owed.get(each, 0) for each in ids))
        stores.append(MonthStore(store, sums, own))
    return MerchantMonth(
        merchant,
        *period,
        whole,
        tuple(stores),
        _days(currency, pieces),
        _lines(currency, pieces, of_tills),
        tuple(payouts),
    )


def _sums(currency: str, pieces: Iterable[Piece], after: int) -> MonthSums:
    found = dict.fromkeys(SUMS, 0)
    for each in pieces:
        for name in SUMS:
            found[name] += getattr(each, name)

    def money(name: str) -> Money:
        return Money(found[name], currency)

    before = after - found["added"] + found["out_of_owed"] + found["paid_out"]
    return MonthSums(
        found["payments"], money("captured"), money("fee"), found["refunds"], money("given_back"), money("fee_back"),
        Money(before, currency), money("added"), money("out_of_owed"), money("paid_out"), Money(after, currency),
    )  # fmt: skip


def _days(currency: str, pieces: Sequence[Piece]) -> tuple[MonthDay, ...]:
    found = []
    for on in sorted({each.on for each in pieces}):
        day = _sums(currency, [each for each in pieces if each.on == on], 0)
        found.append(
            MonthDay(
                on, day.payments, day.captured, day.fee, day.refunds, day.given_back, day.fee_back, day.paid_out,
            )
        )  # fmt: skip
    return tuple(found)


def _lines(currency: str, pieces: Sequence[Piece], tills: Sequence[MonthTill]) -> tuple[MonthLine, ...]:
    """Each day of each till, tills in their order, with what it is owed at the end of the day."""
    found = []
    for till in tills:
        owed = till.sums.owed_before.minor
        for each in sorted((each for each in pieces if each.till_id == till.till.id), key=lambda each: each.on):
            owed += each.added - each.out_of_owed - each.paid_out
            found.append(MonthLine(each.on, each.till_id, _sums(currency, [each], owed)))
    return tuple(found)


def sheet(month: MerchantMonth) -> str:
    """The statement as CSV: of each till what was owed before, its days and its month; each store, and the whole."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADS)

    def row(what: str, on: date, store: str, till: str, sums: MonthSums, *, after: bool = True) -> None:
        figures = [getattr(sums, name) for name in SUMS]
        shown = [each.plain() if isinstance(each, Money) else each for each in figures] if after else [""] * len(SUMS)
        owed = sums.owed_after if after else sums.owed_before
        writer.writerow([cell(each) for each in (what, f"{on}", store, till, *shown, owed.plain(), owed.currency)])

    for store in month.stores:
        for each in store.tills:
            row("before", month.since, store.store, each.till.name, each.sums, after=False)
            for line in month.lines:
                if line.till_id == each.till.id:
                    row("day", line.on, store.store, each.till.name, line.sums)
            row("till", month.until, store.store, each.till.name, each.sums)
        row("store", month.until, store.store, "", store.sums)
    row("whole", month.until, "", "", month.whole)
    return file.getvalue()
