"""Acting for another on a real database: within the power, counted with the money, told, ended at once, and nothing else."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from farthing.assurance import agreements_service as packages
from farthing.assurance import contests_service as contesting
from farthing.assurance.agreements_service import PackageAgreement
from farthing.assurance.contests_service import ContestAgreement
from farthing.evidence import service as evidence
from farthing.identity import service as identity
from farthing.identity import store
from farthing.identity.authenticators import service as authenticators
from farthing.identity.authenticators.model import AskPasskey
from farthing.identity.model import CreateApiKey, CreateLogin
from farthing.identity.rules import actor_of, resident_key
from farthing.kernel import approvals
from farthing.kernel.acting import service as acting
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kernel.operation import Call, operation_of
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.acting import joint_service as joint
from farthing.parties.acting import service
from farthing.parties.acting.model import DecideJoint, EndPower, EnterGuardian, EnterSignatory, RevokePower
from farthing.parties.phones import service as phones
from farthing.parties.phones.model import AskPhoneChange
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, Transfer
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import SignAgreement, StepBack
from farthing.signing.contests import service as contests
from farthing.supply import paying_service as paying
from farthing.supply import service as supply
from farthing.supply.model import PayReceivable, RegisterInvoice
from farthing.town.staff import settled
from tests.conftest import Bank
from tests.hands import law
from tests.identity.people import PASSWORD
from tests.identity.test_passkey_ways_around import with_a_passkey
from tests.parties.acting.people import CARD, Family, family, herself, two, yuan
from tests.parties.people import register_person


@pytest.fixture
def them(bank: Bank) -> Family:
    found: Family = family(bank)
    return found


def code(work: Any) -> str:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


def test_a_guardian_pays_for_her_within_his_limits_and_she_sees_and_is_told(them: Family) -> None:
    power = them.guard()
    he = them.under(them.grandson, power)
    assert them.refused(he, them.elder, them.neighbour, "500.00") is None
    assert them.refused(he, them.elder, them.neighbour, "500.01") == "acting.over_each"
    assert them.refused(he, them.elder, them.neighbour, "500.00") is None
    assert them.refused(he, them.elder, them.neighbour, "0.01") == "acting.over_day"
    assert them.refused(herself(them.elder), them.elder, them.neighbour, "0.01") is None, (
        "her own hand is not bounded by it"
    )
    assert them.has(them.elder) == yuan("3999.99") and them.held(them.grandson)[0].spent == yuan("1000.00")
    lines = them.bank.kernel.ask(payments.history, them.elder, actor=he).movements
    assert [bool(each.acted_by) for each in lines] == [False, True, True, False]
    told = them.bank.kernel.ask(service.acts, them.elder, actor=herself(them.elder))
    assert [each.amount for each in told] == [yuan("500.00")] * 2 and told[0].helper_name
    them.bank.drain()
    assert sum("500.00" in each for each in them.messages(them.elder)) == 2
    with them.bank.superuser() as connection:
        said = connection.execute(
            "SELECT convert_from(body, 'UTF8')::json #>> '{data,under}' FROM evidence_leaf WHERE kind = 'payments.transfer'"
        ).fetchall()
    assert {"power": power, "kind": "guardian", "by": them.grandson, "for": them.elder} in [
        json.loads(each or "{}") for (each,) in said
    ]


def test_what_his_power_is_not_for_he_neither_does_nor_reads(them: Family) -> None:
    he = them.under(them.grandson, them.guard(scope=("see",)))
    ask, run = them.bank.kernel.ask, them.bank.run
    assert them.refused(he, them.elder, them.neighbour, "1.00") == "acting.out_of_scope"
    assert code(lambda: ask(parties.own_party, them.elder, actor=he)) == "acting.out_of_scope", "her number is not his"
    assert code(lambda: run(authenticators.ask_passkey, AskPasskey("his"), actor=he)) == "acting.out_of_scope"
    assert code(lambda: run(phones.ask_phone_change, AskPhoneChange(them.elder, "139 1234 5678"), actor=he)) == (
        "acting.out_of_scope"
    )
    assert code(lambda: ask(identity.own_sessions, actor=he)) == "acting.out_of_scope"
    assert ask(payments.wallet, them.elder, actor=he).balance == yuan("5000.00")
    assert code(lambda: ask(payments.wallet, them.neighbour, actor=he)) == "kernel.not_yours", (
        "of another than his principal"
    )
    assert code(lambda: ask(payments.wallet, them.grandson, actor=he)) == "kernel.not_yours", (
        "his own: not under a power"
    )
    key = CreateApiKey("pos", "his-program", "customer", them.elder, 5)
    assert code(lambda: run(identity.create_api_key, key, actor=he)) == "kernel.forbidden"


def test_he_pays_himself_only_where_the_power_says_so_and_acts_for_nobody_else(them: Family) -> None:
    power = them.guard()
    he = them.under(them.grandson, power)
    assert them.refused(he, them.elder, them.grandson, "1.00") == "acting.own_wallet"
    assert them.refused(he, them.neighbour, them.elder, "1.00") == "kernel.not_yours"
    with pytest.raises(Refusal) as caught:
        them.under(them.neighbour, power)
    assert caught.value.code == "acting.no_power", "a power of somebody else"
    forged = Actor(he.id, he.permissions, them.neighbour, under=he.under)
    assert them.refused(forged, them.neighbour, them.elder, "1.00") == "acting.no_power"
    program = Actor("his-program", he.permissions, them.grandson, is_program=True)
    assert code(lambda: them.bank.read(lambda tx: acting.become(tx, program, power))) == "acting.no_power"
    paid = them.under(them.grandson, them.guard(pays_self=True))
    assert them.refused(paid, them.elder, them.grandson, "1.00") is None


def test_it_ends_by_date_by_himself_by_the_bank_and_not_by_her_who_is_in_his_care(them: Family) -> None:
    power = them.guard(until=them.today)
    he = them.under(them.grandson, power)
    with them.bank.superuser() as connection:
        connection.execute("UPDATE power SET until = %s, from_on = from_on - 9", [them.today - timedelta(days=1)])
    assert them.refused(he, them.elder, them.neighbour, "1.00") == "acting.expired"
    second = them.guard()
    he = them.under(them.grandson, second)
    end = lambda who: them.bank.run(service.end_power, EndPower(second, who), actor=herself(who))  # noqa: E731
    assert code(lambda: end(them.elder)) == "powers.not_yours_to_end"
    assert code(lambda: end(them.neighbour)) == "powers.unknown_power"
    assert end(them.grandson).state == "ended" == end(them.grandson).state
    assert them.refused(he, them.elder, them.neighbour, "1.00") == "acting.ended", "between two of his acts"
    assert code(lambda: them.bank.kernel.ask(payments.wallet, them.elder, actor=he)) == "acting.ended"
    third = them.guard()
    two(them.bank, RevokePower(third, "court order 2026-7"), service.revoke_power)
    assert them.refused(them.under(them.grandson, third), them.elder, them.neighbour, "1.00") == "acting.ended"
    them.bank.drain()
    assert any("不再代" in each for each in them.messages(them.elder))


def test_of_two_payments_at_once_the_second_counts_the_first(them: Family) -> None:
    he = them.under(them.grandson, them.guard(most_each=yuan("400.00"), most_day=yuan("1000.00")))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: them.refused(he, them.elder, them.neighbour, "400.00"), range(4)))
    assert sorted(found, key=str) == [None, None, "acting.over_day", "acting.over_day"]
    assert them.has(them.elder) == yuan("4200.00")
    calls = [Call(Transfer(them.elder, them.neighbour, yuan("150.00")), he) for _ in range(3)]
    answers = them.bank.kernel.execute_batch(operation_of(payments.transfer), calls)
    assert [isinstance(each, Refusal) for each in answers] == [False, True, True], "through a lane too"
    assert them.has(them.elder) == yuan("4050.00")


def test_what_is_refused_by_the_books_is_not_counted(them: Family) -> None:
    he = them.under(them.grandson, them.guard(most_each=yuan("9000.00"), most_day=yuan("9000.00")))
    assert them.refused(he, them.elder, them.neighbour, "6000.00") == "ledger.insufficient_funds"
    assert them.refused(he, them.elder, them.neighbour, "5000.00") is None
    assert them.held(them.grandson)[0].spent == yuan("5000.00")


def test_who_may_be_let_act_is_looked_at_before_two_of_the_staff_want_it(them: Family) -> None:
    def guard(**changes: Any) -> str | None:
        given = {"principal": them.elder, "guardian": them.grandson, "basis": "court", "document": "1", "scope": ("see",),
                 "until": them.today, **changes}  # fmt: skip
        try:
            them.bank.run(service.enter_guardian, EnterGuardian(**given))
        except Refusal as refusal:
            return refusal.code
        return None

    assert guard(guardian=them.elder) == "powers.oneself"
    assert guard(guardian=register_person(them.bank, 9).id) == "powers.helper_level", (
        "it is not her who is known too little"
    )
    assert guard(guardian=them.firm) == guard(principal=them.firm) == "powers.wrong_kind"
    assert guard(scope=("sign",)) == guard(scope=()) == "powers.scope_unfit", "a guardian signs nothing"
    assert guard(document=" ") == "powers.document_missing"
    assert guard(most_each=yuan("2.00"), most_day=yuan("1.00")) == guard(most_each=yuan("0.00")) == "powers.limit_unfit"
    assert guard(until=them.today - timedelta(days=1)) == "powers.days_unfit"
    assert guard(until=them.today.replace(year=them.today.year + 4)) == "powers.days_unfit"
    assert guard(principal="party_nobody") == "parties.unknown"
    assert isinstance(them.bank.run(service.enter_guardian, EnterGuardian(
        them.elder, them.grandson, "family", "户口簿", ("see",), them.today
    )), Pending)  # fmt: skip
    assert them.held(them.grandson) == [], "one of the staff alone lets nobody act"


def test_an_organisation_is_acted_for_by_its_signatories_alone(them: Family) -> None:
    key = them.bank.run(identity.create_api_key, CreateApiKey("shop", "shop-1", "customer", them.firm, 5))

    def later(role: Any) -> Any:
        day = them.today + timedelta(days=30)
        command = EnterSignatory(them.firm, them.neighbour, role, "minutes", ("pay",), from_on=day)
        return them.bank.run(service.enter_signatory, command)

    assert code(lambda: later("signatory")) == "powers.begins_later", "its own ways in are not ended before"
    boss = them.signs(them.grandson, "representative")
    assert them.bank.read(lambda tx: identity.sessions_by_token(tx, [key.token])) == {}, "its old ways in are ended"
    he = them.under(them.grandson, boss)
    assert them.refused(he, them.firm, them.elder, "2000.00") is None, "without a limit"
    assert code(lambda: later("representative")) == "powers.begins_later", "nobody would represent it until then"
    assert isinstance(later("signatory"), Pending), "one more may begin later"
    assert them.refused(he, them.firm, them.elder, "1.00") is None
    next_boss = them.signs(them.neighbour, "representative")
    assert them.refused(he, them.firm, them.elder, "1.00") == "acting.ended", "replaced"
    assert them.refused(them.under(them.neighbour, next_boss), them.firm, them.elder, "1.00") is None
    term = them.signs(them.grandson, until=them.today, most_each=yuan("10.00"))
    he = them.under(them.grandson, term)
    assert them.refused(he, them.firm, them.elder, "10.01") == "acting.over_each"
    with them.bank.superuser() as connection:
        connection.execute("UPDATE power SET until = until - 1, from_on = from_on - 9 WHERE id = %s", [term])
    assert them.refused(he, them.firm, them.elder, "1.00") == "acting.expired", "his term is over"
    them.bank.drain()
    assert any("不再代" in each for each in them.messages(them.grandson)), "whoever is replaced is told"


def test_no_member_of_staff_enters_herself_or_agrees_to_herself(them: Family) -> None:
    known = them.bank.read(lambda tx: parties.party(tx, them.grandson))
    settled(them.bank.kernel, CreateLogin("gus", "teller", known.name, known.number), PASSWORD)
    person = them.bank.read(lambda tx: store.person_of_number(tx, resident_key(known.number)))
    himself, other = (
        actor_of("teller:gus", "teller", None, person),
        actor_of("teller:one", "teller", None, "person_one"),
    )
    guard = EnterGuardian(them.elder, them.grandson, "court", "1", ("pay",), them.today, pays_self=True)
    ward = EnterGuardian(them.grandson, them.elder, "court", "1", ("pay",), them.today)
    signs = EnterSignatory(them.firm, them.grandson, "signatory", "minutes", ("pay",))
    for function, command in (
        (service.enter_guardian, guard), (service.enter_guardian, ward), (service.enter_signatory, signs),
    ):  # fmt: skip
        assert code(lambda f=function, c=command: them.bank.run(f, c, actor=himself)) == "parties.own_counter"  # type: ignore[misc]
        decide = Decide(them.bank.run(function, command, actor=other).approval_id, True)
        assert code(lambda d=decide: them.bank.run(approvals.decide, d, actor=himself)) == "parties.own_counter"  # type: ignore[misc]
    assert them.held(them.grandson) == []


def test_an_organisation_that_he_signs_for_is_as_good_as_his_own_wallet(them: Family) -> None:
    he = them.under(them.grandson, them.guard())
    them.pay(he, them.elder, them.firm, "1.00", key="before")
    signs = them.signs(them.grandson)
    assert them.refused(he, them.elder, them.firm, "1.00") == "acting.own_wallet"
    looked = Transfer(them.elder, them.firm, yuan("1.00"))
    assert code(lambda: them.bank.kernel.preview(payments.transfer, looked, actor=he)) == "acting.own_wallet"
    them.pay(them.under(them.grandson, signs), them.firm, them.neighbour, "1.00", key="for the firm")


def test_two_jointly_are_two_persons_and_not_two_logins(them: Family) -> None:
    one, other = (them.signs(each, jointly=True, most_each=yuan("900.00")) for each in (them.grandson, them.neighbour))
    he, she = them.under(them.grandson, one), them.under(them.neighbour, other)
    assert them.refused(he, them.firm, them.grandson, "900.00") == "acting.own_wallet"
    assert them.held(them.grandson)[0].spent == yuan("0.00"), "what is refused to two uses up no limit"
    pending = them.pay(he, them.firm, them.elder, "900.00", key="k1")
    assert isinstance(pending, Pending) and them.has(them.firm) == yuan("5000.00")
    assert them.refused(he, them.firm, them.elder, "900.01") == "acting.over_each", (
        "what would be refused waits for nobody"
    )
    (waits,) = them.bank.kernel.ask(joint.joint_acts, them.firm, actor=she)
    assert waits.id == pending.approval_id and "900" in waits.command_json

    def decide(who: Actor, approve: bool = True, which: str = pending.approval_id) -> Any:
        return them.bank.run(joint.decide_joint, DecideJoint(which, approve), actor=who)

    assert code(lambda: decide(he)) == "powers.same_person"
    again = Actor("customer:second-login", he.permissions, them.firm, under=he.under)
    assert code(lambda: decide(again)) == "powers.same_person", "his other login is the same person"
    outsider = them.under(them.grandson, them.guard())
    assert code(lambda: decide(outsider)) == "kernel.not_yours"
    assert decide(she).state == "approved" and them.has(them.firm) == yuan("4100.00")
    told_and_proved(them, one, other, pending.approval_id)
    assert code(lambda: decide(she)) == "powers.joint_settled"
    assert code(lambda: decide(she, True, "joint_none")) == "powers.unknown_joint"
    old = them.pay(he, them.firm, them.elder, "2.00").approval_id
    with them.bank.superuser() as connection:
        connection.execute("UPDATE joint_act SET made_on = made_on - 8 WHERE id = %s", [old])
    assert code(lambda: decide(she, True, old)) == "powers.joint_over"
    second = them.pay(he, them.firm, them.elder, "1.00").approval_id
    assert decide(she, False, second).state == "rejected"
    assert len(them.bank.kernel.ask(service.acts, them.firm, actor=herself(them.firm))) == 1, "nothing was done"
    third = them.pay(he, them.firm, them.elder, "1.00").approval_id
    two(them.bank, RevokePower(one, "minutes"), service.revoke_power)
    assert code(lambda: decide(she, True, third)) == "acting.ended", "who asked for it may not any more"
    assert them.has(them.firm) == yuan("4100.00")


def test_a_signatory_trades_contests_and_steps_back_for_the_organisation(them: Family) -> None:
    power = them.signs(them.grandson, scope=("sign", "trade"), most_each=yuan("900.00"), jointly=True)
    he, ask, run = them.under(them.grandson, power), them.bank.kernel.ask, them.bank.run
    assert ask(supply.invoices, them.firm, actor=he) == [] == ask(contests.own_contests, them.firm, actor=he)
    pay = lambda amount: run(paying.pay, PayReceivable(them.firm, "receivable_none", yuan(amount)), actor=he)  # noqa: E731
    assert code(lambda: pay("900.01")) == "acting.over_each", "counted against his limit"
    assert code(lambda: pay("900.00")) == "supply.unknown_receivable"
    file = RegisterInvoice(them.firm, "bm90IGFuIGludm9pY2U=")
    assert code(lambda: run(supply.register_invoice, file, actor=he)).startswith("supply."), "one alone registers it"
    for function, command in (
        (agreements.step_back, StepBack("contract_none", them.firm)),
        (agreements.sign, SignAgreement("contract_none", them.firm, "0" * 64)),
        (contesting.contest_agreement, ContestAgreement(them.firm, "contract_none", "not_mine", "not by us")),
        (packages.package_agreement, PackageAgreement(them.firm, "contract_none")),
    ):
        assert code(lambda work=function, said=command: run(work, said, actor=he)) == "signing.unknown_agreement"
    other = them.under(them.grandson, them.signs(them.grandson, scope=("see", "pay"), jointly=True))
    found = run(payees.find_payee, FindPayee(them.firm, "139 0000 9999", "nobody"), actor=other)
    assert not isinstance(found, Pending), "looking somebody up waits for nobody"


def told_and_proved(them: Family, one: str, other: str, joint_id: str) -> None:
    """The organisation is told what was done, with its amount; the leaf says of each hand under which power it acted."""
    (act,) = them.bank.kernel.ask(service.acts, them.firm, actor=herself(them.firm))
    assert (act.operation, act.amount, act.power_id) == ("payments.transfer", yuan("900.00"), other)
    assert them.bank.kernel.ask(payments.history, them.firm, actor=herself(them.firm)).movements[0].acted_by
    them.bank.drain()
    assert [each for each in them.messages(them.firm) if "CNY 900.00" in each]
    about = them.bank.read(lambda tx: evidence.leaves_about(tx, joint_id))
    leaf = next(each.content["data"] for each in about if "joint" in each.content["data"])
    hands = [(each["under"]["power"], each["under"]["by"], each["by_key"]) for each in leaf["hands"]]
    assert hands == [(one, them.grandson, False), (other, them.neighbour, False)]
    assert leaf["hands"][0]["asked"] in [each.name for each in about]
    assert "parties.decide_joint" in [
        each.kind for each in them.bank.read(lambda tx: evidence.leaves_about(tx, them.elder))
    ], "the decision stands with what it is about"


def test_it_is_his_passkey_that_confirms_and_not_hers(them: Family) -> None:
    law(them.bank)
    them.bank.run(payments.top_up, MoveByRail(them.elder, yuan("9000.00"), CARD))
    he = them.under(them.grandson, them.guard(most_each=yuan("9000.00"), most_day=yuan("9000.00")))
    with_a_passkey(them.bank, herself(them.elder))
    assert them.refused(he, them.elder, them.firm, "5000.01") is None, "hers is not asked of him who has none"
    assert them.refused(herself(them.elder), them.elder, them.firm, "0.01") == "kernel.key_needed"
    with_a_passkey(them.bank, herself(them.grandson))
    assert them.refused(he, them.elder, them.firm, "0.01") == "kernel.key_needed"
    looked = them.bank.kernel.look(payments.transfer, Transfer(them.elder, them.firm, yuan("0.01")), actor=he)
    assert he.under is not None and json.loads(str(looked.transaction))["under"] == he.under.power_id
    assert looked.key_needed
    assert them.held(them.grandson)[0].spent == yuan("5000.01"), "what was only looked at is not counted"
