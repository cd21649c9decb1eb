"""A shop on pages: a till's code opened and paid, a payer's code charged, given back, the paper that hangs there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.payments.merchants import service as merchants
from farthing.payments.merchants.model import AddTill, Fee, MakeCode, Merchant, OpenMerchant, PayTill
from tests.identity.people import PASSWORD, staff
from tests.payments.packets.people import herself
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser, seen
from tests.web.test_paying import Street, street, yuan
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "street")


@dataclass
class Shop:
    """The street's Wang has a noodle house, and is signed in; Lin buys."""

    street: Street
    him: Browser
    merchant: Merchant
    till: PayTill

    def code(self, amount: str) -> str:
        """Make a code on the till's page; answers the address that a phone's camera opens."""
        shown = self.him.send("/till/codes", till=self.till.id, amount=amount, note="two bowls", key=f"c{amount}")
        link = re.findall(r'class="id" href="([^"]+)"', shown.text)[0].replace("&amp;", "&")
        return link.removeprefix(self.street.base)

    def buy(self, amount: str) -> str:
        """Pay by such a code; answers the address of the receipt."""
        text = parse_qs(urlsplit(self.code(amount)).query)["text"][0]
        shown = self.street.her.send("/pay/code", text=text, amount=amount)
        done = self.street.her.send(
            "/pay/code", text=text, amount=amount, confirmed="1", seen=seen(shown), key=f"p{amount}"
        )
        return str(done.headers["location"])


@pytest.fixture
def noodles(street: Street) -> Iterator[Shop]:
    bank, owner = street.bank, street.wang.id
    contract = OpenMerchant(owner, "Noodle house", "Chengdu", "5812", Fee("0.01"), "net", "面馆")
    merchant = bank.run(merchants.open_merchant, contract)
    till = bank.run(merchants.add_till, AddTill(owner, merchant.id, "East gate", "Till 1"), actor=herself(owner))
    him = Browser(street.base)
    him.sign_in(street.wang.phone, PASSWORD)
    him.go("/pay")
    yield Shop(street, him, merchant, till)


def test_a_code_is_opened_confirmed_paid_and_given_back(noodles: Shop) -> None:
    her, him = noodles.street.her, noodles.him
    address = noodles.code("12.50")
    opened = her.go(address)
    for told in ("Noodle house", "East gate", "CNY 12.50", "two bowls", "At most in a day"):
        assert told in opened.text, told
    text = parse_qs(urlsplit(address).query)["text"][0]
    shown = her.send("/pay/code", text=text, amount="12.50")
    for told in ("面馆", "CNY 12.50", "twelve yuan", "none"):
        assert told in shown.text, told
    done = her.send("/pay/code", text=text, amount="12.50", confirmed="1", seen=seen(shown), key="k")
    receipt = her.go(done.headers["location"])
    for told in ("Done", "面馆", "\u2212CNY 12.50", "East gate"):
        assert told in receipt.text, told
    again = her.go(address)
    assert "paid already" in again.text and again.status_code == 409
    day = him.go(f"/shop/{noodles.merchant.id}")
    assert "Taken today" in day.text and "CNY 12.50" in day.text and "party_" not in words(day)
    (payment,) = re.findall(r"/payments/(codepay_[0-9a-z]+)", day.text)
    asked = {"merchant": noodles.merchant.id, "payment": payment, "amount": "2.50", "reason": "no egg"}
    review = him.send("/shop/refunds", **asked)
    assert "CNY 2.50" in review.text and "CNY 10.00" in review.text and "no egg" in review.text
    him.send("/shop/refunds", **asked, confirmed="1", seen=seen(review), key="r")
    assert "no egg" in him.go(f"/shop/{noodles.merchant.id}/payments/{payment}").text
    told = her.go(done.headers["location"].partition("?")[0])
    assert "What came back of CNY 12.50" in told.text and "no egg" in told.text
    activity = her.go("/activity").text
    assert "Refund" in activity and activity.count("面馆") == 2
    month = him.go(f"/shop/{noodles.merchant.id}/month")
    for told in ("CNY 12.50", "CNY 2.50", "CNY 0.13", "Owed to you after", "As a file for a spreadsheet"):
        assert told in month.text, told
    (file,) = re.findall(r'href="(/shop/[^"]+month\.csv[^"]+)"', month.text)
    sheet = him.go(file)
    assert sheet.headers["content-type"].startswith("text/csv") and "East gate" in sheet.text and "whole" in sheet.text
    assert him.go(f"/shop/{noodles.merchant.id}/month?month=2030-01").status_code == 400
    assert her.go(f"/shop/{noodles.merchant.id}/month").status_code == 403
    too_much = him.send("/shop/refunds", **{**asked, "amount": "10.01"})
    assert too_much.status_code == 422 and "f-amount" in too_much.text


def test_a_payers_own_code_is_charged_up_to_what_she_said(noodles: Shop) -> None:
    her, him = noodles.street.her, noodles.him
    shown = her.send("/pay/mine", amount="20", key="m")
    assert "svg" in shown.text and "At most CNY 20.00" in shown.text
    code = re.findall(r'<code class="id">([^<]+)</code>', shown.text)[0]
    over = him.send("/till/charges", till=noodles.till.id, amount="20.01", shown=code, key="o")
    assert over.status_code == 422 and "at most" in over.text
    done = him.send("/till/charges", till=noodles.till.id, amount="20", shown=code, key="d")
    assert "CNY 20.00" in him.go(done.headers["location"]).text
    assert noodles.street.balance(noodles.street.lin) == yuan("880.00")


def test_a_code_that_is_over_the_days_limit_says_so_once_and_the_rule_by_itself(noodles: Shop) -> None:
    noodles.him.send("/till/codes", till=noodles.till.id, static="1", key="s")
    code = noodles.street.bank.run(
        merchants.make_code,
        MakeCode(noodles.merchant.party_id, noodles.till.id),
        actor=herself(noodles.merchant.party_id),
    )
    over = noodles.street.her.send("/pay/code", text=code.text, amount="600")
    assert over.status_code == 422
    summary, _, field = over.text.partition("</section>")
    for part in (summary.partition("<details>")[0], field.partition("<details>")[0]):
        assert "at most CNY 500.00" in part and "2017" not in part, "the sentence, without the law"
    assert summary.count("[2017] 296") == 1, "the law once, for who opens it"


def test_an_address_that_was_mistyped_was_no_attempt(noodles: Shop) -> None:
    looked = noodles.street.her.go("/requests/ask_nothing")
    assert looked.status_code == 404 and "This cannot be shown" in looked.text and "mistyped" in looked.text
    assert "Nothing was changed" not in looked.text
    refused = noodles.street.her.send("/requests/payments", request="ask_nothing")
    assert "That did not happen" in refused.text and "Nothing was changed" in refused.text


def test_the_paper_hangs_until_it_is_withdrawn(noodles: Shop) -> None:
    him, till = noodles.him, noodles.till.id
    assert him.go(f"/till/{till}/paper.svg").status_code == 404
    him.send("/till/codes", till=till, static="1", key="s")
    paper = him.go(f"/till/{till}/paper.svg")
    assert paper.headers["content-type"] == "image/svg+xml" and "面馆" in paper.text and "<path" in paper.text
    him.send("/till/withdrawals", till=till)
    assert "Make the code" in him.go(f"/till/{till}").text


def test_somebody_is_named_who_takes_money_and_named_no_more(noodles: Shop) -> None:
    her, him, shop = noodles.street.her, noodles.him, noodles.merchant.id
    named = him.send("/shop/cashiers", merchant=shop, phone=noodles.street.lin.phone)
    payee = re.findall(r'value="(payee_[0-9a-z]+)"', named.text)[0]
    him.send("/shop/cashiers/set", merchant=shop, cashier=payee, may="1")
    assert "Noodle house" in her.go(f"/shop/{shop}").text
    page = him.go(f"/shop/{shop}/tills")
    cashier = re.findall(r'value="(cashier_[0-9a-z]+)"', page.text)[0]
    assert "party_" not in page.text
    him.send("/shop/cashiers/set", merchant=shop, cashier=cashier, may="0")
    assert her.go(f"/shop/{shop}").status_code == 403


def test_static_codes_of_people_and_tills_count_together(noodles: Shop) -> None:
    her, him, street = noodles.street.her, noodles.him, noodles.street
    him.send("/collect", key="o")
    code = re.findall(r"/pay/to/(collect_[0-9a-z]+)", him.go("/collect").text)[0]
    shown = her.send("/pay", payee=code, amount="300")
    her.send("/pay", payee=code, amount="300", confirmed="1", seen=seen(shown), key="c")
    assert street.balance(street.lin) == yuan("600.00")
    over = her.send("/pay", payee=code, amount="200.01")
    assert over.status_code == 422 and "500.00" in over.text


def test_what_the_shop_took_counts_once_it_is_allowed(noodles: Shop) -> None:
    him, her = noodles.him, noodles.street.her
    assert "Your shops took nothing here yet" in him.go("/receipts").text
    noodles.buy("12.50")
    shown = him.go("/receipts").text
    assert "CNY 12.50" in shown and "Allow it" in shown
    assert "Let what my shop took here count" in him.go("/apply").text
    unticked = him.send("/receipts", key="n")
    assert unticked.status_code == 422 and "f-agree" in unticked.text
    him.send("/receipts", agree="on", key="y")
    assert "Take back" in him.go("/receipts").text and "Receipts of my shop" in him.go("/consents").text
    assert "counts too, for a loan to a shop" in him.go("/apply").text
    assert her.send("/consents/wallet", key="w").status_code == 422
    her.send("/consents/wallet", agree="on", key="x")
    assert (
        "What my wallet here took in and paid" in her.go("/consents").text
        and "Let it count" not in her.go("/consents").text
    )
    (consent,) = re.findall(r'name="consent_id" value="(consent_[0-9a-z]+)"', him.go("/receipts").text)
    assert her.send("/consents/revocations", consent_id=consent).status_code == 403
    him.send("/consents/revocations", consent_id=consent)
    assert "Allow it" in him.go("/receipts").text


@pytest.mark.long
def test_the_pages_at_360_in_both_languages(noodles: Shop, browser: Chromium) -> None:
    receipt = noodles.buy("8").partition("?")[0]
    shop = f"/shop/{noodles.merchant.id}"
    noodles.him.send("/till/codes", till=noodles.till.id, static="1", key="s")
    (payment,) = re.findall(r"/payments/(codepay_[0-9a-z]+)", noodles.him.go(shop).text)
    his = [each for each in noodles.him.kept() if each["name"] in ("farthing_session", "farthing_form")]
    pages = [(path, noodles.street.cookies()) for path in ("/pay/code", noodles.code("9"), "/pay/mine", receipt)]
    of_shop = ("", f"/payments/{payment}", "/payouts", "/tills", "/month")
    more = (f"/till/{noodles.till.id}", "/receipts")
    pages += [(path, his) for path in (*(shop + each for each in of_shop), *more)]
    found = []
    for path, cookies in pages:
        found += faults(browser, noodles.street.base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, noodles.street.base, path, "zh", "dark", True, widths=(320,), cookies=cookies)
    assert not found, found


def test_the_bank_opens_changes_stops_and_ends(noodles: Shop) -> None:
    bank, shop = noodles.street.bank, f"/ops/merchants/{noodles.merchant.id}"
    noodles.buy("8")
    noodles.him.send("/till/codes", till=noodles.till.id, static="1", key="s")
    staff(bank, "ou", "operator")
    officer = Browser(noodles.street.base)
    officer.sign_in("ou", PASSWORD)
    listed = officer.go("/ops/merchants?q=面")
    assert "Noodle house" in listed.text and "1 payment today" in listed.text and "CNY 8.00" in listed.text
    asked = {"party": noodles.street.lin.id, "shop_name": "Tea", "city": "Chengdu", "category": "5812", "rate": "0.6%"}
    assert officer.send("/ops/merchants", **{**asked, "rate": "30"}).status_code == 422
    opened = officer.send(
        "/ops/merchants", **asked, by="payer", earned="settlement", settles="net", returned="1", key="n"
    )
    assert "0.60%" in officer.go(opened.headers["location"]).text
    page = officer.go(shop)
    for told in ("CNY 8.00", "1.00%", "East gate", "static code", "in force"):
        assert told in page.text, told
    terms = {
        "act": "terms",
        "from_on": "2027-01-01",
        "rate": "0.38",
        "by": "merchant",
        "earned": "capture",
        "settles": "net",
    }
    review = officer.send(shop, **terms)
    assert "0.38%" in review.text and "second person" in review.text
    drafted = officer.send(shop, **terms, confirmed="1", seen=seen(review), key="t")
    assert "Waits for a second person" in officer.go(drafted.headers["location"]).text
    officer.send(shop, act="stop", till=noodles.till.id)
    assert "static code" not in officer.go(shop).text
    assert "at once and for good" in officer.send(shop, act="end").text
    officer.send(shop, act="end", confirmed="1", key="e")
    assert "ended on" in officer.go(shop).text and "takes no money" in noodles.him.go(f"/till/{noodles.till.id}").text


@pytest.mark.long
def test_the_banks_pages_in_both_languages(noodles: Shop, browser: Chromium) -> None:
    noodles.buy("8")
    staff(noodles.street.bank, "ou", "operator")
    officer = Browser(noodles.street.base)
    officer.sign_in("ou", PASSWORD)
    cookies, found = [each for each in officer.kept() if each["name"] in ("farthing_session", "farthing_form")], []
    for path in ("/ops/merchants", "/ops/merchants/new", f"/ops/merchants/{noodles.merchant.id}"):
        found += faults(browser, noodles.street.base, path, "en", widths=(1280,), cookies=cookies)
        found += faults(browser, noodles.street.base, path, "zh", "dark", widths=(360,), cookies=cookies)
    assert not found, found
