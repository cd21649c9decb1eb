"""Ask a partner lender over HTTP, within a deadline that covers the whole call. Never raises for a bad answer."""

from __future__ import annotations

import concurrent.futures
import json
import urllib.error
import urllib.request

from farthing.funding.model import Partner, PartnerAnswer, Question
from farthing.kit.canonical import canonical

LARGEST_ANSWER = 64 * 1024


class HttpPartnerBank:
    """``POST <url>/eligibility`` with the question as JSON; answers ``{"agreed", "reference", "reason"}``."""

    def __init__(self) -> None:
        self._pool = concurrent.futures.ThreadPoolExecutor(max_workers=16, thread_name_prefix="partner")

    def ask(self, partner: Partner, question: Question, within_ms: int) -> PartnerAnswer | None:
        """The partner's answer, or none after ``within_ms`` or for anything that is not an answer."""
        pending = self._pool.submit(_post, f"{partner.url}/eligibility", canonical(question), within_ms / 1000)
        try:
            return _read(pending.result(timeout=within_ms / 1000))
        except (TimeoutError, OSError, ValueError, urllib.error.URLError):
            return None

    def release(self, partner: Partner, inquiry_id: str, within_ms: int) -> bool:
        """``POST <url>/releases`` with the inquiry's id; whether the partner took note in time."""
        body = canonical({"inquiry_id": inquiry_id})
        pending = self._pool.submit(_post, f"{partner.url}/releases", body, within_ms / 1000)
        try:
            return bool(json.loads(pending.result(timeout=within_ms / 1000)) == {"released": inquiry_id})
        except (TimeoutError, OSError, ValueError, urllib.error.URLError):
            return False


def _post(url: str, body: bytes, timeout: float) -> bytes:
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310 - the address is configured
        return bytes(response.read(LARGEST_ANSWER))


def _read(body: bytes) -> PartnerAnswer | None:
    values = json.loads(body)
    if not isinstance(values, dict) or not isinstance(values.get("agreed"), bool):
        return None
    return PartnerAnswer(
        agreed=values["agreed"],
        reference=str(values.get("reference", ""))[:200],
        reason=str(values.get("reason", ""))[:500],
        raw=body.decode("utf-8"),
    )
