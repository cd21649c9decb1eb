"""Own what every deposit rule shares: the checks in their documented order, and building a ``Change``.

Never decides about one product: that stands in the file of its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from farthing.kit.errors import InvariantBroken, conflict, declined, malformed
from farthing.kit.money import Money, positive
from farthing.products.deposit import Terms
from farthing.products.rates import RateBoard, Term
from farthing.savings.rules.books import Lines
from farthing.savings.rules.interest import exact_interest, lot
from farthing.savings.rules.model import Agreement, Change, Deposit, Due, Event, Facts, InterestPayment
from farthing.savings.rules.telling import Telling

AMOUNT_MISSING = malformed("savings.amount_missing", "{do} on {on} needs an amount.", "{on} 的 {do} 需要写明金额。")
WRONG_CURRENCY = malformed(
    "savings.wrong_currency",
    "This product keeps {currency}; {amount} cannot be used.",
    "本产品币种为 {currency}，不能使用 {amount}。",
)
UNKNOWN_EVENT = malformed(
    "savings.unknown_event",
    "{do} is not something a deposit knows; use one of {known}.",
    "存款不支持操作 {do}；可用：{known}。",
)
PRODUCT_CHANGED = conflict(
    "savings.product_changed",
    "The terms of {product} asked for are not those that apply here: a new deposit takes the version in force, an old one "
    "keeps its own. Read the terms again and name that version, or none.",
    "所要求的 {product} 条款版本与适用的不一致：新开存款适用现行版本，已开存款沿用原版本。请重读条款并指明该版本，或不指明。",
)
CLOSED = conflict(
    "savings.closed",
    "The deposit was closed on {closed_on}; open a new one.",
    "该存款已于 {closed_on} 销户；请另开新户。",
)
OUT_OF_ORDER = conflict(
    "savings.out_of_order",
    "{on} is before {last_on}, the last day on which this deposit changed; give events in the order of their dates.",
    "{on} 早于该存款最近变动日 {last_on}；请按日期先后提交。",
)
HOLIDAY_VALUE_DATE = declined(
    "savings.holiday_value_date",
    "{on} is a holiday and this product takes value dates on business days only; use {next_on}.",
    "{on} 为节假日，本产品仅在营业日起息或支取；请改用 {next_on}。",
)
MOST_PAID_IN_MINOR = 10**15
"""The most that is paid in at once, in minor units (ten trillion yuan): a century's interest on it stays far below what an
amount can hold, so that no deposit can stop the close of a day by overflowing."""
ABOVE_MOST = declined(
    "savings.above_most",
    "{amount} is more than can be paid in at once; the most is {most}.",
    "{amount} 超出单笔存入上限；单笔至多 {most}。",
)
BELOW_MINIMUM = declined(
    "savings.below_minimum",
    "{amount} is below the product's minimum of {minimum}; pay in at least that much.",
    "{amount} 低于起存金额 {minimum}；请至少存入该金额。",
)
REMAINDER_BELOW_MINIMUM = declined(
    "savings.remainder_below_minimum",
    "{remainder} would remain, below the minimum of {minimum}; draw less or close the deposit.",
    "支取后余额 {remainder} 低于起存金额 {minimum}；请少取或全部支取。",
)
OVER_BALANCE = declined(
    "savings.over_balance",
    "{amount} is more than the {balance} on deposit; draw at most that.",
    "支取金额 {amount} 超过存款余额 {balance}；请减少金额。",
)
NOT_OFFERED = declined(
    "savings.not_offered",
    "{product} does not offer {do}; see the product's rules for what it does.",
    "{product} 不支持{do_zh}；请查看产品规则。",
)
WHOLE_ONLY = declined(
    "savings.whole_only",
    "{product} is drawn as a whole; close it instead of drawing {amount}.",
    "{product} 只能一次全部支取，不能部分支取 {amount}；请销户支取。",
)
SINGLE_DEPOSIT = declined(
    "savings.single_deposit",
    "{product} takes one deposit only; open another deposit for {amount}.",
    "{product} 只能一次性存入；{amount} 请另开一笔。",
)
BEFORE_TERM = declined(
    "savings.before_term",
    "{product} matures on {matures_on} and does not allow this on {on}, before its term; wait until then.",
    "{product} 于 {matures_on} 到期，{on} 尚未到期，不能办理；请到期后再办。",
)
TERM_NOT_OFFERED = declined(
    "savings.term_not_offered",
    "{product} is offered for {offered}, not for {term}; choose one of those.",
    "{product} 的存期为 {offered}，没有 {term}；请从中选择。",
)
NOT_AGREED = malformed(
    "savings.agreement_incomplete",
    "{product} needs the agreement to say {field}: one of {offered}.",
    "开立 {product} 需在约定中写明 {field}：{offered}。",
)

DOINGS_ZH = {
    "deposit": "再次存入", "withdraw": "部分支取", "notify": "通知支取", "cancel_notice": "取消通知", "renew": "转存",
    "close": "销户", "group": "团购",
}  # fmt: skip
"""What may be asked of a product, as Chinese sentences name it."""
EVENTS = ("deposit", "withdraw", "notify", "cancel_notice", "renew", "close")


Rates = tuple[tuple[Term | None, Decimal], ...]
"""Annual rates by term, none where the product has no term, the shortest first."""


def at_maturity(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> date | None:
    """Maturity, if it is to come: the only day on which most deposits begin to earn otherwise by themselves."""
    return deposit.matures_on if deposit.matures_on is not None and deposit.matures_on > on else None


def one_agreement(terms: Terms, board: RateBoard, opened_on: date, closing_on: date | None) -> tuple[Agreement, ...]:
    """The agreement of a product that leaves nothing to be chosen."""
    return (Agreement(),)


def paid_in_once(terms: Terms, agreement: Agreement, amount: Money, opened_on: date, closing_on: date) -> list[Event]:
    """One payment on the first day."""
    return [Event(opened_on, "deposit", amount)]


def as_a_whole(terms: Terms, deposit: Deposit, amount: Money) -> bool:
    """A product of which no part can be broken out."""
    return False


@dataclass(frozen=True)
class Together:
    """How all deposits of a product are settled on one day, by the million, without one being looked at by itself.

    - ``day``: (terms, after) -> the first day after another on which settled interest joins the principal;
    - ``priced``: (terms, day) -> the day whose demand rate is paid, of what joins the principal on a day;
    - ``interest``: (terms, annual rate, on) -> what answers a deposit's interest in minor units, until the start of that day,
      from (balance, balance-days, those in leap years, as of);
    - ``line``: (terms) -> the line of the control totals that they all earn on.
    """

    day: Callable[..., date]
    priced: Callable[..., date]
    interest: Callable[..., Callable[[int, int, int, date], int]]
    line: Callable[..., str]


@dataclass(frozen=True)
class Grouped:
    """How a term of a product is bought by a group.

    ``term``: (terms, what is asked for) -> the term, or a refusal; ``annual``: (board, term, on) -> what it pays.
    """

    term: Callable[..., Term]
    annual: Callable[..., Decimal]


@dataclass(frozen=True)
class Behaviour:
    """Everything the bank does with one product: a product is one file of rules that ends in this.

    - ``open``, ``rules`` (one an event; one that is missing is refused ``savings.not_offered``), ``due``, ``settle``:
      (terms, facts, state, event or due) -> ``Change``;
    - ``accrued``: the contract's figure, which people are told: (terms, facts, state, on) -> earned and not yet paid at the
      start of a day, exactly, in major units, of a state whose dues are settled;
    - ``lines``: the books' figure: (terms, state, on, board) -> its part of the control totals from that day on, until
      ``changes_on`` the same: the next day on which they take another form by themselves;
    - ``takes``: what an opening may choose: of ``term``, ``every``, ``notice``, ``renewal``, ``collect``;
    - ``rates``: (terms, board, on) -> what it pays if it is opened on a day;
    - ``told``: (terms) -> what it is, how it ends and what leaving it early costs, in words;
    - ``agreements``: (terms, board, opened on, closing on) -> every agreement it offers; ``plan``: (terms, agreement, amount,
      opened on, closing on) -> how a careful saver uses it;
    - ``pins_rate``: the rate of the opening day holds for the term, and is shown;
    - ``together``: how all deposits settle on one day, where they do: none is looked for by itself then;
    - ``part``: (terms, state, amount) -> whether that much can be broken out of a running term and the rest kept;
    - ``small_change``: takes any amount on any day, which is where small change may go;
    - ``grouped``: how a term of it is bought by a group, where that is offered.
    """

    open: Callable[..., Change]
    rules: dict[str, Callable[..., Change]]
    due: Callable[..., Due | None]
    settle: Callable[..., Change]
    accrued: Callable[..., Fraction]
    lines: Callable[..., Lines]
    rates: Callable[..., Rates]
    told: Callable[..., Telling]
    takes: frozenset[str] = frozenset()
    agreements: Callable[..., tuple[Agreement, ...]] = one_agreement
    plan: Callable[..., list[Event]] = paid_in_once
    changes_on: Callable[..., date | None] = at_maturity
    pins_rate: bool = False
    together: Together | None = None
    part: Callable[..., bool] = as_a_whole
    small_change: bool = False
    grouped: Grouped | None = None


def nothing_due(terms: Terms, deposit: Deposit) -> Due | None:
    """A product on which nothing happens by itself."""
    return None


def nothing_to_settle(terms: Terms, facts: Facts, deposit: Deposit, due: Due) -> Change:
    """Never reached: the product has nothing due."""
    raise InvariantBroken(f"{terms.product} has nothing due, yet {due.what} was settled")


def check_amount(terms: Terms, event: Event) -> Money:
    """The event's amount: present, in the product's currency, more than zero."""
    if event.amount is None:
        raise AMOUNT_MISSING(do=event.do, on=event.on.isoformat())
    if event.amount.currency != terms.currency:
        raise WRONG_CURRENCY(currency=terms.currency, amount=str(event.amount))
    if event.do == "deposit" and event.amount.minor > MOST_PAID_IN_MINOR:
        raise ABOVE_MOST(amount=str(event.amount), most=str(Money(MOST_PAID_IN_MINOR, terms.currency)))
    return positive(event.amount)


def check_value_date(terms: Terms, facts: Facts, on: date) -> None:
    """Refuse ``savings.holiday_value_date`` where the product takes business days only."""
    if terms.value_dates == "business_days" and on in facts.holidays:
        following = on
        while following in facts.holidays:
            following += timedelta(days=1)
        raise HOLIDAY_VALUE_DATE(on=on.isoformat(), next_on=following.isoformat())


def check_minimum(terms: Terms, amount: Money) -> None:
    """Refuse an opening below the product's minimum."""
    if amount < terms.minimum:
        raise BELOW_MINIMUM(amount=str(amount), minimum=str(terms.minimum))


def check_draw(terms: Terms, deposit: Deposit, amount: Money) -> None:
    """Refuse a draw over the balance."""
    if amount > deposit.balance:
        raise OVER_BALANCE(amount=str(amount), balance=str(deposit.balance))


def check_remainder(terms: Terms, remainder: Money) -> None:
    """Refuse a part withdrawal that would leave less than the minimum."""
    if remainder < terms.minimum:
        raise REMAINDER_BELOW_MINIMUM(remainder=str(remainder), minimum=str(terms.minimum))


def chosen(terms: Terms, field: str, value: Term | None, offered: Sequence[Term]) -> Term:
    """The agreed term if the product offers it; the only offered one if nothing was agreed."""
    names = ", ".join(map(str, offered))
    if value is None:
        if len(offered) == 1:
            return offered[0]
        raise NOT_AGREED(product=terms.product, field=field, offered=names)
    if value not in offered:
        raise TERM_NOT_OFFERED(product=terms.product, term=str(value), offered=names)
    return value


def new_deposit(
    terms: Terms,
    agreement: Agreement,
    amount: Money,
    on: date,
    *,
    rate: Decimal = Decimal(0),
    matures_on: date | None = None,
) -> Deposit:
    """The state right after opening."""
    return Deposit(
        product=terms.product,
        terms_digest=terms.digest(),
        agreement=agreement,
        opened_on=on,
        balance=amount,
        since_on=on,
        as_of_on=on,
        rate=rate,
        matures_on=matures_on,
    )


def changed(
    deposit: Deposit,
    on: date,
    *,
    paid_in: Money | None = None,
    paid_out: Money | None = None,
    interest: Sequence[InterestPayment] = (),
) -> Change:
    """A change of ``deposit`` (already in its new state) on a day."""
    zero = Money.zero(deposit.balance.currency)
    return Change(deposit, on, paid_in or zero, paid_out or zero, tuple(interest))


def closing(deposit: Deposit, on: date, interest: Sequence[InterestPayment]) -> Change:
    """Pay out the whole balance and close."""
    zero = Money.zero(deposit.balance.currency)
    after = replace(
        deposit, balance=zero, as_of_on=on, closed_on=on, balance_days=0, leap_balance_days=0, portions=(), notices=()
    )
    return changed(after, on, paid_out=deposit.balance, interest=interest)


def refuse_part(terms: Terms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """A withdrawal of less than everything on a product drawn as a whole."""
    amount = check_amount(terms, event)
    check_draw(terms, deposit, amount)
    raise WHOLE_ONLY(product=terms.product, amount=str(amount))


def refuse_second_deposit(terms: Terms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """A second payment into a product that takes one."""
    raise SINGLE_DEPOSIT(product=terms.product, amount=str(check_amount(terms, event)))


def last_business_day_before(day: date, holidays: frozenset[date]) -> date:
    """The last day before ``day`` that is not a holiday."""
    day -= timedelta(days=1)
    while day in holidays:
        day -= timedelta(days=1)
    return day


def quoted_rates(board: RateBoard, family: str, terms: Sequence[Term], on: date, factor: Decimal = Decimal(1)) -> Rates:
    """What a board quotes of some terms on a day, times a factor."""
    quoted = board.terms(family, on)
    return tuple((term, (board.rate(family, term, on) * factor).normalize()) for term in terms if term in quoted)


def overdue(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """What the balance has earned since maturity, at the demand rate of a day."""
    matures_on = deposit.matures_on
    if matures_on is None or on <= matures_on:
        return Fraction(0)
    return exact_interest(terms, [lot(terms.demand_basis, deposit.balance, matures_on, on)], facts.board.demand(on))
