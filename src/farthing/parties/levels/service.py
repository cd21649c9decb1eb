"""Run levels: who is known how well and until when, what two of the staff vouch for or doubt, and whose level ends soon.

Evidence comes from whoever is asked: registers (:mod:`farthing.parties.service`), the banks of cards and small amounts that are
told (payments' bindings), and two of the staff at a counter, here.
"""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Tx
from farthing.identity import phones as identities
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Count, Cursor, Id, PageSize
from farthing.kit.words import Words
from farthing.parties import rules as people
from farthing.parties.levels import keeping_service as keeping
from farthing.parties.levels import rules, store
from farthing.parties.levels.model import (
    DoubtEvidence,
    Endings,
    Given,
    LevelNow,
    LevelTold,
    VouchAtCounter,
)
from farthing.parties.service import own_party, party

HOUSE = "counter"
"""The provider of what the bank's own staff saw."""


@operation(
    "parties.vouch_at_counter", title=Words("Vouch for a customer who was seen at a counter", "柜台面核客户身份"),
    permission="parties:attend", four_eyes=True, whose=STAFF,
)  # fmt: skip
def vouch_at_counter(tx: Tx, command: VouchAtCounter) -> LevelNow:
    """Two of the staff, one after the other, saw customer and identity document; neither is the customer.

    Refuses ``parties.unknown``, ``parties.own_counter``, ``parties.statement_missing``, ``parties.document_differs``,
    ``parties.counter_gives_no_level``.
    """
    known = party(tx, command.party_id)
    if identities.is_oneself(tx, known.number):
        raise people.ONESELF(actor=tx.actor.id)
    if not command.statement.strip():
        raise people.STATEMENT_MISSING()
    if people.document_of(command.document_number) != known.number:
        raise people.DOCUMENT_DIFFERS()
    law = keeping.in_force(tx)
    if rules.until_of(law, "counter", HOUSE, tx.business_date) is None:
        raise rules.NO_COUNTER()
    keeping.record(tx, [Given(tx.new_id("evidence"), known.id, "counter", HOUSE)])
    return _now(tx, known.id)


@operation(
    "parties.doubt_evidence", title=Words("Doubt what shows who a customer is", "质疑核验凭据"),
    permission="parties:disown_any", four_eyes=True, whose=STAFF,
)  # fmt: skip
def doubt_evidence(tx: Tx, command: DoubtEvidence) -> LevelNow:
    """Let an evidence count for nothing from now on, as two of the staff say; the level follows at once.

    Refuses ``parties.unknown``, ``parties.unknown_evidence``, ``parties.evidence_doubted``.
    """
    known = party(tx, command.party_id)
    keeping.hold(tx, known.id)
    if not store.doubt_one(tx, known.id, command.evidence_id):
        found = {each.id: each for each in store.evidence(tx, [known.id])[known.id]}.get(command.evidence_id)
        if found is None:
            raise rules.UNKNOWN_EVIDENCE(evidence_id=command.evidence_id)
        raise rules.DOUBTED_ALREADY(evidence_id=found.id, at=found.doubted_at)
    keeping.lay_down(tx, [known.id])
    return _now(tx, known.id)


@question("parties.level", permission="parties:read", whose=of("party_id"))
def level(tx: Tx, party_id: Id) -> LevelTold:
    """How well a customer is known today, by which evidence and until when, and what would raise or renew it."""
    return _told(tx, own_party(tx, party_id).id)


def _now(tx: Tx, party_id: str) -> LevelNow:
    told = _told(tx, party_id)
    return LevelNow(party_id, told.level, told.until)


def _told(tx: Tx, party_id: str) -> LevelTold:
    """By the rules that what is kept of her follows; by those in force where nothing is."""
    evidence = store.evidence(tx, [party_id])[party_id]
    law = keeping.rules_of(tx, [store.rule_of(tx, party_id)])[0] if evidence else keeping.in_force(tx)
    return rules.told(law, party_id, evidence, tx.now, tx.business_date)


@question("parties.levels_ending", permission="parties:search", whose=STAFF)
def ending(tx: Tx, days: Count = 0, after: Cursor = "", limit: PageSize = 50) -> Endings:
    """Whose level ends within so many days (0: as many as the policy calls soon), the earliest first; continue with ``after`` the
    last answer's ``next``."""
    span = days if 0 < days <= rules.MOST_DAYS else keeping.in_force(tx).soon_days
    today = tx.business_date
    found = store.ending(tx, today, today + timedelta(days=span), rules.place_of(after, today), limit)
    return Endings(tuple(found), rules.place_after(found[-1]) if len(found) == limit else "")
