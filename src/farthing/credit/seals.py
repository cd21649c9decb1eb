"""Own the seal on a bill: its issuer's signature over the file and over whose it is. Checks locally, asks nobody.

The message is canonical JSON of the file's SHA-256 and of the holder's number: a seal of another file or another person does
not hold. Which issuers are believed is the deployment's table of ports (kind ``channel``).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from farthing.credit.bills.model import BillHeader
from farthing.credit.bills.read import folded_name
from farthing.credit.model import BillSeal
from farthing.kernel.operation import decode
from farthing.kernel.ports import Ports
from farthing.kit import strict_json
from farthing.kit.canonical import canonical
from farthing.kit.errors import InvariantBroken, Malformed, Refusal, declined, malformed

UNKNOWN_ISSUER = declined(
    "credit.seal_unknown_issuer",
    "Nobody here knows {issuer} as one that seals bills; bring the bill without the seal, or one sealed by {known}.",
    "此处不认可 {issuer} 出具的账单签章；请提交不带签章的账单，或由 {known} 签章的账单。",
)
SEAL_BROKEN = malformed(
    "credit.seal_broken",
    "The seal of {issuer} does not hold for this bill and this person; bring the file and its seal as they were issued.",
    "{issuer} 的签章与此账单或此人不符；请提交原样的账单文件及其签章。",
)
SEAL_UNREADABLE = malformed(
    "credit.seal_unreadable",
    "The file that came beside the bill is no seal ({problem}); choose the seal as the wallet issued it, or none.",
    "随账单提交的文件不是签章（{problem}）；请选择钱包出具的签章文件，或不选择。",
)


NOT_SIGNED = declined(
    "credit.certificate_not_signed",
    "The certificate bears no signature of its issuer, so it could be anybody's; bring the file as the wallet sent it, or let "
    "it count as a plain file.",
    "该证明没有出具方的电子签名，无法确认来源；请提交支付机构发送的原始文件，或声明仅作为普通账单使用。",
)
CHANGED_SINCE = declined(
    "credit.certificate_changed",
    "The certificate was changed after it was signed, or its signature does not hold; bring the file as the wallet sent it, "
    "or let it count as a plain file.",
    "该证明在签名后被修改，或签名无效；请提交支付机构发送的原始文件，或声明仅作为普通账单使用。",
)
UNKNOWN_SIGNER = declined(
    "credit.certificate_unknown_signer",
    "The certificate is signed by {signer}, whom nobody here knows as the wallet that issues it; bring the wallet's own, or let "
    "it count as a plain file.",
    "该证明由 {signer} 签名，此处不认可其为出具该证明的支付机构；请提交支付机构出具的证明，或声明仅作为普通账单使用。",
)
OTHER_NUMBER = declined(
    "credit.certificate_other_number",
    "The certificate is made out to somebody whose identity document has another number; bring your own.",
    "证明所载证件号码与您的不符；请提交本人的证明。",
)
UNNAMED = declined(
    "credit.certificate_unnamed",
    "The certificate does not print the whole name and number of whom it is made out to; ask the wallet for one that does, "
    "or let it count as a plain file.",
    "该证明未完整载明姓名与证件号码；请向支付机构申请载明完整信息的证明，或声明仅作为普通账单使用。",
)
JUDGE = "pdf"
"""The name of the peer that judges certificates."""


@dataclass(frozen=True, slots=True)
class PdfSeal:
    """What was found of a PDF's signatures: that they hold over every byte of it and stand under a root that is believed here
    (``holds``), or why not; by whom, and of which wallets these are the names."""

    state: Literal["holds", "none", "changed", "unknown"]
    signer: str
    providers: frozenset[str]


class PdfJudge(Protocol):
    """The port ``judge``: whether a signed PDF is sealed, and by whom. Carried by whoever opens the bank."""

    def judged(self, pdf: bytes) -> PdfSeal:
        """What is said of a file."""
        ...


class BillChannel(Protocol):
    """The port ``channel``: one that issues bills and seals them. The built-in peer is named ``sandbox``."""

    def holds(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is the issuer's over the message."""
        ...


class Issuers(Protocol):
    """What is asked of the table of ports."""

    def has(self, kind: str, name: str) -> bool:
        """Whether there is such a peer."""
        ...

    def names(self, kind: str) -> tuple[str, ...]:
        """The peers of a kind."""
        ...

    def peer(self, kind: str, name: str | None = None) -> Any:
        """The adapter of a name."""
        ...


class SignedChannel:
    """An issuer known by its Ed25519 public key (RFC 8032)."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key

    @classmethod
    def from_pem(cls, path: Path) -> SignedChannel:
        """The issuer whose public key a PEM file holds."""
        key = load_pem_public_key(path.read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            raise InvariantBroken(f"{path} holds no Ed25519 public key")
        return cls(key)

    def holds(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is the issuer's over the message."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def message(file_sha256: str, number: str, issuer: str) -> bytes:
    """What an issuer signs."""
    holder = hashlib.sha256(number.encode()).hexdigest()
    return canonical({"bill_sha256": file_sha256, "holder_number_sha256": holder, "issuer": issuer})


def read_seal(content: bytes) -> BillSeal | None:
    """The seal in the file that came beside a bill (JSON, as the API takes it); none where there is no file.

    Refuses ``credit.seal_unreadable``.
    """
    if not content:
        return None
    try:
        seal: BillSeal = decode(BillSeal, strict_json.parse(content))
    except strict_json.Unreadable as problem:
        raise SEAL_UNREADABLE(problem=str(problem)) from None
    except Malformed as refusal:
        raise SEAL_UNREADABLE(problem=refusal.detail.rstrip(".")) from None
    return seal


def judged(ports: Ports | None, pdf: bytes) -> PdfSeal:
    """What the bank's judge says of a certificate; where it has none, nobody's signature is believed."""
    if ports is None or not ports.has("judge", JUDGE):
        return PdfSeal("unknown", "-", frozenset())
    judge: PdfJudge = ports.peer("judge", JUDGE)
    return judge.judged(pdf)


def doubted(header: BillHeader, seal: PdfSeal, name: str, number: str) -> Refusal | None:
    """Why a certificate does not vouch for whom it is made out to; none where it does. In this order: whom it names, whether it
    is signed, whether it is as it was signed, by whom, and whether name and number are wholly the party's.

    Refuses ``credit.certificate_other_number``.
    """
    shown = (header.number or "").replace("＊", "*")
    if shown and not re.fullmatch(re.sub(r"(\\\*)+", "[0-9X]+", re.escape(shown)), number.upper()):
        raise OTHER_NUMBER()
    if seal.state == "none":
        return NOT_SIGNED()
    if seal.state == "changed":
        return CHANGED_SINCE()
    if seal.state == "unknown" or header.provider not in seal.providers:
        return UNKNOWN_SIGNER(signer=seal.signer)
    if shown != number.upper() or header.holder is None or folded_name(header.holder) != folded_name(name):
        return UNNAMED()
    return None


def vouched_by(ports: Issuers, seal: BillSeal | None, file_sha256: str, number: str) -> str:
    """Who vouches for a bill; nobody where it has no seal. Refuses ``credit.seal_unknown_issuer``, ``credit.seal_broken``."""
    if seal is None:
        return ""
    if not ports.has("channel", seal.issuer):
        raise UNKNOWN_ISSUER(issuer=seal.issuer, known=", ".join(ports.names("channel")) or "-")
    channel: BillChannel = ports.peer("channel", seal.issuer)
    try:
        signature = base64.b64decode(seal.signature_base64, validate=True)
    except (binascii.Error, ValueError):
        raise SEAL_BROKEN(issuer=seal.issuer) from None
    if not channel.holds(message(file_sha256, number, seal.issuer), signature):
        raise SEAL_BROKEN(issuer=seal.issuer)
    return seal.issuer
