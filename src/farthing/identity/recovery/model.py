"""Own the noun ``Recovery``: a way in that is to be given back to somebody who lost it, once its wait is over.

Table: ``recovery``, one row for each login and way. Nothing is lowered before the wait is over: the old password, passkeys and
codes hold, so that whoever has them stops it. Keeps no new password: it is chosen at the end, by another code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from farthing.kernel.operation import secret
from farthing.kit.inputs import Secret

Way = Literal["code", "counter"]
"""By a code to the phone: another password; at a counter, where two officers saw the person: lost passkeys and app codes end."""
State = Literal["waiting", "done", "used", "stopped"]
"""``done``: what the officers asked for took effect; ``used``: a password was chosen by it."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """A recovery as its person sees it: from ``due_at`` on it takes effect, until ``ends_at``; of one that was stopped no other
    is begun by a code until then."""

    way: Way
    state: State
    asked_at: datetime
    due_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class StopRecovery:
    """Stop every recovery of one's own login that waits."""


@dataclass(frozen=True, slots=True)
class StopByWord:
    """The same for whoever is signed in nowhere, by the word that came to the phone; ``source`` is counted."""

    word: Secret = secret()
    source: Secret = secret("")


@dataclass(frozen=True, slots=True)
class Stopped:
    """How many were stopped. A word that stops nothing is an outcome, not a refusal, because the try must be kept."""

    count: int
