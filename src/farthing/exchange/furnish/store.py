"""Read and write cycles, their parts, and what their rows say of accounts: a statement for all rows of a cycle. Never decides."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, LiteralString

from farthing.db import rows as columns
from farthing.db.server import Collision
from farthing.db.tx import Row as Found
from farthing.db.tx import Tx
from farthing.exchange.furnish.model import Known, Month, Row
from farthing.kit.canonical import canonical

BEGIN: LiteralString = """
    INSERT INTO exchange_cycle (member_id, id, period, state, first_at, version)
    VALUES (%(member)s, %(id)s, %(period)s, 'open', %(at)s, 0)
    ON CONFLICT (member_id, id) DO NOTHING
"""
HOLD: LiteralString = """
    UPDATE exchange_cycle SET version = version + 1 WHERE member_id = %(member)s AND id = %(id)s
    RETURNING id, period, state, opening, closing, result, first_at
"""
SAY: LiteralString = """
    UPDATE exchange_cycle SET opening = coalesce(%(opening)s::jsonb, opening), closing = coalesce(%(closing)s::jsonb, closing)
    WHERE member_id = %(member)s AND id = %(id)s
"""
DECIDE: LiteralString = """
    UPDATE exchange_cycle SET state = %(state)s, decided_at = %(at)s, result = %(result)s::jsonb
    WHERE member_id = %(member)s AND id = %(id)s
"""
SET_STATE: LiteralString = """
    UPDATE exchange_cycle SET state = %(state)s WHERE member_id = %(member)s AND id = %(id)s
"""
LAST: LiteralString = """
    SELECT max(period) AS last FROM exchange_cycle WHERE member_id = %(member)s AND state = ANY(%(states)s::text[])
"""
WAITING: LiteralString = """
    SELECT id FROM exchange_cycle WHERE member_id = %(member)s AND state = 'waiting' ORDER BY period, id
"""
CYCLES: LiteralString = """
    SELECT member_id, id, period, state, result, first_at, decided_at FROM exchange_cycle
    WHERE (%(member)s::text IS NULL OR member_id = %(member)s) ORDER BY period DESC, member_id, id DESC LIMIT %(limit)s
"""
ADD_PART: LiteralString = """
    INSERT INTO exchange_cycle_part (member_id, cycle_id, number, digest, content, received_at)
    VALUES (%(member)s, %(cycle)s, %(number)s, %(digest)s, %(content)s, %(at)s)
    ON CONFLICT (member_id, cycle_id, number) DO NOTHING
"""
PART: LiteralString = """
    SELECT digest FROM exchange_cycle_part WHERE member_id = %(member)s AND cycle_id = %(cycle)s AND number = %(number)s
"""
NUMBERS: LiteralString = """
    SELECT number FROM exchange_cycle_part WHERE member_id = %(member)s AND cycle_id = %(cycle)s ORDER BY number
"""
PARTS: LiteralString = """
    SELECT content FROM exchange_cycle_part WHERE member_id = %(member)s AND cycle_id = %(cycle)s ORDER BY number
"""
EMPTY: LiteralString = """
    UPDATE exchange_cycle_part SET content = ''::bytea WHERE member_id = %(member)s AND cycle_id = %(cycle)s
"""
KEEP_ROWS: LiteralString = """
    INSERT INTO exchange_cycle_row (member_id, cycle_id, number, reference, refused, codes)
    SELECT %(member)s, %(cycle)s, n.number, n.reference, n.refused, string_to_array(n.codes, ' ')
    FROM unnest(%(numbers)s::integer[], %(references)s::text[], %(refused)s::boolean[], %(codes)s::text[])
         AS n (number, reference, refused, codes)
"""
ROWS: LiteralString = """
    SELECT number, reference, refused, codes FROM exchange_cycle_row
    WHERE member_id = %(member)s AND cycle_id = %(cycle)s AND number > %(after)s ORDER BY number LIMIT %(limit)s
"""
ACCOUNTS: LiteralString = """
    SELECT reference, role, subject_id, tradeline_id, period, as_of, status, dpd, first_delinquency_on, ended, class,
           opened_on, currency, original_minor, security, origin
    FROM exchange_account WHERE member_id = %(member)s
"""
SOLD: LiteralString = """
    SELECT reference, role, subject_id, tradeline_id, period, as_of, status, dpd, first_delinquency_on, ended, class,
           opened_on, currency, original_minor, security, origin
    FROM exchange_account WHERE member_id = %(member)s AND reference = ANY(%(references)s::text[]) AND role = 'borrower'
"""
MONTHS: LiteralString = """
    SELECT DISTINCT ON (subject_id, tradeline_id, period) tradeline_id, period, revision, limit_minor, balance_minor, due_minor,
           paid_minor, dpd, status, source_code, five_class, first_delinquency_on, closed_on, notice_on, notice, as_of
    FROM exchange_tradeline_month
    WHERE subject_id = ANY(%(subjects)s::text[]) AND tradeline_id = ANY(%(tradelines)s::text[])
        AND period = ANY(%(periods)s::date[])
    ORDER BY subject_id, tradeline_id, period, revision DESC
"""
NAMES: LiteralString = """
    SELECT subject_id, value FROM exchange_identity_link
    WHERE subject_id = ANY(%(subjects)s::text[]) AND kind = 'name'
"""
TOUCH: LiteralString = """
    INSERT INTO exchange_subject (id, revision, opened_at)
    SELECT n.id, 1, %(at)s FROM unnest(%(subjects)s::text[]) AS n (id) ORDER BY n.id
    ON CONFLICT (id) DO UPDATE SET revision = exchange_subject.revision + 1
    RETURNING id, revision
"""
LINK: LiteralString = """
    INSERT INTO exchange_identity_link (subject_id, id, kind, value, evidence, confidence, member_id, revision, recorded_at)
    SELECT n.subject_id, n.id, n.kind, n.value, %(evidence)s, %(confidence)s, %(member)s, n.revision, %(at)s
    FROM unnest(%(subjects)s::text[], %(ids)s::text[], %(kinds)s::text[], %(values)s::text[], %(revisions)s::integer[])
         AS n (subject_id, id, kind, value, revision)
    ON CONFLICT (subject_id, id) DO NOTHING
"""
TRADELINES: LiteralString = """
    INSERT INTO exchange_tradeline (subject_id, id, revision, member_id, reference, class, role, opened_on, currency,
                                    original_minor, security, origin, cycle_id, reason, recorded_at)
    SELECT n.subject_id, n.id, n.revision, %(member)s, n.reference, n.class, n.role, n.opened_on, n.currency, n.original,
           n.security, n.origin, %(cycle)s, n.reason, %(at)s
    FROM unnest(%(subjects)s::text[], %(ids)s::text[], %(revisions)s::integer[], %(references)s::text[], %(classes)s::text[],
                %(roles)s::text[], %(opened)s::date[], %(currencies)s::text[], %(originals)s::bigint[], %(securities)s::text[],
                %(origins)s::text[], %(reasons)s::text[])
         AS n (subject_id, id, revision, reference, class, role, opened_on, currency, original, security, origin, reason)
"""
ADD_MONTHS: LiteralString = """
    INSERT INTO exchange_tradeline_month (subject_id, tradeline_id, period, revision, limit_minor, balance_minor, due_minor,
                                          paid_minor, dpd, status, source_code, five_class, first_delinquency_on, closed_on,
                                          notice_on, notice, as_of, reported_at, cycle_id, supersedes, reason, recorded_at)
    SELECT n.subject_id, n.tradeline_id, n.period, n.revision, n.lim, n.balance, n.due, n.paid, n.dpd, n.status, n.code,
           n.five_class, n.first_on, n.closed_on, n.notice_on, n.notice, n.as_of, %(reported)s, %(cycle)s, n.supersedes, n.reason,
           %(at)s
    FROM unnest(%(subjects)s::text[], %(tradelines)s::text[], %(periods)s::date[], %(revisions)s::integer[], %(limits)s::bigint[],
                %(balances)s::bigint[], %(dues)s::bigint[], %(paids)s::bigint[], %(dpds)s::integer[], %(statuses)s::text[],
                %(codes)s::text[], %(fives)s::text[], %(firsts)s::date[], %(closed)s::date[], %(noticed)s::date[],
                %(notices)s::text[], %(as_ofs)s::date[], %(superseded)s::integer[], %(reasons)s::text[])
         AS n (subject_id, tradeline_id, period, revision, lim, balance, due, paid, dpd, status, code, five_class, first_on,
               closed_on, notice_on, notice, as_of, supersedes, reason)
"""
SAVE_ACCOUNTS: LiteralString = """
    INSERT INTO exchange_account (member_id, reference, role, subject_id, tradeline_id, period, as_of, status, dpd,
                                  first_delinquency_on, ended, class, opened_on, currency, original_minor, security,
                                  origin)
    SELECT %(member)s, n.reference, n.role, n.subject_id, n.tradeline_id, n.period, n.as_of, n.status, n.dpd, n.first_on, n.ended,
           n.class, n.opened_on, n.currency, n.original, n.security, n.origin
    FROM unnest(%(references)s::text[], %(roles)s::text[], %(subjects)s::text[], %(tradelines)s::text[], %(periods)s::date[],
                %(as_ofs)s::date[], %(statuses)s::text[], %(dpds)s::integer[], %(firsts)s::date[], %(ended)s::boolean[],
                %(classes)s::text[], %(opened)s::date[], %(currencies)s::text[], %(originals)s::bigint[],
                %(securities)s::text[], %(origins)s::text[])
         AS n (reference, role, subject_id, tradeline_id, period, as_of, status, dpd, first_on, ended, class, opened_on,
               currency, original, security, origin)
    ON CONFLICT (member_id, reference, role, subject_id) DO UPDATE
    SET period = excluded.period, as_of = excluded.as_of, status = excluded.status, dpd = excluded.dpd,
        first_delinquency_on = excluded.first_delinquency_on, ended = excluded.ended,
        class = excluded.class, opened_on = excluded.opened_on, currency = excluded.currency,
        original_minor = excluded.original_minor, security = excluded.security, origin = excluded.origin
"""

Account = tuple[str, str, str]


def hold(tx: Tx, member_id: str, cycle_id: str, period: date) -> Found:
    """A cycle, begun by whichever of its messages comes first, and held: another of its messages waits until this one is done."""
    tx.execute(BEGIN, {"member": member_id, "id": cycle_id, "period": period, "at": tx.now})
    return tx.one(HOLD, {"member": member_id, "id": cycle_id})


def say(tx: Tx, member_id: str, cycle_id: str, *, opening: Any = None, closing: Any = None) -> None:
    """Keep what opened or closed a cycle."""
    tx.execute(SAY, {"member": member_id, "id": cycle_id, "opening": _json(opening), "closing": _json(closing)})


def decide(tx: Tx, member_id: str, cycle_id: str, state: str, result: Any) -> None:
    """Keep what became of a cycle; its rows as they came are wanted no more."""
    tx.execute(DECIDE, {"member": member_id, "id": cycle_id, "state": state, "result": _json(result), "at": tx.now})
    tx.execute(EMPTY, {"member": member_id, "cycle": cycle_id})


def set_state(tx: Tx, member_id: str, cycle_id: str, state: str) -> None:
    """Note that a cycle waits."""
    tx.execute(SET_STATE, {"member": member_id, "id": cycle_id, "state": state})


def last(tx: Tx, member_id: str, states: list[str]) -> date | None:
    """The newest period of which a cycle came to be in one of some states."""
    found: date | None = tx.one(LAST, {"member": member_id, "states": states})["last"]
    return found


def waiting(tx: Tx, member_id: str) -> list[str]:
    """Cycles that wait for others, earliest first."""
    return [row["id"] for row in tx.rows(WAITING, {"member": member_id})]


def cycles(tx: Tx, member_id: str | None, limit: int) -> list[Found]:
    """Cycles, newest first."""
    return tx.rows(CYCLES, {"member": member_id, "limit": limit})


def add_part(tx: Tx, member_id: str, cycle_id: str, number: int, digest: bytes, content: bytes) -> bool:
    """Keep a part; false where another stands there that says something else."""
    given = {"member": member_id, "cycle": cycle_id, "number": number}
    if tx.execute(ADD_PART, {**given, "digest": digest, "content": content, "at": tx.now}) == 1:
        return True
    return bytes(tx.one(PART, given)["digest"]) == digest


def numbers(tx: Tx, member_id: str, cycle_id: str) -> list[int]:
    """Which parts are there."""
    return [row["number"] for row in tx.rows(NUMBERS, {"member": member_id, "cycle": cycle_id})]


def parts(tx: Tx, member_id: str, cycle_id: str) -> list[bytes]:
    """What the parts say, in their order."""
    return [bytes(content) for (content,) in tx.tuples(PARTS, {"member": member_id, "cycle": cycle_id}, binary=True)]


def keep_problems(tx: Tx, member_id: str, cycle_id: str, found: Sequence[Any]) -> None:
    """Keep which rows were refused or warned of."""
    if not found:
        return
    given = {
        "member": member_id, "cycle": cycle_id, "numbers": [each.number for each in found],
        "references": [each.reference for each in found], "refused": [each.refused for each in found],
        "codes": [" ".join(each.codes) for each in found],
    }  # fmt: skip
    tx.execute(KEEP_ROWS, given)


def problems(tx: Tx, member_id: str, cycle_id: str, after: int, limit: int) -> list[Found]:
    """Rows that were refused or warned of, after a number."""
    return tx.rows(ROWS, {"member": member_id, "cycle": cycle_id, "after": after, "limit": limit})


def accounts(tx: Tx, member_id: str) -> dict[Account, Known]:
    """All accounts of a member as they were told of last."""
    return dict(map(_known, tx.tuples(ACCOUNTS, {"member": member_id}, binary=True)))


def sold(tx: Tx, origins: Iterable[str]) -> dict[str, Known]:
    """What is known of accounts of other members, each named by its furnisher and reference."""
    by_member: dict[str, list[str]] = {}
    for origin in origins:
        member_id, _, reference = origin.partition(":")
        by_member.setdefault(member_id, []).append(reference)
    found: dict[str, Known] = {}
    for member_id, references in by_member.items():
        for row in tx.tuples(SOLD, {"member": member_id, "references": references}, binary=True):
            account, known = _known(row)
            found[f"{member_id}:{account[0]}"] = known
    return found


def months(tx: Tx, wanted: Sequence[tuple[str, str, date]]) -> dict[tuple[str, date], Month]:
    """What was told last of months of tradelines (subject, tradeline, period), of those that were told."""
    if not wanted:
        return {}
    given = {
        "subjects": columns.texts([each[0] for each in wanted]), "tradelines": columns.texts([each[1] for each in wanted]),
        "periods": columns.dates(sorted({each[2] for each in wanted})),
    }  # fmt: skip
    return {(row[0], row[1]): Month(row[2], row[3:], row[11]) for row in tx.tuples(MONTHS, given, binary=True)}


def names(tx: Tx, subjects: Sequence[str]) -> dict[str, frozenset[str]]:
    """Under which names subjects are known."""
    found: dict[str, set[str]] = {}
    for subject_id, value in tx.tuples(NAMES, {"subjects": columns.texts(subjects)}):
        found.setdefault(subject_id, set()).add(value)
    return {subject_id: frozenset(each) for subject_id, each in found.items()}


def touch(tx: Tx, subjects: Iterable[str]) -> dict[str, int]:
    """Count the revision of subjects up, beginning those that are new: what is written of them now bears it. Whoever else
    writes of one of them waits."""
    wanted = sorted(set(subjects))
    return dict(tx.tuples(TOUCH, {"subjects": columns.texts(wanted), "at": tx.now}, binary=True)) if wanted else {}


def link(
    tx: Tx,
    member_id: str,
    evidence: str,
    confidence: int,
    links: Sequence[tuple[str, str, str, str]],
    revisions: Mapping[str, int],
) -> None:
    """Link subjects (subject, id, kind, value) to what was told of who they are; what is linked stays as it was."""
    if not links:
        return
    subjects, ids, kinds, values = zip(*links, strict=True)
    given = {
        "member": member_id, "evidence": evidence, "confidence": confidence, "at": tx.now, "subjects": columns.texts(subjects),
        "ids": columns.texts(ids), "kinds": columns.texts(kinds), "values": columns.texts(values),
        "revisions": columns.int4s([revisions[each] for each in subjects]),
    }  # fmt: skip
    tx.execute(LINK, given)


def add_tradelines(
    tx: Tx, member_id: str, cycle_id: str, rows: Sequence[tuple[str, Row]], revisions: Mapping[str, int]
) -> None:
    """Write the terms of accounts, each under its tradeline's id."""
    if not rows:
        return
    told = [row for _, row in rows]
    given = {
        "member": member_id, "cycle": cycle_id, "at": tx.now, "subjects": columns.texts([row.subject for row in told]),
        "ids": columns.texts([ident for ident, _ in rows]),
        "revisions": columns.int4s([revisions[row.subject] for row in told]),
        "references": columns.texts([row.reference for row in told]), "classes": columns.texts([row.cls for row in told]),
        "roles": columns.texts([row.role for row in told]), "opened": columns.dates([row.opened_on for row in told]),
        "currencies": columns.texts([row.currency for row in told]),
        "originals": columns.int8s([row.original for row in told]),
        "securities": columns.texts([row.security for row in told]), "origins": columns.texts([row.origin for row in told]),
        "reasons": columns.texts([row.reason for row in told]),
    }  # fmt: skip
    tx.execute(TRADELINES, given)


def add_months(
    tx: Tx, cycle_id: str, reported_at: Any, rows: Sequence[tuple[str, int | None, Row]], revisions: Mapping[str, int]
) -> None:
    """Write months of tradelines, each with the revision that it supersedes."""
    if not rows:
        return
    told = [row for _, _, row in rows]
    given = {
        "cycle": cycle_id, "reported": reported_at, "at": tx.now, "subjects": columns.texts([row.subject for row in told]),
        "tradelines": columns.texts([ident for ident, _, _ in rows]), "periods": columns.dates([row.period for row in told]),
        "revisions": columns.int4s([revisions[row.subject] for row in told]),
        "limits": columns.int8s([row.limit for row in told]),
        "balances": columns.int8s([row.balance for row in told]), "dues": columns.int8s([row.due for row in told]),
        "paids": columns.int8s([row.paid for row in told]), "dpds": columns.int4s([row.dpd for row in told]),
        "statuses": columns.texts([row.status for row in told]),
        "codes": columns.texts([row.code for row in told]), "fives": columns.texts([row.five_class for row in told]),
        "firsts": columns.dates([row.first_delinquency_on for row in told]),
        "closed": columns.dates([row.closed_on for row in told]),
        "noticed": columns.dates([row.notice_on for row in told]), "notices": columns.texts([row.notice for row in told]),
        "as_ofs": columns.dates([row.as_of for row in told]), "superseded": columns.int4s([before for _, before, _ in rows]),
        "reasons": columns.texts([row.reason for row in told]),
    }  # fmt: skip
    if tx.execute(ADD_MONTHS, given) != len(rows):
        raise Collision("a month was told of meanwhile")


def save_accounts(tx: Tx, member_id: str, changed: Mapping[Account, Known]) -> None:
    """Write how accounts were told of last."""
    if not changed:
        return
    known = list(changed.values())
    terms = list(zip(*(each.terms for each in known), strict=True))
    given = {
        "member": member_id, "references": columns.texts([each[0] for each in changed]),
        "roles": columns.texts([each[1] for each in changed]), "subjects": columns.texts([each[2] for each in changed]),
        "tradelines": columns.texts([each.tradeline_id for each in known]),
        "periods": columns.dates([each.period for each in known]), "as_ofs": columns.dates([each.as_of for each in known]),
        "statuses": columns.texts([each.status for each in known]), "dpds": columns.int4s([each.dpd for each in known]),
        "firsts": columns.dates([each.first_delinquency_on for each in known]), "ended": [each.ended for each in known],
        "classes": columns.texts(terms[0]),
        "opened": columns.dates(terms[1]), "currencies": columns.texts(terms[2]), "originals": columns.int8s(terms[3]),
        "securities": columns.texts(terms[4]), "origins": columns.texts(terms[5]),
    }  # fmt: skip
    tx.execute(SAVE_ACCOUNTS, given)


def _known(row: tuple[Any, ...]) -> tuple[Account, Known]:
    tradeline_id, period, as_of, status, dpd, first, ended = row[3:10]
    return row[:3], Known(tradeline_id, period, as_of, status, dpd, first, ended, row[10:])


def _json(value: Any) -> str | None:
    return None if value is None else canonical(value).decode()


def opened(content: Any) -> Any:
    """A value as it was kept."""
    return json.loads(content) if isinstance(content, bytes | str) else content
