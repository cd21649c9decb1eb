"""Own the partner lender while a town grows: the sandbox partner, asked in this process, so that no busy machine makes it
late and a seed gives the same books. Served over HTTP it is asked in the stories, where the deadline is the point."""

from __future__ import annotations

import json

from farthing.funding.model import Partner, PartnerAnswer, Question
from farthing.funding.sandbox_partner import SandboxPartner
from farthing.kit.canonical import canonical


class PartnerAtHand:
    """The port ``partner`` over a partner lender that is at hand."""

    def __init__(self, partner: SandboxPartner) -> None:
        self._partner = partner

    def ask(self, partner: Partner, question: Question, within_ms: int) -> PartnerAnswer | None:
        """The partner's answer, as it would come over the wire."""
        body = self._partner.decide(json.loads(canonical(question)))
        said = json.loads(body)
        return PartnerAnswer(said["agreed"], said["reference"], said["reason"], body.decode())

    def release(self, partner: Partner, inquiry_id: str, within_ms: int) -> bool:
        """The partner takes back what it kept ready."""
        self._partner.release({"inquiry_id": inquiry_id})
        return True
