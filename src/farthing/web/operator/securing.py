"""The operator's pages of what stands behind loans: the register of things that secure them, what stands behind one loan with
each valuation, and a loan's class by judgement."""

from __future__ import annotations

from typing import Any, get_args

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.answers import Pending
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.backing import service as backing
from farthing.lending.backing.model import CallPledge, Kind
from farthing.lending.prudence import ruling_service as rulings
from farthing.lending.prudence.model import ClassLoan, Ruled
from farthing.lending.standing import OPEN
from farthing.products.prudence import CLASSES
from farthing.web.depositing import UNKNOWN_STEP
from farthing.web.forms import comes_back, command_of
from farthing.web.ground import (
    Fields,
    again,
    current,
    foreseen,
    kernel_of,
    page,
    page_of,
    page_of_any,
    pages,
    run,
    to,
    tried,
    view,
)
from farthing.web.operator import told

router = pages("/ops")

PAGE = 50


@router.get("/collateral")
def register(request: Request, after: str = "") -> Response:
    """Every thing that secures a loan: what it is worth, since when, and what is owed of the loan."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        held = ask(backing.collateral_register, after, PAGE)
        return {
            "held": held, "names": told.customers(ask, [each.party_id for each in held]), "full": len(held) == PAGE,
        }  # fmt: skip

    return page(request, "operator/collateral.html", who, after=after, **view(request, who, build))


@router.get("/loans/{loan_id}/backing")
def behind(request: Request, loan_id: str, drafted: bool = False) -> Response:
    """What stands behind a loan: guarantors, deposits, things with each valuation."""
    return behind_form(request, None, loan_id, drafted)


def behind_form(request: Request, refusal: Refusal | None, loan_id: str, drafted: bool = False) -> Response:
    """The page; a form as it was filled in, where it was refused."""
    who = current(request)
    page_of(request, who, backing.collateral_register)

    def build(ask: Ask) -> dict[str, Any]:
        return {**told.of_loan(ask, ask(lending.loan, loan_id)), "backing": ask(backing.backing, loan_id)}

    found = view(request, who, build)
    return again(
        request, "operator/backing.html", who, refusal, drafted=drafted, kinds=get_args(Kind),
        open=found["loan"].state in OPEN, on=kernel_of(request).clock().business_date, **found,
    )  # fmt: skip


@router.post("/loans/{loan_id}/backing")
@comes_back(behind_form)
def change(request: Request, loan_id: str, fields: Fields) -> Response:
    """Register a thing or value it anew; ask for its release, or for a pledged deposit, which a second person must want."""
    who, step, here = current(request), str(fields.get("step")), f"/ops/loans/{loan_id}/backing"
    function: Any = backing.value_collateral
    if step == "register":
        function = backing.register_collateral
        command = command_of(function, fields.but(before=fields.get("before") or "0"), loan_id=loan_id)
    elif step == "value":
        command = command_of(function, fields)
    elif step == "release":
        function = backing.release_collateral
        command = command_of(function, fields)
    elif step == "call":
        function, command = backing.call_pledge, CallPledge(str(fields.get("pledge_id")))
    else:
        raise UNKNOWN_STEP(step=repr(step[:40]))
    if step in ("release", "call"):
        tried(request, function, command, actor=who)
    done = run(request, function, command, actor=who, key=str(fields.get("key")))
    return to(here, drafted="true") if isinstance(done, Pending) else to(here)


@router.get("/loans/{loan_id}/class")
def classed(request: Request, loan_id: str, done: str = "") -> Response:
    """A loan's class by its days and by the rule, and saying another."""
    return class_form(request, None, loan_id, done)


def class_form(request: Request, refusal: Refusal | None, loan_id: str, done: str = "") -> Response:
    """The form of a ruling, as it was filled in where it was refused."""
    who = current(request)
    page_of_any(who, rulings.class_loan)

    def build(ask: Ask) -> dict[str, Any]:
        return told.of_loan(ask, ask(lending.loan, loan_id))

    ruled, refused = _by_rule(request, loan_id)
    return again(
        request, "operator/loan_class.html", who, refusal, classes=CLASSES, ruled=ruled, refused=refused, came=done,
        **view(request, who, build),
    )  # fmt: skip


def _by_rule(request: Request, loan_id: str) -> Any:
    """What days and rule say of a loan's class: what ruling it the worst would answer; or why it has none."""
    worst = ClassLoan(loan_id, CLASSES[-1], "-")
    return foreseen(request, current(request), rulings.class_loan, worst, lambda tx, ruled: ruled)


@router.post("/loans/{loan_id}/class")
@comes_back(class_form)
def rule(request: Request, loan_id: str, fields: Fields) -> Response:
    """Class a loan: worse than the rule at once, better once a second person wants it too."""
    who = current(request)
    ruled: Ruled | None = _by_rule(request, loan_id)[0]
    asked = str(fields.get("class_name"))
    better = ruled is not None and asked in CLASSES and CLASSES.index(asked) < CLASSES.index(ruled.by_rule)
    command = command_of(rulings.class_loan, fields, loan_id=loan_id, better=better)
    tried(request, rulings.class_loan, command, actor=who)
    answer = run(request, rulings.class_loan, command, actor=who, key=str(fields.get("key")))
    return to(f"/ops/loans/{loan_id}/class", done="drafted" if isinstance(answer, Pending) else "ruled")
