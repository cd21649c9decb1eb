"""The card network named ``sandbox``: it opens what was sealed to it, compares names, and gives a token for a number. Pure.

Holders given to it are compared exactly; of any other number the number's own last digits decide: ``0014`` it does not know,
``0000`` is closed, ``0054`` out of date (responses 14 and 54 of ISO 8583), ``0409`` is held under another name, ``0404``
under another phone. Anything else is held by whoever is asked about. Tokens end in the same four digits as the number, so
that the sandbox rail (:mod:`farthing.payments.sandbox_rail`) behaves of a token as of the number; they and references follow
from its key alone."""

from __future__ import annotations

import hmac
import os
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from farthing.kit import disk
from farthing.payments.bindings import sealing
from farthing.payments.bindings.model import Kind, NetworkAnswer, Question
from farthing.payments.payees.naming import compared

UNKNOWN_TAIL, CLOSED_TAIL, EXPIRED_TAIL, OTHER_NAME_TAIL, OTHER_PHONE_TAIL = "0014", "0000", "0054", "0409", "0404"
SCHEMES = (("62", "UnionPay"), ("4", "Visa"), ("5", "Mastercard"))
BANKS = (("622202", "First Sample Bank", "第一示例银行"), ("6228", "Sample Farmers' Bank", "示例农商银行"))
OTHER_BANK = ("", "Sample Bank", "示例银行")
GOOD_UNTIL, PAST = date(2049, 12, 31), date(2020, 12, 31)
Mood = Literal["answers", "mute"]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a number at the sandbox."""

    name: str
    number: str = ""
    phone: str = ""


class SandboxNetwork:
    """``seed``: 32 bytes from which its key, tokens and references follow. ``moods`` come true call by call."""

    name = "sandbox"

    def __init__(self, seed: bytes | None = None, holders: Mapping[str, Holder] | None = None) -> None:
        self.seed = seed or os.urandom(32)
        self._private = X25519PrivateKey.from_private_bytes(sha256(b"seal\0" + self.seed).digest())
        self.holders = dict(holders or {})
        self.moods: deque[Mood] = deque()
        self.asked: list[str] = []
        self.forgotten: list[str] = []
        self._lock = threading.Lock()

    @classmethod
    def kept_in(cls, folder: Path) -> SandboxNetwork:
        """The network whose seed lies in a folder; made when it is first needed."""
        return cls(disk.kept(folder / "sandbox-network.key", lambda: os.urandom(32)))

    @property
    def sealer(self) -> sealing.Sealer:
        """What seals numbers to this network's key."""
        return sealing.Sealer(self._private.public_key().public_bytes_raw())

    def look_up(self, question: Question) -> NetworkAnswer | None:
        """What it holds of a number; an envelope that it cannot open is of no number that it knows."""
        with self._lock:
            self.asked.append(question.id)
            if self.moods and self.moods.popleft() == "mute":
                return None
        number = sealing.opened(question.sealed, question.id, self._private)
        if number is None or number.endswith(UNKNOWN_TAIL):
            return NetworkAnswer("unknown")
        if number.endswith(CLOSED_TAIL):
            return NetworkAnswer("closed")
        if number.endswith(EXPIRED_TAIL):
            return NetworkAnswer("expired", expires_on=PAST)
        holder = self.holders.get(number) or _by_number(number, question)
        elements = (holder.name, holder.number, holder.phone) == (question.holder, question.number, question.phone)
        scheme = next((name for start, name in SCHEMES if number.startswith(start)), "")
        _, bank, bank_zh = next((each for each in BANKS if number.startswith(each[0])), OTHER_BANK)
        kind: Kind = "card" if scheme else "account"
        return NetworkAnswer(
            "known", compared(question.holder, holder.name, question.kind).outcome, elements,
            self._token(number, question.party_id), self._drawn("reference", number)[:29].upper(), kind, scheme, bank, bank_zh,
            GOOD_UNTIL if kind == "card" else None,
        )  # fmt: skip

    def forget(self, token: str) -> bool:
        """Let a token stand for nothing any more."""
        self.forgotten.append(token)
        return True

    def _drawn(self, *parts: str) -> str:
        return hmac.digest(self.seed, "\0".join(parts).encode(), "sha256").hex()

    def _token(self, number: str, party_id: str) -> str:
        """Nineteen digits of a range of its own, ending as the number does; another for each customer."""
        return f"99{int(self._drawn('token', number, party_id)[:15], 16) % 10**13:013d}{number[-4:]}"


def _by_number(number: str, question: Question) -> Holder:
    name = "王五" if number.endswith(OTHER_NAME_TAIL) else question.holder
    return Holder(name, question.number, "" if number.endswith(OTHER_PHONE_TAIL) else question.phone)
