"""Run credit: consents, imports, bureau inquiries, decisions that can be made again, disputes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from farthing.credit import grades, pricing, rules, store
from farthing.credit.bureau import service as bureau
from farthing.credit.exposure import DATUM
from farthing.credit.gathering import service as gathering
from farthing.credit.gathering.books_service import NO_BOOKS, Books
from farthing.credit.history import service as history
from farthing.credit.model import (
    AnswerDispute,
    BureauAnswered,
    BureauErrand,
    Consent,
    Decision,
    Dispute,
    DisputeDatum,
    GiveConsent,
    Grounds,
    Inputs,
    Replay,
    ReplayDecision,
    RequestDecision,
    RevokeConsent,
)
from farthing.credit.models.file import load
from farthing.credit.movements import RULES_VERSION
from farthing.credit.succession.force_service import card_in_force
from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.operation import Asked, operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.ids import derived, prefixed
from farthing.kit.inputs import Id, PageSize
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.oneself_service import not_own
from farthing.products import service as products

ENGINE = f"{rules.ENGINE_VERSION}/{RULES_VERSION}"
DISPUTE_DAYS = 20

import_bill = history.import_bill
bill_report = history.bill_report


@operation(
    "credit.give_consent", title=Words("Give consent", "授权"), permission="credit:consent", whose=of("party_id")
)
def give_consent(tx: Tx, command: GiveConsent) -> Consent:
    """Record a consent; refuses ``credit.consent_to_nothing``, ``.consent_in_the_past``, ``.not_yours``, ``parties.unknown``."""
    _own(tx, command.party_id, "consent")
    parties.party(tx, command.party_id)
    if not command.kinds:
        raise rules.CONSENT_TO_NOTHING()
    rules.check_lasts(command.expires_on, tx.business_date)
    consent = Consent(
        tx.new_id("consent"), command.party_id, command.purpose, command.kinds, tx.now, command.expires_on, None
    )
    store.insert_consent(tx, consent)
    return consent


@operation(
    "credit.revoke_consent", title=Words("Take back consent", "撤回授权"),
    permission="credit:consent", whose=of("consent_id", store.consent_owner),
)  # fmt: skip
def revoke_consent(tx: Tx, command: RevokeConsent) -> Consent:
    """Take a consent back; refuses ``credit.consent_unknown``, ``credit.not_yours``."""
    found = store.find_consent(tx, command.consent_id)
    if found is None:
        raise rules.CONSENT_UNKNOWN(consent_id=command.consent_id)
    _own(tx, found.party_id, "consent")
    store.revoke_consent(tx, found.id)
    return store.find_consent(tx, found.id) or found


def agreed_to_reporting(tx: Tx, party_ids: Sequence[str]) -> frozenset[str]:
    """Who of some agreed that a credit bureau is told of their loans (Credit Reporting Regulation 2013, article 29)."""
    return store.allowing(tx, party_ids, "credit_bureau", "credit_reporting", tx.business_date)


@question("credit.consents", permission="credit:read", whose=of("party_id"))
def consents(tx: Tx, party_id: Id) -> list[Consent]:
    """A party's consents, newest first."""
    _own(tx, party_id, "consents")
    return store.consents(tx, party_id)


def _concluded(tx: Tx, asked: Asked) -> Decision:
    """The decision that was asked for; refuses ``credit.not_decided_yet``."""
    return decided(tx, asked.subject)


@operation(
    "credit.request_decision", title=Words("Ask for a credit decision", "申请授信决定"),
    permission="credit:assess", whose=of("party_id"), conclude=_concluded,
)  # fmt: skip
def request_decision(tx: Tx, command: RequestDecision) -> Asked:
    """Decide at once from payment history and bureau file together; everything used is kept with the decision.

    Refuses ``credit.consent_*``, ``credit.no_history``, ``products.unknown``, ``credit.not_yours``.
    """
    return ask_bureau(tx, command, decide_by_report)


def ask_bureau(
    tx: Tx, command: RequestDecision, answered_by: Callable[..., Any], about: dict[str, Any] | None = None,
    replaces: str | None = None, books: Books = NO_BOOKS,
) -> Asked:  # fmt: skip
    """Write the errand that a decision needs: ``answered_by`` takes a ``BureauAnswered`` and calls :func:`decide`, with the
    same ``books``: how what the books above tell of the party is read.

    Everything that can be refused is refused before the bureau is asked: an inquiry stands in the customer's file. ``replaces``
    is the party's loan that is paid off out of what is asked for, and is not counted beside it.
    """
    _own(tx, command.party_id, "decision")
    party = parties.party(tx, command.party_id)
    terms = products.loan_terms(tx, command.product)
    rules.check_asked(terms, command.amount, command.instalments)
    consent = gathering.consented(tx, party, card_in_force(tx, terms.scorecard)[1], books)
    return bureau.ask(tx, party, consent, command, answered_by, about, replaces, gathering.exposure_consent(tx, party))


@operation(
    "credit.decide_by_report", title=Words("Decide by a bureau's report", "按征信报告决定"),
    permission=errands.ANSWER, whose=STAFF,
)  # fmt: skip
def decide_by_report(tx: Tx, command: BureauAnswered) -> Decision:
    """Take a bureau's answer and decide. Refuses ``errands.answered``."""
    return decide(tx, command)[0]


def decide(tx: Tx, answered: BureauAnswered, books: Books = NO_BOOKS) -> tuple[Decision, BureauErrand]:
    """Decide on a bureau's answer, once; answers the decision and what was asked."""
    asked = bureau.take(tx, answered)
    command = asked.command
    party = parties.party(tx, command.party_id)
    terms = products.loan_terms(tx, command.product)
    source, card = card_in_force(tx, terms.scorecard)
    store.keep_scorecard(tx, card.digest, card.name, card.version, source)
    found = gathering.gather(tx, party, terms, command, card, answered, asked.replaces, books)
    inputs = pricing.priced(card, terms.rate, found)
    opinion = rules.decide(card, inputs)
    decision = Decision(
        id=asked.decision_id,
        party_id=party.id,
        product=terms.product,
        amount=command.amount,
        instalments=command.instalments,
        approved=opinion.approved, score=opinion.score, probability_of_default=opinion.probability_of_default,
        limit=opinion.limit, reasons=opinion.reasons,
        scorecard=f"{card.name}-{card.version}",
        scorecard_sha256=card.digest,
        inputs_sha256=rules.digested(inputs),
        engine=ENGINE,
        decided_at=tx.now,
        grounds=_grounds(inputs),
    )  # fmt: skip
    store.insert_decision(tx, decision, inputs)
    return decision, asked


def _grounds(inputs: Inputs) -> Grounds:
    beside = inputs.receipts is not None and not inputs.receipts.alone
    return grades.grounds(inputs.grade, inputs.evidence_most, beside, inputs.wallet is not None)


def decided(tx: Tx, decision_id: str) -> Decision:
    """A decision that was asked for; refuses ``credit.not_decided_yet`` while the bureau's answer is not taken."""
    found = store.find_decision(tx, decision_id)
    if found is None:
        raise rules.NOT_DECIDED_YET()
    return found[0]


@operation(
    "credit.replay_decision", title=Words("Decide once more by the same data", "重演授信决定"),
    permission="credit:replay", whose=STAFF,
)  # fmt: skip
def replay_decision(tx: Tx, command: ReplayDecision) -> Replay:
    """Decide a past case again from what was stored; identical unless something stored was changed. How the figures were formed
    of movements is not decided again: they stand in the inputs."""
    past, inputs = _found(tx, command.decision_id)
    card = load(store.scorecard_source(tx, past.scorecard_sha256), past.scorecard)
    again = rules.decide(card, inputs)
    pairs = {
        "approved": (past.approved, again.approved),
        "score": (past.score, again.score),
        "probability_of_default": (past.probability_of_default, again.probability_of_default),
        "limit": (past.limit, again.limit),
        "reasons": (past.reasons, again.reasons),
        "grounds": (past.grounds, _grounds(inputs)),
        "inputs_sha256": (past.inputs_sha256, rules.digested(inputs)),
        "scorecard_sha256": (past.scorecard_sha256, card.digest),
        "engine": (past.engine.partition("/")[0], rules.ENGINE_VERSION),
    }
    differs = tuple(name for name, (before, now) in pairs.items() if before != now)
    return Replay(past.id, not differs, differs)


@operation(
    "credit.dispute_datum", title=Words("Dispute a datum", "提出数据异议"),
    permission="credit:consent", whose=of("party_id"),
)  # fmt: skip
def dispute_datum(tx: Tx, command: DisputeDatum) -> Dispute:
    """Mark a datum as disputed: it cannot count against the customer until answered, within twenty days.

    Credit Reporting Regulation art. 25. Refuses ``credit.datum_unknown``, ``credit.not_yours``.
    """
    _own(tx, command.party_id, "history")
    lenders = {line.lender for report in store.reports(tx, command.party_id) for line in report.tradelines}
    known = command.datum in lenders or store.has_transaction(tx, command.party_id, command.datum)
    if not known and not store.has_exposure(tx, command.party_id, command.datum.removeprefix(DATUM)):
        raise rules.DATUM_UNKNOWN(datum=command.datum)
    dispute = Dispute(
        id=prefixed("dispute", derived(f"{command.party_id} {command.datum}")),
        party_id=command.party_id,
        datum=command.datum,
        statement=command.statement,
        opened_on=tx.business_date,
        answer_by=tx.business_date + timedelta(days=DISPUTE_DAYS),
        state="open",
    )
    store.insert_dispute(tx, dispute)
    return _dispute(tx, dispute.id)


@operation(
    "credit.answer_dispute", title=Words("Answer a dispute", "答复异议"), permission="credit:answer", whose=STAFF
)
def answer_dispute(tx: Tx, command: AnswerDispute) -> Dispute:
    """Answer an open dispute; a corrected datum is out for good, a confirmed one counts again.

    The finding stays in the evidence log. Refuses ``credit.dispute_unknown``, ``credit.dispute_answered``,
    ``parties.own_matter``.
    """
    found = _dispute(tx, command.dispute_id)
    not_own(tx, found.party_id)
    if not store.answer_dispute(tx, found.id, "corrected" if command.corrected else "confirmed"):
        raise rules.DISPUTE_ANSWERED(dispute_id=found.id, state=found.state, state_zh=rules.FOUND_ZH[found.state])
    return _dispute(tx, found.id)


def _dispute(tx: Tx, dispute_id: str) -> Dispute:
    found = store.find_dispute(tx, dispute_id)
    if found is None:
        raise rules.DISPUTE_UNKNOWN(dispute_id=dispute_id)
    return found


@question("credit.decision", permission="credit:read", whose=of("decision_id", store.decision_owner))
def decision(tx: Tx, decision_id: Id) -> Decision:
    """One decision of the actor's own party; refuses ``credit.decision_unknown``, ``credit.not_yours``."""
    return _found(tx, decision_id)[0]


@question("credit.decision_inputs", permission="credit:read", whose=of("decision_id", store.decision_owner))
def decision_inputs(tx: Tx, decision_id: Id) -> Inputs:
    """What a decision rests on."""
    return _found(tx, decision_id)[1]


def _found(tx: Tx, decision_id: str) -> tuple[Decision, Inputs]:
    found = store.find_decision(tx, decision_id)
    if found is None:
        raise rules.DECISION_UNKNOWN(decision_id=decision_id)
    _own(tx, found[0].party_id, decision_id)
    return found


@question("credit.decisions", permission="credit:read", whose=of("party_id"))
def decisions(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[Decision]:
    """A party's decisions, newest first."""
    _own(tx, party_id, "decisions")
    return store.decisions(tx, party_id, limit)


@question("credit.latest_decisions", permission="credit:read_any", whose=STAFF)
def latest_decisions(tx: Tx, limit: PageSize = 50) -> list[Decision]:
    """Everybody's decisions, newest first; for those whose work it is to look at them."""
    return store.decisions(tx, None, limit)


@question("credit.disputes", permission="credit:read", whose=of("party_id"))
def disputes(tx: Tx, party_id: Id) -> list[Dispute]:
    """A party's disputes, oldest first."""
    _own(tx, party_id, "disputes")
    return store.disputes(tx, party_id)


def _own(tx: Tx, party_id: str, what: str) -> None:
    if not tx.actor.acts_for(party_id):
        raise rules.NOT_YOURS(what=what)


def forget(tx: Tx, party_id: str) -> None:
    """Take back what somebody who is erased allowed, and delete the bills that she brought; what was decided stays, of an id."""
    store.forget(tx, party_id)
