"""Own the lane: callers of one hot operation who wait at this moment share one transaction; each gets its own answer.

A lane adds no delay: a lone call starts at once, and whoever arrives while a batch is under way goes with the next
one. A caller that goes away changes nothing about what happens to its command. A lane that is full refuses at the
door (``Busy``, HTTP 503 with Retry-After) and never grows. Lanes and the doors alone know asyncio; decision 0007.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from farthing.db.server import Unavailable
from farthing.kernel.answers import Outcome
from farthing.kernel.operation import Call, Operation
from farthing.kernel.run import Kernel

MOST = 1000
"""Calls in one transaction: beyond this a batch gains nothing and its callers only wait longer."""
LONGEST = 10_000
"""Calls that may wait in a lane; the next one is told to come back."""

Answers = list[Outcome | Exception]


class Busy(Unavailable):
    """The lane is full. Nothing was done; the same request may be sent again after a moment."""


Asked = TypeVar("Asked")
Work = Callable[[Sequence[Asked]], Answers]
"""Answers each of what was asked, in order, in one transaction or a few."""


@dataclass(slots=True)
class _Group(Generic[Asked]):
    """Calls that came together, and where their answers are awaited."""

    calls: Sequence[Asked]
    answers: asyncio.Future[Answers]


class Lane(Generic[Asked]):
    """One lane, used from one event loop; its batches are worked off one after the other in a thread of their own."""

    def __init__(self, name: str, work: Work[Asked], *, most: int = MOST, longest: int = LONGEST) -> None:
        self.waiting = 0
        self._work = work
        self._most = most
        self._longest = longest
        self._groups: deque[_Group[Asked]] = deque()
        self._driver: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"lane-{name}")

    async def run(self, call: Asked) -> Outcome:
        """Answer one call, or raise its refusal; ``Busy`` where the lane is full."""
        (answer,) = await self.run_together([call])
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def run_together(self, calls: Sequence[Asked]) -> Answers:
        """Answer calls that came in one request, each on its own, in one transaction; ``Busy`` where it is full."""
        if not calls:
            return []
        if self.waiting and self.waiting + len(calls) > self._longest:
            raise Busy(f"{self.waiting} commands wait already; try again in a moment")
        group = _Group(calls, asyncio.get_running_loop().create_future())
        self._groups.append(group)
        self.waiting += len(calls)
        if self._driver is None or self._driver.done():
            self._driver = asyncio.ensure_future(self._drive())
        return await group.answers

    async def close(self) -> None:
        """Finish what waits, then stop the lane's thread."""
        if self._driver is not None:
            await self._driver
        self._thread.shutdown(wait=True)

    async def _drive(self) -> None:
        loop = asyncio.get_running_loop()
        while self._groups:
            groups = self._gather()
            calls = [call for group in groups for call in group.calls]
            try:
                answers = await loop.run_in_executor(self._thread, self._work, calls)
            except Exception as problem:
                answers = [problem] * len(calls)
            start = 0
            for group in groups:
                end = start + len(group.calls)
                if not group.answers.done():  # done already: the caller went away
                    group.answers.set_result(answers[start:end])
                start = end

    def _gather(self) -> list[_Group[Asked]]:
        """Take the groups of the next batch: whoever waits now, as long as they fit together."""
        groups = [self._groups.popleft()]
        count = len(groups[0].calls)
        while self._groups and count + len(self._groups[0].calls) <= self._most:
            count += len(self._groups[0].calls)
            groups.append(self._groups.popleft())
        self.waiting -= count
        return groups


def lane_of(kernel: Kernel, operation: Operation, *, most: int = MOST, longest: int = LONGEST) -> Lane[Call]:
    """The lane of one operation of a kernel."""
    return Lane(operation.name, partial(kernel.execute_batch, operation), most=most, longest=longest)
