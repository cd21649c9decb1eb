"""The way in: nobody is attached to somebody, or told anything, before the phone on file is proved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from farthing.identity import entrance
from farthing.identity.model import LogIn
from farthing.identity.proof.rules import PER_PHONE
from farthing.identity.rules import ANONYMOUS
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.enrolment import service as enrolment
from farthing.parties.enrolment.model import AskCode
from farthing.parties.model import Register
from tests.conftest import Bank
from tests.identity.people import PASSWORD, Person, ask, codes, enrolled, prove, waited
from tests.parties.people import resident_id

HERS = Person("王奶奶", resident_id(order_code="220"), "137 0013 8000")
THIEF = replace(HERS, phone="139 1234 0000")


def known(bank: Bank) -> str:
    """Somebody registered at the counter, without a login."""
    party = bank.run(parties.register, Register(HERS.name, HERS.number, HERS.phone))
    return str(party.id)


def refused(call: object, *arguments: object, **options: object) -> str:
    with pytest.raises(Refusal) as caught:
        call(*arguments, **options)  # type: ignore[operator]
    return caught.value.code


def rows(bank: Bank, table: str) -> int:
    with bank.superuser() as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)  # type: ignore[arg-type]
    return int(count)


def test_somebody_new_proves_the_phone_and_is_in(bank: Bank) -> None:
    done = enrolled(bank, Person())
    assert done.party is not None and done.session is not None
    assert (done.outcome, done.known_before, done.party.phone) == ("enrolled", False, "+8613812345678")
    assert entrance.log_in(bank.kernel, LogIn("138 1234 5678", PASSWORD)).outcome == "ok"


def test_somebody_known_proves_the_phone_on_file(bank: Bank) -> None:
    party = known(bank)
    done = enrolled(bank, HERS)
    assert (done.outcome, done.known_before) == ("enrolled", True)
    assert done.party is not None and done.party.id == party


def test_whoever_knows_name_and_number_gets_nothing(bank: Bank) -> None:
    """The attack: the phone typed gets a code that looks like any other and opens nothing; nothing is made."""
    known(bank)
    asked = ask(bank, THIEF)
    stranger = ask(bank, Person(number=resident_id(order_code="330"), phone="139 1234 0001"))
    assert type(asked) is type(stranger)
    (decoy,) = codes(bank, THIEF.phone)
    (right,) = codes(bank, HERS.phone)
    assert len(codes(bank, "139 1234 0001")) == 1
    assert decoy != right
    tried = prove(bank, THIEF, asked, decoy)
    assert (tried.outcome, tried.party, tried.session) == ("not_confirmed", None, None)
    assert refused(enrolment.require_enrolled, tried) == "parties.not_confirmed"
    assert rows(bank, "login") == rows(bank, "session") == 0
    assert prove(bank, THIEF, asked, right).outcome == "code_wrong"  # a proof is used once


def test_the_right_code_from_the_phone_on_file_goes_whatever_phone_was_typed(bank: Bank) -> None:
    party = known(bank)
    asked = ask(bank, THIEF)
    done = prove(bank, THIEF, asked, codes(bank, HERS.phone)[-1])
    assert done.party is not None and done.party.id == party
    assert entrance.log_in(bank.kernel, LogIn(THIEF.phone, PASSWORD)).outcome == "wrong"
    assert entrance.log_in(bank.kernel, LogIn(HERS.phone, PASSWORD)).outcome == "ok"


def test_another_name_under_a_number_is_told_nothing(bank: Bank) -> None:
    known(bank)
    other = replace(HERS, name="别人", phone="139 1234 0000")
    asked = ask(bank, other)
    assert codes(bank, HERS.phone) == []
    assert prove(bank, other, asked, codes(bank, other.phone)[-1]).outcome == "not_confirmed"


def test_a_forgotten_password_goes_the_same_way(bank: Bank) -> None:
    first = enrolled(bank, Person())
    waits = enrolled(bank, Person(), "another sentence of mine")
    assert (waits.outcome, waits.session) == ("waits", None)
    assert entrance.log_in(bank.kernel, LogIn(Person().phone, PASSWORD)).outcome == "ok", "nothing is lowered meanwhile"
    waited(bank)
    again = enrolled(bank, Person(), "another sentence of mine")
    assert first.party == again.party
    assert rows(bank, "login") == 1
    assert entrance.log_in(bank.kernel, LogIn(Person().phone, PASSWORD)).outcome == "wrong"
    assert entrance.log_in(bank.kernel, LogIn(Person().phone, "another sentence of mine")).outcome == "ok"
    assert first.session is not None
    assert refused(entrance.who_is, bank.kernel, first.session.token) == "identity.not_signed_in"


def test_a_refused_password_leaves_nothing_behind(bank: Bank) -> None:
    asked = ask(bank, Person())
    code = codes(bank, Person().phone)[-1]
    assert refused(prove, bank, Person(), asked, code, "password12") == "identity.password_weak"
    assert rows(bank, "party") == rows(bank, "login") == rows(bank, "party_number") == 0
    corrected = replace(Person(), phone="138 1234 5679")
    assert prove(bank, corrected, asked, code).outcome == "code_wrong"  # the code is bound to what was said
    assert prove(bank, Person(), asked, code).outcome == "enrolled"


def test_a_phone_that_somebody_else_logs_in_with_is_refused_whole(bank: Bank) -> None:
    enrolled(bank, Person())
    child = replace(Person(), name="林小", number=resident_id(order_code="444"))
    asked = ask(bank, child)
    assert refused(prove, bank, child, asked, codes(bank, child.phone)[-1]) == "identity.name_taken"
    assert rows(bank, "party") == 1


def test_a_code_lives_five_tries_and_ten_minutes(bank: Bank) -> None:
    asked = ask(bank, Person())
    right = codes(bank, Person().phone)[-1]
    wrong = "000000" if right != "000000" else "111111"
    assert [prove(bank, Person(), asked, wrong).outcome for _ in range(5)] == ["code_wrong"] * 5
    assert prove(bank, Person(), asked, right).outcome == "code_wrong"
    asked = ask(bank, Person())
    with bank.superuser() as connection:
        connection.execute("UPDATE proof SET expires_at = now() WHERE id = %s", [asked.proof_id])
    late = prove(bank, Person(), asked, codes(bank, Person().phone)[-1])
    assert refused(enrolment.require_enrolled, late) == "identity.code_wrong"


def test_codes_are_bounded_by_phone_and_by_source(bank: Bank) -> None:
    for _ in range(5):
        ask(bank, Person())
    assert refused(ask, bank, Person()) == "identity.too_many_codes"
    for number in range(30):
        ask(bank, Person(phone=f"138 1234 {6000 + number}"), "203.0.113.9")
    assert refused(ask, bank, Person(phone="138 1234 7000"), "203.0.113.9") == "identity.too_many_codes"
    ask(bank, Person(phone="138 1234 7000"), "203.0.113.10")


def test_a_phone_on_file_that_gets_too_many_is_spared_silently(bank: Bank) -> None:
    """A refusal would tell the asker that the phone is on file."""
    known(bank)
    for number in range(7):
        ask(bank, replace(HERS, phone=f"139 1234 {number:04d}"))
    assert len(codes(bank, HERS.phone)) == 5


def test_anonymous_callers_register_nobody_and_codes_stand_nowhere(bank: Bank) -> None:
    known(bank)
    command = Register(HERS.name, HERS.number, HERS.phone)
    assert refused(bank.run, parties.register, command, actor=ANONYMOUS) == "kernel.forbidden"
    bad = AskCode("林美", "110", "13812345678")
    assert refused(bank.run, enrolment.ask_code, bad, actor=ANONYMOUS) == "parties.resident_id_malformed"
    ask(bank, Person())
    code = codes(bank, Person().phone)[-1]
    with bank.superuser() as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            found = connection.execute(f"SELECT to_jsonb(t)::text FROM {table} AS t").fetchall()  # type: ignore[arg-type]
            assert not any(f'"{code}"' in row or Person().number in row for (row,) in found), table


def test_a_code_that_is_not_sent_cannot_be_guessed(bank: Bank) -> None:
    """Asking again is cheap (opengovsg/askgovsg#418): past the codes that her phone gets in an hour there was still one
    more for each asking, sent to nobody and right all the same."""
    known(bank)
    for number in range(PER_PHONE + 2):
        ask(bank, replace(HERS, phone=f"139 1234 {1000 + number}"), source=f"192.0.2.{number}")
    assert len(codes(bank, HERS.phone)) == PER_PHONE
    with bank.superuser() as connection:
        right, decoys = connection.execute("SELECT count(code), count(decoy) FROM proof").fetchone() or (0, 0)
    assert (right, decoys) == (PER_PHONE, PER_PHONE + 2)


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "༠༡༢༣༤༥༦༧༨༩", "०१२३४५६७८९", "０１２３４５６７８９"])
def test_who_types_other_digits_gets_in_and_comes_back(bank: Bank, digits: str) -> None:
    """jackocnr/intl-tel-input#2105, 40818419/react-code-input#187: registered, and could not log in as she wrote it."""
    own = str.maketrans("0123456789", digits)
    typed = Person(number=Person().number.translate(own), phone=Person().phone.translate(own))
    asked = ask(bank, typed)
    done = prove(bank, typed, asked, codes(bank, Person().phone)[-1].translate(own))
    assert done.party is not None and done.party.phone == "+8613812345678"
    assert entrance.log_in(bank.kernel, LogIn(typed.phone, PASSWORD)).outcome == "ok"
