"""Own the sandbox bank as a process of its own beside a bank: begun over a book, told how to behave, gone at the end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from farthing.kernel.run import Kernel
from farthing.kit.client import post
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.chart import rail_path
from farthing.payments.nostro.client import IsoStatements
from farthing.payments.rail_client import IsoRail
from farthing.town.sandbox_account import Account, Booking

RAIL = "sandbox"
WITHIN, MOST_BYTES = 10.0, 1 << 20


class BankProcess:
    """The sandbox bank at ``url``, served by another process of this machine."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url, self.process = url, process

    def told(self, **how: Any) -> Any:
        """Tell it how to behave (``POST /control``); answers what it says."""
        said = post(f"{self.url}/control", json.dumps(how).encode(), within=WITHIN, at_most=MOST_BYTES)
        return json.loads(said.body)


def opening(book: Path, held: Money, until: date) -> None:
    """Write the book of a bank with which our account has stood since before: ``held`` at the end of a day."""
    account = Account()
    lines = [account.booking(Booking("before", held.minor, held.currency, until.isoformat())), *account.ending(until)]
    book.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")


@contextmanager
def bank_beside(kernel: Kernel, folder: Path) -> Iterator[BankProcess]:
    """The rail of a bank is a bank in a process of its own from today on, with which it has what its books say of yesterday."""
    before = kernel.clock().business_date
    held = kernel.read(lambda tx: ledger.balances_of(tx, [rail_path(RAIL)])[rail_path(RAIL)].owed())
    book = folder / "sandbox-bank.jsonl"
    opening(book, held, date.fromordinal(before.toordinal() - 1))
    command = [sys.executable, "-m", "farthing.town.bank_server", "--book", str(book)]
    process, ports = subprocess.Popen(command, stdout=subprocess.PIPE, text=True), kernel.ports
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url.startswith("http://"):
            raise InvariantBroken("the sandbox bank's process does not begin")
        kernel.ports = ports.with_peer("rail", RAIL, IsoRail(RAIL, url, int(WITHIN * 500))).with_peer(
            "statement", RAIL, IsoStatements(url, WITHIN)
        )
        yield BankProcess(url, process)
    finally:
        kernel.ports = ports
        process.kill()
        process.communicate()
