"""The door of a partner lender: its part of loans, what it was asked, and its settlement as a page and as a file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import httpx
import pytest
from playwright.sync_api import Browser as Chromium

from farthing.kit.money import Money
from tests.doors import served
from tests.funding.lenders import two_lenders
from tests.funding.test_partners import HARVEST
from tests.identity.people import PASSWORD, staff
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser

__all__ = ["browser", "pytestmark"]


def test_a_person_of_a_partner_sees_its_own_and_nobody_elses(database_url: str) -> None:
    house, loan = two_lenders(database_url)
    staff(house.bank, "ou", "operator")
    with served(house.bank) as base:
        hua, chun, wu, operator = (Browser(base) for _ in range(4))
        hua.sign_in("hua", PASSWORD)
        chun.sign_in("chun", PASSWORD)
        assert hua.go("/").headers["location"] == "/partner"
        share = next(each.share for each in loan.holders if each.name == "partner:harvest")
        shown = hua.go("/partner").text
        assert (
            f">{HARVEST.name_en}<" in shown
            and HARVEST.name not in shown
            and "1 loan being repaid" in shown
            and f"{share.minor // 100}" in shown
        )
        assert 'href="/ops"' not in shown and 'href="/partner/settlement"' in shown
        asked = hua.go("/partner/requests").text
        assert "Agreed" in asked and "REF-1" in asked and loan.id not in asked and house.party.name not in asked
        mandate = hua.go("/partner/mandate").text
        assert (
            "Shop-stock loan" in mandate
            and "Your part of each loan" in mandate
            and ">30.00%<" in mandate
            and "1.5 seconds" in mandate
        )
        assert "You were asked" in mandate and "Your part of loans taken today" in mandate
        assert HARVEST.account in mandate and HARVEST.credit_code in mandate
        assert "you owe the bank" in hua.go("/partner/settlement").text
        file = hua.go("/partner/settlement.csv")
        assert file.headers["content-disposition"].endswith('.csv"')
        head, first = file.text.lstrip("\ufeff").splitlines()
        assert (
            head.startswith("Day,Lent,Repayments to you")
            and first.split(",")[1] == share.plain()
            and first.endswith("CNY")
        )
        assert hua.go("/partner/settlement?until=0001-01-01").status_code == 200
        assert hua.go("/partner/settlement?partner=spring").status_code == 400
        assert hua.go("/ops").status_code == 403
        papers(hua, chun, f"/partner/documents/{loan.id}", house.party.name, share)

        with_chinese = Browser(base, "zh")
        with_chinese.sign_in("hua", PASSWORD)
        for path in ("/partner", f"/partner/documents/{loan.id}"):
            in_chinese = with_chinese.go(path).text
            assert HARVEST.name in in_chinese and HARVEST.name_en not in in_chinese
        assert "春耕银行（沙盒）" in chun.go("/partner").text, (
            "a partner with one name is called by it in every language"
        )
        assert (
            "No loan yet." in chun.go("/partner").text
            and "You were asked nothing yet." in chun.go("/partner/requests").text
        )
        assert "Nothing is asked of you now." in chun.go("/partner/mandate").text
        assert "Nothing moved on these days." in chun.go("/partner/settlement").text
        wu.sign_in("wu", PASSWORD)
        assert wu.go("/partner").status_code == 404 and "funding.no_partner" in wu.go("/partner").text
        operator.sign_in("ou", PASSWORD)
        pages = (
            "/partner",
            "/partner/requests",
            "/partner/mandate",
            "/partner/settlement",
            "/partner/settlement.csv",
            "/partner/documents",
        )
        for path in pages:
            assert operator.go(path).status_code == 403 and httpx.get(f"{base}{path}").status_code == 403


def papers(hua: Browser, chun: Browser, place: str, borrower: str, share: Money) -> None:
    """Certificate and schedule name nobody; the contract opens for who took it, and another lender finds nothing."""
    listed = hua.go("/partner/documents").text
    assert f'href="{place}"' in listed and "Rainy-day loan" in listed and borrower not in listed
    shown = hua.go(place).text
    assert (
        "Certificate of your part" in shown and HARVEST.name_en in shown and borrower not in shown and "REF-1" in shown
    )
    file = hua.go(f"{place}/schedule.csv")
    lines = file.text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("No.,Day,Principal,Interest") and lines[1].endswith("CNY")
    assert sum(Decimal(each.split(",")[2]) for each in lines[1:]) == share.decimal()
    assert hua.go(f"{place}/contract.pdf").status_code == 403 and f"{place}/contract.pdf" not in shown
    assert hua.send(f"{place}/contract").status_code == 303
    assert f"{place}/contract.pdf" in hua.go(place).text
    taken = hua.go(f"{place}/contract.pdf")
    assert taken.content.startswith(b"%PDF") and taken.headers["cache-control"] == "no-store"
    for path in (place, f"{place}/schedule.csv", f"{place}/contract.pdf"):
        assert chun.go(path).status_code == 404
    assert chun.send(f"{place}/contract").status_code == 404


@pytest.mark.long
def test_the_door_in_two_dresses(browser: Chromium, database_url: str) -> None:
    with ThreadPoolExecutor(
        1
    ) as apart:  # the browser drives an event loop of this thread, and a seal wants one of its own
        house, loan = apart.submit(two_lenders, database_url).result()
    with served(house.bank) as base:
        hua = Browser(base)
        hua.sign_in("hua", PASSWORD)
        cookies = hua.kept()
        found: list[str] = []
        for path in (
            "/partner",
            "/partner/requests",
            "/partner/mandate",
            "/partner/settlement",
            "/partner/documents",
            f"/partner/documents/{loan.id}",
        ):
            found += faults(browser, base, path, "en", widths=(360,), cookies=cookies)
            found += faults(browser, base, path, "zh", "dark", True, widths=(1280,), cookies=cookies)
    assert not found, "\n".join(found)
