"""Who acts for whom, at the counter: guardians and signatories are entered, and powers revoked, by two of the staff."""

from __future__ import annotations

from typing import Any, cast

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.acting.scopes import for_kind
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.tables import calendar_day
from farthing.parties import service as parties
from farthing.parties.acting import rules
from farthing.parties.acting import service as acting
from farthing.parties.acting.model import Basis, EnterGuardian, EnterSignatory, RevokePower
from farthing.web.asking_again import drafted_once_more
from farthing.web.counter.desk import at_desk, waiting
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import Form, comes_back
from farthing.web.ground import Fields, ask, current, page, page_of_any, pages, run, to, tried

router = pages("/counter/powers")


@router.get("")
def powers(request: Request, drafted: bool = False) -> Response:
    """The forms: a guardian, a signatory, and the end of a power."""
    return powers_page(request, None, drafted)


def powers_page(request: Request, refusal: Refusal | None, drafted: bool = False) -> Response:
    """The same, as it was filled in where it was refused."""
    who = current(request)
    page_of_any(who, acting.enter_guardian)

    def build(asking: Ask) -> dict[str, Any]:
        return {"own": waiting(asking), "of_guardian": for_kind("guardian"), "of_signatory": for_kind("signatory")}

    return at_desk(request, "counter/powers.html", who, refusal, build, drafted=drafted)


@router.post("")
@comes_back(powers_page)
def act(request: Request, fields: Fields) -> Response:
    """Show who would act for whom, and draft it for a second person once that is confirmed."""
    step = str(fields.get("act"))
    if step == "guardian":
        return _drafted(request, fields, acting.enter_guardian, _guardian(request, fields))
    if step == "signatory":
        return _drafted(request, fields, acting.enter_signatory, _signatory(request, fields))
    if step == "revoke":
        command = RevokePower(str(fields.get("power")).strip() or "-", str(fields.get("document")))
        run(request, acting.revoke_power, command, actor=current(request), key=str(fields.get("key")))
        return to("/counter/powers", drafted="1")
    raise UNKNOWN_STEP(step=repr(step[:40]))


def _drafted(request: Request, fields: Form, function: Any, command: Any) -> Response:
    who = current(request)
    would_be = tried(request, function, command, actor=who)

    def show(form: dict[str, Any]) -> HTMLResponse:
        return page(request, "counter/powers_review.html", who, power=would_be, asked=fields.asked, **form)

    return drafted_once_more(
        request, fields, function, command, actor=who, beside=None, show=show,
        then=lambda _: to("/counter/powers", drafted="1"),
    )  # fmt: skip


def _party(request: Request, fields: Form, name: str) -> str:
    """A party by its number, phone or document, as a counter types it."""
    return str(ask(request, current(request), parties.the_party, str(fields.get(name)).strip()).id)


def _limit(fields: Form, name: str) -> Money | None:
    return fields.as_money(name) if fields.get(name) else None


def _scope(fields: Form, kind: str) -> tuple[str, ...]:
    return tuple(each.name for each in for_kind(kind) if fields.get(f"{kind}_{each.name}"))


def _guardian(request: Request, fields: Form) -> EnterGuardian:
    until = calendar_day(str(fields.get("until")))
    if until is None:
        raise rules.DAYS_UNFIT(years=rules.LONGEST_YEARS)
    return EnterGuardian(
        _party(request, fields, "principal"), _party(request, fields, "guardian"), cast(Basis, fields.get("basis")),
        str(fields.get("document")), _scope(fields, "guardian"), until, _limit(fields, "most_each"),
        _limit(fields, "most_day"), fields.get("pays_self") == "1",
    )  # fmt: skip


def _signatory(request: Request, fields: Form) -> EnterSignatory:
    return EnterSignatory(
        _party(request, fields, "organisation"), _party(request, fields, "person"),
        "representative" if fields.get("role") == "representative" else "signatory", str(fields.get("document")),
        _scope(fields, "signatory"), None, calendar_day(str(fields.get("until"))), _limit(fields, "most_each"),
        _limit(fields, "most_day"), fields.get("jointly") == "1",
    )  # fmt: skip
