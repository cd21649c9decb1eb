"""Run the verification of loans: their events, obligations, the register of what is owed, and the ledger say the same."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from farthing.credit.owing import service as owing
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kit.errors import UNREADABLE
from farthing.kit.findings import Finding, compared
from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry, entry_id
from farthing.lending import flows_store, store
from farthing.lending.acts import table_service
from farthing.lending.acts.entries import Places
from farthing.lending.audit import booked, ordinary, rules
from farthing.lending.audit import store as rows
from farthing.lending.audit.drawn import misdrawn
from farthing.lending.audit.rules import Audit
from farthing.lending.audit.tellings import Telling, mistold, telling
from farthing.lending.audit.topped_up import mispaired, others_of
from farthing.lending.books_service import POSTED
from farthing.lending.floating.figures_service import figures_of
from farthing.lending.floating.rules import misset
from farthing.lending.life import Life
from farthing.payments.wallets import wallet_path

ACTS = {each.operation.name: each.operation.command_type for each in table_service.ACTS.values()}
"""What each operation that is an act on a loan takes."""

PAGE = 500


def verify(tx: Tx) -> Audit:
    """Compare every loan with the register and the books, a page at a time, and look for what has no loan.

    Ordinary loans by their rows, of which those that agree are done; every other is folded (:func:`by_fold`).
    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``).
    """
    findings: list[Finding] = []
    loans, after = 0, ""
    while ids := store.loan_ids(tx, after, PAGE):
        agree = by_rows(tx, ids)
        findings += by_fold(tx, [each for each in ids if each not in agree])
        loans, after = loans + len(ids), ids[-1]
    commitments, after = 0, ""
    while found := owing.ids(tx, after, PAGE):
        known = store.known(tx, found)
        findings += [
            Finding("loan", each, "stands in the register, and there is no such loan")
            for each in found
            if each not in known
        ]
        commitments, after = commitments + len(found), found[-1]
    return Audit(loans, commitments, findings=tuple(findings))


def by_rows(tx: Tx, ids: list[str]) -> set[str]:
    """The loans of these that are ordinary and agree with everything. Never a loan of which :func:`by_fold` finds anything; where
    one cannot be read, none of them."""
    try:
        other = {*flows_store.of_loans(tx, ids), *_told(tx, ids)}
        said = {each.row.id: ordinary.claims(each, tx.home) for each in rows.kept(tx, ids) if each.row.id not in other}
        found = {loan_id: claims for loan_id, claims in said.items() if claims is not None}
        held = owing.of_loans(tx, list(found))
        paths = [path for claims in found.values() for path in claims.books]
        books = {path: balance.balance for path, balance in ledger.balances_of(tx, paths).items()}
        keys = {loan_id: [entry_id(each) for each in claims.references] for loan_id, claims in found.items()}
        posted = ledger.found_by_id(tx, [key for several in keys.values() for key in several])
        booked_as = {
            loan_id: booked.counted((posted[key].entry for key in several if key in posted), {})
            for loan_id, several in keys.items()
        }
    except UNREADABLE:
        return set()
    return {
        loan_id for loan_id, claims in found.items()
        if ordinary.agrees(claims, held.get(loan_id), books, booked_as[loan_id])
    }  # fmt: skip


def by_fold(tx: Tx, ids: list[str]) -> list[Finding]:
    """What is wrong with these loans, each folded again from its plan and its events."""
    return compared("loan", ids, lambda some: _compared(tx, some)) if ids else []


def _compared(tx: Tx, ids: list[str]) -> list[Finding]:
    page = store.lives_of(tx, ids)
    held = owing.of_loans(tx, ids)
    flows = flows_store.of_loans(tx, ids)
    paths = [path for life in page for path in rules.claims(life.loan, flows.get(life.loan.id, []))]
    books = {path: balance.balance for path, balance in ledger.balances_of(tx, paths).items()}
    entries, told = _entries(tx, page), _told(tx, ids)
    others = {each.loan.id: each for each in [*page, *store.lives_of(tx, others_of(page))]}

    def by_events(life: Life) -> list[Finding]:
        loan_id = life.loan.id
        return [
            *rules.compare(life, held.get(loan_id), flows.get(loan_id, []), books),
            *(Finding("loan", loan_id, problem) for problem in mispaired(life, others)),
            *(Finding("loan", loan_id, problem) for problem in misdrawn(life, tx.business_date)),
            *_misset(tx, life),
            *_misbooked(tx, life, entries.get(loan_id, [])),
        ]

    found: list[Finding] = []
    for life in page:
        loan_id = life.loan.id
        found += [Finding("loan", loan_id, problem) for problem in mistold(life, told.get(loan_id, []))]
        found += compared("loan", [loan_id], lambda _, life=life: by_events(life))  # type: ignore[misc]
    return found


def _misset(tx: Tx, life: Life) -> list[Finding]:
    """What is wrong with the rate of a loan that floats, by the reference rate that it follows."""
    figures = figures_of(tx, life.loan) if life.loan.conditions.floating is not None else None
    return [Finding("loan", life.loan.id, problem) for problem in misset(life, figures, tx.business_date)]


def _misbooked(tx: Tx, life: Life, posted: Sequence[JournalEntry]) -> list[Finding]:
    """What is wrong with the entries of a loan that was paid out, and that the own book holds alone."""
    loan = life.loan
    if loan.disbursed_on is None or loan.shared or not life.events:
        return []
    places = Places(wallet_path(loan.party_id, life.currency, tx.home), tx.home)
    return [Finding("loan", loan.id, problem) for problem in booked.misbooked(life, posted, places)]


def _entries(tx: Tx, page: Sequence[Life]) -> dict[str, list[JournalEntry]]:
    """The entries of loans that the own book holds alone: by what they are called, or as the leaves of posting name them."""
    own = [life for life in page if life.loan.disbursed_on is not None and not life.loan.shared]
    named = {
        life.loan.id: [entry_id(each) for each in booked.references(life)] for life in own if not booked.acted(life)
    }
    acted = {life.loan.id: list[UUID]() for life in own if booked.acted(life)}
    for leaf in evidence.leaves_of_kinds(tx, list(acted), [POSTED]) if acted else []:
        data = leaf.content["data"]
        if data["loan_id"] in acted:
            acted[data["loan_id"]] += [UUID(item["id"]) for item in data["journal_entries"]]
    wanted = {**named, **acted}
    found = ledger.found_by_id(tx, [key for keys in wanted.values() for key in keys])
    return {
        loan_id: [found[key].entry for key in dict.fromkeys(keys) if key in found] for loan_id, keys in wanted.items()
    }


def _told(tx: Tx, ids: Sequence[str]) -> dict[str, list[Telling]]:
    """What the log says was told of loans by acts."""
    found: dict[str, list[Telling]] = {}
    for leaf in evidence.leaves_of_kinds(tx, ids, list(ACTS)):
        said = telling(ACTS[leaf.kind], leaf.content["data"])
        if said is not None:
            found.setdefault(said.event.loan_id, []).append(said)
    return found
