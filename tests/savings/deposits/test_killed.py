"""The night of a quarter's end, killed again and again: it resumes, and pays every deposit once."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from farthing.kernel.day import close_day
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.savings.audit.service import verify
from farthing.savings.deposits import day_service as closing
from farthing.town.savers.service import Wanted, fill
from tests.conftest import Bank
from tests.hands import city
from tests.savings.audit.test_verify import quarter_end
from tests.savings.deposits.saver import today, until

SAVERS, PIECE = 2_000, 50
CLOSE = f"""
import sys
from farthing.bank.day import STEPS
from farthing.db.server import Database
from farthing.kernel.day import close_day
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.town.ports import ports_of
from farthing.savings.deposits import day_service as closing
closing.QUARTER_PIECE = {PIECE}
close_day(Kernel(Database(sys.argv[1]).open(), ports=ports_of(Settings()), steps=STEPS))
"""


def settled(connection: psycopg.Connection[Any]) -> int:
    found = connection.execute("SELECT count(*) FROM deposit_event WHERE what = 'settlement'").fetchone() or (0,)
    return int(found[0])


def close_until(bank: Bank, paid: int) -> int:
    """Close the day in another process and kill that when so many deposits are paid; answers how many were."""
    with bank.superuser() as connection:
        program = subprocess.Popen([sys.executable, "-c", CLOSE, bank.url])
        while settled(connection) < paid and program.poll() is None:
            pass
        program.send_signal(signal.SIGKILL)
        program.wait()
        return settled(connection)


@pytest.mark.long
def test_a_quarter_that_is_killed_resumes_and_pays_once(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "QUARTER_PIECE", PIECE)
    city(bank)
    fill(bank.kernel, Wanted(SAVERS, least_minor=100_000, owners=3))
    until(bank, quarter_end(today(bank)) - timedelta(days=1))
    night = today(bank)
    for paid in (SAVERS // 4, SAVERS // 2):
        assert paid <= close_until(bank, paid) < SAVERS
        assert today(bank) == night
    assert close_day(bank.kernel, night).business_date == night + timedelta(days=1)
    with bank.superuser() as connection:
        assert settled(connection) == SAVERS
    assert bank.read(verify, snapshot=True).findings == ()
    assert bank.read(verify_ledger, snapshot=True).findings == ()
