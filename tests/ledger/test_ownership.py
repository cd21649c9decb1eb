"""No money by one hand: two persons, accounts that no product owns, days that are near; decision 0011."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.events import catalogue
from farthing.identity.rules import actor_of
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kernel.operation import Call, operation_of
from farthing.kernel.run import Pending
from farthing.kit.errors import Refusal
from farthing.kit.shipped import DATA
from farthing.ledger import ownership
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, HandEntry, JournalEntry
from tests.conftest import Bank
from tests.ledger.books import CORE, TODAY, WALLET, move, work

ONE, TWO = actor_of("operator:one", "operator", None), actor_of("operator:two", "operator", None)
CAPITAL, CASH = "equity:capital", "assets:cash:sandbox"


def hand(reference: str, debit: str, credit: str, minor: int = 7, kind: str = "note", on: date = TODAY) -> HandEntry:
    entry = move(reference, debit, credit, minor, on=on)
    return HandEntry(entry.reference, kind, on, entry.postings)


def opened(bank: Bank, *paths: str) -> date:
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(path, "CNY") for path in paths]))
    return bank.kernel.clock().business_date


def test_one_person_posts_nothing(bank: Bank) -> None:
    today = opened(bank, CAPITAL, CASH)
    entry = hand("capital:1", CASH, CAPITAL, on=today)
    pending = bank.run(ledger.post_by_hand, entry, actor=ONE)
    assert isinstance(pending, Pending)
    assert not bank.read(ledger.entries).entries
    with pytest.raises(Refusal, match=r"approvals.same_person"):
        bank.run(approvals.decide, Decide(pending.approval_id, approve=True), actor=ONE)
    bank.run(approvals.decide, Decide(pending.approval_id, approve=True), actor=TWO)
    assert [each.reference for each in bank.read(ledger.entries).entries] == ["capital:1"]


def test_no_role_of_a_person_posts_as_a_machine(bank: Bank) -> None:
    opened(bank, *CORE)
    for role in ("operator", "teller", "risk", "security", "auditor"):
        with pytest.raises(Refusal, match=r"kernel.forbidden"):
            bank.run(ledger.post_entry, move("x", *CORE, 1), actor=actor_of(f"{role}:x", role, None))
    core = actor_of("core:x", "core", None)
    assert bank.run(ledger.post_entry, move("x", *CORE, 1), actor=core).reference == "x"
    with pytest.raises(Refusal, match=r"kernel.forbidden"):
        bank.run(ledger.post_by_hand, hand("y", CASH, CAPITAL), actor=core)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (hand("a", WALLET, "liabilities:wallets:bob"), "ledger.owned_account"),
        (hand("a", CASH, WALLET), "ledger.owned_account"),
        (hand("a", "expenses:rent", CASH), "ledger.owned_account"),
        (hand("a", "expenses:operations:rent", WALLET), "ledger.owned_account"),
        (hand("a", "assets:loans:l1", CAPITAL), "ledger.owned_account"),
        (hand("a", "assets:settlement:partner:p", CAPITAL), "ledger.owned_account"),
        (hand("a", CORE[0], CAPITAL), "ledger.owned_account"),
        (hand("a", CASH, CAPITAL, kind="transfer"), "ledger.owned_name"),
        (hand("a", CASH, CAPITAL, kind="fund.confirm"), "ledger.owned_name"),
        (hand("loan:x:disbursement", CASH, CAPITAL), "ledger.owned_name"),
        (hand("market:return:listing_x", CASH, CAPITAL), "ledger.owned_name"),
        (hand("cover:l1:p", CASH, CAPITAL), "ledger.owned_name"),
        (hand("deferral:2026-12:p:CNY:a:b", CASH, CAPITAL), "ledger.owned_name"),
        (hand("cash:c1", CASH, CAPITAL), "ledger.owned_name"),
        (hand("wind-down:t:1:2", CASH, CAPITAL), "ledger.owned_name"),
        (hand("a", "income:fees:marketplace", CAPITAL), "ledger.owned_account"),
        (hand("a", "assets:cover:p", CAPITAL), "ledger.owned_account"),
    ],
)  # fmt: skip
def test_what_a_product_owns_is_closed_to_hands_before_there_is_a_draft(
    bank: Bank, entry: HandEntry, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        bank.run(ledger.post_by_hand, entry, actor=ONE)
    assert not bank.read(approvals.waiting)


@pytest.mark.parametrize(
    "entry",
    [
        hand("a", CASH, CAPITAL),
        hand("a", "assets:cash:counter-main", CASH),
        hand("a", "expenses:operations:rent", CASH),
        hand("a", "assets:cashew", CAPITAL),
        hand("a", "expenses:rent", "liabilities:payables"),
    ],
)
def test_the_bank_s_own_money_is_open_to_two_hands(entry: HandEntry) -> None:
    ownership.check_hand(entry)


@given(st.integers(-400, 400))
def test_days_are_near(days: int) -> None:
    on = TODAY + timedelta(days=days)
    if -31 <= days <= 7:
        ownership.check_dates(on, TODAY)
    else:
        with pytest.raises(Refusal, match=r"ledger.date_bounds"):
            ownership.check_dates(on, TODAY)


@pytest.mark.parametrize("on", [date(1990, 1, 1), date(9999, 12, 31)])
def test_far_days_are_refused_before_a_second_person_is_asked(bank: Bank, on: date) -> None:
    today = opened(bank, CAPITAL, CASH)
    with pytest.raises(Refusal, match=r"ledger.date_bounds"):
        bank.run(ledger.post_by_hand, hand("a", CASH, CAPITAL, on=on), actor=ONE)
    work(bank, lambda tx: ledger.post_all(tx, [move("b", CASH, CAPITAL, 1, on=today)]))
    with pytest.raises(Refusal, match=r"ledger.date_bounds"):
        bank.run(ledger.reverse_entry, ledger.Reverse("b", on))
    assert not bank.read(approvals.waiting)


@pytest.mark.parametrize(
    ("entry", "way"),
    [
        (JournalEntry("deposit:d:1:in", "savings.deposit", TODAY, move("x", WALLET, "liabilities:savings:d", 5).postings),
         "closed or withdrawn from"),
        (move("transfer:t", WALLET, "liabilities:wallets:bob", 5), "sends it back by a transfer"),
        (move("other", CORE[0], CORE[1], 5), "the outside core posts the opposite"),
    ],
)  # fmt: skip
def test_a_reversal_of_what_a_product_owns_says_how_the_product_undoes_it(
    bank: Bank, entry: JournalEntry, way: str
) -> None:
    opened(bank, *(line.account for line in entry.postings))
    work(bank, lambda tx: ledger.post_all(tx, [entry]))
    with pytest.raises(Refusal, match=r"ledger.owned_entry") as refused:
        bank.run(ledger.reverse_entry, ledger.Reverse(entry.reference, TODAY), actor=ONE)
    assert way in refused.value.detail


def test_an_entry_by_hand_is_reversed_by_two(bank: Bank) -> None:
    today = opened(bank, CAPITAL, CASH)
    for command in (hand("a", CASH, CAPITAL, on=today), ledger.Reverse("a", today)):
        function = ledger.post_by_hand if isinstance(command, HandEntry) else ledger.reverse_entry
        pending = bank.run(function, command, actor=ONE)
        bank.run(approvals.decide, Decide(pending.approval_id, approve=True), actor=TWO)
    assert bank.read(lambda tx: ledger.balance(tx, CASH)).balance.minor == 0


def test_a_core_outside_posts_to_its_own_accounts_alone(bank: Bank) -> None:
    opened(bank, *CORE, WALLET)
    good, bad = move("one", *CORE, 5), move("two", CORE[0], WALLET, 5)
    taken, back = replace(good, reference="loan:x:disbursement"), replace(good, reference="market:return:listing_x")
    answers = bank.kernel.run_batch(
        operation_of(ledger.post_entry), [Call(each, bank.system) for each in (good, bad, taken, back)]
    )
    codes = [each.code if isinstance(each, Refusal) else "posted" for each in answers]
    assert codes == ["posted", "ledger.not_core", "ledger.owned_name", "ledger.owned_name"]


def test_every_entry_that_the_world_is_told_of_has_a_name_of_its_owner() -> None:
    """Whoever could take the name first would keep the true entry out for ever: money given back to lenders, say."""
    told = [each for each in catalogue.KINDS if each.under]
    assert len(told) > 3
    for each in told:
        owned = [one for one in ownership.ownership().owners if f"{each.under}:x".startswith(one.references)]
        assert owned, f"{each.name}: {each.under}"


def test_every_account_that_a_product_names_has_an_owner() -> None:
    """Income is the bank's own; whatever a product holds for somebody, or is owed by somebody, is closed."""
    free = ("income:", "expenses:credit-losses")
    for file in sorted((DATA / "products").glob("*.toml")):
        for path in tomllib.loads(file.read_text(encoding="utf-8")).get("roles", {}).values():
            if not path.startswith(free):
                assert ownership.owner_of(path), f"{file.name}: {path}"


def test_a_path_is_below_another_by_its_parts() -> None:
    assert ownership.below("assets:cash:x", ["assets:cash"])
    assert ownership.below("assets:cash", ["assets:cash"])
    assert not ownership.below("assets:cashew", ["assets:cash"])
