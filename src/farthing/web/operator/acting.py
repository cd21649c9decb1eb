"""The operator's pages of a loan's life: its whole story, why each figure is what it is, and each act with what it would come to
shown before anybody is asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.db.tx import Tx
from farthing.kernel.operation import operation_of
from farthing.kernel.run import Ask
from farthing.kernel.whose import STAFF
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal, not_found
from farthing.kit.money import Money
from farthing.ledger.export import render
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import RESCHEDULES, Happened, Trial
from farthing.lending.acts.rules import changed
from farthing.lending.acts.table_service import ACTS, Act
from farthing.lending.collections import relief_service
from farthing.lending.collections.relief import parts
from farthing.lending.collections.service import found
from farthing.lending.model import Loan
from farthing.lending.roll import service as roll
from farthing.web import writing
from farthing.web.asking_again import drafted_once_more
from farthing.web.forms import comes_back, command_of, percent
from farthing.web.ground import Fields, again, current, kernel_of, page, page_of, page_of_any, pages, to, tried, view
from farthing.web.names import named
from farthing.web.operator import told
from farthing.web.speech import gettext as _
from farthing.web.speech import language

router = pages("/ops/loans/{loan_id}")

NO_ACT = not_found("web.unknown_act", "There is no act {act} on a loan.", "没有名为 {act} 的贷款操作。")


def _offered(who: Actor, loan: Loan) -> dict[str, Act]:
    """What an officer can do to a loan, by the word of its address; a borrower's own acts are on the borrower's page."""
    return {
        name: each for name, each in ACTS.items()
        if each.operation.whose is STAFF and who.may(each.operation.permission)
        and (loan.given_up_on is not None or each.function is not acts.take_recovery)
    }  # fmt: skip


@router.get("/story")
def story(request: Request, loan_id: str, drafted: bool = False) -> Response:
    """Everything that happened to a loan, in the order of telling, what each obligation came to, and what can be done."""
    who = current(request)
    page_of(request, who, roll.roll)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            **told.of_loan(ask, ask(lending.loan, loan_id)),
            "events": [(each, moved(each)) for each in ask(acts.story, loan_id)],
            "plans": {event: each for each in ask(relief_service.hardships, loan_id) for event in each.event.split()},
        }  # fmt: skip

    values = view(request, who, build)
    return page(request, "operator/story.html", who, drafted=drafted, acts=_offered(who, values["loan"]), **values)


def moved(event: Happened) -> list[str]:
    """What an event did to each obligation, a line each: ``Instalment 2, interest: paid +12.00``."""
    found = []
    for each in event.moves:
        did = [
            f"{name} {writing.plain(Money(minor, event.amount.currency))}"
            for name, minor in (
                (_("owed"), each.amount), (_("paid"), each.paid), (_("forgiven"), each.waived),
                (_("written off"), each.written_off),
            )
            if minor
        ]  # fmt: skip
        if each.was_due_on is not None:
            did.append(_("fell due on %(day)s before") % {"day": writing.day(each.was_due_on, language())})
        if did:
            where = _("Instalment %(number)s") % {"number": each.number}
            between = "，" if language() == "zh" else ", "
            colon = "：" if language() == "zh" else ": "
            found.append(f"{where} · {named(each.component, 'component')}{colon}{between.join(did)}")
    return found


def came_to(trial: Trial) -> dict[str, Any]:
    """What an act comes to, as the page tells it."""
    return {"trial": trial, "rows": changed(trial.before, trial.after), "moved": moved(trial.event)}


def foreseen(tx: Tx, operation: str, command: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same of an act that was just run in this transaction, by its operation and command; none of any other operation."""
    if operation in {each.operation.name for each in ACTS.values()}:
        return came_to(acts.last_trial(tx, command["loan_id"]))
    if operation == operation_of(relief_service.carry_out_relief).name:
        loan_id = found(tx, command["hardship_id"]).loan_id
        return came_to(acts.last_trial(tx, loan_id, len(parts(operation_of(operation).decode(command), loan_id))))
    return None


@router.get("/acts/{act}")
def act_page(request: Request, loan_id: str, act: str) -> Response:
    """What an act asks for."""
    return act_form(request, None, loan_id, act)


def act_form(request: Request, refusal: Refusal | None, loan_id: str, act: str) -> Response:
    """The form of an act, as it was filled in where it was refused."""
    who, known = current(request), _act(act)
    page_of_any(who, known.function)

    def build(ask: Ask) -> dict[str, Any]:
        taken_back = "event_id" in known.asks
        return {
            **told.of_loan(ask, ask(lending.loan, loan_id)),
            "events": [each for each in ask(acts.story, loan_id) if not each.reversed] if taken_back else [],
        }  # fmt: skip

    values = view(request, who, build)
    words = {**known.words, "how": ways(request, values["loan"])} if "how" in known.words else known.words
    return again(
        request, "operator/act.html", who, refusal, act=act, asks=known.asks, words=words, title=known.title, **values
    )


def ways(request: Request, loan: Loan) -> tuple[str, ...]:
    """How a loan can be rescheduled: what is late is spread over the instalments to come where something is late alone."""
    on = kernel_of(request).clock().business_date
    late = any(each.due_on < on and each.left for each in loan.instalments)
    return tuple(each for each in RESCHEDULES if late or each != "re_amortise")


def _act(act: str) -> Act:
    if act not in ACTS or ACTS[act].operation.whose is not STAFF:
        raise NO_ACT(act=repr(act[:40]))
    return ACTS[act]


@router.post("/acts/{act}")
@comes_back(act_form)
def do_act(request: Request, loan_id: str, act: str, form: Fields) -> Response:
    """Show the loan before and after an act, and what would be posted; once confirmed as shown, do it or ask a second person."""
    who, known = current(request), _act(act)
    command = command_of(known.function, percent(form), loan_id=loan_id)
    trial: Trial = tried(request, known.function, command, actor=who, shown=acts.trial)
    asked = form.asked

    def show(carried: dict[str, Any]) -> HTMLResponse:
        return page(
            request, "operator/act_review.html", who, loan_id=loan_id, act=act, asked=asked, **came_to(trial),
            entries=[render(each) for each in trial.entries], title=known.title, **carried,
        )  # fmt: skip

    def then(pending: bool) -> Response:
        return to(f"/ops/loans/{loan_id}/story", **({"drafted": "true"} if pending else {}))

    return drafted_once_more(
        request, form, known.function, command, actor=who, beside=trial.before, show=show, then=then
    )
