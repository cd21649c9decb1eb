"""People with logins, for tests: staff who chose their password, customers who proved their phone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from farthing.identity.model import CreateLogin
from farthing.identity.proof import sending
from farthing.identity.rules import ANONYMOUS
from farthing.parties.enrolment import service as enrolment
from farthing.parties.enrolment.model import AskCode, Asked, Enrol, Enrolled
from farthing.parties.rules import phone_of
from farthing.town.staff import settled
from tests.conftest import Bank
from tests.parties.people import resident_id

PASSWORD = "a sentence that is mine"


def staff(bank: Bank, name: str, role: str, password: str = PASSWORD, person: str = "") -> str:
    """A member of staff, each name another person; answers the actor."""
    command = CreateLogin(name, role, person or name, f"NO-{(person or name).upper().replace('.', '-')}")
    return settled(bank.kernel, command, password)


@dataclass(frozen=True)
class Person:
    """Somebody at the door, with a card and a phone."""

    name: str = "林美"
    number: str = resident_id()
    phone: str = "138 1234 5678"


def codes(bank: Bank, phone: str) -> list[str]:
    """The codes that came to a phone, oldest first."""
    texts = bank.kernel.ports.peer("gateway").sent_to(phone_of(phone))
    return [code for message in texts for code in re.findall("验证码 ([0-9]{6})", message.text)]


def ask(bank: Bank, person: Person, source: str = "") -> Asked:
    """Ask for a code, as the doors do."""
    command = AskCode(person.name, person.number, person.phone, source)
    asked: Asked = bank.run(enrolment.ask_code, command, actor=ANONYMOUS)
    sending.send(bank.kernel, asked.proof_id, asked.messages)
    return asked


def prove(bank: Bank, person: Person, asked: Asked, code: str, password: str = PASSWORD) -> Enrolled:
    """Type a code and choose a password."""
    command = Enrol(asked.proof_id, code, person.name, person.number, person.phone, password)
    done: Enrolled = bank.run(enrolment.enrol, command, actor=ANONYMOUS)
    return done


def waited(bank: Bank) -> None:
    """The wait of every recovery is over."""
    with bank.superuser() as connection:
        connection.execute("UPDATE recovery SET asked_at = asked_at - (due_at - asked_at), due_at = asked_at")


def enrolled(bank: Bank, person: Person, password: str = PASSWORD) -> Enrolled:
    """The whole way in, by the code that came to the phone that is named."""
    asked = ask(bank, person)
    return prove(bank, person, asked, codes(bank, person.phone)[-1], password)
