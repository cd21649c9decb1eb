"""Own how the command line runs what takes two officers: drafted where one asks, done at once by a bank of a simulated clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from farthing.bank.founding import agreed
from farthing.bank.staff import check_made_here
from farthing.commands import shown
from farthing.commands.bank import bank
from farthing.commands.officers import acting
from farthing.kernel.operation import decode, operation_of


def by_two(
    function: Callable[..., Any], command: Any, officer: str | None, as_json: bool, show: Callable[[Any], None]
) -> None:
    """Run an operation of two persons and say what came of it, or that it waits for the other. Refuses what
    :func:`farthing.bank.staff.check_made_here` does where no officer is named."""
    with bank() as kernel:
        if officer is None:
            check_made_here(kernel)
            answer: Any = decode(operation_of(function).result_type, agreed(kernel, function, command))
        else:
            with acting(kernel, officer) as actor:
                answer = kernel.run(function, command, actor=actor)
    shown.say(answer, as_json, show)
