"""Bad cases: each is refused with its code in two languages, and nothing is answered."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from farthing.kit.errors import Code, Refusal
from farthing.lending.lives import refusals
from farthing.lending.lives.events import DOES
from farthing.lending.quotes.answer import quote_loan

PAID_OUT = {"on": "2026-01-10", "do": "pay_out", "amount": "1200"}


def case(*events: dict[str, Any], terms: dict[str, Any] | None = None, **more: Any) -> bytes:
    """A small loan with some events after its payment out."""
    written = {"rate": "12%", "instalments": 12, **(terms or {})}
    return json.dumps({"currency": "EUR", "terms": written, "events": [PAID_OUT, *events], **more}).encode()


def event(do: str, on: str = "2026-03-01", **more: Any) -> dict[str, Any]:
    """One event."""
    return {"on": on, "do": do, **more}


PAID = event("repay", "2026-02-10", amount="100", name="first")
CASES: dict[str, tuple[str, bytes]] = {
    "not JSON": ("lending.case_unreadable", b"{"),
    "not UTF-8": ("lending.case_unreadable", b"\xff"),
    "a field twice": ("lending.case_unreadable", b'{"terms": {}, "terms": {}}'),
    "no object": ("lending.case_field_bad", b"[]"),
    "no terms": ("lending.case_field_missing", b'{"currency": "EUR"}'),
    "a field misspelt": ("lending.case_field_unknown", case(terms={"grace_principle": 1})),
    "a rate that is no number": ("lending.case_field_bad", case(terms={"rate": "much"})),
    "a period that is none": ("lending.case_field_bad", case(terms={"every": "1q"})),
    "a day that is none": ("lending.case_field_bad", case(event("repay", "2026-02-30", amount="1"))),
    "an unknown kind": ("lending.case_field_bad", case(event("borrow", amount="1"))),
    "nothing lent": ("lending.case_field_bad", json.dumps({"terms": {"rate": "1%", "instalments": 1}}).encode()),
    "buckets left out": (
        "lending.case_field_bad",
        case(life={"allocation": {"repay": {"order": ["due_interest", "due_principal"]}}}),
    ),
    "told before it happened": (
        "lending.case_field_bad",
        case(event("repay", amount="1", posted_on="2026-02-01")),
    ),
    "another currency": ("lending.case_field_bad", case(event("repay", amount="USD 5"))),
    "too many decimals": ("money.too_many_decimals", case(event("repay", amount="1.005"))),
    "no grace is left": ("lending.terms_contradict", case(terms={"grace_principal": 12})),
    "a balloon of interest only": ("lending.terms_contradict", case(terms={"method": "interest_only", "balloon": "5"})),
    "rows without the method": (
        "lending.terms_contradict",
        case(terms={"instalments": 1, "rows": [{"due_on": "2026-05-01", "principal": "1200"}]}),
    ),
    "due before it is paid out": ("lending.terms_contradict", case(terms={"first_due": "2026-01-10"})),
    "a repayment first": ("lending.not_paid_out", case(event("repay", "2026-01-01", amount="5"))),
    "a repayment of nothing": ("lending.event_needs_amount", case(event("repay", amount="0"))),
    "a rate change to nothing said": ("lending.event_needs", case(event("change_rate"))),
    "after the end": (
        "lending.life_closed",
        case(event("pay_off", "2026-03-01"), event("repay", "2026-04-01", amount="5")),
    ),
    "a name twice": ("lending.event_name_twice", case(PAID, {**PAID, "on": "2026-03-10"})),
    "a name of nothing": ("lending.event_name_unknown", case(event("reverse", of="nobody"))),
    "reversed twice": (
        "lending.reversed_twice",
        case(PAID, event("reverse", of="first"), event("reverse", of="first")),
    ),
    "a charge charged back": (
        "lending.not_reversible",
        case(event("charge", "2026-02-01", amount="5", name="fee"), event("charge_back", of="fee", amount="5")),
    ),
    "more charged back than came": (
        "lending.more_than_open",
        case(PAID, event("charge_back", of="first", amount="101")),
    ),
    "more waived than owed": ("lending.more_than_open", case(event("waive", component="fee", amount="5"))),
    "credit that is not there": ("lending.more_than_open", case(event("refund_credit", amount="5"))),
    "a due day earlier": (
        "lending.shortens_what_is_due",
        case(event("move_due", due_on="2026-04-10", until="2026-04-01")),
    ),
    "re-aged into the past": ("lending.shortens_what_is_due", case(event("re_age", due_on="2026-02-01", count=3))),
    "no such instalment": (
        "lending.no_such_instalment",
        case(event("move_due", due_on="2026-04-11", until="2026-05-01")),
    ),
    "charged off twice": (
        "lending.given_up_already",
        case(event("charge_off"), event("charge_off", "2026-04-01")),
    ),
    "recovered from nothing": ("lending.nothing_written_off", case(event("recover", amount="5"))),
    "after the last due day": ("lending.no_period_left", case(event("add_instalments", "2027-02-01", count=3))),
    "instalments beyond the calendar": ("lending.beyond_the_calendar", case(terms={"every": "9999y"})),
    "weeks beyond the calendar": ("lending.beyond_the_calendar", case(terms={"every": "9999w", "instalments": 1200})),
    "events beyond the calendar": (
        "lending.beyond_the_calendar", case(event("repay", amount="1", times=3, apart="9999m")),
    ),
    "re-aged beyond the calendar": (
        "lending.beyond_the_calendar", case(event("re_age", due_on="2026-04-10", count=9, every="99y")),
    ),
    "more instalments than a loan has, with those that are added": (
        "lending.case_field_bad", case(event("add_instalments", count=1189)),
    ),
    "a pause backwards": ("lending.pause_backwards", case(event("pause_interest", until="2026-02-01"))),
}  # fmt: skip


def test_it_is_told_which_of_many_events_is_wrong() -> None:
    with pytest.raises(Refusal, match=r"events\[3\]\.on"):
        quote_loan(case(PAID, event("repay", "soon", amount="5")))


@pytest.mark.parametrize("name", CASES)
def test_a_bad_case_is_refused(name: str) -> None:
    code, text = CASES[name]
    with pytest.raises(Refusal) as caught:
        quote_loan(text)
    refusal = caught.value
    assert refusal.code == code
    for said in (refusal.detail, refusal.detail_zh):
        assert "?" not in said and "{" not in said, said
    assert any("一" <= letter <= "鿿" for letter in refusal.detail_zh)


def test_money_is_said_with_its_currency_and_an_event_by_what_it_is_called() -> None:
    with pytest.raises(Refusal) as caught:
        quote_loan(CASES["more waived than owed"][1])
    assert re.sub(r"\d{4}-\d\d-\d\d", "DAY", caught.value.detail) == (
        "The waiver of DAY is for EUR 5.00, and EUR 0.00 is what there is of the unpaid fee; ask for less."
    )
    assert re.sub(r"\d{4}-\d\d-\d\d", "DAY", caught.value.detail_zh) == (
        "DAY 的减免金额为 EUR 5.00，未还费用仅有 EUR 0.00；请减少金额。"
    )


@pytest.mark.parametrize("name", CASES)
def test_no_event_is_called_by_its_code_word(name: str) -> None:
    with pytest.raises(Refusal) as caught:
        quote_loan(CASES[name][1])
    if caught.value.code in {code.name for code in vars(refusals).values() if isinstance(code, Code)}:
        words = {do for do in DOES if "_" in do}
        assert not [do for do in words if do in caught.value.detail or do in caught.value.detail_zh]
