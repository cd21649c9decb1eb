"""Fetch a rail's statements of our account over a channel of their own, as camt.053 and camt.052 over HTTP."""

from __future__ import annotations

from datetime import date

from farthing.kit.client import PeerFault, get
from farthing.payments.iso20022.rules import MOST_BYTES

WITHIN_S = 30.0


class IsoStatements:
    """``GET <url>/statements?on=DAY`` is the statement of a day that is over, ``GET <url>/reports`` what moved today so far; no
    content: there is none yet."""

    def __init__(self, url: str, within_s: float = WITHIN_S) -> None:
        self._url, self._within = url, within_s

    def statement(self, on: date) -> bytes | None:
        """camt.053 of a day; empty where there is none yet, none where nobody answered."""
        return self._got(f"{self._url}/statements?on={on.isoformat()}")

    def report(self) -> bytes | None:
        """camt.052 of today so far; empty and none as above."""
        return self._got(f"{self._url}/reports")

    def _got(self, url: str) -> bytes | None:
        try:
            return get(url, within=self._within, at_most=MOST_BYTES).body
        except PeerFault:
            return None
