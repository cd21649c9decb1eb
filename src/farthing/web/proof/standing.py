"""The pages that say by which rules the bank stands: every limit with its article and use, the policy and products in force,
and how long customers wait for an answer. They only read, and name no customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit.review import service as review
from farthing.credit.review.model import Waiting
from farthing.kernel.run import Ask
from farthing.kit.money import EXPONENTS
from farthing.ledger.overview import service as overview
from farthing.ledger.overview.service import Limit
from farthing.products.law import service as law
from farthing.products.service import NO_POLICY
from farthing.savings.shelf import service as shelf
from farthing.savings.shelf.model import NO_BOARD, BoardView
from farthing.web import names, writing
from farthing.web.charts.dated import Event, timeline
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.charts.plain import bars, bullet
from farthing.web.ground import current, kernel_of, page, pages, unless, view
from farthing.web.speech import N_, language, ngettext
from farthing.web.speech import gettext as _

router = pages()
GUARDS: Mapping[str, tuple[str, str]] = {
    "client-money": (N_("Owed to wallets and escrow"), N_("Money that is there for it")),
    "liquidity": (N_("Wallets, escrow, a twentieth of savings"), N_("Money that lies ready")),
    "fund-money": (N_("Owed to fund holders"), N_("What the funds own")),
    "fund-liquidity-line": (N_("Advanced to funds"), N_("The line")),
}  # fmt: skip
"""Of the limits that ship: what is bound by each and what bounds that."""
OTHER = N_("In use"), N_("At most")
KINDS: Mapping[str, str] = {
    "loan": N_("Loan"), "deposit": N_("Deposit"), "fund": N_("Fund"), "rate_board": N_("Rates"),
    "savings_policy": N_("Savings rules"),
}  # fmt: skip
AGES: Sequence[tuple[int, str]] = (
    (3, N_("Up to 3 days")), (7, N_("4 to 7 days")), (15, N_("8 to 15 days")), (20, N_("16 to 20 days")),
)  # fmt: skip
"""Ages of what waits, to the twenty days within which a dispute is answered; older than the last is a class of its own."""
OLDER = N_("Over 20 days")


@router.get("/proof/limits")
def limits(request: Request) -> Response:
    """Every figure of the law in force with its article, and how much of each limit over the books is used."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {"law": unless((NO_POLICY.name,), lambda: ask(law.law)), "limits": ask(overview.limits)}

    found = view(request, who, build)
    return page(
        request, "proof/limits.html", who, law=found["law"], charts=[use_of(each) for each in found["limits"]]
    )  # fmt: skip


def use_of(limit: Limit) -> Chart:
    """A limit as a bullet: the bar is what is bound, the line what bounds it; the title says what is left."""

    def shown(minor: int) -> str:
        places = EXPONENTS[limit.currency]
        return writing.money_exact(Decimal(minor).scaleb(-places), limit.currency, places, language())

    used, bound = GUARDS.get(limit.name, OTHER)
    left = limit.limit - limit.used
    room, over = _("%(says)s: %(left)s left"), _("%(says)s: %(left)s too much")
    title = (room if left >= 0 else over) % {"says": names.guard(limit.name, limit.title), "left": shown(abs(left))}
    told = _("A bar up to the line that it may not pass, from the books of this moment.")
    return bullet(
        title, told, Point(_(used), Decimal(limit.used), shown(limit.used)),
        Point(_(bound), Decimal(limit.limit), shown(limit.limit)), _("Figure"), _("Amount"),
    )  # fmt: skip


@router.get("/proof/policies")
def policies(request: Request) -> Response:
    """The policy pack in force and what it refuses, the products in force, and the editions of the rates."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "law": unless((NO_POLICY.name,), lambda: ask(law.law)),
            "refused": unless((NO_POLICY.name,), lambda: ask(shelf.not_allowed)) or [],
            "products": ask(law.standing), "board": unless((NO_BOARD.name,), lambda: ask(shelf.board_view)),
        }  # fmt: skip

    found = view(request, who, build)
    board = found.pop("board")
    return page(
        request, "proof/policies.html", who, rates=None if board is None else editions(board), kinds=KINDS, **found
    )


def editions(board: BoardView) -> Chart:
    """When rates changed, and what money at call and of a year earned from then on."""
    events = []
    for each in board.editions:
        told = [(_("at call"), each.demand), (_("one year"), each.lump.get("1y"))]
        label = ", ".join(f"{name} {writing.rate(annual)}" for name, annual in told if annual is not None)
        events.append(Event(each.effective_on, label or _("other terms"), open=each.effective_on > board.on))
    known = ngettext(
        "Rates of savings were published once", "Rates of savings were published %(num)s times", len(events)
    )
    title = known % {"num": len(events)}
    told_of = _("The days from which each edition of the rates holds; a dashed one is still to come.")
    return timeline(title, told_of, events, (_("From"), _("Rates a year")), language())


@router.get("/proof/complaints")
def complaints(request: Request) -> Response:
    """How many customers wait for an answer to a review or a dispute, and for how long; no words of theirs."""
    who = current(request)
    today = kernel_of(request).clock().business_date
    found: list[Waiting] = view(request, who, lambda ask: ask(review.complaints))
    told = [(kind, sum_up([each for each in found if each.kind == kind], today)) for kind in ("review", "dispute")]
    return page(request, "proof/complaints.html", who, told=told, ages=by_age(found, today) if found else None)


def sum_up(waiting: Sequence[Waiting], today: date) -> dict[str, int]:
    """How many wait, for how many days the oldest does, and how many are past the day by which they were to be answered."""
    return {
        "count": sum(each.count for each in waiting),
        "oldest": max(((today - each.asked_on).days for each in waiting), default=0),
        "late": sum(each.count for each in waiting if each.answer_by is not None and each.answer_by < today),
    }


def by_age(waiting: Sequence[Waiting], today: date) -> Chart:
    """What waits, by its age; the title says how old the oldest is."""
    counts = [0] * (len(AGES) + 1)
    for each in waiting:
        age = (today - each.asked_on).days
        counts[next((at for at, (most, _name) in enumerate(AGES) if age <= most), len(AGES))] += each.count
    oldest = max((today - each.asked_on).days for each in waiting)
    waits = ngettext("The oldest waits for %(num)s day", "The oldest waits for %(num)s days", oldest) % {"num": oldest}
    title = waits if oldest else _("All of them asked today")
    names = [*(name for _most, name in AGES), OLDER]
    points = [Point(_(name), Decimal(count), str(count)) for name, count in zip(names, counts, strict=True)]
    told = _("How many reviews and disputes wait for an answer, by their age.")
    return bars(title, told, Series(_("Waiting"), points), _("Age"), strong=(len(AGES),))
