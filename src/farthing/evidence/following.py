"""Own the rule by which somebody follows one log: a tree is taken where it is the last one that was seen, or grew out of it.

The log's signer and every witness keep it (c2sp.org/tlog-witness); what they sign differs. Pure.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from farthing.evidence import merkle
from farthing.evidence.merkle import ProofStatus
from farthing.evidence.model import Seen
from farthing.evidence.note import TreeHead

LONGEST_PROOF = 63
"""Hashes of a proof (c2sp.org/tlog-witness)."""
MOST_BYTES = 1 << 16
"""Of a request: a note, and a proof of so many hashes."""


class Wrong(Enum):
    """Why a tree is not taken, in the words that whoever asked is told."""

    UNREADABLE = "the request is not as c2sp.org/tlog-witness says"
    OTHER_LOG = "it is another log's"
    SMALLER = "the tree is smaller than the last one"
    OTHER_ROOT = "a tree of as many leaves had another root"
    INCONSISTENT = "the tree did not grow out of the last one"


@dataclass(frozen=True, slots=True)
class Request:
    """What a follower is asked: the size that it is believed to have seen last, the proof from there, and the text."""

    old_size: int
    proof: tuple[bytes, ...]
    text: str


def read(body: bytes) -> Request | Wrong:
    """Take an add-checkpoint request apart (c2sp.org/tlog-witness)."""
    try:
        head, gap, text = body.decode().partition("\n\n")
        first, *lines = head.split("\n")
        proof = tuple(base64.b64decode(line, validate=True) for line in lines)
    except (UnicodeDecodeError, binascii.Error, ValueError):
        return Wrong.UNREADABLE
    word, _, digits = first.partition(" ")
    fits = word == "old" and digits.isascii() and digits.isdigit() and len(digits) <= 15
    if not (gap and fits and len(proof) <= LONGEST_PROOF and all(len(each) == 32 for each in proof)):
        return Wrong.UNREADABLE
    return Request(int(digits), proof, text)


def judge(last: TreeHead, old_size: int, proof: Sequence[bytes], head: TreeHead) -> Wrong | Seen | None:
    """Whether a tree may follow the ``last`` one: nothing where it may, why not, or what was seen last where the request
    names another size."""
    if head.origin != last.origin:
        return Wrong.OTHER_LOG
    if old_size > head.size:
        return Wrong.SMALLER
    if old_size != last.size:
        return Seen(last.size)
    if head.size == last.size:
        return None if head.root == last.root and not proof else Wrong.OTHER_ROOT
    if not last.size:
        return Wrong.INCONSISTENT if proof else None
    found = merkle.verify_consistency(last.size, head.size, last.root, head.root, proof)
    return None if found is ProofStatus.VERIFIED else Wrong.INCONSISTENT
