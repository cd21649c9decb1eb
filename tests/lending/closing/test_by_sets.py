"""The law of the close: loans that are read, decided and kept together come to what the fold comes to, one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.db.tx import Tx
from farthing.funding import service as funding
from farthing.kernel.day import CloseStep
from farthing.kit.actor import SYSTEM
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.lending import keeping_service as keeping
from farthing.lending import life, store
from farthing.lending import service as lending
from farthing.lending.audit import service as audit
from farthing.lending.closing import rules
from farthing.lending.closing.service import fall_due
from farthing.lending.model import Loan, Repay
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.payments.wallets import wallet_path
from tests.banks import Shelf
from tests.laws import examples
from tests.lending.house import House
from tests.parties.people import register_person

CASH = "assets:cash:test"
MONTHS = 4
OPEN = (
    "SELECT loan_id FROM loan_obligation WHERE open AND due_on <= %(on)s GROUP BY loan_id ORDER BY min(due_on), loan_id"
)
KEPT = {
    "loan": "SELECT id, state, disbursed_on, closed_on FROM loan ORDER BY id",
    "loan_event": "SELECT * FROM loan_event ORDER BY loan_id, number",
    "loan_obligation": "SELECT * FROM loan_obligation WHERE component <> 'penalty' ORDER BY loan_id, instalment, component",
    "loan_flow": "SELECT * FROM loan_flow ORDER BY loan_id, number",
    "credit_commitment": "SELECT * FROM credit_commitment ORDER BY id",
    "account": "SELECT path, balance, version FROM account ORDER BY path",
    "entry": "SELECT reference, kind, effective_on, memo, legs FROM entry ORDER BY reference",
    "leaf": "SELECT mentions FROM evidence_leaf WHERE kind = 'lending.posted' ORDER BY mentions",
}
JOBS = "SELECT args ->> 'operation' AS operation, args ->> 'command' AS command FROM procrastinate_jobs ORDER BY 1, 2"


def several_loans(house: House) -> list[str]:
    """Three borrowers with two loans each, of one to four instalments; one loan is funded by others."""
    house.bank.run(ledger.open_account, ledger.OpenAccount(AccountSpec(CASH, "CNY")))
    found = []
    for number in range(3):
        if number:
            house.party = register_person(house.bank, number)
            house.bank.run(parties.verify_identity, VerifyIdentity(house.party.id))
            house.bank.run(payments.open_wallet, OpenWallet(house.party.id))
            house.bring()
        for instalments, amount in ((MONTHS, "1000"), (1 + number, "700")):
            loan = house.accept(house.apply(amount, instalments).offer)
            funding.arrange(house.bank.kernel, loan.id)
            house.sign(loan.id)
            found.append(house.complete(loan.id).id)
    loan = house.accept(house.co_lent_offer())
    funding.arrange(house.bank.kernel, loan.id)
    house.sign(loan.id)
    return [*found, house.complete(loan.id).id]


@pytest.fixture(scope="module")
def lived(shelf: Shelf) -> Iterator[House]:
    with shelf.database() as url:
        house = House(url, lived=several_loans)
        yield house
        house.bank.kernel.database.close()


@contextmanager
def undone(tx: Tx) -> Iterator[Tx]:
    """A part of the transaction of which nothing stands."""
    with tx.connection.transaction(force_rollback=True):
        yield replace(tx, posted=[])


def by_fold(tx: Tx) -> None:
    """A row at a time: what is due longest first, each loan read, folded, posted and kept before the next."""
    on = tx.business_date
    for row in tx.rows(OPEN, {"on": on}):
        (before,) = store.lives(tx, store.held(tx, [row["loan_id"]]))
        wallet = wallet_path(before.loan.party_id, before.currency, tx.home)
        there = ledger.balance(tx, wallet).available()
        keeping.take(tx, [rules.by_fold(before, there, wallet, partial(tx.new_id, "repay"), tx.now, on)])


def by_sets(tx: Tx) -> None:
    """The step of the close, piece by piece."""
    after: str | None = ""
    while after is not None:
        after = fall_due(tx, CloseStep(tx.business_date, after)).next_after


def kept(tx: Tx) -> dict[str, Any]:
    """All that stands of loans, with events named by their place: ids are drawn in another order."""
    names = {row["id"]: f"{row['loan_id']}/{row['number']}" for row in tx.rows(KEPT["loan_event"])}
    found = {}
    for table, query in KEPT.items():
        text = json.dumps([list(row.values()) for row in tx.rows(query)], default=str)  # type: ignore[arg-type]
        found[table] = re.sub(r"repay_[0-9a-z]{26}", lambda match: names[match[0]], text)
        if table == "entry":
            found[table] = sorted(json.loads(found[table]))
    ids = [row["id"] for row in tx.rows(KEPT["loan"])]
    found["today"] = [str(life.today(each, tx.business_date)) for each in store.lives_of(tx, ids)]
    found["jobs"] = sorted({str(row) for row in tx.rows(JOBS)})
    return found


def put(tx: Tx, loan: Loan, minor: int, number: int) -> None:
    """Let a borrower's wallet hold so much."""
    wallet = wallet_path(loan.party_id, "CNY", tx.home)
    moved = Money(minor, "CNY") - ledger.balance(tx, wallet).owed()
    if moved:
        lines = (Posting(CASH, moved), Posting(wallet, -moved))
        ledger.post_all(tx, [JournalEntry(f"test:{tx.business_date}:{number}", "move", tx.business_date, lines)])


def due_days(tx: Tx) -> list[date]:
    return [row["due_on"] for row in tx.rows("SELECT DISTINCT due_on FROM loan_obligation ORDER BY due_on")]


wallets = st.sampled_from([0, 0, 1, 9_000, 17_500, 26_000, 70_000, 200_000])
steps = st.lists(
    st.tuples(st.sampled_from([0, 1, 2, 5]), st.tuples(wallets, wallets, wallets), st.sampled_from([0, 0, 100, 5_000])),
    min_size=MONTHS, max_size=MONTHS,
)  # fmt: skip


@examples(6)
@given(steps=steps)
@pytest.mark.long
def test_what_is_kept_together_is_what_the_fold_comes_to(lived: House, steps: list[Any]) -> None:
    kernel = lived.bank.kernel
    loans: list[Loan] = [lived.loan(each) for each in lived.made]
    with kernel.database.transaction() as connection, connection.transaction(force_rollback=True):
        began = kernel._tx(connection, SYSTEM)
        for month, (later, amounts, repaid) in enumerate(steps):
            for on in dict.fromkeys((due_days(began)[month], due_days(began)[month] + timedelta(days=later))):
                tx = replace(began, business_date=on)
                for number, minor in enumerate(amounts):
                    put(tx, loans[2 * number], minor, number)
                if repaid and amounts[0] > repaid and life.days_past_due(store.find_loan(tx, loans[0].id), on):
                    lending.repay(tx, Repay(loans[0].id, Money(repaid, "CNY")))
                with undone(tx) as other:
                    by_fold(other)
                    wanted = kept(other)
                by_sets(tx)
                assert kept(tx) == wanted
        assert audit.by_fold(tx, lived.made) == [] and audit.verify(tx).findings == ()
