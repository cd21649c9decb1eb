"""What moves on a shared loan is told by lending and shared out by funding: by a job, by the close, once, to the fen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from farthing.assurance.service import package_loan
from farthing.db.migrate import FOLDER
from farthing.funding import distribution_service as distribution
from farthing.funding import service as funding
from farthing.funding.audit_service import verify as verify_notes
from farthing.kernel.day import close_day
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.lending import books_service as books
from farthing.lending import entries
from farthing.lending import service as lending
from farthing.lending.audit.service import verify as verify_loans
from farthing.lending.model import Loan, LoanCommand
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.funding.test_partners import Lender, shared
from tests.kernel.disturbed import collisions, lost_commits
from tests.lending.before import older_tables
from tests.lending.house import CARD, House, yuan

SETTLEMENT = "assets:settlement:partner:harvest"


def paid_out(database_url: str) -> tuple[House, Loan]:
    """A loan that a partner holds 30 of 100 of, paid out a moment ago."""
    house, loan = shared(database_url, Lender())
    funding.arrange(house.bank.kernel, loan.id)
    house.sign(loan.id)
    return house, house.complete(loan.id)


def balances(house: House, loan: Loan) -> dict[str, int]:
    paths = {
        "disbursed": entries.disbursed_account(loan), "collections": entries.collections_account(loan),
        "principal": entries.principal_account(loan), "interest": entries.interest_account(loan), "partner": SETTLEMENT,
    }  # fmt: skip
    found = house.bank.read(lambda tx: ledger.balances_of(tx, list(paths.values())))
    return {name: found[path].owed().minor if path in found else 0 for name, path in paths.items()}


def clean(house: House) -> None:
    """Every verification, between two transactions as well as when all is done, finds nothing."""
    for verify in (verify_ledger, verify_loans, verify_notes):
        assert house.bank.read(verify, snapshot=True).findings == ()


def test_the_books_balance_before_and_after_the_job(database_url: str) -> None:
    house, loan = paid_out(database_url)
    own, theirs = (holder.share.minor for holder in loan.holders)
    assert balances(house, loan) == {
        "disbursed": loan.principal.minor, "collections": 0, "principal": 0, "interest": 0, "partner": 0,
    }  # fmt: skip
    clean(house)
    house.bank.drain()
    assert balances(house, loan) == {
        "disbursed": 0,
        "collections": 0,
        "principal": own,
        "interest": 0,
        "partner": theirs,
    }
    clean(house)

    close_day(house.bank.kernel)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("2000"), CARD))
    received = house.bank.run(lending.settle, LoanCommand(loan.id)).amount.minor
    assert balances(house, loan) == {
        "disbursed": 0, "collections": received, "principal": own, "interest": 0, "partner": 0,
    }  # fmt: skip
    clean(house)
    house.bank.drain()
    after = balances(house, loan)
    interest = sum(due.of("interest", "paid").minor for due in house.loan(loan.id).instalments)
    assert {name: after[name] for name in ("disbursed", "collections", "principal", "interest")} == dict.fromkeys(
        ("disbursed", "collections", "principal", "interest"), 0
    )
    earned = house.bank.read(lambda tx: ledger.balance(tx, loan.conditions.roles["interest_income"])).owed().minor
    assert -after["partner"] == theirs + interest - earned and 0 < earned < interest
    clean(house)
    assert house.bank.run(distribution.distribute, LoanCommand(loan.id)).flows == 0
    house.bank.drain()
    assert balances(house, loan) == after


@pytest.mark.long
def test_the_close_shares_out_what_no_job_did_before_the_partner_is_settled_with(database_url: str) -> None:
    house, loan = paid_out(database_url)
    close_day(house.bank.kernel)
    rails = house.bank.read(lambda tx: ledger.statement(tx, SETTLEMENT)).lines
    assert [line.amount.minor for line in rails] == [-loan.holders[1].share.minor, loan.holders[1].share.minor]
    assert balances(house, loan)["disbursed"] == 0
    house.wait(loan.instalments[0].due_on + timedelta(days=1))
    found = balances(house, loan)
    assert found["collections"] == found["partner"] == 0 and found["principal"] < loan.holders[0].share.minor
    clean(house)


@pytest.mark.parametrize("disturb", [collisions, lost_commits])
def test_a_job_that_is_broken_off_and_tried_again_shares_out_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch, disturb: Callable[..., None]
) -> None:
    house, loan = paid_out(database_url)
    with monkeypatch.context() as disturbed:
        disturb(house.bank, disturbed)
        house.bank.drain()
        house.bank.drain()
    assert balances(house, loan)["partner"] == loan.holders[1].share.minor
    clean(house)


def test_a_job_that_fails_leaves_everything_waiting_and_nothing_half_done(database_url: str) -> None:
    """The job falls in the middle, after its notes were kept: it posts nothing and keeps nothing, and the close does it."""
    house, loan = paid_out(database_url)
    waits = balances(house, loan)
    with house.bank.superuser() as connection:
        connection.execute("ALTER TABLE loan_flow ADD CONSTRAINT broken CHECK (waits)")
    house.bank.drain()
    assert balances(house, loan) == waits
    with house.bank.superuser() as connection:
        assert connection.execute("SELECT count(*) FROM funding_note").fetchone() == (0,)
        connection.execute("ALTER TABLE loan_flow DROP CONSTRAINT broken")
    clean(house)
    close_day(house.bank.kernel)
    assert balances(house, loan)["disbursed"] == 0
    clean(house)


PLANTED = {
    "UPDATE loan_flow SET principal_minor = principal_minor + 1 WHERE kind = 'repaid'": "its flows say",
    "UPDATE loan_flow SET waits = true WHERE kind = 'repaid'": "the books say",
    "UPDATE funding_note SET principal_minor = principal_minor - 1 WHERE holder = 'own'": "was owed then",
    "DELETE FROM funding_note": "nobody holds",
}


@pytest.mark.long
@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_in_flows_and_notes_is_named(database_url: str, planted: str) -> None:
    house, loan = paid_out(database_url)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("2000"), CARD))
    house.bank.run(lending.settle, LoanCommand(loan.id))
    house.bank.drain()
    clean(house)
    with house.bank.superuser() as connection:
        connection.execute(planted)
    found = [
        *house.bank.read(verify_loans, snapshot=True).findings,
        *house.bank.read(verify_notes, snapshot=True).findings,
    ]
    assert any(PLANTED[planted] in str(finding) for finding in found)


def test_the_entries_that_share_out_are_in_the_evidence_of_the_loan(database_url: str) -> None:
    house, loan = paid_out(database_url)
    house.wait(loan.instalments[0].due_on + timedelta(days=1))
    house.bank.drain()
    kinds = [posted.entry.kind for posted in house.bank.read(lambda tx: books.entries_of(tx, loan))]
    assert sorted(kinds) == ["accrual", "disbursement", "distribution", "funding", "repayment"]
    assert house.bank.run(package_loan, LoanCommand(loan.id)).content_base64


@pytest.mark.long
def test_a_loan_from_before_there_were_flows_goes_on_to_the_fen(database_url: str) -> None:
    """The migration tells of a loan of before what the program tells of one today, and what is left is shared out alike."""
    house, loan = paid_out(database_url)
    house.wait(loan.instalments[0].due_on + timedelta(days=1))
    kept = (
        "SELECT kind, about, on_day, currency, principal_minor, interest_minor, penalty_minor, fee_minor, waits FROM loan_flow"
        " ORDER BY kind, about",
        "SELECT loan_id, holder, from_on, position, currency, principal_minor FROM funding_note ORDER BY position",
        "SELECT holders FROM loan",
    )
    told = (FOLDER / "0049_flows_and_notes.sql").read_text(encoding="utf-8")
    with house.bank.superuser() as connection:
        older_tables(connection)
        now = [connection.execute(each).fetchall() for each in kept]
        connection.execute("DELETE FROM loan_flow")
        connection.execute("DELETE FROM funding_note")
        connection.execute(
            "UPDATE loan SET holders = (SELECT jsonb_agg(each - 'legal_name' - 'credit_code')"
            " FROM jsonb_array_elements(holders) AS each)"
        )
        connection.execute(told[told.index("-- A lender is named") :])
        before = [connection.execute(each).fetchall() for each in kept]
    assert now[0] and now[1] and before[:2] == now[:2]
    (old,), (new,) = before[2][0], now[2][0]
    assert old[1] == new[1]  # the partner's; the own book's carries no empty words
    clean(house)
    house.wait(loan.instalments[1].due_on + timedelta(days=1))
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("2000"), CARD))
    house.bank.run(lending.settle, LoanCommand(loan.id))
    house.bank.drain()
    found = balances(house, loan)
    assert {name: minor for name, minor in found.items() if name != "partner"} == {
        "disbursed": 0, "collections": 0, "principal": 0, "interest": 0,
    }  # fmt: skip
    clean(house)


def test_what_the_close_collects_it_shares_out_itself_and_leaves_no_job(database_url: str) -> None:
    house, loan = paid_out(database_url)
    house.bank.drain()
    first = house.loan(loan.id).instalments[0].due_on
    house.wait(first)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("900"), CARD))
    house.bank.drain()
    close_day(house.bank.kernel)
    with house.bank.superuser() as connection:
        waits = connection.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND args ->> 'operation' = 'funding.distribute'"
        ).fetchone()
    assert waits == (0,) and house.loan(loan.id).outstanding < loan.principal
    assert balances(house, loan)["collections"] == 0
    clean(house)
