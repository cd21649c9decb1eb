"""Own the telling: steps that are run under keys, timed, and printed for people or as JSON lines for machines.

Every step's key comes from the story and its run, so a story that was killed is told again from where it stopped.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from farthing.bank.founding import SECOND
from farthing.kernel import approvals
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kernel.day import close_day
from farthing.kernel.operation import operation_of
from farthing.kernel.run import Kernel
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.canonical import plain
from farthing.kit.chinese import in_chinese
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.export import render
from farthing.ledger.model import JournalEntry

Going = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and of how much: a sign of life where a step takes long."""


@dataclass
class Step:
    """One step as it is told: sentences, entries, and figures for machines."""

    number: int
    title: str
    chinese: bool = False
    lines: list[str] = field(default_factory=list)
    entries: list[JournalEntry] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    milliseconds: float = 0.0

    def say(self, english: str, chinese: str | None = None) -> None:
        """Add a sentence in the language that is spoken; one of figures alone is the same in both."""
        self.lines.append(in_chinese(chinese) if self.chinese and chinese is not None else english)

    def pick(self, text: Words) -> str:
        """A text in the language that is spoken."""
        return text.zh if self.chinese else text.en


def silently(what: str, done: int, total: int) -> None:
    """Tell nobody how far the story is."""


class Teller:
    """Runs a story's operations and tells its steps through ``out``."""

    def __init__(
        self,
        kernel: Kernel,
        story: str,
        run: str,
        out: Callable[[str], None],
        *,
        as_json: bool,
        going: Going = silently,
        chinese: bool = False,
    ) -> None:
        self.kernel = kernel
        self.prefix = f"story:{story}:{run}"
        self.steps: list[Step] = []
        self.out, self._json = out, as_json
        self.going, self.chinese = going, chinese
        self.beside: Kernel | None = None
        """Whose days are closed with the story's own: a node's."""
        self._calls = 0

    def run(self, function: Any, command: Any, name: str, actor: Actor = SYSTEM) -> Any:
        """Run an operation under the story's own key for ``name``."""
        outcome = self.kernel.execute(operation_of(function), command, actor=actor, key=f"{self.prefix}:{name}")
        if outcome.replayed and self.steps:
            self.steps[-1].data["replayed"] = True
        return outcome.result

    def chapter(self, name: str) -> Teller:
        """The same telling under keys of its own, for what happens a second time."""
        found = copy.copy(self)
        found.prefix = f"{self.prefix}:{name}"
        return found

    def at(self, kernel: Kernel) -> Teller:
        """The same telling at somebody else's: what is run there is run under the story's own keys."""
        found = copy.copy(self)
        found.kernel = kernel
        return found

    def agree(self, function: Any, command: Any, name: str) -> None:
        """Run what two persons must want: the program asks, the founder agrees."""
        pending = self.run(function, command, name)
        if isinstance(pending, Pending):
            self.run(approvals.decide, Decide(pending.approval_id, approve=True), f"{name}:agreed", SECOND)

    def heading(self, english: str, chinese: str) -> None:
        """Print a sentence in the language that is spoken, where people read it."""
        if not self._json:
            self.out(chinese if self.chinese else english)

    def wait_until(self, day: date) -> None:
        """Close days until the business date is ``day``, and say how far that is."""
        first = now = self.kernel.clock().business_date
        while now < day:
            now = close_day(self.kernel).business_date
            while self.beside is not None and self.beside.clock().business_date < now:
                close_day(self.beside)
            said = "日终" if self.chinese else "days closed"
            self.going(f"{said}, {now}", (now - first).days, (day - first).days)

    @contextmanager
    def step(self, title: str, title_zh: str) -> Iterator[Step]:
        """Tell one step and how long it took. By ``title``, which is English, programs know it."""
        told = Step(len(self.steps) + 1, title, self.chinese)
        self.steps.append(told)
        began = time.perf_counter()
        yield told
        told.milliseconds = (time.perf_counter() - began) * 1000
        self._tell(told, told.pick(Words(title, title_zh)))

    def entry(self, told: Step, reference: str) -> None:
        """Show a posted entry in the step."""
        told.entries.append(self.kernel.read(lambda tx: ledger.entry(tx, reference)).entry)

    def _tell(self, told: Step, title: str) -> None:
        if self._json:
            line = {
                "step": told.number,
                "title": told.title,
                "said": told.lines,
                "entries": [plain(entry) for entry in told.entries],
                "milliseconds": round(told.milliseconds, 1),
                **plain(told.data),
            }
            self.out(json.dumps(line, ensure_ascii=False))
            return
        again = told.pick(Words("  (answered before)", "  （重放）")) if told.data.get("replayed") else ""
        self.out(f"\n{told.number}. {title}  [{told.milliseconds:.0f} ms]{again}")
        for text in told.lines:
            self.out(f"   {text}")
        for entry in told.entries:
            self.out("\n".join("     " + line for line in render(entry).splitlines()))

    def replayed(self, *titles: str) -> bool:
        """Whether something in the steps with these titles was answered before."""
        return any("replayed" in step.data for step in self.steps if step.title in titles)

    def time_of(self, *titles: str) -> float:
        """Milliseconds of the steps with these titles together."""
        return sum(step.milliseconds for step in self.steps if step.title in titles)
