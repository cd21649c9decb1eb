"""Own the list of acts on a loan, once, for every door: the word by which it is asked for, its operation, and the words that a
field of it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from farthing.kernel.operation import Operation, operation_of
from farthing.kit.words import Words
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import CHARGED, RESCHEDULES, WAIVED
from farthing.lending.draws import service as draws


@dataclass(frozen=True, slots=True)
class Act:
    """An act on a loan; ``words``: what there is to choose from in a field, by the field."""

    function: Callable[..., Any]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def operation(self) -> Operation:
        """What is known of it as an operation."""
        return operation_of(self.function)

    @property
    def title(self) -> Words:
        """What it is called."""
        return self.operation.title

    @property
    def asks(self) -> tuple[str, ...]:
        """The fields of its form, in their order."""
        return tuple(each.name for each in fields(self.operation.command_type) if each.name != "loan_id")


ACTS: Mapping[str, Act] = {
    "charge": Act(acts.charge, {"component": CHARGED}),
    "waive": Act(acts.waive, {"component": WAIVED}),
    "pause": Act(acts.pause_interest),
    "rate": Act(acts.lower_rate),
    "reschedule": Act(acts.reschedule, {"how": RESCHEDULES}),
    "goodwill": Act(acts.goodwill),
    "refund": Act(acts.refund_credit),
    "repay-as-of": Act(acts.repay_as_of),
    "reverse": Act(acts.reverse_event),
    "charge-off": Act(acts.charge_off),
    "write-off": Act(acts.write_off),
    "take-recovery": Act(acts.take_recovery),
    "recover": Act(acts.recover),
    "surplus": Act(acts.choose_surplus),
    "draw": Act(draws.draw),
    "give-back": Act(draws.give_back),
}
"""By the word of the command line and of a page's address."""
