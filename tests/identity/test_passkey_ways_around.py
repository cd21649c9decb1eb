"""What a thief tries who has a password and no passkey: many small arrangements, higher limits, another's signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from farthing.evidence import service as evidence
from farthing.identity.authenticators import entrance
from farthing.identity.model import Place
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.payments.debits import service as debits
from farthing.payments.debits.model import SignMandate
from farthing.payments.standing import service as standing
from farthing.payments.standing.model import MakeStanding
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import SignAgreement
from tests.conftest import Bank
from tests.identity.devices import SITE, Device
from tests.payments.debits.drawers import Shop, shop
from tests.payments.fraud.victims import Victims, victims, word
from tests.payments.packets.people import herself, yuan
from tests.payments.requests.askers import refused
from tests.signing.agreements.desk import Desk


def with_a_passkey(bank: Bank, actor: Actor) -> None:
    """A passkey of hers, as if she had added it; who acts here has no login that could."""
    with bank.superuser() as connection:
        connection.execute(
            "INSERT INTO passkey (id, actor_id, party_id, name, credential, sign_count, made_at)"
            " VALUES (%s, %s, %s, 'phone', '', 0, now())",
            [f"passkey_{actor.id}", actor.id, actor.party_id],
        )


@pytest.fixture
def them(bank: Bank) -> Victims:
    return victims(bank)


def arranged(them: Victims, amount: str, days: int = 1) -> Any:
    on = them.bank.kernel.clock().business_date + timedelta(days=days)
    return them.bank.run(
        standing.make, MakeStanding(them.rich, word(them, 0), yuan(amount), on), actor=herself(them.rich)
    )


def test_many_small_arrangements_for_tomorrow_are_no_way_around_the_passkey(them: Victims) -> None:
    with_a_passkey(them.bank, herself(them.rich))
    arranged(them, "3000.00")
    arranged(them, "2000.00", days=2)
    assert refused(arranged, them, "0.01") == "kernel.key_needed", "5,000.00 is what goes without it"


def test_whoever_has_no_passkey_arranges_no_more_in_a_day_than_he_pays(them: Victims) -> None:
    for _ in range(2):
        arranged(them, "25000.00")
    assert refused(arranged, them, "0.01") == "payments.over_password"
    them.pay("10.00")


@pytest.fixture
def noodles(bank: Bank) -> Shop:
    return shop(bank)


def test_more_is_let_be_drawn_by_the_passkey_alone_and_less_at_once(noodles: Shop) -> None:
    mandate = noodles.signed()
    with_a_passkey(noodles.bank, herself(noodles.rich))
    noodles.limit(mandate, "90.00", "140.00", noodles.today)
    for each, month, until in (
        ("90.01", "140.00", noodles.today),
        ("90.00", "140.01", noodles.today),
        ("90.00", "140.00", None),
    ):
        assert refused(noodles.limit, mandate, each, month, until) == "kernel.key_needed"
    command = SignMandate(noodles.rich, mandate.id, yuan("100.00"), yuan("150.00"), None)
    looked = noodles.bank.kernel.look(debits.set_limits, command, actor=herself(noodles.rich))
    assert looked.key_needed and looked.transaction and "10000" in looked.transaction


def test_an_agreement_is_signed_by_the_passkey_over_that_document(bank: Bank) -> None:
    desk = Desk(bank)
    agreement = desk.draw()
    hers = Actor("login_her", frozenset({"signing:sign", "signing:read"}), party_id=desk.elder.id)
    with_a_passkey(bank, hers)
    command = SignAgreement(agreement.id, desk.elder.id, agreement.document_digest, "principal", "one_time")
    assert desk.refused(agreements.sign, command, actor=hers) == "kernel.key_needed"
    looked = bank.kernel.look(agreements.sign, command, actor=hers)
    assert looked.key_needed and looked.transaction and agreement.document_digest in looked.transaction


def test_answers_to_nothing_fill_no_log(bank: Bank) -> None:
    stranger = Device().sign("challenge_none", "AAAA")
    before = bank.read(evidence.waiting)
    for _ in range(3):
        with pytest.raises(Refusal) as caught:
            entrance.sign_in(bank.kernel, SITE, replace(stranger, client_data="A" * 20_000), Place())
        assert caught.value.code == "identity.challenge_not_good"
    assert bank.read(evidence.waiting) == before
