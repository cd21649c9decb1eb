"""How well one is known, on pages: one's own, the officer's, and at the counter."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.parties.lapsing import LEVEL_LAPSED
from farthing.parties.levels import service as levels
from farthing.web.refusing import said
from tests.identity.people import codes, staff
from tests.parties.levels.ladder import level, months, verified
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_counter import at_the_desk
from tests.web.test_entrance import reader
from tests.web.test_paying import Street, street
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "street")


def test_a_refusal_for_a_level_leads_to_where_it_is_renewed() -> None:
    told = said(LEVEL_LAPSED(needed=2, until="2026-06-09"), own=True)
    assert told.next is not None and told.next[0] == "/me/level" and "2026-06-09" in told.en
    assert said(LEVEL_LAPSED(needed=2, until="2026-06-09"), own=False).next is None, (
        "staff have no level of theirs here"
    )


def soon(street: Street) -> None:
    """What is shown from now on counts for a month, and what was shown before is not there."""
    months(street.bank)
    with street.bank.superuser() as connection:
        connection.execute("DELETE FROM level_evidence")


@pytest.mark.long
def test_one_sees_until_when_and_what_renews_it_and_two_officers_doubt(street: Street) -> None:
    bank, her, lin = street.bank, street.her, street.lin
    for name, role in (("an", "operator"), ("bo", "operator")):
        staff(bank, name, role)
    page = words(her.go("/me/level"))
    assert "Level 2 · known by two sources" in page and "until 10 Jun 2031" in page and "It lasts longer by:" in page
    soon(street)
    assert her.send("/me/level", key="v").headers["location"] == "/me/level"
    page = words(her.go("/me/level"))
    assert "Your level ends on 13 Jul 2026" in page and "Bank card under the name" in page

    an, bo = reader(street.base, "an"), reader(street.base, "bo")
    assert lin.name in words(an.go("/ops/levels")) and "No level ends soon" not in words(an.go("/ops/levels"))
    here = f"/ops/customers/{lin.id}"
    phone = max(e.id for e in bank.read(lambda tx: levels.level(tx, lin.id)).evidence if e.kind == "phone")
    assert phone in an.go(here).text
    empty = an.send(f"{here}/doubts", evidence="e", note="her brother holds it", key="d0")
    assert empty.status_code == 404 and "her brother holds it" in empty.text and "There is no evidence" in words(empty)
    assert an.send(f"{here}/doubts", evidence=phone, note="her brother holds it", key="d").status_code == 303
    waiting = re.findall(r'href="(/approvals/[a-z0-9_]+)"', bo.go("/approvals").text)
    assert level(bank, lin.id) == 2
    for draft in dict.fromkeys(waiting):
        bo.agree(draft, f"k{draft}")
    assert level(bank, lin.id) == 1
    assert "doubted by two officers" in words(her.go("/me/level"))


@pytest.mark.long
def test_a_teller_vouches_and_a_second_agrees_on_every_dress(street: Street, browser: Chromium) -> None:
    bank, lin = street.bank, street.lin
    soon(street)
    verified(bank, lin.id)
    desk, wu = at_the_desk(bank, street.base), at_the_desk(bank, street.base, "wu")
    here = f"/counter/customers/{lin.id}"
    desk.go(here)
    proof = desk.send(f"{here}/presence", step="ask").headers["location"].rpartition("proof=")[2]
    desk.send(f"{here}/presence", step="code", proof=proof, code=codes(bank, lin.phone)[-1])
    assert "Vouch for who this is" in desk.go(here).text
    wrong = desk.send(f"{here}/presence", step="vouch", number="1", statement="identity card", key="w")
    assert wrong.status_code == 422 and "parties.document_differs" in wrong.text
    asked = desk.send(f"{here}/presence", step="vouch", number=lin.number, statement="identity card", key="v")
    assert asked.headers["location"].endswith("waits=true")
    assert [each.kind for each in bank.read(lambda tx: levels.level(tx, lin.id)).evidence].count("counter") == 0
    (draft,) = dict.fromkeys(re.findall(r'href="(/approvals/[a-z0-9_]+)"', wu.go("/approvals").text))
    wu.agree(draft, "a")
    assert [each.kind for each in bank.read(lambda tx: levels.level(tx, lin.id)).evidence].count("counter") == 1
    staff(bank, "an", "operator")
    found = []
    for who, path in ((street.her, "/me/level"), (reader(street.base, "an"), "/ops/levels"), (desk, here),
                      (reader(street.base, "an"), f"/ops/customers/{lin.id}")):  # fmt: skip
        cookies = [each for each in who.kept() if each["name"] in ("farthing_session", "farthing_form")]
        found += faults(browser, street.base, path, "en", widths=(360, 1280), cookies=cookies)
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(360, 1280), cookies=cookies)
    assert not found, found
