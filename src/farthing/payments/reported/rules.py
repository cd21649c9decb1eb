"""Decide about reports of fraud and what they froze. Pure.

liabilities:wallets:HOLDER   amount     frozen, then given back or freed
    TARGET  -amount                     the payer's wallet; suspense of the rail; what the rail is owed
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import pledges
from farthing.ledger.chart import returned_path, suspense_path
from farthing.ledger.model import Command, Hold, JournalEntry
from farthing.ledger.pledges import Pledge
from farthing.payments.model import RailPayment
from farthing.payments.reported.model import DecideFrozen, FraudReport, FrozenPart, OwnReport
from farthing.payments.rules import transfer_reference
from farthing.payments.wallets import REPORT_BACK, TRANSFER, party_of, wallet_path
from farthing.products.reported_rules import ReportedRules

UNKNOWN = not_found("reported.unknown", "There is no such report.", "没有这份举报。")
NOT_YOUR_PAYMENT = not_found(
    "reported.no_payment",
    "There is no payment of yours to another customer under {reference}. What went to another bank is called back; what was paid "
    "to a shop is disputed; what was drawn by a mandate is had back or disputed.",
    "没有您向其他客户付款的记录 {reference}。转往他行的款项请申请撤回；付给商户的款项请提出争议；授权扣款请申请退回或提出争议。",
)
TOO_LATE = declined(
    "reported.too_late",
    "A payment is reported within {days} days; ring us up.",
    "付款后 {days} 天内可举报；请致电本行。",
)
TOO_MANY = declined(
    "reported.too_many",
    "{count} reports of yours are open already; ring us up, and we look at this one with you.",
    "您已有 {count} 份举报在处理；请致电本行，由本行人员为您办理。",
)
OTHER_CONTENT = conflict(
    "reported.before",
    "This payment was reported before, with other words; that report stands.",
    "该付款此前已举报，内容不同；以原举报为准。",
)
NOT_IN = declined(
    "reported.not_come_in",
    "{movement_id} is no money that came in and is in a customer's wallet.",
    "{movement_id} 不是已入账至客户钱包的来款。",
)
NOT_FROZEN = conflict("reported.not_frozen", "Nothing of that is frozen any more.", "该款项已不在冻结中。")
NO_REASON = malformed(
    "reported.no_reason", "Say why; whoever had the money frozen reads it.", "请填写理由，被冻结方可见。"
)
NO_WORDS = malformed("reported.no_words", "Say why the money is yours.", "请说明款项为您合法所得的理由。")
OVERDUE = Words("nobody decided in time", "未能在时限内核实")
TAKEN_BACK = Words("the rail took the payment back itself", "通道已自行撤回该来款")


def report_id(source: str, reference: str) -> str:
    """The name of the one report that there is of a payment."""
    return prefixed("report", derived(f"fraud-report {source} {reference}"))


def paid(entry: JournalEntry, payer: str, home: str) -> tuple[str, str, Money]:
    """The wallet that a transfer of a payer went to, whose it is, and how much; refuses ``reported.no_payment``."""
    out = {each.account: each.amount for each in entry.postings}
    mine = [path for path, amount in out.items() if party_of(path) == payer and amount.minor > 0]
    theirs = [path for path, amount in out.items() if amount.minor < 0 and party_of(path) is not None]
    drawn = entry.reference.startswith(
        transfer_reference("debit_")
    )  # it has its own ways back, which know nothing of a freeze
    if entry.kind != TRANSFER or drawn or len(mine) != 1 or len(theirs) != 1:
        raise NOT_YOUR_PAYMENT(reference=entry.reference)
    return theirs[0], str(party_of(theirs[0])), out[mine[0]]


def check_late(on: date, today: date, rules: ReportedRules) -> None:
    """Refuse what was paid too long ago."""
    if (today - on).days > rules.report_days:
        raise TOO_LATE(days=rules.report_days)


def check_come_in(found: tuple[RailPayment, str] | None, movement_id: str) -> RailPayment:
    """A movement that came in and is in a customer's wallet; refuses ``reported.not_come_in``."""
    if found is None or found[0].direction != "in" or found[0].party_id is None or found[0].state != "settled":
        raise NOT_IN(movement_id=movement_id)
    return found[0]


def until(now: datetime, rules: ReportedRules) -> datetime:
    """Until when money is frozen at most."""
    return now + timedelta(hours=rules.hours)


def target(report: FraudReport, home: str) -> str:
    """Where a report's money goes where it goes back."""
    currency = report.amount.currency
    if report.source == "payer":
        return wallet_path(str(report.payer), currency, home)
    if report.source == "bank":
        return suspense_path(report.rail, currency, home)
    return returned_path(report.rail, currency, home)


def frozen(report: FraudReport, part: FrozenPart, on: date, home: str) -> Hold:
    """Freeze a part where it lies. The hold has no end of its own: the report has."""
    pledge = Pledge(name_of(part, "frozen"), REPORT_BACK, part.path, target(report, home), part.amount, report.id)
    return pledges.held(pledge, on)


def ended(part: FrozenPart, on: date) -> Command:
    """Give a part back, or free it."""
    if part.state == "returned":
        return pledges.settled(name_of(part, "frozen"), name_of(part, "returned"), on)
    return pledges.released(name_of(part, "frozen"), name_of(part, "released"))


def name_of(part: FrozenPart, what: str) -> str:
    """The reference of what becomes of a part."""
    return f"report:{part.report_id}:{part.holder}:{what}"


def suspense_id(part: FrozenPart, rail: str) -> str:
    """The name of a part that waits in suspense to be sent back."""
    return f"{rail}:{part.report_id}:{part.holder}"


def chosen(command: DecideFrozen, parts: Sequence[FrozenPart]) -> list[FrozenPart]:
    """The parts that a decision is about; refuses ``reported.no_reason``, ``reported.not_frozen``."""
    if not command.reason.strip():
        raise NO_REASON()
    found = [each for each in parts if each.state == "frozen" and command.holder in ("", each.holder)]
    if not found:
        raise NOT_FROZEN()
    return found


def own(report: FraudReport, parts: Sequence[FrozenPart], name: str) -> OwnReport:
    """A report as whoever made it sees it."""
    sums = {"returned": 0, "released": 0, "frozen": 0}
    for each in parts:
        sums[each.state] += each.amount.minor
    currency = report.amount.currency
    return OwnReport(
        report.id, report.reference, report.kind, report.amount, Money(sums["frozen"], currency), report.back, report.gone,
        Money(sums["returned"], currency), Money(sums["released"], currency), report.reported_at, report.until_at,
        report.open, name,
    )  # fmt: skip
