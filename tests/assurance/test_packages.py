"""An evidence package is listed in one transaction and written when its checkpoint is stamped; nothing waits for either."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from farthing.assurance import rules
from farthing.assurance import service as assurance
from farthing.evidence.checker.main import check
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.model import LoanCommand
from tests.lending.house import House
from tests.signing.test_acts import Authority


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url)


def test_a_package_is_stamped_with_no_transaction_open_and_checks(house: House, tmp_path: Path) -> None:
    authority = Authority(house)
    loan = house.active()
    authority.open_transactions.clear()
    made = house.bank.run(assurance.package_loan, LoanCommand(loan.id), key="p")
    content = base64.b64decode(made.content_base64)
    assert made.sha256 == hashlib.sha256(content).hexdigest()
    assert authority.open_transactions == [0]
    (tmp_path / "package.zip").write_bytes(content)
    assert check(tmp_path / "package.zip").exit_code == 0
    assert house.bank.run(assurance.package_loan, LoanCommand(loan.id), key="p") == made
    with house.bank.superuser() as connection:
        kept = connection.execute("SELECT answer::text FROM idempotency").fetchall()
    assert not any("content_base64" in answer for (answer,) in kept)


def test_an_authority_that_is_away_is_waited_for(house: House) -> None:
    authority = Authority(house)
    loan = house.active()
    authority.fails = 1
    with pytest.raises(Refusal) as caught:
        house.bank.run(assurance.package_loan, LoanCommand(loan.id), key="p")
    assert caught.value.code == "signing.authority_awaited"
    house.bank.drain()
    assert house.bank.run(assurance.package_loan, LoanCommand(loan.id), key="p").content_base64


def test_a_loan_that_changed_since_needs_another_package(house: House) -> None:
    loan = house.active()
    house.bank.run(assurance.package_loan, LoanCommand(loan.id), key="p")
    house.bank.run(lending.settle, LoanCommand(loan.id))
    with pytest.raises(Refusal) as caught:
        house.bank.run(assurance.package_loan, LoanCommand(loan.id), key="p")
    assert caught.value.code == rules.PACKAGE_CHANGED.name == "assurance.package_changed"
    assert house.bank.run(assurance.package_loan, LoanCommand(loan.id), key="q").content_base64
