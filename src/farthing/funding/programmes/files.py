"""Read a programme from its file. Pure.

::

    programme = "shops-2027"
    partner = "harvest"
    name = {en = "Shops 2027", zh = "2027 年店铺联合贷款"}
    currency = "CNY"
    place = 1                                   # in the waterfall: the lowest is served first
    products = ["shop-stock-loan"]
    part = "0.30"                               # the most of a loan it takes
    principal = {min = "5000.00", max = "200000.00"}
    instalments = {min = 3, max = 12}
    least_score = 600
    answer_within_ms = 800
    from = 2027-01-01
    until = 2027-12-31                          # may be left out
    price = {annual = "0.10"}                   # its own rate, or {fee = "0.15"} of the interest it receives; may be left out
    capacity = {outstanding = "2000000.00", a_day = "100000.00"}    # either, both, or left out

    [cover]                                     # of what the partner loses; may be left out
    giver = "safe-guarantee"                    # a partner's code; left out: this bank itself
    licence = "D-110"                           # by which the giver may guarantee or insure; left out: it has none
    part = "0.05"                               # of what the partner lent, at most
    days_past_due = 90                          # claimed then, or when the loan is given up before
    refills = true                              # what comes in afterwards may be paid out again
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from farthing.funding.programmes.model import Capacity, CoverTerms, Price, Programme
from farthing.kit.canonical import digest
from farthing.kit.tables import Table, parse
from farthing.products import reading

DIGITS = 12
"""Hexadecimal digits of a version: of the digest of the file."""


def read(file: str, source: str) -> Table:
    """What a file says, key by key; refuses ``products.unreadable``."""
    return parse(file, source, reading.as_law, quoted=True)


@lru_cache(maxsize=256)
def decode(file: str, source: str) -> Programme:
    """The programme of a file, its version a digest of it; refuses ``products.*`` by file and key, ``money.*``,
    ``savings.bad_date``. Kept: every loan that partners may lend of asks for all programmes."""
    table = read(file, source)
    currency = reading.currency(table)
    code, partner = table.text("programme"), table.text("partner")
    if re.fullmatch(r"[a-z][a-z0-9-]{0,30}", code) is None:
        raise table.wrong("programme", "is not a lower-case code", "不是小写代码")
    amounts, lengths = table.table("principal"), table.table("instalments")
    least, most = amounts.positive("min", currency), amounts.positive("max", currency)
    if most < least:
        raise amounts.wrong("max", f"must not be less than min ({least})", f"不得小于 min（{least}）")
    amounts.close()
    shortest = lengths.whole("min", 1, 360)
    longest = lengths.whole("max", shortest, 360)
    lengths.close()
    part = table.decimal("part", "0", "1")
    if not part:
        raise table.wrong("part", "must be above zero", "必须大于零")
    since = reading.day(table.take("from"))
    until = reading.day(table.take("until")) if table.has("until") else None
    if until is not None and until < since:
        raise table.wrong("until", f"must not be before from ({since})", f"不得早于 from（{since}）")
    found = Programme(
        code, partner, table.words("name"), table.whole("place", 1, 1000), table.texts("products"), part, least, most,
        shortest, longest, table.whole("least_score", 0, 1000),
        table.whole("answer_within_ms", 10, 60_000), since, until, digest(source).hex()[:DIGITS],
        table.maybe("price", lambda key: _price(table.table(key))) or Price(),
        table.maybe("capacity", lambda key: _capacity(table.table(key), currency)) or Capacity(),
        table.maybe("cover", lambda key: _cover(table.table(key), partner)),
    )  # fmt: skip
    if not found.products:
        raise table.wrong("products", "names no product", "未列出产品")
    table.close()
    return found


def _price(table: Table) -> Price:
    """What the partner lends for: its rate or our fee, and not both."""
    given = [key for key in ("annual", "fee") if table.has(key)]
    if len(given) != 1:
        raise table.wrong("annual", "and fee: give one of them", "与 fee：两者须且只须给出其一")
    found = Price(
        table.decimal("annual", "0", "1") if given == ["annual"] else None,
        table.decimal("fee", "0", "1") if given == ["fee"] else Decimal(0),
    )
    table.close()
    return found


def _capacity(table: Table, currency: str) -> Capacity:
    found = Capacity(
        table.maybe("outstanding", lambda key: table.positive(key, currency)),
        table.maybe("a_day", lambda key: table.positive(key, currency)),
    )
    table.close()
    return found


def _cover(table: Table, partner: str) -> CoverTerms:
    giver = table.text("giver") if table.has("giver") else ""
    if giver == partner:
        raise table.wrong("giver", "is the partner itself", "不得为该合作方本身")
    part = table.decimal("part", "0", "1")
    if not part:
        raise table.wrong("part", "must be above zero", "必须大于零")
    licence = table.text("licence") if giver and table.has("licence") else ""
    found = CoverTerms(part, table.whole("days_past_due", 1, 1000), table.flag("refills"), giver, licence)
    table.close()
    return found
