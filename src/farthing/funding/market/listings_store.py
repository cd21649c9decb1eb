"""Read and write ``market_listing`` and ``market_fill``. Never decides.

What is out is reckoned of what was given and bought, less what was sold (``market_resale``): of each the part that was not repaid
since, rounded against whoever would lend more; of a loan that was given up nothing is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.funding.market.listings_model import Fill, Listing, State, Worth
from farthing.kernel.operation import decode
from farthing.kit.canonical import canonical
from farthing.kit.money import Money

INSERT: LiteralString = """
    INSERT INTO market_listing (
        id, loan_id, party_id, product, purpose, region, months, currency, principal_minor, amount_minor, note_minor,
        kept_minor, kept_until, per_lender_minor, least_minor, worth, reflection_days, listed_on, closes_on, state,
        partners_minor, backed
    ) VALUES (
        %(id)s, %(loan_id)s, %(party_id)s, %(product)s, %(purpose)s, %(region)s, %(months)s, %(currency)s, %(principal)s,
        %(amount)s, %(note)s, %(kept)s, %(kept_until)s, %(per_lender)s, %(least)s, %(worth)s::text::jsonb,
        %(reflection_days)s, %(listed_on)s, %(closes_on)s, %(state)s, %(partners)s, %(backed)s
    ) ON CONFLICT (id) DO NOTHING
"""
BY_ID: LiteralString = "SELECT * FROM market_listing WHERE id = ANY(%(ids)s)"
LOCK: LiteralString = "UPDATE market_listing SET state = state WHERE id = %(id)s RETURNING *"
OPEN: LiteralString = """
    SELECT * FROM market_listing WHERE state = 'open' AND closes_on >= %(on)s AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
PAGE: LiteralString = "SELECT * FROM market_listing WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
OF_PARTY: LiteralString = "SELECT * FROM market_listing WHERE party_id = %(party_id)s ORDER BY listed_on DESC, id"
OF_BORROWERS: LiteralString = """
    SELECT id, loan_id, party_id, state FROM market_listing
    WHERE party_id = ANY(%(parties)s) AND state IN ('open', 'full', 'placed') ORDER BY id
"""
ENDING: LiteralString = """
    SELECT * FROM market_listing
    WHERE (state = 'full' OR (state = 'open' AND closes_on <= %(on)s)) AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
FILLED_UP: LiteralString = """
    SELECT * FROM market_listing
    WHERE (state = 'open' AND filled_minor = amount_minor) OR (state = 'full' AND ready_on <= %(on)s) ORDER BY id LIMIT %(limit)s
"""
OF_BATCH: LiteralString = """
    SELECT * FROM market_fill WHERE party_id = %(party_id)s AND batch_id = %(batch_id)s ORDER BY id
"""
ALL_OF_BATCH: LiteralString = "SELECT * FROM market_fill WHERE batch_id = %(batch_id)s ORDER BY listing_id, id"
SET_STATE: LiteralString = """
    UPDATE market_listing SET state = %(state)s, ready_on = %(ready_on)s WHERE id = %(id)s
"""
TAKE: LiteralString = """
    UPDATE market_listing SET filled_minor = filled_minor + %(minor)s, picked_minor = picked_minor + %(picked)s
    WHERE id = %(id)s AND state IN ('open', 'full')
"""
INTO_BATCH: LiteralString = """
    UPDATE market_listing AS listing SET in_batch_minor = new.minor
    FROM unnest(%(ids)s::text[], %(minors)s::bigint[], %(filled)s::bigint[]) AS new (id, minor, filled)
    WHERE listing.id = new.id AND listing.state = 'open' AND listing.in_batch_minor = 0
        AND listing.filled_minor = new.filled
"""
FILLED: LiteralString = """
    UPDATE market_listing AS listing
    SET filled_minor = listing.filled_minor + new.minor, in_batch_minor = listing.in_batch_minor - new.minor
    FROM unnest(%(ids)s::text[], %(minors)s::bigint[]) AS new (id, minor)
    WHERE listing.id = new.id AND listing.state = 'open' RETURNING listing.id
"""
OUT_OF_BATCH: LiteralString = """
    UPDATE market_listing SET in_batch_minor = 0 WHERE id = ANY(%(ids)s) AND in_batch_minor > 0
"""
LOST: LiteralString = "UPDATE market_listing SET lost = true WHERE id = ANY(%(ids)s)"
EXPECTED_LOSS: LiteralString = """
    SELECT CAST(coalesce(sum(CAST(worth #>> '{expected_loss,minor}' AS numeric)
        * (filled_minor - repaid_minor) / principal_minor), 0) AS bigint) AS minor
    FROM market_listing WHERE state = 'placed' AND NOT lost AND filled_minor > repaid_minor AND currency = %(currency)s
"""
REPAID: LiteralString = """
    UPDATE market_listing AS listing SET repaid_minor = new.minor
    FROM unnest(%(ids)s::text[], %(minors)s::bigint[]) AS new (id, minor)
    WHERE listing.id = new.id
"""
INSERT_FILLS: LiteralString = """
    INSERT INTO market_fill (
        listing_id, id, party_id, batch_id, mandate_id, currency, amount_minor, filled_on, filled_at
    )
    SELECT new.listing_id, new.id, new.party_id, %(batch_id)s, new.mandate_id, %(currency)s, new.amount, %(on)s, %(at)s
    FROM unnest(%(listings)s::text[], %(ids)s::text[], %(parties)s::text[], %(mandates)s::text[], %(amounts)s::bigint[])
        AS new (listing_id, id, party_id, mandate_id, amount)
"""
FILLS: LiteralString = "SELECT * FROM market_fill WHERE listing_id = %(listing_id)s ORDER BY filled_at, id"
FILL: LiteralString = "SELECT * FROM market_fill WHERE listing_id = %(listing_id)s AND id = %(id)s"
RETURN: LiteralString = """
    UPDATE market_fill SET returned_on = %(on)s
    WHERE listing_id = %(listing_id)s AND id = ANY(%(ids)s) AND returned_on IS NULL
"""
OF_LENDER: LiteralString = """
    SELECT * FROM market_fill WHERE party_id = %(party_id)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s
"""
LOTS_OUT: LiteralString = """
    SELECT fill.listing_id, fill.party_id, fill.mandate_id, fill.amount_minor AS given,
        ceil(CAST(fill.amount_minor AS numeric) * (listing.filled_minor - listing.repaid_minor) / listing.filled_minor) AS out,
        fill.filled_at AS at, listing.lost
    FROM market_fill AS fill JOIN market_listing AS listing ON listing.id = fill.listing_id
    WHERE fill.returned_on IS NULL
    UNION ALL
    SELECT bought.listing_id, bought.buyer_id, bought.to_mandate, bought.principal_minor,
        ceil(CAST(bought.principal_minor AS numeric) * (listing.filled_minor - listing.repaid_minor) / bought.left_minor),
        bought.done_at, listing.lost
    FROM market_resale AS bought JOIN market_listing AS listing ON listing.id = bought.listing_id
    WHERE bought.state = 'done'
    UNION ALL
    SELECT sold.listing_id, sold.seller_id, sold.from_mandate, 0,
        -floor(CAST(sold.principal_minor AS numeric) * (listing.filled_minor - listing.repaid_minor) / sold.left_minor),
        CAST(NULL AS timestamptz), listing.lost
    FROM market_resale AS sold JOIN market_listing AS listing ON listing.id = sold.listing_id
    WHERE sold.state = 'done'
"""
LENT: LiteralString = f"""
    SELECT lot.mandate_id, CAST(greatest(sum(lot.out), 0) AS bigint) AS minor FROM ({LOTS_OUT}) AS lot
    WHERE lot.party_id = %(party_id)s AND NOT lot.lost GROUP BY lot.mandate_id
"""
BY_MANDATE: LiteralString = f"""
    SELECT lot.mandate_id, CAST(sum(lot.given) AS bigint) AS given,
        CAST(greatest(sum(CASE WHEN lot.lost THEN 0 ELSE lot.out END), 0) AS bigint) AS out, max(lot.at) AS filled_at
    FROM ({LOTS_OUT}) AS lot WHERE lot.mandate_id <> '' GROUP BY lot.mandate_id
"""
OF_LENDERS: LiteralString = f"""
    SELECT lot.mandate_id, CAST(sum(lot.given) AS bigint) AS given,
        CAST(greatest(sum(CASE WHEN lot.lost THEN 0 ELSE lot.out END), 0) AS bigint) AS out, max(lot.at) AS filled_at
    FROM ({LOTS_OUT}) AS lot WHERE lot.mandate_id <> '' AND lot.party_id = ANY(%(parties)s) GROUP BY lot.mandate_id
"""
LOTS: LiteralString = f"""
    SELECT lot.listing_id, lot.party_id, lot.mandate_id, CAST(greatest(sum(lot.out), 0) AS bigint) AS minor
    FROM ({LOTS_OUT}) AS lot WHERE lot.listing_id = ANY(%(ids)s) GROUP BY lot.listing_id, lot.party_id, lot.mandate_id
"""
GIVEN: LiteralString = """
    SELECT listing.state, listing.loan_id, CAST(sum(fill.amount_minor) AS bigint) AS minor
    FROM market_fill AS fill JOIN market_listing AS listing ON listing.id = fill.listing_id
    WHERE fill.party_id = %(party_id)s AND fill.returned_on IS NULL AND listing.state IN ('open', 'full', 'placed')
    GROUP BY listing.state, listing.loan_id ORDER BY listing.loan_id
"""
TALLIES: LiteralString = """
    SELECT state, count(*) AS listings, CAST(sum(amount_minor) AS bigint) AS amount, CAST(sum(filled_minor) AS bigint) AS filled
    FROM market_listing WHERE currency = %(currency)s GROUP BY state
"""
NOT_PLACED: LiteralString = """
    SELECT listing_id, party_id, CAST(sum(amount_minor) AS bigint) AS minor FROM market_fill
    WHERE listing_id = ANY(%(ids)s) AND returned_on IS NULL GROUP BY listing_id, party_id
"""
FILL_OWNER: LiteralString = "SELECT DISTINCT party_id FROM market_fill WHERE id = %(id)s"
LAST = "fill_~"
"""After every id of a fill: they are made of letters and digits."""


def insert(tx: Tx, listing: Listing) -> bool:
    """Keep a listing that begins; false where the loan has one."""
    return tx.execute(INSERT, {
        "id": listing.id, "loan_id": listing.loan_id, "party_id": listing.party_id, "product": listing.product,
        "purpose": listing.purpose, "region": listing.region, "months": listing.months, "currency": listing.amount.currency,
        "principal": listing.principal.minor, "amount": listing.amount.minor, "note": listing.note.minor,
        "kept": listing.kept.minor, "kept_until": listing.kept_until, "per_lender": listing.per_lender.minor,
        "least": listing.least.minor, "worth": canonical(listing.worth).decode(), "reflection_days": listing.reflection_days,
        "listed_on": listing.listed_on, "closes_on": listing.closes_on, "state": listing.state,
        "partners": listing.partners.minor, "backed": listing.backed,
    }) == 1  # fmt: skip


def by_id(tx: Tx, ids: Sequence[str]) -> dict[str, Listing]:
    """Listings, those that there are."""
    return {row["id"]: _listing(row) for row in tx.rows(BY_ID, {"ids": rows.texts(ids)})} if ids else {}


def locked(tx: Tx, listing_id: str) -> Listing | None:
    """A listing, held until this transaction ends, or none."""
    row = tx.maybe(LOCK, {"id": listing_id})
    return _listing(row) if row else None


def still_open(tx: Tx, on: date, after: str, limit: int) -> list[Listing]:
    """Listings that seek lenders on a day, by id."""
    return [_listing(row) for row in tx.rows(OPEN, {"on": on, "after": after, "limit": limit})]


def page(tx: Tx, after: str, limit: int) -> list[Listing]:
    """Every listing, by id."""
    return [_listing(row) for row in tx.rows(PAGE, {"after": after, "limit": limit})]


def of_party(tx: Tx, party_id: str) -> list[Listing]:
    """The listings of a borrower, the newest first."""
    return [_listing(row) for row in tx.rows(OF_PARTY, {"party_id": party_id})]


def of_borrowers(tx: Tx, parties: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """Listing, loan, borrower and state of all that these owe, or will, through the marketplace."""
    found = tx.rows(OF_BORROWERS, {"parties": rows.texts(parties)}) if parties else []
    return [(row["id"], row["loan_id"], row["party_id"], row["state"]) for row in found]


def ending(tx: Tx, on: date, after: str, limit: int) -> list[Listing]:
    """Listings of which something may end with a day, by id."""
    return [_listing(row) for row in tx.rows(ENDING, {"on": on, "after": after, "limit": limit})]


def filled_up(tx: Tx, on: date, limit: int) -> list[Listing]:
    """Listings that are filled and not placed, and may be on a day, by id."""
    return [_listing(row) for row in tx.rows(FILLED_UP, {"on": on, "limit": limit})]


def set_state(tx: Tx, listing_id: str, state: State, ready_on: date | None) -> None:
    """Let a listing stand otherwise."""
    tx.execute(SET_STATE, {"id": listing_id, "state": state, "ready_on": ready_on})


def take(tx: Tx, listing_id: str, minor: int, picked: int) -> None:
    """Count what was given (or below zero, taken back), and what of it was picked by hand."""
    tx.execute(TAKE, {"id": listing_id, "minor": minor, "picked": picked})


def into_batch(tx: Tx, minors: Mapping[str, int], filled: Mapping[str, int]) -> int:
    """Set aside what a batch may fill of listings of which so much is ``filled`` as the batch was told; answers of how many."""
    ids = list(minors)
    return tx.execute(INTO_BATCH, {
        "ids": rows.texts(ids), "minors": rows.int8s([minors[each] for each in ids]),
        "filled": rows.int8s([filled[each] for each in ids]),
    })  # fmt: skip


def filled(tx: Tx, minors: Mapping[str, int]) -> set[str]:
    """Count what a batch fills of listings; answers those that are still open and took it."""
    if not minors:
        return set()
    named = {"ids": rows.texts(list(minors)), "minors": rows.int8s(list(minors.values()))}
    return {row[0] for row in tx.tuples(FILLED, named)}


def out_of_batch(tx: Tx, ids: Sequence[str]) -> None:
    """Nothing of these listings is set aside any more."""
    tx.execute(OUT_OF_BATCH, {"ids": rows.texts(ids)})


def repaid(tx: Tx, minors: Mapping[str, int]) -> None:
    """Keep what of the lenders' principal of listings was repaid, and shared out."""
    if minors:
        tx.execute(REPAID, {"ids": rows.texts(list(minors)), "minors": rows.int8s(list(minors.values()))})


def lost(tx: Tx, ids: Sequence[str]) -> None:
    """Keep that the loans of these listings were given up."""
    tx.execute(LOST, {"ids": rows.texts(ids)})


def expected_loss(tx: Tx, currency: str) -> int:
    """What is expected to be lost of all that lenders have out, in minor units, by the valuations of its loans."""
    return int(tx.one(EXPECTED_LOSS, {"currency": currency})["minor"])


def insert_fills(tx: Tx, fills: Sequence[Fill]) -> None:
    """Keep fills of one instant, of one batch or of none."""
    if not fills:
        return
    first = fills[0]
    tx.execute(INSERT_FILLS, {
        "batch_id": first.batch_id, "currency": first.amount.currency, "on": first.filled_on, "at": first.filled_at,
        "listings": rows.texts([each.listing_id for each in fills]), "ids": rows.texts([each.id for each in fills]),
        "parties": rows.texts([each.party_id for each in fills]),
        "mandates": rows.texts([each.mandate_id for each in fills]),
        "amounts": rows.int8s([each.amount.minor for each in fills]),
    })  # fmt: skip


def fills(tx: Tx, listing_id: str) -> list[Fill]:
    """All fills of a listing, returned ones too, in the order in which they came."""
    return [_fill(row) for row in tx.rows(FILLS, {"listing_id": listing_id})]


def fill(tx: Tx, listing_id: str, fill_id: str) -> Fill | None:
    """One fill, or none."""
    row = tx.maybe(FILL, {"listing_id": listing_id, "id": fill_id})
    return _fill(row) if row else None


def give_back(tx: Tx, listing_id: str, ids: Sequence[str], on: date) -> int:
    """Mark fills as given back; answers how many were not before."""
    return tx.execute(RETURN, {"listing_id": listing_id, "ids": rows.texts(ids), "on": on})


def of_lender(tx: Tx, party_id: str, before: str, limit: int) -> list[Fill]:
    """What a lender gave, the newest first, from before an id."""
    return [_fill(row) for row in tx.rows(OF_LENDER, {"party_id": party_id, "before": before or LAST, "limit": limit})]


def of_batch(tx: Tx, party_id: str, batch_id: str) -> list[Fill]:
    """What a lender gave by a batch."""
    return [_fill(row) for row in tx.rows(OF_BATCH, {"party_id": party_id, "batch_id": batch_id})]


def all_of_batch(tx: Tx, batch_id: str) -> list[Fill]:
    """All fills of a batch."""
    return [_fill(row) for row in tx.rows(ALL_OF_BATCH, {"batch_id": batch_id})]


def lent(tx: Tx, party_id: str) -> dict[str, int]:
    """What of a lender's money is out, in minor units, by mandate; under no name what he picked by hand."""
    return {row["mandate_id"]: row["minor"] for row in tx.rows(LENT, {"party_id": party_id})}


def lots(tx: Tx, listing_ids: Sequence[str]) -> dict[tuple[str, str], dict[str, int]]:
    """By listing and lender what is out, by mandate (under no name what was picked by hand), in minor units."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in tx.rows(LOTS, {"ids": rows.texts(listing_ids)}) if listing_ids else []:
        found.setdefault((row["listing_id"], row["party_id"]), {})[row["mandate_id"]] = row["minor"]
    return found


def given(tx: Tx, party_id: str) -> list[tuple[str, str, int]]:
    """What a lender gave to loans: the state of the listing, the loan, minor units."""
    return [(row["state"], row["loan_id"], row["minor"]) for row in tx.rows(GIVEN, {"party_id": party_id})]


def tallies(tx: Tx, currency: str) -> dict[str, tuple[int, int, int]]:
    """By state how many listings there are, what was sought for them and given, in minor units."""
    found = tx.rows(TALLIES, {"currency": currency})
    return {row["state"]: (row["listings"], row["amount"], row["filled"]) for row in found}


def by_mandate(tx: Tx, parties: Sequence[str] | None = None) -> dict[str, Row]:
    """Of each mandate (of these lenders) that ever gave anything: what it gave, what of it is out, and when it last gave."""
    found = tx.rows(BY_MANDATE, {}) if parties is None else tx.rows(OF_LENDERS, {"parties": rows.texts(parties)})
    return {row["mandate_id"]: row for row in found}


def not_placed(tx: Tx, ids: Sequence[str]) -> list[tuple[str, str, int]]:
    """What lenders gave of listings: listing, party, minor units."""
    found = tx.rows(NOT_PLACED, {"ids": rows.texts(ids)}) if ids else []
    return [(row["listing_id"], row["party_id"], row["minor"]) for row in found]


def fill_owner(tx: Tx, fill_id: str) -> str | None:
    """Whose a fill is, or none."""
    row = tx.maybe(FILL_OWNER, {"id": fill_id})
    return row["party_id"] if row else None


def _listing(row: Row) -> Listing:
    worth: Worth = decode(Worth, row["worth"])

    def money(name: str) -> Money:
        return Money(row[f"{name}_minor"], row["currency"])

    return Listing(
        row["id"], row["product"], row["purpose"], row["region"], row["months"], money("principal"), money("amount"),
        money("note"), money("kept"), row["kept_until"], money("per_lender"), money("least"), worth, row["reflection_days"],
        row["listed_on"], row["closes_on"], row["state"], money("filled"), money("picked"), money("in_batch"), money("repaid"),
        money("partners"), row["backed"], row["ready_on"], row["loan_id"], row["party_id"],
    )  # fmt: skip


def _fill(row: Row) -> Fill:
    return Fill(
        row["listing_id"], row["id"], row["party_id"], Money(row["amount_minor"], row["currency"]), row["filled_on"],
        row["filled_at"], row["batch_id"], row["mandate_id"], row["returned_on"],
    )  # fmt: skip
