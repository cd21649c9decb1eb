"""Own what macros know of the page on which they stand: its form token, key, path, what was typed and what was wrong.

A page is written in one go, so this is set while it is written and read by the macros, which then need no such argument.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_PAGE: ContextVar[Mapping[str, Any] | None] = ContextVar("page", default=None)


class Here:
    """The values of the page that is being written, as attributes; none where the page has no such value."""

    def __getattr__(self, name: str) -> Any:
        """One value."""
        return (_PAGE.get() or {}).get(name)

    def typed_or(self, name: str, value: Any) -> Any:
        """What was typed into a field of the form that was refused, else what the page puts there."""
        typed = self.typed
        return typed.get(name, "") if typed and name in typed else value

    def wrong(self, name: str) -> str | None:
        """The sentence at a field that was refused; none where it is right."""
        found = self.errors
        return None if not found else found.get(name)


HERE = Here()


@contextmanager
def written(values: Mapping[str, Any]) -> Iterator[None]:
    """Write a page with these values."""
    before = _PAGE.set(values)
    try:
        yield
    finally:
        _PAGE.reset(before)
