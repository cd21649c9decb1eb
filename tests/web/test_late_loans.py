"""Late loans on pages: a collector is told whom to speak to and why not, a borrower what was said and how to ask for relief."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.kernel import approvals
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import CHANNELS, OUTCOMES, PLANS, AskHardship
from farthing.web.names import NAMES
from tests.doors import served
from tests.identity.people import PASSWORD, enrolled, staff
from tests.lending.collections.test_bank import the_loan, two_days_late
from tests.lending.house import House, opened
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_borrowing import BORROWER
from tests.web.test_entrance import reader, seen, signed_in

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with opened(database_url, two_days_late) as house:
        yield house


@pytest.fixture
def base(house: House) -> Iterator[str]:
    enrolled(house.bank, BORROWER)
    with served(house.bank) as address:
        for name in ("operator", "risk", "auditor", "teller"):
            staff(house.bank, name, name)
        yield address


def test_a_contact_is_written_down_and_read_by_the_borrower_who_asks_for_relief(base: str, house: House) -> None:
    loan = the_loan(house)
    risk, page = reader(base, "risk"), f"/ops/collections/{the_loan(house)}"
    shown = risk.go("/ops/collections").text
    assert house.party.name in shown and page in shown and "/ops/collections" in risk.go("/ops/loans").text
    risk.go(page)
    said = {"channel": "call", "outcome": "reached", "words": "店里停业一周", "at_time": "14:30"}
    night = risk.send(page, **{**said, "at_time": "23:15"}, key="night")
    assert night.status_code == 422 and "店里停业一周" in night.text and "nobody is spoken to" in night.text
    risk.go(page)
    assert risk.send(page, **said, promised="", promised_on="", key="call").headers["location"] == page
    due = str(house.today + timedelta(days=3))
    risk.go(page)
    sent = risk.send(page, **{**said, "outcome": "promised"}, promised="500", promised_on=due, key="promise")
    assert sent.headers["location"] == page
    told = risk.go(page).text
    assert "店里停业一周" in told and "CNY 500.00" in told and "still open" in told
    her = signed_in(base, BORROWER.phone, PASSWORD)
    assert f"/loans/{loan}/relief" in her.go(f"/loans/{loan}").text
    relief = her.go(f"/loans/{loan}/relief").text
    assert "You promised" in relief and "店里停业一周" in relief and "Nobody else is ever" not in relief
    empty = her.send(f"/loans/{loan}/relief", words=" ", key="empty")
    assert empty.status_code in (400, 422)
    asked = her.send(f"/loans/{loan}/relief", words="母亲住院", key="ask")
    assert asked.headers["location"] == f"/loans/{loan}/relief"
    assert "nobody calls you" in her.go(f"/loans/{loan}/relief").text
    assert "waits for an answer" in risk.go("/ops/collections").text and "Write it down" not in risk.go(page).text
    operator = reader(base, "operator")
    assert "母亲住院" in operator.go(page).text and "Answer the borrower" not in operator.go(page).text
    (one,) = house.bank.kernel.ask(collections.open_hardships)
    until = str(house.today + timedelta(days=60))
    risk.go(page)
    given = {"hardship_id": one.id, "granted": "1", "plan": "pause", "answer": "两个月不用还"}
    assert risk.send(page, **given, until_on="", key="no day").status_code == 422
    risk.go(page)
    assert risk.send(page, **given, until_on=until, key="yes").headers["location"] == page
    answered = her.go(f"/loans/{loan}/relief").text
    assert "Relief was granted" in answered and "两个月不用还" in answered and "Instalments pause" in answered
    assert signed_in(base, BORROWER.phone, PASSWORD, language="zh").go(f"/loans/{loan}/relief").text.count("暂停分期")


def test_a_plan_is_shown_asked_for_and_done_to_the_loan_once_another_agrees(base: str, house: House) -> None:
    loan, bank = the_loan(house), house.bank
    asked = bank.run(collections.ask_hardship, AskHardship(loan, "母亲住院"))
    staff(bank, "second", "risk", person="Wang.Fang")
    risk, here = reader(base, "risk"), f"/ops/collections/{loan}/plans/{asked.id}"
    assert here in risk.go(f"/ops/collections/{loan}").text and "母亲住院" in risk.go(here).text
    until = str(house.today + timedelta(days=40))
    typed = {
        "annual": "6",
        "how": "add_instalments",
        "count": "2",
        "until_on": until,
        "words": "hospital",
        "answer": "慢慢还",
    }
    wrong = risk.send(here, **{**typed, "annual": "60"}, key="k")
    assert wrong.status_code == 422 and 'value="60"' in wrong.text and "lending.rate_raised" in wrong.text
    nothing = risk.send(here, until_on=until, words="hospital", answer="x", key="k")
    assert nothing.status_code == 422 and "lending.relief_empty" in nothing.text
    shown = risk.send(here, **typed, key="k")
    assert "What it would come to" in shown.text and "Instalments that change" in shown.text
    waits = risk.send(here, **typed, key="k", confirmed="1", seen=seen(shown))
    assert (
        waits.headers["location"].endswith("drafted=true")
        and "second person" in risk.go(waits.headers["location"]).text
    )
    (draft,) = bank.kernel.ask(approvals.waiting)
    other, page = reader(base, "second"), f"/approvals/{draft.approval_id}"
    assert "What it would come to" in other.go(page).text
    assert other.agree(page, "yes").status_code == 303
    told = risk.go(f"/ops/loans/{loan}/story").text
    assert told.count("Of a plan of relief") == 2 and "followed so far" in told
    her = signed_in(base, BORROWER.phone, PASSWORD).go(f"/loans/{loan}/relief").text
    assert "慢慢还" in her and "followed so far" in her
    for who in ("operator", "auditor", "teller"):
        assert reader(base, who).go(here).status_code == 403


def test_who_reads_and_who_speaks(base: str, house: House) -> None:
    page = f"/ops/collections/{the_loan(house)}"
    assert "Write it down" not in reader(base, "auditor").go(page).text
    for path in ("/ops/collections", page):
        assert reader(base, "teller").go(path).status_code == 403


def test_every_word_of_collections_has_its_name() -> None:
    for table, words in (("contact_channel", CHANNELS), ("contact_outcome", OUTCOMES), ("relief_plan", PLANS)):
        assert tuple(NAMES[table]) == words


@pytest.mark.long
def test_these_pages_hold_in_chromium(base: str, house: House, browser: Chromium) -> None:
    loan = the_loan(house)
    risk = reader(base, "risk")
    page = f"/ops/collections/{loan}"
    risk.go(page)
    risk.send(page, channel="call", outcome="no_answer", words="rings", at_time="10:00", key="one")
    her = signed_in(base, BORROWER.phone, PASSWORD)
    her.go(f"/loans/{loan}/relief")
    found = []
    for path in ("/ops/collections", page):
        found += faults(browser, base, path, "en", widths=(360, 1280), cookies=risk.kept())
        found += faults(browser, base, path, "zh", "dark", True, widths=(1280,), cookies=risk.kept())
    found += faults(browser, base, f"/loans/{loan}/relief", "en", widths=(360,), cookies=her.kept())
    found += faults(browser, base, f"/loans/{loan}/relief", "zh", "dark", True, widths=(320,), cookies=her.kept())
    assert found == []
