"""Own ``farthing loans show``: a loan as it stands today, instalment by instalment, and what would end it."""

from __future__ import annotations

from dataclasses import dataclass

import typer

from farthing.commands.language import pick, say
from farthing.commands.lives import STATES
from farthing.commands.lives import Loan as LoanId
from farthing.commands.savings import ask
from farthing.commands.tables import Json, rows
from farthing.db.tx import Tx
from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.lending.model import OWN_BOOK, Loan, Settlement


@dataclass(frozen=True, slots=True)
class Shown:
    """A loan as it stands; what of it is due, what pays it off and how late it is, where it is being repaid."""

    loan: Loan
    due: Money | None = None
    pays_off: Settlement | None = None
    days_past_due: int = 0


def show_loan(loan: LoanId, as_json: Json = False) -> None:
    """A loan as it stands: what was lent, each instalment with what is paid, what is due and what pays it off today."""

    def found(tx: Tx) -> Shown:
        known = lending.loan(tx, loan)
        return Shown(known, *lending.owed(tx, loan)) if known.state == "active" else Shown(known)

    ask(found, as_json, _show)


def _show(found: Shown) -> None:
    loan = found.loan
    heads = (
        Words("number", "期数"), Words("due", "到期日"), Words("principal", "本金"), Words("interest", "利息"),
        Words("fees", "费用"), Words("penalty", "罚息"), Words("still to pay", "尚需偿还"),
    )  # fmt: skip
    lines = [
        (each.number, each.due_on, each.principal, each.interest, each.fee, each.penalty, each.left + each.penalty_left)
        for each in loan.instalments
    ]
    rows(Words("Instalments", "还款计划"), heads, lines, right=range(2, 7))
    version = loan.conditions.version[:12]
    annual, late = percent(loan.conditions.annual), percent(loan.conditions.penalty_annual)
    for line in (
        say(f"{loan.conditions.product} (version {version}): {loan.principal}, {pick(STATES[loan.standing])}",
            f"{loan.conditions.product}（版本 {version}）：{loan.principal}，{pick(STATES[loan.standing])}"),
        say(f"{annual} a year, {late} when late", f"年利率 {annual}，罚息利率 {late}"),
        *_step(loan),
        say(f"accepted {loan.accepted_on}, paid out {loan.disbursed_on or '-'}, over {loan.closed_on or '-'}",
            f"接受 {loan.accepted_on}，放款 {loan.disbursed_on or '-'}，结束 {loan.closed_on or '-'}"),
        *_holders(loan),
        say(f"principal owed: {loan.outstanding}", f"剩余本金：{loan.outstanding}"),
        *_undrawn(loan),
        *_owed(found),
    ):  # fmt: skip
        typer.echo(line)


def _holders(loan: Loan) -> list[str]:
    own = Words("the own book", "本机构")
    parts = [
        f"{pick(own) if each.name == OWN_BOOK else each.legal_name or each.name} {each.share}" for each in loan.holders
    ]
    return [say(f"held by: {', '.join(parts)}", f"持有人：{'，'.join(parts)}")] if parts else []


def _step(loan: Loan) -> list[str]:
    """Why it bears what it does, where that goes by the probability of default."""
    step = loan.conditions.step
    if step is None:
        return []
    most, annual = percent(step.up_to), percent(step.annual)
    return [
        say(f"agreed for a probability of default up to {most}: {annual}", f"适用于不超过 {most} 的违约概率：{annual}")
    ]


def _undrawn(loan: Loan) -> list[str]:
    """What may still be asked for of a loan that is paid out in parts."""
    if loan.undrawn is None:
        return []
    until = loan.undrawn_until
    en, zh = (f" up to {until}", f"，可提用至 {until}") if until else ("", "")
    return [
        say(f"agreed in all: {loan.agreed}; {loan.undrawn} may still be asked for{en}",
            f"借款总额：{loan.agreed}；尚可提用 {loan.undrawn}{zh}")
    ]  # fmt: skip


def _owed(found: Shown) -> list[str]:
    if found.due is None or found.pays_off is None:
        return []
    due, end, days = found.due, found.pays_off, found.days_past_due
    return [
        say(f"due today: {due}; {days} days late", f"今日应还：{due}；逾期 {days} 天"),
        say(f"pays it off on {end.on}: {end.amount}", f"{end.on} 结清金额：{end.amount}"),
    ]
