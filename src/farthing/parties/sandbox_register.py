"""Own the sandbox proofing peer: a small population, telecom and company register with its own opinion.

It never says yes without looking: entries given to it are compared exactly, and a number it has no entry for
is decided by the number itself, so that a test or a demo can ask for each answer:

- resident id: order code (digits 15-17) ``404`` or ``405``: the number is in no register; ``408`` or ``409``:
  it belongs to somebody else's name; any other: the register knows it under the name that was asked;
- credit code: characters 15-17 play the same part;
- phone ending in ``0404``: no operator issued it; in ``0409``: it is another person's.

Every answer says ``sandbox``, and so does the record kept of it. Pure; never sees the network.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from farthing.kit.canonical import canonical
from farthing.parties.model import (
    NUMBER_MATCHED,
    PHONE_MATCHED,
    UNVERIFIED,
    IdentityAnswer,
    IdentityQuestion,
    Outcome,
)

UNKNOWN_ORDER_CODES = frozenset({"404", "405"})
OTHER_NAME_ORDER_CODES = frozenset({"408", "409"})
UNKNOWN_PHONE = "0404"
OTHER_PHONE = "0409"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register: the name a number belongs to, and its phone, if any operator knows it."""

    name: str
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class SandboxRegister:
    """The peer. ``entries`` maps numbers to what the register holds about them.

    ``key`` is random, and keys what is said of a question: a plain hash of number, name and phone can be guessed, and
    references stand in the log. Nobody needs to recompute one.
    """

    entries: Mapping[str, Entry]
    key: bytes
    name: str = "sandbox"

    def check(self, question: IdentityQuestion) -> IdentityAnswer:
        """Compare number with name, then phone with both; the level is what held before the first no."""
        outcome, level = self._decide(question)
        asked = canonical((question.kind, question.name, question.number, question.phone, question.asked_at))
        seen = hmac.digest(self.key, asked, "sha256").hex()
        reference = f"sandbox-{question.asked_at:%Y%m%d}-{seen[:12]}"
        raw = canonical(
            {
                "provider": self.name,
                "sandbox": True,
                "outcome": outcome,
                "level": level,
                "reference": reference,
                "question_hmac_sha256": seen,
                "answered_at": question.asked_at,
            }
        )
        return IdentityAnswer(outcome, level, reference, raw)

    def _decide(self, question: IdentityQuestion) -> tuple[Outcome, int]:
        entry = self.entries.get(question.number) or self._by_number(question)
        if entry is None:
            return "number_unknown", UNVERIFIED
        if entry.name != question.name:
            return "name_mismatch", UNVERIFIED
        if entry.phone is None:
            return "phone_unknown", NUMBER_MATCHED
        if entry.phone != question.phone:
            return "phone_mismatch", NUMBER_MATCHED
        return "matched", PHONE_MATCHED

    @staticmethod
    def _by_number(question: IdentityQuestion) -> Entry | None:
        order_code = question.number[14:17]
        if order_code in UNKNOWN_ORDER_CODES:
            return None
        name = "" if order_code in OTHER_NAME_ORDER_CODES else question.name
        if question.phone.endswith(UNKNOWN_PHONE):
            return Entry(name, None)
        return Entry(name, "" if question.phone.endswith(OTHER_PHONE) else question.phone)
