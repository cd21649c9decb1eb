"""The one door: idempotency, permission, four eyes, retries, jobs and the bank's clock, on a real database."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.db.server import Unavailable
from farthing.kernel import approvals, clock, day, jobs
from farthing.kernel.approvals import Decide
from farthing.kernel.operation import operation_of
from farthing.kernel.run import Kernel, Pending
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import Refusal
from tests.conftest import Bank
from tests.kernel import shop
from tests.kernel.shop import Sell, order_two, sell, take_stock


def refused(bank: Bank, *arguments: object, **options: object) -> str:
    with pytest.raises(Refusal) as caught:
        bank.run(*arguments, **options)
    return caught.value.code


def leaves(bank: Bank) -> int:
    with bank.superuser() as connection:
        return connection.execute("SELECT count(*) FROM evidence_leaf").fetchone()[0]


def test_the_same_request_under_a_key_answers_the_same_and_acts_once(bank: Bank) -> None:
    first = bank.run(sell, Sell("rice", 2), key="k1")
    assert bank.run(sell, Sell("rice", 2), key="k1") == first
    assert leaves(bank) == 1
    assert bank.run(sell, Sell("rice", 2)).number != first.number


def test_another_request_under_a_used_key_is_refused_and_changes_nothing(bank: Bank) -> None:
    bank.run(sell, Sell("rice", 2), key="k1")
    assert refused(bank, sell, Sell("rice", 3), key="k1") == "idempotency.key_reused"
    assert leaves(bank) == 1


def test_a_request_answered_before_its_operation_was_renamed_is_answered_the_same(bank: Bank) -> None:
    first = bank.run(sell, Sell("rice", 2), key="k1")
    renamed = replace(operation_of(sell), name="shop.vend", formerly="shop.sell")
    told = bank.kernel.execute(renamed, Sell("rice", 2), actor=SYSTEM, key="k1")
    assert told.replayed and told.result == first and leaves(bank) == 1
    for other, command in ((renamed, Sell("rice", 3)), (replace(renamed, formerly=""), Sell("rice", 2))):
        with pytest.raises(Refusal) as caught:
            bank.kernel.execute(other, command, actor=SYSTEM, key="k1")
        assert caught.value.code == "idempotency.key_reused"
    assert leaves(bank) == 1


def test_two_identical_requests_at_once_get_one_answer(bank: Bank) -> None:
    answers: list[object] = []
    gate = threading.Barrier(8)

    def ask() -> None:
        gate.wait()
        answers.append(bank.run(sell, Sell("rice", 2), key="once"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert leaves(bank) == 1


def test_a_refusal_is_remembered_under_its_key(bank: Bank) -> None:
    assert refused(bank, sell, Sell("caviar", 1), key="k") == "shop.sold_out"
    assert refused(bank, sell, Sell("caviar", 1), key="k") == "shop.sold_out"
    assert refused(bank, sell, Sell("rice", 1), key="k") == "idempotency.key_reused"
    assert leaves(bank) == 0


def test_who_lacks_the_permission_is_refused(bank: Bank) -> None:
    assert refused(bank, sell, Sell("rice", 1), actor=Actor("visitor", frozenset())) == "kernel.forbidden"


def test_four_eyes_need_another_person_who_may_do_it(bank: Bank) -> None:
    maker = Actor("maker", frozenset({"*"}))
    pending = bank.run(order_two, Sell("rice", 1), actor=maker)
    assert isinstance(pending, Pending)
    yes = Decide(pending.approval_id, approve=True)
    assert refused(bank, approvals.decide, yes, actor=maker) == "approvals.same_person"
    weak = Actor("weak", frozenset({"approvals:decide"}))
    assert refused(bank, approvals.decide, yes, actor=weak) == "kernel.forbidden"
    done = bank.run(approvals.decide, yes, actor=Actor("checker", frozenset({"*"})))
    assert done.state == "approved"
    assert '"item": "rice"' in done.result_json
    assert bank.read(approvals.waiting) == []


def test_a_draft_that_cannot_be_kept_is_refused(bank: Bank) -> None:
    assert refused(bank, order_two, Sell("ri\0ce", 1)) == "request.malformed"


def test_keys_older_than_a_week_are_forgotten_where_the_clock_is_real(bank: Bank) -> None:
    def kept() -> int:
        with bank.superuser() as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM idempotency WHERE operation = 'shop.sell'"
            ).fetchone() or (0,)
            return int(count)

    bank.run(sell, Sell("rice", 1), key="old")
    with bank.superuser() as connection:
        connection.execute("UPDATE idempotency SET created_at = created_at - interval '8 days'")
    bank.run(sell, Sell("rice", 1), key="new")
    day.close_day(bank.kernel)
    assert kept() == 2, "a simulated bank keeps its keys"
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET mode = 'real'")
        connection.execute(
            "UPDATE idempotency SET created_at = created_at + (now() - (SELECT max(created_at) FROM idempotency))"
        )
    bank.kernel.run(day.forget_keys, day.CloseStep(bank.kernel.clock().business_date))
    assert kept() == 1


def test_a_lost_connection_is_retried(bank: Bank) -> None:
    bank.run(sell, Sell("rice", 1))
    with bank.superuser() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    assert bank.run(sell, Sell("rice", 1), key="after").item == "rice"


def test_a_collision_is_run_again(bank: Bank) -> None:
    """Two transactions that lock two rows in opposite order: one is a deadlock's victim and runs again."""
    with bank.superuser() as connection:
        connection.execute("CREATE TABLE pair (id int PRIMARY KEY, n int)")
        connection.execute("INSERT INTO pair VALUES (1, 0), (2, 0)")
        connection.execute("GRANT SELECT, UPDATE ON pair TO farthing_app")
    gate = threading.Barrier(2, timeout=5)

    def work(first: int, second: int, waits: list[bool]) -> None:
        def both(tx: object) -> None:
            tx.execute("UPDATE pair SET n = n + 1 WHERE id = %s", [first])
            if waits.pop():
                gate.wait()
            tx.execute("UPDATE pair SET n = n + 1 WHERE id = %s", [second])

        bank.kernel._transact(both, bank.system, True)

    threads = [threading.Thread(target=work, args=(a, b, [False] * 9 + [True])) for a, b in ((1, 2), (2, 1))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    with bank.superuser() as connection:
        assert connection.execute("SELECT array_agg(n) FROM pair").fetchone()[0] == [2, 2]


def test_a_database_that_is_gone_is_unavailable_not_an_error(bank: Bank) -> None:
    bank.kernel.database._pool.close()
    with pytest.raises(Unavailable):
        bank.run(sell, Sell("rice", 1), key="k")


def test_a_job_runs_once_after_commit_and_never_after_a_rollback(bank: Bank) -> None:
    with bank.kernel.database.transaction() as connection:
        jobs.enqueue(bank.kernel._tx(connection, bank.system), sell, Sell("rice", 1))
    with pytest.raises(RuntimeError), bank.kernel.database.transaction() as connection:
        jobs.enqueue(bank.kernel._tx(connection, bank.system), sell, Sell("beans", 1))
        raise RuntimeError("rolled back")
    bank.drain()
    bank.drain()
    assert leaves(bank) == 1


def test_a_job_that_was_refused_is_tried_again_and_not_told_its_refusal(bank: Bank) -> None:
    """The refusal was kept under the job's key, so that no later attempt could do anything (LerianStudio/midaz#709,
    KeeperHub/keeperhub#1840)."""
    shop.STOCK.clear()
    with bank.kernel.database.transaction() as connection:
        jobs.enqueue(
            bank.kernel._tx(connection, bank.system), take_stock, day.CloseStep(bank.kernel.clock().business_date)
        )
    bank.drain()
    assert leaves(bank) == 0
    shop.STOCK.add("rice")
    with bank.superuser() as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    bank.drain()
    shop.STOCK.clear()
    assert leaves(bank) == 1


def test_a_job_whose_worker_was_killed_runs_at_the_next_drain(bank: Bank) -> None:
    with bank.kernel.database.transaction() as connection:
        jobs.enqueue(bank.kernel._tx(connection, bank.system), sell, Sell("rice", 1))
    with bank.superuser() as connection:
        connection.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    bank.drain()
    assert leaves(bank) == 1


def test_a_drain_waits_for_nothing(bank: Bank) -> None:
    """What is begun by the minute heard of its end a whole second late, at every drain."""
    bank.drain()
    waits = []
    for _ in range(5):
        began, worked = time.perf_counter(), time.process_time()
        bank.drain()
        waits.append(time.perf_counter() - began - (time.process_time() - worked))
    assert min(waits) < 1.0


def test_closing_a_day_moves_the_date_once(bank: Bank) -> None:
    today = bank.kernel.clock().business_date
    closed = day.close_day(bank.kernel, today)
    assert closed.business_date == today + timedelta(days=1)
    assert day.close_day(bank.kernel, today).business_date == today + timedelta(days=1)
    assert bank.kernel.clock().business_date == today + timedelta(days=1)
    with pytest.raises(Refusal) as caught:
        day.close_day(bank.kernel, today + timedelta(days=9))
    assert caught.value.code == "kernel.day_already_closed"


def test_a_day_that_was_refused_closes_once_it_can(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    bank.kernel = Kernel(bank.kernel.database, steps=[take_stock])
    monkeypatch.setattr(shop, "STOCK", set())
    today = bank.kernel.clock().business_date
    for _ in range(2):
        with pytest.raises(Refusal, match="no rice"):
            day.close_day(bank.kernel, today)
    assert bank.kernel.clock().business_date == today
    monkeypatch.setattr(shop, "STOCK", {"rice"})
    assert day.close_day(bank.kernel, today).handled["shop.take_stock"] == 1


@given(st.lists(st.tuples(st.integers(0, 200_000), st.booleans()), max_size=30))
def test_the_simulated_instant_never_runs_backwards(steps: list[tuple[int, bool]]) -> None:
    wall = datetime(2026, 2, 27, 15, tzinfo=UTC)
    state = clock.start("simulated", "Asia/Shanghai", wall, "CNY", date(2026, 3, 1))
    seen = clock.instant(state, wall)
    for seconds, closes in steps:
        wall += timedelta(seconds=seconds)
        now = clock.instant(state, wall)
        assert now >= seen
        seen = now
        if closes:
            state = clock.advanced(state, now, wall)
            later = clock.instant(state, wall)
            assert later >= seen
            seen = later
