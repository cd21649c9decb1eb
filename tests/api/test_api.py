"""The API as a client sees it: the graduate's way over HTTP, keys, refusals, and what is documented."""

from __future__ import annotations

import base64
import concurrent.futures
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from farthing.assurance import service as assurance
from farthing.assurance.service import PublishLog
from farthing.bank.staff import key_of
from farthing.credit.bills.sample import graduate_bill
from farthing.evidence.audit.service import compare
from farthing.identity import service as identity
from farthing.identity.model import CreateApiKey
from farthing.kit.canonical import plain
from tests.conftest import DAY, Bank
from tests.doors import serving
from tests.parties.people import resident_id

CARD = "6222021234567890123"


@dataclass
class Api:
    """A client with a bearer token."""

    base: str
    token: str

    def post(self, path: str, body: Any, key: str | None = None, **headers: str) -> httpx.Response:
        sent = {"Authorization": f"Bearer {self.token}", **({"Idempotency-Key": key} if key else {}), **headers}
        return httpx.post(f"{self.base}/v1{path}", json=body, headers=sent, timeout=30)

    def get(self, path: str, **headers: str) -> httpx.Response:
        sent = {"Authorization": f"Bearer {self.token}", **headers}
        return httpx.get(f"{self.base}/v1{path}", headers=sent, timeout=30)


@pytest.fixture
def api(bank: Bank) -> Iterator[Api]:
    with serving(bank) as base:
        made = key_of(bank.kernel, CreateApiKey("tests", "robot", "system"))
        yield Api(base, made.token)


def yuan(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "CNY"}


def person(api: Api, code: str = "002", name: str = "林美", phone: str = "13812345678") -> str:
    body = {"name": name, "resident_id": resident_id(order_code=code), "phone": phone}
    party = api.post("/parties", body).json()["id"]
    assert api.post("/wallets", {"party_id": party}).status_code == 201
    return party


def code_of(response: httpx.Response, status: int) -> str:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["detail"]
    return body["code"]


def test_a_graduate_is_paid_over_http(api: Api, bank: Bank) -> None:
    party = person(api)
    assert api.post("/verifications", {"party_id": party}).json()["outcome"] == "matched"
    until = (DAY + timedelta(days=30)).isoformat()
    consent = {
        "party_id": party,
        "purpose": "loan_application",
        "kinds": ["payment_history", "credit_bureau"],
        "expires_on": until,
    }
    assert api.post("/consents", consent).status_code == 201
    export = graduate_bill(random.Random(7), DAY - timedelta(days=1), "林美")
    content = base64.b64encode(export).decode()
    seal = plain(bank.kernel.ports.peer("channel", "sandbox").seal(export, resident_id()))
    bill = {"party_id": party, "filename": "bill.csv", "content_base64": content, "seal": seal}
    assert api.post("/bills", bill).json()["added"] > 500
    assert api.post("/bills", bill).json()["added"] == 0
    asked = {
        "party_id": party,
        "product": "rainy-day-loan",
        "amount": yuan(800000),
        "instalments": 6,
        "purpose": "hospital",
    }
    applied = api.post("/applications", asked).json()
    assert applied["approved"]
    offer = applied["offer"]
    decision = api.get(f"/decisions/{applied['decision_id']}").json()
    assert 1 <= len(decision["reasons"]) <= 4
    assert api.post("/decisions/replays", {"decision_id": decision["id"]}).json()["identical"]
    taken = {"offer_id": offer["id"], "amount": offer["amount"], "total_cost": offer["total_cost"]}
    loan = api.post("/loans", taken).json()["id"]
    assert api.post("/fundings", {"loan_id": loan}).json()["holders"][0]["name"] == "own"
    assert code_of(api.post("/disbursements", {"loan_id": loan}, key="early"), 422) == "lending.contract_not_drawn"
    drawn = api.post("/contracts", {"loan_id": loan}).json()
    assert code_of(api.post("/signatures", {"loan_id": loan, "document_digest": "00"}), 409) == "signing.other_document"
    assert api.post("/signatures", {"loan_id": loan, "document_digest": drawn["document_digest"]}).status_code == 201
    assert api.post("/disbursements", {"loan_id": loan}, key="pay").json()["state"] == "active"
    assert api.get(f"/parties/{party}/wallets").json()[0]["balance"] == yuan(800000)
    assert api.get(f"/loans/{loan}/contract.pdf").content.startswith(b"%PDF-1.7")
    assert code_of(api.post("/repayments", {"loan_id": loan, "amount": yuan(1)}, key="r"), 422) == "lending.nothing_due"
    assert api.post("/settlements", {"loan_id": loan}, key="s").json()["loan_state"] == "closed"
    left = {path: amount["minor"] for path, amount in api.get("/trial-balance").json()["lines"]}
    assert left == {"assets:cash:sandbox": 5_000_000_000, "equity:capital": -5_000_000_000}


def test_bad_input_has_stable_codes_and_changes_nothing(api: Api) -> None:
    ann, bob = person(api), person(api, "004", "李雷", "13812345679")
    api.post("/top-ups", {"party_id": ann, "amount": yuan(1000), "outside_account": CARD}, key="t")
    wrong = {"name": "林美", "resident_id": resident_id()[:-1] + "Z", "phone": "13812345678"}
    assert code_of(api.post("/parties", wrong), 400).startswith("parties.resident_id")

    def transfer(amount: Any, key: str = "x", **more: Any) -> httpx.Response:
        return api.post("/transfers", {"payer": ann, "payee": bob, "amount": amount, **more}, key=key)

    assert code_of(transfer(yuan(0)), 400) == "money.not_positive"
    assert code_of(transfer(yuan(-5), "y"), 400) == "money.not_positive"
    assert code_of(transfer({"minor": 100, "currency": "USD"}, "z"), 404) == "payments.no_wallet"
    assert code_of(transfer({"minor": 1.5, "currency": "CNY"}, "d"), 400) == "request.malformed"
    assert code_of(transfer({"minor": 1, "currency": "QQQ"}, "c"), 400) == "money.unknown_currency"
    assert code_of(transfer(yuan(5), "u", colour="red"), 400) == "request.malformed"
    assert code_of(transfer(yuan(2000), "much"), 422) == "ledger.insufficient_funds"
    nokey = api.post("/transfers", {"payer": ann, "payee": bob, "amount": yuan(1)})
    assert code_of(nokey, 400) == "api.idempotency_key_missing"
    assert code_of(api.get("/loans/loan_x"), 404) == "lending.unknown_loan"
    assert code_of(httpx.get(f"{api.base}/v1/entries"), 403) == "kernel.forbidden"
    assert (
        code_of(httpx.get(f"{api.base}/v1/entries", headers={"Authorization": "Bearer no"}), 401)
        == "identity.not_signed_in"
    )
    assert code_of(httpx.get(f"{api.base}/v1/nothing"), 404) == "request.no_such_path"
    assert api.get(f"/parties/{ann}/wallets").json()[0]["balance"] == yuan(1000)


def test_a_repeated_key_answers_the_same_and_another_body_is_refused(api: Api) -> None:
    ann, bob = person(api), person(api, "004", "李雷", "13812345679")
    api.post("/top-ups", {"party_id": ann, "amount": yuan(1000), "outside_account": CARD}, key="t")
    body = {"payer": ann, "payee": bob, "amount": yuan(300)}
    first = api.post("/transfers", body, key="k")
    again = api.post("/transfers", body, key="k")
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert code_of(api.post("/transfers", {**body, "amount": yuan(301)}, key="k"), 409) == "idempotency.key_reused"
    gate = threading.Barrier(6)

    def at_once(_: int) -> Any:
        gate.wait()
        return api.post("/transfers", {**body, "amount": yuan(100)}, key="at-once").json()

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(at_once, range(6)))
    assert all(answer == answers[0] for answer in answers)
    assert api.get(f"/parties/{ann}/wallets").json()[0]["balance"] == yuan(600)


def test_a_customer_sees_and_moves_only_what_is_hers(api: Api, bank: Bank) -> None:
    ann, bob = person(api), person(api, "004", "李雷", "13812345679")
    made = bank.run(identity.create_api_key, CreateApiKey("ann", "customer:ann", "customer", ann))
    hers = Api(api.base, made.token)
    assert hers.get(f"/parties/{ann}").status_code == 200
    assert code_of(hers.get(f"/parties/{bob}"), 403)
    assert code_of(hers.get(f"/parties/{bob}/wallets"), 403) == "kernel.not_yours"
    stolen = {"payer": bob, "payee": ann, "amount": yuan(1)}
    assert code_of(hers.post("/transfers", stolen, key="k"), 403) == "kernel.not_yours"
    assert code_of(hers.get("/trial-balance"), 403) == "kernel.forbidden"


@pytest.mark.long
def test_health_metrics_and_description(api: Api) -> None:
    assert httpx.get(f"{api.base}/healthz").text == "ok"
    assert httpx.get(f"{api.base}/readyz").json()["ready"]
    api.get("/trial-balance")
    assert 'farthing_requests_total{route="/v1/trial-balance",status="200"}' in httpx.get(f"{api.base}/metrics").text
    assert httpx.get(f"{api.base}/v1/openapi.json", timeout=60).json()["openapi"].startswith("3.1")
    chinese = api.post(
        "/transfers", {"payer": "a", "payee": "a", "amount": yuan(1)}, key="zh", **{"Accept-Language": "zh-CN"}
    )
    assert "转账" in chinese.json()["detail"]


def test_a_parameter_that_is_not_known_is_refused_and_a_trial_balance_has_a_day(api: Api, bank: Bank) -> None:
    person(api)
    for path in (
        "/trial-balance?as_off=2020-01-01",
        "/products?x=1",
        "/savings/products?amount=1",
        "/entries?limit=1&x=",
    ):
        assert code_of(api.get(path), 400) == "api.unknown_parameter", path
    for path in ("/transfers?dryrun=true", "/transfers/batch?x=1", "/parties?dry-run=1"):
        assert code_of(api.post(path, {}, key="k"), 400) == "api.unknown_parameter", path
    assert api.get("/trial-balance?as_of=1999-12-31").json()["lines"] == []
    assert api.get(f"/trial-balance?as_of={bank.kernel.clock().business_date}").json()["lines"] != []


def test_what_a_get_takes_is_bounded_as_its_question_declares(api: Api) -> None:
    person(api)
    for path, field in (
        ("/entries?limit=0", "limit"),
        ("/entries?limit=1001", "limit"),
        ("/entries?limit=many", "limit"),
        (f"/entries?cursor={'c' * 501}", "cursor"),
        ("/accounts?limit=1001", "limit"),
        (f"/accounts?prefix={'p' * 201}", "prefix"),
        ("/trial-balance?as_of=2026-1-1", "as_of"),
        ("/savings/rates?board=Retail", "board"),
        ("/log/checkpoint?size=-1", "size"),
    ):
        found = api.get(path)
        assert code_of(found, 400) == "request.malformed", path
        assert [each["field"].rpartition(".")[2] for each in found.json()["field_errors"]] == [field], path
    assert api.get("/entries?limit=1000").status_code == 200


def test_what_the_checker_reads_can_be_saved_as_it_comes(api: Api, bank: Bank) -> None:
    bank.run(assurance.publish_log, PublishLog())
    for path, field in (("/log/key", "vkey"), ("/log/checkpoint", "note")):
        said = api.get(path).json()[field]
        saved = api.get(path, accept="text/plain")
        assert saved.headers["content-type"].startswith("text/plain"), path
        assert saved.text == (said if field == "note" else f"{said}\n"), path
        assert api.get(path, accept="*/*").headers["content-type"] == "application/json"
    findings = bank.read(lambda tx: compare(tx, api.get("/log/checkpoint", accept="text/plain").text))
    assert findings == []


def test_a_day_is_closed_once_under_its_key_and_only_the_one_that_is_named(api: Api, bank: Bank) -> None:
    today = bank.kernel.clock().business_date
    named = {"closing": today.isoformat()}
    assert code_of(api.post("/days", named), 400) == "api.idempotency_key_missing"
    assert code_of(api.post("/days", {}, key="night"), 400) == "api.day_missing"
    later = {"closing": (today + timedelta(days=1)).isoformat()}
    assert code_of(api.post("/days", later, key="early"), 409) == "kernel.day_already_closed"
    assert api.post("/days", named, key="night").json()["business_date"] == later["closing"]
    assert api.post("/days", named, key="night").json()["business_date"] == later["closing"]
    assert bank.kernel.clock().business_date.isoformat() == later["closing"]
    assert code_of(api.post("/days", later, key="night"), 409) == "idempotency.key_reused"
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET mode = 'real', business_date = (now() + interval '1 day')::date")
    ahead = {"closing": bank.kernel.clock().business_date.isoformat()}
    assert code_of(api.post("/days", ahead, key="ahead"), 409) == "kernel.day_not_over"
