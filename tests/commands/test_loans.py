"""The commands of a loan's life on a real bank: tried, done, drafted for a second person, and read in two languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.commands.acts import SAID
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kernel.operation import OPERATIONS
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.lending.acts.table_service import ACTS
from farthing.lending.life import GIVES_BACK
from farthing.lending.lives.events import DOES
from farthing.lending.lives.names import EVENTS
from tests.banks import commanded
from tests.lending.backing.friends import empty, rich
from tests.lending.house import House

WHY = ("--why", "as the board decided")


def late(house: House) -> str:
    """A loan of 6000 whose first instalment is ten days late."""
    loan = house.active("6000")
    empty(house, house.party)
    house.wait(loan.instalments[0].due_on + timedelta(days=10))
    return loan.id


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url, lived=late)


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """``farthing loans <act> <the loan> ...`` in this process; a refusal is raised."""
    commanded(monkeypatch, house.bank.url)

    def command(act: str, *words: str) -> str:
        result = CliRunner().invoke(app, ["loans", act, house.made, *words])
        if isinstance(result.exception, Refusal):
            raise result.exception
        assert result.exit_code == 0, f"{result.output} {result.exception!r}"
        return result.output

    return command


def agree(house: House, draft: str) -> None:
    second = Actor("second", frozenset(each.permission for each in OPERATIONS.values()), None)
    decided = house.bank.kernel.run(approvals.decide, Decide(draft, approve=True), actor=second)
    assert decided.state == "approved", decided


def test_every_act_has_a_command_and_every_event_a_name() -> None:
    of_lending = {each.function.__name__ for each in ACTS.values()}
    told = {
        name.partition(".")[2]
        for name, each in OPERATIONS.items()
        if each.function.__module__.endswith(("lending.acts.service", "lending.draws.service"))
    } - {"lapse_undrawn"}
    assert of_lending == told and set(SAID) == set(ACTS) and set(EVENTS) == {*DOES, GIVES_BACK}


@pytest.mark.long
def test_a_loan_is_shown_as_it_stands(run: Callable[..., str], house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    loan = house.loan(house.made)
    first, shown = loan.instalments[0], run("show")
    assert f"{first.number}\t{first.due_on}\t{first.principal}\t{first.interest}" in shown
    assert "10 days late" in shown and "held by: the own book CNY 6,000.00" in shown
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "还款中" in run("show") and "逾期 10 天" in run("show")
    found = json.loads(run("show", "--json"))
    assert found["loan"]["id"] == loan.id and found["days_past_due"] == 10


def test_a_dry_run_shows_before_and_after_and_keeps_nothing(run: Callable[..., str], house: House) -> None:
    before = house.loan(house.made)
    told = run("charge", "fee", "30", *WHY, "--dry-run")
    assert "cost changes by: CNY 30.00" in told and "What would be posted" not in told
    assert "Nothing would be posted." in told
    gone = run("write-off", *WHY, "--dry-run")
    assert f"assets:loans:{before.short_id}\tCNY -6,000.00" in gone and "state\topen\tover" in gone
    tried = json.loads(run("rate", "3%", *WHY, "--dry-run", "--json"))
    assert tried["after"]["cost"]["minor"] < tried["before"]["cost"]["minor"]
    assert house.loan(house.made) == before


def test_what_two_persons_must_want_is_a_draft_that_another_agrees_to(run: Callable[..., str], house: House) -> None:
    charged = json.loads(run("charge", "fee", "30", *WHY, "--key", "one", "--json"))
    assert json.loads(run("charge", "fee", "30", *WHY, "--key", "one", "--json")) == charged
    agree(house, charged["approval_id"])
    told = run("waive", "fee", "12", *WHY)
    assert "waits for a second person (lending.waive)" in told
    agree(house, json.loads(run("waive", "fee", "18", *WHY, "--json"))["approval_id"])
    story = run("story")
    assert "waiver: as the board decided" in story and "CNY 30.00" in story
    assert sum(each.waived.minor for one in house.loan(house.made).instalments for each in one.obligations) == 18_00


def test_what_comes_too_late_is_recovered_and_paying_ahead_is_looked_at(
    run: Callable[..., str], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rich(house, house.party, "500")
    assert "shorter" in run("ahead", "--amount", "4000") and "whole loan off" in run("ahead", "--amount", "90000")
    run("surplus", "smaller")
    agree(house, json.loads(run("write-off", *WHY, "--json"))["approval_id"])
    assert house.loan(house.made).state == "closed"
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("LANGUAGE", "")
    assert "核销收回" in run("recover", "150")
    assert "核销：as the board decided" in run("story")
    assert "核销后收回：¥150.00" in run("story") and "尚可收回：¥" in run("story")
    with pytest.raises(Refusal) as caught:
        run("recover", "90000")
    assert caught.value.code == "lending.more_than_open"
