"""What becomes of somebody's data, on pages and by the API: one's own answer, and what two officers do."""

from __future__ import annotations

import re

import pytest

from farthing.kit.actor import Actor
from farthing.parties import service as parties
from farthing.parties.model import Register
from farthing.server import application
from tests.asking import asking
from tests.identity.people import PASSWORD, staff
from tests.parties.people import resident_id
from tests.web.test_entrance import Browser, reader
from tests.web.test_paying import Street, street
from tests.web.test_saving import words

__all__ = ("street",)


def agreed(officer: Browser) -> None:
    """Agree to the draft that waits."""
    for draft in dict.fromkeys(re.findall(r'href="(/approvals/[a-z0-9_]+)"', officer.go("/approvals").text)):
        officer.agree(draft, f"k{draft}")


@pytest.mark.long
def test_one_reads_ones_answer_and_two_officers_erase_who_never_came(street: Street) -> None:
    bank, lin = street.bank, street.lin
    mine = words(street.her.go("/me/data"))
    assert "Not yet: the data are needed for what is open still." in mine and "wallet CNY" in mine
    for name in ("an", "bo"):
        staff(bank, name, "operator")
    clerk = Actor("clerk", frozenset({"*"}))
    gone = bank.run(parties.register, Register("钱三", resident_id(order_code="248"), "13800138248"), actor=clerk)
    an, bo = reader(street.base, "an"), reader(street.base, "bo")
    here = f"/ops/customers/{gone.id}/data"
    assert here in an.go(f"/ops/customers/{gone.id}").text
    assert "they can be erased now, for good" in words(an.go(here))
    open_still = f"/ops/customers/{lin.id}/data"
    assert "wallet CNY" in words(an.go(open_still)) and 'name="note"' not in an.go(open_still).text
    stands = an.send(open_still, note="asked", step="erase", key="s")
    assert stands.status_code == 422 and "assurance.erase_stands" in stands.text
    assert an.send(here, note="asked in writing", step="erase", key="e").headers["location"].startswith(here)
    assert parties.is_erased(bank.read(lambda tx: parties.party(tx, gone.id))) is False, "one alone erases nobody"
    agreed(bo)
    assert "What was personal of this customer was erased" in words(an.go(here))
    bank.drain()
    assert "Its key was destroyed" in words(an.go(here)) and "13800138248" not in an.go(here).text
    found = words(an.go("/ops/customers?q=林"))
    assert "found only when it is whole" in found and lin.name in words(an.go(f"/ops/customers?q={lin.name}"))
    with asking(application(bank.kernel)) as client:
        told = client.post("/v1/sessions", json={"name": lin.phone, "password": PASSWORD}).json()
        signed = {"Authorization": f"Bearer {told['token']}"}
        answer = client.get(f"/v1/parties/{lin.id}/erasure", headers=signed).json()
        assert (answer["answer"], answer["erasure"]) == ("refused", None) and answer["standing"]
        assert client.get(f"/v1/parties/{street.wang.id}/erasure", headers=signed).status_code == 403
