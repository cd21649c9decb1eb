"""Own ``KeyHandle``: a key that signs and is never shown, wherever it lies. Pure: what a handle is and what is refused.

``public`` is raw, as the algorithm's own standard writes it: 32 bytes of Ed25519 (RFC 8032), the uncompressed point of 65 bytes
of a curve. A signature is 64 bytes of Ed25519, and DER of two numbers on a curve, which is what X.509, CMS and openssl take.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from farthing.kit.errors import declined, malformed

UNKNOWN_SUITE = malformed(
    "keys.unknown_suite",
    "There is no suite of algorithms {suite}; there are: {known}.",
    "没有密码套件 {suite}；可用的有：{known}。",
)
SUITE_CANNOT = declined(
    "keys.suite_cannot",
    "The suite {suite} cannot be used for {use}; choose one of: {able}.",
    "密码套件 {suite} 不能用于{use}；可选：{able}。",
)
NO_LIBRARY = declined(
    "keys.no_library",
    "This machine has no libcrypto of OpenSSL 3 with {needs}; install OpenSSL 3, or choose another suite.",
    "本机没有带 {needs} 的 OpenSSL 3 libcrypto；请安装 OpenSSL 3，或改用其他密码套件。",
)
UNREADABLE = declined(
    "keys.unreadable",
    "The key at {where} cannot be used ({problem}); nothing was signed.",
    "{where} 处的密钥无法使用（{problem}）；尚未签署。",
)
NO_TOKEN = declined(
    "keys.no_token",
    "The token {token} does not answer ({problem}); nothing is signed until it does.",
    "密码设备 {token} 没有响应（{problem}）；恢复之前不作任何签署。",
)
PIN_WRONG = declined(
    "keys.pin_wrong",
    "The token {token} does not take the PIN in {file}; it is not tried again until that file changes. Nothing was signed.",
    "密码设备 {token} 不接受 {file} 中的 PIN；该文件更改之前不再尝试。尚未签署。",
)


class KeyHandle(Protocol):
    """A key that signs: in a file, in a token, in another process."""

    @property
    def algorithm(self) -> str:
        """The suite whose signatures it makes: ``p256``, ``ed25519`` or ``sm2``."""

    @property
    def public(self) -> bytes:
        """The public key, raw."""

    def sign(self, data: bytes) -> bytes:
        """A signature over ``data``, which the suite hashes itself; may be asked by several threads at once."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Which token: the library that speaks to it, its label, and the file that holds its PIN."""

    module: Path
    token: str
    pin_file: Path
