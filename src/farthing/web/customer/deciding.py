"""The page of a decision: why, on what, what would change it; a person who looks at it; what is not true of somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit import service as credit
from farthing.credit.insight import service as insight
from farthing.credit.model import Decision, DisputeDatum, Inputs, Reason
from farthing.credit.review import service as review
from farthing.credit.review.model import AskReview
from farthing.credit.ways import service as credit_ways
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal, malformed
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.web.customer.home import open_offers
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, current, kernel_of, pages, run, to, view

router = pages()

DISPUTE_EMPTY = malformed(
    "web.dispute_empty", "Choose what is not right, and say why.", "请选择有异议的记录，并说明理由。"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A reason as the page says it; ``place``: where the figure that it rests on stands, 0 where it is no figure."""

    words: Words
    favourable: bool
    datum: Words
    improve: Words | None
    place: int


def told(reasons: Sequence[Reason], places: Mapping[str, int]) -> list[Told]:
    """The reasons with their data, each with the place of the figure that it speaks of."""
    return [
        Told(
            Words(each.en, each.zh), each.favourable, Words(each.datum, each.datum_zh or each.datum),
            Words(each.improve_en, each.improve_zh) if each.improve_en else None,
            places.get(each.code.removesuffix("_good").removesuffix("_poor"), 0),
        )
        for each in reasons
    ]  # fmt: skip


@router.get("/decisions/{decision_id}")
def decision(request: Request, decision_id: str) -> Response:
    """Why yes, or why no; with the offer that came of it, while it can be accepted."""
    return decision_form(request, None, decision_id)


def decision_form(request: Request, refusal: Refusal | None, decision_id: str) -> Response:
    """The decision's page, with the form that was refused as it was filled in."""
    who, today = current(request), kernel_of(request).clock().business_date

    def build(ask: Ask) -> dict[str, Any]:
        found: Decision = ask(credit.decision, decision_id)
        inputs: Inputs = ask(credit.decision_inputs, decision_id)
        points = ask(insight.decision_points, decision_id)
        own = who.party_id == found.party_id
        loans = ask(lending.loans, who.party_id) if own else []
        offers = open_offers(ask, found.party_id, loans, today) if own else []
        ways = ask(credit_ways.ways, decision_id)
        cured = {each.reason for each in ways.ways}
        lenders = {each.lender for each in inputs.bureau.tradelines}
        return {
            "ways": ways, "price": ask(credit_ways.price, decision_id),
            "helps": [Words(each.improve_en, each.improve_zh)
                      for each in found.reasons if each.improve_en and each.code not in cured],
            "decision": found, "inputs": inputs, "points": points, "own": own,
            "reasons": told(found.reasons, {each.figure: place for place, each in enumerate(points, 1)}),
            "offer": next((each for each in offers if each.decision_id == found.id), None),
            "loan": next((each for each in loans if each.decision_id == found.id), None),
            "reviews": ask(review.reviews, decision_id),
            "disputes": [each for each in ask(credit.disputes, found.party_id) if each.datum in lenders] if own else [],
        }  # fmt: skip

    found = view(request, who, build)
    most = max((abs(each.points) for each in found["points"]), default=0)
    return again(request, "customer/borrow/decision.html", who, refusal, most=most, **found)


@router.post("/decisions/{decision_id}/reviews")
@comes_back(decision_form)
def ask_review(request: Request, decision_id: str, fields: Fields) -> Response:
    """Ask that a person looks at a decision."""
    command = AskReview(decision_id, str(fields.get("words")))
    run(request, review.ask_review, command, actor=current(request), key=str(fields.get("key")))
    return to(f"/decisions/{decision_id}")


@router.post("/decisions/{decision_id}/disputes")
@comes_back(decision_form)
def dispute(request: Request, decision_id: str, fields: Fields) -> Response:
    """Say that a record is not right; the same record again changes nothing."""
    who = current(request)
    datum, statement = str(fields.get("datum")).strip(), str(fields.get("statement")).strip()
    if not datum or not statement:
        raise DISPUTE_EMPTY()
    run(request, credit.dispute_datum, DisputeDatum(str(who.party_id), datum, statement), actor=who)
    return to(f"/decisions/{decision_id}")
