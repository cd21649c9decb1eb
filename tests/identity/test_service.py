"""Logins, sessions and keys on PostgreSQL."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from farthing.identity import passwords, rules, service
from farthing.identity.model import (
    ChangePassword,
    CreateApiKey,
    CreateLogin,
    DisableLogin,
    LoggedIn,
    LogIn,
    LogOut,
    Renew,
    RevokeApiKey,
)
from farthing.identity.rules import ANONYMOUS
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from tests.conftest import Bank

PHONE, GOOD, BAD = "+8613812345678", "correct horse battery", "wrong horse battery"


@pytest.fixture
def lin_mei(bank: Bank) -> Bank:
    bank.run(service.create_login, CreateLogin(PHONE, GOOD, "customer", "party_x1"))
    return bank


def attempt(bank: Bank, name: str = PHONE, password: str = GOOD) -> LoggedIn:
    result = bank.run(service.log_in, LogIn(name, password), actor=ANONYMOUS)
    assert isinstance(result, LoggedIn)
    return result


def token(bank: Bank, **login: str) -> str:
    return rules.require_logged_in(attempt(bank, **login))


def actor(bank: Bank, text: str) -> Actor:
    found: Actor = bank.read(lambda tx: service.authenticate(tx, text))
    return found


def code_of(call: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(Refusal) as caught:
        call(*arguments, **options)
    return caught.value.code


def test_log_in_and_out(lin_mei: Bank) -> None:
    text = token(lin_mei, name="+86 138 1234 5678")
    who = actor(lin_mei, text)
    assert (who.id, who.party_id) == ("customer:x1", "party_x1")
    assert who.may("payments:transfer") and not who.may("identity:manage")
    assert lin_mei.run(service.log_out, LogOut(text), actor=who).count == 1
    assert code_of(actor, lin_mei, text) == "identity.not_signed_in"
    assert lin_mei.run(service.log_out, LogOut(text), actor=who).count == 0


@pytest.mark.parametrize("text", ["", "fs_", "fs_nobody", "fk_", "fk_x_y", "fk_\x00_y", "Bearer x", "fk_a'b_c"])
def test_foreign_tokens_are_nobody(lin_mei: Bank, text: str) -> None:
    assert code_of(actor, lin_mei, text) == "identity.not_signed_in"


def test_creating_logins_refuses(lin_mei: Bank) -> None:
    create = service.create_login
    assert code_of(lin_mei.run, create, CreateLogin(PHONE, GOOD, "customer", "party_x2")) == "identity.name_taken"
    assert code_of(lin_mei.run, create, CreateLogin("bob", "x", "teller")) == "identity.password_weak"
    teller = rules.actor_of("teller:bob", "teller", None)
    assert code_of(lin_mei.run, create, CreateLogin("eve", GOOD, "risk"), actor=teller) == "kernel.forbidden"


@pytest.mark.parametrize("name", [PHONE, "+8613900000000"])
def test_five_wrong_passwords_lock_a_name_known_or_not(lin_mei: Bank, name: str) -> None:
    outcomes = [attempt(lin_mei, name, BAD).outcome for _ in range(5)]
    assert outcomes == ["wrong"] * 4 + ["locked"]
    assert attempt(lin_mei, name, GOOD).outcome == "locked"
    with lin_mei.superuser() as connection:
        connection.execute("UPDATE login_failure SET locked_until = now() - interval '1 second'")
    assert attempt(lin_mei, name, GOOD).outcome == ("ok" if name == PHONE else "locked")


def test_guesses_at_once_are_counted_one_by_one(lin_mei: Bank) -> None:
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: attempt(lin_mei, password=BAD).outcome, range(8)))
    assert sorted(outcomes) == ["locked"] * 4 + ["wrong"] * 4


def test_a_good_password_forgives(lin_mei: Bank) -> None:
    for _ in range(2):
        assert [attempt(lin_mei, password=BAD).outcome for _ in range(4)] == ["wrong"] * 4
        assert attempt(lin_mei).outcome == "ok"


def test_unknown_names_take_as_long_as_known_ones(lin_mei: Bank) -> None:
    def seconds(name: str) -> float:
        times = []
        for _ in range(3):
            begin = time.perf_counter()
            attempt(lin_mei, name, BAD)
            times.append(time.perf_counter() - begin)
        return statistics.median(times)

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
    change = service.change_password
    assert code_of(lin_mei.run, change, ChangePassword(BAD, GOOD + "!"), actor=who) == "identity.wrong_login"
    assert code_of(lin_mei.run, change, ChangePassword(GOOD, "x"), actor=who) == "identity.password_weak"
    assert lin_mei.run(change, ChangePassword(GOOD, GOOD + "!"), actor=who).count == 2
    assert {code_of(actor, lin_mei, text) for text in (first, second)} == {"identity.not_signed_in"}
    assert attempt(lin_mei).outcome == "wrong" and attempt(lin_mei, password=GOOD + "!").outcome == "ok"
    stranger = Actor("teller:ghost", frozenset({"identity:self"}))
    assert code_of(lin_mei.run, change, ChangePassword("a", "b"), actor=stranger) == "identity.login_unknown"


def test_a_disabled_login_is_out_at_once(lin_mei: Bank) -> None:
    text = token(lin_mei)
    assert lin_mei.run(service.disable_login, DisableLogin("customer:x1")).count == 1
    assert code_of(actor, lin_mei, text) == "identity.not_signed_in"
    assert attempt(lin_mei).outcome == "wrong"
    assert code_of(lin_mei.run, service.disable_login, DisableLogin("x")) == "identity.login_unknown"


def test_api_keys(bank: Bank) -> None:
    key = bank.run(service.create_api_key, CreateApiKey("settlement", "partner:north", "partner"))
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
    aged = bank.run(create, CreateApiKey("old", "partner:north", "partner"))
    with bank.superuser() as connection:
        connection.execute("UPDATE api_key SET expires_at = now()")
    assert code_of(actor, bank, aged.token) == "identity.not_signed_in"


def test_no_secret_is_kept_anywhere(lin_mei: Bank) -> None:
    text = token(lin_mei)
    key = lin_mei.run(service.create_api_key, CreateApiKey("k", "partner:n", "partner"))
    with lin_mei.superuser() as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            rows = connection.execute(f"SELECT to_jsonb(t)::text FROM {table} AS t").fetchall()  # type: ignore[arg-type]
            for told in (GOOD, text, key.token, key.token.rpartition("_")[2]):
                assert not any(told in row or told.encode().hex() in row for (row,) in rows), table
