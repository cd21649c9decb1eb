"""Quotes as tables for people: amounts with their currency, in one language, one line where products give the same."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.kernel.clock import wall_clock

CASE = {
    "product": "lump-sum", "rates": "boc-2015-06-28", "agreement": {"term": "1y"}, "closing_on": "2017-01-10",
    "events": [{"on": "2016-01-10", "do": "deposit", "amount": "10000"}],
}  # fmt: skip


def told(monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    monkeypatch.setenv("COLUMNS", "200")
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, f"{result.output} {result.exception!r}"
    return result.output


@pytest.mark.parametrize("human", [(), ("--human",)], ids=["by itself", "as before"])
@pytest.mark.parametrize(("language", "reason"), [("C.UTF-8", "Held to maturity"), ("zh_CN.UTF-8", "到期支取")])
def test_a_quote_is_told_in_the_language_that_is_spoken_with_currency_and_percent(
    human: tuple[str, ...], language: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    case = tmp_path / "case.json"
    case.write_text(json.dumps(CASE), "utf-8")
    said = told(monkeypatch, "quote", "deposit", str(case), *human)
    yuan = "¥" if language.startswith("zh") else "CNY "
    for expected in ("2.25%", f"{yuan}225.00", f"{yuan}10,225.00", reason):
        assert expected in said
    assert "0.0225" not in said


def test_a_comparison_without_a_policy_named_is_under_the_law_of_the_banks_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = json.loads(told(monkeypatch, "quote", "compare", "--amount", "1000", "--days", "90", "--json"))
    assert answer["policy"] == "cn"
    demand = next(each for each in answer["products"] if each["product"] == "savings-demand")
    assert demand["insurance"]["insured"] is True


@pytest.mark.parametrize(
    ("policy", "board", "since"), [("cn", "boc-2025-05-20", "2025-05-20"), ("eu", "euro-2025-01-01", "2025-01-01")]
)
def test_a_comparison_without_a_board_named_is_of_today_by_the_newest_of_the_policys_currency(
    policy: str, board: str, since: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("quote", "compare", "--amount", "1000", "--days", "90", "--policy", policy, "--json")
    earliest = wall_clock().date()
    answer = json.loads(told(monkeypatch, *words))
    assert answer["rates"] == board
    assert earliest <= date.fromisoformat(answer["opened_on"]) <= wall_clock().date()
    assert json.loads(told(monkeypatch, *words, "--rates", board))["opened_on"] == since


def test_a_comparison_says_what_is_the_same_once_the_shortest_term_first(monkeypatch: pytest.MonkeyPatch) -> None:
    said = told(
        monkeypatch, "quote", "compare", "--amount", "10", "--days", "90", "--policy", "cn", "--rates", CASE["rates"]
    )
    assert "3m, 6m, 1y, 2y, 3y, 5y" in said
    assert said.count("minimum of CNY 50,000.00") == 1
    assert "CNY 0.01" in said


def test_what_is_no_day_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["quote", "compare", "--amount", "10", "--days", "5", "--opened-on", "2026-13-01"]
    monkeypatch.setenv("COLUMNS", "200")
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert "2026-13-01 is not a day" in result.output
    assert "%Y" not in result.output
    assert "不是日期" in CliRunner().invoke(app, words, env={"LC_ALL": "zh_CN.UTF-8"}).output


@pytest.mark.parametrize("what", ["deposit", "loan", "apr"])
def test_a_file_without_an_end_is_refused_and_not_read_to_the_end_of_the_memory(what: str) -> None:
    result = CliRunner().invoke(app, ["quote", what, "/dev/zero"])
    assert result.exit_code != 0 and "larger than 4 MB" in str(result.exception), result.output
