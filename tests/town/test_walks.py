"""The stories once more, as their people live them: through the pages, in chromium, clicking and typing, with pictures kept.
Each is lived once by who reads English and once by who reads Chinese.

Whoever pays also presses twice, goes back and presses again, or sends a form that is older than the sign-out; the teller
has no mouse. What the books hold afterwards happened once. The pictures of each walk stay in ``var/walks``.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.model import RegisterPartner
from farthing.funding.sandbox_partner import SandboxPartner
from farthing.kit.canonical import canonical
from farthing.payments.tills import service as tills
from farthing.payments.tills.model import SetUpTill
from farthing.town import people
from farthing.town.founding import credit_code
from farthing.town.partner_server import PartnerServer
from farthing.town.staff import demo_logins
from farthing.town.story.plan import GRADUATE, SHOPKEEPER, Plan
from farthing.web.speech import LANGUAGES, catalogue
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.people import PASSWORD, Person, codes, staff
from tests.parties.people import resident_id
from tests.payments.customers import customer
from tests.tidy.tree import ROOT
from tests.web.eyes import PICTURES, browser, pytestmark

__all__ = ["browser", "pytestmark"]

KEPT = ROOT / "var" / "walks"
MOST_TABS = 80
PAID_OUT = "Paid out: %(amount)s is in your wallet."
CAPACITY_MINOR = 50_000_000_00


class Walk:
    """Somebody in front of a page: reads one language, has no script, and each page that is looked at is kept as a picture.

    Buttons and tabs are named here in English and looked for in the walker's language, by the catalogue of the pages.
    """

    def __init__(self, browser: Browser, base: str, story: str, language: str, width: int = 360) -> None:
        self.language, self.locale = language, {"en": "en-GB", "zh": "zh-CN"}[language]
        self.context = browser.new_context(
            viewport={"width": width, "height": 780}, java_script_enabled=False, locale=self.locale
        )
        self.page, self.base, self.story, self.count = self.context.new_page(), base, story, 0
        self.before = ""

    def word(self, english: str, **values: str) -> str:
        """A sentence of the pages, as this walker reads it."""
        found = catalogue(self.language).gettext(english)
        assert self.language == "en" or found != english, f"{english!r} has no Chinese"
        return found % values if values else found

    def of(self, english: str, chinese: str) -> str:
        """What no catalogue holds: a product's name, an amount in words."""
        return chinese if self.language == "zh" else english

    def money(self, figure: str) -> str:
        """An amount of renminbi as this walker reads it."""
        return self.of(f"CNY {figure}", f"¥{figure}")

    def close(self) -> None:
        self.context.close()

    def look(self, what: str) -> str:
        """The words of the page; a picture of it stays."""
        self.count += 1
        if PICTURES:
            folder = KEPT / f"{self.story}-{self.language}"
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{self.count:02}-{what}.png", full_page=True)
        return self.page.inner_text("body")

    def tab(self, name: str) -> None:
        """By a tab of the navigation."""
        self.page.locator("nav a", has_text=re.compile(f"^{self.word(name)}$")).click()

    def press(self, name: str, times: int = 1) -> None:
        """A button or link of the page, by what it says; ``times=2``: as who is used to double clicks."""
        self.before = self.page.content()
        found = self.page.locator("main button, main a", has_text=self.said(name)).first
        found.click(click_count=times)
        self.page.wait_for_load_state()

    def said(self, name: str) -> str:
        """What a button says; one that was read off the page says it already."""
        return catalogue(self.language).gettext(name)

    def back_and_again(self, name: str) -> None:
        """Back to the page whose button was pressed, as a browser that kept it shows it, and the same button once more."""
        self.page = self.context.new_page()
        self.page.goto(f"{self.base}/me")
        self.page.set_content(self.before)
        self.press(name)

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        self.page.goto(self.base)
        self.page.fill("#l-name", name)
        self.page.fill("#l-pass", password)
        self.page.click(f"button:has-text('{self.word('Sign in')}')")

    def register(self, bank: Bank, person: Person) -> None:
        """At the front door, with the code that came to the phone."""
        self.page.goto(self.base)
        self.page.fill("#r-name", person.name)
        self.page.fill("#r-number", person.number)
        self.page.fill("#r-phone", person.phone)
        self.press("Send me a code")
        self.page.fill("#c-code", codes(bank, person.phone)[-1])
        self.page.fill("#r-pass", PASSWORD)
        self.press("Register and verify")

    def bring_bill(self, bank: Bank, plan: Plan, person: Person, folder: Path) -> None:
        """The wallet's own file and its seal, with the permission to use them."""
        content = plan.make_bill(bank.kernel.clock().business_date, person.name)
        bill = folder / "alipay.csv"
        bill.write_bytes(content)
        bill.with_suffix(".json").write_bytes(
            canonical(bank.kernel.ports.peer("channel", "sandbox").seal(content, person.number))
        )
        self.tab("Borrow")
        self.press("Bring your payment bills")
        self.page.set_input_files("#bill", bill)
        self.page.set_input_files("#seal", bill.with_suffix(".json"))
        self.page.check("#agree")
        self.press("Import the bill")

    def borrow(self, plan: Plan) -> list[str]:
        """From what is asked for to the contract, which is signed with a double click; answers the screens."""
        screens = []
        self.tab("Borrow")
        self.page.check(f"main input[value='{plan.product}']")
        self.fill(amount=plan.amount.plain(), purpose=plan.purpose, instalments=str(plan.instalments))
        screens.append(self.look("ask"))
        self.press("See the answer")
        screens.append(self.look("answer"))
        self.press("Accept and read the contract")
        screens.append(self.look("contract"))
        self.press("Sign and be paid", times=2)
        return screens


def entries(bank: Bank, kind: str) -> int:
    """How many entries of a kind stand in the books."""
    with bank.superuser() as connection:
        found = connection.execute("SELECT count(*) FROM entry WHERE kind = %s", [kind]).fetchone()
    return int(found[0]) if found else 0


def of_plan(plan: Plan, phone: str) -> Person:
    return Person(plan.person, people.resident_id(plan.person, "walk", plan.born_on, codes=plan.codes), phone)


@pytest.mark.prove
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_graduate_borrows_in_three_screens_and_pays_it_off(
    bank: Bank, browser: Browser, tmp_path: Path, language: str
) -> None:
    person = of_plan(GRADUATE, "13912345678")
    with serving(bank) as base, closing(Walk(browser, base, "graduate", language)) as her:
        her.register(bank, person)
        her.look("home")
        her.bring_bill(bank, GRADUATE, person, tmp_path)
        her.look("bill")
        screens = her.borrow(GRADUATE)
        assert len(screens) == 3 and "8,000.00" in screens[1] and "12.68%" in screens[1]
        assert her.word(PAID_OUT, amount=her.money("8,000.00")) in her.look("paid-out")
        loan = her.page.url
        her.page.go_back()
        assert (
            her.word("You have signed.") in her.look("back-after-signing")
            and not her.page.locator(f"text={her.word('Sign and be paid')}").count()
        )
        her.press("See the loan")
        assert her.page.url == loan and entries(bank, "disbursement") == 1, "signed with a double click: paid once"
        her.press("See it, then decide")
        assert "8,000.00" in her.look("settle")
        button = her.page.locator("main form button").first.inner_text()
        her.press(button, times=2)
        assert her.word("Repaid in full") in her.look("repaid")
        her.back_and_again(button)
        her.look("back-after-repaying")
        assert entries(bank, "repayment") == 1


@pytest.mark.prove
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shop_owner_borrows_with_a_partner_who_sees_its_share(
    bank: Bank, browser: Browser, tmp_path: Path, language: str
) -> None:
    person = of_plan(SHOPKEEPER, "13912345679")
    with serving(bank) as base, PartnerServer(SandboxPartner(CAPACITY_MINOR, least_score=540)) as server:
        command = RegisterPartner("harvest", "丰收沙盒银行", server.url, credit_code("91310000MA1HRT002"))
        agreed(bank.kernel, funding.register_partner, command)
        password = demo_logins(bank.kernel)["harvest"]
        with closing(Walk(browser, base, "shopkeeper", language)) as him:
            him.register(bank, person)
            him.bring_bill(bank, SHOPKEEPER, person, tmp_path)
            screens = him.borrow(SHOPKEEPER)
            assert len(screens) == 3 and "300,000.00" in screens[1] and "丰收沙盒银行" in screens[2]
            assert him.word(PAID_OUT, amount=him.money("300,000.00")) in him.look("paid-out")
        assert entries(bank, "disbursement") == 1
        with ThreadPoolExecutor(1) as worker:  # beside the browser's own loop
            worker.submit(bank.drain).result()
        with closing(Walk(browser, base, "partner", language, 1280)) as lender:
            lender.sign_in("harvest", password)
            assert "90,000.00" in lender.look("portfolio")
            lender.tab("Requests")
            assert lender.word("Agreed") in lender.look("requests")
            lender.tab("Settlement")
            lender.look("settlement")


@pytest.mark.prove
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_saver_of_one_yuan_saves_pays_and_comes_too_late(bank: Bank, browser: Browser, language: str) -> None:
    with serving(bank) as base, closing(Walk(browser, base, "saver", language)) as her:
        party = customer(bank, 3_00)
        other = customer(bank, 0, Person("王小明", resident_id(order_code="334"), "139 1234 0404"))
        her.sign_in(party.phone)
        her.tab("Save")
        her.look("shelf")
        her.press("Open a deposit")
        her.press(her.of("Demand", "活期储蓄"))
        her.fill(amount="1")
        her.press("Next")
        assert her.of("one yuan", "壹元") in her.look("review").lower()
        her.press("Open it", times=2)
        her.look("opened")
        her.back_and_again("Open it")
        her.look("back-after-opening")
        assert deposits_of(bank, party.id) == 1, "one yuan is put away once"
        her.page.goto(f"{base}/pay")
        her.fill(phone=other.phone)
        her.press("Next")
        her.fill(amount="0.50")
        her.press("Next")
        her.look("pay-review")
        her.press("Pay", times=2)
        receipt = her.look("receipt")
        assert her.money("0.50") in receipt
        her.back_and_again("Pay")
        assert her.money("0.50") in her.look("back-after-paying")
        assert entries(bank, "transfer") == 1, "pressed twice and again after going back: paid once"
        too_late(her, bank, party.id)


def too_late(her: Walk, bank: Bank, party_id: str) -> None:
    """A form that was opened before one signed out in another tab: it says what to do, and nothing is done."""
    her.page.goto(f"{her.base}/savings/open?product=savings-demand")
    her.fill(amount="1")
    her.press("Next")
    stale, her.page = her.page, her.context.new_page()
    her.page.goto(f"{her.base}/me")
    her.press("Sign out")
    her.look("signed-out")
    her.page.close()
    her.page = stale
    her.press("Open it")
    told = her.look("too-late")
    assert her.word("That did not happen") in told and her.of("no longer valid", "已失效") in told
    assert deposits_of(bank, party_id) == 1


def deposits_of(bank: Bank, party_id: str) -> int:
    """How many deposits somebody has."""
    with bank.superuser() as connection:
        found = connection.execute("SELECT count(*) FROM deposit WHERE party_id = %s", [party_id]).fetchone()
    return int(found[0]) if found else 0


FOCUSED = (
    "() => { const on = document.activeElement; return [on.name || '', (on.innerText || on.value || '').trim()]; }"
)


class Keys:
    """A teller's hands on the keyboard and nowhere else."""

    def __init__(self, walk: Walk, page: Page) -> None:
        self.walk, self.page = walk, page
        walk.page = page

    def to(self, wanted: str, key: str = "Tab") -> None:
        """Tab until the field of a name, or what says so, has the focus."""
        for _ in range(MOST_TABS):
            name, said = self.page.evaluate(FOCUSED)
            if wanted == name or said.startswith(wanted):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{wanted!r} cannot be reached with the keyboard on {self.page.url}")

    def type(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def enter_twice(self, leads_to: str) -> None:
        """As who is used to double clicks: the second comes before anything was answered."""
        self.walk.before = self.page.content()
        for _ in range(2):
            self.page.keyboard.press("Enter")
        expect(self.page).to_have_url(re.compile(leads_to))  # the first way there is broken off by the second

    def follow(self, name: str, key: str = "Tab") -> None:
        """A link, by what it says; ``key="Shift+Tab"``: one that stands before where one is."""
        self.to(name, key)
        self.enter()


@pytest.mark.prove
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_elder_is_served_at_the_counter_with_the_keyboard_alone(bank: Bank, browser: Browser, language: str) -> None:
    with serving(bank) as base, closing(Walk(browser, base, "elder", language, 1280)) as walk:
        elder = customer(bank, 3_000_00)
        staff(bank, "li", "teller")
        bank.run(tills.set_up_till, SetUpTill("east-1"))
        with closing(browser.new_context(viewport={"width": 1280, "height": 800}, locale=walk.locale)) as context:
            walk.context = context
            keys = Keys(walk, context.new_page())
            keys.page.goto(base)
            keys.type("name", "li")
            keys.type("password", PASSWORD)
            keys.enter()
            walk.look("counter")
            keys.follow(walk.word("Drawer"), "Shift+Tab")
            keys.type("n10000", "0")
            keys.follow(walk.word("Open"))
            walk.look("drawer")
            keys.follow(walk.word("Find a customer"))
            keys.type("q", elder.phone)
            keys.enter()
            keys.follow(walk.word("Send a code"))
            keys.type("code", codes(bank, elder.phone)[-1])
            keys.enter()
            assert elder.name in walk.look("customer")
            keys.follow(walk.word("Cash in"))
            keys.type("amount", "20")
            keys.enter()
            assert walk.of("twenty yuan", "贰拾元") in walk.look("turned").lower()
            confirm = keys.page.locator("main form button").first.inner_text().strip()
            keys.to(confirm)
            keys.enter_twice(r"/slip$")
            assert "20.00" in walk.look("slip")
            walk.back_and_again(confirm)
            walk.look("back-after-paying-in")
            assert entries(bank, "cash.in") == 1, "Enter twice, and once more after going back: paid in once"
            walk.page.goto(f"{base}/counter/customers/{elder.id}")
            assert "3,020.00" in walk.look("customer-afterwards")
