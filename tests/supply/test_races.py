"""Two at once on one piece: whoever reads while another changes it never keeps what it was before."""

from __future__ import annotations

import threading
import time

from tests.banks import Bank
from tests.errors.supply_cases import planted
from tests.supply.chain import Chain

WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
PLEDGE = "UPDATE supply_piece SET state = 'pledged', about = 'offer_other' WHERE receivable_id = %s"
COUNT = "UPDATE supply_receivable SET version = version + 1 WHERE id = %s"


def test_a_piece_that_another_pledges_meanwhile_is_not_passed_on(bank: Bank) -> None:
    """The other commits just as the first has read a part of it: behind a lock on each of the two tables in turn."""
    chain = Chain(bank)
    live, codes = planted(chain), []
    for table in ("supply_receivable", "supply_piece"):
        offering = threading.Thread(
            target=lambda: codes.append(
                chain.refused(lambda: chain.offer(live, 1, chain.supplier, chain.second, "10000.00"))
            )
        )
        with bank.superuser() as other, bank.superuser() as looker, other.transaction():
            other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")  # type: ignore[call-overload]
            offering.start()
            until = time.monotonic() + 10
            while not looker.execute(WAITS, (table,)).fetchone()[0]:  # type: ignore[index]
                assert time.monotonic() < until, "the offer never came to the table"
                time.sleep(0.005)
            other.execute(PLEDGE, (live.id,))
            other.execute(COUNT, (live.id,))
        offering.join(10)
        assert codes == ["supply.piece_not_free"], f"it was passed on although it is pledged: {table}"
        codes.clear()
        with bank.superuser() as other:
            other.execute("UPDATE supply_piece SET state = 'held', about = '' WHERE receivable_id = %s", (live.id,))
    assert chain.now(live).pieces[0].state == "held"
