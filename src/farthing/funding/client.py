"""Ask a partner lender over HTTP, within a deadline that covers the whole call. Never raises for a bad answer."""

from __future__ import annotations

import json
from typing import Any

from farthing.funding.model import Partner, PartnerAnswer, Question
from farthing.kit.canonical import canonical
from farthing.kit.client import PeerFault, post

LARGEST_ANSWER = 64 * 1024


class HttpPartnerBank:
    """``POST <url>/eligibility`` with the question as JSON; answers ``{"agreed", "reference", "reason"}``."""

    def ask(self, partner: Partner, question: Question, within_ms: int) -> PartnerAnswer | None:
        """The partner's answer, or none after ``within_ms`` or for anything that is not an answer."""
        try:
            return _read(_asked(partner, "eligibility", question, within_ms))
        except (PeerFault, ValueError, RecursionError):
            return None

    def release(self, partner: Partner, inquiry_id: str, within_ms: int) -> bool:
        """``POST <url>/releases`` with the inquiry's id; whether the partner took note in time."""
        try:
            said = _asked(partner, "releases", {"inquiry_id": inquiry_id}, within_ms)
            return bool(json.loads(said) == {"released": inquiry_id})
        except (PeerFault, ValueError, RecursionError):
            return False


def _asked(partner: Partner, what: str, question: Any, within_ms: int) -> bytes:
    address = f"{partner.url}/{what}"
    return post(address, canonical(question), within=within_ms / 1000, at_most=LARGEST_ANSWER).body


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
