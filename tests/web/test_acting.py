"""Acting for another on pages: a power given in three steps, the other's account marked on each page, paid from, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.identity import entrance as doors
from farthing.identity.authenticators.model import Site
from farthing.kernel import approvals, errands
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.acting import service as acting
from farthing.parties.acting.model import EnterSignatory
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import AgreementParty, DrawAgreement, Filled
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import city
from tests.identity.devices import Device, as_text, registered
from tests.identity.people import PASSWORD
from tests.parties.acting.people import family, herself, two
from tests.parties.people import hospital, register_person
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_agreements import aside
from tests.web.test_counter import at_the_desk
from tests.web.test_entrance import Browser
from tests.web.test_paying import Street, street
from tests.web.test_saving import seen, words
from tests.web.test_signing_by_passkey import asked as challenged

__all__ = ("browser", "pytestmark", "street")


SUPPLIED = tuple(Filled(name, value) for name, value in {
    "products": "定期存款", "ceiling": "CNY 1,000,000.00", "fee": "0.1", "notice_days": "30",
}.items())  # fmt: skip


def granted(street: Street, him: Browser) -> str:
    """She lets him see and pay; both sign; answers the power."""
    until = street.bank.kernel.clock().business_date + timedelta(days=60)
    form = {
        "helper_name": street.wang.name, "helper_phone": "139 1234 0404", "scope_see": "1", "scope_pay": "1",
        "most_each": "200", "most_day": "300", "until": until.isoformat(), "key": "p1",
    }  # fmt: skip
    wrong = street.her.send("/acting/new", **{**form, "helper_name": "王大明", "key": "p0"})
    assert wrong.status_code == 422 and "王大明" in wrong.text and "Nobody with that name and phone" in words(wrong)
    asked = street.her.send("/acting/new", **form)
    address = str(asked.headers["location"])
    for who in (street.her, him):
        page = who.go(address)
        assert "CNY 200.00" in words(page) and "pay himself" in words(page)
        digest = who.go(f"{address}/sign").text.partition('name="digest" value="')[2].partition('"')[0]
        assert who.send(address, act="sign", digest=digest, key="s").status_code == 303
    aside(lambda: errands.sweep(street.bank.kernel, everything=True))
    (power,) = street.bank.kernel.ask(acting.powers_held, street.wang.id, actor=herself(street.wang.id))
    assert power.state == "in_force"
    return str(power.id)


@pytest.mark.long
def test_a_helper_pays_on_pages_that_say_for_whom_and_is_told_what_to_do_beyond_his_limit(
    street: Street, browser: Chromium
) -> None:
    him = Browser(street.base)
    him.sign_in("139 1234 0404", PASSWORD)
    power = granted(street, him)
    third = register_person(street.bank, 7)
    street.bank.run(payments.open_wallet, OpenWallet(third.id))
    page = him.go(f"/acting/{power}")
    assert "You act for" in words(page) and street.lin.name in page.text and "900" in words(page)
    to_whom = str(him.send(f"/acting/{power}/payee", phone="138 1234 5607").headers["location"])
    assert "You act for" in words(him.go(to_whom))
    over = him.send(to_whom, amount="200.01")
    assert over.status_code == 422 and "take a smaller amount" in words(over), "the page says what to do"
    shown = him.send(to_whom, amount="150", memo="rice")
    assert "You act for" in words(shown) and "From the wallet of" in words(shown)
    done = him.send(to_whom, amount="150", memo="rice", confirmed="1", seen=seen(shown), key="k")
    assert done.headers["location"] == f"/acting/{power}?done=paid"
    assert street.balance(street.lin) == Money(750_00, "CNY")
    self_paid = him.send(f"/acting/{power}/payee", phone="139 1234 0404").headers["location"]
    assert "pays nothing to himself" in words(him.send(str(self_paid), amount="1"))
    over_day = him.send(to_whom, amount="150.01")
    assert "CNY 150.00 went already" in words(over_day)
    assert "done by" in words(street.her.go("/activity")), "her statement says who acted"
    mine = street.her.go("/acting")
    assert "What others did for me" in words(mine) and "CNY 150.00" in words(mine)
    cookies = [each for each in him.kept() if each["name"] in ("farthing_session", "farthing_form")]
    found = []
    for path in ("/acting", "/acting/new", f"/acting/{power}", to_whom):
        found += faults(browser, street.base, path, "en", widths=(360, 1280), cookies=cookies)
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(360, 1280), cookies=cookies)
    assert not found, found
    assert street.her.send("/acting/ends", power=power).status_code == 303
    ended = him.send(to_whom, amount="1")
    assert ended.status_code == 403 and "was ended" in words(ended)
    assert him.go("/acting/power_none").status_code == 403


def test_each_power_leads_to_its_own_contract(street: Street) -> None:
    until = street.bank.kernel.clock().business_date + timedelta(days=60)
    for key, each in (("p1", "10"), ("p2", "20"), ("p3", "30")):
        asked = street.her.send(
            "/acting/new", helper_name=street.wang.name, helper_phone="139 1234 0404", scope_see="1", most_each=each,
            most_day="40", until=until.isoformat(), key=key,
        )  # fmt: skip
        assert f"CNY {each}.00" in words(street.her.go(str(asked.headers["location"])))
    given = street.bank.kernel.ask(acting.powers_given, street.lin.id, actor=herself(street.lin.id))
    assert [str(each.most_each) for each in given] == ["CNY 30.00", "CNY 20.00", "CNY 10.00"], "the newest first"


def test_a_signatory_with_a_passkey_signs_for_the_organisation(street: Street) -> None:
    bank = street.bank
    firm = bank.run(parties.register_organisation, hospital())
    bank.run(parties.verify_identity, VerifyIdentity(firm.id))
    command = EnterSignatory(firm.id, street.lin.id, "signatory", "minutes", ("sign",))
    two(bank, command, acting.enter_signatory)
    (power,) = bank.kernel.ask(acting.powers_held, street.lin.id, actor=herself(street.lin.id))
    agreement = aside(lambda: bank.run(agreements.draw, DrawAgreement(
        "supply-1", "deposit-supply", (AgreementParty("supplier", firm.id),), SUPPLIED
    )))  # fmt: skip
    at = f"/acting/{power.id}/agreements/{agreement.id}"
    what = {"digest": agreement.document_digest, "role": "supplier", "certificate": "one_time"}
    page = street.her.go(at)
    assert all(f'name="{name}" value="{value}"' in page.text for name, value in what.items())
    refused = street.her.send(at, **what)
    assert refused.status_code >= 400 and "signing.custody_not_admitted" in refused.text
    actor = doors.who_is(bank.kernel, street.her.client.cookies["farthing_session"]).actor
    port = str(street.her.client.base_url).rstrip("/").rpartition(":")[2]
    device = registered(bank, actor, Device(Site(f"http://localhost:{port}", "localhost")))
    page = street.her.send(at, **what)
    assert page.status_code == 200 and "You act for" in words(page) and f'action="{at}"' in page.text
    told = challenged(page.text)
    done = street.her.send(at, **what, assertion=as_text(device.sign(told["challenge_id"], told["challenge"])))
    assert done.headers["location"] == f"/acting/{power.id}?done=decided", words(done)
    signed = bank.read(lambda tx: agreements.agreement(tx, agreement.id))
    assert signed.parties[0].signed


@pytest.mark.long
def test_two_of_the_staff_enter_a_guardian_at_the_counter(bank: Bank, browser: Chromium) -> None:
    city(bank)
    them = family(bank)
    with serving(bank) as base:
        desk, other = at_the_desk(bank, base), at_the_desk(bank, base, "wang")
        form = {
            "act": "guardian", "principal": them.elder, "guardian": them.grandson, "basis": "court",
            "document": "Court of Shanghai, no. 1", "guardian_see": "1", "guardian_pay": "1", "most_each": "100",
            "most_day": "200", "until": (them.today + timedelta(days=30)).isoformat(),
        }  # fmt: skip
        desk.go("/counter/powers")
        wrong = desk.send("/counter/powers", **{**form, "guardian": them.elder})
        assert wrong.status_code == 422 and "Nobody acts for himself" in words(wrong)
        shown = desk.send("/counter/powers", **form)
        for told in ("as guardian", "CNY 100.00", "Court of Shanghai", "Pay to other wallets"):
            assert told in words(shown), told
        done = desk.send("/counter/powers", **form, confirmed="1", seen=seen(shown), key="k")
        assert done.headers["location"].endswith("drafted=1") and them.held(them.grandson) == []
        (draft,) = bank.kernel.ask(approvals.waiting)
        page = other.go(f"/approvals/{draft.approval_id}")
        assert "Enter a guardian" in words(page)
        assert other.agree(f"/approvals/{draft.approval_id}", "yes").status_code == 303
        cookies = [each for each in desk.kept() if each["name"] in ("farthing_session", "farthing_form")]
        found = faults(browser, base, "/counter/powers", "en", widths=(360, 1280), cookies=cookies)
        found += faults(browser, base, "/counter/powers", "zh", widths=(360, 1280), cookies=cookies)
        assert not found, found
    assert [each.state for each in them.held(them.grandson)] == ["in_force"]
