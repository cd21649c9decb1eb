"""Read what past months say, for whoever classes and provides: the law of bad loans, roll rates, what of a default is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from farthing.db.tx import Row, Tx
from farthing.kit.calendar import add_months, month_before, month_end
from farthing.kit.errors import InvariantBroken, conflict, malformed
from farthing.ledger import service as ledger
from farthing.lending.model import Loan
from farthing.lending.prudence import history, loss, rolls, store
from farthing.lending.prudence.assess import Basis
from farthing.lending.prudence.entries import allowance_path
from farthing.lending.prudence.history import Moved, Of, Owed, Stood
from farthing.lending.prudence.loss import Lost
from farthing.lending.prudence.model import Case
from farthing.lending.suspense.rules import against_path
from farthing.products import service as products
from farthing.products.policy import Policy
from farthing.products.prudence import CLASSES, Prudence

LAW_SILENT = conflict(
    "lending.law_silent",
    "The policy pack in force does not say how loans are classed and provided for; publish one that does.",
    "现行政策包未规定贷款如何分类和计提准备；请发布含有该规定的政策包。",
)
NOT_COME = malformed(
    "lending.day_not_come",
    "{on} has not come yet; what can be asked about goes up to {last}.",
    "{on} 尚未到来；目前可查询至 {last}。",
)


def law(tx: Tx, version: str | None = None) -> Prudence | None:
    """What a version of the policy pack (that in force) says of bad loans; none where it, or a bank without one, is silent."""
    if version is None and not products.was_published(tx, products.POLICY):
        return None
    found = products.terms(tx, products.POLICY, version)
    if not isinstance(found, Policy):
        raise InvariantBroken(f"the policy in force is a {found.kind}")
    return found.prudence


def law_said(tx: Tx) -> Prudence:
    """What the law in force says of bad loans; refuses ``lending.law_silent``."""
    found = law(tx)
    if found is None:
        raise LAW_SILENT()
    return found


def month_over(tx: Tx, month: date) -> date:
    """The last day of the month of a day, which is closed; refuses ``lending.day_not_come``."""
    on, last = month_end(month), month_before(tx.business_date)
    if on > last:
        raise NOT_COME(on=on.isoformat(), last=last.isoformat())
    return on


def moves(tx: Tx, said: Prudence, until: date) -> dict[Of, Counter[tuple[int, int]]]:
    """Moves of the months that the law has counted, up to the end of one, by product and currency."""
    since = month_end(add_months(until, -said.expected_loss.history_months))
    return history.counts(
        said.scale, [_moved(row) for row in store.moved(tx, since, until)],
        [Stood(_of(row), row["month"], row["bucket"], row["loans"]) for row in store.stood(tx, since, until)],
    )  # fmt: skip


def _moved(row: Row) -> Moved:
    return Moved(_of(row), row["month"], row["was_bucket"], row["bucket"], row["loans"])


def _of(row: Row) -> Of:
    return row["product"], row["currency"]


def losses(tx: Tx, said: Prudence, until: date) -> dict[Of, Lost]:
    """Which part of a default was lost, by product and currency, of defaults whose time to be worked out has passed."""
    since = month_end(add_months(until, -said.expected_loss.workout_months))
    found = store.defaults(tx, said.scale.default, since, until)
    owed = [Owed(row["loan_id"], _of(row), row["annual"], row["since"], row["month"], row["own"]) for row in found]
    return history.losses(said.expected_loss, owed)


def bases(tx: Tx, said: Prudence, on: date, cases: Iterable[Case]) -> Mapping[Of, Basis]:
    """What is known of each product of some cases from the months before a day's."""
    until = month_before(on)
    versions = {(case.product, case.own.currency): case.version for case in cases}
    counted, lost = moves(tx, said, until), losses(tx, said, until)
    nothing = loss.lost(said.expected_loss, 0, 0, 0)
    found = {}
    for of, version in versions.items():
        use = products.loan_terms(tx, of[0], version).use
        matrix = rolls.matrix(said.expected_loss, counted.get(of, {}))
        found[of] = Basis.of(said, use, matrix, lost.get(of, nothing))
    return found


def reported(tx: Tx) -> date | None:
    """The last month that was closed with provisions: what happened up to its end is told and stays."""
    return max(store.months(tx), default=None)


def aside(tx: Tx, loan: Loan) -> dict[str, Any]:
    """What stands for a loan since the last month's end, in minor units and never more than the books hold: set aside for its
    class, no more than its principal, and of its interest in suspense."""
    found = store.aside(tx, loan.id)
    if found is None:
        return {"class": "", "minor": 0, "suspended": 0}
    class_name = CLASSES[found["class"]]
    product, currency = loan.conditions.product, loan.principal.currency
    paths = allowance_path(product, class_name, currency, tx.home), against_path(product, currency, tx.home)
    held = ledger.balances_of(tx, list(paths))
    there, suspended = (-held[path].balance.minor if path in held else 0 for path in paths)
    return {
        "class": class_name, "minor": max(0, min(found["expected_minor"], there, loan.outstanding.minor)),
        "suspended": max(0, min(found["suspended_minor"] or 0, suspended)),
    }  # fmt: skip
