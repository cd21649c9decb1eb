"""The pages of projects that many pay for together: what there is, one with its money's whole way, and what one does with it."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.crowdfunding import plans, service
from farthing.crowdfunding.model import GIVING, GiftId
from farthing.kit.errors import Refusal
from farthing.kit.money import positive
from farthing.payments import service as payments
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import comes_back, command_of, meant
from farthing.web.ground import Fields, again, ask, current, kernel_of, once_more, page, pages, run, sign_in_first, to

router = pages()
AT_ONCE = 20


@router.get("/projects")
def projects(request: Request, before: str = "") -> Response:
    """What is open or was, what one gave, and what one proposed."""
    return projects_page(request, None, before)


def projects_page(request: Request, refusal: Refusal | None, before: str = "") -> Response:
    """The same, with a refusal where something was refused."""
    who = current(request)
    found, party = ask(request, who, service.projects, before, AT_ONCE), who.party_id
    return again(
        request, "customer/projects.html", who, refusal, found=found, mine=party,
        gifts=ask(request, who, service.own_gifts, party) if party else [],
        own=ask(request, who, service.own_projects, party) if party else [], giving=GIVING,
        more=found[-1].id if len(found) == AT_ONCE else "",
    )  # fmt: skip


@router.post("/projects")
@comes_back(projects_page)
def propose(request: Request, fields: Fields) -> Response:
    """Propose a project; its milestones are typed a line each, name and amount."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    command = command_of(
        service.propose, fields, owner=who.party_id, plan=plans.lines(str(fields.get("plan")), kernel_of(request).home),
    )  # fmt: skip
    run(request, service.propose, command, actor=who, key=str(fields.get("key")))
    return to("/projects")


@router.get("/projects/{project_id}")
def project(request: Request, project_id: str) -> Response:
    """A project, and the whole way of its money."""
    return project_page(request, None, project_id)


def project_page(request: Request, refusal: Refusal | None, project_id: str = "") -> Response:
    """The same, with a refusal where something was refused."""
    who = current(request)
    project_id = meant(request, refusal, "project_id", project_id)
    told = ask(request, who, service.project, project_id)
    gifts = ask(request, who, service.own_gifts, who.party_id) if who.party_id else []
    return again(
        request, "customer/project.html", who, refusal, told=told, one=told.project, mine=who.party_id, giving=GIVING,
        gifts=[each for each in gifts if each.project_id == project_id],
    )  # fmt: skip


@router.post("/projects/gifts")
@comes_back(project_page)
def give(request: Request, fields: Fields) -> Response:
    """Show what is given and ask once more; then hold it."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    command = command_of(service.give, fields, party_id=who.party_id)
    positive(command.amount)

    def show(looked: Any, form: dict[str, Any]) -> HTMLResponse:
        wallet = ask(request, who, payments.wallet, str(who.party_id))
        one = ask(request, who, service.project, command.project_id).project
        return page(request, "customer/project_confirm.html", who, gift=looked, wallet=wallet, one=one, **form)

    return once_more(
        request,
        fields,
        service.give,
        command,
        actor=who,
        show=show,
        then=lambda done: to(f"/projects/{done.project_id}"),
    )


@router.post("/projects/acts")
@comes_back(project_page)
def act(request: Request, fields: Fields) -> Response:
    """Take a gift back, vote on a milestone, tell backers, or ask for a milestone's money."""
    who, named, key = current(request), str(fields.get("act")), str(fields.get("key"))
    if not who.party_id:
        return sign_in_first(request)
    if named == "back":
        run(request, service.take_back, GiftId(str(fields.get("gift_id")) or "-"), actor=who, key=key)
    elif named == "vote":
        command = command_of(service.vote, fields, party_id=who.party_id, agree=fields.get("agree") == "yes")
        run(request, service.vote, command, actor=who, key=key)
    elif named == "tell":
        run(request, service.tell, command_of(service.tell, fields), actor=who, key=key)
    elif named == "ask":
        run(request, service.ask_release, command_of(service.ask_release, fields), actor=who, key=key)
    else:
        raise UNKNOWN_STEP(step=repr(named[:40]))
    return to(f"/projects/{fields.get('project_id')}")
