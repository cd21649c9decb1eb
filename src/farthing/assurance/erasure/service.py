"""Run the erasure of a person. Three answers: done, restricted until a day, or refused while something is open.

Done: every home of what is personal is emptied, and the person's keys are destroyed, so that no older copy of the database shows
it either. Restricted: another law keeps the records (the policy's, with its article); until its day they are only stored and
protected, shown to nobody but for that law's purposes, and on that day the close of the day erases them by itself.

Law: Personal Information Protection Law of the PRC art. 47, GDPR art. 17 and 18; retention by the policy pack in force
(Anti-Money Laundering Law of the PRC art. 34: ten years after the business ended; Directive (EU) 2015/849 art. 40: five).
"""

from __future__ import annotations

from datetime import datetime

from farthing.assurance.erasure import rules, store
from farthing.assurance.erasure.model import (
    DestroyKeys,
    ErasePerson,
    Erasure,
    ErasureOutlook,
    KeysDestroyed,
    LiftRestriction,
    OpenRestricted,
    PersonErased,
    Restricted,
)
from farthing.assurance.erasure.standing_service import last_business, standing
from farthing.credit import service as credit
from farthing.credit.review import service as reviews
from farthing.db.keyring.ring import ring_of
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.funding.market import lenders_service as lenders
from farthing.identity import phones as logins
from farthing.identity.rules import actor_id_of
from farthing.kernel import erasing
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.later import enqueue
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Id
from farthing.kit.words import Words
from farthing.lending import erasing_service as lending
from farthing.parties import service as parties
from farthing.parties.model import Party
from farthing.parties.vouching import service as vouching
from farthing.payments.home import service as home
from farthing.products import service as products
from farthing.sharing import service as sharing
from farthing.sharing.pulling import service as pulling
from farthing.signing import service as signing
from farthing.signing.contests import service as contests
from farthing.voice.cases import persons_service as cases


@operation(
    "parties.erase", title=Words("Erase a person", "删除个人信息"),
    permission="parties:erase", four_eyes=True, whose=STAFF,
)  # fmt: skip
def erase(tx: Tx, command: ErasePerson) -> PersonErased:
    """Erase a person, by two, or restrict the data until the law lets them go. The ids stay, with every amount and proof; nothing
    ties them to anybody.

    Refuses ``parties.unknown``, ``assurance.erased_already``, ``assurance.restricted_already`` and ``assurance.erase_stands``.
    """
    person = parties.party(tx, command.party_id)
    if parties.is_erased(person):
        raise rules.ERASED_ALREADY(party_id=person.id)
    if parties.is_restricted(person):
        raise rules.RESTRICTED_ALREADY(party_id=person.id, until=str(_restriction(tx, person.id).until))
    rules.check_nothing_stands(standing(tx, person))
    kept = rules.kept_until(last_business(tx, person), products.policy_in_force(tx), tx.business_date)
    if kept is None:
        return _erased(tx, person, command.reason)
    until, law = kept
    parties.restrict(tx, person.id, True)
    logins.close_customer(tx, _actor_id(person.id))
    store.keep(tx, person.id, "restricted", command.reason, until, law)
    return PersonErased(person.id, "restricted", 0, 0, until, law)


def _erased(tx: Tx, person: Party, reason: str) -> PersonErased:
    """Empty every home, and have the keys destroyed once that is committed: not before, for nobody brings a key back."""
    actor_id = _actor_id(person.id)
    parties.forget(tx, person)
    logins.forget_customer(tx, actor_id)
    vouching.forget(tx, person.id)
    sharing.forget(tx, person.id)
    pulling.forget(tx, person.id)
    lenders.forget(tx, person.id)
    credit.forget(tx, person.id)
    reviews.forget(tx, person.id)
    lending.forget(tx, person.id)
    home.forget(tx, person.id)
    contests.forget(tx, person.id)
    cases.forget(tx, person.id)
    signing.forget(tx, person.id)
    said = () if parties.is_erased(person) else (person.name, person.number, person.phone)
    answers = erasing.forget_answers(tx, (person.id, *said))
    values = sum(evidence.erase(tx, subject, reason) for subject in (person.id, actor_id))
    store.keep(tx, person.id, "erased", reason, None, None)
    enqueue(tx, destroy_keys, DestroyKeys(person.id))
    return PersonErased(person.id, "done", values, answers)


@operation(
    "parties.destroy_keys", title=Words("Destroy an erased person's keys", "销毁已删除个人的密钥"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def destroy_keys(tx: Tx, command: DestroyKeys) -> KeysDestroyed:
    """Destroy the keys of somebody who is erased, and put the certificate of it in the log. Done again it answers the same.

    Refuses ``parties.unknown``, and ``assurance.not_restricted`` of somebody who is not erased.
    """
    found = store.find(tx, command.party_id)
    if found is None or found.state != "erased":
        raise rules.NOT_RESTRICTED(party_id=command.party_id)
    stones = ring_of(tx).destroy((command.party_id, _actor_id(command.party_id)), tx.now)
    at = max(datetime.fromisoformat(stone.destroyed_at) for stone in stones)
    store.destroyed(tx, command.party_id, at)
    return KeysDestroyed(command.party_id, tuple(stone.key_id for stone in stones if stone.key_id), at)


@operation(
    "parties.lift_restriction", title=Words("Lift a restriction of personal data", "解除个人信息处理限制"),
    permission="parties:erase", four_eyes=True, whose=STAFF,
)  # fmt: skip
def lift_restriction(tx: Tx, command: LiftRestriction) -> Erasure:
    """Let somebody whose data are restricted be a customer again, by two: she signs up anew with a code to her phone.

    Refuses ``assurance.not_restricted``.
    """
    found = _restriction(tx, command.party_id)
    parties.restrict(tx, found.party_id, False)
    store.keep(tx, found.party_id, "lifted", command.reason, None, None)
    return Erasure(found.party_id, "lifted", tx.business_date, None, None, None)


@operation(
    "parties.open_restricted", title=Words("Look at restricted personal data", "查阅受限个人信息"),
    permission="parties:erase", four_eyes=True, whose=STAFF,
)  # fmt: skip
def open_restricted(tx: Tx, command: OpenRestricted) -> Restricted:
    """Look at what is restricted, by two, for a purpose of the law that keeps it; the log keeps who, when and what for.

    Refuses ``assurance.not_restricted``.
    """
    found = _restriction(tx, command.party_id)
    known = parties.party_kept(tx, found.party_id)
    return Restricted(known.id, found.until or tx.business_date, known.name, known.number, known.phone, known.born_on)


@operation(
    "parties.erase_due", title=Words("Restricted data whose day has come", "限制期满删除个人信息"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def erase_due(tx: Tx, command: CloseStep) -> Stepped:
    """Erase whose restriction ends today; and let books and keyring say the same after either was restored: who is erased in one
    is erased in the other."""
    done = _reconciled(tx) if command.after == "" else 0
    due = store.due(tx, command.after, PIECE)
    for each in due:
        known = parties.party_kept(tx, each.party_id)
        if not standing(tx, known):
            _erased(tx, known, "the law keeps the records no longer")
            done += 1
    return Stepped(done, due[-1].party_id if len(due) == PIECE else None)


def _reconciled(tx: Tx) -> int:
    dead = {stone.subject for stone in ring_of(tx).tombstones()}
    buried = [each for each in store.erased(tx) if each not in dead]
    for party_id in buried:
        enqueue(tx, destroy_keys, DestroyKeys(party_id))
    revived = parties.not_erased(tx, sorted(each for each in dead if each.startswith("party_")))
    for known in revived:
        _erased(tx, known, "its key was destroyed before these books were restored")
    return len(buried) + len(revived)


@question("parties.erasure_outlook", permission="parties:read", whose=of("party_id"))
def erasure_outlook(tx: Tx, party_id: Id) -> ErasureOutlook:
    """What would be answered if somebody's erasure were asked for today: done, restricted until a day by which law, or refused
    and what is open."""
    known, asked = parties.own_party(tx, party_id), store.find(tx, party_id)
    if parties.is_erased(known):
        return ErasureOutlook(known.id, "erased", None, None, (), asked)
    if asked is not None and asked.state == "restricted":
        return ErasureOutlook(known.id, "restricted", asked.until, asked.law, (), asked)
    if stands := standing(tx, known):
        return ErasureOutlook(known.id, "refused", None, None, tuple(stands), asked)
    kept = rules.kept_until(last_business(tx, known), products.policy_in_force(tx), tx.business_date)
    until, law = kept or (None, None)
    return ErasureOutlook(known.id, "done" if kept is None else "restricted", until, law, (), asked)


def _restriction(tx: Tx, party_id: str) -> Erasure:
    """What restricts somebody's data; refuses ``assurance.not_restricted``."""
    found = store.find(tx, party_id)
    if found is None or found.state != "restricted":
        raise rules.NOT_RESTRICTED(party_id=party_id)
    return found


def _actor_id(party_id: str) -> str:
    return actor_id_of("", "customer", party_id)
