"""Read and write ``funding_partner`` and ``funding_inquiry``. Never decides."""

from __future__ import annotations

from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.funding.model import Inquiry, Partner, RecordAnswer, RegisterPartner
from farthing.kit.money import Money

SAVE_PARTNER: LiteralString = """
    INSERT INTO funding_partner (id, name, url, credit_code, account, name_en, controlled_by)
    VALUES (%(code)s, %(name)s, %(url)s, %(credit_code)s, %(account)s, %(name_en)s, %(controlled_by)s)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, url = excluded.url,
        credit_code = excluded.credit_code, account = excluded.account, name_en = excluded.name_en,
        controlled_by = excluded.controlled_by
"""
LIST_PARTNERS: LiteralString = """
    SELECT id AS code, name, url, credit_code, account, name_en, controlled_by FROM funding_partner ORDER BY id
"""
INSERT_INQUIRY: LiteralString = """
    INSERT INTO funding_inquiry (id, loan_id, partner, currency, share_minor, within_ms, state, asked_at,
                                 programme, place, annual, room)
    VALUES (%(id)s, %(loan_id)s, %(partner)s, %(currency)s, %(share_minor)s, %(within_ms)s, %(state)s, %(asked_at)s,
            %(programme)s, %(place)s, %(annual)s, %(room)s)
    ON CONFLICT (id) DO NOTHING
"""
FIND_INQUIRY: LiteralString = "SELECT * FROM funding_inquiry WHERE id = %(inquiry_id)s"
LIST_INQUIRIES: LiteralString = "SELECT * FROM funding_inquiry WHERE loan_id = %(loan_id)s ORDER BY place, id"
ANSWER: LiteralString = """
    UPDATE funding_inquiry SET state = %(state)s, answered_at = %(answered_at)s, reference = %(reference)s,
                               reason = %(reason)s, raw_answer = %(raw)s
    WHERE id = %(inquiry_id)s AND state = 'asked'
"""
RELEASE: LiteralString = """
    UPDATE funding_inquiry SET state = 'released', room = %(room)s WHERE id = %(inquiry_id)s AND state = 'agreed'
"""
SPARE: LiteralString = """
    UPDATE funding_inquiry SET state = 'spared', answered_at = %(at)s WHERE id = %(inquiry_id)s AND state = 'asked'
"""


def release(tx: Tx, inquiry_id: str, room: str = "") -> bool:
    """Mark an agreed share as not needed, or in the way of a limit; false where it was not agreed, or let go before."""
    return tx.execute(RELEASE, {"inquiry_id": inquiry_id, "room": room}) == 1


def spare(tx: Tx, inquiry_id: str) -> bool:
    """Wait no more for a partner's answer, which is not needed; false where it had answered."""
    return tx.execute(SPARE, {"inquiry_id": inquiry_id, "at": tx.now}) == 1


def save_partner(tx: Tx, command: RegisterPartner) -> None:
    """Keep a partner, or where it now answers."""
    tx.execute(
        SAVE_PARTNER,
        {
            "code": command.code,
            "name": command.name,
            "url": command.url,
            "credit_code": command.credit_code,
            "account": command.account,
            "name_en": command.name_en,
            "controlled_by": command.controlled_by,
        },
    )


def partners(tx: Tx) -> list[Partner]:
    """All partners, by code."""
    return [Partner(**row) for row in tx.rows(LIST_PARTNERS)]


def insert_inquiry(tx: Tx, inquiry: Inquiry) -> bool:
    """Keep a question; asking the same partner about the same loan again changes nothing, and answers false."""
    inserted = tx.execute(
        INSERT_INQUIRY,
        {
            "id": inquiry.id,
            "loan_id": inquiry.loan_id,
            "partner": inquiry.partner,
            "currency": inquiry.share.currency,
            "share_minor": inquiry.share.minor,
            "within_ms": inquiry.within_ms,
            "asked_at": inquiry.asked_at,
            "programme": inquiry.programme,
            "place": inquiry.place,
            "state": inquiry.state,
            "annual": inquiry.annual,
            "room": inquiry.room,
        },
    )
    return inserted == 1


def inquiry(tx: Tx, inquiry_id: str) -> Inquiry | None:
    """One question, or none."""
    row = tx.maybe(FIND_INQUIRY, {"inquiry_id": inquiry_id})
    return _inquiry(row) if row else None


def inquiries(tx: Tx, loan_id: str) -> list[Inquiry]:
    """All questions about a loan."""
    return [_inquiry(row) for row in tx.rows(LIST_INQUIRIES, {"loan_id": loan_id})]


def answer(tx: Tx, command: RecordAnswer, state: str) -> bool:
    """Keep an answer; false where the question had ended before."""
    values = {"reference": command.reference, "reason": command.reason, "raw": command.raw}
    return tx.execute(ANSWER, {"inquiry_id": command.inquiry_id, "state": state, "answered_at": tx.now, **values}) == 1


def _inquiry(row: Row) -> Inquiry:
    return Inquiry(
        id=row["id"],
        loan_id=row["loan_id"],
        partner=row["partner"],
        share=Money(row["share_minor"], row["currency"]),
        within_ms=row["within_ms"],
        state=row["state"],
        asked_at=row["asked_at"],
        answered_at=row["answered_at"],
        reference=row["reference"],
        reason=row["reason"],
        programme=row["programme"],
        place=row["place"],
        annual=row["annual"],
        room=row["room"],
    )
