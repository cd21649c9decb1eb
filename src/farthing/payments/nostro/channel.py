"""Own the port to a rail's statements (``StatementChannel``), and what an answer of it comes to. Pure."""

from __future__ import annotations

import base64
from datetime import date
from typing import Protocol

from farthing.kernel.errands import Errand, NotYet
from farthing.payments.nostro.model import StatementTold


class StatementChannel(Protocol):
    """The way on which a rail tells what is on our account there; nothing raised and nothing made up."""

    def statement(self, on: date) -> bytes | None:
        """camt.053 of a day that is over: empty where there is none yet, none where nobody answered."""
        ...

    def report(self) -> bytes | None:
        """camt.052 of today so far."""
        ...


def told(errand: Errand, content: bytes | None) -> StatementTold | NotYet | None:
    """What a rail's answer comes to."""
    if content is None:
        return None
    if not content:
        return NotYet("no statement yet")
    return StatementTold(errand.id, base64.b64encode(content).decode())
