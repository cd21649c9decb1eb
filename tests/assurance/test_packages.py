"""An evidence package is listed in one transaction and written when its checkpoint is stamped; nothing waits for either."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from farthing.assurance import rules
from farthing.assurance import service as assurance
from farthing.bank.founding import agreed
from farthing.evidence.checker.main import check
from farthing.evidence.model import Seen
from farthing.evidence.note import Ed25519Signer
from farthing.evidence.witness import LogWitness
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.model import LoanCommand
from farthing.lending.shelf import service as loan_shelf
from farthing.products import service as products
from farthing.products.model import Publish
from tests.lending.house import House
from tests.log_signers import VKEY
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


class Cosigning(LogWitness):
    """A witness that is away so many times."""

    away = 0

    def cosign(self, old_size: int, proof: Sequence[bytes], text: str) -> str | Seen:
        if self.away:
            self.away -= 1
            raise TimeoutError("planted")
        return super().cosign(old_size, proof, text)


def test_a_policy_may_ask_for_a_witness_under_a_package(house: House, tmp_path: Path) -> None:
    """Without one no package is listed; one that is away is waited for; then the checker finds its line."""
    loan = house.active()
    bank = house.bank
    silent = (products.ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")
    agreed(bank.kernel, loan_shelf.publish, Publish("policy", silent.replace("witnesses = 0", "witnesses = 1")))
    with pytest.raises(Refusal) as caught:
        bank.run(assurance.package_loan, LoanCommand(loan.id))
    assert caught.value.code == rules.WITNESSES_MISSING.name == "assurance.witnesses_missing"
    witness = Cosigning(Ed25519Signer("witness.example", b"w" * 32), VKEY, lambda: 1_800_000_000)
    bank.kernel.ports = bank.kernel.ports.with_peer("witness", "one", witness)
    witness.away = 1
    with pytest.raises(Refusal) as caught:
        bank.run(assurance.package_loan, LoanCommand(loan.id), key="p")
    assert caught.value.code == rules.COSIGNATURE_AWAITED.name == "assurance.cosignature_awaited"
    bank.drain()
    made = bank.run(assurance.package_loan, LoanCommand(loan.id), key="p")
    package = tmp_path / "package.zip"
    package.write_bytes(base64.b64decode(made.content_base64))
    report = check(package)
    assert report.exit_code == 0
    assert [each.status.name for each in report.findings if each.code == "checkpoint.witness"] == ["PASSED"]
    shown = bank.kernel.ask(assurance.log_checkpoint)
    assert shown.witnesses == ("witness.example",) and shown.witnesses_required == 1
