"""Own the case of a loan as it is written: terms, how it lives, dated events, and the day that is asked for.

The format is documented with an example for each feature in ``docs/guides/quote-loan.md``. Never lenient: an unknown field
is refused, for a misspelt grace would be a wrong promise of money.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from farthing.kit.money import Money, exponent
from farthing.kit.tables import Table
from farthing.lending.lives.events import (
    BASES,
    COMPONENTS,
    DOES,
    WHENS,
    Agreement,
    Allocation,
    Bucket,
    ChargeOff,
    Component,
    Direction,
    Event,
    PayOff,
    Recalculated,
    Surplus,
)  # fmt: skip
from farthing.lending.plans.days import at
from farthing.lending.plans.terms import (
    DAY_COUNTS,
    METHODS,
    Custom,
    Every,
    FlatInterest,
    InterestBy,
    MonthEnd,
    Shift,
    Terms,
)  # fmt: skip
from farthing.lending.quotes.accounts import NAMES
from farthing.lending.quotes.reading import day, every, inside, items, opened, share

MOST_EVENTS = 1_000
MOST_INSTALMENTS = 1_200
HIGHEST = 10
"""A rate a year above 1,000 per cent is a slip of the pen."""
A_YEAR = {"year": Decimal(1), "month": Decimal(12), "week": Decimal(52), "day": Decimal(365)}
ORDERS: dict[str, tuple[Component, ...]] = {
    "penalty_fee_principal_interest": ("penalty", "fee", "principal", "interest"),
    "penalty_fee_interest_principal": ("penalty", "fee", "interest", "principal"),
    "fee_interest_principal_penalty": ("fee", "interest", "principal", "penalty"),
    "interest_principal_penalty_fee": ("interest", "principal", "penalty", "fee"),
    "interest_principal_fee_penalty": ("interest", "principal", "fee", "penalty"),
    "principal_interest_penalty_fee": ("principal", "interest", "penalty", "fee"),
}  # fmt: skip
"""Orders that need not be written out: past due, then due, then in advance, each in this order."""
PAYERS = ("repay", "goodwill_credit", "merchant_refund", "payout_refund", "interest_refund")


@dataclass(frozen=True, slots=True)
class Case:
    """A case, decoded."""

    currency: str
    agreement: Agreement
    events: tuple[Event, ...]
    as_of: date
    accounts: dict[str, str]


def read_case(text: bytes, name: str = "the case") -> Case:
    """A case of JSON or TOML."""
    return decode_case(opened(text, name))


def decode_case(table: Table) -> Case:
    """Decode a case, strictly."""
    currency = table.text("currency", "CNY")
    exponent(currency)
    terms_table = table.table("terms")
    agreement = _agreement(table, read_terms(terms_table, currency))
    events: list[Event] = []
    for number, item in enumerate(items(table, "events"), start=1):
        events += _events(inside(f"events[{number}]", item), currency)
        if len(events) > MOST_EVENTS:
            raise table.unfit("events", "more", f"at most {MOST_EVENTS} events", f"最多 {MOST_EVENTS} 项事件")
    if agreement.terms.instalments + sum(event.count for event in events) > MOST_INSTALMENTS:
        en, zh = f"at most {MOST_INSTALMENTS} instalments in all", f"合计最多 {MOST_INSTALMENTS} 期"
        raise table.unfit("events", "more", en, zh)
    if not any(event.do == "pay_out" for event in events):
        raise table.wrong("events", "hold no pay_out: nothing is lent", "没有 pay_out：没有放款")
    as_of = day(table, "as_of") if table.has("as_of") else max(event.booked_on for event in events)
    accounts = dict(NAMES)
    named = table.table("accounts", {})
    for role in NAMES:
        accounts[role] = named.text(role, accounts[role])
    named.close()
    table.has("note")
    table.close()
    return Case(currency, agreement, tuple(events), as_of, accounts)


def read_terms(table: Table, currency: str) -> Terms:
    """The terms of a plan, all of them."""
    number = table.whole("instalments", 1, MOST_INSTALMENTS)
    apart = every(table, "every", "1m")
    rows = tuple(
        _row(inside(f"terms.rows[{number}]", item), currency)
        for number, item in enumerate(items(table, "rows"), start=1)
    )
    balloon = table.maybe("balloon", lambda key: table.money(key, currency))
    multiple = table.maybe("multiple", lambda key: table.positive(key, currency))
    terms = Terms(
        currency, _annual(table, number, apart), number, apart,
        method=_one(table, "method", METHODS, "equal_instalment"),
        day_count=_one(table, "day_count", DAY_COUNTS, "actual/365"),
        interest_by=_one(table, "interest_by", get_args(InterestBy), "day"),
        whole_periods=table.flag("whole_periods", False),
        month_end=_one(table, "month_end", get_args(MonthEnd), "clamp"),
        first_due=table.maybe("first_due", lambda key: day(table, key)),
        holidays=frozenset(day(inside("terms.holidays", {"holidays": each}), "holidays") for each in items(table, "holidays")),
        shift=_one(table, "shift", get_args(Shift), "none"),
        grace_principal=table.whole("grace_principal", 0, MOST_INSTALMENTS, 0),
        grace_interest=table.whole("grace_interest", 0, MOST_INSTALMENTS, 0),
        free=table.whole("interest_free", 0, MOST_INSTALMENTS, 0),
        down_payment=share(table, "down_payment", "0"),
        multiple=multiple.minor if multiple else 1,
        balloon=balloon,
        first_day_counts=table.flag("first_day_counts", False),
        flat_interest=_one(table, "flat_interest", get_args(FlatInterest), "each_period"),
        rows=rows,
    )  # fmt: skip
    table.close()
    return terms


def _one(table: Table, key: str, among: tuple[str, ...], default: str) -> Any:
    return table.choice(key, among, default)


def _row(table: Table, currency: str) -> Custom:
    row = Custom(day(table, "due_on"), table.money("principal", currency).minor)
    table.close()
    return row


def _annual(table: Table, number: int, apart: Every) -> Decimal:
    """The rate a year: as it is, or of a month, a week, a day, or the whole term."""
    rate = share(table, "rate", most=HIGHEST)
    per = table.choice("rate_per", (*A_YEAR, "whole_term"), "year")
    if per != "whole_term":
        return rate * A_YEAR[per]
    periods = {"month": Decimal(12), "week": Decimal(52), "day": Decimal(365)}[apart.unit]
    return rate * periods / (apart.count * number)


def _agreement(table: Table, terms: Terms) -> Agreement:
    life = table.table("life", {})
    allocation = life.table("allocation", {})
    given = {do: _allocation(allocation.table(do)) for do in PAYERS if allocation.has(do)}
    allocation.close()
    order = life.choices("chargeback_order", COMPONENTS) if life.has("chargeback_order") else ()
    agreement = Agreement(
        terms, given,
        direction=_one(life, "direction", get_args(Direction), "by_instalment"),
        recalculated=_one(life, "recalculated", get_args(Recalculated), "no"),
        pay_off=_one(life, "pay_off", get_args(PayOff), "to_day"),
        charge_off=_one(life, "charge_off", get_args(ChargeOff), "usual"),
        auto_down_payment=life.flag("auto_down_payment", False),
        chargeback_order=order,  # type: ignore[arg-type]
    )  # fmt: skip
    life.close()
    return agreement


def _allocation(table: Table) -> Allocation:
    """An order by name, or its twelve buckets written out."""
    order: tuple[Bucket, ...]
    if isinstance(table.values.get("order"), list):
        buckets = {f"{when}_{component}": (when, component) for when in WHENS for component in COMPONENTS}
        order = tuple(buckets[name] for name in table.choices("order", buckets))
        if len(order) != len(buckets):
            raise table.wrong("order", f"must hold all of {', '.join(buckets)}", f"须包含全部：{', '.join(buckets)}")
    else:
        name = table.choice("order", ORDERS, "penalty_fee_principal_interest")
        order = tuple((when, component) for when in WHENS for component in ORDERS[name])
    found = Allocation(order, _one(table, "surplus", get_args(Surplus), "next"))
    table.close()
    return found


def _events(table: Table, currency: str) -> list[Event]:
    """One event, or several where it says ``times`` (and ``apart``: ``1m`` unless told)."""
    do, on = table.choice("do", DOES), day(table, "on")
    times, apart = table.whole("times", 1, MOST_EVENTS, 1), every(table, "apart", "1m")
    money = table.maybe("amount", lambda key: _money(table, key, currency))
    event = Event(
        on, do, money or 0, table.text("name", "-").removeprefix("-") if table.has("name") else "",
        of=table.text("of") if table.has("of") else "",
        posted_on=table.maybe("posted_on", lambda key: day(table, key)),
        component=_one(table, "component", COMPONENTS, "fee"),
        due_on=table.maybe("due_on", lambda key: day(table, key)),
        until=table.maybe("until", lambda key: day(table, key)),
        annual=table.maybe("rate", lambda key: share(table, key, most=HIGHEST)),
        count=table.whole("count", 1, MOST_INSTALMENTS, 1) if table.has("count") else 0,
        every=table.maybe("every", lambda key: every(table, key)),
        surplus=_one(table, "surplus", get_args(Surplus), "next"),
        each=table.flag("each", False),
        share=table.maybe("share", lambda key: share(table, key)),
        base=_one(table, "base", BASES, "lent"),
    )  # fmt: skip
    if event.posted_on and event.posted_on < on:
        raise table.wrong("posted_on", "is before the event itself", "早于事件本身")
    table.has("note")
    table.close()
    if times == 1:
        return [event]
    return [_later(event, apart, number) for number in range(times)]


def _money(table: Table, key: str, currency: str) -> int:
    found: Money = table.money(key, currency)
    if found.currency != currency:
        en, zh = f"is in {found.currency} and the loan in {currency}", f"币种为 {found.currency}，贷款为 {currency}"
        raise table.wrong(key, en, zh)
    return found.minor


def _later(event: Event, apart: Every, number: int) -> Event:
    """The event so many intervals after its first day; months count from the first day, so the 31st is kept."""
    on = at(apart, "clamp", event.on, number)
    return Event(on, event.do, event.amount, component=event.component, share=event.share, base=event.base)
