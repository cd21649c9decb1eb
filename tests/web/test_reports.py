"""A payment is reported from its receipt; whoever has the money reads that it is frozen and objects; staff decide."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.payments import service as payments
from farthing.payments.model import Transfer
from tests.payments.packets.people import herself
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser, seen
from tests.web.test_paying import PASSWORD, Street, street, yuan
from tests.web.test_proof_more import signed_in
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "seen", "street")


@pytest.mark.long
def test_reported_frozen_objected_to_and_decided(street: Street, browser: Chromium) -> None:
    paid = street.bank.run(
        payments.transfer, Transfer(street.lin.id, street.wang.id, yuan("8.00")), actor=herself(street.lin.id)
    )
    reference = f"transfer:{paid.id}"
    receipt = street.her.go(f"/activity/{reference}")
    assert "This was not me, or I was deceived" in words(receipt)
    form = f"/reports/new?reference={reference}"
    assert "frozen at once" in words(street.her.go(form))
    done = street.her.send("/reports", reference=reference, kind="deceived", note="a voice", key="r")
    place = str(done.headers["location"])
    name = place.rpartition("/")[2]
    told = words(street.her.go(place))
    assert "CNY 8.00 is frozen" in told and "Two persons of the bank" in told
    him = Browser(street.base)
    him.sign_in(street.wang.phone, PASSWORD)
    assert "CNY 8.00 in your wallet is frozen" in words(him.go("/home"))
    objected = him.send("/frozen/objections", report_id=name, words="I mended her roof")
    assert "I mended her roof" in him.go(str(objected.headers["location"])).text
    staff = signed_in(street.base, street.bank, "operator")
    assert "8.00" in words(staff.go("/ops/reports-of-fraud"))
    case = f"/ops/reports-of-fraud/{name}"
    assert "Where it lay" in words(staff.go(case))
    refused = staff.send(case, outcome="release", holder="", reason=" ", key="n")
    assert refused.status_code >= 400 and "Say why" in refused.text
    assert "I mended her roof" in staff.go(case).text
    found = eyes(street, browser, staff, him, form, place, case)
    assert not found, found
    drafted = staff.send(case, outcome="return", holder="", reason="nobody explains it", key="d")
    assert drafted.headers["location"] == f"{case}?drafted=1"
    assert words(street.her.go("/reports")).count("8.00") >= 1


def eyes(
    street: Street, browser: Chromium, staff: Browser, him: Browser, form: str, report: str, case: str
) -> list[str]:
    mine, theirs = street.cookies(), [each for each in staff.kept() if each["name"].startswith("farthing_")]
    his = [each for each in him.kept() if each["name"] in ("farthing_session", "farthing_form")]
    found = faults(browser, street.base, form, "zh", widths=(360,), cookies=mine)
    found += faults(browser, street.base, report, "en", widths=(360,), cookies=mine)
    found += faults(browser, street.base, "/ops/reports-of-fraud", "zh", "dark", True, widths=(320,), cookies=theirs)
    found += faults(browser, street.base, f"/frozen/{case.rpartition('/')[2]}", "zh", widths=(360,), cookies=his)
    return found + faults(browser, street.base, case, "en", widths=(360,), cookies=theirs)
