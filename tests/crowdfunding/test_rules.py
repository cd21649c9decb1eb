"""Laws of projects: what goes back comes to what is left, whatever the order; conservation over random lives of projects."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.crowdfunding import rules, service
from farthing.crowdfunding.audit_service import verify_projects
from farthing.crowdfunding.model import AskRelease, Gift, GiftId, Milestone, Project, Release, Vote
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.payments import service as payments
from tests.banks import Bank
from tests.crowdfunding.hands import Village, by_two

AT = datetime(2026, 6, 10, tzinfo=UTC)


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


def gift(number: int, minor: int) -> Gift:
    return Gift(f"gift_{number}", "project_1", f"party_{number}", yuan(minor), "captured", yuan(0), AT, "")


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=30), st.data())
def test_what_goes_back_comes_to_what_is_left_in_any_order(amounts: list[int], data: st.DataObject) -> None:
    captured = sum(amounts)
    left = data.draw(st.integers(0, captured))
    back, upto = [], 0
    for number, minor in enumerate(amounts):
        back.append(rules.refund_of(gift(number, minor), upto, yuan(captured), yuan(left)).minor)
        upto += minor
    assert sum(back) == left
    for minor, got in zip(amounts, back, strict=True):
        assert abs(got - minor * left / captured) < 1, "nobody is a fen away from the part that is his"
        assert 0 <= got <= minor


def project(**more: Any) -> Project:
    nothing = yuan(0)
    values: dict[str, Any] = {
        "id": "project_1", "owner": "party_0", "kind": "reward", "title": "t", "words": "w", "risks": "r", "gives_back": "g",
        "minimum": yuan(500_00), "optimum": yuan(800_00), "days": 3, "second_days": 0, "state": "open",
        "opened_on": date(2026, 6, 10), "ends_on": date(2026, 6, 13), "digest": "", "reason": "", "backers": 0, "held": nothing,
        "captured": nothing, "released": nothing, "fee": nothing, "refunded": nothing,
        "plan": tuple(Milestone(each, "a", yuan(minor), "planned", "", None, 0, 0) for each, minor in ((1, 300_00), (2, 200_00))),
    }  # fmt: skip
    return Project(**{**values, **more})


@given(st.integers(500_00, 800_00))
def test_shares_come_to_what_was_captured(captured: int) -> None:
    assert sum(each.minor for each in rules.shares(project(captured=yuan(captured)))) == captured


@pytest.mark.parametrize(("held", "on", "state"), [
    (499_99, date(2026, 6, 13), "failing"), (500_00, date(2026, 6, 13), "capturing"), (500_00, date(2026, 6, 12), "open"),
])  # fmt: skip
def test_a_round_is_decided_on_its_last_day_and_by_the_minimum(held: int, on: date, state: str) -> None:
    assert rules.after_round(project(held=yuan(held)), on).state == state


def test_a_second_round_comes_once_and_only_where_it_may_bring_more() -> None:
    on = date(2026, 6, 13)
    reached = {"state": "capturing", "captured": yuan(500_00)}
    assert rules.after_capture(project(**reached), on).state == "funded"
    second = rules.after_capture(project(**reached, second_days=2), on)
    assert (second.state, second.ends_on) == ("second", date(2026, 6, 15))
    assert rules.after_capture(project(state="capturing", captured=yuan(800_00), second_days=2), on).state == "funded"
    again = project(state="capturing", captured=yuan(600_00), second_days=2, ends_on=date(2026, 6, 15))
    assert rules.after_capture(again, date(2026, 6, 15)).state == "funded"


def test_a_vote_that_nobody_casts_agrees_and_a_tie_too() -> None:
    one = Milestone(1, "a", yuan(1), "asked", "", None, 0, 0)
    said = [rules.outcome(Milestone(**{**_fields(one), "agreed": agreed, "against": against})) for agreed, against in (
        (0, 0), (1, 1), (1, 2),
    )]  # fmt: skip
    assert said == ["approved", "approved", "refused"]


def _fields(milestone: Milestone) -> dict[str, Any]:
    return {name: getattr(milestone, name) for name in milestone.__dataclass_fields__}


@pytest.mark.long
@pytest.mark.parametrize("seed", [7, 8, 9])
def test_random_lives_of_projects_make_and_lose_no_fen(bank: Bank, seed: int) -> None:
    dice, village = random.Random(seed), Village(bank)
    projects = [village.opened(minimum="100.00", optimum="300.00", second_days=each % 2 * 2) for each in range(3)]
    everybody = [village.owner, *village.backers]

    def money() -> int:
        wallets = sum(bank.read(lambda tx, who=who: payments.wallet(tx, who)).balance.minor for who in everybody)
        escrow = sum(
            bank.read(lambda tx, each=each: ledger.balance(tx, rules.escrow_account(each.id, "CNY", "CNY")))
            .owed()
            .minor
            for each in projects
        )
        fees = bank.read(lambda tx: ledger.sum_below(tx, "income:fees")).get("CNY", 0)
        return wallets + escrow + fees

    whole, gifts = money(), list[Gift]()
    for _ in range(60):
        one, who = dice.choice(projects), dice.randrange(3)
        work = dice.choice(["give", "give", "give", "back", "close", "ask", "vote", "pay"])
        if work == "give":
            amount = f"{dice.randint(1, 9000) / 100:.2f}"
            village.refused(lambda one=one, who=who, amount=amount: gifts.append(village.give(one, who, amount)))
        elif work == "back" and gifts:
            back = GiftId(dice.choice(gifts).id)
            village.refused(lambda back=back: bank.run(service.take_back, back))
        elif work == "close":
            village.close()
        elif work == "ask":
            village.refused(
                lambda one=one: bank.run(service.ask_release, AskRelease(one.id, dice.randint(1, 2), "done"))
            )
        elif work == "vote":
            vote = Vote(one.id, dice.randint(1, 2), village.backers[who], dice.random() < 0.6)
            village.refused(lambda vote=vote: bank.run(service.vote, vote))
        elif work == "pay":
            village.refused(lambda one=one: by_two(bank, service.release, Release(one.id, dice.randint(1, 2))))
        assert money() == whole
    village.close(12)
    assert money() == whole
    assert bank.read(verify_projects).findings == ()
