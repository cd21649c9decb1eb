"""A bank begins with two security officers, made at once, each by a password of the own; then two make everybody."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from farthing.bank.staff import check_made_here, first_officers
from farthing.identity import entrance
from farthing.identity import service as identity
from farthing.identity.first import FirstOfficers, Officer
from farthing.identity.model import CreateLogin, LogIn
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kernel.run import Pending
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from tests.conftest import Bank
from tests.identity.people import staff

ONE = Officer("lin", "林岚", "S-01", "the river runs east")
OTHER = Officer("chen", "陈默", "S-02", "a lamp in the window")


def refused(bank: Bank, one: Officer = ONE, other: Officer = OTHER) -> str:
    with pytest.raises(Refusal) as caught:
        first_officers(bank.kernel, FirstOfficers(one, other))
    return caught.value.code


def logged_in(bank: Bank, name: str, password: str) -> Actor:
    opened = entrance.log_in(bank.kernel, LogIn(name, password))
    assert (opened.outcome, opened.must_change) == ("ok", False)
    return entrance.who_is(bank.kernel, opened.token or "").actor


def test_the_first_two_make_the_next_together_and_neither_alone(bank: Bank) -> None:
    made = first_officers(bank.kernel, FirstOfficers(ONE, OTHER))
    assert made.actors == ("security:lin", "security:chen")
    lin, chen = (logged_in(bank, each.name, each.password) for each in (ONE, OTHER))
    pending = bank.run(identity.create_login, CreateLogin("zhou", "operator", "周全", "S-03"), actor=lin)
    assert isinstance(pending, Pending)
    agree = Decide(pending.approval_id, approve=True)
    with pytest.raises(Refusal) as caught:
        bank.run(approvals.decide, agree, actor=lin)
    assert caught.value.code == "approvals.same_person"
    done = json.loads(bank.run(approvals.decide, agree, actor=chen).result_json)
    opened = entrance.log_in(bank.kernel, LogIn("zhou", done["password"]))
    assert (opened.outcome, opened.must_change) == ("ok", True)


def test_only_while_nobody_of_the_staff_exists(bank: Bank) -> None:
    staff(bank, "zhou", "operator")
    assert refused(bank) == "identity.staff_there"


def test_told_again_they_are_not_made_again(bank: Bank) -> None:
    first_officers(bank.kernel, FirstOfficers(ONE, OTHER))
    assert refused(bank) == "identity.staff_there"
    wanted = Officer("zhou", "周全", "S-03", "another good sentence")
    assert refused(bank, wanted) in {"identity.staff_there", "idempotency.key_reused"}
    assert entrance.log_in(bank.kernel, LogIn("zhou", wanted.password)).outcome == "wrong"


def test_two_commands_at_once_make_two_officers_and_not_four(bank: Bank) -> None:
    others = (
        Officer("wu", "吴桐", "S-04", "rain on a tin roof"),
        Officer("he", "何川", "S-05", "bread before the dawn"),
    )

    def attempt(pair: tuple[Officer, Officer]) -> str:
        try:
            return first_officers(bank.kernel, FirstOfficers(*pair)).actors[0]
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as lanes:
        answers = sorted(lanes.map(attempt, [(ONE, OTHER), others]))
    assert answers[0] in {"idempotency.key_reused", "identity.staff_there"}
    assert answers[1] in {"security:lin", "security:wu"}
    with bank.superuser() as connection:
        assert connection.execute("SELECT count(*) FROM login").fetchone() == (2,)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (Officer("chen", "林岚", "S-01", "a lamp in the window"), "identity.person_conflict"),
        (Officer("lin", "陈默", "S-02", "a lamp in the window"), "identity.name_taken"),
        (Officer("chen", "陈默", "S-02", "12345"), "identity.password_weak"),
        (Officer("Chen Mo!", "陈默", "S-02", "a lamp in the window"), "identity.name_invalid"),
    ],
)
def test_two_persons_or_none(bank: Bank, other: Officer, code: str) -> None:
    assert refused(bank, other=other) == code
    assert not bank.read(identity.has_staff)
    first_officers(bank.kernel, FirstOfficers(ONE, OTHER))  # a mistake does not take the place


def test_no_password_is_kept_but_its_hash(bank: Bank) -> None:
    first_officers(bank.kernel, FirstOfficers(ONE, OTHER))
    with bank.superuser() as connection:
        for table in ("evidence_leaf", "idempotency", "login"):
            kept = connection.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t").fetchone()
            assert kept is not None
            assert ONE.password not in kept[0]
            assert "林岚" not in kept[0]


def test_a_machine_makes_no_staff_of_a_real_bank(bank: Bank) -> None:
    check_made_here(bank.kernel)
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET mode = 'real'")
    with pytest.raises(Refusal) as caught:
        check_made_here(bank.kernel)
    assert caught.value.code == "bank.officers_make_staff"
