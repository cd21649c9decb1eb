"""A dry run gives a header that confirms what it showed, for whoever sends it back; others send none."""

from __future__ import annotations

import httpx

from farthing.api.ground import SEEN
from tests.api.test_api import CARD, Api, api, code_of, person, yuan
from tests.api.test_savings import own
from tests.conftest import Bank

__all__ = ["api"]


def test_a_transfer_is_made_as_it_was_shown_or_not_at_all(api: Api, bank: Bank) -> None:
    ann, bob = person(api), person(api, "004", "李雷", "13812345679")
    eve = person(api, "006", "韩梅", "13812345680")
    api.post("/top-ups", {"party_id": ann, "amount": yuan(1000), "outside_account": CARD}, key="t")
    hers = own(api, bank, ann)
    asked = {"payer": ann, "payee": bob, "amount": yuan(300), "memo": "rent"}
    shown = hers.post("/transfers?dry_run=true", asked)
    seen = shown.headers[SEEN]
    for key, other in (("e", {**asked, "payee": eve}), ("m", {**asked, "amount": yuan(301)})):
        assert code_of(hers.post("/transfers", other, key=key, **{SEEN: seen}), 409) == "kernel.not_as_seen"
    by_another = api.post("/transfers", asked, key="k", **{SEEN: seen})
    assert code_of(by_another, 409) == "kernel.not_as_seen"
    assert by_another.json()["facts"]["now"]["amount"] == yuan(300)
    assert api.get(f"/parties/{bob}/wallets").json()[0]["balance"] == yuan(0)
    done = hers.post("/transfers", asked, key="k", **{SEEN: seen})
    assert done.status_code == 201
    again = hers.post("/transfers", asked, key="k", **{SEEN: "0" * 64})
    assert (again.json(), again.headers["idempotent-replayed"]) == (done.json(), "true")
    assert hers.post("/transfers", asked, key="k2").status_code == 201, "a program that does not look confirms nothing"
    many = {"items": [{"key": "b1", "command": asked}]}
    assert code_of(hers.post("/transfers/batch", many, **{SEEN: seen}), 409) == "kernel.not_as_seen", (
        "a batch was never shown: a header that confirms something is not passed over"
    )
    assert api.get(f"/parties/{bob}/wallets").json()[0]["balance"] == yuan(600)


def test_a_pay_out_is_shown_before_any_rail_is_asked(api: Api, bank: Bank) -> None:
    ann = person(api)
    api.post("/top-ups", {"party_id": ann, "amount": yuan(1000), "outside_account": CARD}, key="t")
    asked = {"party_id": ann, "amount": yuan(400), "outside_account": CARD}
    seen = api.post("/pay-outs?dry_run=true", asked).headers[SEEN]
    elsewhere = {**asked, "outside_account": CARD[:-1] + "4"}
    assert code_of(api.post("/pay-outs", elsewhere, key="p", **{SEEN: seen}), 409) == "kernel.not_as_seen"
    assert api.get(f"/parties/{ann}/wallets").json()[0]["available"] == yuan(1000)
    assert api.post("/pay-outs", asked, key="q", **{SEEN: seen}).json()["state"] == "settled"


def test_the_description_says_which_dry_runs_are_confirmed(api: Api) -> None:
    paths = httpx.get(f"{api.base}/v1/openapi.json", timeout=60).json()["paths"]
    for path, confirmed in (("/v1/transfers", True), ("/v1/pay-outs", True), ("/v1/wallets", False)):
        told = paths[path]["post"]
        assert (SEEN in told["responses"]["200"].get("headers", {})) is confirmed
        assert (SEEN in {each["name"] for each in told["parameters"]}) is confirmed
