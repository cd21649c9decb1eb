"""Read what was asked and what was brought. Never decides."""

from __future__ import annotations

from typing import LiteralString

from farthing.credit.insight.model import BroughtBill, Inquiry
from farthing.db.tx import Tx

LIST_ASKED: LiteralString = """
    SELECT id, bureau, purpose, asked_at, report->>'state' AS state, consent_id
    FROM credit_inquiry WHERE party_id = %(party_id)s ORDER BY asked_at DESC, id DESC LIMIT %(limit)s
"""
LIST_BROUGHT: LiteralString = """
    SELECT id, provider, imported_at, rows, added, first_on, last_on, vouched_by
    FROM credit_import WHERE party_id = %(party_id)s ORDER BY imported_at DESC, id DESC LIMIT %(limit)s
"""


def inquiries(tx: Tx, party_id: str, limit: int) -> list[Inquiry]:
    """When bureaus were asked about a party, the newest first."""
    return [Inquiry(**row) for row in tx.rows(LIST_ASKED, {"party_id": party_id, "limit": limit})]


def bills(tx: Tx, party_id: str, limit: int) -> list[BroughtBill]:
    """The bills that a party brought, the newest first."""
    return [BroughtBill(**row) for row in tx.rows(LIST_BROUGHT, {"party_id": party_id, "limit": limit})]
