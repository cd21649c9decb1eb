"""Own ``SignInRules``: how long a recovery waits, and how old a sign-in may be for what. The figures are a policy pack's, read by
whoever stands above; these hold where no pack names any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from farthing.db.tx import Tx
from farthing.kit.errors import InvariantBroken


@dataclass(frozen=True, slots=True)
class SignInRules:
    """How long ago one may have signed in who changes a way in (``ways_in``), who signs by no key (``signs``), and who of the
    staff decides for two (``decides``); how long a recovery waits that was asked for by a code to the phone, or by two officers
    who saw the person; for how long it can be finished then, and asked for by a code no more once it was stopped.
    ``staff_second``: how long after the login was made staff may do their work without a second factor; for ever where none."""

    ways_in: timedelta = timedelta(minutes=10)
    signs: timedelta = timedelta(minutes=60)
    decides: timedelta = timedelta(hours=8)
    code_wait: timedelta = timedelta(hours=24)
    counter_wait: timedelta = timedelta(hours=2)
    ready: timedelta = timedelta(days=7)
    stopped: timedelta = timedelta(days=7)
    staff_second: timedelta | None = None


_policy: list[Callable[[Tx], SignInRules]] = []


def by_policy(find: Callable[[Tx], SignInRules]) -> Callable[[Tx], SignInRules]:
    """Mark who knows the policy's figures; ``products`` does."""
    if _policy:
        raise InvariantBroken("two say how old a sign-in may be")
    _policy.append(find)
    return find


def rules_of(tx: Tx) -> SignInRules:
    """What holds now."""
    return _policy[0](tx) if _policy else SignInRules()
