"""Own the shopkeeper's hard second year: the road before the shop is dug up, and a loan goes from late to lost, and a part of
it comes back. Every step is an operation that everyone uses; nothing of the bank is moved by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from farthing.kernel import jobs
from farthing.kernel.gateway import SandboxGateway
from farthing.kit.calendar import add_months, month_end
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.lending.acts import service as relief
from farthing.lending.acts.model import Figures, GiveUp, Happened, Trial
from farthing.lending.collections import relief_service
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import AskHardship, CarryOutRelief, LogContact
from farthing.lending.model import Repay, Repayment
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.town.story import acts, books, years
from farthing.town.story.acts import Scene
from farthing.town.story.columns import columns
from farthing.town.story.plan import HARD_YEAR
from farthing.town.story.teller import Step

SPOKEN_AFTER, PROMISED_FOR = timedelta(days=14), timedelta(days=21)
"""How long after the due day the bank calls, and by when he promises to pay."""
NEW_INSTALMENTS, FIRST_AGAIN_MONTHS = 18, 1
BAD_OVER = timedelta(days=91)
"""From this day on interest of a late loan is no income by the shipped packs."""
RECOVERED = Money.parse("30000.00", "CNY")
A_YEAR = 12
ROAD, ROAD_ZH = "the road before the shop is dug up; hardly anybody comes", "店门前修路，几乎没有顾客"


@dataclass(frozen=True, slots=True)
class Days:
    """The days on which the year turns. Pure: they follow from the first due day, so that a year is told again alike."""

    first_due: date
    paid: int
    recovery_months: int

    @property
    def missed(self) -> date:
        """The first due day on which nothing is paid."""
        return add_months(self.first_due, self.paid)

    @property
    def eased(self) -> date:
        """The first day of the month after the promise was broken."""
        return month_end(self.missed + PROMISED_FOR) + timedelta(days=1)

    @property
    def again(self) -> date:
        """The first due day of the new plan, which is paid."""
        return add_months(self.eased, FIRST_AGAIN_MONTHS)

    @property
    def missed_again(self) -> date:
        """The second, which is not."""
        return add_months(self.again, 1)

    @property
    def given_up(self) -> date:
        """The first day of the month after the loan was too late at a month's end."""
        return month_end(self.missed_again + BAD_OVER) + timedelta(days=1)

    @property
    def recovered(self) -> date:
        """When a part comes back."""
        return add_months(self.given_up, self.recovery_months)

    @property
    def late(self) -> books.Late:
        """Since when the loan is late."""
        return books.Late(self.missed, self.eased, self.missed_again)

    def month_ends(self) -> list[date]:
        """Every month's end from the first that is late to the last before the loan is given up."""
        found = [month_end(self.missed)]
        while found[-1] + timedelta(days=1) < self.given_up:
            found.append(month_end(found[-1] + timedelta(days=1)))
        return found


def begin(first: Scene, on: date) -> Scene:
    """The same person a year later, under keys of its own."""
    scene = Scene(first.teller.chapter("second"), HARD_YEAR, first.run, first.person, None, on, first.payee)
    scene.party, scene.actor = first.party, first.actor
    return scene


def tell(scene: Scene, *, paid: int = 2, recovery_months: int = A_YEAR) -> None:
    """The second year from the loan to what comes back. ``paid``: how many instalments he pays before the road is dug up."""
    scene.teller.heading(f"\n{scene.plan.title_en}", f"\n{scene.plan.title_zh}")
    acts.bring_history(scene)
    acts.decide(scene)
    acts.show_offer(scene)
    acts.fund(scene)
    acts.sign(scene)
    acts.spend(scene)
    days = Days(scene.loan.instalments[0].due_on, paid, recovery_months)
    _good_months(scene, days)
    _late(scene, days)
    _promise(scene, days)
    scene.teller.wait_until(days.eased)
    books.month(scene, days.late, month_end(days.missed + PROMISED_FOR))
    _eased(scene, days)
    _late_again(scene, days)
    _charged_off(scene, days)
    _recovered(scene, days)
    books.show(scene, days.eased, days.given_up, days.recovered)


def _good_months(scene: Scene, days: Days) -> None:
    """The first instalments are paid on their days."""
    with scene.teller.step("The first months", "头几个月") as told:
        for number in range(days.paid):
            scene.teller.wait_until(add_months(days.first_due, number))
            _pay(scene, told, number + 1)


def _late(scene: Scene, days: Days) -> None:
    """A reminder comes before the due day, a notice after it; he cannot pay."""
    teller = scene.teller
    with teller.step("The road is dug up; late", "道路封闭，逾期") as told:
        told.say(ROAD, ROAD_ZH)
        teller.wait_until(days.missed)
        _message(scene, told, "before the due day", "到期前")
        teller.wait_until(days.missed + SPOKEN_AFTER)
        _message(scene, told, "after the due day", "到期后")
        if not _happened(scene, "re_age"):
            due, settlement, late = teller.kernel.read(lambda tx: lending.owed(tx, scene.loan.id))
            told.say(
                f"due and not paid: {due}, {late} days; pays all off today: {settlement.amount}",
                f"逾期未还：{due}，{late} 天；今日结清：{settlement.amount}",
            )
            told.data.update(days_late=late)


def _promise(scene: Scene, days: Days) -> None:
    """A contact at night is refused by the rules of conduct; by day he is spoken to, and promises, and does not pay."""
    teller, loan_id = scene.teller, scene.loan.id
    until = days.missed + PROMISED_FOR
    with teller.step("A contact, and a promise", "联系与承诺") as told:
        night = LogContact(loan_id, "call", "reached", "asked when he pays", at_time="22:30")
        try:
            teller.run(collections.log_contact, night, "call-at-night")
        except Refusal as refusal:
            told.say(f"22:30: {refusal.code}: {refusal.detail}", f"22:30：{refusal.code}：{refusal.detail_zh}")
            told.data.update(refused=refusal.code)
        assert scene.offer is not None
        promised = scene.offer.schedule[days.paid].amount
        words = "he says that he pays when a customer has paid him"
        day = LogContact(loan_id, "call", "promised", words, at_time="10:30", promised_on=until, promised=promised)
        said = teller.run(collections.log_contact, day, "call-by-day")
        told.say(
            f"{said.on} {said.at_time} call: he promises {promised} by {until}",
            f"{said.on} {said.at_time} 电话：承诺于 {until} 前还款 {promised}",
        )
        teller.wait_until(until + timedelta(days=1))
        kept = teller.kernel.read(lambda tx: collections.contacts(tx, loan_id))[-1].kept
        told.say(f"{until + timedelta(days=1)}: the promise was not kept", f"{until + timedelta(days=1)}：承诺未兑现")
        told.data.update(promise=kept)


def _eased(scene: Scene, days: Days) -> None:
    """He asks for relief; an officer sees the loan before and after, a second person agrees, and he is told."""
    teller, loan_id = scene.teller, scene.loan.id
    with teller.step("Relief: the loan is rescheduled", "纾困：贷款重新安排") as told:
        asked = teller.run(collections.ask_hardship, AskHardship(loan_id, ROAD), "hardship", scene.actor)
        told.say(
            f"{asked.asked_on}: he asks for relief; nobody calls him meanwhile",
            f"{asked.asked_on}：申请纾困；其间不得催收",
        )
        command = CarryOutRelief(
            asked.id, days.again, ROAD, "a smaller instalment, from next month", how="re_age", due_on=days.again,
            count=NEW_INSTALMENTS,
        )  # fmt: skip
        _two_persons(scene, told, relief_service.carry_out_relief, command, "re_age")
        told.say(
            f"he is told: {NEW_INSTALMENTS} instalments, the first on {days.again}",
            f"已告知：{NEW_INSTALMENTS} 期，首期 {days.again}",
        )


def _late_again(scene: Scene, days: Days) -> None:
    """He pays what was late and one instalment; the road stays closed, and he pays nothing more."""
    teller = scene.teller
    with teller.step("Late again, past ninety days", "再次逾期，超过九十天") as told:
        teller.wait_until(days.again)
        _pay(scene, told, days.paid + 1)
        told.say(
            f"{days.missed_again}: the road stays closed, nothing is paid", f"{days.missed_again}：道路仍未开通，未还款"
        )
        teller.wait_until(days.given_up)
        books.months(scene, told, days.month_ends(), days.late)


def _charged_off(scene: Scene, days: Days) -> None:
    """Two persons take the claim out of the books; he goes on owing it."""
    with scene.teller.step("Charged off by two persons", "双人复核转销") as told:
        command = GiveUp(scene.loan.id, "the shop is shut; nothing is to be had")
        done = _two_persons(scene, told, relief.charge_off, command, "charge_off")
        told.say("the claim leaves the books, and he goes on owing it", "账销案存，债务仍在")
        told.data.update(given_up_on=done.on)


def _recovered(scene: Scene, days: Days) -> None:
    """The road is open again; he has a stall, and pays a part."""
    teller, loan_id = scene.teller, scene.loan.id
    teller.wait_until(days.recovered)
    with teller.step("A part comes back", "部分收回") as told:
        told.say("the road is open; he has a stall at the market", "道路开通，他在市场有了摊位")
        teller.run(payments.top_up, MoveByRail(scene.party.id, RECOVERED, years.CARD), "recovery-top-up", scene.actor)
        paid: Repayment = teller.run(lending.repay, Repay(loan_id, RECOVERED), "recovery", scene.actor)
        told.say(
            f"{paid.paid_on}  {paid.amount}: income from what was given up",
            f"{paid.paid_on}  {paid.amount}：已转销贷款收回",
        )
        teller.entry(told, f"loan:{scene.loan.short_id}:repayment:{paid.id}")


def _two_persons(scene: Scene, told: Step, function: Any, command: Any, kind: str) -> Happened:
    """Show what an act would come to, have two persons want it, and show what was posted. Told again it was done before."""
    teller, loan_id = scene.teller, scene.loan.id
    if not _happened(scene, kind):
        trial: Trial = teller.kernel.preview(function, command, shown=lambda tx, _: relief.last_trial(tx, loan_id))
        told.say("tried before anybody agrees, for the borrower:", "复核之前试算，对借款人：")
        for line in _change(told, trial.before, trial.after):
            told.say(f"  {line}")
        told.say(
            f"  whole cost changes by {trial.cost_change}; entries to be posted {len(trial.entries)}",
            f"  息费合计变动 {trial.cost_change}；拟入账分录 {len(trial.entries)} 笔",
        )
        told.data.update(tried=[trial.before.outstanding, trial.after.outstanding], cost_change=trial.cost_change)
    teller.agree(function, command, kind)
    (done,) = _happened(scene, kind)
    told.say(f"{done.on}: asked by one, agreed by another", f"{done.on}：一人提出，另一人复核同意")
    for posted in books.of_event(teller, loan_id, done.number):
        told.entries.append(posted)
    return done


def _change(told: Step, before: Figures, after: Figures) -> list[str]:
    lines = [
        (Words("due today", "今日应还"), before.due, after.due),
        (Words("principal left", "剩余本金"), before.outstanding, after.outstanding),
        (Words("pays it off", "结清金额"), before.settlement, after.settlement),
        (Words("next instalment", "下期金额"), _next(before), _next(after)),
        (Words("ends on", "到期日"), before.ends_on, after.ends_on),
    ]
    heads = ("", told.pick(Words("before", "之前")), told.pick(Words("after", "之后")))
    return columns(heads, [(told.pick(name), *figures) for name, *figures in lines], right=(1, 2))


def _next(figures: Figures) -> object:
    return next((each.left for each in figures.instalments if each.left and not each.penalty_left), "-")


def _happened(scene: Scene, kind: str) -> Sequence[Happened]:
    found = scene.teller.kernel.read(lambda tx: relief.story(tx, scene.loan.id))
    return [each for each in found if each.kind == kind]


def _message(scene: Scene, told: Step, when: str, when_zh: str) -> None:
    """Show what came last to his phone; a program that starts anew has no messages of an earlier one."""
    jobs.drain(scene.teller.kernel)
    gateway = scene.teller.kernel.ports.peer("gateway")
    assert isinstance(gateway, SandboxGateway)
    came = gateway.sent_to(scene.party.phone)
    told.say(
        f"{when}: {came[-1].text if came else 'told before'}", f"{when_zh}：{came[-1].text if came else '此前已发送'}"
    )


def _pay(scene: Scene, told: Step, number: int) -> None:
    """Money comes from his card and pays what is due today."""
    teller, loan_id = scene.teller, scene.loan.id
    done = teller.kernel.read(lambda tx: lending.repayments(tx, loan_id))
    if len(done) < number:
        due, _, _ = teller.kernel.read(lambda tx: lending.owed(tx, loan_id))
        teller.run(payments.top_up, MoveByRail(scene.party.id, due, years.CARD), f"top-up:{number}", scene.actor)
        teller.run(lending.repay, Repay(loan_id, due), f"repay:{number}", scene.actor)
        done = teller.kernel.read(lambda tx: lending.repayments(tx, loan_id))
    years.say_paid(told, done[number - 1])
