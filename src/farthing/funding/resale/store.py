"""Read and write ``market_sale`` and ``market_resale``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.funding.resale.model import PriceParts, Resale, Sale, SaleState, Traded
from farthing.kit.money import Money

INSERT: LiteralString = """
    INSERT INTO market_sale (listing_id, id, loan_id, party_id, currency, offered_minor, sold_minor, since, state)
    VALUES (%(listing_id)s, %(id)s, %(loan_id)s, %(party_id)s, %(currency)s, %(offered)s, 0, %(since)s, 'open')
"""
SALE: LiteralString = "SELECT * FROM market_sale WHERE id = %(id)s"
OPEN: LiteralString = "SELECT * FROM market_sale WHERE state = 'open' ORDER BY since, id"
OF_PARTY: LiteralString = """
    SELECT * FROM market_sale WHERE party_id = %(party_id)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s
"""
OPEN_OF: LiteralString = """
    SELECT * FROM market_sale WHERE party_id = %(party_id)s AND listing_id = %(listing_id)s AND state = 'open' ORDER BY since, id
"""
END: LiteralString = """
    UPDATE market_sale SET state = %(state)s, ended_on = %(on)s
    WHERE listing_id = %(listing_id)s AND id = %(id)s AND state = 'open'
"""
SOLD: LiteralString = """
    UPDATE market_sale AS sale SET sold_minor = sold_minor + new.minor,
        state = CASE WHEN sold_minor + new.minor = offered_minor THEN 'sold' ELSE state END,
        ended_on = CASE WHEN sold_minor + new.minor = offered_minor THEN %(on)s ELSE ended_on END
    FROM unnest(%(ids)s::text[], %(minors)s::bigint[]) AS new (id, minor)
    WHERE sale.listing_id = %(listing_id)s AND sale.id = new.id AND sale.state = 'open'
"""
OWNER: LiteralString = "SELECT party_id FROM market_sale WHERE id = %(id)s"
PLAN: LiteralString = """
    INSERT INTO market_resale (
        listing_id, id, loan_id, sale_id, on_day, state, seller_id, from_mandate, buyer_id, to_mandate, currency, principal_minor
    )
    SELECT new.listing_id, new.id, new.loan_id, new.sale_id, %(on)s, 'planned', new.seller, new.from_mandate, new.buyer,
        new.to_mandate, %(currency)s, new.principal
    FROM unnest(%(listings)s::text[], %(ids)s::text[], %(loans)s::text[], %(sales)s::text[], %(sellers)s::text[],
        %(from_mandates)s::text[], %(buyers)s::text[], %(to_mandates)s::text[], %(principals)s::bigint[])
        AS new (listing_id, id, loan_id, sale_id, seller, from_mandate, buyer, to_mandate, principal)
"""
NEXT: LiteralString = """
    SELECT min(listing_id) AS listing_id FROM market_resale
    WHERE state = 'planned' AND on_day = %(on)s AND listing_id > %(after)s
"""
PLANNED: LiteralString = """
    SELECT * FROM market_resale WHERE listing_id = %(listing_id)s AND on_day = %(on)s AND state = 'planned' ORDER BY id
"""
DONE: LiteralString = """
    UPDATE market_resale AS resale SET state = 'done', price_minor = new.price, interest_minor = new.interest,
        left_minor = %(left)s, done_at = %(at)s, days_late = %(days_late)s, part = %(part)s, to_lose = %(to_lose)s
    FROM unnest(%(ids)s::text[], %(prices)s::bigint[], %(interests)s::bigint[]) AS new (id, price, interest)
    WHERE resale.listing_id = %(listing_id)s AND resale.id = new.id AND resale.state = 'planned'
"""
DROP: LiteralString = """
    UPDATE market_resale SET state = 'dropped' WHERE listing_id = %(listing_id)s AND id = ANY(%(ids)s) AND state = 'planned'
"""
SOLD_SINCE: LiteralString = """
    SELECT CAST(coalesce(sum(principal_minor), 0) AS bigint) AS minor FROM market_resale
    WHERE state = 'done' AND on_day > %(since)s
"""
LAST_SOLD: LiteralString = """
    SELECT seller_id, max(on_day) AS on_day FROM market_resale WHERE state = 'done' AND seller_id = ANY(%(parties)s)
    GROUP BY seller_id
"""
TRADES_OF: LiteralString = """
    SELECT * FROM market_resale
    WHERE (seller_id = %(party_id)s OR buyer_id = %(party_id)s) AND state = 'done' AND id < %(before)s
    ORDER BY id DESC LIMIT %(limit)s
"""
TRADED: LiteralString = """
    SELECT loan_id,
        CAST(coalesce(sum(principal_minor) FILTER (WHERE seller_id = %(party_id)s), 0) AS bigint) AS sold_principal,
        CAST(coalesce(sum(price_minor) FILTER (WHERE seller_id = %(party_id)s), 0) AS bigint) AS sold,
        CAST(coalesce(sum(interest_minor) FILTER (WHERE seller_id = %(party_id)s), 0) AS bigint) AS sold_interest,
        CAST(coalesce(sum(principal_minor) FILTER (WHERE buyer_id = %(party_id)s), 0) AS bigint) AS bought_principal,
        CAST(coalesce(sum(price_minor) FILTER (WHERE buyer_id = %(party_id)s), 0) AS bigint) AS bought,
        CAST(coalesce(sum(interest_minor) FILTER (WHERE buyer_id = %(party_id)s), 0) AS bigint) AS bought_interest
    FROM market_resale
    WHERE (seller_id = %(party_id)s OR buyer_id = %(party_id)s) AND state = 'done' AND on_day BETWEEN %(first)s AND %(last)s
    GROUP BY loan_id
"""
OF_LISTINGS: LiteralString = "SELECT * FROM market_resale WHERE listing_id = ANY(%(ids)s) ORDER BY listing_id, id"
SALES_OF_LISTINGS: LiteralString = "SELECT * FROM market_sale WHERE listing_id = ANY(%(ids)s) ORDER BY listing_id, id"
LAST = "~"
"""After every id: they begin with a letter."""


def insert(tx: Tx, sale: Sale) -> None:
    """Keep a sale that begins."""
    tx.execute(INSERT, {
        "listing_id": sale.listing_id, "id": sale.id, "loan_id": sale.loan_id, "party_id": sale.party_id,
        "currency": sale.offered.currency, "offered": sale.offered.minor, "since": sale.since,
    })  # fmt: skip


def sale(tx: Tx, sale_id: str) -> Sale | None:
    """A sale, or none."""
    row = tx.maybe(SALE, {"id": sale_id})
    return _sale(row) if row else None


def still_open(tx: Tx) -> list[Sale]:
    """All sales that seek buyers, the oldest first."""
    return [_sale(row) for row in tx.rows(OPEN, {})]


def of_party(tx: Tx, party_id: str, before: str, limit: int) -> list[Sale]:
    """A lender's sales, the newest first, from before an id."""
    return [_sale(row) for row in tx.rows(OF_PARTY, {"party_id": party_id, "before": before or LAST, "limit": limit})]


def open_of(tx: Tx, party_id: str, listing_id: str) -> list[Sale]:
    """A lender's open sales of one listing, the oldest first."""
    return [_sale(row) for row in tx.rows(OPEN_OF, {"party_id": party_id, "listing_id": listing_id})]


def end(tx: Tx, sale: Sale, state: SaleState, on: date) -> None:
    """End an open sale."""
    tx.execute(END, {"listing_id": sale.listing_id, "id": sale.id, "state": state, "on": on})


def sold(tx: Tx, listing_id: str, minors: dict[str, int], on: date) -> int:
    """Count what was sold of open sales of a listing; answers of how many."""
    named = {"ids": rows.texts(list(minors)), "minors": rows.int8s(list(minors.values()))}
    return tx.execute(SOLD, {"listing_id": listing_id, "on": on, **named})


def owner(tx: Tx, sale_id: str) -> str | None:
    """Whose a sale is, or none."""
    row = tx.maybe(OWNER, {"id": sale_id})
    return row["party_id"] if row else None


def plan(tx: Tx, resales: Sequence[Resale], on: date, currency: str) -> None:
    """Keep what is to be sold on a day."""
    if resales:
        tx.execute(PLAN, {
            "on": on, "currency": currency, "listings": rows.texts([each.listing_id for each in resales]),
            "ids": rows.texts([each.id for each in resales]), "loans": rows.texts([each.loan_id for each in resales]),
            "sales": rows.texts([each.sale_id for each in resales]), "sellers": rows.texts([each.seller for each in resales]),
            "from_mandates": rows.texts([each.from_mandate for each in resales]),
            "buyers": rows.texts([each.buyer for each in resales]),
            "to_mandates": rows.texts([each.to_mandate for each in resales]),
            "principals": rows.int8s([each.principal.minor for each in resales]),
        })  # fmt: skip


def next_planned(tx: Tx, on: date, after: str) -> str | None:
    """The next listing of which something is to be sold on a day, or none."""
    found = tx.one(NEXT, {"on": on, "after": after})["listing_id"]
    return None if found is None else str(found)


def planned(tx: Tx, listing_id: str, on: date) -> list[Resale]:
    """What is to be sold of a listing on a day."""
    return [_resale(row) for row in tx.rows(PLANNED, {"listing_id": listing_id, "on": on})]


def done(tx: Tx, listing_id: str, resales: Sequence[Resale]) -> int:
    """Keep that planned resales of a listing are done, at their prices; answers how many."""
    prices = [each.price.minor for each in resales if each.price is not None]
    interests = [each.interest.minor for each in resales if each.interest is not None]
    left = next(each.of_left.minor for each in resales if each.of_left is not None)
    parts = next(each.parts for each in resales if each.parts is not None)
    return tx.execute(DONE, {
        "listing_id": listing_id, "left": left, "at": tx.now, "days_late": parts.days_late, "part": parts.part,
        "to_lose": parts.to_lose, "ids": rows.texts([each.id for each in resales]),
        "prices": rows.int8s(prices), "interests": rows.int8s(interests),
    })  # fmt: skip


def drop(tx: Tx, listing_id: str, ids: Sequence[str]) -> None:
    """Planned resales that are not done."""
    if ids:
        tx.execute(DROP, {"listing_id": listing_id, "ids": rows.texts(ids)})


def sold_since(tx: Tx, day: date) -> int:
    """Principal that was sold after a day, in minor units."""
    return int(tx.one(SOLD_SINCE, {"since": day})["minor"])


def last_sold(tx: Tx, parties: Sequence[str]) -> dict[str, date]:
    """On which day these sold anything last, of those that ever did."""
    return {row["seller_id"]: row["on_day"] for row in tx.rows(LAST_SOLD, {"parties": rows.texts(parties)})}


def trades_of(tx: Tx, party_id: str, before: str, limit: int) -> list[Resale]:
    """What somebody sold or bought, the newest first, from before an id."""
    asked = {"party_id": party_id, "before": before or LAST, "limit": limit}
    return [_resale(row) for row in tx.rows(TRADES_OF, asked)]


def traded(tx: Tx, party_id: str, first: date, last: date) -> dict[str, Traded]:
    """By loan what somebody sold and bought from a day to a day."""
    found = tx.rows(TRADED, {"party_id": party_id, "first": first, "last": last})
    return {row["loan_id"]: Traded(**{name: row[name] for name in row if name != "loan_id"}) for row in found}


def of_listings(tx: Tx, listing_ids: Sequence[str]) -> tuple[list[Sale], list[Resale]]:
    """All sales of some listings, and all resales."""
    named = {"ids": rows.texts(listing_ids)}
    return (
        [_sale(row) for row in tx.rows(SALES_OF_LISTINGS, named)],
        [_resale(row) for row in tx.rows(OF_LISTINGS, named)],
    )


def _sale(row: Row) -> Sale:
    offered, sold = (Money(row[f"{each}_minor"], row["currency"]) for each in ("offered", "sold"))
    return Sale(
        row["id"],
        row["listing_id"],
        row["loan_id"],
        row["party_id"],
        offered,
        sold,
        row["since"],
        row["state"],
        row["ended_on"],
    )


def _resale(row: Row) -> Resale:
    def money(name: str) -> Money | None:
        minor = row[f"{name}_minor"]
        return None if minor is None else Money(minor, row["currency"])

    return Resale(
        row["id"], row["listing_id"], row["loan_id"], row["sale_id"], row["on_day"], row["state"], row["seller_id"],
        row["from_mandate"], row["buyer_id"], row["to_mandate"], Money(row["principal_minor"], row["currency"]), money("price"),
        money("interest"), money("left"),
        None if row["part"] is None else PriceParts(row["days_late"], row["part"], row["to_lose"]),
    )  # fmt: skip
