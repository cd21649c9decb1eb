"""Own what is asked for when a customer lets a helper act for her."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, Code, Day, Few, Id, PersonName, Slug


@dataclass(frozen=True, slots=True)
class GrantPower:
    """Let a helper, named by phone and whole name, act in some matters, up to a limit, until a day. ``id`` is the customer's own
    name for it."""

    id: Id
    principal: Id
    scope: Annotated[tuple[Slug, ...], Few]
    most_each: Amount
    most_day: Amount
    until: Day
    helper_phone: Code = personal()
    helper_name: PersonName = personal()
