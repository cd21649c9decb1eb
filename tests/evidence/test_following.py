"""Who follows a log takes a tree if it is the last one or grew out of it, and no other; whatever a request says."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from farthing.evidence import following, note
from farthing.evidence.following import Request, Wrong
from farthing.evidence.model import Seen
from farthing.evidence.note import TreeHead
from tests.evidence.trees import Tree

MOST = 40
TREE = Tree(MOST)
SIZES = st.integers(0, MOST)


@given(SIZES, SIZES, SIZES)
def test_a_tree_follows_its_own_beginning(last: int, old: int, new: int) -> None:
    said = following.judge(TREE.head(last), old, TREE.proof(old, new), TREE.head(new))
    if old > new:
        assert said is Wrong.SMALLER
    elif old != last:
        assert said == Seen(last)
    else:
        assert said is None


@given(st.integers(1, MOST), st.integers(0, MOST - 1), SIZES)
def test_a_fork_does_not_follow(last: int, fork: int, new: int) -> None:
    """A tree that differs somewhere below what was seen last is not taken, with its own proof or with the first tree's."""
    other = Tree(MOST, fork)
    for proof in (other.proof(last, new), TREE.proof(last, new)):
        said = following.judge(TREE.head(last), last, proof, other.head(new))
        if fork < last or new < last:
            assert isinstance(said, Wrong)


@given(st.integers(1, MOST), st.integers(1, MOST), st.integers(0, 5), st.integers(0, 255))
def test_a_proof_that_lost_a_bit_is_none(last: int, new: int, at: int, bit: int) -> None:
    proof = list(TREE.proof(last, new))
    if at < len(proof):
        octets = bytearray(proof[at])
        octets[bit // 8] ^= 1 << bit % 8
        proof[at] = bytes(octets)
        assert following.judge(TREE.head(last), last, proof, TREE.head(new)) is Wrong.INCONSISTENT
    longer = [*TREE.proof(last, new), b"\0" * 32]
    if new >= last:
        assert isinstance(following.judge(TREE.head(last), last, longer, TREE.head(new)), Wrong)


def test_another_log_is_not_followed() -> None:
    head = replace(TREE.head(5), origin="another.example/log")
    assert following.judge(TREE.head(5), 5, (), head) is Wrong.OTHER_LOG


@given(SIZES, SIZES)
def test_a_request_is_read_as_it_was_written(old: int, new: int) -> None:
    asked = TREE.request(old, new)
    body = note.witness_request(asked.old_size, asked.proof, asked.text).encode()
    assert following.read(body) == asked
    assert following.read(body.replace(b"old", b"new")) is Wrong.UNREADABLE


@given(st.binary(max_size=300))
def test_any_bytes_are_a_request_or_are_not(body: bytes) -> None:
    assert isinstance(following.read(body), Request | Wrong)


def test_a_text_that_says_more_is_not_signed() -> None:
    text = note.checkpoint_text(TreeHead("x", 1, b"1" * 32))
    assert note.parse_text(text).size == 1
    for more in (f"{text}extension\n", text.removesuffix("\n"), text.replace("1\n", "01\n", 1), f"{text}\n"):
        try:
            note.parse_text(more)
        except Exception as refused:
            assert getattr(refused, "code", "") == "evidence.malformed_note"
        else:
            raise AssertionError(more)
