"""The guide ``quote-loan``: each example is run as it is printed and gives what is printed beside it; each feature has one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.lending.lives.events import DOES, PAYING
from farthing.lending.plans.terms import DAY_COUNTS, METHODS, MonthEnd
from farthing.lending.quotes.answer import quote_loan
from tests.lending.quotes.books import agree
from tests.lending.quotes.printed import printed

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "guides" / "quote-loan.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```\n\n```text\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_gives_what_the_guide_prints(number: int) -> None:
    case, told = EXAMPLES[number]
    answer = quote_loan(case.encode())
    assert printed(answer) == told.splitlines()
    agree(answer)


def test_each_feature_has_an_example() -> None:
    cases = [json.loads(case) for case, _ in EXAMPLES]
    done = {event["do"] for case in cases for event in case["events"]}
    assert set(DOES) - done == {"payout_refund", "interest_refund", "set_surplus"}, (
        "allocated as other refunds; a rule alone"
    )
    assert done >= set(DOES) - set(PAYING) - {"set_surplus"}
    terms = [case["terms"] for case in cases]
    assert {each.get("method", "equal_instalment") for each in terms} == set(METHODS)
    assert {each.get("month_end", "clamp") for each in terms} == set(get_args(MonthEnd))
    counted = {each.get("day_count", "actual/365") for each in terms}
    assert counted >= set(DAY_COUNTS) - {"30/365", "30/actual", "30e/360", "actual/364"}


@pytest.mark.parametrize("line", re.findall(r"^farthing quote loan (?!--many).*?(?=\s+#)", GUIDE, re.MULTILINE))
def test_the_command_lines_run(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("CASE.json").write_text(EXAMPLES[0][0], encoding="utf-8")
    Path("CASE.toml").write_text(
        'currency = "EUR"\n[terms]\nrate = "9%"\ninstalments = 4\nday_count = "30/360"\n'
        '[[events]]\non = 2026-01-31\ndo = "pay_out"\namount = "1000"\n',
        encoding="utf-8",
    )
    words = line.split()[1:]
    typed = Path(words.pop()).read_bytes() if words[-2:-1] == ["<"] else None
    done = CliRunner().invoke(app, [word for word in words if word != "<"], input=typed)
    assert done.exit_code == 0, done.output
    assert "254.71" in done.output


def test_a_bad_file_is_refused_on_the_error_stream() -> None:
    line = [sys.executable, "-m", "farthing", "quote", "loan", "nowhere.json"]
    for language, says in (("en_GB.UTF-8", "cannot be read"), ("zh_CN.UTF-8", "无法读取")):
        done = subprocess.run(line, capture_output=True, text=True, env={**os.environ, "LC_ALL": language}, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(
            "lending.case_unreadable: nowhere.json" if says[0] == "c" else "lending.case_unreadable: "
        )
        assert says in done.stderr
