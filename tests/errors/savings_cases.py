"""Refusals of savings products: a case document for each, wrong in one thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from farthing.kit.money import Money
from farthing.products.fund_file import decode_fund
from farthing.products.library import Library, own_library
from farthing.products.rates import by_term
from farthing.savings.fund.units import Holding, Index, subscribe
from farthing.savings.quotes.advice import PledgeOffer, pledge_or_break
from farthing.savings.quotes.case import quote_case, read_case
from farthing.savings.quotes.compare import compare
from farthing.savings.quotes.document import pledge_case
from farthing.savings.rules import open_deposit, rule
from farthing.savings.rules.model import Agreement, Event, Facts
from farthing.savings.sweeps.rules import Sweep, SweepFacts, swept
from tests.errors.gallery import reproduces

BOARD = "boc-2015-06-28"
START = "2015-07-01"
Table = Mapping[str, Any]


def on(day: str, do: str, amount: str | None = None, **more: Any) -> dict[str, Any]:
    """One event of a case."""
    return {"on": day, "do": do, **({} if amount is None else {"amount": amount}), **more}


def quoted(product: Any, *events: Table, agreement: Table | None = None, **more: Any) -> Callable[[], Any]:
    """A case that opens with 100,000 unless its first event is a deposit of its own."""
    first = events[0] if events else {}
    opened = list(events) if first.get("do") == "deposit" else [on(START, "deposit", "100000.00"), *events]
    case = {"product": product, "rates": BOARD, "agreement": agreement or {}, "events": opened, **more}
    return lambda: quote_case(case)


def changed(name: str, **fields: Any) -> dict[str, Any]:
    """The terms of a shipped kind of product, with some fields of one's own."""
    base = {
        "lump_sum": {"terms": ["1y"]},
        "notice": {"notices": ["7d"]},
        "demand": {},
        "staged": {"terms": ["1y"], "every": ["1m"]},
    }
    return {"kind": "deposit", "method": name, "currency": "CNY", "minimum": "1.00", **base.get(name, {}), **fields}


LUMP = {"term": "1y"}
WEEK = {"notice": "7d"}
MONTHLY = on(START, "deposit", "100.00")

CASES: dict[str, Callable[[], Any]] = {
    "savings.not_json": lambda: read_case("{"),
    "savings.case_unreadable": lambda: read_case(b"\xff"),
    "savings.rate_board_currency": quoted(changed("lump_sum", currency="JPY", minimum="1"), agreement=LUMP),
    "savings.field_twice": lambda: read_case('{"product": "demand", "product": "lump-sum"}'),
    "savings.missing_field": lambda: quote_case({"rates": BOARD}),
    "savings.unknown_field": quoted("demand", surprise=1),
    "savings.bad_field": quoted("demand", holidays="2015-07-04"),
    "savings.bad_date": quoted("demand", closing_on="2015-02-30"),
    "savings.term_twice": lambda: by_term({"12m": "0.0150", "1y": "0.0160"}),
    "savings.bad_term": quoted("lump-sum", agreement={"term": "soon"}),
    "savings.bad_rate": quoted("demand", rates={"effective_on": START, "demand": "much"}),
    "savings.unknown_product": quoted("tulips"),
    "savings.unknown_rate_board": quoted("demand", rates="yesterday"),
    "savings.unknown_policy": quoted("demand", policy="atlantis"),
    "savings.unknown_method": quoted({"kind": "deposit", "method": "tulips"}),
    "savings.unknown_event": quoted("demand", on(START, "dance")),
    "savings.no_opening": quoted("demand", on(START, "deposit", "5.00"), on("2015-06-29", "close")),
    "savings.after_closing": quoted("demand", on("2015-08-02", "deposit", "5.00"), closing_on="2015-08-01"),
    "savings.amount_missing": quoted("demand", on(START, "deposit")),
    "savings.above_most": quoted("lump-sum", on(START, "deposit", "10000000000000.01"), agreement=LUMP),
    "savings.below_minimum": quoted("lump-sum", on(START, "deposit", "49.99"), agreement=LUMP),
    "savings.agreement_incomplete": quoted("lump-sum"),
    "savings.term_not_offered": quoted("lump-sum", agreement={"term": "4y"}),
    "savings.renewal_not_offered": quoted("tiered", agreement={"term": "5y", "renewal": "principal"}),
    "savings.single_deposit": quoted(
        "lump-sum", on(START, "deposit", "50.00"), on("2015-08-01", "deposit", "50.00"), agreement=LUMP
    ),
    "savings.over_balance": quoted("demand", on("2015-08-01", "withdraw", "100000.01")),
    "savings.closed": quoted("demand", on("2015-08-01", "close"), on("2015-08-02", "withdraw", "1.00")),
    "savings.not_offered": quoted("demand", on("2015-08-01", "notify", "5.00")),
    "savings.product_changed": quoted("demand", on("2015-08-01", "withdraw", "5.00", product_version=9)),
    "savings.refused_by_policy": quoted("tiered", agreement={"term": "5y"}, policy="cn"),
    "savings.less_than_policy": quoted("notice-grassroots", agreement=WEEK, policy="cn"),
    "savings.rate_not_quoted": quoted("lump-sum", agreement=LUMP, rates={"effective_on": START, "demand": "0.0035"}),
    "savings.rate_board_gap": quoted("demand", rates={"effective_on": "2016-01-01", "demand": "0.0035"}),
    "savings.rate_board_overlap": quoted(
        "demand", rates={"editions": [{"effective_on": START, "demand": "0"}, {"effective_on": START, "demand": "0"}]}
    ),
    "savings.holiday_value_date": quoted(
        changed("lump_sum", value_dates="business_days"), agreement=LUMP, holidays=[START]
    ),
    "savings.before_term": quoted(changed("lump_sum", early="refused"), on("2015-08-01", "close"), agreement=LUMP),
    "savings.part_withdrawals_used_up": quoted(
        changed("lump_sum", part_withdrawals=1),
        *[on(day, "withdraw", "100.00") for day in ("2015-08-01", "2015-08-02", "2015-08-03")],
        agreement=LUMP,
    ),
    "savings.remainder_below_minimum": quoted("lump-sum", on("2015-08-01", "withdraw", "99999.00"), agreement=LUMP),
    "savings.whole_only": quoted(
        "lump-in-instalments-out", on("2015-07-15", "withdraw", "5.00"), agreement={"term": "1y", "every": "1m"}
    ),
    "savings.uneven_draws": quoted(
        changed("staged", terms=["1y"], every=["5m"]), agreement={"term": "1y", "every": "5m"}
    ),
    "savings.term_kind": quoted(changed("notice", notices=["1m"])),
    "savings.demand_day_count": quoted(changed("demand", demand_interest={"period": "full_months"})),
    "savings.too_many_events": quoted(
        "demand", *[on(START, "deposit", "1.00", times=1200, every="1d") for _ in range(9)]
    ),
    "savings.notice_too_short": quoted(
        "notice", on("2015-08-01", "notify", "50000.00", for_on="2015-08-02"), agreement=WEEK
    ),
    "savings.notice_twice": quoted(
        "notice", *[on("2015-08-01", "notify", "50000.00") for _ in range(2)], agreement=WEEK
    ),
    "savings.notice_over_balance": quoted("notice", on("2015-08-01", "notify", "100000.01"), agreement=WEEK),
    "savings.no_such_notice": quoted("notice", on("2015-08-01", "cancel_notice", for_on="2015-08-09"), agreement=WEEK),
    "savings.notice_day_unclear": quoted(
        "notice",
        on("2015-08-01", "notify", "50000.00"),
        on("2015-08-02", "notify", "50000.00"),
        on("2015-08-03", "cancel_notice"),
        agreement=WEEK,
    ),
    "savings.wrong_instalment": quoted("instalment", MONTHLY, on("2015-08-01", "deposit", "99.00"), agreement=LUMP),
    "savings.instalment_already_paid": quoted(
        "instalment", MONTHLY, on("2015-07-20", "deposit", "100.00"), agreement=LUMP
    ),
    "savings.instalments_stopped": quoted(
        {"kind": "deposit", "method": "instalment", "minimum": "1.00", "terms": ["1y"], "misses_before_stop": 2},
        MONTHLY,
        on("2015-12-01", "deposit", "100.00"),
        agreement=LUMP,
    ),
    "savings.term_over": quoted("instalment", MONTHLY, on("2016-07-01", "deposit", "100.00"), agreement=LUMP),
    "savings.not_toml": lambda: Library({"savings-x": "not toml"}, {}, {}).terms("x"),
    "savings.bad_cut_off": lambda: decode_fund("fund", {"kind": "fund", "cut_off": "noon"}),
}
for code, case in CASES.items():
    reproduces(code)(case)


@dataclass(frozen=True)
class Deposited:
    """A deposit of a shipped product, opened on ``START`` with 100,000."""

    product: str
    agreement: Agreement = Agreement()  # noqa: RUF009 - frozen

    @property
    def terms(self) -> Any:
        """Its product's terms."""
        return own_library().terms(self.product)

    @property
    def facts(self) -> Facts:
        """The board it lives under."""
        return Facts(own_library().board(BOARD), frozenset())

    def opened(self) -> Any:
        """The deposit after its opening."""
        event = Event(date.fromisoformat(START), "deposit", Money.parse("100000", "CNY"))
        return open_deposit(self.terms, self.facts, self.agreement, event).deposit


DEMAND = Deposited("demand")


@reproduces("savings.wrong_currency")
def wrong_currency() -> None:
    event = Event(date.fromisoformat(START), "deposit", Money(1, "EUR"))
    open_deposit(DEMAND.terms, DEMAND.facts, DEMAND.agreement, event)


@reproduces("savings.out_of_order")
def out_of_order() -> None:
    event = Event(date(2015, 6, 30), "withdraw", Money(1, "CNY"))
    rule(DEMAND.terms, DEMAND.facts, DEMAND.opened(), event)


@reproduces("savings.already_matured")
def already_matured() -> None:
    needed, day = Money(100, "CNY"), date(2015, 8, 1)
    offer = PledgeOffer(Decimal("0.05"))
    pledge_or_break(DEMAND.terms, DEMAND.facts, DEMAND.opened(), needed, day, date(2015, 9, 1), offer)


@reproduces("savings.pledge_period")
def pledge_period() -> None:
    pledge = {"on": "2015-08-01", "needed": "5.00", "until": "2015-08-01", "annual_rate": "5%"}
    events = [on(START, "deposit", "100000.00")]
    pledge_case({"product": "lump-sum", "rates": BOARD, "agreement": LUMP, "events": events, "pledge": pledge})


@reproduces("savings.withdrawal_day")
def withdrawal_day() -> None:
    compare([DEMAND.terms], DEMAND.facts, Money(100, "CNY"), date(2015, 8, 1), date(2015, 8, 1))


@reproduces("savings.unknown_sweep")
def unknown_sweep() -> None:
    swept(Sweep("broom", Money(100, "CNY")), SweepFacts(date(2015, 8, 1), Money(1, "CNY")))


@reproduces("savings.sweep_day")
def sweep_day() -> None:
    swept(Sweep("leftover", Money(100, "CNY"), day=31), SweepFacts(date(2015, 8, 1), Money(1, "CNY")))


FUND = decode_fund("fund", {"kind": "fund", "holding_max": "100.00"})
INDEX = Index(date(2015, 7, 1), Decimal(1))
EMPTY = Holding(Decimal(0), Decimal(0), Decimal(1))


@reproduces("savings.fund_holding_cap")
def fund_holding_cap() -> None:
    subscribe(FUND, EMPTY, INDEX, Money(10_001, "CNY"))
