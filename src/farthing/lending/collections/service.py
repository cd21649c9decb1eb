"""Run how late borrowers are spoken to: a contact is checked against the law and written down in one act; relief is asked for
by the borrower, answered by an officer, and keeps everybody away meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta

from farthing.db.tx import Tx
from farthing.kernel import noticing
from farthing.kernel.day import local_time
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.errors import Refusal
from farthing.kit.ids import derived, prefixed
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.lending.collections import rules, store
from farthing.lending.collections.model import (
    AskHardship,
    Before,
    Contact,
    DecideHardship,
    Hardship,
    LogContact,
    Work,
    Worklist,
)
from farthing.lending.roll import service as roll
from farthing.lending.rules import require_state
from farthing.lending.service import loan_owner
from farthing.lending.standing import Standing
from farthing.lending.standing_service import standing, standings
from farthing.parties import service as parties
from farthing.parties.oneself_service import not_own
from farthing.products import service as products
from farthing.products.conduct import Conduct, before
from farthing.signing.contests import service as contests

HOUSE = Words("house rule, while the policy pack is silent", "政策文件未规定时的本机构规则")


def conduct(tx: Tx) -> Conduct:
    """How borrowers may be spoken to: as the policy in force says; where a law is silent the house is as careful as can be."""
    return products.policy_in_force(tx).conduct or before(HOUSE)


@operation(
    "lending.log_contact", title=Words("Speak to a late borrower", "联系逾期借款人"),
    permission="lending:contact", whose=STAFF,
)  # fmt: skip
def log_contact(tx: Tx, command: LogContact) -> Contact:
    """Check that a borrower may be spoken to, and write down that it was done and what was said: what the law forbids is refused
    and is no contact.

    Refuses ``lending.unknown_contact_word``, ``lending.words_missing``, ``lending.promise_incomplete``,
    ``lending.contact_time_unreadable``, ``lending.unknown_loan``, ``money.currency_mismatch``, ``lending.third_person``,
    ``lending.nothing_overdue``, ``lending.contact_on_hold``, ``lending.contact_hour``, ``lending.contact_too_often``.
    """
    on = tx.business_date
    rules.check_contact(command, on)
    at = rules.time_of(command.at_time, local_time(tx).time())
    stands, law = standing(tx, command.loan_id), conduct(tx)
    rules.check_promised(stands, command.promised)
    number, known = _before(tx, law, [stands.party_id])[stands.party_id]
    rules.check_may(law, stands, known, at, person=command.person, letter=command.channel == "letter")
    made = Contact(
        stands.loan_id, stands.party_id, number + 1, on, f"{at:%H:%M}", tx.actor.id, command.channel, command.outcome,
        command.promised_on, command.promised, tx.now, command.words,
    )  # fmt: skip
    store.insert(tx, made)
    return made


def _before(tx: Tx, law: Conduct, party_ids: Sequence[str]) -> dict[str, tuple[int, Before]]:
    """Of each borrower the number of the last contact, and what is known before another."""
    on = tx.business_date
    counted = store.counts(tx, party_ids, on, on - timedelta(days=law.days))
    holds = store.holds(tx, party_ids, on)
    found = {}
    for party_id in party_ids:
        number, today, lately = counted.get(party_id, (0, 0, 0))
        found[party_id] = number, Before(today, lately, holds.get(party_id))
    return found


@operation(
    "lending.ask_hardship", title=Words("Ask for relief", "申请纾困"),
    permission="lending:repay", whose=of("loan_id", loan_owner),
)  # fmt: skip
def ask_hardship(tx: Tx, command: AskHardship) -> Hardship:
    """Say that a loan cannot be paid as agreed; from now until the answer nobody speaks to the borrower about being late.

    Refuses ``lending.words_missing``, ``lending.unknown_loan``, ``lending.wrong_state``, ``lending.hardship_open``.
    """
    rules.check_words(command.words)
    loan = lending.loan(tx, command.loan_id)
    require_state(loan, "active")
    earlier = [each for each in store.hardships(tx, [loan.party_id]) if each.loan_id == loan.id]
    wanted = Hardship(
        prefixed("relief", derived(f"{loan.id} {len(earlier)}")), loan.id, loan.party_id, tx.business_date, tx.actor.id,
        "asked", "", None, "", None, "", command.words, "",
    )  # fmt: skip
    if any(each.holds(tx.business_date) for each in earlier) or not store.ask(tx, wanted):
        raise rules.HARDSHIP_OPEN(loan_id=loan.id)
    return wanted


@operation(
    "lending.decide_hardship", title=Words("Answer a request for relief", "答复纾困申请"),
    permission="lending:relieve", whose=STAFF,
)  # fmt: skip
def decide_hardship(tx: Tx, command: DecideHardship) -> Hardship:
    """Decline, or grant a plan by its name, and tell the borrower's phone; ``lending.carry_out_relief`` does what a plan says.

    Refuses ``lending.hardship_unknown``, ``lending.words_missing``, ``lending.hardship_answered``, ``lending.hardship_plan``,
    ``parties.own_matter``.
    """
    return answered(tx, command)


def answered(tx: Tx, command: DecideHardship, events: str = "") -> Hardship:
    """Keep the answer, with the acts that carried it out, and tell the borrower's phone; refuses as :func:`decide_hardship`."""
    asked = found(tx, command.hardship_id)
    not_own(tx, asked.party_id)
    rules.check_decision(command, asked, tx.business_date)
    if not store.decide(tx, command, asked.party_id, events):
        raise rules.HARDSHIP_ANSWERED(hardship_id=asked.id)
    phone = parties.party(tx, asked.party_id).phone
    said = Words("Your request for relief is answered; look at your loan.", "您的纾困申请已有答复，请查看您的贷款。")
    noticing.tell(tx, asked.party_id, phone, said)
    return found(tx, asked.id)


def found(tx: Tx, hardship_id: str) -> Hardship:
    """One request for relief; refuses ``lending.hardship_unknown``."""
    known = store.find(tx, hardship_id)
    if known is None:
        raise rules.HARDSHIP_UNKNOWN(hardship_id=hardship_id)
    return known


@question("lending.contacts", permission="lending:read", whose=of("loan_id", loan_owner))
def contacts(tx: Tx, loan_id: Id) -> list[Contact]:
    """Every contact about a loan, the oldest first, with what became of each promise."""
    repaid = lending.repayments(tx, loan_id)
    found = store.of_loan(tx, loan_id)
    return [replace(each, kept=rules.kept(each, repaid, tx.business_date)) for each in found]


@question("lending.open_hardships", permission="lending:read_any", whose=STAFF)
def open_hardships(tx: Tx, limit: PageSize = 50) -> list[Hardship]:
    """Requests for relief that wait for an answer, the oldest first."""
    return store.waiting(tx, limit)


@question("lending.worklist", permission="lending:read_any", whose=STAFF)
def worklist(tx: Tx, after: Cursor = "", limit: PageSize = 50) -> Worklist:
    """The loans that are late, with the last contact of each, and whether the borrower may be spoken to now, and why not."""
    page = roll.roll(tx, "active", past_due=1, after=after, limit=limit)
    stands = standings(tx, [each.id for each in page.loans])
    law, at = conduct(tx), local_time(tx).time()
    known = _before(tx, law, sorted({each.party_id for each in page.loans}))
    last = store.latest(tx, sorted(known))
    works = []
    for row in page.loans:
        refused = _why_not(law, stands[row.id], known[row.party_id][1], at)
        works.append(Work(
            row.id, row.party_id, row.product, row.overdue, row.days_past_due, last.get(row.id),
            *(("", "", "") if refused is None else (refused.code, refused.detail, refused.detail_zh)),
        ))  # fmt: skip
    return Worklist(tuple(works), page.next_after)


def _why_not(law: Conduct, stands: Standing, known: Before, at: time) -> Refusal | None:
    """What forbids a contact at this moment, if anything."""
    try:
        rules.check_may(law, stands, known, at)
    except Refusal as refusal:
        return refusal
    return None


def contested(tx: Tx, borrowers: Mapping[str, str]) -> set[str]:
    """Those of these loans (by id, with their borrowers) of which the last contact says that they are not owed, for which relief
    is asked and not answered, or whose contract is contested."""
    parties = sorted(set(borrowers.values()))
    found = {loan_id for loan_id, last in store.latest(tx, parties).items() if last.outcome == "disputes"}
    found |= {each.loan_id for each in store.hardships(tx, parties) if each.state == "asked"}
    found |= contests.open_subjects(tx, sorted(borrowers))
    return found & borrowers.keys()


def forget(tx: Tx, party_id: str) -> None:
    """Empty what was typed about a borrower who is erased: when and how one spoke stays, of an id."""
    store.forget(tx, party_id)
