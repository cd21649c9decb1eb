"""Let the people of a story in by the bank's own door: a code to the phone, which the gateway named sandbox shows."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from farthing.identity.proof import sending
from farthing.identity.rules import ANONYMOUS
from farthing.kernel.gateway import SandboxGateway
from farthing.kernel.run import Kernel
from farthing.kit.errors import InvariantBroken
from farthing.parties import service as parties
from farthing.parties.enrolment import service as enrolment
from farthing.parties.enrolment.model import AskCode, Enrol
from farthing.parties.model import Party, Register
from farthing.parties.rules import phone_of


@dataclass(frozen=True, slots=True)
class CameIn:
    """Who came in, and the message that proved the phone; none for somebody who was in already (a story told again)."""

    party: Party
    message: str | None


def come_in(kernel: Kernel, person: Register) -> CameIn:
    """Register somebody as the pages do; somebody who is known is taken as the story left it."""
    known = kernel.read(lambda tx: parties.holder_of_number(tx, person.resident_id))
    if known is not None:
        return CameIn(known, None)
    asked = kernel.run(enrolment.ask_code, AskCode(person.name, person.resident_id, person.phone), actor=ANONYMOUS)
    sending.send(kernel, asked.proof_id, asked.messages)
    gateway = kernel.ports.peer("gateway")
    if not isinstance(gateway, SandboxGateway):
        raise InvariantBroken("a story is told where the gateway is the one named sandbox")
    message = gateway.sent_to(phone_of(person.phone))[-1].text
    code = re.findall("[0-9]{6}", message)[0]
    command = Enrol(
        asked.proof_id, code, person.name, person.resident_id, person.phone, secrets.token_urlsafe(15), "story"
    )
    done = enrolment.require_enrolled(kernel.run(enrolment.enrol, command, actor=ANONYMOUS))
    assert done.party is not None
    return CameIn(done.party, message)
