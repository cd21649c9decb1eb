"""Own the desk of a gateway: it answers from memory what can never become untrue, and lets the rest be run together.

Who has what of a packet, and that a packet is gone or over, once true, stay true for ever; so they may be remembered by any
number of processes, forgotten at any moment, and told without asking again. Nothing else is remembered, and nothing is remembered
before its transaction is committed. On New Year's Eve most grabs are late or twice: they cost a look into two dictionaries. What
is not known runs through one lane, so that those who wait share a transaction and none of this process waits for another's row.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

from farthing.kernel.answers import Outcome
from farthing.kernel.lanes import Answers
from farthing.kernel.operation import Call, operation_of
from farthing.kernel.run import Kernel
from farthing.kernel.whose import NOT_ALLOWED
from farthing.kit.actor import Actor
from farthing.kit.money import Money
from farthing.payments.packets import rules
from farthing.payments.packets.grabbing_service import grab_many
from farthing.payments.packets.model import Grab, GrabAnswer, GrabAnswers, GrabMany
from farthing.payments.packets.service import all_parts

MOST = 1_000_000
"""Parts that are remembered, of all packets together; the packets longest unasked are forgotten first."""
FINAL = (rules.GONE.name, rules.OVER.name)


@dataclass(slots=True)
class Known:
    """What is remembered of a packet: who has which part; once it has ended, of everybody, and the code for all others."""

    parts: dict[str, Money] = field(default_factory=dict)
    code: str = ""

    def answer(self, claimer: str) -> GrabAnswer | None:
        """The answer for a claimer, if it is known for ever."""
        had = self.parts.get(claimer)
        if had is not None:
            return GrabAnswer(had, rules.TAKEN_BEFORE.name)
        return GrabAnswer(None, self.code) if self.code else None


class Gateway:
    """The desk, one for a process; any number of threads may ask it."""

    def __init__(self, kernel: Kernel, most: int = MOST) -> None:
        self.kernel = kernel
        self._most = most
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._count = 0
        self._lock = Lock()
        self._permission = operation_of(grab_many).permission

    def grab(self, grabs: Sequence[Grab], actor: Actor, together: Callable[[Sequence[Call]], Answers]) -> GrabAnswers:
        """Answer grabs, in order, as ``packets.grab_many`` would; only what is not known for ever is run, by ``together``."""
        if not actor.may(self._permission) or actor.party_id is not None:
            raise NOT_ALLOWED(actor=actor.id, permission=self._permission)
        with self._lock:
            answers = [self._remembered(each) for each in grabs]
        asked = [at for at, answer in enumerate(answers) if answer is None]
        if asked:
            done = together([Call(grabs[at], actor) for at in asked])
            for at, outcome in zip(asked, done, strict=True):
                if isinstance(outcome, Exception):
                    raise outcome
                answers[at] = outcome.result
        return GrabAnswers(tuple(answer for answer in answers if answer is not None))

    def work(self, calls: Sequence[Call]) -> Answers:
        """Run grabs that waited together: a transaction for each gateway that asks, and remember what is final."""
        found: dict[int, Outcome | Exception] = {}
        for actor in {call.actor.id: call.actor for call in calls}.values():
            places = [at for at, call in enumerate(calls) if call.actor.id == actor.id]
            grabs = tuple(calls[at].command for at in places)
            done = self.kernel.run(grab_many, GrabMany(grabs), actor=actor).answers
            self._learn(list(zip(grabs, done, strict=True)))
            found |= {at: Outcome(answer, False) for at, answer in zip(places, done, strict=True)}
        return [found[at] for at in range(len(calls))]

    def _remembered(self, grab: Grab) -> GrabAnswer | None:
        known = self._known.get(grab.packet_id)
        if known is None:
            return None
        self._known.move_to_end(grab.packet_id)
        return known.answer(grab.claimer)

    def _learn(self, told: Sequence[tuple[Grab, GrabAnswer]]) -> None:
        ended = {grab.packet_id: answer.code for grab, answer in told if answer.code in FINAL}
        whole = {each: self.kernel.read(partial(all_parts, packet_id=each)) for each in ended}
        with self._lock:
            for grab, answer in told:
                if answer.amount is not None:
                    self._keep(grab.packet_id, {grab.claimer: answer.amount}, "")
            for packet_id, parts in whole.items():
                if parts is not None:
                    self._keep(packet_id, parts, ended[packet_id])
            while self._count > self._most and self._known:
                _, forgotten = self._known.popitem(last=False)
                self._count -= len(forgotten.parts)

    def _keep(self, packet_id: str, parts: dict[str, Money], code: str) -> None:
        known = self._known.setdefault(packet_id, Known())
        before = len(known.parts)
        known.parts.update(parts)
        known.code = known.code or code
        self._count += len(known.parts) - before
