"""Own the way to a licensed credit bureau over HTTP.

Never raises for a bureau's fault: late, broken or senseless answers are "no answer", and the decision says so.
"""

from __future__ import annotations

import json

from farthing.credit.bureau.model import BureauQuestion, BureauReport
from farthing.kernel.operation import decode
from farthing.kit.canonical import canonical
from farthing.kit.client import PeerFault, post
from farthing.kit.errors import Refusal

LARGEST_ANSWER = 256 * 1024
WITHIN_MS = 1500


class HttpBureau:
    """``POST <url>/inquiries`` with the question as JSON; answers the fields of ``BureauReport`` but ``bureau``."""

    def __init__(self, url: str, *, name: str = "bureau", within_ms: int = WITHIN_MS) -> None:
        self.name = name
        self._url = url.rstrip("/") + "/inquiries"
        self._within = within_ms / 1000

    def inquire(self, question: BureauQuestion) -> BureauReport | None:
        """The report, or none: after the deadline (of the whole call), or for anything that is not a report."""
        try:
            said = post(self._url, canonical(question), within=self._within, at_most=LARGEST_ANSWER)
            report: BureauReport = decode(BureauReport, {**json.loads(said.body), "bureau": self.name})
        except (PeerFault, ValueError, TypeError, RecursionError, Refusal):
            return None
        return report if report.state in ("no_record", "found") else None
