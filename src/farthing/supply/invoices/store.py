"""Read and write invoices, credit notes and grades. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from farthing.db import rows
from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.supply.invoices.model import InvoiceFile
from farthing.supply.model import Debtor, Invoice

INSERT: LiteralString = """
    INSERT INTO supply_invoice (id, seller_id, seller_code, buyer_code, buyer_name, number, issued_on, due_on, currency,
                                amount_minor, format, sha256, content, registered_on, registered_at)
    VALUES (%(id)s, %(party)s, %(seller)s, %(buyer)s, %(buyer_name)s, %(number)s, %(issued_on)s, %(due_on)s, %(currency)s,
            %(amount)s, %(format)s, %(sha256)s, %(content)s, %(on)s, %(at)s)
    ON CONFLICT (id) DO NOTHING
"""
_INVOICE: LiteralString = """
    SELECT id, seller_id, buyer_code, number, issued_on, currency, amount_minor, credited_minor, confirmed_minor, format, sha256,
           due_on, registered_on, seller_code, buyer_name
    FROM supply_invoice """
FIND: LiteralString = _INVOICE + "WHERE id = ANY(%(ids)s::text[])"
OF_SELLER: LiteralString = _INVOICE + "WHERE seller_id = %(party)s ORDER BY registered_at DESC, id LIMIT %(limit)s"
TO_BUYER: LiteralString = _INVOICE + "WHERE buyer_code = %(code)s ORDER BY registered_at DESC, id LIMIT %(limit)s"
CONTENT: LiteralString = "SELECT content FROM supply_invoice WHERE id = %(id)s"
CONFIRM: LiteralString = """
    UPDATE supply_invoice SET confirmed_minor = confirmed_minor + %(minor)s
    WHERE id = %(id)s AND confirmed_minor + %(minor)s >= 0
      AND confirmed_minor + credited_minor + %(minor)s <= amount_minor
"""
INSERT_CREDIT: LiteralString = """
    INSERT INTO supply_credit (id, invoice_id, number, issued_on, currency, amount_minor, sha256, content, registered_on)
    VALUES (%(id)s, %(invoice)s, %(number)s, %(issued_on)s, %(currency)s, %(amount)s, %(sha256)s, %(content)s, %(on)s)
    ON CONFLICT (id) DO NOTHING
"""
CREDIT: LiteralString = """
    UPDATE supply_invoice SET credited_minor = credited_minor + %(minor)s
    WHERE id = %(id)s AND confirmed_minor + credited_minor + %(minor)s <= amount_minor
"""
FIND_CREDIT: LiteralString = """
    SELECT id, invoice_id, number, issued_on, currency, amount_minor FROM supply_credit WHERE id = %(id)s
"""
CREDITED: LiteralString = """
    SELECT invoice_id AS id, sum(amount_minor)::bigint AS minor FROM supply_credit WHERE invoice_id = ANY(%(ids)s::text[])
    GROUP BY invoice_id
"""
CONFIRMED: LiteralString = """
    SELECT invoice_id AS id, sum(amount_minor)::bigint AS minor FROM supply_receivable
    WHERE invoice_id = ANY(%(ids)s::text[]) AND state <> 'void' GROUP BY invoice_id
"""
PAGE: LiteralString = "SELECT id FROM supply_invoice WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
CONTENTS: LiteralString = "SELECT id, sha256, content FROM supply_invoice WHERE id = ANY(%(ids)s::text[])"
GRADE: LiteralString = """
    INSERT INTO supply_debtor (id, grade, currency, most_minor, graded_on)
    VALUES (%(id)s, %(grade)s, %(currency)s, %(most)s, %(on)s)
    ON CONFLICT (id) DO UPDATE SET grade = excluded.grade, currency = excluded.currency, most_minor = excluded.most_minor,
        graded_on = excluded.graded_on
"""
DEBTOR: LiteralString = "SELECT id, grade, currency, most_minor, graded_on FROM supply_debtor WHERE id = %(id)s"
HOLD_DEBTOR: LiteralString = "UPDATE supply_debtor SET grade = grade WHERE id = %(id)s"


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit note as it is kept."""

    id: str
    invoice_id: str
    number: str
    amount: Money


def insert(tx: Tx, party_id: str, said: InvoiceFile, sha256: str, content: bytes) -> bool:
    """Keep an invoice; answers whether there was none of its id."""
    values = {
        "id": said.id, "party": party_id, "seller": said.seller, "buyer": said.buyer, "buyer_name": said.buyer_name,
        "number": said.number, "issued_on": said.issued_on, "due_on": said.due_on, "currency": said.amount.currency,
        "amount": said.amount.minor, "format": said.format, "sha256": sha256, "content": content, "on": tx.business_date,
        "at": tx.now,
    }  # fmt: skip
    return tx.execute(INSERT, values) == 1


def find(tx: Tx, ids: Sequence[str]) -> dict[str, Invoice]:
    """Invoices by id."""
    return {row["id"]: _invoice(row) for row in tx.rows(FIND, {"ids": rows.texts(ids)})}


def of_seller(tx: Tx, party_id: str, limit: int) -> list[Invoice]:
    """What somebody issued, the latest first."""
    return [_invoice(row) for row in tx.rows(OF_SELLER, {"party": party_id, "limit": limit})]


def to_buyer(tx: Tx, code: str, limit: int) -> list[Invoice]:
    """What was issued to an organisation, the latest first."""
    return [_invoice(row) for row in tx.rows(TO_BUYER, {"code": code, "limit": limit})]


def content(tx: Tx, invoice_id: str) -> bytes:
    """The file that an invoice came as."""
    return bytes(tx.one(CONTENT, {"id": invoice_id})["content"])


def confirm(tx: Tx, invoice_id: str, amount: Money) -> None:
    """Set a part of an invoice aside for a confirmation, or give it back (less than nothing); a ``Collision`` where there is not
    so much any more."""
    if tx.execute(CONFIRM, {"id": invoice_id, "minor": amount.minor}) != 1:
        raise Collision(f"invoice {invoice_id} was confirmed or credited meanwhile")


def credit(tx: Tx, note: InvoiceFile, sha256: str, content: bytes) -> bool:
    """Keep a credit note and take it off its invoice; false where it was kept, a ``Collision`` where there is too little."""
    values = {
        "id": note.id, "invoice": note.referred(), "number": note.number, "issued_on": note.issued_on,
        "currency": note.amount.currency, "amount": note.amount.minor, "sha256": sha256, "content": content,
        "on": tx.business_date,
    }  # fmt: skip
    if tx.execute(INSERT_CREDIT, values) != 1:
        return False
    if tx.execute(CREDIT, {"id": note.referred(), "minor": note.amount.minor}) != 1:
        raise Collision(f"invoice {note.referred()} was confirmed or credited meanwhile")
    return True


def find_credit(tx: Tx, credit_id: str) -> Credit | None:
    """A credit note, or none."""
    row = tx.maybe(FIND_CREDIT, {"id": credit_id})
    return (
        None
        if row is None
        else Credit(row["id"], row["invoice_id"], row["number"], Money(row["amount_minor"], row["currency"]))
    )


def credited(tx: Tx, ids: Sequence[str]) -> dict[str, int]:
    """What credit notes took back of invoices, in minor units (for verification)."""
    return {row["id"]: row["minor"] for row in tx.rows(CREDITED, {"ids": rows.texts(ids)})}


def confirmed(tx: Tx, ids: Sequence[str]) -> dict[str, int]:
    """What receivables there are of invoices, in minor units (for verification)."""
    return {row["id"]: row["minor"] for row in tx.rows(CONFIRMED, {"ids": rows.texts(ids)})}


def contents(tx: Tx, ids: Sequence[str]) -> list[tuple[str, str, bytes]]:
    """Id, digest and file of invoices (for verification)."""
    return [(row["id"], row["sha256"], bytes(row["content"])) for row in tx.rows(CONTENTS, {"ids": rows.texts(ids)})]


def page(tx: Tx, after: str, limit: int) -> list[str]:
    """All invoices, by id."""
    return [str(row["id"]) for row in tx.rows(PAGE, {"after": after, "limit": limit})]


def grade(tx: Tx, found: Debtor) -> None:
    """Keep a grade in the place of an earlier one."""
    values = {"id": found.party_id, "grade": found.grade, "currency": found.most.currency, "most": found.most.minor}
    tx.execute(GRADE, {**values, "on": found.graded_on})


def debtor(tx: Tx, party_id: str, *, lock: bool = False) -> Debtor | None:
    """A core company's grade, or none; with ``lock`` nobody else uses what is free of its limit until this transaction ends."""
    if lock:
        tx.execute(HOLD_DEBTOR, {"id": party_id})
    row = tx.maybe(DEBTOR, {"id": party_id})
    return (
        None
        if row is None
        else Debtor(row["id"], row["grade"], Money(row["most_minor"], row["currency"]), row["graded_on"])
    )


def _invoice(row: Row) -> Invoice:
    currency = row["currency"]
    return Invoice(
        row["id"], row["seller_id"], row["buyer_code"], row["number"], row["issued_on"], Money(row["amount_minor"], currency),
        Money(row["credited_minor"], currency), Money(row["confirmed_minor"], currency), row["format"], row["sha256"],
        row["due_on"], row["registered_on"], row["seller_code"], row["buyer_name"],
    )  # fmt: skip
