"""Eyes for tests of pages: chromium in a chosen language, theme and text size; what is ugly or cannot be read is told."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import CHROMIUM, Chromium

SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
PICTURES = "PYTEST_XDIST_WORKER" not in os.environ or "FARTHING_PICTURES" in os.environ
"""Whether pictures are kept: not where the whole suite runs on several processes, for nobody looks at a thousand of them."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (make test installs it as root)")

SPLIT = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const near = node.parentElement;
    if (near.closest(".id, pre, svg, .unseen, thead") || !near.getClientRects().length) continue;
    for (const word of node.data.matchAll(/[A-Za-z0-9¥,.%]+/g)) {
      const range = document.createRange();
      range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].filter(r => r.width > 0).map(r => Math.round(r.top)));
      if (lines.size > 1) found.push(word[0]);
    }
  }
  return found;
}"""
"""Words that stand on two lines, by the rectangles of their letters."""

DRAWN = """() => [...document.querySelectorAll(".chart svg")].filter(svg => svg.getBoundingClientRect().width).flatMap(svg => {
  const box = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()]);
  const cut = texts.filter(([, at]) => at.left < box.left - 2 || at.right > box.right + 2 || at.bottom > box.bottom + 3);
  const over = texts.flatMap(([text, at], number) => texts.slice(number + 1).filter(([, other]) =>
    Math.min(at.right, other.right) - Math.max(at.left, other.left) > 2 &&
    Math.min(at.bottom, other.bottom) - Math.max(at.top, other.top) > at.height * 0.3
  ).map(([other]) => `${text} and ${other} lie over each other`));
  return [...cut.map(([text]) => `${text} is cut`), ...over];
})"""
"""Words of charts that reach beyond their drawing, or lie over each other, by the rectangles of each."""

OURS = """(where) => {
  const copy = document.querySelector(where).cloneNode(true);
  copy.querySelectorAll(`bdi, [lang], .unseen${where === "main" ? ", pre" : ""}`).forEach(each => each.remove());
  document.documentElement.append(copy);
  const text = copy.innerText;
  copy.remove();
  return text;
}"""
"""What the page itself says: what a person wrote (a name, a memo) stands in ``bdi``, another language's name in its ``lang``; in
``main`` what is quoted from a file (``pre``) is not the page's own either."""
RENMINBI = re.compile(r"CNY ?[-\u2212]?\d[\d,.]*")
"""An amount as who reads English reads it; in Chinese it is ``¥8,000.00``."""
SCRIPT = Axe().axe_script
AXE = """() => {
  const slight = axe._audit.rules.filter(rule => ["minor", "moderate"].includes(rule.impact));
  const rules = Object.fromEntries(slight.map(rule => [rule.id, {enabled: false}]));
  return axe.run({resultTypes: ["violations"], rules}).then(told => told.violations);
}"""
"""Every rule of axe whose breach is serious or critical: the others are half of the work, and nobody asks what they say."""
AXE_OF_DRESS = """() => axe.run({resultTypes: ["violations"], runOnly: [
  "color-contrast", "link-in-text-block", "scrollable-region-focusable", "html-has-lang", "html-lang-valid", "valid-lang"
]}).then(told => told.violations)"""
"""The rules among them whose verdict hangs on how a page is dressed: colours, letters, width, the language that it names. The
others read its elements, which are the same in each dress."""
CODES = re.compile(r"\b(?:party|dep|loan|dec|offer|xfer|entry|consent|wallet|key)_[0-9a-z]{6,}|\b[a-z]+(?:_[a-z]+)+\b")
"""Ids and code words, which customers never read."""


@pytest.fixture
def browser(chromium: Chromium) -> Iterator[Browser]:
    """The chromium of this process, with nothing open; what a test leaves open is closed."""
    with chromium.lent() as opened:
        yield opened
        _looking.clear()
        _audited.clear()


def kept(browser: Browser, base: str, language: str, theme: str = "light", care: bool = False) -> BrowserContext:
    """A browser that has chosen how pages look. Scripts run only for axe; pages have none."""
    context = browser.new_context(
        bypass_csp=True, locale="fr-FR", color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce"
    )
    context.add_cookies(choices(base, language, theme, care))  # type: ignore[arg-type]
    return context


def choices(base: str, language: str, theme: str, care: bool) -> list[dict[str, str]]:
    """The cookies of somebody who has chosen how pages look."""
    chosen = {"farthing_language": language, "farthing_theme": theme, "farthing_care": "1" if care else "0"}
    return [{"name": name, "value": value, "url": base} for name, value in chosen.items()]


_looking: dict[int, Page] = {}
"""The page at which a browser looks at pages, by the browser: one that is at work already runs axe in half the time."""
_audited: dict[str, tuple[str, str, bool]] = {}
"""The dress in which a test first had a page checked by all of axe, by its address and by who looks. Whoever looks in that dress
once more looks at what has changed meanwhile, and has all of it checked again."""


def dressed(
    browser: Browser, base: str, language: str, theme: str, care: bool, cookies: list[dict[str, str]] | None
) -> Page:
    """The browser's page in a dress: what a new one costs is more than looking at a page."""
    page = _looking.get(id(browser))
    if page is None:
        context = kept(browser, base, language, theme, care)
        context.add_init_script(SCRIPT)  # a fifth of what sending it to each page costs
        page = _looking[id(browser)] = context.new_page()
    page.context.clear_cookies()
    page.context.add_cookies([*choices(base, language, theme, care), *(cookies or ())])  # type: ignore[list-item]
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    return page


def faults(
    browser: Browser, base: str, path: str, language: str, theme: str = "light", care: bool = False,
    widths: tuple[int, ...] = (320, 360, 1280), cookies: list[dict[str, str]] | None = None, axe: bool = True,
    picture: bool = True,
) -> list[str]:  # fmt: skip
    """What is wrong with a page in a dress, at each width; keeps a ``picture`` of each. It is loaded once: no page knows at
    the server how wide it will be."""
    found: list[str] = []
    page = dressed(browser, base, language, theme, care, cookies)
    dress = (language, theme, care)
    whole = not axe or _audited.setdefault(f"{base}{path} {cookies}", dress) == dress
    for width in widths:
        page.set_viewport_size({"width": width, "height": 780})
        if width == widths[0]:
            answer = page.goto(f"{base}{path}")
            if answer is None or answer.status != 200:
                found.append(f"{path}: {answer and answer.status}")
        name = (
            f"{path.strip('/').replace('/', '-')[:120] or 'front'}-{language}-{theme}{'-care' if care else ''}-{width}"
        )
        if picture:
            pictured(page, name)
        found += [f"{name}: {fault}" for fault in look(page, language, axe and width == widths[-1], whole=whole)]
    return found


def pictured(page: Page, name: str) -> None:
    """Keep a picture of a page as it stands, where pictures are kept; an address too long for a file is cut."""
    if PICTURES:
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name if len(name) < 200 else name[:120] + name[-60:]}.png", full_page=True)


def look(page: Page, language: str, axe: bool = True, customer: bool = False, *, whole: bool = True) -> list[str]:
    """What is wrong with the page as it stands; a ``customer`` reads neither an id nor a code word. All of axe runs, or not the
    ``whole``: what hangs on the dress (:data:`AXE_OF_DRESS`)."""
    found = []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        found.append(f"scrolls sideways by {wide}")
    found += [f"{word!r} is split" for word in page.evaluate(SPLIT)]
    found += [f"in a chart: {each}" for each in page.evaluate(DRAWN)]
    if language == "zh":
        found += [f"ASCII mark beside Han: {mark!r}" for mark in ascii_beside_han(page.evaluate(OURS, "body"))]
        found += [f"renminbi by its code: {each!r}" for each in RENMINBI.findall(page.evaluate(OURS, "main"))]
    else:
        found += [f"Han on an English page: {line!r}" for line in han(page.evaluate(OURS, "main"))]
    if customer:
        found += [f"a customer reads {code!r}" for code in CODES.findall(page.evaluate(OURS, "main"))]
    return found + (serious(page, AXE if whole else AXE_OF_DRESS) if axe else [])


def serious(page: Page, rules: str = AXE) -> list[str]:
    """What axe finds that is serious. Its script is brought to a page once, unless it came with the page's dress."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(SCRIPT)
    return [
        f"axe {item['id']}: {item['nodes'][0]['html'][:160]}"
        for item in page.evaluate(rules)
        if item["impact"] in ("serious", "critical")
    ]


def ascii_beside_han(text: str) -> list[str]:
    """Where a mark of ASCII stands beside a Han character."""
    return re.findall(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]", text)


def han(text: str) -> list[str]:
    """Lines with Han characters."""
    return [line for line in text.splitlines() if re.search(r"[\u4e00-\u9fff]", line)]
