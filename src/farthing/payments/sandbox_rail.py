"""The rail named ``sandbox``: a small clearing bank with its own opinion and memory. Pure.

It declines accounts ending in ``0000`` (closed), ``0051`` (insufficient funds, as ISO 8583 response 51) and ``0014`` (no such
account). Of an account ending in ``0091`` (response 91: no answer from the issuer) it carries the instruction out and says
nothing the first time; one ending in ``0009`` (response 09: in progress) it accepts, and settles when it is asked after; one
ending in ``0068`` (response 68: too late) it accepts, and declines then.
Everything else settles at once. An id that it has is not moved again. A test tells it what to do next and what to tell by itself.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from farthing.kit.ids import derived
from farthing.payments.model import Instruction, Notice, Original, Outcome, RailAnswer

DECLINES = {"0000": "AC04", "0051": "AM04", "0014": "AC03"}
SILENT_AT_FIRST, LATE_NO = "0091", "0068"
ACCEPTS = ("0009", LATE_NO)

Mood = Literal["answers", "declines", "loses", "mute", "accepts", "pends"]
"""answers: as its rules say; declines: says no; loses: the instruction never arrives; mute: it is carried out and the
answer is lost on its way; accepts: it will carry it out; pends: it has it and has not decided."""


@dataclass
class SandboxRail:
    """Settles instructions and remembers them, so that the same id is moved once. ``moods`` come true call by call.

    ``finds`` says what becomes of what it accepted or keeps pending, when it is asked after: by default it settles.
    """

    name: str = "sandbox"
    seen: dict[str, tuple[Instruction, RailAnswer]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    moods: deque[Mood] = field(default_factory=deque)
    finds: dict[str, Outcome] = field(default_factory=dict)
    told: list[Notice] = field(default_factory=list)
    recalled: dict[str, RailAnswer] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def send(self, instruction: Instruction) -> RailAnswer | None:
        """Settle, accept or decline by the outside account's last digits; a known id is a duplicate, or differs."""
        with self._lock:
            self.calls.append(instruction.id)
            mood: Mood = self.moods.popleft() if self.moods else "answers"
            if mood == "loses":
                return None
            if instruction.id in self.seen:
                same = self.seen[instruction.id][0] == instruction
                return RailAnswer("duplicate" if same else "differs")
            answer = self._decided(instruction, mood)
            self.seen[instruction.id] = (instruction, answer)
            return None if instruction.counterparty.endswith(SILENT_AT_FIRST) or mood == "mute" else answer

    def inquire(self, original: Original) -> RailAnswer | None:
        """What became of an instruction; what it accepted has settled by then, unless it was told otherwise."""
        with self._lock:
            self.asked.append(original.id)
            mood: Mood = self.moods.popleft() if self.moods else "answers"
            if mood in ("loses", "mute"):
                return None
            if original.id not in self.seen:
                return RailAnswer("missing")
            instruction, answer = self.seen[original.id]
            if instruction.amount != original.amount or instruction.direction != original.direction:
                return RailAnswer("differs")
            if answer.outcome in ("accepted", "pending"):
                late = instruction.counterparty.endswith(LATE_NO)
                found = self.finds.get(original.id, "declined" if late else "settled")
                answer = RailAnswer(found, answer.reference, "MS03" if found == "declined" else "")
                self.seen[original.id] = (instruction, answer)
            return answer

    def recall(self, original: Original, reason_code: str) -> RailAnswer | None:
        """As it was told for this instruction; else the payee's bank has not said yet."""
        return self.recalled.get(original.id, RailAnswer("pending"))

    def notices(self, after: str) -> Sequence[Notice]:
        """What it was told to tell, after one of them."""
        places = [number + 1 for number, each in enumerate(self.told) if each.id == after]
        return self.told[max(places, default=0) :]

    def moved(self) -> dict[str, Instruction]:
        """What was carried out, by instruction id: the peer's own books."""
        return {key: instruction for key, (instruction, answer) in self.seen.items() if answer.outcome == "settled"}

    def _decided(self, instruction: Instruction, mood: Mood) -> RailAnswer:
        code = "MS03" if mood == "declines" else DECLINES.get(instruction.counterparty[-4:], "")
        accepts = mood == "accepts" or instruction.counterparty.endswith(ACCEPTS)
        outcome: Outcome = (
            "declined" if code else "pending" if mood == "pends" else "accepted" if accepts else "settled"
        )
        return RailAnswer(outcome, f"SBX{derived(instruction.id).hex[:16].upper()}", code)
