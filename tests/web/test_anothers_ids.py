"""Whoever has another's ids does nothing with them: another customer asks for each of her pages that names a thing of hers,
and sends each of her forms that does."""

from __future__ import annotations

import re

import pytest

from tests.doors import serving
from tests.identity.people import PASSWORD, Person, enrolled
from tests.lending.house import House
from tests.parties.people import resident_id
from tests.web.forms_of import forms_of
from tests.web.test_borrowing import BORROWER
from tests.web.test_entrance import signed_in
from tests.web.test_hostile_forms import filled, kept
from tests.web.walking import walk

ID = re.compile(r"[a-z]+_[0-9a-z]{26}")
STRANGER = Person("王生", resident_id(order_code="771"), "138 7654 7710")


@pytest.mark.long
def test_whoever_has_anothers_ids_does_nothing_with_them(database_url: str) -> None:
    house = House(database_url)
    house.active()
    house.offer("2000")
    enrolled(house.bank, BORROWER)
    enrolled(house.bank, STRANGER)
    with serving(house.bank) as base:
        hers, other = signed_in(base, BORROWER.phone, PASSWORD), signed_in(base, STRANGER.phone, PASSWORD)
        hers.client.follow_redirects = True
        walk(hers.client, "/home", read=(pages := {}))
        named = [path for path in pages if ID.search(path)]
        wrong = [path for path in named if other.go(path).status_code == 200]
        before, sent = house.bank.read(kept), set()
        for form in (form for text in pages.values() for form in forms_of(text) if form.method == "post"):
            values = [each.value for name, each in form.fields.items() if name not in ("key", "form_token")]
            if any(map(ID.search, (form.action, *values))):
                answer = other.client.post(form.action, data={**filled(form, "1"), "form_token": other.token})
                wrong += [f"{form.action}: {answer.status_code}"] if answer.status_code < 400 else []
                sent.add(form.action)
    assert not wrong, "\n".join(wrong)
    assert len(named) > 5 and len(sent) > 4, (named, sent)
    assert house.bank.read(kept) == before
