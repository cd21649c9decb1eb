"""Worked examples by hand: instalments, lump in and instalments out, interest drawn, and notice with its seven cases.

Each comment is the whole calculation; none was taken from the program. Sources: Rules for carrying out the Savings
Regulations (储蓄管理若干规定, 银发〔1993〕7 号) for the instalment products and their formulas; Rules for notice deposits
(通知存款管理办法, 银发〔1999〕3 号), articles 8 to 11. Banks print the breach of an instalment plan differently: what is
paid in after it earns demand (most), or nothing more is taken; and a miss may be made up once, or each time.
"""

from __future__ import annotations

from typing import Any

import pytest

from farthing.savings.case import quote_case
from tests.savings.examples import Example, case, check, on

RULES_1993 = "Yinfa [1993] No. 7"
NOTICES = "Yinfa [1999] No. 3, article "
YEAR = {"term": "1y"}
PLAN = {"method": "instalment", "minimum": "5", "terms": ["1y"], "value_dates": "any"}


def paid(*months: int, twice: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    """100 on the 10th of each month of 2016, 200 in those of ``twice``."""
    return [on(f"2016-{month:02}-10", "deposit", "200" if month in twice else "100") for month in months]


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
        (("2017-01-10", "instalments_matured", "12.03"),),
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
            # April's payment makes up March; April itself is missed too, and one miss may be made up: breach
            # 100 x (12 + 11 + 10) x 1.85% / 12 = 5.0875
            ("2017-01-10", "instalments_matured", "5.09"),
            # June to December: 214 + 184 + 153 + 122 + 92 + 61 + 31 = 857 days: 100 x 857 x 0.35% / 360 = 0.8332
            ("2017-01-10", "instalments_breach", "0.83"),
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
            # January to May: 100 x (12 + 11 + 10 + 9 + 8 = 50) x 1.85% / 12 = 7.7083
            ("2017-01-10", "instalments_matured", "7.71"),
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
        (("2017-01-10", "instalments_matured", "12.03"),),
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

WEEK = {"notice": "7d"}


def kept(amount: str, *events: dict[str, Any], closing_on: str | None = None) -> dict[str, Any]:
    """A seven-day notice deposit opened on 4 January 2016; 8 March is day 64."""
    return case("notice", on("2016-01-04", "deposit", amount), *events, closing_on=closing_on, agreement=WEEK)


def told(amount: str, day: str = "2016-03-01") -> dict[str, Any]:
    """Notice given, to draw seven days later."""
    return on(day, "notify", amount)


NOTICE = {
    "notified and drawn as agreed": Example(
        NOTICES + "8",
        kept("100000", told("100000"), on("2016-03-08", "withdraw", "100000")),
        # 100,000 x 64 x 1.35% / 360
        (("2016-03-08", "notice_kept", "240.00"),),
    ),
    "one day's notice": Example(
        NOTICES + "8",
        case(
            "notice",
            on("2016-01-04", "deposit", "100000"),
            on("2016-03-07", "notify", "100000"),
            closing_on="2016-03-08",
            agreement={"notice": "1d"},
        ),
        # 100,000 x 64 x 0.80% / 360 = 142.2222
        (("2016-03-08", "notice_kept", "142.22"),),
    ),
    "1 kept for less than the notice period": Example(
        NOTICES + "9 (1)",
        kept("100000", closing_on="2016-01-10"),
        # 6 days: 100,000 x 6 x 0.35% / 360 = 5.8333
        (("2016-01-10", "notice_too_short", "5.83"),),
    ),
    "2 no notice": Example(
        NOTICES + "9 (2)",
        kept("100000", closing_on="2016-03-08"),
        # 100,000 x 64 x 0.35% / 360 = 62.2222
        (("2016-03-08", "notice_not_given", "62.22"),),
    ),
    "3 notified and drawn early": Example(
        NOTICES + "9 (3)",
        kept("100000", told("100000"), closing_on="2016-03-07"),
        # 63 days: 100,000 x 63 x 0.35% / 360
        (("2016-03-07", "notice_wrong_day", "61.25"),),
    ),
    "3 notified and drawn late": Example(
        NOTICES + "9 (3)",
        kept("100000", told("100000"), closing_on="2016-03-09"),
        # 65 days: 100,000 x 65 x 0.35% / 360 = 63.1944
        (("2016-03-09", "notice_wrong_day", "63.19"),),
    ),
    "4 more than agreed": Example(
        NOTICES + "9 (4)",
        kept("200000", told("100000"), on("2016-03-08", "withdraw", "120000")),
        (
            ("2016-03-08", "notice_kept", "240.00"),
            # 20,000 x 64 x 0.35% / 360 = 12.4444
            ("2016-03-08", "notice_difference", "12.44"),
        ),
        left="80000.00",
    ),
    "4 less than agreed": Example(
        NOTICES + "9 (4)",
        kept("200000", told("100000"), on("2016-03-08", "withdraw", "60000")),
        (
            # 60,000 x 64 x 1.35% / 360
            ("2016-03-08", "notice_kept", "144.00"),
            # 40,000 x 64 x 0.35% / 360 = 24.8889
            ("2016-03-08", "notice_difference", "24.89"),
        ),
        left="140000.00",
    ),
    "5 below the minimum draw": Example(
        NOTICES + "9 (5)",
        kept("200000", told("40000"), on("2016-03-08", "withdraw", "40000")),
        (("2016-03-08", "notice_small_draw", "24.89"),),
        left="160000.00",
    ),
    "6 notified and not drawn": Example(
        NOTICES + "10",
        kept("100000", told("100000"), told("100000", "2016-03-24"), on("2016-03-31", "withdraw", "100000")),
        # 87 days less 7 of the first notice: 100,000 x 80 x 1.35% / 360
        (("2016-03-31", "notice_kept", "300.00"),),
    ),
    "6 notice cancelled": Example(
        NOTICES + "10",
        kept(
            "100000",
            told("100000"),
            on("2016-03-05", "cancel_notice"),
            told("100000", "2016-03-24"),
            on("2016-03-31", "withdraw", "100000"),
        ),
        (("2016-03-31", "notice_kept", "300.00"),),
    ),
    "6 cancelled and given again: no day is lost twice": Example(
        NOTICES + "10",
        kept(
            "100000",
            told("100000"),
            on("2016-03-03", "cancel_notice"),
            told("100000", "2016-03-03"),
            on("2016-03-05", "cancel_notice"),
            told("100000", "2016-03-24"),
            on("2016-03-31", "withdraw", "100000"),
        ),
        # 1 to 10 March, 9 days: 100,000 x (87 - 9) x 1.35% / 360
        (("2016-03-31", "notice_kept", "292.50"),),
    ),
    "7 what remains is below the minimum": Example(
        NOTICES + "11",
        kept("120000", told("80000"), on("2016-03-08", "withdraw", "80000")),
        (
            # 80,000 x 64 x 1.35% / 360
            ("2016-03-08", "notice_kept", "192.00"),
            # 40,000 x 64 x 0.35% / 360
            ("2016-03-08", "notice_remainder", "24.89"),
        ),
    ),
    "what remains keeps the opening day": Example(
        NOTICES + "11",
        kept(
            "200000",
            told("100000"),
            on("2016-03-08", "withdraw", "100000"),
            told("100000", "2016-03-24"),
            on("2016-03-31", "withdraw", "100000"),
        ),
        # 87 days from 4 January: 100,000 x 87 x 1.35% / 360
        (("2016-03-08", "notice_kept", "240.00"), ("2016-03-31", "notice_kept", "326.25")),
    ),
    "a late draw of a part leaves the rest without interest for the notice period": Example(
        NOTICES + "9 (3) and 10",
        kept(
            "200000",
            told("100000"),
            on("2016-03-09", "withdraw", "50000"),
            told("150000", "2016-03-24"),
            on("2016-03-31", "withdraw", "150000"),
        ),
        (
            # 65 days at demand: 50,000 x 65 x 0.35% / 360 = 31.5972
            ("2016-03-09", "notice_wrong_day", "31.60"),
            # 50,000 x (87 - 7) + 100,000 x 87 = 4,000,000 + 8,700,000 = 12,700,000 x 1.35% / 360
            ("2016-03-31", "notice_kept", "476.25"),
        ),
    ),
    "a small draw on another day leaves the notice standing": Example(
        NOTICES + "9 (3) and (5)",
        kept("200000", told("100000"), on("2016-03-05", "withdraw", "1000"), on("2016-03-08", "withdraw", "99000")),
        (
            # 61 days: 1,000 x 61 x 0.35% / 360 = 0.5931
            ("2016-03-05", "notice_small_draw", "0.59"),
            # 99,000 x 64 x 1.35% / 360
            ("2016-03-08", "notice_kept", "237.60"),
        ),
        left="100000.00",
    ),
}


@pytest.mark.parametrize("name", [*INSTALMENTS, *STAGED, *NOTICE])
def test_worked_example(name: str) -> None:
    example = {**INSTALMENTS, **STAGED, **NOTICE}[name]
    check(example, quote_case(example.case))


def test_the_notice_rate_is_that_of_the_withdrawal_day() -> None:
    """Article 8: neither term nor rate stands on the certificate."""
    rates = {
        "editions": [
            {"effective_on": "2015-06-28", "demand": "0.35%", "call": {"7d": "1.35%"}},
            {"effective_on": "2016-03-08", "demand": "0.35%", "call": {"7d": "1.80%"}},
        ]
    }
    example = NOTICE["notified and drawn as agreed"]
    assert quote_case({**example.case, "rates": rates})["interest"] == "320.00"  # 100,000 x 64 x 1.80% / 360


def test_a_draw_that_empties_what_other_notices_wait_for() -> None:
    """Notices shrink to the balance that is left; drawing the rest on their day is a draw as notified."""
    answer = quote_case(
        case(
            "notice-grassroots",
            on("2016-01-04", "deposit", "200"),
            on("2016-03-01", "notify", "50", for_on="2016-03-09"),
            on("2016-03-01", "notify", "150", for_on="2016-03-10"),
            on("2016-03-05", "withdraw", "199"),
            on("2016-03-10", "withdraw", "1"),
            agreement=WEEK,
        )
    )
    assert [each["rule"] for each in answer["payments"]] == ["notice_wrong_day", "notice_kept"]
    assert answer["balance"] == "0.00"
