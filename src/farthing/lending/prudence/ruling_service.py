"""Run what officers say of a loan's class: worse by one of them, better than the rule by two, never better than the law."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import declined, malformed
from farthing.kit.words import Words
from farthing.lending import store as loans
from farthing.lending.prudence import history_service, store
from farthing.lending.prudence.day_service import assessed
from farthing.lending.prudence.model import ClassLoan, Ruled, Ruling
from farthing.lending.refusals import REASON_MISSING, UNKNOWN_LOAN
from farthing.lending.rules import require_state
from farthing.products.prudence import CLASSES

UNKNOWN_CLASS = malformed("lending.unknown_class", "{name} is not one of {known}.", "{name} 不在 {known} 之中。")
BETTER_THAN_LAW = declined(
    "lending.better_than_law",
    "Loan {loan_id} is {days} days past due and at least {least}; nobody may class it {asked}. The rule: {article}.",
    "贷款 {loan_id} 已逾期 {days} 天，至少为 {least}；任何人不得将其列为 {asked}。依据：{article_zh}。",
)
NOT_WORSE = declined(
    "lending.class_not_worse",
    "By the rule loan {loan_id} is {by_rule}; one person may only class it worse than that, and asks a second for {asked}.",
    "按规则贷款 {loan_id} 为 {by_rule}；一人只能列为更差的类别，列为 {asked} 须经第二人复核。",
)


@operation(
    "lending.class_loan", title=Words("Class a loan by judgement", "人工调整贷款分类"),
    permission="lending:classify", four_eyes=lambda command: command.better, whose=STAFF,
)  # fmt: skip
def class_loan(tx: Tx, command: ClassLoan) -> Ruled:
    """Keep what an officer says of a loan's class until somebody says another.

    It counts from the next close of a month on. Refuses ``lending.unknown_class``, ``lending.reason_missing``,
    ``lending.unknown_loan``, ``lending.wrong_state``, ``lending.law_silent``, ``lending.better_than_law`` and, of one
    person alone, ``lending.class_not_worse``.
    """
    if command.class_name not in CLASSES:
        raise UNKNOWN_CLASS(name=command.class_name, known=", ".join(CLASSES))
    if not command.reason.strip():
        raise REASON_MISSING()
    asked = CLASSES.index(command.class_name)
    loan = loans.find_loan(tx, command.loan_id)
    if loan is None:
        raise UNKNOWN_LOAN(loan_id=command.loan_id)
    require_state(loan, "active")
    said, on = history_service.law_said(tx), tx.business_date
    by_rule, _ = assessed(tx, said, on, party=loan.party_id, rulings={})
    found = next(each for each in by_rule if each.case.loan_id == loan.id)
    told = {"loan_id": loan.id, "asked": command.class_name}
    if asked < found.law_class:
        article = said.classes.article
        raise BETTER_THAN_LAW(
            **told, days=found.case.days_past_due, least=CLASSES[found.law_class],
            article=article.en, article_zh=article.zh,
        )  # fmt: skip
    if asked < found.class_number and not command.better:
        raise NOT_WORSE(**told, by_rule=CLASSES[found.class_number])
    store.save_ruling(tx, loan.id, Ruling(asked, command.better), command.reason)
    return Ruled(loan.id, CLASSES[found.law_class], CLASSES[found.class_number], command.class_name)
