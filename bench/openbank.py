"""Benchmark of a DPoP proof: what checking one costs a reading, against the hash and the comparison that a bearer token costs.

Prints JSON lines: name, value, unit, against, ratio, machine. No database and no network; by processor time, in one run.
The signature is ES256, as most programs make it; the signature alone, by the library that verifies it, stands beside it.

    python bench/openbank.py                 some seconds
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # this folder last: bench/http.py must not hide the standard library's http

import hashlib
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwk, jwt

from farthing.kit import base64url
from farthing.parties.vouching.rules import hashed, same
from farthing.sharing import proofs
from lines import show

TIMES = 2_000
URL = "https://bank.example/v1/open/accounts"


def each(work: Callable[[], object]) -> float:
    """Processor microseconds of one, over many."""
    began = time.process_time()
    for _ in range(TIMES):
        work()
    return (time.process_time() - began) / TIMES * 1e6


def main() -> None:
    """Measure and print."""
    now, seed, token = datetime.now(UTC), secrets.token_bytes(32), "access_" + secrets.token_urlsafe(40)
    taken, kept = proofs.nonces(seed, now), hashed(token)
    key = jwk.ECKey.generate_key("P-256")
    said = {
        "jti": "one", "htm": "GET", "htu": URL, "iat": int(now.timestamp()), "nonce": taken[0],
        "ath": base64url.encode(hashlib.sha256(token.encode()).digest()),
    }  # fmt: skip
    proof = jwt.encode({"alg": "ES256", "typ": "dpop+jwt", "jwk": key.as_dict(private=False)}, said, key)
    private = ec.generate_private_key(ec.SECP256R1())
    signature, public = private.sign(proof.encode(), ec.ECDSA(SHA256())), private.public_key()
    bound = each(lambda: proofs.checked(proof, "GET", URL, now, taken, token))
    plain = each(lambda: same(kept, token))
    bare = each(lambda: public.verify(signature, proof.encode(), ec.ECDSA(SHA256())))
    show("openbank.proof", bound, "microseconds a request", "a bearer token, hashed and compared", plain)
    show("openbank.proof_of_signature", bound, "microseconds a request", "its signature alone", bare)


if __name__ == "__main__":
    main()
