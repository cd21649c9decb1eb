"""Lanes and keyed batches: every caller is answered as if it were alone, whoever shares its transaction."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass

import pytest

from farthing.db.server import Unavailable
from farthing.db.tx import Tx
from farthing.kernel.answers import Outcome, Pending
from farthing.kernel.lanes import Busy, lane_of
from farthing.kernel.operation import Call, operation, operation_of
from farthing.kernel.whose import NOBODYS
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import InvariantBroken, Refusal, declined, malformed
from farthing.kit.words import Words
from tests.conftest import Bank

EMPTY = declined("ferry.full", "There is no seat for {name}.", "{name} 没有座位。")
UNREADABLE = malformed("ferry.unreadable", "{name} is not a name.", "{name} 不是名字。")
VISITOR = Actor("visitor", frozenset())
CLERK = Actor("clerk", frozenset({"*"}))

GATE = threading.Event()
STARTED = threading.Event()
SIZES: list[int] = []


@dataclass(frozen=True, slots=True)
class Board:
    """Take a passenger on board."""

    name: str


@dataclass(frozen=True, slots=True)
class Boarded:
    """The passenger's seat."""

    name: str
    seat: str


def board_batch(tx: Tx, calls: list[Call]) -> list[Boarded | Refusal]:
    SIZES.append(len(calls))
    if any(call.command.name == "slow" for call in calls):
        STARTED.set()
        assert GATE.wait(10)
    if len(calls) > 1 and any(call.command.name == "saboteur" for call in calls):
        tx.execute("SELECT 1 / 0")
    return [_seat(tx, call.command) for call in calls]


def _seat(tx: Tx, command: Board) -> Boarded | Refusal:
    if command.name == "caviar":
        return EMPTY(name=command.name)
    if command.name == "?":
        return UNREADABLE(name=command.name)
    return Boarded(command.name, tx.new_id("seat"))


@operation(
    "ferry.board",
    title=Words("Board", "登船"),
    permission="ferry:board",
    whose=NOBODYS,
    batch=board_batch,
    four_eyes=lambda command: command.name == "king",
)
def board(tx: Tx, command: Board) -> Boarded:
    """Board alone; the saboteur breaks an invariant."""
    if command.name == "saboteur":
        raise InvariantBroken("no saboteur may board")
    answer = _seat(tx, command)
    if isinstance(answer, Refusal):
        raise answer
    return answer


BOARD = operation_of(board)


@pytest.fixture(autouse=True)
def fresh() -> None:
    GATE.clear()
    STARTED.clear()
    SIZES.clear()


def call(name: str, key: str | None = None, actor: Actor = SYSTEM) -> Call:
    return Call(Board(name), actor, key)


def count(bank: Bank, table: str) -> int:
    with bank.superuser() as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def codes(answers: list[Outcome | Exception]) -> list[str]:
    return [answer.code if isinstance(answer, Refusal) else answer.result.name for answer in answers]


def test_each_call_of_a_batch_gets_its_own_answer(bank: Bank) -> None:
    answers = bank.kernel.execute_batch(
        BOARD, [call("ann", "1"), call("caviar", "2"), call("bob"), call("?", "3"), call("eve", "4", VISITOR)]
    )
    assert codes(answers) == ["ann", "ferry.full", "bob", "ferry.unreadable", "kernel.forbidden"]
    assert SIZES == [4]
    assert count(bank, "evidence_leaf") == 2
    assert count(bank, "idempotency") == 2  # the answer and the rule's no; what could not be read is not remembered


def test_a_key_answers_the_same_through_a_batch_and_alone(bank: Bank) -> None:
    alone = bank.kernel.execute(BOARD, Board("ann"), actor=SYSTEM, key="a")
    (together, full) = bank.kernel.execute_batch(BOARD, [call("ann", "a"), call("caviar", "c")])
    assert together == Outcome(alone.result, True)
    with pytest.raises(Refusal) as caught:
        bank.kernel.execute(BOARD, Board("caviar"), actor=SYSTEM, key="c")
    assert caught.value.code == full.code == "ferry.full"
    (other,) = bank.kernel.execute_batch(BOARD, [call("bob", "a")])
    assert other.code == "idempotency.key_reused"
    (mine,) = bank.kernel.execute_batch(BOARD, [call("ann", "a", CLERK)])
    assert not mine.replayed  # another actor's key is another key


def test_the_same_key_twice_in_one_batch_acts_once(bank: Bank) -> None:
    answers = bank.kernel.execute_batch(
        BOARD, [call("ann", "k"), call("ann", "k"), call("bob", "k"), call("caviar", "x"), call("caviar", "x")]
    )
    first, again, other, full, full_again = answers
    assert again == Outcome(first.result, True)
    assert other.code == "idempotency.key_reused"
    assert full.code == full_again.code == "ferry.full"
    assert count(bank, "evidence_leaf") == 1


def test_a_command_for_two_persons_waits_and_its_neighbours_do_not(bank: Bank) -> None:
    king, ann = bank.kernel.execute_batch(BOARD, [call("king", "k", CLERK), call("ann", "a")])
    assert isinstance(king.result, Pending)
    assert ann.result.name == "ann"
    (again,) = bank.kernel.execute_batch(BOARD, [call("king", "k", CLERK)])
    assert again == Outcome(king.result, True)
    with bank.superuser() as connection:
        assert connection.execute("SELECT maker FROM approval").fetchall() == [("clerk",)]


def test_a_call_that_breaks_the_batch_fails_alone(bank: Bank) -> None:
    ann, broken, bob = bank.kernel.execute_batch(BOARD, [call("ann", "1"), call("saboteur", "2"), call("bob", "3")])
    assert (ann.result.name, bob.result.name) == ("ann", "bob")
    assert isinstance(broken, InvariantBroken)
    assert count(bank, "idempotency") == 2
    assert count(bank, "evidence_leaf") == 2


def test_a_key_claimed_meanwhile_by_another_transaction_is_replayed(bank: Bank) -> None:
    """The batch looks, the other one commits, the batch stores: a collision, and the second look finds the answer."""
    GATE.clear()
    answers: list[Outcome | Exception] = []
    calls = [call("slow"), call("ann", "k")]
    thread = threading.Thread(target=lambda: answers.extend(bank.kernel.execute_batch(BOARD, calls)))
    thread.start()
    assert STARTED.wait(10)
    first = bank.kernel.execute(BOARD, Board("ann"), actor=SYSTEM, key="k")
    GATE.set()
    thread.join()
    assert answers[1] == Outcome(first.result, True)
    assert SIZES == [2, 1]
    assert count(bank, "evidence_leaf") == 2


def test_keyed_batches_at_once_act_once(bank: Bank) -> None:
    gate = threading.Barrier(6)
    seats: list[tuple[str, ...]] = []

    def ask() -> None:
        gate.wait()
        done = bank.kernel.execute_batch(BOARD, [call(f"p{n}", f"k{n}") for n in range(20)])
        seats.append(tuple(answer.result.seat for answer in done))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(seats) == 6
    assert len(set(seats)) == 1
    assert count(bank, "evidence_leaf") == 20


def test_a_batch_whose_connection_is_lost_is_run_again(bank: Bank) -> None:
    answers: list[Outcome | Exception] = []
    calls = [call("slow", "s"), call("ann", "a")]
    thread = threading.Thread(target=lambda: answers.extend(bank.kernel.execute_batch(BOARD, calls)))
    thread.start()
    assert STARTED.wait(10)
    with bank.superuser() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    GATE.set()
    thread.join()
    assert codes(answers) == ["slow", "ann"]
    assert count(bank, "evidence_leaf") == 2


async def _until(condition: object) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.001)


def test_whoever_waits_shares_the_next_transaction(bank: Bank) -> None:
    async def story() -> list[Outcome]:
        lane = lane_of(bank.kernel, BOARD)
        first = asyncio.ensure_future(lane.run(call("slow")))
        await _until(STARTED.is_set)
        others = [asyncio.ensure_future(lane.run(call(f"p{n}", f"k{n}"))) for n in range(50)]
        await asyncio.sleep(0)
        assert lane.waiting == 50
        GATE.set()
        done = [await first, *[await other for other in others]]
        await lane.close()
        return done

    done = asyncio.run(story())
    assert [answer.result.name for answer in done] == ["slow", *[f"p{n}" for n in range(50)]]
    assert SIZES == [1, 50]


def test_a_refused_caller_does_not_disturb_its_neighbours(bank: Bank) -> None:
    async def story() -> list[object]:
        lane = lane_of(bank.kernel, BOARD)
        calls = [lane.run(call(name)) for name in ("ann", "caviar", "saboteur", "bob")]
        done = await asyncio.gather(*calls, return_exceptions=True)
        assert lane.waiting == 0
        await lane.close()
        return done

    ann, full, broken, bob = asyncio.run(story())
    assert (ann.result.name, bob.result.name) == ("ann", "bob")
    assert full.code == "ferry.full"
    assert isinstance(broken, InvariantBroken)


def test_a_caller_that_goes_away_does_not_change_the_outcome(bank: Bank) -> None:
    async def story() -> None:
        lane = lane_of(bank.kernel, BOARD)
        first = asyncio.ensure_future(lane.run(call("slow")))
        await _until(STARTED.is_set)
        gone = asyncio.ensure_future(lane.run(call("ann", "k")))
        stays = asyncio.ensure_future(lane.run(call("bob")))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        assert gone.cancelled()
        GATE.set()
        assert (await stays).result.name == "bob"
        await first
        assert (await lane.run(call("ann", "k"))).replayed
        await lane.close()

    asyncio.run(story())


def test_a_full_lane_refuses_at_the_door_and_recovers(bank: Bank) -> None:
    async def story() -> None:
        lane = lane_of(bank.kernel, BOARD, longest=10)
        first = asyncio.ensure_future(lane.run(call("slow")))
        await _until(STARTED.is_set)
        others = [asyncio.ensure_future(lane.run(call(f"p{n}"))) for n in range(10)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await lane.run(call("late"))
        assert lane.waiting == 10
        GATE.set()
        await asyncio.gather(first, *others)
        assert (await lane.run(call("late"))).result.name == "late"
        await lane.close()

    asyncio.run(story())


def test_a_batch_larger_than_the_lane_is_taken_when_it_is_empty(bank: Bank) -> None:
    async def story() -> int:
        lane = lane_of(bank.kernel, BOARD, most=10, longest=20)
        done = await lane.run_together([call(f"p{n}") for n in range(50)])
        assert await lane.run_together([]) == []
        await lane.close()
        return len(done)

    assert asyncio.run(story()) == 50
    assert SIZES == [50]


def test_when_the_database_is_gone_every_caller_is_told(bank: Bank) -> None:
    bank.kernel.database._pool.close()

    async def story() -> list[object]:
        lane = lane_of(bank.kernel, BOARD)
        done = await asyncio.gather(lane.run(call("ann", "1")), lane.run(call("bob", "2")), return_exceptions=True)
        await lane.close()
        return done

    assert all(isinstance(answer, Unavailable) for answer in asyncio.run(story()))
