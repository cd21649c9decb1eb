"""Ask a credit bureau by errand, with a purpose and a consent, and keep what it answered. Never decides.

Where the party allows it, the exchange is asked for her exposure in the same errand: a decision has both answers or none.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from farthing.credit import store
from farthing.credit.bureau.model import Bureau, BureauQuestion, BureauReport
from farthing.credit.exposure import Exposure, ExposureQuestion, Exposures, unavailable
from farthing.credit.model import BureauAnswered, BureauErrand, Consent, RequestDecision
from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.errands import Desk, Errand
from farthing.kernel.operation import Asked, decode
from farthing.kit.canonical import digest, plain
from farthing.kit.errors import Refusal, declined
from farthing.parties.model import Party

LOG = logging.getLogger("farthing.credit.exposure")

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
    exposure_under: Consent | None = None,
) -> Asked:
    """Write the inquiry down under the id of the decision that it is for; ``exposure_under``: the consent by which the exchange
    is asked too, if there is one and the bank has a way to it. Refuses ``credit.no_bureau``."""
    if not tx.ports.names("bureau"):
        raise NO_BUREAU()
    inquiry_id, decision_id = tx.new_id("inquiry"), tx.new_id("dec")
    question = BureauQuestion(inquiry_id, party.name, party.number, consent.purpose, consent.id, tx.now)
    elsewhere = None
    if exposure_under is not None and tx.ports.names("exposure"):
        artefact = digest(plain(exposure_under)).hex()
        elsewhere = ExposureQuestion(party.number, artefact, command.amount.currency, tx.business_date)
    request = BureauErrand(question, command, decision_id, about, replaces, elsewhere)
    errands.write(tx, inquiry_id, "credit.inquiry", tx.ports.first("bureau"), decision_id, request, answered_by)
    return Asked(decision_id, (inquiry_id,))


@errands.sender("credit.inquiry")
def _inquire(desk: Desk, errand: Errand) -> BureauAnswered:
    """A bureau that does not answer is a fact, not a failure: the decision says so."""
    bureau: Bureau = desk.ports.peer("bureau", errand.peer)
    asked: BureauErrand = decode(BureauErrand, errand.request)
    report = bureau.inquire(asked.question) or BureauReport(bureau.name, "unavailable", (), 0, "")
    return BureauAnswered(errand.id, report, None if asked.exposure is None else _elsewhere(desk, asked.exposure))


def _elsewhere(desk: Desk, question: ExposureQuestion) -> Exposure:
    """What the exchange tells; one that refuses or is away keeps nobody from a decision, which says so."""
    try:
        peer: Exposures = desk.ports.peer("exposure")
        found = peer.ask(question)
    except (Refusal, OSError) as fault:
        LOG.warning("the exchange told no exposure: %s", fault.code if isinstance(fault, Refusal) else repr(fault))
        found = None
    return found or unavailable(question)


def take(tx: Tx, answered: BureauAnswered) -> BureauErrand:
    """Keep a report under its inquiry, once; answers what was asked. Refuses ``errands.answered``."""
    asked: BureauErrand = decode(BureauErrand, errands.settle(tx, answered.errand_id).request)
    question = asked.question
    store.insert_inquiry(
        tx, answered.errand_id, asked.command.party_id, question.consent_id, question.purpose, answered.report
    )
    return asked
