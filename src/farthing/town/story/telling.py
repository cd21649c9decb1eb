"""Tell a story from its first act to its last: a borrower's, a saver's, a supplier's, or that of a marketplace's lenders."""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from farthing.exchange.node_service import Node
from farthing.funding.sandbox_partner import SandboxPartner
from farthing.kernel.day import close_day
from farthing.kernel.run import Kernel
from farthing.town.bank_client import bank_beside
from farthing.town.market.plan import Scale
from farthing.town.partner_server import PartnerServer
from farthing.town.story import (
    acts,
    dispute,
    elder,
    gathering,
    hard,
    lender,
    reported,
    saver,
    street,
    street_agent,
    street_rail,
    supplier,
    years,
)
from farthing.town.story.acts import Scene
from farthing.town.story.elder import Elder
from farthing.town.story.lender import LenderScene
from farthing.town.story.plan import Plan
from farthing.town.story.reported import Beside
from farthing.town.story.saver import Saver
from farthing.town.story.street import Street
from farthing.town.story.supplier import Supplier
from farthing.town.story.teller import Going, Teller, silently

TO_MONEY = ("Decision", "Offer", "Funding", "Contract", "Disbursement")
CAPACITY_MINOR = 5_000_000_00


def tell(
    kernel: Kernel,
    plan: Plan,
    out: Callable[[str], None],
    folder: Path,
    *,
    run: str = "1",
    name: str | None = None,
    bill: bytes | None = None,
    as_json: bool = False,
    partner_delay_ms: int = 0,
    years_told: int = 1,
    late: bool = False,
    going: Going = silently,
    chinese: bool = False,
    beside: Beside | None = None,
) -> Scene:
    """Tell a story; told again under the same ``run`` it continues where it stopped, or answers the same.

    ``bill`` and ``name`` replace the made-up history and person by real ones: another bill is another person's, so a run
    told before with other bills is not continued with these. ``years_told``: two tell the shopkeeper's hard second year too.
    ``late``: the story ends where the first instalment is ten days late. ``beside``: a credit-information node that the bank
    joins, asks and tells.
    """
    person = name or plan.person
    told_of = hashlib.sha256(person.encode() + b"\n" + (bill or b"")).hexdigest()[:12]
    teller = Teller(kernel, plan.name, f"{run}:{told_of}", out, as_json=as_json, going=going, chinese=chinese)
    scene = Scene(teller, plan, f"{run}:{told_of}" if bill else run, person, bill)
    teller.beside = None if beside is None else beside.node.kernel
    teller.heading(plan.title_en, plan.title_zh)
    partner = SandboxPartner(CAPACITY_MINOR, least_score=540)
    with PartnerServer(partner, partner_delay_ms) as server:  # to the end: what it was asked too late it is told later
        acts.add_partner(scene, server.url)
        if _first_loan(scene, folder, beside, late=late) and years_told > 1 and scene.loan.closed_on is not None:
            partner.capacity_minor = 0  # what is lost is told of a loan that nobody else has a part of
            second = hard.begin(scene, scene.loan.closed_on)
            hard.tell(second)
            years.verify(teller)
            years.package(second, folder)
    return scene


def _first_loan(scene: Scene, folder: Path, beside: Beside | None, *, late: bool) -> bool:
    """From registration to the day on which the loan is repaid, or is late; whether it was granted."""
    teller = scene.teller
    if beside is not None:
        reported.join(teller, beside)
    acts.register(scene)
    acts.bring_history(scene)
    if beside is not None:
        reported.agree(scene)
    acts.decide(scene)
    if beside is not None:
        reported.asked(scene, beside)
    if scene.offer is None:
        teller.heading(
            "\nRefused: nothing was lent and nothing is owed. The reasons above say what would help.",
            "\n未批准：未放款，无欠款。以上理由说明如何改善。",
        )
        return False
    acts.show_offer(scene)
    acts.fund(scene)
    acts.sign(scene)
    acts.spend(scene)
    money = teller.time_of(*TO_MONEY)
    if teller.replayed(*TO_MONEY):
        teller.heading(
            "\n   told again: how long the money took was measured when it was first paid", "\n   重放不计时"
        )
    else:
        teller.heading(
            f"\n   application to money in the wallet: {money:.0f} ms, human hands: none",
            f"\n   从申请到放款 {money:.0f} 毫秒，无人工干预",
        )
    if late:
        years.be_late(scene)
        return True
    years.repay(scene)
    if beside is not None:
        reported.told_of(scene, beside)
    years.verify(teller)
    years.package(scene, folder)
    return True


SAVER = "saver"
YEAR_MONTHS = 12


def tell_saver(
    kernel: Kernel,
    out: Callable[[str], None],
    folder: Path,
    *,
    run: str = "1",
    as_json: bool = False,
    months: int = YEAR_MONTHS,
    going: Going = silently,
    chinese: bool = False,
) -> Saver:
    """Tell the saver's story: one yuan a year in every product, and an elder at the counter.

    Told again under the same ``run`` it continues where it stopped, or answers the same. ``months``: how long the year
    is, for a shorter telling.
    """
    teller = Teller(kernel, SAVER, run, out, as_json=as_json, going=going, chinese=chinese)
    scene = Saver(teller, run)
    teller.heading(
        "One yuan over a year in every product and in a pooled fund; and an elder whose passbook is served at the counter",
        "一元钱在每种产品和货币基金里的一年；一位老人在柜台办理的存折",
    )
    saver.register(scene)
    saver.open_each(scene)
    end = saver.end_of(scene, months)
    fund = gathering.buy(scene)
    saver.quarters(scene, end, lambda day: gathering.standing(scene, fund, day))
    saver.a_year_later(scene, end, lambda: (*gathering.leave(scene, fund, end), (end - fund.earns_on).days))
    saver.certificates(scene, folder)
    elder.serve(Elder(teller, run, folder))
    years.verify(teller)
    return scene


MARKET = "market"


def tell_market(
    kernel: Kernel,
    out: Callable[[str], None],
    *,
    run: str = "1",
    as_json: bool = False,
    going: Going = silently,
    chinese: bool = False,
) -> Street:
    """Tell the street's story: New Year's Eve among shops, codes and red packets, while the bank at the other end fails.

    Told once a run in a bank (``town.street_lives``); that bank is a process of its own meanwhile.
    """
    teller = Teller(kernel, MARKET, run, out, as_json=as_json, going=going, chinese=chinese)
    teller.heading(
        "New Year's Eve on Old Street: codes, money back, a red packet, and a bank that is gone when everybody wants it",
        "老街的除夕：扫码、退款、红包，以及最忙时对方银行的中断",
    )
    street.require_new(kernel, run)
    close_day(kernel)  # what the bank was founded with is of yesterday then
    with tempfile.TemporaryDirectory(prefix="farthing-street-") as folder, bank_beside(kernel, Path(folder)) as bank:
        scene = Street(teller, run, bank, random.Random(f"street {run}"))  # noqa: S311 - made-up people
        street.gather(scene)
        street.buy(scene)
        street.give_back(scene)
        street.red_packet(scene)
        street_agent.without_network(scene)
        street_rail.rail_gone(scene)
        street_rail.reconcile(scene)
        street.derived_again(scene)
    years.verify(teller)
    return scene


SUPPLIER = "supplier"


def tell_supplier(
    kernel: Kernel,
    out: Callable[[str], None],
    folder: Path,
    *,
    run: str = "1",
    as_json: bool = False,
    going: Going = silently,
    chinese: bool = False,
) -> Supplier:
    """Tell the supplier's story: an invoice that the core company confirmed is split, passed on, lent against, and paid.

    Told again under the same ``run`` it continues where it stopped, or answers the same.
    """
    teller = Teller(kernel, SUPPLIER, run, out, as_json=as_json, going=going, chinese=chinese)
    scene = Supplier(teller, run, folder)
    teller.heading(
        "A small supplier with no record, paid early on a shipyard's word; her own supplier too, and every fen accounted for",
        "没有信用记录的小供应商，凭核心企业确权提前收款，并以此支付上游；分毫可查",
    )
    for act in (supplier.come, supplier.bring, supplier.confirm, supplier.pass_on, supplier.lend, supplier.mature):
        act(scene)
    supplier.account(scene)
    supplier.package(scene)
    years.verify(teller)
    return scene


LENDER = "lender"
WHOLE = Scale()


def tell_lender(
    kernel: Kernel,
    out: Callable[[str], None],
    *,
    run: str = "1",
    as_json: bool = False,
    scale: Scale = WHOLE,
    going: Going = silently,
    chinese: bool = False,
) -> LenderScene:
    """Tell the lender's story: two years of a marketplace, its loans, its lenders and a partner bank, from the bank's books.

    Told once a run in a bank (``town.lenders_live``). ``scale``: fewer people, and fewer months.
    """
    teller = Teller(kernel, LENDER, run, out, as_json=as_json, going=going, chinese=chinese)
    teller.heading(
        f"{scale.lenders:,} people lend to {scale.loans:,} others over {scale.months} months, beside a partner bank and the bank",
        f"{scale.lenders:,} 人在 {scale.months} 个月里向 {scale.loans:,} 人出借，合作银行与本行共同出资",
    )
    scene = lender.live(teller, run, scale)
    lender.tell(scene)
    years.verify(teller, balances=False)
    lender.look_next(scene)
    return scene


DISPUTE = "dispute"


def tell_dispute(
    node: Node,
    out: Callable[[str], None],
    folder: Path,
    *,
    run: str = "1",
    as_json: bool = False,
    going: Going = silently,
    chinese: bool = False,
) -> dispute.Scene:
    """Tell the story of a dispute at a credit-information node: a wrong row, found, disputed, not answered, deleted, and every
    earlier reader told. ``folder`` keeps the keys of its three lenders and of its person."""
    teller = Teller(node.kernel, DISPUTE, run, out, as_json=as_json, going=going, chinese=chinese)
    scene = dispute.begin(teller, node, run, folder / f"dispute-{run}")
    teller.heading(
        "A wrong row of arrears: found by its person, disputed, not answered, deleted, and every reader told",
        "一条错误的逾期记录：本人发现、提出异议、机构未答复、到期删除、所有查询者获通知",
    )
    dispute.join(scene)
    dispute.furnish(scene)
    dispute.consent(scene)
    dispute.find(scene)
    dispute.wait(scene)
    dispute.correct(scene)
    dispute.tell_readers(scene)
    return scene
