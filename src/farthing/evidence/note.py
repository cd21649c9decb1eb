"""Own the text forms of C2SP: signed notes, checkpoints, verifier keys, witness cosignatures, ``.tlog-proof`` files.

Sources: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature (Ed25519, v1) and
c2sp.org/tlog-proof. Signatures are Ed25519 (RFC 8032), or of a suite that has no number there, by the type ``ff`` and a name of
our own; base64 is RFC 4648 section 4. Never does I/O.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farthing.evidence.model import Proof, Signer
from farthing.kit.errors import malformed
from farthing.kit.keys.suites import SUITES
from farthing.kit.words import Words

PROOF_HEADER = "c2sp.org/tlog-proof@v1"
LONGEST_SIZE = 15
"""Digits of a size that is believed."""
NOTE_SIGNATURE = 0x01
COSIGNATURE = 0x04
ED25519 = "ed25519"
OWN_TYPES = {b"\xfffarthing/p256-with-sha256\n": "p256", b"\xfffarthing/sm2-with-sm3\n": "sm2"}
"""Signature types without a number (c2sp.org/signed-note: ``ff``, then a longer name), each with its suite; the public key that
follows is a point of 65 bytes, the signature is DER."""
_MARKS = {suite: mark for mark, suite in OWN_TYPES.items()}

BAD_NOTE = malformed(
    "evidence.malformed_note",
    "The text is not a C2SP {what}: {problem}.",
    "该文本不是 C2SP {what}：{problem}。",
)


class NoteStatus(Enum):
    """What checking a signature on a note found."""

    VERIFIED = "verified"
    UNSIGNED = "no signature by this key"
    FORGED = "the signature by this key does not verify"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A named public key for one signature type (C2SP vkey); ``algorithm`` is the number of Ed25519's two types."""

    name: str
    public: bytes
    algorithm: int = NOTE_SIGNATURE
    suite: str = ED25519

    @property
    def marked(self) -> bytes:
        """The signature type and the key."""
        return (bytes([self.algorithm]) if self.suite == ED25519 else _MARKS[self.suite]) + self.public

    @property
    def ident(self) -> bytes:
        """The 4-byte key id: start of SHA-256 of name, newline, type and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.marked).digest()[:4]

    def __str__(self) -> str:
        """``name+hex id+base64(type || key)``."""
        return f"{self.name}+{self.ident.hex()}+{_b64(self.marked)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a vkey line; refuses ``evidence.malformed_note``."""
        name, _, rest = text.strip().partition("+")
        ident, _, key = rest.partition("+")
        raw = _unb64(key, "vkey")
        made = cls._unmarked(name, raw)
        if not name or made is None:
            raise BAD_NOTE(
                what="vkey",
                problem=Words("it is not name+id+key of a known signature type", "不是已知签名类型的“名称+编号+密钥”"),
            )
        if made.ident.hex() != ident:
            raise BAD_NOTE(what="vkey", problem=Words("its id does not belong to its key", "编号与密钥不符"))
        return made

    @classmethod
    def _unmarked(cls, name: str, raw: bytes) -> VerifierKey | None:
        if raw[:1] in {bytes([NOTE_SIGNATURE]), bytes([COSIGNATURE])} and len(raw) == 33:
            return cls(name, raw[1:], raw[0])
        for mark, suite in OWN_TYPES.items():
            if raw.startswith(mark) and len(raw) == len(mark) + SUITES[suite].public_bytes:
                return cls(name, raw[len(mark) :], suite=suite)
        return None


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a checkpoint says: whose log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True)
class Ed25519Signer:
    """Signs with a 32-byte Ed25519 seed under ``name``."""

    name: str
    seed: bytes
    algorithm: str = ED25519

    @property
    def public(self) -> bytes:
        """Public key, 32 bytes."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        """A signature, 64 bytes (RFC 8032)."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def checkpoint_text(head: TreeHead) -> str:
    """The three lines of a checkpoint (c2sp.org/tlog-checkpoint), newline at the end."""
    return f"{head.origin}\n{head.size}\n{_b64(head.root)}\n"


def signature_line(key: VerifierKey, signature: bytes) -> str:
    """``— name base64(id || signature)``, without the newline."""
    return f"— {key.name} {_b64(key.ident + signature)}"


def size_line(answer: bytes) -> int | None:
    """The size that a witness answers where it saw another one last: decimal digits and a newline (tlog-witness)."""
    digits = answer.removesuffix(b"\n")
    return int(digits) if digits.isdigit() and len(digits) <= LONGEST_SIZE else None


def split(note: str) -> tuple[str, list[str]]:
    """The signed text and the signature lines of a note; refuses ``evidence.malformed_note``."""
    text, gap, tail = note.rpartition("\n\n")
    lines = tail.splitlines()
    if not gap or not lines or not note.endswith("\n") or any(not line.startswith("— ") for line in lines):
        raise BAD_NOTE(
            what=Words("signed note", "签名文本"),
            problem=Words("it is not text, an empty line and signature lines", "不是由正文、空行和签名行组成"),
        )
    return text + "\n", lines


def parse_checkpoint(note: str) -> TreeHead:
    """Read a checkpoint's three lines, signatures unchecked; refuses ``evidence.malformed_note``."""
    return _head(split(note)[0].splitlines())


def parse_text(text: str) -> TreeHead:
    """Read a checkpoint's three lines that nobody signed yet, and nothing else; refuses ``evidence.malformed_note``."""
    found = _head(text.splitlines())
    if checkpoint_text(found) != text:
        problem = Words("there is more than an origin, a size and a root", "除来源、大小与根外还有其他内容")
        raise BAD_NOTE(what="checkpoint", problem=problem)
    return found


def _head(lines: list[str]) -> TreeHead:
    if len(lines) < 3 or not lines[0] or not lines[1].isascii() or not lines[1].isdecimal():
        raise BAD_NOTE(what="checkpoint", problem=Words("it needs an origin, a size and a root", "须有来源、大小与根"))
    root = _unb64(lines[2], "checkpoint")
    if str(int(lines[1])) != lines[1] or len(root) != 32:
        raise BAD_NOTE(
            what="checkpoint", problem=Words("its size or root is not written as it must be", "大小或根的写法有误")
        )
    return TreeHead(lines[0], int(lines[1]), root)


def verify(note: str, key: VerifierKey) -> NoteStatus:
    """Check the signature of ``key`` on a note; a note signature or a v1 cosignature, by its type."""
    text, lines = split(note)
    for line in lines:
        name, _, value = line.removeprefix("— ").partition(" ")
        raw = _unb64(value, "signed note")
        if name != key.name or raw[:4] != key.ident:
            continue
        message, signature = text.encode(), raw[4:]
        if key.algorithm == COSIGNATURE:
            message, signature = _cosigned(int.from_bytes(raw[4:12], "big"), text), raw[12:]
        good = SUITES[key.suite].verify(key.public, signature, message)
        return NoteStatus.VERIFIED if good else NoteStatus.FORGED
    return NoteStatus.UNSIGNED


def uncosigned(signed: str, vkeys: Sequence[str]) -> list[str]:
    """Who of some witnesses has no line on a note that its key verifies: their names."""
    keys = [VerifierKey.parse(vkey) for vkey in vkeys]
    return [key.name for key in keys if verify(signed, key) is not NoteStatus.VERIFIED]


def cosign(note: str, signer: Signer, seconds: int) -> str:
    """A witness's line for a checkpoint, made at POSIX time ``seconds`` (c2sp.org/tlog-cosignature, Ed25519)."""
    text, _ = split(note)
    signature = seconds.to_bytes(8, "big") + signer.sign(_cosigned(seconds, text))
    return signature_line(VerifierKey(signer.name, signer.public, COSIGNATURE), signature)


def _cosigned(seconds: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def render_proof(proof: Proof, note: str) -> str:
    """A ``.tlog-proof`` file: index, audit path, and the checkpoint verbatim (c2sp.org/tlog-proof)."""
    hashes = "".join(_b64(item) + "\n" for item in proof.hashes)
    return f"{PROOF_HEADER}\nindex {proof.position}\n{hashes}\n{note}"


def parse_proof(text: str) -> tuple[int, list[bytes], str]:
    """Read a ``.tlog-proof`` file: position, audit path, note; refuses ``evidence.malformed_note``."""
    head, _, note = text.partition("\n\n")
    lines = head.splitlines()
    if lines[1:2] and lines[1].startswith("extra "):
        del lines[1]
    index = lines[1].removeprefix("index ") if len(lines) > 1 else ""
    if lines[:1] != [PROOF_HEADER] or not index.isascii() or not index.isdecimal():
        raise BAD_NOTE(what="tlog-proof", problem=Words("it needs its header and an index line", "须有其首行与序号行"))
    return int(index), [_unb64(line, "tlog-proof") for line in lines[2:]], note


def witness_request(old_size: int, proof: Sequence[bytes], note: str) -> str:
    """The body of a c2sp.org/tlog-witness add-checkpoint request."""
    return f"old {old_size}\n" + "".join(_b64(item) + "\n" for item in proof) + f"\n{note}"


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unb64(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BAD_NOTE(what=what, problem=Words("it holds text that is not base64", "含有非 base64 的文本")) from None
