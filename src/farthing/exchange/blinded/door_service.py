"""Own the HTTP door of a small process: verbs by path, JSON in and out, refusals by their code. Never calls anybody."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from farthing.kit import answering
from farthing.kit.answering import Answering
from farthing.kit.canonical import canonical, plain
from farthing.kit.errors import Refusal
from farthing.kit.strict_json import Unreadable, parse

MOST_BYTES = 1 << 20
Verb = Callable[[Any], Any]
Clock = Callable[[], datetime]
FORGETS_AFTER = timedelta(hours=1)
"""How often a process lets go what no rule asks about any more."""
_LOG = logging.getLogger(__name__)


def by_the_wall() -> datetime:
    """The instant, by this machine's clock."""
    return datetime.now(UTC)


class Door(answering.Door):
    """Verbs at ``url``, until it is told to stop."""

    def __init__(self, verbs: Mapping[str, Verb], host: str = "127.0.0.1", port: int = 0) -> None:
        class Handler(Answering):
            def do_POST(self) -> None:
                """One verb."""
                verb = verbs.get(self.path)
                said = None if verb is None else self.asked(MOST_BYTES)
                if verb is None or said is None:
                    self.tell(404 if verb is None else 413, b"{}")
                    return
                self.tell(*_answered(verb, said))

        super().__init__(Handler, host, port)


def _answered(verb: Verb, said: bytes) -> tuple[int, bytes]:
    try:
        return 200, canonical(verb(parse(said)))
    except Refusal as refusal:
        return refusal.status, canonical({"code": refusal.code, "facts": plain(refusal.facts)})
    except Unreadable:
        return 400, b"{}"
    except Exception:
        _LOG.exception("a request failed")
        return 500, b"{}"
