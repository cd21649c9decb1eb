"""A power of attorney from the first word to the last act: asked for, signed by both, sealed by the bank itself, used, ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from farthing.identity.store import wall_time
from farthing.kernel.acting import service as acting
from farthing.kernel.answers import Pending
from farthing.kit.actor import Proved
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.acting import joint_service as joint
from farthing.parties.acting import service as powers
from farthing.parties.acting.model import DecideJoint, EndPower, EnterSignatory
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import AgreementParty, Filled, SignAgreement, StepBack
from farthing.signing.contests import service as contests
from farthing.signing.contests.model import Outcome
from farthing.signing.powers import service
from farthing.signing.powers.model import GrantPower
from tests.banks import Bank
from tests.parties.acting.people import CARD, herself, two, yuan
from tests.parties.people import hospital, register_person
from tests.signing.agreements.desk import Desk


@pytest.fixture
def desk(bank: Bank) -> Desk:
    return Desk(bank)


def wanted(desk: Desk, **changes: Any) -> GrantPower:
    until = desk.bank.kernel.clock().business_date + timedelta(days=30)
    command = GrantPower(
        "p1", desk.elder.id, ("pay", "see"), yuan("100.00"), yuan("150.00"), until, desk.helper.phone, desk.helper.name
    )  # fmt: skip
    return replace(command, **changes)


def test_a_power_of_attorney_begins_when_all_signed_and_lets_a_helper_pay_until_it_is_ended(desk: Desk) -> None:
    run, hers, his = desk.bank.run, herself(desk.elder.id), herself(desk.helper.id)
    for party in (desk.elder.id, desk.helper.id):
        run(payments.open_wallet, OpenWallet(party))
    run(payments.top_up, MoveByRail(desk.elder.id, yuan("500.00"), CARD))
    now = desk.bank.kernel.tidy(wall_time)
    for how, ago, code in (("outside", 0, "own_way_needed"), ("password", 11, "sign_in_again")):
        who = replace(hers, proved=Proved(how, now - timedelta(minutes=ago)))  # type: ignore[arg-type]
        assert desk.refused(service.grant_power, wanted(desk), actor=who) == f"identity.{code}"
    drawn = run(service.grant_power, wanted(desk), actor=hers)
    (power,) = desk.bank.kernel.ask(powers.powers_held, desk.helper.id, actor=his)
    assert (power.state, power.agreement_id, [name for name, _ in power.scope]) == ("asked", drawn.id, ["see", "pay"])
    assert drawn.facts[0][1].zh.startswith("查询余额和明细、向他人钱包转账")
    he = desk.bank.read(lambda tx: acting.become(tx, his, power.id))
    pay = Transfer(desk.elder.id, desk.helper.id, yuan("10.00"))
    assert desk.refused(payments.transfer, pay, actor=he) == "acting.not_yet"
    desk.sign(drawn, desk.elder, actor=hers)
    desk.sign(drawn, desk.helper, actor=his)
    desk.bank.drain()
    agreement = desk.bank.read(lambda tx: agreements.agreement(tx, drawn.id))
    assert agreement.state == "in_force", "sealed by the bank itself"
    assert desk.bank.kernel.ask(powers.powers_given, desk.elder.id, actor=hers)[0].state == "in_force"
    assert desk.refused(payments.transfer, pay, actor=he) == "acting.own_wallet"
    sign = SignAgreement(drawn.id, desk.elder.id, drawn.document_digest)
    assert desk.refused(agreements.sign, sign, actor=he) == "acting.out_of_scope", "no helper signs for her"
    assert desk.refused(service.grant_power, wanted(desk), actor=he) == "acting.out_of_scope", "nor passes it on"

    def contested(outcome: Outcome) -> None:
        made = desk.bank.kernel.tidy(lambda tx: contests.open_contest(tx, drawn.id, desk.elder.id, "not_mine", "no"))
        assert desk.refused(payments.transfer, pay, actor=he) == "acting.contested"
        with pytest.raises(Refusal) as caught:
            desk.bank.kernel.ask(payments.wallet, desk.elder.id, actor=he)
        assert caught.value.code == "acting.contested", "nor does he read"
        desk.bank.kernel.tidy(lambda tx: agreements.contest_over(tx, contests.end(tx, made.id, outcome)))

    contested("withdrawn")
    assert desk.refused(payments.transfer, pay, actor=he) == "acting.own_wallet", "as before"
    contested("upheld")
    assert desk.refused(payments.transfer, pay, actor=he) == "acting.ended", "with the paper that gave it"
    assert desk.bank.kernel.ask(powers.powers_given, desk.elder.id, actor=hers)[0].state == "ended"


def test_whoever_gave_a_power_ends_it(desk: Desk) -> None:
    hers = herself(desk.elder.id)
    drawn = desk.bank.run(service.grant_power, wanted(desk), actor=hers)
    (power,) = desk.bank.kernel.ask(powers.powers_given, desk.elder.id, actor=hers)
    assert desk.bank.run(powers.end_power, EndPower(power.id, desk.elder.id), actor=hers).state == "ended"
    he = desk.bank.read(lambda tx: acting.become(tx, herself(desk.helper.id), power.id))
    pay = Transfer(desk.elder.id, desk.helper.id, yuan("10.00"))
    assert desk.refused(payments.transfer, pay, actor=he) == "acting.ended"
    told = desk.bank.kernel.ask(agreements.own_agreement, desk.elder.id, drawn.id, actor=hers)
    matters = next(value for name, value in told.facts if name.en == "What for")
    assert matters.en.isascii() and not matters.zh.isascii(), "each language says it in its own words"
    assert (told.state, told.ended_on) == ("ended", desk.bank.kernel.clock().business_date), "its agreement says so too"
    his = herself(desk.helper.id)
    assert desk.bank.kernel.ask(agreements.agreements, desk.helper.id, actor=his)[0].state == "ended"


def test_what_is_asked_for_must_be_somebody_who_is_there_and_bounded(desk: Desk) -> None:
    def refused(**changes: Any) -> str:
        return desk.refused(service.grant_power, wanted(desk, **changes), actor=herself(desk.elder.id))

    assert refused(helper_name="王强") == refused(helper_phone="139 9999 9999") == "signing.helper_unknown"
    assert refused(helper_phone=desk.elder.phone, helper_name=desk.elder.name) == "powers.oneself"
    assert refused(most_day=yuan("0.00")) == "signing.power_limitless"
    assert refused(scope=("sign",)) == "powers.scope_unfit"
    assert refused(principal=desk.helper.id) == "kernel.not_yours"
    drawn = desk.bank.run(service.grant_power, wanted(desk), actor=herself(desk.elder.id))
    desk.bank.run(agreements.step_back, StepBack(drawn.id, desk.elder.id), actor=herself(desk.elder.id))
    (power,) = desk.bank.kernel.ask(powers.powers_given, desk.elder.id, actor=herself(desk.elder.id))
    assert power.state == "ended"
    with pytest.raises(Refusal):
        desk.sign(drawn, desk.elder)


@pytest.mark.long
def test_two_signatories_sign_for_an_organisation_jointly_and_the_log_names_both(desk: Desk) -> None:
    run = desk.bank.run
    firm, third = run(parties.register_organisation, hospital()), register_person(desk.bank, 5)
    for party in (firm.id, third.id):
        run(parties.verify_identity, VerifyIdentity(party))
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
    signers = []
    for who in (desk.helper.id, third.id):
        two(
            desk.bank,
            EnterSignatory(firm.id, who, "signatory", "minutes", ("sign",), jointly=True),
            powers.enter_signatory,
        )
        (power,) = desk.bank.kernel.ask(powers.powers_held, who, actor=herself(who))
        signers.append(desk.bank.read(lambda tx, one=who, of=power.id: acting.become(tx, herself(one), of)))
    shown = desk.bank.read(lambda tx: agreements.agreement(tx, backed.id)).document_digest
    waits = run(agreements.sign, SignAgreement(backed.id, firm.id, shown), actor=signers[0])
    assert isinstance(waits, Pending), "one alone signs nothing"
    done = run(joint.decide_joint, DecideJoint(waits.approval_id, True), actor=signers[1])
    assert done.state == "approved" and '"state":"waits"' in done.result_json.replace(" ", "")
    told = desk.bank.read(lambda tx: agreements.agreement(tx, backed.id))
    assert [each.signed for each in told.parties][:2] == [True, True]
    with desk.bank.superuser() as connection:
        (leaf,) = connection.execute(
            "SELECT convert_from(body, 'UTF8') FROM evidence_leaf WHERE kind = 'signing.sign_agreement'"
            " AND convert_from(body, 'UTF8') LIKE '%joint%' ORDER BY id DESC LIMIT 1"
        ).fetchone() or ("",)
    assert signers[0].id in leaf and signers[1].id in leaf and firm.id in leaf
    mandate = wanted(desk, principal=firm.id)
    assert desk.refused(service.grant_power, mandate, actor=signers[0]) == "acting.out_of_scope"
