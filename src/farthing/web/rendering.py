"""Own the templates' ground: the environment, the filters that write figures in the page's language, and ``ui``.

``ui`` holds every macro of ``templates/ui`` by its name, in every template and without an import.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.templating import Jinja2Templates
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from farthing.kit import faults
from farthing.kit.masked import masked_name, masked_number, masked_phone
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.rates import Term
from farthing.savings.deposits.model import DepositView
from farthing.web import drafts, names, speech, writing
from farthing.web.assets import asset
from farthing.web.here import HERE

FOLDER = Path(__file__).parent
templates = Jinja2Templates(FOLDER / "templates")
environment = templates.env
environment.add_extension("jinja2.ext.i18n")
environment.install_gettext_callables(speech.gettext, speech.ngettext, newstyle=True)  # type: ignore[attr-defined]
environment.trim_blocks = environment.lstrip_blocks = True


class Macros:
    """Every macro of ``templates/ui``, found by its name when it is first used."""

    def __getattr__(self, name: str) -> Any:
        """One macro; raises ``AttributeError`` for a name that no file of them has."""
        found = _macros().get(name)
        if found is None:
            raise AttributeError(name)
        return found


@cache
def _macros() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for path in sorted((FOLDER / "templates" / "ui").glob("*.html")):
        module = environment.get_template(f"ui/{path.name}").module
        found |= {name: each for name, each in vars(module).items() if not name.startswith("_")}
    return found


def _money(amount: Money, sign: bool = False) -> str:
    return writing.money(amount, speech.language(), sign=sign)


def _money_exact(value: Decimal, currency: str, places: int, sign: bool = False) -> str:
    return writing.money_exact(value, currency, places, speech.language(), sign=sign)


def _parts(amount: Money) -> tuple[str, str]:
    return writing.parts(amount, speech.language())


def _day(value: date) -> str:
    return writing.unbroken(writing.day(value, speech.language()))


def _said(words: Words) -> str:
    """Both languages' text in the one that is spoken; a date in it, written as contracts write them, stands on one line."""
    return writing.unbroken(speech.said(words))


def _short_day(value: date) -> str:
    return writing.unbroken(writing.short_day(value, speech.language(), HERE.business_date))


def _month(value: str) -> str:
    return writing.unbroken(writing.month(value, speech.language()))


def _moment(value: datetime) -> str:
    return writing.unbroken(writing.moment(value, HERE.zone, speech.language()))


def _ago(value: datetime) -> str:
    return writing.ago(value, HERE.wall, speech.language())


def _mark(currency: str) -> str:
    return writing.mark(currency, speech.language())


def _unit(note: str) -> str:
    return writing.unit(note, speech.language())


def _left(value: datetime) -> str:
    return writing.left(value, HERE.wall, speech.language())


def _on(value: datetime) -> date:
    return value.astimezone(ZoneInfo(HERE.zone)).date()


def _duration(text: Term | str | None) -> str:
    return writing.term(text, speech.language())


def _in_words(amount: Money | None) -> str:
    return writing.in_words(amount, speech.language()) if amount is not None else ""


def _rate(value: Decimal, most: int | None = None) -> str:
    return writing.rate(value, most)


_ID = re.compile(r"\b([a-z]+_[0-9a-z]{26})\b")
_AN_ID = Markup('<code class="id">{}</code>')


def _fault(problem: str) -> Markup:
    """What went wrong, with the ids in it as ids: too long for a line of a small screen."""
    pieces = _ID.split(speech.said(faults.words(problem)))  # each second one is an id
    return Markup("").join(_AN_ID.format(each) if place % 2 else each for place, each in enumerate(pieces))


def _matures(deposit: DepositView) -> str:
    return names.matures(deposit, HERE.business_date)


def _as_spoken(write: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that hangs on the language: Jinja reckons others out once, when it reads a template."""

    @pass_context
    def written(_: Context, *values: Any, **named_values: Any) -> Any:
        return write(*values, **named_values)

    return written


SPOKEN: dict[str, Callable[..., Any]] = {
    "money": _money, "money_exact": _money_exact, "parts": _parts, "day": _day, "short_day": _short_day, "month": _month,
    "moment": _moment, "on": _on, "duration": _duration, "in_words": _in_words, "said": _said, "named": names.named,
    "listed": speech.listed, "kind_named": names.kind, "event": names.event, "guard_named": names.guard,
    "operation": drafts.operation_name, "told": drafts.told,
    "ended": drafts.ended, "approvers": drafts.approvers, "kind": names.kind, "entry_kind": names.entry_kind,
    "ago": _ago, "left": _left, "unit": _unit, "mark": _mark, "operation_or_code": drafts.operation_or_code,
    "fault": _fault, "matures": _matures, "shop_name": names.shop, "device_name": names.device, "scheme": names.scheme,
}  # fmt: skip
environment.filters |= {name: _as_spoken(write) for name, write in SPOKEN.items()}
environment.filters |= {
    "figure": writing.plain, "floor": writing.floor, "rate": _rate, "masked_name": masked_name,
    "masked_phone": masked_phone,
}  # fmt: skip
environment.filters |= {
    "minor": writing.minor, "phone": writing.phone, "masked_number": masked_number,
}  # fmt: skip
environment.globals |= {
    "ui": Macros(), "here": HERE, "asset": asset, "language": speech.language, "tags": speech.TAGS,
    "own_names": speech.OWN_NAMES,
}  # fmt: skip
