"""Walk a door by its own links: every page that somebody can reach from where he comes in, without a list of pages."""

from __future__ import annotations

import httpx
from bench.links import links, shape

from farthing.db.tx import Tx
from farthing.events import by_hand_service as by_hand
from farthing.events import service as events
from farthing.events.model import MakeWebhook, SendTest
from farthing.town.growing.growth import Wanted, grow
from farthing.town.staff import demo_logins
from tests.conftest import Bank
from tests.hands import city


def town_of(bank: Bank, people: int) -> Bank:
    """A town of so many who lived two months, with the logins of a demo and a program outside that is told of events."""

    def grown(bank: Bank) -> None:
        city(bank)
        grow(bank.kernel, Wanted(people, 2, 7), lambda what, done, total: None)
        demo_logins(bank.kernel)
        bank.kernel.tidy(_told)

    bank.begin(f"town of {people} with logins and a webhook", grown)
    return bank


def _told(tx: Tx) -> None:
    """A webhook, and a test of it that is on its way."""
    made = events.subscribe(tx, MakeWebhook("books", "https://books.example.org/farthing"))
    by_hand.send_test(tx, SendTest(made.id))


def enter(base: str, token: str) -> httpx.Client:
    """A browser that came in by a sign-in link."""
    client = httpx.Client(base_url=base, follow_redirects=True, timeout=60, headers={"Accept-Language": "en"})
    assert client.get(f"/sandbox/enter/{token}").status_code == 200
    return client


def walk(
    client: httpx.Client, start: str = "/", examples: int = 1, read: dict[str, str] | None = None
) -> dict[str, list[str]]:
    """The pages that can be reached, each with examples of its address; a link that leads nowhere is a fault. What each
    address answered is put into ``read``."""
    pages: dict[str, list[str]] = {}
    waiting, met = [start], set()
    while waiting:
        path = waiting.pop(0)
        known = pages.setdefault(shape(path), [])
        if path in met or len(known) >= examples:
            continue
        met.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, f"{path} is linked and answers {answer.status_code}"
        known.append(path)
        if read is not None:
            read[path] = answer.text
        waiting.extend(links(answer.text))
    return pages
