"""A refusal has one code, one status and a sentence in both languages."""

from __future__ import annotations

import pytest

from farthing.kit import errors
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import CODES, Code, InvariantBroken, Refusal, malformed
from farthing.kit.errors_page import render
from farthing.kit.money import NOT_POSITIVE


def test_a_refusal_says_what_to_do_with_its_facts() -> None:
    refusal = NOT_POSITIVE(amount="CNY 0.00")
    assert isinstance(refusal, errors.Malformed)
    assert (refusal.code, refusal.status, refusal.facts) == ("money.not_positive", 400, {"amount": "CNY 0.00"})
    assert refusal.detail == "An amount must be more than zero; CNY 0.00 was given."
    assert refusal.detail_zh == "金额必须大于零；收到 ¥0.00。"


def test_a_missing_fact_does_not_hide_the_refusal() -> None:
    assert "?" in NOT_POSITIVE().detail


def test_a_code_cannot_be_declared_twice() -> None:
    with pytest.raises(InvariantBroken):
        malformed("money.not_positive", "again", "再次")
    assert CODES["money.not_positive"] is NOT_POSITIVE


@pytest.mark.parametrize(
    ("kind", "status"),
    [("Malformed", 400), ("Forbidden", 403), ("NotFound", 404), ("Conflict", 409), ("Declined", 422)],
)
def test_each_kind_has_its_status(kind: str, status: int) -> None:
    raised = Code("some.code", getattr(errors, kind), "No.", "否。")()
    assert isinstance(raised, Refusal)
    assert raised.status == status


def test_the_page_groups_codes_by_package_and_keeps_bars_apart() -> None:
    page = render({
        "b.two": Code("b.two", errors.Conflict, "This | that.", "此。"),
        "a.one": Code("a.one", errors.Declined, "No {amount}.", "否 {amount}。"),
    })  # fmt: skip
    assert page.index("## a") < page.index("## b")
    assert "| `a.one` | 422 Declined | No {amount}. | 否 {amount}。 |" in page
    assert "This \\| that." in page


def test_an_actor_may_what_it_holds_and_acts_for_itself() -> None:
    customer = Actor("lin", frozenset({"payments:transfer"}), party_id="party_1")
    assert customer.may("payments:transfer")
    assert not customer.may("lending:approve")
    assert customer.acts_for("party_1")
    assert not customer.acts_for("party_2")
    assert SYSTEM.may("anything")
    assert SYSTEM.acts_for("party_2")
