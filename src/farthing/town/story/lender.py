"""Own the lender's story: two years of a marketplace in which a thousand people lend to three hundred, told from its books."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.audit_service import verify as verify_notes
from farthing.funding.market import batches_service as batches
from farthing.funding.market import lenders_service
from farthing.funding.market.audit_service import verify as verify_market
from farthing.funding.protection import service as protection
from farthing.funding.resale import service as resale
from farthing.funding.resale.audit_service import verify as verify_resales
from farthing.funding.valuing.outcomes import FAN
from farthing.kit.errors import conflict
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending.audit.service import verify as verify_loans
from farthing.lending.model import MARKETPLACE, OWN_BOOK
from farthing.lending.shelf import service as loan_shelf
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.products.model import Publish
from farthing.town.founding import harvest
from farthing.town.growing.city import yuan
from farthing.town.growing.growth import SELDOM
from farthing.town.growing.hands import Hands
from farthing.town.market import figures
from farthing.town.market.crowd import PRODUCT, Crowd, number_of
from farthing.town.market.figures import Held
from farthing.town.market.life import STOPPER, Market
from farthing.town.market.partner import PartnerProcess
from farthing.town.market.plan import Plan, Scale, plan
from farthing.town.story.columns import columns
from farthing.town.story.teller import Teller

SOURCE = Path(__file__).parents[1] / "market" / f"{PRODUCT}.toml"
CAPACITY_MINOR, LEAST_SCORE = 100_000_000_00, 540
STATEMENTS = 12
"""Of how many lenders the statements are compared with the books, to the fen."""
TOLD = conflict(
    "town.lenders_live",
    "The lenders of run {run} live in this bank already. Choose another --run, or another FARTHING_HOME.",
    "运行 {run} 的出借人已在本银行中；请另选 --run 或另设 FARTHING_HOME。",
)


@dataclass
class LenderScene:
    """What the steps share: the market, and at the end its loans as they stand."""

    teller: Teller
    plan: Plan
    market: Market
    loans: list[Held] = field(default_factory=list)


def seed_of(run: str) -> int:
    """The seed of a run: its number, or one that its name always gives."""
    return int(run) if run.isdecimal() else int.from_bytes(hashlib.sha256(run.encode()).digest()[:4], "big")


@contextmanager
def quiet_memory() -> Iterator[None]:
    """Let Python look for cycles among its objects more seldom, as a town does."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def live(teller: Teller, run: str, scale: Scale) -> LenderScene:
    """Live the years, with the partner as a process beside the bank. Refuses ``town.lenders_live``."""
    kernel, found = teller.kernel, plan(seed_of(run), scale)
    if kernel.read(lambda tx: parties.holder_of_number(tx, number_of(found, found.lenders[0]))) is not None:
        raise TOLD(run=run)
    crowd = Crowd(Hands(kernel, found.seed, teller.prefix), found)
    partner = PartnerProcess(CAPACITY_MINOR, LEAST_SCORE)
    try:
        with quiet_memory(), kernel.database.unhurried():
            partner.begin()
            _open(teller, partner)
            scene = LenderScene(teller, found, Market(crowd, partner, kernel.clock().business_date))
            _come(scene)
            _years(scene)
    finally:
        partner.gone()
    scene.loans = figures.held(kernel, scene.market)
    return scene


def _open(teller: Teller, partner: PartnerProcess) -> None:
    kernel = teller.kernel
    with teller.step("The marketplace", "撮合平台") as told:
        law = kernel.read(lenders_service.law_in_force)
        agreed(kernel, funding.register_partner, harvest(partner.url))
        agreed(kernel, loan_shelf.publish, Publish(PRODUCT, SOURCE.read_text(encoding="utf-8")))
        told.say(
            "street loan: a partner bank is asked for three tenths, lenders for the rest, the bank lends what is left",
            "街坊贷：合作银行出资三成，其余由平台出借人出资，未募足部分由本行出资",
        )
        protects = law.listings is not None and law.listings.protects
        if protects:
            told.say(
                "a fee of 2% of each loan; what of it is on the lenders' part goes to the protection fund, which is no guarantee",
                "每笔收费 2%，其中属于出借人份额的部分计入风险缓释金；风险缓释金不构成担保",
            )
        else:
            told.say(
                "no protection fund: the law in force forbids one. With FARTHING_POLICY=sandbox, in another FARTHING_HOME, there "
                "is one",
                "现行政策不允许设风险缓释金；另设 FARTHING_HOME 并以 FARTHING_POLICY=sandbox 运行可见",
            )
        told.data.update(protects=protects)


def _come(scene: LenderScene) -> None:
    """The lenders come, and may lend."""
    crowd, people = scene.market.crowd, scene.plan.lenders
    with scene.teller.step("The lenders", "出借人") as told:
        crowd.open_shop()
        for start in range(0, len(people), 100):
            crowd.let_lend(people[start : start + 100])
            said = "出借人" if scene.teller.chinese else "lenders"
            scene.teller.going(said, start, len(people))
        brought = yuan(sum(each.brings for each in people))
        told.say(
            f"{len(crowd.mandates):,} people pass the test, look at what they may lose, take note of the warning, bring "
            f"{brought} and give a mandate each",
            f"{len(crowd.mandates):,} 人通过知识测试、查看可能的损失、确认风险提示，带来 {brought}，各设一份委托",
        )
        told.data.update(lenders=len(crowd.mandates), brought=brought, refused=dict(crowd.hands.refused))


def _years(scene: LenderScene) -> None:
    """All days, with a sign of life, and how the partner was missed."""
    teller, market, scale = scene.teller, scene.market, scene.plan.scale
    days = scale.months * 30
    with teller.step("The years", "岁月") as told:
        said = "日终" if teller.chinese else "days closed"
        market.live(lambda on: teller.going(f"{said}, {on}", min((on - market.began).days, days), days))
        last = teller.kernel.clock().business_date
        told.say(
            f"{market.began} to {last}, each day closed: {len(market.crowd.loans)} loans granted, {len(market.batches)} batches",
            f"{market.began} 至 {last}，逐日日终：发放 {len(market.crowd.loans)} 笔贷款，撮合 {len(market.batches)} 批",
        )
        told.data.update(
            loans=len(market.crowd.loans), batches=len(market.batches), refused=dict(market.crowd.hands.refused),
            seconds={name: f"{took:.1f}" for name, took in market.crowd.hands.seconds.items()},
        )  # fmt: skip


def tell(scene: LenderScene) -> None:
    """What the years came to."""
    _partner_gone(scene)
    _fundings(scene)
    _grades(scene)
    _fund(scene)
    _sales(scene)
    _receipt(scene)
    _statements(scene)
    _realised(scene)
    _verified(scene)


def _partner_gone(scene: LenderScene) -> None:
    market = scene.market
    with scene.teller.step("The day the partner was gone", "合作银行失联的一天") as told:
        that_day = {market.crowd.loans[number].id for number in market.by_cohort[scene.plan.scale.gone_in]}
        mine = [each for each in scene.loans if each.loan.id in that_day]
        passed = [each for each in mine if not each.listing.partners]
        usual, then = (_milliseconds(market.waits[there]) for there in (True, False))
        told.say(
            f"its process was killed: {len(mine)} loans asked for that day, {then} ms each to know who lends (else {usual} ms); "
            f"of {len(passed)} its part went to the listing in the same request, and all were paid out",
            f"其进程被终止：当日 {len(mine)} 笔贷款，每笔征询 {then} 毫秒（平日 {usual} 毫秒）；"
            f"{len(passed)} 笔中其份额当即转入标的，全部如期放款",
        )
        told.data.update(
            loans=len(mine), passed=len(passed), paid_out=sum(each.loan.disbursed_on is not None for each in mine)
        )


def _milliseconds(waits: Sequence[float]) -> int:
    return round(sum(waits) * 1000 / len(waits)) if waits else 0


def _fundings(scene: LenderScene) -> None:
    kernel = scene.teller.kernel
    with scene.teller.step("Who lent", "由谁出资") as told:
        by_holder = figures.by_holder(scene.loans)
        whole = sum(by_holder.values())
        called = {
            "partners": Words("the partner bank", "合作银行"), MARKETPLACE: Words("lenders", "出借人"),
            OWN_BOOK: Words("the bank itself", "本行"),
        }  # fmt: skip
        rows = [
            (told.pick(name), yuan(by_holder[key]), percent(Decimal(by_holder[key]) / whole, most=0))
            for key, name in called.items()
        ]
        heads = [told.pick(each) for each in (Words("who", "出资方"), Words("lent", "出资"), Words("part", "占比"))]
        for line in columns(heads, rows, right=(1, 2)):
            told.say(line)
        fees = kernel.read(lambda tx: ledger.sum_below(tx, "income:fees")).get(kernel.home, 0)
        told.say(
            f"of lenders' loans the platform earns fees, {yuan(fees)} with the bank's own, and no interest",
            f"平台在出借人份额上只收服务费（含本行份额共 {yuan(fees)}），不取利息",
        )
        told.data.update(by_holder={name: yuan(minor) for name, minor in by_holder.items()})


def _grades(scene: LenderScene) -> None:
    with scene.teller.step("By grade", "按等级") as told:
        heads = (
            Words("grade", "等级"), Words("rate a year", "年利率"), Words("loans", "笔数"), Words("from lenders", "出借人出资"),
            Words("expected to fail", "预期违约"), Words("failed", "实际违约"),
        )  # fmt: skip
        lines = figures.by_grade(scene.loans)
        rows = [
            (each.grade, percent(each.annual), each.loans, each.given, f"{each.expected:.1f}", each.failed)
            for each in lines
        ]
        for line in columns([told.pick(each) for each in heads], rows, right=(1, 2, 3, 4, 5)):
            told.say(line)
        told.data.update(failed=sum(each.failed for each in lines))


def _fund(scene: LenderScene) -> None:
    kernel = scene.teller.kernel
    with scene.teller.step("Loans written off, and the protection fund", "核销与风险缓释金") as told:
        gone = [each for each in scene.loans if each.fate.given_up]
        back = yuan(sum(each.fate.recovered for each in gone))
        told.say(
            f"{len(gone)} loans were given up by two persons after 95 days without a payment; {back} of them came back later",
            f"{len(gone)} 笔贷款逾期 95 天后经双人复核核销；其后收回 {back}",
        )
        fund = kernel.ask(protection.fund)
        if fund.claims:
            told.say(
                f"the fund was asked for {fund.claimed} by {fund.claims} loans and paid {fund.paid}; {fund.balance} is in it",
                f"风险缓释金受理 {fund.claims} 笔、{fund.claimed}，补偿 {fund.paid}，余额 {fund.balance}",
            )
            told.say(fund.says.en, fund.says.zh)
        told.data.update(given_up=len(gone), claimed=fund.claimed, paid=fund.paid, balance=fund.balance)


def _sales(scene: LenderScene) -> None:
    kernel, market = scene.teller.kernel, scene.market
    with scene.teller.step("Who sold, and who stopped at once", "转让与立即停止") as told:
        queue = kernel.ask(resale.queue)
        sellers = [each.number for each in scene.plan.lenders if each.sells and each.number in market.crowd.lenders]
        parts = [
            line
            for number in sellers
            for line in kernel.ask(resale.resales, market.crowd.lenders[number].id, limit=100)
            if line.sold
        ]
        told.say(
            f"{len(sellers)} lenders offered {market.sold} parts of loans; theirs were bought in {len(parts)} slices, in turns; "
            f"{queue.queued} waits to be sold today",
            f"{len(sellers)} 人申请转让 {market.sold} 笔份额，轮流分 {len(parts)} 次成交；目前待转让 {queue.queued}",
        )
        party = market.crowd.lenders[STOPPER]
        assert market.stopped_on is not None
        after = figures.filled_after(kernel, party.id, market.stopped_on)
        wallet = kernel.ask(payments.wallet, party.id).available
        told.say(
            f"{party.name} stopped on {market.stopped_on}: his free money went to his card the same day, nothing was lent of it "
            f"after ({after} fills), and {wallet} came back to his wallet since",
            f"{party.name} 于 {market.stopped_on} 停止委托：可用资金当日转回银行卡，其后成交 {after} 笔，"
            f"已回款 {wallet}",
        )
        told.data.update(slices=len(parts), after=after, wallet=wallet)


def _receipt(scene: LenderScene) -> None:
    kernel, crowd = scene.teller.kernel, scene.market.crowd
    with scene.teller.step("A receipt", "撮合回单") as told:
        for number, mandate_id in sorted(crowd.mandates.items()):
            found = figures.first_receipt(kernel, mandate_id)
            if found is None:
                continue
            about, said = found
            told.say(
                f"{crowd.lenders[number].name} offered {said.asked} on {about.opened_on} and was given {said.filled} in "
                f"{len(said.fills)} loans; {said.fit} fitted, {said.full} of them were full, "
                f"{said.at_loan_limit} at his own limit",
                f"{crowd.lenders[number].name} 于 {about.opened_on} 出价 {said.asked}，成交 {said.filled}，分散于 "
                f"{len(said.fills)} 笔；符合条件 {said.fit} 笔，其中 {said.full} 笔已满额、{said.at_loan_limit} 笔达到本人限额",
            )
            told.data.update(batch_id=about.id, fills=len(said.fills))
            break
        done = [kernel.ask(batches.batch, each) for each in scene.market.batches]
        alike = [each for each in done if figures.cleared_alike(kernel, each)]
        told.say(
            f"each of {len(done)} batches, cleared again from its published file alone: {len(alike)} alike; envy in "
            f"{sum(each.envied or 0 for each in done)} listings",
            f"{len(done)} 批均按公布文件重新撮合：{len(alike)} 批一致；"
            f"存在“嫉妒”的标的 {sum(each.envied or 0 for each in done)} 笔",
        )
        told.data.update(batches=len(done), alike=len(alike))


def _statements(scene: LenderScene) -> None:
    kernel, crowd = scene.teller.kernel, scene.market.crowd
    with scene.teller.step("Statements", "年度对账单") as told:
        years = list(range(scene.market.began.year, kernel.clock().business_date.year + 1))
        some = sorted(crowd.lenders)[:: max(1, len(crowd.lenders) // STATEMENTS)][:STATEMENTS]
        found = {number: figures.statement(kernel, crowd.lenders[number].id, years) for number in some}
        number = max(found, key=lambda each: found[each].received)
        heads = (
            Words("year", "年度"), Words("principal", "本金"), Words("interest", "利息"), Words("fee", "服务费"),
            Words("covered", "补偿"), Words("lost", "损失本金"),
        )  # fmt: skip
        told.say(crowd.lenders[number].name)
        rows = [
            (
                each.year,
                each.whole.principal,
                each.whole.interest,
                each.whole.charged,
                each.whole.covered,
                each.whole.lost,
            )
            for each in found[number].years
        ]
        for line in columns([told.pick(each) for each in heads], rows, right=(1, 2, 3, 4, 5)):
            told.say(line)
        agree = [each for each in found.values() if each.received == each.by_books]
        told.say(
            f"statements of {len(found)} lenders beside the entries of their wallets: {len(agree)} agree to the fen",
            f"抽取 {len(found)} 位出借人的对账单与钱包分录比对：{len(agree)} 位分毫不差",
        )
        told.data.update(statements=len(found), agree=len(agree))


def _realised(scene: LenderScene) -> None:
    with scene.teller.step("Realised against expected loss", "实际损失与预期损失") as told:
        found, lost = figures.expected(scene.loans), sum(each.lost for each in scene.loans)
        given = sum(each.listing.filled.minor for each in scene.loans)
        heads = [told.pick(Words("of 100 such years", "百个同类年景中"))] + [str(each) for each in FAN]
        row = [told.pick(Words("lost at most", "损失不超过"))] + [str(yuan(each)) for each in found.fan]
        for line in columns(heads, [row], right=tuple(range(1, len(heads)))):
            told.say(line)
        place, part = found.place(lost), Decimal(lost) / given if given else Decimal(0)
        told.say(
            f"expected {yuan(found.expected)}; realised {yuan(lost)} of {yuan(given)} lent ({percent(part, most=2)}), before "
            f"what the fund paid: more than in {percent(place, most=0)} of such years",
            f"预期 {yuan(found.expected)}；实际 {yuan(lost)}，占出借 {yuan(given)} 的 {percent(part, most=2)}"
            f"（未计风险缓释金补偿）：高于 {percent(place, most=0)} 的同类年景",
        )
        told.say(
            "no number of loans takes a bad year away: one year in ten, two and a half times as many fail",
            "再多笔数也不能消除坏年景：十年一遇，违约为平年的二点五倍",
        )
        told.data.update(
            expected=yuan(found.expected), realised=yuan(lost), place=str(place), fan=[yuan(each) for each in found.fan]
        )


def _verified(scene: LenderScene) -> None:
    """The loans and the marketplace derived again; ledger and log come after, as in every story."""
    with scene.teller.step("The marketplace verified", "撮合平台核验") as told:
        clean = True
        for called, audit in (
            (Words("loans", "贷款"), verify_loans), (Words("notes", "债权份额"), verify_notes),
            (Words("listings and batches", "标的与批次"), verify_market), (Words("resales", "债权转让"), verify_resales),
        ):  # fmt: skip
            scene.teller.going(told.pick(called), 0, 1)
            findings = scene.teller.kernel.read(audit, snapshot=True).findings
            clean = clean and not findings
            told.say(f"{called.en}: {findings or 'clean'}", f"{called.zh}：{findings or '一致'}")
        told.data.update(clean=clean)


def look_next(scene: LenderScene) -> None:
    """Where whoever heard the story looks next."""
    lender = scene.market.crowd.lenders[min(scene.market.crowd.lenders)]
    scene.teller.heading(
        f"\n   where to look next: farthing market year {lender.id} {scene.market.began.year}; farthing market batches; "
        "farthing verify; farthing serve, then /lend and /ops/market",
        f"\n   下一步：farthing market year {lender.id} {scene.market.began.year}；farthing market batches；"
        "farthing verify；farthing serve 后打开 /lend 与 /ops/market",
    )
