"""Own the acts of a saver's story: one yuan in every product, the quarter ends as they come, and a year later.

What is told of a day is read by the day, so that a story told again says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from farthing.kit import tables
from farthing.kit.actor import Actor
from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal
from farthing.kit.money import Money, total
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.model import Party, Register, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.products import reading
from farthing.products import service as products
from farthing.products.model import Publish
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, DepositStatement, DepositView, Done, Notify, OpenDeposit
from farthing.savings.deposits.papers import INTEREST_CERTIFICATE
from farthing.savings.rules.model import InterestPayment
from farthing.savings.shelf import service as catalogue
from farthing.town import people
from farthing.town.enrolling import come_in
from farthing.town.story import words
from farthing.town.story.columns import columns
from farthing.town.story.teller import Step, Teller

SAVER = frozenset({"parties:verify", "payments:open", "payments:top_up", "savings:open", "savings:deposit",
                   "savings:withdraw"})  # fmt: skip
NAME, BORN_ON, CODES, CARD = "陈小满", date(1999, 5, 1), range(100, 400, 2), "6222021007654321098"
ONE = Money.parse("1.00", "CNY")
BROUGHT = Money.parse("60000.00", "CNY")
NOTICE_DAYS = 7
YEAR_DAYS = 365
FUND = "savings-baby"
ROLLING = "savings-rolling"
FUND_NAME = Words("Small Change fund", "活钱货币基金")
STANDING = (
    Words("product", "产品"), Words("on deposit", "余额"), Words("interest paid so far", "已付利息"),
    Words("earned and not yet paid", "应计"),
)  # fmt: skip
GAVE = (
    Words("product", "产品"), Words("paid in", "存入"), Words("gave", "所得"), Words("exact", "精确值"),
    Words("a yuan a year", "一元一年"),
)  # fmt: skip
DRAWS = ("interest_draw", "interest_draw_last", "interest_taken_back")


@dataclass(frozen=True, slots=True)
class Way:
    """One product and what is agreed with it."""

    product: str
    terms: dict[str, Any] = field(default_factory=dict)


WAYS = (
    Way("savings-demand"),
    Way(ROLLING),
    Way("savings-rolling-grassroots"),
    Way("savings-notice-grassroots", {"notice": "7d"}),
    Way("savings-instalment", {"term": "1y", "collect": True}),
    Way("savings-lump-sum", {"term": "1y"}),
    Way("savings-time-or-demand"),
    Way("savings-lump-in-instalments-out", {"term": "1y", "every": "1m"}),
    Way("savings-interest-drawn", {"term": "1y", "every": "1m"}),
    Way("savings-notice", {"notice": "7d"}),
    Way("savings-tiered", {"term": "5y"}),
)
"""Every deposit product that comes with the program, those that take one yuan first; what the bank's law refuses is told so."""


@dataclass
class Saver:
    """What the acts of the story share as it goes on."""

    teller: Teller
    run: str
    party: Party = field(init=False)
    actor: Actor = field(init=False)
    opened: list[DepositView] = field(default_factory=list)

    @property
    def opened_on(self) -> date:
        """The day on which everything began."""
        return self.opened[0].opened_on


def register(scene: Saver) -> None:
    """She registers with her phone, and brings money from her card."""
    teller = scene.teller
    with teller.step("A saver", "储户") as told:
        number = people.resident_id(NAME, scene.run, BORN_ON, codes=CODES)
        command = Register(NAME, number, people.phone(NAME, scene.run))
        scene.party = come_in(teller.kernel, command).party
        scene.actor = Actor(f"customer:{scene.party.id}", SAVER, scene.party.id)
        checked = teller.run(parties.verify_identity, VerifyIdentity(scene.party.id), "verify", scene.actor)
        teller.run(payments.open_wallet, OpenWallet(scene.party.id), "wallet", scene.actor)
        teller.run(payments.top_up, MoveByRail(scene.party.id, BROUGHT, CARD), "top-up", scene.actor)
        told.say(
            f"{NAME}, identity {words.IDENTITY[checked.outcome].en}; {BROUGHT} from her card to her wallet",
            f"{NAME}，身份核验一致；从银行卡充值 {BROUGHT} 到钱包",
        )
        told.data.update(party_id=scene.party.id)


def open_each(scene: Saver) -> None:
    """One yuan is offered to every product; who refuses it says why, and is given the least it takes."""
    with scene.teller.step("One yuan for every product", "一元钱存入每种产品") as told:
        for way in WAYS:
            done = _open(scene, told, way)
            if done is not None:
                scene.opened.append(done.deposit)
        told.data.update(opened={each.product: each.balance for each in scene.opened})


def _open(scene: Saver, told: Step, way: Way) -> Done | None:
    teller = scene.teller
    try:
        done: Done = teller.run(
            deposits.open_deposit, OpenDeposit(scene.party.id, way.product, ONE, **way.terms), f"one:{way.product}",
            scene.actor,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code == "products.unknown":
            _not_sold(scene, told, way)
            return None
        least = teller.kernel.read(lambda tx: catalogue.terms(tx, way.product)[1])
        told.say(f"{least.name.en}: {ONE} refused [{refusal.code}]", f"{least.name.zh}：{ONE} 不受理 [{refusal.code}]")
        told.say(f"    {refusal.detail}", f"    {refusal.detail_zh}")
        done = teller.run(
            deposits.open_deposit, OpenDeposit(scene.party.id, way.product, least.minimum, **way.terms),
            f"least:{way.product}", scene.actor,
        )  # fmt: skip
    name = done.deposit.name
    agreed = words.agreed_on(way.terms)
    monthly = (
        Words(", the same each month from her wallet", "，每月自动扣存") if done.deposit.collect else Words("", "")
    )
    told.say(
        f"{name.en}: {done.deposit.balance}{monthly.en}{agreed.en}",
        f"{name.zh}：{done.deposit.balance}{monthly.zh}{agreed.zh}",
    )
    return done


def _not_sold(scene: Saver, told: Step, way: Way) -> None:
    """A product that the policy pack forbids: the bank may not put it on the shelf, and the refusal says why."""
    source = (products.ROOT / "products" / f"{way.product}.toml").read_text(encoding="utf-8")
    try:
        scene.teller.kernel.preview(catalogue.publish, Publish(way.product, source))
    except Refusal as refusal:
        name = reading.names(tables.parse(way.product, source, reading.as_savings), "name")
        told.say(f"{name.en}: not on sale [{refusal.code}]", f"{name.zh}：不得销售 [{refusal.code}]")
        told.say(f"    {refusal.detail}", f"    {refusal.detail_zh}")
        told.data.setdefault("not_sold", []).append(way.product)


def quarters(scene: Saver, end: date, fund: Callable[[date], tuple[Sequence[object], list[Words]]]) -> None:
    """Each quarter end before ``end``: what every deposit was paid by then, and has earned beside it; then the fund."""
    start = scene.opened_on
    settled = [date(year, month, 21) for year in (start.year, start.year + 1) for month in (3, 6, 9, 12)]
    for day in settled:
        if not start < day < end:
            continue
        scene.teller.wait_until(day)
        with scene.teller.step(f"Quarter end, the morning of {day}", f"季度结息次日，{day}") as told:
            row, published = fund(day)
            rows = [*[_standing(scene, told, each, day) for each in scene.opened], row]
            for line in columns([told.pick(each) for each in STANDING], rows, right=(1, 2, 3)):
                told.say(line)
            for each in published:
                told.say(each.en, each.zh)


def _standing(scene: Saver, told: Step, deposit: DepositView, day: date) -> Sequence[object]:
    read = scene.teller.kernel.read
    worth = read(lambda tx: passbook.worth(tx, deposit.id, day))
    paid = _sum(read(lambda tx: passbook.interest(tx, deposit.id, None, day)))
    return told.pick(deposit.name), worth.balance, paid, exactly(Decimal(worth.accrued))


def exactly(amount: Decimal) -> str:
    """Yuan to eight decimals, as interest is before it is rounded."""
    return f"{ONE.currency} {amount:,.8f}"


def _exact(payment: InterestPayment) -> Decimal:
    """What a payment was before rounding. Draws of interest are parts of one whole: the last takes their roundings."""
    return payment.amount.decimal() if payment.rule in DRAWS else Decimal(payment.exact)


def _sum(payments: Sequence[InterestPayment]) -> Money:
    return total([each.amount for each in payments], "CNY")


def a_year_later(scene: Saver, end: date, fund: Callable[[], tuple[Money, Decimal, int]]) -> None:
    """Notice where notice is due; then every deposit is closed, and what each gave is told to the fen.

    ``fund`` redeems the yuan in the fund: what it gained, exactly, in how many days.
    """
    teller, kernel = scene.teller, scene.teller.kernel
    scene.teller.wait_until(end - timedelta(days=NOTICE_DAYS))
    drawn_on = end
    for each in scene.opened:
        if each.notice:
            told = teller.run(deposits.notify, Notify(each.id, each.balance), f"notify:{each.product}", scene.actor)
            drawn_on = max(drawn_on, told.deposit.notices[0].for_on)
    scene.teller.wait_until(drawn_on)
    with teller.step(f"A year later, {drawn_on}", f"一年之后，{drawn_on}") as told:
        gave, exact = {}, {}
        rows: list[Sequence[object]] = []
        for each in scene.opened:
            if not kernel.read(lambda tx, each=each: passbook.deposit(tx, each.id)).closed_on:  # type: ignore[misc]
                teller.run(deposits.close, CloseDeposit(each.id), f"close:{each.product}", scene.actor)
            paid = kernel.read(lambda tx, each=each: passbook.interest(tx, each.id))  # type: ignore[misc]
            story = kernel.read(lambda tx, each=each: passbook.statement(tx, each.id))  # type: ignore[misc]
            gave[each.product] = _sum(paid)
            exact[each.product] = sum(map(_exact, paid), Decimal(0))
            years = _yuan_days(story) / YEAR_DAYS
            of_one = exact[each.product] / years
            rows.append(
                (
                    told.pick(each.name),
                    _paid_in(story),
                    gave[each.product],
                    *map(exactly, (exact[each.product], of_one)),
                )
            )
        gain, earned, fund_days = fund()
        gave[FUND], exact[FUND] = gain, earned
        rows.append((told.pick(FUND_NAME), ONE, gain, *map(exactly, (earned, earned * YEAR_DAYS / fund_days))))
        for line in columns([told.pick(each) for each in GAVE], rows, right=(1, 2, 3, 4)):
            told.say(line)
        told.say(
            "exact is before any rounding; the last column is what a yuan kept there a year earns",
            "精确值为舍入前金额；末列为一元存满一年所得",
        )
        interest = total(list(gave.values()), "CNY")
        wallet = kernel.read(lambda tx: payments.wallet(tx, scene.party.id)).balance
        _rounded_away(scene, told)
        told.say(
            f"back in her wallet: {wallet} = {BROUGHT} + interest and income {interest}",
            f"钱包：{wallet} = {BROUGHT} + 利息与收益 {interest}",
        )
        told.data.update(
            gave=gave, exact={name: f"{value:.8f}" for name, value in exact.items()}, interest=interest, wallet=wallet
        )


def _rounded_away(scene: Saver, told: Step) -> None:
    """Say why a yuan earns nothing where each payment is rounded."""
    told.say(
        "demand savings pays each quarter, and a quarter of one yuan is less than half a fen, which rounds to nothing",
        "活期储蓄按季结息，一元钱每季利息不足半分，四舍五入后为零",
    )
    if any(each.product == ROLLING for each in scene.opened):
        told.say(
            "seven-day rolling rounds each week of one yuan to nothing; the grassroots one carries what rounding took",
            "智能七天滚存每周利息不足半分，舍入后为零；普惠七天滚存把每周舍入的零头结转到下一周，满一分即付",
        )


def _paid_in(story: DepositStatement) -> Money:
    return total([each.principal_in for each in story.events], "CNY")


def _yuan_days(story: DepositStatement) -> Decimal:
    """How many yuan were on deposit for how many days, interest that joined the principal left out."""
    days, kept, since = Decimal(0), Decimal(0), story.events[0].on
    for each in story.events:
        days += kept * (each.on - since).days
        kept = min(kept + (each.principal_in - each.principal_out).decimal(), each.balance.decimal())
        since = each.on
    return days


def certificates(scene: Saver, folder: Path) -> None:
    """The interest certificate of each deposit, Chinese and English, to read back by any PDF program."""
    with scene.teller.step("Interest certificates", "利息清单") as told:
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for each in scene.opened:
            made = scene.teller.kernel.read(
                lambda tx, each=each: passbook.printed(tx, each.id, INTEREST_CERTIFICATE)  # type: ignore[misc]
            )
            path = folder / f"saver-{scene.run}-{each.product.removeprefix('savings-')}-certificate.pdf"
            path.write_bytes(made.pdf)
            written.append(str(path))
            told.say(str(path))
        told.data.update(certificates=written)


def end_of(scene: Saver, months: int) -> date:
    """The day on which the story's year is over."""
    return add_months(scene.opened_on, months)
