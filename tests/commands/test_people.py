"""A person's way into the bank on the command line: registered, a wallet opened, money brought in, then a deposit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.test_savings import Run, asked, code, run
from tests.parties.people import resident_id

__all__ = ["run"]

PHONE = "13912345678"
CARD = "6222021234567890123"


def test_from_nobody_to_a_deposit(run: Run) -> None:
    number = resident_id(order_code="246")
    registering = ("people", "register", "王秀兰", number, PHONE)
    assert "dry run" in run(*registering, "--dry-run")
    assert code(run, "people", "show", PHONE) == "parties.not_known"
    party = asked(run, *registering)["id"]
    assert asked(run, *registering)["id"] == asked(run, *registering, "--dry-run")["id"] == party
    assert code(run, "people", "register", "别人", number, PHONE, "--dry-run") == "parties.resident_id_taken"
    assert code(run, "people", "register", "别人", "110", PHONE) == "parties.resident_id_malformed"
    assert "王秀兰" in run("people", "show", number)
    assert "level 0, until -" in run("people", "level", number) and asked(run, "people", "ending")["endings"] == []
    assert "done: it can be erased now" in run("people", "erasure", PHONE)
    topping = ("wallets", "top-up", PHONE, "5000", "--from", CARD)
    assert code(run, *topping, "--dry-run") == code(run, *topping) == "payments.no_wallet"
    assert "CNY 0.00" in run("wallets", "open", PHONE)
    assert code(run, *topping[:-1], "12", "--dry-run") == "payments.bad_outside_account"
    assert code(run, *topping, "--rail", "moon", "--dry-run") == "payments.rail_unknown"
    assert "CNY 5,000.00" in run(*topping, "--dry-run")
    assert asked(run, "wallets", "show", PHONE)["balance"]["minor"] == 0
    first = asked(run, *topping, "--key", "once")
    assert asked(run, *topping, "--key", "once") == first
    assert asked(run, "wallets", "show", PHONE)["available"]["minor"] == 500_000
    assert "CNY 3,000.00" in run("savings", "open", PHONE, "savings-demand", "3000")
    refused = asked(run, "people", "erasure", PHONE)
    assert (refused["answer"], len(refused["standing"])) == ("refused", 2), "the wallet and the deposit"


def test_the_keyring_is_shown_copied_and_put_back(run: Run, tmp_path: Path) -> None:
    shown, copy = asked(run, "keyring", "show"), tmp_path / "copy"
    assert shown["keys"] > 1 and shown["destroyed"] == 0
    assert asked(run, "keyring", "save", str(copy)) == shown == asked(run, "keyring", "put-back", str(copy))
    assert code(run, "keyring", "put-back", str(tmp_path / "none")) == "keyring.unusable"
    copy.chmod(0o400)
    assert f"{shown['keys']} keys, 0 destroyed" in run("keyring", "put-back", str(copy))


@pytest.mark.parametrize("words", [("savings", "list", PHONE), ("wallets", "open", PHONE)])
def test_somebody_unknown_is_sent_to_the_register(words: tuple[str, ...], run: Run) -> None:
    assert code(run, *words) == "parties.not_known"
