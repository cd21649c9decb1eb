"""The operator's page of projects: which wait to be opened, and which milestones wait to be paid; both by two."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.crowdfunding import service
from farthing.crowdfunding.model import ProjectId, RefuseProject, Release
from farthing.kit.errors import Refusal
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, pages, run, to

router = pages("/ops/projects")


@router.get("")
def listed(request: Request, drafted: bool = False) -> Response:
    """Projects that wait for the staff."""
    return shown(request, None, drafted)


def shown(request: Request, refusal: Refusal | None, drafted: bool = False) -> Response:
    """The page, with what was refused."""
    who = current(request)
    return again(
        request, "operator/projects.html", who, refusal, found=ask(request, who, service.waiting), drafted=drafted
    )


@router.post("")
@comes_back(shown)
def decide(request: Request, fields: Fields) -> Response:
    """Have a project opened or a milestone paid by a second member of staff, or do not open one."""
    who, act, key = current(request), str(fields.get("act")), str(fields.get("key"))
    ident = str(fields.get("project_id")) or "-"
    if act == "open":
        run(request, service.open_project, ProjectId(ident), actor=who, key=key)
    elif act == "release":
        number = command_of(service.release, fields).number
        run(request, service.release, Release(ident, number), actor=who, key=key)
    elif act == "refuse":
        run(request, service.refuse, RefuseProject(ident, str(fields.get("reason")) or "-"), actor=who, key=key)
        return to("/ops/projects")
    else:
        raise UNKNOWN_STEP(step=repr(act[:40]))
    return to("/ops/projects", drafted="1")
