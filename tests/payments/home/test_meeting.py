"""What two files tell of one movement is one movement: nothing twice, nothing lost, whatever the order of bringing."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.payments.home.legs import told_by
from farthing.payments.home.meeting import OUTSIDE, Movement, meet
from farthing.payments.home.model import Row
from tests.laws import examples
from tests.payments.home.files import ACCOUNTS, CARD, NOON, OTHER, WALLET, card, wallet

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BY_CARD = {"method": "中国银行(1234)", "tail": "1234"}


def met(*rows: Row, holder: str = "林小青") -> list[Movement]:
    return meet(rows, ACCOUNTS, holder)


def legs(movement: Movement) -> dict[str, int]:
    return {leg.place: leg.minor for leg in movement.legs}


def test_a_purchase_by_a_card_through_a_wallet_is_counted_once() -> None:
    (found,) = met(
        wallet("w", "out", 2800, counterparty="云膳过桥米线", **BY_CARD),
        card("c", -2800, NOON + MINUTE, description="财付通"),
    )
    assert legs(found) == {CARD: -2800, OUTSIDE: 2800}
    assert [row.id for row in found.rows] == ["w", "c"], "the wallet tells more"
    assert not found.waits


def test_a_top_up_told_by_both_is_a_movement_between_own_accounts() -> None:
    top_up = wallet("w", "neutral", 200000, kind="转入零钱通-来自中国银行(1234)", status="支付成功", **BY_CARD)
    (found,) = met(top_up, card("c", -200000, NOON + MINUTE, description="微信零钱充值"))
    assert legs(found) == {CARD: -200000, WALLET: 200000} and found.outside == 0


def test_a_withdrawal_leaves_its_fee_outside() -> None:
    out = wallet("w", "neutral", 10010, kind="零钱提现", counterparty="中国银行(1234)", method="中国银行", fee=10)
    (found,) = met(out, card("c", 10000, NOON + 2 * DAY, description="财付通提现"))
    assert legs(found) == {WALLET: -10010, CARD: 10000, OUTSIDE: 10}


def test_money_back_to_the_card_meets_days_later() -> None:
    back = wallet("w", "in", 1603, outcome="refund", kind="退款", **BY_CARD)
    (found,) = met(back, card("c", 1603, NOON + 5 * DAY, description="退款"))
    assert legs(found) == {CARD: 1603, OUTSIDE: -1603}


def test_two_equal_purchases_of_a_minute_are_two() -> None:
    rows = [wallet(f"w{n}", "out", 500, **BY_CARD) for n in range(2)] + [
        card(f"c{n}", -500, NOON + MINUTE) for n in range(2)
    ]
    found = met(*rows)
    assert [each.outside for each in found] == [-500, -500] and all(len(each.rows) == 2 for each in found)


@pytest.mark.parametrize(
    "other",
    [card("c", -2801), card("c", -2800, NOON + timedelta(hours=2)), card("c", -2800, account=OTHER), card("c", 2800)],
    ids=["another amount", "hours later", "another card", "the other way"],
)
def test_what_is_not_the_same_stays_two(other: Row) -> None:
    found = met(wallet("w", "out", 2800, **BY_CARD), other)
    assert len(found) == 2
    waiting = next(each for each in found if each.rows[0].id == "w")
    assert legs(waiting) == {"clearing:1234": -2800, OUTSIDE: 2800} and waiting.waits, "the card's file should tell it"


def test_a_card_that_was_not_brought_is_paid_from_all_the_same() -> None:
    (found,) = met(wallet("w", "out", 2800, method="招商银行(9999)", tail="9999"))
    assert legs(found) == {"clearing:9999": -2800, OUTSIDE: 2800} and not found.waits


def test_a_day_without_an_hour_is_met_by_its_day() -> None:
    late = card("c", -2800, datetime(2026, 3, 6), exact=False)
    (found,) = met(wallet("w", "out", 2800, **BY_CARD), late)
    assert legs(found) == {CARD: -2800, OUTSIDE: 2800} and found.at == NOON, "the hour is the wallet's"


def test_between_two_own_banks_by_the_holders_name() -> None:
    went = card("a", -50000, counterparty="林小青", counterparty_account="6217****5678", description="转账汇款")
    (found,) = met(went, card("b", 50000, NOON + MINUTE, OTHER, description="他行汇入"))
    assert legs(found) == {CARD: -50000, OTHER: 50000}
    assert len(met(went, card("b", 50000, NOON + MINUTE, OTHER), holder="王大山")) == 2, (
        "another's name is another's money"
    )


def test_what_is_bought_on_credit_is_spent_once_and_repaid_within() -> None:
    bought = wallet("w", "out", 12900, method="花呗")
    repaid = wallet(
        "r",
        "neutral",
        12900,
        NOON + 20 * DAY,
        kind="信用借还",
        counterparty="花呗",
        description="花呗主动还款",
        **BY_CARD,
    )
    spent, paid = met(bought, repaid, card("c", -12900, NOON + 20 * DAY))
    assert legs(spent) == {"own:credit": -12900, OUTSIDE: 12900} and legs(paid) == {CARD: -12900, "own:credit": 12900}


LIVED = ("card", "balance", "direct", "top-up", "withdrawal", "refund")
AMOUNTS = st.integers(1, 4).map(lambda each: 100 * each)
TIMES = st.integers(0, 4 * 24 * 60).map(lambda each: NOON + each * MINUTE)
ROWS = st.one_of(
    st.builds(
        lambda at, minor, way, by: ("w", at, minor, way, by), TIMES, AMOUNTS, st.sampled_from(["out", "in", "neutral"]),
        st.sampled_from(["", "中国银行(1234)", "招商银行(5678)", "花呗"]),
    ),
    st.builds(
        lambda at, minor, way, by: ("c", at, minor, way, by), TIMES, AMOUNTS, st.sampled_from(["out", "in"]),
        st.sampled_from([CARD, OTHER]),
    ),
)  # fmt: skip


def _row(number: int, made: tuple[str, datetime, int, str, str]) -> Row:
    what, at, minor, way, by = made
    if what == "c":
        return card(
            f"c{number}",
            minor if way == "in" else -minor,
            at,
            by,
            description="跨行转账还款" if minor == 400 else "消费",
        )
    kind = {"neutral": "零钱提现" if minor > 200 else "转入零钱通-来自银行"}.get(way, "商户消费")
    return wallet(f"w{number}", way, minor, at, method=by, tail=by[5:9], kind=kind)


@examples(150)
@given(st.lists(ROWS, max_size=14), st.randoms(use_true_random=False))
def test_nothing_is_counted_twice_or_lost_whatever_the_order(
    made: list[tuple[str, datetime, int, str, str]], dice: random.Random
) -> None:
    rows = [_row(number, each) for number, each in enumerate(made)]
    found = meet(rows, ACCOUNTS, "林小青")
    shuffled = list(rows)
    dice.shuffle(shuffled)
    assert meet(shuffled, dict(reversed(ACCOUNTS.items())), "林小青") == found, "the order of bringing does not matter"
    told = {row.id: said for row in rows if (said := told_by(row, ACCOUNTS[row.account_id], "林小青"))}
    assert Counter(row.id for each in found for row in each.rows) == Counter(told.keys()), "each row in one movement"
    for each in found:
        assert sum(leg.minor for leg in each.legs) == 0, "own accounts and outside come to nothing"
    for account in ACCOUNTS:
        changed = sum(leg.minor for each in found for leg in each.legs if leg.place == account)
        assert changed == sum(said.own for said in told.values() if said.row.account_id == account), (
            "as its own file says"
        )


@examples(100)
@given(
    st.lists(st.tuples(st.sampled_from(LIVED), TIMES, st.integers(-9, 9)), max_size=12),
    st.booleans(), st.booleans(),
)  # fmt: skip
def test_files_of_one_life_tell_its_spending_exactly(
    lived: list[tuple[str, datetime, int]], wallet_here: bool, card_here: bool
) -> None:
    """Movements that happened, told by both files, by clocks that differ; each amount once, so that the truth is known."""
    rows, truth = [], 0
    for number, (what, at, off) in enumerate(lived):
        minor, there = 1000 + number, at + off * MINUTE
        spent = {"card": -minor, "balance": -minor, "direct": -minor, "refund": minor}.get(what, 0)
        if wallet_here and what != "direct":
            way = {"card": "out", "balance": "out", "refund": "in"}.get(what, "neutral")
            kind = {"top-up": "转入零钱通-来自中国银行(1234)", "withdrawal": "零钱提现"}.get(what, "商户消费")
            by = {} if what == "balance" else BY_CARD
            rows.append(
                wallet(
                    f"w{number}", way, minor, at, kind=kind, outcome="refund" if what == "refund" else "settled", **by
                )
            )
        if card_here and what != "balance":
            rows.append(card(f"c{number}", minor if what in ("refund", "withdrawal") else -minor, there))
        if wallet_here and card_here:
            truth += spent
    found = meet(rows, ACCOUNTS, "林小青")
    if wallet_here and card_here:
        assert sum(each.outside for each in found) == truth and len(found) == len(lived)
        assert not any(leg.place.startswith("clearing:") for each in found for leg in each.legs), "everything met"
    assert sum(leg.minor for each in found for leg in each.legs) == 0
