"""Read what stands in the way of an erasure: what is open with a person, and the last day on which money moved. Never decides."""

from __future__ import annotations

from datetime import date

from farthing.credit import service as credit
from farthing.crowdfunding import service as crowdfunding
from farthing.db.tx import Tx
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market import portfolio_service as portfolios
from farthing.funding.resale import service as resale
from farthing.kernel import erasing, errands
from farthing.kernel.acting import powers_service as powers
from farthing.kit.words import Words
from farthing.lending import erasing_service as lending
from farthing.parties.model import Party
from farthing.parties.phones import service as phones
from farthing.payments import service as payments
from farthing.payments.bindings import service as bindings
from farthing.payments.model import Movement
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.fund import service as pool
from farthing.signing import service as signing
from farthing.signing.contests import service as contests
from farthing.supply import reading_service as supply
from farthing.voice.cases import persons_service as cases


def standing(tx: Tx, person: Party) -> list[Words]:
    """What is open with a person."""
    found = [
        Words(f"wallet {each.balance}", f"钱包 {each.balance}")
        for each in payments.wallets(tx, person.id)
        if each.balance
    ]
    found += [
        Words(f"deposit {each.id}", f"存款 {each.id}")
        for each in passbook.deposits(tx, person.id)
        if each.closed_on is None
    ]
    found += [
        Words(f"fund {each.fund}", f"基金 {each.fund}")
        for each in pool.holdings(tx, person.id)
        if each.value or each.buying
    ]
    found += [
        Words(f"bound card or account ****{each.tail}", f"绑定银行卡 ****{each.tail}")
        for each in bindings.live(tx, person.id)
    ]
    found += lending.standing(tx, person.id)
    found += [
        Words(f"dispute {each.id}", f"异议 {each.id}")
        for each in credit.disputes(tx, person.id)
        if each.state == "open"
    ]
    found += [Words(f"project {each}", f"众筹项目 {each}") for each in crowdfunding.standing(tx, person.id)]
    found += [
        Words(f"receivable {each.receivable_id}", f"应收账款 {each.receivable_id}")
        for each in supply.pieces(tx, person.id)
    ]
    found += [Words(f"contest {each.id}", f"合同异议 {each.id}") for each in contests.standing(tx, person.id)]
    found += [Words(f"case {each}", f"投诉或意见 {each}") for each in cases.open_of(tx, person.id)]
    found += [Words(f"errand {each.id}", f"外部请求 {each.id}") for each in errands.open_about(tx, person.id)]
    found += [Words(f"mandate {each.id}", f"出借委托 {each.id}") for each in mandates.live(tx, person.id)]
    found += [Words(f"sale {each.id}", f"债权转让 {each.id}") for each in resale.open_of(tx, person.id)]
    found += [
        Words(f"power {each.id}", f"代办授权 {each.id}")
        for each in (*powers.given(tx, person.id), *powers.held(tx, person.id))
        if each.state(tx.business_date) in ("asked", "later", "in_force")
    ]
    lent = portfolios.portfolio(tx, person.id)
    if lent.left:
        found.append(Words(f"notes {lent.left}", f"债权份额 {lent.left}"))
    if lent.waiting:
        found.append(Words(f"money for loans that wait {lent.waiting}", f"待放款的出借资金 {lent.waiting}"))
    if phones.is_changing(tx, person.id):
        found.append(Words("change of the phone", "手机更换"))
    if erasing.drafts_about(tx, (person.id, person.number, person.phone)):
        found.append(Words("draft", "待复核事项"))
    return found


def last_business(tx: Tx, person: Party) -> date | None:
    """The last day on which money moved for a person, a deposit or loan ended, a case was closed or something was signed."""
    days = [each.closed_on for each in passbook.deposits(tx, person.id) if each.closed_on is not None]
    for wallet in payments.wallets(tx, person.id):
        days += [each.recorded_at.date() for each in _newest(tx, person.id, wallet.currency)]
    signed = signing.last_signed(tx, person.id)
    ended = (cases.last_of(tx, person.id), lending.last_of(tx, person.id), None if signed is None else signed.date())
    return max([*days, *(each for each in ended if each is not None)], default=None)


def _newest(tx: Tx, party_id: str, currency: str) -> tuple[Movement, ...]:
    return payments.history(tx, party_id, currency, limit=1).movements
