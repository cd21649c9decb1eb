"""Ask a credit bureau by errand, with a purpose and a consent, and keep what it answered. Never decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from farthing.credit import store
from farthing.credit.model import (
    Bureau,
    BureauAnswered,
    BureauErrand,
    BureauQuestion,
    BureauReport,
    Consent,
    RequestDecision,
)
from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.errands import Desk, Errand
from farthing.kernel.operation import Asked, decode
from farthing.kit.errors import declined
from farthing.parties.model import Party

NO_BUREAU = declined(
    "credit.no_bureau",
    "This bank has no credit bureau to ask yet and decides on no loan without one; apply again once the bank says that it lends.",
    "本行尚未接入征信机构，暂不能审批贷款；请待本行开办贷款业务后再申请。",
)


def ask(
    tx: Tx,
    party: Party,
    consent: Consent,
    command: RequestDecision,
    answered_by: Callable[..., Any],
    about: dict[str, Any] | None,
    replaces: str | None = None,
) -> Asked:
    """Write the inquiry down under the id of the decision that it is for. Refuses ``credit.no_bureau``."""
    if not tx.ports.names("bureau"):
        raise NO_BUREAU()
    inquiry_id, decision_id = tx.new_id("inquiry"), tx.new_id("dec")
    question = BureauQuestion(inquiry_id, party.name, party.number, consent.purpose, consent.id, tx.now)
    request = BureauErrand(question, command, decision_id, about, replaces)
    errands.write(tx, inquiry_id, "credit.inquiry", tx.ports.first("bureau"), decision_id, request, answered_by)
    return Asked(decision_id, (inquiry_id,))


@errands.sender("credit.inquiry")
def _inquire(desk: Desk, errand: Errand) -> BureauAnswered:
    """A bureau that does not answer is a fact, not a failure: the decision says so."""
    bureau: Bureau = desk.ports.peer("bureau", errand.peer)
    asked: BureauErrand = decode(BureauErrand, errand.request)
    report = bureau.inquire(asked.question) or BureauReport(bureau.name, "unavailable", (), 0, "")
    return BureauAnswered(errand.id, report)


def take(tx: Tx, answered: BureauAnswered) -> BureauErrand:
    """Keep a report under its inquiry, once; answers what was asked. Refuses ``errands.answered``."""
    asked: BureauErrand = decode(BureauErrand, errands.settle(tx, answered.errand_id).request)
    question = asked.question
    store.insert_inquiry(
        tx, answered.errand_id, asked.command.party_id, question.consent_id, question.purpose, answered.report
    )
    return asked
