"""Certificates of both suites: our chain read by openssl, openssl's read by us, and each way in which one does not hold."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import x509

from farthing.kit.errors import Refusal
from farthing.kit.keys import certificates
from farthing.kit.keys.certificates import ChainStatus, Issue, check_chain, issue
from farthing.kit.keys.files import InFile, file_key, fresh
from farthing.kit.keys.suites import SUITES
from farthing.kit.keys.tokens import make_key
from tests.kit.keys.test_suites import openssl
from tests.kit.keys.test_tokens import held

AT = datetime(2026, 11, 30, tzinfo=UTC)
ROOT = Issue("根 Root", AT - timedelta(days=1), AT + timedelta(days=9000), authority=True)
ISSUING = replace(ROOT, name="Issuing")
BANK = Issue("示范银行", AT, AT + timedelta(days=365))
ID = ["-vfyopt", "distid:1234567812345678"]
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="the openssl program is not installed")


def spki(key: InFile) -> bytes:
    return SUITES[key.algorithm].spki(key.public)


def chain(suite: str) -> tuple[list[bytes], list[InFile]]:
    """A bank's certificate, the issuer's and the root's, with their keys."""
    keys = [fresh(suite) for _ in range(3)]
    root = issue(ROOT, spki(keys[2]), keys[2])
    issuing = issue(ISSUING, spki(keys[1]), keys[2], root)
    return [issue(BANK, spki(keys[0]), keys[1], issuing), issuing, root], keys


@needs_openssl
@pytest.mark.parametrize("suite", ["p256", "sm2"])
def test_openssl_verifies_our_chain_and_our_request(suite: str, tmp_path: Path) -> None:
    (leaf, issuing, root), keys = chain(suite)
    for name, der in (("leaf", leaf), ("issuing", issuing), ("root", root)):
        (tmp_path / f"{name}.pem").write_text(certificates.write_pem("CERTIFICATE", der))
    distinguished = ID if suite == "sm2" else []
    options = ["-partial_chain", "-x509_strict", "-attime", str(int(AT.timestamp()) + 60), *distinguished]
    for below, above in (("leaf", "issuing"), ("issuing", "root")):  # the program takes the id for the first one only
        assert f"{below}.pem: OK" in openssl("verify", *options, "-CAfile", f"{above}.pem", f"{below}.pem", at=tmp_path)
    asked = certificates.request(keys[0], "示范银行")
    (tmp_path / "asked.pem").write_text(certificates.write_pem("CERTIFICATE REQUEST", asked))
    said = openssl("req", "-in", "asked.pem", "-verify", "-noout", *distinguished, at=tmp_path)
    assert "verify OK" in said
    assert certificates.requested(asked) == ("示范银行", spki(keys[0]))
    for wrong in (asked[:-1], asked[:-1] + bytes([asked[-1] ^ 1]), b"", leaf):
        with pytest.raises(Refusal) as refused:
            certificates.requested(wrong)
        assert refused.value.code == "keys.malformed_certificate"


@needs_openssl
def test_we_verify_the_chain_that_openssl_made_by_sm2(tmp_path: Path) -> None:
    for name in ("root", "leaf"):
        openssl("genpkey", "-algorithm", "SM2", "-out", f"{name}.key", at=tmp_path)
        (tmp_path / f"{name}.key").chmod(0o600)
    sign = ["-sm3", "-sigopt", "distid:1234567812345678"]
    openssl(
        "req",
        "-x509",
        "-new",
        "-key",
        "root.key",
        *sign,
        "-subj",
        "/CN=Root",
        "-days",
        "30",
        "-out",
        "root.pem",
        at=tmp_path,
    )
    openssl("req", "-new", "-key", "leaf.key", *sign, "-subj", "/CN=Bank", "-out", "leaf.req", at=tmp_path)
    made = ["x509", "-req", "-in", "leaf.req", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "9"]
    said = openssl(*made, *sign, *ID, "-out", "leaf.pem", at=tmp_path)
    root, leaf = (certificates.read_pem((tmp_path / f"{name}.pem").read_bytes())[0] for name in ("root", "leaf"))
    now = x509.Certificate.load(leaf).not_valid_before + timedelta(minutes=1)
    assert check_chain([leaf], [root], now) is ChainStatus.VERIFIED, said
    suite, public = certificates.public_key(leaf)
    assert (suite.name, public) == ("sm2", file_key(tmp_path / "leaf.key").public)


@pytest.mark.parametrize("suite", ["p256", "sm2"])
def test_a_chain_that_does_not_hold_says_why(suite: str) -> None:
    whole, keys = chain(suite)
    leaf, issuing, root = whole
    assert check_chain(whole, [root], AT) is ChainStatus.VERIFIED
    assert check_chain([leaf], [root], AT) is ChainStatus.UNTRUSTED
    assert check_chain(whole, [], AT) is ChainStatus.UNTRUSTED
    assert check_chain([], [root], AT) is ChainStatus.UNTRUSTED
    other = issue(ROOT, spki(keys[1]), keys[1])
    assert check_chain(whole, [other], AT) is ChainStatus.FORGED, "the same name, another key"
    assert check_chain(whole, [root], AT + timedelta(days=366)) is ChainStatus.OUT_OF_TIME
    assert check_chain(whole, [root], AT - timedelta(seconds=1)) is ChainStatus.OUT_OF_TIME
    below = issue(replace(BANK, name="Below"), spki(fresh(suite)), keys[0], leaf)
    assert check_chain([below, *whole], [root], AT) is ChainStatus.NO_AUTHORITY
    changed = x509.Certificate.load(leaf)
    changed["tbs_certificate"]["serial_number"] = 7
    assert check_chain([changed.dump(force=True), issuing], [root], AT) is ChainStatus.FORGED
    mixed = issue(BANK, spki(fresh("sm2" if suite == "p256" else "p256")), keys[1], issuing)
    assert check_chain([mixed, issuing], [root], AT) is ChainStatus.VERIFIED, (
        "an authority may certify another suite's key"
    )
    with pytest.raises(Refusal) as refused:
        issue(BANK, spki(keys[0]), keys[0], issuing)
    assert refused.value.code == "keys.malformed_certificate", "a key that is not the issuer's"
    with pytest.raises(Refusal) as refused:
        certificates.request(fresh("ed25519"), "Bank")
    assert refused.value.code == "keys.suite_cannot"


def test_a_token_certifies(tokens: Path) -> None:
    key = make_key(held(tokens), "authority", "p256")
    root = issue(ROOT, SUITES["p256"].spki(key.public), key)
    leaf = issue(BANK, spki(fresh("sm2")), key, root)
    assert check_chain([leaf], [root], AT) is ChainStatus.VERIFIED
