"""A power of attorney from its drawing to its end, and what is refused on the way; then an agreement with days to step back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.identity.roles import ROLES
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.products import service as products
from farthing.products.model import Publish
from farthing.signing import service as signing
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements import store
from farthing.signing.agreements.model import (
    AgreementParty,
    Filled,
    SealAgreement,
    SignAgreement,
    StepBack,
)
from tests.banks import Bank
from tests.parties.people import hospital, register_person
from tests.signing.agreements.desk import FIELDS, Desk


@pytest.fixture
def desk(bank: Bank) -> Desk:
    return Desk(bank)


def test_a_power_of_attorney_is_signed_in_order_and_takes_effect_sealed(desk: Desk) -> None:
    agreement = desk.draw()
    assert (agreement.state, [each.role for each in agreement.parties]) == (
        "waits",
        ["principal", "helper", "institution"],
    )
    assert desk.draw() == agreement, "the same again is the same agreement"
    shown = agreement.document_digest
    early = SignAgreement(agreement.id, desk.helper.id, shown)
    assert desk.refused(agreements.sign, early) == "signing.not_your_turn"
    assert desk.refused(agreements.seal, SealAgreement(agreement.id, shown)) == "signing.not_your_turn"
    hers = Actor("login_her", frozenset({"signing:sign", "signing:read"}), party_id=desk.elder.id)
    for_him = SignAgreement(agreement.id, desk.helper.id, shown)
    assert desk.refused(agreements.sign, for_him, actor=hers) == "kernel.not_yours"
    once = desk.sign(agreement, desk.elder, actor=hers)
    assert [each.signed for each in once.parties] == [True, False, False]
    assert desk.refused(agreements.sign, early) == "signing.other_document", (
        "she signed another document than the one shown"
    )
    desk.sign(agreement, desk.helper)
    done = desk.seal(agreement)
    today = desk.bank.kernel.clock().business_date
    assert (done.state, done.effective_on) == ("in_force", today)
    status = desk.bank.read(lambda tx: signing.status(tx, agreement.id))
    assert status.findings == () and status.sealed
    assert {each.signer for each in status.signatures} >= {desk.elder.name, desk.helper.name}
    assert [each.id for each in desk.bank.read(lambda tx: agreements.agreements(tx, desk.helper.id))] == [agreement.id]
    drawn = desk.bank.read(agreements.agreements_drawn)
    assert [each.id for each in drawn.agreements] == [agreement.id] and drawn.next == ""


def test_what_is_drawn_must_fit_its_form(desk: Desk) -> None:
    def drawn(**changes: Any) -> str:
        with pytest.raises(Refusal) as caught:
            desk.draw(**changes)
        return caught.value.code

    alone = (AgreementParty("principal", desk.elder.id),)
    twice = (*alone, AgreementParty("helper", desk.elder.id))
    stranger = (*alone, AgreementParty("witness", desk.helper.id))
    assert drawn(parties=alone) == "signing.form_roles"
    assert drawn(parties=stranger) == "signing.form_roles"
    assert drawn(parties=twice) == "signing.same_party_twice"
    assert drawn(parties=(*alone, AgreementParty("helper", "party_nobody"))) == "parties.unknown"
    assert drawn(fields=FIELDS[:-1]) == "signing.field_missing"
    assert drawn(form="no-such-form") == "products.unknown"
    firm = desk.bank.run(parties.register_organisation, hospital())
    assert drawn(parties=(*alone, AgreementParty("helper", firm.id))) == "signing.form_signer"
    unproved = register_person(desk.bank, 2)
    assert drawn(parties=(*alone, AgreementParty("helper", unproved.id))) == "signing.level_too_low"
    desk.draw()
    assert drawn(fields=(*FIELDS[:-1], Filled("until", "2027-06-30"))) == "signing.contract_differs"


def test_who_is_late_or_no_party_cannot_sign(desk: Desk) -> None:
    agreement = desk.draw()
    third = register_person(desk.bank, 2)
    stranger = SignAgreement(agreement.id, third.id, agreement.document_digest)
    assert desk.refused(agreements.sign, stranger) == "signing.not_party"
    assert desk.refused(agreements.sign, SignAgreement("contract_none", third.id, "0")) == "signing.unknown_agreement"
    desk.days(7)
    late = SignAgreement(agreement.id, desk.elder.id, agreement.document_digest)
    assert desk.refused(agreements.sign, late) == "signing.time_to_sign_passed"
    assert desk.bank.read(lambda tx: agreements.agreement(tx, agreement.id)).state == "lapsed"


def test_who_steps_back_before_it_takes_effect_ends_it_for_all(desk: Desk) -> None:
    agreement = desk.draw()
    desk.sign(agreement, desk.elder)
    back = StepBack(agreement.id, desk.helper.id)
    ended = desk.bank.run(agreements.step_back, back)
    assert ended.state == "ended" and desk.bank.run(agreements.step_back, back) == ended
    shown = desk.bank.read(lambda tx: agreements.agreement(tx, agreement.id)).document_digest
    assert (
        desk.refused(agreements.sign, SignAgreement(agreement.id, desk.helper.id, shown)) == "signing.agreement_ended"
    )


def test_a_backer_has_days_to_step_back_and_an_issuer_has_none(desk: Desk) -> None:
    firm = desk.bank.run(parties.register_organisation, hospital())
    desk.bank.run(parties.verify_identity, VerifyIdentity(firm.id))
    fields = {
        "project": "豆腐坊换新锅", "project_version": "0" * 64, "amount": "CNY 200.00", "goal": "CNY 20,000.00",
        "deadline": "2026-12-31",
    }  # fmt: skip
    backed = desk.draw(
        form="crowdfunding-subscription",
        parties=(AgreementParty("backer", desk.elder.id), AgreementParty("issuer", firm.id)),
        fields=tuple(Filled(name, value) for name, value in fields.items()),
    )
    desk.sign(backed, desk.elder)
    desk.sign(backed, firm)
    done = desk.seal(backed)
    assert done.step_back_until == done.effective_on + timedelta(days=4)
    assert desk.refused(agreements.step_back, StepBack(backed.id, firm.id)) == "signing.no_stepping_back"
    desk.days(4)
    assert desk.bank.run(agreements.step_back, StepBack(backed.id, desk.elder.id)).state == "ended"


def test_a_new_edition_of_a_form_binds_new_agreements_alone(desk: Desk) -> None:
    first = desk.draw()
    source = products.shipped_form("power-of-attorney").source.replace("sign_within_days = 7", "sign_within_days = 2")
    agreed(desk.bank.kernel, agreements.publish_form, Publish("power-of-attorney", source))
    second = desk.draw("a2")
    assert second.form_version != first.form_version
    desk.days(3)
    assert desk.sign(first, desk.elder).state == "waits"
    late = SignAgreement(second.id, desk.elder.id, second.document_digest)
    assert desk.refused(agreements.sign, late) == "signing.time_to_sign_passed"
    bad = source.replace("level_min", "level_mini", 1)
    for unreadable, told in ((bad, "products.invalid"), (f"colour = 1\n{source}", "products.unknown_key")):
        with pytest.raises(Refusal) as caught:
            agreed(desk.bank.kernel, agreements.publish_form, Publish("power-of-attorney", unreadable))
        assert caught.value.code == told
    listed = {each.name: each for each in desk.bank.read(agreements.forms)}
    assert listed["power-of-attorney"].sign_within_days == 2 and not listed["loan-agreement"].general


def test_nobody_steps_back_from_what_took_effect_while_it_was_read(desk: Desk) -> None:
    agreement = desk.draw()
    before = desk.bank.read(lambda tx: store.find(tx, [agreement.id]))[agreement.id]

    def late(tx: Any) -> bool:
        assert store.take_effect(tx, agreement.id)
        return store.end(tx, before, desk.helper.id)

    assert desk.bank.kernel.tidy(late) is False, "it stood otherwise when he stepped back"
    assert desk.bank.read(lambda tx: agreements.agreement(tx, agreement.id)).state == "in_force"


def test_a_teller_reads_no_agreement_of_whoever_is_not_there(desk: Desk) -> None:
    agreement = desk.draw()
    teller = Actor("staff:tess", ROLES["teller"], person_id="tess")
    for function in (agreements.agreement, agreements.agreement_pdf):
        with pytest.raises(Refusal) as caught:
            desk.bank.kernel.ask(function, agreement.id, actor=teller)
        assert caught.value.code == "kernel.forbidden"
    with pytest.raises(Refusal) as caught:
        desk.bank.kernel.ask(agreements.agreements_drawn, actor=teller)
    assert caught.value.code == "kernel.forbidden"
