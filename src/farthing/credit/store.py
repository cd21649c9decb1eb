"""Read and write the tables of credit. Never decides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from farthing.credit.bills.identity import Known
from farthing.credit.bills.model import Transaction
from farthing.credit.bureau.model import BureauReport
from farthing.credit.model import Consent, Decision, Dispute, ImportedBill, Inputs
from farthing.credit.report import BillReport
from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kernel import words_sealed
from farthing.kernel.operation import decode
from farthing.kernel.words_sealed import Text
from farthing.kit.canonical import plain
from farthing.kit.money import Money

INSERT_CONSENT: LiteralString = """
    INSERT INTO credit_consent (id, party_id, purpose, kinds, given_at, expires_on)
    VALUES (%(id)s, %(party_id)s, %(purpose)s, %(kinds)s, %(given_at)s, %(expires_on)s)
"""
REVOKE_CONSENT: LiteralString = """
    UPDATE credit_consent SET revoked_at = %(at)s WHERE id = %(consent_id)s AND revoked_at IS NULL
"""
ALLOWING: LiteralString = """
    SELECT DISTINCT party_id FROM credit_consent
    WHERE party_id = ANY(%(parties)s::text[]) AND purpose = %(purpose)s AND %(kind)s = ANY(kinds) AND revoked_at IS NULL
        AND expires_on >= %(on)s
"""
FIND_CONSENT: LiteralString = "SELECT * FROM credit_consent WHERE id = %(consent_id)s"
LIST_CONSENTS: LiteralString = """
    SELECT * FROM credit_consent WHERE party_id = %(party_id)s ORDER BY given_at DESC, id DESC
"""
INSERT_IMPORT: LiteralString = """
    INSERT INTO credit_import (id, party_id, provider, file_sha256, holder_check, rows, added, first_on, last_on,
                               since_on, until_on, parser_version, vouched_by, imported_at)
    VALUES (%(id)s, %(party_id)s, %(provider)s, %(file_sha256)s, %(holder_check)s, %(rows)s, %(added)s, %(first_on)s,
            %(last_on)s, %(since_on)s, %(until_on)s, %(parser_version)s, %(vouched_by)s, %(imported_at)s)
    ON CONFLICT (id) DO UPDATE SET vouched_by = excluded.vouched_by
    WHERE credit_import.vouched_by = '' AND excluded.vouched_by <> ''
"""
LIST_IMPORTS: LiteralString = "SELECT * FROM credit_import WHERE party_id = %(party_id)s ORDER BY imported_at, id"
INSERT_TRANSACTIONS: LiteralString = """
    INSERT INTO credit_transaction (id, party_id, import_id, occurred_at, fields)
    SELECT id, %(party_id)s, %(import_id)s, occurred_at::timestamp, fields
    FROM unnest(%(ids)s::text[], %(occurred_at)s::text[], %(fields)s::jsonb[]) AS new (id, occurred_at, fields)
    ON CONFLICT (id) DO NOTHING
"""
LIST_TRANSACTIONS: LiteralString = """
    SELECT id, occurred_at, fields FROM credit_transaction WHERE party_id = %(party_id)s ORDER BY occurred_at, id
"""
FORGET_TRANSACTIONS: LiteralString = "DELETE FROM credit_transaction WHERE party_id = %(party_id)s"
FORGET_REPORTS: LiteralString = "DELETE FROM credit_import_report WHERE party_id = %(party_id)s"
FORGET_IMPORTS: LiteralString = "DELETE FROM credit_import WHERE party_id = %(party_id)s"
FORGET_STATEMENTS: LiteralString = "UPDATE credit_dispute SET statement = '' WHERE party_id = %(party_id)s"
END_CONSENTS: LiteralString = """
    UPDATE credit_consent SET revoked_at = %(at)s WHERE party_id = %(party_id)s AND revoked_at IS NULL
"""
INSERT_REPORT: LiteralString = """
    INSERT INTO credit_import_report (id, party_id, report) VALUES (%(id)s, %(party_id)s, %(report)s)
    ON CONFLICT (id) DO NOTHING
"""
IMPORT_OWNER: LiteralString = "SELECT party_id FROM credit_import_report WHERE id = %(id)s"
FIND_REPORT: LiteralString = "SELECT party_id, report FROM credit_import_report WHERE id = %(import_id)s"
FIND_TRANSACTION: LiteralString = "SELECT id FROM credit_transaction WHERE id = %(id)s"
FIND_EXPOSURE: LiteralString = """
    SELECT id FROM credit_decision
    WHERE party_id = %(party_id)s AND inputs->'exposure'->>'state' = 'found' AND inputs->'exposure'->>'as_of' = %(as_of)s
    LIMIT 1
"""
INSERT_INQUIRY: LiteralString = """
    INSERT INTO credit_inquiry (id, party_id, consent_id, bureau, purpose, asked_at, report)
    VALUES (%(id)s, %(party_id)s, %(consent_id)s, %(bureau)s, %(purpose)s, %(asked_at)s, %(report)s)
"""
LIST_INQUIRIES: LiteralString = """
    SELECT id, bureau, purpose, asked_at, report FROM credit_inquiry WHERE party_id = %(party_id)s ORDER BY asked_at, id
"""
INSERT_SCORECARD: LiteralString = """
    INSERT INTO credit_scorecard (id, name, version, source, loaded_at)
    VALUES (%(id)s, %(name)s, %(version)s, %(source)s, %(loaded_at)s) ON CONFLICT (id) DO NOTHING
"""
FIND_SCORECARD: LiteralString = "SELECT source FROM credit_scorecard WHERE id = %(id)s"
INSERT_DECISION: LiteralString = """
    INSERT INTO credit_decision (id, party_id, decided_at, decision, inputs, score, approved)
    VALUES (%(id)s, %(party_id)s, %(decided_at)s, %(decision)s, %(inputs)s, %(score)s, %(approved)s)
"""
CONSENT_OWNER: LiteralString = "SELECT party_id FROM credit_consent WHERE id = %(id)s"
DECISION_OWNER: LiteralString = "SELECT party_id FROM credit_decision WHERE id = %(id)s"
FIND_DECISION: LiteralString = "SELECT decision, inputs FROM credit_decision WHERE id = %(decision_id)s"
LIST_DECISIONS: LiteralString = """
    SELECT decision, inputs FROM credit_decision
    WHERE (%(party_id)s::text IS NULL OR party_id = %(party_id)s) ORDER BY decided_at DESC, id DESC LIMIT %(limit)s
"""
INSERT_DISPUTE: LiteralString = """
    INSERT INTO credit_dispute (id, party_id, datum, statement, opened_on, answer_by, state)
    VALUES (%(id)s, %(party_id)s, %(datum)s, %(statement)s, %(opened_on)s, %(answer_by)s, 'open')
    ON CONFLICT (id) DO NOTHING
"""
FIND_DISPUTE: LiteralString = """
    SELECT id, party_id, datum, statement, opened_on, answer_by, state FROM credit_dispute WHERE id = %(dispute_id)s
"""
ANSWER_DISPUTE: LiteralString = """
    UPDATE credit_dispute SET state = %(state)s WHERE id = %(dispute_id)s AND state = 'open'
"""
LIST_DISPUTES: LiteralString = """
    SELECT id, party_id, datum, statement, opened_on, answer_by, state FROM credit_dispute
    WHERE party_id = %(party_id)s ORDER BY opened_on, id
"""

LIST_OPEN_DISPUTES: LiteralString = """
    SELECT id, party_id, datum, statement, opened_on, answer_by, state FROM credit_dispute
    WHERE state = 'open' ORDER BY answer_by, id LIMIT %(limit)s
"""

_KEPT = (
    "provider", "direction", "kind", "counterparty", "counterparty_account", "description", "method", "card_tail",
    "status", "outcome", "order_id", "merchant_order_id", "note", "refund_of", "occurrence", "row", "parser_version",
)  # fmt: skip


def insert_consent(tx: Tx, consent: Consent) -> None:
    """Keep a consent."""
    tx.execute(
        INSERT_CONSENT,
        {"id": consent.id, "party_id": consent.party_id, "purpose": consent.purpose, "kinds": list(consent.kinds),
         "given_at": consent.given_at, "expires_on": consent.expires_on},
    )  # fmt: skip


def revoke_consent(tx: Tx, consent_id: str) -> None:
    """Mark a consent as taken back."""
    tx.execute(REVOKE_CONSENT, {"consent_id": consent_id, "at": tx.now})


def allowing(tx: Tx, party_ids: Sequence[str], kind: str, purpose: str, on: date) -> frozenset[str]:
    """Who of some allows a kind of data to be used for a purpose on a day."""
    found = tx.rows(ALLOWING, {"parties": list(party_ids), "kind": kind, "purpose": purpose, "on": on})
    return frozenset(row["party_id"] for row in found)


def find_consent(tx: Tx, consent_id: str) -> Consent | None:
    """One consent, or none."""
    row = tx.maybe(FIND_CONSENT, {"consent_id": consent_id})
    return _consent(row) if row else None


def consents(tx: Tx, party_id: str) -> list[Consent]:
    """A party's consents, newest first."""
    return [_consent(row) for row in tx.rows(LIST_CONSENTS, {"party_id": party_id})]


def _consent(row: dict[str, Any]) -> Consent:
    return Consent(**{**row, "kinds": tuple(row["kinds"])})


def insert_import(tx: Tx, made: ImportedBill, since: date | None, until: date | None) -> None:
    """Keep that a bill was imported."""
    names = (name for name in ImportedBill.__slots__ if name not in ("report", "unsealed"))
    tx.execute(
        INSERT_IMPORT,
        {**{name: getattr(made, name) for name in names}, "since_on": since, "until_on": until, "imported_at": tx.now},
    )


def insert_report(tx: Tx, import_id: str, party_id: str, report: BillReport) -> None:
    """Keep what became of each row, as it was told at the first import of a file."""
    (kept,) = words_sealed.closed(tx, [Text(f"credit_import_report {import_id}", party_id, json.dumps(plain(report)))])
    tx.execute(INSERT_REPORT, {"id": import_id, "party_id": party_id, "report": Jsonb(kept)})


def find_report(tx: Tx, import_id: str) -> tuple[str, BillReport] | None:
    """Whose import it was, and what became of each row; or none."""
    row = tx.maybe(FIND_REPORT, {"import_id": import_id})
    if row is None:
        return None
    if isinstance(row["report"], str):
        (text,) = words_sealed.said(tx, [Text(f"credit_import_report {import_id}", row["party_id"], row["report"])])
        row["report"] = json.loads(text or "null")
    return (row["party_id"], decode(BillReport, row["report"])) if row["report"] is not None else None


def known_rows(tx: Tx, party_id: str) -> list[Known]:
    """What the rows on file are compared by."""
    return [
        Known(
            values["provider"], at, values["minor"][0], values["order_id"], values["direction"], values["outcome"],
            values["occurrence"], values["merchant_order_id"], values["counterparty"],
            f"{values['description']} {values['note']}",
        )
        for at, values in _on_file(tx, party_id)
    ]  # fmt: skip


def imports(tx: Tx, party_id: str) -> list[dict[str, Any]]:
    """A party's imports, oldest first, with the periods their bills state."""
    return tx.rows(LIST_IMPORTS, {"party_id": party_id})


def add_transactions(tx: Tx, party_id: str, import_id: str, items: Sequence[Transaction]) -> int:
    """Keep the rows that are new, sealed under their party's key; answers how many were."""
    ids = [f"{party_id}:{item.digest}" for item in items]
    texts = [Text(_about(ident), party_id, _fields(item)) for ident, item in zip(ids, items, strict=True)]
    return tx.execute(
        INSERT_TRANSACTIONS,
        {
            "party_id": party_id,
            "import_id": import_id,
            "ids": rows.texts(ids),
            "occurred_at": rows.texts([item.occurred_at.isoformat() for item in items]),
            "fields": rows.texts([json.dumps(each) for each in words_sealed.closed(tx, texts)]),
        },
    )


def _about(ident: str) -> str:
    return f"credit_transaction {ident}"


def _on_file(tx: Tx, party_id: str) -> list[tuple[datetime, dict[str, Any]]]:
    """When each row on file was, and what it says; rows of who is erased say nothing and are left out."""
    found = tx.rows(LIST_TRANSACTIONS, {"party_id": party_id})
    sealed = [row for row in found if isinstance(row["fields"], str)]
    texts = [Text(_about(row["id"]), party_id, row["fields"]) for row in sealed]
    for row, text in zip(sealed, words_sealed.said(tx, texts), strict=True):
        row["fields"] = json.loads(text or "null")
    return [(row["occurred_at"], row["fields"]) for row in found if row["fields"] is not None]


def _fields(item: Transaction) -> str:
    values: dict[str, Any] = {name: getattr(item, name) for name in _KEPT}
    values["currency"] = item.amount.currency
    values["minor"] = [item.amount.minor, item.fee.minor, item.refunded.minor]
    values["raw"] = item.raw
    return json.dumps(values, ensure_ascii=False)


def transactions(tx: Tx, party_id: str) -> list[Transaction]:
    """All of a party's imported transactions, oldest first."""
    found = []
    for occurred_at, values in _on_file(tx, party_id):
        currency = values.pop("currency")
        amount, fee, refunded = (Money(minor, currency) for minor in values.pop("minor"))
        raw = tuple(values.pop("raw"))
        found.append(Transaction(occurred_at=occurred_at, amount=amount, fee=fee, refunded=refunded, raw=raw, **values))
    return found


def has_transaction(tx: Tx, party_id: str, digest: str) -> bool:
    """Whether a party's history holds a row of this digest."""
    return tx.maybe(FIND_TRANSACTION, {"id": f"{party_id}:{digest}"}) is not None


def has_exposure(tx: Tx, party_id: str, as_of: str) -> bool:
    """Whether a decision about a party rests on bands of exposure as of a day."""
    return tx.maybe(FIND_EXPOSURE, {"party_id": party_id, "as_of": as_of}) is not None


def insert_inquiry(tx: Tx, inquiry_id: str, party_id: str, consent_id: str, purpose: str, report: BureauReport) -> None:
    """Keep an inquiry and its answer."""
    tx.execute(
        INSERT_INQUIRY,
        {"id": inquiry_id, "party_id": party_id, "consent_id": consent_id, "bureau": report.bureau,
         "purpose": purpose, "asked_at": tx.now, "report": Jsonb(plain(report))},
    )  # fmt: skip


def reports(tx: Tx, party_id: str) -> list[BureauReport]:
    """The bureau reports on file for a party, oldest first."""
    return [decode(BureauReport, row["report"]) for row in tx.rows(LIST_INQUIRIES, {"party_id": party_id})]


def keep_scorecard(tx: Tx, digest: str, name: str, version: str, source: str) -> None:
    """Keep a scorecard's text under its digest, for replays."""
    tx.execute(
        INSERT_SCORECARD, {"id": digest, "name": name, "version": version, "source": source, "loaded_at": tx.now}
    )


def scorecard_source(tx: Tx, digest: str) -> str:
    """The text of a scorecard a decision used."""
    return str(tx.one(FIND_SCORECARD, {"id": digest})["source"])


def insert_decision(tx: Tx, decision: Decision, inputs: Inputs) -> None:
    """Keep a decision with everything it rests on."""
    tx.execute(
        INSERT_DECISION,
        {"id": decision.id, "party_id": decision.party_id, "decided_at": decision.decided_at,
         "decision": Jsonb(plain(decision)), "inputs": Jsonb(plain(inputs)), "score": decision.score,
         "approved": decision.approved},
    )  # fmt: skip


def find_decision(tx: Tx, decision_id: str) -> tuple[Decision, Inputs] | None:
    """A decision and its inputs, or none."""
    row = tx.maybe(FIND_DECISION, {"decision_id": decision_id})
    return (decode(Decision, row["decision"]), decode(Inputs, row["inputs"])) if row else None


def decisions(tx: Tx, party_id: str | None, limit: int) -> list[Decision]:
    """Decisions, newest first: a party's, or everybody's."""
    rows = tx.rows(LIST_DECISIONS, {"party_id": party_id, "limit": limit})
    return [decode(Decision, row["decision"]) for row in rows]


def insert_dispute(tx: Tx, dispute: Dispute) -> None:
    """Keep a dispute, its words under its party's key; the same datum again changes nothing."""
    (statement,) = words_sealed.closed(tx, [_statement(dispute.id, dispute.party_id, dispute.statement)])
    tx.execute(
        INSERT_DISPUTE,
        {"id": dispute.id, "party_id": dispute.party_id, "datum": dispute.datum, "statement": statement,
         "opened_on": dispute.opened_on, "answer_by": dispute.answer_by},
    )  # fmt: skip


def find_dispute(tx: Tx, dispute_id: str) -> Dispute | None:
    """One dispute, or none."""
    row = tx.maybe(FIND_DISPUTE, {"dispute_id": dispute_id})
    return _disputes(tx, [row])[0] if row else None


def answer_dispute(tx: Tx, dispute_id: str, state: str) -> bool:
    """Close an open dispute; answers whether it was open."""
    return tx.execute(ANSWER_DISPUTE, {"dispute_id": dispute_id, "state": state}) == 1


def disputes(tx: Tx, party_id: str) -> list[Dispute]:
    """A party's disputes, oldest first."""
    return _disputes(tx, tx.rows(LIST_DISPUTES, {"party_id": party_id}))


def open_disputes(tx: Tx, limit: int) -> list[Dispute]:
    """Disputes that wait for an answer, the most urgent first."""
    return _disputes(tx, tx.rows(LIST_OPEN_DISPUTES, {"limit": limit}))


def _disputes(tx: Tx, found: Sequence[Row]) -> list[Dispute]:
    texts = [_statement(row["id"], row["party_id"], row["statement"]) for row in found]
    told = zip(found, words_sealed.said(tx, texts), strict=True)
    return [Dispute(**{**row, "statement": statement}) for row, statement in told]


def _statement(dispute_id: str, party_id: str, text: str) -> Text:
    return Text(f"credit_dispute {dispute_id}", party_id, text)


def forget(tx: Tx, party_id: str) -> None:
    """Take consents back, and delete the rows of bills and what was typed about a person; what was decided stays, of an id."""
    whose = {"party_id": party_id}
    tx.execute(END_CONSENTS, {**whose, "at": tx.now})
    for statement in (FORGET_TRANSACTIONS, FORGET_REPORTS, FORGET_IMPORTS, FORGET_STATEMENTS):
        tx.execute(statement, whose)


def consent_owner(tx: Tx, consent_id: str) -> str | None:
    """Whose consent this is, or none."""
    row = tx.maybe(CONSENT_OWNER, {"id": consent_id})
    return row["party_id"] if row else None


def decision_owner(tx: Tx, decision_id: str) -> str | None:
    """Whose decision this is, or none."""
    row = tx.maybe(DECISION_OWNER, {"id": decision_id})
    return row["party_id"] if row else None


def import_owner(tx: Tx, import_id: str) -> str | None:
    """Whose import this is, or none."""
    row = tx.maybe(IMPORT_OWNER, {"id": import_id})
    return row["party_id"] if row else None
