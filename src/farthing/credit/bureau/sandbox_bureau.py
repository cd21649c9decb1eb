"""The credit bureau named ``sandbox``: a working peer with its own file. Pure; remembers its inquiries.

A resident number's order code (digits 15-17) chooses the file, so that a demo can ask for each: ``6xx`` two bank
lines used up and paid on time; ``7xx`` a charged-off loan; ``404`` the bureau does not answer; any other: no record.
Organisations (unified social credit codes) have no record.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from farthing.credit.bureau.model import BureauQuestion, BureauReport, Tradeline
from farthing.kit.ids import derived
from farthing.kit.money import Money


def _yuan(amount: int) -> Money:
    return Money(amount * 100, "CNY")


USED_UP = (
    Tradeline("Sandbox Bank One", "revolving business line", _yuan(200_000), _yuan(200_000), _yuan(6_000), 0, 0),
    Tradeline("Sandbox Bank Two", "revolving business line", _yuan(150_000), _yuan(149_200), _yuan(4_500), 0, 12),
)
CHARGED_OFF = (Tradeline("Sandbox Finance", "instalment loan", _yuan(30_000), _yuan(18_700), _yuan(1_600), 214, 214),)


@dataclass
class SandboxBureau:
    """Answers by the number; counts the inquiries it was asked about each."""

    name: str = "sandbox"
    asked: dict[str, int] = field(default_factory=dict)
    answered: dict[str, BureauReport] = field(default_factory=dict)

    def inquire(self, question: BureauQuestion) -> BureauReport | None:
        """The file of a number, or none where the bureau is down. The same inquiry leaves one trace, answers one thing."""
        if question.inquiry_id in self.answered:
            return self.answered[question.inquiry_id]
        code = question.number[14:17]
        if code == "404":
            return None
        earlier = self.asked.get(question.number, 0)
        self.asked[question.number] = earlier + 1
        lines = USED_UP if code.startswith("6") else CHARGED_OFF if code.startswith("7") else ()
        reference = f"SBB-{derived(question.inquiry_id).hex[:12].upper()}"
        report = BureauReport(self.name, "found" if lines else "no_record", lines, earlier, reference)
        self.answered[question.inquiry_id] = report
        return report
