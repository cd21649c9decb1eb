"""A loan's life on pages: an officer reads its story and sees what an act would come to before asking; a borrower sees what
paying more would do, chooses, and what being late costs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import get_args

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.bank.founding import agreed
from farthing.kernel.whose import STAFF
from farthing.kit.errors import CODES
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Charge, GiveUp, Recover, Waive
from farthing.lending.acts.table_service import ACTS
from farthing.lending.life import GIVES_BACK
from farthing.lending.lives.events import Do
from farthing.lending.lives.names import EVENTS
from farthing.lending.model import Repay
from tests.doors import served
from tests.identity.people import PASSWORD, enrolled, staff
from tests.lending.backing.friends import empty, rich
from tests.lending.house import House, opened, yuan
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_borrowing import BORROWER
from tests.web.test_entrance import reader, seen, signed_in

__all__ = ["browser", "pytestmark"]


def lent(house: House) -> str:
    """A loan that is ten days late, of which a fee was charged and half of it forgiven."""
    loan = house.active("6000")
    empty(house, house.party)
    house.wait(loan.instalments[0].due_on + timedelta(days=10))
    agreed(house.bank.kernel, acts.charge, Charge(loan.id, "fee", yuan("30"), "letters by hand"))
    agreed(house.bank.kernel, acts.waive, Waive(loan.id, "fee", yuan("15"), "half of it was ours"))
    return loan.id


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with opened(database_url, lent) as house:
        yield house


@pytest.fixture
def base(house: House) -> Iterator[str]:
    enrolled(house.bank, BORROWER)
    with served(house.bank) as address:
        for name in ("operator", "risk", "auditor", "teller"):
            staff(house.bank, name, name)
        yield address


def test_the_story_says_what_each_event_moved_and_who_may_do_what(base: str, house: House) -> None:
    here = f"/ops/loans/{house.made}"
    told = reader(base, "risk").go(f"{here}/story").text
    assert "letters by hand" in told and "half of it was ours" in told and "forgiven 15.00" in told
    assert "Why each figure is what it is" in told and f"{here}/acts/write-off" in told
    auditor = reader(base, "auditor")
    assert "letters by hand" in auditor.go(f"{here}/story").text and "/acts/" not in auditor.go(f"{here}/story").text
    assert (
        auditor.go(f"{here}/acts/waive").status_code == 403
        and reader(base, "teller").go(f"{here}/story").status_code == 403
    )


def test_an_act_is_shown_before_it_is_asked_for_and_a_refused_form_keeps_what_was_typed(
    base: str, house: House
) -> None:
    risk, here = reader(base, "risk"), f"/ops/loans/{house.made}/acts"
    risk.go(f"{here}/waive")
    asked = {"component": "fee", "amount": "15", "words": "all of it was ours", "key": "k"}
    much = risk.send(f"{here}/waive", **{**asked, "amount": "90"})
    assert much.status_code == 422 and 'value="90"' in much.text and "all of it was ours" in much.text
    before = house.loan(house.made)
    shown = risk.send(f"{here}/waive", **asked)
    assert "What it would come to" in shown.text
    assert "forgiven 15.00" in shown.text, "it says what it moves"
    assert house.loan(house.made) == before, "what is only shown is not done"
    drafted = risk.send(f"{here}/waive", **asked, confirmed="1", seen=seen(shown))
    assert drafted.headers["location"] == f"/ops/loans/{house.made}/story?drafted=true"
    assert house.loan(house.made) == before
    lower = risk.send(f"{here}/rate", annual="8", words="agreed", key="r")
    assert lower.status_code == 200 and "Interest, fees and penalties in all" in lower.text
    higher = risk.send(f"{here}/rate", annual="20%", words="agreed", key="r")
    assert higher.status_code == 422 and 'id="f-annual-wrong"' in higher.text
    gone = risk.send(f"{here}/write-off", words="the shop burned down", key="w")
    assert "What would be posted" in gone.text and "expenses:" in gone.text
    assert risk.go(f"{here}/nothing").status_code == 404
    late = {"component": "penalty", "amount": "5", "words": "a visit", "due_on": "9999-12-31", "key": "c"}
    beyond = risk.send(f"{here}/charge", **late)
    assert beyond.status_code == 422 and 'value="9999-12-31"' in beyond.text


def test_a_loan_that_was_written_off_shows_what_may_still_be_recovered(base: str, house: House) -> None:
    agreed(house.bank.kernel, acts.write_off, GiveUp(house.made, "nothing more is to be had"))
    rich(house, house.party)
    house.bank.run(acts.recover, Recover(house.made, yuan("150")))
    gone = house.bank.read(lambda tx: acts.recoverable(tx, house.made))
    told = reader(base, "risk").go(f"/ops/loans/{house.made}").text
    assert "Recovered since" in told and "150.00" in told and f"{gone.left.minor / 100:,.2f}" in told
    risk, story = reader(base, "risk"), f"/ops/loans/{house.made}"
    listed = risk.go("/ops/loans").text
    assert "Written off" in listed and "Repaid</span>" not in listed
    assert "Written off" in risk.go("/ops/loans.csv").text
    assert f"{story}/acts/take-recovery" in risk.go(f"{story}/story").text and f"{story}/acts/take-recovery" in told
    tried = risk.send(f"{story}/acts/take-recovery", amount="20", words="a collector's remittance", key="t")
    assert "What would be posted" in tried.text and "income:recoveries" in tried.text and "20.00" in tried.text
    asked = {"amount": "20", "words": "a collector's remittance", "key": "t"}
    waits = risk.send(f"{story}/acts/take-recovery", **asked, confirmed="1", seen=seen(tried))
    assert waits.headers["location"].endswith("drafted=true")
    assert house.bank.read(lambda tx: acts.recoverable(tx, house.made)).recovered == yuan("150"), "it waits for another"
    much = risk.send(f"{story}/acts/take-recovery", **{**asked, "amount": "90000"})
    assert much.status_code == 422 and "lending.more_than_open" in much.text
    chinese = reader(base, "risk", language="zh").go(f"{story}/acts/take-recovery").text
    assert "登记核销收回" in chinese
    her, here = signed_in(base, BORROWER.phone, PASSWORD), f"/loans/{house.made}"
    shown = her.go(here).text
    assert "Written off" in shown and "Repaid" not in shown and "May still be paid" in shown
    review = her.send(here, recover="1", amount="80.00", key="r")
    assert "Pay what was written off" in review.text and "80.00" in review.text
    paid = her.send(here, recover="1", amount="80.00", key="r", confirmed="1", seen=seen(review))
    assert paid.status_code == 303
    assert house.bank.read(lambda tx: acts.recoverable(tx, house.made)).recovered == yuan("230")
    assert "Repaid" not in told and "0 of 6 instalments paid" in told


def test_every_act_has_a_form_that_opens(base: str, house: House) -> None:
    risk = reader(base, "risk")
    for act, known in ACTS.items():
        if known.operation.whose is not STAFF:
            assert risk.go(f"/ops/loans/{house.made}/acts/{act}").status_code == 404, "the borrower's own"
            continue
        page = risk.go(f"/ops/loans/{house.made}/acts/{act}")
        assert page.status_code == 200 and 'name="words"' in page.text, act
    assert set(EVENTS) == {*get_args(Do), GIVES_BACK}


def test_what_is_late_is_spread_only_where_something_is_late(base: str, house: House) -> None:
    risk, here, offered = reader(base, "risk"), f"/ops/loans/{house.made}/acts/reschedule", 'value="re_amortise"'
    assert offered in risk.go(here).text
    rich(house, house.party)
    due, _, days_late = house.bank.read(lambda tx: lending.owed(tx, house.made))
    assert days_late == 10
    house.bank.run(lending.repay, Repay(house.made, due))
    assert offered not in risk.go(here).text and 'value="add_instalments"' in risk.go(here).text


def test_an_act_that_there_is_not_is_refused(base: str, house: House) -> None:
    page = reader(base, "risk").go(f"/ops/loans/{house.made}/acts/forget")
    assert page.status_code == 404 and CODES["web.unknown_act"].kind.status == 404
    assert "There is no act 'forget' on a loan." in unescape(page.text)


def test_a_borrower_sees_what_paying_more_would_do_chooses_and_repays(base: str, house: House) -> None:
    her, here = signed_in(base, BORROWER.phone, PASSWORD), f"/loans/{house.made}/ahead"
    rich(house, house.party, "5000")
    assert here in her.go(f"/loans/{house.made}").text
    assert "What being late costs" in her.go(here).text
    wrong = her.go(f"{here}?amount=much")
    assert wrong.status_code == 422 and 'value="much"' in wrong.text
    shown = her.go(f"{here}?amount=4,000").text
    assert "The loan ends earlier" in shown and "The payments are smaller" in shown and "You save" in shown
    assert "loan_" not in re.sub(r'(?:href|action|value)="[^"]*"', "", shown)
    chosen = her.send(here, surplus="shorter", amount="4000.00", key="s")
    assert chosen.headers["location"] == f"{here}?amount=4000.00&chosen=shorter"
    assert "loan end earlier" in her.go(chosen.headers["location"]).text
    before = len(house.loan(house.made).instalments)
    review = her.send(f"/loans/{house.made}", amount="4000.00", key="p")
    paid = her.send(f"/loans/{house.made}", amount="4000.00", key="p", confirmed="1", seen=seen(review))
    assert paid.status_code == 303
    left = [each for each in house.loan(house.made).instalments if each.left]
    assert len(left) < before - 1
    assert "pays the whole loan off" in her.go(f"{here}?amount=90000").text


@pytest.mark.long
def test_these_pages_hold_in_chromium(base: str, house: House, browser: Chromium) -> None:
    risk, her = reader(base, "risk"), signed_in(base, BORROWER.phone, PASSWORD)
    found = []
    for path in (f"/ops/loans/{house.made}/story", f"/ops/loans/{house.made}/acts/reschedule"):
        found += faults(browser, base, path, "en", widths=(360, 1280), cookies=risk.kept())
        found += faults(browser, base, path, "zh", widths=(360, 1280), cookies=risk.kept())
    ahead = f"/loans/{house.made}/ahead?amount=4000"
    found += faults(browser, base, ahead, "en", widths=(360, 1280), cookies=her.kept())
    found += faults(browser, base, ahead, "zh", "dark", True, widths=(320,), cookies=her.kept())
    found += faults(browser, base, ahead, "zh", widths=(360,), cookies=her.kept())
    assert found == []
