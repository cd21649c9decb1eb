"""SQL of the kernel: tables ``bank_clock``, ``bank_holiday``, ``idempotency``, ``approval`` and ``errand``; nobody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from farthing.db import rows
from farthing.db.like import literal
from farthing.db.tx import Row, Tx
from farthing.kernel.clock import ClockState
from farthing.kernel.kept import Kept
from farthing.kernel.sealed import opened, sealed
from farthing.kit.canonical import written

CLOCK = """
SELECT mode, time_zone, business_date, anchor_at, anchor_wall_at, home_currency AS home FROM bank_clock WHERE id = 1
"""

START_CLOCK = """
INSERT INTO bank_clock (id, mode, time_zone, business_date, anchor_at, anchor_wall_at, home_currency)
VALUES (1, %(mode)s, %(time_zone)s, %(business_date)s, %(anchor_at)s, %(anchor_wall_at)s, %(home)s)
ON CONFLICT (id) DO NOTHING
"""

MOVE_CLOCK = """
UPDATE bank_clock SET business_date = %(business_date)s, anchor_at = %(anchor_at)s,
    anchor_wall_at = %(anchor_wall_at)s
WHERE id = 1 AND business_date = %(from_date)s
"""

INSERT_HOLIDAYS = """
INSERT INTO bank_holiday (id, day, declared_on, closed, name, declared_by)
SELECT new.id, new.day, %(declared_on)s, %(closed)s, %(name)s, %(declared_by)s
FROM unnest(%(ids)s::text[], %(days)s::date[]) AS new (id, day)
ON CONFLICT (id) DO UPDATE SET closed = excluded.closed, name = excluded.name, declared_by = excluded.declared_by
"""

HOLIDAYS = "SELECT day, closed, declared_on FROM bank_holiday ORDER BY declared_on, day"

CLAIMED = "SELECT operation, request_digest, answer FROM idempotency WHERE id = %(id)s"

ANSWERS = "SELECT id, operation, request_digest, answer FROM idempotency WHERE id = ANY(%(ids)s::uuid[])"

STORE_ANSWERS = """
INSERT INTO idempotency (id, operation, request_digest, answer, personal, created_at)
SELECT id, operation, request_digest, answer::jsonb, id = ANY(%(personal)s::uuid[]), %(created_at)s
FROM unnest(%(ids)s::uuid[], %(operations)s::text[], %(digests)s::bytea[], %(answers)s::text[])
    AS new (id, operation, request_digest, answer)
ORDER BY id
ON CONFLICT (id) DO NOTHING
"""

FORGET_ANSWERS = "DELETE FROM idempotency WHERE personal AND answer::text LIKE ANY(%(said)s::text[])"

PURGE = "DELETE FROM idempotency WHERE created_at < %(before)s"

WRITE_ERRANDS = """
INSERT INTO errand (id, kind, peer, subject, request, answered_by, state, asked_at, due_at)
SELECT id, %(kind)s, peer, subject, request::jsonb, %(answered_by)s, 'waiting', %(asked_at)s, %(due_at)s
FROM unnest(%(ids)s::text[], %(peers)s::text[], %(subjects)s::text[], %(requests)s::text[])
    AS new (id, peer, subject, request)
ORDER BY id
ON CONFLICT (id) DO NOTHING
"""

ERRANDS = """
SELECT id, kind, peer, subject, request, answered_by, state, attempts, problem, due_at FROM errand
WHERE id = ANY(%(ids)s::text[])
"""

OPEN_ERRANDS = """
SELECT id, kind, peer, subject, request, answered_by, state, attempts, problem, due_at FROM errand
WHERE state <> 'answered' AND (%(subject)s::text IS NULL OR subject = %(subject)s::text)
ORDER BY asked_at, id LIMIT %(limit)s
"""

DUE_ERRANDS = """
SELECT id, kind, peer FROM errand WHERE state <> 'answered' AND (%(by)s::timestamptz IS NULL OR due_at <= %(by)s::timestamptz)
ORDER BY due_at LIMIT %(limit)s
"""

SEND_ERRANDS = """
UPDATE errand SET state = 'sent', attempts = attempts + 1, due_at = new.due_at, problem = ''
FROM unnest(%(ids)s::text[], %(due_at)s::timestamptz[]) AS new (id, due_at)
WHERE errand.id = new.id AND state <> 'answered'
RETURNING errand.id, kind, peer, subject, request, answered_by, state, attempts, problem, new.due_at
"""

LEAVE_ERRAND = """
UPDATE errand SET state = %(state)s, problem = %(problem)s WHERE id = %(id)s AND state = 'sent'
"""

SETTLE_ERRANDS = """
UPDATE errand SET state = 'answered', request = NULL, due_at = NULL, problem = '', answered_at = %(answered_at)s
WHERE id = ANY(%(ids)s::text[]) AND state <> 'answered'
RETURNING id
"""

DRAFT = """
INSERT INTO approval (id, operation, command, maker, maker_person, made_at, made_on, state, attendance_id, party_ids)
VALUES (%(id)s, %(operation)s, %(command)s::jsonb || jsonb_strip_nulls(jsonb_build_object('reference', %(reference)s::text)),
    %(maker)s, %(maker_person)s, %(made_at)s, %(made_on)s, 'waiting',
    %(attendance_id)s, %(party_ids)s::text[])
"""

APPROVAL = """
SELECT id, operation, command, maker, maker_person, made_at, made_on, state, checker, decided_at, note, attendance_id,
    party_ids, refusal_code
FROM approval WHERE id = %(id)s
"""

WAITING = """
SELECT id, operation, command, maker, maker_person, made_at, made_on, state, checker, decided_at, note, attendance_id,
    party_ids, refusal_code
FROM approval WHERE state = 'waiting' ORDER BY made_at LIMIT %(limit)s
"""

WAITING_ABOUT = """
SELECT id, operation, command, maker, maker_person, made_at, made_on, state, checker, decided_at, note, attendance_id,
    party_ids, refusal_code
FROM approval
WHERE state = 'waiting' AND operation = %(operation)s AND command ->> 'reference' = %(reference)s::text
ORDER BY made_at, id
"""

MADE_BY = """
SELECT id, operation, command, maker, maker_person, made_at, made_on, state, checker, decided_at, note, attendance_id,
    party_ids, refusal_code
FROM approval WHERE (maker = %(maker)s OR maker_person = %(person)s) AND (state = 'waiting' OR made_on = %(on)s)
ORDER BY made_at DESC LIMIT %(limit)s
"""

DUE = """
SELECT id, operation, command FROM approval
WHERE state = 'waiting'
    AND made_on <= CASE WHEN attendance_id IS NULL THEN %(made_by)s::date ELSE %(on)s::date END
ORDER BY made_at, id LIMIT %(limit)s
"""

OF_MAKER = "SELECT id, operation, command FROM approval WHERE state = 'waiting' AND maker = %(maker)s"

UNDER = "SELECT id, operation, command FROM approval WHERE state = 'waiting' AND attendance_id = %(attendance_id)s"

DECIDE = """
UPDATE approval SET state = %(state)s, checker = %(checker)s, checker_person = %(checker_person)s,
    decided_at = %(decided_at)s, note = %(note)s, command = %(command)s
WHERE id = %(id)s AND state = 'waiting'
"""

REFUSE = """
UPDATE approval SET state = 'refused', refusal_code = %(refusal_code)s WHERE id = %(id)s AND state = 'approved'
"""

CLOSE_DRAFT = """
UPDATE approval SET state = %(state)s, decided_at = %(decided_at)s, note = %(note)s, command = %(command)s
WHERE id = %(id)s AND state = 'waiting'
"""


def clock(connection: psycopg.Connection[Any]) -> ClockState | None:
    """The bank's clock, or none before the bank is opened."""
    with connection.cursor(row_factory=class_row(ClockState)) as cursor:
        return cursor.execute(CLOCK).fetchone()


def start_clock(connection: psycopg.Connection[Any], state: ClockState) -> None:
    """Open the bank: keeps the clock it has, if it has one."""
    connection.execute(
        START_CLOCK,
        {"mode": state.mode, "time_zone": state.time_zone, "business_date": state.business_date,
         "anchor_at": state.anchor_at, "anchor_wall_at": state.anchor_wall_at, "home": state.home},
    )  # fmt: skip


def move_clock(tx: Tx, before: ClockState, after: ClockState) -> bool:
    """Move the business date on; false where somebody else moved it first."""
    moved = tx.execute(
        MOVE_CLOCK,
        {"business_date": after.business_date, "anchor_at": after.anchor_at,
         "anchor_wall_at": after.anchor_wall_at, "from_date": before.business_date},
    )  # fmt: skip
    return moved == 1


def insert_holidays(tx: Tx, days: Sequence[date], name: str, closed: bool) -> None:
    """Keep a declaration; another of the same day about the same days takes its place."""
    tx.execute(
        INSERT_HOLIDAYS,
        {
            "ids": [f"{day}@{tx.business_date}" for day in days],
            "days": rows.dates(days),
            "declared_on": tx.business_date,
            "closed": closed,
            "name": name,
            "declared_by": tx.actor.id,
        },
    )


def declarations(tx: Tx) -> list[tuple[Any, ...]]:
    """Every declaration of a holiday (day, closed, declared on), in the order in which they were made."""
    return tx.tuples(HOLIDAYS)


def answered(tx: Tx, key: UUID) -> bool:
    """Whether a request under this key has been answered."""
    return tx.maybe(CLAIMED, {"id": key}) is not None


def answers(tx: Tx, keys: Sequence[UUID]) -> dict[UUID, Row]:
    """What is stored under several keys, by key; unused keys are left out."""
    found = tx.rows(ANSWERS, {"ids": rows.uuids([key.bytes for key in keys])})
    return {row["id"]: row for row in opened(tx, "answer", "answer", found)}


def store_answers(tx: Tx, answered: Sequence[tuple[UUID, str, bytes, Kept]]) -> int:
    """Claim keys and keep the answers of their operations in one statement, in the order of the keys; answers how many
    were free. What says something about somebody is sealed."""
    personal = iter(
        sealed(tx, "answer", [(kept.answer, str(key), ()) for key, _, _, kept in answered if kept.is_personal])
    )
    return tx.execute(
        STORE_ANSWERS,
        {
            "created_at": tx.now,
            "ids": rows.uuids([key.bytes for key, _, _, _ in answered]),
            "operations": rows.texts([operation for _, operation, _, _ in answered]),
            "personal": rows.uuids([key.bytes for key, _, _, kept in answered if kept.is_personal]),
            "digests": rows.byteas([digest for _, _, digest, _ in answered]),
            "answers": rows.texts(
                [next(personal) if kept.is_personal else written(kept.answer) for _, _, _, kept in answered]
            ),
        },
    )


def forget_answers(tx: Tx, said: Sequence[str]) -> int:
    """Forget answers about somebody in which one of these words stands; answers how many."""
    return tx.execute(FORGET_ANSWERS, {"said": _within(said)})


def drafts_about(tx: Tx, said: Sequence[str]) -> int:
    """How many drafts wait in which one of these words stands."""
    return sum(any(word in written(row["command"]) for word in said) for row in waiting(tx, None))


def _within(said: Sequence[str]) -> list[str]:
    """Patterns for texts that hold one of these words."""
    return [f"%{literal(word)}%" for word in said]


def purge(tx: Tx, before: datetime) -> int:
    """Forget keys claimed before an instant."""
    return tx.execute(PURGE, {"before": before})


def write_errands(
    tx: Tx, kind: str, answered_by: str, due_at: datetime, new: Sequence[tuple[str, str, str, object, Sequence[str]]]
) -> None:
    """Keep errands of a kind, each (id, peer, subject, request, whose it is); one of its id stays as it is."""
    tx.execute(
        WRITE_ERRANDS,
        {
            "kind": kind,
            "answered_by": answered_by,
            "asked_at": tx.now,
            "due_at": due_at,
            "ids": rows.texts([errand_id for errand_id, _, _, _, _ in new]),
            "peers": rows.texts([peer for _, peer, _, _, _ in new]),
            "subjects": rows.texts([subject for _, _, subject, _, _ in new]),
            "requests": rows.texts(
                sealed(tx, "errand", [(request, ident, (subject, *whose)) for ident, _, subject, request, whose in new])
            ),
        },
    )


def errands(tx: Tx, ids: Sequence[str]) -> dict[str, Row]:
    """Errands by their ids: those that there are."""
    return {row["id"]: row for row in _errands(tx, tx.rows(ERRANDS, {"ids": rows.texts(sorted(set(ids)))}))}


def _errands(tx: Tx, found: list[Row]) -> list[Row]:
    return opened(tx, "errand", "request", found)


def open_errands(tx: Tx, subject: str | None, limit: int = 100) -> list[Row]:
    """Errands that are not answered, of a subject or of any, oldest first."""
    return _errands(tx, tx.rows(OPEN_ERRANDS, {"subject": subject, "limit": limit}))


def due_errands(tx: Tx, by: datetime | None, limit: int) -> list[Row]:
    """Errands that are to be asked (again) by an instant, or all that are not answered."""
    return tx.rows(DUE_ERRANDS, {"by": by, "limit": limit})


def send_errands(tx: Tx, due_at: Mapping[str, datetime]) -> dict[str, Row]:
    """Note that errands may be on their way from now on, each to be asked again at a time; one that is answered is left
    out."""
    ids = sorted(due_at)
    values = {"ids": rows.texts(ids), "due_at": rows.instants([due_at[each] for each in ids])}
    return {row["id"]: row for row in _errands(tx, tx.rows(SEND_ERRANDS, values))}


def leave_errand(tx: Tx, errand_id: str, state: str, problem: str) -> bool:
    """Note that an attempt brought no answer, and how the errand stands then; not of one that was answered meanwhile."""
    return tx.execute(LEAVE_ERRAND, {"id": errand_id, "state": state, "problem": problem}) == 1


def settle_errands(tx: Tx, ids: Sequence[str]) -> frozenset[str]:
    """Note that errands are answered and forget what was asked; answers which were not answered before."""
    values = {"ids": rows.texts(sorted(set(ids))), "answered_at": tx.now}
    return frozenset(str(row["id"]) for row in tx.rows(SETTLE_ERRANDS, values))


def draft(
    tx: Tx, operation: str, command: object, attendance_id: str | None = None, party_ids: Sequence[str] = ()
) -> UUID:
    """Keep a command that waits for a second person, with the attendance that it was made under, and for whom, if any."""
    approval_id = tx.uuid()
    (kept,) = sealed(tx, "draft", [(command, str(approval_id), party_ids)])
    reference = command.get("reference") if isinstance(command, dict) else None
    tx.execute(
        DRAFT,
        {"id": approval_id, "operation": operation, "command": kept, "reference": reference, "maker": tx.actor.id,
         "maker_person": tx.actor.person_id, "made_at": tx.now, "made_on": tx.business_date,
         "attendance_id": attendance_id, "party_ids": rows.texts(party_ids)},
    )  # fmt: skip
    return approval_id


def _drafts(tx: Tx, found: list[Row]) -> list[Row]:
    return opened(tx, "draft", "command", found)


def approval(tx: Tx, approval_id: UUID) -> Row | None:
    """One four-eyes draft."""
    return next(iter(_drafts(tx, tx.rows(APPROVAL, {"id": approval_id}))), None)


def waiting(tx: Tx, limit: int | None) -> list[Row]:
    """The drafts nobody has decided yet, oldest first; all without a limit."""
    return _drafts(tx, tx.rows(WAITING, {"limit": limit}))


def waiting_about(tx: Tx, operation: str, reference: str) -> list[Row]:
    """The drafts of an operation that nobody has decided yet and whose command names a reference, oldest first."""
    return _drafts(tx, tx.rows(WAITING_ABOUT, {"operation": operation, "reference": reference}))


def decide(tx: Tx, approval_id: UUID, state: str, note: str, command: object) -> bool:
    """Settle a waiting draft, of which ``command`` is what is kept; false where somebody was faster."""
    settled = tx.execute(
        DECIDE,
        {"id": approval_id, "state": state, "checker": tx.actor.id, "checker_person": tx.actor.person_id,
         "decided_at": tx.now, "note": note, "command": Jsonb(command)},
    )  # fmt: skip
    return settled == 1


def refuse(tx: Tx, approval_id: UUID, code: str) -> None:
    """Note that what was approved in this transaction was refused."""
    tx.execute(REFUSE, {"id": approval_id, "refusal_code": code})


def made_by(tx: Tx, limit: int) -> list[Row]:
    """The actor's own drafts that wait, and those made today, the newest first."""
    asked = {"maker": tx.actor.id, "person": tx.actor.person_id, "on": tx.business_date, "limit": limit}
    return _drafts(tx, tx.rows(MADE_BY, asked))


def due_drafts(tx: Tx, made_by: date | None, limit: int) -> list[Row]:
    """Drafts made on a day or before, and all that were made under an attendance up to the business date."""
    return _drafts(tx, tx.rows(DUE, {"made_by": made_by, "on": tx.business_date, "limit": limit}))


def drafts_of_maker(tx: Tx, maker: str) -> list[Row]:
    """Drafts of an actor that wait."""
    return _drafts(tx, tx.rows(OF_MAKER, {"maker": maker}))


def drafts_under(tx: Tx, attendance_id: str) -> list[Row]:
    """Drafts made under an attendance that wait."""
    return _drafts(tx, tx.rows(UNDER, {"attendance_id": attendance_id}))


def close_draft(tx: Tx, approval_id: UUID, state: str, note: str, command: object) -> bool:
    """End a waiting draft that nobody decides; false where somebody was faster."""
    values = {"id": approval_id, "state": state, "note": note, "command": Jsonb(command), "decided_at": tx.now}
    return tx.execute(CLOSE_DRAFT, values) == 1
