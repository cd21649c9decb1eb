"""Own what a contract says of a loan that is paid out in parts: how much in all, by when, and under what conditions. Pure."""

from __future__ import annotations

from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending.draws.model import last_day
from farthing.lending.model import Loan


def further(loan: Loan, least: Money) -> Words | None:
    """What is agreed beside what is paid out first, for payment on the contract's day; none where all is paid out at once.
    ``least``: the smallest further payment."""
    pays, on = loan.conditions.payments_out, loan.pays_on
    until = None if on is None else last_day(loan, on)
    if pays is None or until is None:
        return None
    more, rest = pays.at_most - 1, loan.to_draw
    payments = "1 further payment" if more == 1 else f"{more} further payments"
    return Words(
        f"{loan.agreed} is agreed in all. {loan.principal} of it, which the schedule repays, is paid out first. The rest, "
        f"{rest}, may be asked for up to {until} in at most {payments}, each of at least {least} or of all that is left. It "
        "bears and costs nothing before it is paid out. What is paid out is added to what is owed, and the instalments that "
        "fall due after that day are laid out anew, at the same rate and by the same way of repaying: the borrower is shown "
        "them, and confirms them, before the money is paid. None is paid out while something is late or disputed, once the "
        "loan was restructured or relief was asked for, or where the law, or the lender's limits under it, do not allow it "
        "that day. What was not asked for lapses after that day, and when the loan is paid off; the borrower may give it up "
        "before, at no cost.",
        f"本合同约定借款总额 {loan.agreed}。首次放款 {loan.principal}，按还款计划偿还；其余 {rest} 借款人可在 {until} 前"
        f"（含当日）申请提用，最多再放款 {more} 次，每次不低于 {least} 或为全部剩余额度。未提用部分不计息、不收费。"
        "每次放款计入欠款，其后到期的各期按同一利率和还款方式重新计算，放款前向借款人展示并由其确认。存在逾期或对欠款有异议、"
        "贷款曾重组或已申请纾困，或当日依法律及贷款人据此执行的限额不得发放的，不予放款。至该日未提用的额度自次日起失效，"
        "贷款结清时亦失效；借款人可随时放弃，不收费用。",
    )
