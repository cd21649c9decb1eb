"""Decide whether a DPoP proof is good: that whoever sends a request holds the key that its token is bound to. Pure.

Sources: RFC 9449 sections 4.2 and 4.3 (the twelve checks), 8 and 9 (nonces), RFC 7638 (names of keys), FAPI 2.0 Security Profile
sections 5.3.2.1 (clocks: ten seconds ahead are taken, sixty are not) and 5.4.1 (algorithms). That a proof comes once, whoever
keeps the names decides.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from farthing.identity import jose
from farthing.kit import base64url
from farthing.kit.errors import forbidden, malformed
from farthing.kit.words import Words

LIVES, AHEAD = timedelta(seconds=60), timedelta(seconds=10)
"""How old a proof may be, and how far ahead of us the clock of whoever made it may go."""
KNOWN = LIVES + AHEAD
"""For how long the name of a proof is remembered: until the proof is good no more."""
NONCE_LIVES = timedelta(minutes=5)
LONGEST_NAME = 200

BAD = malformed("sharing.proof_bad", "The DPoP proof is not good: {problem}.", "DPoP 证明无效：{problem}。")
NONCE_NEEDED = forbidden(
    "sharing.nonce_needed",
    "The DPoP proof must carry the nonce of the header DPoP-Nonce of this answer; make another proof with it.",
    "DPoP 证明须包含本答复 DPoP-Nonce 头中的 nonce；请以此重新生成证明。",
)
NOT_A_PROOF = Words(
    "it is no signed token of the type dpop+jwt that brings its public key", "不是带公钥的 dpop+jwt 签名令牌"
)
ALGORITHM = Words("it is signed by none of PS256, ES256, EdDSA", "签名算法须为 PS256、ES256 或 EdDSA")
KEY = Words(
    "its key is not a public one of P-256, Ed25519 or RSA from 2048 bits", "公钥须为 P-256、Ed25519 或 2048 位以上 RSA"
)
SIGNATURE = Words("its signature is not good", "签名无效")
NAME = Words("its jti is missing or too long", "缺少 jti 或 jti 过长")
METHOD = Words("it is for another method (htm)", "请求方法不符（htm）")
ADDRESS = Words("it is for another address (htu)", "请求地址不符（htu）")
CLOCK = Words(
    "it is older than a minute, or made more than ten seconds from now (iat)",
    "生成已超过一分钟，或时间超前十秒以上（iat）",
)
TOKEN = Words("it is for another access token (ath)", "对应的访问令牌不符（ath）")
OTHER_KEY = Words(
    "it is by another key than the token, the code or dpop_jkt is bound to",
    "所用密钥与令牌、授权码或 dpop_jkt 绑定的密钥不符",
)
TWICE = Words("it came before", "该证明已使用过")


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof whose signature and claims are good: the name of its key, its own name, and the nonce that it carries."""

    jkt: str
    jti: str


def hash_of(token: str) -> str:
    """What a proof says of the access token that it goes with (``ath``)."""
    return base64url.encode(hashlib.sha256(token.encode("utf-8", "replace")).digest())


def nonce_at(seed: bytes, now: datetime) -> str:
    """The nonce of these five minutes: nobody who has not been here lately can have it."""
    slot = int(now.timestamp() // NONCE_LIVES.total_seconds())
    return base64url.encode(hmac.digest(seed, f"dpop-nonce:{slot}".encode(), "sha256")[:18])


def nonces(seed: bytes, now: datetime) -> Sequence[str]:
    """The nonces that are taken now: of these five minutes and of those before."""
    return nonce_at(seed, now), nonce_at(seed, now - NONCE_LIVES)


def checked(proof: str, method: str, url: str, now: datetime, taken: Sequence[str] | None, token: str = "") -> Proof:
    """What a proof proves. ``taken``: the nonces of which it must carry one; none where nonces are not asked for. ``token``: the
    access token that it comes with. Precedence: form, algorithm, key, signature, name, method, address, token, clock, nonce.

    Refuses ``sharing.proof_bad``, ``sharing.nonce_needed``.
    """
    try:
        header = jose.header_of(proof)
    except jose.Untrue:
        raise BAD(problem=NOT_A_PROOF) from None
    key = header.get("jwk")
    if header.get("typ") != "dpop+jwt" or not isinstance(key, dict):
        raise BAD(problem=NOT_A_PROOF)
    if header.get("alg") not in jose.FINANCIAL:
        raise BAD(problem=ALGORITHM)
    if not jose.signs(key):
        raise BAD(problem=KEY)
    public = {name: key[name] for name in jose.MEMBERS[key["kty"]]}
    try:
        claims = jose.verified(
            proof, [{**public, **({"kid": header["kid"]} if "kid" in header else {})}], jose.FINANCIAL
        )
    except jose.Untrue:
        raise BAD(problem=SIGNATURE) from None
    jti, at = claims.get("jti"), claims.get("iat")
    if not isinstance(jti, str) or not 1 <= len(jti) <= LONGEST_NAME:
        raise BAD(problem=NAME)
    if claims.get("htm") != method:
        raise BAD(problem=METHOD)
    if not same_address(claims.get("htu"), url):
        raise BAD(problem=ADDRESS)
    if token and not _same(claims.get("ath"), hash_of(token)):
        raise BAD(problem=TOKEN)
    if isinstance(at, bool) or not isinstance(at, int | float) or not math.isfinite(at):
        raise BAD(problem=CLOCK)
    if not -LIVES.total_seconds() < at - now.timestamp() <= AHEAD.total_seconds():
        raise BAD(problem=CLOCK)
    if taken is not None and not any(_same(claims.get("nonce"), each) for each in taken):
        raise NONCE_NEEDED()
    return Proof(jose.thumbprint(key), jti)


def same_address(said: object, url: str) -> bool:
    """Whether a proof names this address: without query and fragment, scheme and host in any case, a port that goes without
    saying left out, and otherwise letter by letter (RFC 9449 section 4.3, point 9)."""
    if not isinstance(said, str) or not said.isascii() or not said.isprintable() or " " in said or "\\" in said:
        return False
    try:
        return _plain(said) == _plain(url)
    except ValueError:
        return False


def _plain(url: str) -> tuple[str, str, int | None, str]:
    parts = urlsplit(url)
    if "@" in parts.netloc or not parts.hostname:
        raise ValueError("an address has no name in it")
    port = parts.port
    return parts.scheme, parts.hostname, port or {"http": 80, "https": 443}.get(parts.scheme), parts.path or "/"


def _same(said: object, kept: str) -> bool:
    return isinstance(said, str) and hmac.compare_digest(said.encode("utf-8", "replace"), kept.encode())
