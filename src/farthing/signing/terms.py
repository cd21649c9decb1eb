"""Own the terms of a contract as data: who, how much, what it costs, when, and what both sides agreed.

The same value is printed by the template and attached to the PDF as canonical JSON, so text and data cannot differ.
Terms whose figures do not add up are refused before anything is printed. Never holds layout or wording of clauses
that every contract of a template shares: that is the template's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from farthing.kit.errors import declined
from farthing.kit.money import Money, total
from farthing.kit.words import Words
from farthing.parties.model import Party

INCONSISTENT = declined(
    "signing.terms_inconsistent",
    "The contract's figures do not agree: {problem}; correct the terms before anybody signs them.",
    "合同数字不一致：{problem}；请先更正条款再签署。",
)


@dataclass(frozen=True, slots=True)
class ContractParty:
    """Who is bound. ``role``: ``borrower``, ``institution`` or ``lender_1``, ``lender_2``... (also the field's name).

    ``identity_number`` is the resident identity number or the unified social credit code, in full: the contract must
    identify the person (Civil Code art. 470 (1)); it is never written to the evidence log.
    """

    role: str
    party_id: str
    name: str
    identity_kind: Words
    identity_number: str
    phone: str = ""
    address: str = ""


def identified(role: str, who: Party) -> ContractParty:
    """A party as a contract identifies it, by its number in full."""
    kind = RESIDENT_ID if who.kind == "person" else CREDIT_CODE
    return ContractParty(role, who.id, who.name, kind, who.number, who.phone)


@dataclass(frozen=True, slots=True)
class LenderShare:
    """The part of the principal one lender gives, and which share of every repayment is hers."""

    role: str
    share: Decimal
    amount: Money


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One instalment: what is due, and the principal that remains after it."""

    number: int
    due_on: date
    principal: Money
    interest: Money
    fee: Money
    total: Money
    balance_after: Money


RESIDENT_ID = Words("Resident identity card", "居民身份证")
CREDIT_CODE = Words("Unified social credit code", "统一社会信用代码")
SANDBOX_TRUST = Words(
    zh="本合同的数字证书与时间戳由平台内置的沙盒认证机构与时间戳机构签发。它们属于平台自身，不是独立第三方；"
    "正式运营须接入依法设立的电子认证服务提供者（《电子签名法》第十六条）。",
    en="The certificates and time stamps of this contract come from the platform's built-in sandbox authorities. They "
    "belong to the platform and are no independent third party; a real deployment plugs in lawfully established "
    "providers (Electronic Signature Law, art. 16).",
)


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """Everything a loan contract says that another contract of the same template does not.

    ``rate`` and ``apr`` are yearly fractions (0.12 is 12 %); ``penalty_rate`` likewise, on overdue principal.
    ``made_on`` is the bank's business date; ``made_at`` the instant, also the document's creation date in the file: the
    same terms always give the same bytes.
    """

    number: str
    made_on: date
    made_at: datetime
    product: str
    product_name: Words
    borrower: ContractParty
    institution: ContractParty
    principal: Money
    rate: Decimal
    day_count: str
    apr: Decimal
    total_interest: Money
    total_fees: Money
    total_repayable: Money
    method: Words
    disbursed_on: date
    disbursed_to: Words
    schedule: tuple[ScheduleLine, ...]
    purpose: Words
    early_repayment: Words
    late_payment: Words
    allocation: Words
    complaint: Words
    dispute: Words
    cooling_off: Words | None = None
    fees: Words | None = None
    decision: Words | None = None
    floating: Words | None = None
    payments_out: Words | None = None
    trust: Words = SANDBOX_TRUST
    partners: tuple[ContractParty, ...] = ()
    lenders: tuple[LenderShare, ...] = ()


def signing_roles(terms: LoanTerms) -> tuple[str, ...]:
    """The roles that sign, in their order: borrower, institution, then partner lenders."""
    return (terms.borrower.role, terms.institution.role, *(partner.role for partner in terms.partners))


def check(terms: LoanTerms) -> LoanTerms:
    """Answer the terms if every figure follows from the others; refuses ``signing.terms_inconsistent``.

    The schedule must sum to the principal, interest and fees shown, line by line and as a whole, end at zero, and run
    forward in time; the lenders' amounts must sum to the principal.
    """
    _check_schedule(terms)
    _check_lenders(terms)
    return terms


def _check_schedule(terms: LoanTerms) -> None:
    currency, lines = terms.principal.currency, terms.schedule
    _same("principal of the schedule", [line.principal for line in lines], terms.principal)
    _same("interest of the schedule", [line.interest for line in lines], terms.total_interest)
    _same("fees of the schedule", [line.fee for line in lines], terms.total_fees)
    _same("total of the schedule", [line.total for line in lines], terms.total_repayable)
    _same(
        "principal, interest and fees",
        [terms.principal, terms.total_interest, terms.total_fees],
        terms.total_repayable,
    )
    balance, before = terms.principal, terms.disbursed_on
    for number, line in enumerate(lines, start=1):
        balance = balance - line.principal
        _same(f"line {number}", [line.principal, line.interest, line.fee], line.total)
        _same(f"balance after line {number}", [balance], line.balance_after)
        if line.number != number or line.due_on < before:
            raise INCONSISTENT(
                problem=Words(
                    f"instalment {line.number} of {line.due_on} is out of order",
                    f"第 {line.number} 期（{line.due_on}）次序有误",
                )
            )
        before = line.due_on
    if balance != Money.zero(currency):
        raise INCONSISTENT(problem=Words(f"{balance} of principal is never repaid", f"{balance} 本金从未偿还"))


def _check_lenders(terms: LoanTerms) -> None:
    roles = signing_roles(terms)
    if len(set(roles)) != len(roles):
        raise INCONSISTENT(problem=Words("two parties have the same role", "两方角色相同"))
    if not terms.lenders:
        if terms.partners:
            raise INCONSISTENT(
                problem=Words("partner lenders are named without their shares", "列有合作贷款人而无其份额")
            )
        return
    without = set(roles[1:]).symmetric_difference(share.role for share in terms.lenders)
    if without - {"institution"}:  # which arranges the loan, and signs, where others fund all of it
        raise INCONSISTENT(
            problem=Words("the lenders with a share are not the lenders who sign", "有份额的出资方与签署的出资方不一致")
        )
    _same("lenders' amounts", [share.amount for share in terms.lenders], terms.principal)
    if sum((share.share for share in terms.lenders), start=Decimal(0)) != 1:
        raise INCONSISTENT(problem=Words("the lenders' shares do not sum to one", "各出资方份额之和不为一"))


def _same(what: str, parts: Sequence[Money], whole: Money) -> None:
    found = total(parts, whole.currency)
    if found != whole:
        raise INCONSISTENT(problem=Words(f"{what}: {found} against {whole}", f"{what}：{found} 与 {whole}"))
