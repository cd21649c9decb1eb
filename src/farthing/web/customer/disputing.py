"""The pages of disputes, for both sides: opened from a receipt, answered, contested, withdrawn; everything that was said."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.payments.activity import service as activity
from farthing.payments.disputes import opening_service as opening
from farthing.payments.disputes import reading_service as reading
from farthing.payments.disputes import service as disputes
from farthing.payments.disputes.model import AnswerPayer, WithdrawDispute
from farthing.web.forms import comes_back, command_of, meant
from farthing.web.ground import Fields, again, ask, current, page, pages, run, sign_in_first, to, view

router = pages()


@router.get("/disputes")
def disputes_page(request: Request) -> Response:
    """What one disputed, and what is disputed of what one was paid."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    party = who.party_id

    def build(ask: Ask) -> dict[str, Any]:
        return {"own": ask(reading.own, party), "against": ask(reading.against, party)}

    return page(request, "customer/disputes.html", who, **view(request, who, build))


def dispute_form(
    request: Request, refusal: Refusal | None = None, reference: str = "", mandate_id: str = ""
) -> Response:
    """The form about one payment, with why it was refused where it was."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, activity.receipt, who.party_id, meant(request, refusal, "reference", reference))
    mandate = meant(request, refusal, "mandate_id", mandate_id)
    return again(request, "customer/dispute_new.html", who, refusal, found=found, mandate=mandate)


@router.get("/disputes/new")
def dispute_new(request: Request, reference: str = "", mandate: str = "") -> Response:
    """Dispute a payment of one's own to a merchant, or a debit under a mandate."""
    return dispute_form(request, None, reference, mandate)


@router.post("/disputes")
@comes_back(dispute_form)
def dispute(request: Request, fields: Fields) -> Response:
    """Dispute it: whoever was paid is told."""
    who = current(request)
    command = command_of(opening.open_dispute, fields, payer=str(who.party_id))
    done = run(request, opening.open_dispute, command, actor=who, key=str(fields.get("key")))
    return to(f"/disputes/{done.id}")


def one(request: Request, refusal: Refusal | None = None, dispute_id: str = "") -> Response:
    """A dispute as one of its sides sees it, with what was refused of a form."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    found = ask(request, who, reading.one, who.party_id, dispute_id)
    return again(request, "customer/dispute.html", who, refusal, dispute=found)


@router.get("/disputes/{dispute_id}")
def dispute_one(request: Request, dispute_id: str) -> Response:
    """A dispute, and what one may do now."""
    return one(request, None, dispute_id)


@router.post("/disputes/{dispute_id}")
@comes_back(one)
def act(request: Request, dispute_id: str, fields: Fields) -> Response:
    """Answer, give the money back, ask once more, or dispute it no more."""
    who, what, key = current(request), fields.get("act"), str(fields.get("key"))
    party = str(who.party_id)
    if what == "withdraw":
        run(request, disputes.withdraw, WithdrawDispute(party, dispute_id), actor=who, key=key)
    elif what == "accept":
        run(request, disputes.answer, AnswerPayer(party, dispute_id, accept=True), actor=who, key=key)
    else:
        said = disputes.contest if what == "contest" else disputes.answer
        run(request, said, command_of(said, fields, party_id=party, dispute_id=dispute_id), actor=who, key=key)
    return to(f"/disputes/{dispute_id}")
