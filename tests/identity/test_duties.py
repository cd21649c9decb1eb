"""Three duties are three people, two logins of one person are one, and staff sign in by two factors where the pack says so."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from farthing.api import app
from farthing.bank import staff as hiring
from farthing.bank.founding import agreed
from farthing.identity import entrance as doors
from farthing.identity import rules
from farthing.identity.codes import service as codes
from farthing.identity.codes.model import BeginCodes, KeepCodes
from farthing.identity.model import CreateLogin, LogIn
from farthing.identity.roles import DUTIES, ROLES
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kernel.operation import OPERATIONS
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.ids import parse_prefixed, prefixed
from farthing.lending.shelf import service as loan_shelf
from farthing.products import files
from farthing.products.letting_go import StaffAlone
from farthing.products.model import Publish
from farthing.products.service import shipped
from tests.conftest import Bank
from tests.identity.people import PASSWORD, staff
from tests.identity.test_codes import shown
from tests.payments.packets.people import yuan

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def refused(work: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


def test_who_runs_who_audits_and_who_hands_out_logins_are_three_people(bank: Bank) -> None:
    for one, other in itertools.permutations(DUTIES, 2):
        apart = DUTIES[one] != DUTIES[other]
        found = refused(lambda one=one, other=other: rules.check_second_login(one, [("x", other)]))  # type: ignore[misc]
        assert found == ("identity.duties_apart" if apart else "identity.person_conflict")
    rules.check_second_login("auditor", [("regulator:x", "regulator")])
    staff(bank, "ann", "auditor", person="Ann")
    second = CreateLogin("ann2", "operator", "Ann", "NO-ANN")
    assert refused(lambda: hiring.appoint(bank.kernel, second)) == "identity.duties_apart"


def test_auditors_only_read() -> None:
    assert app
    acts = {each.name for each in OPERATIONS.values() if each.permission in ROLES["auditor"] - rules.SELF}
    assert acts == {
        "assurance.package_agreement",
        "assurance.package_loan",
        "assurance.publish_log",
        "credit.replay_decision",
    }
    """Each makes a copy of what there is, and changes nothing that it looks at."""


def test_no_draft_of_any_operation_is_decided_by_another_login_of_its_maker(bank: Bank) -> None:
    one, other = (Actor(f"operator:{each}", frozenset({"*"}), person_id="person_1") for each in ("ann", "ann2"))
    two = [each for each in OPERATIONS.values() if each.four_eyes or each.two_for_another]
    assert len(two) >= 70
    drafts = {prefixed("appr", bank.kernel.ids.uuid7(NOW)): each.name for each in two}
    with bank.superuser() as connection:
        for draft, name in drafts.items():
            connection.execute(
                "INSERT INTO approval (id, operation, command, maker, maker_person, made_at, made_on, state) "
                "VALUES (%s, %s, %s, %s, %s, now(), current_date, 'waiting')",
                [parse_prefixed("appr", draft), name, Jsonb({}), one.id, one.person_id],
            )
    for who, draft in itertools.product((one, other), drafts):
        run = lambda who=who, draft=draft: bank.run(approvals.decide, Decide(draft, True), actor=who)  # type: ignore[misc]  # noqa: E731
        assert refused(run) == "approvals.same_person", drafts[draft]


def test_the_sum_that_one_lets_go_alone_is_bounded_by_role_too() -> None:
    source = shipped("cn")[0].source
    bounded = source.replace("[staff_alone_max]", '[staff_alone_max]\nroles = {operator = {CNY = "500.00"}}', 1)
    _, _, law = files.decode("policy", bounded)
    limit: StaffAlone = law.staff_alone_max
    assert limit.member_max("operator", "CNY") == yuan("500.00") and limit.member_max("teller", "CNY") == yuan(
        "200000.00"
    )
    assert limit.member_max("operator", "EUR") is None, "a currency that the role's line does not name is for two"
    wrong = bounded.replace("operator =", "king =")
    assert refused(lambda: files.decode("policy", wrong)) == "products.invalid"


@pytest.mark.parametrize("how", ["password", "code", "passkey", "password_code", "link"])
def test_a_session_without_a_second_factor_is_held_back_after_the_grace(how: Any) -> None:
    made, strong = NOW - timedelta(days=30), how in ("passkey", "password_code", "link")
    assert rules.needs_second("person_1", how, made, NOW, timedelta(days=30)) is not strong
    assert not rules.needs_second("person_1", how, made + timedelta(seconds=1), NOW, timedelta(days=30)), "grace"
    assert not rules.needs_second("person_1", how, made, NOW, None), "the pack asks for none"
    assert not rules.needs_second(None, how, made, NOW, timedelta(0)), "customers are not staff"


def test_staff_set_up_a_second_factor_and_sign_in_by_it(bank: Bank) -> None:
    law = shipped("sandbox")[0].source.replace("staff_second = false", "staff_second = true")
    agreed(
        bank.kernel, loan_shelf.publish, Publish("policy", law.replace("staff_grace_days = 30", "staff_grace_days = 0"))
    )
    staff(bank, "olga", "operator")
    weak = doors.who_is(bank.kernel, str(doors.log_in(bank.kernel, LogIn("olga", PASSWORD)).token)).actor
    read = lambda who: bank.kernel.ask(approvals.waiting, actor=who)  # noqa: E731
    assert refused(lambda: read(weak)) == "kernel.second_factor_needed"
    begun = bank.run(codes.begin_codes, BeginCodes(), actor=weak)
    bank.run(codes.keep_codes, KeepCodes(shown(begun)), actor=weak)
    assert refused(lambda: read(weak)) == "kernel.second_factor_needed", "she has not signed in by it yet"
    opened = doors.log_in(bank.kernel, LogIn("olga", PASSWORD, code=shown(begun, 1)))
    assert read(doors.who_is(bank.kernel, str(opened.token)).actor) == []
