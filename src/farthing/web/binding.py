"""Own the charts of what binds the bank: how much of each limit is used, and when its rates changed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from farthing.funding.joint import rules
from farthing.funding.joint import service as joint
from farthing.funding.joint.model import AMBER, Use
from farthing.kernel.run import Ask
from farthing.kit.money import EXPONENTS
from farthing.ledger.overview import service as overview
from farthing.ledger.overview.model import Limit
from farthing.lending.limits import service as bounds
from farthing.products.service import NO_POLICY
from farthing.savings.shelf.model import BoardView
from farthing.web import names, writing
from farthing.web.charts.dated import Event, timeline
from farthing.web.charts.drawing import Chart, Point
from farthing.web.charts.plain import bullet
from farthing.web.ground import unless
from farthing.web.speech import N_, language, ngettext
from farthing.web.speech import gettext as _

GUARDS: Mapping[str, tuple[str, str]] = {
    "client-money": (N_("Owed to wallets and escrow"), N_("Money that is there for it")),
    "liquidity": (N_("Wallets, escrow, a twentieth of savings"), N_("Money that lies ready")),
    "fund-money": (N_("Owed to fund holders"), N_("What the funds own")),
    "fund-liquidity-line": (N_("Advanced to funds"), N_("The line")),
    "capital_ratio_min": (N_("Capital that weighted assets ask for"), N_("Net capital")),
    "leverage_min": (N_("Capital that all assets ask for"), N_("Net capital")),
    "one_borrower_max": (N_("Owed by the largest borrower"), N_("What one borrower may owe")),
    "connected_borrowers_max": (N_("Owed by the largest circle"), N_("What a circle may owe")),
    "liquidity_ratio_min": (N_("May be asked back in a month"), N_("What comes in by then bears")),
    "joint_loans_max": (N_("Our part of joint loans"), N_("What all our loans let")),
    "partner_capital_max": (N_("Our part of joint loans with one partner"), N_("What capital lets")),
    "maturity_gap_min": (N_("Is asked back in ninety days"), N_("What comes in by then bears")),
}  # fmt: skip
"""Of the limits that ship: what is bound by each and what bounds that."""
OTHER = N_("In use"), N_("At most")
KINDS: Mapping[str, str] = {
    "loan": N_("Loan"), "deposit": N_("Deposit"), "fund": N_("Fund"), "rate_board": N_("Rates"),
    "savings_policy": N_("Savings rules"), "agreement": N_("Form of agreement"),
}  # fmt: skip


def limits_of(ask: Ask) -> list[Limit]:
    """Every limit over the books, and on the bank's own lending, alone and together with partners, where a policy is in force."""
    own = unless((NO_POLICY.name,), lambda: ask(bounds.limits)) or ()
    return [*ask(overview.limits), *own, *together(unless((NO_POLICY.name,), lambda: ask(joint.limits)) or ())]


def together(uses: Sequence[Use]) -> list[Limit]:
    """What the law bounds of lending together: with all partners, and with the one with whom most is lent."""
    most: dict[str, Use] = {}
    for each in uses:
        if each.article is not None and (each.limit not in most or each.used > most[each.limit].used):
            most[each.limit] = each
    return [
        Limit(name, each.article.en if each.article else name, each.most.currency, each.most.minor, each.used.minor)
        for name, each in most.items()
    ]


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
        Point(_(bound), Decimal(limit.limit), shown(limit.limit)), _("Figure"), _("Amount"), marks=warned(limit, shown),
    )  # fmt: skip


def warned(limit: Limit, shown: Callable[[int], str]) -> list[Point]:
    """The line from which on a limit on lending together is amber."""
    if limit.name not in (rules.ALL_PARTNERS, rules.ONE_PARTNER):
        return []
    amber = int(AMBER * limit.limit)
    return [Point(_("Amber from"), Decimal(amber), shown(amber))]


def editions(board: BoardView) -> Chart:
    """When rates changed, and what money at call and of a year earned from then on."""
    events = []
    for each in board.editions:
        told = [(_("at call"), each.demand), (_("one year"), each.lump.get("1y"))]
        between = "，" if language() == "zh" else ", "
        label = between.join(f"{name} {writing.rate(annual)}" for name, annual in told if annual is not None)
        events.append(Event(each.effective_on, label or _("other terms"), open=each.effective_on > board.on))
    known = ngettext(
        "Rates of savings were published once", "Rates of savings were published %(num)s times", len(events)
    )
    title = known % {"num": len(events)}
    told_of = _("The days from which each edition of the rates holds; a dashed one is still to come.")
    return timeline(title, told_of, events, (_("From"), _("Rates a year")), language())
