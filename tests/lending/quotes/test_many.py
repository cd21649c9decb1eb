"""Many plans of a file: each as its own case would answer, in the file's order; one bad line refuses all and is named."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.kit.errors import Refusal
from farthing.lending.quotes import many
from farthing.lending.quotes.answer import quote_loan
from farthing.lending.quotes.many import quote_many

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "guides" / "quote-loan.md").read_text(encoding="utf-8")
((CSV, PRINTED),) = re.findall(r"```csv\n(.*?)```\n\n```text\n(.*?)```", GUIDE, re.DOTALL)
LINE: dict[str, Any] = {"amount": "1000", "on": "2026-01-31", "terms": {"rate": "12%", "instalments": 12}}


def lines(*written: object) -> bytes:
    """A file of JSON lines."""
    return "\n".join(each if isinstance(each, str) else json.dumps(each) for each in written).encode()


@pytest.mark.parametrize("line", re.findall(r"^farthing quote loan --many .*?(?=\s+#)", GUIDE, re.MULTILINE))
def test_the_command_lines_print_what_the_guide_says(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("PLANS.csv").write_text(CSV, encoding="utf-8")
    asked = {"amount": "10000", "on": "2026-01-31",
             "terms": {"rate": "12%", "instalments": [6, 12], "day_count": "30/360"}}  # fmt: skip
    Path("PLANS.jsonl").write_bytes(lines(asked))
    done = CliRunner().invoke(app, line.split()[1:])
    assert done.exit_code == 0, done.output
    if "--json" in line:
        assert [each["interest"] for each in json.loads(done.output)] == ["352.91", "661.86"]
    else:
        assert done.output == PRINTED


def test_each_plan_is_what_its_case_answers() -> None:
    asked = [
        {"amount": str(100 + 37 * place), "on": f"2026-{1 + place % 12:02}-28", "currency": "EUR",
         "terms": {"rate": f"0.{place:02}", "instalments": 1 + place % 7, "method": method, **more}}
        for place, (method, more) in enumerate([
            ("equal_instalment", {}), ("equal_principal", {"grace_principal": 0}), ("flat", {}), ("interest_only", {}),
            ("bullet", {}), ("equal_instalment", {"down_payment": "25%", "every": "2w"}),
            ("equal_instalment", {"multiple": "10", "balloon": "20"}),
        ] * 5)
    ]  # fmt: skip
    answers = quote_many(lines(*asked), "plans.jsonl")
    assert [each["line"] for each in answers] == list(range(1, len(asked) + 1))
    for each, answer in zip(asked, answers, strict=True):
        paid_out = {"on": each["on"], "do": "pay_out", "amount": each["amount"]}
        case = {"currency": "EUR", "terms": each["terms"], "events": [paid_out]}
        alone = quote_loan(json.dumps(case).encode())
        rows = [row for row in alone["schedule"] if "due_on" in row]
        assert (answer["interest"], answer["due"]) == (alone["totals"]["interest"], alone["totals"]["due"])
        assert (answer["last_instalment"], answer["last_due_on"]) == (rows[-1]["due"], rows[-1]["due_on"])


BAD: dict[str, tuple[str, bytes, str]] = {
    "nothing": ("lending.case_unreadable", b"", "heading"),
    "a heading alone": ("lending.case_unreadable", b"amount,on,rate,instalments\n", "no plan"),
    "a heading twice": ("lending.case_unreadable", b"amount,amount\n1,1\n", "heading"),
    "a row too short": ("lending.case_unreadable", b"amount,on,rate\n1,2026-01-01\n", "line 2"),
    "a quote left open": ("lending.case_unreadable", b'amount,on\n"1,2026-01-01\n', "line 2"),
    "not UTF-8": ("lending.case_unreadable", b"amount\xff", "UTF-8"),
    "not JSON in a line": ("lending.case_unreadable", lines(LINE, "{"), "line 2"),
    "a field misspelt": (
        "lending.case_field_unknown",
        lines(LINE, LINE | {"terms": {"rate": "1%", "instalments": 1, "grace": 1}}),
        "line 2",
    ),
    "a range backwards": (
        "lending.case_field_bad",
        lines({**LINE, "terms": {"rate": "1%", "instalments": "9-3"}}),
        "9-3",
    ),
    "no number": ("lending.case_field_missing", lines({**LINE, "terms": {"rate": "1%"}}), "line 1"),
    "no number in a list": (
        "lending.case_field_bad",
        lines({**LINE, "terms": {"rate": "1%", "instalments": [6, "x"]}}),
        "line 1",
    ),
    "another currency": ("lending.case_field_bad", lines({**LINE, "amount": "USD 5"}), "line 1"),
    "an amount of nothing": ("lending.case_field_bad", lines({**LINE, "amount": "0"}), "line 1"),
    "terms that contradict": (
        "lending.terms_contradict",
        lines({**LINE, "terms": {"rate": "1%", "instalments": 2, "grace_principal": 2}}),
        "principal",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_whole(name: str) -> None:
    code, text, says = BAD[name]
    with pytest.raises(Refusal) as caught:
        quote_many(text, "plans")
    assert caught.value.code == code
    assert says in caught.value.detail
    assert any("一" <= letter <= "鿿" for letter in caught.value.detail_zh)


def test_too_many_plans_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "MOST_PLANS", 7)
    with pytest.raises(Refusal) as caught:
        quote_many(lines({**LINE, "terms": {"rate": "1%", "instalments": "3-12"}}), "plans")
    assert caught.value.code == "lending.too_many_plans"
