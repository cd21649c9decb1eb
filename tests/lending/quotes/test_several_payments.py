"""Laws over random lives of a signed plan with further payments out: the fold lays out what is left anew, and money adds up."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.lending import life
from farthing.lending.lives.events import Event
from farthing.lending.lives.fold import fold
from tests.laws import examples
from tests.lending.acts.test_lives import loan
from tests.lending.test_rules import START

FIRST = 120_000
kinds = st.sampled_from(
    ("as it always was", "every two weeks", "interest first", "mild when late", "early repayment costs")
)
facts = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(("pay_out", "due", "repay")), st.integers(1, 60_000)), min_size=1, max_size=7
)  # fmt: skip


@examples(40)
@given(facts, kinds, st.integers(0, 200))
def test_money_adds_up_and_a_fold_in_two_steps_is_the_fold_in_one(
    found: list[tuple[int, str, int]], kind: str, mid: int
) -> None:
    agreement = life.agreement(loan(kind))
    events, on, out = [Event(START, "pay_out", FIRST, name="first")], START, FIRST
    for number, (days, what, size) in enumerate(found):
        on += timedelta(days=days)
        state = fold(agreement, events, on)
        due = sum(each.outstanding for each in state.instalments if each.due_on <= on)
        fact = Event(on, "repay" if what == "due" else what, due if what == "due" else size, name=f"fact {number}")
        try:
            state = fold(agreement, [*events, fact], on)
        except Refusal:
            continue
        events.append(fact)
        out += size if what == "pay_out" else 0
        assert sum(each.owed["principal"] for each in state.instalments) == out == state.paid_out
    state = fold(agreement, events, on)
    assert all(min(each.owed.values()) >= 0 and each.outstanding >= 0 for each in state.instalments)
    paid = sum(fact.amount for fact in events if fact.do == "repay")
    assert paid == sum(sum(each.paid.values()) for each in state.instalments) + state.over
    half = START + timedelta(days=mid)
    if half <= on:
        first, then = ([fact for fact in events if (fact.on <= half) is early] for early in (True, False))
        again = fold(agreement, then, on, fold(agreement, first, half))
        assert [(each.due_on, each.owed, each.paid) for each in again.instalments] == [
            (each.due_on, each.owed, each.paid) for each in state.instalments
        ]
    if state.outstanding:
        assert fold(agreement, [*events, Event(on, "pay_off", name="off")], on).closed
