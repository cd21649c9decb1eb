"""Own keys in files: PKCS#8 in PEM, unencrypted, readable by their owner alone. Never writes a key over another."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from farthing.kit.errors import conflict
from farthing.kit.keys.libcrypto import Sm2Key
from farthing.kit.keys.model import UNREADABLE
from farthing.kit.keys.suites import SUITES, suite
from farthing.kit.words import Words

FILE_THERE = conflict(
    "keys.file_there",
    "There is a file {where} already; a key is never written over another file.",
    "已存在文件 {where}；密钥不会覆盖其他文件。",
)
LONGEST = 16_384
"""Bytes of a key's file or of a PIN's that are read."""
OPEN_TO_OTHERS = Words(
    "others may read the file; let its owner alone: chmod 600", "其他用户可读取该文件；请只允许属主读取：chmod 600"
)
_NO_FILE = Words("there is no such file, or it cannot be read", "没有该文件，或无法读取")
_NO_KEY = Words(
    "it holds no private key of P-256, Ed25519 or SM2 (PKCS#8 in PEM, without a password)",
    "其中没有 P-256、Ed25519 或 SM2 私钥（PEM 格式的 PKCS#8，不带口令）",
)


class P256Key:
    """A key on P-256 in this process."""

    algorithm = "p256"

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        self.public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sign(self, data: bytes) -> bytes:
        """ECDSA with SHA-256, DER."""
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))

    @property
    def pkcs8(self) -> bytes:
        """As its file holds it, DER."""
        return self._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


class Ed25519Key:
    """A key of Ed25519 in this process."""

    algorithm = "ed25519"

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """Ed25519, 64 bytes."""
        return self._key.sign(data)

    @property
    def pkcs8(self) -> bytes:
        """As its file holds it, DER."""
        return self._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


class NationalKey:
    """A key of SM2 in this process, held by libcrypto."""

    algorithm = "sm2"

    def __init__(self, key: Sm2Key) -> None:
        self._key = key
        self.public = SUITES["sm2"].raw(key.spki)

    def sign(self, data: bytes) -> bytes:
        """SM2 with SM3, DER."""
        return self._key.sign(data)

    @property
    def pkcs8(self) -> bytes:
        """As its file holds it, DER."""
        return self._key.pkcs8


InFile = P256Key | Ed25519Key | NationalKey


def fresh(algorithm: str) -> InFile:
    """A new key of a suite; refuses ``keys.unknown_suite``, ``keys.no_library``."""
    match suite(algorithm).name:
        case "ed25519":
            return Ed25519Key(Ed25519PrivateKey.generate())
        case "sm2":
            return NationalKey(Sm2Key.make())
        case _:
            return P256Key(ec.generate_private_key(ec.SECP256R1()))


def loaded(pkcs8: bytes) -> InFile:
    """A key from its PKCS#8, DER; ``ValueError`` where it is none of ours."""
    if SUITES["sm2"].prefix[12:22] in pkcs8[:40]:
        return NationalKey(Sm2Key(pkcs8))
    key = load_der_private_key(pkcs8, None)
    if isinstance(key, Ed25519PrivateKey):
        return Ed25519Key(key)
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name == "secp256r1":
        return P256Key(key)
    raise ValueError("it is a key of another algorithm")


def read_private(path: Path) -> bytes:
    """What a file for its owner alone holds; refuses ``keys.unreadable`` where others may read it too."""
    try:
        with path.open("rb") as file:
            if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o007:
                raise UNREADABLE(where=str(path), problem=OPEN_TO_OTHERS)
            return file.read(LONGEST)
    except OSError:
        raise UNREADABLE(where=str(path), problem=_NO_FILE) from None


def file_key(path: Path) -> InFile:
    """The key in a file; refuses ``keys.unreadable``."""
    text = read_private(path)
    try:
        _, head, rest = text.partition(b"-----BEGIN PRIVATE KEY-----")
        body, tail, _ = rest.partition(b"-----END PRIVATE KEY-----")
        if not head or not tail:
            raise ValueError("it is no PEM of a private key")
        return loaded(base64.b64decode(b"".join(body.split()), validate=True))
    except (ValueError, TypeError):
        raise UNREADABLE(where=str(path), problem=_NO_KEY) from None


def write_key(path: Path, key: InFile) -> None:
    """Write a key into a new file for its owner alone; refuses ``keys.file_there``."""
    body = base64.encodebytes(key.pkcs8)
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FILE_THERE(where=str(path)) from None
    except OSError:
        raise UNREADABLE(where=str(path), problem=_NO_FILE) from None
    with os.fdopen(made, "wb") as file:
        file.write(b"-----BEGIN PRIVATE KEY-----\n" + body + b"-----END PRIVATE KEY-----\n")
