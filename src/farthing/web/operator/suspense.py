"""Money that came in and is nobody's yet, one by one: what is known of it, and the forms that say whose it is or send it back."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.answers import Pending
from farthing.kit.errors import Refusal
from farthing.payments.life import suspense_service as suspense
from farthing.payments.life.model import ApplySuspense, SendBackSuspense, Suspended
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, once_more, page, pages, to

router = pages("/ops/suspense")
MOST = 1_000


def one(request: Request, refusal: Refusal | None = None, suspense_id: str = "", drafted: bool = False) -> Response:
    """The page of one; with what was refused of a form."""
    found = _found(request, suspense_id)
    return again(request, "operator/suspense.html", current(request), refusal, found=found, drafted=drafted)


@router.get("/{suspense_id}")
def shown(request: Request, suspense_id: str, drafted: bool = False) -> Response:
    """Money in suspense, and what may become of it."""
    return one(request, None, suspense_id, drafted)


@router.post("/{suspense_id}")
@comes_back(one)
def decide(request: Request, suspense_id: str, fields: Fields) -> Response:
    """Show what would become of it; once that is confirmed as it was shown, draft it for a second person."""
    who, note, back = current(request), str(fields.get("note") or ""), fields.get("act") == "back"
    if back:
        command: Any = SendBackSuspense(suspense_id, note, str(fields.get("outside_account") or ""))
    else:
        command = ApplySuspense(suspense_id, str(fields.get("party_id") or ""), note)
    found = _found(request, suspense_id)

    def show(_: Any, carried: dict[str, Any]) -> HTMLResponse:
        about = {"found": found, "back": back, "command": command}
        return page(request, "operator/suspense_review.html", who, **about, **carried)

    def then(done: Any) -> Response:
        place = f"/ops/suspense/{suspense_id}"
        return to(place, drafted="1") if isinstance(done, Pending) else to(place)

    operation = suspense.send_back_suspense if back else suspense.apply_suspense
    return once_more(request, fields, operation, command, actor=who, show=show, then=then)


def _found(request: Request, suspense_id: str) -> Suspended:
    listed: list[Suspended] = ask(request, current(request), suspense.suspense, True, MOST)
    found = next((each for each in listed if each.id == suspense_id), None)
    if found is None:
        raise suspense.UNKNOWN_SUSPENSE(suspense_id=suspense_id)
    return found
