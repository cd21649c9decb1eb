"""New terms come by a file: it is read, shown as what it would change against what stands, and drafted for a second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.answers import Pending
from farthing.kernel.run import NOT_ALLOWED, Ask
from farthing.kit.actor import Actor
from farthing.kit.canonical import digest, plain
from farthing.kit.errors import Refusal, conflict
from farthing.products import files
from farthing.products import service as products
from farthing.products.law import service as law
from farthing.products.policy import Policy
from farthing.products.reading import day
from farthing.savings.shelf import service as shelf
from farthing.savings.shelf.model import NO_BOARD, BoardView, PublishRates
from farthing.web import writing
from farthing.web.binding import KINDS
from farthing.web.forms import Form, comes_back
from farthing.web.ground import Fields, again, current, page, pages, run, to, tried, unless, view
from farthing.web.operator.changes import changes
from farthing.web.operator.shelf import FAMILIES, MAY_PUBLISH
from farthing.web.operator.terms import points
from farthing.web.operator.uploads import MOST_BYTES, Plan, Upload, at_the_file, plan_of, taken
from farthing.web.speech import gettext as _
from farthing.web.speech import language

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
    if who.party_id is not None or not any(who.may(each) for each in MAY_PUBLISH):
        raise NOT_ALLOWED(actor=who.id, permission=MAY_PUBLISH[0])
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
    seen = digest(plain([stands, plan.command])).hex()
    changed = bool(fields.get("confirmed")) and fields.get("seen") != seen
    if fields.get("confirmed") and not changed:
        done = run(request, plan.function, plan.command, actor=who, key=str(fields.get("key")))
        return to("/ops/products", drafted="1" if isinstance(done, Pending) else "0")
    asked = upload.pieces() | ({"effective_on": effective_on.isoformat()} if effective_on else {})
    again_under: dict[str, Any] = {"key": str(fields.get("key")), "status": 409} if changed else {}
    return page(
        request, "operator/publish_preview.html", who, plan=plan, upload=upload, rows=rows, new=stands is None, seen=seen,
        asked=asked, changed=changed, effective_on=getattr(plan.command, "effective_on", None), kinds=KINDS, **again_under,
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
        return _rates(plan.command, stands)
    before = {} if stands is None else files.read(plan.product, stands.source).values
    after = files.read(plan.product, upload.source).values
    return [[each.key, each.before or "–", each.after or "–"] for each in changes(before, after)]


def _rates(command: PublishRates, board: BoardView | None) -> list[list[str]]:
    """Each rate of a new edition beside the one it follows, and by how many points it moves."""
    before = _followed(board.editions if board else (), command.effective_on)
    rows = [_moved(_("At call"), getattr(before, "demand", None), command.demand)]
    for family, name in FAMILIES:
        old, new = dict(getattr(before, family, {})), dict(getattr(command, family))
        for term in [*new, *(each for each in old if each not in new)]:
            rows.append(_moved(f"{_(name)} · {writing.term(term, language())}", old.get(term), new.get(term)))
    return rows


def _followed(editions: Sequence[Any], effective_on: date) -> Any:
    """The edition that a new one takes the place of; editions stand the newest first."""
    return next((each for each in editions if each.effective_on <= effective_on), None)


def _moved(name: str, before: Decimal | None, after: str | None) -> list[str]:
    wanted = None if after is None else Decimal(after)
    return [
        name, *("–" if each is None else writing.rate(each) for each in (before, wanted)), points(before, wanted),
    ]  # fmt: skip
