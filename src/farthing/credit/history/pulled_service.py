"""Run the keeping of payments that were fetched from the institution that keeps them, as the person allowed: a page at a time,
each row once. Of use inside operations; nothing here is one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from farthing.credit import rules, store
from farthing.credit.bills.identity import numbered, unknown_rows
from farthing.credit.bills.model import Bill, BillHeader, Transaction
from farthing.credit.grades import PULLED
from farthing.credit.model import Consent
from farthing.credit.model import ImportedBill as Imported
from farthing.credit.report import report_of, shortened
from farthing.db.tx import Tx
from farthing.kit.ids import derived, prefixed

LAYOUT = "pulled"


def allow(tx: Tx, party_id: str, until: date) -> None:
    """Allow what an application needs until a day, unless a consent in force allows it."""
    given = [each for each in store.consents(tx, party_id) if each.purpose == rules.PURPOSE]
    allowed = {kind for each in given if each.state(tx.business_date) == "active" for kind in each.kinds}
    if "payment_history" not in allowed:
        rules.check_lasts(until, tx.business_date)
        store.insert_consent(tx, Consent(
            tx.new_id("consent"), party_id, rules.PURPOSE, ("payment_history",), tx.now, until, None
        ))  # fmt: skip


def check_allowed(tx: Tx, party_id: str) -> None:
    """Refuse ``credit.consent_*`` where a person's payments may not be kept here today."""
    rules.check_consent(store.consents(tx, party_id), "payment_history", party_id, tx.business_date, rules.PURPOSE)


def keep(
    tx: Tx, party_id: str, giver: tuple[str, str], items: Sequence[Transaction], content: bytes, *, hers: bool
) -> int:  # fmt: skip
    """Keep what is new of a page of an institution, by its id and name; answers how many rows were. ``hers``: whether name and
    number there are hers, else it counts as a file that names nobody. Refuses ``credit.consent_*``."""
    check_allowed(tx, party_id)
    giver_id, name = giver
    fresh = unknown_rows(store.known_rows(tx, party_id), numbered(items))
    if not fresh:
        return 0
    digest = hashlib.sha256(giver_id.encode() + b"\n" + content).hexdigest()
    import_id = prefixed("import", derived(f"{party_id} {digest}"))
    header = BillHeader(giver_id, None, None, None, None, None, None, None, None, None)
    bill = Bill(header, tuple(items), "page", LAYOUT, len(items), (), ())
    report = report_of(bill, {each.row for each in items} - {each.row for each in fresh})
    days = [each.occurred_at.date() for each in items]
    added = store.add_transactions(tx, party_id, import_id, fresh)
    made = Imported(
        import_id, party_id, giver_id, digest, "matched" if hers else "unverifiable", len(items), added, min(days), max(days),
        items[0].parser_version, shortened(report), f"{PULLED}{name}" if hers else "",
    )  # fmt: skip
    store.insert_import(tx, made, None, None)
    store.insert_report(tx, import_id, party_id, report)
    return added
