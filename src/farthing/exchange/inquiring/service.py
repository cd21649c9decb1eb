"""Answer inquiries under a consent, and give the person her own report; each answer is a view that is given again as it was.

The consent is held in the transaction that answers: one that ends between question and answer ends it. An inquiry that comes
again is answered the same, from the records, and only while its consent stands: no answer is kept to be sent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from farthing.db.tx import Tx
from farthing.exchange import members_service as members
from farthing.exchange.consents import rules as consent_rules
from farthing.exchange.consents import store as consents
from farthing.exchange.consents.model import KINDS, Kept, Kind, Purpose, Use
from farthing.exchange.consents.service import OWN
from farthing.exchange.disputing import items_store as items
from farthing.exchange.disputing import store as disputes
from farthing.exchange.inquiring import store
from farthing.exchange.inquiring.model import HER, OWN_REPORT, InquirySeen, Scope, reader_name
from farthing.exchange.inquiring.shaping import shown
from farthing.exchange.law import service as laws
from farthing.exchange.law.model import law_of
from farthing.exchange.model import CLASSES, Member, Received, may_see
from farthing.exchange.notices import service as notices
from farthing.exchange.persons import service as persons
from farthing.exchange.report import service as reports
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.canonical import digest, plain
from farthing.kit.errors import InvariantBroken, declined, forbidden, malformed
from farthing.kit.ids import derived, prefixed
from farthing.kit.inputs import Code, Count, Few, Flag, Id, Line, Memo
from farthing.kit.words import Words

YEAR = timedelta(days=365)

NOT_RECIPROCAL = forbidden(
    "exchange.no_reciprocity",
    "{member} is shown {kind} once it furnishes it itself and its test is over; leave it out.",
    "{member} 须自行报送 {kind} 且测试期结束后方可查询该类信息；请去除该类别。",
)
NOTHING_ASKED = malformed(
    "exchange.inquiry_empty",
    "An inquiry asks for kinds, each once, and at least a month.",
    "查询须列明不重复的类别，且至少一个月。",
)
REPORTS_USED = declined(
    "exchange.free_reports_used",
    "{count} reports are free within a year and were taken; the next is free from {day} on. What was taken may be read again.",
    "一年内 {count} 次免费查询已用完；下一次自 {day} 起免费。已取得的报告可再次查看。",
)


@dataclass(frozen=True, slots=True)
class Inquire:
    """Ask for what is known of a person, under her consent. ``hard``: for a decision about credit; a soft inquiry is for looking
    after what there is, and no lender is shown it."""

    received: Received
    subject_id: Id
    controller: Line
    consent_id: Id
    purpose: Purpose
    kinds: Annotated[tuple[Kind, ...], Few]
    months: Count
    hard: Flag = True
    product: Code = ""


@dataclass(frozen=True, slots=True)
class TakeOwnReport:
    """Take one's own report: everything, whoever furnished it. ``node``: the name of the node that gives it."""

    subject_id: Id
    node: Line


@dataclass(frozen=True, slots=True)
class EraseSubject:
    """Show nothing of a person any more, whoever asks; the log keeps that it was so."""

    subject_id: Id
    reason: Memo


@dataclass(frozen=True, slots=True)
class Given:
    """A report that was given: which view, as of which day, of which records."""

    view_id: str
    as_of: date
    recorded_at: datetime
    report: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many reports are free in a year, how many of them are left, and where none is, from when on one is."""

    free: int
    left: int
    next_on: date | None


@dataclass(frozen=True, slots=True)
class AskedShown:
    """Who asked, for what, and what was shown, as the person sees it."""

    id: str
    member_id: str
    member_name: str
    consent_id: str
    purpose: str
    kinds: tuple[str, ...]
    months: int | None
    hard: bool
    product: str
    asked_at: datetime


@operation(
    "exchange.inquire", title=Words("Ask for a person's report", "查询个人信用报告"), permission=members.FURNISH, whose=STAFF
)  # fmt: skip
def inquire(tx: Tx, command: Inquire) -> dict[str, Any]:
    """Answer an inquiry, and say until when each kind may be kept. A person of whom nothing is known is answered for as one of
    whom much is, under a consent of hers.

    Precedence: the member, what is asked, the consent, reciprocity. Refuses ``exchange.member_suspended``,
    ``exchange.inquiry_empty``, ``exchange.consent_unknown``, ``.consent_of_others``, ``.consent_purpose``,
    ``.consent_withdrawn``, ``.consent_expired``, ``.consent_paused``, ``.consent_not_begun``, ``.consent_kind``,
    ``.consent_range``, ``.consent_spent``, ``exchange.no_reciprocity``, ``exchange.message_reused``.
    """
    member = members.active(tx, command.received.member_id)
    if not command.kinds or len(set(command.kinds)) != len(command.kinds) or not command.months:
        raise NOTHING_ASKED()
    kept = consents.hold(tx, command.subject_id, command.consent_id)
    if kept is None:
        raise consent_rules.UNKNOWN(consent_id=command.consent_id)
    use = Use(member.id, command.controller, command.purpose, command.kinds, command.months)
    again = members.before(tx, command.received)
    if again is None:
        given = _first(tx, member, command, kept, use)
        members.keep(tx, command.received, {"view_id": given.view_id})
    else:
        consent_rules.check_use(kept, use, tx.now)
        given = given_again(tx, command.subject_id, again["view_id"])
    kept_until = {kind: consent_rules.delete_by(kept.artefact, kind, given.recorded_at) for kind in command.kinds}
    return {**plain(given), "keep_until": plain(kept_until)}


def _first(tx: Tx, member: Member, command: Inquire, kept: Kept, use: Use) -> Given:
    before = store.inquiries(tx, command.subject_id)
    fetched = [(kind, each.asked_at) for each in before if each.consent_id == command.consent_id for kind in each.kinds]
    consent_rules.check_use(kept, replace(use, fetched=tuple(fetched)), tx.now)
    for kind in command.kinds:
        if member.state != "active" or (kind in CLASSES and not may_see(member, kind)):
            raise NOT_RECIPROCAL(member=member.name, kind=consent_rules.KIND_NAMES[kind])
    view_id = prefixed("view", derived(f"{member.id}\n{command.received.message_id}"))
    return give(
        tx, command.controller, command.subject_id, view_id, member.id, command.purpose, command.kinds,
        consent_id=command.consent_id, months=command.months, hard=command.hard, product=command.product,
    )  # fmt: skip


@operation(
    "exchange.take_own_report", title=Words("Take one's own report", "查询本人信用报告"), permission=OWN, whose=of("subject_id")
)  # fmt: skip
def take_own_report(tx: Tx, command: TakeOwnReport) -> Given:
    """Give a person her report: free as often as the law says, and again whenever nothing changed since the last.

    Refuses ``exchange.free_reports_used``.
    """
    taken = [each for each in store.inquiries(tx, command.subject_id) if each.member_id == HER]
    stands = reports.revisions_of(tx, command.subject_id)
    if taken and (taken[-1].revisions, taken[-1].as_of) == (stands, tx.business_date):
        return given_again(tx, command.subject_id, taken[-1].id)
    allowed = _allowance(tx, taken)
    if not allowed.left:
        raise REPORTS_USED(count=allowed.free, day=allowed.next_on)
    return give(tx, command.node, command.subject_id, tx.new_id("view"), HER, OWN_REPORT, KINDS)


def _allowance(tx: Tx, taken: list[InquirySeen]) -> Allowance:
    """What is left of the free reports of a year, when these were taken, oldest first."""
    free = laws.law(tx).free_reports_a_year
    lately = [each for each in taken if each.asked_at > tx.now - YEAR]
    left = max(free - len(lately), 0)
    return Allowance(free, left, None if left else (lately[-free].asked_at + YEAR).date())


@question("exchange.own_allowance", permission=OWN, whose=of("subject_id"))
def own_allowance(tx: Tx, subject_id: Id) -> Allowance:
    """How many reports a person may take yet without paying."""
    return _allowance(tx, [each for each in store.inquiries(tx, subject_id) if each.member_id == HER])


@question("exchange.own_report", permission=OWN, whose=of("subject_id"))
def own_report(tx: Tx, subject_id: Id, view_id: Id) -> Given:
    """A report that was given of her, to herself or to a member, as it was given. Refuses ``exchange.view_unknown``."""
    return given_again(tx, subject_id, view_id)


@question("exchange.own_inquiries", permission=OWN, whose=of("subject_id"))
def own_inquiries(tx: Tx, subject_id: Id) -> list[AskedShown]:
    """Who asked for a person and was shown what, the newest first; her own reports too."""
    names = members.names(tx)
    return [
        AskedShown(
            each.id, each.member_id, reader_name(names, each.member_id), each.consent_id, each.purpose, each.kinds, each.months,
            each.hard, each.product, each.asked_at,
        )
        for each in reversed(store.inquiries(tx, subject_id))
    ]  # fmt: skip


@operation(
    "exchange.erase_subject", title=Words("Erase a person from the node", "删除个人信息"), permission="exchange:members",
    whose=STAFF, four_eyes=True,
)  # fmt: skip
def erase_subject(tx: Tx, command: EraseSubject) -> dict[str, Any]:
    """Show nothing of a person any more, end her consents, keys and way in, and tell every earlier reader. Done twice it is done
    once."""
    revision = items.next_revision(tx, command.subject_id)
    if not store.erase(tx, command.subject_id, revision, command.reason):
        return {"subject_id": command.subject_id, "erased": False}
    for kept in consents.of_subject(tx, command.subject_id, 1_000):
        if kept.revoked_at is None:
            consents.change(tx, kept, paused=False, revoke=True)
            consents.say(tx, command.subject_id, kept.artefact.id, "revoked", "node")
            body = {"consent_id": kept.artefact.id, "at": tx.now, "delete_by": tx.now}
            notices.write(tx, [kept.artefact.recipient], command.subject_id, "withdrawal", kept.artefact.id, body)
    for row in consents.keys(tx, command.subject_id):
        consents.end_key(tx, command.subject_id, row["kid"])
    persons.end_door(tx, command.subject_id)
    readers = sorted({each.member_id for each in store.inquiries(tx, command.subject_id)} - {HER})
    body = {"outcome": "erased", "revision": revision, "closed_on": tx.business_date}
    notices.write(tx, readers, command.subject_id, "correction", f"erasure:{command.subject_id}", body)
    return {"subject_id": command.subject_id, "erased": True}


def give(
    tx: Tx, node: str, subject_id: str, view_id: str, reader: str, purpose: str, kinds: tuple[str, ...], *, consent_id: str = "",
    months: int | None = None, hard: bool = False, product: str = "", as_of: date | None = None,
    revisions: dict[str, int] | None = None,
) -> Given:  # fmt: skip
    """Give a report, and write down who asked and which it was; as the records stand now, or at some revisions.

    What is written bears the person's next revision: of two at once, each is printed again with those before it and no other.
    """
    position = items.next_revision(tx, subject_id)
    stands = reports.revisions_now(tx, subject_id) if revisions is None else revisions
    blank = InquirySeen(
        subject_id, view_id, reader, consent_id, purpose, kinds, months, hard, product, laws.law(tx).code, node,
        as_of or tx.business_date, stands, b"", tx.now, position,
    )  # fmt: skip
    content = _content(tx, blank)
    store.insert(tx, replace(blank, digest=digest(content)))
    return Given(view_id, blank.as_of, blank.asked_at, content)


def given_again(tx: Tx, subject_id: str, view_id: str, readers: str = "") -> Given:
    """A report as it was given, to whom ``readers`` begins; refuses ``exchange.view_unknown``."""
    asked = store.inquiries(tx, subject_id)
    found = next((each for each in asked if each.id == view_id and each.member_id.startswith(readers)), None)
    if found is None:
        raise reports.VIEW_UNKNOWN(view=view_id, subject=subject_id)
    content = _content(tx, found)
    erased = store.erased_at(tx, subject_id)
    if digest(content) != found.digest and (erased is None or erased <= found.position):
        raise InvariantBroken(f"the view {view_id} is not what was given")
    return Given(found.id, found.as_of, found.asked_at, content)


def _content(tx: Tx, it: InquirySeen) -> dict[str, Any]:
    """The report of a view, made of the records as they stood; nothing of a person who was erased, whenever it was given."""
    erased = store.erased_at(tx, it.subject_id) is not None
    others = [each for each in store.inquiries(tx, it.subject_id, it.position) if each.hard or it.member_id == HER]
    made = shown(
        Scope(frozenset(it.kinds), it.months, it.as_of), law_of(it.law), it.revision,
        reports.report(tx, it.node, it.subject_id, it.as_of, {} if erased else dict(it.revisions)),
        () if erased else others,
        () if erased else disputes.of_subject(tx, it.subject_id),
        () if erased else disputes.statements(tx, it.subject_id),
    )  # fmt: skip
    return {**made, "view_id": it.id, "recorded_at": plain(it.asked_at)}
