"""Answer what is known of cases: to their persons, to whoever handles them, to whom they are about nothing. Reads only."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.credit.review import service as reviews
from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF, of
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Flag, Id, LongPageSize, PageSize
from farthing.parties import service as parties
from farthing.payments.disputes import reading_service as disputes
from farthing.payments.disputes.model import PaymentDispute
from farthing.voice.cases import classes as axes
from farthing.voice.cases import refusals as no
from farthing.voice.cases import rules, store
from farthing.voice.cases import taking_service as taking
from farthing.voice.cases.classes import ComplaintClasses
from farthing.voice.cases.model import Case, CaseFile, CaseLink, CaseRow, CaseSaid, CasesDue, CaseView

READS, HANDLES = "voice:read", "voice:handle"
OVER = ("ended", "withdrawn")


def views(tx: Tx, cases: Sequence[Case]) -> list[CaseView]:
    """Cases as their person sees them; of who is restricted no words."""
    said, now, on = _words(tx, cases), taking.law(tx), tx.business_date
    return [
        CaseView(
            each.id, each.number, each.party_id, each.kind, each.state, each.outcome, each.received_on, each.due_on,
            each.waits and each.due_on is not None and each.due_on < on, each.redress, each.rating,
            rules.may_person(each, now, on), rules.onward(each, now), now.article, rules.lines(said.get(each.id, ())),
        )
        for each in cases
    ]  # fmt: skip


def _words(tx: Tx, cases: Sequence[Case]) -> dict[str, list[CaseSaid]]:
    """What was said of cases; nothing personal of who is restricted, whose data are stored only."""
    known = parties.parties(tx, sorted({each.party_id for each in cases if each.known}))
    dark = {party_id for party_id, each in known.items() if parties.is_restricted(each)}
    shown = store.said(tx, [each for each in cases if each.party_id not in dark])
    return shown | store.said(tx, [each for each in cases if each.party_id in dark], bare=True)


def view_of(tx: Tx, case_id: str) -> CaseView:
    """A case as its person sees it; refuses ``voice.unknown``."""
    return views(tx, [taking.found(tx, case_id)])[0]


@question("voice.one", permission=READS, whose=of("case_id", taking.owner_of))
def one(tx: Tx, case_id: Id) -> CaseView:
    """A case of one's own with all that was said, and what one may do now. Refuses ``voice.unknown``."""
    return views(tx, [taking.hers(tx, case_id)])[0]


@question("voice.own", permission=READS, whose=of("party_id"))
def own(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[CaseView]:
    """What one said to the bank, the latest first."""
    found = store.of_person(tx, party_id, limit)
    about = store.about(tx, [each.id for each in found])
    return views(tx, [each for each in found if rules.key_of(tx.actor) not in about.get(each.id, ())])


@question("voice.cases", permission=HANDLES, whose=STAFF)
def cases(tx: Tx, everything: Flag = False, mine: Flag = False, limit: LongPageSize = 100) -> list[CaseRow]:
    """Cases to be answered, the most urgent first, all or one's own; with ``everything`` all, the latest first. None is about
    whoever asks."""
    me, now = rules.key_of(tx.actor), taking.law(tx)
    found = store.everything(tx, me, limit) if everything else store.waits(tx, me, me if mine else "", limit)
    return [CaseRow(each, rules.light(each, now, tx.business_date)) for each in found]


@question("voice.case", permission=HANDLES, whose=STAFF)
def case(tx: Tx, case_id: Id) -> CaseFile:
    """A case, by its id or number, with all that was said and done. Refuses ``voice.unknown``, also to whom it is about."""
    found = taking.seen(tx, taking.named(tx, case_id))
    said, now, me = _words(tx, [found]).get(found.id, []), taking.law(tx), rules.key_of(tx.actor)
    came = said[0]
    person = parties.parties(tx, [found.party_id]).get(found.party_id) if found.known else None
    name, phone = (person.name, person.phone) if person else (came.name, came.phone)
    left = rules.alone_left(found, store.paid_by(tx, me, tx.home), now)
    may = rules.may_staff(found, me, now, rules.clock_of(found, said))
    return CaseFile(found, tuple(said), may, left, came.remedy, name, phone, came.speakers)


@question("voice.case_of_text", permission=HANDLES, whose=STAFF)
def case_of_text(tx: Tx, text_id: Id) -> CaseRow:
    """The case behind a text that an analyst reads, for whoever handles cases. Refuses ``voice.unknown``."""
    found = store.by_text(tx, [text_id])
    if not found:
        raise no.UNKNOWN()
    known = taking.seen(tx, found[0])
    return CaseRow(known, rules.light(known, taking.law(tx), tx.business_date))


@question("voice.waiting", permission="reports:read", whose=STAFF)
def waiting(tx: Tx) -> list[CasesDue]:
    """How many cases are to be answered, by their last day: no words and no names."""
    return store.waiting(tx)


@question("voice.classes", permission=PUBLIC, whose=NOBODYS)
def classes(tx: Tx) -> ComplaintClasses:
    """The classes of complaints, and whose standard they follow."""
    del tx
    return axes.classes()


@question("voice.linked", permission=HANDLES, whose=STAFF)
def linked(tx: Tx, limit: PageSize = 100) -> list[CaseLink]:
    """What is like a complaint and answered where it stands: reviews of decisions, disputes of data and of payments; the most
    urgent first. A link each, no words."""
    found = [
        CaseLink("review", each.decision_id, each.party_id, each.asked_on, each.answer_by, True)
        for each in reviews.open_reviews(tx, limit)
    ]
    found += [
        CaseLink("datum", each.id, each.party_id, each.opened_on, each.answer_by, True)
        for each in reviews.open_disputes(tx, limit)
    ]
    found += [_payment(each.dispute) for each in disputes.listed(tx, False, limit)]
    return sorted(found, key=lambda each: (each.due_on is None, each.due_on or each.opened_on, each.id))[:limit]


def _payment(dispute: PaymentDispute) -> CaseLink:
    return CaseLink(
        "payment", dispute.id, dispute.payer, dispute.opened_on, dispute.until_on, dispute.state not in OVER
    )


@question("voice.linked_of", permission=READS, whose=of("party_id"))
def linked_of(tx: Tx, party_id: Id) -> list[CaseLink]:
    """One's own reviews and disputes, which stand elsewhere: a link each."""
    found = [
        CaseLink("review", each.decision_id, each.party_id, each.asked_on, each.answer_by, each.open)
        for each in reviews.reviews_of(tx, party_id)
    ]
    found += [
        CaseLink("payment", each.id, party_id, each.opened_on, each.until_on, each.state not in OVER)
        for each in disputes.own(tx, party_id)
    ]
    return sorted(found, key=lambda each: (not each.waits, each.opened_on, each.id))
