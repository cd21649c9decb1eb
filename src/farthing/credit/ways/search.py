"""Search for what would change a decision, and decide once more with it: nothing is told that was not tried. Pure.

For each reason against somebody the smallest choice of one lever that turns the answer or raises the limit; where none alone
does, two levers together with the fewest steps. What would change nothing is not told.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product

from farthing.credit.grades import CALLED, RANK
from farthing.credit.model import Inputs, Opinion
from farthing.credit.ways import levers
from farthing.credit.ways.levers import Lever
from farthing.credit.ways.model import Evidenced, Model, Way
from farthing.kit.money import Money
from farthing.kit.words import Words

Judge = Callable[[Inputs], Opinion]
"""The rule itself: what it answers on inputs."""
MOST_TOGETHER = 12
"""Levers with more choices than this are tried alone."""
Aim = Callable[[Opinion], bool]


def ways(given: Inputs, subject: str, model: Model, judge: Judge) -> tuple[Way, ...]:
    """What would change the answer, by reason, in the order of the reasons."""
    now = judge(given)
    against = [reason.code for reason in now.reasons if not reason.favourable]
    found: list[Way] = []
    by_reason = [(code, _levers(code, given, subject, model)) for code in against]
    for code, each in by_reason:
        found += [way for lever in each if (way := _alone(code, lever, given, now, judge)) is not None]
    if not found and not now.approved:
        together = _together(by_reason, given, now, judge)
        found += [together] if together is not None else []
    told: dict[tuple[object, ...], Way] = {}
    for way in found:
        told.setdefault(way.moved, way)
    return tuple(told.values())


def better_evidence(given: Inputs, judge: Judge) -> tuple[Evidenced, ...]:
    """What each better grade of evidence would change, the weakest first; nothing where the inputs do not say what they carry."""
    if given.carries is None or given.grade not in RANK:
        return ()
    now, found = judge(given), []
    known = {each.grade: each.most for each in given.carries}
    for grade in RANK[RANK.index(given.grade) + 1 :]:
        if grade not in known:
            continue
        then = judge(levers.graded(given, grade))
        found.append(Evidenced(grade, known[grade], then.approved, then.limit, _evidenced(grade, now, then)))
    return tuple(found)


def _levers(code: str, given: Inputs, subject: str, model: Model) -> list[Lever]:
    """What can be done about a reason."""
    name = code.removesuffix("_poor")
    if code in ("default_beyond_product", "expected_loss"):
        made = [levers.of_figure(given, subject, each, model[each]) for each in model]
        made += [levers.repaid_here(given)] if code == "expected_loss" else []
    elif name != code and name in model:
        made = [levers.of_figure(given, subject, name, model[name])]
    elif code in _ABOUT:
        made = [make(given, subject) for make in _ABOUT[code]]
    else:
        made = []
    return [each for each in made if each is not None]


_ABOUT: dict[str, Sequence[Callable[[Inputs, str], Lever | None]]] = {
    "history_too_short": (levers.waiting,),
    "history_too_old": (lambda given, _: levers.fresh(given),),
    "bill_contradicts_itself": (lambda given, _: levers.unchanged(given),),
    "payments_returned": (lambda given, _: levers.none_returned(given),),
    "asked_elsewhere": (lambda given, _: levers.unasked(given),),
    "affordability": (
        lambda given, _: levers.longer(given), lambda given, _: levers.paid_off(given), levers.spending,
    ),
    "owed_here": (lambda given, _: levers.repaid_here(given),),
    "evidence": (lambda given, _: levers.repaid_here(given),),
}  # fmt: skip


def _aims(given: Inputs, now: Opinion) -> list[Aim]:
    """What is aimed at, the best first: yes where it was no; of a yes, what was asked for, or at least more."""
    if not now.approved:
        return [lambda then: then.approved]
    if now.limit >= given.amount:
        return []
    return [
        lambda then: then.approved and then.limit >= given.amount,
        lambda then: then.approved and then.limit > now.limit,
    ]


def _alone(code: str, lever: Lever, given: Inputs, now: Opinion, judge: Judge) -> Way | None:
    for aim in _aims(given, now):
        choice = _smallest(lever, given, judge, aim)
        if choice is not None:
            return _way(code, [(lever, choice)], given, now, judge)
    return None


def _smallest(lever: Lever, given: Inputs, judge: Judge, aim: Aim) -> str | None:
    """The smallest choice that reaches the aim; none where none does."""

    def reached(choice: str) -> bool:
        return aim(judge(lever.apply(given, choice)))

    if not lever.rises:
        return next((choice for choice in lever.choices if reached(choice)), None)
    at = bisect_left(lever.choices, True, key=reached)
    return lever.choices[at] if at < len(lever.choices) else None


def _together(by_reason: Sequence[tuple[str, list[Lever]]], given: Inputs, now: Opinion, judge: Judge) -> Way | None:
    """Two levers that turn the answer together, by the fewest steps of both; then all, each as little as it must."""
    few = [(code, lever) for code, each in by_reason for lever in each if len(lever.choices) <= MOST_TOGETHER]
    tried = sorted(_pairs(few), key=lambda pair: pair[0])
    for _, code, chosen in tried:
        if judge(_applied(given, chosen)).approved:
            return _way(code, chosen, given, now, judge)
    return None


def _pairs(few: Sequence[tuple[str, Lever]]) -> Iterator[tuple[tuple[int, int, int], str, list[tuple[Lever, str]]]]:
    for at, ((code, first), (_, second)) in enumerate(combinations(few, 2)):
        if first.name == second.name:
            continue
        for (i, one), (j, other) in product(enumerate(first.choices), enumerate(second.choices)):
            yield (i + j, at, i), code, [(first, one), (second, other)]


def _applied(given: Inputs, chosen: Sequence[tuple[Lever, str]]) -> Inputs:
    for lever, choice in chosen:
        given = lever.apply(given, choice)
    return given


def _way(code: str, chosen: Sequence[tuple[Lever, str]], given: Inputs, now: Opinion, judge: Judge) -> Way:
    then = judge(_applied(given, chosen))
    said = [lever.said(choice) for lever, choice in chosen]
    en, zh = " and ".join(each.en for each in said), "，且".join(each.zh for each in said)
    tells, tells_zh = _tells(now, then.limit)
    days = [day for lever, choice in chosen if (day := lever.since(choice)) is not None]
    return Way(
        code, tuple(lever.moved(choice) for lever, choice in chosen), then.approved, then.limit, then.score,
        max(days, default=None), Words(f"{en[0].upper()}{en[1:]}, {tells}.", f"如果{zh}，{tells_zh}。"),
    )  # fmt: skip


def _tells(now: Opinion, limit: Money) -> tuple[str, str]:
    if now.approved:
        return f"you could borrow up to {limit}", f"最高可借 {limit}"
    return f"the answer would be yes, up to {limit}", f"结果将为批准，最高可借 {limit}"


def _evidenced(grade: str, now: Opinion, then: Opinion) -> Words:
    """What a better grade would change, in a sentence; that it would change nothing is said too."""
    with_it = CALLED[grade]
    if (then.approved, then.limit) == (now.approved, now.limit):
        return Words(f"With {with_it.en}, the answer would be the same.", f"{with_it.zh}，结果不变。")
    tells, tells_zh = _tells(now, then.limit)
    return Words(f"With {with_it.en}, {tells}.", f"{with_it.zh}，{tells_zh}。")
