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
from farthing.lending.model import Loan, LoanCommand, Offer
from farthing.lending.reading import loan_of
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


def post_all(tx: Tx, made: Sequence[tuple[str, Sequence[JournalEntry]]]) -> None:
    """Post entries about many loans (by id) as one batch and record their digests, so that a loan's evidence package can prove
    them: a leaf names one loan's. Raises the first refusal."""
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


def tell(tx: Tx, told: Sequence[Flow], *, soon: bool = True) -> None:
    """Keep what moved on loans that others fund, and have each shared out after this transaction; or, not ``soon``, by the close
    of the day that is under way, which shares out whatever waits."""
    if told:
        flows_store.keep(tx, told)
    if told and soon:
        jobs.enqueue_many(
            tx, flows.SHARE_OUT, [LoanCommand(each) for each in dict.fromkeys(flow.loan_id for flow in told)]
        )


def sharing(tx: Tx, ids: Sequence[str]) -> list[tuple[Loan, list[Flow]]]:
    """Loans, without their instalments, held until this transaction ends, in the order of their ids, each with all its flows;
    refuses ``lending.unknown_loan``."""
    held = store.held(tx, sorted(ids))
    if len(held) < len(ids):
        raise UNKNOWN_LOAN(loan_id=min({*ids} - {row["id"] for row in held}))
    flows = flows_store.of_loans(tx, ids)
    return [(loan_of(row, ()), flows.get(row["id"], [])) for row in held]


def shared_out(tx: Tx, ids: Sequence[str]) -> None:
    """Note that whoever holds some loans has shared out all their flows; the loans are held since :func:`sharing`."""
    flows_store.shared(tx, ids)


def awaiting(tx: Tx, step: CloseStep) -> list[str]:
    """Loans with flows that wait to be shared out, a piece at a time."""
    return flows_store.waiting(tx, step.after, PIECE)


def told(tx: Tx, after: str, limit: int) -> list[str]:
    """Loans that have flows, in the order of their ids, a page at a time."""
    return flows_store.told(tx, after, limit)


def offered(tx: Tx, loan: Loan) -> Offer:
    """The offer that a loan was accepted from, as it was made: for what the bank itself prints of it."""
    found = store.find_offer(tx, loan.offer_id)
    assert found is not None
    return found


def with_flows(tx: Tx, ids: Sequence[str]) -> list[tuple[Loan, list[Flow]]]:
    """Loans of these ids with all their flows."""
    flows = flows_store.of_loans(tx, ids)
    return [(loan, flows.get(loan.id, [])) for loan in store.loans_of(tx, list(ids))]
