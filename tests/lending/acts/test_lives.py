"""Laws over random lives of a loan in the bank, by the path that every act takes: what is posted is what the loan comes to, a
fact told late gives what telling it in time would have given, and the audit finds nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger.model import JournalEntry
from farthing.lending import life, telling
from farthing.lending.acts import rules
from farthing.lending.acts.entries import Places
from farthing.lending.audit import rules as audit
from farthing.lending.life import Life
from farthing.lending.lives.events import Event
from farthing.lending.offering.plan import build, plan_of
from farthing.lending.pinned import conditions_of
from tests.laws import examples
from tests.lending.test_product_schedules import product
from tests.lending.test_rules import AT, START, WALLET, begun, brought

BOUNDED = ("assets:loans:", "assets:interest-receivable:")
PLACES = Places(WALLET, "CNY")
Step = tuple[int, str, int]
steps = st.lists(
    st.tuples(
        st.integers(0, 45),
        st.sampled_from((
            "repay", "repay", "repay", "pay_off", "charge", "waive_fee", "waive_interest", "waive_penalty", "goodwill_credit",
            "change_rate", "pause_interest", "move_due", "add_instalments", "re_age", "re_amortise", "charge_off", "write_off",
            "recover", "refund_credit", "reverse", "shorter", "smaller",
        )),
        st.integers(1, 40_000),
    ),
    min_size=1, max_size=7,
)  # fmt: skip


KINDS: dict[str, dict[str, Any]] = {
    "as it always was": {},
    "every two weeks": {"every": "2w", "multiple": "1.00"},
    "equal principal with a balloon": {"method": "equal_principal", "balloon": "0.30"},
    "flat": {"method": "flat", "every": "10d"},
    "interest first": {"method": "interest_first", "grace_interest": 2},
    "bullet": {"method": "bullet"},
    "graces": {"grace_principal": 3, "grace_interest": 1, "multiple": "5"},
    "grace and a balloon": {"grace_principal": 2, "balloon": "0.5"},
    "mild when late": {"mild": True},
    "early repayment costs": {"early": "0.02"},
    "a down payment": {"down_payment": "0.30", "grace_principal": 2},
    "a down payment alone": {"down_payment": "0.30"},
    "equal periods": {"day_count": "periods", "every": "2w"},
    "interest-free at first": {"interest_free": 2, "first_after_days": 20, "first_on_day": 10},
}
kinds = st.sampled_from(sorted(KINDS))


def loan(kind: str = "as it always was") -> Life:
    terms = product(least=6, **KINDS[kind])
    plan = plan_of(terms, Money(120_000, "CNY"), Money(700, "CNY"), 6, START)
    rows = life.agreed(build(terms.method, plan))
    state = begun(conditions_of(terms, 6), rows, plan.principal, START)
    stands = life.stands(state, START)
    down = life.due_of("CNY", stands, START)
    if down:
        state = telling.pay(state, stands, "repay", down, PLACES.wallet, "down", AT, START).after
    return life_of(state, START)


def fact(state: Life, step: Step, on: date, number: int) -> Event:
    """A fact of a kind on a day, as far as the loan lets it make sense."""
    _, kind, size = step
    stands = life.stands(state, on)
    due = next((each.due_on for each in stands.of_plan if each.due_on >= on), on)
    said: dict[str, Any] = {"name": f"e{number}"}
    if kind.startswith("waive_"):
        return Event(on, "waive", size, component=kind.removeprefix("waive_"), **said)  # type: ignore[arg-type]
    if kind in ("shorter", "smaller"):
        return Event(on, "set_surplus", surplus="last" if kind == "shorter" else "re_amortise", **said)
    if kind == "reverse":
        return Event(on, kind, of=state.events[size % len(state.events)].id, **said)
    rate = Decimal(size % 120) / 1000
    more: dict[str, dict[str, Any]] = {
        "change_rate": {"annual": rate, "penalty": rate * 3 / 2}, "pause_interest": {"until": on + timedelta(days=size % 60)},
        "move_due": {"due_on": due, "until": due + timedelta(days=size % 50)}, "add_instalments": {"count": 1 + size % 4},
        "re_age": {"due_on": on + timedelta(days=1 + size % 40), "count": 1 + size % 9},
    }  # fmt: skip
    amount = size if kind in ("repay", "charge", "goodwill_credit", "recover", "refund_credit") else 0
    return Event(on, kind, amount, **more.get(kind, {}), **said)


def told(state: Life, event: Event, on: date) -> tuple[Life, tuple[JournalEntry, ...]]:
    """A loan after a fact, and what was posted; as it was where the fact is refused."""
    try:
        if event.do == "reverse" and next(each for each in state.events if each.id == event.of).kind == "pay_out":
            return state, ()
        done = telling.amend(state, event, {}, PLACES, AT, on)
        rules.check_after(state, done.loan, event)
    except Refusal:
        return state, ()
    return life_of(done.after, on), done.entries


def life_of(state: Life, on: date) -> Life:
    return Life(state.loan, state.plan, state.events, on)


def lived(found: list[Step], kind: str) -> tuple[Life, dict[str, int], set[str]]:
    """A random life: the loan, what its accounts hold, and what its entries were called."""
    state, on, books, names = loan(kind), START, dict[str, int](), set[str]()
    books["assets:loans:x"] = state.loan.outstanding.minor
    for number, step in enumerate(found, start=1):
        on += timedelta(days=step[0])
        state, made = told(state, fact(state, step, on, number), on)
        for entry in made:
            assert entry.reference not in names
            names.add(entry.reference)
            for posting in entry.postings:
                books[posting.account] = books.get(posting.account, 0) + posting.amount.minor
                assert books[posting.account] >= 0 or not posting.account.startswith(BOUNDED), (
                    "the ledger would refuse it"
                )
    return state, books, names


@example([(0, "re_amortise", 1)], "a down payment")
@example([(3, "change_rate", 20)], "a down payment alone")
@examples(30)
@given(steps, kinds)
def test_what_is_posted_is_what_the_loan_comes_to(found: list[Step], kind: str) -> None:
    state, books, _ = lived(found, kind)
    assert audit.replayed(state) == []
    for path, amount in audit.claims(state.loan, ()).items():
        assert books.get(path, 0) == amount.minor, path
    assert all(amount >= 0 for path, amount in books.items() if path.startswith("assets:"))
    for each in state.loan.instalments:
        for one in each.obligations:
            assert one.left.minor >= 0
            assert one.paid.minor >= 0
    assert state.loan.outstanding.minor >= 0


@examples(20)
@given(st.integers(1, 60), st.integers(1, 40), st.sampled_from(("repay", "charge", "waive_fee", "pause_interest", "change_rate")),
       st.integers(1, 30_000), st.booleans(), kinds)  # fmt: skip
def test_told_late_is_told_in_time(
    after: int, late: int, kind: str, size: int, paid_between: bool, of_kind: str
) -> None:
    of, now = START + timedelta(days=after), START + timedelta(days=after + late)
    seen = []
    for on in (of, now):
        state, books = loan(of_kind), {"assets:loans:x": 120_000}
        for day in (of, now) if on == of else (now,):
            between = Event(now, "repay", 5_000, name="between")
            facts = [fact(state, (0, kind, size), of, 1)] if day == on else []
            if day == now and paid_between:
                facts = [between, *facts] if on == now else [*facts, between]
            for event in facts:
                state, made = told(state, event, day)
                for posting in (one for entry in made for one in entry.postings):
                    books[posting.account] = books.get(posting.account, 0) + posting.amount.minor
        done = brought(state, now)
        for posting in (one for entry in done.entries for one in entry.postings):
            books[posting.account] = books.get(posting.account, 0) + posting.amount.minor
        seen.append(
            (done.loan.instalments, done.loan.state, {path: amount for path, amount in books.items() if amount})
        )
    assert seen[0] == seen[1]
