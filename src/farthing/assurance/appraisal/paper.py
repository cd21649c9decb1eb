"""Print an appraisal for a court's expert: a PDF/A-3 in one language, with all that it says attached as canonical JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from farthing import __version__
from farthing.assurance.appraisal.model import Answer, Appraisal, Exhibit, Made, Result, Weighed
from farthing.evidence.checker.report import Status
from farthing.kit.canonical import canonical, plain
from farthing.kit.words import Words
from farthing.signing.typesetting import typesetter

Language = Literal["zh", "en"]
_TEMPLATE = Path(__file__).with_name("paper.typ")
AT_ONCE = 3
BY_OWN = Words(
    "the package's own roots and log key: anybody can make such", "包内自带的根证书与日志密钥：任何人都能自制"
)
BY_GIVEN = Words("roots or log key that were given beside the package", "随检材之外另行提供的根证书或日志密钥")


NAMES: dict[Result | Answer | Status, Words] = {
    "holds": Words("holds", "相符"),
    "fails": Words("does not hold", "不相符"),
    "in_part": Words("in part", "部分检查"),
    "not_made": Words("not made", "未检查"),
    "supported": Words("supported by the checks", "检查结果支持"),
    "contradicted": Words("a check speaks against it", "有检查结果相反"),
    "open": Words("open", "尚不能判断"),
    "people": Words("for people", "由人判断"),
    Status.PASSED: Words("in order", "相符"),
    Status.FAILED: Words("failed", "不相符"),
    Status.NOT_CHECKED: Words("not checked", "未检查"),
}
"""What a report calls what a check came to, what the checks say to a condition, and what a finding says."""


@dataclass(frozen=True, slots=True)
class Report:
    """An appraisal of a file, when it was made, and whether anything was given to trust."""

    exhibit: Exhibit
    appraisal: Appraisal
    checked_at: datetime
    given: bool


def told(report: Report, language: Language) -> dict[str, Any]:
    """All that the paper says, as JSON values."""
    found = report.appraisal
    return {
        "format": "farthing-appraisal/1",
        "language": language,
        "exhibit": plain(report.exhibit),
        "checked_at": report.checked_at.isoformat(timespec="seconds"),
        "program": f"Farthing {__version__}",
        "trusted": plain(BY_GIVEN if report.given else BY_OWN),
        "checks": [_check(each) for each in found.checks],
        "laws": [
            {"id": law.id, "title": plain(law.title), "conditions": [_condition(each) for each in conditions]}
            for law, conditions in found.laws
        ],
        "findings": [plain(each) for each in found.findings],
    }


def render(report: Report, language: Language) -> bytes:
    """The PDF; the same report gives the same bytes. Refuses ``signing.papers_busy``."""
    said = canonical(told(report, language)).decode()
    shown = json.dumps({"names": {str(plain(each)): plain(words) for each, words in NAMES.items()}})
    pdf, _ = typesetter(_TEMPLATE, AT_ONCE).set({"terms": said, "shown": shown}, report.checked_at)
    return pdf


def _check(made: Made) -> dict[str, Any]:
    codes = sorted({each.code for each in made.findings})
    return {"id": made.check.id, "title": plain(made.check.title), "result": made.result, "codes": codes}


def _condition(weighed: Weighed) -> dict[str, Any]:
    said = weighed.condition
    return {
        "article": plain(said.article), "words": plain(said.words), "limit": plain(said.limit), "answer": weighed.answer,
        "checks": [_check(each) for each in weighed.checks],
    }  # fmt: skip
