"""Worked examples by hand: notice deposits, as agreed and in each of the seven cases that pay less.

Each comment is the whole calculation; none was taken from the program. Source: Rules for notice deposits
(通知存款管理办法, 银发〔1999〕3 号), articles 5 and 8 to 11.
"""

from __future__ import annotations

from typing import Any

import pytest

from farthing.savings.quotes.case import quote_case
from tests.savings.rules.examples import Example, case, check, on

NOTICES = "Yinfa [1999] No. 3, article "
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
    "4 and 5 a small draw on the agreed day settles the rest too": Example(
        NOTICES + "9 (4) and (5)",
        kept("200000", told("100000"), on("2016-03-08", "withdraw", "1000")),
        (
            # 1,000 x 64 x 0.35% / 360 = 0.6222
            ("2016-03-08", "notice_small_draw", "0.62"),
            # 99,000 x 64 x 0.35% / 360
            ("2016-03-08", "notice_difference", "61.60"),
        ),
        left="199000.00",
    ),
    "5 the least draw does not hinder drawing everything": Example(
        NOTICES + "5",
        case(
            {"method": "notice", "minimum": "1", "minimum_draw": "500", "notices": ["7d"]},
            on("2016-01-04", "deposit", "100"),
            told("100"),
            on("2016-03-08", "withdraw", "100"),
        ),
        # 100 x 64 x 1.35% / 360
        (("2016-03-08", "notice_kept", "0.24"),),
    ),
    "6 a long notice loses its last seven days": Example(
        NOTICES + "10",
        kept(
            "100000",
            on("2016-02-01", "notify", "100000", for_on="2016-03-08"),
            told("100000", "2016-03-24"),
            on("2016-03-31", "withdraw", "100000"),
        ),
        (("2016-03-31", "notice_kept", "300.00"),),
    ),
    "6 a long notice cancelled before its period loses nothing": Example(
        NOTICES + "10",
        kept(
            "100000",
            on("2016-02-01", "notify", "100000", for_on="2016-03-08"),
            on("2016-02-20", "cancel_notice"),
            told("100000", "2016-03-24"),
            on("2016-03-31", "withdraw", "100000"),
        ),
        # 100,000 x 87 x 1.35% / 360
        (("2016-03-31", "notice_kept", "326.25"),),
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


@pytest.mark.parametrize("name", NOTICE)
def test_worked_example(name: str) -> None:
    check(NOTICE[name], quote_case(NOTICE[name].case))


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
