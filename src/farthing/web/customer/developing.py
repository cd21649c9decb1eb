"""The page for those who write programs that read accounts: where everything is, the ceilings, how a person is asked; and in a
simulated bank the registration of one's own institution."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request
from fastapi.responses import Response

from farthing.identity.rules import DOOR
from farthing.kit.errors import Refusal
from farthing.parties.vouching.model import READS
from farthing.sharing import rules, sandbox_service
from farthing.sharing.model import Asks, Choice, Details
from farthing.sharing.templates import templates
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, current, kernel_of, page, pages, run
from farthing.web.registering import wanted

router = pages()


@router.get("/developers")
def portal(request: Request) -> Response:
    """How a program reads accounts here."""
    return shown(request, None)


def shown(request: Request, refusal: Refusal | None) -> Response:
    """The page, with a refusal where a registration was refused."""
    origin = request.app.state.site.origin
    return again(
        request, "customer/developers.html", current(request), refusal, says=rules.metadata(origin), reads=READS,
        addresses=tuple(f"{origin}/v1/open/{kind}" for kind in READS),
        discovery=f"{origin}/.well-known/oauth-authorization-server/open", purposes=tuple(templates().values()),
    )  # fmt: skip


@router.get("/developers/preview")
def preview(request: Request) -> Response:
    """How a person is asked, for an institution that there is not: nothing on it can be pressed."""
    today = kernel_of(request).clock().business_date
    details = Details(
        "budgeting", ("accounts", "balances", "transactions"), today - timedelta(days=90), today + timedelta(days=90)
    )
    asking = Asks("", "", "Example Institution", "示例机构", "institution.example", "", "", details)
    choices = (Choice("", "wallet", "Wallet in CNY", "人民币钱包"), Choice("", "deposit", "Savings", "储蓄"))
    return page(
        request, "customer/developers_preview.html", current(request), asking=asking, choices=choices,
        purpose=templates()["budgeting"],
    )  # fmt: skip


@router.post("/developers")
@comes_back(shown)
def register(request: Request, fields: Fields) -> Response:
    """Register one's own institution in a simulated bank."""
    asked = wanted(fields)
    command = sandbox_service.RegisterInSandbox(
        asked.name, asked.name_zh, asked.redirect_uris, asked.keys, asked.reads or READS, asked.notices_to
    )
    made = run(request, sandbox_service.register_in_sandbox, command, actor=DOOR, key=str(fields.get("key")))
    return page(request, "customer/developers_made.html", current(request), made=made)
