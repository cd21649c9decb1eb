"""Own how a command or a result is written down: the one function that treats what is personal and what is secret.

Pure. Fields made by ``secret()`` are told to whoever asked, once, and stand nowhere. Fields made by ``personal()`` are
salted and hashed in the log, stand in a stored answer as long as that is kept, and go from a draft when it is decided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from farthing.evidence.model import Personal
from farthing.kit.canonical import plain

_SCALARS = frozenset({str, int, bool, type(None), datetime, date, Decimal})


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is stored under its key; ``is_personal``: it says something about somebody."""

    answer: dict[str, Any]
    is_personal: bool = False


@cache
def _shape(kind: Any) -> tuple[tuple[str, bool], ...]:
    """The fields of a command or result that are written down, and which of them are personal."""
    shown = [item for item in fields(kind) if not item.metadata.get("secret")]
    return tuple((item.name, bool(item.metadata.get("personal"))) for item in shown)


def treated(value: Any, personal: Callable[[Any], Any]) -> Any:
    """A command or result as it may be written: without its secret fields, its personal ones as ``personal`` says."""
    if type(value) in _SCALARS:
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {
            name: personal(getattr(value, name)) if is_personal else treated(getattr(value, name), personal)
            for name, is_personal in _shape(type(value))
        }
    if isinstance(value, list | tuple):
        return [treated(item, personal) for item in value]
    if isinstance(value, dict):
        return {name: treated(item, personal) for name, item in value.items()}
    return value


def leaf_form(value: Any) -> Any:
    """A command or result as the evidence log keeps it: personal fields salted and hashed, secret ones absent."""
    return treated(value, lambda inner: Personal(plain(inner)))


def answer_form(value: Any) -> tuple[Any, bool]:
    """A result as it is stored for whoever asks again, without secrets; and whether it says something about somebody."""
    met: list[Any] = []

    def as_it_is(inner: Any) -> Any:
        met.append(inner)
        return inner

    return plain(treated(value, as_it_is)), any(each is not None for each in met)


def bare_form(value: Any) -> Any:
    """A command as a draft keeps it once it is decided: neither secret nor personal fields."""
    return plain(treated(value, lambda _: None))
