"""The pictures of the READMEs: one telling page a door, photographed in both languages in a small town.

``make pictures`` takes them anew and writes them, with the words of the page in the file itself. Without it the test takes
them again and finds what is stale: a picture whose page says other words today (figures apart), or looks otherwise from afar.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page

from farthing.identity.rules import actor_of
from farthing.parties import service as parties
from farthing.parties.model import Party
from farthing.town.growing.growth import Wanted, grow
from farthing.town.staff import demo_logins, doors, visitor
from tests.conftest import Bank
from tests.doors import served
from tests.hands import city
from tests.identity.people import PASSWORD, Person, enrolled
from tests.payments.drawers import drawer
from tests.tidy.tree import ROOT
from tests.web.eyes import browser, kept, look, pytestmark
from tests.web.test_counter import seen_by
from tests.web.test_entrance import Browser as Visitor
from tests.web.walking import enter

__all__ = ["browser", "pytestmark"]

FOLDER = ROOT / "docs" / "pictures"
TAKEN = ROOT / "var" / "pictures"
REWRITE = "FARTHING_PICTURES"
"""Set, the pictures in ``docs/pictures`` are written anew."""
README = {"en": "README.md", "zh": "README.zh.md"}
PHONE, DESK = (360, 780), (1280, 800)
LEAST_EACH, MOST_EACH, MOST_TOGETHER = 10_000, 120_000, 1_000_000
SAID = b"iTXt"
"""The kind of a part of a PNG that holds words; picture viewers do not show it."""
HEAD = b"Description\0\0\0\0\0"
MOST_UNLIKE = 0.1
"""The share of a picture's fields that may look otherwise: letters of another machine's fonts do not, another layout does."""
UNLIKE = """async pictures => {
  const fields = await Promise.all(pictures.map(async each => {
    const shown = new Image(); shown.src = "data:image/png;base64," + each; await shown.decode();
    const wide = Math.round(shown.width / 20), high = Math.round(shown.height / 20);
    const canvas = new OffscreenCanvas(wide, high), ink = canvas.getContext("2d");
    ink.imageSmoothingQuality = "high"; ink.drawImage(shown, 0, 0, wide, high);
    return ink.getImageData(0, 0, wide, high).data; }));
  let unlike = 0;
  for (let at = 0; at < fields[0].length; at += 4)
    if ([0, 1, 2].some(part => Math.abs(fields[0][at + part] - fields[1][at + part]) > 48)) unlike++;
  return unlike / (fields[0].length / 4); }"""
"""How much of two pictures of one size differs, in fields of twenty pixels."""


def open_at(path: str) -> Callable[[Page, Town], None]:
    """A page that needs no more than its address."""

    def opened(page: Page, town: Town) -> None:
        page.goto(f"{town.base}{path}")

    return opened


def pay(page: Page, town: Town) -> None:
    """By phone and amount to the page that shows it once more."""
    page.goto(f"{town.base}/pay")
    page.fill("[name=phone]", town.payee.phone)
    page.click("main form button")
    page.fill("[name=amount]", "88.50")
    page.fill("[name=memo]", "中秋月饼")
    page.click("main form button")


def serve(page: Page, town: Town) -> None:
    """A customer who stands before the teller and has shown who she is."""
    page.goto(f"{town.base}/counter/customers/{town.at_the_counter.id}")


@dataclass(frozen=True, slots=True)
class View:
    """A page that the READMEs show: at which door, how large, and how one comes to it."""

    name: str
    door: str
    size: tuple[int, int]
    come: Callable[[Page, Town], None]


VIEWS = (
    View("home", "customer", PHONE, open_at("/home")),
    View("pay", "customer", PHONE, pay),
    View("save", "customer", PHONE, open_at("/savings")),
    View("counter", "counter", DESK, serve),
    View("operator", "operator", DESK, open_at("/ops")),
    View("proof", "regulator", DESK, open_at("/proof/limits")),
    View("partner", "partner", DESK, open_at("/partner")),
)


@dataclass(frozen=True, slots=True)
class Town:
    """A small town that is served, with the cookies of who is at which door."""

    base: str
    payee: Party
    at_the_counter: Party
    cookies: dict[str, list[dict[str, str]]]


def _grown(bank: Bank) -> None:
    city(bank)
    grow(bank.kernel, Wanted(30, 4, 7), lambda what, done, total: None)
    demo_logins(bank.kernel)
    drawer(bank, actor_of("teller:teller", "teller", None), "east-1")


SAVERS = "SELECT party_id FROM deposit WHERE closed_on IS NULL GROUP BY party_id ORDER BY count(*) DESC, party_id"


def people(bank: Bank) -> tuple[Party, Party, Party]:
    """Who has put away most often, let in by a code to her phone; whom she pays; and the first who came."""
    with bank.superuser() as connection:
        savers = [bank.read(lambda tx, each=each: parties.party(tx, each[0])) for each in connection.execute(SAVERS)]
    her, him = [each for each in savers if re.fullmatch("[\u4e00-\u9fff]{3}", each.name)][:2]
    enrolled(bank, Person(her.name, her.number, her.phone))
    first = "party_" + str(visitor(bank.kernel)).rpartition(":")[2]
    return her, him, bank.read(lambda tx: parties.party(tx, first))


def live(bank: Bank, base: str) -> Town:
    """Everybody signed in, and a customer seen by the teller."""
    her, him, first = people(bank)
    seen_by(bank, first.id, "teller")
    at_home = Visitor(base)
    at_home.sign_in(her.phone or "", PASSWORD)
    cookies = {"customer": at_home.kept()}
    for door in doors(bank.kernel):
        if door.en != "customer":
            with closing(enter(base, door.token)) as client:
                cookies[door.en] = kept_of(client, base)
    return Town(base, him, first, cookies)


def kept_of(client: httpx.Client, base: str) -> list[dict[str, str]]:
    """What says who somebody is, as chromium takes it."""
    return [
        {"name": each.name, "value": each.value, "url": base}
        for each in client.cookies.jar
        if each.value and each.name not in ("farthing_language", "farthing_theme", "farthing_care")
    ]


def size_of(picture: Path) -> tuple[int, int]:
    """How wide and high a PNG is, by its head."""
    head = picture.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n"), f"{picture.name} is no PNG"
    width, height = struct.unpack(">II", head[16:24])
    return int(width), int(height)


def with_words(picture: bytes, words: str) -> bytes:
    """A PNG that keeps the words of the page it shows, before its end."""
    part = SAID + HEAD + words.encode()
    end = picture.rindex(b"IEND") - 4
    return picture[:end] + struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) + picture[end:]


def words_in(picture: bytes) -> str:
    """The words that a PNG keeps; nothing where it keeps none."""
    at = 8
    while at < len(picture):
        length, kind = struct.unpack(">I4s", picture[at : at + 8])
        if kind == SAID:
            return picture[at + 8 + len(HEAD) : at + 8 + length].decode()
        at += 12 + length
    return ""


def words_on(page: Page) -> str:
    """What a page says, without its figures: those hang on each payment of the town, and a picture need not."""
    return re.sub(r"[\d.,]+", "#", " ".join(page.inner_text("body").split()))


def test_a_picture_keeps_the_words_of_its_page() -> None:
    taken = (FOLDER / "home-zh.png").read_bytes()
    assert words_in(with_words(taken.replace(SAID, b"iTXx"), "余额 #")) == "余额 #"
    assert words_in(b"\x89PNG\r\n\x1a\n") == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_readme_shows_every_picture_and_each_is_small(language: str) -> None:
    readme = (ROOT / README[language]).read_text(encoding="utf-8")
    for view in VIEWS:
        name = f"{view.name}-{language}.png"
        assert size_of(FOLDER / name) == view.size, name
        assert LEAST_EACH < (FOLDER / name).stat().st_size < MOST_EACH, name
        assert words_in((FOLDER / name).read_bytes()), f"{name} was not taken by make pictures"
        assert f"docs/pictures/{name}" in readme, f"{README[language]} does not show {name}"
    every = sorted(FOLDER.iterdir())
    assert [each.name for each in every] == sorted(f"{view.name}-{each}.png" for view in VIEWS for each in README)
    assert sum(each.stat().st_size for each in every) < MOST_TOGETHER


@pytest.fixture
def grown(bank: Bank) -> Bank:
    """The town; it has grown before a browser's loop runs."""
    bank.begin("town of thirty with an open drawer", _grown)
    return bank


@pytest.mark.prove
def test_every_picture_can_be_taken_as_it_is_shown(grown: Bank, browser: Browser) -> None:
    folder = FOLDER if os.environ.get(REWRITE) else TAKEN
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    with served(grown) as base:
        town = live(grown, base)
        for language in README:
            for view in VIEWS:
                found += photographed(browser, town, view, language, folder / f"{view.name}-{language}.png")
    assert not found, "\n".join(found)


def photographed(browser: Browser, town: Town, view: View, language: str, picture: Path) -> list[str]:
    """Come to a page and take its picture; what is wrong with it is told."""
    with closing(kept(browser, town.base, language)) as context:
        context.add_cookies(
            [  # type: ignore[list-item]
                each for each in town.cookies[view.door] if each["name"] in ("farthing_session", "farthing_form")
            ]
        )
        page = context.new_page()
        page.set_viewport_size({"width": view.size[0], "height": view.size[1]})
        view.come(page, town)
        page.screenshot(path=picture)
        picture.write_bytes(with_words(picture.read_bytes(), words_on(page)))
        assert size_of(picture) == view.size, picture.name
        assert LEAST_EACH < picture.stat().st_size < MOST_EACH, f"{picture.name}: {picture.stat().st_size}"
        found = look(page, language, axe=False) + stale(page, picture)
        return [f"{picture.name}: {fault}" for fault in found]


def stale(page: Page, picture: Path) -> list[str]:
    """In what the README's picture is another than the one that was taken now."""
    taken, shown = picture.read_bytes(), (FOLDER / picture.name).read_bytes()
    found = []
    if words_in(taken) != words_in(shown):
        found.append(
            f"is stale, take it anew by make pictures: the page says {words_in(taken)!r}, not {words_in(shown)!r}"
        )
    unlike = page.evaluate(UNLIKE, [b64encode(each).decode() for each in (taken, shown)])
    if unlike > MOST_UNLIKE:
        found.append(f"is stale, take it anew by make pictures: {unlike:.0%} of it looks otherwise today")
    return found
