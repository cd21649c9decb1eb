"""Decide who funds a loan: pure functions from product terms, policy and answers to holders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING

from farthing.funding.model import Inquiry, InquiryState, Partner, RecordAnswer
from farthing.kit.errors import declined, malformed, not_found
from farthing.kit.money import Money
from farthing.lending.model import OWN_BOOK, Holder
from farthing.payments.model import Instruction
from farthing.products.model import LoanTerms
from farthing.products.policy import Policy, check_joint_shares

NO_FUNDER = declined(
    "funding.no_funder",
    "Nobody can fund loan {loan_id} now: {why}; ask for less or try again later.",
    "目前没有资金方可为贷款 {loan_id} 出资（{why}）；请减少金额或稍后再试。",
)
UNKNOWN_INQUIRY = not_found("funding.unknown_inquiry", "There is no inquiry {inquiry_id}.", "没有征询 {inquiry_id}。")
UNKNOWN_PARTNER = not_found(
    "funding.unknown_partner", "There is no partner lender {partner}.", "没有合作方 {partner}。"
)
BAD_PARTNER = malformed(
    "funding.bad_partner",
    "{field} of a partner is not usable: {value}; use a lower-case code and an http(s) address.",
    "合作方的 {field} 无效：{value}；代码用小写字母，地址用 http(s)。",
)


def check_partner(code: str, url: str) -> None:
    """Refuse a partner whose code cannot name an account or whose address is no web address."""
    if re.fullmatch(r"[a-z][a-z0-9-]{1,30}", code) is None:
        raise BAD_PARTNER(field="code", value=code)
    if not url.startswith(("http://", "https://")):
        raise BAD_PARTNER(field="url", value=url)


def state_of(answer: RecordAnswer) -> InquiryState:
    """How an inquiry ends by what was answered, or was not in time."""
    if not answer.answered:
        return "passed_over"
    return "agreed" if answer.agreed else "declined"


def partner_holder(partner: Partner, share: Money) -> Holder:
    """The holder that a partner lender is, as the contract names it."""
    return Holder(f"partner:{partner.code}", share, partner.name, partner.credit_code)


def sought(terms: LoanTerms, principal: Money) -> Money | None:
    """What partners are to lend of a loan, to the minor unit; none where the product prefers to be funded otherwise.

    ``terms.funding`` is in order of preference: partners are asked where they come before the own book.
    """
    preferred = next((source for source in terms.funding if source in ("own_book", "partners")), None)
    if terms.co_lending is None or preferred != "partners":
        return None
    return principal.allocate([terms.co_lending.own_share, terms.co_lending.partner_share])[1]


def partner_share(terms: LoanTerms, policy: Policy, principal: Money) -> Money | None:
    """As :func:`sought`; refuses ``policy.lender_share`` where either side would carry less than its least part."""
    theirs = sought(terms, principal)
    if theirs is not None:
        check_joint_shares(policy, [principal - theirs, theirs])
    return theirs


@dataclass(frozen=True, slots=True)
class ForLenders:
    """What of a loan lenders of the marketplace are asked for: ``amount``, of which ``least`` at least; what ``partners`` lend
    beside them; ``backed``: whether the own book lends what lenders do not."""

    amount: Money
    least: Money
    partners: Money
    backed: bool


def for_lenders(terms: LoanTerms, policy: Policy, principal: Money, partners: Money) -> ForLenders | None:
    """What lenders of the marketplace are asked for once it is known what ``partners`` lend; none where the product does not name
    them, or the own book before them.

    What partners were asked for and do not lend is for whoever stands after them: for lenders, or, where the product names those
    before partners, for the own book. Where partners have a part, the law's least share of a joint loan is kept for the own book,
    so that no listing can end with less, and lenders together have theirs or nothing.
    """
    order, zero = terms.funding, principal * 0
    if not seeks_lenders(order):
        return None
    backed = "own_book" in order
    rest = principal - partners
    if backed and _before(order, "marketplace", "partners"):
        rest = principal - (sought(terms, principal) or zero)
    limit = policy.lender_share_min if partners else None
    if limit is None:
        return ForLenders(rest, zero, partners, backed) if rest else None
    least = Money.rounded(principal.decimal() * limit.value, principal.currency, ROUND_CEILING)
    if backed:
        rest = min(rest, principal - partners - least)
    return ForLenders(rest, least, partners, backed) if rest >= least and rest else None


def seeks_lenders(order: Sequence[str]) -> bool:
    """Whether lenders of the marketplace are sought where a product prefers its fundings in this order: not after the own book,
    which lends all that is left."""
    return "marketplace" in order and not _before(order, "own_book", "marketplace")


def _before(order: Sequence[str], one: str, other: str) -> bool:
    """Whether a product names one source, and prefers it to another that it names too."""
    return one in order and other in order and order.index(one) < order.index(other)


def holders(
    loan_id: str, terms: LoanTerms, principal: Money, taken: Sequence[Inquiry], inquiries: Sequence[Inquiry],
    partners: Mapping[str, Partner],
) -> tuple[Holder, ...]:  # fmt: skip
    """Who holds the loan once it is known which of the ``inquiries`` are ``taken``; the own book takes the rest.

    Refuses ``funding.no_funder`` where the product may not be funded from the own book.
    """
    theirs = tuple(partner_holder(partners[inquiry.partner], inquiry.share) for inquiry in taken)
    rest = principal
    for holder in theirs:
        rest = rest - holder.share
    if not rest:
        return theirs
    if "own_book" not in terms.funding:
        why = ", ".join(f"{inquiry.partner} {inquiry.state}" for inquiry in inquiries) or "the product has no own book"
        raise NO_FUNDER(loan_id=loan_id, why=why)
    return (Holder(OWN_BOOK, rest), *theirs)


def settlement_account(partner: Partner | str) -> str:
    """The account of what a partner owes us (debit) or we owe it (credit)."""
    code = partner if isinstance(partner, str) else partner.code
    return f"assets:settlement:partner:{code}"


def settlement(partner: Partner, owed: Money, on: date) -> Instruction:
    """What the rail is told to bring a partner's account to zero: it pays us what it owes, or we pay it."""
    return Instruction(
        id=f"settle-{partner.code}-{on}",
        direction="in" if owed.minor > 0 else "out",
        amount=owed if owed.minor > 0 else -owed,
        counterparty=partner.account,
        holder=partner.name,
        on=on,
    )
