"""The savings command line on a real bank: a day at a branch, dry runs, JSON, refusals with their code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from farthing.bank.founding import SECOND
from farthing.cli import app
from farthing.commands.problems import refused
from farthing.commands.words import exactly
from farthing.kernel import approvals
from farthing.kit.errors import Refusal
from farthing.kit.shipped import DATA
from farthing.parties import service as parties
from tests.banks import at, commanded
from tests.conftest import Bank
from tests.parties.people import lin_mei
from tests.savings.deposits.saver import saver, today
from tests.waits import patience

PHONE = "138 1234 5600"
Run = Callable[..., str]


@pytest.fixture
def run(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in this process; a refusal is raised as it reaches ``main``."""
    commanded(monkeypatch, bank.url)
    saver(bank)

    def command(*words: str) -> str:
        result = CliRunner().invoke(app, list(words))
        if isinstance(result.exception, Refusal):
            raise result.exception
        assert result.exit_code == 0, f"{result.output} {result.exception!r}"
        return result.output

    return command


def asked(run: Run, *words: str) -> Any:
    return json.loads(run(*words, "--json"))


def code(run: Run, *words: str) -> str:
    with pytest.raises(Refusal) as caught:
        run(*words)
    return caught.value.code


@pytest.mark.long
def test_a_day_at_a_branch(run: Run, bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under no country's law, where one clerk alone may draw a whole notice deposit."""
    monkeypatch.setenv("FARTHING_POLICY", "sandbox")
    assert "Lump-sum term deposit" in run("savings", "products")
    assert asked(run, "savings", "rates")["editions"][0]["demand"] == "0.0005"
    opening = ("savings", "open", PHONE, "savings-lump-sum", "5000", "--term", "1y")
    assert "nothing was kept" in run(*opening, "--dry-run")
    assert asked(run, "savings", "list", PHONE) == []
    first = asked(run, *opening, "--key", "one")
    assert asked(run, *opening, "--key", "one") == first
    term = first["deposit"]["id"]
    run("till", "set-up", "east-1")
    run("till", "open", "east-1")
    notice = asked(run, "savings", "open", PHONE, "savings-notice-grassroots", "100", "--notice", "7d", "--counter")[
        "deposit"
    ]["id"]
    other = ("savings", "open", PHONE, "savings-demand", "1", "--product-version", "7")
    assert code(run, *other) == code(run, *other, "--dry-run") == "savings.product_changed"
    with pytest.raises(Refusal, match="The wallet of party_"):
        run("savings", "open", PHONE, "savings-demand", "10000000")
    assert code(run, "savings", "open", PHONE, "savings-lump-sum", "49.99", "--term", "1y") == "savings.below_minimum"
    for_on = (today(bank) + timedelta(days=7)).isoformat()
    assert asked(run, "savings", "notify", notice, "100")["deposit"]["notices"][0]["for_on"] == for_on
    assert code(run, "savings", "notify", notice, "100") == "savings.notice_twice"
    assert asked(run, "savings", "cancel-notice", notice, "--on", for_on)["deposit"]["notices"] == []
    assert code(run, "savings", "renew", term) == "savings.before_term"
    assert "CNY 1,000.00" in run("savings", "withdraw", term, "1000")
    assert code(run, "savings", "deposit", term, "1") == "savings.single_deposit"
    assert "Lump-sum term deposit" in run("savings", "show", term)
    nowhere = tmp_path / "nowhere" / "statement.pdf"
    unwritten = CliRunner().invoke(app, ["savings", "statement", term, "--pdf", str(nowhere)]).exception
    assert isinstance(unwritten, OSError)
    assert str(refused(unwritten)).startswith(f"commands.file_unusable: {nowhere}")
    assert not nowhere.parent.exists()
    statement = tmp_path / "statement.pdf"
    assert "CNY 4,000.00" in run("savings", "statement", term, "--pdf", str(statement))
    certificate = tmp_path / "certificate.pdf"
    run("savings", "certificate", term, "--pdf", str(certificate))
    assert statement.read_bytes().startswith(b"%PDF-")
    assert certificate.read_bytes().startswith(b"%PDF-")
    matures_on = first["deposit"]["matures_on"]
    assert asked(run, "savings", "worth", term, "--on", matures_on)["closing_interest"]["minor"] == 3800
    assert "nsur" in run("savings", "cover", PHONE)
    assert "Grassroots notice deposit" in run("savings", "compare", "1000", "--days", "90", "--person", PHONE)
    until = (date.fromisoformat(matures_on) - timedelta(days=30)).isoformat()
    assert run("savings", "pledge", term, "2000", "--until", until, "--rate", "4.35%").startswith("break: ")
    assert asked(run, "close-day", "--dry-run")["deposits_due"] == 0
    assert "closed" in (closed_day := run("close-day"))
    assert "{" not in closed_day
    assert asked(run, "close-day")["handled"]["savings.accrue"] > 0
    assert "0.30%" in run("savings", "show", notice)
    assert "products accrued" in run("close-day")
    assert code(run, "till", "close") == "payments.drawer_differs"
    assert code(run, "till", "count", "100") == "cli.count_unreadable"
    assert "CNY 100.00" in run("till", "count", "50=1", "20=2", "10=1")
    assert "system" in run("till", "list")
    closed = asked(run, "savings", "close", notice, "--counter")
    assert "CNY 0.00" in run("till", "close")
    assert closed["paid_out"]["minor"] == 10000


def agree(bank: Bank, operation: str) -> None:
    """A second person agrees to what waits of an operation."""
    (waits,) = [each for each in bank.read(approvals.waiting) if each.operation == operation]
    bank.run(approvals.decide, approvals.Decide(waits.approval_id, approve=True), actor=SECOND)


def test_what_staff_publish(run: Run, bank: Bank, tmp_path: Path) -> None:
    shipped = (DATA / "products" / "rates-boc-2015-06-28.toml").read_text("utf-8")
    rates = tmp_path / "rates.toml"
    rates.write_text(shipped, "utf-8")
    tomorrow = (today(bank) + timedelta(days=1)).isoformat()
    assert code(run, "savings", "publish-rates", str(rates)) == "savings.rates_in_force"
    assert tomorrow in run("savings", "publish-rates", str(rates), "--from", tomorrow, "--dry-run")
    assert "waits for a second person" in run("savings", "publish-rates", str(rates), "--from", tomorrow)
    assert asked(run, "savings", "holidays") == {"days": []}
    assert asked(run, "savings", "holidays", tomorrow, "--dry-run")["days"] == [tomorrow]
    assert "waits for a second person" in run("savings", "holidays", tomorrow, "--name", "Village fair")
    agree(bank, "savings.declare_holidays")
    assert tomorrow in run("savings", "holidays")
    assert "waits for a second person" in run("savings", "holidays", tomorrow, "--take-back")
    agree(bank, "savings.declare_holidays")
    assert asked(run, "savings", "holidays") == {"days": []}
    product = tmp_path / "savings-village.toml"
    source = (DATA / "products" / "savings-demand.toml").read_text("utf-8")
    product.write_text(
        source.replace('Demand savings"', 'Village demand"').replace('minimum = "1.00"', 'minimum = "0.01"'), "utf-8"
    )
    assert "Village demand" in run("savings", "publish-product", str(product), "--dry-run")
    assert "savings-village" not in run("savings", "products")
    assert "waits for a second person" in run("savings", "publish-product", str(product))
    agree(bank, "savings.publish")
    assert asked(run, "savings", "open", PHONE, "savings-village", "0.01")["deposit"]["balance"]["minor"] == 1


@pytest.mark.long
def test_the_fund_and_odds_and_ends(run: Run, bank: Bank) -> None:
    assert "Small Change" in run("savings", "fund", "list")
    assert asked(run, "savings", "fund", "buy", PHONE, "9000", "--dry-run")["id"] == ""
    order = asked(run, "savings", "fund", "buy", PHONE, "9000")
    assert asked(run, "savings", "fund", "cancel", order["id"])["state"] == "cancelled"
    order = asked(run, "savings", "fund", "buy", PHONE, "9000")
    while today(bank).isoformat() <= order["earns_change_on"]:
        run("close-day")
    asset = ("savings", "fund", "declare-asset", "bill", "5000", "--rate", "2.60%", "--until", "2099-01-01")
    assert "bill" in run(*asset, "--dry-run")
    assert "waits for a second person" in run(*asset)
    assert asked(run, "savings", "fund", "assets") == []
    assert "CNY 100.00" in run("savings", "fund", "redeem-now", PHONE, "100")
    assert "redeem" in run("savings", "fund", "redeem", PHONE, "50")
    assert len(asked(run, "savings", "fund", "orders", PHONE)["orders"]) == 4
    held = asked(run, "savings", "fund", "holding", PHONE)[0]
    assert exactly(held["value"], "CNY") in run("savings", "fund", "holding", PHONE)
    assert "000000000" not in run("savings", "fund", "holding", PHONE)
    assert "7-day simple" in run("savings", "fund", "figures")
    deposit = asked(run, "savings", "open", PHONE, "savings-demand", "1")["deposit"]["id"]
    sweeping = ("savings", "odds", "sweep", PHONE, "above", "100", "--into", deposit)
    assert "dry run" in run(*sweeping, "--dry-run")
    assert asked(run, "savings", "odds", "sweeps", PHONE) == []
    rule = asked(run, "savings", "odds", "sweep", PHONE, "above", "100", "--into", deposit)["id"]
    assert rule in run("savings", "odds", "sweeps", PHONE)
    assert asked(run, "savings", "odds", "end-sweep", rule, "--dry-run")["ended_on"]
    assert asked(run, "savings", "odds", "sweeps", PHONE)[0]["ended_on"] is None
    assert asked(run, "savings", "odds", "end-sweep", rule)["ended_on"]
    assert code(run, "savings", "odds", "end-sweep", rule, "--dry-run") == "savings.sweep_ended"
    until = (today(bank) + timedelta(days=3)).isoformat()
    starting = (
        "savings", "odds", "start-group", "savings-lump-sum", "1y", "1000", "--until", until, "--board", "retail",
    )  # fmt: skip
    assert asked(run, *starting, "--dry-run")["id"] == ""
    assert asked(run, "savings", "odds", "groups") == []
    assert "waits for a second person" in run(*starting)
    agree(bank, "savings.start_group")
    group = asked(run, "savings", "odds", "groups")[0]["id"]
    joining = ("savings", "odds", "join", group, PHONE)
    assert asked(run, *joining, "50", "--dry-run")["state"] == "held"
    assert code(run, *joining, "100000000", "--dry-run") == code(run, *joining, "100000000")
    assert asked(run, "savings", "odds", "groups")[0]["gathered"]["minor"] == 0
    pledge = asked(run, *joining, "50", "--key", "joined")["id"]
    groups = run("savings", "odds", "groups")
    assert "CNY 50.00" in groups
    assert "waiting" in groups
    leaving = ("savings", "odds", "leave", pledge)
    assert asked(run, *leaving, "--dry-run")["state"] == "released"
    assert "CNY 50.00" in run("savings", "odds", "groups")
    left = asked(run, *leaving, "--key", "left")
    assert left["state"] == "released"
    assert asked(run, *leaving, "--key", "left") == left
    assert code(run, *leaving, "--dry-run") == "savings.unknown_pledge"


def test_a_person_is_named_by_phone_number_or_id(run: Run, bank: Bank) -> None:
    (found,) = [each for each in bank.read(parties.search).parties if each.kind == "person"]
    for name in (PHONE, "+8613812345600", found.id, found.number):
        assert asked(run, "savings", "list", name) == []
    assert code(run, "savings", "list", lin_mei().phone) == "parties.not_known"


@pytest.mark.long
def test_a_refusal_is_told_with_its_code_and_exit_2(database_url: str) -> None:
    command = [sys.executable, "-m", "farthing", "savings", "show", "dep_nothing"]
    environment = {**os.environ, **at(database_url)}
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, timeout=patience(60))
    assert done.returncode == 2
    assert done.stderr.startswith("savings.unknown_deposit: ")
    assert "Traceback" not in done.stderr
