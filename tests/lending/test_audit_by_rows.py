"""The law of the verification: what is told by a loan's rows alone is what the fold finds nothing wrong with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import psycopg
import pytest

from farthing.db.tx import Tx
from farthing.kit.actor import SYSTEM
from farthing.ledger import service as ledger
from farthing.lending import service as lending
from farthing.lending import store
from farthing.lending.audit.service import by_fold, by_rows
from farthing.lending.model import Loan, LoanCommand
from farthing.payments.wallets import wallet_path
from tests.banks import Shelf
from tests.lending.closing.test_by_sets import put, several_loans, undone
from tests.lending.house import House

NUMBERS = {
    "loan": ("principal_minor", "owed_back_minor"),
    "loan_event": ("number", "amount_minor", "outstanding_minor"),
    "loan_obligation": (
        "instalment", "amount_minor", "paid_minor", "waived_minor", "written_off_minor", "recognised_minor",
    ),
    "credit_commitment": ("agreed_minor", "owed_minor"),
    "account": ("balance",),
}  # fmt: skip
DAYS = {
    "loan": ("disbursed_on", "closed_on", "as_of_on", "given_up_on"), "loan_event": ("on_day",), "loan_obligation": ("due_on",),
}  # fmt: skip
TEXTS = {
    "loan": ("currency", "state"), "loan_event": ("id", "kind", "currency", "loan_state"),
    "loan_obligation": ("component",), "credit_commitment": ("id", "currency", "state"), "account": ("currency",),
}  # fmt: skip
WORDS = ("EUR", "XXX", "active", "closed", "repay", "pay_off", "pay_out", "penalty", "drawn", "repaid", "nobody")
JSON = {
    "loan": ("conditions", "holders"), "loan_plan": ("rows",), "loan_event": ("about", "moves"),
}  # fmt: skip
CHANGES = (
    r"'(\d)([,}\]])', '\1.0\2'", r"'\m1\M', 'true'", r"': (\d)', ': 1\1'", r"', (\d)', ', 1\1'", r"'\m0\M', '1'",
    r"'(\d)(\D*)$', '\1, 5\2'", "'CNY', 'EUR'", "'own', 'partner:one'", "'equal', 'un'", r"'0\.\d+', '0.5'", "'365', '360'",
    "'principal', 'fee'", r"'-(\d\d)""', '-0\1""'",
)  # fmt: skip
"""What is changed in JSON: figures with a point, truth for one, larger figures, other words."""
CHECKS = """
    SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname) AS statement FROM pg_constraint
    WHERE contype = 'c' AND conrelid::regclass::text = ANY(%(tables)s)
"""
"""The database's own checks, which would not let most of it stand."""
ROWS = ("loan_plan", "loan_event", "loan_obligation", "credit_commitment")


def plants() -> Iterator[str]:
    """Every column that the verification reads, changed in every row by itself and by a little, and every row gone."""
    for table, names in NUMBERS.items():
        for name in names:
            for change in (f"{name} + 1", f"{name} - 1", f"{name} + 5000000000000000000", "0"):
                yield f"UPDATE {table} SET {name} = {change} WHERE true"
    for table, names in DAYS.items():
        for name in names:
            for change in (f"{name} + 1", f"{name} - 1", f"{name} + 40", "NULL", "date '2026-12-30'"):
                yield f"UPDATE {table} SET {name} = {change} WHERE true"
    for table, names in TEXTS.items():
        for name in names:
            for word in WORDS:
                yield f"UPDATE {table} SET {name} = '{word}' WHERE true"
    for table, names in JSON.items():
        for name in names:
            for change in CHANGES:
                yield f"UPDATE {table} SET {name} = regexp_replace({name}::text, {change})::jsonb WHERE true"
            for whole in ("'[]'", "'{}'", "'1'"):
                yield f"UPDATE {table} SET {name} = {whole}::jsonb WHERE true"
    for name in ("effective_on + 1", "effective_on - 30"):
        yield f"UPDATE entry SET effective_on = {name} WHERE true"
    for change in ("legs[2] + 1", "0", "-legs[2]"):
        yield f"UPDATE entry SET legs[2] = {change} WHERE true"
    yield "UPDATE entry SET legs[1] = legs[3], legs[3] = legs[1] WHERE true"
    yield "UPDATE entry SET kind = 'accrual' WHERE true"
    yield "DELETE FROM entry WHERE true"
    yield "UPDATE loan SET party_id = 'party_nobody' WHERE true"
    yield """UPDATE loan_event SET about = '{"surplus": "next"}' WHERE true"""
    yield "UPDATE loan_event AS event SET id = (SELECT min(id) FROM loan_event WHERE loan_id = event.loan_id) WHERE true"
    yield from (f"DELETE FROM {table} WHERE true" for table in ROWS)


OF_ONE = {
    "loan": "id = %(id)s", "loan_plan": "loan_id = %(id)s", "loan_event": "loan_id = %(id)s AND number = %(number)s",
    "loan_obligation": "loan_id = %(id)s AND instalment = %(number)s", "credit_commitment": "id = %(id)s",
    "entry": "id = (SELECT id FROM entry WHERE reference LIKE 'loan:' || split_part(%(id)s, '_', 2) || ':%%' ORDER BY id"
    " OFFSET %(number)s - 1 LIMIT 1)",
    "account": "path LIKE '%%:' || split_part(%(id)s, '_', 2)",
}  # fmt: skip


def lives(house: House) -> list[str]:
    """Loans of which some are repaid in time and one wholly, some late, one is paid off, one new, and one waits."""
    made = several_loans(house)
    loans = [house.loan(each) for each in made]
    with house.bank.kernel.database.transaction() as connection:
        _fill(house.bank.kernel._tx(connection, SYSTEM), loans, (200_000, 17_500, 0))
    house.wait(loans[0].instalments[0].due_on + timedelta(days=1))
    with house.bank.kernel.database.transaction() as connection:
        _fill(house.bank.kernel._tx(connection, SYSTEM), loans, (200_000, 200_000, 5_000))
    house.wait(loans[0].instalments[0].due_on + timedelta(days=3))
    house.bank.run(lending.settle, LoanCommand(loans[3].id))
    house.wait(loans[0].instalments[1].due_on + timedelta(days=5))
    return [*made, house.active("600").id, house.accept(house.offer("500")).id]


def _fill(tx: Tx, loans: list[Loan], amounts: tuple[int, int, int]) -> None:
    for number, minor in enumerate(amounts):
        wallet = wallet_path(loans[2 * number].party_id, "CNY", tx.home)
        if ledger.balance(tx, wallet).owed().minor != minor:
            put(tx, loans[2 * number], minor, number)


@pytest.fixture(scope="module")
def lived(shelf: Shelf) -> Iterator[House]:
    with shelf.database() as url:
        house = House(url, lived=lives)
        yield house
        house.bank.kernel.database.close()


@pytest.mark.long
def test_no_loan_is_told_by_its_rows_of_which_the_fold_finds_something(lived: House) -> None:
    """Whatever is planted, in each row of its own: the two together name what the fold alone names."""
    named: set[str] = set()
    missed = []
    with psycopg.connect(lived.bank.url) as connection, connection.transaction(force_rollback=True):
        tx = lived.bank.kernel._tx(connection, SYSTEM)
        ids = store.loan_ids(tx, "", 100)
        plain = by_rows(tx, ids)
        assert by_fold(tx, ids) == []
        told = {each.loan.id: len(each.events) for each in store.lives_of(tx, ids)}
        assert {told[each] for each in plain} >= {1, 2, 3} and len(plain) < len(ids)
        chosen = [*{told[each]: each for each in sorted(plain)}.values()]
        for (statement,) in tx.tuples(CHECKS, {"tables": [*OF_ONE]}):
            tx.execute(statement)
        for planted in plants():
            table = planted.split()[2 if planted.startswith("DELETE") else 1]
            for loan_id, number in product(chosen, (1, 2) if "number" in OF_ONE[table] else (1,)):
                with undone(tx) as other:
                    if not _plants(other, planted.replace("WHERE true", f"WHERE {OF_ONE[table]}"), loan_id, number):
                        continue
                    found = by_fold(other, [loan_id])
                    if found and by_rows(other, [loan_id]):
                        missed.append((planted, loan_id, found))
                    named |= {planted} if found else set()
    assert missed == []
    assert len(named) > 100


def _plants(tx: Tx, planted: str, loan_id: str, number: int) -> bool:
    """Plant something; false where the database itself does not let it stand."""
    try:
        with tx.connection.transaction():
            return tx.execute(planted, {"id": loan_id, "number": number}) > 0  # type: ignore[arg-type]
    except psycopg.Error:
        return False
