"""The counter: a walk-in is found and proved, a drawer opened, cash moved, a deposit served; nothing twice, nothing typed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from farthing.identity.rules import actor_of
from farthing.kernel import approvals, attendance
from farthing.kit.actor import SYSTEM
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.parties.showing import service as showing
from farthing.parties.showing.model import ShowCode
from farthing.payments import service as payments
from farthing.payments.tills import service as tills
from farthing.payments.tills.model import SetUpTill
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import AgreementParty, DrawAgreement
from farthing.signing.custody import service as custody
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import city
from tests.identity.people import PASSWORD, Person, codes, staff
from tests.parties.people import register_person
from tests.payments.customers import customer
from tests.payments.drawers import drawer
from tests.signing.agreements.desk import FIELDS
from tests.web.eyes import browser, faults, pytestmark  # noqa: F401 - fixtures
from tests.web.test_entrance import Browser, reader, seen
from tests.web.test_saving import words


def at_the_desk(bank: Bank, base: str, name: str = "li", language: str = "en") -> Browser:
    """A teller who has signed in."""
    staff(bank, name, "teller")
    desk = Browser(base, language)
    desk.sign_in(name, PASSWORD)
    return desk


def known(bank: Bank, money: int = 3_000_00) -> Any:
    """A customer with a login, proved, with money in the wallet."""
    return customer(bank, money)


def seen_by(bank: Bank, party_id: str, name: str = "li") -> None:
    """The customer is there before a teller."""
    who = actor_of(f"teller:{name}", "teller", None)
    bank.kernel.tidy(lambda tx: attendance.record(replace(tx, actor=who), party_id, "code"))


def wallet(bank: Bank, party_id: str) -> int:
    return int(bank.read(lambda tx: payments.wallet(tx, party_id)).balance.minor)


def test_a_customer_is_found_by_card_phone_and_shown_code_and_proves_to_be_there(bank: Bank) -> None:
    city(bank)
    with serving(bank) as base:
        party = known(bank)
        desk = at_the_desk(bank, base)
        here = f"/counter/customers/{party.id}"
        shown = bank.run(showing.show_code, ShowCode(party.id)).code
        for typed in (party.number, "138 1234 5678", shown):
            desk.go("/counter")
            assert desk.send("/counter", q=typed).headers["location"] == here, typed
        missed = desk.send("/counter", q="139 9999 9999")
        assert missed.status_code in (404, 422) and 'value="139 9999 9999"' in missed.text
        assert "parties.shown_code_unknown" in desk.send("/counter", q="0000 0000").text
        page = desk.go(here).text
        assert "Not proved to be here" in page and party.name not in page and party.phone not in page
        proof = desk.send(f"{here}/presence", step="ask").headers["location"].rpartition("proof=")[2]
        wrong = desk.send(f"{here}/presence", step="code", proof=proof, code="000000")
        assert "identity.code_wrong" in wrong.text
        desk.send(f"{here}/presence", step="code", proof=proof, code=codes(bank, party.phone)[-1])
        page = desk.go(here).text
        assert f"You act for <bdi>{party.name}</bdi>" in page and "by a code to the phone on file" in page
        attended = re.findall("attendance_[0-9a-z]{26}", page)[0]
        desk.send(f"{here}/presence", step="leave", attendance=attended)
        assert "Not proved to be here" in desk.go(here).text


def test_a_walk_in_is_registered_and_seen_by_two(bank: Bank) -> None:
    city(bank)
    with serving(bank) as base:
        desk, other = at_the_desk(bank, base), at_the_desk(bank, base, "wu")
        desk.go("/counter/new")
        walk_in = {"name": "林美", "resident_id": Person().number, "phone": "138 1234 5678"}
        bad = desk.send("/counter/new", **{**walk_in, "resident_id": "1"})
        assert bad.status_code == 422 and 'value="138 1234 5678"' in bad.text
        here = desk.send("/counter/new", **walk_in).headers["location"]
        desk.go(here)
        seen = {"step": "document", "number": Person().number, "statement": "identity card"}
        assert desk.send(f"{here}/presence", **seen).status_code == 303
        assert "Not proved to be here" in desk.go(here).text
        (waits,) = set(re.findall("attendance_[0-9a-z]{26}", other.go("/counter").text))
        other.send("/counter/witness", attendance=waits, statement="it is the same person")
        assert "seen by a second member of staff" in desk.go(here).text


def test_cash_moves_only_with_a_drawer_and_a_button_pressed_twice_moves_it_once(bank: Bank) -> None:
    city(bank)
    with serving(bank) as base:
        party = known(bank)
        desk = at_the_desk(bank, base)
        seen_by(bank, party.id)
        here = f"/counter/customers/{party.id}"
        assert "No drawer open" in desk.go(f"{here}/cash?way=in").text
        refused = desk.send(f"{here}/cash", way="in", amount="200", key="k")
        assert refused.status_code == 409 and "payments.no_drawer" in refused.text and 'value="200"' in refused.text
        bank.run(tills.set_up_till, SetUpTill("east-1"))
        desk.go("/counter/drawer")
        assert 'value="east-1"' in desk.go("/counter/drawer").text
        assert desk.send("/counter/drawer", step="open", till="east-1", n10000="0", key="o").status_code == 303
        assert desk.send("/counter/drawer", step="open", till="east-1", n10000="0", key="o").status_code == 303
        assert "Drawer</a>" in desk.go("/counter").text or "Drawer east-1" in desk.go("/counter").text
        paid = {"way": "in", "amount": "200", "key": "k"}
        review = desk.send(f"{here}/cash", **paid).text
        assert "two hundred" in review.lower() and "east-1" not in review and "teller" not in review
        for _ in range(2):
            assert desk.confirm(f"{here}/cash", **paid).headers["location"] == f"{here}/slip"
        assert wallet(bank, party.id) == 3_200_00
        slip = desk.go(f"{here}/slip").text
        assert "Cash paid in" in slip and "200.00" in slip and party.name not in slip.partition('class="slip')[2]
        assert "CNY 200.00" in desk.go("/counter").text, "the drawer is in sight"
        short = desk.send(f"{here}/cash", way="out", amount="300", key="s")
        assert "ledger.insufficient_funds" in short.text
        desk.confirm(f"{here}/cash", way="out", amount="50", key="out")
        assert wallet(bank, party.id) == 3_150_00
        desk.go("/counter/drawer")
        wrong = desk.send("/counter/drawer", step="close", n10000="1", key="c")
        assert "payments.drawer_differs" in wrong.text and 'name="n10000"' in wrong.text
        desk.confirm("/counter/drawer", step="count", n10000="1", n2000="2", key="c2")
        page = desk.go("/counter/drawer").text
        assert "no cash moves until this is settled" in page
        asked = {"step": "difference", "till": "east-1", "books": "150", "counted": "140", "note": "counted twice"}
        assert desk.send("/counter/drawer", **asked, key="d").headers["location"].endswith("waits=true")
        assert "waits for a second person" in desk.go("/counter").text
        desk.send("/counter/drawer", step="count", n10000="1", n5000="1", key="c3")
        closed = desk.confirm("/counter/drawer", step="close", n10000="1", n5000="1", key="c4")
        assert closed.status_code == 303
        assert "No drawer open" in desk.go("/counter").text


def test_a_drawer_that_was_left_open_is_asked_to_be_closed_and_the_second_reads_the_count(bank: Bank) -> None:
    city(bank)
    drawer(bank, actor_of("teller:gone", "teller", None), "east-1", cash=Money.parse("120", "CNY"))
    staff(bank, "head", "operator")
    with serving(bank) as base:
        head = reader(base, "head")
        assert "A drawer that its login left open" in head.go("/counter/drawer").text
        left = {"step": "left", "left": "east-1", "n10000": "1", "key": "l"}
        wordless = head.send("/counter/drawer", **left, note=" ")
        assert wordless.status_code == 422 and "payments.drawer_left_wordless" in wordless.text
        assert 'value="1"' in wordless.text
        asked = head.send("/counter/drawer", **left, note="fell ill")
        assert asked.headers["location"].endswith("waits=true")
        (draft,) = re.findall(r'href="(/approvals/[^"]+)"', reader(base, "head").go("/approvals").text)
        told = words(head.go(draft))
        for each in ("east-1", "CNY 120.00", "CNY 100.00 × 1", "fell ill"):
            assert each in told, each
        desk = at_the_desk(bank, base)
        desk.go("/counter/drawer")
        for press in ("a teller's", "once more"):
            refused = desk.send("/counter/drawer", **{**left, "key": press}, note="I was there")
            assert refused.status_code == 403 and "kernel.forbidden" in refused.text, (
                "no teller closes a colleague's drawer"
            )
        staff(bank, "chief", "operator")
        assert reader(base, "chief").agree(draft, key="a").status_code == 303
        for key in ("another press", "l"):
            stale = head.send("/counter/drawer", **{**left, "key": key}, note="fell ill")
            assert stale.status_code >= 400 and "payments.drawer_not_left" in stale.text, (
                "the page of before it was closed"
            )
        with bank.superuser() as connection:
            kept = connection.execute(
                "SELECT count(*) FROM approval WHERE operation = 'payments.close_left_drawer'"
            ).fetchone()
        assert kept == (1,), "and nothing more waits"


def test_no_drawer_is_opened_uncounted_and_a_count_that_differs_is_asked_once_more(bank: Bank) -> None:
    city(bank)
    with serving(bank) as base:
        desk = at_the_desk(bank, base)
        for till in ("east-1", "east-2"):
            bank.run(tills.set_up_till, SetUpTill(till))
        assert "checked" not in desk.go("/counter/drawer").text.partition("<main")[2], "nobody chose a till"
        for typed, code in (
            ({"till": "east-1"}, "web.nothing_counted"),
            ({"till": "east-1", "n10000": "  "}, "web.nothing_counted"),
            ({"n10000": "1"}, "web.till_missing"),
            ({"till": "east-1", "n2000": "two"}, "web.not_a_count"),
        ):
            refused = desk.send("/counter/drawer", step="open", key="e", **typed)
            assert refused.status_code == 422 and code in refused.text and "-wrong" in refused.text, typed
        assert 'id="f-n2000-wrong"' in refused.text and 'id="f-n10000-wrong"' not in refused.text
        asked = desk.send("/counter/drawer", step="open", till="east-1", n10000="1", key="o")
        assert asked.status_code == 200 and "Is this count right?" in asked.text and "+CNY 100.00" in asked.text
        assert not any(each.drawer for each in bank.kernel.ask(tills.tills, actor=SYSTEM)), "only shown"
        again = {"confirmed": "1", "seen": seen(asked)}
        opened = desk.send("/counter/drawer", step="open", till="east-1", n10000="1", key="o", **again)
        assert opened.status_code == 303 and "Count differs" in desk.go("/counter").text
        assert desk.send("/counter/drawer", step="count", key="n").status_code == 422
        assert desk.send("/counter/drawer", step="count", n10000="0", key="n").status_code == 303
        leaving = desk.send("/counter/drawer", step="close", n10000="0", key="l")
        assert "Leave the drawer?" in leaving.text and "Drawer east-1" in desk.go("/counter").text
        assert desk.confirm("/counter/drawer", step="close", n10000="0", key="l").status_code == 303
        assert "No drawer open" in desk.go("/counter").text


def test_a_deposit_asks_only_what_its_product_needs(bank: Bank) -> None:
    city(bank)
    with serving(bank) as base:
        party = known(bank)
        desk = at_the_desk(bank, base)
        seen_by(bank, party.id)
        drawer(bank, actor_of("teller:li", "teller", None), "east-1")
        here = f"/counter/customers/{party.id}/open"
        assert "Which product?" in desk.go(here).text
        assert 'name="term"' not in desk.go(f"{here}?product=savings-demand").text
        form = desk.go(f"{here}?product=savings-lump-sum").text
        assert 'name="term"' in form and 'name="notice"' not in form
        opened = {"product": "savings-lump-sum", "amount": "8,000", "term": "1y", "renewal": "none", "key": "o"}
        low = desk.send(here, **{**opened, "amount": "1"})
        assert "savings.below_minimum" in low.text and 'value="1"' in low.text
        at = desk.confirm(here, **opened).headers["location"]
        assert "8,000.00" in desk.go(at).text
        desk.go(here)
        demand = desk.confirm(here, product="savings-demand", amount="500", key="p").headers["location"]
        desk.go(demand)
        assert desk.confirm(demand, step="withdraw", amount="100", key="w").headers["location"] == demand
        assert "400.00" in desk.go(demand).text and "100.00" in desk.go(f"{demand}/slip").text
        assert desk.client.get(f"{demand}/statement.pdf").content.startswith(b"%PDF-")
        assert "2 lines wait" in desk.go(f"{demand}/passbook").text
        assert desk.send(f"{demand}/passbook", key="b").headers["location"] == f"{demand}/passbook"
        page = desk.go(f"{demand}/passbook")
        assert (
            "Every line is in it" in page.text and page.text.count("<tr><td>2026-") == 2 and "\u2212100.00" in page.text
        )
        assert "savings.passbook_up_to_date" in desk.send(f"{demand}/passbook", key="c").text
        assert desk.send(f"{demand}/passbook", key="d", new_book="1").status_code == 303
        assert "Carried over" in desk.go(f"{demand}/passbook").text
        assert "web.unknown_step" in desk.send(demand, step="dance").text
        assert "8,400.00" in desk.go("/counter").text


def test_cash_is_handed_from_the_vault_and_between_tellers(bank: Bank) -> None:
    city(bank)
    with serving(bank) as base:
        desk, other = at_the_desk(bank, base), at_the_desk(bank, base, "wu")
        drawer(bank, actor_of("teller:li", "teller", None), "east-1", cash=Money(500_00, "CNY"))
        drawer(bank, actor_of("teller:wu", "teller", None), "east-2")
        desk.go("/counter/drawer")
        given = {"step": "give", "to": "east-2", "n10000": "2", "key": "g"}
        assert desk.send("/counter/drawer/handovers", **given).status_code == 303
        much = desk.send("/counter/drawer/handovers", **{**given, "n10000": "9", "key": "m"})
        assert "payments.not_in_drawer" in much.text
        (waits,) = set(re.findall("handover_[0-9a-z]{26}", other.go("/counter/drawer").text))
        for _ in range(2):
            taken = other.send("/counter/drawer/handovers", step="take", handover=waits, key="t")
            assert taken.status_code == 303
        assert "CNY 200.00" in other.go("/counter").text and "CNY 300.00" in desk.go("/counter").text


def test_a_customer_and_a_stranger_see_no_counter(bank: Bank) -> None:
    city(bank)
    with serving(bank) as base:
        party = known(bank)
        customer = Browser(base)
        customer.sign_in(party.phone, PASSWORD)
        for path in ("/counter", "/counter/new", "/counter/drawer", f"/counter/customers/{party.id}"):
            assert customer.go(path).status_code == Browser(base).go(path).status_code == 403, path


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "theme", "care", "width"), [("en", "light", False, 360), ("zh", "dark", True, 1280)]
)
def test_every_page_of_the_counter_can_be_read(
    bank: Bank,
    browser: Any,  # noqa: F811
    language: str,
    theme: str,
    care: bool,
    width: int,
) -> None:
    city(bank)
    with serving(bank) as base:
        party = known(bank)
        desk = at_the_desk(bank, base)
        seen_by(bank, party.id)
        drawer(bank, actor_of("teller:li", "teller", None), "east-1", cash=Money(500_00, "CNY"))
        here = f"/counter/customers/{party.id}"
        desk.go(f"{here}/open")
        at = desk.confirm(f"{here}/open", product="savings-demand", amount="500", key="p").headers["location"]
        desk.go(f"{here}/cash")
        desk.confirm(f"{here}/cash", way="in", amount="20", key="k")
        desk.send(f"{at}/passbook", key="b")
        cookies = desk.kept()
        paths = (
            "/counter", "/counter/new", "/counter/drawer", here, f"{here}/cash?way=out", f"{here}/open",
            f"{here}/open?product=savings-lump-sum", f"{here}/apply", f"{here}/repay", f"{here}/slip", at, f"{at}/slip",
            f"{at}/passbook",
        )  # fmt: skip
        found = [
            fault
            for path in paths
            if language == "en" or not path.endswith("/slip")  # the name of the institution has ASCII brackets
            for fault in faults(browser, base, path, language, theme, care, (width,), cookies, axe=width == 360)
        ]
        assert not found, "\n".join(found)


@pytest.mark.long
def test_an_agreement_is_signed_at_the_counter_on_the_word_of_two(bank: Bank) -> None:
    city(bank)
    with serving(bank) as base:
        party, other = known(bank), register_person(bank, 9)
        bank.run(parties.verify_identity, VerifyIdentity(other.id))
        both = (AgreementParty("principal", party.id), AgreementParty("helper", other.id))
        agreement = bank.run(agreements.draw, DrawAgreement("a1", "power-of-attorney", both, FIELDS))
        desk, second = at_the_desk(bank, base), at_the_desk(bank, base, "wu")
        here = f"/counter/customers/{party.id}/agreements"
        assert agreement.document_digest not in desk.go(here).text, "nothing of hers before she is there"
        seen_by(bank, party.id)
        page = words(desk.go(here))
        assert "CNY 500.00" in page and agreement.document_digest in page and "read it out" in page
        assert desk.go(f"{here}/{agreement.id}/document.pdf").content.startswith(b"%PDF")
        sent = desk.send(here, agreement_id=agreement.id, digest=agreement.document_digest)
        assert sent.headers["location"].endswith("waits=1"), sent.text
        (draft,) = bank.kernel.ask(approvals.waiting)
        assert agreement.document_digest in second.go(f"/approvals/{draft.approval_id}").text
        done = second.agree(f"/approvals/{draft.approval_id}", "yes")
        assert done.status_code == 303, words(done)
        held = bank.read(lambda tx: custody.told(tx, agreement.id))
        assert [each.custody for each in held] == ["seal", "counter"]
        assert "No agreement waits" in words(desk.go(here))
