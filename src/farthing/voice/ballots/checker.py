"""The second count of a ballot's box: Python's standard library alone, nothing of Farthing. Copy this file and run it:

    python3 checker.py BOX.json

It shares no code with what makes and counts boxes, so one mistake cannot hide in both: its own reading of the key, its own
RSA-PSS, its own tree, its own sums. It trusts nothing but the file; the root is to be compared with the one that was
published elsewhere, the number of tokens given out with the published roll.
"""

from __future__ import annotations

import hashlib
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any


class Bad(Exception):
    """A box that proves nothing, and why."""


def want(holds: object, why: str) -> None:
    """Stop unless it holds; an assertion could be switched off."""
    if not holds:
        raise Bad(why)


def sha384(data: bytes) -> bytes:
    """48 bytes."""
    return hashlib.sha384(data).digest()


def der(data: bytes) -> tuple[int, bytes, bytes]:
    """Tag, content and rest of one DER value."""
    tag, length, at = data[0], data[1], 2
    if length & 0x80:
        at += length & 0x7F
        length = int.from_bytes(data[2:at], "big")
    want(at + length <= len(data), "the key is cut short")
    return tag, data[at : at + length], data[at + length :]


def modulus_of(key: bytes) -> tuple[int, int]:
    """Modulus and exponent out of a SubjectPublicKeyInfo (RFC 3279, 2.3.1)."""
    _, body, rest = der(key)
    want(not rest, "bytes after the key")
    _, algorithm, body = der(body)
    want(der(algorithm)[1].hex() == "2a864886f70d010101", "the key is not RSA")
    _, bits, _ = der(body)
    _, numbers, _ = der(bits[1:])
    _, modulus, numbers = der(numbers)
    _, exponent, _ = der(numbers)
    return int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")


def signed(modulus: int, exponent: int, message: bytes, signature: bytes) -> bool:
    """EMSA-PSS-VERIFY of RFC 8017, 9.1.2, with SHA-384 and a salt of 48 bytes."""
    bits, number = modulus.bit_length() - 1, int.from_bytes(signature, "big")
    if len(signature) != (modulus.bit_length() + 7) // 8 or number >= modulus:
        return False
    length = (bits + 7) // 8
    raised = pow(number, exponent, modulus)
    if raised.bit_length() > bits:
        return False
    encoded = raised.to_bytes(length, "big")
    masked, hashed = encoded[: length - 49], encoded[length - 49 : -1]
    stream, turn = b"", 0
    while len(stream) < len(masked):
        stream += sha384(hashed + turn.to_bytes(4, "big"))
        turn += 1
    block = int.from_bytes(masked, "big") ^ int.from_bytes(stream[: len(masked)], "big")
    block &= (1 << (bits - 8 * 49)) - 1
    plain = block.to_bytes(len(masked), "big")
    salt = plain[-48:]
    framed = plain[:-48] == bytes(len(masked) - 49) + b"\x01"
    return encoded[-1] == 0xBC and framed and sha384(bytes(8) + sha384(message) + salt) == hashed


def tree(lines: list[bytes]) -> bytes:
    """The root of RFC 6962, 2.1."""
    if len(lines) == 1:
        return hashlib.sha256(b"\0" + lines[0]).digest()
    half = 1
    while half * 2 < len(lines):
        half *= 2
    return hashlib.sha256(b"\1" + tree(lines[:half]) + tree(lines[half:])).digest()


def line(value: Any) -> str:
    """RFC 8785 of what a box holds: whole numbers, texts, keys in the order of UTF-16."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{line(key)}:{line(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(line, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A table in which no name stands twice."""
    want(len({name for name, _ in pairs}) == len(pairs), "a name stands twice")
    return dict(pairs)


def recount(text: str | bytes) -> dict[str, Any]:
    """Voters, what each option got, and the root; raises ``Bad``."""
    try:
        return _recount(json.loads(text, object_pairs_hook=once))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError) as error:
        raise Bad(f"it cannot be read: {type(error).__name__}") from None


def numbers(lines: list[dict[str, Any]], name: str, other: str) -> list[str]:
    """The random numbers of the lines, each written in one way only, rising: the same token in other letters would be another
    vote, and the order in which they came would join the lists."""
    want(all(set(each) == {name, other} for each in lines), f"a line is not {name} and {other}")
    found = [each[name] for each in lines]
    want(all(len(each) == 64 and set(each) <= set("0123456789abcdef") for each in found), f"a {name} is badly written")
    want(all(one < two for one, two in pairwise(found)), f"a {name} stands twice or out of order")
    return found


def head_of(box: dict[str, Any]) -> dict[str, Any]:
    """What a ballot says of itself, each field of its kind and none besides."""
    names = ("ballot", "options", "method", "points", "quorum", "key", "issued")
    want(set(box) == {*names, "tokens", "choices", "root"}, "a field is missing or over")
    options, method = box["options"], box["method"]
    want(type(options) is list and all(type(each) is str and each for each in options), "an option is no text")
    want(2 <= len(options) <= 50 and len(set(options)) == len(options), "there are not 2 to 50 different options")
    want(type(box["ballot"]) is str and method in ("approval", "points"), "the ballot or its method is unknown")
    want(
        all(type(box[name]) is int and 0 <= box[name] <= 10**9 for name in ("points", "quorum", "issued")), "no number"
    )
    want(box["points"] <= 1000 and (box["points"] > 0) == (method == "points"), "the points do not go with the method")
    return {name: box[name] for name in names}


def _recount(box: dict[str, Any]) -> dict[str, Any]:
    head = head_of(box)
    modulus, exponent = modulus_of(bytes.fromhex(box["key"]))
    want(modulus.bit_length() >= 2048, "the key is short")
    cast = len(numbers(box["choices"], "tracker", "chosen"))
    want(len(numbers(box["tokens"], "token", "signature")) == cast, "there are not as many tokens as choices")
    want(cast <= box["issued"], "more votes than tokens were given out")
    for each in box["tokens"]:
        fits = signed(modulus, exponent, bytes.fromhex(each["token"]), bytes.fromhex(each["signature"]))
        want(fits, "a token is not signed")
    got = dict.fromkeys(box["options"], 0)
    for each in box["choices"]:
        spent = 0
        for option, weight in each["chosen"].items():
            want(type(weight) is int and weight >= 1, "a vote below one")
            want(box["method"] == "points" or weight == 1, "an approval above one")
            got[option] += weight
            spent += weight
        want(box["method"] != "points" or spent <= box["points"], "more points than a voter has")
    root = tree([line(each).encode() for each in [head, *box["tokens"], *box["choices"]]]).hex()
    want(root == box["root"], "the root is not that of the lines")
    return {"voters": cast, "totals": got, "root": root}


if __name__ == "__main__":
    try:
        sys.stdout.write(json.dumps(recount(Path(sys.argv[1]).read_bytes()), ensure_ascii=False, indent=2) + "\n")
    except (Bad, OSError, IndexError) as bad:
        sys.exit(f"NOT COUNTED: {bad}")
