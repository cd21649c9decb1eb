"""A fund's journey across the Spring Festival, and a close of day that is killed, repeated and late."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import holidays
import pytest

from farthing.kernel import calendar
from farthing.kernel.calendar import DeclareHolidays
from farthing.kernel.day import AdvanceDay, CloseStep, close_day
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.savings.fund import founding_service as funds
from tests.savings.fund.house import BABY, House, opened, yuan
from tests.waits import patience

EVE_WEEK = date(2026, 2, 9)
"""Monday before the Spring Festival of 2026 (holidays from Sunday 15 to Monday 23 February)."""
FRI, TUE_AFTER, WED_AFTER = date(2026, 2, 13), date(2026, 2, 24), date(2026, 2, 25)
FAR = date(2027, 2, 9)
SOURCE = str(Path(__file__).resolve().parents[3] / "src")


def declared_in_2026() -> list[date]:
    """Chinese public holidays of 2026 that fall on weekdays, from an independent calendar."""
    return sorted(day for day in holidays.country_holidays("CN", years=2026) if day.weekday() < 5 and day > EVE_WEEK)


def test_the_spring_festival(database_url: str) -> None:
    house = opened(database_url, EVE_WEEK)
    festival = [day for day in declared_in_2026() if day.month == 2]
    assert festival == [date(2026, 2, day) for day in (16, 17, 18, 19, 20, 23)]
    house.holidays(*festival)
    ann, bea = house.saver(0, "30000.00"), house.saver(1, "1.00")
    house.buy(ann, "30000.00")
    house.buy(bea, "0.50")
    house.close()
    house.asset("9000.00", "0.0365", FAR)
    house.close_until(FRI)
    bought = house.buy(bea, "0.50")
    left = house.redeem(ann, "9000.00")
    assert (bought.trading_on, bought.earns_change_on, left.settles_on) == (FRI, TUE_AFTER, TUE_AFTER)
    house.at(15)
    late = house.redeem(ann, "1000.00")
    assert (late.trading_on, late.settles_on) == (TUE_AFTER, WED_AFTER)
    over = house.redeem_now(ann, "12000.00")
    assert over.offer is not None
    assert (over.instant, over.offer.amount, over.limited_by) == (yuan("10000.00"), yuan("2000.00"), "person_cap")
    assert (over.offer.trading_on, over.offer.settles_on) == (TUE_AFTER, WED_AFTER)
    before = house.holding(ann).income_total
    for day in range(13, 24):
        assert house.today == date(2026, 2, day)
        house.close()
        assert house.holding(ann).income_yesterday > 0, "income of holidays is posted each calendar day"
        if day < 23:
            assert house.order(left).state == "confirmed", "still earning"
    assert house.order(left).state == "payable"
    day = Decimal(9000) * Decimal("0.0365") / 365 - Decimal(20000) * Decimal("0.0063") / 365
    assert abs(house.holding(ann).income_total - before - 11 * day) < Decimal("0.01"), "11 days without trade or pay"
    assert house.account("line") == yuan("10000.00")
    assert house.holding(bea).units > 1
    house.sound()
    house.close()
    assert house.today == WED_AFTER
    assert (house.order(left).state, house.account("line")) == ("settled", yuan("0.00"))
    assert house.wallet(ann) == yuan("19000.00")
    house.close()
    assert house.wallet(ann) == yuan("20000.00")
    (figure,) = house.read(lambda tx: funds.published(tx, BABY, date(2026, 2, 14), date(2026, 2, 23))).publications
    assert (figure.on, figure.days) == (date(2026, 2, 23), 10)
    house.sound()


def test_only_days_to_come_can_be_declared_and_taken_back(house: House) -> None:
    with pytest.raises(Refusal, match="holiday_passed"):
        house.holidays(house.today)
    with pytest.raises(Refusal, match="request\\.malformed"):
        house.run(calendar.declare_holidays, DeclareHolidays((date(2027, 5, 3),), "a\0b"))
    ann = house.saver(0, "10.00")
    tuesday = house.today + timedelta(days=1)
    house.holidays(tuesday)
    assert house.buy(ann, "1.00").earns_change_on == tuesday + timedelta(days=1)
    back = DeclareHolidays((tuesday,), "a mistake", closed=False)
    assert house.bank.kernel.preview(calendar.declare_holidays, back).days == ()
    house.run(calendar.declare_holidays, back)
    assert house.buy(ann, "1.00").earns_change_on == tuesday


def busy(house: House) -> list[str]:
    """Ten savers of whom some buy, some redeem on the same Friday."""
    savers = [house.saver(number, "1000.00") for number in range(10)]
    for saver in savers:
        house.buy(saver, "500.00")
    house.close()
    house.asset("2000.00", "0.0365", date(2028, 1, 1))
    house.close(2)
    for number, saver in enumerate(savers):
        if number % 2:
            house.buy(saver, f"{number}.00")
        else:
            house.redeem(saver, f"{number + 1}.01")
        if number % 3 == 0:
            house.redeem_now(saver, "20.00")
    return savers


def picture(house: House) -> tuple[object, ...]:
    """Everything a fund keeps, without keys of requests and instants of recording."""
    with house.bank.superuser() as connection:
        return (
            connection.execute("SELECT * FROM fund ORDER BY id").fetchall(),
            connection.execute("SELECT * FROM fund_index ORDER BY id").fetchall(),
            connection.execute("SELECT * FROM fund_holding ORDER BY id").fetchall(),
            connection.execute("SELECT * FROM fund_order ORDER BY id").fetchall(),
            connection.execute("SELECT path, balance FROM account ORDER BY path").fetchall(),
        )


def test_steps_that_are_repeated_under_other_keys_change_nothing(house: House) -> None:
    busy(house)
    for step in house.bank.kernel.steps:
        if step.name.startswith("savings.fund"):
            house.run(step.name, CloseStep(house.today))
    seen = picture(house)
    for _ in range(3):
        for step in reversed(house.bank.kernel.steps):
            if step.name.startswith("savings.fund"):
                house.run(step.name, CloseStep(house.today))
    assert picture(house) == seen
    close_day(house.bank.kernel)
    house.close(3)
    house.sound()


CLOSING = """
import sys
from datetime import UTC, datetime
from farthing.bank.day import STEPS
from farthing.db.server import Database
from farthing.kernel.day import close_day
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.savings.fund import day_service as close
from farthing.town.ports import ports_of
close.PIECE = 2
wall = datetime.fromisoformat(sys.argv[2])
kernel = Kernel(Database(sys.argv[1]).open(), wall=lambda: wall, ports=ports_of(Settings()), steps=STEPS)
print("ready", flush=True)
close_day(kernel)
print("closed", flush=True)
"""


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.parametrize("attempts", [range(1, 8, 3), pytest.param(range(8), marks=pytest.mark.prove)])
def test_a_close_killed_again_and_again_reaches_the_same_end(database_url: str, attempts: range) -> None:
    """SIGKILL after a growing delay, pieces of two orders: what one run did, the next one finds done."""
    house = opened(database_url)
    busy(house)
    closing = house.today
    command = [sys.executable, "-c", CLOSING, database_url, house.wall.isoformat()]
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    for attempt in attempts:
        running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n", running.stderr.read() if running.stderr else ""
        time.sleep(0.012 * attempt)
        running.send_signal(signal.SIGKILL)
        running.wait()
        running.communicate()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=patience(120), check=False)
    assert done.stdout.split() == ["ready", "closed"], done.stderr
    assert house.today > closing
    with house.bank.superuser() as connection:
        assert connection.execute("SELECT count(*) FROM fund_index WHERE on_date = %s", [closing]).fetchone() == (1,)
        waiting = "SELECT count(*) FROM fund_order WHERE due_on <= %s"
        assert connection.execute(waiting, [closing]).fetchone() == (0,)
    house.sound()


def test_days_whose_income_was_missed_are_made_up(house: House) -> None:
    """A bank that closed days without the fund's steps: the next close shares out every day, none twice."""
    ann = house.saver(0, "1000.00")
    house.buy(ann, "1000.00")
    house.close()
    house.asset("1000.00", "0.0365", date(2028, 1, 1))
    for _ in range(3):
        house.run("kernel.advance_day", AdvanceDay(house.today))
    house.close()
    assert len(house.read(lambda tx: funds.published(tx, BABY, date(2027, 1, 4), date(2027, 1, 8))).days) == 5
    assert Money.rounded(house.holding(ann).income_total, "CNY") == yuan("0.33")
    house.sound()
