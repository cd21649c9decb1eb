"""Own ``SignIn``: how old a sign-in may be for what, and how long a lost way in waits, as data of a policy pack. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from farthing.identity.sign_in import SignInRules
from farthing.kit.tables import Table
from farthing.kit.words import Words

MOST_MINUTES, MOST_HOURS, MOST_DAYS = 12 * 60, 24 * 30, 365


@dataclass(frozen=True, slots=True)
class SignIn:
    """The figures, and where they come from."""

    rules: SignInRules
    article: Words


def before(silent: Words) -> SignIn:
    """What holds in a bank whose pack was published before it said so."""
    return SignIn(SignInRules(), silent)


def decode(table: Table) -> SignIn:
    """The part ``[sign_in]`` of a policy pack; refuses ``products.*`` by key."""
    second, grace = table.flag("staff_second"), timedelta(days=table.whole("staff_grace_days", 0, MOST_DAYS))
    found = SignIn(
        SignInRules(
            signs=timedelta(minutes=table.whole("sign_minutes", 1, MOST_MINUTES)),
            decides=timedelta(minutes=table.whole("decide_minutes", 1, MOST_MINUTES)),
            code_wait=timedelta(hours=table.whole("code_hours", 0, MOST_HOURS)),
            counter_wait=timedelta(hours=table.whole("counter_hours", 0, MOST_HOURS)),
            ready=timedelta(days=table.whole("ready_days", 1, MOST_DAYS)),
            stopped=timedelta(days=table.whole("stopped_days", 1, MOST_DAYS)),
            staff_second=grace if second else None,
        ),
        table.words("article"),
    )
    if found.rules.counter_wait > found.rules.code_wait:
        raise table.wrong("counter_hours", "may not exceed code_hours", "不得超过 code_hours")
    table.close()
    return found
