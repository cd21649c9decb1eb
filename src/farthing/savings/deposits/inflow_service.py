"""Own what is paid into many deposits from their wallets at once, as the close of a day does by rules of small change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.products.deposit import Terms
from farthing.savings.deposits import rules, store
from farthing.savings.deposits.model import DAY_CLOSING, UNKNOWN_DEPOSIT, Account, check_reader
from farthing.savings.deposits.rules import Prepared
from farthing.savings.deposits.service import entries_of, keep_stories, pinned
from farthing.savings.rules.model import Event, Facts
from farthing.savings.shelf import service as catalogue


@dataclass(frozen=True, slots=True)
class Inflow:
    """An amount for a deposit, from its holder's wallet."""

    deposit_id: str
    amount: Money


def pay_in_all(tx: Tx, wanted: Sequence[Inflow]) -> None:
    """Pay into deposits as :func:`farthing.savings.deposits.service.pay_in` does, each one once, in a few statements.

    Raises the first refusal; then nothing of it may stand: run it in a part of the transaction.
    """
    found = store.find(tx, sorted({each.deposit_id for each in wanted}))
    facts = {board: catalogue.facts(tx, board) for board in sorted({account.board for account in found.values()})}
    made = [_paid(tx, found.get(each.deposit_id), facts, each) for each in wanted]
    store.save_all(tx, [(each.before, each.after) for _, each in made if each.before is not None])
    ledger.post_all(tx, [entry for terms, each in made for entry in entries_of(terms, each, each.after.payout)])
    keep_stories(tx, made)


def all_paid_in(tx: Tx, wanted: Sequence[Inflow]) -> bool:
    """Pay into deposits all at once; false, and nothing of it stands, where one of them is refused."""
    try:
        with tx.part():
            pay_in_all(tx, wanted)
    except Refusal:
        return False
    return True


def _paid(tx: Tx, found: Account | None, facts: dict[str, Facts], wanted: Inflow) -> tuple[Terms, Prepared]:
    if found is None:
        raise UNKNOWN_DEPOSIT(deposit_id=wanted.deposit_id)
    check_reader(tx.actor, found.party_id)
    if found.deposit.as_of_on > tx.business_date:
        raise DAY_CLOSING(deposit_id=found.id, business_date=tx.business_date.isoformat())
    _, terms = catalogue.terms(tx, found.product, found.version)
    known, account = facts[found.board], pinned(found, terms)
    told = rules.decide(terms, known, account, Event(tx.business_date, "deposit", wanted.amount))
    return terms, rules.prepared(terms, known, account, told, tx.business_date)
