"""Drawers: bound to a login and a till, counted, handed from hand to hand; whatever is done, cash is what the books say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from farthing.bank.founding import SECOND
from farthing.identity.rules import actor_of
from farthing.kernel import approvals, attendance
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.payments.tills import cash_service as cash
from farthing.payments.tills import handing_service as handing
from farthing.payments.tills import left_service as left
from farthing.payments.tills import rules
from farthing.payments.tills import service as tills
from farthing.payments.tills.audit_service import verify_tills
from farthing.payments.tills.model import (
    CashIn,
    CashOut,
    CloseDrawer,
    CloseLeftDrawer,
    CountDrawer,
    HandFromVault,
    HandOver,
    OpenDrawer,
    TakeBack,
    TakeOver,
    TakeToVault,
)
from farthing.payments.tills.rules import Line, Told, fewest, replay
from tests.conftest import Bank
from tests.laws import examples
from tests.payments.drawers import KEEPER, booked, drawer
from tests.savings.deposits.saver import found, refused, saver, wallet, yuan

ANN, BEN = (actor_of(f"teller:{name}", "teller", None) for name in ("ann", "ben"))


def there(bank: Bank, party: str, *tellers: Any) -> None:
    """The customer is there, before each of these tellers."""
    for teller in tellers:
        bank.kernel.tidy(lambda tx, who=teller: attendance.record(replace(tx, actor=who), party, "code"))


def test_cash_of_a_wallet_moves_only_in_the_drawer_of_who_serves(bank: Bank) -> None:
    party = saver(found(bank), wallet="5000.00")
    there(bank, party, ANN, BEN)
    pay = CashIn(party, yuan("300.00"))
    assert refused(bank, cash.cash_in, pay, actor=ANN) == "payments.no_drawer"
    drawer(bank, ANN, "east-1")
    assert bank.run(cash.cash_in, pay, actor=ANN).available == yuan("5300.00")
    assert refused(bank, cash.cash_out, CashOut(party, yuan("10.00")), actor=BEN) == "payments.no_drawer"
    drawer(bank, BEN, "east-2")
    assert refused(bank, cash.cash_out, CashOut(party, yuan("10.00")), actor=BEN) == "ledger.insufficient_funds"
    assert bank.run(cash.cash_out, CashOut(party, yuan("120.00")), actor=ANN).available == yuan("5180.00")
    assert refused(bank, cash.cash_out, CashOut(party, yuan("181.00")), actor=ANN) == "ledger.insufficient_funds"
    assert bank.kernel.ask(tills.own_drawer, actor=ANN).balance == yuan("180.00")
    assert [each.what for each in bank.kernel.ask(tills.own_drawer_lines, actor=ANN)] == ["out", "in", "open"]
    assert not bank.read(verify_tills).findings


def test_large_cash_comes_out_of_the_drawer_of_who_asked_not_of_who_agreed(bank: Bank) -> None:
    party = saver(found(bank), wallet="40000.00")
    there(bank, party, ANN)
    drawer(bank, ANN, "east-1", cash=yuan("30000.00"))
    drawer(bank, BEN, "east-2")
    asked = bank.run(cash.cash_out, CashOut(party, yuan("20000.00")), actor=ANN)
    assert isinstance(asked, Pending)
    assert bank.run(approvals.decide, Decide(asked.approval_id, approve=True), actor=BEN).state == "approved"
    assert bank.kernel.ask(tills.own_drawer, actor=ANN).balance == yuan("10000.00")
    assert bank.kernel.ask(tills.own_drawer, actor=BEN).balance == yuan("0.00")
    assert wallet(bank, party) == yuan("20000.00")


def test_a_count_that_differs_stops_all_cash_until_two_persons_book_it(bank: Bank) -> None:
    party = saver(found(bank))
    there(bank, party, ANN)
    drawer(bank, ANN, "east-1", cash=yuan("500.00"))
    assert bank.run(tills.count_drawer, CountDrawer(fewest(yuan("480.00"))), actor=ANN).difference == -yuan("20.00")
    for function, command in (
        (cash.cash_in, CashIn(party, yuan("1.00"))),
        (handing.hand_over, HandOver("vault", fewest(yuan("1.00")))),
        (tills.close_drawer, CloseDrawer(fewest(yuan("480.00")))),
    ):
        assert refused(bank, function, command, actor=ANN) == "payments.drawer_differs"
    booked(bank, yuan("500.00"), yuan("480.00"), ANN, "east-1")
    assert bank.read(lambda tx: ledger.balance(tx, rules.OVER_SHORT)).owed() == yuan("20.00")
    assert bank.run(tills.close_drawer, CloseDrawer(fewest(yuan("480.00"))), actor=ANN).closed_at
    assert bank.run(tills.open_drawer, OpenDrawer("east-1", fewest(yuan("480.00"))), actor=BEN).difference == yuan(
        "0.00"
    )
    assert not bank.read(verify_tills).findings


def test_cash_beside_a_drawer_is_seen_behind_a_hundred_heaps_for_it(bank: Bank) -> None:
    """Who closed it would leave cash on its way that nobody can take: its drawer is gone."""
    drawer(bank, ANN, "east-1", cash=yuan("10.00"))
    drawer(bank, BEN, "east-2", cash=yuan("11.00"))
    for _ in range(100):
        bank.run(handing.hand_over, HandOver("east-2", fewest(yuan("0.01"))), actor=ANN)
    bank.run(handing.hand_over, HandOver("east-1", fewest(yuan("6.00"))), actor=BEN)
    assert (
        refused(bank, handing.hand_over, HandOver("vault", fewest(yuan("6.00"))), actor=BEN) == "payments.not_in_drawer"
    )
    assert refused(bank, tills.close_drawer, CloseDrawer(fewest(yuan("11.00"))), actor=BEN) == "payments.handover_waits"


def test_a_drawer_that_was_left_is_counted_booked_and_closed_by_two_others(bank: Bank) -> None:
    found(bank)
    opened = drawer(bank, ANN, "east-1", cash=yuan("500.00"))
    bank.run(handing.hand_over, HandOver("vault", fewest(yuan("60.00"))), actor=ANN)
    note = "fell ill at noon"
    asked = CloseLeftDrawer(opened.id, "east-1", yuan("500.00"), note, fewest(yuan("480.00")))
    assert refused(bank, left.close_left_drawer, asked, actor=BEN) == "kernel.forbidden"
    for wrong in (
        replace(asked, books=yuan("499.00")),
        replace(asked, till="east-2"),
        replace(asked, drawer_id="drawer_x"),
    ):
        assert tried_code(bank, wrong) == "payments.drawer_not_left"
    assert tried_code(bank, replace(asked, note=" ")) == "payments.drawer_left_wordless"
    waits = bank.run(left.close_left_drawer, asked, actor=KEEPER)
    assert refused(bank, approvals.decide, Decide(waits.approval_id, approve=True), actor=KEEPER)
    assert bank.kernel.ask(tills.own_drawer, actor=ANN), "nothing is done by one"
    assert bank.run(approvals.decide, Decide(waits.approval_id, approve=True), actor=SECOND).state == "approved"
    assert bank.kernel.ask(tills.own_drawer, actor=ANN) is None
    assert bank.read(lambda tx: ledger.balance(tx, rules.OVER_SHORT)).owed() == yuan("20.00")
    assert bank.kernel.ask(handing.handovers, actor=KEEPER) == []
    assert not bank.read(verify_tills).findings
    with bank.superuser() as connection:
        told = connection.execute("SELECT body FROM evidence_leaf WHERE kind = 'payments.close_left_drawer'").fetchall()
    assert any(note in str(body) and ANN.id in str(body) for (body,) in told), "the log says why, and who left it"
    again = bank.run(tills.open_drawer, OpenDrawer("east-1", fewest(yuan("480.00"))), actor=BEN)
    assert not again.difference and tried_code(bank, asked) == "payments.drawer_not_left"


def test_cash_that_moved_meanwhile_makes_the_count_of_a_left_drawer_stale(bank: Bank) -> None:
    party = saver(found(bank))
    there(bank, party, ANN)
    opened = drawer(bank, ANN, "east-1", cash=yuan("500.00"))
    asked = CloseLeftDrawer(opened.id, "east-1", yuan("500.00"), "gone", fewest(yuan("500.00")))
    waits = bank.run(left.close_left_drawer, asked, actor=KEEPER)
    bank.run(cash.cash_in, CashIn(party, yuan("1.00")), actor=ANN)
    decided = bank.run(approvals.decide, Decide(waits.approval_id, approve=True), actor=SECOND)
    assert decided.refusal_code == "payments.drawer_not_left"
    assert bank.kernel.ask(tills.own_drawer, actor=ANN).balance == yuan("501.00")


def tried_code(bank: Bank, command: CloseLeftDrawer) -> str:
    """The code by which closing a left drawer would be refused."""
    with pytest.raises(Refusal) as refusal:
        bank.kernel.preview(left.close_left_drawer, command, actor=KEEPER)
    return refusal.value.code


def test_what_a_customer_and_another_role_may_not(bank: Bank) -> None:
    mine = actor_of("customer:x", "customer", saver(found(bank)))
    for actor in (mine, KEEPER, actor_of("auditor:a", "auditor", None)):
        assert refused(bank, tills.open_drawer, OpenDrawer("east-1"), actor=actor) == "kernel.forbidden"
    assert refused(bank, handing.hand_from_vault, HandFromVault("main", ()), actor=ANN) == "kernel.forbidden"


def test_the_verification_finds_a_line_that_was_changed(bank: Bank) -> None:
    drawer(bank, ANN, cash=yuan("500.00"))
    assert not bank.read(verify_tills).findings
    with bank.superuser() as connection:
        connection.execute("UPDATE drawer_line SET amount = amount - 100 WHERE what = 'taken'")
    assert [each.what for each in bank.read(verify_tills).findings] == ["till"]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(("in", "out", "give", "take", "back", "vault", "count", "close")), st.sampled_from((ANN, BEN)),
        st.integers(1, 900_00), st.booleans(),
    ),
    max_size=25,
)  # fmt: skip


@examples(8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_done_drawers_and_vault_hold_what_the_books_say(bank: Bank, acts: list[Any]) -> None:
    """A model of two drawers and a vault beside the real bank: the same acts, the same cash, and nothing below zero."""
    run = Run(bank)
    for what, who, minor, flag in acts:
        run.act(what, who, Money(minor, "CNY"), flag)
    assert run.books() == run.hands
    assert min(run.hands.values()) >= 0
    assert not bank.read(verify_tills).findings
    assert not bank.read(verify_ledger).findings


class Run:
    """What is really in two drawers and the vault, in minor units."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        if not bank.read(tills.tills):
            self.party = saver(found(bank), wallet="50000.00")
            drawer(bank, ANN, "ann", cash=yuan("3000.00"))
            drawer(bank, BEN, "ben")
        else:
            self.party = bank.read(lambda tx: tx.rows("SELECT id FROM party ORDER BY id DESC LIMIT 1"))[0]["id"]
        there(bank, self.party, ANN, BEN)
        self.hands = self.books()
        self.waits: list[tuple[str, str, str, int]] = []

    def books(self) -> dict[str, int]:
        found = {each.name: each.balance.minor for each in self.bank.kernel.ask(tills.tills, actor=KEEPER)}
        return {**found, "vault": self.bank.kernel.ask(tills.vault, actor=KEEPER).minor}

    def tried(self, function: Any, command: Any, actor: Any) -> Any:
        try:
            answer = self.bank.run(function, command, actor=actor)
        except Refusal:
            return None
        return None if isinstance(answer, Pending) else answer

    def act(self, what: str, who: Any, amount: Money, flag: bool) -> None:
        name = who.id.partition(":")[2]
        other = "ben" if name == "ann" else "ann"
        if what in ("in", "out"):
            function, command = (cash.cash_in, CashIn) if what == "in" else (cash.cash_out, CashOut)
            if self.tried(function, command(self.party, amount), who):
                self.hands[name] += amount.minor if what == "in" else -amount.minor
        elif what in ("give", "vault"):
            to = other if flag else "vault"
            if what == "give":
                made = self.tried(handing.hand_over, HandOver(to, fewest(amount)), who)
            else:
                made = self.tried(handing.hand_from_vault, HandFromVault(name, fewest(amount)), KEEPER)
            if made:
                self.waits.append((made.id, made.giver, made.taker, made.amount.minor))
        elif what in ("take", "back") and self.waits:
            self._end(what, who, flag)
        elif what == "count":
            counted = fewest(Money(self.hands[name], "CNY"))
            self.tried(tills.count_drawer, CountDrawer(counted), who)
        elif what == "close":
            counted = fewest(Money(self.hands[name], "CNY"))
            if self.tried(tills.close_drawer, CloseDrawer(counted), who):
                assert self.bank.run(tills.open_drawer, OpenDrawer(name, counted), actor=who).difference == yuan("0.00")

    def _end(self, what: str, who: Any, flag: bool) -> None:
        waits = self.waits[0 if flag else -1]
        handover, giver, taker, minor = waits
        if what == "back":
            back = self.tried(handing.take_back, TakeBack(handover), KEEPER if giver == "vault" else who)
            if back:
                self.waits.remove(waits)
            return
        function, command = (
            (handing.take_to_vault, TakeToVault(handover))
            if taker == "vault"
            else (handing.take_over, TakeOver(handover))
        )
        if self.tried(function, command, KEEPER if taker == "vault" else who):
            self.waits.remove(waits)
            self.hands[giver] -= minor
            self.hands[taker] += minor


LINES = st.lists(st.tuples(st.sampled_from(("in", "out", "given", "taken")), st.integers(1, 1000)), max_size=12)


@given(brought=st.integers(0, 1000), lines=LINES, off=st.integers(-50, 50))
def test_a_till_told_again_comes_to_the_books_or_says_by_how_much_not(brought: int, lines: Any, off: int) -> None:
    kept, held = [Line(1, "open", 0, brought)], brought
    for what, amount in lines:
        signed = amount if what in ("in", "taken") else -min(amount, held)
        held += signed
        kept.append(Line(len(kept) + 1, what, signed, None))
    findings = list(replay("t", brought, [Told("d", False, 0, kept)], held + off))
    assert bool(findings) == bool(off)


@pytest.mark.parametrize("currency", ["CNY", "EUR", "USD", "JPY", "KWD"])
def test_every_amount_can_be_counted_in_notes_and_coins(currency: str) -> None:
    for minor in (0, 1, 7, 99, 12345, 987654321):
        assert rules.counted(fewest(Money(minor, currency)), currency).minor == minor
