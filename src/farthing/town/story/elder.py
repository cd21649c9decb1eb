"""Own the acts of an elder at a counter: a teller does everything with cash and paper; on her side there is no device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from farthing.bank.founding import SECOND
from farthing.identity.rules import permissions_of
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kit.actor import Actor
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.chart import rail_path
from farthing.ledger.model import HandEntry, Posting
from farthing.parties import service as parties
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import AttendByDocument, WitnessPresence
from farthing.parties.model import Party, Register, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.payments.tills import handing_service as handing
from farthing.payments.tills import service as tills
from farthing.payments.tills.model import HandFromVault, OpenDrawer, SetUpTill, TakeOver
from farthing.payments.tills.rules import VAULT_PATH, fewest
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import (
    CloseDeposit,
    DepositStatement,
    DepositView,
    Done,
    Notify,
    OpenDeposit,
    PayIn,
    Withdraw,
)
from farthing.savings.deposits.papers import STATEMENT, WHAT
from farthing.savings.quotes.compare import badge
from farthing.savings.shelf import service as catalogue
from farthing.signing.capitals import capitals
from farthing.town import people
from farthing.town.story import words
from farthing.town.story.columns import columns
from farthing.town.story.teller import Step, Teller

NAME, BORN_ON, CODES = "周桂兰", date(1948, 3, 1), range(101, 400, 2)
COUNTER, PLACE = "village-1", "counter"
CLERK, OTHER_CLERK = (Actor(f"teller:{name}", permissions_of("teller")) for name in ("li.fang", "zhao.min"))
FLOAT, PENSION, SAVED = (Money.parse(text, "CNY") for text in ("20000.00", "3000.00", "50000.00"))
EGGS, MEDICINE = (Money.parse(text, "CNY") for text in ("200.00", "500.00"))
DAYS_BETWEEN = 5
PASSBOOK = (
    Words("date", "日期"), Words("what", "摘要"), Words("in", "存入"), Words("interest", "利息"),
    Words("paid out", "支取"), Words("balance", "余额"),
)  # fmt: skip


@dataclass
class Elder:
    """What the acts at the counter share."""

    teller: Teller
    run: str
    folder: Path
    party: Party = field(init=False)
    passbook: DepositView = field(init=False)
    notice: DepositView = field(init=False)


def serve(scene: Elder) -> None:
    """From her first visit to her last."""
    _register(scene)
    _open(scene)
    _come_again(scene)
    _draw(scene)
    _close(scene)


def _register(scene: Elder) -> None:
    teller = scene.teller
    with teller.step("An elder comes to the village counter", "老人来到村口柜台") as told:
        number = people.resident_id(NAME, scene.run, BORN_ON, codes=CODES)
        command = Register(NAME, number, people.phone(NAME, scene.run))
        scene.party = teller.run(parties.register, command, "elder-register", CLERK)
        checked = teller.run(parties.verify_identity, VerifyIdentity(scene.party.id), "elder-verify", CLERK)
        _is_there(scene)
        teller.run(payments.open_wallet, OpenWallet(scene.party.id), "elder-wallet", CLERK)
        told.say(
            f"{NAME}, born {scene.party.born_on}; the clerk types what her identity card says: {number[:6]}********"
            f"{number[-4:]}, checksum valid, identity {words.IDENTITY[checked.outcome].en}",
            f"{NAME}，{scene.party.born_on} 出生；柜员录入身份证 {number[:6]}********{number[-4:]}，校验、核验一致",
        )
        told.say("two clerks see her and her card, and her phone is told that she is there", "双人见证，并短信告知本人")
        told.say(
            "on her side: her card, her cash and a key-pad phone; no computer, no app, no password",
            "老人只带身份证、现金和按键手机；无需电脑、应用或密码",
        )
        _fill_drawer(scene)
        told.say(
            f"the drawer of counter {COUNTER} was given {FLOAT} this morning",
            f"柜台 {COUNTER} 今晨领入备付现金 {FLOAT}",
        )


def _is_there(scene: Elder) -> None:
    """She shows her card each time she comes, to two clerks: what is done for her rests on that, and nothing without it.

    Not under the story's keys: whoever tells the story on after half an hour looks at her card again.
    """
    run, party = scene.teller.kernel.run, scene.party
    run(parties.verify_identity, VerifyIdentity(party.id), actor=CLERK)
    shown = AttendByDocument(party.id, party.number, "identity card, the picture is hers")
    waits = run(attending.attend_by_document, shown, actor=CLERK)
    seen = WitnessPresence(waits.attendance.id, "the same card, the same woman")
    run(attending.witness_presence, seen, actor=OTHER_CLERK)


def _fill_drawer(scene: Elder) -> None:
    """Cash is brought to the vault by two persons; its keeper counts it out, and the clerk takes it into the drawer."""
    kernel = scene.teller.kernel
    scene.teller.run(tills.set_up_till, SetUpTill(COUNTER), "drawer")
    registered_at = scene.party.registered_at
    assert registered_at is not None
    on = registered_at.astimezone(ZoneInfo(scene.teller.kernel.clock().time_zone)).date()
    postings = (Posting(VAULT_PATH, FLOAT), Posting(rail_path("sandbox"), -FLOAT))
    brought = HandEntry(f"story:saver:{scene.run}:drawer", "cash", on, postings, "to the vault")
    pending = scene.teller.run(ledger.post_by_hand, brought, "drawer-filled")
    scene.teller.run(approvals.decide, Decide(pending.approval_id, approve=True), "drawer-agreed", SECOND)
    if kernel.ask(tills.own_drawer, actor=CLERK) is None:
        (till,) = (each for each in kernel.ask(tills.tills, actor=CLERK) if each.name == COUNTER)
        kernel.run(tills.open_drawer, OpenDrawer(COUNTER, fewest(till.balance)), actor=CLERK)
    given = scene.teller.run(handing.hand_from_vault, HandFromVault(COUNTER, fewest(FLOAT)), "drawer-given", SECOND)
    scene.teller.run(handing.take_over, TakeOver(given.id), "drawer-taken", CLERK)


def _open(scene: Elder) -> None:
    teller = scene.teller
    with teller.step("Two passbooks, paid in cash", "现金开立两个存折") as told:
        _is_there(scene)
        opening = OpenDeposit(scene.party.id, "savings-demand", PENSION, source=PLACE)
        scene.passbook = _counted(scene, told, deposits.open_deposit, opening, "elder-open", PENSION).deposit
        saved = OpenDeposit(scene.party.id, "savings-notice", SAVED, notice="7d", source=PLACE)
        scene.notice = _counted(scene, told, deposits.open_deposit, saved, "elder-open-notice", SAVED).deposit
        teller.entry(told, f"deposit:{scene.passbook.id}:1:in")
        insurance = teller.kernel.read(catalogue.policy).insurance
        limit = insurance.limit if insurance else None
        covered = badge(True, PENSION + SAVED, Money.zero("CNY"), limit)
        told.say(f"the clerk reads to her: {covered.text.en}", f"柜员告知：{covered.text.zh}")
        _print(scene, told, scene.passbook, scene.passbook.opened_on)
        told.data.update(passbook=scene.passbook.id, notice=scene.notice.id)


def _counted(scene: Elder, told: Step, function: object, command: object, key: str, amount: Money) -> Done:
    """Run a command at the counter and say the amount in words, as the slip does."""
    _is_there(scene)
    done: Done = scene.teller.run(function, command, key, CLERK)
    told.say(
        f"{done.on}  {done.deposit.name.en}: cash {amount} ({capitals(amount)}); in the passbook {done.deposit.balance}",
        f"{done.on}  {done.deposit.name.zh}：现金 {amount}（{capitals(amount)}）；存折余额 {done.deposit.balance}",
    )
    return done


def _print(scene: Elder, told: Step, deposit: DepositView, until: date) -> None:
    made = scene.teller.kernel.ask(passbook.printed, deposit.id, STATEMENT, None, until, actor=CLERK)
    scene.folder.mkdir(parents=True, exist_ok=True)
    path = scene.folder / f"saver-{scene.run}-elder-passbook-{until}.pdf"
    path.write_bytes(made.pdf)
    told.say(f"printed for her: {path}", f"打印存折：{path}")
    told.data.setdefault("printed", []).append(str(path))


def _come_again(scene: Elder) -> None:
    scene.teller.wait_until(scene.passbook.opened_on + timedelta(days=DAYS_BETWEEN))
    with scene.teller.step("She pays in and gives notice", "再次存入并预约支取") as told:
        _is_there(scene)
        _counted(scene, told, deposits.pay_in, PayIn(scene.passbook.id, EGGS, PLACE), "elder-pay-in", EGGS)
        notice = Notify(scene.notice.id, SAVED)
        given: Done = scene.teller.run(deposits.notify, notice, "elder-notify", CLERK)
        waiting = given.deposit.notices[0]
        told.say(
            f"{given.on}  notice to draw {waiting.amount} on {waiting.for_on}",
            f"{given.on}  预约 {waiting.for_on} 支取 {waiting.amount}",
        )
        scene.notice = given.deposit


def _draw(scene: Elder) -> None:
    scene.teller.wait_until(scene.notice.notices[0].for_on)
    with scene.teller.step("The day of her notice", "预约支取日") as told:
        _is_there(scene)
        drawn = Withdraw(scene.passbook.id, MEDICINE, PLACE)
        _counted(scene, told, deposits.withdraw, drawn, "elder-withdraw", MEDICINE)
        _is_there(scene)
        _closed_by_two(scene)
        story = scene.teller.kernel.ask(passbook.statement, scene.notice.id, actor=CLERK)
        last, name = story.events[-1], story.deposit.name
        paid = last.principal_out + last.interest
        told.say(
            f"{last.on}  {name.en} closed: into her wallet {paid} ({capitals(paid)}), of it interest {last.interest}; "
            "so much takes two clerks",
            f"{last.on}  {name.zh}销户：转入钱包 {paid}（{capitals(paid)}），其中利息 {last.interest}；金额较大，由两名柜员办理",
        )
        for each in scene.teller.kernel.ask(passbook.interest, scene.notice.id, actor=CLERK):
            told.say(f"    {each.reason.en}", f"    {each.reason.zh}")
            told.say(f"    {each.working}")
        told.data.update(notice_interest=last.interest)


def _closed_by_two(scene: Elder) -> None:
    """Close the notice deposit: one clerk drafts it while she is there, another, who need not see her, agrees."""
    pending = scene.teller.run(deposits.close, CloseDeposit(scene.notice.id), "elder-close-notice", CLERK)
    agreed = Decide(pending.approval_id, approve=True)
    scene.teller.run(approvals.decide, agreed, "elder-close-notice-agreed", OTHER_CLERK)


def _close(scene: Elder) -> None:
    teller = scene.teller
    with teller.step("She closes the passbook", "存折销户") as told:
        _is_there(scene)
        done: Done = teller.run(deposits.close, CloseDeposit(scene.passbook.id), "elder-close", CLERK)
        told.say(
            f"{done.on}  closed: into her wallet {done.paid_out} ({capitals(done.paid_out)}), of it interest {done.interest}",
            f"{done.on}  销户：转入钱包 {done.paid_out}（{capitals(done.paid_out)}），其中利息 {done.interest}",
        )
        story = teller.kernel.ask(passbook.statement, scene.passbook.id, actor=CLERK)
        for text in columns([told.pick(each) for each in PASSBOOK], _passbook(told, story), right=(2, 3, 4, 5)):
            told.say(text)
        _print(scene, told, scene.passbook, done.on)
        last = story.events[-1].number
        teller.entry(told, f"deposit:{scene.passbook.id}:{last}:out")
        told.data.update(paid_out=done.paid_out, interest=done.interest)


def _passbook(told: Step, story: DepositStatement) -> list[Sequence[object]]:
    """Each line from the balance before it: that, what came in and the interest, less what was paid out, in cash or
    into her wallet, is the balance after."""
    rows: list[Sequence[object]] = []
    before = Money.zero("CNY")
    for line in story.events:
        name = WHAT.get(line.what, Words(line.what.replace("_", " "), "结息"))
        out = before + line.principal_in + line.interest - line.balance
        rows.append((line.on, told.pick(name), line.principal_in, line.interest, out, line.balance))
        before = line.balance
    return rows
