"""The rules of payments, without a database: what is refused, and the entries that are made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import Refusal
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money
from farthing.ledger.export import render
from farthing.payments import rules
from farthing.payments.model import RailPayment, Transfer
from farthing.payments.wallets import wallet_path

ANN, BOB = (prefixed("party", derived(name)) for name in ("ann", "bob"))
ON = date(2026, 3, 2)
WALLETS = frozenset({wallet_path(ANN, "CNY", "CNY"), wallet_path(BOB, "CNY", "CNY")})
PAYMENT = RailPayment(
    "rail_1", ANN, "out", Money(300, "CNY"), "****0123", "sandbox", "", datetime(2026, 3, 2, tzinfo=UTC)
)


def code(transfer: Transfer, actor: Actor = SYSTEM, wallets: frozenset[str] = WALLETS) -> str:
    with pytest.raises(Refusal) as caught:
        rules.check_transfer(transfer, actor, wallets, "CNY")
    return caught.value.code


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


def test_the_order_of_refusals_is_the_documented_one() -> None:
    stranger = Actor("someone", frozenset(), party_id=BOB)
    bad = "x" * 101
    assert code(Transfer(ANN, ANN, yuan("0"), bad)) == "money.not_positive"
    assert code(Transfer(ANN, ANN, yuan("1"), bad)) == "payments.same_wallet"
    assert code(Transfer(ANN, BOB, yuan("1"), bad), stranger) == "payments.bad_memo"
    assert code(Transfer(ANN, BOB, yuan("1")), stranger, frozenset()) == "payments.not_your_wallet"
    assert code(Transfer(ANN, BOB, yuan("1")), SYSTEM, frozenset()) == "payments.no_wallet"
    assert (
        code(Transfer(ANN, BOB, yuan("1")), SYSTEM, frozenset({wallet_path(ANN, "CNY", "CNY")}))
        == "payments.payee_unknown"
    )
    rules.check_transfer(Transfer(ANN, BOB, yuan("1")), SYSTEM, WALLETS, "CNY")


@pytest.mark.parametrize(
    "alias",
    [
        ANN.replace("party", "zzz"), f"x{ANN}", ANN.removeprefix("party"), ANN.upper(), f"{ANN} ", f"{ANN}:usd", f"_{ANN[6:]}",
        f"{ANN}\n", "", "party_", ANN[:-1],
    ],
)  # fmt: skip
def test_a_party_has_one_name_and_every_other_leads_to_no_wallet(alias: str) -> None:
    """A payee ``zzz_<own id>`` once paid one's own wallet, and the log named a party that does not exist."""
    assert code(Transfer(ANN, alias, yuan("1"))) == "payments.payee_unknown"
    assert code(Transfer(alias, BOB, yuan("1"))) == "payments.no_wallet"
    with pytest.raises(Refusal) as caught:
        wallet_path(alias, "CNY", "CNY")
    assert caught.value.code == "ids.malformed"


def test_the_entries_of_a_rail() -> None:
    out = rules.rail_entry(PAYMENT, "liabilities:wallets:ann", ON)
    assert render(out).splitlines() == [
        "2026-03-02 pay-out | rail:sandbox:rail_1",
        "    assets:cash:sandbox      -3.00 CNY",
        "    liabilities:wallets:ann   3.00 CNY",
    ]
    back = rules.rail_entry(replace(PAYMENT, direction="in"), "liabilities:wallets:ann", ON)
    assert render(back).splitlines() == [
        "2026-03-02 top-up | rail:sandbox:rail_1",
        "    assets:cash:sandbox       3.00 CNY",
        "    liabilities:wallets:ann  -3.00 CNY",
    ]
    assert back.memo == "sandbox ****0123"


def test_a_hold_its_settlement_and_its_release_have_references_of_their_own() -> None:
    hold = rules.rail_hold(PAYMENT, "liabilities:wallets:ann", ON)
    settle, release = rules.rail_settle(PAYMENT, ON), rules.rail_release(PAYMENT)
    assert settle.hold == release.hold == hold.reference and hold.expires_at is None
    assert len({hold.reference, settle.reference, release.reference}) == 3


@pytest.mark.parametrize(
    "account", ["", "1" * 11, "1" * 20, "6222a21234567890", "６２２２０２１２３４５６７８９０", "-62220212345678"]
)
def test_what_cannot_be_an_account_elsewhere(account: str) -> None:
    with pytest.raises(Refusal) as caught:
        rules.check_outside_account(account)
    assert caught.value.code == "payments.bad_outside_account"


@pytest.mark.parametrize("minor", [0, -1, rules.MOST_BY_RAIL_MINOR + 1])
def test_what_a_rail_does_not_carry(minor: int) -> None:
    with pytest.raises(Refusal):
        rules.check_rail_amount(Money(minor, "CNY"))


@pytest.mark.parametrize("name", ["ask", "standing", "debit"])
def test_what_the_bank_names_is_no_name_for_a_transfer(name: str) -> None:
    made = f"{name}_01ktqgp6w1e97azyn8amd2hxxk"
    for taken in (made, f"{made}.0"):
        with pytest.raises(Refusal) as caught:
            rules.check_name(taken)
        assert caught.value.code == "payments.our_name"
    for own in (None, "rent-2026-11", f"my-{made}", made.replace(name, "xfer"), f"{name}_11"):
        rules.check_name(own)


def test_a_memo_is_one_printable_line() -> None:
    for memo in ("x" * 101, "two\nlines", "\u202e"):
        with pytest.raises(Refusal) as caught:
            rules.check_memo(memo)
        assert caught.value.code == "payments.bad_memo"
    rules.check_memo("")
    for memo in ("房租 9 月", "شهریه\u200cی مهر", "क्\u200dष"):  # words of Persian and Hindi are spelled with joiners
        rules.check_memo(memo)
