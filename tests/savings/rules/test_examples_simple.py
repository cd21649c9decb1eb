"""Worked examples by hand: demand, lump-sum, time-or-demand, rolling and tiered deposits.

Each comment is the whole calculation; none was taken from the program. Sources: Savings Regulations (储蓄管理条例, 1992)
articles 24 to 27; Rules for carrying them out (储蓄管理若干规定, 银发〔1993〕7 号); PBC notice on interest (关于人民币存贷款
计结息问题的通知, 银发〔2005〕129 号).
"""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from farthing.products.library import ROOT
from farthing.savings.quotes.case import quote_case
from tests.savings.rules.examples import Example, case, check, on

NOTICE = "PBC notice Yinfa [2005] No. 129"
ARTICLE = "Savings Regulations 1992, article "
RULES_1993 = "Yinfa [1993] No. 7"

RAISED = {
    "editions": [
        {"effective_on": "2015-06-28", "demand": "0.35%", "lump": {"1y": "2.25%"}},
        {"effective_on": "2016-03-20", "demand": "0.50%", "lump": {"1y": "1.75%"}},
    ]
}
START = on("2016-01-01", "deposit", "10000")
YEAR = {"term": "1y"}


def lump(**fields: Any) -> dict[str, Any]:
    """A one-year lump-sum product with fields of its own."""
    return {"method": "lump_sum", "minimum": "50", "terms": ["1y"], "value_dates": "any", **fields}


LEAP = on("2015-12-01", "deposit", "10000")

DEMAND = {
    "settled on the 20th, which earns; interest joins the principal on the 21st": Example(
        NOTICE,
        case("demand", START, closing_on="2016-10-08"),
        (
            # 31 + 29 + 20 = 80 days: 10,000 x 80 = 800,000 x 0.35% / 360 = 7.7778
            ("2016-03-21", "demand_settlement", "7.78"),
            # 11 + 30 + 31 + 20 = 92 days: 10,007.78 x 92 = 920,715.76 x 0.35% / 360 = 8.9514
            ("2016-06-21", "demand_settlement", "8.95"),
            # 10 + 31 + 31 + 20 = 92 days: 10,016.73 x 92 = 921,539.16 x 0.35% / 360 = 8.9594
            ("2016-09-21", "demand_settlement", "8.96"),
            # 10 + 7 = 17 days, the closing day out: 10,025.69 x 17 = 170,436.73 x 0.35% / 360 = 1.6570
            ("2016-10-08", "demand_closing", "1.66"),
        ),
    ),
    "accumulated products of a passbook": Example(
        NOTICE,
        case(
            "demand",
            on("2016-01-05", "deposit", "2000"),
            on("2016-02-10", "deposit", "500"),
            on("2016-03-01", "withdraw", "1000"),
            closing_on="2016-03-22",
        ),
        (
            # 2,000 x 36 + 2,500 x 20 + 1,500 x 20 = 72,000 + 50,000 + 30,000 = 152,000 x 0.35% / 360 = 1.4778
            ("2016-03-21", "demand_settlement", "1.48"),
            # 1,501.48 x 1 x 0.35% / 360 = 0.0146
            ("2016-03-22", "demand_closing", "0.01"),
        ),
    ),
    "the settlement day's rate for the whole quarter": Example(
        ARTICLE + "27",
        case("demand", START, closing_on="2016-03-21", rates=RAISED),
        (
            # 800,000 x 0.50% / 360 = 11.1111: the rate of 20 March, for days before it too
            ("2016-03-21", "demand_settlement", "11.11"),
            ("2016-03-21", "demand_closing", "0.00"),
        ),
    ),
    "the closing day's rate up to the day before": Example(
        ARTICLE + "27",
        case("demand", START, closing_on="2016-03-19", rates=RAISED),
        # 31 + 29 + 18 = 78 days: 780,000 x 0.35% / 360 = 7.5833
        (("2016-03-19", "demand_closing", "7.58"),),
    ),
}

DEMAND["balance-days beyond any amount of money"] = Example(
    NOTICE,
    # as much as is taken at once, sixty times: 4.8 x 10^18 minor units x days
    case("demand", *[on("2016-01-01", "deposit", "10000000000000")] * 60, closing_on="2016-03-21"),
    (
        # 80 days: 6 x 10^14 x 80 x 0.35% / 360
        ("2016-03-21", "demand_settlement", "466666666666.67"),
        ("2016-03-21", "demand_closing", "0.00"),
    ),
)

LUMP = {
    "held to maturity": Example(
        NOTICE,
        case("lump-sum", START, closing_on="2017-01-01", agreement=YEAR),
        # 10,000 x 1 x 2.25%
        (("2017-01-01", "term_matured", "225.00"),),
    ),
    "a change of rates during the term does not count": Example(
        ARTICLE + "26",
        case("lump-sum", START, closing_on="2017-01-01", agreement=YEAR, rates=RAISED),
        (("2017-01-01", "term_matured", "225.00"),),
    ),
    "a part drawn early, the rest at maturity": Example(
        ARTICLE + "24",
        case(
            "lump-sum",
            on("2016-01-31", "deposit", "10000"),
            on("2016-07-31", "withdraw", "4000"),
            closing_on="2017-01-31",
            agreement=YEAR,
        ),
        (
            # 29 + 31 + 30 + 31 + 30 + 31 = 182 days: 4,000 x 182 x 0.35% / 360 = 7.0778
            ("2016-07-31", "early_demand", "7.08"),
            # 6,000 x 2.25%
            ("2017-01-31", "term_matured", "135.00"),
        ),
    ),
    "drawn early at the rate of the withdrawal day": Example(
        ARTICLE + "24",
        case("lump-sum", START, closing_on="2016-03-31", agreement=YEAR, rates=RAISED),
        # 31 + 29 + 30 = 90 days: 10,000 x 90 x 0.50% / 360
        (("2016-03-31", "early_demand", "12.50"),),
    ),
    "overdue": Example(
        ARTICLE + "25",
        case("lump-sum", on("2016-01-15", "deposit", "10000"), closing_on="2016-05-05", agreement={"term": "3m"}),
        (
            # 10,000 x 3 x 1.85% / 12 = 46.25
            ("2016-05-05", "term_matured", "46.25"),
            # 20 days on the principal alone: 10,000 x 20 x 0.35% / 360 = 1.9444
            ("2016-05-05", "overdue_demand", "1.94"),
        ),
    ),
    "31 August and six months is 29 February": Example(
        NOTICE,
        case("lump-sum", on("2015-08-31", "deposit", "10000"), closing_on="2016-02-29", agreement={"term": "6m"}),
        # 10,000 x 6 x 2.05% / 12
        (("2016-02-29", "term_matured", "102.50"),),
        matures_on="2016-02-29",
    ),
    "31 August and six months is 28 February": Example(
        NOTICE,
        case("lump-sum", on("2016-08-31", "deposit", "10000"), closing_on="2017-02-28", agreement={"term": "6m"}),
        (("2017-02-28", "term_matured", "102.50"),),
        matures_on="2017-02-28",
    ),
    "29 February and a year is 28 February": Example(
        NOTICE,
        case("lump-sum", on("2016-02-29", "deposit", "10000"), closing_on="2017-02-28", agreement=YEAR),
        (("2017-02-28", "term_matured", "225.00"),),
        matures_on="2017-02-28",
    ),
    "renewed with its interest at the rate of the maturity day, then held": Example(
        ARTICLE + "25 (agreed renewal)",
        case(
            "lump-sum",
            LEAP,
            closing_on="2017-12-01",
            agreement={"term": "1y", "renewal": "principal_and_interest"},
            rates=RAISED,
        ),
        (
            ("2016-12-01", "renewal", "225.00"),
            # 10,225 x 1.75% = 178.9375
            ("2017-12-01", "term_matured", "178.94"),
        ),
    ),
    "renewed, then broken": Example(
        ARTICLE + "24",
        case(
            "lump-sum",
            LEAP,
            closing_on="2017-06-01",
            agreement={"term": "1y", "renewal": "principal_and_interest"},
        ),
        (
            ("2016-12-01", "renewal", "225.00"),
            # 31 + 31 + 28 + 31 + 30 + 31 = 182 days: 10,225 x 182 x 0.35% / 360 = 18.0926
            ("2017-06-01", "early_demand", "18.09"),
        ),
    ),
    "renewed without its interest": Example(
        ARTICLE + "25 (agreed renewal)",
        case("lump-sum", LEAP, closing_on="2017-12-01", agreement={"term": "1y", "renewal": "principal"}, rates=RAISED),
        (("2016-12-01", "renewal", "225.00"), ("2017-12-01", "term_matured", "175.00")),
    ),
    "drawn on the last business day before a maturity on a holiday": Example(
        RULES_1993,
        case(
            "lump-sum",
            on("2016-10-03", "deposit", "10000"),
            closing_on="2017-09-30",
            agreement=YEAR,
            holidays=[f"2017-10-0{day}" for day in range(1, 9)],
        ),
        (("2017-09-30", "holiday_maturity", "225.00"),),
    ),
    "the same where a bank takes the days off": Example(
        "a bank's own rule (product field holiday_maturity)",
        case(
            lump(holiday_maturity="less_days"),
            on("2016-10-03", "deposit", "10000"),
            closing_on="2017-09-30",
            agreement=YEAR,
            holidays=[f"2017-10-0{day}" for day in range(1, 9)],
        ),
        # 11 months and 27 days: 10,000 x 2.25% x (11/12 + 27/360) = 206.25 + 16.875 = 223.125, half up
        (("2017-09-30", "holiday_maturity", "223.13"),),
    ),
    "drawn after the holidays": Example(
        ARTICLE + "25",
        case(
            "lump-sum",
            on("2016-10-03", "deposit", "10000"),
            closing_on="2017-10-09",
            agreement=YEAR,
            holidays=[f"2017-10-0{day}" for day in range(1, 9)],
        ),
        # 6 days overdue: 10,000 x 6 x 0.35% / 360 = 0.5833
        (("2017-10-09", "term_matured", "225.00"), ("2017-10-09", "overdue_demand", "0.58")),
    ),
}

COUNTS = {
    # 1 December 2015 to 1 December 2016 has 366 days; 31 of them in 2015
    "actual/360": "228.75",  # 225 x 366/360
    "actual/365": "225.62",  # 225 x 366/365 = 225.6164
    "actual/actual": "225.05",  # 225 x (31/365 + 335/366) = 19.1096 + 205.9426 = 225.0522 (ISDA 2006, 4.16 (b))
    "30E/360": "225.00",
    "months/12": "225.00",
}

EITHER = {
    # 60% of 1.85, 2.05, 2.25 = 1.11, 1.23, 1.35%
    "2016-04-09": ("either_demand", "8.75"),  # 90 days, not yet three months: 10,000 x 90 x 0.35% / 360
    "2016-04-10": ("either_discounted", "27.75"),  # three months: 10,000 x 1.11% x 3/12
    "2016-05-20": ("either_discounted", "40.08"),  # and 1 month, 10 days: 111 x (4/12 + 10/360) = 40.0833
    "2016-07-09": (
        "either_discounted",
        "55.19",
    ),  # 5 months 29 days, still three months' rate: 111 x (5/12 + 29/360) = 55.1917
    "2016-07-10": ("either_discounted", "61.50"),  # six months: 10,000 x 1.23% x 6/12
    "2017-01-10": ("either_discounted", "135.00"),  # a year: 10,000 x 1.35%
    "2019-01-10": ("either_discounted", "405.00"),  # three years, the rate of one year: 135 x 3
}

TIERED = {
    "2016-02-29": ("early_demand", "5.74"),  # 59 days: 10,000 x 59 x 0.35% / 360 = 5.7361
    "2016-04-01": ("early_tiered", "46.25"),  # three months: 10,000 x 1.85% x 3/12
    "2017-02-01": ("early_tiered", "243.75"),  # 13 months at the rate of one year: 225 x 13/12
    "2021-01-01": ("term_matured", "1675.00"),  # held: 10,000 x 3.35% x 5
}


@pytest.mark.parametrize("name", [*DEMAND, *LUMP])
def test_worked_example(name: str) -> None:
    example = {**DEMAND, **LUMP}[name]
    check(example, quote_case(example.case))


@pytest.mark.parametrize("day_count", COUNTS)
def test_day_counts_are_fields_of_the_product(day_count: str) -> None:
    terms = lump(interest={"day_count": day_count, "period": "actual_days"})
    assert quote_case(case(terms, LEAP, closing_on="2016-12-01", agreement=YEAR))["interest"] == COUNTS[day_count]


@pytest.mark.parametrize("closing_on", EITHER)
def test_time_or_demand(closing_on: str) -> None:
    """Yinfa [1993] No. 7: under three months demand; then 60% of the lump rate reached, at most that of one year."""
    answer = quote_case(case("time-or-demand", on("2016-01-10", "deposit", "10000"), closing_on=closing_on))
    assert [(each["rule"], each["amount"]) for each in answer["payments"]] == [EITHER[closing_on]]


def test_time_or_demand_takes_the_rates_of_the_withdrawal_day() -> None:
    rates = {**RAISED, "editions": [{**each, "lump": {"3m": "1%"}} for each in RAISED["editions"]]}
    rates["editions"][1]["lump"] = {"3m": "2%"}
    answer = quote_case(
        case("time-or-demand", on("2016-01-10", "deposit", "10000"), closing_on="2016-04-10", rates=rates)
    )
    assert answer["interest"] == "30.00"  # 10,000 x 2% x 60% x 3/12
    rates["editions"][1]["lump"] = {"3m": "0.80%"}  # 0.48% is less than demand at 0.50%
    answer = quote_case(
        case("time-or-demand", on("2016-01-10", "deposit", "10000"), closing_on="2016-04-10", rates=rates)
    )
    assert answer["interest"] == "12.64"  # 91 days: 10,000 x 91 x 0.50% / 360 = 12.6389


@pytest.mark.parametrize("closing_on", TIERED)
def test_tiered_early_withdrawal(closing_on: str) -> None:
    """The template that China's policy refuses (article 24) and the sandbox allows."""
    answer = quote_case(case("tiered", START, closing_on=closing_on, agreement={"term": "5y"}, policy="sandbox"))
    assert [(each["rule"], each["amount"]) for each in answer["payments"]] == [TIERED[closing_on]]


WHOLE_YUAN = {
    "demand": ("2016-01-11", "0.97"),  # 10,000 x 10 x 0.35% / 360 = 0.9722; with the 0.99 it would be the same
    "lump-sum": ("2017-01-01", "225.00"),  # 10,000 x 2.25%
    "time-or-demand": ("2019-01-01", "405.00"),  # 10,000 x 1.35% x 3
}


@pytest.mark.parametrize("product", WHOLE_YUAN)
def test_only_whole_yuan_earn_where_a_bank_says_so(product: str) -> None:
    """Yinfa [1993] No. 7: interest begins at one yuan, fen do not earn (计息起点为元). Product field earning_unit."""
    closing_on, interest = WHOLE_YUAN[product]
    written = (ROOT / "products" / f"savings-{product}.toml").read_text(encoding="utf-8")
    own = {key: value for key, value in tomllib.loads(written).items() if key != "kind"}
    body = case(own, on("2016-01-01", "deposit", "10000.99"), closing_on=closing_on, agreement=YEAR)
    assert quote_case({**body, "product": {**own, "earning_unit": "1.00"}})["interest"] == interest
    if product != "demand":
        assert quote_case(body)["interest"] in ("225.02", "405.04")  # 225.0223 and 405.0401


def test_rolling_compounds_every_seven_days() -> None:
    answer = quote_case(case("rolling", on("2016-01-04", "deposit", "100000"), closing_on="2016-01-21"))
    assert [(each["paid_on"], each["amount"]) for each in answer["payments"]] == [
        ("2016-01-11", "26.25"),  # 100,000 x 7 x 1.35% / 360
        ("2016-01-18", "26.26"),  # 100,026.25 x 7 x 1.35% / 360 = 26.2569
        ("2016-01-21", "2.92"),  # 3 odd days at demand: 100,052.51 x 3 x 0.35% / 360 = 2.9182
    ]
    assert answer["paid_out"] == "100055.43"


def test_one_yuan_gets_its_fen_where_rounding_is_carried() -> None:
    """1 x 7 x 1.35% / 360 = 0.0002625 a cycle: half a fen is reached in the 20th (0.00525), and never without carrying."""
    opened = on("2016-01-04", "deposit", "1")
    days = {"2016-05-16": "0.00", "2016-05-23": "0.01"}  # 19 and 20 cycles
    for closing_on, interest in days.items():
        assert quote_case(case("rolling-grassroots", opened, closing_on=closing_on))["interest"] == interest
        assert quote_case(case("rolling", opened, closing_on=closing_on))["interest"] == "0.00"


@pytest.mark.parametrize(
    ("currency", "amount", "held", "broken"),
    [
        ("JPY", "100000", "2250", "177"),  # 2.25%; 182 days: 100,000 x 182 x 0.35% / 360 = 176.944
        ("KWD", "1000.001", "22.500", "1.769"),  # 22.50002; 1.7694
        ("CNY", "1000.01", "22.50", "1.77"),  # 22.500225; 1.76946
    ],
)
def test_each_currency_rounds_to_its_own_minor_unit(currency: str, amount: str, held: str, broken: str) -> None:
    """ISO 4217: no decimals, three, two."""
    rates = {"effective_on": "2015-06-28", "demand": "0.35%", "lump": {"1y": "2.25%"}}
    terms, opened = lump(currency=currency, minimum="1"), on("2016-01-31", "deposit", amount)
    for closing_on, interest in (("2017-01-31", held), ("2016-07-31", broken)):
        answer = quote_case(case(terms, opened, closing_on=closing_on, agreement=YEAR, rates=rates))
        assert answer["interest"] == interest
