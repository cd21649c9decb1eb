"""What a passkey confirmed is recomputed from a package by the checker alone: challenge, signature, what was shown."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from farthing.assurance import agreements_service as packages
from farthing.assurance.agreements_service import PackageAgreement
from farthing.evidence.checker import assertions
from farthing.evidence.checker.main import check
from farthing.evidence.checker.report import Findings
from farthing.identity import entrance as doors
from farthing.identity.authenticators import entrance, service
from farthing.identity.authenticators.model import AskConfirmation
from farthing.parties import service as parties
from farthing.parties.model import Party, VerifyIdentity
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import SignAgreement
from farthing.town.founding import furnish
from tests.banks import Bank
from tests.identity.devices import SITE, registered
from tests.identity.people import Person, enrolled
from tests.parties.people import register_person
from tests.signing.agreements.desk import Desk


class Enrolled(Desk):
    """The elder has a login and a passkey of her own."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        done = enrolled(bank, Person())
        assert done.session is not None and done.party is not None
        self.actor = doors.who_is(bank.kernel, str(done.session.token)).actor
        self.elder, self.helper = (self._proved(each) for each in (done.party.id, register_person(bank, 3).id))
        self.device = registered(bank, self.actor)
        furnish(bank.kernel)

    def _proved(self, party: str) -> Party:
        self.bank.run(parties.verify_identity, VerifyIdentity(party))
        return self.bank.read(lambda tx: parties.party(tx, party))  # type: ignore[no-any-return]

    def sign_herself(self, agreement_id: str) -> None:
        shown = self.bank.read(lambda tx: agreements.agreement(tx, agreement_id)).document_digest
        command = SignAgreement(agreement_id, self.elder.id, shown, "principal", "one_time")
        looked = self.bank.kernel.look(agreements.sign, command, actor=self.actor)
        asked = self.bank.run(service.ask_confirmation, AskConfirmation(looked.transaction), actor=self.actor)
        proof = entrance.confirm(
            self.bank.kernel, SITE, self.actor, self.device.sign(asked.challenge_id, asked.challenge)
        )
        self.bank.run(agreements.sign, command, actor=self.actor, proof=proof)


@pytest.mark.long
def test_what_a_passkey_confirmed_is_recomputed_from_the_package(bank: Bank, tmp_path: Path) -> None:
    desk = Enrolled(bank)
    agreement = desk.draw()
    desk.sign_herself(agreement.id)
    desk.sign(agreement, desk.helper)
    desk.seal(agreement)
    made = bank.run(packages.package_agreement, PackageAgreement(desk.elder.id, agreement.id))
    path = tmp_path / "agreement.zip"
    path.write_bytes(base64.b64decode(made.content_base64))
    report = check(path)
    assert not report.failed, report.failed
    (signed,) = (each for each in report.passed if each.code == "confirmation.signature")
    (shown,) = (each for each in report.passed if each.code == "confirmation.what")
    assert desk.device.passkey_id in signed.en and agreement.id in shown.en
    left = [each.subject for each in report.not_checked if each.code == "confirmation.none"]
    assert len(left) == 1 and "helper" in left[0], left
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    _spoilt(members)


def _spoilt(members: dict[str, bytes]) -> None:
    """Each part of a confirmation that is changed is found, by its own name."""
    every = [
        json.loads(raw) for name, raw in members.items() if name.startswith("log/leaves/") and name.endswith("json")
    ]
    (leaf,) = (each for each in every if each["data"].get("confirmed"))
    (opened,) = json.loads(members[assertions.RECORD])

    (registered,) = (each for each in every if each["kind"] == "identity.keep_passkey")

    def found(
        change: Callable[[dict[str, Any], dict[str, str]], None],
        shown: bool = True,
        beside: Sequence[Any] = (registered,),
    ) -> set[tuple[str, str]]:
        other, said, findings = json.loads(json.dumps(leaf)), dict(opened), Findings()
        change(other, said)
        record = {assertions.RECORD: json.dumps([said] if shown else []).encode()}
        assertions.check(record, [other, *beside], findings)
        return {(each.code, each.status.value) for each in findings.all if each.status.value != "passed"}

    def assertion(name: str, value: str) -> Callable[[dict[str, Any], dict[str, str]], None]:
        return lambda other, _: other["data"]["confirmed"]["assertion"].update({name: value})

    def shown(**more: str) -> Callable[[dict[str, Any], dict[str, str]], None]:
        return lambda _, said: said.update(more)

    held = leaf["data"]["confirmed"]["assertion"]
    flat = bytearray(assertions.unbase64(held["authenticator_data"]))
    flat[32] &= 0xFF ^ assertions.VERIFIED
    unseen = base64.urlsafe_b64encode(bytes(flat)).decode().rstrip("=")
    elsewhere = base64.urlsafe_b64encode(
        assertions.unbase64(held["client_data"]).replace(b"bank.example", b"evil.example")
    ).decode().rstrip("=")  # fmt: skip
    failed = "failed"
    assert found(lambda *_: None) == set()
    assert found(lambda *_: None, shown=False) == {("confirmation.what", "not checked")}
    assert found(shown(value=json.dumps("{}"))) == {("confirmation.recorded", failed)}
    assert found(shown(leaf="leaf_0")) == {("confirmation.nobodys", failed), ("confirmation.what", "not checked")}
    assert found(assertion("signature", held["signature"][:-8] + "AAAAAAAA")) == {("confirmation.signature", failed)}
    assert found(assertion("authenticator_data", unseen)) == {
        ("confirmation.person", failed), ("confirmation.signature", failed)
    }  # fmt: skip
    assert found(assertion("client_data", elsewhere)) == {
        ("confirmation.site", failed), ("confirmation.signature", failed)
    }  # fmt: skip
    nonce = found(lambda other, _: other["data"]["confirmed"].update(nonce="00" * 32))
    assert nonce == {("confirmation.what", failed)}
    unnamed = ("confirmation.whose", "not checked")
    assert found(lambda *_: None, beside=()) == {unnamed}
    stranger = {**registered, "actor": "customer:other"}
    assert found(lambda *_: None, beside=(stranger,)) == {unnamed}
    assert found(lambda *_: None, beside=(registered, leaf)) == {("confirmation.repeated", failed)}
    other_document = found(lambda other, _: other["data"]["command"].update(document_digest="0" * 64))
    assert other_document == {("confirmation.done", failed)}
    assert found(lambda other, _: other["data"].update(under={"power": "power_x"})) == {("confirmation.done", failed)}
    assert found(assertion("passkey", "passkey_" + "0" * 26)) == {("confirmation.whose", failed)}
    assert found(lambda other, _: other.update(kind="payments.transfer")) == {("confirmation.done", failed)}
    assert found(lambda other, _: other.update(actor="party_other")) == {("confirmation.done", failed), unnamed}
    unread = (
        base64.urlsafe_b64encode(assertions.unbase64(held["credential"]).replace(b"\x03\x26", b"\x03\x27"))
        .decode()
        .rstrip("=")
    )
    assert found(assertion("credential", unread)) == {("confirmation.key", "not checked"), unnamed}
