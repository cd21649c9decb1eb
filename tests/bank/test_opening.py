"""A bank with a real clock: what a simulated one plays for itself is not there, however the bank is started."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from farthing.assurance import service as assurance
from farthing.assurance.service import PublishLog
from farthing.bank.founding import CAPITAL_ACCOUNT, RESERVES, appoint, institution, require_open
from farthing.bank.opening import open_bank
from farthing.credit import service as credit
from farthing.credit.bills.sample import graduate_bill
from farthing.credit.history import service as history
from farthing.credit.model import GiveConsent, ImportBill, RequestDecision
from farthing.identity.rules import ANONYMOUS
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.parties.enrolment import service as enrolment
from farthing.parties.enrolment.model import AskCode
from farthing.parties.model import RegisterOrganisation, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.server import application
from farthing.signing import service as signing
from farthing.town.founding import found
from farthing.town.stage import staged
from tests.conftest import Bank
from tests.parties.people import credit_code, register_person, resident_id

KINDS = ("rail", "proofing", "bureau", "ca", "tsa", "witness", "gateway", "channel")
"""Kinds of peers that a real bank has only where its settings name a licensed one."""
VILLAGE = RegisterOrganisation("白水县农村信用合作联社", credit_code(), "0913-6155555")


def settings(url: str, **chosen: object) -> Settings:
    """Settings of a deployment, nothing of this machine's environment in them."""
    return Settings(database_url=url, opens_on=None, _env_file=None, **chosen)


@pytest.fixture
def real(database_url: str) -> Iterator[Kernel]:
    """A new bank with a real clock, as a door opens it."""
    asked = settings(database_url, clock="real")
    kernel = staged(open_bank(asked), asked)
    yield kernel
    kernel.database.close()


def code(kernel: Kernel, function: object, command: object, **options: object) -> str:
    with pytest.raises(Refusal) as caught:
        kernel.run(function, command, **options)
    return caught.value.code


def test_a_new_real_bank_has_terms_and_limits_and_nothing_invented(real: Kernel) -> None:
    assert {kind: real.ports.names(kind) for kind in KINDS} == dict.fromkeys(KINDS, ())
    assert institution(real) is None
    assert real.read(ledger.guards)
    assert not [each for each in real.read(lambda tx: ledger.balances(tx, "")) if each.version]
    with pytest.raises(Refusal) as caught:
        require_open(real)
    assert caught.value.code == "bank.not_open"


def test_whoever_runs_it_is_named_once_and_pays_nothing_in_by_that(real: Kernel) -> None:
    appointed = appoint(real, VILLAGE)
    require_open(real)
    assert appoint(real, VILLAGE) == appointed == institution(real)
    another = RegisterOrganisation("另一家", credit_code("400099999"), "0913-6155556")
    with pytest.raises(Refusal) as caught:
        appoint(real, another)
    assert caught.value.code == "parties.institution_appointed"
    for path in (RESERVES, CAPITAL_ACCOUNT):
        assert real.read(lambda tx, path=path: ledger.balance(tx, path)).version == 0


def test_a_simulated_bank_keeps_its_made_up_institution(bank: Bank) -> None:
    found(bank.kernel, Settings())
    with pytest.raises(Refusal) as caught:
        appoint(bank.kernel, VILLAGE)
    assert caught.value.code == "bank.simulated"


def test_what_needs_a_peer_that_is_not_there_is_refused_by_its_name(real: Kernel) -> None:
    bank = Bank(real, "")
    party = register_person(bank).id
    real.run(payments.open_wallet, OpenWallet(party))
    today = real.clock().business_date
    kinds = ("payment_history", "credit_bureau")
    real.run(credit.give_consent, GiveConsent(party, "loan_application", kinds, today + timedelta(days=30)))
    bill = graduate_bill(random.Random(7), today - timedelta(days=1), "林美")
    real.run(history.import_bill, ImportBill(party, "bill.csv", base64.b64encode(bill).decode()))
    top_up = MoveByRail(party, Money(100, "CNY"), "6222021234567890123")
    decision = RequestDecision(party, "rainy-day-loan", Money(100_000, "CNY"), 6)
    assert code(real, payments.top_up, top_up) == "payments.rail_unknown"
    assert code(real, parties.verify_identity, VerifyIdentity(party)) == "parties.provider_unknown"
    assert code(real, enrolment.ask_code, AskCode("林美", resident_id(), "138 1234 5678"), actor=ANONYMOUS) == (
        "identity.no_gateway"
    )
    assert code(real, credit.request_decision, decision) == "credit.no_bureau"
    for look, refusal in (
        (signing.authorities, "signing.no_authority"),
        (signing.timestamper, "signing.no_timestamper"),
    ):
        with pytest.raises(Refusal) as caught:
            real.read(look)
        assert caught.value.code == refusal


def test_its_log_is_published_without_a_time_stamp_and_says_so(real: Kernel) -> None:
    published = real.run(assurance.publish_log, PublishLog())
    assert published.size > 0
    assert published.timestamped is False


def test_licensed_peers_that_are_named_are_there(database_url: str) -> None:
    kernel = open_bank(settings(database_url, clock="real", bureau_url="https://bureau.example"))
    try:
        assert kernel.ports.names("bureau") == ("bureau",)
    finally:
        kernel.database.close()


def test_a_real_bank_started_as_if_it_were_simulated_gets_no_sandbox(bank: Bank) -> None:
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET mode = 'real'")
    asked = settings(bank.url)
    kernel = staged(open_bank(asked), asked)
    try:
        assert not [kind for kind in KINDS if kernel.ports.names(kind)]
        assert institution(kernel) is None
        assert TestClient(application(kernel)).get("/sandbox/messages?phone=13812345678").status_code == 404
    finally:
        kernel.database.close()
