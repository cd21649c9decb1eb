"""Own which language a page speaks: one a person, chosen by the person, then by the browser, then by the institution.

The language of a request is set once, by :class:`Speaking`, before any handler runs, and read wherever a page is written:
templates say ``_("Save")``, tables of names mark theirs by ``N_`` and are translated when they are shown. Source strings
are English. Each door has its catalogue (``data/locales/zh/LC_MESSAGES/<door>.mo``), so that two doors change no file of
each other; a word for one thing stands in ``shared`` once.
"""

from __future__ import annotations

import gettext as catalogues
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from farthing.kit.chinese import in_chinese
from farthing.kit.shipped import DATA
from farthing.kit.words import Words

LANGUAGES: Final = ("zh", "en")
COOKIE = "farthing_language"
_WEIGHT = re.compile(r"(?:q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?")
TAGS = {"zh": "zh-CN", "en": "en"}
"""What stands in ``lang`` of the page."""
OWN_NAMES = {"zh": "中文", "en": "English"}
"""What each language calls itself, on the button that switches to it."""
FOLDER = DATA / "locales"
_SPOKEN: ContextVar[str] = ContextVar("spoken", default="zh")


def language() -> str:
    """The language that is spoken now: ``zh`` or ``en``."""
    return _SPOKEN.get()


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Speak a language for as long as this lasts."""
    before = _SPOKEN.set(chosen)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


@cache
def catalogue(chosen: str) -> catalogues.NullTranslations:
    """Every door's words in a language, as one; English is what stands in the source."""
    found = catalogues.NullTranslations()
    for path in sorted((FOLDER / chosen / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            read = catalogues.GNUTranslations(file)
        read.add_fallback(found)
        found = read
    return found


def gettext(message: str) -> str:
    """A sentence in the language that is spoken."""
    return catalogue(language()).gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """A sentence about a number of things, in the language that is spoken."""
    return catalogue(language()).ngettext(one, many, count)


def N_(message: str) -> str:
    """Mark a sentence that is translated when it is shown."""
    return message


def said(words: Words) -> str:
    """A text that has both languages, in the one that is spoken. Rules write renminbi by its code in both; who reads Chinese
    reads its sign, as everywhere else on the page."""
    return in_chinese(words.zh) if language() == "zh" else words.en


def listed(names: Iterable[str]) -> str:
    """Names one after another, as the language that is spoken lists them."""
    return ("、" if language() == "zh" else ", ").join(names)


def accepted(header: str) -> str | None:
    """The first of our languages that a browser takes (RFC 9110, 12.5.4); none where it takes neither."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = (each.strip().lower() for each in part.partition(";"))
        found = _WEIGHT.fullmatch(weight)
        if found:
            wanted.append((-float(found[1] or 1), place, tag.partition("-")[0]))
    return next((each for weight, _, each in sorted(wanted) if each in LANGUAGES and weight < 0), None)


def chosen_by(headers: Headers, default: str) -> str:
    """The language of a request: the one that was chosen here, else the browser's, else the institution's."""
    try:
        kept = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        kept = None
    if kept is not None and kept.value in LANGUAGES:
        return kept.value
    return accepted(headers.get("accept-language", "")) or default


class Speaking:
    """Set the language of each request before anything answers it."""

    def __init__(self, app: ASGIApp, default: str) -> None:
        self.app, self.default = app, default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on in its language."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with speaking(chosen_by(Headers(scope=scope), self.default)):
            await self.app(scope, receive, send)
