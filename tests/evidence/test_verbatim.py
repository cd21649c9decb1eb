"""What stands in a leaf verbatim is what its canonical form would be, whoever tries to stand in its place."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from farthing.evidence.model import Leaf, Personal, make_leaf
from farthing.kit.actor import SYSTEM
from farthing.kit.canonical import Verbatim, canonical

IDENT = UUID("01985a2e-7a6c-7e1a-8000-00000000abcd")
POSTED = {"journal_entries": [{"digest": "ab" * 32, "id": str(IDENT)}]}


def made(data: object) -> Leaf:
    now = datetime(2026, 3, 31, tzinfo=UTC)
    leaf, _ = make_leaf(
        IDENT, "kind", data, recorded_at=now, business_date=date(2026, 3, 31), actor=SYSTEM, new_salt=lambda: b"s" * 16
    )
    return leaf


@pytest.mark.parametrize("memo", ["", "深圳 \U0001f600", "posted in {}", '"posted in {}"', Personal("Ann", "party_x")])
def test_a_leaf_is_the_same_either_way(memo: object) -> None:
    name = made({}).name
    said = memo.format(name) if isinstance(memo, str) else memo
    party = "party_01jd0000000000000000000000"
    quick, plain = (
        made({"about": party, "memo": said, "posted": posted, "result": [1]})
        for posted in (Verbatim(canonical(POSTED).decode()), POSTED)
    )
    assert quick.body == plain.body
    assert quick.mentions == plain.mentions
    assert party in quick.mentions
    assert json.loads(quick.body)["data"]["posted"] == POSTED
