"""Send notices to phones by errand: written with what they tell of, carried by the gateway until it took them over.

A code may be lost, for another can be asked for; a notice may not: nobody else would tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.errands import Desk, Errand, Wanted
from farthing.kernel.gateway import Gateway
from farthing.kernel.operation import decode, operation
from farthing.kernel.whose import STAFF
from farthing.kit.chinese import in_chinese
from farthing.kit.inputs import Id
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to come to a phone; the errand forgets it once it was taken over."""

    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class NoticeSent:
    """The carrier took a notice over, under its own reference."""

    errand_id: Id
    reference: Id


def tell(tx: Tx, party_id: str, phone: str, said: Words, *, waits: bool = False) -> tuple[str, ...]:
    """Write a notice to a phone, in both languages; answers its errand, or nothing where the bank has no gateway."""
    return tell_all(tx, [(party_id, phone, said)], waits=waits)


def tell_all(tx: Tx, notices: Sequence[tuple[str, str, Words]], *, waits: bool = False) -> tuple[str, ...]:
    """The same of many, each to whom it is about, on which phone, and what is said: one statement."""
    if not notices or not tx.ports.names("gateway"):
        return ()
    peer = tx.ports.first("gateway")
    wanted = [
        Wanted(tx.new_id("notice"), peer, party_id, Notice(phone, f"【法新】{in_chinese(said.zh)} Farthing: {said.en}"))
        for party_id, phone, said in notices
    ]
    errands.write_all(tx, "parties.notice", wanted, notice_sent, waits=waits)
    return tuple(each.id for each in wanted)


@errands.sender("parties.notice")
def _send(desk: Desk, errand: Errand) -> NoticeSent | None:
    gateway: Gateway = desk.ports.peer("gateway", errand.peer)
    notice: Notice = decode(Notice, errand.request)
    sent = gateway.send(errand.id, notice.phone, notice.text)
    return None if sent is None else NoticeSent(errand.id, sent.reference)


@operation(
    "parties.notice_sent", title=Words("A notice was sent", "通知已发送"), permission=errands.ANSWER, whose=STAFF
)
def notice_sent(tx: Tx, command: NoticeSent) -> NoticeSent:
    """Take the carrier's receipt. Refuses ``errands.answered``."""
    errands.settle(tx, command.errand_id)
    return command
