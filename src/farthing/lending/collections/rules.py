"""Decide whether a late borrower may be spoken to, and what became of a promise. Pure.

The order of the refusals is the order of the checks: who, whether it is about anything, what holds, when, how often.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time

from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending.collections.model import (
    BORROWER,
    CHANNELS,
    OUTCOMES,
    PLANS,
    Before,
    Contact,
    DecideHardship,
    Hardship,
    Kept,
    LogContact,
)
from farthing.lending.model import Repayment
from farthing.lending.standing import Standing
from farthing.products.conduct import Conduct

UNKNOWN_WORD = malformed(
    "lending.unknown_contact_word", "{name} is not one of {known}.", "{name} 不在 {known} 之中。"
)  # fmt: skip
BAD_TIME = malformed(
    "lending.contact_time_unreadable",
    "{text} is not a time of the day; write it as 14:30.",
    "{text} 不是时刻；请写成 14:30。",
)
THIRD_PERSON = declined(
    "lending.third_person",
    "Nobody but the borrower is spoken to about a loan; {person} is somebody else. The rule: {article}.",
    "除借款人本人外，不得就贷款联系任何人；{person} 不是借款人。依据：{article_zh}。",
)
NOTHING_OVERDUE = conflict(
    "lending.nothing_overdue",
    "Nothing of loan {loan_id} is overdue, so there is nothing to speak about; reminders go out by themselves.",
    "贷款 {loan_id} 没有逾期，无需联系；还款提醒会自动发送。",
)
ON_HOLD = conflict(
    "lending.contact_on_hold",
    "The borrower of loan {loan_id} asked for relief{until}; nobody speaks to the borrower meanwhile.",
    "贷款 {loan_id} 的借款人已申请纾困{until_zh}；其间不得联系借款人。",
)
HOUR = declined(
    "lending.contact_hour",
    "At {at} nobody is spoken to: the hours are {first}:00 to {last}:00. The rule: {article}.",
    "{at} 不得联系借款人：可联系时段为 {first}:00 至 {last}:00。依据：{article_zh}。",
)
TOO_OFTEN = declined(
    "lending.contact_too_often",
    "The borrower was spoken to {count} times in {days} days, and {most} are allowed; wait. The rule: {article}.",
    "{days} 天内已联系借款人 {count} 次，上限为 {most} 次；请等待。依据：{article_zh}。",
)
PROMISE = malformed(
    "lending.promise_incomplete",
    "A promise names an amount and a day from {today} on, and nothing else does.",
    "承诺还款须写明金额和不早于 {today} 的日期；其他情形不填。",
)
HARDSHIP_OPEN = conflict(
    "lending.hardship_open",
    "Relief for loan {loan_id} is asked for already, or stands; the answer comes to the borrower.",
    "贷款 {loan_id} 的纾困申请已在处理或已生效；结果将通知借款人。",
)
HARDSHIP_UNKNOWN = not_found(
    "lending.hardship_unknown", "There is no request for relief {hardship_id}.", "没有纾困申请 {hardship_id}。"
)
HARDSHIP_ANSWERED = conflict(
    "lending.hardship_answered",
    "Request {hardship_id} was answered before; the first answer stands.",
    "纾困申请 {hardship_id} 已答复，以首次答复为准。",
)
PLAN = malformed(
    "lending.hardship_plan",
    "What is granted names a plan ({known}) and the day until which it holds, after {today}; what is declined names neither.",
    "同意纾困须写明方案（{known}）和晚于 {today} 的截止日；不同意则均不填。",
)
WORDLESS = malformed("lending.words_missing", "Say it in a few words.", "请用几句话说明。")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def time_of(text: str, now: time) -> time:
    """The time of the day that is meant: now, where none is said; refuses ``lending.contact_time_unreadable``."""
    if not text:
        return now.replace(second=0, microsecond=0)
    found = _TIME.fullmatch(text)
    if found is None:
        raise BAD_TIME(text=text)
    return time(int(found[1]), int(found[2]))


def known(name: str, among: tuple[str, ...]) -> str:
    """A word of a closed list; refuses ``lending.unknown_contact_word``."""
    if name not in among:
        raise UNKNOWN_WORD(name=name, known=", ".join(among))
    return name


def check_words(words: str) -> None:
    """Refuse ``lending.words_missing``: nothing is said."""
    if not words.strip():
        raise WORDLESS()


def check_contact(command: LogContact, on: date) -> None:
    """Refuse what cannot be written down: a channel or an outcome that is not known, a promise without its day or amount."""
    known(command.channel, CHANNELS)
    known(command.outcome, OUTCOMES)
    check_words(command.words)
    promised = command.promised is not None
    if (command.outcome == "promised") != promised or promised != (command.promised_on is not None):
        raise PROMISE(today=on)
    if command.promised is not None and command.promised.minor <= 0:
        raise PROMISE(today=on)
    if command.promised_on is not None and command.promised_on < on:
        raise PROMISE(today=on)


def check_promised(standing: Standing, promised: Money | None) -> None:
    """Refuse ``money.currency_mismatch``: what is promised is compared with what comes."""
    if promised is not None:
        standing.due - promised


def check_may(
    conduct: Conduct, standing: Standing, before: Before, at: time, *, person: str = BORROWER, letter: bool = False
) -> None:
    """Refuse a contact that the law or a request for relief forbids; a ``letter`` may be written at any hour."""
    article = {"article": conduct.article.en, "article_zh": conduct.article.zh}
    if person != BORROWER:
        raise THIRD_PERSON(person=person, **article)
    if not standing.days_late:
        raise NOTHING_OVERDUE(loan_id=standing.loan_id)
    if before.hold is not None:
        until = _until(before.hold)
        raise ON_HOLD(loan_id=standing.loan_id, until=until.en, until_zh=until.zh)
    if not letter and not conduct.first_hour <= at.hour < conduct.last_hour:
        raise HOUR(at=f"{at:%H:%M}", first=conduct.first_hour, last=conduct.last_hour, **article)
    for count, days, most in ((before.today, 1, conduct.a_day), (before.lately, conduct.days, conduct.most)):
        if count >= most:
            raise TOO_OFTEN(count=count, days=days, most=most, **article)


def _until(hold: Hardship) -> Words:
    if hold.state == "asked" or hold.until_on is None:
        return Words(" and waits for the answer", "，正等待答复")
    return Words(f", and it was granted until {hold.until_on}", f"并已获准至 {hold.until_on}")


def check_decision(command: DecideHardship, asked: Hardship, on: date) -> None:
    """Refuse ``lending.words_missing``, ``lending.hardship_answered`` and ``lending.hardship_plan``."""
    check_words(command.answer)
    if asked.state != "asked":
        raise HARDSHIP_ANSWERED(hardship_id=asked.id)
    complete = command.plan in PLANS and command.until_on is not None and command.until_on > on
    empty = not command.plan and command.until_on is None
    if not (complete if command.granted else empty):
        raise PLAN(known=", ".join(PLANS), today=on)


def kept(contact: Contact, repaid: Iterable[Repayment], on: date) -> Kept | None:
    """What became of a promise: whether as much was repaid from the day of the contact until its day; open until that day is
    over."""
    if contact.promised is None or contact.promised_on is None:
        return None
    came = sum(each.amount.minor for each in repaid if contact.on <= each.paid_on <= contact.promised_on)
    if came >= contact.promised.minor:
        return "kept"
    return "open" if on <= contact.promised_on else "broken"


def reminder(amount: Money, due_on: date) -> Words:
    """What comes to a borrower's phone before the due day."""
    return Words(
        f"{amount} of your loan is due on {due_on}. It is taken from your wallet that day; if you cannot pay, ask us for relief.",
        f"您的贷款将于 {due_on} 应还 {amount}，届时从您的钱包扣收；如有困难，可向我们申请纾困。",
    )


def late_notice(amount: Money, due_on: date) -> Words:
    """What comes to a borrower's phone after the due day."""
    return Words(
        f"{amount} of your loan was due on {due_on} and is late. Please pay it, or ask us for relief.",
        f"您的贷款 {due_on} 应还的 {amount} 已逾期，请尽快还款，或向我们申请纾困。",
    )
