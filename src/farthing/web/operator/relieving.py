"""The operator's page that draws up a plan of relief: what it would do to the loan is shown before a second person is asked."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.db.tx import Tx
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.ledger.export import render
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Trial
from farthing.lending.collections import relief_service
from farthing.lending.collections.model import Relieved
from farthing.web.asking_again import drafted_once_more
from farthing.web.forms import comes_back, command_of, percent
from farthing.web.ground import Fields, again, current, page, page_of_any, pages, to, tried, view
from farthing.web.operator import acting, told

router = pages("/ops/collections/{loan_id}/plans")


@router.get("/{hardship_id}")
def plan_page(request: Request, loan_id: str, hardship_id: str) -> Response:
    """What a plan may do."""
    return plan_form(request, None, loan_id, hardship_id)


def plan_form(request: Request, refusal: Refusal | None, loan_id: str, hardship_id: str) -> Response:
    """The form of a plan, as it was filled in where it was refused."""
    who = current(request)
    page_of_any(who, relief_service.carry_out_relief)

    def build(ask: Ask) -> dict[str, Any]:
        asked = [each for each in ask(relief_service.hardships, loan_id) if each.id == hardship_id]
        return {**told.of_loan(ask, ask(lending.loan, loan_id)), "asked": asked}

    values = view(request, who, build)
    how = acting.ways(request, values["loan"])
    return again(request, "operator/relief.html", who, refusal, hardship_id=hardship_id, how=how, **values)


@router.post("/{hardship_id}")
@comes_back(plan_form)
def draw_up(request: Request, loan_id: str, hardship_id: str, form: Fields) -> Response:
    """Show the loan before and after the plan, and what would be posted; once confirmed as shown, ask a second person."""
    who = current(request)
    command = command_of(relief_service.carry_out_relief, percent(form), hardship_id=hardship_id)

    def shown(tx: Tx, done: Relieved) -> Trial:
        return acts.last_trial(tx, done.loan_id, len(done.events))

    trial: Trial = tried(request, relief_service.carry_out_relief, command, actor=who, shown=shown)

    def show(carried: dict[str, Any]) -> HTMLResponse:
        return page(
            request, "operator/relief_review.html", who, loan_id=loan_id, hardship_id=hardship_id, asked=form.asked,
            entries=[render(each) for each in trial.entries], **acting.came_to(trial), **carried,
        )  # fmt: skip

    def then(pending: bool) -> Response:
        return to(f"/ops/collections/{loan_id}", **({"drafted": "true"} if pending else {}))

    return drafted_once_more(
        request, form, relief_service.carry_out_relief, command, actor=who, beside=trial.before, show=show, then=then
    )
