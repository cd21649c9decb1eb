"""The ledger and the reference are given the same commands and must say and hold the same."""

from __future__ import annotations

import itertools
import os
import secrets
import time
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from farthing.db.server import Database
from farthing.db.tx import Tx
from farthing.kit.actor import SYSTEM
from farthing.kit.errors import Refusal
from farthing.kit.ids import IdSource
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from tests.conftest import Bank
from tests.laws import examples
from tests.ledger.reference import Reference
from tests.ledger.wild import Wild

START = datetime(2026, 3, 1, tzinfo=UTC)
SPACES = itertools.count()


class Pair:
    """A real ledger and the reference, driven alike."""

    def __init__(self, database: Database, random: Random) -> None:
        self.database = database
        self.random = random
        self.wild = Wild(random, f"n{next(SPACES)}")
        self.reference = Reference(START)
        self.instants = [START]
        self._work(lambda tx: ledger.open_accounts(tx, self.wild.specs))
        for spec in self.wild.specs:
            self.reference.open(spec)

    def _work(self, function: Any) -> Any:
        now = self.reference.now
        with self.database.transaction() as connection:
            return function(Tx(connection, now, now.date(), SYSTEM, IdSource(1), now, "CNY"))

    def batch(self, size: int) -> int:
        """Run a batch on both and compare every status."""
        commands = self.wild.batch(size, self.reference.now)
        answers = self._work(lambda tx: ledger.post(tx, commands))
        said = [
            answer.code if isinstance(answer, Refusal) else "existed" if answer.existed else "ok" for answer in answers
        ]
        expected = self.reference.run(commands)
        for command, one, two in zip(commands, said, expected, strict=True):
            assert one == two, (
                f"{command}\nledger: {one}\nreference: {two}\nall: {list(zip(said, expected, strict=True))}"
            )
        return len(commands)

    def advance(self, seconds: int) -> None:
        self.reference.now += timedelta(seconds=seconds)
        self.instants.append(self.reference.now)

    def shut(self) -> None:
        """Close or reopen some account on both."""
        path = self.random.choice(self.wild.specs).path
        closing = self.random.random() < 0.5
        try:
            self._work(lambda tx: (ledger.close_account if closing else ledger.reopen_account)(tx, path))
            said = "ok"
        except Refusal as refusal:
            said = refusal.code
        assert said == (self.reference.close(path) if closing else self.reference.reopen(path))

    def compare(self) -> None:
        """Every balance and every hold, now; and some of them at past moments of both axes."""

        def look(tx: Tx) -> None:
            for path, account in self.reference.accounts.items():
                found = ledger.balance(tx, path)
                assert found.balance.minor == account.debit, path
                assert (found.held_out.minor, found.held_in.minor) == self.reference.held(path), path
                assert (found.closed_at is not None) == account.closed
                assert found.version == len(account.moves)
            path = self.random.choice(self.wild.specs).path
            on = START.date() + timedelta(days=self.random.randint(-60, 5))
            known = self.random.choice([None, *self.instants[-50:]])
            expected = self.reference.balance_at(path, known, on)
            try:
                assert ledger.balance(tx, path, as_known_at=known, effective_on=on).balance.minor == expected
            except Refusal as refusal:
                assert (refusal.code, abs(expected) > 2**62) == ("money.out_of_range", True), (path, known, on)
            moves = self.reference.accounts[path].moves
            page = ledger.statement(tx, path, None, 5).lines
            assert [line.amount.minor for line in page] == [debit for _, _, debit in reversed(moves[-5:])]
            assert not page or page[0].balance.minor == self.reference.accounts[path].debit

        self._work(look)


def test_the_state_machine(bank: Bank) -> None:
    """Hypothesis drives both; it shrinks whatever it finds."""

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.pair: Pair | None = None

        @rule(random=st.randoms(use_true_random=False), size=st.integers(1, 12))
        def batch(self, random: Random, size: int) -> None:
            if self.pair is None:
                self.pair = Pair(bank.kernel.database, random)
            self.pair.random = self.pair.wild.random = random
            self.pair.batch(size)

        @rule(seconds=st.sampled_from([0, 1, 5, 20, 86_400]))
        def advance(self, seconds: int) -> None:
            if self.pair is not None:
                self.pair.advance(seconds)

        @rule(random=st.randoms(use_true_random=False))
        def shut(self, random: Random) -> None:
            if self.pair is not None:
                self.pair.random = random
                self.pair.shut()

        @invariant()
        def same(self) -> None:
            if self.pair is not None:
                self.pair.compare()

    run_state_machine_as_test(
        Machine,
        settings=examples(
            20,
            stateful_step_count=25,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )
    assert not bank.read(verify).findings


def run_seed(bank: Bank, seed: int, commands: int) -> int:
    """One seed: batches of one to 200, the clock moving, accounts closing; answers how many commands were run."""
    random = Random(seed)
    pair = Pair(bank.kernel.database, random)
    done = 0
    while done < commands:
        done += pair.batch(random.choice([1, 3, 20, 60, 200]))
        if random.random() < 0.3:
            pair.advance(random.choice([0, 1, 6, 25, 3600, 86_400]))
        if random.random() < 0.2:
            pair.shut()
        if random.random() < 0.3:
            pair.compare()
    pair.compare()
    return done


@pytest.mark.parametrize("seed", range(6))
def test_seeds(bank: Bank, seed: int) -> None:
    run_seed(bank, seed, 1500)
    assert not bank.read(verify).findings


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_a_million_commands(bank: Bank, capsys: pytest.CaptureFixture[str]) -> None:
    """A million commands from printed seeds; FARTHING_SEED=n runs one of them again."""
    only = os.environ.get("FARTHING_SEED")
    first = int(only) if only else secrets.randbelow(2**31)
    done, began = 0, time.perf_counter()
    for seed in itertools.count(first):
        done += run_seed(bank, seed, 20_000)
        with capsys.disabled():
            print(f"seed {seed}: {done} commands, {time.perf_counter() - began:.0f} s", flush=True)
        if only or done >= 1_000_000:
            break
    assert not bank.read(verify).findings
