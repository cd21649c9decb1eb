"""Slow proofs: stories killed at many moments, and a hot ledger under many clients whose processes are killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger.audit.service import verify
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from tests.banks import at
from tests.conftest import Bank
from tests.parties.people import register_person
from tests.waits import patience

CARD = "6222021234567890123"


def hammer(bank: Bank, parties: list[str], rounds: int, seed: int, made: list[str]) -> None:
    """Random transfers between few wallets, each under a key; what was acknowledged is written down."""
    dice = random.Random(seed)
    for number in range(rounds):
        payer, payee = dice.sample(parties, 2)
        command = Transfer(payer, payee, Money(dice.randint(1, 50_00), "CNY"))
        try:
            made.append(bank.run(payments.transfer, command, key=f"{seed}:{number}").id)
        except Refusal as refusal:
            assert refusal.code == "ledger.insufficient_funds"


def prepared(bank: Bank) -> list[str]:
    parties = [register_person(bank, number).id for number in range(4)]
    for party in parties:
        bank.run(payments.open_wallet, OpenWallet(party))
        bank.run(payments.top_up, MoveByRail(party, Money(200_00, "CNY"), CARD))
    return parties


def proven(bank: Bank, parties: list[str], made: list[str]) -> None:
    """Every acknowledged transfer is there once, money is whole, nobody is below zero, and verify is clean."""
    balances = [bank.read(lambda tx, p=p: payments.wallet(tx, p)).balance.minor for p in parties]
    assert sum(balances) == 4 * 200_00
    assert min(balances) >= 0
    with bank.superuser() as connection:
        stored = {
            row[0] for row in connection.execute("SELECT reference FROM entry WHERE kind = 'transfer'").fetchall()
        }
    assert {f"transfer:{transfer}" for transfer in made} <= stored
    assert len(made) == len(set(made))
    assert bank.read(verify).clean


def crowd(bank: Bank, clients: int, rounds: int, cut: bool) -> None:
    parties, made = prepared(bank), []
    threads = [threading.Thread(target=hammer, args=(bank, parties, rounds, seed, made)) for seed in range(clients)]
    [thread.start() for thread in threads]
    while cut and any(thread.is_alive() for thread in threads):
        time.sleep(0.2)
        with bank.superuser() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
            )
    [thread.join() for thread in threads]
    proven(bank, parties, made)


def test_many_clients_on_hot_wallets_keep_every_acknowledged_transfer(bank: Bank) -> None:
    crowd(bank, clients=6, rounds=25, cut=False)


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_sixteen_clients_whose_connections_are_cut(bank: Bank) -> None:
    crowd(bank, clients=16, rounds=150, cut=True)


@pytest.mark.prove
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(4))
def test_a_story_killed_at_random_moments_reaches_its_end(database_url: str, tmp_path: Path, seed: int) -> None:
    command = [
        sys.executable,
        "-m",
        "farthing",
        "story",
        "shopkeeper",
        "--years",
        "1",
        "--out",
        str(tmp_path),
        "--json",
    ]
    environment = {**os.environ, **at(database_url)}
    dice = random.Random(seed)
    print(f"seed {seed}")
    for _ in range(10):
        running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(1.0, 5.0))
        running.send_signal(signal.SIGKILL)
        running.wait()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=patience(200), check=False)
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert steps[-1]["failed"] == [], done.stderr
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM entry WHERE kind = 'disbursement'").fetchone() == (1,)
