"""Own ``PasskeyRules``: from which sum on a payment is confirmed by a passkey, as data of a policy pack. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words

MOST_MINUTES = 12 * 60


@dataclass(frozen=True, slots=True)
class PasskeyRules:
    """What a person pays by himself in a business day before each further payment is confirmed by his passkey (``key_above``);
    what he pays in a day who has none (``password_max``), beyond which a counter serves him; and how many minutes ago one may
    have signed in who changes a way in."""

    key_above: Money
    password_max: Money
    again_minutes: int
    article: Words


def decode(table: Table, currency: str) -> PasskeyRules:
    """The part ``[passkeys]`` of a policy pack; refuses ``products.*`` by key."""
    found = PasskeyRules(
        table.positive("key_above", currency), table.positive("password_max", currency),
        table.whole("again_minutes", 1, MOST_MINUTES), table.words("article"),
    )  # fmt: skip
    if found.key_above.minor > found.password_max.minor:
        raise table.wrong("key_above", "may not exceed password_max", "不得超过 password_max")
    table.close()
    return found
