"""Agreements and products from before their newest terms are read as they were meant, and nothing is made up for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farthing.funding import service as funding
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.audit.service import verify
from farthing.lending.model import LoanCommand
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products import files
from farthing.products import service as products
from farthing.products.model import LoanTerms
from tests.lending.before import moved, older_tables
from tests.lending.house import CARD, House
from tests.lending.test_audit import three_loans
from tests.products.published import source_of

BEFORE = {
    'use = "consumption"\n': "",
    "instalments = {min = 1, max = 12}": 'instalments = {min = 1, max = 12, every = "month"}',
    'method = "equal_instalment"\n': 'method = "equal_instalment"\nrounding = "half_up"\n',
    'fees = {origination = "0"}': 'fees = {origination = "0", early_repayment = "0"}',
    "delinquency = {grace_days = 3}": (
        "delinquency = {grace_days = 3, buckets = [1, 31, 61, 91], write_off_after_days = 180}"
    ),
    "offer_days = 7 ": "# ",
    "completion_days = 30 ": "# ",
    '["own_book", "partners"]': '["own_book", "marketplace", "partners"]',
    "[roles]\n": '[roles]\nloss = "expenses:credit-losses"\nrecovery = "income:recoveries"\n',
}
"""What the first products said otherwise (before 28 November 2026)."""


def older(source: str) -> str:
    """A product's file as the first program took it."""
    for now, before in BEFORE.items():
        assert now in source, now
        source = source.replace(now, before)
    return source


def forget_completion(house: House) -> None:
    """Leave the days of completion out of every agreement, as those from before are."""
    with house.bank.superuser() as connection:
        for table in ("loan", "loan_offer"):
            connection.execute(f"UPDATE {table} SET conditions = conditions - 'completion_days'")


def test_an_older_agreement_is_read_completed_and_does_not_lapse(database_url: str) -> None:
    house = House(database_url)
    offer = house.offer()
    forget_completion(house)
    loan = house.accept(offer)
    assert loan.conditions.completion_days is None and house.loan(loan.id) == loan
    house.wait(house.today + timedelta(days=35))
    assert house.loan(loan.id).state == "accepted"
    funding.arrange(house.bank.kernel, loan.id)
    house.sign(loan.id)
    assert house.complete(loan.id).state == "active"


def test_an_older_product_that_stands_is_read_and_is_not_published_again(database_url: str) -> None:
    house = House(database_url)
    source = older(house.source("rainy-day-loan"))
    with pytest.raises(Refusal) as caught:
        files.decode("rainy-day-loan", source)
    assert caught.value.code in ("products.invalid", "products.unknown_key")
    _, version, kept = files.decode("rainy-day-loan", source, standing=True)
    assert isinstance(kept, LoanTerms)
    assert (kept.use, kept.offer_days, kept.completion_days) == ("consumption", 7, None)
    assert kept.funding == ("own_book", "marketplace", "partners")
    with house.bank.superuser() as connection:
        connection.execute(
            "INSERT INTO product_version (id, product, version, kind, source, published_at, published_by)"
            " VALUES ('rainy-day-loan@' || %(version)s, 'rainy-day-loan', %(version)s, 'loan', %(source)s, now(), 'x')",
            {"version": version, "source": source},
        )
        connection.execute("UPDATE product SET version = %s WHERE id = 'rainy-day-loan'", (version,))
    assert house.terms("rainy-day-loan") == kept
    loan = house.active()
    assert loan.conditions.version == version and loan.conditions.completion_days is None
    assert house.bank.run(contracts.complete, LoanCommand(loan.id)).state == "active"


def test_the_law_is_never_made_up_for_an_older_policy(database_url: str) -> None:
    house = House(database_url)
    source = house.bank.read(lambda tx: source_of(tx, products.POLICY))
    with pytest.raises(Refusal) as caught:
        files.decode("policy", source.replace("[evidence_max]", "[evidence_most]"), standing=True)
    assert caught.value.code == "products.invalid" and "evidence_max is missing" in caught.value.detail


def test_loans_from_before_there_were_events_are_moved_and_go_on(database_url: str) -> None:
    """The migration makes of the older tables what the program keeps today: plan, events and obligations, which replay."""
    house = House(database_url, lived=three_loans)
    kept = (
        "SELECT * FROM loan_plan ORDER BY loan_id",
        "SELECT loan_id, number, kind, on_day, currency, amount_minor, about, jsonb_strip_nulls(moves), outstanding_minor,"
        " loan_state FROM loan_event ORDER BY loan_id, number",
        "SELECT * FROM loan_obligation ORDER BY loan_id, instalment, component",
        "SELECT id, as_of_on FROM loan ORDER BY id",
    )
    with house.bank.superuser() as connection:
        older_tables(connection)
        now = [connection.execute(each).fetchall() for each in kept]
        for table in ("loan_plan", "loan_event", "loan_obligation"):
            connection.execute(f"DELETE FROM {table}")  # type: ignore[arg-type]
        connection.execute("UPDATE loan SET as_of_on = NULL")
        moved(connection)
        for before, after in zip(now, [connection.execute(each).fetchall() for each in kept], strict=True):
            assert before and after == before
    assert house.bank.read(verify, snapshot=True).findings == ()
    (late,) = [each for each in house.bank.read(lending.all_loans) if each.state == "active"]
    house.bank.run(payments.top_up, MoveByRail(house.party.id, late.principal, CARD))
    house.bank.run(lending.settle, LoanCommand(late.id))
    assert house.bank.read(verify, snapshot=True).findings == ()
