"""The operator's shelf: every product in force and every version of it, what each says, and the calendar of the rates. New
terms come by a file (:mod:`farthing.web.operator.publishing`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel import approvals
from farthing.kernel.operation import operation_of
from farthing.kernel.run import Ask
from farthing.lending.shelf import service as loan_shelf
from farthing.products import files
from farthing.products.law import service as law
from farthing.products.law.model import Version
from farthing.savings.fund import founding_service as founding
from farthing.savings.shelf import service as shelf
from farthing.savings.shelf.model import NO_BOARD, BoardView, EditionView
from farthing.signing.agreements import service as agreements
from farthing.web import writing
from farthing.web.binding import KINDS, editions
from farthing.web.ground import WITHOUT_LAW, current, kernel_of, may_any, page, pages, part, unless, view
from farthing.web.operator import told
from farthing.web.operator.changes import changes
from farthing.web.operator.editions import FAMILIES
from farthing.web.operator.terms import told as lines_of
from farthing.web.speech import N_, language
from farthing.web.speech import gettext as _

router = pages("/ops")
SHELVES = (
    ("deposit", N_("Deposits")), ("fund", N_("Pooled funds")), ("loan", N_("Loans")), ("policy", N_("Law")),
    ("savings_policy", N_("Law")), ("rate_board", N_("Rates")), ("agreement", N_("Forms of agreement")),
)  # fmt: skip
"""Kinds of what stands on the shelf, in the order of the page."""
PUBLISHES = (loan_shelf.publish, shelf.publish, shelf.publish_rates, founding.found_fund, agreements.publish_form)
"""What puts a file of terms in force, each kind by its own operation."""
EDITIONS_SHOWN = 4


@router.get("/products")
def on_the_shelf(request: Request, drafted: str = "") -> Response:
    """Every product in force, by its kind, and what waits for a second person."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        sold = unless(WITHOUT_LAW, lambda: ask(shelf.on_offer))
        return {
            "versions": ask(law.versions), "sold": None if sold is None else {each.product for each in sold},
            "drafts": _drafts(ask),
        }  # fmt: skip

    found = view(request, who, build)
    versions: list[Version] = found.pop("versions")
    standing = sorted((each for each in versions if each.in_force), key=lambda each: each.product)
    shelves = [(title, [each for each in standing if each.kind == kind]) for kind, title in SHELVES]
    counts = {each.product: sum(other.product == each.product for other in versions) for each in standing}
    publishes = may_any(who, *PUBLISHES)
    return page(
        request, "operator/products.html", who, shelves=[each for each in shelves if each[1]], counts=counts,
        drafted=drafted, publishes=publishes, **found,
    )  # fmt: skip


def _drafts(ask: Ask) -> int:
    """How many drafts of new terms wait for a second person, whoever made them."""
    names = {operation_of(each).name for each in PUBLISHES}
    seen = {each.approval_id: each for each in [*(part(ask, approvals.waiting) or []), *ask(approvals.own)]}
    return sum(each.state == "waiting" and each.operation in names for each in seen.values())


@router.get("/products/{product}/{version}")
def version_page(request: Request, product: str, version: str) -> Response:
    """One version of a product: what it says in words, what it changed, and its file as it was published."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(law.version, product, version)
        before = ask(law.versions, product, 1, f"{product}@{version}")
        return {
            "file": found, "others": ask(law.versions, product),
            "older": ask(law.version, product, before[0].version) if before else None,
            "by": told.actors(ask, [found.version.published_by])[found.version.published_by],
        }  # fmt: skip

    found = view(request, who, build)
    file, older = found["file"], found.pop("older")
    _kind, _digest, content = files.decode(product, file.source, standing=True)
    changed = [] if older is None else changes(_values(product, older.source), _values(product, file.source))
    return page(request, "operator/product.html", who, lines=lines_of(content), changed=changed, kinds=KINDS, **found)


def _values(product: str, source: str) -> Any:
    return files.read(product, source).values


@router.get("/rates")
def rates(request: Request) -> Response:
    """The calendar of editions: what rates are in force, what is coming, and which terms came into force when."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "board": unless((NO_BOARD.name,), lambda: ask(shelf.board_view)), "versions": ask(law.versions, "", 50),
        }  # fmt: skip

    found = view(request, who, build)
    board: BoardView | None = found.pop("board")
    found["days"] = _by_day(found.pop("versions"), ZoneInfo(kernel_of(request).clock().time_zone))
    publishes = may_any(who, *PUBLISHES)
    if board is None:
        return page(request, "operator/rates.html", who, calendar=None, table=None, publishes=publishes, **found)
    shown = board.editions[:EDITIONS_SHOWN]
    coming = [each for each in board.editions if each.effective_on > board.on]
    return page(
        request, "operator/rates.html", who, calendar=editions(board), table=_table(shown, board), coming=coming,
        now=next((each for each in board.editions if each.in_force), None), publishes=publishes, **found,
    )  # fmt: skip


def _by_day(versions: Sequence[Version], zone: ZoneInfo) -> list[tuple[date, list[Version]]]:
    """What came into force on each day, the newest day first."""
    ordered = sorted(versions, key=lambda each: each.since_at, reverse=True)
    return [
        (day, list(found)) for day, found in groupby(ordered, key=lambda each: each.since_at.astimezone(zone).date())
    ]


def _table(shown: Sequence[EditionView], board: BoardView) -> dict[str, Any]:
    """Rates by term, a column an edition, the newest first."""
    columns = [[_("Term"), ""]]
    for each in shown:
        day = writing.day(each.effective_on, language())
        mark = _("now") if each.in_force else _("coming") if each.effective_on > board.on else ""
        columns.append([f"{day} · {mark}" if mark else day, "n"])
    rows = [[_("At call"), *(_rate(each.demand) for each in shown)]]
    for family, name in FAMILIES:
        quoted = sorted({term for each in shown for term in getattr(each, family)}, key=_length)
        for term in quoted:
            cells = [_rate(getattr(each, family).get(term)) for each in shown]
            rows.append([f"{_(name)} · {writing.term(term, language())}", *cells])
    return {"columns": columns, "rows": rows}


def _rate(annual: Decimal | None) -> str:
    return "–" if annual is None else writing.rate(annual)


def _length(term: str) -> int:
    return int(term[:-1]) * {"d": 1, "m": 30, "y": 365}[term[-1]]
