"""Refusals around passkeys: of answers that prove nothing, and of changes that would lock somebody out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp

from farthing.identity import entrance as doors
from farthing.identity.authenticators import entrance, rules, service
from farthing.identity.authenticators.model import AskConfirmation, AskPasskey, AskSignIn, DropPassword, RemovePasskey
from farthing.identity.codes import service as codes
from farthing.identity.codes.model import BeginCodes, EndCodes, KeepCodes
from farthing.identity.model import LogIn, Place
from farthing.identity.recovery import service as recovery
from farthing.identity.recovery.model import StopByWord, StopRecovery
from farthing.identity.rules import ANONYMOUS, actor_of, check_second_login, require_logged_in
from farthing.kernel.approvals import waiting
from farthing.kernel.run import Kernel
from farthing.kit.actor import Actor, Proved
from farthing.parties.enrolment import service as enrolment
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.identity.devices import SITE, Device, registered
from tests.identity.people import PASSWORD, Person, enrolled, staff, waited

NOBODY = actor_of("operator:nobody", "operator", None)


def _officer(bank: Bank) -> Actor:
    staff(bank, "olga", "operator")
    opened = doors.log_in(bank.kernel, LogIn("olga", PASSWORD))
    return doors.who_is(bank.kernel, str(opened.token)).actor


def _signed(bank: Bank, device: Device, **said: Any) -> None:
    asked = bank.run(service.ask_sign_in, AskSignIn(), actor=ANONYMOUS)
    entrance.sign_in(bank.kernel, SITE, device.sign(asked.challenge_id, asked.challenge, **said), Place())


@reproduces("identity.passkey_unreadable")
def an_answer_that_is_no_answer() -> None:
    rules.assertion_of("[]")


@reproduces("identity.passkey_unknown")
def a_passkey_of_nobody(bank: Bank) -> None:
    _signed(bank, Device())


@reproduces("identity.passkey_foreign")
def a_page_that_only_looks_like_the_bank(bank: Bank) -> None:
    _signed(bank, registered(bank, _officer(bank)), origin="https://bank.example.evil")


@reproduces("identity.passkey_other_challenge")
def an_answer_to_an_earlier_question(bank: Bank) -> None:
    _signed(bank, registered(bank, _officer(bank)), challenge="AAAA")


@reproduces("identity.passkey_unverified")
def a_device_that_asked_for_no_finger(bank: Bank) -> None:
    device = registered(bank, _officer(bank))
    _signed(bank, replace(device, verifies=False))


@reproduces("identity.passkey_forged")
def a_signature_by_another_key(bank: Bank) -> None:
    device = registered(bank, _officer(bank))
    _signed(bank, replace(device, key=Device().key))


@reproduces("identity.passkey_cloned")
def a_copy_whose_counter_is_behind(bank: Bank) -> None:
    device = registered(bank, _officer(bank))
    copy = device.copied()
    _signed(bank, device)
    _signed(bank, copy)


@reproduces("identity.challenge_not_good")
def a_challenge_that_nobody_put(bank: Bank) -> None:
    entrance.sign_in(bank.kernel, SITE, Device().sign("challenge_none", "AAAA"), Place())


@reproduces("identity.prove_again")
def a_session_of_this_morning(bank: Bank) -> None:
    early = replace(NOBODY, proved=Proved("password", datetime(2026, 1, 1, tzinfo=UTC)))
    bank.run(service.ask_passkey, AskPasskey("x"), actor=early)


@reproduces("identity.sign_in_again")
def signing_in_the_evening_by_a_session_of_this_morning() -> None:
    early = replace(NOBODY, proved=Proved("password", datetime(2026, 1, 1, 8, tzinfo=UTC)))
    rules.check_lately(early, datetime(2026, 1, 1, 17, tzinfo=UTC), timedelta(hours=8))


@reproduces("identity.recovery_waits")
def a_new_password_at_once(bank: Bank) -> None:
    enrolled(bank, Person())
    enrolment.require_enrolled(enrolled(bank, Person()))


def _waiting(bank: Bank) -> Actor:
    token = str(enrolment.require_enrolled(enrolled(bank, Person())).session.token)  # type: ignore[union-attr]
    enrolled(bank, Person())
    return doors.who_is(bank.kernel, token).actor


@reproduces("identity.recovery_stopped")
def a_new_password_after_she_stopped_one(bank: Bank) -> None:
    bank.run(recovery.stop_recovery, StopRecovery(), actor=_waiting(bank))
    enrolled(bank, Person())


@reproduces("identity.recovery_open")
def ending_app_codes_while_a_recovery_waits(bank: Bank) -> None:
    bank.run(codes.end_codes, EndCodes(), actor=_waiting(bank))


@reproduces("identity.no_recovery")
def stopping_what_does_not_wait(bank: Bank) -> None:
    bank.run(recovery.stop_recovery, StopRecovery(), actor=NOBODY)


@reproduces("identity.stop_word_wrong")
def a_word_that_did_not_come(bank: Bank) -> None:
    recovery.require_stopped(bank.run(recovery.stop_by_word, StopByWord("AAAA"), actor=ANONYMOUS))


@reproduces("identity.too_many_stop_words")
def words_without_end(bank: Bank) -> None:
    for _ in range(21):
        bank.run(recovery.stop_by_word, StopByWord("AAAA", "203.0.113.9"), actor=ANONYMOUS)


@reproduces("identity.duties_apart")
def an_auditor_who_would_run_the_bank_too() -> None:
    check_second_login("operator", [("auditor:ann", "auditor")])


@reproduces("kernel.second_factor_needed")
def work_by_a_password_alone_where_the_pack_asks_for_two_factors(bank: Bank) -> None:
    held_back = actor_of("operator:ann", "operator", None, "person_1", needs_second=True)
    bank.kernel.ask(waiting, actor=held_back)


@reproduces("identity.passkey_nameless")
def a_passkey_without_a_name(bank: Bank) -> None:
    bank.run(service.ask_passkey, AskPasskey(" "), actor=_officer(bank))


@reproduces("identity.passkey_not_found")
def a_passkey_of_somebody_else(bank: Bank) -> None:
    bank.run(service.remove_passkey, RemovePasskey("passkey_none"), actor=_officer(bank))


@reproduces("identity.passkey_known")
def a_passkey_twice(bank: Bank) -> None:
    her = _officer(bank)
    device = registered(bank, her)
    registered(bank, replace(her, by_key=True), device)


@reproduces("identity.last_way_in")
def no_password_and_no_passkey(bank: Bank) -> None:
    bank.run(service.drop_password, DropPassword(), actor=_officer(bank))


@reproduces("identity.no_passkey")
def confirming_by_a_passkey_that_one_has_not(bank: Bank) -> None:
    bank.run(service.ask_confirmation, AskConfirmation("{}"), actor=_officer(bank))


@reproduces("identity.too_many_passkeys")
def one_passkey_too_many(bank: Bank) -> None:
    her = replace(_officer(bank), by_key=True)
    for _ in range(21):
        registered(bank, her)


@reproduces("identity.too_many_challenges")
def asking_again_and_again(bank: Bank) -> None:
    for _ in range(301):
        bank.run(service.ask_sign_in, AskSignIn("203.0.113.9"), actor=ANONYMOUS)


@reproduces("kernel.confirmation_not_good")
def a_confirmation_that_there_is_not(bank: Bank) -> None:
    her = _officer(bank)
    bank.run(service.drop_password, DropPassword(), actor=her, proof="challenge_none")


@reproduces("kernel.confirmation_differs")
def another_thing_than_was_confirmed(bank: Bank) -> None:
    her = _officer(bank)
    device = registered(bank, her)
    bank.run(
        service.ask_passkey, AskPasskey("mine"), actor=her, proof=_confirmed(bank.kernel, her, device, AskPasskey("my"))
    )


def _confirmed(kernel: Kernel, her: Actor, device: Device, command: AskPasskey) -> str:
    looked = kernel.look(service.ask_passkey, command, actor=her)
    asked = kernel.run(service.ask_confirmation, AskConfirmation(looked.transaction), actor=her)
    return entrance.confirm(kernel, SITE, her, device.sign(asked.challenge_id, asked.challenge))


@reproduces("identity.app_code_needed")
def a_password_without_the_code(bank: Bank) -> None:
    her = _officer(bank)
    begun = bank.run(codes.begin_codes, BeginCodes(), actor=her)
    bank.run(codes.keep_codes, KeepCodes(pyotp.TOTP(begun.seed).now()), actor=her)
    require_logged_in(doors.log_in(bank.kernel, LogIn("olga", PASSWORD)))


@reproduces("identity.app_code_wrong")
def a_code_of_another_app(bank: Bank) -> None:
    her = _officer(bank)
    bank.run(codes.begin_codes, BeginCodes(), actor=her)
    codes.require_kept(bank.run(codes.keep_codes, KeepCodes("none"), actor=her))


@reproduces("identity.app_codes_over")
def a_fifth_code_of_another_app(bank: Bank) -> None:
    her = _officer(bank)
    bank.run(codes.begin_codes, BeginCodes(), actor=her)
    tried = [bank.run(codes.keep_codes, KeepCodes("none"), actor=her) for _ in range(5)]
    codes.require_kept(tried[-1])


@reproduces("identity.app_codes_there")
def codes_twice(bank: Bank) -> None:
    her = _officer(bank)
    begun = bank.run(codes.begin_codes, BeginCodes(), actor=her)
    bank.run(codes.keep_codes, KeepCodes(pyotp.TOTP(begun.seed).now()), actor=her)
    bank.run(codes.begin_codes, BeginCodes(), actor=her)


@reproduces("identity.app_codes_not_begun")
def a_code_before_a_seed(bank: Bank) -> None:
    bank.run(codes.keep_codes, KeepCodes("123456"), actor=_officer(bank))


@reproduces("parties.app_code_next")
def a_new_password_by_the_phone_of_whoever_has_codes_of_an_app(bank: Bank) -> None:
    token = str(enrolment.require_enrolled(enrolled(bank, Person())).session.token)  # type: ignore[union-attr]
    her = doors.who_is(bank.kernel, token).actor
    begun = bank.run(codes.begin_codes, BeginCodes(), actor=her)
    bank.run(codes.keep_codes, KeepCodes(pyotp.TOTP(begun.seed).now()), actor=her)
    enrolled(bank, Person())
    waited(bank)
    enrolment.require_enrolled(enrolled(bank, Person()))
