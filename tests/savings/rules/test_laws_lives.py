"""Laws of every product, over random lives: any method, day count, rounding, exponent, moving board, path of events.

- money in + interest = money out, and no state holds less than nothing;
- a quote is the stepwise application of the rules, and settling day by day is settling at once;
- a case written as JSON and read again answers the same;
- no path beats the rules: all interest is at most the balance of each day at the best rate of the board.
"""

from __future__ import annotations

import json
from datetime import timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given

from farthing.products.rates import RateBoard
from farthing.savings.quotes.case import quote_case, read_case
from farthing.savings.quotes.quote import quote
from farthing.savings.rules import open_deposit, rule, settle_until
from farthing.savings.rules.model import Change, Event
from tests.laws import examples
from tests.savings.rules.walks import Life, interest_minor, lives, payment_count

MANY = examples(40)


@MANY
@given(lives())
def test_money_in_and_interest_are_money_out(life: Life) -> None:
    paid_in = sum(change.principal_in.minor for change in life.changes)
    paid_out = sum(change.principal_out.minor for change in life.changes)
    joined = sum(each.amount.minor for change in life.changes for each in change.interest if each.capitalised)
    assert paid_in + joined == paid_out
    assert life.last.balance.minor == 0 and life.last.closed_on is not None
    balance = 0
    for change in life.changes:
        balance += change.principal_in.minor - change.principal_out.minor
        balance += sum(each.amount.minor for each in change.interest if each.capitalised)
        assert balance == change.deposit.balance.minor >= 0
        if change.deposit.portions and life.terms.method == "notice":
            assert sum(each.amount.minor for each in change.deposit.portions) == balance
        assert sum(each.amount.minor for each in change.deposit.notices) <= balance


@MANY
@given(lives())
def test_a_quote_is_the_rules_step_by_step(life: Life) -> None:
    answer = quote(life.terms, life.facts, life.agreement, life.events, life.closing_on)
    assert answer.payments == tuple(each for change in life.changes for each in change.interest)
    assert answer.deposit == life.last
    assert answer.principal_in + answer.interest == answer.paid_out + answer.balance


@MANY
@given(lives())
def test_settling_day_by_day_is_settling_at_once(life: Life) -> None:
    changes: list[Change] = []
    day, events = life.events[0].on, list(life.events)
    while not changes or changes[-1].deposit.closed_on is None:
        if changes:
            changes += settle_until(life.terms, life.facts, changes[-1].deposit, day)
        while events and events[0].on == day:
            event = events.pop(0)
            if not changes:
                changes.append(open_deposit(life.terms, life.facts, life.agreement, event))
            else:
                changes.append(rule(life.terms, life.facts, changes[-1].deposit, event))
        if changes[-1].deposit.closed_on is None and day == life.closing_on:
            changes.append(rule(life.terms, life.facts, changes[-1].deposit, Event(day, "close")))
        if changes[-1].deposit.closed_on is None:
            changes += settle_until(life.terms, life.facts, changes[-1].deposit, day, end_of_day=True)
        day += timedelta(days=1)
    assert tuple(changes) == life.changes


def rates_of(board: RateBoard) -> dict[str, Any]:
    """A board as a document."""
    editions = []
    for edition in board.editions:
        item: dict[str, Any] = {"effective_on": edition.effective_on.isoformat()}
        for (family, term), annual in edition.rates.items():
            if term is None:
                item["demand"] = str(annual)
            else:
                item.setdefault(family, {})[str(term)] = str(annual)
        editions.append(item)
    return {"editions": editions}


def case_of(life: Life) -> dict[str, Any]:
    """A life as a case with terms and rates of its own."""
    terms = life.terms
    own = {
        name: [str(term) for term in getattr(terms, name)]
        for name in ("terms", "every", "notices")
        if hasattr(terms, name)
    }
    for name in ("carry", "make_ups"):
        if hasattr(terms, name):
            value = getattr(terms, name)
            own[name] = "any" if value is None else value
    return {
        "product": {
            "method": terms.method,
            "currency": terms.currency,
            "minimum": terms.minimum.plain(),
            "interest": {"day_count": terms.basis.day_count, "period": terms.basis.period},
            "demand_interest": {"day_count": terms.demand_basis.day_count},
            "rounding": terms.rounding,
            "value_dates": "any",
            "earning_unit": terms.earning_unit.plain() if terms.earning_unit else None,
            **own,
        },
        "rates": rates_of(life.facts.board),
        "agreement": {
            "renewal": life.agreement.renewal,
            **{
                name: str(value)
                for name in ("term", "every", "notice")
                if (value := getattr(life.agreement, name)) is not None
            },
        },
        "events": [
            {
                "on": each.on.isoformat(),
                "do": each.do,
                **({} if each.amount is None else {"amount": each.amount.plain()}),
                **({} if each.for_on is None else {"for_on": each.for_on.isoformat()}),
            }
            for each in life.events
        ],
        "closing_on": life.closing_on.isoformat(),
    }


@MANY
@given(lives())
def test_a_case_read_again_answers_the_same(life: Life) -> None:
    case = case_of(life)
    answer = quote_case(case)
    assert quote_case(read_case(json.dumps(case))) == answer
    bare = json.dumps(case)
    for event in case["events"]:
        if "amount" in event:
            bare = bare.replace(f'"amount": "{event["amount"]}"', f'"amount": {event["amount"]}')
    assert quote_case(read_case(bare)) == answer
    assert [each["amount"] for each in answer["payments"]] == [
        each.amount.plain() for change in life.changes for each in change.interest
    ]


@MANY
@given(lives())
def test_no_path_beats_the_best_rate_on_the_money_that_was_there(life: Life) -> None:
    """Bound: the balance of each day at the board's best rate over 360; three days more a term, whose months may be
    longer than its days (February); for instalments 62 days, for the rule counts the month of a payment and not its day;
    and half a minor unit a payment."""
    best = max(max(edition.rates.values()) for edition in life.facts.board.editions)
    money_days, most, balance, day = 0, 0, 0, life.events[0].on
    for change in life.changes:
        money_days += balance * (change.on - day).days
        balance, day = change.deposit.balance.minor, change.on
        most = max(most, balance)
    terms_kept = 1 + max(change.deposit.renewed for change in life.changes) * (life.terms.method == "lump_sum")
    money_days += most * (62 if life.terms.method == "instalment" else 3 * terms_kept)
    assert interest_minor(life.changes) <= money_days * Fraction(best) / 360 + Fraction(payment_count(life.changes), 2)
