"""Own keys in tokens by PKCS#11: the key never leaves its device. A token's session is opened once and held, one call at a time.

The PIN is read from its file when a session is opened and kept nowhere. A PIN that was refused is not tried again until its
file changes: tokens lock themselves after a few. Where the token was taken away, the next signature opens a session anew.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto.algos import DSASignature
from asn1crypto.core import OctetString
from pkcs11.exceptions import (
    MultipleObjectsReturned,
    NoSuchKey,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
)

from farthing.kit.errors import Refusal, conflict
from farthing.kit.keys.files import read_private
from farthing.kit.keys.model import NO_TOKEN, PIN_WRONG, UNREADABLE, Slot
from farthing.kit.keys.suites import SUITES
from farthing.kit.words import Words

KEY_THERE = conflict(
    "keys.label_taken",
    "The token {token} has a key named {label} already; choose another name.",
    "密码设备 {token} 中已有名为 {label} 的密钥；请另取名称。",
)
_CURVES = {"p256": bytes.fromhex("06082a8648ce3d030107"), "ed25519": bytes.fromhex("130c656477617264733235353139")}
"""The parameters (CKA_EC_PARAMS) of the curves that tokens have here; Ed25519 by its printable name (PKCS#11 3.0)."""
_ED25519_OID = bytes.fromhex("06032b6570")
PIN_TROUBLE = (PinIncorrect, PinInvalid, PinLenRange, PinLocked)
_NO_KEY = Words("it has no key of that name, or several", "其中没有该名称的密钥，或有多个")
_NO_ALGORITHM = Words("the key is neither on P-256 nor of Ed25519", "该密钥既不是 P-256，也不是 Ed25519")


class Module:
    """The library of a token, loaded once a process: begun anew where a token was not found, and in a process that was forked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.lock = threading.RLock()
        self.begun, self._by = 0, 0

    def ready(self, *, anew: bool = False) -> Any:
        """The library; ``anew``: it looks again for tokens, and whoever holds a session of it opens another."""
        library = pkcs11.lib(str(self._path))
        if anew or (self._by and self.forked):
            library.reinitialize()
        if anew or self.forked:
            self.begun, self._by = self.begun + 1, os.getpid()
        return library

    @property
    def forked(self) -> bool:
        """Whether another process than this one began it."""
        return self._by != os.getpid()


class Token:
    """A token's one session in this process, opened when it is first needed and again when it was lost."""

    def __init__(self, slot: Slot, module: Module) -> None:
        self.slot, self._module = slot, module
        self._session: Any = None
        self._begun, self._opened = 0, 0
        self._anew = False
        self._refused_pin: bytes | None = None

    @contextmanager
    def session(self) -> Iterator[tuple[Any, int]]:
        """The session and its number, alone with it; refuses ``keys.no_token``, ``keys.pin_wrong``."""
        with self._module.lock:
            if self._session is None or self._begun != self._module.begun or self._module.forked:
                self._session = self._open()
                self._begun, self._opened = self._module.begun, self._opened + 1
            try:
                yield self._session, self._opened
            except PKCS11Error as error:
                self._session = None
                raise self._silent(error) from None

    def look_again(self) -> None:
        """The next signature opens a session anew, of a library begun anew: what was not found may be there by then."""
        with self._module.lock:
            self._session, self._anew = None, True

    def _open(self) -> Any:
        """A session, the library begun anew if it does not open at once: it may not have seen the token being put in."""
        pin = read_private(self.slot.pin_file).strip()
        if hashlib.sha256(pin).digest() == self._refused_pin:
            raise self._wrong()
        try:
            try:
                return self._logged_in(pin, anew=self._anew)
            except PIN_TROUBLE:
                raise
            except PKCS11Error:
                return self._logged_in(pin, anew=True)
        except PIN_TROUBLE:
            self._refused_pin = hashlib.sha256(pin).digest()
            raise self._wrong() from None
        except (PKCS11Error, UnicodeDecodeError) as error:
            raise self._silent(error) from None

    def _logged_in(self, pin: bytes, *, anew: bool) -> Any:
        found = self._module.ready(anew=anew).get_token(token_label=self.slot.token)
        session = found.open(user_pin=pin.decode(), rw=True)
        self._anew = False
        return session

    def _wrong(self) -> Refusal:
        return PIN_WRONG(token=self.slot.token, file=str(self.slot.pin_file))

    def _silent(self, error: Exception) -> Refusal:
        return NO_TOKEN(token=self.slot.token, problem=type(error).__name__)


@lru_cache(maxsize=16)
def _module(path: Path) -> Module:
    return Module(path)


@lru_cache(maxsize=16)
def token(slot: Slot) -> Token:
    """The one object of a token in this process."""
    return Token(slot, _module(slot.module))


class TokenKey:
    """A key in a token, by its label: P-256 or Ed25519."""

    def __init__(self, held: Token, label: str) -> None:
        self._token, self._label = held, label
        self._found: tuple[int, Any] = (0, None)
        with held.session() as (session, generation):
            key = self._key(session, generation)
            self.algorithm, self.public = _public(session, key, self._where)

    @property
    def _where(self) -> str:
        return f"{self._token.slot.token}/{self._label}"

    def _key(self, session: Any, generation: int) -> Any:
        """The private key's handle, looked up once a session."""
        if self._found[0] != generation:
            try:
                found = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=self._label)
            except (NoSuchKey, MultipleObjectsReturned):
                self._token.look_again()
                raise UNREADABLE(where=self._where, problem=_NO_KEY) from None
            self._found = generation, found
        return self._found[1]

    def sign(self, data: bytes) -> bytes:
        """A signature by the token; refuses ``keys.no_token``, ``keys.pin_wrong``, ``keys.unreadable``."""
        with self._token.session() as (session, generation):
            key = self._key(session, generation)
            if self.algorithm == "ed25519":
                return bytes(key.sign(data, mechanism=pkcs11.Mechanism.EDDSA))
            digest = SUITES["p256"].digest(data)
            return bytes(DSASignature.from_p1363(key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)).dump())


def make_key(held: Token, label: str, algorithm: str) -> TokenKey:
    """Make a key in a token, which it never leaves; refuses ``keys.label_taken``."""
    kind = pkcs11.KeyType.EC_EDWARDS if algorithm == "ed25519" else pkcs11.KeyType.EC
    with held.session() as (session, _):
        if any(True for _ in session.get_objects({pkcs11.Attribute.LABEL: label})):
            raise KEY_THERE(token=held.slot.token, label=label)
        curve = {pkcs11.Attribute.EC_PARAMS: _CURVES[algorithm]}
        parameters = session.create_domain_parameters(kind, curve, local=True)
        if algorithm == "ed25519":
            parameters.generate_keypair(mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=label)
        else:
            parameters.generate_keypair(store=True, label=label)
    return TokenKey(held, label)


def _public(session: Any, key: Any, where: str) -> tuple[str, bytes]:
    """The suite of a key in a token, and its raw public key, from the public half that lies beside it."""
    try:
        public = session.get_key(object_class=pkcs11.ObjectClass.PUBLIC_KEY, label=key.label)
    except (NoSuchKey, MultipleObjectsReturned):
        raise UNREADABLE(where=where, problem=_NO_KEY) from None
    curve, point = bytes(public[pkcs11.Attribute.EC_PARAMS]), bytes(public[pkcs11.Attribute.EC_POINT])
    algorithm = next((name for name, known in _CURVES.items() if known == curve), None)
    if curve == _ED25519_OID:
        algorithm = "ed25519"
    if algorithm is None:
        raise UNREADABLE(where=where, problem=_NO_ALGORITHM)
    raw = OctetString.load(point).native if len(point) != SUITES[algorithm].public_bytes else point
    return algorithm, bytes(raw)
