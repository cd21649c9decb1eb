"""Decide whether the events of a loan that were acts on it are what the log says was told. Pure.

What an act posts and moves is derived again elsewhere; the log alone knows a fact that has come to nothing yet, and its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from farthing.kernel.operation import decode
from farthing.lending.acts.model import Act, Happened
from farthing.lending.acts.rules import fact_of, happened
from farthing.lending.life import PAYING, Life, as_fact
from farthing.lending.model import LoanEvent

BY_ITSELF = ("pay_out", *PAYING, "reset_rate")
"""Kinds of events that come by another way than an act, of which another derivation knows."""


def _by_itself(event: LoanEvent) -> bool:
    """Whether an event comes by another way than an act; a further payment out is one."""
    return event.kind in BY_ITSELF and event.told_on == event.on and (event.kind != "pay_out" or event.number == 1)


@dataclass(frozen=True, slots=True)
class Telling:
    """What a leaf says of one act: the command, and the event that it became."""

    command: Act
    event: Happened


def telling(command_type: type, data: Mapping[str, Any]) -> Telling | None:
    """What a leaf of an act's operation says; none of an act that was drafted or refused."""
    result = data.get("result")
    if not isinstance(result, dict) or "told_on" not in result:
        return None
    return Telling(decode(command_type, data["command"]), decode(Happened, result))


def mistold(life: Life, tellings: Iterable[Telling]) -> list[str]:
    """Where the events of a loan and what the log says was told differ."""
    by_id = {event.id: event for event in life.events}
    found, told = [], set()
    for each in tellings:
        was, event = each.event, by_id.get(each.event.id)
        told.add(was.id)
        if event is None:
            found.append(f"has no event {was.id}, and the log says that it was told: {was.kind} of {was.on}")
            continue
        said = replace(as_fact(event), shifts=())  # holidays are as they were declared when it was told
        fact = replace(
            fact_of(each.command, was.kind, was.id, was.told_on, life.loan.conditions), amount=was.amount.minor
        )
        if said.penalty is None:  # a rate that was lowered before its penalty fell along
            fact = replace(fact, penalty=None)
        if said != fact or replace(happened(life, event), reversed=False) != was:
            found.append(
                f"has event {event.number}, {event.kind} of {event.on}, which is not what the log says was told"
            )
    return found + [
        f"has event {event.number}, {event.kind} of {event.on}, and the log does not say that it was told"
        for event in life.events
        if event.id not in told and not _by_itself(event)
    ]
