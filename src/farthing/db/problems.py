"""Own the two ways in which a database says no to a whole transaction, and the name of the application's role."""

from __future__ import annotations

APP_ROLE = "farthing_app"


class Collision(Exception):
    """Another transaction won (serialization failure, deadlock, unique key): run the whole transaction again."""


class Unavailable(Exception):
    """The database cannot answer now. ``unknown_outcome`` is true when the answer to COMMIT was lost; ``waited`` when the
    caller waited in vain already, so that whoever asked is told now and not after several times as long."""

    def __init__(self, message: str, *, unknown_outcome: bool = False, waited: bool = False) -> None:
        super().__init__(message)
        self.unknown_outcome = unknown_outcome
        self.waited = waited
