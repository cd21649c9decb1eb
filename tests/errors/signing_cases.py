"""Refusals of signing: terms that do not add up, a text that is there already, a stamp that cannot be used."""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Tx
from farthing.products import service as products
from farthing.signing import service as signing
from farthing.signing.acts import service as acts
from farthing.signing.contract import render
from farthing.signing.model import Kind, Subject
from farthing.signing.pdf import timestamp
from farthing.signing.terms import LoanTerms
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.signing.made import said, terms, yuan


@reproduces("signing.unknown_template")
def unknown_template() -> None:
    render("lease", terms())


@reproduces("signing.terms_inconsistent")
def terms_inconsistent() -> None:
    render("loan", terms(total_interest=yuan("14.99")))


@reproduces("signing.contract_differs")
def contract_differs(bank: Bank) -> None:
    institution = Subject("party_2", "Farthing 示范银行", Kind.ORGANISATION, 2)

    def drawn(tx: Tx, one: LoanTerms) -> None:
        acts.prepare_contract(tx, "loan_1", products.agreement_form(tx, "loan-agreement"), one, institution)

    for one in (terms(), terms(purpose=said("学费"))):
        bank.kernel.tidy(lambda tx, one=one: drawn(tx, one))


@reproduces("signing.timestamp_refused")
def timestamp_refused(bank: Bank) -> None:
    """The authority's clock is an hour behind the bank's."""
    house, now = bank.kernel.tidy(lambda tx: (signing.authorities(tx), tx.now))
    lists = house.ca.revocation_lists(now)
    timestamp(render("loan", terms()).pdf, house.tsa, house.ca.roots, lists, now + timedelta(hours=1))
