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
from typing import Any, get_args, get_type_hints

from farthing.evidence.model import Personal
from farthing.kit.canonical import Verbatim, plain, written

_SCALARS = frozenset({str, int, bool, type(None), datetime, date, Decimal})


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is stored under its key; ``is_personal``: it says something about somebody."""

    answer: dict[str, Any]
    is_personal: bool = False


class Form:
    """A command or result on its way to be written: its canonical text, made at most once, serves the request's digest,
    the leaf and the stored answer, where nothing in it is personal or secret."""

    __slots__ = ("_open", "_text", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self._text: Verbatim | None = None
        self._open: bool | None = None

    @property
    def text(self) -> Verbatim:
        """All of it, as it stands."""
        if self._text is None:
            self._text = Verbatim(written(self.value))
        return self._text

    @property
    def is_open(self) -> bool:
        """Whether nothing in it is personal or secret, so that it may be written everywhere as it stands."""
        if self._open is None:
            self._open = _is_open(self.value)
        return self._open


@cache
def _shape(kind: Any) -> tuple[tuple[str, bool], ...]:
    """The fields of a command or result that are written down, and which of them are personal."""
    shown = [item for item in fields(kind) if not item.metadata.get("secret")]
    return tuple((item.name, bool(item.metadata.get("personal"))) for item in shown)


@cache
def _closed(kind: Any) -> bool:
    """Whether a dataclass has a field that is personal or secret."""
    return any(item.metadata.get("personal") or item.metadata.get("secret") for item in fields(kind))


@cache
def _inner(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass whose values must be looked at: all but those declared as scalars."""
    try:
        hints = get_type_hints(kind)
    except NameError:  # it names a type that cannot be reached from here
        return tuple(item.name for item in fields(kind))
    return tuple(item.name for item in fields(kind) if not _is_scalar(hints[item.name]))


def _is_scalar(hint: Any) -> bool:
    if isinstance(hint, type):
        return hint in _SCALARS
    parts = get_args(hint)
    return bool(parts) and all(_is_scalar(each) for each in parts)


def _is_open(value: Any) -> bool:
    """Whether no part of a value is personal or secret, by what each part is and not by what it was declared as."""
    kind = type(value)
    if kind in _SCALARS:
        return True
    if is_dataclass(kind):
        return not _closed(kind) and all(map(_is_open, [getattr(value, name) for name in _inner(kind)]))
    if isinstance(value, list | tuple):
        return all(map(_is_open, value))
    return not isinstance(value, dict) or all(map(_is_open, value.values()))


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


def leaf_form(form: Form) -> Any:
    """A command or result as the evidence log keeps it: personal fields salted and hashed, secret ones absent."""
    return form.text if form.is_open else treated(form.value, lambda inner: Personal(plain(inner)))


def answer_form(form: Form) -> tuple[Any, bool]:
    """A result as it is stored for whoever asks again, without secrets; and whether it says something about somebody."""
    if form.is_open:
        return form.text, False
    met: list[Any] = []

    def as_it_is(inner: Any) -> Any:
        met.append(inner)
        return inner

    return plain(treated(form.value, as_it_is)), any(each is not None for each in met)


def bare_form(value: Any) -> Any:
    """A command as a draft keeps it once it is decided: neither secret nor personal fields."""
    return plain(treated(value, lambda _: None))
