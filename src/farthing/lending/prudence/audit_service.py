"""Run the verification of provisions: the last month that was provided for is classed and summed again, as of its end."""

from __future__ import annotations

from datetime import date

from farthing.db.tx import Row, Tx
from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.lending.prudence import audit, cases_store, history_service, provisions, store
from farthing.lending.prudence.audit import Audit
from farthing.lending.prudence.day_service import MONTH_PIECE, assessed
from farthing.lending.prudence.entries import allowance_path
from farthing.lending.prudence.model import Provision, Ruling
from farthing.products.prudence import Prudence


def verify(tx: Tx) -> Audit:
    """Derive the last provided month again, loan by loan, by the law of that day, and compare it with what was kept and with
    the books. ``tx`` should see one state throughout."""
    done = store.months(tx)
    if not done:
        return Audit(0, 0, findings=())
    month = done[-1]
    kept = store.provisions(tx, month)
    said = history_service.law(tx, kept[0]["policy_version"])
    if said is None:
        problem = f"was provided for by the policy {kept[0]['policy_version']}, which says nothing of it"
        return Audit(0, len(kept), findings=(Finding("provision", str(month), problem),))
    loans, findings = _loans(tx, said, month)
    told = [provision_of(row) for row in kept]
    sums = store.sums(tx, month)
    findings += audit.sums_differ(sums, told)
    stood = {(one.product, one.class_name, one.own.currency): one.standing.minor for one in told}
    paths = {place: allowance_path(*place, tx.home) for place in stood}
    there = ledger.balances_of(tx, list(paths.values()))  # what was given up since then took of it
    held = {path: ledger.balance(tx, path, effective_on=month) for path in there}
    books = {place: -held[path].balance.minor for place, path in paths.items() if path in held}
    findings += audit.provisions_differ(told, provisions.decide(said, sums, stood), books)
    return Audit(loans, len(kept), findings=tuple(findings))


def _loans(tx: Tx, said: Prudence, month: date) -> tuple[int, list[Finding]]:
    """What differs of the loans of a month, a piece of borrowers at a time; and how many loans there were."""
    count, findings, after, more = 0, list[Finding](), "", True
    while more:
        until = cases_store.place(tx, month, after, MONTH_PIECE)
        kept = store.kept(tx, month, after, until)
        ruled = {
            loan_id: Ruling(row["ruled_class"], row["ruled_by_two"])
            for loan_id, row in kept.items()
            if row["ruled_class"] is not None
        }
        again, _ = assessed(tx, said, month, after, until, rulings=ruled)
        findings += audit.loans_differ(again, kept)
        count, after, more = count + len(again), until, bool(until)
    return count, findings


def provision_of(row: Row) -> Provision:
    """What was kept of a provision."""
    currency = row["currency"]
    return Provision(
        row["product"], row["class"], row["loans"], Money(row["own_minor"], currency),
        Money(row["expected_minor"], currency), Money(row["allowance_minor"], currency),
        Money(row["standing_minor"], currency),
    )  # fmt: skip
