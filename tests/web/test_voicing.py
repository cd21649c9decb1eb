"""A customer complains on her page, staff owns, classes, redresses and answers it on theirs, she asks once more: on pages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.voice.cases import reading_service as reading
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import city
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_counter import at_the_desk, known, seen_by
from tests.web.test_paying import Street, street
from tests.web.test_proof_more import signed_in
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "street")


@pytest.mark.long
def test_complained_owned_answered_redressed_and_asked_once_more(street: Street, browser: Chromium) -> None:
    assert "Complaints, praise and ideas" in words(street.her.go("/me"))
    assert "You said nothing yet" in words(street.her.go("/voice"))
    empty = street.her.send("/voice", kind="complaint", words=" ", remedy="", key="n")
    assert empty.status_code == 422 and "in your own words" in empty.text
    said = street.her.send(
        "/voice", kind="complaint", words="a penalty nobody explained", remedy="give it back", key="v"
    )
    place = str(said.headers["location"])
    page = words(street.her.go(place))
    number = re.findall(r"Complaint ([0-9A-Z]{8})", page)[0]
    assert "a penalty nobody explained" in page and "Answer by" in page and "Withdraw it" in page
    street.her.send(place, act="add", words="I am seventy", key="a")
    staff = signed_in(street.base, street.bank, "operator")
    listed = words(staff.go("/ops/voice"))
    assert number in listed and "nobody's yet" in listed
    assert "to be answered" in words(staff.go("/ops"))
    case = f"/ops{place}"
    assert "give it back" in words(staff.go(case)) and "I am seventy" in words(staff.go(case))
    staff.send(case, act="assign", login="", key="t")
    staff.send(case, act="classify", channel="A11", product="B11", cause="C15", severity="2", key="c")
    staff.send(case, act="redress", amount="1", reason="the penalty", key="r")
    large = staff.send(case, act="redress", amount="9000", reason="too much", key="l")
    assert large.headers["location"] == f"{case}?drafted=1"
    found = eyes(street, browser, staff, place, case)
    assert not found, found
    done = staff.send(case, act="answer", outcome="rejected", words="the terms say so", key="w")
    assert done.headers["location"] == case
    page = words(street.her.go(place))
    assert "the terms say so" in page and "If you do not agree" in page and "Paid into your wallet" in page
    street.her.send(place, act="rate", rating="2", words="", key="s")
    street.her.send(place, act="appeal", words="it does not say why", key="p")
    assert "being looked into by another person" in words(street.her.go(place))
    refused = staff.send(case, act="assign", login="", key="u")
    assert refused.status_code == 422 and "does not answer again" in refused.text
    took = staff.send(
        "/ops/voice", channel="phone", kind="idea", name="Mrs Chen", phone="", words="a gentler term", remedy="", about="",
        key="k",
    )  # fmt: skip
    assert "Mrs Chen" in words(staff.go(str(took.headers["location"])))


def eyes(street: Street, browser: Chromium, staff: object, place: str, case: str) -> list[str]:
    mine = street.cookies()
    theirs = [each for each in staff.kept() if each["name"].startswith("farthing_")]  # type: ignore[attr-defined]
    found = faults(browser, street.base, "/voice", "zh", widths=(360, 1280), cookies=mine)
    found += faults(browser, street.base, place, "en", "dark", True, widths=(320, 1280), cookies=mine)
    found += faults(browser, street.base, "/ops/voice", "en", widths=(360, 1280), cookies=theirs)
    return found + faults(browser, street.base, case, "zh", widths=(360, 1280), cookies=theirs)


@pytest.mark.long
def test_a_teller_takes_down_what_a_customer_says_who_is_there(bank: Bank) -> None:
    city(bank)
    with serving(bank) as base:
        party = known(bank)
        desk = at_the_desk(bank, base)
        place = f"/counter/customers/{party.id}/voice"
        assert "Not proved to be here" in desk.go(place).text
        away = desk.send(place, kind="complaint", words="the queue", remedy="", key="a")
        assert "kernel.customer_not_there" in away.text
        seen_by(bank, party.id)
        desk.send(place, kind="complaint", words="the queue", remedy="a chair", key="b")
        page = words(desk.go(place))
        assert "we answer by" in page and "Complaint" in page
        assert bank.read(lambda tx: reading.own(tx, party.id))[0].lines[0].channel == "counter"
