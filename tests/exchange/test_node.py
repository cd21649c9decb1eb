"""A node's door: who is let in, what is answered once, and what a stranger, a suspended member and a replay get."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from farthing.api.exchange.app import create_exchange
from farthing.bank.founding import agreed
from farthing.exchange import door_service as door
from farthing.exchange import members_service as members
from farthing.exchange.model import AddKey, Admit, EndKey, Member, MemberKey, SetMember, may_see
from farthing.exchange.node_service import Node, subject_of
from farthing.kit import base64url
from farthing.kit.errors import Refusal
from farthing.kit.ids import encode
from farthing.kit.keys.files import fresh
from tests.banks import Bank, Shelf
from tests.conftest import DAY
from tests.exchange.nodes import BANK, LENDER, RIVAL, Sender, joined, node_over


@pytest.mark.parametrize("key", [bytes(32), bytes(range(64)), b"longer than a block of it" * 9])
def test_a_subject_is_the_hmac_of_its_document(stands: Bank, key: bytes) -> None:
    node = replace(node_over(stands), index=key)
    for number in ("110101199003070011", "", "甲" * 40):
        made = hmac.digest(key, f"passport:{number}".encode(), "sha256")
        assert subject_of(node, "passport", number) == f"subject_{encode(int.from_bytes(made[:16]), 26)}"


@pytest.fixture(scope="module")
def stands(shelf: Shelf) -> Iterator[Bank]:
    with shelf.bank(DAY) as bank:
        yield bank


@pytest.fixture(scope="module")
def node(stands: Bank) -> Node:
    return node_over(stands)


@pytest.fixture(scope="module")
def sender(node: Node) -> Sender:
    return joined(node, BANK, "First bank")


def refused(node: Node, token: str) -> str:
    with pytest.raises(Refusal) as told:
        door.take(node, token)
    return told.value.code


def test_strangers_and_old_or_strayed_messages_get_nothing(node: Node, sender: Sender) -> None:
    token = sender.token("hello", "cycle_open", {})
    assert refused(node, token[:-6] + "AAAAAA") in {"exchange.message_unproved", "exchange.message_unreadable"}
    assert refused(node, Sender(node, LENDER).token("hello", "cycle_open", {})) == "exchange.member_unknown"
    assert refused(node, Sender(node, BANK).token("hello", "cycle_open", {})) == "exchange.message_unproved"
    assert refused(node, sender.token("hello", "cycle_open", {}, to="another.example")) == "exchange.message_elsewhere"
    assert refused(node, sender.token("hello", "cycle_open", {}, late=timedelta(hours=1))) == "exchange.message_stale"


def test_a_kind_that_is_not_taken_is_refused_in_a_signed_answer(node: Node, sender: Sender) -> None:
    answer = sender.send("odd", "gossip", {})
    assert (answer.kind, answer.body["code"], answer.about) == ("refused", "exchange.kind_unknown", "odd")


def test_members_are_let_in_by_two_persons_and_have_keys_of_their_own(node: Node, sender: Sender) -> None:
    with pytest.raises(Refusal, match=r"exchange.key_anothers"):
        agreed(node.kernel, members.admit, Admit(RIVAL, "Rival", "bank", ("utility",), sender.spki))
    with pytest.raises(Refusal, match=r"exchange.member_there"):
        joined(node, BANK, "First bank again")
    with pytest.raises(Refusal, match=r"exchange.key_unfit"):
        agreed(node.kernel, members.add_key, AddKey(BANK, "A" * 60))
    other = Sender(node, BANK, fresh("p256"))
    agreed(node.kernel, members.add_key, AddKey(BANK, other.spki))
    assert other.send("by the other key", "gossip", {}).kind == "refused"
    key = next(each for each in members_keys(node, BANK) if each.spki == other.spki)
    node.kernel.run(members.end_key, EndKey(BANK, key.key_id))
    assert refused(node, other.token("again", "gossip", {})) == "exchange.message_unproved"


def members_keys(node: Node, code: str) -> tuple[MemberKey, ...]:
    found = node.kernel.ask(members.members)
    return next(each.keys for each in found if each.member.id == code)


def test_who_furnishes_a_class_may_see_it_once_its_test_is_over(node: Node) -> None:
    joined(node, RIVAL, "Rival", "non_bank", state="test", classes=("bnpl",))

    def rival() -> Member:
        return next(each.member for each in node.kernel.ask(members.members) if each.member.id == RIVAL)

    assert not may_see(rival(), "bnpl")
    agreed(node.kernel, members.set_member, SetMember(RIVAL, "active", ("bnpl",), "tested"))
    assert may_see(rival(), "bnpl")
    assert not may_see(rival(), "instalment")
    agreed(node.kernel, members.set_member, SetMember(RIVAL, "suspended", ("bnpl",), "asked without consent"))
    assert not may_see(rival(), "bnpl")
    with pytest.raises(Refusal, match=r"exchange.member_state_same"):
        agreed(node.kernel, members.set_member, SetMember(RIVAL, "suspended", ("bnpl",), "again"))


def test_the_door_serves_messages_the_node_s_name_and_nothing_of_a_bank(node: Node, sender: Sender) -> None:
    client = TestClient(create_exchange(node))
    assert base64url.decode(client.get("/exchange/v1/node").json()["spki"]) == node.public.spki
    answer = client.post("/exchange/v1/messages", content=sender.token("by http", "gossip", {}))
    assert sender.opened(answer.text).body["code"] == "exchange.kind_unknown"
    stranger = client.post("/exchange/v1/messages", content="nonsense")
    assert (stranger.status_code, stranger.json()["code"]) == (400, "exchange.message_unreadable")
    assert client.get("/exchange/v1/members").status_code in {401, 403}
    assert client.get("/v1/products").status_code == 404
    assert "/exchange/v1/messages" in client.get("/exchange/v1/openapi.json").json()["paths"]
