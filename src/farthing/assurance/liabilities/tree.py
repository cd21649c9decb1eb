"""Own the Merkle-sum tree of a day: leaves, their order, pieces of it, and the path from a leaf to the root. Pure.

    leaf    SHA-256(00 || salt || day || currency || amount || account)      amount: 8 bytes, 0 to 2**63 - 1
    node    SHA-256(01 || left hash || left sum || right hash || right sum)  its sum: both sums together, below 2**63
    padding SHA-256(02), sum 0

Both children's sums are hashed, not their sum: whoever hashes only the sum may publish the larger of two for their sum (Chalkias
and Chatzigiannis, Financial Cryptography 2022). An account of one leaf is in the leaf with its amount and its day, so that two
customers with the same money have two leaves. Where a leaf stands, and its salt, follow from a key of the day that nobody else
has, so that neighbours of one day are not neighbours of the next. Never a negative amount: who is overdrawn is owed nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from farthing.kit.errors import InvariantBroken

LARGEST = 2**63 - 1
DEPTH = 12
"""Levels of a piece: up to 4,096 leaves are kept together, and read together for a proof."""
PIECE = 1 << DEPTH

Node = tuple[bytes, int]
"""A hash and the sum below it, in minor units."""
Leaf = tuple[bytes, bytes, int]
"""Where it stands (its tag), its hash, its amount: in this order sorted."""


def drawn(key: bytes, account: str) -> tuple[bytes, bytes]:
    """Where the leaf of an account stands on a day, and its salt: 16 bytes each."""
    found = hashlib.blake2b(account.encode(), key=key, digest_size=32).digest()
    return found[:16], found[16:]


def leaf_hash(salt: bytes, on: date, currency: str, minor: int, account: str) -> bytes:
    """The hash of a leaf; an amount below zero or above :data:`LARGEST` is our bug."""
    if not 0 <= minor <= LARGEST:
        raise InvariantBroken(f"a leaf of {minor}")
    head = b"\x00" + salt + on.isoformat().encode() + currency.encode()
    return hashlib.sha256(head + minor.to_bytes(8, "big") + account.encode()).digest()


def parent(left: Node, right: Node) -> Node:
    """The node above two; a sum above :data:`LARGEST` is our bug."""
    total = left[1] + right[1]
    if total > LARGEST:
        raise InvariantBroken("the sum of what is owed does not fit 63 bits")
    return hashlib.sha256(
        b"\x01" + left[0] + left[1].to_bytes(8, "big") + right[0] + right[1].to_bytes(8, "big")
    ).digest(), total


def _paddings(depth: int) -> list[Node]:
    found = [(hashlib.sha256(b"\x02").digest(), 0)]
    for _ in range(depth):
        found.append(parent(found[-1], found[-1]))
    return found


PADDING = _paddings(64)
"""Roots of subtrees that hold nothing, by their depth."""


def levels(nodes: Sequence[Node], depth: int, at: int = 0) -> list[list[Node]]:
    """A subtree of ``depth`` levels over nodes that stand ``at`` some height, from below; what is missing is padding."""
    found = [list(nodes)]
    for level in range(depth):
        below = found[-1]
        if len(below) % 2:
            below = [*below, PADDING[at + level]]
        found.append([parent(below[each], below[each + 1]) for each in range(0, len(below), 2)])
    return found


def root_of(nodes: Sequence[Node], depth: int, at: int = 0) -> Node:
    """The node above all of them."""
    top = levels(nodes, depth, at)[-1]
    return top[0] if top else PADDING[at + depth]


def steps_of(found: Sequence[Sequence[Node]], position: int, at: int = 0) -> list[Node]:
    """The neighbours on the way up from a position."""
    steps = []
    for height, level in enumerate(found[:-1]):
        beside = position ^ 1
        steps.append(level[beside] if beside < len(level) else PADDING[at + height])
        position >>= 1
    return steps


def leaves(key: bytes, on: date, currency: str, owed: Iterable[tuple[str, int]]) -> list[Leaf]:
    """The leaves of a day in their order; accounts that are owed nothing have none."""
    made = []
    for account, minor in owed:
        if minor > 0:
            tag, salt = drawn(key, account)
            made.append((tag, leaf_hash(salt, on, currency, minor, account), minor))
    made.sort()
    return made


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the leaves, packed: tags, hashes, amounts, one after the other."""

    number: int
    packed: bytes

    @staticmethod
    def of(number: int, part: Sequence[Leaf]) -> Piece:
        """Pack a part of the leaves."""
        return Piece(number, b"".join(tag + found + minor.to_bytes(8, "big") for tag, found, minor in part))

    def leaves(self) -> list[Leaf]:
        """Its leaves again."""
        raw = self.packed
        return [
            (raw[at : at + 16], raw[at + 16 : at + 48], int.from_bytes(raw[at + 48 : at + 56], "big"))
            for at in range(0, len(raw), 56)
        ]


def pieces(found: Sequence[Leaf]) -> Iterator[Piece]:
    """The leaves in pieces of :data:`PIECE`."""
    for start in range(0, len(found), PIECE):
        yield Piece.of(start // PIECE, found[start : start + PIECE])


@dataclass(frozen=True, slots=True)
class Tree:
    """What is kept of a tree above its pieces: how many leaves, the pieces' roots, and the first tag of each."""

    count: int
    tops: tuple[Node, ...]
    firsts: tuple[bytes, ...]

    @property
    def height(self) -> int:
        """Levels above the pieces."""
        return max(len(self.tops) - 1, 0).bit_length()

    @property
    def root(self) -> Node:
        """Root hash and total."""
        return root_of(self.tops, self.height, DEPTH)

    def packed(self) -> bytes:
        """All of it in bytes."""
        return b"".join(
            first + node[0] + node[1].to_bytes(8, "big") for first, node in zip(self.firsts, self.tops, strict=True)
        )

    @staticmethod
    def unpacked(count: int, packed: bytes) -> Tree:
        """The same from its bytes."""
        found = Piece(0, packed).leaves()
        return Tree(count, tuple((each[1], each[2]) for each in found), tuple(each[0] for each in found))


def tree_of(found: Sequence[Leaf]) -> Tree:
    """The tree over leaves in their order."""
    starts = range(0, len(found), PIECE)
    tops = tuple(root_of([each[1:] for each in found[at : at + PIECE]], DEPTH) for at in starts)
    return Tree(len(found), tops, tuple(found[at][0] for at in starts))


def piece_with(tree: Tree, tag: bytes) -> int | None:
    """The number of the piece in which a leaf stands, if it stands anywhere."""
    at = None
    for number, first in enumerate(tree.firsts):
        if first <= tag:
            at = number
    return at


@dataclass(frozen=True, slots=True)
class Path:
    """The way from a leaf to the root: where it stands and its neighbours, 40 bytes each."""

    position: int
    minor: int
    steps: tuple[Node, ...]

    def packed(self) -> bytes:
        """The neighbours in bytes."""
        return b"".join(found + minor.to_bytes(8, "big") for found, minor in self.steps)


def path_to(tree: Tree, piece: Piece, tag: bytes) -> Path | None:
    """The way up from the leaf of a tag; none where the piece does not hold it."""
    held = piece.leaves()
    within = next((at for at, each in enumerate(held) if each[0] == tag), None)
    if within is None:
        return None
    below = levels([each[1:] for each in held], DEPTH)
    above = levels(tree.tops, tree.height, DEPTH)
    steps = [*steps_of(below, within), *steps_of(above, piece.number, DEPTH)]
    return Path(piece.number * PIECE + within, held[within][2], tuple(steps))
