"""Logins, sessions and keys on PostgreSQL."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from farthing.bank import staff as hiring
from farthing.identity import entrance, passwords, roll, rules, service
from farthing.identity.model import (
    ChangePassword,
    CreateApiKey,
    CreateLogin,
    DisableLogin,
    Ended,
    EndSession,
    LoggedIn,
    LogIn,
    LogOut,
    Place,
    Renew,
    RevokeApiKey,
)
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kernel.run import Pending
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from tests.conftest import Bank
from tests.identity.people import PASSWORD, Person, enrolled, staff
from tests.waits import until_blocked

PHONE, GOOD, BAD = "+8613812345678", "correct horse battery", "wrong horse battery"


@pytest.fixture
def lin_mei(bank: Bank) -> Bank:
    enrolled(bank, Person(), GOOD)
    with bank.superuser() as connection:
        connection.execute("DELETE FROM session")
    return bank


def attempt(
    bank: Bank, name: str = PHONE, password: str = GOOD, device: str | None = None, source: str = "192.0.2.1"
) -> LoggedIn:
    return entrance.log_in(bank.kernel, LogIn(name, password, device), Place(source, "tests"))


def token(bank: Bank, **login: str) -> str:
    return rules.require_logged_in(attempt(bank, **login))


def actor(bank: Bank, text: str) -> Actor:
    found: Actor = bank.read(lambda tx: service.session(tx, text).actor)
    return found


def code_of(call: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(Refusal) as caught:
        call(*arguments, **options)
    return caught.value.code


def test_log_in_and_out(lin_mei: Bank) -> None:
    text = token(lin_mei, name="+86 138 1234 5678")
    who = actor(lin_mei, text)
    assert who.party_id is not None
    assert who.id == "customer:" + who.party_id.removeprefix("party_")
    assert who.may("payments:transfer") and not who.may("identity:manage")
    assert lin_mei.run(service.log_out, LogOut(text), actor=who).count == 1
    assert code_of(actor, lin_mei, text) == "identity.not_signed_in"
    assert lin_mei.run(service.log_out, LogOut(text), actor=who).count == 0


@pytest.mark.parametrize("text", ["", "fs_", "fs_nobody", "fk_", "fk_x_y", "fk_\x00_y", "Bearer x", "fk_a'b_c"])
def test_foreign_tokens_are_nobody(lin_mei: Bank, text: str) -> None:
    assert code_of(actor, lin_mei, text) == "identity.not_signed_in"


TYPED = ("138 1234 5678", "13812345678", "008613812345678", "(+86) 138-1234-5678", "１３８ １２３４ ５６７８")


@pytest.mark.parametrize("typed", TYPED)
def test_a_phone_is_typed_as_people_write_it(lin_mei: Bank, typed: str) -> None:
    assert attempt(lin_mei, typed).outcome == "ok"


def test_a_login_of_the_staff_needs_two_and_a_password_that_works_once(bank: Bank) -> None:
    one = rules.actor_of("security:one", "security", None, "person_1")
    two = rules.actor_of("security:two", "security", None, "person_2")
    command = CreateLogin("bob", "teller", "Bob", "17")
    pending = bank.run(service.create_login, command, actor=one)
    assert code_of(bank.run, approvals.decide, Decide(pending.approval_id, True), actor=one) == "approvals.same_person"
    made = json.loads(bank.run(approvals.decide, Decide(pending.approval_id, True), actor=two).result_json)
    first = attempt(bank, "bob", made["password"])
    who = actor(bank, first.token or "")
    assert first.must_change
    assert rules.must_change_first(who)
    entrance.change_password(bank.kernel, ChangePassword(made["password"], GOOD), who)
    assert attempt(bank, "bob", made["password"]).outcome == "wrong"
    assert actor(bank, token(bank, name="bob")).may("savings:cash")
    with bank.superuser() as connection:
        (kept,) = connection.execute("SELECT command::text FROM approval").fetchone() or ("",)
    assert "Bob" not in kept


def test_creating_logins_refuses(bank: Bank) -> None:
    staff(bank, "ann", "operator", person="Ann")

    def refused(*made: str) -> str:
        return code_of(hiring.appoint, bank.kernel, CreateLogin(*made))

    assert refused("ann", "teller", "Eve", "9") == "identity.name_taken"
    assert refused("x", "teller", "Eve", "9") == "identity.name_invalid"
    assert refused("eve", "king", "Eve", "9") == "identity.role_unknown"
    assert refused("eve", "customer", "Eve", "9") == "identity.role_not_staff"
    assert refused("eve", "teller", "", "9") == "identity.person_invalid"
    assert refused("ann2", "teller", "Eve", "NO-ANN") == "identity.person_differs"
    assert refused("ann2", "teller", "Ann", "NO-ANN") == "identity.person_conflict"
    teller = rules.actor_of("teller:bob", "teller", None)
    command = CreateLogin("eve", "risk", "Eve", "9")
    assert code_of(bank.run, service.create_login, command, actor=teller) == "kernel.forbidden"


def test_a_forgotten_password_of_the_staff(bank: Bank) -> None:
    who = staff(bank, "ann", "operator", GOOD)
    opened = token(bank, name="ann")
    once = hiring.new_password(bank.kernel, who)
    assert code_of(actor, bank, opened) == "identity.not_signed_in"
    assert attempt(bank, "ann").outcome == "wrong"
    assert attempt(bank, "ann", once).must_change
    assert code_of(hiring.new_password, bank.kernel, "operator:nobody") == "identity.login_unknown"


def test_two_logins_of_one_person_are_one_person(bank: Bank) -> None:
    one = Actor("security:one", frozenset({"*"}), person_id="person_1")
    other = Actor("security:other", frozenset({"*"}), person_id="person_1")
    pending = bank.run(service.create_login, CreateLogin("bob", "teller", "Bob", "17"), actor=one)
    assert (
        code_of(bank.run, approvals.decide, Decide(pending.approval_id, True), actor=other) == "approvals.same_person"
    )


@pytest.mark.parametrize("name", [PHONE, "+8613900000000", "operator"])
def test_five_wrong_passwords_lock_a_place_out_of_a_name_known_or_not(lin_mei: Bank, name: str) -> None:
    outcomes = [attempt(lin_mei, name, BAD).outcome for _ in range(5)]
    assert outcomes == ["wrong"] * 4 + ["locked"]
    assert attempt(lin_mei, name, GOOD).outcome == "locked"
    with lin_mei.superuser() as connection:
        connection.execute("UPDATE throttle SET locked_until = now() - interval '1 second'")
    assert attempt(lin_mei, name, GOOD).outcome == ("ok" if name == PHONE else "locked")


def test_guesses_at_once_are_counted_one_by_one(lin_mei: Bank) -> None:
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: attempt(lin_mei, password=BAD).outcome, range(8)))
    assert sorted(outcomes) == ["locked"] * 4 + ["wrong"] * 4


def test_nobody_locks_anybody_else_out(lin_mei: Bank) -> None:
    """A device that was logged in before, and another place, go on while somebody guesses."""
    device = attempt(lin_mei).device
    assert [attempt(lin_mei, password=BAD, source="198.51.100.7").outcome for _ in range(5)][-1] == "locked"
    assert attempt(lin_mei, device=device, source="198.51.100.7").outcome == "ok"
    assert attempt(lin_mei, source="203.0.113.5").outcome == "ok"
    assert attempt(lin_mei, source="198.51.100.7").outcome == "locked"


def test_many_places_together_slow_strangers_alone(lin_mei: Bank) -> None:
    device = attempt(lin_mei).device
    with lin_mei.superuser() as connection:
        connection.execute("UPDATE throttle SET count = 30 WHERE id = %s", [rules.counted("strangers", PHONE)])
    assert attempt(lin_mei, password=BAD, source="203.0.113.9").outcome == "locked"
    assert attempt(lin_mei, source="203.0.113.10").outcome == "locked"
    assert attempt(lin_mei, device=device, source="203.0.113.10").outcome == "ok"
    assert attempt(lin_mei, device="fd_guess", source="203.0.113.10").outcome == "locked"
    with lin_mei.superuser() as connection:
        connection.execute("UPDATE throttle SET since = now() - interval '2 hours', locked_until = NULL")
    assert attempt(lin_mei, password=BAD, source="203.0.113.11").outcome == "wrong"


def test_what_is_counted_names_nobody(lin_mei: Bank) -> None:
    attempt(lin_mei, "somebody@example.org", BAD)
    with lin_mei.superuser() as connection:
        leaves = connection.execute("SELECT convert_from(body, 'UTF8') FROM evidence_leaf").fetchall()
        subjects = connection.execute("SELECT DISTINCT subject FROM evidence_personal").fetchall()
    assert not any("somebody" in body or PHONE in body for (body,) in leaves)
    assert all(subject.startswith("party_") for (subject,) in subjects)


def test_a_good_password_forgives(lin_mei: Bank) -> None:
    for _ in range(2):
        assert [attempt(lin_mei, password=BAD).outcome for _ in range(4)] == ["wrong"] * 4
        assert attempt(lin_mei).outcome == "ok"


@pytest.mark.usefixtures("dear_passwords")
def test_unknown_names_take_as_long_as_known_ones(lin_mei: Bank) -> None:
    def seconds(name: str) -> float:
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            attempt(lin_mei, name, BAD)
            times.append(time.perf_counter() - begin)
        return min(times)  # the least is the work itself: whatever else runs here only adds

    known, unknown = seconds(PHONE), seconds("+8613900000000")
    assert 0.4 < known / unknown < 2.5
    assert passwords.DECOY.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize(
    ("aged", "alive"),
    [("29 minutes", True), ("30 minutes", False)],
)
def test_a_session_falls_idle(lin_mei: Bank, aged: str, alive: bool) -> None:
    text = token(lin_mei)
    with lin_mei.superuser() as connection:
        connection.execute(f"UPDATE session SET seen_at = now() - interval '{aged}'")  # type: ignore[arg-type]
    if alive:
        assert lin_mei.read(lambda tx: service.session(tx, text)).renew_due
        lin_mei.run(service.renew, Renew(text), actor=actor(lin_mei, text))
        assert not lin_mei.read(lambda tx: service.session(tx, text)).renew_due
    else:
        assert code_of(actor, lin_mei, text) == "identity.not_signed_in"
        assert code_of(lin_mei.run, service.renew, Renew(text)) == "identity.not_signed_in"


def test_a_session_in_use_still_ends_after_half_a_day(lin_mei: Bank) -> None:
    text = token(lin_mei)
    with lin_mei.superuser() as connection:
        connection.execute("UPDATE session SET created_at = now() - interval '12 hours'")
    assert code_of(actor, lin_mei, text) == "identity.not_signed_in"


def test_a_new_password_ends_every_session(lin_mei: Bank) -> None:
    first, second = token(lin_mei), token(lin_mei)
    who = actor(lin_mei, first)
    change, kernel = entrance.change_password, lin_mei.kernel
    assert code_of(change, kernel, ChangePassword(BAD, GOOD + "!"), who) == "identity.wrong_login"
    assert code_of(change, kernel, ChangePassword(GOOD, "x"), who) == "identity.password_weak"
    assert code_of(change, kernel, ChangePassword(GOOD, GOOD), who) == "identity.same_password"
    assert change(kernel, ChangePassword(GOOD, GOOD + "!"), who).count == 2
    assert {code_of(actor, lin_mei, text) for text in (first, second)} == {"identity.not_signed_in"}
    assert attempt(lin_mei).outcome == "wrong" and attempt(lin_mei, password=GOOD + "!").outcome == "ok"
    stranger = Actor("teller:ghost", frozenset({"identity:self"}))
    assert code_of(change, kernel, ChangePassword("a", "b"), stranger) == "identity.login_unknown"


def test_one_sees_and_ends_ones_own_sessions(lin_mei: Bank) -> None:
    first, second = token(lin_mei), token(lin_mei)
    who = actor(lin_mei, first)
    ids = {each.id for each in lin_mei.read(service.own_sessions, actor=who)}
    assert ids == {service.session_id_of(first), service.session_id_of(second)}
    assert lin_mei.run(service.end_session, EndSession(service.session_id_of(second)), actor=who).count == 1
    assert code_of(actor, lin_mei, second) == "identity.not_signed_in"
    other = staff(lin_mei, "ann", "operator", GOOD)
    theirs = service.session_id_of(token(lin_mei, name="ann"))
    assert (
        other and code_of(lin_mei.run, service.end_session, EndSession(theirs), actor=who) == "identity.session_unknown"
    )
    assert lin_mei.run(service.end_session, EndSession(), actor=who).count == 1
    assert code_of(actor, lin_mei, first) == "identity.not_signed_in"


def test_a_disabled_login_is_out_at_once(lin_mei: Bank) -> None:
    text = token(lin_mei)
    assert lin_mei.run(service.disable_login, DisableLogin(actor(lin_mei, text).id)).count == 1
    assert code_of(actor, lin_mei, text) == "identity.not_signed_in"
    assert attempt(lin_mei).outcome == "wrong"
    assert code_of(lin_mei.run, service.disable_login, DisableLogin("x")) == "identity.login_unknown"


def test_an_officer_is_closed_by_two_and_nobody_else_waits_for_a_second(bank: Bank) -> None:
    """One officer alone could close all others and be the last."""
    one, two, three = (
        rules.actor_of(staff(bank, name, "security"), "security", None) for name in ("one", "two", "three")
    )
    ann = staff(bank, "ann", "operator")
    assert isinstance(bank.run(service.disable_login, DisableLogin(ann), actor=one), Ended)
    waits = bank.run(service.disable_login, DisableLogin(two.id), actor=one)
    assert isinstance(waits, Pending)
    assert {each.actor_id for each in bank.kernel.ask(roll.staff, actor=two) if each.disabled_at} == {ann}
    assert code_of(bank.run, approvals.decide, Decide(waits.approval_id, True), actor=one) == "approvals.same_person"
    bank.run(approvals.decide, Decide(waits.approval_id, True), actor=three)
    assert {each.actor_id for each in bank.kernel.ask(roll.staff, actor=one) if each.disabled_at} == {ann, two.id}


def test_a_login_that_the_bank_closed_is_not_opened_again_by_its_phone(lin_mei: Bank) -> None:
    lin_mei.run(service.disable_login, DisableLogin(actor(lin_mei, token(lin_mei)).id))
    assert code_of(enrolled, lin_mei, Person(), "another sentence of mine") == "identity.login_closed"
    assert attempt(lin_mei, password="another sentence of mine").outcome == "wrong"


def test_a_session_that_is_opened_while_its_login_is_closed_is_none(lin_mei: Bank) -> None:
    """The password fitted, and the login was closed before the session was there."""
    outcomes: list[str] = []
    logging_in = threading.Thread(target=lambda: outcomes.append(attempt(lin_mei).outcome))
    with psycopg.connect(lin_mei.url) as closing:
        closing.execute("UPDATE login SET disabled_at = now()")
        logging_in.start()
        until_blocked(lin_mei.url, logging_in)
    logging_in.join()
    assert outcomes == ["wrong"]


def test_api_keys(bank: Bank) -> None:
    key = hiring.key_of(bank.kernel, CreateApiKey("settlement", "partner:north", "partner"))
    assert key.token is not None
    assert actor(bank, key.token).id == "partner:north" and actor(bank, key.token).may("funding:answer")
    assert code_of(actor, bank, key.token[:-1] + "!") == "identity.not_signed_in"
    assert bank.run(service.revoke_api_key, RevokeApiKey(key.id)).count == 1
    assert code_of(actor, bank, key.token) == "identity.not_signed_in"
    assert code_of(bank.run, service.revoke_api_key, RevokeApiKey(key.id)) == "identity.key_unknown"
    create = service.create_api_key
    assert code_of(bank.run, create, CreateApiKey("x", "partner:n", "partner", days=367)) == "identity.key_days"
    security = rules.actor_of("security:eve", "security", None)
    assert code_of(bank.run, create, CreateApiKey("x", "y", "system"), actor=security) == "identity.cannot_escalate"
    hers = CreateApiKey("x", "customer:x1", "customer", "party_x1")
    operator = hiring.key_of(bank.kernel, CreateApiKey("robot", "operator:robot", "operator")).token or ""
    assert not actor(bank, operator).may("approvals:decide")
    chief = Actor("security:eve", frozenset({"identity:manage", "identity:manage_any"}))
    assert code_of(bank.run, create, hers, actor=chief) == "identity.not_for_others"
    assert code_of(bank.run, create, hers, actor=security) == "kernel.customer_not_there"
    aged = hiring.key_of(bank.kernel, CreateApiKey("old", "partner:north", "partner"))
    with bank.superuser() as connection:
        connection.execute("UPDATE api_key SET expires_at = now()")
    assert code_of(actor, bank, aged.token) == "identity.not_signed_in"


def test_a_key_that_acts_for_the_bank_takes_two_persons(bank: Bank) -> None:
    """Whoever could make a key alone would hold two roles alone; a core's key is made on the machine itself."""
    eve, ada = (
        Actor(name, rules.permissions_of("security"), person_id=name) for name in ("security:eve", "security:ada")
    )
    for role in ("operator", "risk", "partner"):
        wanted = bank.run(service.create_api_key, CreateApiKey("mine", f"program:{role}", role), actor=eve)
        assert isinstance(wanted, Pending)
        agree = Decide(wanted.approval_id, approve=True)
        assert code_of(bank.run, approvals.decide, agree, actor=eve) == "approvals.same_person"
        made = json.loads(bank.run(approvals.decide, agree, actor=ada).result_json)
        assert actor(bank, made["token"]).id == f"program:{role}"


def test_a_key_makes_nobody_two_persons(bank: Bank) -> None:
    """A security officer made a key of the own role, drafted with it, approved in person, and had logins of nobody's."""
    staff(bank, "eve", "security")
    eve = actor(bank, token(bank, name="eve", password=PASSWORD))
    create, robot = service.create_api_key, CreateApiKey("robot", "program:robot", "security")
    alone = bank.run(create, robot, actor=eve)
    assert isinstance(alone, Pending)
    assert code_of(bank.run, approvals.decide, Decide(alone.approval_id, True), actor=eve) == "approvals.same_person"
    key = actor(bank, hiring.key_of(bank.kernel, robot).token or "")
    ghost = CreateLogin("ghost", "operator", "Ghost", "G-1")
    assert code_of(bank.run, service.create_login, ghost, actor=key) == "approvals.no_person"


@pytest.mark.parametrize(
    "name", ["system", "door", "security:eve", "operator:li", "program:", "program:a b", "PROGRAM:x"]
)
def test_a_program_acts_under_no_other_name_than_its_own(bank: Bank, name: str) -> None:
    eve = rules.actor_of("security:eve", "security", None)
    wanted = CreateApiKey("robot", name, "teller")
    assert code_of(bank.run, service.create_api_key, wanted, actor=eve) == "identity.program_name"


def test_no_secret_is_kept_anywhere(lin_mei: Bank) -> None:
    text = token(lin_mei)
    key = hiring.key_of(lin_mei.kernel, CreateApiKey("k", "partner:n", "partner"))
    _, once = hiring.appoint(lin_mei.kernel, CreateLogin("bob", "teller", "Bob", "17"))
    with lin_mei.superuser() as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            rows = connection.execute(f"SELECT to_jsonb(t)::text FROM {table} AS t").fetchall()  # type: ignore[arg-type]
            for told in (GOOD, text, key.token, once, key.token.rpartition("_")[2]):
                assert not any(told in row or told.encode().hex() in row for (row,) in rows), table
