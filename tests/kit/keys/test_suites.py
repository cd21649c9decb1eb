"""Suites on the examples of their standards, and against the openssl program both ways."""

from __future__ import annotations

import gc
import resource
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest
from asn1crypto.algos import DSASignature
from asn1crypto.core import Integer, OctetString, Sequence
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from farthing.kit.errors import Refusal
from farthing.kit.keys.files import NationalKey, file_key, fresh, write_key
from farthing.kit.keys.libcrypto import Sm2Key, Sm2Public
from farthing.kit.keys.suites import SUITES, Use, suite_for

MESSAGE = b"what is signed"
ID = "1234567812345678"

# GB/T 32918.5-2017 (and draft-shen-sm2-ecdsa), the curve of the standard; the same pair signs and decrypts
PRIVATE = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
PUBLIC = (
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
C1_X = 0x04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73
C1_Y = 0xE858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0
C2 = "21886ca989ca9c7d58087307ca93092d651efa"
C3 = "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"


class Encrypted(Sequence):  # type: ignore[misc]
    """A text encrypted by SM2 (GM/T 0009)."""

    _fields: ClassVar = [("x", Integer), ("y", Integer), ("hash", OctetString), ("cipher", OctetString)]


def standards_key() -> Sm2Key:
    """The private key of the standard's examples, as PKCS#8."""
    inner = bytes.fromhex("306b0201010420" + PRIVATE + "a144034200" + PUBLIC)
    algorithm = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
    body = b"\x02\x01\x00" + algorithm + b"\x04" + bytes([len(inner)]) + inner
    return Sm2Key(b"\x30\x81" + bytes([len(body)]) + body)


def openssl(*arguments: str, at: Path) -> str:
    """Run the openssl program."""
    done = subprocess.run(["openssl", *arguments], cwd=at, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_sm2_signs_and_decrypts_as_the_standard_shows() -> None:
    public = Sm2Public(SUITES["sm2"].spki(bytes.fromhex(PUBLIC)))
    signature = DSASignature({"r": R, "s": S}).dump()
    assert public.verify(signature, b"message digest")
    assert not public.verify(signature, b"message digesT")
    assert not public.verify(signature, b"message digest", b"8765432187654321"), "Z is of the signer's id"
    assert not public.verify(DSASignature({"r": R, "s": S - 1}).dump(), b"message digest")
    key = standards_key()
    assert SUITES["sm2"].raw(key.spki).hex() == PUBLIC
    sealed = Encrypted({"x": C1_X, "y": C1_Y, "hash": bytes.fromhex(C3), "cipher": bytes.fromhex(C2)})
    assert key.decrypt(sealed.dump()) == b"encryption standard"
    sealed["cipher"] = bytes.fromhex(C2)[:-1] + b"\0"
    assert key.decrypt(sealed.dump(force=True)) is None
    assert Sm2Key.make().decrypt(public.encrypt(b"hers")) is None
    assert key.decrypt(public.encrypt(b"hers")) == b"hers"


def test_sm3_and_sm4_are_those_of_the_standards() -> None:
    digest = SUITES["sm2"].digest
    assert digest(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert digest(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")  # GB/T 32907, and RFC 8998 for GCM
    block = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    assert block.update(key).hex() == "681edf34d206965e86b3e94f536e4246"
    sealed = Cipher(algorithms.SM4(key), modes.GCM(bytes.fromhex("00001234567800000000abcd"))).encryptor()
    sealed.authenticate_additional_data(bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    plain = bytes.fromhex("".join(letter * 16 for letter in "abcdefea"))
    assert (sealed.update(plain) + sealed.finalize()).hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    assert sealed.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


@pytest.mark.skipif(not shutil.which("openssl"), reason="the openssl program is not installed")
@pytest.mark.parametrize("name", sorted(SUITES))
def test_each_suite_and_openssl_read_each_other(name: str, tmp_path: Path) -> None:
    hashed = {"sm2": ["-digest", "sm3", "-pkeyopt", f"distid:{ID}"], "p256": ["-digest", "sha256"]}
    options = hashed.get(name, [])
    key, suite = fresh(name), SUITES[name]
    write_key(tmp_path / "key.pem", key)
    (tmp_path / "message").write_bytes(MESSAGE)
    (tmp_path / "public").write_bytes(suite.spki(key.public))
    (tmp_path / "ours").write_bytes(key.sign(MESSAGE))
    verify = ["pkeyutl", "-verify", "-rawin", "-in", "message", *options]
    said = openssl(*verify, "-pubin", "-keyform", "DER", "-inkey", "public", "-sigfile", "ours", at=tmp_path)
    assert "Verified Successfully" in said
    openssl(
        "pkeyutl", "-sign", "-rawin", "-in", "message", "-inkey", "key.pem", *options, "-out", "theirs", at=tmp_path
    )
    assert suite.verify(key.public, (tmp_path / "theirs").read_bytes(), MESSAGE)
    kinds = {"sm2": ["SM2"], "ed25519": ["ED25519"], "p256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]}
    openssl("genpkey", "-algorithm", *kinds[name], "-out", "made.pem", at=tmp_path)
    (tmp_path / "made.pem").chmod(0o600)
    theirs = file_key(tmp_path / "made.pem")
    assert theirs.algorithm == name
    assert suite.verify(theirs.public, theirs.sign(MESSAGE), MESSAGE)
    for other in SUITES.values():
        assert other.name == name or not other.verify(key.public, key.sign(MESSAGE), MESSAGE), (
            "no suite takes another's"
        )
    assert not suite.verify(theirs.public, key.sign(MESSAGE), MESSAGE)
    assert not suite.verify(key.public, key.sign(MESSAGE)[:-1], MESSAGE)
    assert not suite.verify(b"\x04" + bytes(suite.public_bytes - 1), key.sign(MESSAGE), MESSAGE)


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_holds_no_key_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(Refusal) as refused:
        file_key(path)
    assert refused.value.code == "keys.unreadable"


def test_what_a_suite_cannot_do_is_refused_when_it_is_chosen() -> None:
    able = {use: sorted(name for name in SUITES if use in SUITES[name].uses) for use in Use}
    assert able == {
        Use.DOCUMENTS: ["p256"],
        Use.CERTIFICATES: ["p256", "sm2"],
        Use.LOG: ["ed25519", "p256", "sm2"],
        Use.ENVELOPES: ["p256", "sm2"],
    }
    for use, names in able.items():
        for name in set(SUITES) - set(names):
            with pytest.raises(Refusal) as refused:
                suite_for(name, use)
            assert refused.value.code == "keys.suite_cannot"


def kilobytes() -> int:
    """The most that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_threads_share_a_key_and_nothing_is_left_behind() -> None:
    key, suite = fresh("sm2"), SUITES["sm2"]
    assert isinstance(key, NationalKey)

    def some(count: int) -> bool:
        signed = [key.sign(MESSAGE + bytes([each % 256])) for each in range(count)]
        return all(suite.verify(key.public, each, MESSAGE + bytes([n % 256])) for n, each in enumerate(signed[:10]))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(some, [40] * 16))
    assert fresh("sm2").sign(MESSAGE), "its key was freed after it had signed"


@pytest.mark.prove
def test_ten_thousand_signatures_and_keys_leave_no_memory_behind() -> None:
    key, suite = fresh("sm2"), SUITES["sm2"]

    def work() -> None:
        for number in range(10_000):
            signature = key.sign(MESSAGE)
            if number % 10 == 0:
                other = Sm2Key.make()
                assert suite.verify(key.public, signature, MESSAGE)
                assert not suite.verify(key.public, signature, b"other")
                assert other.decrypt(Sm2Public(other.spki).encrypt(MESSAGE)) == MESSAGE
                assert other.decrypt(b"none") is None
        gc.collect()

    work()
    before = kilobytes()
    work()
    assert kilobytes() - before < 2_000, "a context of 400 bytes left behind by each would be 4 MB"
