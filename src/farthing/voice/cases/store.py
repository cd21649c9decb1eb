"""Read and write ``voice_case``, ``voice_said``, ``voice_about`` and ``voice_redress``. Never decides.

What is personal of a line is one JSON text under the key of the case's person.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any, LiteralString

from farthing.db import rows
from farthing.db.keyring.ring import Item, ring_of
from farthing.db.keyring.sealing import Gone
from farthing.db.tx import Row, Tx
from farthing.kit.canonical import written
from farthing.kit.money import Money
from farthing.voice.cases.model import Case, CaseSaid, CasesDue

_CASE: LiteralString = """
    SELECT c.id, c.number, c.kind, c.channel, c.language, c.party_id, c.known, c.people, c.received_on, c.received_at,
           c.recorded_by, c.arose, c.product, c.cause, c.severity, c.owner, c.owner_person, c.step, c.business, c.rolls, c.due_on,
           c.state, c.outcome, c.answered_on, c.answered_by, c.summary, c.appeals, c.rating, c.near_on, c.late_on, c.ended_on,
           c.currency, c.redress_minor, c.version, c.token, c.text_id
    FROM voice_case AS c """
_SEEN: LiteralString = (
    "NOT EXISTS (SELECT 1 FROM voice_about AS a WHERE a.case_id = c.id AND a.person = %(person)s::text) "
)
FIND: LiteralString = _CASE + "WHERE c.id = ANY(%(ids)s::text[])"
BY_NUMBER: LiteralString = _CASE + "WHERE c.number = ANY(%(numbers)s::text[])"
OF_PERSON: LiteralString = _CASE + "WHERE c.party_id = %(party)s ORDER BY c.received_at DESC, c.id LIMIT %(limit)s"
WAITS: LiteralString = (
    _CASE
    + "WHERE c.state IN ('open', 'appealed') AND (%(owner)s::text = '' OR c.owner_person = %(owner)s::text) AND "
    + _SEEN
    + "ORDER BY c.due_on NULLS LAST, c.received_at, c.id LIMIT %(limit)s"
)
ALL: LiteralString = _CASE + "WHERE " + _SEEN + "ORDER BY c.received_at DESC, c.id LIMIT %(limit)s"
DUE: LiteralString = (
    _CASE
    + """WHERE c.state IN ('open', 'appealed') AND c.due_on <= %(by)s AND c.id > %(after)s
         AND (c.near_on IS NULL OR (c.late_on IS NULL AND c.due_on <= %(on)s)) ORDER BY c.id LIMIT %(limit)s"""
)
OVER: LiteralString = (
    _CASE
    + "WHERE c.state = 'answered' AND c.answered_on < %(before)s AND c.id > %(after)s ORDER BY c.id LIMIT %(limit)s"
)
PAGE: LiteralString = _CASE + "WHERE c.id > %(after)s ORDER BY c.id LIMIT %(limit)s"
BETWEEN: LiteralString = (
    _CASE
    + """WHERE c.received_on >= %(since)s AND c.received_on < %(until)s
         AND (c.received_on, c.id) > (%(day)s::date, %(after)s::text) ORDER BY c.received_on, c.id LIMIT %(limit)s"""
)
BY_TEXT: LiteralString = _CASE + "WHERE c.text_id = ANY(%(ids)s::text[])"
INSERT: LiteralString = """
    INSERT INTO voice_case (id, number, text_id, token, kind, channel, language, party_id, known, people, received_on,
                            received_at, recorded_by, arose, product, cause, severity, owner, owner_person, step, business,
                            rolls, due_on, state, outcome, answered_by, summary, appeals, currency, redress_minor, version)
    SELECT n.id, n.number, n.text_id, n.token, n.kind, n.channel, n.language, n.party_id, n.known, n.people, n.received_on,
           %(at)s, n.recorded_by, n.arose, '', '', 0, '', '', 0, n.business, n.rolls, n.due_on, 'open', '', '',
           false, 0, %(home)s, 0, 1
    FROM unnest(%(ids)s::text[], %(numbers)s::text[], %(texts)s::text[], %(tokens)s::text[], %(kinds)s::text[],
                %(channels)s::text[], %(languages)s::text[], %(parties)s::text[], %(known)s::boolean[], %(people)s::integer[],
                %(received)s::date[], %(recorded)s::text[], %(arose)s::text[], %(business)s::boolean[], %(rolls)s::boolean[],
                %(due)s::date[])
         AS n (id, number, text_id, token, kind, channel, language, party_id, known, people, received_on, recorded_by, arose,
               business, rolls, due_on)
    ON CONFLICT (id) DO NOTHING
    RETURNING id
"""
MOVE: LiteralString = """
    UPDATE voice_case AS c
    SET kind = n.kind, arose = n.arose, product = n.product, cause = n.cause, severity = n.severity, owner = n.owner,
        owner_person = n.owner_person, step = n.step, due_on = n.due_on, state = n.state, outcome = n.outcome,
        answered_on = n.answered_on, answered_by = n.answered_by, summary = n.summary, appeals = n.appeals, rating = n.rating,
        near_on = n.near_on, late_on = n.late_on, ended_on = n.ended_on, redress_minor = n.redress, version = c.version + 1
    FROM unnest(%(ids)s::text[], %(versions)s::integer[], %(kinds)s::text[], %(arose)s::text[], %(products)s::text[],
                %(causes)s::text[], %(severities)s::integer[], %(owners)s::text[], %(persons)s::text[], %(steps)s::integer[],
                %(due)s::date[], %(states)s::text[], %(outcomes)s::text[], %(answered)s::date[], %(answerers)s::text[],
                %(summaries)s::boolean[], %(appeals)s::integer[], %(ratings)s::integer[], %(near)s::date[], %(late)s::date[],
                %(ended)s::date[], %(redress)s::bigint[])
         AS n (id, version, kind, arose, product, cause, severity, owner, owner_person, step, due_on, state, outcome, answered_on,
               answered_by, summary, appeals, rating, near_on, late_on, ended_on, redress)
    WHERE c.id = n.id AND c.version = n.version
"""
COUNT_SAID: LiteralString = """
    SELECT case_id, max(number) AS number FROM voice_said WHERE case_id = ANY(%(ids)s::text[]) GROUP BY case_id
"""
SAY: LiteralString = """
    INSERT INTO voice_said (case_id, number, act, by, channel, actor, said_on, said_at, days, word, sealed)
    SELECT n.case_id, n.number, n.act, n.by, n.channel, n.actor, n.said_on, %(at)s, n.days, n.word, n.sealed
    FROM unnest(%(cases)s::text[], %(numbers)s::integer[], %(acts)s::text[], %(bys)s::text[], %(channels)s::text[],
                %(actors)s::text[], %(days_on)s::date[], %(days)s::integer[], %(words)s::text[], %(sealed)s::bytea[])
         AS n (case_id, number, act, by, channel, actor, said_on, days, word, sealed)
"""
SAID: LiteralString = """
    SELECT case_id, number, act, by, channel, actor, said_on, said_at, days, word, sealed FROM voice_said
    WHERE case_id = ANY(%(ids)s::text[]) AND (%(acts)s::text[] IS NULL OR act = ANY(%(acts)s::text[])) ORDER BY case_id, number
"""
FORGET: LiteralString = """
    UPDATE voice_said AS s SET sealed = NULL FROM voice_case AS c
    WHERE s.case_id = c.id AND c.party_id = %(party)s AND s.sealed IS NOT NULL
"""
ABOUT: LiteralString = "SELECT case_id, person FROM voice_about WHERE case_id = ANY(%(ids)s::text[]) ORDER BY person"
NAME: LiteralString = """
    INSERT INTO voice_about (case_id, person, named_by, named_at)
    SELECT n.case_id, n.person, %(by)s, %(at)s FROM unnest(%(cases)s::text[], %(persons)s::text[]) AS n (case_id, person)
    ON CONFLICT (case_id, person) DO NOTHING
"""
PAY: LiteralString = """
    INSERT INTO voice_redress (case_id, number, person, currency, minor, paid_on)
    VALUES (%(case)s, %(number)s, %(person)s, %(currency)s, %(minor)s, %(on)s)
"""
PAID_BY: LiteralString = """
    SELECT coalesce(sum(minor), 0)::bigint AS minor FROM voice_redress
    WHERE person = %(person)s AND paid_on = %(on)s AND currency = %(currency)s
"""
PAID: LiteralString = """
    SELECT case_id, number, currency, minor, paid_on FROM voice_redress WHERE case_id = ANY(%(ids)s::text[])
    ORDER BY case_id, number
"""
WAITING: LiteralString = """
    SELECT due_on, count(*) AS waiting, count(*) FILTER (WHERE owner <> '') AS owned FROM voice_case
    WHERE state IN ('open', 'appealed') GROUP BY due_on ORDER BY due_on NULLS LAST
"""
OPEN_OF: LiteralString = (
    "SELECT number FROM voice_case WHERE party_id = %(party)s AND state IN ('open', 'appealed') ORDER BY id"
)
LAST_OF: LiteralString = (
    "SELECT max(coalesce(ended_on, answered_on, received_on)) AS day FROM voice_case WHERE party_id = %(party)s"
)
PERSONAL = ("words", "remedy", "name", "phone", "speakers")


def find(tx: Tx, ids: Sequence[str]) -> dict[str, Case]:
    """Cases by id."""
    return {row["id"]: _case(row) for row in tx.rows(FIND, {"ids": rows.texts(ids)})}


def by_number(tx: Tx, numbers: Sequence[str]) -> list[Case]:
    """Cases by the number that their person was told; two may have one."""
    return [_case(row) for row in tx.rows(BY_NUMBER, {"numbers": rows.texts(numbers)})]


def by_text(tx: Tx, ids: Sequence[str]) -> list[Case]:
    """Cases by what analysts know them by."""
    return [_case(row) for row in tx.rows(BY_TEXT, {"ids": rows.texts(ids)})]


def of_person(tx: Tx, party_id: str, limit: int) -> list[Case]:
    """The cases of a person, the latest first."""
    return [_case(row) for row in tx.rows(OF_PERSON, {"party": party_id, "limit": limit})]


def waits(tx: Tx, person: str, owner: str, limit: int) -> list[Case]:
    """Cases to be answered, the most urgent first, of one owner or all; none that is about the person who looks."""
    return [_case(row) for row in tx.rows(WAITS, {"person": person, "owner": owner, "limit": limit})]


def everything(tx: Tx, person: str, limit: int) -> list[Case]:
    """All cases, the latest first; none that is about the person who looks."""
    return [_case(row) for row in tx.rows(ALL, {"person": person, "limit": limit})]


def due(tx: Tx, by: date, after: str, limit: int) -> list[Case]:
    """Cases whose last day comes by a day, or is over, and of which that was not told yet."""
    values = {"by": by, "on": tx.business_date, "after": after, "limit": limit}
    return [_case(row) for row in tx.rows(DUE, values)]


def over(tx: Tx, before: date, after: str, limit: int) -> list[Case]:
    """Cases that were answered before a day and left at that."""
    return [_case(row) for row in tx.rows(OVER, {"before": before, "after": after, "limit": limit})]


def page(tx: Tx, after: str, limit: int) -> list[Case]:
    """All, by id."""
    return [_case(row) for row in tx.rows(PAGE, {"after": after, "limit": limit})]


def between(tx: Tx, since: date, until: date, after: tuple[date, str], limit: int) -> list[Case]:
    """Those received from one day on and before another, in their order."""
    values = {"since": since, "until": until, "day": after[0], "after": after[1], "limit": limit}
    return [_case(row) for row in tx.rows(BETWEEN, values)]


def insert(tx: Tx, new: Sequence[Case]) -> frozenset[str]:
    """Keep new cases; answers the ids of those that were not there before."""
    values = {
        "ids": rows.texts([each.id for each in new]), "numbers": rows.texts([each.number for each in new]),
        "texts": rows.texts([each.text_id for each in new]), "tokens": rows.texts([each.token for each in new]),
        "kinds": rows.texts([each.kind for each in new]), "channels": rows.texts([each.channel for each in new]),
        "languages": rows.texts([each.language for each in new]), "parties": rows.texts([each.party_id for each in new]),
        "known": [each.known for each in new], "people": rows.int4s([each.people for each in new]),
        "received": [each.received_on for each in new], "recorded": rows.texts([each.recorded_by for each in new]),
        "arose": rows.texts([each.classes[0] for each in new]), "business": [each.business for each in new],
        "rolls": [each.rolls for each in new], "due": [each.due_on for each in new], "at": tx.now, "home": tx.home,
    }  # fmt: skip
    return frozenset(row["id"] for row in tx.rows(INSERT, values))


def move(tx: Tx, moved: Sequence[Case]) -> int:
    """Keep how cases stand, each as it was read before; answers of how many that was still so."""
    values = {
        "ids": rows.texts([each.id for each in moved]), "versions": rows.int4s([each.version for each in moved]),
        "kinds": rows.texts([each.kind for each in moved]), "arose": rows.texts([each.classes[0] for each in moved]),
        "products": rows.texts([each.classes[1] for each in moved]), "causes": rows.texts([each.classes[2] for each in moved]),
        "severities": rows.int4s([each.severity for each in moved]), "owners": rows.texts([each.owner for each in moved]),
        "persons": rows.texts([each.owner_person for each in moved]), "steps": rows.int4s([each.step for each in moved]),
        "due": [each.due_on for each in moved], "states": rows.texts([each.state for each in moved]),
        "outcomes": rows.texts([each.outcome for each in moved]), "answered": [each.answered_on for each in moved],
        "answerers": rows.texts([each.answered_by for each in moved]), "summaries": [each.summary for each in moved],
        "appeals": rows.int4s([each.appeals for each in moved]), "ratings": [each.rating for each in moved],
        "near": [each.near_on for each in moved], "late": [each.late_on for each in moved],
        "ended": [each.ended_on for each in moved], "redress": rows.int8s([each.redress.minor for each in moved]),
    }  # fmt: skip
    return tx.execute(MOVE, values)


def say(tx: Tx, said: Sequence[tuple[Case, CaseSaid]]) -> None:
    """Keep what was said of cases or done with them; what is personal is sealed under the key of the case's person."""
    ids = [case.id for case, _ in said]
    last = {row["case_id"]: row["number"] for row in tx.rows(COUNT_SAID, {"ids": rows.texts(ids)})}
    numbers = []
    for ident in ids:
        last[ident] = last.get(ident, 0) + 1
        numbers.append(last[ident])
    lines = [line for _, line in said]
    contents = [{name: value for name in PERSONAL if (value := getattr(line, name))} for line in lines]
    items = [
        Item((case.party_id,), written(content).encode(), _about(case.id, number))
        for (case, _), content, number in zip(said, contents, numbers, strict=True)
    ]
    kept = iter(ring_of(tx).seal([item for item, content in zip(items, contents, strict=True) if content]))
    values = {
        "cases": rows.texts(ids), "numbers": rows.int4s(numbers), "acts": rows.texts([each.act for each in lines]),
        "bys": rows.texts([each.by for each in lines]), "channels": rows.texts([each.channel for each in lines]),
        "actors": rows.texts([tx.actor.id] * len(lines)), "days_on": [each.on for each in lines],
        "days": [each.days for each in lines], "words": rows.texts([each.word for each in lines]),
        "sealed": [next(kept) if content else None for content in contents], "at": tx.now,
    }  # fmt: skip
    tx.execute(SAY, values)


def said(
    tx: Tx, cases: Sequence[Case], acts: Sequence[str] | None = None, *, bare: bool = False
) -> dict[str, list[CaseSaid]]:
    """What was said of cases and done with them, in its order; ``bare``: without what is personal."""
    parties = {each.id: each.party_id for each in cases}
    wanted = {"ids": rows.texts(list(parties)), "acts": None if acts is None else list(acts)}
    found = tx.rows(SAID, wanted) if parties else []
    sealed = [] if bare else [row for row in found if row["sealed"] is not None]
    items = [
        Item((parties[row["case_id"]],), bytes(row["sealed"]), _about(row["case_id"], row["number"])) for row in sealed
    ]
    contents = iter(ring_of(tx).open(items) if items else [])
    told: dict[str, list[CaseSaid]] = {}
    for row in found:
        content = None if bare or row["sealed"] is None else next(contents)
        personal = {} if content is None or isinstance(content, Gone) else json.loads(content)
        told.setdefault(row["case_id"], []).append(_said(row, personal))
    return told


def forget(tx: Tx, party_id: str) -> int:
    """Empty what a person said; answers how many lines."""
    return tx.execute(FORGET, {"party": party_id})


def about(tx: Tx, ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """The persons of the staff about whom cases are."""
    found: dict[str, frozenset[str]] = {}
    for row in tx.rows(ABOUT, {"ids": rows.texts(ids)}):
        found[row["case_id"]] = found.get(row["case_id"], frozenset()) | {row["person"]}
    return found


def name(tx: Tx, named: Sequence[tuple[str, str]]) -> int:
    """Keep about whom of the staff cases are; answers how many were not known."""
    values = {"cases": rows.texts([case for case, _ in named]), "persons": rows.texts([person for _, person in named])}
    return tx.execute(NAME, {**values, "by": tx.actor.id, "at": tx.now}) if named else 0


def pay(tx: Tx, case_id: str, number: int, person: str, amount: Money) -> None:
    """Keep what was paid for a case, and who asked for it."""
    values = {"case": case_id, "number": number, "person": person, "currency": amount.currency, "minor": amount.minor}
    tx.execute(PAY, {**values, "on": tx.business_date})


def paid_by(tx: Tx, person: str, currency: str) -> Money:
    """What a member of staff gave today."""
    row = tx.one(PAID_BY, {"person": person, "on": tx.business_date, "currency": currency})
    return Money(row["minor"], currency)


def paid(tx: Tx, ids: Sequence[str]) -> dict[str, list[tuple[int, Money, date]]]:
    """What was paid for cases: number, amount and day."""
    found: dict[str, list[tuple[int, Money, date]]] = {}
    for row in tx.rows(PAID, {"ids": rows.texts(ids)}):
        found.setdefault(row["case_id"], []).append(
            (row["number"], Money(row["minor"], row["currency"]), row["paid_on"])
        )
    return found


def waiting(tx: Tx) -> list[CasesDue]:
    """How many cases are to be answered, by their last day."""
    return [CasesDue(row["due_on"], row["waiting"], row["owned"]) for row in tx.rows(WAITING)]


def open_of(tx: Tx, party_id: str) -> list[str]:
    """The numbers of a person's cases that are to be answered."""
    return [row["number"] for row in tx.rows(OPEN_OF, {"party": party_id})]


def last_of(tx: Tx, party_id: str) -> date | None:
    """The last day on which something became of a person's cases."""
    found: date | None = tx.one(LAST_OF, {"party": party_id})["day"]
    return found


def _about(case_id: str, number: int) -> str:
    return f"voice_said {case_id} {number}"


_PLAIN = tuple(each.name for each in fields(Case) if each.name not in ("classes", "redress"))


def _case(row: Row) -> Case:
    values: dict[str, Any] = {name: row[name] for name in _PLAIN}
    classes = (row["arose"], row["product"], row["cause"])
    return Case(**values, classes=classes, redress=Money(row["redress_minor"], row["currency"]))


def _said(row: Row, personal: dict[str, Any]) -> CaseSaid:
    if "speakers" in personal:
        personal["speakers"] = tuple(personal["speakers"])
    return CaseSaid(
        row["case_id"], row["act"], row["by"], row["channel"], row["said_on"], row["days"], row["word"], **personal,
        actor=row["actor"], number=row["number"], at=row["said_at"],
    )  # fmt: skip
