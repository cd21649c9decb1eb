"""Run what lending writes of a loan: its entries with their proof, and its flows, which whoever holds the loan shares out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from uuid import UUID

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel import jobs
from farthing.kernel.day import PIECE, CloseStep
from farthing.kit.errors import Refusal
from farthing.ledger import named
from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry, Posted
from farthing.ledger.refusals import CHAIN_FAILED
from farthing.lending import flows, flows_store, store
from farthing.lending.flows import Flow
from farthing.lending.model import Loan, LoanCommand
from farthing.lending.refusals import UNKNOWN_LOAN

POSTED = "lending.posted"
"""The leaf that names the entries of a loan by id and digest."""


def entries_of(tx: Tx, about: Loan) -> list[Posted]:
    """Every entry that was posted for a loan, in the order of recording: as the leaves of posting name them.

    What lending learns to post is in it without anybody deriving references anew.
    """
    named = [
        item["id"]
        for leaf in evidence.leaves_about(tx, about.id)
        if leaf.kind == POSTED and leaf.content["data"]["loan_id"] == about.id
        for item in leaf.content["data"]["journal_entries"]
    ]
    found = ledger.entries_by_id(tx, [UUID(item) for item in named])
    return sorted(found, key=lambda posted: (posted.recorded_at, posted.entry.reference))


def post(tx: Tx, about: Loan, made: Sequence[JournalEntry]) -> None:
    """Post entries about a loan and record their digests, so that its evidence package can prove them."""
    post_all(tx, [(about.id, made)])


def post_all(tx: Tx, made: Sequence[tuple[str, Sequence[JournalEntry]]]) -> None:
    """As :func:`post`, entries about many loans (by id) as one batch; raises the first refusal. A leaf names one loan's."""
    for refused in post_each(tx, made):
        if refused is not None:
            raise refused


def post_each(tx: Tx, made: Sequence[tuple[str, Sequence[JournalEntry]]]) -> list[Refusal | None]:
    """Post entries about many loans (by id) as one batch, all of a loan or none; answers why a loan's were refused."""
    chained = [entry if entry is about[-1] else replace(entry, linked=True) for _, about in made for entry in about]
    answers = iter(ledger.post(tx, chained) if chained else ())
    refused: list[Refusal | None] = []
    leaves = []
    for loan_id, about in made:
        done = list(islice(answers, len(about)))
        posted = [answer for answer in done if isinstance(answer, Posted)]
        # The others of a chain are refused for the one that could not be.
        why = [answer for answer in done if isinstance(answer, Refusal)]
        refused.append(next((each for each in why if each.code != CHAIN_FAILED.name), None) if why else None)
        if posted and not why:
            leaves.append((POSTED, {"loan_id": loan_id, "journal_entries": named.digests(posted)}))
    evidence.append_many(tx, leaves)
    return refused


def tell(tx: Tx, told: Sequence[Flow]) -> None:
    """Keep what moved on loans that others fund, and have each shared out after this transaction."""
    if told:
        flows_store.keep(tx, told)
        jobs.enqueue_many(
            tx, flows.SHARE_OUT, [LoanCommand(each) for each in dict.fromkeys(flow.loan_id for flow in told)]
        )


def sharing(tx: Tx, loan_id: str) -> tuple[Loan, list[Flow]]:
    """A loan, held until this transaction ends, and all its flows in their order; refuses ``lending.unknown_loan``."""
    held = store.find_loan(tx, loan_id, lock=True)
    if held is None:
        raise UNKNOWN_LOAN(loan_id=loan_id)
    return held, flows_store.of_loans(tx, [held.id]).get(held.id, [])


def shared_out(tx: Tx, loan_id: str) -> None:
    """Note that whoever holds a loan has shared out all its flows; the loan is held since :func:`sharing`."""
    flows_store.shared(tx, loan_id)


def awaiting(tx: Tx, step: CloseStep) -> list[str]:
    """Loans with flows that wait to be shared out, a piece at a time."""
    return flows_store.waiting(tx, step.after, PIECE)


def told(tx: Tx, after: str, limit: int) -> list[str]:
    """Loans that have flows, in the order of their ids, a page at a time."""
    return flows_store.told(tx, after, limit)


def with_flows(tx: Tx, ids: Sequence[str]) -> list[tuple[Loan, list[Flow]]]:
    """Loans of these ids with all their flows."""
    flows = flows_store.of_loans(tx, ids)
    return [(loan, flows.get(loan.id, [])) for loan in store.loans_of(tx, list(ids))]
