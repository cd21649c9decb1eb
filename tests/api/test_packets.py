"""The gateway's door of red packets: many grabs in one request, each answered for itself, the same again told the same."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from farthing.bank.staff import key_of
from farthing.identity.model import CreateApiKey
from farthing.payments.packets.audit_service import verify_packets
from tests.conftest import Bank
from tests.doors import serving
from tests.payments.packets.people import Street, street


@pytest.fixture
def people(bank: Bank) -> Street:
    return street(bank)


@pytest.fixture
def gateway(people: Street) -> Iterator[httpx.Client]:
    made = key_of(people.bank.kernel, CreateApiKey("gateway", "gateway:g", "gateway", None))
    with serving(people.bank) as base:
        headers = {"Authorization": f"Bearer {made.token}"}
        with httpx.Client(base_url=f"{base}/v1", headers=headers, timeout=30, verify=False) as client:
            yield client


def test_many_grabs_in_one_request(people: Street, gateway: httpx.Client) -> None:
    packet = people.send("10.00", 2)
    wanted = [{"packet_id": packet.id, "claimer": each} for each in people.friends[:3]]
    told = gateway.post("/packet-grabs/gathered", json={"grabs": wanted})
    assert told.status_code == 200, told.text
    first = told.json()["answers"]
    assert [each["code"] for each in first] == ["", "", "packets.gone"]
    assert sum(each["amount"]["minor"] for each in first[:2]) == 1_000
    again = gateway.post("/packet-grabs/gathered", json={"grabs": wanted}).json()["answers"]
    assert [each["amount"] for each in again] == [each["amount"] for each in first]
    assert [each["code"] for each in again] == ["packets.taken_before", "packets.taken_before", "packets.gone"]
    paper = gateway.get(f"/packets/{packet.id}/paper").json()
    assert len(paper["parts"]) == 2 and paper["seed"]
    assert people.bank.read(verify_packets, snapshot=True).findings == ()


def test_a_gateway_does_nothing_else_and_nobody_else_does_it(people: Street, gateway: httpx.Client) -> None:
    packet = people.send("10.00", 2)
    assert gateway.get(f"/parties/{people.sender}/packets").status_code == 403
    grab = {"packet_id": packet.id, "claimer": people.friends[0]}
    alone = gateway.post("/packet-grabs", json=grab, headers={"Idempotency-Key": "a"})
    assert (alone.status_code, alone.json()["code"]) == (403, "kernel.forbidden")
    theirs = key_of(people.bank.kernel, CreateApiKey("hers", "customer:h", "customer", people.friends[0]))
    headers = {"Authorization": f"Bearer {theirs.token}"}
    refused = gateway.post("/packet-grabs/gathered", json={"grabs": [grab]}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "kernel.forbidden")
    taken = gateway.post("/packet-grabs", json=grab, headers={**headers, "Idempotency-Key": "b"})
    assert taken.status_code == 201 and taken.json()["place"] == 1


@pytest.mark.parametrize(
    "body",
    [{}, {"grabs": "x"}, {"grabs": [{"packet_id": "a"}]}, {"grabs": [{"packet_id": "a", "claimer": "b", "more": 1}]},
     {"grabs": [{"packet_id": "", "claimer": "b"}]}, {"grabs": [{"packet_id": "a", "claimer": "b"}] * 1001}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_whole(gateway: httpx.Client, body: object) -> None:
    told = gateway.post("/packet-grabs/gathered", json=body)
    assert (told.status_code, told.json()["code"]) == (400, "request.malformed"), told.text


def test_nothing_is_answered_with_nothing(gateway: httpx.Client) -> None:
    assert gateway.post("/packet-grabs/gathered", json={"grabs": []}).json() == {"answers": []}
