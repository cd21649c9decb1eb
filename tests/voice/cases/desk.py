"""A complaints desk for tests: two customers with wallets, members of staff with logins, and how a case comes in and is
answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from farthing.bank.founding import SECOND
from farthing.identity import service as identity
from farthing.identity.model import CreateLogin
from farthing.identity.rules import actor_of
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.voice.cases import handling_service as handling
from farthing.voice.cases import service as voice
from farthing.voice.cases.audit_service import verify_cases
from farthing.voice.cases.model import AnswerCase, AssignCase, CaseView, ClassCase, Speak
from tests.conftest import Bank
from tests.payments.packets.people import herself, street

NUMBERS = ("110101199003070038", "110101199003070177", "110101199003070257", "110101199003070337")
NAMES = (("wang", "王丽华", "operator"), ("zhao", "赵志强", "risk"), ("qian", "钱国庆", "operator"))
WORDS = "我提前支取定期被扣了罚息，柜台说不清楚。"


@dataclass
class Desk:
    """A bank under a law, its customers, and its staff by login."""

    bank: Bank
    ann: str
    bob: str
    staff: dict[str, Actor]

    def speak(self, words: str = WORDS, kind: str = "complaint", party: str = "", **more: Any) -> CaseView:
        who = party or self.ann
        said: CaseView = self.bank.run(voice.speak, Speak(who, kind, words, **more), actor=herself(who))  # type: ignore[arg-type]
        return said

    def act(self, operation: Any, command: Any, login: str = "wang") -> Any:
        return self.bank.run(operation, command, actor=self.staff[login])

    def two(self, operation: Any, command: Any, maker: str = "wang", checker: str = "zhao") -> Any:
        waits = self.act(operation, command, maker)
        return self.bank.run(approvals.decide, Decide(waits.approval_id, approve=True), actor=self.staff[checker])

    def classed(self, case_id: str, login: str = "wang") -> None:
        self.act(handling.assign, AssignCase(case_id), login)
        self.act(handling.classify, ClassCase(case_id, "A11", "B11", "C15", 2), login)

    def answer(self, case_id: str, outcome: str = "accepted", login: str = "wang") -> Any:
        return self.act(handling.answer, AnswerCase(case_id, outcome, "罚息已退还。"), login)  # type: ignore[arg-type]


def refused(work: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(Refusal) as caught:
        work(*arguments, **named)
    return caught.value.code


def clean(bank: Bank) -> None:
    """Nothing of the cases is found wrong."""
    found = bank.read(verify_cases, snapshot=True).findings
    assert not found, [str(each) for each in found]


def desk(bank: Bank, policy: str = "cn") -> Desk:
    """The usual one."""
    them = street(bank, policy)
    staff = bank.begin(f"desk {policy}", _staff)
    actors = {login: actor_of(actor, role, None, person) for login, actor, role, person in staff}
    return Desk(bank, them.sender, them.friends[0], actors)


def _staff(bank: Bank) -> list[tuple[str, str, str, str]]:
    found = []
    for (login, name, role), number in zip(NAMES, NUMBERS, strict=False):
        made = bank.run(identity.create_login, CreateLogin(login, role, name, number))
        waits = getattr(made, "approval_id", None)
        if waits:
            bank.run(approvals.decide, Decide(waits, approve=True), actor=SECOND)
        actor = bank.read(lambda tx, login=login: identity.staff_login(tx, login))
        person = bank.read(lambda tx, actor=actor: identity.persons_of(tx, [actor]))[actor]
        found.append((login, actor, role, person))
    return found
