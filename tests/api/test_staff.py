"""What staff do over the API: a dispute is answered, and what nobody outside has answered is looked after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient

from farthing.bank.staff import key_of
from farthing.credit import service as credit
from farthing.credit.model import DisputeDatum
from farthing.identity.model import CreateApiKey
from farthing.kernel import errands
from farthing.payments import service as payments
from farthing.server import application
from tests.lending.house import House


@dataclass
class Office:
    """A bank with one customer, and a door that anybody with a key may knock at."""

    house: House
    client: TestClient

    def key(self, role: str, party: str | None = None) -> dict[str, str]:
        """The header of somebody of a role."""
        made = key_of(self.house.bank.kernel, CreateApiKey(role, f"{role}:{role}", role, party))
        return {"Authorization": f"Bearer {made.token}"}

    def disputed(self) -> str:
        """A payment of the customer's own history that she disputes."""
        party = self.house.party.id
        with self.house.bank.superuser() as connection:
            (row,) = connection.execute("SELECT id FROM credit_transaction WHERE party_id = %s LIMIT 1", (party,))
        made = self.house.bank.run(credit.dispute_datum, DisputeDatum(party, row[0].rpartition(":")[2], "not mine"))
        return str(made.id)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    house = House(database_url)
    with TestClient(application(house.bank.kernel)) as client:
        yield Office(house, client)


def test_a_dispute_is_answered_by_risk_once_and_by_nobody_else(office: Office) -> None:
    body = {"dispute_id": office.disputed(), "corrected": True, "finding": "a slip of the shop's"}
    risk, party = office.key("risk"), office.house.party.id
    for role, whose in (("customer", party), ("teller", None), ("operator", None)):
        refused = office.client.post("/v1/disputes/answers", json=body, headers=office.key(role, whose))
        assert (refused.status_code, refused.json()["code"]) == (403, "kernel.forbidden")
    tried = office.client.post("/v1/disputes/answers", params={"dry_run": "true"}, json=body, headers=risk)
    assert (tried.status_code, tried.json()["state"]) == (200, "corrected")
    assert [each["state"] for each in office.client.get(f"/v1/parties/{party}/disputes", headers=risk).json()] == [
        "open"
    ]
    done = office.client.post("/v1/disputes/answers", json=body, headers=risk)
    assert (done.status_code, done.json()["state"]) == (201, "corrected")
    again = office.client.post("/v1/disputes/answers", json={**body, "corrected": False}, headers=risk)
    assert (again.status_code, again.json()["code"]) == (409, "credit.dispute_answered")
    unknown = office.client.post("/v1/disputes/answers", json={**body, "dispute_id": "dispute_0"}, headers=risk)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "credit.dispute_unknown")


def test_what_nobody_answered_is_told_to_the_operator_without_what_was_asked(office: Office) -> None:
    operator = office.key("operator")
    assert office.client.get("/v1/errands", headers=operator).json() == []
    for number in (1, 2):
        office.house.bank.kernel.tidy(
            lambda tx, number=number: errands.write(
                tx,
                f"out-{number}",
                "payments.rail",
                "sandbox",
                "none",
                {"payee": "Lin"},
                payments.rail_answered,
                waits=False,
            )
        )
    first, second = office.client.get("/v1/errands", headers=operator).json()
    assert first == {
        "id": "out-1", "kind": "payments.rail", "peer": "sandbox", "subject": "none", "state": "waiting", "attempts": 0,
        "problem": "",
    }  # fmt: skip
    assert second["id"] == "out-2"
    assert len(office.client.get("/v1/errands", params={"limit": 1}, headers=operator).json()) == 1
    for role in ("customer", "teller", "risk"):
        whose = office.house.party.id if role == "customer" else None
        assert office.client.get("/v1/errands", headers=office.key(role, whose)).json()["code"] == "kernel.forbidden"
