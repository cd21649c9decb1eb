"""Read and write ``funding_part``; hold what its limits are counted by. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.funding.joint.model import NotAsked, Part, Sums
from farthing.kit.money import Money

KEEP: LiteralString = """
    INSERT INTO funding_part (loan_id, partner, position, programme, version, currency, share_minor, left_minor, own_left_minor,
                              taken_on, annual, of_annual, lent, given_up)
    VALUES (%(loan_id)s, %(partner)s, %(position)s, %(programme)s, %(version)s, %(currency)s, %(share)s, %(left)s, %(own_left)s,
            %(taken_on)s, %(annual)s, %(of_annual)s, false, false)
    ON CONFLICT (loan_id, partner) DO UPDATE SET own_left_minor = excluded.own_left_minor
"""
LET_GO: LiteralString = "DELETE FROM funding_part WHERE loan_id = %(loan_id)s AND NOT lent"
MOVED: LiteralString = """
    UPDATE funding_part AS part SET left_minor = new.left, own_left_minor = new.own_left, lent = true, given_up = new.given_up = 1
    FROM unnest(%(loan_id)s::text[], %(partner)s::text[], %(left)s::bigint[], %(own_left)s::bigint[], %(given_up)s::integer[])
        AS new (loan_id, partner, "left", own_left, given_up)
    WHERE part.loan_id = new.loan_id AND part.partner = new.partner
"""
OF_LOANS: LiteralString = """
    SELECT loan_id, partner, position, programme, version, currency, share_minor, left_minor, own_left_minor, taken_on, annual,
        of_annual, lent, given_up
    FROM funding_part WHERE loan_id = ANY(%(ids)s) ORDER BY loan_id, position
"""
NOT_LENT: LiteralString = "SELECT DISTINCT loan_id FROM funding_part WHERE NOT lent"
SUMS: LiteralString = """
    SELECT partner, programme, sum(left_minor)::bigint AS theirs, sum(own_left_minor)::bigint AS ours,
        coalesce(sum(own_left_minor) FILTER (WHERE position = 1), 0)::bigint AS counted,
        coalesce(sum(share_minor) FILTER (WHERE taken_on = %(on)s), 0)::bigint AS today
    FROM funding_part
    WHERE currency = %(currency)s AND (left_minor > 0 OR own_left_minor > 0 OR taken_on = %(on)s)
    GROUP BY partner, programme ORDER BY partner, programme
"""
TAKEN: LiteralString = """
    SELECT coalesce(sum(share_minor), 0)::bigint AS taken FROM funding_part
    WHERE partner = %(partner)s AND currency = %(currency)s AND taken_on = %(on)s
"""
HOLD: LiteralString = """
    UPDATE funding_partner SET name = name WHERE id = %(first)s
"""
FIRST: LiteralString = "SELECT min(id) AS first FROM funding_partner"
NOT_ASKED: LiteralString = """
    SELECT loan_id, partner, programme, currency, share_minor, room, asked_at, state FROM funding_inquiry
    WHERE room <> '' ORDER BY asked_at DESC, id DESC LIMIT %(limit)s
"""


def keep(tx: Tx, part: Part) -> None:
    """Keep what a partner takes of a loan; again what is ours beside it, once that is known."""
    tx.execute(
        KEEP,
        {
            "loan_id": part.loan_id, "partner": part.partner, "position": part.position, "programme": part.programme,
            "version": part.version, "currency": part.share.currency, "share": part.share.minor, "left": part.left.minor,
            "own_left": part.own_left.minor, "taken_on": part.taken_on, "annual": part.annual, "of_annual": part.of_annual,
        },
    )  # fmt: skip


def let_go(tx: Tx, loan_id: str) -> None:
    """Forget the parts of a loan that was given up before it was paid out."""
    tx.execute(LET_GO, {"loan_id": loan_id})


def moved(tx: Tx, parts: Sequence[Part]) -> None:
    """Keep what is left of parts of loans that were paid out."""
    if parts:
        tx.execute(
            MOVED,
            {
                "loan_id": rows.texts([each.loan_id for each in parts]),
                "partner": rows.texts([each.partner for each in parts]),
                "left": rows.int8s([each.left.minor for each in parts]),
                "own_left": rows.int8s([each.own_left.minor for each in parts]),
                "given_up": rows.int4s([int(each.given_up) for each in parts]),
            },
        )


def of_loans(tx: Tx, ids: Sequence[str]) -> dict[str, list[Part]]:
    """The parts of some loans that partners took, of each in their order."""
    found: dict[str, list[Part]] = {}
    for row in tx.rows(OF_LOANS, {"ids": rows.texts(ids)}) if ids else []:
        found.setdefault(row["loan_id"], []).append(_part(row))
    return found


def not_lent(tx: Tx) -> set[str]:
    """The loans, by id, that partners took parts of and that were not paid out."""
    return {str(row["loan_id"]) for row in tx.rows(NOT_LENT)}


def sums(tx: Tx, currency: str, on: date) -> list[Sums]:
    """What is lent together in a currency by partner and programme; ``on``: the day on which what is taken counts as today's."""
    return [Sums(**row) for row in tx.rows(SUMS, {"currency": currency, "on": on})]


def taken(tx: Tx, partner: str, currency: str, on: date) -> int:
    """What a partner took on a day, in minor units."""
    return int(tx.one(TAKEN, {"partner": partner, "currency": currency, "on": on})["taken"])


def hold(tx: Tx) -> None:
    """Make whoever else sets holders of a loan of partners wait for this transaction: the first partner's row stands for all."""
    tx.execute(HOLD, {"first": tx.one(FIRST)["first"]})


def not_asked(tx: Tx, limit: int) -> list[NotAsked]:
    """Who was not asked or was let go for want of room, the latest first."""
    return [
        NotAsked(
            row["loan_id"], row["partner"], row["programme"], Money(row["share_minor"], row["currency"]), row["room"],
            row["asked_at"].date(), row["state"] != "not_asked",
        )
        for row in tx.rows(NOT_ASKED, {"limit": limit})
    ]  # fmt: skip


def _part(row: Row) -> Part:
    share, left, own_left = (
        Money(row[name], row["currency"]) for name in ("share_minor", "left_minor", "own_left_minor")
    )
    return Part(
        row["loan_id"], row["partner"], row["position"], row["programme"], row["version"], share, left, own_left,
        row["taken_on"], row["annual"], row["of_annual"], row["lent"], row["given_up"],
    )  # fmt: skip
