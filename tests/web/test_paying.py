"""Pay, collect, home, activity and me, as a customer's browser meets them; and chromium's eyes on each."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Error, expect

from farthing.identity.rules import actor_of
from farthing.kernel.day import close_day
from farthing.kit.cells import cell
from farthing.kit.money import Money
from farthing.parties.model import Party
from farthing.parties.showing import service as showing
from farthing.parties.showing.model import FindByCode
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, Transfer
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import city
from tests.identity.people import PASSWORD, Person, codes
from tests.parties.people import known_as, resident_id
from tests.payments.customers import CARD, customer
from tests.web.eyes import browser, faults, kept, look, pytestmark
from tests.web.test_entrance import Browser, seen
from tests.web.test_saving import words

__all__ = ("browser",)
WANG = Person("王小明", resident_id(order_code="334"), "139 1234 0404")


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


@dataclass
class Street:
    """Two customers of a bank that is served: one signed in, whose wallet has moved on three days, and whom she pays."""

    bank: Bank
    base: str
    her: Browser
    lin: Party
    wang: Party

    def balance(self, party: Party) -> Money:
        return self.bank.read(lambda tx: payments.wallet(tx, party.id)).balance

    def cookies(self) -> list[dict[str, str]]:
        """What says who she is, and not how pages look."""
        return [each for each in self.her.kept() if each["name"] in ("farthing_session", "farthing_form")]

    def payee(self) -> str:
        sent = self.her.send("/pay/payee", phone="139 1234 0404")
        return str(sent.headers["location"]).removeprefix("/pay/to/")


@pytest.fixture
def street(bank: Bank) -> Iterator[Street]:
    city(bank)
    lin, wang = customer(bank, who=Person()), customer(bank, who=WANG)
    bank.run(payments.top_up, MoveByRail(lin.id, yuan("1200.00"), CARD))
    close_day(bank.kernel)
    bank.run(payments.transfer, Transfer(lin.id, wang.id, yuan("388.00"), "rent"))
    close_day(bank.kernel)
    bank.run(payments.transfer, Transfer(wang.id, lin.id, yuan("88.00"), "=1+1"))
    close_day(bank.kernel)
    with serving(bank) as base:
        her = Browser(base)
        her.sign_in(lin.phone, PASSWORD)
        her.go("/pay")
        yield Street(bank, base, her, lin, wang)


def test_the_page_says_before_the_amount_how_the_typed_name_compares(street: Street) -> None:
    told = {
        "王小明": "typed is the payee",
        "王晓明": "typed is not the payee",
        "Wang": "cannot be compared",
        "": "Is this who you mean?",
    }
    for typed, sentence in told.items():
        sent = street.her.send("/pay/payee", phone="139 1234 0404", name=typed)
        shown = street.her.go(sent.headers["location"]).text
        assert sentence in shown and "小明" not in shown, typed


def test_a_phone_a_masked_name_an_amount_a_review_a_receipt(street: Street) -> None:
    her = street.her
    assert "Whom do you pay?" in her.go("/pay").text
    sent = her.send("/pay/payee", phone="＋86 139 1234-0404")
    amount = her.go(sent.headers["location"])
    assert "Pay <bdi>**明</bdi>" in amount.text and "小明" not in amount.text and "0404" not in words(amount)
    payee = street.payee()
    shown = her.send("/pay", payee=payee, amount="100", memo="noodles")
    for told in ("**明", "CNY 100.00", "one hundred yuan", "noodles", "none", "at once", "CNY 800.00"):
        assert told in shown.text, told
    done = her.send("/pay", payee=payee, amount="100", memo="noodles", confirmed="1", seen=seen(shown), key="k")
    receipt = her.go(done.headers["location"])
    for told in ("Done", "**明", "\u2212CNY 100.00", "noodles", "cannot be called back"):
        assert told in receipt.text, told
    for page in (amount, shown, receipt):
        assert "party_" not in page.text and street.wang.phone not in page.text
    assert street.balance(street.wang) == yuan("400.00")
    assert "Paid before" in her.go("/pay").text and "**明" in her.go("/pay").text


def test_confirming_twice_going_back_and_a_stale_form_pay_once(street: Street) -> None:
    her, payee = street.her, street.payee()
    shown = her.send("/pay", payee=payee, amount="5")
    fields = {"payee": payee, "amount": "5", "confirmed": "1", "seen": seen(shown), "key": "k"}
    first, second = her.send("/pay", **fields), her.send("/pay", **fields)
    assert first.headers["location"] == second.headers["location"]
    assert street.balance(street.wang) == yuan("305.00"), "pressed twice, paid once"
    her.go("/home")
    assert her.send("/pay", **fields).status_code == 303 and street.balance(street.wang) == yuan("305.00"), "gone back"
    stale = her.send("/pay", **{**fields, "amount": "50"})
    assert stale.status_code >= 400 and street.balance(street.wang) == yuan("305.00")


def test_a_payee_whose_phone_changed_between_the_look_and_the_confirmation_is_not_paid(street: Street) -> None:
    her, payee = street.her, street.payee()
    shown = her.send("/pay", payee=payee, amount="5")
    known_as(street.bank, street.wang, phone="+8613912340505")
    told = her.send("/pay", payee=payee, amount="5", confirmed="1", seen=seen(shown), key="k")
    assert told.status_code == 409 and "payments.payee_changed" in told.text and 'href="/pay"' in told.text
    assert street.balance(street.wang) == yuan("300.00")


def test_a_code_is_shown_opened_paid_and_withdrawn(street: Street) -> None:
    wang = Browser(street.base)
    wang.sign_in(street.wang.phone, PASSWORD)
    assert "Make my code" in wang.go("/collect").text
    made = wang.go(wang.send("/collect", amount="38", note="two bowls", key="a").headers["location"])
    link = re.search(r'href="http://[^"/]+(/pay/to/collect_[0-9a-z]+)"', made.text)
    assert link and "<svg" in made.text and street.wang.id not in made.text
    stranger = Browser(street.base)
    closed = stranger.go(link[1])
    assert "Sign in" in closed.text and "明" not in closed.text, "whoever is not signed in learns nothing"
    code = link[1].removeprefix("/pay/to/")
    wrong = stranger.send("/login", name=street.lin.phone, password="wrong wrong wrong", payee=code)
    assert wrong.status_code == 403 and f'value="{code}"' in wrong.text, "and is not sent astray by a wrong password"
    begun = stranger.send("/login", name="138-1234-5678", password=PASSWORD, payee=code)
    assert begun.headers["location"] == link[1]
    asked = stranger.go(link[1])
    assert "Pay <bdi>**明</bdi>" in asked.text and "CNY 38.00" in asked.text and "two bowls" in asked.text
    stranger.confirm("/pay", payee=code, amount="38.00", memo="two bowls", key="k")
    assert street.balance(street.wang) == yuan("338.00")
    wang.send("/collect/withdrawals", code=code)
    assert "payments.collect_code_withdrawn" in stranger.go(link[1]).text
    assert stranger.send("/login", name="x", password="y", payee="//evil").headers.get("location", "/") == "/"


def test_home_says_what_there_is_how_low_it_was_and_what_moved(street: Street) -> None:
    home = street.her.go("/home").text
    assert "CNY 900" in home and "The lowest in" in home and "CNY\u00a0812.00 on 11 Jun" in home
    assert "**明" in home and not re.search(r"[ >¥]0\.00", home.split("The figures")[0]), "no lone zero"
    assert len(gzip.compress(home.encode())) < 20_000


def test_activity_is_searched_summed_and_saved(street: Street) -> None:
    her = street.her
    found = her.go("/activity?q=rent")
    assert "CNY 388.00" in found.text and "1,200.00" not in found.text and "Went out" in found.text
    assert "Nothing like that" in her.go("/activity?q=nothing&kind=loans").text
    assert her.go("/activity?kind=gifts").status_code == 400 and her.go("/activity?month=x").status_code == 400
    file = her.go("/activity.csv?kind=people")
    assert file.headers["content-type"].startswith("text/csv") and "attachment" in file.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert [row[3] for row in rows[1:-1]] == ["'=1+1", "rent"], "what others wrote is no formula"
    assert rows[1][4:7] == ["88.00", "900.00", "CNY"] and rows[1][2] == "**明"
    month = re.search(r'href="(/statements/[0-9-]+\.pdf)"', her.go("/statements").text)
    assert month and her.client.get(month[1]).content.startswith(b"%PDF")
    assert her.go("/statements/2026-13.pdf").status_code == 400


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("@a", "'@a"), ("a=b", "a=b"), ("+1+1", "'+1+1"), ("-12.30", "-12.30"), (" =1", "' =1"), ("＝1+1", "'＝1+1"),
        ("rice;=HYPERLINK(1)", "rice;'=HYPERLINK(1)"), ("a;\t-b", "a;\t'-b"), ("2026-06-10 12:00", "2026-06-10 12:00"),
        (7, 7),
    ],
)  # fmt: skip
def test_no_cell_of_any_sheet_is_a_formula(typed: object, kept: object) -> None:
    assert cell(typed) == kept


def test_a_receipt_is_nobody_elses(street: Street) -> None:
    reference = street.bank.read(lambda tx: payments.history(tx, street.lin.id)).movements[-1].entry_reference
    assert "Top-up" in street.her.go(f"/activity/{reference}").text
    wang = Browser(street.base)
    wang.sign_in(street.wang.phone, PASSWORD)
    assert wang.go(f"/activity/{reference}").status_code == 404


def test_the_code_for_help_is_shown_and_finds_her(street: Street) -> None:
    her = street.her
    assert "Show a code" in her.go("/me/help-code").text
    shown = her.send("/me/help-code", key="k")
    code = re.search(r">(\d{4} \d{4})<", shown.text)
    assert code and "<svg" in shown.text and street.lin.id not in shown.text
    teller = actor_of("teller:li", "teller", None, "person_li")
    assert street.bank.run(showing.find_by_code, FindByCode(code[1]), actor=teller).party_id == street.lin.id


def test_the_phone_is_changed_by_a_code_on_each_of_both(street: Street) -> None:
    her, new = street.her, "139 1234 0999"
    assert (
        street.lin.phone not in her.go("/me/phone").text
        and her.go("/me/phone/codes").headers["location"] == "/me/phone"
    )
    assert her.send("/me/phone", phone="12").status_code == 422
    assert her.send("/me/phone", phone=new).headers["location"] == "/me/phone/codes"
    old_code, new_code = (codes(street.bank, each)[-1] for each in (street.lin.phone, new))
    assert her.go("/me/phone/codes").status_code == 200
    wrong = her.send("/me/phone/codes", old_code=new_code, new_code=old_code)
    assert wrong.status_code == 403 and "code" in wrong.text
    assert her.send("/me/phone/codes", old_code=old_code, new_code=new_code).headers["location"] == "/me/phone?done=1"
    assert "139****0999" in her.go("/me/phone").text
    elsewhere = Browser(street.base)
    elsewhere.sign_in(new, PASSWORD)
    assert elsewhere.go("/home").status_code == 200


def test_how_pages_look_follows_whoever_signs_in(street: Street) -> None:
    street.her.go("/me")
    street.her.send("/look", language="zh", theme="dark", care="1")
    elsewhere = Browser(street.base, "en")
    assert 'lang="en' in elsewhere.go("/").text
    elsewhere.sign_in(street.lin.phone, PASSWORD)
    page = elsewhere.go("/me").text
    assert 'lang="zh' in page and 'class="dark care"' in page
    elsewhere.send("/look", care="0")
    third = Browser(street.base, "en")
    third.sign_in(street.lin.phone, PASSWORD)
    assert 'class="dark"' in third.go("/me").text, "what is chosen one by one is kept one by one"


def test_devices_are_told_in_words_and_signed_out(street: Street) -> None:
    phone = Browser(street.base)
    phone.client.headers["user-agent"] = "Mozilla/5.0 (Linux; Android 14) Chrome/130.0"
    phone.sign_in(street.lin.phone, PASSWORD)
    me = street.her.go("/me").text
    assert "Chrome, Android" in me and "customer:" not in me and "party_" not in me
    session = re.search(r'name="session_id" value="([0-9a-f]+)"', me)
    assert session
    street.her.send("/me/sessions", session_id=session[1])
    assert phone.go("/home").headers["location"].startswith("/?next=")


PAGES = ("/home", "/pay", "/pay/to/{payee}", "/top-up", "/collect?code={code}", "/activity?q=rent", "/activity/{paid}",
         "/statements", "/me", "/me/help-code", "/me/phone", "/me/phone/codes", "/help")  # fmt: skip


@pytest.mark.long
def test_looked_at(street: Street, browser: Chromium) -> None:
    made = street.her.send("/collect", amount="38", note="noodles", key="c").headers["location"]
    paid = street.bank.read(lambda tx: payments.history(tx, street.lin.id)).movements[1].entry_reference
    known = {"payee": street.payee(), "code": made.rpartition("=")[2], "paid": paid}
    cookies = street.cookies()
    found = []
    for path in (each.format(**known) for each in PAGES):
        found += faults(browser, street.base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(320, 1280), cookies=cookies)
    for path in ("/", f"/pay/to/{known['code']}"):
        found += faults(browser, street.base, path, "en", widths=(320, 360, 1280))
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(320, 1280))
    names = ("林美", "**明", "中文")
    assert not [each for each in found if not any(name in each for name in names)], "\n".join(found)


def test_a_double_click_in_a_real_browser_pays_once(street: Street, browser: Chromium) -> None:
    context = kept(browser, street.base, "en")
    context.add_cookies(street.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{street.base}/pay/to/{street.payee()}")
    page.fill("#f-amount", "7")
    page.click("main button:has-text('Next')")
    assert not look(page, "en", axe=False) or "明" in page.inner_text("main")
    page.dblclick("main button:has-text('Pay')")
    expect(page).to_have_url(re.compile(r"/activity/"))  # the first click's way there is broken off by the second's
    with contextlib.suppress(Error):  # a page that a form made is kept by no browser: it asks before it sends it again
        page.go_back()
    assert street.balance(street.wang) == yuan("307.00")
    context.close()


test_looked_at = pytestmark(test_looked_at)
test_a_double_click_in_a_real_browser_pays_once = pytestmark(test_a_double_click_in_a_real_browser_pays_once)
