"""Own the words of a loan contract: a loan, its parties and its product become the terms that ``signing`` prints.

Pure. Every figure comes from the loan; every clause that a product chooses (method, allocation, lateness) is put in
words here, in both languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from farthing.kit.errors import InvariantBroken
from farthing.kit.money import total
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending.agreement.following import following
from farthing.lending.agreement.further import further
from farthing.lending.life import buckets
from farthing.lending.model import OWN_BOOK, Loan, Settlement
from farthing.lending.offering.plan import Quote
from farthing.lending.pinned import down_payment_of
from farthing.lending.rules import lenders
from farthing.parties.model import Party
from farthing.products.loan import EQUAL_PERIODS
from farthing.products.model import USUAL_REPAYING, InstalmentFee, LoanTerms
from farthing.signing import terms as signing
from farthing.signing.terms import CREDIT_CODE, ContractParty, LenderShare, ScheduleLine

METHODS = {
    "equal_instalment": Words("equal instalments (the same amount each time)", "等额本息（每期还款额相同）"),
    "equal_principal": Words("equal principal (the same principal each time)", "等额本金（每期本金相同）"),
    "interest_first": Words("interest each time, principal at the end", "先息后本（到期还本）"),
    "flat": Words("equal instalments, with interest on what was first lent", "等本等息（利息按初始本金计算）"),
    "bullet": Words("principal and interest together at the end", "到期一次还本付息"),
    "custom": Words("parts of the principal on agreed days, each with interest", "按约定日期分次还本付息"),
}
UNITS = {"day": Words("days", "天"), "week": Words("weeks", "周"), "month": Words("months", "个月")}
PARTS = {
    "week": Words("a fifty-second part of a year's for each week", "每周按年利率的五十二分之一计息"),
    "month": Words("a twelfth part of a year's for each month", "每月按年利率的十二分之一计息"),
}
"""What equal periods bear."""
COMPONENTS = {
    "penalty": Words("penalty", "罚息"),
    "fee": Words("fees", "费用"),
    "interest": Words("interest", "利息"),
    "principal": Words("principal", "本金"),
}
WHENS = {
    "past_due": Words("past due", "逾期"), "due": Words("due", "到期"), "in_advance": Words("not yet due", "未到期"),
}  # fmt: skip
SURPLUS = {
    "next": Words(
        " What is paid beyond what is due pays the next instalments, with their interest.", "超出应还的款项依次预还下一期本息。",
    ),
    "last": Words(
        " What is paid beyond what is due repays principal at once, and the loan ends earlier.",
        "超出应还的款项即时归还本金，并缩短期限。",
    ),
    "re_amortise": Words(
        " What is paid beyond what is due repays principal at once, and the later instalments are smaller.",
        "超出应还的款项即时归还本金，并减少以后各期还款额。",
    ),
}  # fmt: skip
"""What is paid beyond what is due does by the contract."""
RECALCULATED = {
    "by_day": Words(
        " Interest is on what is left, day by day: principal that is late goes on bearing it, and what is paid early bears none.",
        "利息按剩余本金逐日计算：逾期本金继续计息，提前归还的本金不再计息。",
    ),
    "by_period": Words(
        " Interest is on what is left, period by period: principal that is late goes on bearing it, and what is paid early bears "
        "none from the next period on.",
        "利息按剩余本金逐期计算：逾期本金继续计息，提前归还的本金自下期起不再计息。",
    ),
}
"""What money that comes early or late does to interest."""
BASES = {
    "lent": Words("the amount of the loan", "借款金额"),
    "instalment": Words("its principal and interest", "当期本息"),
}
"""What the fee of an instalment may be a share of."""
WALLET = Words(
    "the borrower's wallet on this platform (unless it is paid out that day this contract lapses, and is drawn and signed "
    "anew for another day)",
    "借款人在本平台的钱包（当日未放款的，本合同失效，须按新的放款日重新出具并签署）",
)
EARLY = Words(
    "The borrower may repay the whole at any time. Interest is then owed only up to that day, with no fee or penalty.",
    "借款人可随时提前还清。提前还清时只付至还清当日的利息，不收违约金或手续费。",
)
DISPUTE = Words(
    "Disputes are first settled by talking; failing that, the people's court at the lender's domicile decides.",
    "争议先行协商；协商不成，由出借机构住所地人民法院管辖。",
)


def terms(
    loan: Loan,
    quote: Quote,
    product: LoanTerms,
    borrower: Party,
    institution: Party,
    made_at: datetime,
    replaced: Settlement | None = None,
    reference: Words | None = None,
) -> signing.LoanTerms:
    """The contract's terms, for payment on ``loan.pays_on`` and no other day; every lender beside the institution is named.
    ``replaced``: what pays off the loan that this one replaces. ``reference``: what the rate is called that one which floats
    follows."""
    currency = loan.principal.currency
    if loan.pays_on is None:
        raise InvariantBroken(f"{loan.id} has no day of payment to draw a contract for")
    lines, others = _schedule(quote), lenders(loan.holders)
    return signing.LoanTerms(
        number=loan.id,
        made_on=loan.pays_on,
        made_at=made_at,
        product=loan.conditions.product,
        product_name=Words(product.name.en, product.name.zh),
        borrower=signing.identified("borrower", borrower),
        institution=signing.identified("institution", institution),
        principal=loan.principal,
        rate=loan.conditions.annual,
        day_count=_day_count(loan),
        apr=quote.annual_percentage_rate,
        total_interest=quote.total_interest,
        total_fees=total([line.fee for line in lines], currency),
        total_repayable=total([line.total for line in lines], currency),
        method=_method(loan),
        disbursed_on=loan.pays_on,
        disbursed_to=_disbursed_to(loan, replaced),
        schedule=lines,
        purpose=Words(loan.purpose, loan.purpose),
        early_repayment=_early(loan),
        late_payment=_late(loan),
        allocation=_allocation(loan),
        complaint=_complaint(institution),
        dispute=DISPUTE,
        fees=_fees(loan, quote, replaced),
        floating=following(loan, reference),
        payments_out=further(loan, product.principal.min),
        decision=Words(f"credit decision {loan.decision_id}", f"信贷决定 {loan.decision_id}"),
        partners=tuple(
            ContractParty(f"lender_{number}", each.name, each.legal_name, CREDIT_CODE, each.credit_code)
            for number, each in enumerate(others, start=1)
        ),
        lenders=_lenders(loan) if others else (),
    )


def _disbursed_to(loan: Loan, replaced: Settlement | None) -> Words:
    """Where the money goes: to the loan that this one replaces, what is kept back as the down payment, and the rest."""
    down, kept = down_payment_of(loan.conditions.schedule, loan.principal), loan.principal * 0
    found = WALLET
    if replaced is not None:
        kept, found = replaced.amount, _rest(loan, replaced)
    if not down:
        return found
    stays = loan.principal - kept - down
    return Words(
        f"{found.en}; of the principal {down} falls due the same day as the down payment, without interest, and is repaid out "
        f"of what is paid out, so that {stays} stays in the wallet",
        f"{found.zh}；其中 {down} 为首付款，于放款当日到期、不计利息，并从所放款项中归还，钱包实得 {stays}",
    )


def _rest(loan: Loan, replaced: Settlement) -> Words:
    """Where the money goes of a loan that replaces another: the pay-off of the day of payment first, and what is left."""
    rest = loan.principal - replaced.amount
    parts = replaced.principal, replaced.interest, replaced.fee, replaced.penalty
    made_of = Words(
        "principal {}, interest {}, fees {}, penalty {}".format(*parts),
        "本金 {}、利息 {}、费用 {}、罚息 {}".format(*parts),
    )
    return Words(
        f"first it pays off loan {replaced.loan_id} in full, by what that costs on the day of payment: {replaced.amount} on "
        f"{replaced.on} ({made_of.en}), less by what is repaid of it before. That loan then ends, with all that stood behind it. "
        f"The rest, {rest} on that day, goes to {WALLET.en}",
        f"先按放款日应付金额结清贷款 {replaced.loan_id}：{replaced.on} 为 {replaced.amount}（{made_of.zh}），"
        f"此前已还部分相应减少；该贷款随即终止，其担保一并解除。余款（当日为 {rest}）转入{WALLET.zh}",
    )


def _method(loan: Loan) -> Words:
    """How it is repaid, and how often where that is not each month. Days and amounts stand in the schedule."""
    how, laid_out = METHODS[loan.conditions.method], loan.conditions.schedule
    if loan.conditions.method != "bullet" and (laid_out.every, laid_out.unit) != (1, "month"):
        unit = UNITS[laid_out.unit]
        how = Words(f"{how.en}, every {laid_out.every} {unit.en}", f"{how.zh}，每 {laid_out.every} {unit.zh}一期")
    if loan.conditions.day_count == EQUAL_PERIODS:
        part = PARTS[laid_out.unit]
        how = Words(f"{how.en}; interest is {part.en}, however many days it has", f"{how.zh}；{part.zh}，不论实际天数")
    return how


def _day_count(loan: Loan) -> str:
    """By what interest is counted: equal periods are so many a year."""
    how = loan.conditions.day_count
    return f"{how}/{12 if loan.conditions.schedule.unit == 'month' else 52}" if how == EQUAL_PERIODS else how


def _complaint(institution: Party) -> Words:
    """Where one complains: only where somebody answers, which is the institution itself."""
    return Words(
        f"Complain at a counter of {institution.name} or by telephone, {institution.phone}; the answer comes within fifteen "
        "days. Whoever is not satisfied may turn to the financial regulator.",
        f"可在{institution.name}的柜台或致电 {institution.phone} 投诉，十五日内答复；不满意可向金融监管部门反映。",
    )


def _schedule(quote: Quote) -> tuple[ScheduleLine, ...]:
    return tuple(
        ScheduleLine(
            number=item.number,
            due_on=item.due_on,
            principal=item.principal,
            interest=item.interest,
            fee=item.fee,
            total=item.amount,
            balance_after=item.outstanding_after,
        )
        for item in quote.instalments
    )


def _lenders(loan: Loan) -> tuple[LenderShare, ...]:
    """Each holder's share; the last takes what division leaves, so the shares sum to one exactly."""
    shares, partner, left = [], 0, Decimal(1)
    for holder in loan.holders[:-1]:
        share = (holder.share.decimal() / loan.principal.decimal()).quantize(Decimal("0.000001"))
        shares.append(share)
        left -= share
    result = []
    for holder, share in zip(loan.holders, [*shares, left], strict=True):
        partner += holder.name != OWN_BOOK
        role = "institution" if holder.name == OWN_BOOK else f"lender_{partner}"
        result.append(LenderShare(role, share, holder.share))
    return tuple(result)


def _fees(loan: Loan, quote: Quote, replaced: Settlement | None) -> Words | None:
    """What is charged beside interest, and when; none where nothing is."""
    found = []
    if quote.fee:
        due = Words("is due with the first instalment", "随首期支付")
        if loan.conditions.fee_kept_back:
            got = loan.principal - down_payment_of(loan.conditions.schedule, loan.principal) - quote.fee
            got = got if replaced is None else got - replaced.amount
            due = Words(
                f"falls due on the day of the payment out and is kept back from it: {got} of {loan.principal} "
                "stays in the wallet",
                f"于放款当日支付，从放款中扣回，借款 {loan.principal} 钱包实得 {got}",
            )
        found.append(Words(
            f"A fee of {quote.fee} for granting the loan {due.en}.", f"贷款手续费 {quote.fee}，{due.zh}。",
        ))  # fmt: skip
    if (fee := loan.conditions.instalment_fee) is not None:
        each = of_each(fee)
        found.append(Words(
            f"Each instalment contains a fee of {each.en}; that of an instalment whose period has not begun when the loan is "
            "paid off is not owed.",
            f"每期另收费用{each.zh}；提前结清时，尚未开始的各期不再收取。",
        ))  # fmt: skip
    return Words(" ".join(each.en for each in found), "".join(each.zh for each in found)) if found else None


def of_each(fee: InstalmentFee) -> Words:
    """How much the fee of an instalment is."""
    if fee.amount is not None:
        return Words(str(fee.amount), f" {fee.amount}")
    share, base = percent(fee.share, least=0), BASES[fee.of]
    return Words(f"{share} of {base.en}", f"，为{base.zh}的 {share}")


def _early(loan: Loan) -> Words:
    """What may be repaid early, up to when it bears interest, and what it costs."""
    said, part = loan.conditions.repaying, loan.conditions.early_repayment
    whole = not said.borrower_chooses and not said.surplus
    what = Words("the whole", "全部") if whole else Words("the whole or a part", "全部或部分")
    until = Words("only up to that day", "只付至还款当日的利息")
    if said.pay_off == "to_period_end":
        until = Words("up to the end of the period that runs", "付至当期期末的利息")
    if not part and said == USUAL_REPAYING:
        return EARLY
    costs = Words(", with no fee or penalty.", "，不收违约金或手续费。")
    if part:
        shown = percent(part, least=0)
        costs = Words(
            f". Of principal that is repaid before it falls due a fee of {shown} is charged, each time never more than the "
            "interest that this saves.",
            f"；对提前偿还的本金按 {shown} 收取费用。无论部分或全部，每次的费用均不超过因此节省的利息。",
        )
    return Words(
        f"The borrower may repay {what.en} at any time. Interest is then owed {until.en}{costs.en}",
        f"借款人可随时提前偿还{what.zh}本金，{until.zh}{costs.zh}",
    )


def _late(loan: Loan) -> Words:
    penalty = percent(loan.conditions.penalty_annual, least=0)
    many = Words("", "")
    if loan.conditions.penalty_multiple is not None:
        times = f"{loan.conditions.penalty_multiple.normalize():f}"
        many = Words(
            f", {times} times the rate of the loan and changing with it,", f"（合同利率的 {times} 倍，随合同利率调整）"
        )
    days = loan.conditions.grace_days
    on = Words("the overdue amount", "逾期金额")
    if loan.conditions.penalty_on == "principal":
        on = Words("the overdue principal", "逾期本金")
    small, least = Words("", ""), loan.conditions.tolerance
    if least is not None:
        small = Words(
            f" An instalment of which no more than {least} is overdue bears none.",
            f"单期逾期金额不超过 {least} 的，不计罚息。",
        )
    beside = RECALCULATED.get(loan.conditions.repaying.recalculated, Words("", ""))
    once, fixed = Words("", ""), loan.conditions.late_fee
    if fixed is not None:
        once = Words(f" It then also costs {fixed}, once.", f"该期另收一次性逾期费用 {fixed}。")
    return Words(
        f"Once an instalment is more than {days} days late, {on.en} bears a penalty of {penalty} a year{many.en} "
        f"from the day after it fell due until it is paid.{small.en}{once.en}{beside.en}",
        f"逾期超过 {days} 日的，自到期次日起对{on.zh}按年利率 {penalty}{many.zh}计收罚息，直至还清。"
        f"{small.zh}{once.zh}{beside.zh}",
    )


def _allocation(loan: Loan) -> Words:
    """In which order a repayment pays, and what pays more than is due."""
    order, said = loan.conditions.allocation, loan.conditions.repaying
    first, surplus = _order(order, said.direction), SURPLUS.get(said.surplus, Words("", ""))
    given, no_choice = Words("", ""), Words("", "")
    if said.goodwill_credit:
        other = _order(said.goodwill_credit, said.direction)
        given = Words(f" Of what the lender gives: {other.en}", f"贷款人减免的款项：{other.zh}")
    if not said.borrower_chooses:
        no_choice = Words(" The borrower has no other choice of this.", "借款人不得另行选择。")
    return Words(f"{first.en}{surplus.en}{no_choice.en}{given.en}", f"{first.zh}{surplus.zh}{no_choice.zh}{given.zh}")


def _order(order: Sequence[str], direction: str) -> Words:
    """An order of allocation, in words."""
    if direction == "by_instalment" and all(name in COMPONENTS for name in order):
        words = [COMPONENTS[name] for name in order]
        return Words(
            f"A repayment goes to the oldest instalment first; within it, in this order: {', '.join(w.en for w in words)}.",
            f"还款先冲抵最早到期的一期；每期内依次冲抵{'、'.join(word.zh for word in words)}。",
        )
    named = [(WHENS[when], COMPONENTS[component]) for when, component in buckets(order)]
    over = Words("each over all instalments, the oldest first", "每项按到期先后冲抵各期")
    if direction == "by_instalment":
        over = Words("an instalment at a time, the oldest first", "逐期冲抵，先到期者在先")
    en, zh = (
        ", ".join(f"{when.en} {what.en}" for when, what in named),
        "、".join(when.zh + what.zh for when, what in named),
    )
    return Words(f"A repayment pays in this order, {over.en}: {en}.", f"还款依次冲抵（{over.zh}）：{zh}。")
