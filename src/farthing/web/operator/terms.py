"""Own how the terms of a product or policy are told to staff, line by line, by their kind. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from farthing.kit.money import Money
from farthing.products.agreement import AgreementForm
from farthing.products.deposit import Terms
from farthing.products.files import Content
from farthing.products.fund import FundTerms
from farthing.products.law.rules import figures
from farthing.products.model import Fees, LoanTerms
from farthing.products.policy import Policy
from farthing.savings.rules import behaviour
from farthing.web import laying_out, writing
from farthing.web.laying_out import often
from farthing.web.names import named
from farthing.web.speech import gettext as _
from farthing.web.speech import language, ngettext, said

Line = tuple[str, str, str]
"""What it is, what the product says of it, and a note such as the article it comes from."""


def told(content: Content) -> list[Line]:
    """What a file of terms says, in the language of the page."""
    tells = TELLS.get(type(content)) or next((tell for kind, tell in TELLS.items() if isinstance(content, kind)), None)
    return list(tells(content)) if tells is not None else []


def _deposit(terms: Terms) -> Iterator[Line]:
    telling = behaviour(terms).told(terms)
    yield _("What it is"), said(telling.what), ""
    yield _("How it ends"), said(telling.ends), ""
    yield _("What leaving it costs"), said(telling.leaving), ""
    yield _("Opened with at least"), _money(terms.minimum), ""
    yield _("Deposit insurance"), _("Insured") if terms.insured else _("Not insured"), ""


def _fund(terms: FundTerms) -> Iterator[Line]:
    daily = _("Every day's income becomes units.")
    yield _("What it is"), daily if terms.carry == "daily" else _("Income waits until the month ends."), ""
    yield _("Bought from"), _money(terms.minimum), ""
    if terms.holding_max is not None:
        yield _("Held by one person, at most"), _money(terms.holding_max), ""
    yield _("Fees a year"), writing.rate(terms.fee_annual), ""
    yield _("Orders of the day until"), terms.cut_off, ""
    yield _("Deposit insurance"), _("Not insured"), ""


def _loan(terms: LoanTerms) -> Iterator[Line]:
    fee, months, lent, ages = terms.fees.origination, terms.instalments, terms.principal, terms.eligibility
    yield _("What it is"), said(terms.summary), ""
    yield _("Lent"), _span(_money(lent.min), _money(lent.max)), ""
    yield (
        _("Instalments"),
        _span(months.min, months.max),
        _("%(how)s, %(often)s") % {"how": named(terms.method, "loan_method"), "often": often(terms.schedule)},
    )
    if sentences := laying_out.told(terms):
        yield _("How they are laid out"), sentences, ""
    yield from _rates(terms)
    if terms.penalty.on == "principal":
        yield _("It is on"), _("the overdue principal alone"), ""
    if terms.penalty.fixed is not None:
        yield _("And once for each missed instalment"), _money(terms.penalty.fixed), ""
    if terms.delinquency.tolerance is not None:
        yield _("Costs nothing when late"), _money(terms.delinquency.tolerance), _("of an instalment, and less")
    yield _("Fee for granting it"), _("none") if fee == 0 else writing.rate(fee), _fee_is(terms.fees) if fee else ""
    if terms.fees.instalment is not None:
        yield _("Fee with each instalment"), laying_out.each_fee(terms.fees.instalment), ""
    early = terms.fees.early_repayment
    yield _("Fee for repaying early"), _("none") if early == 0 else writing.rate(early), ""
    if sentences := laying_out.repaying(terms.repaying):
        yield _("What paying early does"), sentences, ""
    yield _("Age of who borrows"), _span(ages.min_age_years, ages.max_age_years), ""
    if terms.co_lending is not None:
        yield _("A partner lends of it"), writing.rate(terms.co_lending.partner_share), ""


def _fee_is(fees: Fees) -> str:
    """When the fee for granting a loan is paid, and when it is earned."""
    due = _("kept back from what is paid out") if fees.kept_back else _("with the first instalment")
    return due if not fees.amortised else _("%(due)s, earned over the life of the loan") % {"due": due}


def _rates(terms: LoanTerms) -> Iterator[Line]:
    """The rate and what being late costs: figures, or what they follow."""
    follows, times = terms.rate.floating, terms.penalty.multiple
    if steps := terms.rate.by_default:
        yield _("Rate a year"), laying_out.span(steps[0].annual, steps[-1].annual), _("by the probability of default")
        for each in steps:
            yield _("up to %(limit)s") % {"limit": writing.rate(each.up_to)}, writing.rate(each.annual), ""
    elif follows is None:
        yield _("Rate a year"), writing.rate(terms.rate.annual), ""
    else:
        said_of = {"name": follows.reference, "margin": writing.rate(follows.margin)}
        often_set = _("set anew %(often)s") % {"often": named(follows.resets, "resets")}
        yield _("Rate a year"), _("%(name)s and %(margin)s") % said_of, often_set
    late = (
        _("%(times)s times the rate") % {"times": f"{times.normalize():f}"}
        if times
        else writing.rate(terms.penalty.annual)
    )
    yield _("Rate a year on what is late"), late, _days(terms.delinquency.grace_days)


def _form(form: AgreementForm) -> Iterator[Line]:
    for each in form.roles:
        how = _("by a seal") if each.certificate == "seal" else _("by a certificate for this signature")
        level = _("verification level %(level)s or more") % {"level": each.level_min}
        yield said(each.title), how, level
    yield _("Signed within"), _of_days(form.sign_within_days), ""
    yield _("Days to step back"), _of_days(form.cooling_off_days) if form.cooling_off_days else _("none"), ""
    years = ngettext("%(num)s year", "%(num)s years", form.kept_years_min) % {"num": form.kept_years_min}
    yield _("Kept after its end for"), years, ""
    yield _("Consent"), said(form.consent), ""
    yield _("Evidence"), said(form.evidence), ""
    yield _("Withdrawal"), said(form.revocation), ""


def _of_days(count: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", count) % {"num": count}


def _span(least: object, most: object) -> str:
    return _("%(least)s to %(most)s") % {"least": least, "most": most}


def _days(grace: int) -> str:
    return ngettext("after %(num)s day of grace", "after %(num)s days of grace", grace) % {"num": grace}


def _policy(policy: Policy) -> Iterator[Line]:
    for each in figures(policy):
        shown = _("the law is silent") if each.shown is None else said(each.shown)
        yield said(each.title), shown, "" if each.article is None else said(each.article)


def _money(amount: Money) -> str:
    return writing.money(amount, language())


TELLS: Mapping[type, Callable[[Any], Iterator[Line]]] = {
    Terms: _deposit, FundTerms: _fund, LoanTerms: _loan, Policy: _policy, AgreementForm: _form,
}  # fmt: skip
"""How each kind is told; a board of rates is told on a page of its own."""


def points(before: Decimal | None, after: Decimal | None) -> str:
    """By how much a rate changes, in points of a hundredth of it; nothing where there is none to compare."""
    if before is None or after is None:
        return ""
    moved = (after - before) * 100
    sign = writing.MINUS if moved < 0 else "+" if moved > 0 else ""
    return f"{sign}{abs(moved).normalize():f}"
