"""The pages of contracts that one contests: what was said and how it ended; and saying it, from the loan or the agreement."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.assurance import contests_service as contesting
from farthing.assurance.contests_service import ContestAgreement, ContestLoan
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.signing.agreements import service as agreements
from farthing.signing.contests import service as contests
from farthing.signing.contests.model import CLAIMS, WithdrawContest
from farthing.web.forms import comes_back, command_of, meant
from farthing.web.ground import Fields, again, ask, current, pages, run, sign_in_first, to
from farthing.web.names import named

router = pages()


@router.get("/contests")
def listed(request: Request) -> Response:
    """What one contests or did, latest first."""
    return shown(request, None)


def shown(request: Request, refusal: Refusal | None, contest_id: str = "") -> Response:
    """The list, with what stopped the last step."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, contests.own_contests, who.party_id)
    return again(request, "customer/contests.html", who, refusal, found=found)


def contest_form(request: Request, refusal: Refusal | None = None, about: str = "") -> Response:
    """What may be said of a contract, with why it was refused where it was."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    about = meant(request, refusal, "about", about)
    if about.startswith("loan_"):
        ask(request, who, lending.loan, about)
    else:
        ask(request, who, agreements.own_agreement, who.party_id, about)
    claims = [(each, named(each, "contest_claim")) for each in CLAIMS]
    return again(request, "customer/contest_new.html", who, refusal, about=about, claims=claims)


@router.get("/contests/new")
def contest_new(request: Request, about: str = "") -> Response:
    """Say that one is not bound by a contract; ``about`` is the loan or the agreement."""
    return contest_form(request, None, about)


@router.post("/contests")
@comes_back(contest_form)
def contest(request: Request, fields: Fields) -> Response:
    """Say it: what is in dispute stands still, and the evidence is fixed as it is."""
    who, about, key = current(request), str(fields.get("about") or ""), str(fields.get("key"))
    if about.startswith("loan_"):
        command = command_of(contesting.contest_loan, fields, loan_id=about)
        assert isinstance(command, ContestLoan)
        run(request, contesting.contest_loan, command, actor=who, key=key)
    else:
        given = command_of(contesting.contest_agreement, fields, agreement_id=about, party_id=str(who.party_id))
        assert isinstance(given, ContestAgreement)
        run(request, contesting.contest_agreement, given, actor=who, key=key)
    return to("/contests")


@router.post("/contests/{contest_id}")
@comes_back(shown)
def withdraw(request: Request, contest_id: str, fields: Fields) -> Response:
    """Take it back."""
    who = current(request)
    command = WithdrawContest(str(who.party_id), contest_id)
    run(request, contesting.withdraw, command, actor=who, key=str(fields.get("key")))
    return to("/contests")
