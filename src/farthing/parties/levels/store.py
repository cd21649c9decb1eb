"""Read and write ``level_evidence``, the rules of levels, and until when a ``party``'s levels hold. Never decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.parties.levels.model import Doubted, Ending, Evidence
from farthing.parties.store import find_many

HOLD_PARTIES: LiteralString = "UPDATE party SET phone = phone WHERE id = ANY(%(party_ids)s)"
KEEP_RULE: LiteralString = """
    INSERT INTO level_rule (id, body) VALUES (%(id)s, %(body)s) ON CONFLICT (id) DO NOTHING
"""
PUT_IN_FORCE: LiteralString = """
    INSERT INTO level_in_force (id, rule) VALUES ('rule', %(id)s) ON CONFLICT (id) DO UPDATE SET rule = excluded.rule
"""
IN_FORCE: LiteralString = "SELECT rule FROM level_in_force WHERE id = 'rule'"
RULES: LiteralString = "SELECT id, body FROM level_rule WHERE id = ANY(%(ids)s)"
INSERT_EVIDENCE: LiteralString = """
    INSERT INTO level_evidence (id, party_id, kind, provider, given_at, given_on, until_on, doubted_by, why)
    SELECT id, party_id, kind, provider, %(at)s, %(on)s, until_on, '', ''
    FROM unnest(%(id)s::text[], %(party_id)s::text[], %(kind)s::text[], %(provider)s::text[], %(until_on)s::date[])
        AS given (id, party_id, kind, provider, until_on)
    ON CONFLICT (party_id, id) DO NOTHING
"""
DOUBT: LiteralString = """
    UPDATE level_evidence SET doubted_at = %(at)s, doubted_by = %(by)s, why = doubted.why
    FROM unnest(%(party_id)s::text[], %(kinds)s::text[], %(provider)s::text[], %(whys)s::text[])
        AS doubted (party_id, kinds, provider, why)
    WHERE level_evidence.party_id = doubted.party_id AND level_evidence.doubted_at IS NULL
        AND level_evidence.kind = ANY (string_to_array(doubted.kinds, ' '))
        AND (doubted.provider = '' OR level_evidence.provider = doubted.provider)
"""
DOUBT_ONE: LiteralString = """
    UPDATE level_evidence SET doubted_at = %(at)s, doubted_by = %(by)s, why = 'officer'
    WHERE party_id = %(party_id)s AND id = %(id)s AND doubted_at IS NULL
"""
EVIDENCE: LiteralString = """
    SELECT id, party_id, kind, provider, given_at, given_on, until_on, doubted_at, doubted_by, why
    FROM level_evidence WHERE party_id = ANY(%(party_ids)s)
"""
SET_UNTIL: LiteralString = """
    UPDATE party SET level_until = string_to_array(new.days, ' ')::date[], level_rule = %(rule)s
    FROM unnest(%(ids)s::text[], %(days)s::text[]) AS new (id, days)
    WHERE party.id = new.id
"""
ENDING: LiteralString = """
    SELECT p.id AS party_id, e.until_on AS until, p.level_until
    FROM level_evidence AS e JOIN party AS p ON p.id = e.party_id
    WHERE e.until_on BETWEEN %(first)s AND %(last)s AND e.doubted_at IS NULL AND e.until_on = ANY (p.level_until)
        AND (e.until_on, p.id) > (%(day)s, %(party_id)s)
    GROUP BY p.id, e.until_on, p.level_until
    ORDER BY e.until_on, p.id LIMIT %(limit)s
"""
RULE_OF: LiteralString = "SELECT level_rule FROM party WHERE id = %(party_id)s"
STANDING: LiteralString = """
    SELECT id, level_until, level_rule FROM party WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
"""


def hold(tx: Tx, party_ids: Sequence[str]) -> None:
    """Let nobody else change how well these parties are known until this transaction ends."""
    tx.execute(HOLD_PARTIES, {"party_ids": list(party_ids)})


def put_in_force(tx: Tx, rule_id: str, body: str) -> None:
    """Put rules in force, under their digest."""
    tx.execute(KEEP_RULE, {"id": rule_id, "body": body})
    tx.execute(PUT_IN_FORCE, {"id": rule_id})


def in_force(tx: Tx) -> str:
    """The digest of the rules in force; empty where none were put in force."""
    row = tx.maybe(IN_FORCE, {})
    return str(row["rule"]) if row else ""


def rule_of(tx: Tx, party_id: str) -> str:
    """The digest of the rules that what is kept of a party follows; empty: those of before."""
    return str(tx.one(RULE_OF, {"party_id": party_id})["level_rule"])


def rules(tx: Tx, rule_ids: Sequence[str]) -> dict[str, str]:
    """The bodies of rules by their digests: those that there are."""
    return {row["id"]: row["body"] for row in tx.rows(RULES, {"ids": list(rule_ids)})}


def insert(tx: Tx, given: Sequence[Evidence]) -> None:
    """Keep evidence that was given now; one that is there stays as it is."""
    tx.execute(
        INSERT_EVIDENCE,
        {
            "id": rows.texts([each.id for each in given]), "party_id": rows.texts([each.party_id for each in given]),
            "kind": rows.texts([each.kind for each in given]), "provider": rows.texts([each.provider for each in given]),
            "until_on": rows.dates([each.until_on for each in given]), "at": tx.now, "on": tx.business_date,
        },
    )  # fmt: skip


def doubt(tx: Tx, doubted: Sequence[Doubted]) -> None:
    """Let evidence count for nothing from now on."""
    tx.execute(
        DOUBT,
        {
            "party_id": rows.texts([each.party_id for each in doubted]),
            "kinds": rows.texts([" ".join(each.kinds) for each in doubted]),
            "provider": rows.texts([each.provider or "" for each in doubted]),
            "whys": rows.texts([each.why for each in doubted]), "at": tx.now, "by": tx.actor.id,
        },
    )  # fmt: skip


def doubt_one(tx: Tx, party_id: str, evidence_id: str) -> bool:
    """Let an evidence count for nothing from now on, as officers say; false where it is not there or is doubted."""
    return tx.execute(DOUBT_ONE, {"party_id": party_id, "id": evidence_id, "at": tx.now, "by": tx.actor.id}) == 1


def evidence(tx: Tx, party_ids: Sequence[str]) -> dict[str, list[Evidence]]:
    """The evidence of parties, in no order."""
    found: dict[str, list[Evidence]] = {each: [] for each in party_ids}
    for row in tx.rows(EVIDENCE, {"party_ids": list(party_ids)}):
        found[row["party_id"]].append(Evidence(**row))
    return found


def set_until(tx: Tx, rule_id: str, until: Mapping[str, Sequence[date]]) -> None:
    """Keep until when each level of parties holds, by which rules."""
    days = [" ".join(day.isoformat() for day in each) for each in until.values()]
    tx.execute(SET_UNTIL, {"rule": rule_id, "ids": rows.texts(list(until)), "days": rows.texts(days)})


def ending(tx: Tx, first: date, last: date, after: tuple[date, str], limit: int) -> list[Ending]:
    """Whose levels end in these days, the earliest first: each with the highest level that ends that day."""
    asked = {"first": first, "last": last, "day": after[0], "party_id": after[1], "limit": limit}
    found = tx.rows(ENDING, asked)
    known = find_many(tx, [row["party_id"] for row in found])
    return [
        Ending(
            row["party_id"], sum(each >= row["until"] for each in row["level_until"]), row["until"],
            known[row["party_id"]].name,
        )
        for row in found
    ]  # fmt: skip


def standing(tx: Tx, after: str, limit: int) -> list[Row]:
    """Until when the levels of parties hold, and by which rules, in the order of their ids."""
    return tx.rows(STANDING, {"after": after, "limit": limit})
