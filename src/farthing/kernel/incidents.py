"""Own the number under which our own fault is written to the log, whichever door answered it."""

from __future__ import annotations

import logging
import secrets

LOG = logging.getLogger("farthing.api")


def recorded(error: Exception) -> str:
    """Write our own fault to the log; answers the number by which it is found there."""
    number = secrets.token_hex(8)
    LOG.error("incident %s", number, exc_info=error)
    return number
