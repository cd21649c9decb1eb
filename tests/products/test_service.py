"""Publishing on PostgreSQL: what an agreement pinned is answered for ever."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from farthing.bank.founding import SECOND, agreed
from farthing.db.tx import Tx
from farthing.kernel.operation import decode
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.money import Money
from farthing.lending.shelf import service as loan_shelf
from farthing.products import service
from farthing.products.model import Publish, Published
from farthing.products.service import shipped
from tests.conftest import Bank

POLICY, _, RAINY, _, SHOP = shipped("cn")


def put(bank: Bank, command: Publish) -> Published:
    """Put a file in force as two persons do."""
    return decode(Published, agreed(bank.kernel, loan_shelf.publish, command))  # type: ignore[no-any-return]


def refused(bank: Bank, command: Publish, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        bank.run(loan_shelf.publish, command)
    assert caught.value.code == code


def write(bank: Bank, work: Callable[[Tx], Any]) -> Any:
    """Run what another package's operation would do, in a transaction of the application's role."""
    with bank.kernel.database.transaction() as connection:
        return work(bank.kernel._tx(connection, bank.system))


def dearer(rate: str) -> Publish:
    source = RAINY.source.replace('annual = "0.18"', 'annual = "0.15"').replace('annual = "0.12"', f'annual = "{rate}"')
    return Publish(RAINY.product, source)


def test_a_pinned_version_is_answered_for_ever(bank: Bank) -> None:
    put(bank, POLICY)
    first = put(bank, RAINY)
    second = put(bank, dearer("0.119"))
    assert first.version != second.version and first.published_by == SECOND.id
    read = lambda version=None: bank.read(lambda tx: service.loan_terms(tx, RAINY.product, version))  # noqa: E731
    assert read().rate.annual == Decimal("0.119") and read().version == second.version
    assert read(first.version).rate.annual == Decimal("0.12")
    assert put(bank, RAINY) == first
    assert read().version == first.version


def test_the_shop_window(bank: Bank) -> None:
    for file in (POLICY, RAINY, SHOP):
        put(bank, file)
    assert [terms.product for terms in bank.read(service.loans_in_force)] == ["rainy-day-loan", "shop-stock-loan"]
    assert bank.read(service.policy_in_force).name.en == "People's Republic of China"


def test_a_product_the_law_forbids_is_not_published(bank: Bank) -> None:
    refused(bank, RAINY, "policy.none_in_force")
    put(bank, POLICY)
    refused(bank, dearer("0.25"), "policy.annual_cost")
    unequal = SHOP.source.replace(
        'own_share = "0.70", partner_share = "0.30"', 'own_share = "0.71", partner_share = "0.29"'
    )
    refused(bank, Publish(SHOP.product, unequal), "policy.lender_share")
    assert bank.read(service.loans_in_force) == []


def test_a_wrong_file_changes_nothing(bank: Bank) -> None:
    put(bank, POLICY)
    put(bank, RAINY)
    before = bank.read(lambda tx: service.version_in_force(tx, RAINY.product))
    refused(bank, Publish(RAINY.product, RAINY.source + "\ncolour = 1\n"), "products.unknown_key")
    refused(bank, Publish("policy", RAINY.source), "products.other_kind")
    refused(bank, Publish("cn-policy", POLICY.source), "products.other_kind")
    assert bank.read(lambda tx: service.version_in_force(tx, RAINY.product)) == before


def test_what_is_not_there_is_said(bank: Bank) -> None:
    put(bank, POLICY)
    for question, code in (
        (lambda tx: service.loan_terms(tx, "no-such-loan"), "products.unknown"),
        (lambda tx: service.loan_terms(tx, RAINY.product, "0" * 64), "products.unknown"),
        (lambda tx: service.loan_terms(tx, "policy"), "products.other_kind"),
    ):
        with pytest.raises(Refusal) as caught:
            bank.read(question)
        assert caught.value.code == code
    with pytest.raises(Refusal) as caught:
        shipped("atlantis")
    assert caught.value.code == "products.unknown"


def test_a_source_altered_in_the_database_is_noticed(bank: Bank) -> None:
    put(bank, POLICY)
    altered = put(bank, dearer("0.1111"))
    with bank.superuser() as connection:
        connection.execute("UPDATE product_version SET source = replace(source, '0.1111', '0.0111')")
    service._DECODED.clear()
    with pytest.raises(InvariantBroken):
        bank.read(lambda tx: service.loan_terms(tx, RAINY.product, altered.version))


def test_each_kind_is_decoded_before_it_stands(bank: Bank) -> None:
    """By whichever package it is put in force: what cannot be read, or is of another kind, is not there afterwards."""
    source = 'kind = "deposit"\nmethod = "demand"\nminimum = "1.00"\n'
    published = write(bank, lambda tx: service.put_in_force(tx, Publish("piggy-bank", source), "deposit"))
    terms = bank.read(lambda tx: service.terms(tx, "piggy-bank"))
    assert (terms.kind, terms.product, terms.minimum) == ("deposit", "piggy-bank", Money(100, "CNY"))
    assert bank.read(lambda tx: service.terms(tx, "piggy-bank", published.version)) is terms
    for wrong, code in (
        (Publish(RAINY.product, RAINY.source), "products.invalid"),
        (Publish("piggy-bank", source + "rate = 0.01\n"), "savings.unknown_field"),
    ):
        with pytest.raises(Refusal) as caught:
            write(bank, lambda tx, wrong=wrong: service.put_in_force(tx, wrong, "deposit"))
        assert caught.value.code == code
    assert bank.read(lambda tx: service.version_in_force(tx, "piggy-bank")) == published.version
