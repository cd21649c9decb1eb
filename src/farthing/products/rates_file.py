"""Own decoding of rate boards: a TOML or JSON table to a ``RateBoard``, strictly.

Never fills a hole: a missing edition or rate is a refusal when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from farthing.products import reading
from farthing.products.rates import Edition, RateBoard, Term, parse_term, rate_board

BOARD_FIELDS = ("kind", "name", "currency", "editions")
EDITION_FIELDS = ("effective_on", "until_on", "demand", "lump", "instalment", "call")


def decode_board(name: str, value: object) -> RateBoard:
    """A board: ``{editions = [{effective_on, demand, lump = {...}, instalment = {...}, call = {...}}]}``.

    One edition alone may be given without the list around it.
    """
    source = reading.table(value, name)
    if "editions" not in source and "effective_on" in source:
        source = {"editions": [source]}
    reading.known_only(source, BOARD_FIELDS, name)
    label = reading.text(source.get("name", name), name, "name")
    editions = reading.many(
        reading.required(source, "editions", name), lambda item: decode_edition(label, item), label, "editions"
    )
    currency = source.get("currency")
    return rate_board(label, editions, None if currency is None else reading.currency(currency, name))


def decode_edition(name: str, value: object) -> Edition:
    """One edition of a board: ``{effective_on, until_on, demand, lump = {...}, instalment = {...}, call = {...}}``."""
    where = f"{name}.editions"
    source = reading.table(value, where)
    reading.known_only(source, EDITION_FIELDS, where)
    rates: dict[tuple[str, Term | None], Decimal] = {}
    if source.get("demand") is not None:
        rates["demand", None] = reading.rate(source["demand"])
    for family in ("lump", "instalment", "call"):
        quoted: Mapping[str, Any] = reading.table(source.get(family, {}), f"{where}.{family}")
        for term, annual in quoted.items():
            rates[family, parse_term(term)] = reading.rate(annual)
    start = reading.day(reading.required(source, "effective_on", where))
    until = None if source.get("until_on") is None else reading.day(source["until_on"])
    if until is not None and until < start:
        raise reading.bad(where, "until_on", until.isoformat(), f"{start} or later", f"不早于 {start}")
    return Edition(effective_on=start, rates=rates, until_on=until)
