"""Names, passwords, roles, locks and the life of a session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.identity import rules
from farthing.identity.model import LoggedIn
from farthing.identity.roles import ROLES
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def code_of(refused: object, *arguments: object) -> str:
    with pytest.raises(Refusal) as caught:
        refused(*arguments)  # type: ignore[operator]
    return caught.value.code


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "nine char",
        "1234567890",
        "Password123",
        "aaaaaaaaaaaaaa",
        "abababababab",
        "x" * 129,
        "13812345678!!",
        "password12",
        "P@ssw0rd2026",
        "qwerty12345",
        "1qaz2wsx3edc",
        "woaini1314520",
        "zhang19900101",
        "20260101 1999",
        "admin@12345678",
        "hunter2hunter2",
        "98765432109",
        "Summer 2026!",
    ],
)
def test_weak_passwords(password: str) -> None:
    assert code_of(rules.check_password, password, "+8613812345678") == "identity.password_weak"


@pytest.mark.parametrize("password", ["correct horse battery", "床前明月光疑是地上霜", "tr0ub4dor&3x"])
def test_good_passwords_need_length_not_signs(password: str) -> None:
    assert rules.check_password(password, "+8613812345678") == password


def test_names() -> None:
    assert rules.name_of("+86 138-1234 5678", "customer") == "+8613812345678"
    assert rules.name_of("+86138 12345678", "customer") == "+8613812345678"
    assert rules.name_of(" Alice ", "teller") == "alice"
    assert rules.name_of("13812345678", "customer") == "+8613812345678"
    for name, role in (("12345", "customer"), ("alice", "customer"), ("+8613812345678", "teller"), ("", "risk")):
        assert code_of(rules.name_of, name, role) == "identity.name_invalid"


@given(st.text())
def test_a_typed_name_never_breaks_the_look_up(text: str) -> None:
    name = rules.normal_name(text)
    assert name.isprintable() and len(name) <= 60


def test_tries_are_counted_by_a_subscribers_network() -> None:
    assert rules.source_of("203.0.113.9") == "203.0.113.9"
    assert rules.source_of("2001:db8:1:2:3:4:5:6") == rules.source_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert rules.source_of("testclient") == "testclient"


def test_customers_have_a_party_and_staff_have_none() -> None:
    assert rules.actor_id_of("+8613812345678", "customer", "party_x1") == "customer:x1"
    assert rules.actor_id_of("alice", "teller", None) == "teller:alice"
    assert code_of(rules.actor_id_of, "alice", "teller", "party_x1") == "identity.role_party"
    assert code_of(rules.actor_id_of, "+861", "customer", None) == "identity.role_party"
    assert code_of(rules.actor_id_of, "x", "king", None) == "identity.role_unknown"


def test_nobody_hands_out_everything_but_the_system() -> None:
    security = rules.actor_of("security:eve", "security", None)
    assert code_of(rules.check_grant, security, "system", "program:robot") == "identity.cannot_escalate"
    assert code_of(rules.check_grant, security, "teller", "teller:anna") == "identity.program_name"
    rules.check_grant(security, "teller", "program:robot")
    rules.check_grant(Actor("system", frozenset({"*"})), "system", "system")


def test_duties_are_separated() -> None:
    for role, permissions in ROLES.items():
        if role != "system":
            moves = {name for name in permissions if name.split(":")[0] in {"payments", "ledger", "lending"}}
            assert not ("identity:manage" in permissions and moves - {"ledger:read"}), role
    changes = {name for name in ROLES["auditor"] if name.endswith((":transfer", ":post", ":publish"))}
    assert changes == {"evidence:publish"}  # a checkpoint of the log, which changes nothing that it looks at
    assert "*" not in set().union(*(found for role, found in ROLES.items() if role != "system"))


def test_locks_double_from_a_minute_to_an_hour() -> None:
    assert [rules.lock_after(count, NOW) for count in range(1, 5)] == [None] * 4
    minutes = [(rules.lock_after(count, NOW) - NOW) // timedelta(minutes=1) for count in range(5, 13)]  # type: ignore[operator]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]
    assert rules.is_locked(NOW + timedelta(seconds=1), NOW)
    assert not rules.is_locked(NOW, NOW) and not rules.is_locked(None, NOW)


def test_a_session_ends_when_idle_or_old() -> None:
    assert rules.expires_at(NOW, NOW) == NOW + timedelta(minutes=30)
    assert rules.expires_at(NOW, NOW + timedelta(hours=11, minutes=50)) == NOW + timedelta(hours=12)
    assert not rules.renew_due(NOW, NOW + timedelta(minutes=4, seconds=59))
    assert rules.renew_due(NOW, NOW + timedelta(minutes=5))


def test_doors_turn_outcomes_into_refusals() -> None:
    assert rules.require_logged_in(LoggedIn("ok", "a", NOW, token="fs_x")) == "fs_x"
    assert code_of(rules.require_logged_in, LoggedIn("wrong")) == "identity.wrong_login"
    assert code_of(rules.require_logged_in, LoggedIn("locked", locked_until=NOW)) == "identity.locked"
