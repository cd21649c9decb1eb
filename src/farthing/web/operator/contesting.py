"""The operator's page of contested contracts: who says what, since when; and what two of the staff decide."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from farthing.assurance import contests_service as contesting
from farthing.kit.errors import Refusal
from farthing.signing.contests import service as contests
from farthing.signing.contests.model import DecideContest
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, pages, run, to

router = pages("/ops/contests")


@router.get("")
def listed(request: Request, after: str = "", drafted: bool = False) -> Response:
    """Contests, the open ones and the oldest first."""
    return shown(request, None, after, drafted)


def shown(request: Request, refusal: Refusal | None, after: str = "", drafted: bool = False) -> Response:
    """The page, with what was refused."""
    who = current(request)
    found = ask(request, who, contests.contests, after, 20)
    return again(request, "operator/contests.html", who, refusal, found=found, after=after, drafted=drafted)


@router.post("")
@comes_back(shown)
def decide(request: Request, fields: Fields) -> Response:
    """Ask a second member of staff to decide alike."""
    upheld, found = str(fields.get("outcome")) == "upheld", str(fields.get("found") or "")
    command = DecideContest(str(fields.get("contest_id")), upheld, found)
    run(request, contesting.decide, command, actor=current(request), key=str(fields.get("key")))
    return to("/ops/contests", drafted="1")
