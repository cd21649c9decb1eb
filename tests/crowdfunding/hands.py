"""A bank with projects for tests: an owner, backers with money, two of the staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from farthing.bank.founding import agreed
from farthing.crowdfunding import service
from farthing.crowdfunding.model import Give, PlanLine, Project, ProjectId, Propose
from farthing.crowdfunding.service import ProjectTold
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from tests.banks import Bank
from tests.hands import law
from tests.identity.people import Person
from tests.parties.people import resident_id
from tests.payments.customers import customer


def yuan(text: str) -> Money:
    """So many yuan."""
    return Money.parse(text, "CNY")


def by_two(bank: Bank, function: Any, command: Any) -> Any:
    """What one of the staff drafts and another agrees to."""
    return agreed(bank.kernel, function, command)


@dataclass
class Village:
    """A bank under the Chinese pack, somebody with an idea, and three who have money."""

    bank: Bank
    owner: str = ""
    backers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        law(self.bank)
        self.owner = customer(self.bank, 100).id
        for number, name in enumerate(("周强", "孙丽", "吴敏"), 1):
            person = Person(name, resident_id(order_code=f"33{number}"), f"139 1111 222{number}")
            self.backers.append(customer(self.bank, 1_000_000, person).id)

    @property
    def today(self) -> date:
        """The bank's day."""
        return self.bank.kernel.clock().business_date

    def propose(self, minimum: str = "5000.00", optimum: str = "8000.00", **more: Any) -> Project:
        """A mill in two milestones."""
        half = yuan(minimum).allocate([2, 1])
        values: dict[str, Any] = {
            "owner": self.owner, "kind": "reward", "title": "村口的石磨", "words": "修好村里的石磨", "risks": "石料可能晚到",
            "gives_back": "五斤新磨的面", "minimum": yuan(minimum), "optimum": yuan(optimum),
            "plan": (PlanLine("石料", half[0]), PlanLine("安装", half[1])), "days": 3, "second_days": 0,
        }  # fmt: skip
        made: Project = self.bank.run(service.propose, Propose(**{**values, **more}))
        return made

    def opened(self, **more: Any) -> Project:
        """A project that is open."""
        proposed = self.propose(**more)
        by_two(self.bank, service.open_project, ProjectId(proposed.id))
        return self.project(proposed.id)

    def give(self, project: Project, who: int, amount: str, key: str | None = None) -> Any:
        """A backer gives."""
        return self.bank.run(service.give, Give(project.id, self.backers[who], yuan(amount)), key=key)

    def close(self, days: int = 1) -> None:
        """Close some days."""
        for _ in range(days):
            close_day(self.bank.kernel)

    def told(self, project_id: str) -> ProjectTold:
        """A project as everybody sees it."""
        found: ProjectTold = self.bank.read(lambda tx: service.project(tx, project_id))
        return found

    def project(self, project_id: str) -> Project:
        """The same without what follows."""
        return self.told(project_id).project

    def refused(self, work: Any) -> str:
        """The code that refuses."""
        try:
            work()
        except Refusal as refusal:
            return refusal.code
        return ""
