"""Mandates on pages: signed under own limits after a review, debits stopped and had back, ended with one tap."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.payments.debits import drawing_service as drawing
from farthing.payments.debits import service as debits
from farthing.payments.debits.model import AnnounceDebit, ProposeMandate
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants.model import Fee, OpenMerchant
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from tests.payments.packets.people import herself
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import seen
from tests.web.test_paying import Street, street, yuan

__all__ = ("browser", "pytestmark", "street")
NOTICE = 3
"""Days, by the pack ``cn``."""


def proposed(street: Street) -> str:
    """Wang's noodle house asks her for a mandate; answers its id."""
    bank, wang = street.bank, street.wang.id
    shop = bank.run(merchants.open_merchant, OpenMerchant(wang, "Noodles", "Chengdu", "5812", Fee("0"), "net", "面馆"))
    found = bank.run(payees.find_payee, FindPayee(wang, street.lin.phone), actor=herself(wang))
    word = payees.require_found(found).id
    command = ProposeMandate(wang, word, "每周面条", yuan("100.00"), yuan("200.00"), None, shop.id)
    return str(bank.run(debits.propose, command, actor=herself(wang)).id)


def signed(street: Street, mandate: str) -> None:
    asked = {"mandate_id": mandate, "each_max": "50", "month_max": "80", "until": ""}
    shown = street.her.send("/mandates", **asked)
    for told in ("面馆", "CNY 50.00", "CNY 80.00", "每周面条", "Days of notice"):
        assert told in shown.text, told
    street.her.send("/mandates", **asked, confirmed="1", seen=seen(shown), key="sign")


def announced(street: Street, mandate: str, amount: str = "30.00") -> None:
    bank, wang = street.bank, street.wang.id
    due_on = bank.kernel.clock().business_date + timedelta(days=NOTICE)
    bank.run(debits.announce, AnnounceDebit(wang, mandate, yuan(amount), due_on), actor=herself(wang))


def test_signed_drawn_had_back_and_ended(street: Street) -> None:
    her, mandate = street.her, proposed(street)
    assert "面馆" in her.go("/mandates").text and "asks to draw" in her.go(f"/mandates/{mandate}").text
    signed(street, mandate)
    announced(street, mandate)
    announced(street, mandate, "20.00")
    page = her.go(f"/mandates/{mandate}")
    assert "may draw" in page.text and page.text.count("Stop this debit") == 2 and "party_" not in page.text
    before = street.balance(street.lin)
    her.send("/mandates/debits", mandate_id=mandate, debit=re.findall("debit_[0-9a-z]{26}", page.text)[0], key="s")
    street.bank.kernel.tidy(lambda tx: tx.execute("UPDATE mandate_debit SET due_on = due_on - 3"))
    drawing.watch(street.bank.kernel)
    assert street.balance(street.lin) in (before - yuan("30.00"), before - yuan("20.00"))
    page = her.go(f"/mandates/{mandate}")
    back = re.findall(r'name="debit" value="(debit_[0-9a-z]{26})"', page.text)[0]
    her.send("/mandates/debits", mandate_id=mandate, debit=back, back="1", key="b")
    assert street.balance(street.lin) == before
    assert "given back" in her.go(f"/mandates/{mandate}").text and "Debit given back" in her.go("/activity").text
    wrong = her.send("/mandates", mandate_id=mandate, each_max="50", month_max="40", change="1")
    assert wrong.status_code >= 400 and "f-month_max" in wrong.text
    her.send("/mandates", mandate_id=mandate, each_max="10", month_max="10", change="1")
    assert "CNY 10.00" in her.go(f"/mandates/{mandate}").text
    her.send("/mandates/ends", mandate_id=mandate)
    page = her.go(f"/mandates/{mandate}")
    assert "may not draw any more" in page.text and "End it now" not in page.text


@pytest.mark.long
def test_the_pages_at_360_in_both_languages(street: Street, browser: Chromium) -> None:
    mandate, cookies = proposed(street), street.cookies()
    signed(street, mandate)
    announced(street, mandate)
    found = []
    for path in ("/mandates", f"/mandates/{mandate}"):
        found += faults(browser, street.base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(320,), cookies=cookies)
    assert not found, found
