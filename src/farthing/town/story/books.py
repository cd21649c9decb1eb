"""Own what the books show of a loan that goes bad: its class and what is set aside at each month's end, the accounts, what the
product earned, and that money and books say the same. Questions that everyone may ask; every figure is of a past day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from farthing.kit.money import Money, total
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry
from farthing.lending import service as lending
from farthing.lending.audit.service import verify as verify_loans
from farthing.lending.books_service import entries_of
from farthing.lending.model import Loan
from farthing.lending.prudence import service as prudence
from farthing.lending.prudence.audit_service import verify as verify_provisions
from farthing.lending.prudence.model import RESERVE
from farthing.lending.spread import service as spread
from farthing.lending.spread.model import ProductSpread
from farthing.lending.suspense import service as suspense
from farthing.payments.wallets import wallet_path
from farthing.town.story.acts import Scene
from farthing.town.story.columns import columns
from farthing.town.story.teller import Step, Teller

CLASSES = {
    "normal": Words("normal", "正常"), "special_mention": Words("special mention", "关注"),
    "substandard": Words("substandard", "次级"), "doubtful": Words("doubtful", "可疑"), "loss": Words("loss", "损失"),
}  # fmt: skip
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Late:
    """Since when the loan is late: ``missed`` until the terms are ``eased``, then ``missed_again``."""

    missed: date
    eased: date
    missed_again: date

    def days(self, on: date) -> int:
        """Days past due at the end of a day."""
        return max((on - (self.missed if on < self.eased else self.missed_again)).days, 0)


def month(scene: Scene, late: Late, on: date) -> None:
    """A month's end: the loan's class, and what is set aside for it."""
    with scene.teller.step("The month's end: classed and provided for", "月末：分类与计提") as told:
        months(scene, told, [on], late)
        for product in (scene.plan.product, ""):
            for posted in _provisioned(scene.teller, product, on):
                told.entries.append(posted)


def _provisioned(teller: Teller, product: str, on: date) -> list[JournalEntry]:
    moved = [
        each for each in teller.kernel.read(lambda tx: prudence.provided(tx, on)).provisions
        if each.product == product and each.change
    ]  # fmt: skip
    names = [f"provision:{on}:{each.product}:{each.class_name}:{each.change.currency}" for each in moved]
    return [teller.kernel.read(lambda tx, name=name: ledger.entry(tx, name)).entry for name in names]  # type: ignore[misc]


def months(scene: Scene, told: Step, ends: Sequence[date], late: Late) -> None:
    """The loan at the end of each month, as a table."""
    product, currency = scene.plan.product, scene.loan.principal.currency
    rows: list[tuple[object, ...]] = []
    for on in ends:
        found = scene.teller.kernel.read(lambda tx, on=on: prudence.provided(tx, on)).provisions  # type: ignore[misc]
        held_back = scene.teller.kernel.read(lambda tx, on=on: suspense.suspended(tx, on)).products  # type: ignore[misc]
        ours = [each for each in found if each.product == product]
        aside = total([each.allowance for each in ours], currency)
        reserve = total([each.allowance for each in found if each.class_name == RESERVE], currency)
        no_income = total([each.suspended for each in held_back if each.product == product], currency)
        name = next((told.pick(CLASSES[each.class_name]) for each in ours if each.loans), "-")
        rows.append((on, late.days(on), name, aside, reserve, no_income))
    heads = (
        Words("month's end", "月末"), Words("days late", "逾期天数"), Words("class", "分类"), Words("set aside", "准备"),
        Words("reserve", "监管补提"), Words("interest no income", "非应计利息"),
    )  # fmt: skip
    for line in columns([told.pick(each) for each in heads], rows, right=(1, 3, 4, 5)):
        told.say(line)
    told.data.update(
        months=[
            {"on": on, "days_late": days, "class": name, "set_aside": aside, "reserve": reserve, "suspended": suspended}
            for on, days, name, aside, reserve, suspended in rows
        ]
    )


def of_event(teller: Teller, loan_id: str, number: int) -> list[JournalEntry]:
    """What was posted for an event of a loan."""
    about = teller.kernel.read(lambda tx: lending.loan(tx, loan_id))
    prefix = f"loan:{about.short_id}:act:{number}:"
    posted = teller.kernel.read(lambda tx: entries_of(tx, about))
    return [each.entry for each in posted if each.entry.reference.startswith(prefix)]


def show(scene: Scene, eased: date, given_up: date, recovered: date) -> None:
    """The loan's accounts as they stood, what the product earned, and that the money says the same as the books."""
    teller, loan = scene.teller, scene.loan
    assert loan.disbursed_on is not None
    with teller.step("The books of the second year", "第二年的账簿") as told:
        _accounts(scene, told, loan.disbursed_on - DAY, (eased - DAY, given_up - DAY, given_up, recovered))
        periods = ((loan.disbursed_on, given_up), (given_up + DAY, recovered))
        result = _earned(scene, told, periods)
        out, back = _money(scene, loan)
        told.say(
            f"lent {out}, came back {back}: lost {out - back}; result of the product {result}",
            f"放款 {out}，收回 {back}：净损失 {out - back}；产品损益 {result}",
        )
        told.data.update(lent=out, came_back=back, result=result)
        audits = (verify_loans, verify_provisions)
        findings = [each for audit in audits for each in teller.kernel.read(audit, snapshot=True).findings]
        findings += teller.kernel.read(suspense.verify, snapshot=True)
        told.say(
            f"loans, provisions and interest derived again: {findings or 'clean'}",
            f"贷款、准备与利息重新推算：{findings or '一致'}",
        )
        told.data.update(findings=list(map(str, findings)))


def _accounts(scene: Scene, told: Step, eve: date, days: Sequence[date]) -> None:
    """What moved on the accounts of the loan and of its product since the eve of the loan."""
    loan, product = scene.loan, scene.plan.product
    roles = {loan.conditions.roles[role] for role in ("interest_income", "penalty_income")}
    balances = [
        dict(scene.teller.kernel.read(lambda tx, on=on: ledger.trial_balance(tx, on)).lines)  # type: ignore[misc]
        for on in (eve, *days)
    ]
    paths = sorted(
        path for path in {path for each in balances for path in each}
        if path in roles or not {loan.short_id, product, RESERVE}.isdisjoint(path.split(":"))
    )  # fmt: skip
    nothing = loan.principal * 0
    moved = {
        path.replace(loan.short_id, "L"): [
            each.get(path, nothing) - balances[0].get(path, nothing) for each in balances[1:]
        ]
        for path in paths
    }
    rows = {path: amounts for path, amounts in moved.items() if any(amounts)}
    told.say(f"moved since {eve}, debits positive; L is the loan", f"自 {eve} 起变动，借方为正；L 为本笔贷款")
    shown = [(path, *amounts) for path, amounts in rows.items()]
    for line in columns((told.pick(Words("account", "科目")), *map(str, days)), shown, right=range(1, len(days) + 1)):
        told.say(f"  {line}")
    told.data.update(accounts={path: amounts[-1] for path, amounts in rows.items()})


def _earned(scene: Scene, told: Step, periods: Sequence[tuple[date, date]]) -> Money:
    """What the product earned in each period before what its money cost inside the bank; answers the sum."""
    currency = scene.loan.principal.currency
    rows, results, lines = [], [], []
    for since, until in periods:
        report = scene.teller.kernel.read(lambda tx, since=since, until=until: spread.spread(tx, since, until))  # type: ignore[misc]
        found = next(each for each in report.currencies if each.currency == currency)
        each = next(each for each in found.products if each.product == scene.plan.product)
        reserve = total([one.amount for one in found.apart if one.path.endswith(f":{RESERVE}")], currency)
        result = each.spread + each.funding + reserve
        rows.append((f"{since} – {until}", *_figures(each, reserve), result))
        results.append(result)
        lines.append(each)
    heads = (
        Words("period", "期间"), Words("interest", "利息"), Words("penalties", "罚息"), Words("recovered", "收回"),
        Words("set aside", "计提"), Words("losses", "损失"), Words("result", "损益"),
    )  # fmt: skip
    for line in columns([told.pick(each) for each in heads], rows, right=range(1, 7)):
        told.say(line)
    cost = total([each.funding for each in lines], currency)
    told.say(f"(its money cost inside the bank {cost})", f"（内部资金成本 {cost}）")
    names = ("interest", "penalties", "recovered", "set_aside", "losses", "result")
    told.data.update(earned=[dict(zip(names, row[1:], strict=True)) for row in rows])
    return total(results, currency)


def _figures(each: ProductSpread, reserve: Money) -> tuple[Money, ...]:
    return each.interest, each.penalties, each.other, -each.provision + reserve, -each.losses


def _money(scene: Scene, loan: Loan) -> tuple[Money, Money]:
    """What went to the borrower's wallet for the loan, and what came from it."""
    path = wallet_path(scene.party.id, loan.principal.currency, scene.teller.kernel.home)
    posted = scene.teller.kernel.read(lambda tx: entries_of(tx, loan))
    moved = [line.amount for each in posted for line in each.entry.postings if line.account == path]
    nothing = loan.principal * 0
    out = total([-each for each in moved if each < nothing], nothing.currency)
    return out, total([each for each in moved if each > nothing], nothing.currency)
