"""Own the Merkle tree of RFC 6962 section 2.1 (the same tree as RFC 9162): hashes, proofs and their checks.

Every complete subtree has a *node id*, its place when nodes are written in the order in which they complete
(leaf 0, leaf 1, their parent, leaf 2, ...), as Go's sumdb tlog numbers them. So a tree of any size is a prefix
of one list of nodes: integrating n leaves writes about 2n nodes, and any proof reads O(log size) of them.
Pure: callers fetch the nodes that ``*_nodes`` names and hand them to ``*_proof``. Never does I/O.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from farthing.kit.errors import InvariantBroken

EMPTY_ROOT = hashlib.sha256(b"").digest()


class ProofStatus(Enum):
    """What checking a proof found; only ``VERIFIED`` supports a claim."""

    VERIFIED = "verified"
    OUT_OF_RANGE = "index or size out of range"
    NOT_A_HASH = "a hash is not 32 bytes"
    WRONG_LENGTH = "proof has the wrong number of hashes"
    ROOT_MISMATCH = "proof leads to another root"
    OLD_ROOT_MISMATCH = "proof leads to another old root"


@dataclass(frozen=True, slots=True, order=True)
class Subtree:
    """The complete subtree of ``2**level`` leaves that starts at leaf ``index * 2**level``."""

    level: int
    index: int

    @property
    def node_id(self) -> int:
        """Place of this subtree's hash among all stored nodes."""
        last_leaf = ((self.index + 1) << self.level) - 1
        return leaf_node_id(last_leaf) + self.level


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of 0x00 and the leaf's bytes (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and both children (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf_node_id(position: int) -> int:
    """Node id of a leaf: its position plus the number of parents complete before it, ``2p - popcount(p)``."""
    return 2 * position - position.bit_count()


def node_count(size: int) -> int:
    """How many nodes (complete subtrees) a tree of ``size`` leaves stores."""
    return leaf_node_id(size)


def cover(start: int, end: int) -> list[Subtree]:
    """Complete subtrees that make up leaves ``start`` to ``end`` (not included), from left to right.

    ``start`` must be a multiple of the largest power of two below the range's length, as in every RFC 6962
    recursion; then the levels fall strictly and :func:`fold` gives the range's hash.
    """
    parts = []
    while start < end:
        level = (end - start).bit_length() - 1
        parts.append(Subtree(level, start >> level))
        start += 1 << level
    return parts


def fold(hashes: Sequence[bytes]) -> bytes:
    """Hash of a range from the hashes of its :func:`cover`; the empty range gives SHA-256 of nothing."""
    if not hashes:
        return EMPTY_ROOT
    result = hashes[-1]
    for left in reversed(hashes[:-1]):
        result = node_hash(left, result)
    return result


class Frontier:
    """The right edge of a growing tree: the hashes of ``cover(0, size)``. Adding a leaf costs O(1) amortised."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if len(hashes) != size.bit_count():
            raise InvariantBroken(f"a tree of {size} leaves has {size.bit_count()} edge hashes, not {len(hashes)}")
        self.size = size
        self._edge = list(hashes)

    def add(self, leaf: bytes) -> list[tuple[int, bytes]]:
        """Add one leaf hash; answers the (node id, hash) pairs that this leaf completes, lowest first."""
        node, ident = leaf, leaf_node_id(self.size)
        made = [(ident, node)]
        carries = self.size
        while carries & 1:
            node = node_hash(self._edge.pop(), node)
            ident += 1
            made.append((ident, node))
            carries >>= 1
        self._edge.append(node)
        self.size += 1
        return made

    def root(self) -> bytes:
        """Root of the tree so far."""
        return fold(self._edge)


def frontier_nodes(size: int) -> list[int]:
    """Node ids whose hashes rebuild the :class:`Frontier` (and the root) of a tree of ``size`` leaves."""
    return [part.node_id for part in cover(0, size)]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes, from nothing."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1


def _inclusion_ranges(position: int, size: int) -> list[tuple[int, int]]:
    """Sibling ranges from the leaf up (RFC 6962 section 2.1.1, PATH)."""
    if not 0 <= position < size:
        raise InvariantBroken(f"leaf {position} is not in a tree of {size}")
    ranges, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if position < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def _consistency_ranges(old: int, new: int) -> list[tuple[int, int]]:
    """Ranges whose hashes prove that ``old`` is a prefix of ``new`` (RFC 6962 section 2.1.2, PROOF)."""
    if not 0 < old <= new:
        raise InvariantBroken(f"no consistency proof from {old} to {new}")
    ranges, start, end = [], 0, new
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        ranges.append((start, end))
    return ranges[::-1]


def _nodes(ranges: Sequence[tuple[int, int]]) -> list[int]:
    return [part.node_id for start, end in ranges for part in cover(start, end)]


def _hashes(ranges: Sequence[tuple[int, int]], nodes: Mapping[int, bytes]) -> list[bytes]:
    return [fold([nodes[part.node_id] for part in cover(start, end)]) for start, end in ranges]


def inclusion_nodes(position: int, size: int) -> list[int]:
    """Node ids to read for an inclusion proof; at most about ``2 log2(size)``."""
    return _nodes(_inclusion_ranges(position, size))


def inclusion_proof(position: int, size: int, nodes: Mapping[int, bytes]) -> list[bytes]:
    """Audit path of a leaf, from its sibling up (RFC 6962 section 2.1.1)."""
    return _hashes(_inclusion_ranges(position, size), nodes)


def consistency_nodes(old: int, new: int) -> list[int]:
    """Node ids to read for a consistency proof."""
    return _nodes(_consistency_ranges(old, new))


def consistency_proof(old: int, new: int, nodes: Mapping[int, bytes]) -> list[bytes]:
    """Proof that the tree of ``old`` leaves is a prefix of the tree of ``new`` (RFC 6962 section 2.1.2)."""
    return _hashes(_consistency_ranges(old, new), nodes)


def verify_inclusion(position: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> ProofStatus:
    """Check an audit path by the loop of RFC 9162 section 2.1.3.2, which shares no code with the prover."""
    if not 0 <= position < size:
        return ProofStatus.OUT_OF_RANGE
    if any(len(item) != 32 for item in (leaf, root, *proof)):
        return ProofStatus.NOT_A_HASH
    node, index, last = leaf, position, size - 1
    for step in proof:
        if last == 0:
            return ProofStatus.WRONG_LENGTH
        if index & 1 or index == last:
            node = node_hash(step, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, step)
        index, last = index >> 1, last >> 1
    if last != 0:
        return ProofStatus.WRONG_LENGTH
    return ProofStatus.VERIFIED if node == root else ProofStatus.ROOT_MISMATCH


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> ProofStatus:
    """Check a consistency proof by the loop of RFC 9162 section 2.1.4.2.

    From an empty tree nothing can be proved, so it is out of range.
    """
    if not 0 < old <= new:
        return ProofStatus.OUT_OF_RANGE
    if old == new:
        if proof:
            return ProofStatus.WRONG_LENGTH
        return ProofStatus.VERIFIED if old_root == new_root else ProofStatus.ROOT_MISMATCH
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return ProofStatus.WRONG_LENGTH
    index, last = old - 1, new - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    old_node = new_node = path[0]
    for step in path[1:]:
        if last == 0:
            return ProofStatus.WRONG_LENGTH
        if index & 1 or index == last:
            old_node, new_node = node_hash(step, old_node), node_hash(step, new_node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            new_node = node_hash(new_node, step)
        index, last = index >> 1, last >> 1
    if last != 0:
        return ProofStatus.WRONG_LENGTH
    if old_node != old_root:
        return ProofStatus.OLD_ROOT_MISMATCH
    return ProofStatus.VERIFIED if new_node == new_root else ProofStatus.ROOT_MISMATCH
