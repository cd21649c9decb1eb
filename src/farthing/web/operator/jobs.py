"""Jobs that were given up after every attempt: what failed, since when, and how somebody lets one be tried again."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel import jobs
from farthing.kit.errors import Refusal
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, pages, run, to

router = pages("/ops/jobs")


def shown(request: Request, refusal: Refusal | None = None, put_back: str = "") -> Response:
    """Every job that was given up, the latest first."""
    who = current(request)
    return again(
        request, "operator/jobs.html", who, refusal, failed=ask(request, who, jobs.failed), put_back=put_back
    )  # fmt: skip


@router.get("")
def given_up(request: Request, put_back: str = "") -> Response:
    """Jobs that were given up."""
    return shown(request, put_back=put_back)


@router.post("")
@comes_back(shown)
def retry(request: Request, fields: Fields) -> Response:
    """Let a job be tried again by the worker."""
    command = command_of(jobs.retry, fields)
    run(request, jobs.retry, command, actor=current(request), key=str(fields.get("key")))
    return to("/ops/jobs", put_back="1")
