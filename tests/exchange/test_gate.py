"""The gate: each rule refuses what it is for, and lets what is right through; what a file comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.exchange.codes import STATUSES, SYSTEMS, codes
from farthing.exchange.furnish.deciding import Closing, Opening, closing_of, opening_of, result_of
from farthing.exchange.furnish.gate import after, checks, gate, shift, totals
from farthing.exchange.furnish.model import RULES, Facts, Month, Row, Unread
from farthing.exchange.model import CLASSES
from farthing.kit.errors import Refusal
from tests.exchange.rows import LATE, read, told

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
NOTHING = Facts(CLASSES, {}, {}, {}, {})
LATER: dict[str, Any] = {**LATE, "dpd": 48, "notice_on": "2026-01-20"}


def found(
    row: Row, *before: Row, facts: Facts = NOTHING, period: date | None = None, already: Month | None = None
) -> list[str]:
    """What is wrong with a row after others of its account were taken."""
    known = None
    for each in before:
        known = after(each, known)
    return list(checks(row, known, already, facts, period or row.period))


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("unknown_code", {"code": "pboc2:X"}),
    ("unknown_code", {"code": "elsewhere:N"}),
    ("unknown_code", {"code": "pboc2:X", "status": ""}),
    ("code_differs", {"code": "pboc2:1"}),
    ("code_differs", {"code": "metro2:97"}),
    ("as_of_outside_period", {"as_of": "2026-02-01"}),
    ("future_date", {"opened_on": "2026-02-01"}),
    ("future_date", {"closed_on": "2026-02-01", "status": "closed", "balance": 0}),
    ("over_limit", {"limit": 499_999}),
    ("paid_with_balance", {"status": "paid_off", "closed_on": "2026-01-20"}),
    ("status_against_amounts", {"status": "paid_off", "balance": 0}),
    ("status_against_amounts", {"closed_on": "2026-01-20"}),
    ("status_against_amounts", {"balance": None}),
    ("status_against_amounts", {"status": "untold"}),
    ("status_against_amounts", {"status": "idle"}),
    ("status_against_amounts", {**LATE, "balance": 0}),
    ("status_against_dpd", {"dpd": 1, "notice_on": "2026-01-20", "notice": "sms"}),
    ("status_against_dpd", {**LATE, "dpd": 0}),
    ("no_delinquency", {**LATE, "first_delinquency_on": None}),
    ("delinquency_while_current", {"first_delinquency_on": "2026-01-11"}),
    ("delinquency_after_status", {**LATE, "first_delinquency_on": "2026-01-13"}),
    ("no_notice", {**LATE, "notice": ""}),
    ("no_notice", {**LATE, "notice_on": None}),
    ("no_notice", {**LATE, "notice_on": "2026-01-31"}),
    ("no_notice", {**LATE, "notice_on": "2026-01-10"}),
    ("no_notice", {"status": "written_off", "notice": ""}),
    ("dpd_jumps", {**LATE, "opened_on": "2026-01-20"}),
    ("origin_unknown", {"origin": "91310000MA1FL0000N:account-000000000099"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "changes"), WRONG)
def test_a_row_that_is_wrong_by_itself_is_found(code: str, changes: dict[str, Any]) -> None:
    assert code in found(read(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {}, LATE, {"limit": 500_000}, {"limit": 100, "flags": ["over_limit"]}, {"code": "pboc2:N"}, {"code": "metro2:11"},
        {"code": "pboc2:N", "status": ""}, {**LATE, "code": "pboc2:1"}, {**LATE, "code": "pboc2:1", "status": ""},
        {"status": "paid_off", "balance": 0, "closed_on": "2026-01-20"}, {"status": "idle", "due": 0},
        {"status": "untold", "balance": None, "due": None, "paid": None, "dpd": None},
        {"dpd": 0, "status": "written_off", "notice": "sms", "notice_on": "2026-01-20"},
    ],
)  # fmt: skip
def test_what_is_right_passes(changes: dict[str, Any]) -> None:
    assert found(read(**changes)) == []


def test_what_was_told_of_the_account_before_binds() -> None:
    late, current = read(**LATE), read()
    assert found(read(period="2026-02", **LATER), late) == []
    assert found(read(period="2026-02", **{**LATER, "dpd": 49, "first_delinquency_on": "2026-01-11"}), late) == [
        "dpd_jumps"
    ]
    assert found(read(period="2026-02", **{**LATER, "dpd": 29, "first_delinquency_on": "2026-01-30"}), current) == [
        "dpd_jumps", "no_notice"][::-1]  # fmt: skip
    paid = read(status="paid_off", balance=0, closed_on="2026-01-20")
    assert found(read(period="2026-02"), paid) == ["after_end"]
    assert found(read(period="2026-02", original=2_000_000), current) == ["terms_changed"]
    assert found(read(period="2026-02", original=2_000_000, reason="typed wrongly"), current) == []


def test_the_first_delinquency_never_moves() -> None:
    late = read(**LATE)
    moved = {**LATER, "dpd": 20, "first_delinquency_on": "2026-02-05", "notice_on": "2026-02-10"}
    assert found(read(period="2026-02", **moved), late) == ["re_aged"]
    assert found(read(period="2026-02", paid=0), late) == ["re_aged"], "restructured, and nothing was paid"
    assert found(read(period="2026-02"), late) == [], "it was paid"
    untold = read(period="2026-02", status="untold", balance=None, due=None, paid=None, dpd=None)
    april = {**moved, "first_delinquency_on": "2026-03-05", "notice_on": "2026-03-10"}
    assert found(read(period="2026-03", **april), late, untold) == ["re_aged"], "a month of silence changes nothing"
    sold = {"status": "sold", "balance": 0, "closed_on": "2026-02-20", "paid": 0}
    assert found(read(period="2026-02", **sold), late) == ["re_aged"]
    assert found(read(period="2026-02", **sold, first_delinquency_on="2026-01-11"), late) == []


def test_a_buyer_takes_the_delinquency_over() -> None:
    late = read(**LATE)
    sold = read(
        period="2026-02", status="sold", balance=0, paid=0, closed_on="2026-02-20", first_delinquency_on="2026-01-11"
    )
    was = after(sold, after(late, None))
    facts = replace(NOTHING, sold={"seller:account": was})
    bought = {**LATER, "dpd": 79, "origin": "seller:account"}
    assert found(read(2, "2026-03", **bought), facts=facts) == []
    later = {**bought, "dpd": 20, "first_delinquency_on": "2026-03-11", "notice_on": "2026-03-20"}
    assert found(read(2, "2026-03", **later), facts=facts) == ["re_aged"]


def test_a_month_is_corrected_with_a_reason_and_made_no_younger() -> None:
    late = read(**LATE)
    before = Month(1, late.said, late.first_delinquency_on)
    right = {"already": before}
    assert found(read(), late, **right) == ["told_before"]
    assert found(read(reason="the payment had been booked elsewhere"), late, **right) == []
    younger = {
        **LATE,
        "dpd": 10,
        "first_delinquency_on": "2026-01-21",
        "notice_on": "2026-01-25",
        "reason": "restructured",
    }
    assert found(read(**younger), late, **right) == ["re_aged"]


def test_a_row_of_an_earlier_month_keeps_its_period_and_is_told_of() -> None:
    assert found(read(period="2026-01"), read(period="2026-02"), period=MARCH) == ["late"]
    assert found(read(period="2026-03"), period=FEBRUARY) == ["period_ahead"]


def test_twice_in_a_cycle_another_s_account_and_another_name() -> None:
    rows = [read(1), read(1, place=2), read(2, place=3, account=read(1).reference), read(3, place=4)]
    facts = replace(NOTHING, names={rows[3].subject: frozenset({"Somebody else"})})
    gated = gate(rows, facts, JANUARY)
    assert [(each.number, each.codes) for each in gated.problems] == [
        (2, ("twice",)), (3, ("account_of_another",)), (4, ("name_differs",)),
    ]  # fmt: skip
    assert [row.number for row in gated.taken] == [1]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("unreadable", {"balance": 1.5}), ("unreadable", {"balance": True}), ("unreadable", {"dpd": -1}),
        ("unreadable", {"class": "casino"}), ("unreadable", {"status": "fine"}), ("unreadable", {"as_of": "31.1.2026"}),
        ("unreadable", {"account": "short"}), ("unreadable", {"currency": "XXX"}), ("unreadable", {"name": ""}),
        ("unreadable", {"extra": 1}), ("unreadable", {"as_of": "2026-02-31"}), ("unreadable", {"flags": ["kind"]}),
        ("bad_document", {"number": "110101199001010011"}), ("bad_document", {"number": "1"}),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_spoils_no_other(code: str, changes: dict[str, Any]) -> None:
    bad = read(place=2, **changes)
    assert isinstance(bad, Unread)
    assert bad.code == code
    gated = gate([read(1), bad], NOTHING, JANUARY)
    assert (len(gated.taken), [each.codes for each in gated.problems]) == (1, [(code,)])


def test_a_class_that_is_not_furnished_is_refused() -> None:
    assert found(read(), facts=replace(NOTHING, classes=("utility",))) == ["class_not_furnished"]


def cycle(
    rows: list[Any], facts: Facts = NOTHING, *, last: date | None = None, off: int = 0, period: date = JANUARY
) -> Any:
    come = totals(rows)
    told = replace(come, balance=come.balance + off)
    opening = Opening(f"{period:%Y-%m}.1", period, last)
    return result_of(opening, Closing(1, told), rows, facts, last, False)[0]


def test_a_file_that_does_not_sum_or_was_told_is_refused_whole() -> None:
    rows = [read(1), read(2, place=2)]
    assert (cycle(rows).state, cycle(rows).taken) == ("accepted", 2)
    off = cycle(rows, off=1)
    assert (off.state, off.taken, [each.code for each in off.file]) == ("refused", 0, ["exchange.cycle_does_not_sum"])
    again = cycle(rows, last=JANUARY)
    assert [each.code for each in again.file] == ["exchange.period_told"]


def test_accounts_do_not_vanish() -> None:
    known = {read(each).account: after(read(each), None) for each in range(100)}
    facts = replace(NOTHING, accounts=known)
    rows = [read(each, "2026-02", each) for each in range(98)]
    few = cycle(rows, facts, last=JANUARY, period=FEBRUARY)
    assert (few.state, [each.code for each in few.file]) == ("accepted", ["some_vanished"])
    many = cycle(rows[:97], facts, last=JANUARY, period=FEBRUARY)
    assert (many.state, [each.code for each in many.file]) == ("refused", ["exchange.accounts_vanished"])


def test_a_file_whose_rows_are_late_or_spread_otherwise_is_warned_of() -> None:
    known = {read(each).account: after(read(each), None) for each in range(200)}
    facts = replace(NOTHING, accounts=known)
    late = {**LATER, "dpd": 28, "first_delinquency_on": "2026-01-31", "notice_on": "2026-02-10"}
    rows = [read(each, "2026-02", each, **(late if each % 2 else {})) for each in range(200)]
    assert [each.code for each in cycle(rows, facts, last=JANUARY, period=FEBRUARY).file] == ["shifted"]
    behind = [read(each, "2026-01" if each < 20 else "2026-02", each) for each in range(200)]
    assert "late_share" in [each.code for each in cycle(behind, last=None, period=FEBRUARY).file]


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 500), min_size=1))
def test_what_did_not_move_is_not_shifted(counts: dict[str, int]) -> None:
    assert shift(counts, counts) == 0
    assert shift(counts, {**counts, "z": 10_000}) >= 0


@given(st.permutations(range(6)))
def test_the_order_of_rows_decides_nothing(order: list[int]) -> None:
    given_rows = [
        read(1, "2026-01", 1), read(1, "2026-02", 2, **{**LATER, "dpd": 27, "first_delinquency_on": "2026-02-01",
                                                        "notice_on": "2026-02-10"}),
        read(1, "2026-03", 3, paid=0), read(2, "2026-03", 4), read(2, "2026-03", 5, dpd=3), read(3, "2026-03", 6),
    ]  # fmt: skip
    assert gate([given_rows[each] for each in order], NOTHING, MARCH) == gate(given_rows, NOTHING, MARCH)


def test_every_status_has_its_codes_and_no_code_says_two_things() -> None:
    for system in SYSTEMS:
        for status in STATUSES:
            for dpd in (None, 0, 1, 29, 30, 31, 60, 90, 180, 181, 5_000):
                code = codes().said(system, status, dpd)
                assert not code or codes().agrees(f"{system}:{code}", status, dpd)
    assert [codes().said("pboc2", "past_due", dpd) for dpd in (1, 30, 31, 180, 181)] == ["1", "1", "2", "6", "7"]
    assert [codes().said("metro2", "past_due", dpd) for dpd in (29, 30, 180)] == ["11", "71", "84"]
    assert codes().status("metro2:11", None) is None


@pytest.mark.parametrize(
    "body",
    [
        {}, {"cycle": "2026-01", "after": None}, {"cycle": "2026-01.0", "after": None}, {"cycle": "2026-01.1", "after": "x"},
        {"cycle": "2026-01.1", "after": "2026-01"}, {"cycle": 1, "after": None},
    ],
)  # fmt: skip
def test_a_cycle_is_opened_by_what_can_be_read(body: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match=r"exchange.cycle_malformed"):
        opening_of(body)
    with pytest.raises(Refusal, match=r"exchange.cycle_malformed"):
        closing_of({"cycle": "2026-01.1", "parts": -1, "totals": {}})


def test_every_rule_is_said_in_both_languages() -> None:
    assert all(rule.words.en and rule.words.zh for rule in RULES.values())
    assert told(1)["status"] == "current"
