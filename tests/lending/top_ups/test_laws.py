"""Laws over random lives that end in a top-up: what leaves the new loan is what the old one gets and the wallet, and nothing that
is told of the old one afterwards moves what went between the two."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from farthing.kit.money import Money, total
from farthing.lending import entries, life, telling
from farthing.lending.audit import rules as audit
from farthing.lending.audit.topped_up import mispaired
from farthing.lending.life import Life
from farthing.lending.model import Holder
from farthing.lending.top_ups.model import TOPPED_UP_BY
from tests.laws import examples
from tests.lending.acts.test_lives import Step, fact, kinds, life_of, lived, loan, steps, told
from tests.lending.test_rules import AT, START, WALLET

THROUGH = entries.topped_up_account("loan_new")


def replacing(amount: Money, paid: Money, on: object) -> telling.Told:
    """A loan that is paid out on a day, and of which a part paid off loan_x."""
    like = loan()
    funded = replace(
        like.loan, id="loan_new", principal=amount, state="funded", holders=(Holder("own", amount),), disbursed_on=None,
        replaces="loan_x",
    )  # fmt: skip
    plan = tuple(replace(row, principal=amount.minor if number == 0 else 0) for number, row in enumerate(like.plan))
    return telling.begin(Life(funded, plan, ()), WALLET, "out", AT, on, paid)  # type: ignore[arg-type]


@examples(30)
@given(steps, kinds, steps, st.integers(1, 90_000))
def test_the_money_of_a_top_up_adds_up_and_stays(found: list[Step], kind: str, after: list[Step], more: int) -> None:
    state, books, _ = lived(found, kind)
    on = max([START, *(each.told_on for each in state.events), state.as_of_on or START]) + timedelta(days=3)
    assume(state.loan.state == "active" and state.loan.given_up_on is None)
    stood = life.stands(state, on)
    price = life.settlement_of(state, stood, on).amount
    off = telling.keeping(
        telling.pay(state, stood, "pay_off", price * 0, THROUGH, "off", AT, on), **{TOPPED_UP_BY: "loan_new"}
    )
    assert off.event is not None and off.event.amount == price and off.loan.state == "closed"
    new = replacing(price + Money(more, "CNY"), price, on)
    moved: dict[str, Money] = {}
    for entry in (*off.entries, *new.entries):
        assert not total([each.amount for each in entry.postings], "CNY")
        for posting in entry.postings:
            books[posting.account] = books.get(posting.account, 0) + posting.amount.minor
            moved[posting.account] = moved.get(posting.account, posting.amount * 0) + posting.amount
    assert not moved[THROUGH] and moved[WALLET] == Money(-more, "CNY")
    old = life_of(off.after, on)
    others = {"loan_x": old, "loan_new": new.after}
    assert audit.replayed(old) == [] and not mispaired(old, others) and not mispaired(new.after, others)
    assert all(not books.get(path, 0) for path in audit.claims(old.loan, ()))
    for number, step in enumerate(after, start=100):
        on += timedelta(days=step[0])
        event = fact(old, step, on - timedelta(days=step[2] % 9), number)
        if event.of != "off":
            old, made = told(old, event, on)
            assert all(posting.account != THROUGH for entry in made for posting in entry.postings)
    assert not mispaired(old, {**others, "loan_x": old}) and audit.replayed(old) == []
