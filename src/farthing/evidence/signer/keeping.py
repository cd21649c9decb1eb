"""Own the folder of whoever follows a log and signs: its key, and the last tree that it signed.

``key.pem`` (PKCS 8, Ed25519) and ``last.txt`` (the last tree, the three lines of a checkpoint) are readable by their owner alone;
``key.txt`` is the verifier key, for everybody. A tree is on the disk before its signature leaves: written beside, flushed,
renamed, and the folder flushed. Never begins at nothing where a key is there and its last tree is not.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from farthing.evidence import merkle, note
from farthing.evidence.note import TreeHead, VerifierKey
from farthing.kit import disk
from farthing.kit.errors import Refusal, conflict
from farthing.kit.keys.files import Ed25519Key
from farthing.kit.keys.model import KeyHandle
from farthing.kit.keys.places import key_at
from farthing.kit.words import Words

FOLDER_UNUSABLE = conflict(
    "evidence.signer_folder",
    "The folder {folder} cannot be used for signing: {problem}.",
    "文件夹 {folder} 不能用于签名：{problem}。",
)
KEY, LAST, VKEY, LOCK = "key.pem", "last.txt", "key.txt", "lock"
ELSEWHERE = "key.at"
"""Where the key lies, if not in the folder: a file of another suite, or ``pkcs11:`` and a token."""
RETIRED = "retired.txt"
"""To which key a folder handed over; it signs nothing more."""
_OTHERS = 0o077


class Last(Protocol):
    """What remembers the last tree that was signed."""

    head: TreeHead

    def keep(self, head: TreeHead) -> None:
        """Remember another; raises ``OSError`` where it cannot, and the one before stays."""


@dataclass
class Remembered:
    """The last tree, in memory."""

    head: TreeHead

    def keep(self, head: TreeHead) -> None:
        """Remember another."""
        self.head = head


class Kept:
    """The last tree, in a file; one process at a time."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; refuses ``evidence.signer_folder`` where another process has it, it handed over to another,
        or its last tree cannot be read."""
        self._folder = folder
        lock = disk.locked(folder / LOCK)
        if lock is None:
            problem = Words("another process signs with it", "另有进程正在用其签名")
            raise FOLDER_UNUSABLE(folder=str(folder), problem=problem)
        self._lock = lock
        try:
            _check_unretired(folder)
            self.head = self._read()
        except Refusal:
            self.close()
            raise

    def _read(self) -> TreeHead:
        problem = Words(f"its last tree ({LAST}) cannot be read", f"无法读取其上次签署的树（{LAST}）")
        try:
            return note.parse_text((self._folder / LAST).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, Refusal):
            raise FOLDER_UNUSABLE(folder=str(self._folder), problem=problem) from None

    def keep(self, head: TreeHead) -> None:
        """Put another tree on the disk, whole or not at all."""
        disk.write(self._folder / LAST, note.checkpoint_text(head).encode(), 0o600)
        self.head = head

    def close(self) -> None:
        """Let another process have the folder."""
        with contextlib.suppress(OSError):
            os.close(self._lock)


def _check_unretired(folder: Path) -> None:
    if (folder / RETIRED).exists():
        problem = Words(
            f"it handed over to another key ({RETIRED}); start the signer of that one",
            f"其密钥已移交（见 {RETIRED}）；请启动接任密钥的签名进程",
        )
        raise FOLDER_UNUSABLE(folder=str(folder), problem=problem)


def make(
    folder: Path, name: str, algorithm: int = note.NOTE_SIGNATURE, *, seed: bytes | None = None,
    last: TreeHead | None = None, log: str = "", place: str = "",
) -> VerifierKey:  # fmt: skip
    """Make the key and the first last tree of a folder, or find the key that is there; answers the verifier key.

    ``place``: where a key lies that signs instead of one made here. ``seed`` and ``last``: a key that signed elsewhere
    before, and what. ``log``: the origin that is followed, where that is not ``name``. The last tree is written first: a key
    without it would sign anything.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / KEY).exists() and not (folder / ELSEWHERE).exists():
        disk.write(
            folder / LAST, note.checkpoint_text(last or TreeHead(log or name, 0, merkle.EMPTY_ROOT)).encode(), 0o600
        )
        if place:
            disk.write(folder / ELSEWHERE, f"{place}\n".encode(), 0o600)
        else:
            private = Ed25519PrivateKey.generate() if seed is None else Ed25519PrivateKey.from_private_bytes(seed)
            disk.write(folder / KEY, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
    key = key_in(folder)
    made = VerifierKey(name, key.public, algorithm, key.algorithm)
    if not (folder / VKEY).exists():
        disk.write(folder / VKEY, f"{made}\n".encode(), 0o644)
    return vkey_in(folder)


def key_in(folder: Path) -> KeyHandle:
    """The key that signs for a folder, which may lie elsewhere; refuses as :func:`private_in` and ``key_at`` do."""
    place = folder / ELSEWHERE
    if place.exists():
        return key_at(place.read_text(encoding="utf-8").strip())
    return Ed25519Key(private_in(folder))


def private_in(folder: Path) -> Ed25519PrivateKey:
    """The key of a folder; refuses ``evidence.signer_folder`` where others may read it, or it is none."""
    path = folder / KEY
    try:
        if path.stat().st_mode & _OTHERS:
            problem = Words(f"others may read {KEY}; it must be mode 0600", f"其他用户可读取 {KEY}；权限须为 0600")
            raise FOLDER_UNUSABLE(folder=str(folder), problem=problem)
        found = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        found = None
    if not isinstance(found, Ed25519PrivateKey):
        problem = Words(f"it holds no Ed25519 key ({KEY})", f"其中没有 Ed25519 密钥（{KEY}）")
        raise FOLDER_UNUSABLE(folder=str(folder), problem=problem)
    return found


def vkey_in(folder: Path) -> VerifierKey:
    """The verifier key that a folder tells everybody; refuses ``evidence.signer_folder``."""
    try:
        return VerifierKey.parse((folder / VKEY).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, Refusal):
        problem = Words(f"it holds no verifier key ({VKEY})", f"其中没有验证密钥（{VKEY}）")
        raise FOLDER_UNUSABLE(folder=str(folder), problem=problem) from None
