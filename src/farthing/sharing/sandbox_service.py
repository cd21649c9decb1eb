"""Run the registration of an institution in a simulated bank by whoever writes its program: nobody's money is there. A bank with
a real clock registers institutions by two of its staff alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from farthing.db.tx import Tx
from farthing.identity import counting
from farthing.kernel.day import is_simulated
from farthing.kernel.operation import operation
from farthing.kernel.whose import NOBODYS
from farthing.kit.errors import declined, forbidden
from farthing.kit.inputs import Address, Few, Line, Source, Word
from farthing.kit.words import Words
from farthing.parties.vouching import service as partners
from farthing.parties.vouching.model import READS, RegisterRelyingParty, RelyingParty

MOST_AN_HOUR = 20
HOUR = timedelta(hours=1)

NOT_A_SANDBOX = forbidden(
    "sharing.not_a_sandbox",
    "This bank is no simulation: two of its staff register an institution. Write to the bank.",
    "本行不是模拟环境：机构须由本行两名工作人员登记。请与本行联系。",
)
MANY_TODAY = declined(
    "sharing.many_registered",
    "Many institutions were registered here within the hour; try again later.",
    "一小时内登记的机构过多；请稍后再试。",
)


@dataclass(frozen=True, slots=True)
class RegisterInSandbox:
    """Let a program of one's own ask to read accounts of simulated people. ``keys`` is its set of public keys (JWKS)."""

    name: Line
    name_zh: Line
    redirect_uris: Annotated[tuple[Address, ...], Few]
    keys: Source
    reads: Annotated[tuple[Word, ...], Few] = READS
    notices_to: Address = ""


@operation(
    "sharing.register_in_sandbox", title=Words("Register an institution in the sandbox", "在模拟环境登记机构"),
    permission="identity:attest", whose=NOBODYS,
)  # fmt: skip
def register_in_sandbox(tx: Tx, command: RegisterInSandbox) -> RelyingParty:
    """Register an institution at once. Refuses ``sharing.not_a_sandbox``, ``sharing.many_registered``,
    ``parties.relying_party_bad``, ``parties.too_many_relying_parties``."""
    if not is_simulated(tx):
        raise NOT_A_SANDBOX()
    if not counting.within(tx, ("sandbox institutions",), HOUR, MOST_AN_HOUR):
        raise MANY_TODAY()
    return partners.register_relying_party(tx, RegisterRelyingParty(
        command.name, command.name_zh, command.redirect_uris, (), "private_key_jwt", command.keys, command.reads,
        command.notices_to,
    ))  # fmt: skip
