"""Draw what lending may come to: a fan over the number of loans, and the bad year that no number of loans takes away."""

from __future__ import annotations

from decimal import Decimal

from farthing.funding.losses.model import LossFan
from farthing.funding.market import lenders_service as lenders
from farthing.funding.market.lenders_model import Fan
from farthing.kernel.run import Ask
from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.charts.risk import FanWords, Spread, fan
from farthing.web.speech import gettext as _
from farthing.web.speech import language, ngettext
from farthing.web.writing import money

SIZES = (10, 25, 50, 100, 250, 500)
"""Over so many loans the money is spread, in a fan."""
INSIDE = Decimal("0.95")
"""Up to this place a loss is inside the band of a fan."""


def fans(ask: Ask, amount: Money, grade: str) -> list[Fan]:
    """What an amount may come to over more and more loans of a grade."""
    return [ask(lenders.outcomes, amount.plain(), loans, grade) for loans in SIZES]


def chart(found: list[Fan]) -> Chart:
    """The outcomes of a year, from some loans to many; the line of a bad year stays where it is."""
    expected, bad = [], []
    for each in found:
        low, lower, middle, higher, high = each.outcomes
        label = ngettext("%(num)s loan", "%(num)s loans", each.loans) % {"num": each.loans}
        values = (low, lower, middle, higher, high)
        a, b, c, d, e = (_major(value) for value in values)
        f, g, h, i, j = (_shown(value) for value in values)
        expected.append(Spread(label, (a, b, c, d, e), (f, g, h, i, j)))
        bad.append(Point(label, _major(each.bad_year), _shown(each.bad_year)))
    many = found[-1]
    title = _("Over %(num)s loans nine of ten years bring %(low)s to %(high)s; a bad year %(bad)s, over however many") % {
        "num": many.loans, "low": money(many.outcomes[0], language()), "high": money(many.outcomes[-1], language()),
        "bad": money(many.bad_year, language()),
    }  # fmt: skip
    words = FanWords(
        _("Spread over"), (_("1 in 20 worse"), _("1 in 4 worse"), _("Middle"), _("1 in 4 better"), _("1 in 20 better")),
        _("Bad year"),
    )  # fmt: skip
    told = _(
        "What a year may bring of %(amount)s, the more loans the narrower; a bad year stays however many there are."
    )
    return fan(
        title,
        told % {"amount": money(many.amount, language())},
        expected,
        Series(words.realised, bad),
        words,
        language(),
    )


def chances(found: Fan) -> tuple[str, str]:
    """The chance that less comes back than was lent, and the part of it that stays however many loans there are."""
    return percent(found.loss, least=0, most=1), percent(found.remains, least=0, most=1)


def _major(amount: Money) -> Decimal:
    return amount.decimal()


def _shown(amount: Money) -> str:
    return money(amount, language(), sign=True)


def loss_chart(found: LossFan) -> Chart:
    """What might be lost by each month as the loans were valued, and the line of what was; its title says where that falls."""
    expected, lost = [], []
    for each in found.points:
        low, lower, middle, higher, high = each.fan
        label = each.on.isoformat()[:7]
        a, b, c, d, e = (_major(value) for value in each.fan)
        expected.append(
            Spread(
                label,
                (a, b, c, d, e),
                (_plain(low), _plain(lower), _plain(middle), _plain(higher), _plain(high)),
            )
        )
        if each.lost is not None:
            lost.append(Point(label, _major(each.lost), _plain(each.lost)))
    words = FanWords(
        _("Month"),
        (_("1 in 20 loses less"), _("1 in 4 loses less"), _("Middle"), _("1 in 4 loses more"), _("1 in 20 loses more")),
        _("You lost"),
    )  # fmt: skip
    told = _(
        "What your loans might lose by each month, as they were valued when they were listed, and what they lost so far."
    )
    return fan(loss_finding(found), told, expected, Series(words.realised, lost), words, language())


def loss_finding(found: LossFan) -> str:
    """Where what was lost falls, in one sentence."""
    figures = {"lost": _plain(found.lost), "expected": _plain(found.expected)}
    place = found.place or Decimal(0)
    if place > INSIDE:
        return _("You lost %(lost)s so far, more than in 19 of 20 outcomes; %(expected)s was expected by now") % figures
    if found.lost > found.expected:
        return (
            _("You lost %(lost)s so far: more than the %(expected)s that was expected, and inside the band") % figures
        )
    return _("You lost %(lost)s so far: no more than the %(expected)s that was expected by now") % figures


def _plain(amount: Money) -> str:
    return money(amount, language())
