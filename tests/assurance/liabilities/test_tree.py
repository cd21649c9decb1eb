"""The Merkle-sum tree of what customers are owed: its laws, and what the stand-alone checker refuses."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.assurance.liabilities import rules, tree
from farthing.assurance.liabilities.tree import LARGEST, Leaf, Node, Piece, Tree
from farthing.evidence.checker import counted
from farthing.kit.errors import InvariantBroken

ON, KEY = date(2026, 6, 10), bytes(32)
OWED = st.dictionaries(st.text("0123456789abcdef", min_size=1, max_size=6), st.integers(-5, 10**6), max_size=40)


def grown(owed: dict[str, int]) -> tuple[list[Leaf], Tree, list[Piece]]:
    found = tree.leaves(KEY, ON, "CNY", owed.items())
    return found, tree.tree_of(found), list(tree.pieces(found))


def claim(owed: dict[str, int], account: str) -> dict[str, Any]:
    """A proof as the file has it, without the log's part."""
    _, whole, parts = grown(owed)
    tag, salt = tree.drawn(KEY, account)
    number = tree.piece_with(whole, tag)
    path = None if number is None else tree.path_to(whole, parts[number], tag)
    assert path is not None
    return {
        "day": str(ON), "currency": "CNY", "account": account, "minor": path.minor, "salt": salt.hex(),
        "position": path.position, "path": base64.b64encode(path.packed()).decode(),
    }  # fmt: skip


@given(OWED)
def test_everybody_who_is_owed_something_is_led_to_the_one_root_and_total(owed: dict[str, int]) -> None:
    found, whole, _ = grown(owed)
    above = {account: minor for account, minor in owed.items() if minor > 0}
    assert len(found) == whole.count == len(above)
    assert whole.root[1] == sum(above.values()), "nobody who is overdrawn takes from what another is owed"
    for account, minor in above.items():
        led = counted.lead(claim(owed, account))
        assert (led.root, led.total, led.minor) == (*whole.root, minor)
    assert Tree.unpacked(whole.count, whole.packed()) == whole


@given(st.integers(1, 40), st.integers(0, 3))
def test_pieces_make_the_tree_that_a_plain_one_is(count: int, height: int) -> None:
    nodes: list[Node] = [(hashlib.sha256(bytes([each])).digest(), each) for each in range(count)]

    def plain(low: int, depth: int) -> Node:
        if depth == 0:
            return nodes[low] if low < count else tree.PADDING[0]
        return tree.parent(plain(low, depth - 1), plain(low + 2 ** (depth - 1), depth - 1))

    assert tree.root_of(nodes, 6) == plain(0, 6)
    for position in range(count):
        node = nodes[position]
        steps = tree.steps_of(tree.levels(nodes, 6), position)
        for at, beside in enumerate(steps):
            node = tree.parent(beside, node) if position >> at & 1 else tree.parent(node, beside)
        assert node == plain(0, 6)


def test_a_tree_of_several_pieces_leads_everybody_to_its_root() -> None:
    owed = {f"a{each}": each + 1 for each in range(2 * tree.PIECE + 5)}
    found, whole, parts = grown(owed)
    assert [len(each.leaves()) for each in parts] == [tree.PIECE, tree.PIECE, 5]
    assert whole.height == 2
    for account in ("a0", "a77", f"a{2 * tree.PIECE + 4}"):
        proof = claim(owed, account)
        assert counted.lead(proof).root == whole.root[0]
        assert len(base64.b64decode(proof["path"])) == (tree.DEPTH + 2) * 40
    assert tree.piece_with(whole, b"\0" * 16) is None or found[0][0] == b"\0" * 16


def test_places_are_drawn_anew_each_day_and_twins_have_two_leaves() -> None:
    owed = {f"a{each}": 100 for each in range(50)}
    found = tree.leaves(KEY, ON, "CNY", owed.items())
    assert len({each[1] for each in found}) == 50
    order = [tree.drawn(KEY, account)[0] for account in owed]
    other = [tree.drawn(b"\1" * 32, account)[0] for account in owed]
    assert sorted(range(50), key=order.__getitem__) != sorted(range(50), key=other.__getitem__)


def test_the_operators_known_tricks_are_refused_by_the_checker() -> None:
    """Figures of the reference: leaves 100, 250, 70, 80 come to 500, where the larger of two stood for their sum to 250."""
    owed = {"a": 100, "b": 250, "c": 70, "d": 80}
    honest = claim(owed, "a")
    root = counted.lead(honest)
    assert root.total == 500
    steps = base64.b64decode(honest["path"])

    def with_sum(at: int, minor: int) -> dict[str, Any]:
        raw = bytearray(steps)
        raw[at * 40 + 32 : at * 40 + 40] = minor.to_bytes(8, "big")
        return honest | {"path": base64.b64encode(raw).decode()}

    assert counted.lead(with_sum(0, 0)).root != root.root, "a sum that was changed leads elsewhere"
    for bad in (
        honest | {"minor": -1}, honest | {"minor": 2**63}, honest | {"minor": True}, honest | {"minor": 1.0},
        with_sum(0, 2**63), with_sum(0, LARGEST), honest | {"position": -1}, honest | {"position": 2**60},
        honest | {"salt": "00"}, honest | {"path": honest["path"][:-4]}, honest | {"day": "2026-6-10"},
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"."):
            counted.lead(bad)
    assert counted.lead(honest | {"account": "b"}).root != root.root
    assert counted.lead(honest | {"day": "2026-06-11"}).root != root.root


def test_what_does_not_fit_is_our_bug() -> None:
    for minor in (-1, LARGEST + 1):
        with pytest.raises(InvariantBroken):
            tree.leaf_hash(bytes(16), ON, "CNY", minor, "a")
    with pytest.raises(InvariantBroken):
        tree.parent((bytes(32), LARGEST), (bytes(32), 1))


def test_the_bank_tries_a_path_as_the_checker_does() -> None:
    owed = {f"a{each}": each + 1 for each in range(9)}
    _, whole, parts = grown(owed)
    tag, salt = tree.drawn(KEY, "a3")
    path = tree.path_to(whole, parts[0], tag)
    assert path is not None
    assert rules.led(ON, "CNY", "a3", path, salt) == whole.root
