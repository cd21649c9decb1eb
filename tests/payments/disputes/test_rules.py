"""Whoever loses pays, whoever wins has the money, and payer, merchant and bank together come to nothing over any life."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger.model import JournalEntry
from farthing.payments.disputes import rules
from farthing.payments.disputes.model import AnswerPayer, ContestDispute, PaymentDispute
from farthing.payments.wallets import wallet_path
from farthing.products.dispute_rules import before

DAY = date(2026, 3, 2)
PAYER, SIDE = f"party_{'a' * 26}", f"party_{'b' * 26}"
LAW = before("CNY", Words("x", "x"))


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def dispute(minor: int = 100, fee: int = 0, *, provisional: bool = False, number: int = 1) -> PaymentDispute:
    return PaymentDispute(
        f"dispute_{number}", "code", f"p{number}", "m", PAYER, SIDE, cny(minor), cny(fee), "not_received", "open", "", DAY,
        provisional, cny(0), "", 0, DAY, datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip


def test_silence_loses_and_a_decision_that_nobody_contests_stands() -> None:
    assert rules.over(dispute()) == (replace(dispute(), state="ended", outcome="payer", until_on=None), "silent")
    decided = rules.decided(replace(dispute(), state="answered"), "merchant", DAY, LAW)
    assert decided.until_on == date(2026, 3, 9) and rules.over(decided)[0].outcome == "merchant"


def test_whoever_lost_asks_once_more_and_then_it_is_for_good() -> None:
    decided = rules.decided(replace(dispute(), state="answered"), "merchant", DAY, LAW)
    with pytest.raises(Refusal, match="not_now"):
        rules.contested(decided, ContestDispute(SIDE, decided.id, "more"))
    second = rules.contested(decided, ContestDispute(PAYER, decided.id, "a letter of the post"))
    assert rules.needs_two(second, LAW) and rules.may(second, "payer") == ()
    done = rules.decided(second, "payer", DAY, LAW)
    assert (done.state, done.outcome) == ("ended", "payer")
    for state in ("ended", "open", "withdrawn"):
        with pytest.raises(Refusal, match="not_now"):
            rules.decided(replace(dispute(), state=state), "payer", DAY, LAW)


def test_an_answer_wants_words_unless_it_accepts() -> None:
    with pytest.raises(Refusal, match="no_words"):
        rules.answered(dispute(), AnswerPayer(SIDE, "d", " "))
    assert rules.answered(dispute(), AnswerPayer(SIDE, "d", accept=True)).outcome == "payer"


def post(books: dict[str, int], entry: JournalEntry | None) -> None:
    for line in entry.postings if entry is not None else ():
        books[line.account] = books.get(line.account, 0) + line.amount.minor


LIFE = st.tuples(
    st.integers(1, 500), st.integers(0, 30), st.booleans(), st.sampled_from(["payer", "merchant"]), st.integers(0, 100)
)


@given(
    st.integers(0, 600),
    st.integers(0, 600),
    st.lists(LIFE, min_size=1, max_size=8),
    st.lists(st.integers(0, 300), max_size=4),
)
def test_payer_merchant_and_bank_come_to_nothing_over_any_life(
    payer: int, side: int, lives: list[tuple[int, int, bool, str, int]], later: list[int]
) -> None:
    """Each life: what was captured, the fee of losing, whether it is advanced, who wins, and a refund (per cent) before it."""
    paths = wallet_path(PAYER, "CNY", "CNY"), wallet_path(SIDE, "CNY", "CNY")
    captured = sum(each[0] for each in lives)
    books = {paths[0]: -(payer + captured), paths[1]: -side, "cash": payer + captured + side}
    disputes = list[PaymentDispute]()
    for number, (minor, fee, provisional, outcome, refund) in enumerate(lives):
        back = minor * refund // 100
        for source, target, amount in ((paths[0], paths[1], minor), (paths[1], paths[0], back)):
            books[source] += amount
            books[target] -= amount
        if minor - back:
            made = dispute(minor - back, fee, provisional=provisional, number=number)
            if provisional:
                post(books, rules.advanced(made, DAY, "CNY"))
            disputes.append(replace(made, state="ended", outcome=outcome))
    purses = rules.Purses({each: -books[each] for each in paths})
    ended = [rules.ended(each, purses, DAY, "CNY") for each in disputes]
    for entry, _ in ended:
        post(books, entry)
    owing = [each for _, each in ended]
    for more in later:
        books["cash"] += more
        books[paths[1]] -= more
        purses = rules.Purses({each: -books[each] for each in paths})
        for place, each in enumerate(owing):
            if each.owes and (there := purses.take(wallet_path(each.owes, "CNY", "CNY"), each.owed)):
                post(books, rules.collected(each, there, DAY, "CNY"))
                left = each.owed - there
                owing[place] = replace(each, owed=left, owes=each.owes if left else "", collected=each.collected + 1)
    assert sum(books.values()) == 0
    assert all(books[each] <= 0 for each in paths), "nobody's wallet is below nothing"
    assert books.get(rules.ADVANCED, 0) == 0, "no advance is left"
    assert books.get(rules.OWED, 0) == sum(each.owed.minor for each in owing)
    won = sum(each.amount.minor for each in disputes if each.outcome == "payer")
    fees = sum(each.fee.minor for each in disputes if each.outcome == "payer")
    refunds = sum(minor * refund // 100 for minor, _, _, _, refund in lives)
    owes = {each: sum(one.owed.minor for one in owing if one.owes == each) for each in (PAYER, SIDE)}
    assert -books[paths[0]] - owes[PAYER] == payer + refunds + won, (
        "the payer is where he would be, had he paid for less"
    )
    assert -books[paths[1]] - owes[SIDE] == side + captured - refunds - won - fees + sum(later)
    assert -books.get(rules.EARNED, 0) == fees
