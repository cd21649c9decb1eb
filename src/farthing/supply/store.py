"""Read and write receivables, their pieces, events and transfers, whole: one SELECT each for many. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.supply.model import Event, EventTold, Piece, PieceTransfer, Receivable

INSERT: LiteralString = """
    INSERT INTO supply_receivable (id, invoice_id, supplier, debtor, currency, amount_minor, due_on, state, agreement_id, made_on,
                                   version)
    VALUES (%(id)s, %(invoice)s, %(supplier)s, %(debtor)s, %(currency)s, %(amount)s, %(due_on)s, %(state)s, %(agreement)s,
            %(made_on)s, %(version)s)
    ON CONFLICT (id) DO NOTHING
"""
FIND: LiteralString = """
    SELECT id, invoice_id, supplier, debtor, currency, amount_minor, due_on, state, agreement_id, made_on, version
    FROM supply_receivable WHERE id = ANY(%(ids)s::text[])
"""
PIECES: LiteralString = """
    SELECT receivable_id, number, parent, holder, currency, amount_minor, paid_minor, state, since_on, about
    FROM supply_piece WHERE receivable_id = ANY(%(ids)s::text[]) ORDER BY receivable_id, number
"""
MOVE: LiteralString = """
    UPDATE supply_receivable SET state = %(state)s, version = %(version)s WHERE id = %(id)s AND version = %(before)s
"""
SAVE_PIECES: LiteralString = """
    INSERT INTO supply_piece (receivable_id, number, parent, holder, currency, amount_minor, paid_minor, state, since_on, about)
    SELECT %(id)s, n.number, n.parent, n.holder, %(currency)s, n.amount, n.paid, n.state, n.since_on, n.about
    FROM unnest(%(numbers)s::integer[], %(parents)s::integer[], %(holders)s::text[], %(amounts)s::bigint[], %(paids)s::bigint[],
                %(states)s::text[], %(sinces)s::date[], %(abouts)s::text[])
         AS n (number, parent, holder, amount, paid, state, since_on, about)
    ON CONFLICT (receivable_id, number) DO UPDATE
    SET paid_minor = excluded.paid_minor, state = excluded.state, since_on = excluded.since_on, about = excluded.about
"""
SAY: LiteralString = """
    INSERT INTO supply_event (receivable_id, number, kind, piece, party_id, currency, amount_minor, about, happened_on,
                              happened_at, actor)
    SELECT %(id)s, %(first)s + n.place, n.kind, n.piece, n.party, %(currency)s, n.amount, n.about, %(on)s, %(at)s, %(actor)s
    FROM unnest(%(places)s::integer[], %(kinds)s::text[], %(pieces)s::integer[], %(parties)s::text[], %(amounts)s::bigint[],
                %(abouts)s::text[]) AS n (place, kind, piece, party, amount, about)
"""
COUNT: LiteralString = "SELECT count(*)::integer AS there FROM supply_event WHERE receivable_id = %(id)s"
EVENTS: LiteralString = """
    SELECT receivable_id, number, kind, piece, party_id, currency, amount_minor, about, happened_on FROM supply_event
    WHERE receivable_id = ANY(%(ids)s) ORDER BY receivable_id, number
"""
OF_HOLDER: LiteralString = """
    SELECT DISTINCT receivable_id AS id FROM supply_piece
    WHERE holder = %(party)s AND state IN ('held', 'passing', 'pledged') ORDER BY receivable_id LIMIT %(limit)s
"""
OF_DEBTOR: LiteralString = """
    SELECT id FROM supply_receivable WHERE debtor = %(party)s ORDER BY due_on DESC, id LIMIT %(limit)s
"""
OF_SUPPLIER_PROPOSED: LiteralString = """
    SELECT id FROM supply_receivable WHERE state = 'proposed' AND supplier = %(party)s ORDER BY id LIMIT %(limit)s
"""
DUE: LiteralString = """
    SELECT id FROM supply_receivable WHERE state = 'live' AND due_on <= %(on)s AND (due_on, id) > (%(day)s::date, %(after)s::text)
    ORDER BY due_on, id LIMIT %(limit)s
"""
WAITS: LiteralString = """
    SELECT id FROM supply_receivable WHERE state = 'proposed' AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
HELD_UP: LiteralString = """
    SELECT DISTINCT receivable_id AS id FROM supply_piece
    WHERE state IN ('passing', 'pledged') AND receivable_id > %(after)s ORDER BY receivable_id LIMIT %(limit)s
"""
PAGE: LiteralString = "SELECT id FROM supply_receivable WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
INSERT_TRANSFER: LiteralString = """
    INSERT INTO supply_transfer (id, receivable_id, piece, giver, taker, currency, amount_minor, agreement_id, state, offered_on)
    VALUES (%(id)s, %(receivable)s, %(piece)s, %(giver)s, %(taker)s, %(currency)s, %(amount)s, %(agreement)s, 'offered', %(on)s)
"""
TRANSFERS: LiteralString = """
    SELECT id, receivable_id, piece, giver, taker, currency, amount_minor, agreement_id, state, offered_on
    FROM supply_transfer WHERE id = ANY(%(ids)s::text[])
"""
TRANSFERS_OF: LiteralString = """
    SELECT id, receivable_id, piece, giver, taker, currency, amount_minor, agreement_id, state, offered_on
    FROM supply_transfer WHERE giver = %(party)s OR taker = %(party)s ORDER BY offered_on DESC, id LIMIT %(limit)s
"""
END_TRANSFER: LiteralString = """
    UPDATE supply_transfer SET state = %(state)s WHERE id = %(id)s AND state = 'offered'
"""
PLEDGED_OF_DEBTOR: LiteralString = """
    SELECT coalesce(sum(piece.amount_minor - piece.paid_minor), 0)::bigint AS used
    FROM supply_piece AS piece JOIN supply_receivable AS owed ON owed.id = piece.receivable_id
    WHERE owed.debtor = %(debtor)s AND piece.state = 'pledged' AND owed.state = 'live'
"""


def insert(tx: Tx, new: Receivable) -> bool:
    """Keep a receivable that is proposed; answers whether it was new."""
    values = {
        "id": new.id, "invoice": new.invoice_id, "supplier": new.supplier, "debtor": new.debtor,
        "currency": new.amount.currency, "amount": new.amount.minor, "due_on": new.due_on, "state": new.state,
        "agreement": new.agreement_id, "made_on": new.made_on, "version": new.version,
    }  # fmt: skip
    return tx.execute(INSERT, values) == 1


def find(tx: Tx, ids: Sequence[str]) -> dict[str, Receivable]:
    """Receivables with all their pieces, by id.

    The version is read before the pieces: whoever changes them between the two leaves an old version here, which
    :func:`save` refuses. The other way round old pieces would be kept under a new version.
    """
    found = tx.rows(FIND, {"ids": rows.texts(ids)})
    pieces: dict[str, list[Piece]] = {each: [] for each in ids}
    for row in tx.rows(PIECES, {"ids": rows.texts(ids)}):
        pieces[row["receivable_id"]].append(_piece(row))
    return {row["id"]: _receivable(row, pieces[row["id"]]) for row in found}


def in_order(tx: Tx, ids: Sequence[str]) -> list[Receivable]:
    """Receivables that are there, in the order of their ids."""
    there = find(tx, ids)
    return [there[each] for each in ids]


def save(tx: Tx, before: Receivable, after: Receivable, events: Sequence[Event]) -> None:
    """Keep what became of a receivable, and what happened; a ``Collision`` where it changed meanwhile."""
    moved = {"id": after.id, "state": after.state, "version": after.version, "before": before.version}
    if tx.execute(MOVE, moved) != 1:
        raise Collision(f"receivable {after.id} changed meanwhile")
    known = {each.number: each for each in before.pieces}
    changed = [each for each in after.pieces if known.get(each.number) != each]
    if changed:
        tx.execute(SAVE_PIECES, {"id": after.id, "currency": after.amount.currency, **_columns(changed)})
    first = tx.one(COUNT, {"id": after.id})["there"]
    told = {
        "places": rows.int4s(list(range(1, len(events) + 1))), "kinds": rows.texts([each.kind for each in events]),
        "pieces": rows.int4s([each.piece for each in events]), "parties": rows.texts([each.party for each in events]),
        "amounts": rows.int8s([each.amount.minor for each in events]), "abouts": rows.texts([each.about for each in events]),
    }  # fmt: skip
    about = {"id": after.id, "first": first, "currency": after.amount.currency, "on": tx.business_date, "at": tx.now}
    tx.execute(SAY, {**about, **told, "actor": tx.actor.id})


def events(tx: Tx, ids: Sequence[str]) -> dict[str, tuple[EventTold, ...]]:
    """What happened to some receivables, each in its order; one statement."""
    found: dict[str, list[EventTold]] = {each: [] for each in ids}
    for row in tx.rows(EVENTS, {"ids": rows.texts(ids)}):
        amount = Money(row["amount_minor"], row["currency"])
        found[row["receivable_id"]].append(EventTold(
            row["number"], row["kind"], row["piece"], row["party_id"], amount, row["about"], row["happened_on"]
        ))  # fmt: skip
    return {each: tuple(told) for each, told in found.items()}


def of_holder(tx: Tx, party_id: str, limit: int) -> list[str]:
    """The receivables of which somebody holds a piece."""
    return _ids(tx.rows(OF_HOLDER, {"party": party_id, "limit": limit}))


def of_debtor(tx: Tx, party_id: str, limit: int) -> list[str]:
    """What somebody owes, or was asked to confirm, the latest due first."""
    return _ids(tx.rows(OF_DEBTOR, {"party": party_id, "limit": limit}))


def proposed_to(tx: Tx, party_id: str, limit: int) -> list[str]:
    """What a supplier is to sign."""
    return _ids(tx.rows(OF_SUPPLIER_PROPOSED, {"party": party_id, "limit": limit}))


def due(tx: Tx, on: date, day: date, after: str, limit: int) -> list[str]:
    """What is due by a day, the longest first, from a place on."""
    return _ids(tx.rows(DUE, {"on": on, "day": day, "after": after, "limit": limit}))


def waits(tx: Tx, after: str, limit: int) -> list[str]:
    """What waits for signatures."""
    return _ids(tx.rows(WAITS, {"after": after, "limit": limit}))


def held_up(tx: Tx, after: str, limit: int) -> list[str]:
    """What has pieces that are being passed on, or pledged."""
    return _ids(tx.rows(HELD_UP, {"after": after, "limit": limit}))


def page(tx: Tx, after: str, limit: int) -> list[str]:
    """All receivables, by id."""
    return _ids(tx.rows(PAGE, {"after": after, "limit": limit}))


def pledged_of(tx: Tx, debtor: str) -> int:
    """What is owed by somebody and stands behind loans, in minor units."""
    return int(tx.one(PLEDGED_OF_DEBTOR, {"debtor": debtor})["used"])


def insert_transfer(tx: Tx, new: PieceTransfer) -> None:
    """Keep what was offered."""
    values = {
        "id": new.id, "receivable": new.receivable_id, "piece": new.piece, "giver": new.giver, "taker": new.taker,
        "currency": new.amount.currency, "amount": new.amount.minor, "agreement": new.agreement_id, "on": new.offered_on,
    }  # fmt: skip
    tx.execute(INSERT_TRANSFER, values)


def transfers(tx: Tx, ids: Sequence[str]) -> dict[str, PieceTransfer]:
    """Transfers by id."""
    return {row["id"]: _transfer(row) for row in tx.rows(TRANSFERS, {"ids": rows.texts(ids)})}


def transfers_of(tx: Tx, party_id: str, limit: int) -> list[PieceTransfer]:
    """What somebody offered or was offered, the latest first."""
    return [_transfer(row) for row in tx.rows(TRANSFERS_OF, {"party": party_id, "limit": limit})]


def end_transfer(tx: Tx, transfer_id: str, state: str) -> None:
    """Keep how an offer ended; a ``Collision`` where it ended meanwhile."""
    if tx.execute(END_TRANSFER, {"id": transfer_id, "state": state}) != 1:
        raise Collision(f"transfer {transfer_id} ended meanwhile")


def _columns(pieces: Sequence[Piece]) -> dict[str, object]:
    return {
        "numbers": rows.int4s([each.number for each in pieces]), "parents": rows.int4s([each.parent for each in pieces]),
        "holders": rows.texts([each.holder for each in pieces]), "amounts": rows.int8s([each.amount.minor for each in pieces]),
        "paids": rows.int8s([each.paid.minor for each in pieces]), "states": rows.texts([each.state for each in pieces]),
        "sinces": [each.since_on for each in pieces], "abouts": rows.texts([each.about for each in pieces]),
    }  # fmt: skip


def _ids(found: Sequence[Row]) -> list[str]:
    return [str(row["id"]) for row in found]


def _piece(row: Row) -> Piece:
    currency = row["currency"]
    return Piece(
        row["number"], row["parent"], row["holder"], Money(row["amount_minor"], currency), Money(row["paid_minor"], currency),
        row["state"], row["since_on"], row["about"],
    )  # fmt: skip


def _receivable(row: Row, pieces: Sequence[Piece]) -> Receivable:
    return Receivable(
        row["id"], row["invoice_id"], row["supplier"], row["debtor"], Money(row["amount_minor"], row["currency"]), row["due_on"],
        row["state"], row["agreement_id"], row["made_on"], row["version"], tuple(pieces),
    )  # fmt: skip


def _transfer(row: Row) -> PieceTransfer:
    return PieceTransfer(
        row["id"], row["receivable_id"], row["piece"], row["giver"], row["taker"], Money(row["amount_minor"], row["currency"]),
        row["agreement_id"], row["state"], row["offered_on"],
    )  # fmt: skip
