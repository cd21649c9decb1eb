"""Groups on pages: an officer forms one, asks members, and collects from all of them on one sheet, which comes back as it was
filled in where it does not sum."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.lending.groups import service as groups
from farthing.lending.groups.model import AskMember
from tests.doors import served
from tests.identity.people import staff
from tests.lending.backing.friends import friend
from tests.lending.groups.village import TELLER, Village, village
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser, reader, seen

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def east(database_url: str) -> Iterator[Village]:
    opened = village(database_url)
    yield opened
    opened.house.bank.kernel.database.close()


@pytest.fixture
def base(east: Village) -> Iterator[str]:
    with served(east.house.bank) as address:
        for name in ("wang", "operator", "risk", "auditor"):
            staff(east.house.bank, name, "teller" if name == "wang" else name)
        yield address


def sheet_of(east: Village, desk: Browser) -> dict[str, str]:
    """The fields of the sheet as it is shown, filled in with what is due."""
    shown = desk.go(f"/groups/{east.group_id}/sheet").text
    found = dict(re.findall(r'name="(paid_[0-9a-z_]+)"[^>]*? value="([^"]*)"', shown))
    assert set(found) == {f"paid_{each.id}" for each in east.loans}
    return {**found, "number": re.findall(r'name="number" value="(\d+)"', shown)[0]}


def test_a_sheet_is_filled_in_looked_over_and_collected_once(base: str, east: Village) -> None:
    desk, here = reader(base, "wang"), f"/groups/{east.group_id}"
    filled, dues = sheet_of(east, desk), east.dues()
    assert [filled[f"paid_{each.id}"] for each in east.loans] == [each.plain() for each in dues]
    first, fourth = east.loans[0], east.loans[3]
    asked = {
        **filled, f"paid_{fourth.id}": "", "payer_1": east.members[4].id, "loan_1": fourth.id,
        "other_1": dues[3].plain(), "key": "k",
    }  # fmt: skip
    total = sum(each.minor for each in dues)
    wrong = desk.send(f"{here}/sheet", **{**asked, f"paid_{first.id}": "80x"}, total="1")
    assert wrong.status_code == 422 and 'value="80x"' in wrong.text and f'id="f-paid_{first.id}-wrong"' in wrong.text
    differs = desk.send(f"{here}/sheet", **asked, total="100")
    assert differs.status_code == 422 and 'value="100"' in differs.text and "100.00 was counted" in differs.text
    assert f'value="{fourth.id}" selected' in differs.text and "Nothing was changed" in differs.text
    too_much = desk.send(f"{here}/sheet", **{**asked, "other_1": "9000"}, total="9000")
    assert too_much.status_code == 422
    beyond = desk.send(
        f"{here}/sheet", **{**asked, "other_1": "9000"}, total=f"{(total - dues[3].minor) / 100 + 9000:.2f}"
    )
    assert 'id="f-other_1-wrong"' in beyond.text and "who owes" in beyond.text
    more = desk.send(f"{here}/sheet", **asked, total="", more="1")
    assert 'name="payer_8"' in more.text and f'value="{fourth.id}" selected' in more.text
    exact = {**asked, "total": f"{total / 100:.2f}"}
    shown = desk.send(f"{here}/sheet", **exact)
    assert "Is this sheet right?" in shown.text and "for another" in shown.text and east.drawer().minor == 0
    assert desk.send(f"{here}/sheet", **exact, confirmed="1").status_code == 409, "nothing was seen"
    for _ in range(2):
        done = desk.send(f"{here}/sheet", **exact, confirmed="1", seen=seen(shown))
        assert done.headers["location"] == f"{here}/sheets/1?done=true"
    assert east.drawer().minor == total and east.dues() == [each * 0 for each in dues]
    receipt = desk.go(f"{here}/sheets/1?done=true").text
    assert "Collected" in receipt and "for another" in receipt and east.members[4].name in receipt
    assert "Sheet 1" in desk.go(here).text
    left_out = {f"paid_{each.id}": "" for each in east.loans}
    assert "Nobody paid anything" in desk.send(f"{here}/sheet", **left_out, number="2", total="0", key="n").text


def test_a_group_is_formed_its_members_asked_and_its_meetings_moved(base: str, east: Village) -> None:
    desk = reader(base, "wang")
    shown = desk.go("/groups").text
    assert "East lane" in shown and "the old mill" in shown and "4 loans late" in shown
    nameless = desk.send("/groups", name=" ", from_on=str(east.house.today), every_weeks="1", place="the well", key="a")
    assert nameless.status_code == 422 and 'value="the well"' in nameless.text
    late = {"name": "West lane", "every_weeks": "1", "place": "the well"}
    past = desk.send("/groups", **late, from_on=str(east.house.today - timedelta(days=1)), key="b")
    assert past.status_code == 422 and 'id="f-from_on-wrong"' in past.text
    made = desk.send("/groups", **late, from_on=str(east.house.today), key="c").headers["location"]
    page = desk.go(made).text
    assert "West lane" in page and "Nobody belongs to it yet" in page
    zhao = friend(east.house, 30)
    nobody = desk.send(made, member="1", phone="139 0000 0000", key="d")
    assert nobody.status_code == 404 and 'value="139 0000 0000"' in nobody.text
    assert desk.send(made, member="1", phone=zhao.phone, key="e").headers["location"] == f"{made}?asked=true"
    assert zhao.name in desk.go(made).text and "has not joined" in desk.go(made).text
    day = str(east.house.today + timedelta(days=3))
    assert desk.send(made, from_on=day, every_weeks="2", place="the school", key="f").status_code == 303
    assert "the school" in desk.go(made).text
    nobody_in = desk.go(f"{made}/sheet").text
    assert "Nobody in this group owes anything" in nobody_in


def test_what_is_owed_at_the_next_meeting_is_what_will_be_due_then(base: str, east: Village) -> None:
    desk = reader(base, "wang")
    seen_now = east.house.bank.kernel.ask(groups.loan_group, east.group_id, actor=TELLER)
    east.house.wait(seen_now.meets_on)
    owed = [each.plain(grouped=True) for each in east.dues()]
    told = desk.go(f"/groups/{east.group_id}/meeting").text
    assert owed and all(each in told for each in owed) and "Signature" in told


def test_who_collects_and_who_only_reads(base: str, east: Village) -> None:
    here = f"/groups/{east.group_id}"
    for name, forms in (("operator", True), ("risk", False), ("auditor", False)):
        who = reader(base, name)
        page = who.go(here)
        assert page.status_code == 200 and ("Move the meetings" in page.text) == forms
        assert f'{here}/sheet"' not in page.text and who.go(f"{here}/sheet").status_code == 403


@pytest.mark.long
def test_these_pages_hold_in_chromium(base: str, east: Village, browser: Chromium) -> None:
    desk, here = reader(base, "wang"), f"/groups/{east.group_id}"
    east.house.bank.run(groups.ask_member, AskMember(east.group_id, friend(east.house, 30).id), actor=TELLER)
    first = east.dues()[0]
    east.collect(east.filled(east.line(0, 0, first)))
    found = []
    for path in ("/groups", here, f"{here}/meeting", f"{here}/sheet", f"{here}/sheets/1"):
        found += faults(browser, base, path, "en", widths=(360, 1280), cookies=desk.kept())
        found += faults(browser, base, path, "zh", widths=(360, 1280), cookies=desk.kept())
        found += faults(browser, base, path, "zh", "dark", True, widths=(320,), cookies=desk.kept())
    assert found == []
