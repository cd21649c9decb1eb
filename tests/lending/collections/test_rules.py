"""Whether a borrower may be spoken to, by rule: who, about what, what holds, when, how often; and what became of a promise."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending.collections import rules
from farthing.lending.collections.model import Before, Contact, Hardship, LogContact
from farthing.lending.model import Repayment
from farthing.lending.standing import Standing
from farthing.products.service import shipped_policy

DAY = date(2026, 6, 10)
NOW = datetime(2026, 6, 10, 4, tzinfo=UTC)
LAW = shipped_policy("cn").conduct
NOTHING = Money(0, "CNY")


def yuan(amount: int) -> Money:
    return Money(amount * 100, "CNY")


def stands(late: int = 5) -> Standing:
    return Standing("loan_1", "party_1", "shop", "active", yuan(500), yuan(500), yuan(90), yuan(510), late, NOTHING)


def hold(state: str, until: date | None = None) -> Hardship:
    return Hardship("r", "loan_1", "party_1", DAY, "c", state, "pause" if until else "", until, "", None, "", "ill", "")  # type: ignore[arg-type]


def refused(*arguments: Any, **options: Any) -> str:
    assert LAW is not None
    try:
        rules.check_may(LAW, *arguments, **options)
    except Refusal as refusal:
        return refusal.code
    return ""


def test_what_forbids_a_contact_is_told_in_its_order() -> None:
    free, noon = Before(0, 0, None), time(12)
    assert refused(stands(), free, noon) == ""
    assert refused(stands(0), Before(9, 9, hold("asked")), time(3), person="mother") == "lending.third_person"
    assert refused(stands(0), Before(9, 9, hold("asked")), time(3)) == "lending.nothing_overdue"
    assert refused(stands(), Before(9, 9, hold("asked")), time(3)) == "lending.contact_on_hold"
    assert refused(stands(), Before(9, 9, None), time(3)) == "lending.contact_hour"
    assert refused(stands(), Before(3, 3, None), noon) == "lending.contact_too_often", "three a day"
    assert refused(stands(), Before(0, 7, None), noon) == "lending.contact_too_often", "seven in seven days"
    assert refused(stands(), Before(2, 6, None), noon) == ""
    assert refused(stands(), free, time(3), letter=True) == "", "a letter rings nobody out of bed"


@given(st.times(), st.integers(0, 9), st.integers(0, 9), st.booleans(), st.integers(0, 400))
def test_nobody_is_spoken_to_beyond_what_the_law_says(at: time, today: int, lately: int, held: bool, late: int) -> None:
    assert LAW is not None
    allowed = not refused(stands(late), Before(today, lately, hold("asked") if held else None), at)
    assert allowed == (bool(late) and not held and 8 <= at.hour < 22 and today < 3 and lately < 7)


def test_relief_keeps_collectors_away_until_its_day() -> None:
    assert hold("asked").holds(DAY + timedelta(days=900)) and not hold("declined").holds(DAY)
    granted = hold("granted", DAY)
    assert granted.holds(DAY) and not granted.holds(DAY + timedelta(days=1))


def promised(amount: int, days: int) -> Contact:
    return Contact(
        "loan_1",
        "party_1",
        1,
        DAY,
        "12:00",
        "risk:1",
        "call",
        "promised",
        DAY + timedelta(days=days),
        yuan(amount),
        NOW,
        "pays",
    )


def repaid(amount: int, days: int) -> Repayment:
    return Repayment("r", "loan_1", yuan(amount), DAY + timedelta(days=days), (), NOTHING, "active")


def test_a_promise_is_kept_by_what_came_between_it_and_its_day() -> None:
    made = promised(100, 3)
    assert rules.kept(made, [repaid(60, 0), repaid(40, 3)], DAY + timedelta(days=9)) == "kept"
    assert rules.kept(made, [repaid(900, -1), repaid(99, 2)], DAY + timedelta(days=3)) == "open"
    assert rules.kept(made, [repaid(900, -1), repaid(99, 2), repaid(900, 4)], DAY + timedelta(days=4)) == "broken"
    plain = Contact("loan_1", "party_1", 1, DAY, "12:00", "risk:1", "call", "reached", None, None, NOW, "said")
    assert rules.kept(plain, [], DAY) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"channel": "pigeon"}, "lending.unknown_contact_word"),
        ({"outcome": "shouted"}, "lending.unknown_contact_word"),
        ({"words": "  "}, "lending.words_missing"),
        ({"outcome": "promised"}, "lending.promise_incomplete"),
        ({"promised_on": DAY, "promised": yuan(5)}, "lending.promise_incomplete"),
        ({"outcome": "promised", "promised_on": DAY, "promised": NOTHING}, "lending.promise_incomplete"),
        ({"promised": -yuan(5)}, "lending.promise_incomplete"),
        ({"promised": NOTHING}, "lending.promise_incomplete"),
        ({"outcome": "promised", "promised_on": DAY - timedelta(days=1), "promised": yuan(5)}, "lending.promise_incomplete"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_down_is_refused(changes: dict[str, Any], code: str) -> None:
    told = {"loan_id": "loan_1", "channel": "call", "outcome": "reached", "words": "she pays on Friday", **changes}
    with pytest.raises(Refusal) as caught:
        rules.check_contact(LogContact(**told), DAY)
    assert caught.value.code == code


def test_a_time_is_read_as_people_write_it() -> None:
    assert rules.time_of("", time(9, 5, 33)) == time(9, 5) and rules.time_of("7:30", time(0)) == time(7, 30)
    for text in ("24:00", "noon", "12", "12:60"):
        with pytest.raises(Refusal) as caught:
            rules.time_of(text, time(0))
        assert caught.value.code == "lending.contact_time_unreadable"
