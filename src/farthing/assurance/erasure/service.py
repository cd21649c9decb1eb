"""Run the erasure of a person: refuse while something stands or must be kept, then empty every home of what is personal.

Law: Personal Information Protection Law of the PRC art. 47, GDPR art. 17; retention by the policy pack in force
(Anti-Money Laundering Law of the PRC art. 34: ten years after the business ended; Directive (EU) 2015/849 art. 40: five).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from farthing.assurance.erasure import rules
from farthing.credit import service as credit
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.funding.market import lenders_service as lenders
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market import portfolio_service as portfolios
from farthing.funding.resale import service as resale
from farthing.identity import phones as logins
from farthing.identity.rules import actor_id_of
from farthing.kernel import erasing, errands
from farthing.kernel.acting import powers_service as powers
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Id, Note
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.parties import service as parties
from farthing.parties.model import Party
from farthing.parties.phones import service as phones
from farthing.parties.vouching import service as vouching
from farthing.payments import service as payments
from farthing.payments.bindings import service as bindings
from farthing.payments.home import service as home
from farthing.payments.model import Movement
from farthing.products import service as products
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.fund import service as pool
from farthing.sharing import service as sharing
from farthing.sharing.pulling import service as pulling
from farthing.signing.contests import service as contests


@dataclass(frozen=True, slots=True)
class ErasePerson:
    """Erase what is personal of a customer who asked for it and with whom nothing is open; ``reason`` is kept."""

    party_id: Id
    reason: Note


@dataclass(frozen=True, slots=True)
class PersonErased:
    """How many personal values beside the log, and how many stored answers, were emptied."""

    party_id: str
    values: int
    answers: int


@operation(
    "parties.erase", title=Words("Erase a person", "删除个人信息"),
    permission="parties:erase", four_eyes=True, whose=STAFF,
)  # fmt: skip
def erase(tx: Tx, command: ErasePerson) -> PersonErased:
    """Erase a person, by two. The ids stay, with every amount and proof; nothing ties them to anybody.

    Refuses ``parties.unknown``, ``assurance.erased_already``, ``assurance.erase_stands`` and ``assurance.erase_kept``.
    """
    person = parties.party(tx, command.party_id)
    if parties.is_erased(person):
        raise rules.ERASED_ALREADY(party_id=person.id)
    rules.check_nothing_stands(_standing(tx, person))
    rules.check_nothing_is_kept(_last_business(tx, person), products.policy_in_force(tx), tx.business_date)
    said = (person.id, person.name, person.number, person.phone)
    actor_id = actor_id_of(person.phone, "customer", person.id)
    parties.forget(tx, person)
    logins.forget_customer(tx, actor_id)
    vouching.forget(tx, person.id)
    sharing.forget(tx, person.id)
    pulling.forget(tx, person.id)
    lenders.forget(tx, person.id)
    home.forget(tx, person.id)
    contests.forget(tx, person.id)
    answers = erasing.forget_answers(tx, said)
    values = sum(evidence.erase(tx, subject, command.reason) for subject in (person.id, actor_id))
    return PersonErased(person.id, values, answers)


def _standing(tx: Tx, person: Party) -> list[Words]:
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
    found += [Words(f"loan {each.id}", f"贷款 {each.id}") for each in lending.loans(tx, person.id)]
    found += [Words(f"credit file {each.id}", f"信用档案 {each.id}") for each in credit.consents(tx, person.id)]
    found += [Words(f"dispute {each.id}", f"异议 {each.id}") for each in credit.disputes(tx, person.id)]
    found += [Words(f"contest {each.id}", f"合同异议 {each.id}") for each in contests.standing(tx, person.id)]
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
    if erasing.drafts_about(tx, (person.number, person.phone)):
        found.append(Words("draft", "待复核事项"))
    return found


def _last_business(tx: Tx, person: Party) -> date | None:
    """The last day on which money moved for a person, or a deposit ended; none where nothing ever did."""
    days = [each.closed_on for each in passbook.deposits(tx, person.id) if each.closed_on is not None]
    for wallet in payments.wallets(tx, person.id):
        days += [each.recorded_at.date() for each in _newest(tx, person.id, wallet.currency)]
    return max(days, default=None)


def _newest(tx: Tx, party_id: str, currency: str) -> tuple[Movement, ...]:
    return payments.history(tx, party_id, currency, limit=1).movements
