"""Own the arithmetic of deposit interest: spans to parts of a year, balance-days, one rounding a payment.

Never rounds twice and never touches a float. PBC notice 2005 No. 129: first day in, last day out; annual rate / 12 a
month, / 360 a day; amounts to the fen, below it rounded half up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from farthing.kit.calendar import add_months, full_months
from farthing.kit.money import Money, exponent
from farthing.kit.rates import percent, round_fraction, year_fraction
from farthing.kit.words import Words
from farthing.products.deposit import Basis, Terms
from farthing.savings.rules.model import InterestPayment, Lot

RULES: dict[str, Words] = {
    "demand_settlement": Words(
        "Quarterly settlement of demand savings: balance-days at the demand rate of the settlement day.",
        "活期按季结息：以积数按结息日挂牌活期利率计息。",
    ),
    "demand_closing": Words(
        "Closed before the next settlement day: balance-days at the demand rate of the closing day.",
        "未到结息日清户：以积数按清户日挂牌活期利率计息。",
    ),
    "term_matured": Words(
        "Held to maturity: the rate of the opening day for the whole term; later changes of the board do not count.",
        "到期支取：整个存期按开户日挂牌利率计息，存期内利率调整不分段。",
    ),
    "holiday_maturity": Words(
        "Maturity falls on a public holiday; drawn on the last business day before it.",
        "到期日为法定节假日，于节前最后一个营业日支取。",
    ),
    "early_demand": Words(
        "Withdrawn before maturity: the withdrawn part earns the demand rate of the withdrawal day.",
        "提前支取：支取部分按支取日挂牌活期利率计息。",
    ),
    "early_tiered": Words(
        "Withdrawn before maturity: the opening day's rate of the longest term already completed.",
        "提前支取靠档计息：按开户日已满最长存期档次的利率计息。",
    ),
    "overdue_demand": Words(
        "Kept after maturity without renewal: the principal earns the demand rate of the withdrawal day.",
        "逾期支取：逾期部分按支取日挂牌活期利率计息。",
    ),
    "renewal": Words(
        "Renewed at maturity as agreed: interest of the finished term.",
        "到期约定转存：结算已满存期的利息。",
    ),
    "instalments_matured": Words(
        "Instalments paid as agreed: monthly amount x months each was kept, at the rate of the opening day.",
        "零存整取到期：月存金额×累计月积数×月利率（开户日利率）。",
    ),
    "instalments_breach": Words(
        "Paid in after a missed month was not made up in the next: the demand rate of the withdrawal day.",
        "漏存后次月未补存视同违约：违约后存入部分按支取日活期利率计息。",
    ),
    "staged_matured": Words(
        "Lump in, instalments out: (principal + one draw) / 2 x draws x months between them, at the opening rate.",
        "整存零取到期：（全部本金+每次支取本金）÷2×支取次数×每次间隔月数×月利率。",
    ),
    "interest_draw": Words(
        "Principal kept, interest drawn: the interest of the whole term divided by the number of draws.",
        "存本取息：本金×存期×利率÷支取利息次数。",
    ),
    "interest_draw_last": Words(
        "Last draw of interest: the residue of the whole term's interest.",
        "存本取息最后一次：支付整个存期利息的余额。",
    ),
    "interest_taken_back": Words(
        "Broken before maturity: interest already drawn at the term rate is taken back.",
        "提前支取：扣回已按存期利率支付的利息。",
    ),
    "either_demand": Words(
        "Kept under three months (or the discounted rate is lower): the demand rate of the withdrawal day.",
        "定活两便存期不满三个月（或打折后低于活期）：按支取日活期利率计息。",
    ),
    "either_discounted": Words(
        "Time-or-demand: the withdrawal day's lump-sum rate of the longest term reached, discounted.",
        "定活两便：按支取日已满存期档次的整存整取利率打折计息。",
    ),
    "notice_kept": Words(
        "Drawn on the agreed day after notice: the notice rate of the withdrawal day for the actual days.",
        "按约定通知并支取：按支取日通知存款利率和实际存期计息。",
    ),
    "notice_too_short": Words(
        "Kept for less than the notice period: the demand rate of the withdrawal day.",
        "实际存期不足通知期限：按支取日活期利率计息。",
    ),
    "notice_not_given": Words(
        "Drawn without notice: the drawn part earns the demand rate of the withdrawal day.",
        "未提前通知而支取：支取部分按活期利率计息。",
    ),
    "notice_wrong_day": Words(
        "Notice was given but the money was drawn early or late: the drawn part earns the demand rate.",
        "已通知而提前或逾期支取：支取部分按活期利率计息。",
    ),
    "notice_difference": Words(
        "Drawn over or under the notified amount: the difference earns the demand rate.",
        "支取金额不足或超过约定金额：不足或超过部分按活期利率计息。",
    ),
    "notice_small_draw": Words(
        "Drawn below the minimum draw: the drawn part earns the demand rate.",
        "支取金额不足最低支取金额：按活期利率计息。",
    ),
    "notice_remainder": Words(
        "What remains is below the minimum and is closed: it earns the demand rate of the closing day.",
        "留存部分低于起存金额予以清户：按清户日活期利率计息。",
    ),
    "rolling_cycle": Words(
        "A full cycle: the notice rate of its last day, added to the principal.",
        "满一个周期：按周期届满日通知存款利率计息并转入本金。",
    ),
    "rolling_odd_days": Words(
        "Days of an unfinished cycle: the demand rate of the withdrawal day.",
        "不足一个周期的天数：按支取日活期利率计息。",
    ),
}
"""Why a payment was reached, by rule: English and Chinese."""

DENOMINATORS = {"actual/360": 360, "30E/360": 360, "months/12": 360, "actual/365": 365, "actual/actual": 365}
"""Days of a year, by day count; actual/actual has 366 in leap years beside it."""


def fraction_of_year(basis: Basis, start: date, end: date) -> Fraction:
    """Exact part of a year of a span by a product's basis; zero or more.

    Days of an unfinished month count as a month at most: 30E/360 would give 28 February to 30 March 32 of them.
    """
    if end <= start:
        return Fraction(0)
    if basis.period == "actual_days":
        return year_fraction(basis.day_count, start, end)
    months = full_months(start, end)
    odd = "actual/360" if basis.day_count == "months/12" else basis.day_count
    return Fraction(months, 12) + min(year_fraction(odd, add_months(start, months), end), Fraction(1, 12))


def lot(basis: Basis, amount: Money, start: date, end: date) -> Lot:
    """An amount that earned from ``start`` (in) to ``end`` (out)."""
    return Lot(amount, start, end, fraction_of_year(basis, start, end))


def earning(terms: Terms, amount: Money) -> Money:
    """The part of an amount that earns: whole multiples of the product's ``earning_unit``, where it has one."""
    return Money(earning_minor(terms, amount.minor), amount.currency)


def earning_minor(terms: Terms, minor: int) -> int:
    """As :func:`earning`, in minor units."""
    unit = terms.earning_unit
    return minor if unit is None else minor - minor % unit.minor


def exact_interest(terms: Terms, lots: Sequence[Lot], annual: Decimal) -> Fraction:
    """Interest on lots at one annual rate, exactly, in major units."""
    years = sum((Fraction(earning(terms, each.amount).decimal()) * each.fraction for each in lots), Fraction(0))
    return years * Fraction(annual)


def balance_days(day_count: str, start: date, end: date) -> tuple[int, int]:
    """Days of a span for accumulated products: (ordinary, in leap years over 366). Additive over adjoining spans."""
    if day_count == "30E/360":
        return int(year_fraction(day_count, start, end) * 360), 0
    if day_count != "actual/actual":
        return (end - start).days, 0
    leap, cursor = 0, start
    while cursor < end:
        stop = min(end, date(cursor.year + 1, 1, 1))
        if date(cursor.year, 12, 31).timetuple().tm_yday == 366:
            leap += (stop - cursor).days
        cursor = stop
    return (end - start).days - leap, leap


def balance_days_interest(day_count: str, ordinary: int, leap: int, annual: Decimal, currency: str) -> Fraction:
    """Exact interest in major units on minor units x days at an annual rate."""
    years = Fraction(ordinary, DENOMINATORS[day_count]) + Fraction(leap, 366)
    scale: int = 10 ** exponent(currency)
    return years * Fraction(annual) / scale


def exact_text(value: Fraction, places: int = 8) -> str:
    """A fraction as decimal text, rounded half up to ``places`` for reading only."""
    scaled = abs(value) * 10**places + Fraction(1, 2)
    whole = scaled.numerator // scaled.denominator
    digits = str(whole).rjust(places + 1, "0")
    text = f"{digits[: len(digits) - places]}.{digits[len(digits) - places :]}".rstrip("0").rstrip(".")
    return "-" + text if value < 0 and whole else text


def in_major(minor: int, currency: str) -> str:
    """Minor units (or minor units x days, which may go beyond any amount of money) in major units, without zeros."""
    return exact_text(Fraction(minor, 10 ** exponent(currency)), exponent(currency))


def payment(
    terms: Terms,
    lots: Sequence[Lot],
    annual: Decimal,
    rule: str,
    paid_on: date,
    *,
    basis: Basis | None = None,
    capitalised: bool = False,
) -> InterestPayment:
    """Interest on lots at one annual rate, rounded once by the product's rounding, with its working."""
    used = basis or terms.basis
    exact = exact_interest(terms, lots, annual)
    amount = round_fraction(exact, terms.currency, terms.rounding)
    spans = " + ".join(
        each.working or f"{earning(terms, each.amount).plain()} x {_span(used, each)}"
        for each in lots
        if each.fraction or len(lots) == 1
    )
    working = f"({spans})" if " + " in spans else spans
    start, end = min(each.from_on for each in lots), max(each.to_on for each in lots)
    return InterestPayment(
        paid_on=paid_on,
        amount=amount,
        from_on=start,
        to_on=end,
        days=(end - start).days,
        principal=Money(sum(each.amount.minor for each in lots), terms.currency),
        annual_rate=annual,
        day_count=f"{used.day_count}, {used.period}",
        rule=rule,
        reason=RULES[rule],
        working=f"{working} x {percent(annual)} = {exact_text(exact)} -> {amount.plain()} ({terms.rounding})",
        exact=exact_text(exact),
        capitalised=capitalised,
    )


def demand_payment(terms: Terms, annual: Decimal, lots: Sequence[Lot], rule: str, on: date) -> InterestPayment:
    """Interest at a day's demand rate on lots made with ``terms.demand_basis``."""
    return payment(terms, lots, annual, rule, on, basis=terms.demand_basis)


def _span(basis: Basis, each: Lot) -> str:
    """The fraction as people write it: ``6/12``, ``6/12 + 3/360``, ``184/360``; else reduced."""
    days = (each.to_on - each.from_on).days
    whole_months = basis.period == "full_months" or basis.day_count == "months/12"
    if whole_months and days > 0:
        months = full_months(each.from_on, each.to_on)
        odd = (each.to_on - add_months(each.from_on, months)).days
        denominator = 365 if basis.day_count == "actual/365" else 360
        if each.fraction == Fraction(months, 12) + Fraction(odd, denominator):
            parts = [f"{months}/12"] if months else []
            parts += [f"{odd}/{denominator}"] if odd or not months else []
            return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"
    for denominator in (360, 365, 366):
        if each.fraction == Fraction(days, denominator):
            return f"{days}/{denominator}"
    if (each.fraction * 360).denominator == 1:
        return f"{each.fraction * 360}/360"
    return str(each.fraction)


def next_day(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)
