"""Read and write ``funding_login``; read ``funding_partner`` and ``funding_inquiry`` for one partner. Never decides."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.kit.words import Words

BIND: LiteralString = "INSERT INTO funding_login (id, partner) VALUES (%(id)s, %(partner)s) ON CONFLICT (id) DO NOTHING"
BOUND: LiteralString = "SELECT partner FROM funding_login WHERE id = %(id)s"
PARTNER: LiteralString = "SELECT name, name_en FROM funding_partner WHERE id = %(partner)s"
REQUESTS: LiteralString = """
    SELECT id, loan_id, currency, share_minor, state, asked_at, answered_at, reference, reason FROM funding_inquiry
    WHERE partner = %(partner)s AND state <> 'not_asked' AND (asked_at, id) < (%(before_at)s, %(before)s)
    ORDER BY asked_at DESC, id DESC LIMIT %(limit)s
"""
TODAY: LiteralString = """
    SELECT count(*) AS asked, count(*) FILTER (WHERE state = 'agreed') AS agreed,
        count(*) FILTER (WHERE state = 'asked') AS waiting
    FROM funding_inquiry WHERE partner = %(partner)s AND state <> 'not_asked' AND asked_at >= %(since)s
"""
ASKED: LiteralString = "SELECT asked_at FROM funding_inquiry WHERE id = %(id)s AND partner = %(partner)s"


def bind(tx: Tx, actor_id: str, partner: str) -> None:
    """Keep of which partner a login is; one that is known stays as it is."""
    tx.execute(BIND, {"id": actor_id, "partner": partner})


def bound(tx: Tx, actor_id: str) -> str | None:
    """Of which partner a login is, or none."""
    row = tx.maybe(BOUND, {"id": actor_id})
    return str(row["partner"]) if row else None


def partner_name(tx: Tx, partner: str) -> Words | None:
    """What a partner is called, or none where there is no such partner."""
    row = tx.maybe(PARTNER, {"partner": partner})
    return Words(row["name_en"] or row["name"], row["name"]) if row else None


def place_of(tx: Tx, partner: str, request_id: str) -> tuple[datetime, str] | None:
    """Where a request to a partner stands in its list, or none where it was asked no such thing."""
    row = tx.maybe(ASKED, {"id": request_id, "partner": partner})
    return (row["asked_at"], request_id) if row else None


def today(tx: Tx, partner: str, since: datetime) -> Row:
    """How many requests a partner had since a moment, and how many of them it agreed to or has not answered."""
    return tx.one(TODAY, {"partner": partner, "since": since})


def requests(tx: Tx, partner: str, before: tuple[datetime, str], limit: int) -> list[Row]:
    """What a partner was asked, the latest first, from before a place."""
    asked = {"partner": partner, "before_at": before[0], "before": before[1], "limit": limit}
    return tx.rows(REQUESTS, asked)
