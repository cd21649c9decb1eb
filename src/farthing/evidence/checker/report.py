"""Own ``Report``: what was checked, what failed, and what was not checked, in English and Chinese."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import Enum


class Status(str, Enum):  # noqa: UP042 - runs on Python 3.10, which has no StrEnum
    """The three answers a check can give; not checking is an answer of its own."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Finding:
    """One check: a stable code, what it looked at, its status, and one sentence in each language."""

    code: str
    subject: str
    status: Status
    en: str
    zh: str


@dataclass(frozen=True)
class Report:
    """Every finding on a package. There is no single yes: read what failed and what was not checked."""

    package: str
    findings: tuple[Finding, ...]
    title: str = "Evidence package / 证据包"

    @property
    def failed(self) -> tuple[Finding, ...]:
        """Checks that failed."""
        return self._of(Status.FAILED)

    @property
    def passed(self) -> tuple[Finding, ...]:
        """Checks that passed."""
        return self._of(Status.PASSED)

    @property
    def not_checked(self) -> tuple[Finding, ...]:
        """What this run says nothing about."""
        return self._of(Status.NOT_CHECKED)

    @property
    def exit_code(self) -> int:
        """1 if any check failed, else 0."""
        return 1 if self.failed else 0

    def _of(self, status: Status) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.status is status)

    def text(self) -> str:
        """The report for people, failures last so that they are seen."""
        lines = [f"{self.title}：{self.package}", ""]
        titles = [
            (Status.PASSED, "CHECKED AND FOUND IN ORDER / 已检查，相符"),
            (Status.NOT_CHECKED, "NOT CHECKED / 未检查"),
            (Status.FAILED, "FAILED / 不相符"),
        ]
        for status, title in titles:
            found = self._of(status)
            lines += [f"== {title}: {len(found)}"] if found else []
            for finding in found:
                lines += [f"  [{finding.code}] {finding.subject}", f"      {finding.en}", f"      {finding.zh}"]
        if self.failed:
            lines += ["", f"RESULT: {len(self.failed)} check(s) failed. / 结果：{len(self.failed)} 项检查不相符。"]
        else:
            lines += [
                "",
                "RESULT: every check that was made is in order; see what was not checked.",
                "结果：已做的检查全部相符；请留意未检查的项目。",
            ]
        return "\n".join(lines) + "\n"

    def as_json(self) -> str:
        """The report for machines."""
        content = {"package": self.package, "exit_code": self.exit_code, "findings": [asdict(f) for f in self.findings]}
        return json.dumps(content, ensure_ascii=False, indent=2)


class Findings:
    """Collects findings while the checks run."""

    def __init__(self) -> None:
        self.all: list[Finding] = []

    def passed(self, code: str, subject: str, en: str, zh: str) -> None:
        """Add a check that found things in order."""
        self.all.append(Finding(code, subject, Status.PASSED, en, zh))

    def failed(self, code: str, subject: str, en: str, zh: str) -> None:
        """Add a check that did not."""
        self.all.append(Finding(code, subject, Status.FAILED, en, zh))

    def skipped(self, code: str, subject: str, en: str, zh: str) -> None:
        """Add what was not checked, and why."""
        self.all.append(Finding(code, subject, Status.NOT_CHECKED, en, zh))
