"""Sign and verify the tokens of OpenID Connect and of open banking: JWS by ES256 of ours, and of others by a short list. Pure.

Sources: RFC 7515, 7517, 7519 and 8725 (best practice: the algorithm is the verifier's choice and never the token's), RFC 7636
(PKCE), OpenID Connect Core 1.0 section 3.1.3.6 (``at_hash``). The library does the cryptography; which key and which algorithm
is decided before it is asked.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError

from farthing.kit import base64url

ALGORITHMS = ("ES256", "RS256", "PS256")
"""What a token of others may be signed by: no ``none``, and nothing that is keyed by a secret that both know."""
FINANCIAL = ("PS256", "ES256", "EdDSA")
"""The same where accounts are read (FAPI 2.0 Security Profile section 5.4.1): no PKCS #1 v1.5."""
OURS = "ES256"
TYPES = {"ES256": "EC", "RS256": "RSA", "PS256": "RSA", "EdDSA": "OKP"}
READS: Mapping[str, Any] = {"EC": jwk.ECKey, "RSA": jwk.RSAKey, "OKP": jwk.OKPKey}
"""What reads a key of each type."""
MEMBERS = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n"), "OKP": ("crv", "kty", "x")}
"""What a public key of each type is (RFC 7638 section 3.2): nothing else of it is looked at where a token brings it along."""
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""What a public key has none of."""
LEAST_RSA_BITS = 2048
LONGEST = 16_384
"""Characters of a token that are looked at."""
MOST_KEYS = 50
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class _Whole(jws.JWSRegistry):
    """Reads headers as long as tokens: one that brings an RSA key along is longer than the library's 512 bytes."""

    max_header_length = LONGEST


class Untrue(Exception):
    """A token proves nothing; ``str`` says why, in words of ours."""


class KeyUnknown(Untrue):
    """The token names a key that is not among those that were given: they may have changed meanwhile."""


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636 section 4.2)."""
    return base64url.encode(hashlib.sha256(verifier.encode("utf-8", "replace")).digest())


def half_hash(token: str) -> str:
    """What an id token says of an access token: the left half of its SHA-256."""
    return base64url.encode(hashlib.sha256(token.encode()).digest()[:16])


def public_key(key: ec.EllipticCurvePrivateKey, key_id: str) -> dict[str, str]:
    """The public half of a key of ours, as it is published."""
    found = jwk.ECKey.import_key(key.public_key()).as_dict(private=False)
    return {**{name: str(found[name]) for name in ("kty", "crv", "x", "y")}, "kid": key_id, "use": "sig", "alg": OURS}


def signed(key: ec.EllipticCurvePrivateKey, key_id: str, claims: Mapping[str, Any], kind: str = "") -> str:
    """A token of ours; ``kind``: its type, where it is another than an id token."""
    header = {"alg": OURS, "kid": key_id, **({"typ": kind} if kind else {})}
    return jwt.encode(header, dict(claims), jwk.ECKey.import_key(key), algorithms=[OURS])


def proof(key: ec.EllipticCurvePrivateKey, claims: Mapping[str, Any]) -> str:
    """A DPoP proof of ours (RFC 9449 section 4.2): it brings the public half of the key that signs it."""
    own = jwk.ECKey.import_key(key)
    public = {name: own.as_dict(private=False)[name] for name in MEMBERS["EC"]}
    header = {"alg": OURS, "typ": "dpop+jwt", "jwk": public}
    return jwt.encode(header, dict(claims), own, algorithms=[OURS])


def header_of(token: str) -> Mapping[str, Any]:
    """What a token says of itself, which proves nothing. Raises :class:`Untrue`."""
    return _part(token, 0)


def unproved(token: str) -> Mapping[str, Any]:
    """What a token claims, which proves nothing before :func:`verified` did: good for finding out by which keys. Raises
    :class:`Untrue`."""
    return _part(token, 1)


def _part(token: str, which: int) -> Mapping[str, Any]:
    if len(token) > LONGEST or token.count(".") != 2:
        raise Untrue("it is no token")
    try:
        found = json.loads(base64url.decode(token.split(".")[which]))
    except (ValueError, RecursionError):
        raise Untrue("it is no token") from None
    if not isinstance(found, dict):
        raise Untrue("it is no token")
    return found


def keys_of(said: Any) -> tuple[Mapping[str, Any], ...]:
    """The keys of a published set that sign, each readable and long enough; what is none of that is passed over. Raises
    :class:`Untrue` where it is no set."""
    found = said.get("keys") if isinstance(said, dict) else None
    if not isinstance(found, list) or len(found) > MOST_KEYS:
        raise Untrue("it is no set of keys")
    return tuple(each for each in found if signs(each))


def thumbprint(key: Mapping[str, Any]) -> str:
    """The name of a public key by what it is (RFC 7638)."""
    members = {name: key[name] for name in MEMBERS[key["kty"]]}
    said = json.dumps(members, sort_keys=True, separators=(",", ":"))
    return base64url.encode(hashlib.sha256(said.encode()).digest())


def signs(key: Any) -> bool:
    """Whether this is a public key that signs, readable and long enough."""
    if not isinstance(key, dict) or key.get("use", "sig") != "sig" or PRIVATE & set(key):
        return False
    try:
        if key.get("kty") == "EC":
            return key.get("crv") == "P-256" and jwk.ECKey.import_key(key) is not None
        if key.get("kty") == "OKP":
            return key.get("crv") == "Ed25519" and jwk.OKPKey.import_key(key) is not None
        return key.get("kty") == "RSA" and jwk.RSAKey.import_key(key).public_key.key_size >= LEAST_RSA_BITS
    except (JoseError, ValueError, TypeError):
        return False


def verified(token: str, keys: Sequence[Mapping[str, Any]], algorithms: Sequence[str] = ALGORITHMS) -> dict[str, Any]:
    """What a token claims, once its signature was found to be by one of the keys, which it names; nothing else of it is judged.

    Raises :class:`KeyUnknown` and :class:`Untrue`.
    """
    header = header_of(token)
    algorithm = header.get("alg")
    if algorithm not in algorithms or algorithm not in TYPES or "crit" in header:
        raise Untrue("it is signed in a way that is not taken")
    fitting = [key for key in keys if key.get("kty") == TYPES[algorithm] and key.get("alg", algorithm) == algorithm]
    named = [key for key in fitting if "kid" not in header or key.get("kid") == header["kid"]]
    if len(named) != 1:
        raise KeyUnknown("it does not name one key that is known")
    try:
        key: Any = READS[TYPES[algorithm]].import_key(dict(named[0]))
        return dict(jwt.decode(token, key, registry=_Whole(algorithms=[algorithm])).claims)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise Untrue("its signature is not good") from None
