"""Run ``openssl`` on what a package holds. Every call is local; nothing is looked up on the network."""

from __future__ import annotations

import base64
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from . import der


@dataclass(frozen=True)
class Answer:
    """What openssl said: whether it verified, and its last line."""

    verified: bool
    said: str


def available() -> str | None:
    """The version of ``openssl``, or none if it is not on PATH."""
    try:
        return subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def pem(certificates: Sequence[bytes]) -> bytes:
    """DER certificates as one PEM file."""
    blocks = []
    for raw in certificates:
        body = base64.encodebytes(raw).decode()
        blocks.append(f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n")
    return "".join(blocks).encode()


def certificates(text: bytes) -> list[bytes]:
    """The DER certificates of a PEM file."""
    found, rest = [], text.decode("ascii", "replace")
    while "-----BEGIN CERTIFICATE-----" in rest:
        _, _, rest = rest.partition("-----BEGIN CERTIFICATE-----")
        body, _, rest = rest.partition("-----END CERTIFICATE-----")
        found.append(base64.b64decode("".join(body.split()), validate=True))
    return found


def _run(arguments: Sequence[str], files: dict[str, bytes], mark: str = "") -> Answer:
    """Run in a folder of its own; ``mark`` is what stderr or stdout must say besides a zero exit."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        done = subprocess.run(
            ["openssl", *arguments], cwd=folder, capture_output=True, text=True, errors="replace", check=False
        )
    said = (done.stderr + done.stdout).strip()
    lines = [line for line in said.splitlines() if "Using configuration" not in line]
    return Answer(done.returncode == 0 and mark in said, lines[-1] if lines else "")


HEADS = {
    "Ed25519": "302a300506032b6570032100",
    "P-256": "3059301306072a8648ce3d020106082a8648ce3d030107034200",
    "SM2": "3059301306072a8648ce3d020106082a811ccf5501822d034200",
}
"""What stands before a raw public key in its DER SubjectPublicKeyInfo."""
OPTIONS = {"Ed25519": "", "P-256": "-digest sha256", "SM2": "-digest sm3 -pkeyopt distid:1234567812345678"}


def raw(suite: str, public: bytes, message: bytes, signature: bytes) -> Answer:
    """Verify a signature by Ed25519 (RFC 8032), ECDSA on P-256, or SM2 with SM3 (GB/T 32918.2), with a raw public key."""
    return signed(bytes.fromhex(HEADS[suite]) + public, message, signature, OPTIONS[suite])


def signed(key: bytes, message: bytes, signature: bytes, options: str) -> Answer:
    """Verify a signature with a public key (SubjectPublicKeyInfo, DER); ``options`` name a digest where the key needs one."""
    arguments = ["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key"]
    arguments += ["-rawin", "-in", "message", "-sigfile", "signature", *options.split()]
    return _run(arguments, {"key": key, "message": message, "signature": signature}, "Verified Successfully")


def timestamp(token: bytes, data: bytes, roots: Sequence[bytes], chain: Sequence[bytes]) -> Answer:
    """Verify an RFC 3161 token over data, its certificate judged at the token's own time."""
    at = int(der.token_time(token).timestamp())
    arguments = f"ts -verify -token_in -in token -data data -CAfile roots.pem -attime {at}".split()
    files = {"token": token, "data": data, "roots.pem": pem(roots)}
    if chain:
        arguments += ["-untrusted", "chain.pem"]
        files["chain.pem"] = pem(chain)
    return _run(arguments, files, "Verification: OK")


def cms(signature: bytes, content: bytes, roots: Sequence[bytes], chain: Sequence[bytes], at: datetime) -> Answer:
    """Verify a detached CAdES signature and its chain, judged at ``at``."""
    arguments = (
        "cms -verify -cades -binary -inform DER -in signature -content content -CAfile roots.pem -no-CApath "
        f"-no-CAstore -purpose any -attime {int(at.timestamp())} -out out"
    ).split()
    files = {"signature": signature, "content": content, "roots.pem": pem(roots)}
    if chain:
        arguments += ["-certfile", "chain.pem"]
        files["chain.pem"] = pem(chain)
    return _run(arguments, files, "successful")


def crl(raw: bytes, issuer: bytes) -> Answer:
    """Verify the signature of a revocation list with its issuer's certificate."""
    arguments = ["crl", "-inform", "DER", "-in", "list", "-CAfile", "issuer.pem", "-noout"]
    return _run(arguments, {"list": raw, "issuer.pem": pem([issuer])}, "verify OK")


def issued(certificate: bytes, issuer: bytes, at: datetime) -> Answer:
    """Verify that a certificate was issued by another, judged at ``at``; no revocation (that is done apart)."""
    arguments = ["verify", "-no-CApath", "-no-CAstore", "-partial_chain", "-purpose", "any"]
    arguments += ["-attime", str(int(at.timestamp())), "-CAfile", "issuer.pem", "certificate.pem"]
    return _run(arguments, {"issuer.pem": pem([issuer]), "certificate.pem": pem([certificate])}, ": OK")
