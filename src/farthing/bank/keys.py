"""Own what the bank says of its keys: the suites of its policy, and where each key lies. Never shows a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.evidence.note import VerifierKey
from farthing.kit.keys.suites import SUITES
from farthing.kit.words import Words
from farthing.products import key_suites
from farthing.products import service as products
from farthing.products.key_suites import KeySuites
from farthing.signing import service as signing
from farthing.signing.keys import ELSEWHERE, OFFLINE, PLAIN

HOUSE = Words("house rule", "本机构规则")
IN_PLAIN = Words("database, in plain", "数据库，未加密")
SIGNER = Words("the log's signer, a process of its own", "日志签名进程")
SEALED = Words("database, sealed", "数据库，已加密")
AWAY = Words("taken out of the bank", "已离线保存")
OUTSIDE = Words("token or file (FARTHING_SEAL_KEY)", "密码设备或文件（FARTHING_SEAL_KEY）")


@dataclass(frozen=True, slots=True)
class BankKey:
    """A key that the bank holds: what for, its suite, where it lies, an id, and until when its certificate holds."""

    role: str
    suite: str
    where: Words
    ident: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class BankKeys:
    """The suites that the policy in force chose, and the keys that there are."""

    documents: str
    log: str
    envelopes: str
    keys: tuple[BankKey, ...]


def suites_in_force(tx: Tx) -> KeySuites:
    """The suites of the policy in force; those that the program always used where it says nothing."""
    law = products.policy_if_any(tx)
    return (law and law.suites) or key_suites.before(HOUSE)


def bank_keys(tx: Tx) -> BankKeys:
    """The suites in force, and every newest key."""
    chosen = suites_in_force(tx)
    found = [_authority(role, key, certificate, until) for role, key, certificate, until in signing.newest_keys(tx)]
    for log in (VerifierKey.parse(each.vkey) for each in evidence.log_keys(tx)[-1:]):
        found.append(BankKey(log.name, log.suite, SIGNER, log.ident.hex(), None))
    return BankKeys(chosen.documents, chosen.log, chosen.envelopes, tuple(found))


def _authority(role: str, key: bytes, certificate: bytes, until: datetime) -> BankKey:
    where = {PLAIN: IN_PLAIN, ELSEWHERE: OUTSIDE, OFFLINE: AWAY}.get(key[:1], SEALED)
    public = x509.load_der_x509_certificate(certificate).public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    of = next((each for each in SUITES.values() if spki.startswith(each.prefix)), None)
    return BankKey(role, of.name if of else "", where, SUITES["p256"].digest(spki)[:8].hex(), until)
