"""Read and write the tables ``power``, ``power_act``, ``acted_entry`` and ``joint_act``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from farthing.db.tx import Row, Tx
from farthing.kernel.acting.model import Done, Joint, Power
from farthing.kit.money import Money

INSERT: LiteralString = """
    INSERT INTO power (id, kind, principal, helper, scope, currency, most_each, most_day, pays_self, jointly, document,
                       agreement_id, entered_by, entered_at, from_on, until)
    VALUES (%(id)s, %(kind)s, %(principal)s, %(helper)s, %(scope)s, %(currency)s, %(most_each)s, %(most_day)s, %(pays_self)s,
            %(jointly)s, %(document)s, %(agreement_id)s, %(entered_by)s, %(entered_at)s, %(from_on)s, %(until)s)
    ON CONFLICT (id) DO NOTHING
"""
FIND: LiteralString = """
    SELECT id, kind, principal, helper, scope, currency, most_each, most_day, pays_self, jointly, document, agreement_id,
           entered_by, entered_at, from_on, until, ended_on, ended_by, spent_on, spent
    FROM power WHERE id = ANY(%(ids)s)
"""
HOLD: LiteralString = """
    UPDATE power SET spent = spent WHERE id = %(id)s
    RETURNING id, kind, principal, helper, scope, currency, most_each, most_day, pays_self, jointly, document, agreement_id,
              entered_by, entered_at, from_on, until, ended_on, ended_by, spent_on, spent
"""
SPEND: LiteralString = "UPDATE power SET spent_on = %(on)s, spent = %(spent)s WHERE id = %(id)s"
GIVEN: LiteralString = """
    SELECT id FROM power WHERE principal = %(party_id)s ORDER BY entered_at DESC, id DESC LIMIT 200
"""
HELD: LiteralString = """
    SELECT id FROM power WHERE helper = %(party_id)s ORDER BY entered_at DESC, id DESC LIMIT 200
"""
BEGIN: LiteralString = """
    UPDATE power SET from_on = %(on)s WHERE id = %(id)s AND from_on IS NULL AND ended_on IS NULL
"""
END: LiteralString = """
    UPDATE power SET ended_on = %(on)s, ended_by = %(by)s WHERE id = %(id)s AND ended_on IS NULL
"""
END_GIVEN: LiteralString = """
    UPDATE power SET ended_on = %(on)s, ended_by = %(by)s
    WHERE principal = %(party_id)s AND kind = 'helper' AND ended_on IS NULL AND entered_at >= %(since)s RETURNING id
"""
INSERT_ACT: LiteralString = """
    INSERT INTO power_act (id, power_id, principal, helper, operation, currency, amount, at)
    VALUES (%(id)s, %(power_id)s, %(principal)s, %(helper)s, %(operation)s, %(currency)s, %(amount)s, %(at)s)
"""
INSERT_ENTRIES: LiteralString = """
    INSERT INTO acted_entry (id, act_id, helper)
    SELECT id, %(act_id)s, %(helper)s FROM unnest(%(ids)s::text[]) AS new (id) ON CONFLICT (id) DO NOTHING
"""
ACTS: LiteralString = """
    SELECT id, power_id, principal, helper, operation, currency, amount, at FROM power_act
    WHERE principal = %(principal)s ORDER BY at DESC, id DESC LIMIT %(limit)s
"""
ACT: LiteralString = """
    SELECT id, power_id, principal, helper, operation, currency, amount, at FROM power_act WHERE id = %(id)s
"""
HANDS: LiteralString = "SELECT id, helper FROM acted_entry WHERE id = ANY(%(ids)s)"
INSERT_JOINT: LiteralString = """
    INSERT INTO joint_act (id, power_id, principal, operation, command, maker, maker_party, made_at, made_on, state)
    VALUES (%(id)s, %(power_id)s, %(principal)s, %(operation)s, %(command)s, %(maker)s, %(maker_party)s, %(at)s, %(on)s,
            'waiting')
"""
JOINT: LiteralString = """
    SELECT id, power_id, principal, operation, command, maker, maker_party, made_at, made_on, state
    FROM joint_act WHERE id = %(id)s
"""
JOINTS: LiteralString = """
    SELECT id, power_id, principal, operation, command, maker, maker_party, made_at, made_on, state
    FROM joint_act WHERE principal = %(principal)s AND state = 'waiting' AND made_on >= %(since)s
    ORDER BY made_at LIMIT 100
"""
DECIDE_JOINT: LiteralString = """
    UPDATE joint_act SET state = %(state)s, command = %(command)s, decided_by = %(by)s, decided_at = %(at)s
    WHERE id = %(id)s AND state = 'waiting'
"""


def insert(tx: Tx, power: Power) -> bool:
    """Keep a power; false where one of its id is there."""
    limit = power.most_each or power.most_day
    return tx.execute(INSERT, {
        "id": power.id, "kind": power.kind, "principal": power.principal, "helper": power.helper, "scope": list(power.scope),
        "currency": limit.currency if limit else None, "most_each": power.most_each.minor if power.most_each else None,
        "most_day": power.most_day.minor if power.most_day else None, "pays_self": power.pays_self, "jointly": power.jointly,
        "document": power.document, "agreement_id": power.agreement_id, "entered_by": power.entered_by,
        "entered_at": power.entered_at, "from_on": power.from_on, "until": power.until,
    }) == 1  # fmt: skip


def find(tx: Tx, ids: Sequence[str]) -> dict[str, Power]:
    """The powers of these ids."""
    return {row["id"]: _power(row) for row in tx.rows(FIND, {"ids": list(ids)})}


def hold(tx: Tx, power_id: str) -> Power | None:
    """One power as it stands, which nobody else uses or ends until this transaction does."""
    row = tx.maybe(HOLD, {"id": power_id})
    return None if row is None else _power(row)


def spend(tx: Tx, power_id: str, on: date, spent: int) -> None:
    """Keep the day's sum of a power that is held."""
    tx.execute(SPEND, {"id": power_id, "on": on, "spent": spent})


def given(tx: Tx, party_id: str) -> list[str]:
    """The powers under which somebody is acted for, the newest first."""
    return [row["id"] for row in tx.rows(GIVEN, {"party_id": party_id})]


def held(tx: Tx, party_id: str) -> list[str]:
    """The powers under which somebody acts for others, the newest first."""
    return [row["id"] for row in tx.rows(HELD, {"party_id": party_id})]


def begin(tx: Tx, power_id: str) -> bool:
    """Put a power in force from today on; false where it is, or was ended."""
    return tx.execute(BEGIN, {"id": power_id, "on": tx.business_date}) == 1


def end(tx: Tx, power_id: str) -> bool:
    """End a power today; false where it was ended before."""
    return tx.execute(END, {"id": power_id, "on": tx.business_date, "by": tx.actor.id}) == 1


def end_given(tx: Tx, party_id: str, since: datetime) -> list[str]:
    """End the powers of attorney that somebody gave since an instant; answers which."""
    values = {"on": tx.business_date, "by": tx.actor.id, "party_id": party_id, "since": since}
    return [row["id"] for row in tx.rows(END_GIVEN, values)]


def insert_act(tx: Tx, done: Done, entries: Sequence[str]) -> None:
    """Keep what was done, and the entries that it posted."""
    amount = done.amount
    tx.execute(INSERT_ACT, {
        "id": done.id, "power_id": done.power_id, "principal": done.principal, "helper": done.helper,
        "operation": done.operation, "currency": amount.currency if amount else None,
        "amount": amount.minor if amount else None, "at": done.at,
    })  # fmt: skip
    if entries:
        tx.execute(INSERT_ENTRIES, {"act_id": done.id, "helper": done.helper, "ids": list(entries)})


def acts(tx: Tx, principal: str, limit: int) -> list[Done]:
    """What others did for somebody, the newest first."""
    return [_done(row) for row in tx.rows(ACTS, {"principal": principal, "limit": limit})]


def act(tx: Tx, act_id: str) -> Done | None:
    """One act."""
    row = tx.maybe(ACT, {"id": act_id})
    return None if row is None else _done(row)


def hands(tx: Tx, entries: Sequence[str]) -> dict[str, str]:
    """Who acted, of entries that were posted for another."""
    return {row["id"]: row["helper"] for row in tx.rows(HANDS, {"ids": list(entries)})}


def insert_joint(tx: Tx, power: Power, joint_id: str, operation: str, command: Any) -> None:
    """Keep what one signatory asks for, for another to decide."""
    tx.execute(INSERT_JOINT, {
        "id": joint_id, "power_id": power.id, "principal": power.principal, "operation": operation, "command": Jsonb(command),
        "maker": tx.actor.id, "maker_party": power.helper, "at": tx.now, "on": tx.business_date,
    })  # fmt: skip


def joint(tx: Tx, joint_id: str) -> Joint | None:
    """One joint act."""
    row = tx.maybe(JOINT, {"id": joint_id})
    return None if row is None else Joint(**row)


def joints(tx: Tx, principal: str, since: date) -> list[Joint]:
    """What waits for a second signatory, asked for since a day."""
    return [Joint(**row) for row in tx.rows(JOINTS, {"principal": principal, "since": since})]


def decide_joint(tx: Tx, joint_id: str, state: str, command: Any) -> bool:
    """Settle a joint act; false where somebody did before."""
    values = {"id": joint_id, "state": state, "command": Jsonb(command), "by": tx.actor.id, "at": tx.now}
    return tx.execute(DECIDE_JOINT, values) == 1


def _power(row: Row) -> Power:
    currency = row.pop("currency")
    each, day = row.pop("most_each"), row.pop("most_day")
    return Power(
        **{**row, "scope": tuple(row["scope"])},
        most_each=None if each is None else Money(each, currency), most_day=None if day is None else Money(day, currency),
    )  # fmt: skip


def _done(row: Row) -> Done:
    currency, amount = row.pop("currency"), row.pop("amount")
    return Done(**row, amount=None if amount is None else Money(amount, currency))
