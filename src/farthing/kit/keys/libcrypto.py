"""Own the one binding to the system's libcrypto (OpenSSL 3): SM2, which ``cryptography`` does not know. Never falls back.

Signatures are GB/T 32918.2 with SM3 over the Z value of the signer's id ``1234567812345678`` (GM/T 0009), encryption is GB/T
32918.4 as ASN.1 (GM/T 0009). The library is loaded at first use. What it hands out is freed by whoever asked, in ``finally``;
a key is freed with its object. A context belongs to one call, so that threads share keys and nothing else.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_size_t, c_ulong, c_void_p, create_string_buffer
from functools import lru_cache
from typing import Any

from farthing.kit.errors import InvariantBroken
from farthing.kit.keys.model import NO_LIBRARY

SIGNER_ID = b"1234567812345678"
"""The id that GM/T 0009 gives where none is agreed on, and that certificates are made with (GM/T 0015)."""
NAMES = ("libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll")
_OLDEST = 0x30000000
_NEEDS = "SM2"

_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "OpenSSL_version_num": (c_ulong, ()),
    "ERR_clear_error": (None, ()),
    "EVP_sm3": (c_void_p, ()),
    "EVP_PKEY_free": (None, (c_void_p,)),
    "EVP_PKEY_CTX_new_from_name": (c_void_p, (c_void_p, c_char_p, c_char_p)),
    "EVP_PKEY_CTX_new": (c_void_p, (c_void_p, c_void_p)),
    "EVP_PKEY_CTX_free": (None, (c_void_p,)),
    "EVP_PKEY_CTX_set1_id": (c_int, (c_void_p, c_char_p, c_size_t)),
    "EVP_PKEY_keygen_init": (c_int, (c_void_p,)),
    "EVP_PKEY_generate": (c_int, (c_void_p, POINTER(c_void_p))),
    "EVP_PKEY_is_a": (c_int, (c_void_p, c_char_p)),
    "d2i_AutoPrivateKey": (c_void_p, (c_void_p, POINTER(c_char_p), c_long)),
    "d2i_PUBKEY": (c_void_p, (c_void_p, POINTER(c_char_p), c_long)),
    "i2d_PUBKEY": (c_int, (c_void_p, POINTER(c_void_p))),
    "EVP_PKEY2PKCS8": (c_void_p, (c_void_p,)),
    "i2d_PKCS8_PRIV_KEY_INFO": (c_int, (c_void_p, POINTER(c_void_p))),
    "PKCS8_PRIV_KEY_INFO_free": (None, (c_void_p,)),
    "EVP_MD_CTX_new": (c_void_p, ()),
    "EVP_MD_CTX_free": (None, (c_void_p,)),
    "EVP_MD_CTX_set_pkey_ctx": (None, (c_void_p, c_void_p)),
    "EVP_DigestSignInit": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "EVP_DigestSign": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
    "EVP_DigestVerifyInit": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "EVP_DigestVerify": (c_int, (c_void_p, c_char_p, c_size_t, c_char_p, c_size_t)),
    "EVP_PKEY_encrypt_init": (c_int, (c_void_p,)),
    "EVP_PKEY_encrypt": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
    "EVP_PKEY_decrypt_init": (c_int, (c_void_p,)),
    "EVP_PKEY_decrypt": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t)),
}


@lru_cache(maxsize=1)
def linked() -> ctypes.CDLL:
    """The library, with the types of what is called; refuses ``keys.no_library``."""
    for name in NAMES:
        try:
            found = ctypes.CDLL(name)
            for function, (result, arguments) in _FUNCTIONS.items():
                getattr(found, function).restype = result
                getattr(found, function).argtypes = arguments
        except (OSError, AttributeError):
            continue
        if found.OpenSSL_version_num() >= _OLDEST:
            return found
    raise NO_LIBRARY(needs=_NEEDS)


class Sm2Public:
    """A public key of SM2, from its DER SubjectPublicKeyInfo; ``ValueError`` where it is none."""

    def __init__(self, spki: bytes) -> None:
        self._held = _held(_parsed("d2i_PUBKEY", spki))
        self.spki = spki

    def verify(self, signature: bytes, data: bytes, signer_id: bytes = SIGNER_ID) -> bool:
        """Whether a signature (DER) is this key's over ``data``, by a signer of that id."""
        with _digesting(self._held, signer_id, "EVP_DigestVerifyInit") as context:
            found = linked().EVP_DigestVerify(context, signature, len(signature), data, len(data))
        return _ended(bool(found == 1))

    def encrypt(self, plain: bytes) -> bytes:
        """A short text, such as a key, for whoever holds the private key."""
        return _crossed(self._held, "EVP_PKEY_encrypt", plain)


class Sm2Key:
    """A private key of SM2; ``ValueError`` where the bytes (PKCS#8, DER) are none."""

    def __init__(self, pkcs8: bytes) -> None:
        self._held = _held(_parsed("d2i_AutoPrivateKey", pkcs8))

    @classmethod
    def make(cls) -> Sm2Key:
        """A fresh key from the library's randomness."""
        library, made = linked(), c_void_p()
        context = _got(library.EVP_PKEY_CTX_new_from_name(None, b"SM2", None))
        try:
            if library.EVP_PKEY_keygen_init(context) != 1 or library.EVP_PKEY_generate(context, byref(made)) != 1:
                raise NO_LIBRARY(needs=_NEEDS)
        finally:
            library.EVP_PKEY_CTX_free(context)
            library.ERR_clear_error()
        key = cls.__new__(cls)
        key._held = _held(made.value or 0)
        return key

    @property
    def spki(self) -> bytes:
        """The public key, DER SubjectPublicKeyInfo."""
        return _written("i2d_PUBKEY", self._held.value)

    @property
    def pkcs8(self) -> bytes:
        """The private key as its file holds it, DER."""
        library = linked()
        info = _got(library.EVP_PKEY2PKCS8(self._held.value))
        try:
            return _written("i2d_PKCS8_PRIV_KEY_INFO", info)
        finally:
            library.PKCS8_PRIV_KEY_INFO_free(info)

    def sign(self, data: bytes, signer_id: bytes = SIGNER_ID) -> bytes:
        """A signature (DER) over ``data``, as a signer of that id."""
        with _digesting(self._held, signer_id, "EVP_DigestSignInit") as context:
            return _sized(
                lambda into, size: linked().EVP_DigestSign(context, into, size, data, len(data)),
            )

    def decrypt(self, sealed: bytes) -> bytes | None:
        """What was encrypted for this key; none where it was not, or was changed."""
        try:
            return _crossed(self._held, "EVP_PKEY_decrypt", sealed)
        except InvariantBroken:
            return None


class _Held:
    """A key of the library's, freed with this object and not before a call that holds it is over."""

    __slots__ = ("__weakref__", "value")

    def __init__(self, value: int) -> None:
        self.value = value
        weakref.finalize(self, linked().EVP_PKEY_free, value)


def _held(key: int) -> _Held:
    held = _Held(key)
    if linked().EVP_PKEY_is_a(key, b"SM2") != 1:
        raise ValueError("it is no key of SM2")
    return held


def _parsed(function: str, der: bytes) -> int:
    library, at = linked(), c_char_p(der)
    key: int | None = getattr(library, function)(None, byref(at), len(der))
    library.ERR_clear_error()
    if not key:
        raise ValueError("it is no key that OpenSSL reads")
    return key


def _written(function: str, of: int) -> bytes:
    """What the library writes of an object: asked for its length first, then into our own buffer."""
    write = getattr(linked(), function)
    size = write(of, None)
    if size <= 0:
        raise InvariantBroken(f"{function} wrote nothing")
    buffer = create_string_buffer(size)
    at = c_void_p(ctypes.addressof(buffer))
    if write(of, byref(at)) != size:
        raise InvariantBroken(f"{function} wrote another length than it said")
    return buffer.raw


@contextmanager
def _digesting(key: _Held, signer_id: bytes, begin: str) -> Iterator[int]:
    """A context that hashes by SM3 behind the signer's Z value."""
    library = linked()
    digest, signing = library.EVP_MD_CTX_new(), library.EVP_PKEY_CTX_new(key.value, None)
    try:
        if not digest or not signing or library.EVP_PKEY_CTX_set1_id(signing, signer_id, len(signer_id)) != 1:
            raise InvariantBroken("OpenSSL takes no id of a signer of SM2")
        library.EVP_MD_CTX_set_pkey_ctx(digest, signing)
        if getattr(library, begin)(digest, None, library.EVP_sm3(), None, key.value) != 1:
            raise InvariantBroken("OpenSSL began no signature of SM2")
        yield digest
    finally:
        library.EVP_MD_CTX_free(digest)
        library.EVP_PKEY_CTX_free(signing)
        library.ERR_clear_error()


def _crossed(key: _Held, function: str, content: bytes) -> bytes:
    """Encrypt or decrypt by a key."""
    library = linked()
    context = _got(library.EVP_PKEY_CTX_new(key.value, None))
    try:
        if getattr(library, f"{function}_init")(context) != 1:
            raise InvariantBroken(f"OpenSSL began no {function}")
        return _sized(lambda into, size: getattr(library, function)(context, into, size, content, len(content)))
    finally:
        library.EVP_PKEY_CTX_free(context)
        library.ERR_clear_error()


def _sized(write: Callable[[Any, Any], int]) -> bytes:
    """The answer of a function that says how much room it may need, and then how much it took."""
    size = c_size_t()
    if write(None, byref(size)) != 1:
        raise InvariantBroken("OpenSSL said no length")
    buffer = create_string_buffer(size.value)
    if write(buffer, byref(size)) != 1:
        raise InvariantBroken("OpenSSL did not do what it was asked")
    return buffer.raw[: size.value]


def _got(pointer: int | None) -> int:
    if not pointer:
        raise NO_LIBRARY(needs=_NEEDS)
    return pointer


def _ended(found: bool) -> bool:
    linked().ERR_clear_error()
    return found
