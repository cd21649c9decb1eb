"""Run the verification of partners' statements: each is derived again from the postings of the account between its versions."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.funding import store as partners
from farthing.funding.rules import settlement_account
from farthing.funding.settling import audit_rules as rules
from farthing.funding.settling import store
from farthing.funding.settling.model import Cut
from farthing.kit.findings import Finding
from farthing.ledger import service as ledger

PAGE = 500


def verify(tx: Tx) -> list[Finding]:
    """Compare the closing balance of each statement of each partner with what its account held at that version."""
    return [finding for partner in partners.partners(tx) for finding in _of(tx, partner.code)]


def _of(tx: Tx, partner: str) -> list[Finding]:
    found, path = list[Finding](), settlement_account(partner)
    before: Cut | None = None
    while page := store.after(tx, partner, before.number if before else 0, PAGE):
        moved = ledger.movements_between(tx, [(path, *rules.span(cut)) for cut in page])
        found += rules.statements(before, page, [-sum(minor for _, minor in each) for each in moved])
        before = page[-1]
    return found
