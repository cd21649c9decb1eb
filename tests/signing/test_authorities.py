"""Keys, certificates, lists and time stamps of the sandbox: what each states, what it refuses, and that ``openssl`` reads it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_public_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import InvariantBroken, Refusal
from farthing.signing import ca, keys
from farthing.signing.ca import Revoked
from farthing.signing.model import Kind, Subject
from farthing.signing.tsa import POLICY, _Rejected
from tests.signing.house import authorities, spki
from tests.signing.made import MADE_AT

PERSON = Subject("party_1", "林美", Kind.PERSON, 2)


def issued(subject: Subject = PERSON) -> x509.Certificate:
    house = authorities()
    return x509.load_der_x509_certificate(house.authority().issue(subject, spki(), MADE_AT).certificate)


def test_a_one_time_key_signs_once_and_is_gone() -> None:
    key = keys.OneTimeKey()
    signature = key.sign(b"once")
    public = load_der_public_key(key.public_key)
    assert isinstance(public, ec.EllipticCurvePublicKey) and key.destroyed
    public.verify(signature, b"once", ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvariantBroken):
        key.sign(b"twice")


def test_a_held_key_signs_as_often_as_it_is_asked() -> None:
    held = keys.HeldKey(keys.make_key())
    assert held.sign(b"a") != held.sign(b"a") and held.public_key == held.public_key


@given(st.one_of(st.none(), st.text(min_size=1, max_size=20)), st.sampled_from(["p256", "sm2"]))
def test_a_wrapped_key_comes_back_under_its_secret_alone(secret: str | None, suite: str) -> None:
    key, vault = keys.make_key(), keys.Vault(secret, suite)
    kept = vault.wrap(key)
    assert keys.public_bytes(vault.unwrap(kept)) == keys.public_bytes(key)
    if secret is not None:
        for wrong in (None, f"{secret}x"):
            with pytest.raises(InvariantBroken):
                keys.Vault(wrong).unwrap(kept)
        torn = kept[:-1] + bytes([kept[-1] ^ 1])
        with pytest.raises(InvariantBroken):
            vault.unwrap(torn)


def test_what_was_sealed_before_opens_after_a_change_of_suite_and_secret() -> None:
    key = keys.make_key()
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    nonce, ours = b"n" * 12, hashlib.sha256(b"farthing signing keys\0the first").digest()
    oldest = b"\x01" + nonce + AESGCM(ours).encrypt(nonce, plain, None)  # as it was written until 2026-11
    seed = b"\x01" + nonce + AESGCM(ours).encrypt(nonce, b"a seed", b"secret")
    older = keys.Vault("the first").wrap(key)
    now = keys.Vault("the second", "sm2", "the first")
    for kept in (oldest, older, b"\0" + plain):
        assert keys.public_bytes(now.unwrap(kept)) == keys.public_bytes(key)
        again = now.again(kept, keys.KEYS)
        assert again.startswith(now.head) and not kept.startswith(now.head)
        assert keys.public_bytes(keys.Vault("the second").unwrap(again)) == keys.public_bytes(key), "without the first"
    assert now.unseal(seed) == b"a seed"
    for stranger in (keys.Vault("the second"), keys.Vault("third", "sm2"), keys.Vault(None)):
        with pytest.raises(InvariantBroken):
            stranger.unwrap(oldest)
        with pytest.raises(InvariantBroken):
            stranger.unseal(seed)


@given(st.binary(max_size=200), st.one_of(st.none(), st.text(min_size=1, max_size=20)))
def test_a_sealed_secret_is_never_read_as_a_key(plain: bytes, secret: str | None) -> None:
    vault = keys.Vault(secret)
    kept = vault.seal(plain)
    assert vault.unseal(kept) == plain
    if secret is not None:
        assert plain == b"" or len(plain) < 4 or plain not in kept
        with pytest.raises(InvariantBroken):
            vault.unwrap(kept)
        with pytest.raises(InvariantBroken):
            keys.Vault(None).unseal(kept)


def test_a_persons_certificate_lasts_a_day_and_an_organisations_a_year() -> None:
    person, organisation = issued(), issued(Subject("party_2", "示范银行", Kind.ORGANISATION, 2))
    for made, lifetime in ((person, timedelta(hours=24)), (organisation, timedelta(days=366))):
        assert made.not_valid_before_utc == MADE_AT - ca.SKEW and made.not_valid_after_utc == MADE_AT + lifetime
        usage = made.extensions.get_extension_for_class(x509.KeyUsage)
        assert usage.critical and usage.value.digital_signature and usage.value.content_commitment
        assert not usage.value.key_cert_sign
        assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert person.subject.get_attributes_for_oid(NameOID.USER_ID)[0].value == "party_1"
    assert organisation.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == "示范银行"


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=60))
def test_a_name_is_whole_in_its_certificate_and_cut_by_characters_in_the_common_name(name: str) -> None:
    made = issued(Subject("party_1", name, Kind.PERSON, 1))
    full = next(each.value for each in made.subject if each.oid.dotted_string == "2.5.4.41")
    short = made.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert full == name and len(str(short).encode()) <= 64 and name.startswith(str(short))


def test_nobody_below_the_level_gets_a_certificate() -> None:
    with pytest.raises(Refusal) as caught:
        issued(Subject("party_1", "林美", Kind.PERSON, 0))
    assert caught.value.code == "signing.level_too_low"


def test_a_list_speaks_of_its_moment_and_names_whom_it_must() -> None:
    house, made = authorities(), issued()
    revoked = Revoked(f"{made.serial_number:x}", MADE_AT - timedelta(hours=1))
    own, roots = (
        x509.load_der_x509_crl(der) for der in house.authority(revoked).revocation_lists(MADE_AT)
    )  # fmt: skip
    assert own.last_update_utc == roots.last_update_utc == MADE_AT
    assert own.next_update_utc == MADE_AT + timedelta(days=7)
    assert roots.next_update_utc == MADE_AT + timedelta(days=9 * 365)
    assert own.is_signature_valid(house.issuing.key.public_key())  # type: ignore[arg-type]
    named = own.get_revoked_certificate_by_serial_number(made.serial_number)
    assert named is not None and named.revocation_date_utc == revoked.at
    assert own.get_revoked_certificate_by_serial_number(made.serial_number + 1) is None and len(list(roots)) == 0


def test_the_time_stamping_authority_may_do_nothing_else() -> None:
    made = x509.load_der_x509_certificate(authorities().tsa.chain[0])
    usage = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.critical and list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def asked(**changes: object) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(b"x").digest()}
    request = {"version": 1, "message_imprint": imprint, "cert_req": True, "nonce": 7, **changes}
    return bytes(tsp.TimeStampReq(request).dump())


def test_a_token_says_what_was_asked_and_when() -> None:
    answer = tsp.TimeStampResp.load(authorities().tsa.answer(asked()))
    info = answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
    assert info["gen_time"].native == MADE_AT and info["policy"].native == POLICY and info["nonce"].native == 7
    assert info["message_imprint"]["hashed_message"].native == hashlib.sha256(b"x").digest()


@pytest.mark.parametrize(("request_", "failure"), [
    (b"", "bad_data_format"),
    (b"\x30\x03\x02\x01\x01", "bad_data_format"),
    (asked(version=2), "bad_request"),
    (asked(req_policy="1.2.3"), "unaccepted_policy"),
    (asked(message_imprint={"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": b"1" * 20}), "bad_alg"),
    (asked(message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"1" * 20}), "bad_data_format"),
])  # fmt: skip
def test_what_cannot_be_stamped_is_rejected_with_its_reason(request_: bytes, failure: str) -> None:
    status = _Rejected.load(authorities().tsa.answer(request_))["status"]
    assert status["status"].native == "rejection" and failure in status["fail_info"].native


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_believes_the_token_and_the_chain(tmp_path: Path) -> None:
    house = authorities()
    files = {
        "token": house.tsa.stamp(hashlib.sha256(b"text").digest()), "text": b"text", "other": b"texts",
        "root.pem": house.root.certificate.public_bytes(Encoding.PEM),
        "tsa.pem": x509.load_der_x509_certificate(house.tsa.chain[0]).public_bytes(Encoding.PEM),
    }  # fmt: skip
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    at = str(int(MADE_AT.timestamp()))
    for data, holds in (("text", True), ("other", False)):
        command = (
            f"openssl ts -verify -token_in -in token -data {data} -CAfile root.pem -untrusted tsa.pem -attime {at}"
        )
        done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) is holds, done.stderr
