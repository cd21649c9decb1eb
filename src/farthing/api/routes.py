"""Own the routes of ``/v1``: which operation each POST runs and which question each GET answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from pydantic import ConfigDict

from farthing.api.ground import Key, Who, answer, check_key, get, got, kernel_of, post, router_of
from farthing.api.hot import HotRoute, hot
from farthing.api.problems import RESPONSES
from farthing.assurance import log_keys_service as log_keys
from farthing.assurance import service as assurance
from farthing.assurance.entries import service as entries
from farthing.assurance.liabilities import service as liabilities
from farthing.assurance.prudence import service as prudential
from farthing.assurance.stress import service as stress
from farthing.bank.about import about
from farthing.credit import service as credit
from farthing.credit.insight import service as insight
from farthing.credit.review import service as review
from farthing.credit.succession import service as models
from farthing.credit.succession import watching_service as watching
from farthing.credit.tally import service as tally
from farthing.credit.ways import service as ways
from farthing.events import by_hand_service as by_hand
from farthing.events import reading_service as happened
from farthing.events import service as webhooks
from farthing.funding import service as funding
from farthing.funding.cover import service as covers
from farthing.funding.joint import service as joint
from farthing.funding.lenders import service as lenders
from farthing.funding.model import AskFunders, Funded
from farthing.funding.programmes import service as programmes
from farthing.identity import roll
from farthing.kernel import approvals, errands, jobs
from farthing.kernel.day import DayClosed, close_day
from farthing.kernel.operation import operation_of
from farthing.kernel.steps import steps_of_day
from farthing.kit.errors import malformed
from farthing.ledger import service as ledger
from farthing.ledger.overview import service as overview
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Trial
from farthing.lending.agreement import own_key_service as own_key
from farthing.lending.agreement import service as contracts
from farthing.lending.arrears import service as arrears
from farthing.lending.backing import service as backing
from farthing.lending.collections import relief_service
from farthing.lending.collections import service as collections
from farthing.lending.draws import service as draws
from farthing.lending.floating import service as floating
from farthing.lending.groups import service as groups
from farthing.lending.groups import sheet_service as sheets
from farthing.lending.limits import service as bounds
from farthing.lending.maturity import service as maturity
from farthing.lending.prudence import ruling_service as rulings
from farthing.lending.prudence import service as prudence
from farthing.lending.roll import service as loan_roll
from farthing.lending.shelf import service as loan_shelf
from farthing.lending.spread import service as spread
from farthing.lending.suspense import service as suspense
from farthing.lending.top_ups import service as top_ups
from farthing.parties import service as parties
from farthing.parties.levels import service as levels
from farthing.payments import service as payments
from farthing.payments.activity import service as activity
from farthing.payments.activity import statement_service as statements
from farthing.payments.life import asked_service as lives
from farthing.payments.life import looking_service as looking
from farthing.payments.life import recall_service as recalls
from farthing.payments.life import suspense_service as suspended
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee, Payee
from farthing.products import service as products
from farthing.products.law import service as laws
from farthing.products.reference import service as references
from farthing.savings.coming import service as closing
from farthing.savings.coming.model import Coming

router = router_of("/v1")

hot(router, "/transfers", payments.transfer)  # first: a route is found by trying one after the other
hot(router, "/core/entries", ledger.post_entry)
post(router, "/parties", parties.register)
post(router, "/organisations", parties.register_organisation)
post(router, "/verifications", parties.verify_identity)
post(router, "/verifications/counter", levels.vouch_at_counter)
post(router, "/verifications/doubts", levels.doubt_evidence)
get(router, "/institution", parties.institution_name)
get(router, "/institution/phone", parties.institution_phone)
post(router, "/consents", credit.give_consent)
post(router, "/consents/revocations", credit.revoke_consent)
post(router, "/bills", credit.import_bill)
post(router, "/decisions", credit.request_decision)
post(router, "/decisions/replays", credit.replay_decision, status=200)
post(router, "/disputes", credit.dispute_datum)
post(router, "/disputes/answers", credit.answer_dispute)
post(router, "/models", models.bring_model)
post(router, "/models/shadows", models.shadow_model)
post(router, "/models/stops", models.stop_model)
post(router, "/models/promotions", models.promote_model)
post(router, "/models/returns", models.roll_back_model)
get(router, "/models", models.models)
get(router, "/models/{scorecard}/watch", watching.watch_model, "model")
post(router, "/reviews", review.ask_review)
post(router, "/reviews/answers", review.answer_review)
post(router, "/applications", lending.apply)
post(router, "/loan-top-ups", top_ups.top_up)
post(router, "/loans", lending.accept_offer)
post(router, "/contracts", contracts.draw_contract)
post(router, "/signatures", contracts.sign_contract)
post(router, "/signatures/certificates", own_key.ask_certificate)
post(router, "/signatures/given", own_key.give_signature)
post(router, "/disbursements", contracts.complete, money=True)
post(router, "/withdrawals", funding.withdraw)
post(router, "/repayments", lending.repay, money=True, route_class=HotRoute)
post(router, "/settlements", lending.settle, money=True)
post(router, "/loan-draws", draws.draw, money=True, tried=Trial, shown=acts.trial)
post(router, "/loan-draws/endings", draws.give_back, tried=Trial, shown=acts.trial)
post(router, "/loan-charges", acts.charge, tried=Trial, shown=acts.trial)
post(router, "/loan-waivers", acts.waive, tried=Trial, shown=acts.trial)
post(router, "/loan-pauses", acts.pause_interest, tried=Trial, shown=acts.trial)
post(router, "/loan-rates", acts.lower_rate, tried=Trial, shown=acts.trial)
post(router, "/loan-reschedules", acts.reschedule, tried=Trial, shown=acts.trial)
post(router, "/loan-charge-offs", acts.charge_off, tried=Trial, shown=acts.trial)
post(router, "/loan-write-offs", acts.write_off, tried=Trial, shown=acts.trial)
post(router, "/loan-recoveries", acts.recover, money=True, tried=Trial, shown=acts.trial)
post(router, "/loan-recoveries/taken", acts.take_recovery, money=True, tried=Trial, shown=acts.trial)
post(router, "/loan-refunds", acts.refund_credit, money=True, tried=Trial, shown=acts.trial)
post(router, "/loan-goodwill", acts.goodwill, money=True, tried=Trial, shown=acts.trial)
post(router, "/loan-repayments-as-of", acts.repay_as_of, money=True, tried=Trial, shown=acts.trial)
post(router, "/loan-reversals", acts.reverse_event, money=True, tried=Trial, shown=acts.trial)
post(router, "/loan-surplus", acts.choose_surplus, tried=Trial, shown=acts.trial)
post(router, "/guarantees", backing.ask_guarantor)
post(router, "/guarantees/consents", backing.give_guarantee)
post(router, "/guarantees/refusals", backing.decline_guarantee)
post(router, "/loan-pledges", backing.pledge_deposit)
post(router, "/loan-pledges/calls", backing.call_pledge, money=True)
post(router, "/collateral", backing.register_collateral)
post(router, "/collateral/valuations", backing.value_collateral)
post(router, "/collateral/releases", backing.release_collateral)
post(router, "/loan-groups", groups.form_group)
post(router, "/loan-groups/meetings", groups.move_meeting)
post(router, "/loan-groups/invitations", groups.ask_member)
post(router, "/loan-groups/members", groups.join_loan_group)
post(router, "/loan-groups/departures", groups.leave_loan_group)
post(router, "/loan-groups/collections", sheets.collect_sheet, money=True)
post(router, "/wallets", payments.open_wallet)
post(router, "/top-ups", payments.top_up, money=True)
post(router, "/pay-outs", payments.pay_out, money=True)
post(router, "/recalls", recalls.recall)
post(router, "/looked-at-movements", looking.looked_at)
post(router, "/suspense/applications", suspended.apply_suspense, money=True)
post(router, "/suspense/returns", suspended.send_back_suspense, money=True)
post(router, "/payments", payees.pay, money=True)
post(router, "/collect-codes", payees.collect)
post(router, "/collect-codes/withdrawals", payees.withdraw_collect, status=200)
post(router, "/entries", ledger.post_by_hand, money=True)
post(router, "/reversals", ledger.reverse_entry, money=True)
post(router, "/partners", funding.register_partner)
post(router, "/partners/logins", lenders.bind_login)
post(router, "/programmes", programmes.set_programme)
post(router, "/programmes/ends", programmes.end_programme)
post(router, "/approvals", approvals.decide, money=True)
post(router, "/checkpoints", assurance.publish_log)
post(router, "/evidence-packages", assurance.package_loan)
get(router, "/log/key", log_keys.log_key, text=lambda found: f"{found.vkey}\n")
get(router, "/log/checkpoint", assurance.log_checkpoint, "size", text=lambda found: str(found.note))
get(router, "/log/consistency", assurance.log_consistency, "old", "new")
get(router, "/liability-days", liabilities.days, "limit")
get(router, "/parties/{party_id}/counted", liabilities.counted, "on")
post(router, "/liability-proofs", liabilities.take_proof)
get(router, "/log/inclusion", assurance.log_inclusion, "leaf=leaf_id")


@router.post("/payees", status_code=200, responses=got(Payee), response_model=None, tags=["payments"])
def find_payee(request: Request, body: FindPayee, who: Who) -> JSONResponse:
    """Look up who is paid by a phone: a masked name, and an id that is good for this payer alone. Each look-up counts."""
    done = kernel_of(request).execute(operation_of(payees.find_payee), body, actor=who, key=None).result
    return answer(payees.require_found(done))


FindPayee.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]

DAY_MISSING = malformed(
    "api.day_missing",
    'Say which day is to be closed: {{"closing": "2026-12-31"}}.',
    '请指明要日终的营业日：{{"closing": "2026-12-31"}}。',
)


@dataclass(frozen=True, slots=True)
class CloseDay:
    """Which business date is to be closed; a dry run takes today's."""

    closing: date | None = None


@router.post(
    "/fundings", status_code=201, responses={**RESPONSES, 201: {"model": Funded}}, response_model=None, tags=["funding"]
)
def arrange_funding(request: Request, body: AskFunders, who: Who, key: Key = None) -> JSONResponse:
    """Fund an accepted loan: partners are asked within their deadline; the own book takes the rest."""
    asked = check_key(key, needed=False)
    return answer(funding.arrange(kernel_of(request), body.loan_id, actor=who, key=asked), 201)


@router.post(
    "/days",
    status_code=201,
    responses={**RESPONSES, 201: {"model": DayClosed}, 200: {"model": Coming, "description": "A dry run."}},
    response_model=None,
    tags=["kernel"],
)
def close_business_day(
    request: Request,
    body: CloseDay,
    who: Who,
    dry_run: Annotated[bool, Query(description="Count the deposits that something would happen to.")] = False,
    key: Key = None,
) -> JSONResponse:
    """Close the business date that is named; a dry run says what would fall due on deposits, and changes nothing."""
    if dry_run:
        return answer(kernel_of(request).ask(closing.coming, actor=who))
    asked = check_key(key, needed=True)
    if body.closing is None:
        raise DAY_MISSING()
    return answer(close_day(kernel_of(request), body.closing, actor=who, key=asked), 201)


close_business_day.money = True  # type: ignore[attr-defined]  # a key is needed, though no money is named

get(router, "/parties/{party_id}", parties.own_party)
get(router, "/parties/{party_id}/sessions", roll.sessions_of)
get(router, "/parties/{party_id}/verifications", parties.verifications)
get(router, "/parties/{party_id}/level", levels.level)
get(router, "/levels/ending", levels.ending, "days", "after", "limit")
get(router, "/parties/{party_id}/consents", credit.consents)
get(router, "/bills/{import_id}/report", credit.bill_report)
get(router, "/parties/{party_id}/disputes", credit.disputes)
get(router, "/parties/{party_id}/reviews", review.reviews_of)
get(router, "/parties/{party_id}/inquiries", insight.inquiries, "limit")
get(router, "/parties/{party_id}/bills", insight.bills, "limit")
get(router, "/credit-features", insight.features)
get(router, "/parties/{party_id}/loans", lending.loans)
get(router, "/parties/{party_id}/wallets", payments.wallets)
get(router, "/parties/{party_id}/history", payments.history, "cursor", "limit")
get(router, "/parties/{party_id}/activity", activity.activity, "q", "kind", "month", "cursor", "limit")
get(router, "/parties/{party_id}/statements/{month}.pdf", statements.statement, pdf=bytes)
get(router, "/parties/{party_id}/receipts/{reference}", activity.receipt)
get(router, "/parties/{party_id}/balances", activity.balances, "days")
get(router, "/parties/{party_id}/payees", payees.recent_payees)
get(router, "/parties/{party_id}/payees/{payee_id}", payees.payee)
get(router, "/parties/{party_id}/collect-codes", payees.collect_codes)
get(router, "/collect-codes/{code_id}", payees.asked)
get(router, "/rail-payments", payments.rail_payments, "direction", "state", "after", "limit", "number")
get(router, "/rail-payments/{payment_id}", payments.rail_payment)
get(router, "/rail-payments/{payment_id}/life", lives.rail_life)
get(router, "/stuck-rail-payments", lives.stuck, "limit")
get(router, "/parties/{party_id}/rail-payments-under-way", lives.under_way, "limit")
get(router, "/suspense", suspended.suspense, "everything", "limit")
get(router, "/decisions/{decision_id}", credit.decision)
get(router, "/decisions/{decision_id}/points", insight.decision_points)
get(router, "/decisions/{decision_id}/ways", ways.ways)
get(router, "/decisions/{decision_id}/price", ways.price)
get(router, "/decisions/{decision_id}/reviews", review.reviews)
get(router, "/reviews", review.open_reviews, "limit")
get(router, "/disputes", review.open_disputes, "limit")
get(router, "/bank", about)
get(router, "/offers/{offer_id}", lending.offer)
get(router, "/loans", loan_roll.roll, "state", "product", "past_due", "after", "limit", "party_id")
get(router, "/due-instalments", loan_roll.falling_due)
get(router, "/lateness", arrears.lateness)
get(router, "/late-classes", arrears.classes)
get(router, "/roll-rates", arrears.moves)
get(router, "/portfolio-at-risk", prudence.at_risk, "as_of=on")
get(router, "/suspended-interest", suspense.suspended, "month")
get(router, "/maturity-ladder", maturity.maturity_ladder, "month")
get(router, "/prudential-figures", prudential.figures, "as_of=on")
get(router, "/prudential-figures/{rule}", prudential.figure, "as_of=on")
get(router, "/stress-scenarios", stress.scenarios)
get(router, "/stress-paths/{scenario}", stress.path)
get(router, "/stress-limits/{scenario}", stress.reverse)
post(router, "/loan-classes", rulings.class_loan)
get(router, "/loan-classes", prudence.classes, "month")
get(router, "/vintages", prudence.vintages, "product")
get(router, "/roll-matrices", prudence.rolled)
get(router, "/provisions", prudence.provided, "month")
post(router, "/loan-contacts", collections.log_contact)
get(router, "/loans/{loan_id}/contacts", collections.contacts)
post(router, "/hardships", collections.ask_hardship)
post(router, "/hardships/answers", collections.decide_hardship)
post(router, "/hardships/plans", relief_service.carry_out_relief)
get(router, "/hardships", collections.open_hardships, "limit")
get(router, "/loans/{loan_id}/hardships", relief_service.hardships)
get(router, "/late-loans", collections.worklist, "after", "limit")
get(router, "/loan-spread", spread.spread, "since", "until")
post(router, "/reference-rates", references.set_reference_rate)
get(router, "/reference-rates", references.reference_rates, "rate")
post(router, "/internal-rates", spread.set_internal_rates)
get(router, "/internal-rates", spread.internal_rates, "currency")
get(router, "/score-bands", tally.tally)
get(router, "/loans/{loan_id}", lending.loan)
get(router, "/loans/{loan_id}/rate", floating.rate)
get(router, "/loans/{loan_id}/repayments", lending.repayments)
get(router, "/loans/{loan_id}/events", acts.story)
get(router, "/loans/{loan_id}/recoverable", acts.recoverable)
get(router, "/loans/{loan_id}/ahead", acts.ahead, "amount", "days")
get(router, "/loans/{loan_id}/top-up", top_ups.top_up_quote, "amount", "instalments")
get(router, "/loans/{loan_id}/backing", backing.backing)
get(router, "/loans/{loan_id}/loan-to-value", backing.loan_to_value)
get(router, "/parties/{party_id}/guarantees", backing.guaranteed, "limit")
get(router, "/collateral", backing.collateral_register, "after", "limit")
get(router, "/loan-groups", groups.loan_groups, "after", "limit")
get(router, "/loan-groups/{group_id}", groups.loan_group)
get(router, "/loan-groups/{group_id}/sheet", sheets.group_sheet)
get(router, "/loan-groups/{group_id}/meeting", sheets.group_meeting)
get(router, "/loan-groups/{group_id}/collections", sheets.group_sheets, "before", "limit")
get(router, "/parties/{party_id}/loan-groups", groups.own_loan_group)
get(router, "/loans/{loan_id}/contract", contracts.view)
get(router, "/loans/{loan_id}/contract/text", contracts.text)
get(router, "/loans/{loan_id}/contract.pdf", contracts.document, pdf=bytes)
get(router, "/accounts", ledger.balances, "prefix", "after", "limit")
get(router, "/accounts/{path}/statement", ledger.statement, "cursor", "limit")
get(router, "/entries", ledger.entries, "cursor", "limit", "on")
get(router, "/entry-heads", overview.entry_heads, "cursor", "limit", "on")
get(router, "/entries/{reference}", ledger.entry)
get(router, "/entries/{reference}/evidence", entries.entry_evidence)
get(router, "/entries/{reference}/evidence/proof", entries.entry_proof)
get(router, "/entries/{reference}/in-full", overview.entry_in_full)
get(router, "/chart", overview.chart, "prefix", "as_of=on")
get(router, "/margins", overview.margins)
get(router, "/limits", overview.limits)
get(router, "/limits/lending", bounds.limits)
get(router, "/totals", overview.totals)
get(router, "/trial-balance", ledger.trial_balance, "as_of=on")
get(router, "/approvals", approvals.waiting)
get(router, "/approvals/own", approvals.own)
get(router, "/approvals/about", approvals.about, "operation", "reference")
get(router, "/approvals/{approval_id}", approvals.draft)
get(router, "/errands", errands.unanswered, "limit")
get(router, "/events", happened.listed, "cursor", "since", "kind", "limit")
get(router, "/events/kinds", happened.kinds)
get(router, "/webhooks", webhooks.webhooks, "after", "limit")
post(router, "/webhooks", webhooks.subscribe)
post(router, "/webhooks/ends", webhooks.stop_webhook, status=200)
post(router, "/webhooks/resumptions", webhooks.resume_webhook, status=200)
post(router, "/webhooks/secrets", webhooks.rotate_secret)
post(router, "/webhooks/tests", by_hand.send_test)
post(router, "/webhooks/redeliveries", by_hand.redeliver)
get(router, "/webhooks/{webhook_id}", webhooks.webhook)
get(router, "/webhooks/{webhook_id}/deliveries", webhooks.deliveries, "before", "limit")
get(router, "/failed-jobs", jobs.failed, "limit")
post(router, "/failed-jobs/retries", jobs.retry)
get(router, "/days/{on}/steps", steps_of_day)
get(router, "/partners", funding.partners)
get(router, "/programmes", programmes.programmes)
post(router, "/programmes/cover", covers.pay_cover, money=True)
post(router, "/programmes/cover/returns", covers.return_cover, money=True)
get(router, "/programmes/covers", covers.covers)
get(router, "/programmes/covers/claims", covers.cover_claims, "after", "limit")
get(router, "/partners/own/covers", covers.own_covers)
get(router, "/partners/own/cover-claims", covers.own_cover_claims, "after", "limit")
get(router, "/partners/limits", joint.limits)
get(router, "/partners/not-asked", joint.not_asked, "limit")
get(router, "/loans/{loan_id}/blended-rate", joint.blended_rate)
get(router, "/partners/own/portfolio", lenders.own_portfolio)
get(router, "/partners/own/mandate", lenders.own_mandate)
get(router, "/partners/own/flow", lenders.own_flow)
get(router, "/partners/own/requests", lenders.own_requests, "after", "limit")
get(router, "/partners/own/settlement", lenders.own_settlement, "until")
get(router, "/products", products.loans_in_force)
get(router, "/products/{product}/lengths", loan_shelf.compare, "amount", "instalments")
get(router, "/policy", laws.law)
get(router, "/published", laws.standing)
get(router, "/published-versions", laws.versions, "product", "limit", "after")
get(router, "/published-versions/{product}/{version}", laws.version)
get(router, "/complaints", review.complaints)
