"""Laws of what may be done under a power, and the list of what any may be for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kernel.acting.model import Act, Power
from farthing.kernel.acting.rules import may_act
from farthing.kernel.acting.scopes import check_named, for_kind, listed, opens
from farthing.kernel.operation import OPERATIONS
from farthing.kernel.question import QUESTIONS
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.money import Money
from farthing.web.app import ROUTERS

ON = date(2026, 6, 10)
PAY = Act("payments.transfer", Money(100, "CNY"))
POWER = Power(
    "power_1", "helper", "party_a", "party_b", ("see", "pay"), Money(50_000, "CNY"), Money(100_000, "CNY"), False, False, "d",
    None, "teller", datetime(2026, 6, 1, tzinfo=UTC), date(2026, 6, 1), date(2026, 12, 31),
)  # fmt: skip
minor = st.integers(1, 120_000)


def refused(power: Power, act: Act, spent: int = 0, on: date = ON) -> str | None:
    try:
        may_act(power, act, spent, on)
    except Refusal as refusal:
        return refusal.code
    return None


def pay(amount: int) -> Act:
    return Act("payments.transfer", Money(amount, "CNY"))


@given(st.lists(minor, max_size=12))
def test_whatever_is_asked_no_more_than_the_days_limit_goes_and_none_above_that_of_one(asked: list[int]) -> None:
    spent, went = 0, []
    for each in asked:
        if refused(POWER, pay(each), spent) is None:
            spent = may_act(POWER, pay(each), spent, ON)
            went.append(each)
    assert spent == sum(went) <= 100_000 and all(each <= 50_000 for each in went)


@given(minor, minor, st.integers(0, 100_000))
def test_less_is_never_refused_where_more_is_not(one: int, other: int, spent: int) -> None:
    less, more = sorted((one, other))
    assert refused(POWER, pay(more), spent) is not None or refused(POWER, pay(less), spent) is None


@given(
    st.sets(st.sampled_from(sorted(listed().scopes))),
    st.sampled_from(sorted(OPERATIONS)),
    st.sampled_from(sorted(listed().scopes)),
)
def test_a_narrower_scope_lets_do_no_more_and_nothing_outside_the_list(
    scope: set[str], name: str, without: str
) -> None:
    wide = replace(POWER, scope=tuple(sorted(scope)))
    narrow = replace(POWER, scope=tuple(sorted(scope - {without})))
    if refused(narrow, Act(name)) is None:
        assert refused(wide, Act(name)) is None
    if refused(wide, Act(name)) is None:
        assert name in opens(wide.scope)


@given(st.integers(-400, 400))
def test_nothing_is_done_before_after_or_once_it_ended(days: int) -> None:
    on = ON + timedelta(days=days)
    inside = POWER.from_on is not None and POWER.until is not None and POWER.from_on <= on <= POWER.until
    assert (refused(POWER, PAY, 0, on) is None) == inside
    assert refused(replace(POWER, ended_on=ON), PAY, 0, on) == "acting.ended"
    assert refused(replace(POWER, from_on=None), PAY, 0, on) == "acting.not_yet"


def test_the_order_in_which_it_is_refused() -> None:
    late = replace(POWER, until=ON - timedelta(days=1))
    assert refused(late, Act("identity.ask_passkey"), 10**9) == "acting.expired"
    assert refused(POWER, Act("identity.ask_passkey", Money(10**9, "USD"))) == "acting.out_of_scope"
    assert refused(POWER, Act("payments.transfer", Money(10**9, "USD"))) == "acting.other_currency"
    assert refused(POWER, pay(50_001), 100_000) == "acting.over_each"
    assert refused(POWER, pay(1), 100_000) == "acting.over_day"
    assert refused(replace(POWER, most_each=None, most_day=None), pay(10**9), 10**12) is None
    with pytest.raises(Refusal) as caught:
        may_act(POWER, pay(1), 100_000, ON)
    assert "CNY 1,000.00" in caught.value.detail and "2026-06-11" in caught.value.detail, "it says what to do"


NEVER = (
    "identity.",
    "parties.",
    "approvals.",
    "bindings.",
    "debits.",
    "credit.",
    "standing.",
    "orders.",
    "agents.",
    "merchants.",
)
"""What no power is for: ways in, phones, powers, drafts, own accounts elsewhere, mandates, consents, standing orders."""


def test_the_list_names_only_what_there_is_and_nothing_that_gives_more_power() -> None:
    assert ROUTERS, "the whole bank is known"
    for scope in listed().scopes.values():
        for name in scope.names:
            assert name in OPERATIONS or name in QUESTIONS, name
            if name not in OPERATIONS:
                continue
            found = OPERATIONS[name]
            assert found.whose.kind == "party" and not found.four_eyes, name
            assert found.prepare is None or name in listed().alone, name
            assert not name.startswith(NEVER), name
    known = listed()
    assert known.moves.keys() | known.quiet | known.always | known.alone <= OPERATIONS.keys() | QUESTIONS.keys()
    for kind in ("helper", "guardian"):
        assert "signing.sign_agreement" not in opens(tuple(each.name for each in for_kind(kind)))
    moving = {
        "payments.transfer", "payments.pay", "lending.repay", "savings.pay_in", "supply.pay", "supply.offer_transfer",
    }  # fmt: skip
    assert moving == set(listed().moves), "what moves money is counted"
    changing = {name for scope in listed().scopes.values() for name in scope.names if name in OPERATIONS}
    assert {name for name in changing - moving - known.quiet if not name.startswith("supply.")} == {
        "signing.sign_agreement", "signing.ask_certificate", "signing.give_signature", "signing.step_back",
        "assurance.contest_agreement", "assurance.withdraw_contest", "assurance.package_agreement",
        "voice.speak", "voice.add", "voice.withdraw", "voice.appeal", "voice.reopen", "voice.agree", "voice.rate",
    }  # fmt: skip
    assert "supply.ask_confirmation" not in moving, "what is confirmed is counted by whoever draws it up, for both"


@pytest.mark.parametrize(("name", "cannot"), [
    ("payments.transfer", {"two": True}), ("signing.step_back", {"prepared": True}), ("supply.pay", {"hidden": True}),
])  # fmt: skip
def test_what_cannot_be_done_under_a_power_stands_in_no_scope(name: str, cannot: dict[str, bool]) -> None:
    fit = {"two": False, "prepared": False, "hidden": False}
    check_named(name, **fit)
    check_named("supply.register_invoice", two=False, prepared=True, hidden=True)
    check_named("identity.create_login", two=True, prepared=True, hidden=True)
    with pytest.raises(InvariantBroken):
        check_named(name, **{**fit, **cannot})
