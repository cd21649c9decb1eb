"""Run what partner lenders are asked and told about one loan: an inquiry's question, whose part is needed, and whose is not."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.credit import service as credit
from farthing.db.tx import Tx
from farthing.funding import rules, store
from farthing.funding.joint import store as joint
from farthing.funding.model import Inquiry, Partner, PartnerBank, Question, RecordAnswer, RecordRelease
from farthing.kernel import errands
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import InvariantBroken
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.lending.model import Holder

ASK, RELEASE = "partner", "partner_release"
"""Errands to a partner lender: will it lend its share; its share is not needed."""


@dataclass(frozen=True, slots=True)
class _ToAsk:
    """What goes to a partner, and how long it may take."""

    partner: Partner
    question: Question
    within_ms: int


@errands.sender(ASK)
def _ask_partner(desk: errands.Desk, errand: errands.Errand) -> RecordAnswer:
    """Ask a partner within its deadline; none that answers in time is passed over, which is an answer too, as is one whose
    answer nobody needs any more."""
    found = desk.read(lambda tx: _question(tx, errand.id))
    if found is None:
        return RecordAnswer(errand.id, False)
    port: PartnerBank = desk.ports.peer("partner")
    answer = port.ask(found.partner, found.question, found.within_ms)
    if answer is None:
        return RecordAnswer(errand.id, False)
    return RecordAnswer(errand.id, True, answer.agreed, answer.reference, answer.reason, answer.raw)


@errands.sender(RELEASE)
def _tell_partner(desk: errands.Desk, errand: errands.Errand) -> RecordRelease | None:
    inquiry_id = str(errand.request["inquiry_id"])
    inquiry, partner = desk.read(lambda tx: _about(tx, inquiry_id))
    port: PartnerBank = desk.ports.peer("partner")
    return RecordRelease(errand.id) if port.release(partner, inquiry_id, inquiry.within_ms) else None


@operation(
    "funding.record_release", title=Words("A funder releases its share", "出资人释放额度"),
    permission=errands.ANSWER, whose=STAFF,
)  # fmt: skip
def record_release(tx: Tx, command: RecordRelease) -> RecordRelease:
    """Note that a partner took back what it kept ready. Refuses ``errands.answered``."""
    errands.settle(tx, command.errand_id)
    return command


def lend(tx: Tx, loan_id: str) -> tuple[Holder, ...]:
    """The partners that keep a part ready for a loan, in the order in which they are served: they lend it."""
    known = {partner.code: partner for partner in store.partners(tx)}
    return tuple(
        rules.partner_holder(known[inquiry.partner], inquiry.share)
        for inquiry in store.inquiries(tx, loan_id)
        if inquiry.state == "agreed"
    )


def spare(tx: Tx, inquiry: Inquiry, room: str = "") -> None:
    """Let a partner go whose part is not needed, or in the way of a limit (``room``), whether it agreed or was not heard yet."""
    if store.spare(tx, inquiry.id):
        errands.settle(tx, inquiry.id)
        tell_free(tx, inquiry)
    elif store.release(tx, inquiry.id, room):
        tell_free(tx, inquiry)


def let_go(tx: Tx, loan_id: str) -> None:
    """Tell each partner that keeps a part ready for a loan that it is not needed; what was kept of their parts is free again."""
    joint.let_go(tx, loan_id)
    for inquiry in store.inquiries(tx, loan_id):
        if inquiry.state == "agreed" and store.release(tx, inquiry.id):
            tell_free(tx, inquiry)


def tell_free(tx: Tx, inquiry: Inquiry) -> None:
    """Have a partner told that the part it keeps ready for an inquiry, or may keep, is not needed."""
    told = f"release-{inquiry.id}"
    about = {"inquiry_id": inquiry.id}
    errands.write(tx, told, RELEASE, inquiry.partner, inquiry.loan_id, about, record_release, waits=False)


def _about(tx: Tx, inquiry_id: str) -> tuple[Inquiry, Partner]:
    """An inquiry and its partner, whatever became of the loan."""
    inquiry = store.inquiry(tx, inquiry_id)
    if inquiry is None:
        raise rules.UNKNOWN_INQUIRY(inquiry_id=inquiry_id)
    partner = next((one for one in store.partners(tx) if one.code == inquiry.partner), None)
    if partner is None:
        raise InvariantBroken(f"{inquiry.id} asks {inquiry.partner}, which is no partner")
    return inquiry, partner


def _question(tx: Tx, inquiry_id: str) -> _ToAsk | None:
    """What a partner is asked; nothing where the loan waits for nobody any more."""
    inquiry, partner = _about(tx, inquiry_id)
    loan = lending.loan(tx, inquiry.loan_id)
    if loan.state != "accepted":
        return None
    laid_out = loan.conditions.schedule
    question = Question(
        inquiry_id=inquiry.id,
        loan_id=loan.id,
        product=loan.conditions.product,
        principal=loan.principal,
        share=inquiry.share,
        annual=loan.conditions.annual,
        instalments=len(loan.instalments),
        every=",".join(f"{each.after_months}m" for each in laid_out.rows) or f"{laid_out.every}{laid_out.unit[0]}",
        ends_on=loan.instalments[-1].due_on,
        score=credit.decision(tx, loan.decision_id).score,
        asked_at=inquiry.asked_at,
    )
    return _ToAsk(partner, question, inquiry.within_ms)
