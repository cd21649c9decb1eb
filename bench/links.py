"""Which addresses a page leads to, and what an address is, whosever it is: for walks of a door by its own links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

LINK = re.compile(r'<a[^>]*\shref="(/[^"#]*)')
ID = re.compile(r"^([a-z]+_)?[0-9a-z]{16,}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^\d+$|^\d{4}-\d\d(-\d\d)?$|:")
NO_PAGE = re.compile(r"^/(v1|assets|static|sandbox|logout|gallery)|\.(pdf|csv|zip|txt|json|py|hledger|beancount)$")
"""What is a file, or would end the visit."""


def shape(path: str) -> str:
    """An address without its ids and dates."""
    return "/".join("{id}" if ID.search(unquote(part)) else part for part in urlsplit(path).path.split("/")) or "/"


def links(html: str) -> Iterator[str]:
    """The pages that a page leads to, within the same server."""
    for found in LINK.findall(html):
        path = found.replace("&amp;", "&")
        if not NO_PAGE.search(urlsplit(path).path):
            yield path
