"""Refusals of a node that no other test here reaches: a key that is none, a schema of others, a period that is not over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from farthing.api.exchange import routes
from farthing.api.exchange.app import create_exchange
from farthing.exchange import members_service as members
from farthing.exchange.furnish.model import CYCLE_AHEAD
from farthing.exchange.messages import checked, public_of, read, sign
from farthing.exchange.model import EndKey
from farthing.kit.errors import Refusal
from farthing.lending.furnishing.model import EXCHANGE_REFUSED
from tests.conftest import Bank
from tests.exchange.nodes import BANK, joined, node_over
from tests.exchange.test_messages import KEYS, NOW, SAID


def test_what_is_refused_says_so(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    node = node_over(bank)
    joined(node, BANK, "First bank")
    with pytest.raises(Refusal, match=r"exchange.key_unknown"):
        node.kernel.run(members.end_key, EndKey(BANK, "none"))
    monkeypatch.setattr(routes, "LONGEST", 10)
    answer = TestClient(create_exchange(node)).post("/exchange/v1/messages", content="a" * 11)
    assert answer.json()["code"] == "api.message_too_long"
    public = public_of(KEYS["p256"])
    with pytest.raises(Refusal, match=r"exchange.schema_unknown"):
        checked(replace(read(sign(SAID, KEYS["p256"])), schema=2), {public.id: public}, "node", NOW)
    assert CYCLE_AHEAD(period="2026-12", from_on="2026-12-31").code == "exchange.cycle_ahead"
    assert EXCHANGE_REFUSED(cycle="2026-11.1", code="exchange.member_suspended").code == "lending.exchange_refused"
