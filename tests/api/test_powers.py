"""Acting for another by the API: the header, on the short way and the long one, in a batch, in a dry run; who has no power."""

from __future__ import annotations

from typing import Any

import pytest

from farthing.parties.acting import service as powers
from farthing.parties.acting.model import EnterGuardian
from farthing.payments import service as payments
from farthing.server import application
from tests.asking import asking
from tests.conftest import Bank
from tests.identity.people import PASSWORD, Person
from tests.parties.acting.people import herself, two, yuan
from tests.parties.people import resident_id
from tests.payments.customers import customer


def cny(text: str) -> dict[str, Any]:
    return {"minor": yuan(text).minor, "currency": "CNY"}


@pytest.mark.long
def test_a_request_is_made_for_the_other_within_the_power_that_its_header_names(bank: Bank) -> None:
    her = customer(bank, 1_000_00)
    him = customer(bank, 0, Person("王小明", resident_id(order_code="114"), "139 1234 0404"))
    firm = customer(bank, 0, Person("李强", resident_id(order_code="134"), "139 1234 0505"))
    today = bank.kernel.clock().business_date
    guard = EnterGuardian(her.id, him.id, "court", "1", ("see", "pay"), today, yuan("100.00"), yuan("150.00"))
    two(bank, guard, powers.enter_guardian)
    (power,) = bank.kernel.ask(powers.powers_held, him.id, actor=herself(him.id))
    with asking(application(bank.kernel)) as client:

        def signed_in(phone: str) -> dict[str, str]:
            token = client.post("/v1/sessions", json={"name": phone, "password": PASSWORD}).json()["token"]
            return {"Authorization": f"Bearer {token}"}

        his = signed_in("13912340404")
        under = {**his, "Farthing-Power": power.id}

        def pay(amount: str, key: str, headers: dict[str, str], payer: str = her.id, **params: str) -> Any:
            body = {"payer": payer, "payee": firm.id, "amount": cny(amount)}
            return client.post("/v1/transfers", json=body, headers={**headers, "Idempotency-Key": key}, params=params)

        def code(answer: Any) -> str:
            assert answer.status_code in (401, 403, 422), answer.text
            return str(answer.json()["code"])

        assert code(pay("1", "a", his)) == "kernel.not_yours", "without the header he is himself"
        assert pay("100.01", "b", under, dry_run="true").json()["code"] == "acting.over_each"
        assert pay("100", "c", under).status_code == 201 == pay("100", "c", under).status_code
        over = pay("50.01", "d", under)
        assert code(over) == "acting.over_day" and "100.00 went already" in over.json()["detail"]
        assert code(pay("1", "e", under, payer=firm.id)) == "kernel.not_yours"
        assert code(pay("1", "f", signed_in("13912340505") | {"Farthing-Power": power.id})) == "acting.no_power"
        assert code(pay("1", "g", {"Farthing-Power": power.id})) == "acting.no_power"
        item = {"key": "h", "command": {"payer": her.id, "payee": firm.id, "amount": cny("30")}}
        body = {"items": [item, {**item, "key": "i"}]}
        answers = client.post("/v1/transfers/batch", json=body, headers=under).json()["answers"]
        assert [each["status"] for each in answers] == [201, 422]
        assert client.get(f"/v1/parties/{her.id}/wallet", headers=under).status_code in (200, 404)
        read = client.get(f"/v1/parties/{her.id}/acts", headers=under).json()
        assert [each["amount"] for each in read] == [cny("30"), cny("100")]
        assert code(client.get(f"/v1/parties/{her.id}", headers=under)) == "acting.out_of_scope"
        assert code(client.get("/v1/sessions", headers=under)) == "acting.out_of_scope"
        assert code(client.delete("/v1/sessions/current", headers=under)) == "acting.out_of_scope"
        ended = client.post("/v1/powers/ends", json={"power_id": power.id, "party_id": him.id}, headers=his)
        assert ended.json()["state"] == "ended" and code(pay("1", "j", under)) == "acting.ended"
    assert bank.read(lambda tx: payments.wallet(tx, firm.id)).balance == yuan("130.00")
