"""One Farthing signs in at another: the provider of identity is the peer of the sign-in, over HTTP, by the pages of both."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from farthing.identity.outside.client import HttpProvider
from farthing.identity.outside.model import Provider
from farthing.kit.words import Words
from tests.banks import Bank, Shelf, opened_at
from tests.conftest import DAY
from tests.doors import serving
from tests.identity.people import PASSWORD, Person, enrolled
from tests.parties.vouching.partners import decide, led, registered

pytestmark = pytest.mark.long
LINK = re.compile(r'<a class="button " href="([^"]+)">')


def onward(page: httpx.Response) -> str:
    """The one way on of a page that leads on."""
    found = LINK.search(page.text)
    assert page.status_code == 200 and found is not None, page.text
    return html.unescape(found[1])


def send(browser: httpx.Client, page: httpx.Response, action: str, **more: str) -> httpx.Response:
    """Press the button of a form on a page."""
    form = page.text.partition(f'action="{action}"')[2].partition("</form>")[0]
    kept = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', form))
    assert kept, page.text
    return browser.post(action, data={**{name: html.unescape(value) for name, value in kept.items()}, **more})


@dataclass
class Two:
    """Two banks, and a browser for each: cookies of one machine's two ports would meet in one."""

    here: httpx.Client
    there: httpx.Client

    def signs_in_there(self, page: httpx.Response) -> httpx.Response:
        """Go there as the page says, agree, and come back."""
        address = onward(page)
        asked = self.there.get(address)
        if asked.status_code == 303:
            front = self.there.get(asked.headers["location"])
            done = send(self.there, front, "/login", name=Person().phone, password=PASSWORD)
            asked = self.there.get(done.headers["location"])
        back = led(decide(self.there, asked))
        return self.here.get(back.removeprefix(str(self.here.base_url).rstrip("/")))


@pytest.fixture
def two(bank: Bank, shelf: Shelf) -> Iterator[Two]:
    with shelf.database() as url, serving(bank) as one:
        other = opened_at(url, DAY)
        with serving(other) as two:
            here, there = (each.replace("127.0.0.1", "localhost") for each in (one, two))
            for each in (bank, other):
                assert enrolled(each, Person()).party is not None
            made = registered(other, f"{here}/login/outside/other", claims=())
            provider = Provider("other", there, made["id"], Words("Other Bank", "另一银行"), made["secret"])
            bank.kernel.ports = bank.kernel.ports.with_peer("openid", "other", HttpProvider(provider))
            english = {"Accept-Language": "en"}
            with (
                httpx.Client(base_url=here, headers=english) as first,
                httpx.Client(base_url=there, headers=english) as second,
            ):
                yield Two(first, second)
        other.kernel.database.close()


def test_a_login_at_another_farthing_is_linked_and_signs_in(two: Two) -> None:
    here = two.here
    front = here.get("/")
    gone = send(here, front, "/login/outside")
    assert "You leave this bank" in gone.text and "SameSite=lax" in gone.headers["set-cookie"]
    refused = two.signs_in_there(gone)
    assert refused.status_code == 403 and "linked to nobody here" in refused.text

    assert send(here, here.get("/"), "/login", name=Person().phone, password=PASSWORD).status_code == 303
    gone = send(here, here.get("/me/devices"), "/me/devices/outside")
    two.there.cookies.clear()
    back = two.signs_in_there(gone)
    link = here.get(onward(back))
    review = send(here, link, "/me/devices/outside/link")
    assert "Please confirm" in review.text and str(two.there.base_url).rstrip("/") in review.text
    assert send(here, review, "/me/devices/outside/link", confirmed="1").status_code == 303
    assert "linked" in here.get("/me/devices").text

    here.cookies.clear()
    gone = send(here, here.get("/?next=/me/devices"), "/login/outside")
    back = two.signs_in_there(gone)
    assert onward(back) == "/me/devices" and back.headers["refresh"] == "0; url=/me/devices"
    assert "Signed in at another institution" in here.get("/me/devices").text
    replayed = here.get(f"/login/outside/other?{httpx.QueryParams({'state': 'x', 'code': 'y'})}")
    assert replayed.status_code == 403 and "answers no question" in replayed.text
