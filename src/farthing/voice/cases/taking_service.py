"""Run what every way in shares: a case is kept, acknowledged at once with its number and its day, and nothing of it is told to
whom it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from farthing.db.keyring.ring import ring_of
from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.identity import phones, roll
from farthing.identity import service as identity
from farthing.kernel import calendar
from farthing.kit.ids import bare
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.products import complaint_rules
from farthing.products import service as products
from farthing.products.complaint_rules import ComplaintRules
from farthing.voice.cases import refusals as no
from farthing.voice.cases import rules, store
from farthing.voice.cases.classes import ARISES
from farthing.voice.cases.clock import Clock
from farthing.voice.cases.model import By, Case, CaseSaid, Channel
from farthing.voice.model import Kind, Language

ROLL = 100
NUMBER = 8
MOST_STAFF = 50
"""Pages of the roll that are looked through for names; more staff than that no bank has here."""


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that came in, before it is a case. ``person``: a customer's id; none of who has no account."""

    case_id: str
    channel: Channel
    kind: Kind
    language: Language
    person: str | None
    received_on: date
    words: str
    remedy: str = ""
    name: str = ""
    phone: str = ""
    people: int = 1
    speakers: tuple[str, ...] = ()
    by: By = "person"
    under: str = ""
    about: frozenset[str] = field(default_factory=frozenset)


def law(tx: Tx) -> ComplaintRules:
    """What the policy in force says of complaints; careful where it says nothing."""
    policy = products.policy_if_any(tx)
    return (policy and policy.complaints) or complaint_rules.before(tx.home, products.HOUSE)


def holidays(tx: Tx) -> frozenset[date]:
    """The holidays that clocks go by today: a declaration is known from the next day on."""
    return calendar.holidays_known(calendar.declarations(tx), tx.business_date)


def staff_names(tx: Tx) -> list[tuple[str, str]]:
    """What the members of staff are called, and who they are."""
    found: dict[str, str] = {}
    after = None
    for _ in range(MOST_STAFF):
        page = roll.staff(tx, after, ROLL)
        fresh = {each.person_id: each.person_name for each in page if each.person_id not in found}
        if not fresh:
            break
        found |= fresh
        after = page[-1].person_id
    return [(name, person) for person, name in found.items()]


def take(tx: Tx, coming: Sequence[Coming]) -> list[Case]:
    """Keep what came in; answers the cases that were not there before, in order. About whom of the staff its words speak, that
    person does not see it."""
    now, days, names = law(tx), holidays(tx), staff_names(tx)
    made = [_case(tx, each, now, days) for each in coming]
    fresh = store.insert(tx, [case for case, _ in made])
    new = [(case, said, each) for (case, said), each in zip(made, coming, strict=True) if case.id in fresh]
    if not new:
        return []
    store.say(tx, [(case, said) for case, said, _ in new])
    about = {
        (case.id, person)
        for case, said, each in new
        for person in each.about | rules.named_in(f"{said.words} {said.remedy}", names)
    }
    if store.name(tx, sorted(about)):
        lines = [(case, CaseSaid(case.id, "named", "day", "", tx.business_date)) for case, _, _ in new]
        store.say(tx, [each for each in lines if each[0].id in {case_id for case_id, _ in about}])
    return [case for case, _, _ in new]


def _case(tx: Tx, each: Coming, now: ComplaintRules, days: frozenset[date]) -> tuple[Case, CaseSaid]:
    rules.check_group(each.people, each.speakers, now)
    clocked = now.days[0] if each.kind in rules.CLOCKED else None
    due = None
    if clocked is not None:
        due = Clock(each.received_on, clocked).due(now, days)
    person = each.person or f"party_{bare(each.case_id)}"
    text_id, token = ring_of(tx).index(
        "voice", [f"text {each.case_id}", f"person {each.person or each.phone or person}"]
    )
    case = Case(
        each.case_id, number_of(each.case_id), each.kind, each.channel, each.language, person, each.person is not None,
        each.people, each.received_on, tx.now, tx.actor.id, (ARISES[each.channel], "", ""), 0, "", "", 0, now.business,
        now.rolls, due, "open", "", None, "", False, 0, None, None, None, None, Money.zero(tx.home), 1,
        f"person_{token.hex()[:26]}", f"text_{text_id.hex()[:26]}",
    )  # fmt: skip
    said = CaseSaid(
        case.id, "received", each.by, each.channel, tx.business_date, clocked, each.under, each.words, each.remedy, each.name,
        each.phone, each.speakers,
    )  # fmt: skip
    return case, said


def number_of(case_id: str) -> str:
    """What a case's person is told: the last letters of its id, which are drawn by lot."""
    return case_id[-NUMBER:].upper()


def found(tx: Tx, case_id: str) -> Case:
    """A case by its id; refuses ``voice.unknown``."""
    known = store.find(tx, [case_id]).get(case_id)
    if known is None:
        raise no.UNKNOWN()
    return known


def seen(tx: Tx, case: Case) -> Case:
    """A case that is not about whoever acts; refuses ``voice.unknown``."""
    if rules.key_of(tx.actor) in store.about(tx, [case.id]).get(case.id, ()):
        raise no.UNKNOWN()
    return case


def hers(tx: Tx, case_id: str) -> Case:
    """A case as its person, or a teller before whom she stands, may touch it: by its id alone, by which it was asked whose it is.
    Refuses ``voice.unknown``, also to a teller whom it is about."""
    return seen(tx, found(tx, case_id))


def named(tx: Tx, text: str) -> Case:
    """A case by its id or its number, for the staff; refuses ``voice.unknown``, also where two have the number."""
    numbered = store.by_number(tx, [text.upper()]) if len(text) == NUMBER else []
    return numbered[0] if len(numbered) == 1 else found(tx, text)


def owner_of(tx: Tx, case_id: str) -> str | None:
    """Whose a case is."""
    known = store.find(tx, [case_id]).get(case_id)
    return known.party_id if known else None


def hands(tx: Tx, case_id: str) -> tuple[Case, list[CaseSaid], str]:
    """A case, what was done of it, and the member of staff whose act this is: of a draft, whoever made it.

    Refuses ``voice.unknown`` also to whom it is about, ``voice.not_for_you`` to a second person who may not, ``voice.own_case``
    to whoever of the staff said it.
    """
    case = named(tx, case_id)
    asked = tx.actor.asked_by
    asked_by = None if asked is None else identity.persons_of(tx, [asked]).get(asked, asked)
    rules.check_hands(case, store.about(tx, [case.id]).get(case.id, ()), tx.actor, asked_by)
    if case.known and phones.is_oneself(tx, parties.party_kept(tx, case.party_id).number):
        raise no.OWN(actor=tx.actor.id)
    return case, store.said(tx, [case], bare=True).get(case.id, []), asked_by or rules.key_of(tx.actor)


def keep(tx: Tx, case: Case, said: CaseSaid, before: Sequence[CaseSaid]) -> Case:
    """Keep how a case stands after something was said or done, with the day that follows from all of it."""
    moved = replace(case, due_on=rules.due_after(case, [*before, said], holidays(tx)))
    if store.move(tx, [moved]) != 1:
        raise Collision("the case was moved at the same time")
    store.say(tx, [(moved, said)])
    return replace(moved, version=moved.version + 1)
