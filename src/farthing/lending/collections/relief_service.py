"""Carry out a plan of relief: what a borrower in difficulty is granted becomes acts on the loan, all of them or none, and is
followed by what is paid since."""

from __future__ import annotations

from dataclasses import replace

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Id
from farthing.kit.words import Words
from farthing.lending import keeping_service as keeping
from farthing.lending import life
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.table_service import ACTS
from farthing.lending.collections import relief, store
from farthing.lending.collections.model import CarryOutRelief, DecideHardship, Hardship, Relieved
from farthing.lending.collections.service import answered, found
from farthing.lending.service import loan_owner


@operation(
    "lending.carry_out_relief", title=Words("Carry out a plan of relief", "执行纾困方案"), permission="lending:relieve",
    four_eyes=True, whose=STAFF,
)  # fmt: skip
def carry_out_relief(tx: Tx, command: CarryOutRelief) -> Relieved:
    """Grant a request for relief, do what the plan says of the loan today, and tell the borrower's phone.

    Refuses ``lending.hardship_unknown``, ``lending.hardship_answered``, ``lending.words_missing``, ``lending.relief_empty``,
    ``lending.hardship_plan``, and what each act refuses: :func:`farthing.lending.acts.service.waive`, ``lower_rate``,
    ``pause_interest``, ``reschedule``; then nothing of the plan is done.
    """
    asked = found(tx, command.hardship_id)
    parts = relief.parts(command, asked.loan_id)
    done = tuple(acts.tell(tx, ACTS[word].function, each) for word, each in parts)
    plan, told = relief.plan_of(command), " ".join(each.id for each in done)
    answered(tx, DecideHardship(asked.id, True, command.answer, plan, command.until_on), told)
    return Relieved(asked.id, asked.loan_id, plan, command.until_on, done)


@question("lending.hardships", permission="lending:read", whose=of("loan_id", loan_owner))
def hardships(tx: Tx, loan_id: Id) -> list[Hardship]:
    """What was asked for and answered about a loan, the oldest first, and whether a plan that was carried out is followed."""
    loan = lending.loan(tx, loan_id)
    asked = [each for each in store.hardships(tx, [loan.party_id]) if each.loan_id == loan.id]
    if not any(each.event for each in asked):
        return asked
    stands = life.stands(keeping.life_of(tx, loan_id), tx.business_date)
    dues = [(each.due_on, each.paid_on, bool(each.outstanding)) for each in stands.instalments if each.due]
    return [replace(each, followed=relief.followed(each, dues, tx.business_date)) for each in asked]
