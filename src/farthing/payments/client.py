"""Own the closed table of rails. A deployment adds its clearing house or sponsor bank here, behind the same port."""

from __future__ import annotations

from farthing.payments.model import BankRail
from farthing.payments.rules import RAIL_UNKNOWN
from farthing.payments.sandbox_rail import SandboxRail

RAILS: dict[str, BankRail] = {"sandbox": SandboxRail()}


def rail(name: str) -> BankRail:
    """The rail of that name; refuses ``payments.rail_unknown``."""
    try:
        return RAILS[name]
    except KeyError:
        raise RAIL_UNKNOWN(rail=name) from None
