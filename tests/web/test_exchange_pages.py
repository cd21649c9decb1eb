"""A person at a node's pages: begins by her code, reads her report, keeps its file, sees who asked, disputes, takes back."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import get_args

import pytest
import uvicorn
from playwright.sync_api import Browser as Chromium

from farthing.exchange.consents.model import Happened
from farthing.exchange.disputing.model import Grounds, NoticeState, Outcome
from farthing.exchange.furnish.model import ROLES
from farthing.exchange.node_service import Node
from farthing.exchange.own import file
from farthing.exchange.own.file import FileStatus
from farthing.exchange.persons.service import Level
from farthing.kernel.settings import Settings
from farthing.server import exchange_application
from farthing.web.names import NAMES
from tests.banks import Shelf
from tests.conftest import DAY
from tests.exchange.furnished import furnished
from tests.exchange.nodes import BANK, LENDER, joined, node_over
from tests.exchange.persons import Person
from tests.exchange.rows import resident
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark")

PHONE, PASSWORD = "+8613800138077", "one long enough for a person"
PAGES = ("/report", "/seen", "/consents", "/disputes", "/me")


@contextmanager
def served(node: Node) -> Iterator[str]:
    """The door of a node, on a real port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(exchange_application(node, Settings(port=port)), port=port, log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


def test_every_code_of_a_node_is_called_something() -> None:
    tables = (
        ("exchange_grounds", Grounds), ("exchange_outcome", Outcome), ("exchange_reached", NoticeState),
        ("exchange_event", Happened),
    )  # fmt: skip
    for kind, told in tables:
        assert set(NAMES[kind]) == set(get_args(told)), kind
    assert set(NAMES["exchange_role"]) == set(ROLES)
    assert set(NAMES["exchange_level"]) == {*get_args(Level), "own"}


@pytest.mark.long
def test_a_person_reads_disputes_and_takes_back_on_the_nodes_pages(shelf: Shelf, browser: Chromium) -> None:
    with shelf.bank(DAY) as bank:
        node = node_over(bank)
        lender, reader = joined(node, BANK, "First bank"), joined(node, LENDER, "Second lender", "non_bank")
        her = Person(node, resident(1))
        her.introduced_by(lender)
        furnished(lender, her, "line_1", {date(2026, 4, 1): 12, date(2026, 3, 1): 0})
        furnished(reader, her, "line_2", {date(2026, 4, 1): 0})
        her.consents(reader)
        asked = {"document": her.document, "consent_id": "consent_1", "purpose": "loan_application", "months": 12}
        assert reader.send("asks", "inquiry", {**asked, "kinds": ["instalment"]}).kind == "inquiry_result"
        with served(node) as base:
            visits(node, her, base, browser)


def visits(node: Node, her: Person, base: str, browser: Chromium) -> None:
    she = Browser(base)
    assert she.client.get("/report").headers["location"] == "/?next=%2Freport"
    she.go("/")
    told = she.send("/begin", code="a code of nobody", phone=PHONE, new=PASSWORD)
    assert told.status_code >= 400 and "This code is not good" in told.text and PHONE in told.text
    assert she.send("/begin", code=her.code, phone=PHONE, new=PASSWORD).headers["location"] == "/report"
    assert re.search(r"Free in a year\s*2\s*Still free\s*2\s*Asked for by lenders\s*1", words(she.go("/report")))
    place = she.send("/report", key="one").headers["location"]
    report = words(she.go(place))
    for said in ("First bank", "Second lender", "past due", "CNY 20,000.00", "10,000.00", "PBOC2 1"):
        assert said in report, said
    kept = she.client.get(f"{place}/file")
    assert "attachment" in kept.headers["content-disposition"]
    checked = file.check(kept.content, node.public)
    assert checked.status is FileStatus.VERIFIED and place.endswith(checked.view_id)
    assert all(line["furnisher"]["name"] in report for line in checked.report["tradelines"])
    seen = she.go("/seen")
    assert "Second lender" in words(seen) and "a loan application" in words(seen)
    shown = re.search(r'href="(/reports/[^"]+)"', seen.text)
    assert shown and "This is what was shown to Second lender" in words(she.go(shown[1]))
    disputes(she, node, place)
    found = faults(browser, base, place, "zh", cookies=she.kept(), widths=(360, 1280))
    for number, path in enumerate(PAGES):
        found += faults(
            browser, base, path, "en" if number % 2 else "zh", cookies=she.kept(), widths=(360, 1280), axe=True
        )
    ends(she, node, her)
    found += faults(browser, base, "/", "zh", widths=(360,)) + faults(browser, base, "/help", "en", widths=(360,))
    assert not found, found
    other = Browser(base)
    other.sign_in(PHONE, "a wrong password")
    assert other.client.get(place).status_code == 303 and other.client.get(f"{place}/file").status_code == 303


def disputes(she: Browser, node: Node, place: str) -> None:
    wrong = re.search(r'href="(/disputes/new[^"]+)"', she.go(place).text)
    assert wrong
    form = she.go(wrong[1].replace("&amp;", "&"))
    name = re.search(r'name="tradeline_id" value="([^"]+)"', form.text)
    assert name and "I paid on time" in words(form)
    given = {"report": place.rpartition("/")[2], "tradeline_id": name[1]}
    refused = she.send("/disputes", **given, period="2020-01-01", grounds="not_mine", statement="not so", key="d0")
    assert refused.status_code >= 400 and "not so" in refused.text and "web." not in words(refused)
    done = she.send("/disputes", **given, period="2026-04-01", grounds="paid_on_time", statement="I did.", key="d1")
    assert done.headers["location"] == "/disputes", done.text
    page = words(she.go("/disputes"))
    assert "Open until" in page and "I paid on time" in page and "I did." in page
    assert she.send("/report", key="two").headers["location"] != place  # something changed: another view
    assert re.search(r"Still free\s*0", words(she.go("/report"))) and "The next is free from" in words(
        she.go("/report")
    )


def ends(she: Browser, node: Node, her: Person) -> None:
    she.go("/me")
    assert she.send("/me/statements", text="I moved house in March.", key="s").status_code == 303
    page = she.go("/me")
    assert "I moved house in March." in page.text and "First bank" in words(page)
    kid = re.search(r'name="kid" value="([^"]+)"', page.text)
    assert kid and she.send("/me/keys/end", kid=kid[1], key="k").status_code == 303
    assert "no longer in use" in words(she.go("/me"))
    page = she.go("/consents")
    assert "Second lender" in words(page) and "in force" in words(page)
    for act, state in (("pause", "paused"), ("resume", "in force"), ("revoke", "taken back")):
        assert she.send("/consents/change", consent_id="consent_1", act=act, key=act).status_code == 303
        assert state in words(she.go("/consents"))
    over = she.send("/consents/change", consent_id="consent_1", act="resume", key="again")
    assert over.status_code >= 400 and "taken back" in words(over)
    she.go("/me")
    assert she.send("/logout").headers["location"] == "/"
    assert she.client.get("/me").status_code == 303
