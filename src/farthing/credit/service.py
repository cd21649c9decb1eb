"""Run credit: consents, imports, bureau inquiries, decisions that can be made again, disputes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from farthing.credit import grades, pricing, rules, store
from farthing.credit.bureau import service as bureau
from farthing.credit.features import Feature, Flow, flow_of, person_features, shop_features
from farthing.credit.history import service as history
from farthing.credit.model import (
    AnswerDispute,
    BureauAnswered,
    BureauErrand,
    BureauReport,
    Consent,
    Decision,
    Dispute,
    DisputeDatum,
    GiveConsent,
    Inputs,
    Replay,
    ReplayDecision,
    RequestDecision,
    RevokeConsent,
)
from farthing.credit.movements import RULES_VERSION, Classified, classify
from farthing.credit.owing import service as owing
from farthing.credit.scorecard import Scorecard, load
from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.operation import Asked, operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.ids import derived, prefixed
from farthing.kit.inputs import Id, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.model import Party
from farthing.products import service as products
from farthing.products.model import LoanTerms

PURPOSE = rules.PURPOSE
ENGINE = f"{rules.ENGINE_VERSION}/{RULES_VERSION}"
DISPUTE_DAYS = 20
SCORECARDS = products.ROOT / "products" / "scorecards"

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
    replaces: str | None = None,
) -> Asked:  # fmt: skip
    """Write the errand that a decision needs: ``answered_by`` takes a ``BureauAnswered`` and calls :func:`decide`.

    Everything that can be refused is refused before the bureau is asked: an inquiry stands in the customer's file. ``replaces``
    is the party's loan that is paid off out of what is asked for, and is not counted beside it.
    """
    _own(tx, command.party_id, "decision")
    party = parties.party(tx, command.party_id)
    rules.check_asked(products.loan_terms(tx, command.product), command.amount, command.instalments)
    consent = _consents(tx, party)
    if not store.imports(tx, party.id):
        raise rules.NO_HISTORY(party=party.name)
    return bureau.ask(tx, party, consent, command, answered_by, about, replaces)


@operation(
    "credit.decide_by_report", title=Words("Decide by a bureau's report", "按征信报告决定"),
    permission=errands.ANSWER, whose=STAFF,
)  # fmt: skip
def decide_by_report(tx: Tx, command: BureauAnswered) -> Decision:
    """Take a bureau's answer and decide. Refuses ``errands.answered``."""
    return decide(tx, command)[0]


def decide(tx: Tx, answered: BureauAnswered) -> tuple[Decision, BureauErrand]:
    """Decide on a bureau's answer, once; answers the decision and what was asked."""
    asked = bureau.take(tx, answered)
    command = asked.command
    party = parties.party(tx, command.party_id)
    terms = products.loan_terms(tx, command.product)
    source, card = _card(terms.scorecard)
    store.keep_scorecard(tx, card.digest, card.name, card.version, source)
    inputs = pricing.priced(card, terms.rate, _inputs(tx, party, terms, command, card, answered.report, asked.replaces))
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
        grounds=grades.grounds(inputs.grade, inputs.evidence_most),
    )  # fmt: skip
    store.insert_decision(tx, decision, inputs)
    return decision, asked


def decided(tx: Tx, decision_id: str) -> Decision:
    """A decision that was asked for; refuses ``credit.not_decided_yet`` while the bureau's answer is not taken."""
    found = store.find_decision(tx, decision_id)
    if found is None:
        raise rules.NOT_DECIDED_YET()
    return found[0]


def _consents(tx: Tx, party: Party) -> Consent:
    """The consent to inquire, where there is one to the history too; refuses ``credit.consent_*``."""
    given = store.consents(tx, party.id)
    rules.check_consent(given, "payment_history", party.id, tx.business_date, PURPOSE)
    return rules.check_consent(given, "credit_bureau", party.id, tx.business_date, PURPOSE)


def _inputs(
    tx: Tx, party: Party, terms: LoanTerms, command: RequestDecision, card: Scorecard, report: BureauReport, replaces: str | None
) -> Inputs:  # fmt: skip
    imports = store.imports(tx, party.id)
    if not imports:
        raise rules.NO_HISTORY(party=party.name)
    here = owing.of_party(tx, party.id)
    grade = grades.grade_of(imports, here)
    disputed = store.disputes(tx, party.id)
    doubted = {item.datum for item in disputed if item.state != "confirmed"}
    corrected = {item.datum for item in disputed if item.state == "corrected"}
    history = store.transactions(tx, party.id)
    since, until = _period(imports, tx.business_date)

    def counted(without: set[str]) -> tuple[Classified, Flow, tuple[Feature, ...]]:
        classified = classify(history, holder=party.name, disputed=without)
        flow = flow_of(classified.movements, since, until, command.amount.currency)
        return classified, flow, _figures(card.subject, flow)

    classified, flow, features = counted(doubted)
    income, left_over = _level(card.subject, features)
    if doubted != corrected:
        # An open dispute cannot count against the customer's score, and cannot raise what can be afforded either.
        cautious = _level(card.subject, counted(corrected)[2])
        income, left_over = min(income, cautious[0]), min(left_over, cautious[1])
    lines = tuple(
        replace(line, days_past_due=0, worst_days_past_due=0) if line.lender in doubted else line
        for line in report.tradelines
        if line.lender not in corrected
    )
    return Inputs(
        party_kind=party.kind,
        product=terms.product,
        product_version=terms.version,
        amount=command.amount,
        instalments=command.instalments,
        annual=terms.rate.annual,
        least=terms.principal.min,
        most=terms.principal.max,
        decided_on=tx.business_date,
        history_until=_last(flow, imports),
        holder_check=imports[-1]["holder_check"],
        features=features,
        monthly_income=income,
        monthly_left_over=left_over,
        bureau=BureauReport(report.bureau, report.state, lines, report.inquiries_last_90_days, report.reference),
        set_aside={str(reason): count for reason, count in classified.aside.items()},
        outside_period=any(_strays(row) for row in imports),
        here=owing.here(tx, party.id, [each for each in here if each.id != replaces]),
        grade=grade,
        evidence_most=products.policy_in_force(tx).evidence_most(grade),
        fewest=terms.instalments.min,
        longest=terms.instalments.max,
        rhythm=rules.rhythm(terms),
        rows=terms.schedule.rows or None,
        replaces=replaces,
    )


def _figures(subject: str, flow: Flow) -> tuple[Feature, ...]:
    persons = person_features(flow)
    if subject != "shop":
        return persons
    return (*shop_features(flow), *(item for item in persons if item.name == "income_level"))


def _strays(row: dict[str, Any]) -> bool:
    """Whether a bill holds payments from before or after the period that its preamble states."""
    if None in (row["since_on"], row["until_on"], row["first_on"], row["last_on"]):
        return False
    return bool(row["first_on"] < row["since_on"] or row["last_on"] > row["until_on"])


def _period(imports: list[dict[str, object]], today: date) -> tuple[date, date]:
    """From the first to the last day that the bills together cover, by their preambles or their rows."""
    starts = [row["since_on"] or row["first_on"] for row in imports]
    ends = [row["until_on"] or row["last_on"] for row in imports]
    known_starts = [day for day in starts if isinstance(day, date)]
    known_ends = [day for day in ends if isinstance(day, date)]
    until = min(max(known_ends, default=today), today)
    return min(known_starts, default=until), until


def _last(flow: Flow, imports: list[dict[str, object]]) -> date | None:
    days = [row["last_on"] for row in imports]
    known = [day for day in days if isinstance(day, date)]
    return max(known, default=None)


def _level(subject: str, features: tuple[Feature, ...]) -> tuple[Money, Money]:
    """Monthly income and what is left over of it; of a shop, what its receipts leave after stock and rent."""
    amounts = {item.name: item.amount for item in features if item.amount is not None}
    if subject == "shop":
        return amounts["margin"], amounts["margin"]
    return amounts["income_level"], amounts["left_over_share"]


@lru_cache(maxsize=16)
def _card(name: str) -> tuple[str, Scorecard]:
    source = (SCORECARDS / f"{name}.toml").read_text(encoding="utf-8")
    return source, load(source, name)


@operation(
    "credit.replay_decision", title=Words("Decide once more by the same data", "重演授信决定"),
    permission="credit:replay", whose=STAFF,
)  # fmt: skip
def replay_decision(tx: Tx, command: ReplayDecision) -> Replay:
    """Decide a past case again from what was stored; identical unless something stored was changed."""
    past, inputs = _found(tx, command.decision_id)
    card = load(store.scorecard_source(tx, past.scorecard_sha256), past.scorecard)
    again = rules.decide(card, inputs)
    pairs = {
        "approved": (past.approved, again.approved),
        "score": (past.score, again.score),
        "probability_of_default": (past.probability_of_default, again.probability_of_default),
        "limit": (past.limit, again.limit),
        "reasons": (past.reasons, again.reasons),
        "grounds": (past.grounds, grades.grounds(inputs.grade, inputs.evidence_most)),
        "inputs_sha256": (past.inputs_sha256, rules.digested(inputs)),
        "scorecard_sha256": (past.scorecard_sha256, card.digest),
        "engine": (past.engine, ENGINE),
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
    if command.datum not in lenders and not store.has_transaction(tx, command.party_id, command.datum):
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

    The finding stays in the evidence log. Refuses ``credit.dispute_unknown``, ``credit.dispute_answered``.
    """
    found = _dispute(tx, command.dispute_id)
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
