"""Keep the register of what parties owe here. Called by ``lending``, in the transaction of what happens to a loan.

A limit is found by a decision and reckoned again whenever something is accepted or paid out, from the decision's own inputs
with what is owed at that moment: two answers of one week cannot both be used to the full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from farthing.credit import rules, store
from farthing.credit.models.file import load
from farthing.credit.owing import store as register
from farthing.credit.owing.model import Commitment, Guaranteed, Owed, Take
from farthing.db.tx import Tx
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money, total
from farthing.products import service as products
from farthing.products.policy import check_person_credit


def hold(tx: Tx, party_ids: list[str]) -> None:
    """Make whoever else changes what these parties may borrow wait for this transaction; given in order, so that no two who
    hold several wait for each other."""
    for party_id in party_ids:
        register.lock_borrower(tx, party_id)


def take(tx: Tx, wanted: Take) -> Commitment:
    """Enter what is accepted; refuses ``credit.limit_used``, ``policy.person_credit``, ``credit.decision_unknown``."""
    register.lock_borrower(tx, wanted.party_id)
    others = _open(tx, wanted.party_id)
    _check(tx, wanted.party_id, wanted.decision_id, wanted.use, wanted.amount, others)
    register.insert(tx, wanted, tx.business_date)
    return _found(tx, wanted.id)


def draw(tx: Tx, commitment_id: str) -> Commitment:
    """Mark what was accepted as paid out, where the limit still carries it; refuses as :func:`take`."""
    return _saved(tx, replace(check(tx, commitment_id), state="drawn", drawn_on=tx.business_date))


def check(tx: Tx, commitment_id: str) -> Commitment:
    """What was accepted, where the limit still carries it beside everything else; refuses as :func:`take`."""
    taken = _found(tx, commitment_id)
    register.lock_borrower(tx, taken.party_id)
    others = [each for each in _open(tx, taken.party_id) if each.id != taken.id]
    _check(tx, taken.party_id, taken.decision_id, taken.use, taken.agreed, others)
    return taken


def repay_all(tx: Tx, left: Sequence[tuple[str, Money, int]]) -> None:
    """Set what is left of the principal of commitments after repayments, and how late these came: (id, owed, days late)."""
    if left and register.save_owed(tx, left) != len(left):
        raise InvariantBroken(f"of {len(left)} loans that were repaid some are not in the register of what is owed")


def let_go(tx: Tx, gone: Sequence[tuple[str, int]]) -> None:
    """Less is agreed of commitments than was, by so many minor units that will not be paid out: (id, minor)."""
    if gone and register.let_go(tx, gone) != len(gone):
        raise InvariantBroken(
            f"of {len(gone)} loans of which less is agreed some are not in the register of what is owed"
        )


def raise_owed(tx: Tx, commitment_id: str, owed: Money, undrawn: Money, instalment: Money, instalments: int) -> None:
    """More of what was agreed is to be paid out: the limit is reckoned again for all that is ``owed`` then in the ``instalments``
    that are left, beside what stays ``undrawn``, and the register keeps the larger ``instalment``. Refuses as :func:`take`."""
    taken = _found(tx, commitment_id)
    register.lock_borrower(tx, taken.party_id)
    others = [each for each in _open(tx, taken.party_id) if each.id != taken.id]
    rest = Owed(taken.product, taken.use, undrawn, instalment * 0)
    _check(tx, taken.party_id, taken.decision_id, taken.use, owed, others, rest, instalments)
    register.save_instalment(tx, commitment_id, instalment)


def end(tx: Tx, commitment_id: str, *, written_off: bool = False) -> Commitment:
    """End a commitment: repaid or written off where it was paid out, withdrawn where it was not. It takes no more of the limit,
    and nobody stands for it any more."""
    found = _found(tx, commitment_id)
    state = "withdrawn" if found.drawn_on is None else "written_off" if written_off else "repaid"
    register.end_guarantees(tx, commitment_id, tx.business_date)
    return _saved(tx, replace(found, owed=found.owed * 0, state=state, ended_on=tx.business_date))  # type: ignore[arg-type]


def of_party(tx: Tx, party_id: str) -> list[Commitment]:
    """Everything a party ever accepted here, oldest first. Asks nobody whose it is: the caller does."""
    return register.of_party(tx, party_id)


def open_of(tx: Tx, party_ids: list[str]) -> list[Commitment]:
    """What some parties have accepted and not repaid yet, oldest first. Asks nobody whose it is: the caller does."""
    return register.open_of(tx, party_ids)


def guarantee(tx: Tx, guarantee_id: str, party_id: str, commitment_id: str, most: Money) -> None:
    """Enter that a party stands for somebody else's loan from now on; it ends with the loan (:func:`end`)."""
    register.lock_borrower(tx, party_id)
    register.insert_guarantee(tx, guarantee_id, party_id, commitment_id, most, tx.business_date)


def guarantees(tx: Tx, ids: list[str]) -> dict[str, Guaranteed]:
    """Some guarantees, ended ones too, by id (for verification)."""
    return register.guarantees(tx, ids)


def here(tx: Tx, party_id: str, commitments: list[Commitment]) -> tuple[Owed, ...]:
    """What counts against a party's limit: what it owes or has accepted of ``commitments``, and what it guarantees."""
    owed = [each.as_owed() for each in commitments if each.open]
    return (*owed, *(each.as_owed() for each in register.guarantees_of(tx, party_id)))


def of_loans(tx: Tx, ids: list[str]) -> dict[str, Commitment]:
    """The commitments of some loans, by id (for verification)."""
    return register.of_loans(tx, ids)


def ids(tx: Tx, after: str = "", limit: int = 500) -> list[str]:
    """The ids of all commitments in order, a page at a time (for verification)."""
    return register.ids(tx, after, limit)


def _open(tx: Tx, party_id: str) -> list[Commitment]:
    return [each for each in register.of_party(tx, party_id) if each.open]


def _check(
    tx: Tx, party_id: str, decision_id: str, use: str, amount: Money, others: list[Commitment], rest: Owed | None = None,
    instalments: int | None = None,
) -> None:  # fmt: skip
    found = store.find_decision(tx, decision_id)
    if found is None:
        raise rules.DECISION_UNKNOWN(decision_id=decision_id)
    decision, inputs = found
    others = [
        each for each in others if each.id != inputs.replaces
    ]  # paid off in the transaction that pays this one out
    card = load(store.scorecard_source(tx, decision.scorecard_sha256), decision.scorecard)
    now = replace(inputs, here=(*here(tx, party_id, others), *([rest] if rest else ())))
    if instalments is not None:
        now = replace(now, instalments=instalments, fewest=min(instalments, now.fewest))
    rules.check_limit(card.subject, now, amount)
    if inputs.party_kind == "person" and use == "consumption":
        owed = total([each.owed for each in others if each.use == use], amount.currency)
        check_person_credit(products.policy_in_force(tx), owed + amount + (rest.owed if rest else owed * 0))


def _found(tx: Tx, commitment_id: str) -> Commitment:
    found = register.find(tx, commitment_id)
    if found is None:
        raise InvariantBroken(f"{commitment_id} is not in the register of what is owed")
    return found


def _saved(tx: Tx, after: Commitment) -> Commitment:
    register.save(tx, after)
    return after
