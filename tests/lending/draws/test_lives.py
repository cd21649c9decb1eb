"""Laws over random lives of a loan with several payments out, by the path that every act takes: what is posted is what the loan
comes to, and the audit finds nothing."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.kit.money import Money
from farthing.lending.audit import rules as audit
from farthing.lending.life import Life
from farthing.lending.lives.events import Event
from tests.lending.acts.test_lives import BOUNDED, KINDS, Step, fact, loan, told
from tests.lending.test_rules import START

IN_PARTS = sorted(each for each in KINDS if "down payment" not in each and "balloon" not in each)
"""Neither is said beside payments in parts: publication refuses it."""
steps = st.lists(
    st.tuples(
        st.integers(0, 45),
        st.sampled_from((
            "pay_out", "pay_out", "pay_out", "repay", "repay", "pay_off", "charge", "waive_fee", "waive_interest",
            "waive_penalty", "goodwill_credit", "change_rate", "pause_interest", "move_due", "add_instalments", "re_age",
            "re_amortise", "charge_off", "recover", "refund_credit", "reverse", "shorter", "smaller",
        )),
        st.integers(1, 40_000),
    ),
    min_size=2, max_size=8,
)  # fmt: skip


@settings(deadline=None)
@given(steps, st.sampled_from(IN_PARTS))
def test_what_is_posted_is_what_the_loan_comes_to(found: list[Step], kind: str) -> None:
    state, on, books, lent = loan(kind), START, dict[str, int](), 120_000
    books["assets:loans:x"] = lent
    for number, step in enumerate(found, start=1):
        on += timedelta(days=step[0])
        if step[1] == "pay_out":
            left = any(each.due_on > on for each in state.loan.instalments) and state.loan.state == "active"
            event = Event(on, "pay_out", step[2], name=f"e{number}")
            if not left:
                continue
        else:
            event = fact(state, step, on, number)
        before = state
        state, made = told(state, event, on)
        lent += step[2] if step[1] == "pay_out" and state is not before else 0
        for entry in made:
            for posting in entry.postings:
                books[posting.account] = books.get(posting.account, 0) + posting.amount.minor
                assert books[posting.account] >= 0 or not posting.account.startswith(BOUNDED)
    assert audit.replayed(state) == []
    _adds_up(state, lent, books)


def _adds_up(state: Life, lent: int, books: dict[str, int]) -> None:
    """The principal of all instalments is what was paid out, and the accounts hold what is claimed."""
    principal = [one for each in state.loan.instalments for one in each.obligations if one.component == "principal"]
    assert sum(one.amount.minor for one in principal) == lent
    out = sum(each.amount.minor for each in state.events if each.kind == "pay_out")
    assert out == lent
    gone = sum(one.paid.minor + one.written_off.minor for one in principal)
    assert state.loan.outstanding == Money(lent - gone, state.currency)
    for path, amount in audit.claims(state.loan, ()).items():
        assert books.get(path, 0) == amount.minor, path
