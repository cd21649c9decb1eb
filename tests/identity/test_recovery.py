"""A lost way in is given back after a wait, told to the phone at once, and stopped from any device or by the word that came."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.bank.founding import agreed
from farthing.identity import entrance as doors
from farthing.identity import service as sessions
from farthing.identity.authenticators import entrance
from farthing.identity.authenticators import service as passkeys
from farthing.identity.authenticators.model import (
    AllowPassword,
    AskConfirmation,
    DropPassword,
    LosePasskeys,
    RemovePasskey,
)
from farthing.identity.codes import service as codes
from farthing.identity.codes.model import EndCodes
from farthing.identity.model import ChangePassword, DisableLogin, LogIn, ResetPassword
from farthing.identity.recovery import rules, service
from farthing.identity.recovery.model import Recovery, StopByWord, StopRecovery
from farthing.identity.rules import ANONYMOUS
from farthing.kernel import approvals
from farthing.kernel.acting import powers_service as powers
from farthing.kernel.acting.model import Power
from farthing.kernel.approvals import Decide
from farthing.kit.actor import Actor, Proved
from farthing.kit.errors import Refusal
from farthing.parties.rules import phone_of
from tests.conftest import Bank
from tests.hands import city
from tests.identity.devices import SITE, Device, registered
from tests.identity.people import PASSWORD, Person, enrolled, staff, waited

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
OTHER = "another sentence of mine"
hours = st.integers(-400, 400).map(lambda count: NOW + timedelta(hours=count))


def refused(work: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


@given(st.sampled_from(["waiting", "done", "used", "stopped"]), hours, st.integers(0, 200), st.integers(1, 200))
def test_nothing_is_finished_before_its_wait_is_over_or_after_its_end(
    state: Any, asked: datetime, wait: int, ready: int
) -> None:
    due = asked + timedelta(hours=wait)
    found = Recovery("code", state, asked, due, due + timedelta(hours=ready))
    at = rules.phase(found, NOW)
    if at == "ready":
        assert found.ends_at > NOW and (state == "done" or due <= NOW)
    assert (at == "waits") == (state == "waiting" and due > NOW)
    if at == "stopped":
        assert refused(lambda: rules.by_code(found, None, NOW)) == "identity.recovery_stopped"
    else:
        assert rules.by_code(found, None, NOW) == {"ready": "go", "waits": "wait", "none": "begin"}[at]


def logs_in(bank: Bank, password: str = PASSWORD) -> str:
    return str(doors.log_in(bank.kernel, LogIn(Person().phone, password)).outcome)


def her(bank: Bank) -> Actor:
    opened = doors.log_in(bank.kernel, LogIn(Person().phone, PASSWORD))
    return doors.who_is(bank.kernel, str(opened.token)).actor


def told(bank: Bank) -> list[str]:
    bank.drain()
    return [each.text for each in bank.kernel.ports.peer("gateway").sent_to(phone_of(Person().phone))]


def test_a_thief_with_the_phone_waits_and_she_stops_it_from_any_device(bank: Bank) -> None:
    city(bank)
    enrolled(bank, Person())
    she = her(bank)
    device = registered(bank, she)
    waits = enrolled(bank, Person(), OTHER).waits
    assert waits is not None and waits.due_at == waits.asked_at + timedelta(hours=24)
    assert enrolled(bank, Person(), OTHER).waits == waits, "asking again does not begin anew, nor sooner"
    assert (logs_in(bank), logs_in(bank, OTHER)) == ("ok", "wrong")
    assert sum("A new password" in each for each in told(bank)) == 1
    (seen,) = bank.kernel.ask(service.own_recoveries, actor=she)
    assert seen == waits
    remove = lambda: bank.run(passkeys.remove_passkey, RemovePasskey(device.passkey_id), actor=keyed(she))  # noqa: E731
    assert refused(remove) == "identity.recovery_open"
    assert refused(lambda: bank.run(codes.end_codes, EndCodes(), actor=keyed(she))) == "identity.recovery_open"
    assert bank.run(service.stop_recovery, StopRecovery(), actor=her(bank)).count == 1, "another session of hers"
    assert refused(lambda: bank.run(service.stop_recovery, StopRecovery(), actor=she)) == "identity.no_recovery"
    assert bank.kernel.ask(service.own_recoveries, actor=she) == [] and "was stopped" in told(bank)[-1]
    waited(bank)
    assert refused(lambda: enrolled(bank, Person(), OTHER)) == "identity.recovery_stopped"
    assert (logs_in(bank), logs_in(bank, OTHER)) == ("ok", "wrong")
    assert bank.run(passkeys.remove_passkey, RemovePasskey(device.passkey_id), actor=keyed(she))


def keyed(actor: Actor) -> Actor:
    """As the kernel makes her once her passkey confirmed it."""
    return Actor(actor.id, actor.permissions, actor.party_id, proved=actor.proved, by_key=True)


def test_an_old_sign_in_signs_nothing_without_a_key_and_decides_no_draft(bank: Bank) -> None:
    city(bank)
    enrolled(bank, Person())
    made = bank.run(sessions.reset_password, ResetPassword(staff(bank, "olga", "operator")), actor=officer(bank, "sec"))
    other = officer(bank, "sue")
    evening = earlier(other, timedelta(hours=9))
    decide = Decide(made.approval_id, True)
    assert refused(lambda: bank.run(approvals.decide, decide, actor=evening)) == "identity.sign_in_again"
    assert bank.run(approvals.decide, decide, actor=other).state == "approved"
    she = her(bank)
    old = earlier(she, timedelta(minutes=61))
    signs = lambda who: bank.kernel.tidy(lambda tx: passkeys.customers_key(replace(tx, actor=who), None))  # noqa: E731
    assert refused(lambda: signs(old)) == "identity.sign_in_again" and signs(she) is None
    assert signs(keyed(old)) is None, "her key is better than a password typed lately"


def earlier(who: Actor, by: timedelta) -> Actor:
    """The same person, who signed in so much earlier."""
    assert who.proved is not None
    return replace(who, proved=Proved(who.proved.how, who.proved.at - by))


def officer(bank: Bank, name: str) -> Actor:
    staff(bank, name, "security")
    return doors.who_is(bank.kernel, str(doors.log_in(bank.kernel, LogIn(name, PASSWORD)).token)).actor


def test_the_word_that_came_stops_it_and_others_are_counted(bank: Bank) -> None:
    enrolled(bank, Person())
    enrolled(bank, Person(), OTHER)
    (word,) = re.findall("by the word ([A-Z2-7-]{19})", "".join(told(bank)))
    tried = bank.run(service.stop_by_word, StopByWord("AAAA-BBBB-CCCC-DDDD", "a"), actor=ANONYMOUS)
    assert refused(lambda: service.require_stopped(tried)) == "identity.stop_word_wrong"
    assert bank.run(service.stop_by_word, StopByWord(word.lower(), "a"), actor=ANONYMOUS).count == 1
    assert bank.run(service.stop_by_word, StopByWord(word, "a"), actor=ANONYMOUS).count == 0
    for _ in range(rules.WORDS_PER_SOURCE - 3):
        bank.run(service.stop_by_word, StopByWord("x", "a"), actor=ANONYMOUS)
    guess = lambda: bank.run(service.stop_by_word, StopByWord("x", "a"), actor=ANONYMOUS)  # noqa: E731
    assert refused(guess) == "identity.too_many_stop_words"


def test_officers_who_saw_her_make_it_sooner_and_a_code_chooses_the_password(bank: Bank) -> None:
    city(bank)
    enrolled(bank, Person())
    she = her(bank)
    device = registered(bank, she)
    agreed(bank.kernel, passkeys.lose_passkeys, LosePasskeys(Person().phone))
    (waits,) = bank.kernel.ask(service.own_recoveries, actor=she)
    assert (waits.way, waits.due_at - waits.asked_at) == ("counter", timedelta(hours=2))
    assert bank.kernel.ask(passkeys.own_passkeys, actor=she)[0].ended_at is None
    assert enrolled(bank, Person(), OTHER).outcome == "waits"
    with bank.superuser() as connection:
        connection.execute("UPDATE recovery SET due_at = asked_at WHERE way = 'counter'")
    assert enrolled(bank, Person(), OTHER).outcome == "enrolled"
    assert (logs_in(bank), logs_in(bank, OTHER)) == ("wrong", "ok")
    ended = bank.kernel.ask(passkeys.own_passkeys, actor=she)[0]
    assert (ended.id, ended.why) == (device.passkey_id, "lost")
    assert enrolled(bank, Person(), PASSWORD).outcome == "waits", "one recovery chooses one password"


def test_whom_a_lost_login_let_act_lately_acts_no_more(bank: Bank) -> None:
    city(bank)
    enrolled(bank, Person())
    she = her(bank)
    now, on = bank.kernel.tidy(lambda tx: (tx.now, tx.business_date))
    old = Power("power_old", "helper", str(she.party_id), "party_x", ("see",), None, None, False, False, "form", None, she.id,
                now - timedelta(days=31), on, None)  # fmt: skip
    young = replace(old, id="power_young", entered_at=now - timedelta(days=29))
    asked, court = replace(young, id="power_asked", from_on=None), replace(young, id="power_court", kind="guardian")
    again = replace(young, id="power_again")
    for each in (old, young, asked, court):
        bank.kernel.tidy(lambda tx, one=each: powers.keep(tx, one))

    def ended() -> set[str]:
        found = bank.read(lambda tx: powers.given(tx, str(she.party_id)))
        return {each.id for each in found if each.ended_on is not None}

    agreed(bank.kernel, passkeys.lose_passkeys, LosePasskeys(Person().phone))
    waited(bank)
    assert ended() == set() and logs_in(bank) == "ok"
    assert ended() == {young.id, asked.id} and "acts for you no more" in "".join(told(bank)[-2:])
    bank.kernel.tidy(lambda tx: powers.keep(tx, again))
    bank.run(sessions.disable_login, DisableLogin(she.id))
    assert ended() == {young.id, asked.id, again.id}, "a login that the bank closes leaves no helper of a thief"


def confirmed(bank: Bank, who: Actor, device: Device, operation: Any, command: Any) -> str:
    looked = bank.kernel.look(operation, command, actor=who)
    asked = bank.run(passkeys.ask_confirmation, AskConfirmation(looked.transaction), actor=who)
    return entrance.confirm(bank.kernel, SITE, who, device.sign(asked.challenge_id, asked.challenge))


def test_the_old_password_alone_changes_none_beside_a_passkey(bank: Bank) -> None:
    city(bank)
    enrolled(bank, Person())
    she = her(bank)
    change = lambda permit: doors.change_password(bank.kernel, ChangePassword(PASSWORD, OTHER, permit), she)  # noqa: E731
    device = registered(bank, she)
    assert refused(lambda: change(None)) == "kernel.key_needed"
    assert refused(lambda: bank.run(passkeys.allow_password, AllowPassword(), actor=she)) == "kernel.key_needed"
    proof = confirmed(bank, she, device, passkeys.allow_password, AllowPassword())
    permit = bank.run(passkeys.allow_password, AllowPassword(), actor=she, proof=proof).permit
    assert refused(lambda: change(proof)) == "kernel.key_needed", "a confirmation is no permit"
    assert change(permit).count >= 1 and (logs_in(bank), logs_in(bank, OTHER)) == ("wrong", "ok")
    again = lambda: doors.change_password(bank.kernel, ChangePassword(OTHER, PASSWORD, permit), she)  # noqa: E731
    assert refused(again) == "kernel.key_needed", "it was for one change"
    assert "password of your account was changed" in told(bank)[-1]


def test_a_confirmation_dies_with_its_key_and_of_two_removals_at_once_one_wins(bank: Bank) -> None:
    enrolled(bank, Person())
    she = her(bank)
    one = registered(bank, she)
    two = registered(bank, keyed(she))
    waits = confirmed(bank, she, two, passkeys.drop_password, DropPassword())
    bank.run(passkeys.remove_passkey, RemovePasskey(two.passkey_id), actor=keyed(she))
    drop = lambda proof: bank.run(passkeys.drop_password, DropPassword(), actor=she, proof=proof)  # noqa: E731
    assert refused(lambda: drop(waits)) == "kernel.confirmation_not_good"
    two = registered(bank, keyed(she))
    drop(confirmed(bank, she, two, passkeys.drop_password, DropPassword()))

    def remove(device: Device) -> str:
        try:
            bank.run(passkeys.remove_passkey, RemovePasskey(device.passkey_id), actor=keyed(she))
        except Refusal as refusal:
            return refusal.code
        return "removed"

    with ThreadPoolExecutor(2) as pool:
        with bank.superuser() as connection, connection.transaction():
            connection.execute("UPDATE login SET changed_at = changed_at")
            both = [pool.submit(remove, each) for each in (one, two)]
            waiting(connection, 2)
        assert sorted(each.result() for each in both) == ["identity.last_way_in", "removed"]


def waiting(connection: Any, count: int) -> None:
    """Until so many others wait for a lock that is held here."""
    for _ in range(200):
        row = connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
        if row[0] >= count:
            return
        connection.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody waits")
