"""The appraisal report: what checks say to conditions of law, for any findings; every failure of the checker is known to one."""

from __future__ import annotations

import ast
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from farthing.assurance.appraisal.conditions import catalogue
from farthing.assurance.appraisal.paper import Language, render, told
from farthing.assurance.appraisal.reporting import reported
from farthing.assurance.appraisal.rules import appraise
from farthing.cli import app
from farthing.evidence import checker
from farthing.evidence.checker.document import attached
from farthing.evidence.checker.report import Finding, Status
from farthing.evidence.package import write_zip
from farthing.kit.canonical import canonical

AT = datetime(2026, 6, 10, 1, 0, tzinfo=UTC)


def said_by_the_checker() -> dict[str, set[str]]:
    """Codes of packages in the checker's own source, by what they say; those in a variable are named here."""
    found: dict[str, set[str]] = {"passed": set(), "failed": set(), "skipped": set()}
    for path in Path(checker.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            if isinstance(node.func, ast.Attribute) and node.func.attr in found:
                found[node.func.attr].add(node.args[0].value)
            if isinstance(node.func, ast.Name) and node.func.id == "tell":
                found["passed"].add(node.args[0].value)
                found["failed"].add(node.args[0].value)
            if isinstance(node.func, ast.Name) and node.func.id == "_guard":
                raise AssertionError("a guard's name is its second argument")
            if isinstance(node.func, ast.Name) and node.func.id == "_check_given":
                continue
    digests = {"contract_sha256", "terms_sha256"}
    guarded = ("trust", "manifest", "package.format", "log", "pdf", "contract", "confirmation", "journal")
    found["failed"] |= {f"{each}.unreadable" for each in guarded} | digests
    found["passed"] |= digests
    return {kind: {code for code in codes if not code.startswith("counted.")} for kind, codes in found.items()}


CODES = said_by_the_checker()


def finding(code: str, status: Status) -> Finding:
    return Finding(code, "x", status, "said", "所述")


def known(code: str, patterns: tuple[str, ...]) -> bool:
    return any(code == each or (each.endswith(".*") and code.startswith(each[:-1])) for each in patterns)


def test_every_code_of_the_checker_is_known_to_a_check() -> None:
    checks = catalogue().checks
    assert {each for each in CODES["failed"] if not any(known(each, check.failed) for check in checks)} == set()
    passed = {code for check in checks for code in check.passed}
    assert passed == CODES["passed"], passed ^ CODES["passed"]
    left = {each for each in CODES["skipped"] if not each.startswith("limit.")}
    named = passed | {code for check in checks for code in check.wanting}
    assert left - named == {"journal", "journal.recorded_late", "pdf"}  # their checks are not made then, or told beside


some = st.lists(
    st.one_of(
        *(
            st.sampled_from(sorted(CODES[kind] | {"new.kind"})).map(lambda code, status=status: finding(code, status))
            for kind, status in (("passed", Status.PASSED), ("failed", Status.FAILED), ("skipped", Status.NOT_CHECKED))
        )
    ),
    max_size=40,
)


@given(some)
def test_nothing_is_supported_beside_what_failed_or_was_not_made(findings: list[Finding]) -> None:
    found = appraise(catalogue(), findings)
    for made in found.checks:
        against = [each for each in findings if each.status is Status.FAILED and known(each.code, made.check.failed)]
        assert (made.result == "fails") or not against
        if made.result == "holds":
            assert set(made.check.passed) <= {each.code for each in findings if each.status is Status.PASSED}
    for _, conditions in found.laws:
        for each in conditions:
            assert (each.answer == "supported") == bool(
                each.checks and all(made.result == "holds" for made in each.checks)
            )
            assert (each.answer == "people") == (not each.condition.needs)


@given(some, st.sampled_from(sorted(CODES["failed"] | {"new.kind"})))
def test_a_failure_more_never_makes_a_condition_better(findings: list[Finding], code: str) -> None:
    before = appraise(catalogue(), findings)
    after = appraise(catalogue(), [*findings, finding(code, Status.FAILED)])
    for (_, were), (_, are) in zip(before.laws, after.laws, strict=True):
        for was, now in zip(were, are, strict=True):
            assert now.answer == was.answer or now.answer == "contradicted"
    assert any(made.result == "fails" for made in after.checks)


def test_what_passed_in_part_is_open() -> None:
    every = [finding(code, Status.PASSED) for code in CODES["passed"]]
    assert {each.answer for _, all_of in appraise(catalogue(), every).laws for each in all_of} == {
        "supported",
        "people",
    }
    one = appraise(catalogue(), [*every, finding("confirmation.none", Status.NOT_CHECKED)])
    assert {made.check.id: made.result for made in one.checks}["confirmed"] == "in_part"
    assert {made.result for made in appraise(catalogue(), []).checks} == {"not_made"}


def package(folder: Path) -> Path:
    """A file that calls itself a package, and is none."""
    about = {"title": "#evil[$x$]", "format": "farthing-evidence/1", "subject": 3}
    path = folder / "a package.zip"
    path.write_bytes(write_zip({"package.json": canonical(about), "manifest-sha256.txt": b"0  package.json\n"}))
    return path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_paper_says_what_the_program_said(tmp_path: Path, language: Language) -> None:
    path = package(tmp_path)
    long = Finding("confirmation.what", "x", Status.PASSED, "a" * 300, "甲" * 300)
    report = reported(path.name, path.read_bytes(), [long, finding("pdf.not_sealed", Status.FAILED)], AT, given=False)
    made = render(report, language)
    assert made == render(report, language)
    (tmp_path / "report.pdf").write_bytes(made)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "report.pdf", "-"], capture_output=True, text=True, check=True
    )
    words = {
        "zh": ("第十三条", "有检查结果相反", "不是鉴定意见"),
        "en": ("art. 26 (d)", "a check speaks against it", "no expert opinion"),
    }
    for each in (*words[language], "#evil[$x$]", report.exhibit.sha256, "--trust trusted.pem"):
        assert each in text.stdout, each
    assert ("第十三条" in text.stdout) == (language == "zh")
    assert attached(made, canonical(told(report, language)))


def test_the_command_tells_and_writes_it(tmp_path: Path) -> None:
    path, out = package(tmp_path), tmp_path / "report.pdf"
    done = CliRunner().invoke(app, ["appraise", str(path), "--out", str(out)], env={"LC_ALL": "C"})
    assert done.exit_code == 1 and out.read_bytes().startswith(b"%PDF")
    assert "art. 5 (2)" in done.stdout and "a check speaks against it" in done.stdout and "manifest" in done.stdout
    said = CliRunner().invoke(app, ["appraise", str(path), "--json"], env={"LC_ALL": "zh_CN.UTF-8"})
    assert said.exit_code == 1 and json.loads(said.stdout)["language"] == "zh"
