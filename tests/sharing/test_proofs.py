"""Proofs of a key, one part of them wrong at a time; and the examples of RFC 9449 as they are printed there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwk, jws, jwt

from farthing.kit import base64url
from farthing.kit.canonical import canonical
from farthing.kit.errors import Refusal
from farthing.sharing import proofs

URL = "https://bank.example/v1/open/token"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
SEED = b"a seed that no one outside has"
KEY = jwk.ECKey.generate_key("P-256")
AT_TOKEN = (
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldW"
    "QVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2My"
    "bFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP"
    "0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"
)
JKT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
ACCESS = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"


class Long(jws.JWSRegistry):
    """Writes headers with an RSA key in them."""

    max_header_length = 4096


def made(key: Any = KEY, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A good proof but for what is said."""
    head = {"alg": "ES256", "typ": "dpop+jwt", "jwk": key.as_dict(private=False), **(header or {})}
    said = {
        "jti": "one", "htm": "POST", "htu": URL, "iat": int(NOW.timestamp()), "nonce": proofs.nonce_at(SEED, NOW), **claims
    }  # fmt: skip
    kept = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(head, kept, key, registry=Long(algorithms=[head["alg"]]))


def by_hand(key: Any) -> str:
    """A proof that names something else in the place of a key, as no library would make it."""
    said, signature = made().split(".")[1:]
    return f"{base64url.encode(canonical({'alg': 'ES256', 'typ': 'dpop+jwt', 'jwk': key}))}.{said}.{signature}"


def judged(proof: str, token: str = "", *, method: str = "POST", url: str = URL) -> str:
    """What is found wrong with a proof, in English; nothing where it is good."""
    try:
        proofs.checked(proof, method, url, NOW, proofs.nonces(SEED, NOW), token)
    except Refusal as refusal:
        return refusal.code if refusal.code != "sharing.proof_bad" else refusal.detail
    return ""


def test_the_examples_of_rfc_9449() -> None:
    then = datetime.fromtimestamp(1562262616, UTC)
    found = proofs.checked(AT_TOKEN, "POST", "https://server.example.com/token", then, None)
    assert (found.jkt, found.jti) == (JKT, "-BwC3ESc6acc2lTc")
    assert proofs.hash_of(ACCESS) == "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
    for late in (timedelta(seconds=60), timedelta(days=2_000), timedelta(seconds=-11)):
        with pytest.raises(Refusal, match=r"iat"):
            proofs.checked(AT_TOKEN, "POST", "https://server.example.com/token", then + late, None)
    with pytest.raises(Refusal, match=r"signature"):
        proofs.checked(AT_TOKEN[:-4] + "AAAA", "POST", "https://server.example.com/token", then, None)


def test_a_good_proof_of_each_algorithm() -> None:
    for kind, key in (
        ("ES256", KEY), ("EdDSA", jwk.OKPKey.generate_key("Ed25519")), ("PS256", jwk.RSAKey.generate_key(2048))
    ):  # fmt: skip
        assert judged(made(key, {"alg": kind})) == "", kind
        assert proofs.checked(made(key, {"alg": kind}), "POST", URL, NOW, None).jkt == key.thumbprint()


def test_each_part_of_a_proof_that_is_wrong() -> None:
    other = jwk.ECKey.generate_key("P-256")
    rsa = jwk.RSAKey.generate_key(2048)
    head = {"alg": "none", "typ": "dpop+jwt", "jwk": KEY.as_dict(private=False)}
    unsigned = f"{base64url.encode(canonical(head))}.{made().split('.')[1]}."
    secret = jwt.encode(
        {"alg": "HS256", "typ": "dpop+jwt", "jwk": KEY.as_dict(private=False)}, {}, jwk.OctKey.generate_key(256)
    )
    for part, proof in (
        ("dpop+jwt", "x.y"), ("dpop+jwt", ""), ("dpop+jwt", made(header={"typ": "jwt"})), ("dpop+jwt", by_hand("k")),
        ("PS256", unsigned), ("PS256", secret), ("PS256", made(rsa, {"alg": "RS256"})),
        ("public one", made(header={"jwk": KEY.as_dict(private=True)})),
        ("public one", by_hand({"kty": "oct", "k": "c2VjcmV0"})), ("public one", by_hand({})), ("public one",
        by_hand({"kty": "EC"})),
        ("public one", by_hand({"kty": ["EC"]})), ("public one", by_hand({"kty": "OKP", "crv": "X25519", "x": "AAAA"})),
        ("public one", made(header={"jwk": jwk.ECKey.generate_key("P-384").as_dict(private=False)})),
        ("signature", made(header={"jwk": other.as_dict(private=False)})),
        ("jti", made(jti=None)), ("jti", made(jti="")), ("jti", made(jti="x" * 201)), ("jti", made(jti=7)),
        ("htm", made(htm="GET")), ("htm", made(htm="post")), ("htm", made(htm=None)),
        ("iat", made(iat=None)), ("iat", made(iat="now")), ("iat", made(iat=True)), ("iat", made(iat=1e308)),
        ("iat", made(iat=int(NOW.timestamp()) - 60)), ("iat", made(iat=int(NOW.timestamp()) + 11)),
    ):  # fmt: skip
        assert part in judged(proof), (part, judged(proof))
    assert judged(made(iat=int(NOW.timestamp()) - 59)) == "" == judged(made(iat=int(NOW.timestamp()) + 10))


def test_the_address_of_a_proof() -> None:
    for good in (
        URL,
        URL + "?a=1",
        URL + "#x",
        "HTTPS://BANK.example/v1/open/token",
        "https://bank.example:443/v1/open/token",
    ):
        assert judged(made(htu=good)) == "", good
    for bad in (
        "http://bank.example/v1/open/token", "https://bank.example/v1/open/token/", "https://bank.example/v1/open/../open/token",
        "https://bank.example/v1/open/%74oken", "https://bank.example@evil.example/v1/open/token",
        "https://bank.example:444" + URL[20:],
        "https://evil.example/v1/open/token?https://bank.example/v1/open/token", "https://evil.example#" + URL, URL + "\\",
        URL + " ",
        "https://bank.example/?/v1/open/token", "//bank.example/v1/open/token", "", None, 7, [URL], "https://[/v1/open/token",
    ):  # fmt: skip
        assert "htu" in judged(made(htu=bad)), bad


def test_the_token_and_the_nonce_of_a_proof() -> None:
    assert judged(made(ath=proofs.hash_of(ACCESS)), ACCESS) == ""
    for wrong in (None, "", proofs.hash_of("another"), 7):
        assert "ath" in judged(made(ath=wrong), ACCESS)
    before = proofs.nonce_at(SEED, NOW - proofs.NONCE_LIVES)
    assert judged(made(nonce=before)) == ""
    for wrong in (
        None,
        "",
        "guess",
        proofs.nonce_at(SEED, NOW - 2 * proofs.NONCE_LIVES),
        proofs.nonce_at(b"other", NOW),
        7,
    ):
        assert judged(made(nonce=wrong)) == "sharing.nonce_needed"
    with pytest.raises(Refusal, match=r"nonce_needed"):
        proofs.checked(made(), "POST", URL, NOW, ())  # no key signs yet, so that nobody can have a nonce


@given(st.text(max_size=200))
def test_whatever_is_sent_is_no_proof_and_breaks_nothing(text: str) -> None:
    assert judged(text) != ""
    assert proofs.same_address(text, URL) is (text == URL)
