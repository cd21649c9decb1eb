"""Own ``farthing market``: what lending may come to, who may lend, listings, batches and sales. Never decides anything.

Nothing here is done in a lender's place: tests, simulations and warnings are at the customer's own hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from farthing.commands.bank import bank
from farthing.commands.language import pick, say
from farthing.commands.savings import Amount, Person, ask
from farthing.commands.tables import Json, rows, tell
from farthing.funding.fairness import service as fairness_service
from farthing.funding.fairness.model import MarketFairness
from farthing.funding.market import (
    batches_service,
    knowledge,
    lenders_rules,
    listings_service,
    mandates_service,
    valuing_service,
)
from farthing.funding.market import lenders_service as lenders
from farthing.funding.market.batches_model import MarketBatch
from farthing.funding.market.knowledge import KnowledgeTest
from farthing.funding.market.lenders_model import Fan, LenderStanding
from farthing.funding.market.listings_model import Listing
from farthing.funding.market.mandates_model import Mandate
from farthing.funding.protection import service as protection_service
from farthing.funding.protection.model import ProtectionFund
from farthing.funding.resale import rules as resale_rules
from farthing.funding.resale import service as resale
from farthing.funding.resale.model import OnOffer, Queue
from farthing.funding.valuing import curve
from farthing.funding.valuing.outcomes import FAN, MOST_LOANS
from farthing.funding.valuing.valuation import LoanValuation
from farthing.funding.yearly import service as yearly_service
from farthing.funding.yearly.model import LenderYear
from farthing.kit.actor import SYSTEM
from farthing.kit.canonical import canonical
from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.parties import service as parties

app = typer.Typer(
    help="The marketplace: what lending may come to, who may lend, listings, batches, sales.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def market() -> None:
    """The marketplace: what lending may come to, who may lend, listings, batches, sales."""


@app.command("outcomes")
def outcomes(
    amount: Amount,
    loans: Annotated[int, typer.Argument(min=1, max=MOST_LOANS, help="Over how many loans it is spread.")] = 100,
    grade: Annotated[str, typer.Option(help="A grade of the published curve.")] = "D",
    currency: Annotated[str, typer.Option(help="CNY, EUR or USD.")] = "CNY",
    as_json: Json = False,
) -> None:
    """What an amount over so many loans of a grade may come to in a year. Needs no bank."""
    tell(lenders_rules.fan(curve.shipped(), Money.parse(amount, currency), loans, grade), as_json, _fan)


@app.command("value")
def value(offer: Annotated[str, typer.Argument(help="An offer of a loan.")], as_json: Json = False) -> None:
    """What is expected of the loan of an offer before it is listed: loss, return, and a hundred such loans."""
    ask(lambda tx: valuing_service.valuation(tx, offer), as_json, _value)


def _value(found: LoanValuation) -> None:
    rows(
        Words(f"Grade {found.grade}", f"{found.grade} 级"),
        [Words("what", "项目"), Words("figure", "数值")],
        [
            (say("defaults in an ordinary year", "平常年景违约概率"), percent(found.default)),
            (say("defaults in its life", "存续期违约概率"), percent(found.life, most=2)),
            (say("lost of a default", "违约损失率"), percent(found.lost)),
            (say("rate", "利率"), percent(found.annual)),
            (say("rate of the curve", "曲线利率"), percent(found.curve_annual)),
            (say("fee, of interest", "平台服务费占利息"), percent(found.fee)),
            (say("expected loss", "预期损失"), found.expected_loss),
            (say("expected return a year", "预期年化收益"), percent(found.expected_return, most=2)),
            (
                say("chance of a loss with 100 such loans", "100 笔同类借款的亏损概率"),
                percent(found.hundred.loss, most=2),
            ),
            (say("of it left with any number", "其中增加笔数仍不能消除"), percent(found.hundred.remains, most=2)),
        ],
        right=(1,),
    )


def _fan(found: Fan) -> None:
    rows(
        Words(
            f"{found.amount} over {found.loans} loans of grade {found.grade} at {percent(found.annual)}, after a year",
            f"{found.amount} 分散出借 {found.loans} 笔 {found.grade} 级借款，利率 {percent(found.annual)}，一年后",
        ),
        [Words("of 100 outcomes", "百分位"), Words("gain or loss", "盈亏")],
        [*zip(map(str, FAN), found.outcomes, strict=True), (say("expected", "预计"), found.expected)],
        right=(0, 1),
    )
    chance, left = percent(found.loss, least=1, most=1), percent(found.remains, least=1, most=1)
    typer.echo(
        say(
            f"Chance of a loss: {chance}; however many loans there are: {left}",
            f"亏损概率 {chance}；无论多少笔，仍有 {left}",
        )
    )
    typer.echo(pick(found.says))


@app.command("test")
def test(as_json: Json = False) -> None:
    """The questions that a lender answers before the first mandate, with the right answers. Needs no bank."""
    tell(knowledge.shipped(), as_json, _test)


def _test(found: KnowledgeTest) -> None:
    lines = []
    for each in found.questions:
        right, why = found.key[each.id]
        lines.append((each.id, pick(each.asks), f"{right}: {pick(each.choices[right])}", pick(why)))
    heads = (
        Words("question", "题目"), Words("asks", "内容"), Words("right answer", "正确答案"), Words("because", "讲解"),
    )  # fmt: skip
    rows(found.name, heads, lines)


@app.command("lender")
def lender(person: Person, as_json: Json = False) -> None:
    """Whether a person may lend through the marketplace, and what is missing."""
    ask(lambda tx: lenders.standing_of(tx, parties.the_party(tx, person).id), as_json, _standing)


def _standing(found: LenderStanding) -> None:
    rows(
        Words(f"Lender {found.party_id}", f"出借人 {found.party_id}"),
        [Words("what", "项目"), Words("done", "完成情况")],
        [
            (pick(name), say("missing", "未完成") if step in found.missing else say("done", "已完成"))
            for step, name in lenders_rules.STEPS.items()
        ],
    )
    if found.good_until is not None:
        typer.echo(say(f"May lend until before {found.good_until}", f"可出借至 {found.good_until} 前一日"))
    if found.again_on is not None:
        typer.echo(say(f"May take the test again from {found.again_on} on", f"{found.again_on} 起可再次参加测试"))


@app.command("mandates")
def mandates(person: Person, as_json: Json = False) -> None:
    """The mandates of a person as they stand, the newest first."""
    ask(lambda tx: mandates_service.mandates(tx, parties.the_party(tx, person).id), as_json, _mandates)


def _mandates(found: Sequence[Mandate]) -> None:
    heads = (
        Words("mandate", "委托"), Words("version", "版本"), Words("amount", "金额"), Words("one loan", "单笔上限"),
        Words("one borrower", "单人上限"), Words("grades", "等级"), Words("rate from", "最低利率"),
        Words("months", "期限（月）"), Words("state", "状态"),
    )  # fmt: skip
    lines = [
        (
            each.id, each.version, each.terms.amount, each.terms.per_loan, each.terms.per_borrower,
            ", ".join(each.terms.grades) or say("all", "不限"), percent(each.terms.annual),
            f"{each.terms.months_min}-{each.terms.months_max}",
            say("stopped", "已停止") if each.stopped else say("in force", "有效"),
        )
        for each in found
    ]  # fmt: skip
    rows(Words("Mandates", "出借委托"), heads, lines, right=(1, 2, 3, 4, 6))


@app.command("listings")
def listings(as_json: Json = False) -> None:
    """Loans that seek lenders now."""
    ask(lambda tx: listings_service.listings(tx, limit=200), as_json, _listings)


def _listings(found: Sequence[Listing]) -> None:
    heads = (
        Words("listing", "标的"), Words("grade", "等级"), Words("rate", "利率"), Words("months", "期限（月）"),
        Words("amount", "金额"), Words("sought", "待募集"), Words("until", "截止日"),
    )  # fmt: skip
    lines = [
        (each.id, each.worth.grade, percent(each.worth.annual), each.months, each.amount, each.sought, each.closes_on)
        for each in found
    ]
    rows(Words("Loans that seek lenders", "募集中的标的"), heads, lines, right=(2, 3, 4, 5))


@app.command("sales")
def sales(
    person: Annotated[str, typer.Argument(help="A person, by id or phone; without one, how much is for sale.")] = "",
    as_json: Json = False,
) -> None:
    """What a person offers for sale of their notes, what it is worth today, and how long it may take."""
    if person:
        ask(lambda tx: resale.sales(tx, parties.the_party(tx, person).id), as_json, _sales)
    else:
        ask(resale.queue, as_json, _queue)


def _sales(found: Sequence[OnOffer]) -> None:
    heads = (
        Words("sale", "转让"), Words("listing", "标的"), Words("offered", "申请转让"), Words("sold", "已转让"),
        Words("left", "剩余"), Words("price today", "今日价格"), Words("interest", "应计利息"), Words("state", "状态"),
        Words("expected wait", "预计等待"),
    )  # fmt: skip
    lines = [
        (
            each.sale.id, each.sale.listing_id, each.sale.offered, each.sale.sold, each.left, each.price or "",
            each.interest or "", pick(resale_rules.SALE_STATES[each.sale.state]), pick(resale_rules.wait_words(each)),
        )
        for each in found
    ]  # fmt: skip
    rows(Words("Parts of notes for sale", "债权转让"), heads, lines, right=(2, 3, 4, 5, 6))


def _queue(found: Queue) -> None:
    days = found.window_days
    rows(
        Words("The secondary market", "债权转让市场"),
        [Words("what", "项目"), Words("figure", "数值")],
        [
            (say("for sale", "转让中"), found.queued),
            (say("sellers", "转让人数"), found.sellers),
            (say(f"sold in {days} days", f"近 {days} 天成交"), found.sold),
        ],
        right=(1,),
    )


@app.command("batches")
def batches(as_json: Json = False) -> None:
    """Batches of the marketplace, the latest first."""
    ask(batches_service.batches, as_json, _batches)


def _batches(found: Sequence[MarketBatch]) -> None:
    heads = (
        Words("batch", "批次"), Words("day", "日期"), Words("listings", "标的数"), Words("mandates", "委托数"),
        Words("asked", "待募集"), Words("funded", "成交"),
    )  # fmt: skip
    lines = [
        (each.id, each.opened_on, each.listings, each.mandates, each.asked, each.funded or say("clearing", "撮合中"))
        for each in found
    ]
    rows(Words("Batches", "撮合批次"), heads, lines, right=(2, 3, 4, 5))


@app.command("batch")
def batch(
    ident: Annotated[str, typer.Argument(metavar="BATCH", help="A batch of the marketplace.")],
    out: Annotated[Path | None, typer.Option(help="Write the published file here, for farthing clear.")] = None,
    as_json: Json = False,
) -> None:
    """One batch; with --out its published file, which anybody can clear again."""
    if out is None:
        ask(lambda tx: batches_service.batch(tx, ident), as_json, lambda found: _batches([found]))
        return
    with bank(standing=True) as kernel:
        document = kernel.read(lambda tx: batches_service.published_file(tx, ident))
    out.write_bytes(canonical(document))
    typer.echo(say(f"Written to {out}; digest {document['digest']}", f"已写入 {out}；摘要 {document['digest']}"))


@app.command("clear")
def clear(
    slot: Annotated[
        str, typer.Option(help="A name for the batch: again under the same name it answers the same.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Clear a batch now; the server and the worker do so by themselves at the minutes that the policy pack sets."""
    with bank(standing=True) as kernel:
        named = slot or kernel.read(lambda tx: tx.now.isoformat(timespec="seconds"))
        found = batches_service.run(kernel, named, actor=SYSTEM)
    if found is None:
        typer.echo("null" if as_json else say("Nothing is listed.", "当前没有募集中的标的。"))
        return
    tell(found, as_json, lambda each: _batches([each]))


@app.command("protection")
def protection(as_json: Json = False) -> None:
    """The protection fund: what is in it, what is expected to be lost, what it paid."""
    ask(protection_service.fund, as_json, _protection)


def _protection(found: ProtectionFund) -> None:
    covers = say("nothing is expected", "无预期损失") if found.coverage is None else percent(found.coverage, least=0)
    rows(
        Words("Protection fund", "风险缓释金"),
        [Words("what", "项目"), Words("figure", "数值")],
        [
            (say("in the fund", "余额"), found.balance), (say("expected to be lost", "预期损失"), found.expected),
            (say("coverage", "覆盖率"), covers), (say("claims", "补偿笔数"), found.claims),
            (say("claimed", "应补偿"), found.claimed), (say("paid", "已补偿"), found.paid),
        ],
        right=(1,),
    )  # fmt: skip
    typer.echo(pick(found.says))


@app.command("fairness")
def fairness(as_json: Json = False) -> None:
    """How evenly batches gave, how long money waited, who is spread, and what was written off against what was expected."""
    ask(fairness_service.fairness, as_json, _fairness)


def _fairness(found: MarketFairness) -> None:
    even, drag, spread = found.evenness, found.drag, found.spread
    unknown = say("unknown: nothing was lent", "未知：尚无成交")
    rows(
        Words(f"The marketplace from {found.since} to {found.today}", f"{found.since} 至 {found.today} 市场公平性"),
        [Words("what", "项目"), Words("figure", "数值")],
        [
            (say("batches", "撮合批次"), even.batches),
            (say("Gini of fill ratios, mean", "成交比例基尼系数均值"), "" if even.gini_mean is None else even.gini_mean),
            (say("the greatest", "其中最大"), "" if even.gini_most is None else even.gini_most),
            (say("envy violations", "嫉妒次数"), even.envied),
            (say("days that money waited", "资金闲置天数"), unknown if drag.days is None else drag.days),
            (say("lenders", "出借人数"), spread.lenders),
            (say(f"in {spread.spread_from} loans or more", f"分散至 {spread.spread_from} 笔以上"), spread.wide),
        ],
        right=(1,),
    )  # fmt: skip
    heads = (
        Words("grade", "等级"), Words("loans", "笔数"), Words("given up", "核销笔数"), Words("expected", "预期笔数"),
        Words("rate", "违约率"), Words("between", "区间"), Words("months without", "无借款月数"),
    )  # fmt: skip
    lines = [
        (
            each.grade, each.loans, each.given_up, each.expected, "" if each.rate is None else percent(each.rate),
            "" if each.least is None or each.most is None else f"{percent(each.least)} - {percent(each.most)}", len(each.without),
        )
        for each in found.grades
    ]  # fmt: skip
    rows(Words("Loans written off, by grade", "各等级核销情况"), heads, lines, right=(1, 2, 3, 4, 6))


@app.command("year")
def year(
    person: Person,
    year: Annotated[int, typer.Argument(min=2000, max=9998, help="A calendar year.")],
    as_json: Json = False,
) -> None:
    """What a lender had of each loan in a year, for the tax return."""
    ask(lambda tx: yearly_service.year(tx, parties.the_party(tx, person).id, year), as_json, _year)


def _year(found: LenderYear) -> None:
    heads = (
        Words("loan", "贷款"), Words("principal", "本金"), Words("interest", "利息"), Words("penalties, fees", "罚息与费用"),
        Words("platform's fee", "平台服务费"), Words("covered", "补偿"), Words("lost", "损失"), Words("sold for", "转让所得"),
        Words("bought for", "受让支付"), Words("gain of trading", "转让损益"),
    )  # fmt: skip
    lines = [
        (each.loan_id or say("all", "合计"), each.principal, each.interest, each.penalty + each.fee, each.charged, each.covered,
         each.lost, each.sold + each.sold_interest, each.bought + each.bought_interest, each.gained)
        for each in (*found.lines, found.whole)
    ]  # fmt: skip
    rows(Words(f"Lent in {found.year}", f"{found.year} 年出借收益"), heads, lines, right=(1, 2, 3, 4, 5, 6, 7, 8, 9))
