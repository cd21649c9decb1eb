"""Contracts are signed with no transaction open: one act under one id, whatever the authorities and the database do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from farthing.assurance import service as assurance
from farthing.assurance.service import PublishLog
from farthing.kernel import errands
from farthing.kit.errors import Refusal
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.service import SignContract
from farthing.lending.model import LoanCommand
from farthing.signing import service as signing
from farthing.signing.acts.making_service import _lines
from farthing.signing.acts.model import SignaturesMade
from farthing.signing.client import TIMESTAMP_UNAVAILABLE
from farthing.signing.model import Issued, Kind, Subject
from farthing.signing.tsa import SandboxTimestamper
from tests.kernel.disturbed import collisions, lost_commits
from tests.lending.house import House


class Authority:
    """The sandbox time-stamping authority behind a line that fails as often as it is told to."""

    def __init__(self, house: House) -> None:
        self.fails = self.asked = 0
        self.open_transactions: list[int] = []
        self._house = house
        house.bank.kernel.ports = house.bank.kernel.ports.with_peer("tsa", "sandbox", self.over)

    def over(self, *arguments: Any) -> SandboxTimestamper:
        real = SandboxTimestamper(*arguments)
        answer = real.answer

        def line(request: bytes) -> bytes:
            self.asked += 1
            self.open_transactions.append(self._open())
            if self.fails:
                self.fails -= 1
                raise TIMESTAMP_UNAVAILABLE(host="tsa.example", problem="planted")
            return answer(request)

        real.answer = line  # type: ignore[method-assign]
        return real

    def _open(self) -> int:
        """Transactions of the bank that are open at this moment."""
        with self._house.bank.superuser() as connection:
            (row,) = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND state LIKE 'idle in transaction%'"
            ).fetchall()
        return int(row[0])


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url)


def revisions(house: House, loan_id: str) -> list[str]:
    with house.bank.superuser() as connection:
        rows = connection.execute("SELECT field FROM contract_revision ORDER BY contract_id, number").fetchall()
    return [field for (field,) in rows]


ONE_FOR_EACH = 4
WHOLE = ["platform", "borrower", "institution", "document_timestamp"]


def test_no_transaction_is_open_while_an_authority_is_asked(house: House) -> None:
    authority = Authority(house)
    loan = house.active()
    assert loan.state == "active" and revisions(house, loan.id) == WHOLE
    assert authority.asked >= len(WHOLE) and set(authority.open_transactions) == {0}
    status = house.bank.read(lambda tx: signing.status(tx, loan.contract_id))
    assert status.findings == () and status.sealed


def test_an_authority_that_is_away_leaves_everything_as_it_was_and_is_asked_again(house: House) -> None:
    authority = Authority(house)
    loan = house.funded()
    authority.fails = 1
    assert house.refused(contracts.draw_contract, LoanCommand(loan.id)) == "signing.authority_awaited"
    assert revisions(house, loan.id) == []
    early = SignContract(loan.id, "nothing was shown")
    assert house.refused(contracts.sign_contract, early) == "signing.not_your_turn"
    house.bank.drain()
    shown = house.bank.run(contracts.draw_contract, LoanCommand(loan.id)).document_digest
    authority.fails = 1
    signature = SignContract(loan.id, shown)
    assert house.refused(contracts.sign_contract, signature, key="s") == "signing.authority_awaited"
    assert house.refused(contracts.complete, LoanCommand(loan.id)) == "signing.not_your_turn"
    assert house.bank.run(contracts.sign_contract, signature, key="s").waiting_for == ("institution",)
    authority.fails = 1
    assert house.refused(contracts.complete, LoanCommand(loan.id), key="c") == "signing.authority_awaited"
    assert house.loan(loan.id).state == "funded" and revisions(house, loan.id) == WHOLE[:2]
    house.bank.drain()
    assert house.bank.run(contracts.complete, LoanCommand(loan.id), key="c").state == "active"
    assert revisions(house, loan.id) == WHOLE


@pytest.mark.parametrize("disturb", [collisions, lost_commits])
def test_one_act_whatever_happens_to_the_transactions(
    house: House, monkeypatch: pytest.MonkeyPatch, disturb: Callable[..., None]
) -> None:
    authority, loan = Authority(house), house.funded()
    with monkeypatch.context() as disturbed:
        disturb(house.bank, disturbed)
        drawn = house.bank.run(contracts.draw_contract, LoanCommand(loan.id), key="d")
        house.bank.run(contracts.sign_contract, SignContract(loan.id, drawn.document_digest), key="s")
        paid = house.bank.run(contracts.complete, LoanCommand(loan.id), key="c")
    assert paid.state == "active" and revisions(house, loan.id) == WHOLE
    assert authority.asked == ONE_FOR_EACH, "an authority is asked once for each signature and for the whole"
    assert house.bank.run(contracts.complete, LoanCommand(loan.id), key="c") == paid
    assert authority.asked == ONE_FOR_EACH
    assert house.bank.read(lambda tx: signing.status(tx, paid.contract_id)).findings == ()


def test_signing_twice_and_another_document(house: House) -> None:
    loan = house.funded()
    drawn = house.bank.run(contracts.draw_contract, LoanCommand(loan.id))
    assert house.refused(contracts.sign_contract, SignContract(loan.id, "0" * 64)) == "signing.other_document"
    signed = house.bank.run(contracts.sign_contract, SignContract(loan.id, drawn.document_digest))
    with pytest.raises(Refusal) as caught:
        house.bank.read(lambda tx: signing.require_effective(tx, drawn.id))
    assert caught.value.code == "signing.not_sealed"
    assert house.bank.run(contracts.sign_contract, SignContract(loan.id, drawn.document_digest)) == signed
    assert signed.waiting_for == ("institution",)


def test_an_answer_that_comes_twice_adds_no_revision(house: House) -> None:
    loan = house.active()
    with house.bank.superuser() as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM errand WHERE kind = 'signing.order'").fetchall()]
        connection.execute("DELETE FROM idempotency")
    for errand_id in ids:
        errand = house.bank.read(lambda tx, one=errand_id: errands.find(tx, one))
        errands.answer(house.bank.kernel, errand, SignaturesMade(errand_id, "", ()))
    assert revisions(house, loan.id) == WHOLE


def test_a_stamp_names_the_issuer_that_the_certificate_names(house: House) -> None:
    loan = house.active()
    given = house.bank.read(lambda tx: signing.certificates(tx, loan.contract_id))
    at = house.bank.read(lambda tx: tx.now)
    assert _lines(at, Issued(given.certificates[-1], ()))[2][2] == "Farthing sandbox Issuing CA"
    assert _lines(at, Issued(given.tsa_chain[0], ()))[2][2] == "Farthing sandbox Root CA"


def test_a_checkpoint_is_published_at_once_and_stamped_when_the_authority_answers(house: House) -> None:
    authority = Authority(house)
    authority.fails = 1
    first = house.bank.run(assurance.publish_log, PublishLog(), key="p")
    assert first.size > 0 and not first.timestamped
    house.bank.drain()
    again = house.bank.run(assurance.publish_log, PublishLog(), key="p")
    assert again.timestamped and (again.size, again.root) == (first.size, first.root)
    assert set(authority.open_transactions) == {0}


def test_whoever_is_not_verified_gets_no_certificate(house: House) -> None:
    with pytest.raises(Refusal) as caught:
        signing.check_level(Subject("party_x", "x", Kind.PERSON, 0))
    assert caught.value.code == "signing.level_too_low"
