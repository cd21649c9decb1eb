"""Walk a door by its own links: every page that somebody can reach from where he comes in, without a list of pages."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx

LINK = re.compile(r'<a[^>]*\shref="(/[^"#]*)')
ID = re.compile(r"^([a-z]+_)?[0-9a-z]{16,}$|^\d+$|^\d{4}-\d\d(-\d\d)?$|:")
NO_PAGE = re.compile(r"^/(v1|assets|static|sandbox|logout|gallery)|\.(pdf|csv|zip|txt|json|py|hledger|beancount)$")


def shape(path: str) -> str:
    """What an address is, whosever it is: its ids and dates left out."""
    return "/".join("{id}" if ID.search(part) else part for part in urlsplit(path).path.split("/")) or "/"


def enter(base: str, token: str) -> httpx.Client:
    """A browser that came in by a sign-in link."""
    client = httpx.Client(base_url=base, follow_redirects=True, timeout=60, headers={"Accept-Language": "en"})
    assert client.get(f"/sandbox/enter/{token}").status_code == 200
    return client


def walk(client: httpx.Client, start: str = "/", examples: int = 1) -> dict[str, list[str]]:
    """The pages that can be reached, each with examples of its address; a link that leads nowhere is a fault."""
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
        for found in LINK.findall(answer.text):
            to = found.replace("&amp;", "&")
            if not NO_PAGE.search(urlsplit(to).path):
                waiting.append(to)
    return pages
