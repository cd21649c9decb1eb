"""Partner lenders and the programmes by which they lend: what stands, a file that changes one, an end; two persons each."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.funding import service as funding
from farthing.funding.cover import service as covers
from farthing.funding.cover.model import PayCover, ReturnCover
from farthing.funding.joint import service as joint
from farthing.funding.programmes import files, rules, service
from farthing.funding.programmes.model import EndProgramme, InForce, SetProgramme
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.products.service import NO_POLICY
from farthing.web.asking_again import drafted_once_more
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import amount_of, comes_back
from farthing.web.ground import Fields, again, ask, current, kernel_of, page, page_of, pages, to, tried, unless, view
from farthing.web.operator.changes import lines
from farthing.web.operator.publishing import NOTHING_NEW
from farthing.web.operator.uploads import MOST_BYTES, Upload, at_the_file, taken

router = pages("/ops/partners")


@router.get("")
def listed(request: Request, drafted: bool = False) -> Response:
    """Partner lenders, and the programmes in the order in which they are served."""
    return shown(request, None, drafted)


def shown(request: Request, refusal: Refusal | None = None, drafted: bool = False) -> Response:
    """The page; with what was refused of a file that was brought."""
    who = current(request)
    page_of(request, who, funding.partners)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(service.programmes)
        return {
            "partners": ask(funding.partners),
            "uses": unless((NO_POLICY.name,), lambda: ask(joint.limits)) or (),
            "covers": ask(covers.covers),
            "claims": ask(covers.cover_claims, limit=20),
            "not_asked": ask(joint.not_asked, limit=10),
            "programmes": sorted(found, key=lambda each: (each.ended, each.programme.place, each.programme.code)),
        }

    return again(
        request,
        "operator/partners.html",
        who,
        refusal,
        drafted=drafted,
        most=MOST_BYTES // 1024,
        **view(request, who, build),
    )


@router.post("")
@comes_back(shown)
def change(request: Request, fields: Fields) -> Response:
    """Show what a file, or an end, would change; once that is confirmed as it was shown, draft it for a second person."""
    act = str(fields.get("act"))
    if act == "end":
        return _end(request, fields)
    if act == "set":
        return _put(request, fields)
    if act in ("pay", "return"):
        return _cover(request, fields, act)
    raise UNKNOWN_STEP(step=repr(act[:40]))


def _put(request: Request, fields: Fields) -> Response:
    who, upload = current(request), taken(fields)
    with at_the_file(upload):
        code = files.decode(upload.name, upload.source).code
        command = SetProgramme(upload.source)
        stands = _standing(ask(request, who, service.programmes), code)
        tried(request, service.set_programme, command, actor=who)
        before = None if stands is None or stands.ended else stands.source
        rows = _compared(upload, before)
        if not rows:
            raise NOTHING_NEW()
    return _reviewed(
        request, fields, service.set_programme, command, stands, rows=rows, new=before is None, code=code,
        asked={"act": "set", **upload.pieces()},
    )  # fmt: skip


def _end(request: Request, fields: Fields) -> Response:
    who, command = current(request), EndProgramme(str(fields.get("programme")))
    stands = _standing(ask(request, who, service.programmes), command.programme)
    if stands is None:
        raise rules.UNKNOWN_PROGRAMME(programme=command.programme)
    tried(request, service.end_programme, command, actor=who)
    return _reviewed(
        request, fields, service.end_programme, command, stands, rows=[], new=False, code=command.programme,
        asked={"act": "end", "programme": command.programme},
    )  # fmt: skip


def _cover(request: Request, fields: Fields, act: str) -> Response:
    """Money into a cover, or back to its giver."""
    who, code, giver = current(request), str(fields.get("programme")), str(fields.get("giver") or "")
    typed = str(fields.get("amount") or "")
    amount = amount_of(typed, kernel_of(request).home)
    function = covers.pay_cover if act == "pay" else covers.return_cover
    command = PayCover(code, amount) if act == "pay" else ReturnCover(code, amount, giver)
    stands = _standing(ask(request, who, service.programmes), code)
    tried(request, function, command, actor=who)
    return _reviewed(
        request, fields, function, command, stands, rows=[], new=False, code=code, moves=amount, back=act == "return",
        asked={"act": act, "programme": code, "giver": giver, "amount": typed},
    )  # fmt: skip


def _reviewed(
    request: Request, fields: Fields, function: Any, command: Any, stands: InForce | None, **about: Any
) -> Response:  # fmt: skip
    who = current(request)

    def show(carried: dict[str, Any]) -> HTMLResponse:
        return page(request, "operator/programme.html", who, stands=stands, **{"moves": None, **about}, **carried)

    return drafted_once_more(
        request, fields, function, command, actor=who, beside=stands, show=show,
        then=lambda pending: to("/ops/partners", drafted="1" if pending else "0"),
    )  # fmt: skip


def _standing(found: list[InForce], code: str) -> InForce | None:
    return next((each for each in found if each.programme.code == code), None)


def _compared(upload: Upload, before: str | None) -> list[list[str]]:
    """What would change, line by line: what it is, what stands, what would be."""
    old = {} if before is None else files.read(upload.name, before).values
    new = files.read(upload.name, upload.source).values
    return lines(old, new)
