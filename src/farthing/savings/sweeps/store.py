"""Read and write ``sweep``, ``savings_group`` and ``savings_pledge``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from psycopg.types.json import Jsonb

from farthing.db import rows
from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.kit.canonical import plain
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.savings.sweeps.model import Group, PledgeView, SweepRule, deposit_id_of
from farthing.savings.sweeps.rules import Sweep

INSERT_SWEEP: LiteralString = """
    INSERT INTO sweep (id, party_id, rule, currency, amount_minor, day, target, seen)
    VALUES (%(id)s, %(party_id)s, %(rule)s, %(currency)s, %(amount_minor)s, %(day)s, %(target)s, %(seen)s)
"""
FIND_SWEEP: LiteralString = "SELECT * FROM sweep WHERE id = %(sweep_id)s"
SWEEP_OWNER: LiteralString = "SELECT party_id FROM sweep WHERE id = %(id)s"
PLEDGE_OWNER: LiteralString = "SELECT party_id FROM savings_pledge WHERE id = %(id)s"
LIST_SWEEPS: LiteralString = "SELECT * FROM sweep WHERE party_id = %(party_id)s ORDER BY id"
IN_FORCE: LiteralString = """
    SELECT * FROM sweep WHERE ended_on IS NULL AND id > %(after)s AND (rule <> 'leftover' OR day = %(day)s)
    ORDER BY id LIMIT %(limit)s
"""
COUNT_COMING: LiteralString = """
    SELECT (SELECT count(*) FROM sweep WHERE ended_on IS NULL AND (rule <> 'leftover' OR day = %(day)s)) AS sweeps,
           (SELECT count(*) FROM savings_group
            WHERE state = 'waiting' AND (until_on <= %(on)s OR gathered_minor >= minimum_minor)) AS groups
"""
END_SWEEP: LiteralString = """
    UPDATE sweep SET ended_on = %(on)s WHERE id = %(sweep_id)s AND ended_on IS NULL
"""
SWEPT: LiteralString = """
    UPDATE sweep SET seen = new.seen, swept_minor = swept_minor + new.moved
    FROM unnest(%(ids)s::text[], %(seen)s::bigint[], %(moved)s::bigint[]) AS new (id, seen, moved)
    WHERE sweep.id = new.id AND ended_on IS NULL
"""
INSERT_GROUP: LiteralString = """
    INSERT INTO savings_group (id, name, product, term, board, currency, minimum_minor, until_on, state)
    VALUES (%(id)s, %(name)s, %(product)s, %(term)s, %(board)s, %(currency)s, %(minimum_minor)s, %(until_on)s, 'waiting')
"""
FIND_GROUP: LiteralString = "SELECT * FROM savings_group WHERE id = %(group_id)s"
LIST_GROUPS: LiteralString = "SELECT * FROM savings_group ORDER BY id DESC LIMIT %(limit)s"
GATHER: LiteralString = """
    UPDATE savings_group SET gathered_minor = gathered_minor + %(change_minor)s
    WHERE id = %(group_id)s AND state = 'waiting' RETURNING *
"""
TO_DECIDE: LiteralString = """
    SELECT * FROM savings_group
    WHERE state = 'waiting' AND (until_on <= %(on)s OR gathered_minor >= minimum_minor) ORDER BY id LIMIT 1
"""
DECIDE: LiteralString = """
    UPDATE savings_group SET state = %(state)s, decided_on = %(on)s
    WHERE id = %(group_id)s AND state = 'waiting' AND gathered_minor = %(gathered_minor)s
"""
GATHERED: LiteralString = "SELECT id, gathered_minor FROM savings_group WHERE state = 'waiting' ORDER BY id"
PLEDGED: LiteralString = """
    SELECT group_id, sum(amount_minor)::bigint AS pledged FROM savings_pledge
    WHERE group_id = ANY (%(group_ids)s) AND state <> 'released' GROUP BY group_id
"""
INSERT_PLEDGE: LiteralString = """
    INSERT INTO savings_pledge (id, group_id, party_id, amount_minor, state, pledged_at)
    VALUES (%(id)s, %(group_id)s, %(party_id)s, %(amount_minor)s, 'held', %(pledged_at)s)
"""
FIND_PLEDGE: LiteralString = "SELECT * FROM savings_pledge WHERE id = %(pledge_id)s"
PLEDGES: LiteralString = """
    SELECT * FROM savings_pledge WHERE group_id = %(group_id)s AND state = 'held' ORDER BY id LIMIT %(limit)s
"""
CURRENCY_OF: LiteralString = "SELECT currency FROM savings_group WHERE id = %(group_id)s"
END_PLEDGE: LiteralString = """
    UPDATE savings_pledge SET state = %(state)s WHERE id = %(pledge_id)s AND state = 'held'
"""


def insert_sweep(tx: Tx, rule: SweepRule) -> None:
    """Keep a rule."""
    tx.execute(
        INSERT_SWEEP,
        {
            "id": rule.id,
            "party_id": rule.party_id,
            "rule": rule.sweep.rule,
            "currency": rule.sweep.amount.currency,
            "amount_minor": rule.sweep.amount.minor,
            "day": rule.sweep.day,
            "target": rule.into,
            "seen": rule.seen,
        },
    )


def find_sweep(tx: Tx, sweep_id: str) -> SweepRule | None:
    """One rule, or none."""
    row = tx.maybe(FIND_SWEEP, {"sweep_id": sweep_id})
    return _sweep(row) if row else None


def sweeps(tx: Tx, party_id: str) -> list[SweepRule]:
    """A party's rules, the oldest first."""
    return [_sweep(row) for row in tx.rows(LIST_SWEEPS, {"party_id": party_id})]


def in_force(tx: Tx, on: date, after: str, limit: int) -> list[SweepRule]:
    """Rules in force whose day a date may be, in the order of their ids, a page at a time."""
    return [_sweep(row) for row in tx.rows(IN_FORCE, {"day": on.day, "after": after, "limit": limit})]


def count_coming(tx: Tx, on: date) -> tuple[int, int]:
    """How many sweep rules a close looks at, and how many groups it decides."""
    row = tx.one(COUNT_COMING, {"day": on.day, "on": on})
    return int(row["sweeps"]), int(row["groups"])


def end_sweep(tx: Tx, sweep_id: str, on: date) -> bool:
    """End a rule; false where it had ended."""
    return tx.execute(END_SWEEP, {"sweep_id": sweep_id, "on": on}) == 1


def swept(tx: Tx, done: Sequence[tuple[str, int, Money]]) -> None:
    """Keep how far rules have looked and what each moved; a ``Collision`` where one was ended meanwhile."""
    values = {
        "ids": rows.texts([sweep_id for sweep_id, _, _ in done]),
        "seen": rows.int8s([seen for _, seen, _ in done]),
        "moved": rows.int8s([moved.minor for _, _, moved in done]),
    }
    if done and tx.execute(SWEPT, values) != len(done):
        raise Collision("a sweep was ended meanwhile")


def _sweep(row: Row) -> SweepRule:
    currency = row["currency"]
    return SweepRule(
        id=row["id"],
        party_id=row["party_id"],
        sweep=Sweep(row["rule"], Money(row["amount_minor"], currency), row["day"]),
        into=row["target"],
        seen=row["seen"],
        swept=Money(row["swept_minor"], currency),
        ended_on=row["ended_on"],
    )


def insert_group(tx: Tx, group: Group) -> None:
    """Keep a group that begins to gather."""
    tx.execute(
        INSERT_GROUP,
        {
            "id": group.id,
            "name": Jsonb(plain(group.name)),
            "product": group.product,
            "term": group.term,
            "board": group.board,
            "currency": group.minimum_book.currency,
            "minimum_minor": group.minimum_book.minor,
            "until_on": group.until_on,
        },
    )


def find_group(tx: Tx, group_id: str) -> Group | None:
    """One group, or none."""
    row = tx.maybe(FIND_GROUP, {"group_id": group_id})
    return _group(row) if row else None


def groups(tx: Tx, limit: int) -> list[Group]:
    """Groups, the newest first."""
    return [_group(row) for row in tx.rows(LIST_GROUPS, {"limit": limit})]


def gather(tx: Tx, group_id: str, change: Money) -> Group | None:
    """Add to what a waiting group gathered and lock it until this transaction ends; none where it waits no more."""
    row = tx.maybe(GATHER, {"group_id": group_id, "change_minor": change.minor})
    return _group(row) if row else None


def to_decide(tx: Tx, on: date) -> Group | None:
    """A waiting group that reached its sum or whose last day a date is."""
    row = tx.maybe(TO_DECIDE, {"on": on})
    return _group(row) if row else None


def decide(tx: Tx, group: Group, state: str, on: date) -> None:
    """Keep what became of a group; a ``Collision`` where somebody joined, left or decided it meanwhile."""
    looked_at = {"group_id": group.id, "gathered_minor": group.gathered.minor}
    if tx.execute(DECIDE, {**looked_at, "state": state, "on": on}) != 1:
        raise Collision(f"group {group.id} changed meanwhile")


def _group(row: Row) -> Group:
    currency = row["currency"]
    return Group(
        id=row["id"],
        name=Words(row["name"]["en"], row["name"]["zh"]),
        product=row["product"],
        term=row["term"],
        board=row["board"],
        minimum_book=Money(row["minimum_minor"], currency),
        gathered=Money(row["gathered_minor"], currency),
        until_on=row["until_on"],
        state=row["state"],
        decided_on=row["decided_on"],
    )


def gathered_differs(tx: Tx) -> list[tuple[str, int, int]]:
    """Waiting groups whose sum is not that of their pledges: id, what is kept, what is pledged, in minor units."""
    waiting = {row["id"]: row["gathered_minor"] for row in tx.rows(GATHERED)}
    pledged = {row["group_id"]: row["pledged"] for row in tx.rows(PLEDGED, {"group_ids": list(waiting)})}
    return [(key, kept, pledged.get(key, 0)) for key, kept in waiting.items() if kept != pledged.get(key, 0)]


def insert_pledge(tx: Tx, pledge: PledgeView) -> None:
    """Keep a pledge."""
    tx.execute(
        INSERT_PLEDGE,
        {
            "id": pledge.id,
            "group_id": pledge.group_id,
            "party_id": pledge.party_id,
            "amount_minor": pledge.amount.minor,
            "pledged_at": tx.now,
        },
    )


def find_pledge(tx: Tx, pledge_id: str) -> PledgeView | None:
    """One pledge, or none."""
    row = tx.maybe(FIND_PLEDGE, {"pledge_id": pledge_id})
    return _pledge(row, _currency(tx, row["group_id"])) if row else None


def held_pledges(tx: Tx, group_id: str, limit: int) -> list[PledgeView]:
    """Pledges of a group that are held still, in the order of their ids."""
    found = tx.rows(PLEDGES, {"group_id": group_id, "limit": limit})
    currency = _currency(tx, group_id) if found else ""
    return [_pledge(row, currency) for row in found]


def end_pledge(tx: Tx, pledge_id: str, state: str) -> None:
    """Keep what became of a pledge; a ``Collision`` where it was ended meanwhile."""
    if tx.execute(END_PLEDGE, {"pledge_id": pledge_id, "state": state}) != 1:
        raise Collision(f"pledge {pledge_id} was ended meanwhile")


def _currency(tx: Tx, group_id: str) -> str:
    return str(tx.one(CURRENCY_OF, {"group_id": group_id})["currency"])


def _pledge(row: Row, currency: str) -> PledgeView:
    return PledgeView(
        id=row["id"],
        group_id=row["group_id"],
        party_id=row["party_id"],
        amount=Money(row["amount_minor"], currency),
        state=row["state"],
        deposit_id=deposit_id_of(row["id"]),
    )


def sweep_owner(tx: Tx, sweep_id: str) -> str | None:
    """Whose sweep this is, or none."""
    row = tx.maybe(SWEEP_OWNER, {"id": sweep_id})
    return row["party_id"] if row else None


def pledge_owner(tx: Tx, pledge_id: str) -> str | None:
    """Whose pledge this is, or none."""
    row = tx.maybe(PLEDGE_OWNER, {"id": pledge_id})
    return row["party_id"] if row else None
