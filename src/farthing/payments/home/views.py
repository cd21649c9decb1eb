"""Own what a person is shown of her money: amounts with their currency, places and categories by name. Pure; no table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from farthing.kernel.operation import personal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments.home.categories import Lexicon, Side
from farthing.payments.home.layouts import NAMES
from farthing.payments.home.meeting import OUTSIDE
from farthing.payments.home.model import Account, AccountKind
from farthing.payments.home.picture import Doubt, Seen, by_category, by_month, by_place, flows
from farthing.payments.home.recurring import Every, Recurring

PLACES: Mapping[str, Words] = {
    OUTSIDE: Words("Outside", "外部"), "clearing:bank": Words("A card or account not brought", "未导入的卡或账户"),
    "own:credit": Words("Bought on credit", "信用支付"), "own:invested": Words("Invested", "理财投资"),
    "own:elsewhere": Words("Own account elsewhere", "本人其他账户"), "own:saved": Words("Savings here", "本行存款"),
    "own:borrowed": Words("Loans here", "本行贷款"), "own:cash": Words("Cash", "现金"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account that was brought, as its person sees it."""

    id: str
    kind: AccountKind
    name: Words
    tail: str
    currency: str
    brought_at: datetime
    first_on: date | None
    last_on: date | None
    owner: str = personal("")


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category and its side."""

    id: str
    side: Side
    name: Words


@dataclass(frozen=True, slots=True)
class CategorySum:
    """What a category came to in the period, refunds taken off, and by how many movements."""

    category: str
    side: Side
    name: Words
    amount: Money
    count: int


@dataclass(frozen=True, slots=True)
class MonthSum:
    """What came in and went out in a month."""

    month: str
    came_in: Money
    went_out: Money


@dataclass(frozen=True, slots=True)
class PlaceSum:
    """By how much a place of hers changed in the period."""

    place: str
    name: Words
    changed: Money


@dataclass(frozen=True, slots=True)
class FlowSum:
    """How much a place of hers paid for a category."""

    place: str
    category: str
    amount: Money


@dataclass(frozen=True, slots=True)
class RecurringView:
    """What comes again; ``amount`` is more than nothing where it comes in. ``missed``: it did not come when it was expected."""

    every: Every
    amount: Money
    count: int
    last_on: date
    next_on: date
    missed: bool
    category: str
    kind: str
    name: str = personal()


@dataclass(frozen=True, slots=True)
class MovementView:
    """One movement: ``amount`` came from outside (less than nothing: went there); nothing where it was between her own
    accounts, of which it then ``moved`` so much. ``told_by`` are the accounts whose files tell it. ``row_id`` is what a
    category is said of."""

    row_id: str
    at: datetime
    exact: bool
    side: Literal["in", "out", "within"]
    amount: Money
    moved: Money
    category: str
    chosen: bool
    refund: bool
    doubt: Doubt | Literal["state"]
    kind: str
    told_by: tuple[Words, ...]
    other: str = personal("")
    what: str = personal("")


@dataclass(frozen=True, slots=True)
class Spent:
    """Where her money went in a month. What her accounts changed by, in all, is what came in less what went out. ``met``:
    movements that more than one file tells and that count once. ``whole``: every row of the time was looked at."""

    month: str
    currency: str
    came_in: Money
    went_out: Money
    within: int
    met: int
    categories: tuple[CategorySum, ...]
    months: tuple[MonthSum, ...]
    places: tuple[PlaceSum, ...]
    flows: tuple[FlowSum, ...]
    recurring: tuple[RecurringView, ...]
    doubtful: tuple[MovementView, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Movements:
    """A page of movements, the newest first."""

    movements: tuple[MovementView, ...]
    next_cursor: str | None


def place_name(place: str, accounts: Mapping[str, Account]) -> Words:
    """What a place is called: an account by its keeper and the end of its number."""
    account = accounts.get(place)
    if account is not None:
        name, tail = NAMES[account.layout], f" {account.tail}" if account.tail else ""
        return Words(f"{name.en}{tail}", f"{name.zh}{tail}")
    known = PLACES.get(place)
    tail = place.partition(":")[2]
    return known or Words(f"Card {tail}, not brought", f"尾号 {tail} 的卡（未导入）")


def account_view(account: Account) -> AccountView:
    """An account as its person sees it."""
    assert account.brought_at is not None
    return AccountView(
        account.id, account.kind, NAMES[account.layout], account.tail, account.currency, account.brought_at, account.first_on,
        account.last_on, account.owner,
    )  # fmt: skip


def movement_view(seen: Seen, accounts: Mapping[str, Account]) -> MovementView:
    """A movement as its person sees it."""
    movement, row, currency = seen.movement, seen.row, seen.movement.currency
    moved = max((abs(leg.minor) for leg in movement.legs), default=0)
    told_by = dict.fromkeys(each.account_id for each in movement.rows)
    detail = next((each for each in movement.rows if each.counterparty), row)
    return MovementView(
        row.id, movement.at, any(each.exact for each in movement.rows), seen.side, Money(seen.minor, currency),
        Money(moved, currency), seen.category, seen.chosen, bool(seen.refund_of) or row.outcome == "refund", seen.doubt, row.kind,
        tuple(place_name(each, accounts) for each in told_by), detail.counterparty,
        next((each.description for each in movement.rows if each.description), ""),
    )  # fmt: skip


def category_sums(seen: Sequence[Seen], lexicon: Lexicon, currency: str) -> tuple[CategorySum, ...]:
    """What each category came to; spending first, the largest first of each side."""
    sums = [
        CategorySum(
            category, side, lexicon.categories[category].name, Money(found.minor if side == "in" else -found.minor, currency),
            found.count,
        )
        for (side, category), found in by_category(seen).items()
    ]  # fmt: skip
    return tuple(sorted(sums, key=lambda each: (each.side == "in", -each.amount.minor, each.category)))


def month_sums(seen: Sequence[Seen], currency: str) -> tuple[MonthSum, ...]:
    """What came in and went out, month by month, oldest first; months in which nothing moved between others too."""
    sums = by_month(seen)
    known = sorted({month for month, _ in sums})
    found = []
    if known:
        first, last = (int(each[:4]) * 12 + int(each[5:]) - 1 for each in (known[0], known[-1]))
        for index in range(first, last + 1):
            month = f"{index // 12:04}-{index % 12 + 1:02}"
            came, went = (sums[month, side].minor if (month, side) in sums else 0 for side in ("in", "out"))
            found.append(MonthSum(month, Money(came, currency), Money(-went, currency)))
    return tuple(found)


def place_sums(seen: Sequence[Seen], accounts: Mapping[str, Account], currency: str) -> tuple[PlaceSum, ...]:
    """By how much each place of hers changed, the largest change first."""
    changed = {place: minor for place, minor in by_place(seen).items() if place != OUTSIDE}
    return tuple(
        PlaceSum(place, place_name(place, accounts), Money(minor, currency))
        for place, minor in sorted(changed.items(), key=lambda each: (-abs(each[1]), each[0]))
    )


def flow_sums(seen: Sequence[Seen], currency: str) -> tuple[FlowSum, ...]:
    """How much each place paid for each category, the largest first."""
    return tuple(
        FlowSum(place, category, Money(minor, currency))
        for (place, category), minor in sorted(flows(seen).items(), key=lambda each: (-each[1], each[0]))
    )


def recurring_view(found: Recurring, by_id: Mapping[str, Seen]) -> RecurringView:
    """What comes again, by the name of its last payment."""
    last = by_id[found.ids[-1]]
    detail = next((each for each in last.movement.rows if each.counterparty), last.row)
    return RecurringView(
        found.every, Money(found.minor, found.currency), found.count, found.last_on, found.next_on, found.missed, last.category,
        detail.kind, detail.counterparty or detail.description,
    )  # fmt: skip
