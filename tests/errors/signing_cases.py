"""Refusals of signing: terms that do not add up, a text that is there already, a stamp that cannot be used."""

from __future__ import annotations

import base64
import socket
from dataclasses import replace
from datetime import timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from farthing.bank.founding import agreed
from farthing.db.tx import Tx
from farthing.products import service as products
from farthing.signing import root_service as roots
from farthing.signing import service as signing
from farthing.signing.acts import service as acts
from farthing.signing.agreements.model import AgreementTold
from farthing.signing.contract import render
from farthing.signing.custody import service as custody
from farthing.signing.custody.model import GiveSignature
from farthing.signing.custody.rules import check_custody
from farthing.signing.model import Kind, Subject
from farthing.signing.pdf import timestamp
from farthing.signing.revocation import rules as revocation
from farthing.signing.revocation.client import HttpResponder
from farthing.signing.root_service import BringRootBack, TakeRootOffline
from farthing.signing.terms import LoanTerms
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.signing.agreements.desk import Desk
from tests.signing.custody.browsers import Browser, url
from tests.signing.house import authorities, spki
from tests.signing.made import MADE_AT, said, terms, yuan


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


def _browser(bank: Bank) -> tuple[Desk, AgreementTold, Browser]:
    desk = Desk(bank)
    return desk, desk.draw(), Browser(desk.elder.id)


def _asked(bank: Bank, **changes: str) -> None:
    _, agreement, her = _browser(bank)
    asked = her.asks(agreement.id, agreement.document_digest, "principal")
    bank.run(custody.ask_certificate, replace(asked, **changes))


@reproduces("signing.key_unfit")
def a_key_that_is_none(bank: Bank) -> None:
    _asked(bank, public_key=url(b"no key"))


@reproduces("signing.key_not_possessed")
def a_key_of_somebody_else(bank: Bank) -> None:
    _asked(bank, public_key=url(Browser("nobody").spki))


@reproduces("signing.signature_unfit")
def a_signature_that_is_none(bank: Bank) -> None:
    _asked(bank, possession=url(b"short"))


@reproduces("signing.other_certificate")
def signed_as_somebody_else(bank: Bank) -> None:
    _asked(bank, role="helper")


@reproduces("signing.unknown_prepared")
def nothing_waits_for_it(bank: Bank) -> None:
    _, agreement, her = _browser(bank)
    bank.run(custody.give_signature, GiveSignature(agreement.id, her.party_id, "signing_none", url(bytes(64))))


def _waiting(bank: Bank) -> GiveSignature:
    _, agreement, her = _browser(bank)
    told = bank.run(custody.ask_certificate, her.asks(agreement.id, agreement.document_digest, "principal"))
    return her.gives(told, base64.b64decode(told.attributes_base64))


@reproduces("signing.signature_differs")
def a_signature_of_something_else(bank: Bank) -> None:
    bank.run(custody.give_signature, replace(_waiting(bank), signature=url(b"1" * 64)))


@reproduces("signing.prepared_too_old")
def a_document_that_waited_too_long(bank: Bank) -> None:
    waiting = _waiting(bank)
    with bank.superuser() as connection:
        connection.execute("UPDATE prepared_signature SET made_at = made_at - interval '5 minutes'")
    bank.run(custody.give_signature, waiting)


@reproduces("signing.certificate_revoked")
def a_key_that_was_reported(bank: Bank) -> None:
    waiting = _waiting(bank)
    with bank.superuser() as connection:
        (row,) = connection.execute("SELECT id FROM signing_certificate WHERE custody = 'browser'").fetchall()
    bank.run(signing.revoke_certificate, signing.RevokeCertificate(row[0], "stolen"))
    bank.run(custody.give_signature, waiting)


@reproduces("signing.contract_erased")
def a_contract_whose_signer_is_erased(bank: Bank) -> None:
    waiting = _waiting(bank)
    bank.kernel.ports.peer("keyring").destroy([waiting.party_id], bank.kernel.wall())
    bank.read(lambda tx: signing.document(tx, waiting.agreement_id))


@reproduces("signing.custody_not_admitted")
def a_key_held_otherwise(bank: Bank) -> None:
    form = bank.read(lambda tx: products.agreement_form(tx, "power-of-attorney"))
    check_custody(replace(form, custodies=("browser",)), "session")


@reproduces("signing.revocation_unfit")
def an_answer_that_is_none() -> None:
    house, at = authorities(), MADE_AT
    made = house.authority().issue(Subject("party_1", "林美", Kind.PERSON, 2), spki(), at).certificate
    revocation.check(b"", made, house.issuing.der, b"", at)


@reproduces("signing.revocation_unavailable")
def a_responder_that_is_away() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        HttpResponder(f"http://127.0.0.1:{probe.getsockname()[1]}/", 1).answer(b"")


@reproduces("signing.timestamp_refused")
def timestamp_refused(bank: Bank) -> None:
    """The authority's clock is an hour behind the bank's."""
    house, now = bank.kernel.tidy(lambda tx: (signing.authorities(tx), tx.now))
    lists = house.ca.revocation_lists(now)
    timestamp(render("loan", terms()).pdf, house.tsa, house.ca.roots, lists, now + timedelta(hours=1))


@reproduces("signing.no_root")
def a_root_before_there_is_one(bank: Bank) -> None:
    bank.read(roots.root_key)


def _taken_out(bank: Bank) -> None:
    Desk(bank).draw()
    key, certificate = bank.read(roots.root_key)
    said = key.sign(roots.possession(certificate), ec.ECDSA(hashes.SHA256()))
    agreed(bank.kernel, roots.take_offline, TakeRootOffline(base64.b64encode(said).decode()))


@reproduces("signing.root_offline_already")
def a_root_that_is_not_here(bank: Bank) -> None:
    _taken_out(bank)
    bank.read(roots.root_key)


@reproduces("signing.root_offline")
def what_a_root_is_needed_for(bank: Bank) -> None:
    _taken_out(bank)
    bank.read(lambda tx: signing.timestamper(replace(tx, now=tx.now + timedelta(days=9 * 365))))


@reproduces("signing.not_the_roots_key")
def a_key_that_is_no_roots(bank: Bank) -> None:
    Desk(bank).draw()
    bank.run(roots.bring_back, BringRootBack(base64.b64encode(b"no key").decode()))
