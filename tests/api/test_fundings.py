"""``POST /v1/fundings``: the same key is the same request, and asks no partner twice."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.doors import serving
from tests.funding.test_partners import Lender, shared
from tests.identity.people import PASSWORD, enrolled
from tests.web.test_borrowing import BORROWER


@pytest.fixture
def lender() -> Lender:
    return Lender()


@pytest.fixture
def door(database_url: str, lender: Lender) -> Iterator[tuple[httpx.Client, str]]:
    """The borrower at the API, and an accepted loan that a partner funds first."""
    house, loan = shared(database_url, lender)
    enrolled(house.bank, BORROWER)
    with serving(house.bank) as base, httpx.Client(base_url=f"{base}/v1", timeout=60) as client:
        opened = client.post("/sessions", json={"name": BORROWER.phone, "password": PASSWORD}).json()
        client.headers["Authorization"] = f"Bearer {opened['token']}"
        yield client, loan.id


def fund(client: httpx.Client, loan_id: str, key: str | None) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post("/fundings", json={"loan_id": loan_id}, headers=headers)


def test_the_same_key_answers_the_same_and_asks_once(door: tuple[httpx.Client, str], lender: Lender) -> None:
    client, loan_id = door
    first = fund(client, loan_id, "one")
    assert first.status_code == 201, first.text
    assert [holder["name"] for holder in first.json()["holders"]] == ["own", "partner:harvest"]
    for key in ("one", "two", None):
        assert fund(client, loan_id, key).json() == first.json()
    assert len(lender.asked) == 1


def test_a_key_of_another_request_is_refused(door: tuple[httpx.Client, str], lender: Lender) -> None:
    client, loan_id = door
    assert fund(client, loan_id, "one").status_code == 201
    other = fund(client, "loan_" + "0" * 26, "one")
    assert (other.status_code, other.json()["code"]) in ((409, "idempotency.key_reused"), (403, "kernel.not_there"))
    assert fund(client, loan_id, "k" * 201).status_code == 400
    assert len(lender.asked) == 1


def test_a_partner_that_breaks_off_is_asked_again_by_the_same_request(
    door: tuple[httpx.Client, str], lender: Lender
) -> None:
    client, loan_id = door
    lender.breaks = 1
    waiting = fund(client, loan_id, "one").json()
    assert waiting["holders"] == [] and [each["state"] for each in waiting["inquiries"]] == ["asked"]
    told = fund(client, loan_id, "one").json()
    assert [each["state"] for each in told["inquiries"]] == ["agreed"]
    assert len(lender.asked) == 2 and len(set(lender.asked)) == 1
