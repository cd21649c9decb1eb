"""Saving as a browser goes it: compare, open, draw, close, buy and redeem; nothing happens twice, nothing is told wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

import httpx
import pytest

from farthing.bank.founding import agreed
from farthing.kernel.day import close_day
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import DepositView, OpenDeposit
from farthing.savings.fund import assets_service as assets
from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import DeclareAsset, Subscribe
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import city
from tests.identity.people import PASSWORD, Person, enrolled
from tests.parties.people import resident_id
from tests.payments.customers import customer
from tests.web.eyes import browser, faults, pytestmark  # noqa: F401
from tests.web.test_entrance import Browser, seen

FUND = "/savings/fund/savings-baby"


@dataclass
class Saver:
    """A customer with money in her wallet, at her browser."""

    bank: Bank
    base: str
    browser: Browser
    party: str
    phone: str

    def books(self) -> object:
        return self.bank.read(ledger.trial_balance).lines

    def deposits(self) -> list[DepositView]:
        return self.bank.read(lambda tx: passbook.deposits(tx, self.party))

    def opened(self, product: str = "savings-lump-sum", amount: int = 1_000_000, **terms: str) -> str:
        command = OpenDeposit(self.party, product, Money(amount, "CNY"), **terms)  # type: ignore[arg-type]
        return str(self.bank.run(deposits.open_deposit, command).deposit.id)

    def done(self, path: str, **fields: str) -> httpx.Response:
        """Look, confirm, and go where that leads."""
        answer = self.browser.confirm(path, key=f"{path}{fields}", **fields)
        assert answer.status_code == 303, answer.text
        return self.browser.go(answer.headers["location"])


@pytest.fixture
def saver(bank: Bank) -> Iterator[Saver]:
    city(bank)
    party = customer(bank, 5_000_000)
    with serving(bank) as base:
        visitor = Browser(base)
        visitor.sign_in(party.phone, PASSWORD)
        visitor.go("/savings")
        yield Saver(bank, base, visitor, party.id, party.phone)


def earning(saver: Saver) -> None:
    """Units of a fund that lends its money, ten days later."""
    saver.bank.run(pool.subscribe, Subscribe("savings-baby", saver.party, Money(1_000_000, "CNY")))
    close_day(saver.bank.kernel)
    bought = DeclareAsset(
        "savings-baby", "deposit", Money(900_000, "CNY"), Decimal("0.021"), "actual/365", date(2029, 1, 4)
    )
    agreed(saver.bank.kernel, assets.declare_asset, bought)
    for _ in range(9):
        close_day(saver.bank.kernel)


def words(answer: httpx.Response) -> str:
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace("&#39;", "'").replace("&#34;", '"')


def test_the_comparison_has_a_finding_and_takes_amounts_as_people_write_them(saver: Saver) -> None:
    shown = saver.browser.go("/savings?amount=%EF%BC%91%EF%BC%90%EF%BC%8C%EF%BC%90%EF%BC%90%EF%BC%90")
    told = words(shown)
    assert shown.status_code == 200 and "Nothing saved here yet" in told
    assert re.search(r"Three months gives CNY [\d.]+, on hand any day CNY [\d.]+", told), told
    assert "CNY 10,000.00 after 92 days, on 10 Sep 2026" in told and "insured up to CNY 500,000.00" in told
    assert "savings-" not in told and "1y" not in told
    wrong = saver.browser.go("/savings?amount=much&days=90")
    assert wrong.status_code == 422 and 'value="much"' in wrong.text and "Three months gives" in words(wrong)
    assert saver.browser.go("/savings?amount=1&days=soon").status_code == 422
    assert saver.browser.go("/savings?amount=0").status_code == 422
    zh = Browser(saver.base, "zh")
    zh.sign_in(saver.phone, PASSWORD)
    assert "三个月得" in words(zh.go("/savings")) and "活期得" in words(zh.go("/savings"))


def test_a_product_says_what_it_gives_and_what_leaving_costs(saver: Saver) -> None:
    told = words(saver.browser.go("/savings/products/savings-lump-sum?amount=1000"))
    assert re.search(r"CNY 1,000.00 for five years gives CNY \d", told)
    assert re.search(r"It costs CNY [\d.]+ of interest", told) and "in force since" in told
    assert "Deposit insurance" in told and "How it ends" in told
    small = saver.browser.go("/savings/products/savings-lump-sum?amount=1")
    assert small.status_code == 200 and "50.00" in words(small)
    assert saver.browser.go("/savings/products/savings-lump-sum?amount=x").status_code == 422
    assert saver.browser.go("/savings/products/none").status_code == 404
    assert "article 24" in words(saver.browser.go("/savings/not-offered"))
    for each in ("demand", "instalment", "interest-drawn", "lump-in-instalments-out", "notice", "time-or-demand"):
        shown = saver.browser.go(f"/savings/products/savings-{each}?amount=100000")
        assert shown.status_code == 200 and "How it ends" in shown.text, each


def test_opening_asks_one_question_a_screen_and_ends_with_a_receipt(saver: Saver) -> None:
    visitor = saver.browser
    assert "Which deposit?" in visitor.go("/savings/open").text
    assert "How much?" in visitor.go("/savings/open?product=savings-lump-sum").text
    low = visitor.go("/savings/open?product=savings-lump-sum&amount=49")
    assert low.status_code == 422 and "50.00" in low.text and 'value="49"' in low.text
    terms = visitor.go("/savings/open?product=savings-lump-sum&amount=1%2C000")
    assert "On what terms?" in terms.text and "one year" in terms.text and terms.text.count('name="term"') == 6
    asked = {"product": "savings-lump-sum", "amount": "1000", "term": "1y", "renewal": "none"}
    before = visitor.send("/savings/open", **asked)
    told = words(before)
    assert "one thousand yuan" in told and "Matures" in told and "Interest at maturity" in told
    assert saver.deposits() == []
    receipt = saver.done("/savings/open", **asked)
    (deposit,) = saver.deposits()
    assert "Receipt" in receipt.text and "What happens next: it earns until" in words(receipt)
    assert f"{deposit.id[-8:].upper()}-1" in receipt.text and deposit.id not in words(receipt)
    home = words(visitor.go("/savings"))
    assert (
        "CNY 1,000.00" in home
        and "matures" in home
        and "matured" not in home
        and "All of your deposits are insured" in home
    )
    missing = visitor.go(f"/savings/{deposit.id}/receipts/99")
    assert (missing.status_code, "web.no_receipt" in missing.text) == (404, True)


def test_pressed_twice_or_gone_back_a_deposit_is_opened_once(saver: Saver) -> None:
    asked = {"product": "savings-demand", "amount": "20"}
    shown = saver.browser.send("/savings/open", **asked)
    for _ in range(3):
        done = saver.browser.send("/savings/open", confirmed="1", seen=seen(shown), key="once", **asked)
        assert done.status_code == 303 and len(saver.deposits()) == 1
    books = saver.books()
    stale = saver.browser.send("/savings/open", confirmed="1", seen="0" * 64, key="other", **asked)
    assert (stale.status_code, len(saver.deposits())) == (409, 1)
    closed = saver.browser.send(f"/savings/{saver.deposits()[0].id}", confirmed="1", key="x", step="close")
    assert closed.status_code == 409 and saver.books() == books


def test_a_deposit_tells_how_it_earns_and_everything_that_can_be_done(saver: Saver) -> None:
    deposit = saver.opened(term="1y")
    for _ in range(3):
        close_day(saver.bank.kernel)
    shown = saver.browser.go(f"/savings/{deposit}")
    told = words(shown)
    assert re.search(r"CNY [\d.]+ on \d+ \w+ \d{4}", told) and "How this was reckoned" in told and "→" in told
    assert "Nothing to do until" in told and "half_up" not in told and "dep_" not in told
    assert saver.browser.go(f"/savings/{deposit}/statement.pdf").content.startswith(b"%PDF-")
    page = saver.browser.go(f"/savings/{deposit}/acts/withdraw")
    assert "It matures on" in page.text
    much = saver.browser.send(f"/savings/{deposit}", step="withdraw", amount="20000")
    assert much.status_code == 422 and 'value="20000"' in much.text and "Draw a part" in much.text
    receipt = words(saver.done(f"/savings/{deposit}", step="withdraw", amount="1000.50"))
    assert "CNY 1,000.50" in receipt and "CNY 8,999.50" in receipt and "Withdrawn before maturity" in receipt
    closed = words(saver.done(f"/savings/{deposit}", step="close"))
    assert "the deposit is closed" in closed
    after = saver.browser.go(f"/savings/{deposit}")
    assert "Closed on" in after.text and "What you can do" not in after.text
    assert "Closed deposits" in saver.browser.go("/savings").text
    assert saver.browser.send(f"/savings/{deposit}", step="dance").status_code in (400, 422)


def test_notice_is_given_and_taken_back(saver: Saver) -> None:
    deposit = saver.opened("savings-notice", 5_000_000, notice="7d")
    saver.browser.go(f"/savings/{deposit}/acts/notify")
    assert "You draw on" in saver.browser.send(f"/savings/{deposit}", step="notify", amount="50000").text
    assert "draw CNY 50,000.00 on" in words(saver.done(f"/savings/{deposit}", step="notify", amount="50000"))
    shown = saver.browser.go(f"/savings/{deposit}")
    found = re.search('name="for_on" value="([^"]+)"', shown.text)
    assert found
    saver.done(f"/savings/{deposit}", step="cancel_notice", for_on=found[1])
    assert "for_on" not in saver.browser.go(f"/savings/{deposit}").text


def test_the_fund_publishes_two_figures_and_an_order_is_taken_back_once(saver: Saver) -> None:
    told = words(saver.browser.go(FUND))
    assert "Not insured" in told and "R1" in told
    assert "Seven-day annualised yield" in told and "Income per 10,000 units" in told
    saver.browser.go(f"{FUND}/buy")
    shown = saver.browser.send(FUND, step="buy", amount="100")
    assert "it is not insured" in words(shown) and "one hundred yuan" in words(shown)
    before = saver.books()
    receipt = saver.done(FUND, step="buy", amount="100")
    placed = saver.books()
    assert placed != before and "The order can be taken back" in words(receipt)
    assert "On its way" in saver.browser.go(FUND).text
    found = re.search('name="order" value="([^"]+)"', receipt.text)
    assert found
    for key in ("back", "back"):
        assert saver.browser.send(f"{FUND}/orders", order=found[1], key=key).status_code == 303
    assert saver.books() == before
    again = saver.browser.send(f"{FUND}/orders", order=found[1], key="late")
    assert again.status_code == 409 and "Seven-day" in again.text
    low = saver.browser.send(FUND, step="redeem", amount="5")
    assert low.status_code == 422 and 'value="5"' in low.text
    assert saver.browser.go(f"{FUND}/dance").status_code == 400
    assert saver.browser.go("/savings/fund/none").status_code == 404


def test_income_of_the_fund_opens_to_units_and_the_published_figure(saver: Saver) -> None:
    earning(saver)
    held = saver.bank.read(lambda tx: pool.holding(tx, "savings-baby", saver.party))
    told = words(saver.browser.go(FUND))
    assert "units ×" in told and "Fast redemption" in told and "Ordinary redemption" in told
    assert f"{held.income_yesterday:.4f}"[:4] in told
    saver.browser.go(f"{FUND}/redeem_now")
    shown = words(saver.browser.send(FUND, step="redeem_now", amount="100"))
    assert "In your wallet at once" in shown or "The rest, over today's limit" in shown
    done = words(saver.done(FUND, step="redeem", amount="50"))
    assert "Its units earn no more" in done and "The money is in your wallet" in done
    assert "income_total" not in told and "money fund, not insured" in words(saver.browser.go("/savings"))


def test_nobody_sees_another_savers_things(saver: Saver) -> None:
    deposit = saver.opened(term="3m")
    order = saver.bank.run(pool.subscribe, Subscribe("savings-baby", saver.party, Money(100, "CNY")))
    other = enrolled(saver.bank, Person("李雷", resident_id(order_code="004"), "13812345679")).party
    assert other is not None
    thief = Browser(saver.base)
    thief.sign_in(other.phone, PASSWORD)
    thief.go("/savings")
    for path in ("", "/acts/withdraw", "/receipts/1", "/statement.pdf"):
        assert thief.go(f"/savings/{deposit}{path}").status_code == 403, path
    assert thief.go(f"{FUND}/orders/{order.id}").status_code == 403
    assert thief.send(f"/savings/{deposit}", step="close").status_code == 403


def looked_at(saver: Saver) -> list[str]:
    """The pages of saving of somebody who has a deposit of each sort and a fund that earns."""
    term, demand = saver.opened(term="1y"), saver.opened("savings-demand", 123_456)
    earning(saver)
    saver.bank.run(pool.subscribe, Subscribe("savings-baby", saver.party, Money(5_000, "CNY")))
    return [
        "/savings?amount=10000&days=365", "/savings/products/savings-lump-sum?amount=10000", "/savings/products/savings-notice",
        "/savings/open", "/savings/open?product=savings-demand",
        "/savings/open?product=savings-lump-sum&amount=1000", f"/savings/{term}", f"/savings/{demand}",
        f"/savings/{term}/acts/withdraw", f"/savings/{term}/receipts/1", FUND, f"{FUND}/buy",
    ]  # fmt: skip


@pytest.mark.long
def test_pages_of_saving_to_the_eye(saver: Saver, browser) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    found: list[str] = []
    for path in looked_at(saver):
        found += faults(browser, saver.base, path, "en", cookies=saver.browser.kept(), widths=(360,))
        found += faults(browser, saver.base, path, "zh", "dark", True, (1280,), saver.browser.kept(), axe=False)
    assert not found, "\n".join(found)


@pytest.mark.prove
def test_pages_of_saving_in_every_dress(saver: Saver, browser) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    found: list[str] = []
    for path in looked_at(saver):
        for language, theme, care in product(("zh", "en"), ("light", "dark"), (False, True)):
            found += faults(browser, saver.base, path, language, theme, care, cookies=saver.browser.kept())
    assert not found, "\n".join(found)
