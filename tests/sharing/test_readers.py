"""What an institution reads of deposits and loans, with why an account is left out; and that it reads of nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from farthing.kernel.clock import wall_clock
from farthing.kernel.question import question_of
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, OpenDeposit
from farthing.sharing import reading_service as reading
from farthing.sharing.model import Details, ReadShared, SharingConsent
from tests.lending.house import House, yuan


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    found = House(database_url)
    yield found
    found.bank.kernel.database.close()


def consent_of(house: House, *accounts: str) -> SharingConsent:
    """A consent to all kinds of these accounts."""
    today = house.today
    kinds = ("accounts", "balances", "transactions", "deposits", "loans")
    details = Details("lending", kinds, today - timedelta(days=300), today + timedelta(days=20))
    return SharingConsent(
        "sharing_1", house.party.id, "rp_1", "customer:1", details, "https://bank.example/open", accounts, "2026-12/zh",
        wall_clock(), today,
    )  # fmt: skip


@pytest.mark.long
def test_deposits_and_loans_as_they_stand(house: House) -> None:
    loan = house.active("8000")
    shut = house.bank.run(deposits.open_deposit, OpenDeposit(house.party.id, "savings-demand", yuan("7.00"))).deposit.id
    house.bank.run(deposits.close, CloseDeposit(shut))
    deposit = house.bank.run(
        deposits.open_deposit, OpenDeposit(house.party.id, "savings-demand", yuan("5.00"))
    ).deposit.id
    consent = consent_of(house, "wallet:CNY", deposit, loan.id, shut)

    def read(kind: str) -> dict[str, Any]:
        command = ReadShared(kind, "GET", f"https://bank.example/v1/open/{kind}", "token", "proof")
        wanted = {f"account_{number}": ref for number, ref in enumerate(consent.accounts)}
        body, _, _ = house.bank.kernel.read(
            lambda tx: reading.READERS[kind](
                replace(tx, actor=reading.reader_of(consent)), consent, wanted, command, None
            )
        )
        return body

    told = read("deposits")
    (only,) = told["deposits"]
    assert (only["account"], only["balance"]["minor"], only["product"]) == ("account_1", 500, "savings-demand")
    assert told["left_out"] == [
        {"account": "account_0", "reason": "another_kind"}, {"account": "account_2", "reason": "another_kind"},
        {"account": "account_3", "reason": "closed"},
    ]  # fmt: skip
    told = read("loans")
    (only,) = told["loans"]
    assert (only["account"], only["state"], only["principal"]["minor"]) == ("account_2", "active", 800_000)
    assert sum(each["principal"]["minor"] for each in only["instalments"]) == 800_000 and only["days_past_due"] == 0
    assert [each["reason"] for each in told["left_out"]] == ["another_kind"] * 3
    chosen = house.bank.kernel.read(
        lambda tx: reading.accounts_of(
            replace(tx, actor=reading.reader_of(consent)), house.party.id, consent.details.kinds
        )
    )
    found = sorted((each.kind, each.closed) for each in chosen)
    assert found == [("deposit", False), ("deposit", True), ("loan", False), ("wallet", False)]
    stranger = replace(consent, party_id="party_of_another")
    for ask in _asked(loan.id, house.party.id):
        with pytest.raises(Refusal, match=r"not_yours"):
            house.bank.kernel.read(lambda tx, ask=ask: ask(replace(tx, actor=reading.reader_of(stranger))))


def _asked(loan_id: str, party_id: str) -> tuple[Callable[[Any], Any], ...]:
    return (
        lambda tx: question_of(lending.loan).answer(tx, loan_id),
        lambda tx: question_of(lending.loans).answer(tx, party_id),
        lambda tx: reading.accounts_of(tx, party_id, ("deposits",)),
        lambda tx: reading.accounts_of(tx, party_id, ("accounts",)),
    )
