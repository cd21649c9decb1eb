"""Weigh what a checker found against conditions of law. Pure: it never says that a law is met, only what the checks say to it."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.assurance.appraisal.model import Answer, Appraisal, Catalogue, Check, Condition, Made, Result, Weighed
from farthing.evidence.checker.report import Finding, Status


def appraise(catalogue: Catalogue, findings: Sequence[Finding]) -> Appraisal:
    """Every condition of every law, with the checks behind it. A failure that no check knows stands in all of them.

    Precedence of an answer: nothing that a program could say; a check that fails; a check that was not or only partly made.
    """
    strange = [
        each for each in findings
        if each.status is Status.FAILED and not any(_names(check.failed, each.code) for check in catalogue.checks)
    ]  # fmt: skip
    made = {check.id: _made(check, findings, strange) for check in catalogue.checks}
    laws = tuple((law, tuple(_weighed(each, made) for each in law.conditions)) for law in catalogue.laws)
    return Appraisal(tuple(made.values()), laws, tuple(findings))


def _made(check: Check, findings: Sequence[Finding], strange: Sequence[Finding]) -> Made:
    against = [each for each in findings if each.status is Status.FAILED and _names(check.failed, each.code)]
    held = [each for each in findings if each.status is Status.PASSED and each.code in check.passed]
    codes = (*check.passed, *check.wanting)
    left = [each for each in findings if each.status is Status.NOT_CHECKED and each.code in codes]
    return Made(check, _result(check, [*against, *strange], held, left), (*against, *strange, *left, *held))


def _result(check: Check, against: Sequence[Finding], held: Sequence[Finding], left: Sequence[Finding]) -> Result:
    if against:
        return "fails"
    if {each.code for each in held} == set(check.passed) and not left:
        return "holds"
    return "in_part" if held else "not_made"


def _weighed(condition: Condition, made: dict[str, Made]) -> Weighed:
    checks = tuple(made[each] for each in condition.needs)
    return Weighed(condition, _answer([each.result for each in checks]), checks)


def _answer(results: Sequence[Result]) -> Answer:
    if not results:
        return "people"
    if "fails" in results:
        return "contradicted"
    return "supported" if all(each == "holds" for each in results) else "open"


def _names(patterns: Sequence[str], code: str) -> bool:
    return any(code == each or (each.endswith(".*") and code.startswith(each[:-1])) for each in patterns)
