"""A lender's mandates: given and changed once they were shown, stopped at once; and why a batch gave so much and not more."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.funding.market import batches_service as batches
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market import valuing_service as valuing
from farthing.funding.market.mandates_model import Mandate, StopMandate, Terms
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.products.loan import USES
from farthing.web.customer.lend.common import confirming, decoded, shown
from farthing.web.forms import Form, amount_of, comes_back, none_wrong, percent, whole
from farthing.web.ground import Fields, ask, current, kernel_of, once_more, pages, run, to

router = pages("/lend/mandates")

AMOUNTS = ("amount", "per_loan", "per_borrower")
"""Fields that are amounts of money."""


@router.get("/new")
def new(request: Request) -> Response:
    """The form of a mandate."""
    return new_form(request, None)


def new_form(request: Request, refusal: Refusal | None) -> Response:
    """The form as it was filled in, where it was refused."""

    def build(ask: Ask, party: str) -> dict[str, Any]:
        return {"curve": ask(valuing.published_curve), "room": ask(mandates.room, party)}

    return shown(request, "mandate", refusal, build, mandate=None, uses=USES, batches=[])


@router.post("/new")
@comes_back(new_form)
def make(request: Request, fields: Fields) -> Response:
    """Show a mandate as it would be, and give it once it is confirmed."""
    terms, party = _terms(request, fields, None), str(current(request).party_id)
    command = decoded(mandates.make_mandate, party_id=party, terms=terms)
    return _once_more(request, fields, mandates.make_mandate, command, "/lend/mandates/new")


@router.get("/{mandate_id}")
def mandate(request: Request, mandate_id: str) -> Response:
    """A mandate as it stands, the form that changes it, and the batches it took part in."""
    return mandate_form(request, None, mandate_id)


def mandate_form(request: Request, refusal: Refusal | None, mandate_id: str) -> Response:
    """The mandate; with the form as it was filled in, where it was refused."""

    def build(ask: Ask, party: str) -> dict[str, Any]:
        return {
            "mandate": ask(mandates.mandate, mandate_id)[0], "curve": ask(valuing.published_curve),
            "batches": ask(batches.receipts, mandate_id),
        }  # fmt: skip

    return shown(request, "mandate", refusal, build, room=None, uses=USES)


@router.post("/{mandate_id}")
@comes_back(mandate_form)
def change(request: Request, mandate_id: str, fields: Fields) -> Response:
    """Stop a mandate at once, or show it with other terms and put these in force once they are confirmed."""
    who, here = current(request), f"/lend/mandates/{mandate_id}"
    if fields.get("stop"):
        run(request, mandates.stop_mandate, StopMandate(mandate_id), actor=who, key=str(fields.get("key")))
        return to(here)
    stands: Mandate = ask(request, who, mandates.mandate, mandate_id)[0]
    command = decoded(mandates.change_mandate, mandate_id=mandate_id, terms=_terms(request, fields, stands.terms))
    return _once_more(request, fields, mandates.change_mandate, command, here)


@router.get("/{mandate_id}/batches/{batch_id}")
def receipt(request: Request, mandate_id: str, batch_id: str) -> Response:
    """What a batch gave a mandate, and why it was not more."""

    def build(ask: Ask, party: str) -> dict[str, Any]:
        return {"receipt": ask(batches.receipt, batch_id, mandate_id), "batch": ask(batches.batch, batch_id)}

    return shown(request, "receipt", None, build, mandate_id=mandate_id)


def _once_more(request: Request, fields: Form, function: Any, command: Any, here: str) -> Response:
    def show(tried: Mandate, form: dict[str, Any]) -> Any:
        return confirming(request, what="mandate", tried=tried, action=here, back=here, **form)

    return once_more(
        request, fields, function, command, actor=current(request), show=show,
        then=lambda done: to(f"/lend/mandates/{done.id}"),
    )  # fmt: skip


def _terms(request: Request, fields: Form, stands: Terms | None) -> dict[str, Any]:
    """Terms from a form, as the decoder reads them. What no form says, regions and late loans, stays as it
    stands."""
    form, home = percent(fields), kernel_of(request).home
    found: dict[str, Any] = {}
    wrong: list[tuple[str, Refusal]] = []
    for name in (*AMOUNTS, "months_min", "months_max"):
        typed = str(form.get(name)).strip()
        try:
            if name in AMOUNTS:
                found[name] = amount_of(typed, home)
            elif typed:
                found[name] = whole(typed)
        except Refusal as refusal:
            wrong.append((name, refusal))
    none_wrong(wrong)
    return found | {
        "grades": _ticked(form, "grade"), "purposes": _ticked(form, "use"), "regions": stands.regions if stands else (),
        "annual": str(form.get("annual")).strip() or "0", "reinvest": bool(form.get("reinvest")),
        "consents": bool(form.get("consents")), "late_days": stands.late_days if stands else 0,
    }  # fmt: skip


def _ticked(form: Form, kind: str) -> list[str]:
    """What was ticked of a kind: boxes of one form have names of their own."""
    return sorted(name.partition(".")[2] for name, value in form.items() if name.startswith(f"{kind}.") and value)
