"""What was typed into a form whose session had lapsed comes back to the same login, once, and to nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from farthing.web import keeping
from farthing.web.rendering import templates
from tests.conftest import Bank
from tests.doors import served
from tests.identity.people import PASSWORD, staff
from tests.web.forms_of import forms_of
from tests.web.test_entrance import Browser, reader

LIN = {"act": "create", "name": "lin", "person_name": "Lin Xiaoyu", "person_number": "0042", "role": "teller"}
BACK = "/?next=%2Fagain"


@pytest.fixture
def base(bank: Bank) -> Iterator[str]:
    staff(bank, "guard", "security")
    staff(bank, "other", "security")
    with served(bank) as address:
        yield address


def lapse(bank: Bank) -> None:
    """Half an hour passes in which nobody does anything."""
    with bank.superuser() as connection:
        connection.execute("UPDATE session SET seen_at = seen_at - interval '31 minutes'")


def at_the_form(base: str) -> Browser:
    guard = reader(base, "guard")
    assert guard.go("/ops/staff").status_code == 200
    return guard


def drafts(bank: Bank) -> int:
    with bank.superuser() as connection:
        found = connection.execute("SELECT count(*) FROM approval").fetchone()
    assert found is not None
    return int(found[0])


def test_it_comes_back_filled_in_and_is_sent_by_its_person_alone(base: str, bank: Bank) -> None:
    guard, before = at_the_form(base), drafts(bank)
    lapse(bank)
    late = guard.send("/ops/staff", key="first", **LIN)
    assert late.status_code == 403 and "it comes back to be looked through" in late.text
    assert re.findall(r'href="(/[?]next=[^"]*)"', late.text) == [BACK] and "Lin Xiaoyu" not in late.text
    cookie = guard.client.cookies["farthing_typed"]
    assert "Xiaoyu" not in cookie and "0042" not in cookie
    guard.go(BACK)
    entered = guard.send("/login", name="guard", password=PASSWORD, next="/again")
    assert entered.headers["location"] == "/again"
    back = guard.go("/again")
    assert back.status_code == 200 and "web.not_sent_yet" in back.text
    (form,) = [each for each in forms_of(back.text) if "person_number" in each.fields]
    assert {name: form.fields[name].value for name in ("name", "person_name", "person_number")} == {
        name: LIN[name] for name in ("name", "person_name", "person_number")
    }
    assert drafts(bank) == before, "nothing is done by looking at it"
    assert "farthing_typed" not in guard.client.cookies and guard.go("/again").headers["location"] == "/"
    assert guard.send("/ops/staff", key="second", **LIN).status_code == 303 and drafts(bank) == before + 1


def test_another_login_never_sees_it(base: str, bank: Bank) -> None:
    guard = at_the_form(base)
    lapse(bank)
    guard.send("/ops/staff", **LIN)
    guard.go("/")
    guard.send("/login", name="other", password=PASSWORD)
    refused = guard.go("/again")
    assert refused.headers["location"] == "/" and "farthing_typed" not in guard.client.cookies


def test_a_session_that_was_ended_keeps_nothing(base: str, bank: Bank) -> None:
    guard = at_the_form(base)
    with bank.superuser() as connection:
        connection.execute("UPDATE session SET ended_at = now()")
    late = guard.send("/ops/staff", **LIN)
    assert late.status_code == 403 and "farthing_typed" not in guard.client.cookies and "comes back" not in late.text


def test_it_waits_a_quarter_of_an_hour_and_is_believed_as_it_was_sealed(
    base: str, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard = at_the_form(base)
    lapse(bank)
    guard.send("/ops/staff", **LIN)
    cookie = guard.client.cookies["farthing_typed"]
    guard.go("/")
    guard.send("/login", name="guard", password=PASSWORD)
    now = bank.kernel.wall()
    for wrong, on in ((cookie[:-6] + "AAAAA=", now), ("", now), ("AAAA", now), (cookie, now + timedelta(minutes=16))):
        monkeypatch.setattr(bank.kernel, "wall", lambda on=on: on)
        guard.client.cookies.set("farthing_typed", wrong, domain="127.0.0.1", path="/")
        assert guard.go("/again").headers["location"] == "/", wrong


def test_no_password_no_code_and_nothing_that_was_confirmed_is_kept(base: str, bank: Bank) -> None:
    guard = reader(base, "guard")
    guard.go("/me")
    lapse(bank)
    guard.send("/me/password", old="what nobody may know", new="nor this one, ever")
    assert "farthing_typed" not in guard.client.cookies
    secret = set()
    for name in templates.env.list_templates():
        source = templates.env.loader.get_source(templates.env, name)[0]
        for field in re.findall(r"ui\.field\(([^{}]*?)\)\s*}}", source):
            if 'type="password"' in field or "one-time-code" in field:
                secret.add(re.match(r'"([a-z_]+)"', field)[1])
    assert {"password", "old", "new", "code"} <= secret <= keeping.NEVER
    assert {"form_token", "key", "confirmed", "seen"} <= keeping.NEVER
