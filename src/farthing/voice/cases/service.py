"""Run what a person does with her cases: speak, say more, withdraw, ask once more, reopen, agree, rate."""

from __future__ import annotations

from dataclasses import replace

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.whose import of
from farthing.kit.words import Words
from farthing.voice.cases import reading_service as reading
from farthing.voice.cases import refusals as no
from farthing.voice.cases import rules, store
from farthing.voice.cases import taking_service as taking
from farthing.voice.cases.model import (
    Act,
    AddWords,
    AskAgain,
    Case,
    CaseSaid,
    CaseView,
    Channel,
    OneCase,
    RateAnswer,
    Speak,
)

SPEAKS = "voice:speak"


@operation(
    "voice.speak",
    title=Words("Say something to the bank", "投诉、表扬、建议或咨询"),
    permission=SPEAKS,
    whose=of("party_id"),
)
def speak(tx: Tx, command: Speak) -> CaseView:
    """Say something to the bank, from one's own page or to a teller, for oneself or under a power: it is acknowledged with a
    number and the day by which an answer is due.

    Refuses ``voice.wordless``, ``voice.too_many_speakers``.
    """
    case_id = tx.new_id("voice")
    coming = taking.Coming(
        case_id, channel(tx), command.kind, command.language, command.party_id, tx.business_date,
        rules.said_of(command.words), command.remedy.strip(), people=command.people, speakers=command.speakers,
        under=tx.actor.under.power_id if tx.actor.under else "",
    )  # fmt: skip
    taking.take(tx, [coming])
    return reading.view_of(tx, case_id)


def channel(tx: Tx) -> Channel:
    """By which way a person speaks: her own page, or a teller."""
    return "page" if tx.actor.party_id is not None else "counter"


def _said(tx: Tx, case: Case, act: Act, words: str = "", word: str = "", days: int | None = None) -> CaseSaid:
    return CaseSaid(case.id, act, "person", channel(tx), tx.business_date, days, word, words)


def _kept(tx: Tx, case: Case, said: CaseSaid) -> CaseView:
    """Keep how a case stands after what its person said, and show it to her."""
    taking.keep(tx, case, said, store.said(tx, [case], bare=True).get(case.id, []))
    return reading.view_of(tx, case.id)


@operation(
    "voice.add", title=Words("Say more of a case", "补充说明"), permission=SPEAKS, whose=of("case_id", taking.owner_of)
)
def add(tx: Tx, command: AddWords) -> CaseView:
    """Say more of a case that waits, by whatever channel: it stays one, and its clock runs on.

    Refuses ``voice.unknown``, ``voice.wordless``, ``voice.not_now``.
    """
    case, words = taking.hers(tx, command.case_id), rules.said_of(command.words)
    rules.need(case, "open", "appealed")
    return _kept(tx, case, _said(tx, case, "added", words))


@operation(
    "voice.withdraw",
    title=Words("Withdraw a case", "撤回事项"),
    permission=SPEAKS,
    whose=of("case_id", taking.owner_of),
)
def withdraw(tx: Tx, command: OneCase) -> CaseView:
    """Withdraw a case, which ends it (CBIRC order 3 of 2020, art 15). Refuses ``voice.unknown``, ``voice.not_now``."""
    case = taking.hers(tx, command.case_id)
    rules.need(case, "open", "appealed")
    ended = rules.ended(case, "withdrawn", tx.business_date)
    return _kept(tx, ended, _said(tx, case, "withdrawn"))


@operation(
    "voice.appeal", title=Words("Ask once more", "申请核查"), permission=SPEAKS, whose=of("case_id", taking.owner_of)
)
def appeal(tx: Tx, command: AskAgain) -> CaseView:
    """Ask another person to answer anew, once. Refuses ``voice.unknown``, ``voice.wordless``, ``voice.not_now``,
    ``voice.appealed_before``, ``voice.appeal_late``."""
    case, words, law = taking.hers(tx, command.case_id), rules.said_of(command.words), taking.law(tx)
    rules.check_again(case, law, tx.business_date, appeal=True)
    said = _said(tx, case, "appealed", words, days=law.appeal_days)
    return _kept(tx, rules.appealed(case), said)


@operation(
    "voice.reopen", title=Words("Reopen a case", "重新提出"), permission=SPEAKS, whose=of("case_id", taking.owner_of)
)
def reopen(tx: Tx, command: AskAgain) -> CaseView:
    """Say that what was answered was not done: the case is open again with the days that were left of its clock.

    Refuses ``voice.unknown``, ``voice.wordless``, ``voice.not_now``, ``voice.appeal_late``.
    """
    case, words, law = taking.hers(tx, command.case_id), rules.said_of(command.words), taking.law(tx)
    rules.check_again(case, law, tx.business_date, appeal=False)
    return _kept(tx, rules.reopened(case), _said(tx, case, "reopened", words))


@operation(
    "voice.agree",
    title=Words("Agree with an answer", "认可答复"),
    permission=SPEAKS,
    whose=of("case_id", taking.owner_of),
)
def agree(tx: Tx, command: OneCase) -> CaseView:
    """Agree with an answer, which closes the case. Refuses ``voice.unknown``, ``voice.not_now``."""
    case = taking.hers(tx, command.case_id)
    rules.need(case, "answered")
    closed = rules.ended(case, "closed", tx.business_date)
    return _kept(tx, closed, _said(tx, case, "closed"))


@operation(
    "voice.rate", title=Words("Rate an answer", "评价答复"), permission=SPEAKS, whose=of("case_id", taking.owner_of)
)
def rate(tx: Tx, command: RateAnswer) -> CaseView:
    """Say how well an answer helped, once for each answer, also after the case is closed. Refuses ``voice.unknown``,
    ``voice.not_now``, ``voice.rated_before``."""
    case = taking.hers(tx, command.case_id)
    rules.need(case, "answered", "closed")
    if case.rating is not None:
        raise no.RATED()
    said = _said(tx, case, "rated", command.words.strip(), str(command.rating))
    return _kept(tx, replace(case, rating=command.rating), said)
