"""Decide whether somebody is known as well today as was enough once. Pure, and light: whoever reads a policy needs it."""

from __future__ import annotations

from farthing.kit.errors import declined
from farthing.parties.model import Party

LEVEL_LAPSED = declined(
    "parties.level_lapsed",
    "Verification level {needed} held until {until}, and this needs it now; have the identity verified again, on the page "
    "of levels or at a counter, then repeat.",
    "实名等级 {needed} 的有效期至 {until}，此业务现需该等级；请在“核验等级”页或柜台重新核验身份后再试。",
)


def check_lapsed(party: Party, needed: int) -> None:
    """Refuse ``parties.level_lapsed`` where the party once stood at ``needed``, and that has ended by the day."""
    if party.verification_level < needed <= len(party.levels_until):
        raise LEVEL_LAPSED(needed=needed, until=party.levels_until[needed - 1])
