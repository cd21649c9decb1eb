"""Own how rails are asked: what is sent, what is asked by our id, and what is made of each answer. Never with a transaction open.

A rail's ``duplicate`` is no no: the first instruction's outcome is asked. What is pending waits, and what is held stays held.
"""

from __future__ import annotations

from typing import cast

from farthing.kernel import errands
from farthing.kernel.errands import Desk, Errand, NotYet
from farthing.kernel.operation import decode
from farthing.payments.life import service as life
from farthing.payments.life.model import Fact
from farthing.payments.model import BankRail, Instruction, Original, RailAnswer, RailAnswered, Said
from farthing.payments.rules import CONTENT_DIFFERS


@errands.sender("payments.rail", lost=life.lost)
def _instruct(desk: Desk, errand: Errand) -> RailAnswered | NotYet | None:
    """Send an instruction; at another attempt ask first what became of it, for it may have arrived. What is sent on another day
    waits for it."""
    instruction = decode(Instruction, errand.request)
    if instruction.waits and instruction.on is not None and desk.read(lambda tx: tx.business_date) < instruction.on:
        return NotYet(f"sent on {instruction.on}")
    rail: BankRail = desk.ports.peer("rail", errand.peer)
    original = Original(instruction.id, instruction.direction, instruction.amount)
    answer = rail.inquire(original) if errand.attempts > 1 else RailAnswer("missing")
    if answer is not None and answer.outcome == "missing":
        answer = rail.send(instruction)
    if answer is not None and answer.outcome == "duplicate":
        answer = rail.inquire(original)
    return heard(errand, answer)


@errands.sender(life.INQUIRY, first=life.FIRST_INQUIRY, longest=life.LONGEST_BETWEEN, lost=life.lost)
def _inquire(desk: Desk, errand: Errand) -> RailAnswered | NotYet | None:
    """Ask what became of a movement that its rail accepted: only its end is an answer."""
    rail: BankRail = desk.ports.peer("rail", errand.peer)
    answer = rail.inquire(decode(Original, errand.request))
    if answer is not None and answer.outcome == "accepted":
        return NotYet("accepted, not settled")
    return heard(errand, answer)


def heard(errand: Errand, answer: RailAnswer | None) -> RailAnswered | NotYet | None:
    """What an answer comes to; refuses ``payments.content_differs``, upon which nothing is released."""
    if answer is None:
        return None
    if answer.outcome == "differs":
        raise CONTENT_DIFFERS(rail=errand.peer, movement_id=life.movement_of(errand))
    if answer.outcome in ("pending", "missing", "duplicate"):
        return NotYet(answer.outcome)
    return RailAnswered(errand.id, cast("Said", answer.outcome), answer.reference, answer.reason_code, answer.reason)


def fact_of(errand: Errand, said: RailAnswered) -> Fact:
    """What an answer that came says of its movement."""
    return Fact(
        life.movement_of(errand), said.outcome, said.outcome, "inquiry" if errand.kind == life.INQUIRY else "answer",
        reference=said.reference, reason_code=said.reason_code, reason=said.reason,
    )  # fmt: skip
