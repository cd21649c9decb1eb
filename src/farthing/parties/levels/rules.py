"""Decide at which level somebody is known: a pure function of the evidence, the instant and the day. No job ends a level.

An evidence counts from the instant at which it was given, to the end of its last day, and not from the instant on at which it is
doubted. A level holds while, of one of its ways, an evidence of each kind counts; a higher level includes those below it. So a
level never rises without new evidence, what has ended counts as what is not there, and the order of what happened in one instant
does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from farthing.kit.calendar import add_months
from farthing.kit.errors import conflict, not_found
from farthing.kit.words import Words
from farthing.parties.levels.model import NO_END, Ending, Evidence, Kind, LevelRules, LevelTold, Source, Step, StepTold

UNKNOWN_EVIDENCE = not_found(
    "parties.unknown_evidence",
    "There is no evidence {evidence_id} of this customer; look at what is kept.",
    "该客户没有核验凭据 {evidence_id}；请查看已有凭据。",
)
DOUBTED_ALREADY = conflict(
    "parties.evidence_doubted",
    "Evidence {evidence_id} is doubted already, and counts for nothing since {at}.",
    "核验凭据 {evidence_id} 已被质疑，自 {at} 起不再有效。",
)
NO_COUNTER = conflict(
    "parties.counter_gives_no_level",
    "The policy in force gives no level for who was seen at a counter; verify by another evidence.",
    "现行政策不认可柜台面核；请以其他方式核验。",
)
ONE_DAY = timedelta(days=1)
MOST_DAYS = 366
"""How far ahead levels that end are listed."""
_SILENT = Words("house rule; the policy in force says nothing of levels", "本机构规则；现行政策文件未规定核验等级")
BEFORE = LevelRules(
    (
        Step(1, Words("known by one source", "一个来源核实"), (("document",), ("card",), ("deposit",)), _SILENT),
        Step(
            2, Words("known by two sources", "两个来源核实"),
            (("document", "phone"), ("document", "card"), ("document", "deposit"), ("counter",)), _SILENT,
        ),
    ),
    tuple(Source(kind, 0) for kind in ("document", "phone", "card", "deposit", "counter")), 30, _SILENT,
)  # fmt: skip
"""What holds where no policy says it, and held before policies said it: nothing ends."""


def read(body: Mapping[str, Any]) -> LevelRules:
    """The rules that were written down as canonical JSON."""
    steps = [
        Step(each["level"], Words(**each["name"]), tuple(map(tuple, each["ways"])), Words(**each["article"]))
        for each in body["steps"]
    ]
    sources = [Source(each["kind"], each["months"], tuple(each["providers"])) for each in body["sources"]]
    return LevelRules(tuple(steps), tuple(sources), body["soon_days"], Words(**body["article"]))


def until_of(rules: LevelRules, kind: Kind, provider: str, on: date) -> date | None:
    """To the end of which day an evidence that is given on a day counts; none where it counts for nothing."""
    source = next((each for each in rules.sources if each.kind == kind), None)
    if source is None or (source.providers and provider not in source.providers):
        return None
    return add_months(on, source.months) if source.months else NO_END


def counting(evidence: Iterable[Evidence], at: datetime) -> list[Evidence]:
    """The evidence that counts at an instant, whatever the day: given by then, and not doubted."""
    return [
        each for each in evidence if each.given_at <= at and (each.doubted_at is None or each.doubted_at > at)
    ]  # fmt: skip


def until_by_level(rules: LevelRules, evidence: Iterable[Evidence], at: datetime) -> tuple[date, ...]:
    """To the end of which day each level from the first on holds, as the evidence stands at an instant; what was reached and
    has ended keeps its day. Never rises from a level to the next."""
    ends: dict[Kind, date] = {}
    for each in counting(evidence, at):
        ends[each.kind] = max(ends.get(each.kind, each.until_on), each.until_on)
    reached: list[date] = []
    for step in reversed(rules.steps):
        found = [min(ends[kind] for kind in way) for way in step.ways if all(kind in ends for kind in way)]
        best = max([*found, *reached[-1:]], default=None)
        if best is not None:
            reached.append(best)
    return tuple(reversed(reached))


def level_of(until: Sequence[date], day: date) -> int:
    """The level on a day, of the days to the end of which each holds."""
    return sum(each >= day for each in until)


def level_on(rules: LevelRules, evidence: Iterable[Evidence], at: datetime, day: date) -> int:
    """The level at an instant of a day."""
    return level_of(until_by_level(rules, evidence, at), day)


def missing(
    rules: LevelRules, step: Step, evidence: Iterable[Evidence], at: datetime, day: date
) -> tuple[tuple[Kind, ...], ...]:
    """What would bring a level, or let it last longer: of each way, the kinds of which no evidence counts for longer than the
    level holds."""
    found = counting(evidence, at)
    until = until_by_level(rules, found, at)[step.level - 1 : step.level]
    if until and until[0] == NO_END:
        return ()
    holds_to = max([*until, day - ONE_DAY])
    lasting = {each.kind for each in found if each.until_on > holds_to}
    return tuple(dict.fromkeys(tuple(kind for kind in way if kind not in lasting) for way in step.ways))


def told(rules: LevelRules, party_id: str, evidence: Sequence[Evidence], at: datetime, day: date) -> LevelTold:
    """How well somebody is known, with what each level asks for."""
    until = until_by_level(rules, evidence, at)
    level = level_on(rules, evidence, at, day)
    end = until[level - 1] if level else NO_END
    steps = tuple(_step(rules, step, until, evidence, at, day) for step in rules.steps)
    ends = None if end == NO_END else end
    return LevelTold(
        party_id, level, rules.steps[level - 1].name if level else None, ends,
        ends is not None and (ends - day).days <= rules.soon_days, steps,
        tuple(sorted(evidence, key=lambda each: (each.given_at, each.id), reverse=True)),
    )  # fmt: skip


def _step(
    rules: LevelRules, step: Step, until: Sequence[date], evidence: Sequence[Evidence], at: datetime, day: date
) -> StepTold:
    end = until[step.level - 1] if len(until) >= step.level else None
    return StepTold(
        step.level, step.name, step.article, end is not None and end >= day, None if end == NO_END else end, end == NO_END,
        missing(rules, step, evidence, at, day),
    )  # fmt: skip


def place_after(last: Ending) -> str:
    """The place in the list of levels that end behind one of them."""
    return f"{last.until}.{last.party_id}"


def place_of(cursor: str, first: date) -> tuple[date, str]:
    """The place that a cursor stands for; the beginning where it stands for none."""
    day, _, party_id = cursor.partition(".")
    try:
        return date.fromisoformat(day), party_id
    except ValueError:
        return first, ""
