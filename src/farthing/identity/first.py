"""Make the first two security officers of a bank, who make everybody else; only while nobody of the staff exists.

A bank cannot begin with one person: every login of the staff is wanted by two. So two are made at once, of two persons,
and each types a password of the own: whoever holds the terminal for the one learns nothing of the other's.
"""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.identity import passwords, rules, store
from farthing.identity.model import CreateLogin, Login
from farthing.identity.service import person_behind
from farthing.kernel.operation import operation, personal, secret
from farthing.kernel.whose import STAFF
from farthing.kit.errors import conflict
from farthing.kit.inputs import Code, Line, PersonName, Secret
from farthing.kit.words import Words

ROLE = "security"

STAFF_THERE = conflict(
    "identity.staff_there",
    "This bank has staff already; its security officers make every further login (POST /v1/logins).",
    "本行已有员工登录账户；其余由安全管理员开立（POST /v1/logins）。",
)


@dataclass(frozen=True, slots=True)
class Officer:
    """A person who becomes a security officer: login name, who it is, and the password that the person typed."""

    name: Line
    person_name: PersonName = personal()
    person_number: Code = personal()
    password: Secret = secret()


@dataclass(frozen=True, slots=True)
class FirstOfficers:
    """The two persons with whom a bank begins."""

    one: Officer
    other: Officer


@dataclass(frozen=True, slots=True)
class Appointed:
    """Under which names the two act from now on."""

    actors: tuple[str, ...]


def hashed(command: FirstOfficers) -> tuple[str, ...]:
    """The hashes of both passwords; refuses ``identity.password_weak`` and ``identity.name_invalid`` before anything."""
    return tuple(
        passwords.hash_password(rules.check_password(each.password, rules.name_of(each.name, ROLE)))
        for each in (command.one, command.other)
    )


@operation(
    "identity.first_officers", title=Words("Make the first security officers", "设立首任安全管理员"),
    permission="identity:found", prepare=hashed, whose=STAFF,
)  # fmt: skip
def first_officers(tx: Tx, command: FirstOfficers, hashes: tuple[str, ...]) -> Appointed:
    """Let two persons log in as security officers, with whom a bank begins.

    Refuses ``identity.staff_there``, ``identity.person_conflict`` where both are one person, and what
    ``identity.create_login`` refuses.
    """
    if store.has_staff(tx):
        raise STAFF_THERE()
    pairs = zip((command.one, command.other), hashes, strict=True)
    return Appointed(tuple(_officer(tx, each, password_hash) for each, password_hash in pairs))


def _officer(tx: Tx, officer: Officer, password_hash: str) -> str:
    name = rules.name_of(officer.name, ROLE)
    person_id = person_behind(tx, CreateLogin(name, ROLE, officer.person_name, officer.person_number))
    rules.check_second_login(ROLE, store.logins_of_person(tx, person_id))
    login = Login(name, rules.actor_id_of(name, ROLE, None), ROLE, None, store.wall_time(tx), None, person_id)
    if not store.insert_login(tx, login, password_hash):
        raise rules.NAME_TAKEN()
    return login.actor_id
