"""Answer what the own book's loans earned, and run what sets the internal rates by which their money is charged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from farthing.db.tx import Row, Tx
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.calendar import month_before, month_end
from farthing.kit.errors import conflict, declined
from farthing.kit.inputs import Day, Word
from farthing.kit.money import exponent
from farthing.kit.words import Words
from farthing.ledger.profit import service as profit
from farthing.ledger.profit.model import Earned
from farthing.lending.roll import service as roll
from farthing.lending.roll.model import Lent
from farthing.lending.spread import rules, store
from farthing.lending.spread.model import InternalRates, SetInternalRates, SpreadReport
from farthing.products import reading
from farthing.products.rates import Edition, RateBoard, Term, by_term, rate_board

IN_FORCE = conflict(
    "lending.internal_rates_in_force",
    "Internal rates of {currency} from {effective_on} would change what has been charged; choose a day after {today}.",
    "{currency} 自 {effective_on} 起的内部资金价格会改变已计收的部分；请选择 {today} 之后的日期。",
)
BAD_PERIOD = declined(
    "lending.period_refused",
    "A report from {since} to {until} is not made; ask for at most {most} days in order, none of them to come.",
    "无法编制 {since} 至 {until} 的报表；请按先后顺序选择不超过 {most} 天、且不晚于今天的期间。",
)
MOST_DAYS = 366


@operation(
    "lending.set_internal_rates", title=Words("Set internal rates", "设定内部资金价格"),
    permission="lending:rates", four_eyes=True, whose=STAFF,
)  # fmt: skip
def set_internal_rates(tx: Tx, command: SetInternalRates) -> InternalRates:
    """Say what money costs inside the bank from a day on; what has come never changes.

    The first edition of a currency may be of any day. Refuses ``lending.internal_rates_in_force``, ``savings.bad_rate``,
    ``savings.bad_term``, ``savings.term_twice`` and ``money.unknown_currency``.
    """
    exponent(command.currency)
    rates = {"demand": command.demand, "terms": command.terms}
    _edition({"effective_on": command.effective_on, "rates": rates})
    stands = bool(store.editions(tx, command.currency))
    if (stands and command.effective_on <= tx.business_date) or not store.insert(tx, command):
        raise IN_FORCE(currency=command.currency, effective_on=command.effective_on, today=tx.business_date)
    return next(each for each in internal_rates(tx, command.currency) if each.effective_on == command.effective_on)


@question("lending.internal_rates", permission="reports:read", whose=STAFF)
def internal_rates(tx: Tx, currency: Word = "") -> list[InternalRates]:
    """What money costs inside the bank: every edition of a currency's curve, or of all, in the order of their days."""
    return [_shown(row) for row in store.editions(tx, currency)]


@question("lending.spread", permission="reports:read", whose=STAFF)
def spread(tx: Tx, since: Day | None = None, until: Day | None = None) -> SpreadReport:
    """What the own book's loans earned in a period, by product, up to the result of the books: interest, fees, what their
    money cost inside the bank, what was set aside, what was lost. Without days, the month that ended last.

    Refuses ``lending.period_refused``.
    """
    ended = month_before(tx.business_date)
    last = until or (ended if since is None else min(month_end(since), tx.business_date))
    first = since or last.replace(day=1)
    days = (last - first).days + 1
    if not 1 <= days <= MOST_DAYS or last > tx.business_date:
        raise BAD_PERIOD(since=first, until=last, most=MOST_DAYS)
    earned = profit.earned(tx, first, last)
    lent = _lent(tx, earned, first, last)
    held = profit.balance_days(tx, [loan.principal_account for loan in lent], first, last)
    curves = _curves(tx)
    seen = {loan.currency for loan in lent} | {each.currency for each in earned}
    found = [
        rules.spread(
            currency, curves.get(currency), [loan for loan in lent if loan.currency == currency],
            [each for each in earned if each.currency == currency], held, days,
        )
        for currency in sorted(seen, key=lambda code: (code != tx.home, code))
    ]  # fmt: skip
    return SpreadReport(first, last, days, tuple(found))


def _lent(tx: Tx, earned: Sequence[Earned], since: date, until: date) -> list[Lent]:
    """The loans that were being repaid in a period, and those that its entries name beside them."""
    lent = roll.lent(tx, since, until)
    about = {about for kind, about in (rules.named(each.reference) for each in earned) if kind == rules.LOAN}
    return lent + roll.lent_of(tx, sorted(about - {loan.short_id for loan in lent}))


def _curves(tx: Tx) -> Mapping[str, RateBoard]:
    editions: dict[str, list[Edition]] = defaultdict(list)
    for row in store.editions(tx):
        editions[row["currency"]].append(_edition(row))
    return {currency: rate_board(currency, found) for currency, found in editions.items()}


def _edition(row: Row) -> Edition:
    """An edition of the curve; refuses ``savings.bad_rate``, ``savings.bad_term``, ``savings.term_twice``."""
    rates: dict[tuple[str, Term | None], Decimal] = {("demand", None): reading.rate(row["rates"]["demand"])}
    for term, annual in by_term(row["rates"]["terms"]).items():
        rates[rules.TERMED, term] = annual
    return Edition(row["effective_on"], rates)


def _shown(row: Row) -> InternalRates:
    edition = _edition(row)
    terms = sorted(
        (term, annual) for (family, term), annual in edition.rates.items() if family == rules.TERMED and term
    )
    demand: Decimal = edition.rates["demand", None]
    return InternalRates(
        row["currency"], edition.effective_on, demand, tuple((str(term), annual) for term, annual in terms),
        row["source"], row["source_zh"] or row["source"], row["set_by"],
    )  # fmt: skip
