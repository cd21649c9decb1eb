"""The tree against the public vectors and against RFC 6962's own recursion."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.evidence import merkle
from farthing.evidence.merkle import ProofStatus
from farthing.kit.errors import InvariantBroken


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


def test_public_vectors(shared_data: Path) -> None:
    """All 196 vectors of the transparency-dev collection: the good ones pass, every altered one is refused."""
    folder = shared_data / "tlog" / "testdata"
    counts = {"inclusion": 0, "consistency": 0}
    for path in sorted(folder.rglob("*.json")):
        vector = json.loads(path.read_text())
        proof = [_bytes(item) for item in vector["proof"] or []]
        if "leafIdx" in vector:
            counts["inclusion"] += 1
            leaf, root = _bytes(vector["leafHash"] or ""), _bytes(vector["root"] or "")
            status = merkle.verify_inclusion(vector["leafIdx"], vector["treeSize"], leaf, proof, root)
        else:
            counts["consistency"] += 1
            roots = _bytes(vector["root1"] or ""), _bytes(vector["root2"] or "")
            status = merkle.verify_consistency(vector["size1"], vector["size2"], *roots, proof)
        refused = status is not ProofStatus.VERIFIED
        assert refused is vector["wantErr"], f"{path.relative_to(folder)}: {status}"
    assert sum(counts.values()) == 196
    assert min(counts.values()) > 50


def _reference_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, written as the RFC writes it."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(_reference_root(leaves[:split]), _reference_root(leaves[split:]))


def _tree(size: int) -> tuple[list[bytes], dict[int, bytes]]:
    leaves = [merkle.leaf_hash(str(number).encode()) for number in range(size)]
    frontier, nodes = merkle.Frontier(), {}
    for leaf in leaves:
        nodes.update(frontier.add(leaf))
    assert sorted(nodes) == list(range(merkle.node_count(size)))
    assert frontier.root() == _reference_root(leaves)
    return leaves, nodes


@given(st.integers(1, 200), st.data())
def test_every_leaf_is_provable_and_no_other(size: int, data: st.DataObject) -> None:
    leaves, nodes = _tree(size)
    position = data.draw(st.integers(0, size - 1))
    needed = merkle.inclusion_nodes(position, size)
    assert len(needed) <= 2 * size.bit_length()
    proof = merkle.inclusion_proof(position, size, {ident: nodes[ident] for ident in needed})
    root = merkle.root_of(leaves)
    assert merkle.verify_inclusion(position, size, leaves[position], proof, root) is ProofStatus.VERIFIED
    other = merkle.leaf_hash(b"another leaf")
    assert merkle.verify_inclusion(position, size, other, proof, root) is ProofStatus.ROOT_MISMATCH
    elsewhere = data.draw(st.integers(0, size - 1).filter(lambda index: index != position)) if size > 1 else None
    if elsewhere is not None:
        found = merkle.verify_inclusion(elsewhere, size, leaves[position], proof, root)
        assert found is not ProofStatus.VERIFIED


@given(st.integers(1, 200), st.data())
def test_every_prefix_is_consistent_and_no_other_root_is(size: int, data: st.DataObject) -> None:
    leaves, nodes = _tree(size)
    old = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(old, size, {i: nodes[i] for i in merkle.consistency_nodes(old, size)})
    before, after = _reference_root(leaves[:old]), _reference_root(leaves)
    assert merkle.verify_consistency(old, size, before, after, proof) is ProofStatus.VERIFIED
    forged = merkle.leaf_hash(b"another past")
    assert merkle.verify_consistency(old, size, forged, after, proof) is not ProofStatus.VERIFIED
    assert merkle.verify_consistency(old, size, before, forged, proof) is not ProofStatus.VERIFIED


@given(st.integers(0, 300), st.integers(0, 60))
def test_a_frontier_resumes_from_stored_nodes(size: int, more: int) -> None:
    _, nodes = _tree(size)
    frontier = merkle.Frontier(size, [nodes[ident] for ident in merkle.frontier_nodes(size)])
    added = [merkle.leaf_hash(str(number).encode()) for number in range(size, size + more)]
    for leaf in added:
        nodes.update(frontier.add(leaf))
    assert nodes == _tree(size + more)[1]


def test_impossible_requests_are_our_own_bugs() -> None:
    with pytest.raises(InvariantBroken):
        merkle.inclusion_nodes(5, 5)
    with pytest.raises(InvariantBroken):
        merkle.consistency_nodes(0, 5)
    with pytest.raises(InvariantBroken):
        merkle.Frontier(3, [b"only one"])
