"""Own the noun ``ShownCode``: eight digits on a customer's screen by which a member of staff finds her, once.

Table: ``shown_code``. It says who wants help and proves nothing: what is done for her still needs her to be there
(:mod:`farthing.parties.attending`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from farthing.kernel.operation import personal, secret
from farthing.kit.inputs import Code, Id


@dataclass(frozen=True, slots=True)
class ShowCode:
    """The customer wants help at a counter; the code that was shown before is no longer good."""

    party_id: Id


@dataclass(frozen=True, slots=True)
class ShownCode:
    """What the customer shows. It is in this answer alone: asked for again, another one is made."""

    party_id: str
    expires_at: datetime
    code: str = secret("")


@dataclass(frozen=True, slots=True)
class FindByCode:
    """A member of staff types the code that a customer shows, as it is written or without the gap."""

    code: Code = secret()


@dataclass(frozen=True, slots=True)
class Found:
    """Who shows the code. That it is no longer good is an outcome, not a refusal, because the try must be kept."""

    outcome: Literal["found", "unknown"]
    party_id: str | None = None
    name: str = personal("")
