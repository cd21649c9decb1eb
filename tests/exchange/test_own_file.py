"""A person's file is checked with the network off; any change of it is seen."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.exchange.messages import public_of
from farthing.exchange.own import file
from farthing.exchange.own.file import FileStatus
from farthing.kit.errors import Refusal
from farthing.kit.keys.files import fresh
from tests.exchange.consents import NOW
from tests.exchange.persons import refuses

KEY, OTHER = fresh("ed25519"), fresh("p256")
REPORT = {"as_of": "2026-03-10", "lines": [{"id": "line_1", "months": [], "statements": ["我已还清。"]}], "revision": 3}
CONTENT = file.make(REPORT, "view_1", "subject_1", "node.example", KEY, NOW)


def test_a_file_is_what_the_node_signed_and_says_whether_its_key_was_compared():
    found = file.check(CONTENT)
    assert (found.status, found.node, found.view_id, found.as_of) == (
        FileStatus.KEY_NOT_COMPARED, "node.example", "view_1", "2026-03-10",
    )  # fmt: skip
    assert found.report == REPORT
    assert file.check(CONTENT, public_of(KEY)).status is FileStatus.VERIFIED
    assert file.check(CONTENT, public_of(OTHER)).status is FileStatus.WRONG_KEY


@pytest.mark.parametrize(
    "change",
    [
        {"report": {**REPORT, "lines": []}},
        {"node": "node.another"},
        {"key": json.loads(file.make(REPORT, "view_1", "s", "node.example", OTHER, NOW))["key"]},
        {"report": []},
    ],
)
def test_a_changed_file_is_seen(change):
    changed = json.dumps({**json.loads(CONTENT), **change}).encode()
    assert not file.check(changed).good


@given(st.integers(0, len(CONTENT) - 1), st.integers(1, 255))
def test_no_byte_is_changed_unseen(at, by):
    broken = CONTENT[:at] + bytes([CONTENT[at] ^ by]) + CONTENT[at + 1 :]
    try:
        assert not file.check(broken, public_of(KEY)).good
    except Refusal as refused:
        assert refused.code == "exchange.file_unreadable"


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"file": 1}', b"[" * 100_000])
def test_what_is_no_report_is_refused(content):
    with refuses("exchange.file_unreadable"):
        file.check(content)
