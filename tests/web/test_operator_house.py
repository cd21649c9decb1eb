"""The operator's door: the close of the day, staff and keys, complaints, settings; and that each role finds only its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.assurance.winddown.export_service import allow_export
from farthing.assurance.winddown.model import AllowExport
from farthing.bank.founding import agreed
from farthing.identity import roll
from farthing.kit.actor import SYSTEM
from farthing.ledger.overview import service as overview
from farthing.web.names import NAMES, guard
from farthing.web.speech import gettext
from farthing.web.writing import minor
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.people import PASSWORD, staff
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def base(bank: Bank) -> Iterator[str]:
    with serving(bank) as address:
        staff(bank, "anna", "security")
        staff(bank, "bo", "security")
        staff(bank, "risk", "risk")
        yield address


def test_a_day_is_closed_by_who_looked_at_what_that_does_and_once(bank: Bank, base: str) -> None:
    operator = Browser(base)
    operator.sign_in()
    first = bank.kernel.clock().business_date
    shown = operator.go("/ops/day").text
    assert "Close of day" in shown and "not yet" in shown
    looked = re.search('name="seen" value="([0-9a-f]+)"', shown)
    assert looked is not None
    told = {"closing": str(first), "seen": looked[1], "key": "close once"}
    refused = operator.send("/ops/day", **told)
    assert refused.status_code == 422 and "web.close_not_looked" in refused.text
    refused = operator.send("/ops/day", **{**told, "seen": "0" * 32}, looked="1")
    assert refused.status_code == 409 and "web.close_changed" in refused.text
    assert bank.kernel.clock().business_date == first
    for _ in range(2):  # a double click, or the form sent again from the page before
        sent = operator.send("/ops/day", **told, looked="1")
        assert (sent.status_code, sent.headers["location"]) == (303, f"/ops/day?closed={first}")
    assert (bank.kernel.clock().business_date - first).days == 1
    done = operator.go(f"/ops/day?closed={first}").text
    assert "What closing" in done and "Leaves under a checkpoint" in done
    old = operator.send("/ops/day", closing=str(first), looked="1", key="another")
    assert old.status_code == 409 and "kernel.day_already_closed" in old.text


def test_a_login_is_asked_for_by_one_officer_and_another_is_told_its_password(bank: Bank, base: str) -> None:
    anna = Browser(base)
    assert anna.sign_in("anna", PASSWORD).headers["location"] == "/"
    assert anna.go("/").headers["location"] == "/ops/staff"
    shown = anna.go("/ops/staff").text
    assert "Security officer" in shown and "anna" in shown and "security:" not in shown.split("<form", 1)[0]
    bad = anna.send(
        "/ops/staff", act="create", person_name="Li Na", person_number="L-7", name="!", role="teller", key="a"
    )
    assert bad.status_code == 422 and 'value="!"' in bad.text
    asked = anna.send(
        "/ops/staff", act="create", person_name="Li Na", person_number="L-7", name="li", role="teller", key="k"
    )
    assert asked.headers["location"] == "/ops/staff?drafted=1"
    assert "li" not in {each.login for each in bank.kernel.ask(roll.staff, actor=SYSTEM)}
    assert "waits for a second person" in anna.go("/ops/staff?drafted=1").text
    bo = Browser(base)
    bo.sign_in("bo", PASSWORD)
    draft = re.findall("appr_[0-9a-z]{26}", bo.go("/approvals").text)[0]
    assert "<button hidden disabled></button>" in bo.go(f"/approvals/{draft}").text, (
        "Enter in the note decided the draft"
    )
    told = bo.agree(f"/approvals/{draft}", "yes")
    assert told.status_code == 200 and "Password that works once" in told.text
    once = re.findall('<code class="id">([0-9a-z]{26})</code>', told.text)[0]
    again = bo.agree(f"/approvals/{draft}", "yes")
    assert once not in again.text and once not in bo.go(f"/approvals/{draft}").text
    li = Browser(base)
    assert li.sign_in("li", once).status_code == 303
    strange = anna.send("/ops/staff", act="everything", key="3")
    assert strange.status_code == 422 and "web.unknown_step" in strange.text


def test_a_login_is_closed_at_once_and_an_officers_by_two(bank: Bank, base: str) -> None:
    ann = staff(bank, "ann", "teller")
    anna = Browser(base)
    anna.sign_in("anna", PASSWORD)
    anna.go("/ops/staff")
    assert anna.send("/ops/staff", act="disable", actor_id=ann, key="1").headers["location"] == "/ops/staff"
    assert (
        anna.send("/ops/staff", act="disable", actor_id="security:bo", key="2").headers["location"]
        == "/ops/staff?drafted=1"
    )
    closed = {each.actor_id for each in bank.kernel.ask(roll.staff, actor=SYSTEM) if each.disabled_at}
    assert closed == {ann}


def test_a_key_is_asked_for_by_one_and_ended_by_one(bank: Bank, base: str) -> None:
    anna = Browser(base)
    anna.sign_in("anna", PASSWORD)
    assert "No program has a key yet" in anna.go("/ops/keys").text
    asked = anna.send(
        "/ops/keys", act="create", label="harvest", actor_id="program:harvest", role="partner", days="30", key="1"
    )
    assert asked.headers["location"] == "/ops/keys?drafted=1"
    wrong = anna.send(
        "/ops/keys", act="create", label="harvest", actor_id="program:harvest", role="partner", days="many"
    )
    assert wrong.status_code == 422 and 'value="many"' in wrong.text


def test_today_names_each_limit_in_its_language_and_in_the_money_that_is_left(bank: Bank, base: str) -> None:
    known = {each.name: each for each in bank.kernel.read(overview.limits)}
    margins = bank.kernel.read(overview.margins)
    assert set(NAMES["guard"]) == {each.name for each in margins}, "every limit that ships has its name"
    operator = Browser(base, "zh")
    operator.sign_in()
    said = operator.go("/ops").text
    for each in margins:
        assert each.title not in said and gettext(NAMES["guard"][each.name]) in said, each.name
        assert each.room == known[each.name].limit - known[each.name].used, each.name
        assert f">{minor(each.room, each.currency)}<" in said, each.name
    assert guard("of-our-own", "Gold stays below silver") == "Gold stays below silver"


def test_each_role_sees_its_own_places_and_is_refused_the_others(base: str) -> None:
    operator, risk, anna = Browser(base), Browser(base), Browser(base)
    operator.sign_in()
    risk.sign_in("risk", PASSWORD)
    anna.sign_in("anna", PASSWORD)
    assert "/ops/staff" not in operator.go("/ops/settings").text
    assert operator.go("/ops/staff").status_code == 403
    assert risk.go("/ops/complaints").status_code == 200 and risk.go("/ops/day").status_code == 403
    assert anna.go("/ops/settings").status_code == 403 and anna.go("/ops/day").status_code == 403
    assert "No dispute waits" in risk.go("/ops/complaints").text
    assert "No dispute waits" not in operator.go("/ops/complaints").text


def test_the_living_will_tells_which_exports_were_made(bank: Bank, base: str) -> None:
    operator = Browser(base)
    operator.sign_in()
    assert "No export was made yet" in operator.go("/ops/settings").text
    agreed(bank.kernel, allow_export, AllowExport("the yearly rehearsal"))
    shown = operator.go("/ops/settings").text
    assert "the yearly rehearsal" in shown and "allowed, not made yet" in shown and "No export" not in shown


@pytest.mark.long
def test_these_pages_hold_in_chromium(base: str, browser: Chromium) -> None:
    people = {
        "operator": (
            "/ops",
            "/ops/day",
            "/ops/settings",
            "/ops/complaints",
            "/ops/accounts",
            "/ops/accounts?prefix=assets:cash",
            "/ops/trial-balance",
            "/ops/verify",
            "/ops/entries",
            "/approvals",
        ),
        "anna": ("/ops/staff", "/ops/keys", "/ops/webhooks"),
        "risk": ("/ops/complaints",),
    }
    found = []
    for name, paths in people.items():
        who = Browser(base)
        who.sign_in(*(() if name == "operator" else (name, PASSWORD)))
        for path in paths:
            found += faults(browser, base, path, "en", widths=(360, 1280), cookies=who.kept())
            found += faults(browser, base, path, "zh", "dark", True, widths=(320,), cookies=who.kept())
    assert not found, "\n".join(found)
