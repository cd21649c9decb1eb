"""The rail named ``sandbox``: a small clearing bank with its own opinion and memory. Pure.

It declines accounts ending in ``0000`` (closed) and ``0051`` (insufficient funds, as ISO 8583 response 51), and
whatever else it was told before under the same instruction id. Everything else settles at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from farthing.kit.ids import derived
from farthing.payments.model import Instruction, RailAnswer

DECLINES = {"0000": "account closed", "0051": "insufficient funds"}


@dataclass
class SandboxRail:
    """Settles instructions and remembers them, so that the same id is moved once."""

    name: str = "sandbox"
    seen: dict[str, tuple[Instruction, RailAnswer]] = field(default_factory=dict)

    def move(self, instruction: Instruction) -> RailAnswer:
        """Settle or decline by the outside account's last digits; a reused id with other content is declined."""
        if instruction.id in self.seen:
            known, answer = self.seen[instruction.id]
            return answer if known == instruction else RailAnswer(False, answer.reference, "instruction id reused")
        reason = DECLINES.get(instruction.counterparty[-4:], "")
        reference = f"SBX{derived(instruction.id).hex[:16].upper()}"
        answer = RailAnswer(not reason, reference, reason)
        self.seen[instruction.id] = (instruction, answer)
        return answer
