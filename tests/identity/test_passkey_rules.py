"""What a device's answer proves: the vectors of the standard, each altered in each way, and counters that go back."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, CollectedClientData
from hypothesis import given
from hypothesis import strategies as st

from farthing.db.tx import Tx
from farthing.identity.authenticators import rules
from farthing.identity.authenticators.model import Assertion, Site
from farthing.kernel.operation import operation, secret
from farthing.kernel.proving.rules import Bound, challenge_of, how
from farthing.kernel.settings import Settings
from farthing.kernel.whose import ONESELF
from farthing.kit import base64url
from farthing.kit.actor import Actor, Proved
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.inputs import Secret
from farthing.kit.words import Words
from tests.identity.devices import SITE, Device

W3C = Site("https://example.org", "example.org")
FRAMED = {
    'ES256 Credential with "crossOrigin": true in clientDataJSON',
    'ES256 Credential with "topOrigin" in clientDataJSON',
}
CHALLENGE = base64url.encode(b"c" * 32)


@pytest.fixture
def vectors(shared_data: Path) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """Name, registration and assertion of each vector."""
    found = json.loads((shared_data / "webauthn" / "w3c_test_vectors.json").read_text(encoding="utf-8"))
    return [(each["name"], *each["values"][:2]) for each in found["vectors"] if len(each["values"]) > 1]


def text(vector: dict[str, str], name: str) -> str:
    return base64url.encode(bytes.fromhex(vector[name]))


def assertion(vector: dict[str, str], credential_id: str) -> Assertion:
    return Assertion(
        "challenge_1", credential_id, text(vector, "clientDataJSON"), text(vector, "authenticatorData"), text(vector, "signature")
    )  # fmt: skip


def made(vector: dict[str, str]) -> Any:
    challenge = bytes.fromhex(vector["challenge"])
    return rules.made(W3C, challenge, text(vector, "clientDataJSON"), text(vector, "attestationObject"))


def flags(octets: str) -> int:
    """The flags of authenticator data: byte 32."""
    return bytes.fromhex(octets)[32]


def test_every_vector_of_the_standard_is_taken_or_refused_for_what_it_lacks(vectors: list[Any]) -> None:
    seen = dict[str, int]()
    for name, registration, answer in vectors:
        attested = AttestationObject(bytes.fromhex(registration["attestationObject"]))
        assert attested.auth_data.credential_data is not None
        credential = bytes(attested.auth_data.credential_data)
        given = assertion(answer, base64url.encode(attested.auth_data.credential_data.credential_id))
        outcome, _ = rules.judge(W3C, bytes.fromhex(answer["challenge"]), credential, 0, given)
        verified = bool(flags(answer["authenticatorData"]) & 0x04)
        wanted = "foreign" if name in FRAMED else "ok" if verified else "unverified"
        assert outcome == wanted, name
        seen[outcome] = seen.get(outcome, 0) + 1
        registered = bool(bytes(attested.auth_data)[32] & 0x04)
        if name in FRAMED or not registered:
            with pytest.raises(Refusal) as caught:
                made(registration)
            assert caught.value.code == (
                "identity.passkey_foreign" if name in FRAMED else "identity.passkey_unverified"
            )
        else:
            found, _ = made(registration)
            assert bytes(found) == credential, name
    assert sum(seen.values()) == 15 and seen["ok"] >= 5 and seen["foreign"] == 2, seen


def test_the_signature_of_every_vector_holds_and_no_altered_one_does(vectors: list[Any]) -> None:
    """Also where our own rules refuse sooner: the library verifies all fifteen."""
    for name, registration, answer in vectors:
        credential = AttestationObject(bytes.fromhex(registration["attestationObject"])).auth_data.credential_data
        assert credential is not None
        data = (
            bytes.fromhex(answer["authenticatorData"])
            + CollectedClientData(bytes.fromhex(answer["clientDataJSON"])).hash
        )
        signature = bytes.fromhex(answer["signature"])
        credential.public_key.verify(data, signature)
        for wrong in (signature[:-1] + bytes([signature[-1] ^ 1]), b""):
            with pytest.raises(Exception):  # noqa: B017 - the kinds of keys each raise their own
                credential.public_key.verify(data, wrong)
        assert name


def judged(device: Device, answer: Assertion, count: int = 0, site: Site = SITE) -> str:
    public = ES256.from_cryptography_key(device.key.public_key())
    credential = AttestedCredentialData.create(b"\0" * 16, device.credential_id, public)
    return rules.judge(site, b"c" * 32, bytes(credential), count, answer)[0]


def test_each_fault_has_an_outcome_of_its_own() -> None:
    device = Device()
    good = device.sign("challenge_1", CHALLENGE)
    assert judged(device, good) == "ok"
    assert judged(device, device.sign("challenge_1", CHALLENGE, origin="https://bank.example.evil")) == "foreign"
    assert judged(device, device.sign("challenge_1", CHALLENGE, origin="http://bank.example")) == "foreign"
    assert judged(device, device.sign("challenge_1", CHALLENGE, crossOrigin=True)) == "foreign"
    assert judged(device, device.sign("challenge_1", CHALLENGE, type="webauthn.create")) == "foreign"
    elsewhere = replace(device, site=replace(SITE, rp_id="other.example"))
    assert judged(device, elsewhere.sign("challenge_1", CHALLENGE)) == "foreign"
    assert judged(device, device.sign("challenge_1", base64url.encode(b"d" * 32))) == "differs"
    assert judged(device, replace(device, verifies=False).sign("challenge_1", CHALLENGE)) == "unverified"
    assert judged(device, replace(good, signature=Device().sign("challenge_1", CHALLENGE).signature)) == "forged"
    assert judged(device, replace(good, credential_id=base64url.encode(b"another"))) == "forged"
    assert judged(device, good, count=device.counter) == "cloned"
    with pytest.raises(Refusal) as caught:
        judged(device, replace(good, client_data="e30"))
    assert caught.value.code == "identity.passkey_unreadable"


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_a_counter_goes_up_or_the_key_was_copied_and_one_that_never_counts_is_none(stored: int, carried: int) -> None:
    assert rules.is_cloned(stored, carried) == (not (stored == 0 and carried == 0) and carried <= stored)


@given(st.binary(min_size=32, max_size=32), st.text(min_size=1), st.text(min_size=1))
def test_what_was_confirmed_holds_for_that_text_alone(nonce: bytes, shown: str, done: str) -> None:
    shown, done = (each.encode("utf-8", "replace").decode() for each in (shown, done))
    bound = Bound("challenge_1", nonce, challenge_of(nonce, shown))
    assert bound.holds(shown) and bound.holds(done) == (shown == done)


@given(st.binary(max_size=2_000))
def test_bytes_come_back_out_of_text(octets: bytes) -> None:
    assert rules.to_bytes(base64url.encode(octets)) == octets


@given(st.text(max_size=300))
def test_whatever_a_browser_sends_is_read_or_refused(sent: str) -> None:
    with pytest.raises(Refusal) as caught:
        rules.assertion_of(sent)
    assert caught.value.code == "identity.passkey_unreadable"


def test_who_signed_in_lately_changes_a_way_in() -> None:
    now, minutes = datetime(2026, 3, 10, tzinfo=UTC), timedelta(minutes=10)
    herself = Actor("customer:1", frozenset(), "party_1", proved=Proved("password", now - minutes))
    rules.check_fresh(herself, now, minutes)
    rules.check_fresh(replace(herself, proved=None, by_key=True), now, minutes)
    for stale in (replace(herself, proved=None), replace(herself, proved=Proved("password", now - minutes * 1.1))):
        with pytest.raises(Refusal) as caught:
            rules.check_fresh(stale, now, minutes)
        assert caught.value.code == "identity.prove_again" and "10 minutes" in str(caught.value)


def test_the_site_is_the_address_that_was_set() -> None:
    assert rules.site_of("https://bank.example:8443", 1) == Site("https://bank.example:8443", "bank.example")
    assert rules.site_of(None, 8484) == Site("http://localhost:8484", "localhost")
    assert Settings(origin="HTTPS://Bank.Example/").origin == "https://bank.example"
    for wrong in ("bank.example", "http://bank.example", "https://bank.example/pages", "ftp://localhost"):
        with pytest.raises(ValueError, match="is no origin"):
            Settings(origin=wrong)


def test_a_leaf_says_how_and_when_its_person_was_proved() -> None:
    at = datetime(2026, 3, 10, tzinfo=UTC)
    herself = Actor("customer:1", frozenset(), "party_1", proved=Proved("passkey", at))
    assert how(herself, None) == {"how": "passkey", "at": at}
    assert how(herself, "attendance_1") == {"how": "assisted"}
    assert how(replace(herself, proved=None, is_program=True), None) == {"how": "program"}
    assert how(replace(herself, proved=None), None) is None


@dataclass(frozen=True)
class Typed:
    """A command with a secret in it."""

    password: Secret = secret()


def test_what_a_key_confirms_holds_no_secret_for_it_is_kept_as_it_was_shown() -> None:
    def typed(tx: Tx, command: Typed) -> Typed:
        return command

    declared = operation(
        "passkeys.typed",
        title=Words("Typed", "输入"),
        permission="identity:self",
        whose=ONESELF,
        by_key=lambda *_: None,
    )
    with pytest.raises(InvariantBroken, match="takes no secret"):
        declared(typed)
