"""New terms come by a file: it is read, shown as what it would change against what stands, and drafted for a second person."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.kernel.run import Ask
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal, conflict
from farthing.products import files
from farthing.products import service as products
from farthing.products.law import service as law
from farthing.products.policy import Policy
from farthing.products.reading import day
from farthing.savings.shelf import service as shelf
from farthing.savings.shelf.model import NO_BOARD, PublishRates
from farthing.web.asking_again import drafted_once_more
from farthing.web.binding import KINDS
from farthing.web.forms import Form, comes_back
from farthing.web.ground import Fields, again, current, page, page_of_any, pages, to, tried, unless, view
from farthing.web.operator.changes import lines
from farthing.web.operator.editions import compared
from farthing.web.operator.shelf import PUBLISHES
from farthing.web.operator.uploads import MOST_BYTES, Plan, Upload, at_the_file, plan_of, taken

router = pages("/ops/products")
NOTHING_NEW = conflict(
    "web.upload_changes_nothing",
    "This file says what stands already; nothing is to be published.",
    "该文件与现行版本内容相同；无需发布。",
)


def chosen(request: Request, refusal: Refusal | None = None) -> Response:
    """Where a file is chosen, for whoever publishes any kind of them."""
    who = _publisher(request)
    return again(request, "operator/publish.html", who, refusal, most=MOST_BYTES // 1024)


def _publisher(request: Request) -> Actor:
    """Who publishes any kind of file; nobody else has one read."""
    who = current(request)
    page_of_any(who, *PUBLISHES)
    return who


@router.get("/new")
def choose(request: Request) -> Response:
    """Choose a file of terms."""
    return chosen(request)


@router.post("/new")
@comes_back(chosen)
def publish(request: Request, fields: Fields) -> Response:
    """Show what a file would change; once that is confirmed as it was shown, draft it for a second person."""
    who, upload = _publisher(request), taken(fields)
    effective_on = _from_day(fields)
    with at_the_file(upload):
        plan = plan_of(upload, effective_on, _pack(request))
        stands = view(request, who, lambda ask: _stands(ask, plan))
        tried(request, plan.function, plan.command, actor=who)
        rows = _compared(plan, upload, stands)
        if not rows:
            raise NOTHING_NEW()
    asked = upload.pieces() | ({"effective_on": effective_on.isoformat()} if effective_on else {})

    def show(carried: dict[str, Any]) -> HTMLResponse:
        return page(
            request, "operator/publish_preview.html", who, plan=plan, upload=upload, rows=rows, new=stands is None,
            asked=asked, effective_on=getattr(plan.command, "effective_on", None), kinds=KINDS, **carried,
        )  # fmt: skip

    return drafted_once_more(
        request, fields, plan.function, plan.command, actor=who, beside=stands, show=show,
        then=lambda pending: to("/ops/products", drafted="1" if pending else "0"),
    )  # fmt: skip


def _from_day(fields: Form) -> date | None:
    """The day that was typed for a board of rates; refuses ``savings.bad_date`` at its field."""
    typed = fields.get("effective_on")
    try:
        return day(typed) if typed else None
    except Refusal as refusal:
        told = {"field": "effective_on", "problem": refusal.detail, "problem_zh": refusal.detail_zh}
        refusal.facts["field_errors"] = [told]
        raise


def _pack(request: Request) -> str:
    """What the savings rules of the policy in force are called."""

    def build(ask: Ask) -> str:
        versions = [each for each in ask(law.versions, products.POLICY) if each.in_force]
        if not versions:
            return ""
        source = ask(law.version, products.POLICY, versions[0].version).source
        _kind, _version, found = files.decode(products.POLICY, source, standing=True)
        return found.savings.name if isinstance(found, Policy) and found.savings is not None else ""

    return str(view(request, current(request), build))


def _stands(ask: Ask, plan: Plan) -> Any:
    """What is in force under the name: the file of a product, the editions of a board; none where it is new."""
    if plan.kind == "rate_board":
        return unless((NO_BOARD.name,), lambda: ask(shelf.board_view, plan.product))
    standing = next((each for each in ask(law.versions, plan.product) if each.in_force), None)
    return None if standing is None else ask(law.version, plan.product, standing.version)


def _compared(plan: Plan, upload: Upload, stands: Any) -> list[list[str]]:
    """What would change, line by line: what it is, what stands, what would be."""
    if isinstance(plan.command, PublishRates):
        return [[*each.told, each.points] for each in compared(asdict(plan.command), stands)]
    before = {} if stands is None else files.read(plan.product, stands.source).values
    after = files.read(plan.product, upload.source).values
    return lines(before, after)
