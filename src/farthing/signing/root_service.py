"""Run the ceremony that takes the built-in root's key out of the bank, and brings it back for the day on which it must certify.

The key is copied into a file first. Only whoever shows that the file holds it, by a signature of that key, has it forgotten here;
what stays is its certificate and a revocation list that holds for nine years. Signing goes on by the issuing authority.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.kernel.operation import operation, secret
from farthing.kernel.whose import STAFF
from farthing.kit.errors import conflict, declined
from farthing.kit.inputs import Base64
from farthing.kit.words import Words
from farthing.signing import ca, service, store
from farthing.signing.keys import OFFLINE, Key

NO_ROOT = declined(
    "signing.no_root",
    "This bank has no root of its own yet; it is made with the first contract that is drawn.",
    "本行尚无自建根证书；首次生成合同时自动创建。",
)
NOT_THE_ROOTS = declined(
    "signing.not_the_roots_key",
    "This file does not hold the key of the bank's newest root; nothing was changed.",
    "该文件中的密钥不是本行最新根证书的密钥；未作任何变更。",
)
OFFLINE_ALREADY = conflict(
    "signing.root_offline_already",
    "The root's key is not here: it was taken out; name its file to bring it back.",
    "根密钥不在本系统内：已离线保存；如需使用，请指定其文件导入。",
)


@dataclass(frozen=True, slots=True)
class TakeRootOffline:
    """Forget the root's key here; ``possession`` is its signature (DER, base64) over what :func:`possession` says."""

    possession: Base64


@dataclass(frozen=True, slots=True)
class BringRootBack:
    """Keep the root's key here again, until it is taken out once more: PKCS#8, DER, base64."""

    key_base64: Base64 = secret()


@dataclass(frozen=True, slots=True)
class RootTold:
    """Where the root's key is: its certificate's digest (SHA-256), and until when the list of the root that is kept holds."""

    certificate: str
    offline: bool
    list_until: str = ""


def possession(certificate: bytes) -> bytes:
    """What the key in a file signs to show that it is the root's."""
    return f"farthing root offline\n{hashlib.sha256(certificate).hexdigest()}\n".encode()


def root_key(tx: Tx) -> tuple[Key, bytes]:
    """The newest root's key, to be copied into a file, and its certificate; refuses ``signing.no_root``,
    ``signing.root_offline_already``."""
    kept = _newest(tx)
    if kept.key.startswith(OFFLINE):
        raise OFFLINE_ALREADY()
    return tx.ports.peer("vault").unwrap(kept.key), kept.certificate


@operation(
    "signing.take_root_offline", title=Words("Take the root's key offline", "根密钥离线"), permission="signing:root",
    four_eyes=True, whose=STAFF,
)  # fmt: skip
def take_offline(tx: Tx, command: TakeRootOffline) -> RootTold:
    """Forget the root's key here, once somebody has shown that it is kept elsewhere; by two. Again it answers the same.

    Refuses ``signing.no_root``, ``signing.not_the_roots_key``.
    """
    kept = _newest(tx)
    _check(kept.certificate, base64.b64decode(command.possession))
    if kept.key.startswith(OFFLINE):
        return _told(tx, kept)
    service.authorities(tx)  # what it certifies is there, and holds, before it goes
    _keep(tx, kept, OFFLINE + ca.root_list(service.opened(tx, kept), tx.now))
    return _told(tx, _newest(tx))


@operation(
    "signing.bring_root_back", title=Words("Bring the root's key back", "根密钥导入"), permission="signing:root",
    whose=STAFF,
)  # fmt: skip
def bring_back(tx: Tx, command: BringRootBack) -> RootTold:
    """Keep the root's key here again, so that what it certifies is renewed at its next use. Whoever has the file may: by two it
    was taken out, and the file is held by others than the bank's officers.

    Refuses ``signing.no_root``, ``signing.not_the_roots_key``.
    """
    kept = _newest(tx)
    try:
        key = load_der_private_key(base64.b64decode(command.key_base64), None)
    except (ValueError, TypeError):
        raise NOT_THE_ROOTS() from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != _public(kept.certificate):
        raise NOT_THE_ROOTS()
    if kept.key.startswith(OFFLINE):
        _keep(tx, kept, tx.ports.peer("vault").wrap(key))
    return _told(tx, _newest(tx))


def certificate(tx: Tx) -> bytes:
    """The newest root's certificate (DER); refuses ``signing.no_root``."""
    return _newest(tx).certificate


def told(tx: Tx) -> RootTold:
    """Where the newest root's key is; refuses ``signing.no_root``."""
    return _told(tx, _newest(tx))


def _newest(tx: Tx) -> store.KeptKey:
    kept = store.newest_key(tx, "root")
    if kept is None:
        raise NO_ROOT()
    return kept


def _keep(tx: Tx, before: store.KeptKey, after: bytes) -> None:
    if not store.replace_key(tx, f"root:{before.generation}", before.key, after):
        raise Collision("the root's key was changed meanwhile")


def _told(tx: Tx, kept: store.KeptKey) -> RootTold:
    offline = kept.key.startswith(OFFLINE)
    until = ""
    if offline:
        listed = x509.load_der_x509_crl(kept.key[len(OFFLINE) :])
        until = str((listed.next_update_utc or tx.now).date())
    return RootTold(hashlib.sha256(kept.certificate).hexdigest(), offline, until)


def _check(certificate: bytes, signature: bytes) -> None:
    public = _public(certificate)
    try:
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise InvalidSignature
        public.verify(signature, possession(certificate), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise NOT_THE_ROOTS() from None


def _public(certificate: bytes) -> object:
    return x509.load_der_x509_certificate(certificate).public_key()
