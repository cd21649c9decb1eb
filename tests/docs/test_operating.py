"""The guides for whoever runs a bank are run as they are printed: staff and keys, a day of operations, an upgrade, a provider."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from farthing.bank.staff import first_officers
from farthing.cli import app
from farthing.identity.first import FirstOfficers, Officer
from farthing.kernel import errands
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.banks import commanded
from tests.conftest import Bank
from tests.docs.blocks import blocks
from tests.doors import serving
from tests.identity.people import staff
from tests.parties.people import register_person
from tests.payments.test_rails import CARD, cny
from tests.tidy.tree import ROOT

GUIDES = ROOT / "docs" / "guides"
PASSWORDS = {"lin": "the river runs east", "chen": "a lamp in the window", "zhou": "rain on a tin roof"}
Run = Callable[..., str]


@pytest.fixture
def run(bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a line of ours in this process, in a folder of its own, with what is typed at it."""
    commanded(monkeypatch, bank.url)
    monkeypatch.chdir(tmp_path)

    def line(text: str, *typed: str) -> str:
        words = shlex.split(text, comments=True)
        done = CliRunner().invoke(app, words[1:], input="".join(f"{each}\n" for each in typed))
        assert done.exit_code == 0, f"{text}: {done.output} {done.exception!r}"
        return done.stdout

    return line


def lines(guide: str) -> list[str]:
    """The lines of a guide's shell blocks, in order."""
    text = "".join(block.text for block in blocks(GUIDES / guide) if block.language == "sh")
    return [line for line in text.splitlines() if line]


def test_the_guide_to_staff_hires_somebody_makes_a_key_and_ends_both(run: Run, bank: Bank) -> None:
    officers = [Officer(name, person, number, PASSWORDS[name]) for name, person, number in (
        ("lin", "林岚", "S-01"), ("chen", "陈默", "S-02"))]  # fmt: skip
    first_officers(bank.kernel, FirstOfficers(*officers))
    with bank.superuser() as owner:
        owner.execute("UPDATE bank_clock SET mode = 'real'")
    told, once = "", ""
    for line in lines("staff.md"):
        draft = (re.findall(r"appr_\w+", told) or [""])[0]
        key = (re.findall(r"key_\w+", told) or [""])[0]
        real = line.replace("$DRAFT", draft).replace("$KEY_DRAFT", draft).replace("$KEY", key)
        officer = (re.findall(r"--as (\w+)", line) or [""])[0]
        typed = (once, PASSWORDS["zhou"], PASSWORDS["zhou"]) if " password " in line else (PASSWORDS.get(officer, ""),)
        told = run(real, *typed)
        once = (re.findall(r"works once, told this once: (\S+)", told) or [once])[0]
    assert "ended" in told
    assert once


def test_the_day_of_operations(run: Run, bank: Bank, tmp_path: Path) -> None:
    staff(bank, "zhou", "operator", PASSWORDS["zhou"])
    with serving(bank) as server:
        for line in lines("operations-day.md"):
            today = bank.kernel.clock().business_date.isoformat()
            real = line.replace("http://127.0.0.1:8484", server).replace("$(date +%F)", today).replace("$day", today)
            if line.startswith("day="):
                assert subprocess.check_output(["bash", "-ec", f'{line}; echo "$day"']).strip()
            elif line.startswith("curl"):
                subprocess.run(["bash", "-ec", real], check=True, capture_output=True, cwd=tmp_path)
            elif not line.startswith(
                "farthing backup"
            ):  # tests/db/test_backup.py runs it, with the server's own pg_dump
                run(real, PASSWORDS["zhou"])


def test_the_commands_of_an_upgrade_are_ours(run: Run) -> None:
    """Those that migrate, verify and look ahead; copies are in tests/db/test_backup.py, a second release is not at hand."""
    tried = [line.partition("/opt/farthing-0.2/bin/")[2] for line in lines("upgrade.md") if "bin/farthing" in line]
    assert tried == ["farthing migrate", "farthing verify", "farthing close-day --dry-run"]
    for line in (*tried, *[line for line in lines("upgrade.md") if line in ("farthing migrate", "farthing verify")]):
        run(line)


def test_the_rail_of_the_guide_to_providers(bank: Bank) -> None:
    (block,) = (block.text for block in blocks(GUIDES / "providers.md") if block.language == "python")
    known: dict[str, Any] = {}
    exec(compile(block, "providers.md", "exec"), known)

    class House:
        """Says nothing the first time it is asked."""

        def __init__(self) -> None:
            self.asked: list[str] = []

        def transfer(self, message_id: str, card: str, fen: int, out: bool) -> dict[str, Any] | None:
            self.asked.append(message_id)
            return None

        def status(self, message_id: str) -> dict[str, Any] | None:
            self.asked.append(message_id)
            return {"status": "done", "reference": "c-1"}

    house = House()
    bank.kernel.ports = bank.kernel.ports.with_peer("rail", "clearing", known["ClearingRail"](house))
    party = register_person(bank, 1).id
    bank.run(payments.open_wallet, OpenWallet(party))
    asked = bank.run(payments.top_up, MoveByRail(party, cny(1000), CARD, "clearing"))
    assert asked.state == "unknown"
    errands.sweep(bank.kernel, everything=True)
    assert bank.read(lambda tx: payments.wallet(tx, party)).balance.minor == 1000
    assert len(set(house.asked)) == 1 and len(house.asked) == 2
