"""What does everything there is to do when it runs waits once, however often it was asked for."""

from __future__ import annotations

from farthing.assurance import service as assurance
from farthing.evidence import service as evidence
from farthing.kernel.day import close_day
from farthing.kernel.operation import operation_of
from tests.conftest import Bank

WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND args ->> 'operation' = %s"


def waiting(bank: Bank) -> int:
    with bank.superuser() as connection:
        row = connection.execute(WAITING, [operation_of(assurance.publish_log).name]).fetchone()
    assert row is not None
    return int(row[0])


def test_days_closed_with_no_worker_at_hand_leave_one_checkpoint_to_make(bank: Bank) -> None:
    for _ in range(3):
        close_day(bank.kernel)
    assert waiting(bank) == 1
    bank.drain()
    assert waiting(bank) == 0
    assert bank.read(evidence.waiting) <= 3  # what the job, signing and stamping wrote
    close_day(bank.kernel)
    assert waiting(bank) == 1
