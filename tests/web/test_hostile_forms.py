"""Whatever is typed into any form of any door comes back as text: no script, no tag, no page that fails. Each form is sent
as a browser would send it, with a script in every field of words; once more as a double click does; and by somebody whose
session has ended meanwhile. Afterwards every page is read again, with what was kept on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

import httpx
import pytest
from fastapi.routing import APIRoute

from farthing.db.tx import Tx
from farthing.ledger.audit.service import verify
from farthing.town.staff import doors, visitor
from farthing.web.counter.door import ROUTERS
from tests.banks import Shelf
from tests.conftest import DAY, Bank
from tests.doors import served
from tests.web.forms_of import PageForm, forms_of
from tests.web.walking import enter, town_of, walk

SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"
RAW = ("<script>alert", "<img src=x", "alert(1)&gt;49", "alert(1)>49")
ENDS_THE_VISIT = ("/logout", "/me/password", "/me/sessions", "/look")
FIGURES = {"number": "1", "tel": "13800138000", "date": "2026-06-10", "month": "2026-06", "file": ""}


@dataclass
class Visit:
    """Somebody who went in by a door and walked through all its pages."""

    door: str
    client: httpx.Client
    pages: dict[str, str]

    @contextmanager
    def ended(self) -> Iterator[httpx.Client]:
        """The same browser without its session."""
        with httpx.Client(base_url=self.client.base_url, follow_redirects=True, timeout=60) as client:
            client.headers, client.cookies = self.client.headers, httpx.Cookies(self.client.cookies)
            client.cookies.delete("farthing_session")
            yield client


@pytest.fixture(scope="module")
def town(shelf: Shelf) -> Iterator[Bank]:
    with shelf.bank(DAY) as bank:
        yield town_of(bank, 8)


@pytest.fixture(scope="module")
def visits(town: Bank) -> Iterator[list[Visit]]:
    """A visit by each door, before anything was typed."""
    with served(town) as base, ExitStack() as open_clients:
        found = []
        for door in doors(town.kernel):
            client = open_clients.enter_context(closing(enter(base, door.token)))
            walk(client, read=(pages := {}))
            found.append(Visit(door.en, client, pages))
        yield found


def filled(form: PageForm, words: str) -> dict[str, str]:
    """What is sent: words in every field of words, a small figure in the others that are empty."""
    return {
        name: words if each.free else each.value or FIGURES.get(each.kind, "1" if each.keyboard else "")
        for name, each in form.fields.items()
        if each.kind != "file"
    }


def _mark(form: PageForm) -> tuple[str, tuple[str, ...]]:
    """What tells a form from another one: where it is sent, and its fields."""
    return form.action, tuple(form.fields)


def _sent(client: httpx.Client, form: PageForm, words: str) -> httpx.Response:
    fields = filled(form, words)
    if form.method == "get":
        return client.get(form.action, params=fields)
    files = {name: ("a.csv", words.encode()) for name, each in form.fields.items() if each.kind == "file"}
    return client.post(form.action, data=fields, files=files or None)


def kept(tx: Tx) -> dict[str, int]:
    """How much is kept of whatever an operation leaves: entries, leaves of the log, drafts, parties, logins."""
    found = tx.rows(
        "SELECT (SELECT count(*) FROM entry) AS entries, (SELECT count(*) FROM evidence_leaf) AS leaves,"
        " (SELECT count(*) FROM approval) AS drafts, (SELECT count(*) FROM party) AS parties,"
        " (SELECT count(*) FROM login) AS logins"
    )
    return dict(found[0])


def _wrong(path: str, answer: httpx.Response) -> list[str]:
    found = [] if answer.status_code < 500 else [f"{path}: {answer.status_code}"]
    if answer.headers.get("content-type", "").startswith("text/html"):
        found += [f"{path}: {each} stands in the page" for each in RAW if each in answer.text]
    return found


@pytest.mark.long
def test_a_form_of_a_session_that_has_ended_does_nothing(town: Bank, visits: list[Visit]) -> None:
    for visit in visits:
        held = [form for text in visit.pages.values() for form in forms_of(text) if form.method == "post"]
        assert held, f"{visit.door} has no form to send"
        before = town.kernel.read(kept)
        with visit.ended() as client:
            for form in held:
                if form.action not in ("/look", "/proof/check"):
                    answer = _sent(client, form, "1")
                    assert answer.status_code < 500, form.action
        assert town.kernel.read(kept) == before, visit.door


@pytest.mark.long
def test_a_teller_does_nothing_for_who_is_not_there(town: Bank, visits: list[Visit]) -> None:
    teller = next(each for each in visits if each.door == "counter")
    actor = visitor(town.kernel)
    assert actor is not None
    (token,) = {form.fields["form_token"].value for form in forms_of(teller.client.get("/counter").text)[:1]}
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    paths = [each.path for each in routes if "{party_id}" in each.path and "POST" in each.methods]
    before, wrong = town.kernel.read(kept), []
    asked = {
        "form_token": token, "amount": "1", "instalments": "12", "purpose": "x", "way": "out", "words": "x", "loan_id": "loan_x",
        "product": "rainy-day-loan", "step": "in",
    }  # fmt: skip
    for path in paths:
        if not path.endswith("/presence"):
            answer = teller.client.post(path.replace("{party_id}", f"party_{actor.partition(':')[2]}"), data=asked)
            wrong += [f"{path}: {answer.status_code}"] if not 400 <= answer.status_code < 500 else []
    assert not wrong and len(paths) > 6
    assert town.kernel.read(kept) == before


@pytest.mark.long
def test_what_is_typed_stays_text_in_every_form_of_every_door(town: Bank, visits: list[Visit]) -> None:
    wrong: list[str] = []
    sent = 0
    for door, client, pages in ((each.door, each.client, each.pages) for each in visits):
        known: set[tuple[str, tuple[str, ...]]] = set()
        for path, text in pages.items():
            if all(_mark(form) in known or form.action in ENDS_THE_VISIT for form in forms_of(text)):
                continue
            for form in forms_of(client.get(path).text):
                if _mark(form) in known or form.action in ENDS_THE_VISIT:
                    continue
                known.add(_mark(form))
                for _ in range(2):
                    wrong += _wrong(f"{door} {path} -> {form.action}", _sent(client, form, SCRIPT))
                    sent += 1
        for path in pages:
            wrong += _wrong(f"{door} {path}", client.get(path))
    assert not wrong, "\n".join(wrong)
    assert sent > 60
    assert town.kernel.read(verify).clean
