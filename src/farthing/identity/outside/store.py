"""Read and write the tables ``outside_login`` and ``outside_flow``. Never sees a token."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Tx
from farthing.identity.outside.model import Flow, OutsideLogin

SEND: LiteralString = """
    INSERT INTO outside_flow (id, provider, actor_id, made_at, expires_at)
    VALUES (%(id)s, %(provider)s, %(actor_id)s, %(at)s, %(expires_at)s)
"""
FORGET_FLOWS: LiteralString = "DELETE FROM outside_flow WHERE expires_at < %(before)s"
FLOW: LiteralString = """
    SELECT id, provider, actor_id, expires_at, spent_at, login_id, issuer FROM outside_flow WHERE id = %(id)s
"""
SPEND: LiteralString = """
    UPDATE outside_flow SET spent_at = %(at)s, login_id = %(login_id)s, issuer = %(issuer)s
    WHERE id = %(id)s AND provider = %(provider)s AND spent_at IS NULL AND expires_at > %(at)s RETURNING actor_id
"""
TAKE: LiteralString = """
    UPDATE outside_flow SET login_id = NULL
    WHERE id = %(id)s AND actor_id = %(actor_id)s AND login_id = %(login_id)s AND expires_at > %(at)s
"""
LINK: LiteralString = """
    INSERT INTO outside_login (id, provider, issuer, actor_id, party_id, made_at)
    VALUES (%(id)s, %(provider)s, %(issuer)s, %(actor_id)s, %(party_id)s, %(at)s) ON CONFLICT (id) DO NOTHING
"""
LINKED: LiteralString = "SELECT actor_id FROM outside_login WHERE id = %(id)s"
USED: LiteralString = "UPDATE outside_login SET used_at = %(at)s WHERE id = %(id)s RETURNING actor_id"
OF_ACTOR: LiteralString = """
    SELECT id, provider, issuer, made_at, used_at FROM outside_login WHERE actor_id = %(actor_id)s ORDER BY made_at, id
"""
UNLINK: LiteralString = "DELETE FROM outside_login WHERE id = %(id)s AND actor_id = %(actor_id)s"
FORGET: LiteralString = "DELETE FROM outside_login WHERE actor_id = %(actor_id)s"


def send(
    tx: Tx, flow_id: str, provider: str, actor_id: str | None, at: datetime, until: datetime, old: datetime
) -> None:
    """Keep that somebody was sent away, and forget those whom nobody waits for any more."""
    tx.execute(FORGET_FLOWS, {"before": old})
    tx.execute(SEND, {"id": flow_id, "provider": provider, "actor_id": actor_id, "at": at, "expires_at": until})


def flow(tx: Tx, flow_id: str) -> Flow | None:
    """Somebody who was sent away."""
    row = tx.maybe(FLOW, {"id": flow_id})
    return None if row is None else Flow(**row)


def spend(
    tx: Tx, flow_id: str, provider: str, issuer: str, login_id: str | None, at: datetime
) -> tuple[bool, str | None]:  # fmt: skip
    """Note that somebody came back, and with which login where that waits to be linked; answers whether she was waited for, and
    for whom she does it."""
    row = tx.maybe(SPEND, {"id": flow_id, "provider": provider, "issuer": issuer, "login_id": login_id, "at": at})
    return row is not None, None if row is None else row["actor_id"]


def take(tx: Tx, flow_id: str, login_id: str, actor_id: str, at: datetime) -> bool:
    """Use a login that waited to be linked, once; false where it waits no more, or for somebody else."""
    return tx.execute(TAKE, {"id": flow_id, "login_id": login_id, "actor_id": actor_id, "at": at}) == 1


def link(tx: Tx, login: OutsideLogin, actor_id: str, party_id: str) -> bool:
    """Link a login; false where it is linked already, to whomever."""
    values = {
        "id": login.id, "provider": login.provider, "issuer": login.issuer, "actor_id": actor_id, "party_id": party_id,
        "at": login.made_at,
    }  # fmt: skip
    return tx.execute(LINK, values) == 1


def linked(tx: Tx, login_id: str) -> str | None:
    """To whom a login is linked."""
    row = tx.maybe(LINKED, {"id": login_id})
    return None if row is None else str(row["actor_id"])


def used(tx: Tx, login_id: str, at: datetime) -> str | None:
    """Whose login this is, and note that it signed in."""
    row = tx.maybe(USED, {"id": login_id, "at": at})
    return None if row is None else str(row["actor_id"])


def of_actor(tx: Tx, actor_id: str) -> list[OutsideLogin]:
    """Somebody's logins elsewhere."""
    return [OutsideLogin(**row) for row in tx.rows(OF_ACTOR, {"actor_id": actor_id})]


def unlink(tx: Tx, login_id: str, actor_id: str) -> bool:
    """Let a login sign in no more; false where there is none."""
    return tx.execute(UNLINK, {"id": login_id, "actor_id": actor_id}) == 1


def forget(tx: Tx, actor_id: str) -> None:
    """Forget every login elsewhere of somebody."""
    tx.execute(FORGET, {"actor_id": actor_id})
