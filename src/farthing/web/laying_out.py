"""Own how pages say what a loan product bears, and how it lays out its instalments: how often, and whatever else is not as
usual. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.products.loan import EQUAL_PERIODS
from farthing.products.model import InstalmentFee, LoanTerms, Portion, Rate, Repaying, Schedule
from farthing.web import writing
from farthing.web.speech import N_, language, ngettext
from farthing.web.speech import gettext as _

MONTH_ENDS = {
    "last_of_month": N_("Each falls due on the last day of a month."),
    "first_of_next": N_("Where a month has no such day, it falls due on the first of the next."),
}
SHIFTS = {
    "next": N_("What would fall due on a holiday does on the next day that is none."),
    "previous": N_("What would fall due on a holiday does on the last day before that is none."),
    "next_in_month": N_("What would fall due on a holiday does on the next day that is none, in the same month."),
}


def often(schedule: Schedule) -> str:
    """How far instalments are apart, or which part falls due when."""
    if schedule.rows:
        return ("，" if language() == "zh" else ", ").join(_portion(each) for each in schedule.rows)
    num = schedule.every
    if schedule.unit == "day":
        return _("every day") if num == 1 else _("every %(num)s days") % {"num": num}
    if schedule.unit == "week":
        return _("every week") if num == 1 else _("every %(num)s weeks") % {"num": num}
    return _("every month") if num == 1 else _("every %(num)s months") % {"num": num}


def yearly(rate: Rate) -> str:
    """What a product bears a year: its rate, that of today, or from the cheapest step to the dearest."""
    if rate.by_default:
        return span(rate.by_default[0].annual, rate.by_default[-1].annual)
    said = {"rate": writing.rate(rate.annual)}
    return _("%(rate)s a year now, floating") % said if rate.floating else _("%(rate)s a year") % said


def span(least: Decimal, most: Decimal) -> str:
    """From what to what a rate by probability of default goes."""
    return _("%(least)s to %(most)s by grade") % {"least": writing.rate(least), "most": writing.rate(most)}


def _portion(row: Portion) -> str:
    num, part = row.after_months, percent(row.share, least=0)
    return ngettext("%(part)s after %(num)s month", "%(part)s after %(num)s months", num) % {"part": part, "num": num}


def each_fee(fee: InstalmentFee) -> str:
    """How much every instalment bears beside principal and interest."""
    if fee.amount is not None:
        return writing.money(fee.amount, language())
    share = writing.rate(fee.share)
    if fee.of == "lent":
        return _("%(share)s of what was lent") % {"share": share}
    return _("%(share)s of its principal and interest") % {"share": share}


SURPLUS = {
    "next": N_("What is paid beyond what is due pays the next instalments."),
    "last": N_("What is paid beyond what is due makes the loan end earlier."),
    "re_amortise": N_("What is paid beyond what is due makes the later instalments smaller."),
}


def repaying(found: Repaying) -> str:
    """What a product says of money that comes early, in sentences; nothing where the borrower chooses and pays to the day."""
    several = []
    if found.surplus:
        several.append(_(SURPLUS[found.surplus]))
    if not found.borrower_chooses:
        several.append(_("The borrower has no other choice."))
    if found.recalculated == "by_day":
        several.append(_("Interest is reckoned anew by the day when money comes early or late."))
    if found.recalculated == "by_period":
        several.append(_("Interest is reckoned anew by the period when money comes early or late."))
    if found.pay_off == "to_period_end":
        several.append(_("Paying it all off costs the interest of the running period."))
    return ("" if language() == "zh" else " ").join(several)


def told(terms: LoanTerms) -> str:
    """What else a product says of its instalments, in sentences; nothing where they are as usual."""
    return ("" if language() == "zh" else " ").join(_sentences(terms))


def _sentences(terms: LoanTerms) -> Iterator[str]:
    found = terms.schedule
    if terms.rate.day_count == EQUAL_PERIODS:
        yield _("Each period bears the same part of a year's interest, however many days it has.")
    if found.multiple > 1:
        amount = writing.money(Money(found.multiple, terms.currency), language())
        yield _("Instalments are rounded to %(amount)s.") % {"amount": amount}
    if found.down_payment:
        yield _("%(part)s of what is paid out falls due the same day, without interest, and is kept back from it.") % {
            "part": writing.rate(found.down_payment)
        }
    if found.balloon:
        yield _("%(part)s of the principal is due with the last one.") % {"part": writing.rate(found.balloon)}
    yield from _graces(found)
    if found.first_after_days:
        yield _first(found)
    if found.month_end in MONTH_ENDS:
        yield _(MONTH_ENDS[found.month_end])
    if found.shift in SHIFTS:
        yield _(SHIFTS[found.shift])


def _graces(found: Schedule) -> Iterator[str]:
    if num := found.grace_interest:
        yield ngettext("Nothing falls due the first time.", "Nothing falls due the first %(num)s times.", num) % {
            "num": num
        }
    if num := found.grace_principal:
        yield ngettext(
            "The first instalment repays no principal.", "The first %(num)s instalments repay no principal.", num
        ) % {"num": num}  # fmt: skip
    if num := found.interest_free:
        yield ngettext("The first period bears no interest.", "The first %(num)s periods bear no interest.", num) % {
            "num": num
        }


def _first(found: Schedule) -> str:
    num, day = found.first_after_days, found.first_on_day
    if day:
        return ngettext(
            "It falls due on day %(day)s of a month, at least %(num)s day after the payment out.",
            "It falls due on day %(day)s of a month, at least %(num)s days after the payment out.", num,
        ) % {"num": num, "day": day}  # fmt: skip
    return ngettext(
        "The first falls due %(num)s day after the payment out.", "The first falls due %(num)s days after the payment out.", num
    ) % {"num": num}  # fmt: skip
