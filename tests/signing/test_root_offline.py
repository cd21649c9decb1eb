"""The root's key leaves the bank: signing goes on, what needs the root says so; its own key alone takes it out, or back in."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from farthing.bank.founding import agreed
from farthing.kit.errors import Refusal
from farthing.signing import root_service as roots
from farthing.signing import service as signing
from farthing.signing.keys import OFFLINE, make_key
from farthing.signing.root_service import BringRootBack, TakeRootOffline
from tests.banks import Bank
from tests.signing.agreements.desk import Desk


def shown(bank: Bank, key: Any) -> TakeRootOffline:
    said = roots.possession(bank.read(roots.certificate))
    return TakeRootOffline(base64.b64encode(key.sign(said, ec.ECDSA(hashes.SHA256()))).decode())


def der(key: Any) -> bytes:
    return bytes(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def test_the_roots_key_leaves_and_comes_back(bank: Bank) -> None:
    desk = Desk(bank)
    with pytest.raises(Refusal) as none:
        bank.read(roots.root_key)
    assert none.value.code == "signing.no_root"
    before = desk.draw("a1")
    key, certificate = bank.read(roots.root_key)
    other = make_key()
    for wrong in (TakeRootOffline(base64.b64encode(b"x").decode()), shown(bank, other)):
        assert desk.refused(roots.take_offline, wrong) == "signing.not_the_roots_key"
    agreed(bank.kernel, roots.take_offline, shown(bank, key))
    found = bank.read(roots.told)
    assert found.offline and found.list_until > "2035"
    rows = bank.read(
        lambda tx: [bytes(each["key"]) for each in tx.rows("SELECT key FROM signing_key WHERE role = 'root'")]
    )
    assert all(each.startswith(OFFLINE) and der(key)[-100:-70] not in each for each in rows)
    with pytest.raises(Refusal) as away:
        bank.read(roots.root_key)
    assert away.value.code == "signing.root_offline_already"
    for who in (desk.elder, desk.helper):
        desk.sign(before, who)
    assert desk.seal(before).state == "in_force"
    status = bank.read(lambda tx: signing.status(tx, before.id))
    assert status.sealed and status.findings == () and all(each.revocation_current for each in status.signatures)
    assert desk.draw("a2").state == "waits", "signing goes on by the issuing authority"
    later = x509.load_der_x509_certificate(
        next(cert for role, _, cert, _ in bank.read(signing.newest_keys) if role == "tsa")
    ).not_valid_after_utc - timedelta(days=300)
    with pytest.raises(Refusal) as needs:
        bank.read(lambda tx: signing.timestamper(replace(tx, now=later)))
    assert needs.value.code == "signing.root_offline"
    wrong_back = BringRootBack(base64.b64encode(der(other)).decode())
    assert desk.refused(roots.bring_back, wrong_back) == "signing.not_the_roots_key"
    assert desk.refused(roots.bring_back, BringRootBack("AAAA")) == "signing.not_the_roots_key"
    bank.run(roots.bring_back, BringRootBack(base64.b64encode(der(key)).decode()))
    assert not bank.read(roots.told).offline and bank.read(roots.root_key)[1] == certificate
