"""The guide of a loan's life (loans.md) is run as it is printed, each draft agreed to by a second officer."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from farthing.cli import app
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kernel.operation import OPERATIONS
from farthing.kit.actor import Actor
from farthing.lending.acts import service as acts
from farthing.products.reference import service as references
from tests.banks import commanded
from tests.docs.blocks import blocks
from tests.lending.acts.doing import clean
from tests.lending.backing.friends import empty, rich
from tests.lending.house import House, opened
from tests.tidy.tree import ROOT

GUIDE = ROOT / "docs" / "guides" / "loans.md"
BEGINS = "export FARTHING_HOME="


def late(house: House) -> str:
    """The loan of the guide, on the day of the guide."""
    loan = house.active("6000")
    empty(house, house.party)
    house.wait(loan.instalments[0].due_on + timedelta(days=10))
    rich(house, house.party, "1000")
    return loan.id


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with opened(database_url, late) as found:
        yield found


def agree(house: House) -> None:
    second = Actor("second", frozenset(each.permission for each in OPERATIONS.values()), None)
    for draft in house.bank.kernel.ask(approvals.waiting, actor=second):
        decided = house.bank.kernel.run(approvals.decide, Decide(draft.approval_id, approve=True), actor=second)
        assert decided.state == "approved", decided


@pytest.mark.long
def test_the_guide_to_loans_is_run_as_it_is_printed(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commanded(monkeypatch, house.bank.url)
    assert house.today == date(2027, 1, 7)
    said = {}
    monkeypatch.chdir(tmp_path)
    for block in blocks(GUIDE):
        if block.text.startswith(BEGINS):
            continue
        if block.language == "toml":
            Path("lpr.toml").write_text(block.text, encoding="utf-8")
            continue
        for line in block.text.splitlines():
            told = house.bank.read(lambda tx: acts.story(tx, house.made))
            words = line.replace("$LOAN", house.made).replace("$EVENT", told[-1].id)
            result = CliRunner().invoke(app, shlex.split(words)[1:])
            assert result.exit_code == 0, f"{line}: {result.output} {result.exception!r}"
            said[line] = result.output
            agree(house)
    assert (
        "it is fixed" in said["farthing loans rate-history $LOAN"] and "3.00%" in said["farthing loans reference-rates"]
    )
    figures = house.bank.kernel.ask(references.reference_rates)
    assert [each.effective_on for each in figures if each.source.startswith("National")] == [date(2027, 1, 20)]
    assert "pays it off on 2027-01-07: CNY 6" in said["farthing loans show $LOAN"]
    listed = said["farthing loans list --state active --late 1"]
    assert house.made in listed and "*" in listed and house.party.name not in listed
    assert "may still be recovered: CNY " in said["farthing loans story $LOAN"]
    kinds = {each.kind for each in house.bank.read(lambda tx: acts.story(tx, house.made))}
    assert kinds >= {
        "charge",
        "waive",
        "pause_interest",
        "change_rate",
        "re_amortise",
        "reverse",
        "write_off",
        "recover",
    }
    clean(house)


@pytest.mark.long
def test_the_bank_that_the_guide_begins_with_has_the_loan_of_its_examples() -> None:
    (begins,) = (block.text for block in blocks(GUIDE) if block.text.startswith(BEGINS))
    then = (
        "farthing loans show $LOAN; farthing wallets show $BORROWER",
        "farthing loans reschedule $LOAN re_amortise --why x --dry-run",
    )
    with tempfile.TemporaryDirectory() as folder:  # a short path: the server's socket stands in it
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("FARTHING_")},
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "TMPDIR": folder, "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        script = "\n".join(("set -eu", begins, *then))
        done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pays it off on 2027-01-07" in done.stdout and "10 days late" in done.stdout
    assert "balance CNY 1,000.00" in done.stdout and "A dry run" in done.stdout
