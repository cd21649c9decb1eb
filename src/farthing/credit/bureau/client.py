"""Own the way to a licensed credit bureau over HTTP.

Never raises for a bureau's fault: late, broken or senseless answers are "no answer", and the decision says so.
"""

from __future__ import annotations

import concurrent.futures
import json
import urllib.error
import urllib.request

from farthing.credit.model import BureauQuestion, BureauReport
from farthing.kernel.operation import decode
from farthing.kit.canonical import canonical
from farthing.kit.errors import Refusal

LARGEST_ANSWER = 256 * 1024
WITHIN_MS = 1500


class HttpBureau:
    """``POST <url>/inquiries`` with the question as JSON; answers the fields of ``BureauReport`` but ``bureau``."""

    def __init__(self, url: str, *, name: str = "bureau", within_ms: int = WITHIN_MS) -> None:
        self.name = name
        self._url = url.rstrip("/") + "/inquiries"
        self._within = within_ms / 1000
        self._pool = concurrent.futures.ThreadPoolExecutor(max_workers=16, thread_name_prefix="bureau")

    def inquire(self, question: BureauQuestion) -> BureauReport | None:
        """The report, or none: after the deadline (of the whole call), or for anything that is not a report."""
        pending = self._pool.submit(_post, self._url, canonical(question), self._within)
        try:
            values = json.loads(pending.result(timeout=self._within))
            report: BureauReport = decode(BureauReport, {**values, "bureau": self.name})
        except (TimeoutError, OSError, ValueError, TypeError, RecursionError, urllib.error.URLError, Refusal):
            return None
        return report if report.state in ("no_record", "found") else None


def _post(url: str, body: bytes, timeout: float) -> bytes:
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310 - the address is configured
        return bytes(response.read(LARGEST_ANSWER))
