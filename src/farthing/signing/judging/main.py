"""Own the judging of a file in a process of its own: ``main FILE --at INSTANT [--trust FILE]`` prints a judgement as JSON.

A file made to exhaust its reader exhausts this process and nothing else. Never opens a bank.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from farthing.kit.canonical import plain
from farthing.signing.judging.judge import judge


def main(arguments: Sequence[str]) -> int:
    """Judge one file; always 0, since a verdict is an answer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--at", required=True)
    parser.add_argument("--trust")
    given = parser.parse_args(arguments)
    roots = roots_of(Path(given.trust).read_bytes()) if given.trust else ()
    found = judge(Path(given.file).read_bytes(), roots, datetime.fromisoformat(given.at))
    sys.stdout.write(json.dumps(plain(found), ensure_ascii=True))
    return 0


def roots_of(content: bytes) -> tuple[bytes, ...]:
    """The certificates (DER) of a file in PEM, or of one in DER; ValueError where there is none."""
    if b"-----BEGIN CERTIFICATE-----" in content:
        found = x509.load_pem_x509_certificates(content)
    else:
        found = [x509.load_der_x509_certificate(content)]
    return tuple(each.public_bytes(Encoding.DER) for each in found)
