"""Own the routes of ``/v1``: which operation each POST runs and which question each GET answers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from farthing.api.ground import Key, Who, answer, check_key, got, kernel_of, needs, post, read
from farthing.api.hot import HOT, hot
from farthing.api.problems import RESPONSES
from farthing.assurance import service as assurance
from farthing.credit import service as credit
from farthing.credit.model import Consent, Decision, Dispute
from farthing.credit.report import BillReport
from farthing.funding import service as funding
from farthing.funding.model import AskFunders, Funded, Partner
from farthing.kernel import approvals
from farthing.kernel.approvals import Draft
from farthing.kernel.day import DayClosed, close_day
from farthing.kit.actor import SYSTEM
from farthing.ledger import service as ledger
from farthing.ledger.model import Balance, EntryPage, Posted, Statement, TrialBalance
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.model import Loan, Offer, Repayment
from farthing.parties import service as parties
from farthing.parties.model import Party, Verification
from farthing.payments import service as payments
from farthing.payments.model import History, Wallet
from farthing.products import service as products
from farthing.savings.closing import service as closing
from farthing.savings.closing.model import Coming
from farthing.signing.model import Contract

router = APIRouter(prefix="/v1")

Id = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[a-z]+_[0-9a-z]+$")]
AccountPath = Annotated[str, Path(min_length=1, max_length=200)]
Cursor = Annotated[str | None, Query(max_length=500, description="Opaque; from the page before.")]
Size = Annotated[int, Query(ge=1, le=100)]

for path in HOT:  # first: a route is found by trying one after the other
    hot(router, path)
post(router, "/parties", parties.register)
post(router, "/organisations", parties.register_organisation)
post(router, "/verifications", parties.verify_identity)
post(router, "/consents", credit.give_consent)
post(router, "/consents/revocations", credit.revoke_consent)
post(router, "/bills", credit.import_bill)
post(router, "/decisions", credit.request_decision)
post(router, "/decisions/replays", credit.replay_decision, status=200)
post(router, "/disputes", credit.dispute_datum)
post(router, "/applications", lending.apply)
post(router, "/loans", lending.accept_offer)
post(router, "/contracts", funding.draw_contract)
post(router, "/signatures", contracts.sign_contract)
post(router, "/disbursements", funding.complete, money=True)
post(router, "/repayments", lending.repay, money=True)
post(router, "/settlements", lending.settle, money=True)
post(router, "/wallets", payments.open_wallet)
post(router, "/top-ups", payments.top_up, money=True)
post(router, "/pay-outs", payments.pay_out, money=True)
post(router, "/entries", ledger.post_by_hand, money=True)
post(router, "/reversals", ledger.reverse_entry, money=True)
post(router, "/partners", funding.register_partner)
post(router, "/approvals", approvals.decide, money=True)
post(router, "/checkpoints", assurance.publish_log)
post(router, "/evidence-packages", assurance.package_loan)


@router.post(
    "/fundings", status_code=201, responses={**RESPONSES, 201: {"model": Funded}}, response_model=None, tags=["funding"]
)
def arrange_funding(request: Request, body: AskFunders, who: Who, key: Key = None) -> JSONResponse:
    """Fund an accepted loan: partners are asked within their deadline; the own book takes the rest."""
    check_key(key, needed=False)
    kernel = kernel_of(request)
    needs(who, "lending:accept")
    kernel.read(lambda tx: lending.loan(tx, body.loan_id), actor=who)
    return answer(funding.arrange(kernel, body.loan_id, actor=SYSTEM), 201)


@router.post(
    "/days",
    status_code=201,
    responses={**RESPONSES, 201: {"model": DayClosed}, 200: {"model": Coming, "description": "A dry run."}},
    response_model=None,
    tags=["kernel"],
)
def close_business_day(
    request: Request,
    who: Who,
    dry_run: Annotated[bool, Query(description="Count the deposits that something would happen to.")] = False,
) -> JSONResponse:
    """Close the business date; a dry run says what would fall due on deposits, and changes nothing."""
    needs(who, "kernel:close_day")
    if dry_run:
        return read(request, who, closing.coming)
    return answer(close_day(kernel_of(request), actor=who), 201)


@router.get("/parties/{party_id}", responses=got(Party), response_model=None, tags=["parties"])
def get_party(request: Request, party_id: Id, who: Who) -> JSONResponse:
    """A party, to itself or to staff."""
    return read(request, who, lambda tx: parties.own_party(tx, party_id))


@router.get(
    "/parties/{party_id}/verifications", responses=got(list[Verification]), response_model=None, tags=["parties"]
)
def get_verifications(request: Request, party_id: Id, who: Who) -> JSONResponse:
    """What identity providers answered."""
    return read(request, who, lambda tx: parties.verifications(tx, parties.own_party(tx, party_id).id))


@router.get("/parties/{party_id}/consents", responses=got(list[Consent]), response_model=None, tags=["credit"])
def get_consents(request: Request, party_id: Id, who: Who) -> JSONResponse:
    """A party's consents."""
    needs(who, "identity:self")
    return read(request, who, lambda tx: credit.consents(tx, party_id))


@router.get("/bills/{import_id}/report", responses=got(BillReport), response_model=None, tags=["credit"])
def get_bill_report(request: Request, import_id: Id, who: Who) -> JSONResponse:
    """What became of every row of an imported bill: taken, set aside, doubtful, and why."""
    needs(who, "identity:self")
    return read(request, who, lambda tx: credit.bill_report(tx, import_id))


@router.get("/parties/{party_id}/disputes", responses=got(list[Dispute]), response_model=None, tags=["credit"])
def get_disputes(request: Request, party_id: Id, who: Who) -> JSONResponse:
    """A party's disputes."""
    needs(who, "identity:self")
    return read(request, who, lambda tx: credit.disputes(tx, party_id))


@router.get("/parties/{party_id}/loans", responses=got(list[Loan]), response_model=None, tags=["lending"])
def get_loans(request: Request, party_id: Id, who: Who) -> JSONResponse:
    """A party's loans, newest first."""
    needs(who, "identity:self")
    return read(request, who, lambda tx: lending.loans(tx, party_id))


@router.get("/parties/{party_id}/wallets", responses=got(list[Wallet]), response_model=None, tags=["payments"])
def get_wallets(request: Request, party_id: Id, who: Who) -> JSONResponse:
    """A party's wallets."""
    needs(who, "identity:self")
    return read(request, who, lambda tx: payments.wallets(tx, party_id))


@router.get("/parties/{party_id}/history", responses=got(History), response_model=None, tags=["payments"])
def get_history(request: Request, party_id: Id, who: Who, cursor: Cursor = None, limit: Size = 20) -> JSONResponse:
    """A page of a wallet's history, newest first."""
    needs(who, "identity:self")
    return read(request, who, lambda tx: payments.history(tx, party_id, cursor=cursor, limit=limit))


@router.get("/decisions/{decision_id}", responses=got(Decision), response_model=None, tags=["credit"])
def get_decision(request: Request, decision_id: Id, who: Who) -> JSONResponse:
    """A decision with its reasons."""
    needs(who, "identity:self")
    return read(request, who, lambda tx: credit.decision(tx, decision_id))


@router.get("/offers/{offer_id}", responses=got(Offer), response_model=None, tags=["lending"])
def get_offer(request: Request, offer_id: Id, who: Who) -> JSONResponse:
    """An offer with schedule, total cost and APR."""
    needs(who, "identity:self")
    return read(request, who, lambda tx: lending.offer(tx, offer_id))


@router.get("/loans/{loan_id}", responses=got(Loan), response_model=None, tags=["lending"])
def get_loan(request: Request, loan_id: Id, who: Who) -> JSONResponse:
    """A loan and its instalments as they stand."""
    needs(who, "identity:self")
    return read(request, who, lambda tx: lending.loan(tx, loan_id))


@router.get("/loans/{loan_id}/repayments", responses=got(list[Repayment]), response_model=None, tags=["lending"])
def get_repayments(request: Request, loan_id: Id, who: Who) -> JSONResponse:
    """A loan's repayments and their allocation."""
    needs(who, "identity:self")
    return read(request, who, lambda tx: lending.repayments(tx, loan_id))


@router.get("/loans/{loan_id}/contract", responses=got(Contract), response_model=None, tags=["lending"])
def get_contract(request: Request, loan_id: Id, who: Who) -> JSONResponse:
    """How far a loan's contract is, and the digest the next signer must have seen."""
    needs(who, "identity:self")
    return read(request, who, lambda tx: contracts.view(tx, loan_id))


@router.get(
    "/loans/{loan_id}/contract.pdf",
    responses={**RESPONSES, 200: {"content": {"application/pdf": {}}}},
    response_model=None,
    response_class=Response,
    tags=["lending"],
)
def get_contract_pdf(request: Request, loan_id: Id, who: Who) -> Response:
    """The contract as it stands."""
    needs(who, "identity:self")
    pdf = kernel_of(request).read(lambda tx: contracts.document(tx, loan_id), actor=who)
    return Response(pdf, media_type="application/pdf")


@router.get("/accounts", responses=got(list[Balance]), response_model=None, tags=["ledger"])
def get_accounts(
    request: Request,
    who: Who,
    prefix: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str, Query(max_length=200)] = "",
    limit: Size = 50,
) -> JSONResponse:
    """Accounts under a prefix, in the order of their paths."""
    needs(who, "ledger:read")
    return read(request, who, lambda tx: ledger.balances(tx, prefix, after=after, limit=limit))


@router.get("/accounts/{path}/statement", responses=got(Statement), response_model=None, tags=["ledger"])
def get_statement(
    request: Request, path: AccountPath, who: Who, cursor: Cursor = None, limit: Size = 50
) -> JSONResponse:
    """A page of an account's postings with running balances, newest first."""
    needs(who, "ledger:read")
    return read(request, who, lambda tx: ledger.statement(tx, path, cursor, limit))


@router.get("/entries", responses=got(EntryPage), response_model=None, tags=["ledger"])
def get_entries(request: Request, who: Who, cursor: Cursor = None, limit: Size = 50) -> JSONResponse:
    """A page of journal entries, newest first."""
    needs(who, "ledger:read")
    return read(request, who, lambda tx: ledger.entries(tx, cursor, limit))


@router.get("/entries/{reference}", responses=got(Posted), response_model=None, tags=["ledger"])
def get_entry(request: Request, reference: AccountPath, who: Who) -> JSONResponse:
    """One journal entry by its reference."""
    needs(who, "ledger:read")
    return read(request, who, lambda tx: ledger.entry(tx, reference))


@router.get("/trial-balance", responses=got(TrialBalance), response_model=None, tags=["ledger"])
def get_trial_balance(request: Request, who: Who) -> JSONResponse:
    """Every account with a balance; in each currency they sum to zero."""
    needs(who, "ledger:read")
    return read(request, who, ledger.trial_balance)


@router.get("/approvals", responses=got(list[Draft]), response_model=None, tags=["kernel"])
def get_approvals(request: Request, who: Who) -> JSONResponse:
    """Drafts that wait for a second person."""
    needs(who, "approvals:decide")
    return read(request, who, approvals.waiting)


@router.get("/partners", responses=got(list[Partner]), response_model=None, tags=["funding"])
def get_partners(request: Request, who: Who) -> JSONResponse:
    """Partner lenders."""
    needs(who, "funding:configure")
    return read(request, who, funding.partners)


@router.get("/products", responses=got(list[dict[str, Any]]), response_model=None, tags=["products"])
def get_products(request: Request, who: Who) -> JSONResponse:
    """Loan products that may be offered now."""
    return read(request, who, products.loans_in_force)
