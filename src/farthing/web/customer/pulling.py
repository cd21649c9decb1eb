"""The pages by which one brings one's history from another institution: choose, go there, come back, see what was fetched, stop.

What comes back comes with a link from elsewhere, with which no session travels; so the answer is a page of ours that leads on.
"""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from farthing.identity.rules import ANONYMOUS
from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal
from farthing.sharing.pulling import rules, service
from farthing.sharing.pulling.model import ComeBack, StopPull
from farthing.sharing.templates import templates
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import Fields, again, ask, current, kernel_of, page, pages, run, sign_in_first, to
from farthing.web.speech import language

router = pages()
coming_back = APIRouter(include_in_schema=False)
AT = "/me/pulls"
MONTHS = 6
"""How far back the form proposes."""


@router.get("/me/pulls")
def pulls(request: Request) -> Response:
    """What one lets the bank fetch elsewhere."""
    return pulls_page(request, None)


def pulls_page(request: Request, refusal: Refusal | None) -> Response:
    """The same, with a refusal where something was refused."""
    who, today = current(request), kernel_of(request).clock().business_date
    if not who.party_id:
        return sign_in_first(request)
    found, choices = ask(request, who, service.own_pulls), ask(request, who, service.choosable)
    until = today + timedelta(days=templates()[rules.TEMPLATE].lives_days)
    return again(
        request, "customer/pulls.html", who, refusal, pulls=found.pulls, fetched=found.pages,
        options=[(each.id, f"{each.name_zh if language() == 'zh' else each.name} · {each.host}") for each in choices],
        from_on=add_months(today, -MONTHS).isoformat(), until=until.isoformat(),
    )  # fmt: skip


@router.post("/me/pulls")
@comes_back(pulls_page)
def change(request: Request, fields: Fields) -> Response:
    """Go to an institution, or stop."""
    who, act, key = current(request), str(fields.get("act")), str(fields.get("key"))
    if act == "stop":
        run(request, service.stop_pull, StopPull(str(fields.get("pull_id")) or "-"), actor=who, key=key)
        return to(AT)
    if act != "ask":
        raise UNKNOWN_STEP(step=repr(act[:40]))
    done = run(request, service.ask_pull, command_of(service.ask_pull, fields), actor=who, key=key)
    return page(request, "customer/pulls_go.html", who, onward=done.address)


@coming_back.get("/pulls/back")
def came(request: Request) -> Response:
    """Come back from an institution; who that is, the next page knows."""
    onward = f"{AT}/back?{request.url.query}"
    shown = page(request, "customer/pulls_back.html", ANONYMOUS, onward=onward)
    shown.headers["Refresh"] = f"0; url={onward}"
    return shown


@coming_back.get("/me/pulls/back")
def back(request: Request) -> Response:
    """Take the answer. Parameters that nobody knows are passed over, as the standards want it."""
    who = current(request)
    if not who.party_id:
        return sign_in_first(request)
    said = {name: request.query_params.get(name, "")[:1_000] for name in ("state", "code", "iss", "error")}
    run(request, service.come_back, ComeBack(**said), actor=who)
    return to(AT)
