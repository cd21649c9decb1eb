"""Read and write ``loan_contact`` and ``loan_hardship``. Never decides.

What was typed lies sealed under the borrower's key. A borrower's contacts are counted: two that are written at once want the same
number, and one of them runs again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, LiteralString

from farthing.db import rows
from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.kernel import words_sealed
from farthing.kernel.words_sealed import Text
from farthing.kit.money import Money
from farthing.lending.collections.model import Contact, DecideHardship, Hardship

INSERT: LiteralString = """
    INSERT INTO loan_contact (party_id, number, loan_id, on_day, at_time, by_whom, channel, outcome, words, promised_on,
        currency, promised_minor, recorded_at)
    VALUES (%(party_id)s, %(number)s, %(loan_id)s, %(on_day)s, %(at_time)s, %(by_whom)s, %(channel)s, %(outcome)s, %(words)s,
        %(promised_on)s, %(currency)s, %(promised_minor)s, %(recorded_at)s)
    ON CONFLICT (party_id, number) DO NOTHING
"""
OF_LOAN: LiteralString = "SELECT * FROM loan_contact WHERE loan_id = %(loan_id)s ORDER BY number"
LATEST: LiteralString = """
    SELECT DISTINCT ON (party_id, loan_id) * FROM loan_contact WHERE party_id = ANY (%(parties)s)
    ORDER BY party_id, loan_id, number DESC
"""
COUNTS: LiteralString = """
    SELECT party_id, max(number) AS number, count(*) FILTER (WHERE on_day = %(today)s) AS today,
        count(*) FILTER (WHERE on_day > %(since)s) AS lately
    FROM loan_contact WHERE party_id = ANY (%(parties)s) GROUP BY party_id
"""
ASK: LiteralString = """
    INSERT INTO loan_hardship (id, loan_id, party_id, asked_on, asked_by, words, state, plan, event, answer, decided_by)
    VALUES (%(id)s, %(loan_id)s, %(party_id)s, %(on)s, %(by)s, %(words)s, 'asked', '', '', '', '')
    ON CONFLICT (id) DO NOTHING
"""
DECIDE: LiteralString = """
    UPDATE loan_hardship SET state = %(state)s, plan = %(plan)s, until_on = %(until_on)s, event = %(event)s,
        answer = %(answer)s, decided_on = %(on)s, decided_by = %(by)s
    WHERE id = %(id)s AND state = 'asked'
"""
FIND: LiteralString = "SELECT * FROM loan_hardship WHERE id = %(id)s"
HARDSHIPS: LiteralString = "SELECT * FROM loan_hardship WHERE party_id = ANY (%(parties)s) ORDER BY asked_on, id"
FORGET_CONTACTS: LiteralString = "UPDATE loan_contact SET words = '' WHERE party_id = %(party_id)s"
FORGET_HARDSHIPS: LiteralString = "UPDATE loan_hardship SET words = '', answer = '' WHERE party_id = %(party_id)s"
WAITING: LiteralString = """
    SELECT * FROM loan_hardship WHERE state = 'asked' ORDER BY asked_on, id LIMIT %(limit)s
"""


def insert(tx: Tx, contact: Contact) -> None:
    """Keep a contact under its number; a :class:`Collision` where another was written meanwhile."""
    promised = contact.promised
    (words,) = words_sealed.closed(tx, [typed("loan_contact", asdict(contact), "words")])
    done = tx.execute(INSERT, {
        "party_id": contact.party_id, "number": contact.number, "loan_id": contact.loan_id, "on_day": contact.on,
        "at_time": contact.at_time, "by_whom": contact.by, "channel": contact.channel, "outcome": contact.outcome,
        "words": words, "promised_on": contact.promised_on, "recorded_at": contact.recorded_at,
        "currency": promised.currency if promised else None, "promised_minor": promised.minor if promised else None,
    })  # fmt: skip
    if done != 1:
        raise Collision("the borrower is being spoken to by somebody else")


def of_loan(tx: Tx, loan_id: str) -> list[Contact]:
    """The contacts about a loan, the oldest first."""
    return _contacts(tx, tx.rows(OF_LOAN, {"loan_id": loan_id}))


def latest(tx: Tx, parties: Sequence[str]) -> dict[str, Contact]:
    """The last contact about each loan of some borrowers, by loan."""
    found = tx.rows(LATEST, {"parties": rows.texts(parties)}) if parties else []
    return {each.loan_id: each for each in _contacts(tx, found)}


def counts(tx: Tx, parties: Sequence[str], today: date, since: date) -> dict[str, tuple[int, int, int]]:
    """Of each borrower the last number, the contacts of today, and those after a day."""
    asked = {"parties": rows.texts(parties), "today": today, "since": since}
    return {
        row["party_id"]: (row["number"], row["today"], row["lately"])
        for row in (tx.rows(COUNTS, asked) if parties else [])
    }


def ask(tx: Tx, wanted: Hardship) -> bool:
    """Keep a request for relief, its words under its borrower's key; false where the same one stands."""
    (words,) = words_sealed.closed(tx, [typed("loan_hardship", asdict(wanted), "words")])
    return tx.execute(ASK, {
        "id": wanted.id, "loan_id": wanted.loan_id, "party_id": wanted.party_id, "on": wanted.asked_on,
        "by": wanted.asked_by, "words": words,
    }) == 1  # fmt: skip


def decide(tx: Tx, command: DecideHardship, party_id: str, events: str) -> bool:
    """Keep the answer, under its borrower's key; false where there was one."""
    (answer,) = words_sealed.closed(
        tx,
        [typed("loan_hardship", {"id": command.hardship_id, "party_id": party_id, "answer": command.answer}, "answer")],
    )
    return tx.execute(DECIDE, {
        "id": command.hardship_id, "state": "granted" if command.granted else "declined", "plan": command.plan,
        "until_on": command.until_on, "event": events, "answer": answer, "on": tx.business_date,
        "by": tx.actor.id,
    }) == 1  # fmt: skip


def find(tx: Tx, hardship_id: str) -> Hardship | None:
    """One request, or none."""
    row = tx.maybe(FIND, {"id": hardship_id})
    return _hardships(tx, [row])[0] if row else None


def hardships(tx: Tx, parties: Sequence[str]) -> list[Hardship]:
    """What borrowers asked for, the oldest first."""
    return _hardships(tx, tx.rows(HARDSHIPS, {"parties": rows.texts(parties)}) if parties else [])


def holds(tx: Tx, parties: Sequence[str], on: date) -> dict[str, Hardship]:
    """What keeps everybody away from borrowers on a day, by borrower: relief that is asked for, or that stands."""
    return {each.party_id: each for each in hardships(tx, parties) if each.holds(on)}


def waiting(tx: Tx, limit: int) -> list[Hardship]:
    """Requests that nobody answered yet, the oldest first."""
    return _hardships(tx, tx.rows(WAITING, {"limit": limit}))


def forget(tx: Tx, party_id: str) -> None:
    """Empty what was typed about a borrower who is erased: when and how one spoke stays, of an id."""
    tx.execute(FORGET_CONTACTS, {"party_id": party_id})
    tx.execute(FORGET_HARDSHIPS, {"party_id": party_id})


def _hardships(tx: Tx, found: Sequence[Row]) -> list[Hardship]:
    texts = [typed("loan_hardship", row, name) for row in found for name in ("words", "answer")]
    said = iter(words_sealed.said(tx, texts))
    return [Hardship(**{**row, "words": next(said), "answer": next(said)}) for row in found]


def _contacts(tx: Tx, found: Sequence[Row]) -> list[Contact]:
    texts = [typed("loan_contact", row, "words") for row in found]
    said = words_sealed.said(tx, texts)
    return [_contact({**row, "words": words}) for row, words in zip(found, said, strict=True)]


def typed(table: str, row: Mapping[str, Any], name: str) -> Text:
    """What was typed in a column of a row of one of these tables, and what it is sealed about."""
    key = f"{row['party_id']} {row['number']}" if table == "loan_contact" else row["id"]
    return Text(f"{table} {key} {name}", row["party_id"], row[name])


def _contact(row: Row) -> Contact:
    promised = None if row["promised_minor"] is None else Money(row["promised_minor"], row["currency"])
    return Contact(
        row["loan_id"], row["party_id"], row["number"], row["on_day"], row["at_time"], row["by_whom"], row["channel"],
        row["outcome"], row["promised_on"], promised, row["recorded_at"], row["words"],
    )  # fmt: skip
