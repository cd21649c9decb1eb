"""The pages of standing behind a loan: what one was asked to guarantee and answers for, the group one belongs to, and what stands
behind an own loan, with asking a guarantor and pledging a deposit."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.ledger.refusals import INSUFFICIENT
from farthing.lending import service as lending
from farthing.lending.backing import service as backing
from farthing.lending.backing.model import AskGuarantor, DeclineGuarantee, GiveGuarantee, PledgeDeposit
from farthing.lending.groups import service as groups
from farthing.lending.groups.model import JoinLoanGroup, LeaveLoanGroup
from farthing.lending.standing import OPEN
from farthing.payments.payees import service as payees
from farthing.payments.payees.model import FindPayee
from farthing.savings.deposits import passbook_service as passbook
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form, comes_back, meant
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, part, run, sign_in_first, to, view

router = pages()

FREE_OF_DEPOSIT = Words(
    "Of this deposit {available} is free; pledge no more than that.",
    "该存款可质押 {available}；请不要超过该金额。",
)


@router.get("/guarantees")
def guarantees(request: Request) -> Response:
    """What one was asked to guarantee, what one answers for, and the group one belongs to."""
    return guarantees_form(request, None)


def guarantees_form(request: Request, refusal: Refusal | None) -> Response:
    """The page; a form as it was filled in, where it was refused."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "guaranteed": ask(backing.guaranteed, party), "groups": ask(groups.own_loan_group, party),
            "deposits": _free(ask, party),
        }  # fmt: skip

    return again(request, "customer/guarantees.html", who, _of_deposit(refusal), **view(request, who, build))


@router.post("/guarantees")
@comes_back(guarantees_form)
def answer(request: Request, fields: Fields) -> Response:
    """Say yes or no to a guarantee, join a group or leave it, pledge a deposit; what binds is shown first."""
    who, step, key = current(request), str(fields.get("step")), str(fields.get("key"))
    party, guarantee = str(who.party_id), str(fields.get("guarantee_id"))
    if step == "decline":
        run(request, backing.decline_guarantee, DeclineGuarantee(guarantee), actor=who, key=key)
    elif step == "leave":
        run(request, groups.leave_loan_group, LeaveLoanGroup(str(fields.get("group_id")), party), actor=who, key=key)
    elif step == "pledge":
        return _pledge(request, who, fields, "/guarantees")
    elif step in ("give", "join"):
        function: Any = backing.give_guarantee if step == "give" else groups.join_loan_group
        command: Any = (
            GiveGuarantee(guarantee, fields.as_money("most"))
            if step == "give"
            else JoinLoanGroup(str(fields.get("group_id")), party)
        )

        def show(tried: Any, form: dict[str, Any]) -> HTMLResponse:
            return page(request, "customer/guarantee_confirm.html", who, step=step, tried=tried, **form)

        return once_more(request, fields, function, command, actor=who, show=show, then=lambda done: to("/guarantees"))
    else:
        raise UNKNOWN_STEP(step=repr(step[:40]))
    return to("/guarantees")


@router.get("/loans/{loan_id}/backing")
def behind(request: Request, loan_id: str, payee: str = "", asked: bool = False) -> Response:
    """What stands behind an own loan; asking a guarantor, pledging a deposit."""
    return behind_form(request, None, loan_id, payee, asked)


def behind_form(
    request: Request, refusal: Refusal | None, loan_id: str, payee: str = "", asked: bool = False
) -> Response:
    """The page; a form as it was filled in, where it was refused. ``payee``: who was looked up by phone."""
    who = current(request)
    payee = meant(request, refusal, "guarantor", payee)

    def build(ask: Ask) -> dict[str, Any]:
        loan = ask(lending.loan, loan_id)
        own = who.party_id == loan.party_id
        return {
            "loan": loan, "backing": ask(backing.backing, loan_id), "may": own and loan.state in OPEN,
            "deposits": _free(ask, loan.party_id) if own else [],
            "found": part(ask, payees.payee, loan.party_id, payee) if own and payee else None,
        }  # fmt: skip

    return again(
        request, "customer/borrow/backing.html", who, _of_deposit(refusal), sent=asked, **view(request, who, build)
    )


@router.post("/loans/{loan_id}/backing")
@comes_back(behind_form)
def add(request: Request, loan_id: str, fields: Fields) -> Response:
    """Look up a guarantor by phone, ask whoever it is, or pledge a deposit."""
    who, step, here = current(request), str(fields.get("step")), f"/loans/{loan_id}/backing"
    if step == "find":
        command = FindPayee(str(who.party_id), str(fields.get("phone")))
        found = run(request, payees.find_payee, command, actor=who, accepted=payees.require_found)
        return to(here, payee=found.id)
    if step == "ask":
        asked = AskGuarantor(loan_id, str(fields.get("guarantor")), fields.as_money("most"))
        run(request, backing.ask_guarantor, asked, actor=who, key=str(fields.get("key")))
        return to(here, asked="true")
    if step == "pledge":
        return _pledge(request, who, fields.but(loan_id=loan_id), here)
    raise UNKNOWN_STEP(step=repr(step[:40]))


def _free(ask: Ask, party_id: str) -> list[Any]:
    """The deposits of a customer that are not closed."""
    return [each for each in ask(passbook.deposits, party_id) if each.closed_on is None and each.balance]


def _pledge(request: Request, who: Actor, fields: Form, here: str) -> Response:
    """Show which deposit stays, how much of it and until when; pledge it when that is confirmed."""
    command = PledgeDeposit(str(fields.get("loan_id")), str(fields.get("deposit_id")), fields.as_money("amount"))

    def show(tried: Any, form: dict[str, Any]) -> HTMLResponse:
        deposit = ask(request, who, passbook.deposit, command.deposit_id)
        return page(
            request, "customer/guarantee_confirm.html", who, step="pledge", tried=tried, deposit=deposit, action=here,
            **form,
        )  # fmt: skip

    return once_more(request, fields, backing.pledge_deposit, command, actor=who, show=show, then=lambda done: to(here))


def _of_deposit(refusal: Refusal | None) -> Refusal | None:
    """Money that is lacking lacks on a deposit here, and in no wallet."""
    if refusal is not None and refusal.code == INSUFFICIENT.name:
        refusal.detail = FREE_OF_DEPOSIT.en.format(**refusal.facts)
        refusal.detail_zh = FREE_OF_DEPOSIT.zh.format(**refusal.facts)
    return refusal
