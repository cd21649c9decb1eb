"""Run disputes at a node: opened by the person, told to the furnisher, answered by it or ended by its silence; who read what was
wrong is told. What is deleted is not shown any more; the record stays, so that a report of then is printed again as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from farthing.db.tx import Tx
from farthing.exchange import members_service as members
from farthing.exchange.consents.service import OWN
from farthing.exchange.disputing import items_store as items
from farthing.exchange.disputing import rules, store
from farthing.exchange.disputing.model import Dispute, Grounds, Outcome, Statement
from farthing.exchange.inquiring.model import HER
from farthing.exchange.law import service as laws
from farthing.exchange.model import Received
from farthing.exchange.notices import service as notices
from farthing.kernel import calendar
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation, personal
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.canonical import plain
from farthing.kit.inputs import Day, Few, Id, Note
from farthing.kit.words import Words

"""Who is given a view where that is the person herself."""


@dataclass(frozen=True, slots=True)
class DisputeItem:
    """Say that an account, or a month of it (``period``: its first day), is wrong, why, and in one's own words."""

    subject_id: Id
    tradeline_id: Id
    grounds: Grounds
    period: Day | None = None
    statement: Note = personal("")


@dataclass(frozen=True, slots=True)
class BringMore:
    """Say more about a dispute that is open; where the law gives further days for that, they are given."""

    subject_id: Id
    dispute_id: Id
    statement: Note = personal()


@dataclass(frozen=True, slots=True)
class SayBeside:
    """What a person says beside an account of hers (``tradeline_id``), or beside all; it is shown with it."""

    subject_id: Id
    text: Note = personal()
    tradeline_id: Id | None = None


@dataclass(frozen=True, slots=True)
class AnswerItem:
    """A furnisher's answer: the item is right (``confirmed``), was corrected by it since, or is to go (``deleted``)."""

    received: Received
    dispute_id: Id
    outcome: Literal["confirmed", "corrected", "deleted"]
    finding: Note = personal("")


@dataclass(frozen=True, slots=True)
class DecideItem:
    """The node's own finding: it cannot be determined, or the item goes."""

    subject_id: Id
    dispute_id: Id
    outcome: Literal["undetermined", "deleted"]
    finding: Note = personal()


@dataclass(frozen=True, slots=True)
class DisputeShown:
    """A dispute as its person sees it; ``told``: the earlier readers of what was wrong, and whether each was reached."""

    id: str
    tradeline_id: str
    furnisher: str
    furnisher_name: str
    period: date | None
    grounds: Grounds
    opened_on: date
    due_on: date
    outcome: Outcome | None
    decided_by: str
    closed_on: date | None
    told: Annotated[tuple[notices.Reached, ...], Few]
    statement: str = personal("")
    finding: str = personal("")


@operation(
    "exchange.dispute_item", title=Words("Dispute an item", "提出异议"), permission=OWN, whose=of("subject_id")
)  # fmt: skip
def dispute_item(tx: Tx, command: DisputeItem) -> DisputeShown:
    """Open a dispute: the item is marked from now on, its furnisher is asked, the last day is known.

    Refuses ``exchange.item_unknown``, ``exchange.dispute_open``.
    """
    found = items.item(tx, command.subject_id, command.tradeline_id, command.period)
    if found is None or (command.period is not None and found["month_revision"] is None):
        raise rules.ITEM_UNKNOWN()
    revision = items.next_revision(tx, command.subject_id)
    blank = Dispute(
        command.subject_id, tx.new_id("dispute"), command.tradeline_id, found["member_id"], command.period, command.grounds,
        command.statement, tx.business_date, tx.business_date, tx.business_date, further=False, revision=revision, outcome=None,
        finding="", decided_by="", closed_on=None, closed_revision=None,
    )  # fmt: skip
    law = laws.law(tx)
    there = store.of_subject(tx, command.subject_id)
    made = rules.opened(law.dispute, blank, tx.business_date, calendar.holidays(tx), there)
    store.insert(tx, made)
    body = {
        "dispute_id": made.id, "reference": found["reference"], "role": found["role"], "class": found["class"],
        "period": made.period, "grounds": made.grounds, "statement": made.statement, "opened_on": made.opened_on,
        "due_on": made.due_on,
    }  # fmt: skip
    notices.write(tx, [made.furnisher], made.subject_id, "dispute", made.id, body)
    return _one(tx, made)


@operation(
    "exchange.bring_more", title=Words("Say more about a dispute", "补充异议材料"), permission=OWN, whose=of("subject_id")
)  # fmt: skip
def bring_more(tx: Tx, command: BringMore) -> DisputeShown:
    """Add what one knows, for the furnisher; the last day moves once where the law gives further days.

    Refuses ``exchange.dispute_unknown``, ``exchange.dispute_closed``, ``exchange.dispute_not_longer``.
    """
    found = _found(tx, command.subject_id, command.dispute_id)
    longer = rules.longer(laws.law(tx).dispute, found)
    store.save(tx, longer)
    body = {"dispute_id": found.id, "statement": command.statement, "due_on": longer.due_on}
    notices.write(tx, [found.furnisher], found.subject_id, "dispute", f"{found.id}:more", body)
    return _one(tx, longer)


@operation(
    "exchange.say_beside", title=Words("Add a statement to one's report", "添加本人声明"), permission=OWN,
    whose=of("subject_id"),
)  # fmt: skip
def say_beside(tx: Tx, command: SayBeside) -> list[Statement]:
    """Keep a statement; from now on it is shown with what it is about. Refuses ``exchange.item_unknown``."""
    about = command.tradeline_id or ""
    if about and items.item(tx, command.subject_id, about, None) is None:
        raise rules.ITEM_UNKNOWN()
    revision = items.next_revision(tx, command.subject_id)
    store.say(tx, Statement(command.subject_id, tx.new_id("statement"), about, revision, tx.now, command.text))
    return store.statements(tx, command.subject_id)


@operation(
    "exchange.answer_item", title=Words("Answer a dispute", "答复异议"), permission=members.FURNISH, whose=STAFF
)  # fmt: skip
def answer_item(tx: Tx, command: AnswerItem) -> dict[str, Any]:
    """Take a furnisher's answer until the last day. A member that is suspended answers too: the person waits for it.

    Refuses ``exchange.dispute_unknown``, ``exchange.dispute_closed``, ``exchange.dispute_not_corrected``.
    """
    member = members.member(tx, command.received.member_id)
    return members.before(tx, command.received) or members.keep(tx, command.received, _answered(tx, member.id, command))


def _answered(tx: Tx, member_id: str, command: AnswerItem) -> dict[str, Any]:
    subject_id = notices.subject_of_dispute(tx, member_id, command.dispute_id)
    if subject_id is None:
        raise rules.UNKNOWN(dispute_id=command.dispute_id)
    found = _found(tx, subject_id, command.dispute_id)
    done = _close(tx, found, command.outcome, command.finding, member_id)
    return {"dispute_id": done.id, "outcome": done.outcome, "closed_on": plain(done.closed_on)}


@operation(
    "exchange.decide_item", title=Words("Decide a dispute at the node", "节点裁定异议"), permission="exchange:members",
    whose=STAFF, four_eyes=True,
)  # fmt: skip
def decide_item(tx: Tx, command: DecideItem) -> DisputeShown:
    """Record that it cannot be determined who is right, which is shown with the item, or delete it.

    Refuses ``exchange.dispute_unknown``, ``exchange.dispute_closed``.
    """
    found = _found(tx, command.subject_id, command.dispute_id)
    return _one(tx, _close(tx, found, command.outcome, command.finding, "node"))


@operation(
    "exchange.lapse_disputes", title=Words("Disputes that nobody answered", "逾期未答复异议"), permission="kernel:close_day",
    whose=STAFF,
)  # fmt: skip
def lapse_disputes(tx: Tx, _: CloseStep) -> Stepped:
    """Delete items whose furnisher said nothing by the last day, and tell who read them."""
    due = store.due(tx, tx.business_date, PIECE)
    for each in due:
        closed = rules.lapsed(each, tx.business_date, items.next_revision(tx, each.subject_id))
        store.save(tx, closed)
        _tell(tx, closed)
    return Stepped(len(due), due[-1].id if len(due) == PIECE else None)


@question("exchange.own_disputes", permission=OWN, whose=of("subject_id"))
def own_disputes(tx: Tx, subject_id: Id) -> list[DisputeShown]:
    """A person's disputes, the newest first, with who was told."""
    return _shown(tx, store.of_subject(tx, subject_id)[::-1])


@question("exchange.own_statements", permission=OWN, whose=of("subject_id"))
def own_statements(tx: Tx, subject_id: Id) -> list[Statement]:
    """What a person says beside her report."""
    return store.statements(tx, subject_id)


def _found(tx: Tx, subject_id: str, dispute_id: str) -> Dispute:
    found = next((each for each in store.of_subject(tx, subject_id) if each.id == dispute_id), None)
    if found is None:
        raise rules.UNKNOWN(dispute_id=dispute_id)
    return found


def _close(tx: Tx, found: Dispute, outcome: Outcome, finding: str, by: str) -> Dispute:
    it = items.item(tx, found.subject_id, found.tradeline_id, found.period)
    changed = [] if it is None else [it["month_revision"], items.line_changed(tx, found.subject_id, found.tradeline_id)]
    corrected_at = max((each for each in changed if each is not None), default=None)
    revision = items.next_revision(tx, found.subject_id)
    done = rules.answered(found, outcome, finding, by, tx.business_date, corrected_at=corrected_at, revision=revision)
    store.save(tx, done)
    _tell(tx, done)
    return done


def _tell(tx: Tx, it: Dispute) -> None:
    """A notice to every earlier reader of what was wrong, and to its furnisher where silence decided."""
    if it.outcome not in ("corrected", "deleted") or it.closed_revision is None:
        return
    body = {
        "dispute_id": it.id, "tradeline_id": it.tradeline_id, "period": it.period, "outcome": it.outcome,
        "closed_on": it.closed_on, "revision": it.closed_revision,
    }  # fmt: skip
    seen = items.item(tx, it.subject_id, it.tradeline_id, it.period)
    cls, first = ("", 0) if seen is None else (seen["class"], seen["first_revision"] or 0)
    views = items.views(tx, it.subject_id)
    told = rules.readers(views, cls, it.period, first, it.closed_revision, {HER, it.furnisher})
    notices.write(tx, told, it.subject_id, "correction", it.id, body)
    if it.decided_by != it.furnisher:
        notices.write(tx, [it.furnisher], it.subject_id, "correction", it.id, body)


def _one(tx: Tx, it: Dispute) -> DisputeShown:
    return _shown(tx, [it])[0]


def _shown(tx: Tx, found: list[Dispute]) -> list[DisputeShown]:
    names = members.names(tx)
    told = notices.reached(tx, [each.id for each in found])
    return [
        DisputeShown(
            each.id, each.tradeline_id, each.furnisher, names.get(each.furnisher, each.furnisher), each.period, each.grounds,
            each.opened_on, each.due_on, each.outcome, each.decided_by, each.closed_on, told.get(each.id, ()), each.statement,
            each.finding,
        )
        for each in found
    ]  # fmt: skip
