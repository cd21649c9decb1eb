"""Savings over HTTP: sold, tried dry, paid in and drawn, read and printed; staff's part of it; only what is one's own."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import httpx

from farthing.identity import service as identity
from farthing.identity.model import CreateApiKey
from farthing.kernel.day import close_day
from tests.api.test_api import CARD, Api, api, code_of, person, yuan
from tests.conftest import Bank
from tests.hands import sandbox
from tests.identity.people import staff

__all__ = ["api"]


def saver(api: Api, minor: int = 10_000_00) -> str:
    party = person(api)
    api.post("/top-ups", {"party_id": party, "amount": yuan(minor), "outside_account": CARD}, key="top-up")
    return party


def own(api: Api, bank: Bank, party: str) -> Api:
    made = bank.run(identity.create_api_key, CreateApiKey("hers", "customer:hers", "customer", party))
    return Api(api.base, made.token)


def signed_in(api: Api, bank: Bank, name: str, role: str) -> Api:
    password = f"the long sentence of a {role}"
    staff(bank, name, role, password)
    return Api(
        api.base, httpx.post(f"{api.base}/v1/sessions", json={"name": name, "password": password}).json()["token"]
    )


def agreed(waits: httpx.Response, second: Api) -> dict[str, Any]:
    """What one member of staff asked for waits for a second, who agrees and is told the result."""
    assert waits.status_code == 202, waits.text
    approval = waits.json()["approval_id"]
    decided = second.post("/approvals", {"approval_id": approval, "approve": True}, key=approval)
    assert decided.status_code == 201, decided.text
    result: dict[str, Any] = json.loads(decided.json()["result_json"])
    return result


def opening(party: str, product: str = "savings-demand", minor: int = 1_000_00, **terms: Any) -> dict[str, Any]:
    return {"party_id": party, "product": product, "amount": yuan(minor), **terms}


def test_products_and_rates_are_told_to_everybody(api: Api) -> None:
    shop = httpx.get(f"{api.base}/v1/savings/products").json()
    by_name = {each["product"]: each for each in shop}
    refused = {f"savings-{name}" for name in ("tiered", "rolling", "rolling-grassroots", "notice-grassroots")}
    assert not refused & set(by_name) and by_name["savings-notice"]["minimum"] == yuan(50_000_00)
    told = httpx.get(f"{api.base}/v1/savings/not-allowed").json()
    assert [(each["field"], each["since_on"]) for each in told] == [
        ("early", "2019-12-17"), ("method", "2024-05-15"), ("minimum", None),
    ]  # fmt: skip
    assert httpx.get(f"{api.base}/v1/savings/products/savings-notice").json() == by_name["savings-notice"]
    lump = by_name["savings-lump-sum"]
    assert lump["name"] == {"en": "Lump-sum term deposit", "zh": "整存整取"}
    assert {each["term"]: each["annual"] for each in lump["rates"]}["1y"] == "0.0095"
    assert "500,000.00" in lump["insurance"]["en"]
    assert lump["insured"] is True
    assert by_name["savings-time-or-demand"]["rates"][1] == {"term": "3m", "annual": "0.0039"}
    now, before = httpx.get(f"{api.base}/v1/savings/rates").json()["editions"]
    said = (now["effective_on"], now["in_force"], now["demand"], now["call"]["7d"])
    assert said == ("2025-05-20", True, "0.0005", "0.0030")
    assert (before["effective_on"], before["in_force"], before["demand"]) == ("2015-06-28", False, "0.0035")
    assert code_of(httpx.get(f"{api.base}/v1/savings/rates?board=moon"), 404) == "savings.no_rate_board"


def test_a_saver_does_everything_herself(api: Api, bank: Bank) -> None:
    party = saver(api)
    hers = own(api, bank, party)
    tried = hers.post("/savings/deposits?dry_run=true", opening(party))
    assert (tried.status_code, tried.json()["dry_run"]) == (200, True)
    assert hers.get(f"/savings/parties/{party}/deposits").json() == []
    assert code_of(hers.post("/savings/deposits", opening(party)), 400) == "api.idempotency_key_missing"
    made = hers.post("/savings/deposits", opening(party), key="open")
    assert made.status_code == 201
    again = hers.post("/savings/deposits", opening(party), key="open")
    assert again.json() == made.json()
    assert again.headers["idempotent-replayed"] == "true"
    deposit = made.json()["deposit"]["id"]
    paid = hers.post("/savings/pay-ins", {"deposit_id": deposit, "amount": yuan(50_00)}, key="in").json()
    assert paid["deposit"]["balance"] == yuan(1_050_00)
    too_much = {"deposit_id": deposit, "amount": yuan(2_000_00)}
    assert code_of(hers.post("/savings/withdrawals?dry_run=true", too_much), 422) == "savings.over_balance"
    assert code_of(hers.post("/savings/withdrawals", too_much, key="much"), 422) == "savings.over_balance"
    poor = {"deposit_id": deposit, "amount": yuan(99_000_00)}
    assert code_of(hers.post("/savings/pay-ins?dry_run=true", poor), 422) == "ledger.insufficient_funds"
    for _ in range(5):
        close_day(bank.kernel)
    year = (bank.kernel.clock().business_date + timedelta(days=365)).isoformat()
    worth = hers.get(f"/savings/deposits/{deposit}/worth?on={year}").json()
    assert worth["closing"]["minor"] > 1_050_00
    tried = hers.post("/savings/closings?dry_run=true", {"deposit_id": deposit}).json()
    closed = hers.post("/savings/closings", {"deposit_id": deposit}, key="close").json()
    assert {**tried, "dry_run": False} == closed
    assert closed["paid_out"] == yuan(1_050_01)  # 1,050.00 x 5 days x 0.05% / 360 = 0.0073
    statement = hers.get(f"/savings/deposits/{deposit}/statement").json()
    assert [each["what"] for each in statement["events"]] == ["open", "deposit", "close"]
    (payment,) = hers.get(f"/savings/deposits/{deposit}/interest").json()
    assert payment["amount"] == yuan(1)
    assert payment["exact"].startswith("0.0072")
    for paper in ("statement", "certificate"):
        printed = hers.get(f"/savings/deposits/{deposit}/{paper}.pdf")
        assert printed.headers["content-type"] == "application/pdf"
        assert printed.content.startswith(b"%PDF-")
    wallet = hers.get(f"/parties/{party}/wallets").json()[0]
    assert wallet["balance"] == yuan(10_000_01)


def test_term_notice_and_renewal(api: Api, bank: Bank) -> None:
    party = saver(api, 200_000_00)
    term = api.post("/savings/deposits", opening(party, "savings-lump-sum", term="3m"), key="t").json()["deposit"]
    assert code_of(api.post("/savings/renewals", {"deposit_id": term["id"]}, key="r"), 422) == "savings.before_term"
    opened = opening(party, "savings-notice", 50_000_00, notice="7d")
    notice = api.post("/savings/deposits", opened, key="n").json()["deposit"]["id"]
    told = {"deposit_id": notice, "amount": yuan(50_000_00)}
    given = api.post("/savings/notices", told, key="g").json()["deposit"]["notices"]
    assert given[0]["for_on"] == (bank.kernel.clock().business_date + timedelta(days=7)).isoformat()
    assert code_of(api.post("/savings/notices", told, key="g2"), 409) == "savings.notice_twice"
    taken = api.post("/savings/notices/cancellations", {"deposit_id": notice}, key="c").json()
    assert taken["deposit"]["notices"] == []
    advice = f"/savings/deposits/{term['id']}/pledge-advice?needed=500&annual_rate=4.35%25"
    until = (date.fromisoformat(term["matures_on"]) - timedelta(days=60)).isoformat()
    assert api.get(f"{advice}&until={until}").json()["choice"] in ("pledge", "break", "either")
    assert code_of(api.get(f"{advice}&until={until}&loan_to_value=7"), 400) == "request.malformed"
    cover = api.get(f"/savings/parties/{party}/cover").json()
    assert cover["badge"]["cover_left"] == yuan(449_000_00)


def test_a_thousand_yuan_for_ninety_days(api: Api) -> None:
    party = saver(api)
    found = api.get(f"/savings/comparison?amount=1000&days=90&party_id={party}").json()
    assert found[0]["gain"]["minor"] > 0
    assert found[-1]["refused"]["en"].startswith("savings.below_minimum")
    assert [each["gain"]["minor"] for each in found] == sorted((each["gain"]["minor"] for each in found), reverse=True)
    assert code_of(api.get("/savings/comparison?amount=1000"), 400) == "api.one_day"
    assert code_of(api.get("/savings/comparison?amount=1000&days=9&on=2030-01-01"), 400) == "api.one_day"


def test_staff_serve_at_the_counter_and_publish_with_four_eyes(api: Api, bank: Bank) -> None:
    party = saver(api)
    teller = signed_in(api, bank, "xiao.wang", "teller")
    cash = {"source": "counter"}
    absent = teller.post("/savings/deposits", opening(party, **cash), key="open")
    assert code_of(absent, 403) == "kernel.customer_not_there"
    api.post("/verifications", {"party_id": party})
    number = api.get(f"/parties/{party}").json()["number"]
    card = {"party_id": party, "document_number": number, "statement": "identity card"}
    shown = teller.post("/attendances/by-document", card).json()["attendance"]
    assert (
        code_of(teller.post("/savings/deposits", opening(party, **cash), key="open"), 403)
        == "kernel.customer_not_there"
    )
    other = signed_in(api, bank, "lao.zhao", "teller")
    assert [each["attendance"]["id"] for each in other.get("/attendances/awaiting").json()] == [shown["id"]]
    seen = {"attendance_id": shown["id"], "statement": "the picture is hers"}
    assert code_of(teller.post("/attendances/witnesses", seen), 403) == "attendance.same_person"
    assert other.post("/attendances/witnesses", seen).json()["attendance"]["witness"] == "teller:lao.zhao"
    assert code_of(teller.post("/savings/deposits", opening(party, **cash), key="open"), 409) == "payments.no_drawer"
    api.post("/tills", {"name": "east-1"})
    assert teller.post("/drawers", {"till": "east-1"}).json()["balance"] == yuan(0)
    made = teller.post("/savings/deposits", opening(party, **cash), key="open").json()["deposit"]["id"]
    drawn = {"deposit_id": made, "amount": yuan(2_00), "to": "counter"}
    assert teller.post("/savings/withdrawals", drawn, key="w").status_code == 201
    elsewhere = {**drawn, "to": "counter:west-9"}
    assert code_of(teller.post("/savings/withdrawals?dry_run=true", elsewhere), 400) == "savings.bad_place"
    assert (
        code_of(own(api, bank, party).post("/savings/withdrawals?dry_run=true", drawn), 403)
        == "savings.cash_not_allowed"
    )
    first, second = signed_in(api, bank, "op.one", "operator"), signed_in(api, bank, "op.two", "operator")
    tomorrow = (bank.kernel.clock().business_date + timedelta(days=1)).isoformat()
    rates = {"board": "retail", "effective_on": tomorrow, "demand": "0.05%", "lump": {"1y": "0.95%"}}
    assert code_of(teller.post("/savings/rates", rates), 403) == "kernel.forbidden"
    late = {**rates, "effective_on": bank.kernel.clock().business_date.isoformat()}
    assert code_of(first.post("/savings/rates", late), 409) == "savings.rates_in_force"
    assert first.post("/savings/rates?dry_run=true", rates).json()["editions"][0]["effective_on"] == tomorrow
    pending = first.post("/savings/rates", rates)
    decision = {"approval_id": pending.json()["approval_id"], "approve": True}
    assert code_of(first.post("/approvals", decision, key="a1"), 403) == "approvals.same_person"
    agreed(pending, second)
    newest = api.get("/savings/rates").json()["editions"][0]
    assert (newest["effective_on"], newest["in_force"], newest["demand"]) == (tomorrow, False, "0.0005")
    assert agreed(first.post("/savings/holidays", {"days": [tomorrow]}), second)["days"] == [tomorrow]
    tried = first.post("/days?dry_run=true", {}).json()
    assert (tried["deposits_due"], tried["settlements"]) == (0, 0)
    assert tried["closing"] == bank.kernel.clock().business_date.isoformat()


def test_only_what_is_ones_own(api: Api, bank: Bank) -> None:
    ann = saver(api)
    bob = person(api, "004", "李雷", "13812345679")
    theirs = api.post("/savings/deposits", opening(ann), key="o").json()["deposit"]["id"]
    his = own(api, bank, bob)
    for path in ("", "/worth", "/statement", "/interest", "/statement.pdf", "/certificate.pdf"):
        assert code_of(his.get(f"/savings/deposits/{theirs}{path}"), 403) == "kernel.not_yours"
    assert code_of(his.get(f"/savings/parties/{ann}/deposits"), 403) == "kernel.not_yours"
    assert code_of(his.get(f"/savings/parties/{ann}/cover"), 403) == "kernel.not_yours"
    assert code_of(his.get(f"/savings/comparison?amount=1&days=9&party_id={ann}"), 403) == "kernel.not_yours"
    taken = {"deposit_id": theirs, "amount": yuan(1_00)}
    assert code_of(his.post("/savings/withdrawals", taken, key="w"), 403) == "kernel.not_yours"
    assert code_of(his.post("/savings/deposits?dry_run=true", opening(ann)), 403) == "kernel.not_yours"
    assert code_of(httpx.get(f"{api.base}/v1/savings/deposits/{theirs}"), 403) == "kernel.forbidden"
    security = signed_in(api, bank, "guard", "security")
    assert code_of(security.get(f"/savings/deposits/{theirs}"), 403) == "kernel.forbidden"
    assert code_of(api.get("/savings/deposits/dep_nothing"), 404) == "savings.unknown_deposit"


def test_a_dry_run_of_the_close_counts_what_is_due(api: Api, bank: Bank) -> None:
    sandbox(bank)
    party = saver(api)
    opened = opening(party, "savings-rolling-grassroots", 1_00)
    api.post("/savings/deposits", opened, key="o")
    api.post("/savings/deposits", opening(party), key="d")
    for _ in range(6):
        close_day(bank.kernel)
    tried = api.post("/days?dry_run=true", {}).json()
    assert tried["due"] == [{"product": "savings-rolling-grassroots", "deposits": 1}]
    before = bank.kernel.clock().business_date
    assert api.post("/days?dry_run=true", {}).json() == tried
    assert bank.kernel.clock().business_date == before
    twentieths = [date(year, month, 20) for year in (before.year, before.year + 1) for month in (3, 6, 9, 12)]
    settlement = min(day for day in twentieths if day >= before)
    while bank.kernel.clock().business_date < settlement:
        close_day(bank.kernel)
    tried = api.post("/days?dry_run=true", {}).json()
    assert (tried["settlements"], tried["credited_on"]) == (1, (settlement + timedelta(days=1)).isoformat())


def test_a_fund_from_one_fen(api: Api, bank: Bank) -> None:
    party = saver(api)
    hers = own(api, bank, party)
    fund = {"fund": "savings-baby", "party_id": party}
    (view,) = httpx.get(f"{api.base}/v1/savings/funds").json()
    assert (view["id"], view["insured"], view["minimum"]) == ("savings-baby", False, yuan(1))
    cent = {**fund, "amount": yuan(1)}
    assert hers.post("/savings/fund-purchases?dry_run=true", cent).json()["state"] == "placed"
    assert hers.get(f"/savings/parties/{party}/holdings").json() == []
    bought = hers.post("/savings/fund-purchases", {**fund, "amount": yuan(9_000_00)}, key="b")
    assert (bought.status_code, bought.json()["state"]) == (201, "placed")
    order = bought.json()["id"]
    assert hers.get(f"/savings/fund-orders/{order}").json()["kind"] == "subscribe"
    taken = hers.post("/savings/fund-orders/cancellations", {"order_id": order}, key="c").json()
    assert taken["state"] == "cancelled"
    again = hers.post("/savings/fund-purchases", {**fund, "amount": yuan(9_000_00)}, key="b2").json()
    while bank.kernel.clock().business_date.isoformat() <= again["earns_change_on"]:
        close_day(bank.kernel)
    asset = {
        "fund": "savings-baby", "name": "bill", "principal": yuan(5_000_00), "annual_rate": "0.02",
        "day_count": "actual/365", "to_on": "2099-01-01",
    }  # fmt: skip
    assert api.post("/savings/fund-assets?dry_run=true", asset).json()["asset"]["name"] == "bill"
    assert api.post("/savings/fund-assets", asset, key="asset").status_code == 202
    (holding,) = hers.get(f"/savings/parties/{party}/holdings").json()
    assert holding["available"]["minor"] > 8_990_00
    now = hers.post("/savings/fund-instant-redemptions", {**fund, "amount": yuan(100_00)}, key="i").json()
    assert (now["instant"], now["offer"]) == (yuan(100_00), None)
    later = hers.post("/savings/fund-redemptions", {**fund, "amount": yuan(50_00)}, key="r").json()
    assert later["state"] == "placed"
    orders = hers.get(f"/savings/parties/{party}/funds/savings-baby/orders?limit=2").json()
    assert [each["kind"] for each in orders["orders"]] == ["redeem", "instant"]
    figures = httpx.get(f"{api.base}/v1/savings/funds/savings-baby/figures").json()
    assert figures["fund"] == "savings-baby"
    bob = own(api, bank, person(api, "004", "李雷", "13812345679"))
    assert code_of(bob.get(f"/savings/parties/{party}/holdings"), 403) == "kernel.not_yours"
    assert code_of(bob.get("/savings/funds/savings-baby/assets"), 403) == "kernel.forbidden"
    assert len(api.get("/savings/funds/savings-baby/assets").json()) == 0


def test_odds_and_ends(api: Api, bank: Bank) -> None:
    party = saver(api)
    hers = own(api, bank, party)
    deposit = hers.post("/savings/deposits", opening(party), key="o").json()["deposit"]["id"]
    rule = {"party_id": party, "rule": "above", "amount": yuan(100_00), "into": deposit}
    assert hers.post("/savings/sweeps?dry_run=true", rule).status_code == 200
    assert hers.get(f"/savings/parties/{party}/sweeps").json() == []
    made = hers.post("/savings/sweeps", rule).json()
    close_day(bank.kernel)
    (kept,) = hers.get(f"/savings/parties/{party}/sweeps").json()
    assert (kept["id"], kept["swept"]) == (made["id"], yuan(8_900_00))
    assert hers.post("/savings/sweeps/endings", {"sweep_id": made["id"]}).json()["ended_on"]
    until = (bank.kernel.clock().business_date + timedelta(days=1)).isoformat()
    group = {
        "name": {"en": "Village", "zh": "村里"}, "product": "savings-lump-sum", "term": "1y",
        "minimum_book": yuan(60_00), "until_on": until, "board": "retail",
    }  # fmt: skip
    assert code_of(hers.post("/savings/groups", group), 403) == "kernel.forbidden"
    first, second = signed_in(api, bank, "op.one", "operator"), signed_in(api, bank, "op.two", "operator")
    started = agreed(first.post("/savings/groups", group), second)["id"]
    joined = {"group_id": started, "party_id": party, "amount": yuan(60_00)}
    assert hers.post("/savings/pledges?dry_run=true", joined).json()["state"] == "held"
    left = hers.post("/savings/pledges", joined, key="j").json()
    assert hers.post("/savings/pledges/withdrawals", {"pledge_id": left["id"]}, key="l").json()["state"] == "released"
    hers.post("/savings/pledges", joined, key="j2")
    assert httpx.get(f"{api.base}/v1/savings/groups/{started}").json()["gathered"] == yuan(60_00)
    close_day(bank.kernel)
    assert httpx.get(f"{api.base}/v1/savings/groups").json()[0]["state"] == "open"
    assert [each["product"] for each in hers.get(f"/savings/parties/{party}/deposits").json()][-1] == "savings-lump-sum"
