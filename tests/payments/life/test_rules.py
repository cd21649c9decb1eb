"""What facts do to a movement: one table, read as it stands, and the laws that hold whatever is heard in whatever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.money import Money
from farthing.ledger.model import JournalEntry, Release, Settle
from farthing.payments import rules as movement_rules
from farthing.payments.life import entries, names, reasons, rules
from farthing.payments.life.entries import At
from farthing.payments.life.model import Fact, Told
from farthing.payments.model import RailPayment
from tests.laws import examples

ON = date(2026, 6, 10)
AT = datetime(2026, 6, 10, 1, tzinfo=UTC)
WALLET, CASH, TRANSIT = "liabilities:wallets:W", "assets:cash:sandbox", "liabilities:in-transit:sandbox"
OWED = "assets:returned:sandbox"
RANK = {"asked": 0, "unknown": 0, "accepted": 1, "settled": 2, "declined": 2, "returned": 3, "recalled": 3}
KINDS = (
    "unknown",
    "accepted",
    "settled",
    "declined",
    "returned",
    "recall_asked",
    "recall_agreed",
    "recall_refused",
    "recalled",
    "reversed",
)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def movement(direction: str = "out", state: str = "asked") -> RailPayment:
    return RailPayment("rail_1", "party_1", direction, cny(300), "****0123", "sandbox", "", AT, state)  # type: ignore[arg-type]


def fact(kind: str, number: int = 0, amount: int | None = None) -> Fact:
    name = kind if kind in ("unknown", "accepted", "settled", "declined") else f"{kind}:{number}"
    return Fact("rail_1", name, kind, "notice", None if amount is None else cny(amount), reason_code="AC04")  # type: ignore[arg-type]


def told(payment: RailPayment, kind: str, amount: int | None = None) -> str:
    """A step as a person reads it: where it leads, and the journal."""
    heard = fact(kind, amount=amount)
    decided = rules.decide(payment, heard)
    at = At(decided.payment, WALLET, heard.id, rules.came_back(payment, decided.payment), ON, "CNY")
    lines = []
    for booking in decided.posts:
        for command in entries.booked(booking, at):
            if isinstance(command, JournalEntry):
                debit, credit = command.postings
                most = " at most" if command.at_most else ""
                lines.append(f"{debit.account} {debit.amount.minor}{most} -> {credit.account}")
            else:
                lines.append("settle the hold" if isinstance(command, Settle) else "release the hold")
    return "; ".join([decided.payment.state if decided.effect == "taken" else decided.effect, *lines])


def test_what_goes_out() -> None:
    asked, unknown, accepted = movement(), movement(state="unknown"), movement(state="accepted")
    for waits in (asked, unknown):
        assert told(waits, "settled") == "settled; settle the hold"
        assert told(waits, "declined") == "declined; release the hold"
        assert told(waits, "accepted") == f"accepted; release the hold; {WALLET} 300 -> {TRANSIT}"
        assert told(waits, "returned") == f"returned; settle the hold; {CASH} 300 -> {WALLET}"
        assert told(waits, "unknown") == "unknown"
    assert told(accepted, "settled") == f"settled; {TRANSIT} 300 -> {CASH}"
    assert told(accepted, "declined") == f"declined; {TRANSIT} 300 -> {WALLET}"
    assert told(accepted, "unknown") == told(accepted, "accepted") == "known"
    assert told(accepted, "recalled", 250) == f"recalled; {TRANSIT} 300 -> {CASH}; {CASH} 250 -> {WALLET}"


def test_what_was_settled_is_not_unsettled() -> None:
    settled = movement(state="settled")
    assert told(settled, "declined") == "contrary"
    assert rules.decide(settled, fact("declined")).payment.state == "settled"
    assert rules.decide(settled, fact("declined")).payment.attention == rules.TWO_WORDS
    assert told(settled, "accepted") == told(settled, "settled") == told(settled, "unknown") == "known"
    assert told(settled, "returned", 100) == f"returned; {CASH} 100 -> {WALLET}"
    assert told(settled, "reversed") == f"returned; {CASH} 300 -> {WALLET}"
    asked = ("recall_asked", "recall_agreed", "recall_refused")
    assert {told(settled, each) for each in asked} == {"settled"}
    back = replace(settled, state="returned", returned=settled.amount)
    assert told(back, "settled") == "known", "a late yes sends nothing out again"


def test_what_was_declined_moved_nothing_and_money_that_moved_all_the_same_is_looked_at() -> None:
    declined = movement(state="declined")
    for kind in ("settled", "returned", "recalled", "reversed"):
        assert told(declined, kind) == "contrary"
    assert told(declined, "accepted") == told(declined, "declined") == "known"


def test_what_comes_in_and_is_taken_back() -> None:
    assert told(movement("in"), "settled") == f"settled; {CASH} 300 -> {WALLET}"
    assert told(movement("in"), "declined") == "declined"
    assert told(movement("in"), "accepted") == "accepted"
    back = f"{WALLET} 300 at most -> {OWED}; {OWED} 300 -> {CASH}"
    assert told(movement("in", "settled"), "returned") == f"returned; {back}"
    assert told(movement("in", "unknown"), "reversed") == f"returned; {CASH} 300 -> {WALLET}; {back}"
    assert told(movement("in", "settled"), "recalled") == "known"


def test_more_than_went_does_not_come_back() -> None:
    part = rules.decide(movement(state="settled"), fact("returned", 1, 200)).payment
    assert part.returned == cny(200)
    assert rules.decide(part, fact("returned", 2, 101)).payment.attention == rules.MORE_THAN_WENT
    whole = rules.decide(part, fact("returned", 2, 100))
    assert whole.payment.returned == cny(300) and whole.effect == "taken"
    assert rules.decide(part, fact("returned", 1, 200), ["returned:1"]).effect == "known"
    assert rules.decide(whole.payment, fact("returned", 3)).posts == ()
    euro = Fact("rail_1", "r", "returned", "notice", Money(1, "EUR"))
    assert rules.decide(movement(state="settled"), euro).effect == "contrary"


HEARD = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 2), st.none() | st.integers(1, 300)), max_size=9)


@examples(300)
@given(st.sampled_from(["in", "out"]), HEARD)
def test_whatever_is_heard_money_is_neither_made_nor_lost(
    direction: str, heard: list[tuple[str, int, int | None]]
) -> None:
    """The rank never falls; what is in transit, held and gone is what the state says; and history makes the same movement."""
    stands, known = movement(direction), list[str]()
    books = {WALLET: 0, CASH: 0, TRANSIT: 0, OWED: 0}
    held, history = direction == "out", list[Told]()
    for kind, number, amount in heard:
        each = fact(kind, number, amount)
        decided = rules.decide(stands, each, known)
        at = At(decided.payment, WALLET, each.id, rules.came_back(stands, decided.payment), ON, "CNY")
        for booking in decided.posts:
            for command in entries.booked(booking, at):
                if isinstance(command, Release | Settle):
                    assert held and command.hold == movement_rules.hold_of(stands)
                    held = False
                    command = movement_rules.rail_entry(stands, WALLET, ON) if isinstance(command, Settle) else None
                if command is not None:
                    for posting in command.postings:
                        books[posting.account] += posting.amount.minor
        assert RANK[decided.payment.state] >= RANK[stands.state]
        if each.id not in known:
            history.append(Told(each, len(history) + 1, decided.effect, decided.payment.state, ON, AT))
        known.append(each.id)
        stands = decided.payment
    assert sum(books.values()) == 0
    back = stands.returned.minor if stands.returned else 0
    gone = stands.state in ("settled", "returned", "recalled")
    sign = -1 if direction == "out" else 1
    assert books[CASH] == sign * (300 - back if gone else 0)
    assert books[TRANSIT] == (-300 if stands.state == "accepted" and direction == "out" else 0)
    assert held == (direction == "out" and stands.state in ("asked", "unknown"))
    assert 0 <= back <= 300
    assert rules.lived(stands, history) == stands


@pytest.mark.parametrize("payment_id", ["rail_01ktqgpmk6fdwr1epb4442y6j3", "settle-P-2026-06-10", "x" * 90, "结算"])
def test_the_names_at_the_rail_are_fixed_before_anything_is_sent(payment_id: str) -> None:
    uetr, end_to_end = names.uetr_of(payment_id), names.end_to_end_id_of(payment_id)
    assert UUID(uetr).version == 4 and uetr == uetr.lower() and uetr == names.uetr_of(payment_id)
    assert 1 <= len(end_to_end) <= 35 and set(end_to_end) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
    )


def test_reasons_are_told_in_words() -> None:
    assert reasons.said("AC04").zh == "账户已销户"
    assert reasons.said("XX99", "no such thing").en == "no such thing"
    assert reasons.said("XX99").en == "XX99" and reasons.said("") == reasons.NO_REASON
