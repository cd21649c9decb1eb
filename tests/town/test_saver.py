"""The saver's story on a real bank: to the end, again the same, after kills; shortened to three months."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from farthing.kit.money import Money
from farthing.savings.shelf import service as catalogue
from farthing.town.story.saver import BROUGHT, WAYS
from farthing.town.story.telling import tell_saver
from tests.banks import at
from tests.conftest import Bank
from tests.hands import city
from tests.waits import patience

MONTHS = 3


def told(bank: Bank, folder: Path, months: int = MONTHS, run: str = "1") -> list[dict[str, object]]:
    city(bank)
    lines: list[str] = []
    tell_saver(bank.kernel, lines.append, folder, as_json=True, months=months, run=run)
    return [json.loads(line) for line in lines]


def step(steps: list[dict[str, object]], title: str) -> dict[str, object]:
    (found_step,) = [each for each in steps if title in str(each["title"])]
    return found_step


@pytest.mark.long
def test_one_yuan_in_every_product_and_an_elder_at_the_counter(bank: Bank, tmp_path: Path) -> None:
    steps = told(bank, tmp_path)
    shelf = {each.product for each in bank.read(catalogue.offered)}
    opened = step(steps, "One yuan for every product")
    assert set(opened["opened"]) == shelf
    assert {way.product for way in WAYS} == shelf | set(opened["not_sold"])
    assert opened["not_sold"] == [
        "savings-rolling", "savings-rolling-grassroots", "savings-notice-grassroots", "savings-tiered",
    ]  # fmt: skip
    assert opened["opened"]["savings-demand"] == {"minor": 100, "currency": "CNY"}
    assert opened["opened"]["savings-lump-sum"] == {"minor": 5000, "currency": "CNY"}
    said = "\n".join(opened["said"])
    assert said.count("[savings.below_minimum]") == 6
    assert "article 24" in said and "15 May 2024" in said and "CNY 50,000.00" in said
    quarter = step(steps, "Quarter end")["said"]
    assert "interest paid so far" in quarter[0]
    assert all(line.count("CNY ") == 3 for line in quarter[1 : len(shelf) + 1])
    assert any("7-day yield" in line and line.count("%") == 2 for line in quarter)
    passbook = [line for line in step(steps, "closes the passbook")["said"] if "CNY" in line]
    cash = passbook[0].partition("into her wallet ")[2].partition(" (")[0]
    assert any(cash in line for line in passbook[1:] if "Closed" in line), passbook
    later = step(steps, "A year later")
    assert later["wallet"]["minor"] == BROUGHT.minor + later["interest"]["minor"]
    assert later["interest"]["minor"] == sum(each["minor"] for each in later["gave"].values()) > 0
    assert all(len(each.partition(".")[2]) == 8 for each in later["exact"].values())
    for paper in [*step(steps, "certificates")["certificates"], *step(steps, "closes the passbook")["printed"]]:
        assert Path(paper).read_bytes().startswith(b"%PDF-")
    assert Decimal(later["exact"]["savings-baby"]) > Decimal("0.003")
    assert any("income per 10,000 units" in line for line in step(steps, "Quarter end")["said"])
    notice = Money.parse("5.00", "CNY")  # 50,000.00 x 12 days x 0.30% / 360
    assert step(steps, "The day of her notice")["notice_interest"] == {"minor": notice.minor, "currency": "CNY"}
    assert step(steps, "Verification")["clean"] is True
    again = told(bank, tmp_path)
    for before, after in zip(steps[:-1], again[:-1], strict=True):
        assert after["said"] == before["said"]


@pytest.mark.long
def test_another_saver_is_told_of_where_the_fund_has_lent_and_owes_its_manager(bank: Bank, tmp_path: Path) -> None:
    told(bank, tmp_path, 1)
    other = told(bank, tmp_path, 1, "2")
    assert step(other, "Verification")["clean"] is True
    lent = step(other, "The fund lends")["said"]
    assert lent[0].startswith("CNY 9,9")
    assert [each["said"] for each in told(bank, tmp_path, 1, "2")[:-1]] == [each["said"] for each in other[:-1]]


@pytest.mark.prove
@pytest.mark.parametrize("moments", [(1.6, 2.2), (1.4, 1.8, 2.2, 2.6)])
def test_killed_anywhere_the_saver_goes_on(database_url: str, tmp_path: Path, moments: tuple[float, ...]) -> None:
    """``kill -9`` after ever longer times; the next telling continues and the books are clean."""
    command = [sys.executable, "-m", "farthing", "story", "saver", "--months", "1", "--out", str(tmp_path), "--json"]
    environment = {**os.environ, **at(database_url)}
    for seconds in moments:
        running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        running.send_signal(signal.SIGKILL)
        running.wait()
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, timeout=patience(120))
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert step(steps, "Verification")["clean"] is True, done.stderr
    later = step(steps, "A year later")
    assert later["wallet"]["minor"] == BROUGHT.minor + later["interest"]["minor"]
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*), count(closed_on) FROM deposit").fetchone() == (9, 9)
        assert connection.execute("SELECT count(*) FROM party WHERE kind = 'person'").fetchone() == (3,)
        assert connection.execute("SELECT count(*) FROM fund_order").fetchone() == (3,)
