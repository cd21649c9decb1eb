"""What is asked is held to the bounds of its declaration, whichever door asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from farthing.db.tx import Tx
from farthing.kernel.question import question_of
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.savings.deposits import passbook_service as passbook
from tests.conftest import DAY, Bank


def unfit(bank: Bank, function: Any, *arguments: Any, **named: Any) -> list[str]:
    """The fields that are named as unfit."""
    with pytest.raises(Refusal) as caught:
        bank.kernel.ask(function, *arguments, **named)
    assert caught.value.code == "request.malformed"
    return [each["field"] for each in caught.value.facts["field_errors"]]


def test_a_value_outside_its_bound_is_refused_whichever_door_asks(bank: Bank) -> None:
    assert unfit(bank, ledger.entries, None, 1_001) == ["limit"]
    assert unfit(bank, ledger.entries, None, 0) == ["limit"]
    assert unfit(bank, ledger.entries, "c" * 501) == ["cursor"]
    assert unfit(bank, ledger.entry, "a\u202eb") == ["reference"]
    assert unfit(bank, ledger.balance, "house/\0", as_known_at="yesterday") == ["path", "as_known_at"]
    assert unfit(bank, parties.search, "x" * 201, limit=True) == ["text", "limit"]
    assert unfit(bank, passbook.worth, "dep_1", "2026-1-1") == ["on"]
    with pytest.raises(Refusal, match=r"limit must be at most 1000"):
        bank.kernel.view(lambda ask: ask(ledger.entries, limit=1_001))


def test_who_may_not_ask_is_told_that_and_no_bounds(bank: Bank) -> None:
    with pytest.raises(Refusal) as caught:
        bank.kernel.ask(ledger.entries, None, 0, actor=Actor("nobody", frozenset()))
    assert caught.value.code == "kernel.forbidden"


def test_what_fits_is_asked_as_it_is_and_what_is_left_out_is_as_declared(bank: Bank) -> None:
    assert bank.kernel.ask(ledger.trial_balance, DAY - timedelta(days=1)).lines == ()
    assert question_of(ledger.entries).parameters["limit"].default == 50
    assert bank.kernel.ask(ledger.entries, limit=100).entries is not None


def test_a_snapshot_reads_once_what_any_other_transaction_reads_each_time(bank: Bank) -> None:
    asked: list[str] = []

    def look(tx: Tx) -> list[None]:
        return [tx.once("law", name, lambda name=name: asked.append(name)) for name in ("one", "other", "one")]  # type: ignore[misc]

    bank.kernel.read(look, snapshot=True)
    assert asked == ["one", "other"]
    bank.kernel.read(look)
    bank.kernel.tidy(look)
    assert asked[2:] == ["one", "other", "one"] * 2, "it may change meanwhile"
    bank.kernel.read(look, snapshot=True)
    assert asked[8:] == ["one", "other"], "another snapshot sees another state"
