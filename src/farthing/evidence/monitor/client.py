"""Own the lines of a monitor: to a log's public door, and to witnesses that show what they cosigned last."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from farthing.kit.client import PeerFault, Unanswered, get

__all__ = ["LogDoor", "PeerFault", "shown_by"]

WITHIN, AT_MOST = 10.0, 1 << 20


@dataclass(frozen=True, slots=True)
class LogDoor:
    """A log at the address of a bank."""

    url: str

    def newest(self) -> str:
        """The newest checkpoint, with its witnesses' lines. Raises :class:`PeerFault`."""
        return str(self._asked("checkpoint")["note"])

    def key(self) -> tuple[str, tuple[str, ...]]:
        """The log's verifier key, and the notes by which earlier ones handed over. Raises :class:`PeerFault`."""
        said = self._asked("key")
        return str(said["vkey"]), tuple(str(each) for each in said.get("handovers", ()))

    def proof(self, old: int, new: int) -> tuple[bytes, ...]:
        """The log's proof that a tree of ``old`` leaves is the beginning of one of ``new``; empty where it says no. Raises
        :class:`Unanswered`."""
        try:
            hashes = self._asked(f"consistency?old={old}&new={new}")["hashes"]
            return tuple(bytes.fromhex(each) for each in hashes)
        except Unanswered:
            raise
        except (PeerFault, ValueError, TypeError):
            return ()

    def _asked(self, what: str) -> dict[str, Any]:
        answer = get(f"{self.url.rstrip('/')}/v1/log/{what}", within=WITHIN, at_most=AT_MOST)
        try:
            found = json.loads(answer.body)
            return dict(found)
        except (ValueError, TypeError):
            raise Unanswered("its answer cannot be read") from None


def shown_by(url: str) -> str:
    """The checkpoint that a witness cosigned last, with its line. Raises :class:`PeerFault`."""
    try:
        return get(f"{url.rstrip('/')}/checkpoint", within=WITHIN, at_most=AT_MOST).body.decode()
    except UnicodeDecodeError:
        raise Unanswered("its answer cannot be read") from None
