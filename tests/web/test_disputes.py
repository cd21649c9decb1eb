"""A payment to a shop is disputed from its receipt, answered by the merchant, decided by staff: on pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import taking_service as taking
from farthing.payments.merchants.model import AddTill, Fee, MakeCode, OpenMerchant, PayByCode
from tests.payments.packets.people import herself
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser
from tests.web.test_paying import PASSWORD, Street, street, yuan
from tests.web.test_proof_more import signed_in
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "street")


def paid(street: Street) -> str:
    """She pays 9.00 at his shop; answers the entry."""
    bank, owner = street.bank, street.wang.id
    contract = OpenMerchant(owner, "Noodle house", "Chengdu", "5812", Fee("0.006"), "net", "面馆")
    shop = bank.run(merchants.open_merchant, contract)
    till = bank.run(merchants.add_till, AddTill(owner, shop.id, "East gate", "Till 1"), actor=herself(owner))
    code = bank.run(merchants.make_code, MakeCode(owner, till.id, yuan("9.00")), actor=herself(owner)).text
    done = bank.run(taking.pay, PayByCode(street.lin.id, code, yuan("9.00")), actor=herself(street.lin.id))
    return str(done.reference)


@pytest.mark.long
def test_disputed_answered_decided_and_contested(street: Street, browser: Chromium) -> None:
    reference = paid(street)
    assert "Something is wrong with this payment" in words(street.her.go(f"/activity/{reference}"))
    form = f"/disputes/new?reference={reference}"
    asked = {"reference": reference, "reason": "not_received", "digest": ""}
    refused = street.her.send("/disputes", **asked, words=" ", amount="", key="n")
    assert refused.status_code == 422 and "Say what happened" in refused.text
    made = street.her.send("/disputes", **asked, words="no noodles", amount="5", key="d")
    place = str(made.headers["location"])
    him = Browser(street.base)
    him.sign_in(street.wang.phone, PASSWORD)
    assert "disputes CNY 5.00 that you were paid" in words(him.go("/home"))
    assert "no noodles" in him.go(place).text and "no noodles" in street.her.go(place).text
    him.send(place, act="answer", words="a slip", digest="", key="a")
    staff = signed_in(street.base, street.bank, "operator")
    assert "5.00" in words(staff.go("/ops/disputes"))
    case = f"/ops{place}"
    found = eyes(street, browser, staff, him, form, place, case)
    assert not found, found
    done = staff.send(case, outcome="merchant", reason="the slip is hers", key="x")
    assert done.headers["location"] == case
    assert "decided against you" in words(street.her.go(place))
    street.her.send(place, act="contest", words="another's slip", digest="", key="c")
    drafted = staff.send(case, outcome="payer", reason="so it is", key="y")
    assert drafted.headers["location"] == f"{case}?drafted=1"


def eyes(
    street: Street, browser: Chromium, staff: Browser, him: Browser, form: str, place: str, case: str
) -> list[str]:
    mine, theirs = street.cookies(), [each for each in staff.kept() if each["name"].startswith("farthing_")]
    his = [each for each in him.kept() if each["name"] in ("farthing_session", "farthing_form")]
    found = faults(browser, street.base, form, "zh", widths=(360,), cookies=mine)
    found += faults(browser, street.base, place, "en", widths=(360,), cookies=his)
    found += faults(browser, street.base, "/disputes", "zh", "dark", True, widths=(320,), cookies=his)
    return found + faults(browser, street.base, case, "en", widths=(360, 1280), cookies=theirs)
