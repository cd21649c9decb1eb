"""Read and write ``packet``, ``packet_taken``, ``packet_member`` and ``packet_claim``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.packets.model import Grab, Packet
from farthing.payments.packets.rules import Group, Standing

INSERT_PACKET: LiteralString = """
    INSERT INTO packet (id, sender, kind, currency, total_minor, shares, greeting, members, seed, commitment, sent_at, sent_on)
    VALUES (%(id)s, %(sender)s, %(kind)s, %(currency)s, %(total)s, %(shares)s, %(greeting)s, %(members)s, %(seed)s,
            %(commitment)s, %(sent_at)s, %(sent_on)s)
"""
INSERT_TAKEN: LiteralString = """
    INSERT INTO packet_taken (id, shares, taken, ends_at) VALUES (%(id)s, %(shares)s, 0, %(ends_at)s)
"""
INSERT_MEMBERS: LiteralString = """
    INSERT INTO packet_member (packet_id, party_id)
    SELECT %(packet_id)s, party_id FROM unnest(%(parties)s::text[]) AS new (party_id)
"""
SENT_TODAY: LiteralString = """
    SELECT coalesce(sum(total_minor), 0)::bigint AS minor FROM packet
    WHERE sender = %(sender)s AND sent_on = %(on)s AND currency = %(currency)s
"""
STANDING: LiteralString = """
    SELECT p.id, p.sender, p.kind, p.currency, p.total_minor, p.shares, p.greeting, p.members, p.seed, t.taken, t.ends_at,
           t.ended_at
    FROM packet AS p JOIN packet_taken AS t ON t.id = p.id WHERE p.id = ANY(%(ids)s::text[])
"""
CLAIMED: LiteralString = """
    SELECT c.packet_id, c.claimer, c.minor FROM unnest(%(packets)s::text[], %(claimers)s::text[]) AS w (packet_id, claimer)
        JOIN packet_claim AS c ON c.packet_id = w.packet_id AND c.claimer = w.claimer
"""
MEMBERS_AMONG: LiteralString = """
    SELECT m.packet_id, m.party_id FROM unnest(%(packets)s::text[], %(claimers)s::text[]) AS w (packet_id, party_id)
        JOIN packet_member AS m ON m.packet_id = w.packet_id AND m.party_id = w.party_id
"""
TAKEN_IN_ALL: LiteralString = """
    SELECT claimer, sum(minor)::bigint AS minor FROM packet_claim WHERE claimer = ANY(%(claimers)s::text[]) GROUP BY claimer
"""
ADVANCE: LiteralString = """
    INSERT INTO packet_taken (id, shares, taken, ends_at)
    SELECT id, shares, taken, %(now)s::timestamptz
    FROM unnest(%(ids)s::text[], %(shares)s::integer[], %(taken)s::integer[]) AS by (id, shares, taken) ORDER BY id
    ON CONFLICT (id) DO UPDATE SET
        taken = packet_taken.taken + excluded.taken,
        ended_at = CASE WHEN %(ends)s::boolean OR packet_taken.taken + excluded.taken = packet_taken.shares
                        THEN %(now)s::timestamptz END
    WHERE packet_taken.ended_at IS NULL AND packet_taken.taken + excluded.taken <= packet_taken.shares
    RETURNING id, taken
"""
"""Locks each packet in the order of ids, so that two transactions never wait for each other. The rows to insert are all there
already: a packet is never made here."""
INSERT_CLAIMS: LiteralString = """
    INSERT INTO packet_claim (packet_id, claimer, place, entry, minor, claimed_at)
    SELECT packet_id, claimer, place, entry, minor, %(now)s
    FROM unnest(%(packets)s::text[], %(claimers)s::text[], %(places)s::integer[], %(entries)s::integer[], %(minors)s::bigint[])
         AS new (packet_id, claimer, place, entry, minor)
"""
DUE: LiteralString = """
    SELECT id FROM packet_taken WHERE ended_at IS NULL AND ends_at <= %(now)s AND id > %(after)s
    ORDER BY id LIMIT %(limit)s
"""
FIND: LiteralString = """
    SELECT p.id, p.sender, p.kind, p.currency, p.total_minor, p.shares, p.greeting, p.members, p.commitment, p.sent_at,
           t.ends_at
    FROM packet AS p JOIN packet_taken AS t ON t.id = p.id WHERE p.id = ANY(%(ids)s::text[])
"""
CLAIMS: LiteralString = """
    SELECT claimer, place, minor, claimed_at FROM packet_claim WHERE packet_id = %(packet_id)s ORDER BY place LIMIT %(limit)s
"""
PAGE: LiteralString = "SELECT id FROM packet WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
CLAIMS_OF: LiteralString = """
    SELECT packet_id, claimer, place, entry, minor FROM packet_claim WHERE packet_id = ANY(%(ids)s::text[])
    ORDER BY packet_id, place
"""
STRAYS: LiteralString = """
    SELECT DISTINCT packet_id FROM packet_claim AS c WHERE NOT EXISTS (SELECT 1 FROM packet AS p WHERE p.id = c.packet_id)
    ORDER BY packet_id LIMIT 100
"""
IS_MEMBER: LiteralString = """
    SELECT count(*) AS many FROM packet_member WHERE packet_id = %(packet_id)s AND party_id = %(party_id)s
"""
SENT: LiteralString = """
    SELECT id FROM packet WHERE sender = %(party_id)s AND (%(before)s::text = '' OR id < %(before)s::text)
    ORDER BY id DESC LIMIT %(limit)s
"""
TAKEN: LiteralString = """
    SELECT packet_id, minor, claimed_at FROM packet_claim
    WHERE claimer = %(party_id)s AND (%(before)s::timestamptz IS NULL OR claimed_at < %(before)s::timestamptz)
    ORDER BY claimed_at DESC, packet_id LIMIT %(limit)s
"""


def insert(tx: Tx, packet: Packet, seed: bytes, members: Sequence[str]) -> None:
    """Keep a packet that was laid out, with the seed of its split and for whom it is."""
    tx.execute(
        INSERT_PACKET,
        {
            "id": packet.id, "sender": packet.sender, "kind": packet.kind, "currency": packet.total.currency,
            "total": packet.total.minor, "shares": packet.shares, "greeting": packet.greeting, "members": len(members),
            "seed": seed, "commitment": packet.commitment, "sent_at": packet.sent_at, "sent_on": tx.business_date,
        },
    )  # fmt: skip
    tx.execute(INSERT_TAKEN, {"id": packet.id, "shares": packet.shares, "ends_at": packet.ends_at})
    if members:
        tx.execute(INSERT_MEMBERS, {"packet_id": packet.id, "parties": rows.texts(members)})


def sent_today(tx: Tx, sender: str, currency: str, on: date) -> int:
    """What a sender's packets of a business day come to, in minor units."""
    return int(tx.one(SENT_TODAY, {"sender": sender, "currency": currency, "on": on})["minor"])


def standing(tx: Tx, ids: Sequence[str]) -> dict[str, Standing]:
    """Packets as they stand, those that there are, by id."""
    found = tx.tuples(STANDING, {"ids": rows.texts(ids)}, binary=True)
    return {row[0]: Standing(*row) for row in found}


def claimed(tx: Tx, grabs: Sequence[Grab]) -> dict[tuple[str, str], int]:
    """What claimers have of these packets already, in minor units."""
    return {(packet, claimer): minor for packet, claimer, minor in tx.tuples(CLAIMED, _pairs(grabs), binary=True)}


def members_among(tx: Tx, grabs: Sequence[Grab]) -> frozenset[tuple[str, str]]:
    """Which of these claimers a packet is for, by packet and claimer."""
    return frozenset((packet, party) for packet, party in tx.tuples(MEMBERS_AMONG, _pairs(grabs)))


def _pairs(grabs: Sequence[Grab]) -> dict[str, object]:
    return {
        "packets": rows.texts([each.packet_id for each in grabs]),
        "claimers": rows.texts([each.claimer for each in grabs]),
    }


def taken_in_all(tx: Tx, claimers: Sequence[str]) -> dict[str, int]:
    """What claimers took of all packets ever, in minor units."""
    return {row["claimer"]: row["minor"] for row in tx.rows(TAKEN_IN_ALL, {"claimers": rows.texts(claimers)})}


def advance(tx: Tx, packets: Sequence[tuple[Standing, int]], *, ends: bool = False) -> dict[str, int]:
    """Take so many more parts of packets, or end them; answers how many are taken now, of those that are still open and have
    them. Whoever asks compares: another transaction may have been there first."""
    values = {
        "ids": rows.texts([packet.id for packet, _ in packets]),
        "shares": rows.int4s([packet.shares for packet, _ in packets]),
        "taken": rows.int4s([by for _, by in packets]),
        "now": tx.now,
        "ends": ends,
    }
    return dict(tx.tuples(ADVANCE, values))


def insert_claims(tx: Tx, groups: Sequence[Group]) -> None:
    """Keep who took which parts."""
    won = [each for group in groups for each in group.won]
    tx.execute(
        INSERT_CLAIMS,
        {
            "packets": rows.texts([each.packet_id for each in won]),
            "claimers": rows.texts([each.claimer for each in won]),
            "places": rows.int4s([each.place for each in won]),
            "entries": rows.int4s([group.first for group in groups for _ in group.won]),
            "minors": rows.int8s([each.minor for each in won]),
            "now": tx.now,
        },
    )


def due(tx: Tx, after: str, limit: int) -> list[str]:
    """Packets whose time is over and that have not ended, by id, which is the order in which they were sent."""
    return [row["id"] for row in tx.rows(DUE, {"now": tx.now, "after": after, "limit": limit})]


def find(tx: Tx, ids: Sequence[str]) -> dict[str, Packet]:
    """Packets as they were laid out, by id."""
    return {row["id"]: _packet(row) for row in tx.rows(FIND, {"ids": rows.texts(ids)})}


def _packet(row: Row) -> Packet:
    return Packet(
        row["id"], row["sender"], row["kind"], Money(row["total_minor"], row["currency"]), row["shares"], row["greeting"],
        row["members"], row["commitment"], row["sent_at"], row["ends_at"],
    )  # fmt: skip


def claims(tx: Tx, packet_id: str, limit: int) -> list[Row]:
    """Who took which part of a packet, by place."""
    return tx.rows(CLAIMS, {"packet_id": packet_id, "limit": limit})


def page(tx: Tx, after: str, limit: int) -> list[str]:
    """All packets, by id."""
    return [row["id"] for row in tx.rows(PAGE, {"after": after, "limit": limit})]


def claims_of(tx: Tx, ids: Sequence[str]) -> dict[str, list[Row]]:
    """Who took which parts of many packets, by place."""
    found: dict[str, list[Row]] = {}
    for row in tx.rows(CLAIMS_OF, {"ids": rows.texts(ids)}):
        found.setdefault(row["packet_id"], []).append(row)
    return found


def strays(tx: Tx) -> list[str]:
    """Ids of packets that are not there and of which somebody took."""
    return [row["packet_id"] for row in tx.rows(STRAYS)]


def is_member(tx: Tx, packet_id: str, party_id: str) -> bool:
    """Whether a packet is for somebody by name."""
    return bool(tx.one(IS_MEMBER, {"packet_id": packet_id, "party_id": party_id})["many"])


def sent(tx: Tx, party_id: str, before: str, limit: int) -> list[str]:
    """A sender's packets, the latest first."""
    return [row["id"] for row in tx.rows(SENT, {"party_id": party_id, "before": before, "limit": limit})]


def taken(tx: Tx, party_id: str, before: datetime | None, limit: int) -> list[Row]:
    """What somebody took of packets, the latest first."""
    return tx.rows(TAKEN, {"party_id": party_id, "before": before, "limit": limit})
