"""Decode in how many payments a loan product is paid out (``payments_out``). Pure; refuses what it cannot stand beside."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.kit.tables import Table
from farthing.products.model import Fees, PaymentsOut, Schedule

MOST_PAYMENTS = 24
MOST_DAYS = 3 * 366


def read(table: Table, funding: Sequence[str], fees: Fees, schedule: Schedule) -> PaymentsOut | None:
    """The table ``payments_out`` of a loan's file, none where there is none; refuses ``products.invalid`` by key.

    What is a part of all that is lent cannot be said before all of it is: a fee of it, a down payment, a balloon. And no
    partner has agreed to fund what may be asked for later.
    """
    if not table.has("payments_out"):
        return None
    for key, wrong, en, zh in (
        ("funding", tuple(funding) != ("own_book",), "must be own_book alone where payments_out is given: nobody else has "
         "agreed to what may be asked for later", "在给出 payments_out 时只能为 own_book：他方未同意以后的放款"),
        ("fees", bool(fees.origination), "may hold no origination beside payments_out: it is a part of all that is lent",
         "在给出 payments_out 时不得含 origination：其按全部借款计算"),
        ("fees", fees.instalment is not None and fees.instalment.amount is None, "may hold no share for each instalment "
         "beside payments_out, only an amount", "在给出 payments_out 时每期费用只能为金额，不得为比例"),
        ("schedule", bool(schedule.down_payment), "may hold no down_payment beside payments_out",
         "在给出 payments_out 时不得含 down_payment"),
        ("schedule", bool(schedule.rows), "may hold no rows beside payments_out: they are of what is paid out at once",
         "在给出 payments_out 时不得含 rows：其按一次性放款列出"),
        ("schedule", bool(schedule.balloon), "may hold no balloon beside payments_out", "在给出 payments_out 时不得含 balloon"),
    ):  # fmt: skip
        if wrong:
            raise table.wrong(key, en, zh)
    inner = table.table("payments_out")
    found = PaymentsOut(inner.whole("at_most", 2, MOST_PAYMENTS), inner.whole("within_days", 1, MOST_DAYS))
    inner.close()
    return found
