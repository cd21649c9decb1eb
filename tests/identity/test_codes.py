"""Codes of an app beside the password: the vectors of the standard, one use a step, recovery, and back-off."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.identity import entrance as doors
from farthing.identity.codes import rules, service
from farthing.identity.codes.model import BeginCodes, CodesBegun, EndCodes, KeepCodes
from farthing.identity.model import LogIn
from farthing.identity.rules import require_logged_in
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.parties.enrolment import service as enrolment
from farthing.parties.rules import phone_of
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.devices import registered
from tests.identity.people import PASSWORD, Person, enrolled, staff, waited
from tests.web.test_entrance import Browser

RFC = base64.b32encode(b"12345678901234567890").decode()
VECTORS = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"),
           (20000000000, "353130")]  # fmt: skip
"""RFC 6238, appendix B: seconds and the last six digits of the SHA-1 codes."""


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_vectors_of_the_standard_are_good_once_and_a_step_either_way(seconds: int, code: str) -> None:
    step = seconds // 30
    assert rules.step_of(RFC, code, at(seconds), 0) == step
    assert rules.step_of(RFC, f" {code[:3]} {code[3:]}", at(seconds), step - 1) == step
    assert rules.step_of(RFC, code, at(seconds), step) is None, "a code is good once"
    assert rules.step_of(RFC, code, at(seconds + 30), 0) == step
    assert rules.step_of(RFC, code, at(seconds + 90), 0) is None


@given(st.integers(10**9, 4 * 10**9), st.text(max_size=20))
def test_no_other_text_is_a_code(seconds: int, typed: str) -> None:
    good = {pyotp.HOTP(RFC).at(seconds // 30 + skew) for skew in (-1, 0, 1)}
    assert (rules.step_of(RFC, typed, at(seconds), 0) is not None) == (rules.typed(typed) in good)


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_a_recovery_code_is_eighty_bits_in_groups_and_read_as_people_write_it(one: bytes, other: bytes) -> None:
    code = rules.recovery_code(one)
    assert re.fullmatch("([A-Z2-7]{4}-){3}[A-Z2-7]{4}", code)
    assert rules.recovery_hash("a", code) == rules.recovery_hash("a", code.lower().replace("-", " "))
    assert (code == rules.recovery_code(other)) == (one == other)


def refused(work: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


def signed_in(bank: Bank, code: str | None = None, password: str = PASSWORD) -> Actor:
    token = require_logged_in(doors.log_in(bank.kernel, LogIn("olga", password, code=code)))
    return doors.who_is(bank.kernel, token).actor


def shown(begun: CodesBegun, ahead: int = 0) -> str:
    """What the app shows, or shows in so many steps."""
    totp = pyotp.TOTP(begun.seed)
    return totp.at(datetime.now(UTC) + timedelta(seconds=30 * ahead))  # the machine's own time is what an app goes by


@pytest.fixture
def olga(bank: Bank) -> Iterator[Actor]:
    staff(bank, "olga", "operator")
    yield signed_in(bank)


def test_a_password_needs_a_code_once_one_was_shown_and_each_is_good_once(bank: Bank, olga: Actor) -> None:
    begun = bank.run(service.begin_codes, BeginCodes(), actor=olga)
    assert begun.seed in begun.address and "Farthing" in begun.address
    wrong = bank.run(service.keep_codes, KeepCodes("000000"), actor=olga)
    assert refused(lambda: service.require_kept(wrong)) == "identity.app_code_wrong"
    assert signed_in(bank), "nothing is asked for before a code was shown"
    first = shown(begun)
    kept = bank.run(service.keep_codes, KeepCodes(first), actor=olga)
    assert len(kept.recovery) == 10
    assert refused(lambda: bank.run(service.begin_codes, BeginCodes(), actor=olga)) == "identity.app_codes_there"
    assert refused(lambda: bank.run(service.keep_codes, KeepCodes(first), actor=olga)) == "identity.app_codes_not_begun"
    assert refused(lambda: signed_in(bank)) == "identity.app_code_needed"
    assert refused(lambda: signed_in(bank, first)) == "identity.app_code_wrong", "it was used to begin"
    who = signed_in(bank, shown(begun, 1))
    assert who.proved is not None and who.proved.how == "password_code"
    assert signed_in(bank, kept.recovery[0].lower())
    assert refused(lambda: signed_in(bank, kept.recovery[0])) == "identity.app_code_wrong"
    assert bank.kernel.ask(service.own_codes, actor=olga).recovery_left == 9
    with bank.superuser() as connection:
        (seed,) = connection.execute("SELECT seed FROM login_code").fetchone() or (b"",)
        assert connection.execute("SELECT count(*) FROM recovery_code").fetchone() == (10,)
    assert bank.kernel.ports.peer("vault").unseal(bytes(seed)).decode() == begun.seed
    assert bank.run(service.end_codes, EndCodes(), actor=olga).ended and signed_in(bank)


def test_a_seed_that_was_begun_is_guessed_at_five_times_in_a_quarter_of_an_hour(bank: Bank, olga: Actor) -> None:
    begun = bank.run(service.begin_codes, BeginCodes(), actor=olga)
    tried = [bank.run(service.keep_codes, KeepCodes("000000"), actor=olga).outcome for _ in range(5)]
    assert tried == ["wrong"] * 4 + ["over"]
    right = lambda: bank.run(service.keep_codes, KeepCodes(shown(begun)), actor=olga)  # noqa: E731
    assert refused(right) == "identity.app_codes_not_begun"
    begun = bank.run(service.begin_codes, BeginCodes(), actor=olga)
    with bank.superuser() as connection:
        connection.execute("UPDATE login_code SET made_at = made_at - interval '16 minutes'")
    assert right().outcome == "over" and refused(right) == "identity.app_codes_not_begun"


def test_wrong_codes_are_counted_as_wrong_passwords_are(bank: Bank, olga: Actor) -> None:
    begun = bank.run(service.begin_codes, BeginCodes(), actor=olga)
    bank.run(service.keep_codes, KeepCodes(shown(begun)), actor=olga)
    tried = [refused(lambda: signed_in(bank, "000000")) for _ in range(6)]
    assert tried[:4] == ["identity.app_code_wrong"] * 4 and tried[5] == "identity.locked"
    assert refused(lambda: signed_in(bank, shown(begun, 1))) == "identity.locked"


def test_whoever_has_a_passkey_sets_codes_up_and_ends_them_by_it(bank: Bank, olga: Actor) -> None:
    registered(bank, olga)
    assert refused(lambda: bank.run(service.begin_codes, BeginCodes(), actor=olga)) == "kernel.key_needed"
    assert refused(lambda: bank.run(service.end_codes, EndCodes(), actor=olga)) == "kernel.key_needed"
    looked = bank.kernel.look(service.begin_codes, BeginCodes(), actor=olga)
    assert looked.key_needed and looked.answer.by_key
    assert bank.run(service.begin_codes, BeginCodes(), actor=replace(olga, by_key=True)).seed


def test_the_pages_of_codes(bank: Bank) -> None:
    with serving(bank) as base:
        staff(bank, "olga", "operator")
        her = Browser(base)
        her.sign_in("olga", PASSWORD)
        her.go("/me/devices")
        page = her.send("/me/devices/codes", key="one")
        assert "<svg" in page.text, page.text
        (seed,) = re.findall(r'<p class="code">([A-Z2-7]{32})</p>', page.text)
        kept = her.send("/me/devices/codes/kept", key="two", code=shown(CodesBegun(False, seed)))
        (first, *rest) = re.findall(r'<li class="code">([A-Z2-7-]{19})</li>', kept.text)
        assert len(rest) == 9 and "10 recovery codes left" in her.go("/me/devices").text
        her.client.cookies.delete("farthing_session")
        asked = her.sign_in("olga", PASSWORD)
        assert "Code that the app shows" in asked.text and "Type the code that your app shows too" in asked.text
        assert her.send("/login", name="olga", password=PASSWORD, code=first).status_code == 303
        assert "Signed in by password and code" in her.go("/me/devices").text
        assert 'name="code"' in her.go("/me/again").text


def test_the_phone_alone_stands_for_no_code_of_an_app(bank: Bank) -> None:
    done = enrolled(bank, Person())
    assert done.session is not None
    her = doors.who_is(bank.kernel, str(done.session.token)).actor
    begun = bank.run(service.begin_codes, BeginCodes(), actor=her)
    bank.run(service.keep_codes, KeepCodes(shown(begun)), actor=her)
    assert enrolled(bank, Person(), "another sentence, a thief's").outcome == "waits"
    waited(bank)
    thief = enrolled(bank, Person(), "another sentence, a thief's")
    assert thief.outcome == "app_code" and thief.session is None
    assert refused(lambda: enrolment.require_enrolled(thief)) == "parties.app_code_next"
    login = LogIn(phone_of(Person().phone), "another sentence, a thief's")
    assert doors.log_in(bank.kernel, login).outcome == "code"
    again = doors.log_in(bank.kernel, replace(login, code=shown(begun, 1)))
    assert again.outcome == "ok", "she who has the app signs in by the new password"
