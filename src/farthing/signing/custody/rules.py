"""Decide who may hold a signer's key under a form, and what a key in her own browser must prove. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from farthing.kit.actor import Actor
from farthing.kit.errors import declined, malformed
from farthing.kit.words import Words
from farthing.products.agreement import AgreementForm, Custody

NOT_ADMITTED = declined(
    "signing.custody_not_admitted",
    "{form} is not signed with a key held {held}; it is signed with one held {wanted}.",
    "“{form}”不接受{held}的签名密钥；可用：{wanted}。",
)
KEY_UNFIT = malformed(
    "signing.key_unfit",
    "This is no public key for a signature here: a point on P-256, as SubjectPublicKeyInfo in base64url.",
    "该公钥不可用于签署：须为 P-256 曲线上的点（SubjectPublicKeyInfo，base64url 编码）。",
)
NOT_POSSESSED = declined(
    "signing.key_not_possessed",
    "Who asks for this certificate did not show that the key is at hand: its proof is not of this key, document and agreement.",
    "申请人未能证明持有该密钥：所附证明与密钥、文件或合同不符。",
)
SIGNATURE_UNFIT = malformed(
    "signing.signature_unfit",
    "This is no signature: 64 bytes in base64url, as a browser's WebCrypto writes it.",
    "签名格式有误：须为浏览器 WebCrypto 输出的 64 字节（base64url 编码）。",
)
OTHER_PROFILE = declined(
    "signing.other_certificate",
    "This is signed as {role} by a certificate of the kind {certificate}; what was confirmed says {said}.",
    "本合同以 {role} 身份、用 {certificate} 类证书签署；所确认的内容为 {said}。",
)

HALF = 32
ONE_TIME, SEAL = "one_time", "seal"
HELD: Mapping[str, Words] = {
    "browser": Words("in the signer's own browser", "由签署人浏览器持有"),
    "passkey": Words("by the server and released by the signer's passkey", "由服务器持有并经签署人通行密钥释放"),
    "counter": Words("by the server before two of the staff", "由服务器持有并经两名员工在柜台见证"),
    "session": Words("by the server for whoever is signed in", "由服务器持有并经登录会话使用"),
    "seal": Words("by the organisation as its seal", "由单位作为印章持有"),
}


def custody_of(actor: Actor) -> Custody:
    """Who holds the key where the server makes it: released by a passkey, or by the session alone."""
    return "passkey" if actor.by_key else "session"


def check_custody(form: AgreementForm, custody: str) -> None:
    """Refuse ``signing.custody_not_admitted`` where a form does not let the key be held so."""
    if custody not in form.custodies:
        raise NOT_ADMITTED(form=form.name, held=HELD[custody], wanted=listed(form.custodies))


def listed(custodies: Sequence[str]) -> Words:
    """Several of them as one says it."""
    found = [HELD[each] for each in custodies]
    return Words(", or ".join(each.en for each in found), "；".join(each.zh for each in found))


def check_profile(role: str, certificate: str, said: tuple[str, str], *, needed: bool) -> None:
    """Refuse ``signing.other_certificate`` where somebody confirmed another role or kind of certificate, or none and must."""
    if said != (role, certificate) and (needed or any(said)):
        raise OTHER_PROFILE(role=role, certificate=certificate, said=" ".join(said).strip() or "-")


def public_key(spki: bytes) -> ec.EllipticCurvePublicKey:
    """A key that a browser made; refuses ``signing.key_unfit`` for another curve, or another way of writing it."""
    try:
        key = load_der_public_key(spki)
    except (ValueError, TypeError):
        raise KEY_UNFIT() from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise KEY_UNFIT()
    if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != spki:
        raise KEY_UNFIT()
    return key


def possession(agreement_id: str, document_digest: str, spki: bytes) -> bytes:
    """What a key signs to show that it is at hand, before it is certified: this agreement, this document, this key."""
    return f"farthing possession\n{agreement_id}\n{document_digest}\n{hashlib.sha256(spki).hexdigest()}\n".encode()


def check_possession(agreement_id: str, document_digest: str, spki: bytes, proof: bytes) -> None:
    """Refuse ``signing.key_unfit``, ``signing.signature_unfit``, ``signing.key_not_possessed``."""
    key = public_key(spki)
    try:
        key.verify(as_der(proof), possession(agreement_id, document_digest, spki), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise NOT_POSSESSED() from None


def as_der(signature: bytes) -> bytes:
    """A signature as CMS has it, from WebCrypto's two numbers side by side; refuses ``signing.signature_unfit``."""
    if len(signature) != 2 * HALF:
        raise SIGNATURE_UNFIT()
    r, s = int.from_bytes(signature[:HALF]), int.from_bytes(signature[HALF:])
    if not r or not s:
        raise SIGNATURE_UNFIT()
    return encode_dss_signature(r, s)
