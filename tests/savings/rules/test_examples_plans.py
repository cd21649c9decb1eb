"""Worked examples by hand: instalments, lump in and instalments out, interest drawn.

Each comment is the whole calculation; none was taken from the program. Source: Rules for carrying out the Savings
Regulations (储蓄管理若干规定, 银发〔1993〕7 号) for the products and their formulas. Banks print the breach of an instalment
plan differently: what is paid in after it earns demand (most), or nothing more is taken; and a miss may be made up once,
or each time.
"""

from __future__ import annotations

from typing import Any

import pytest

from farthing.savings.quotes.case import quote_case
from tests.savings.rules.examples import Example, case, check, on

RULES_1993 = "Yinfa [1993] No. 7"
YEAR = {"term": "1y"}
PLAN = {"method": "instalment", "minimum": "5", "terms": ["1y"], "value_dates": "any"}


def paid(*months: int, twice: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    """100 on the 10th of each month of 2016, 200 in those of ``twice``."""
    return [on(f"2016-{month:02}-10", "deposit", "200" if month in twice else "100") for month in months]


def from_july(*months: int, twice: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    """100 on the 10th of each month counted from July 2015, 200 in those of ``twice``."""
    days = [f"{2015 + (6 + month) // 12}-{(6 + month) % 12 + 1:02}-10" for month in months]
    return [on(day, "deposit", "200" if month in twice else "100") for month, day in zip(months, days, strict=True)]


INSTALMENTS = {
    "a hundred a month for a year": Example(
        RULES_1993,
        case("instalment", *paid(*range(1, 13)), closing_on="2017-01-10", agreement=YEAR),
        # 100 x (12 + 11 + ... + 1 = 78) x 1.85% / 12 = 12.025, half up
        (("2017-01-10", "instalments_matured", "12.03"),),
    ),
    "any day of each month is the month's": Example(
        RULES_1993,
        case(
            "instalment",
            *[on(f"2016-{month:02}-28", "deposit", "100") for month in range(1, 13)],
            closing_on="2017-01-28",
            agreement=YEAR,
        ),
        (("2017-01-28", "instalments_matured", "12.03"),),
    ),
    "one missed month, made up in the next": Example(
        RULES_1993,
        case("instalment", *paid(1, 2, 4, *range(5, 13), twice=(4,)), closing_on="2017-01-10", agreement=YEAR),
        # March's hundred came in April and earns from then: 100 x (78 - 1) x 1.85% / 12 = 11.8708
        (("2017-01-10", "instalments_matured", "11.87"),),
    ),
    "made up in two payments of the next month": Example(
        RULES_1993,
        case(
            "instalment",
            *paid(1, 2, 4),
            on("2016-04-25", "deposit", "100"),
            *paid(*range(5, 13)),
            closing_on="2017-01-10",
            agreement=YEAR,
        ),
        (("2017-01-10", "instalments_matured", "11.87"),),
    ),
    "two missed months: what follows earns demand": Example(
        RULES_1993,
        case("instalment", *paid(1, 2, *range(5, 13)), closing_on="2017-01-10", agreement=YEAR),
        (
            # 100 x (12 + 11) x 1.85% / 12 = 3.5458
            ("2017-01-10", "instalments_matured", "3.55"),
            # May to December: 245 + 214 + 184 + 153 + 122 + 92 + 61 + 31 = 1,102 days: 100 x 1,102 x 0.35% / 360 = 1.0714
            ("2017-01-10", "instalments_breach", "1.07"),
        ),
    ),
    "a miss that was not made up in the next month": Example(
        RULES_1993,
        case("instalment", *paid(1, 2, 4, *range(6, 13)), closing_on="2017-01-10", agreement=YEAR),
        (
            # April brings its own hundred and no second one: breach, and April's is late already
            # 100 x (12 + 11) x 1.85% / 12 = 3.5458
            ("2017-01-10", "instalments_matured", "3.55"),
            # April, June to December: 275 + 214 + 184 + 153 + 122 + 92 + 61 + 31 = 1,132 days: x 0.35% / 360 = 1.1006
            ("2017-01-10", "instalments_breach", "1.10"),
        ),
    ),
    "the same where the product says that the breach comes when that month ends": Example(
        "banks that count the payment of the month after (product field breach)",
        case(
            {**PLAN, "breach": "month_end"},
            *paid(1, 2, 4, *range(6, 13)),
            closing_on="2017-01-10",
            agreement=YEAR,
        ),
        (
            # 100 x (12 + 11 + 9) x 1.85% / 12 = 4.9333
            ("2017-01-10", "instalments_matured", "4.93"),
            # June to December: 857 days: 100 x 857 x 0.35% / 360 = 0.8332
            ("2017-01-10", "instalments_breach", "0.83"),
        ),
    ),
    "one missed month, then seven months without a second payment": Example(
        RULES_1993,
        case("instalment", *from_july(*range(4), *range(5, 12)), closing_on="2016-07-10", agreement=YEAR),
        (
            # 100 x (12 + 11 + 10 + 9 = 42) x 1.85% / 12 = 6.475, half up
            ("2016-07-10", "instalments_matured", "6.48"),
            # 213 + 182 + 151 + 122 + 91 + 61 + 30 = 850 days: 100 x 850 x 0.35% / 360 = 0.8264
            ("2016-07-10", "instalments_breach", "0.83"),
        ),
    ),
    "the same with the breach at the month's end": Example(
        "banks that count the payment of the month after (product field breach)",
        case(
            {**PLAN, "breach": "month_end"},
            *from_july(*range(4), *range(5, 12)),
            closing_on="2016-07-10",
            agreement=YEAR,
        ),
        (
            # 100 x (42 + 7) x 1.85% / 12 = 7.5542
            ("2016-07-10", "instalments_matured", "7.55"),
            # 637 days: 100 x 637 x 0.35% / 360 = 0.6193
            ("2016-07-10", "instalments_breach", "0.62"),
        ),
    ),
    "one missed month, made up in December": Example(
        RULES_1993,
        case(
            "instalment", *from_july(*range(4), 5, *range(6, 12), twice=(5,)), closing_on="2016-07-10", agreement=YEAR
        ),
        # 42 + 7 + 7 + 6 + 5 + 4 + 3 + 2 + 1 = 77: 100 x 77 x 1.85% / 12 = 11.8708
        (("2016-07-10", "instalments_matured", "11.87"),),
    ),
    "made up in the last days of the term": Example(
        RULES_1993,
        case(
            "instalment",
            *paid(*range(1, 12)),
            on("2017-01-05", "deposit", "100"),
            closing_on="2017-01-10",
            agreement=YEAR,
        ),
        # the twelfth hundred comes when no month is left to earn: 77 month-products
        (("2017-01-10", "instalments_matured", "11.87"),),
    ),
    "missed again in the month after": Example(
        RULES_1993,
        case("instalment", *paid(1, 2, *range(5, 9)), closing_on="2017-01-10", agreement=YEAR),
        (
            ("2017-01-10", "instalments_matured", "3.55"),
            # May to August: 245 + 214 + 184 + 153 = 796 days: 100 x 796 x 0.35% / 360 = 0.7739
            ("2017-01-10", "instalments_breach", "0.77"),
        ),
    ),
    "a second miss is a breach where one may be made up": Example(
        "banks that print one make-up (product field make_ups)",
        case(
            "instalment",
            *paid(1, 2, 4, 5, 7, 8, 9, 10, 11, 12, twice=(4,)),
            closing_on="2017-01-10",
            agreement=YEAR,
        ),
        (
            # January to May: 100 x (12 + 11 + 9 + 9 + 8 = 49) x 1.85% / 12 = 7.5542
            ("2017-01-10", "instalments_matured", "7.55"),
            # July to December: 184 + 153 + 122 + 92 + 61 + 31 = 643 days: 100 x 643 x 0.35% / 360 = 0.6251
            ("2017-01-10", "instalments_breach", "0.63"),
        ),
    ),
    "each miss made up where each may be": Example(
        "banks that print a make-up for each miss (product field make_ups)",
        case(
            {**PLAN, "make_ups": "any"},
            *paid(1, 2, 4, 5, 7, 8, 9, 10, 11, 12, twice=(4, 7)),
            closing_on="2017-01-10",
            agreement=YEAR,
        ),
        # March's and June's count from April and July: 100 x (78 - 2) x 1.85% / 12 = 11.7167
        (("2017-01-10", "instalments_matured", "11.72"),),
    ),
    "the last month missing": Example(
        RULES_1993,
        case("instalment", *paid(*range(1, 12)), closing_on="2017-01-10", agreement=YEAR),
        # 100 x (78 - 1) x 1.85% / 12 = 11.8708
        (("2017-01-10", "instalments_matured", "11.87"),),
    ),
    "broken early": Example(
        "Savings Regulations 1992, article 24",
        case("instalment", *paid(1, 2, 3), closing_on="2016-04-10", agreement=YEAR),
        # 91 + 60 + 31 = 182 days: 100 x 182 x 0.35% / 360 = 0.1769
        (("2016-04-10", "early_demand", "0.18"),),
    ),
    "overdue": Example(
        "Savings Regulations 1992, article 25",
        case("instalment", *paid(*range(1, 13)), closing_on="2017-02-10", agreement=YEAR),
        # 31 days: 1,200 x 31 x 0.35% / 360 = 0.3617
        (("2017-02-10", "instalments_matured", "12.03"), ("2017-02-10", "overdue_demand", "0.36")),
    ),
    "by the actual days of each payment": Example(
        "PBC notice Yinfa [2005] No. 129, accumulated products",
        case(
            {**PLAN, "interest": {"period": "actual_days"}},
            *paid(*range(1, 13)),
            closing_on="2017-01-10",
            agreement=YEAR,
        ),
        # 366 + 335 + 306 + 275 + 1,102 = 2,384 days: 100 x 2,384 x 1.85% / 360 = 12.2511
        (("2017-01-10", "instalments_matured", "12.25"),),
    ),
}

OUT = [on("2016-01-10", "deposit", "12000")]
DRAWN = [on("2016-01-10", "deposit", "10000")]

STAGED = {
    "lump in, a twelfth out each month": Example(
        RULES_1993,
        case("lump-in-instalments-out", *OUT, closing_on="2017-01-10", agreement={"term": "1y", "every": "1m"}),
        # (12,000 + 1,000) / 2 x 12 x 1 x 1.85% / 12
        (("2017-01-10", "staged_matured", "120.25"),),
    ),
    "lump in, a quarter out each three months": Example(
        RULES_1993,
        case("lump-in-instalments-out", *OUT, closing_on="2017-01-10", agreement={"term": "1y", "every": "3m"}),
        # (12,000 + 3,000) / 2 x 4 x 3 x 1.85% / 12
        (("2017-01-10", "staged_matured", "138.75"),),
    ),
    "lump in, instalments out, broken after three draws": Example(
        "Savings Regulations 1992, article 24",
        case("lump-in-instalments-out", *OUT, closing_on="2016-04-20", agreement={"term": "1y", "every": "1m"}),
        # 1,000 x (31 + 60 + 91) + 9,000 x 101 = 182,000 + 909,000 = 1,091,000 x 0.35% / 360 = 10.6069
        (("2016-04-20", "early_demand", "10.61"),),
    ),
    "interest drawn each three months": Example(
        RULES_1993,
        case("interest-drawn", *DRAWN, closing_on="2017-01-10", agreement={"term": "1y", "every": "3m"}),
        (
            # 10,000 x 1.85% / 4 = 46.25
            ("2016-04-10", "interest_draw", "46.25"),
            ("2016-07-10", "interest_draw", "46.25"),
            ("2016-10-10", "interest_draw", "46.25"),
            ("2017-01-10", "interest_draw_last", "46.25"),
        ),
    ),
    "interest drawn each month, the last takes the residue": Example(
        RULES_1993,
        case("interest-drawn", *DRAWN, closing_on="2017-01-10", agreement={"term": "1y", "every": "1m"}),
        (
            # 185 / 12 = 15.4167, eleven times; 185.00 - 169.62 = 15.38
            *[(f"2016-{month:02}-10", "interest_draw", "15.42") for month in range(2, 13)],
            ("2017-01-10", "interest_draw_last", "15.38"),
        ),
    ),
    "interest drawn, broken: what was drawn is taken back": Example(
        "Savings Regulations 1992, article 24; Yinfa [1993] No. 7",
        case("interest-drawn", *DRAWN, closing_on="2016-04-20", agreement={"term": "1y", "every": "1m"}),
        (
            *[(f"2016-{month:02}-10", "interest_draw", "15.42") for month in range(2, 5)],
            # 101 days: 10,000 x 101 x 0.35% / 360 = 9.8194, less 3 x 15.42
            ("2016-04-20", "early_demand", "9.82"),
            ("2016-04-20", "interest_taken_back", "-46.26"),
        ),
    ),
    "interest drawn, overdue": Example(
        "Savings Regulations 1992, article 25",
        case("interest-drawn", *DRAWN, closing_on="2017-02-09", agreement={"term": "1y", "every": "12m"}),
        # 30 days: 10,000 x 30 x 0.35% / 360 = 2.9167
        (("2017-01-10", "interest_draw_last", "185.00"), ("2017-02-09", "overdue_demand", "2.92")),
    ),
}


@pytest.mark.parametrize("name", [*INSTALMENTS, *STAGED])
def test_worked_example(name: str) -> None:
    example = {**INSTALMENTS, **STAGED}[name]
    check(example, quote_case(example.case))
