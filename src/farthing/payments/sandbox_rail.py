"""The rail named ``sandbox``: a small clearing bank with its own opinion and memory. Pure.

It declines accounts ending in ``0000`` (closed) and ``0051`` (insufficient funds, as ISO 8583 response 51), and whatever
else it was told before under the same instruction id. Of an account ending in ``0091`` (response 91: no answer from the
issuer) it carries the instruction out and says nothing the first time. Everything else settles at once.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from farthing.kit.ids import derived
from farthing.payments.model import Instruction, RailAnswer

DECLINES = {"0000": "account closed", "0051": "insufficient funds"}
SILENT_AT_FIRST = "0091"

Mood = Literal["answers", "declines", "loses", "mute"]
"""answers: as its rules say; declines: says no; loses: the instruction never arrives; mute: it is carried out and the
answer is lost on its way."""


@dataclass
class SandboxRail:
    """Settles instructions and remembers them, so that the same id is moved once. ``moods`` come true call by call."""

    name: str = "sandbox"
    seen: dict[str, tuple[Instruction, RailAnswer]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    moods: deque[Mood] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def move(self, instruction: Instruction) -> RailAnswer | None:
        """Settle or decline by the outside account's last digits; a reused id with other content is declined."""
        with self._lock:
            first = instruction.id not in self.seen
            self.calls.append(instruction.id)
            mood: Mood = self.moods.popleft() if self.moods else "answers"
            if mood == "loses":
                return None
            answer = self._decided(instruction, mood)
            silent = first and instruction.counterparty.endswith(SILENT_AT_FIRST)
            return None if silent or mood == "mute" else answer

    def moved(self) -> dict[str, Instruction]:
        """What was carried out, by instruction id: the peer's own books."""
        return {key: instruction for key, (instruction, answer) in self.seen.items() if answer.settled}

    def _decided(self, instruction: Instruction, mood: Mood) -> RailAnswer:
        if instruction.id in self.seen:
            known, answer = self.seen[instruction.id]
            return answer if known == instruction else RailAnswer(False, answer.reference, "instruction id reused")
        reason = "declined" if mood == "declines" else DECLINES.get(instruction.counterparty[-4:], "")
        reference = f"SBX{derived(instruction.id).hex[:16].upper()}"
        answer = RailAnswer(not reason, reference, reason)
        self.seen[instruction.id] = (instruction, answer)
        return answer
