"""Run the register of parties: load, decide by the pure rules, save. Never branches about anything but presence."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.errands import Desk, Errand
from farthing.kernel.operation import Asked, Call, decode, operation, sole
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, NOT_YOURS, STAFF, of
from farthing.kit.actor import PUBLIC
from farthing.kit.errors import Refusal
from farthing.kit.ids import parse_prefixed, prefixed
from farthing.kit.inputs import Cursor, Id, Line, Many, PageSize
from farthing.kit.words import Words
from farthing.parties import rules, sealed_store, store
from farthing.parties.levels import keeping_service as levels
from farthing.parties.levels.model import Doubted, Given
from farthing.parties.levels.model import Kind as EvidenceKind
from farthing.parties.levels.rules import level_of
from farthing.parties.model import (
    ERASED,
    PHONE_MATCHED,
    RESTRICTED,
    UNVERIFIED,
    IdentityAnswered,
    IdentityChecker,
    IdentityQuestion,
    Kind,
    Party,
    Register,
    RegisterOrganisation,
    Verification,
    VerifyIdentity,
)

LARGEST_PAGE = 100
INSTITUTION = "institution"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of parties; ``next_cursor`` is opaque and none on the last page."""

    parties: tuple[Party, ...]
    next_cursor: str | None


@operation(
    "parties.register", title=Words("Register a customer", "登记客户"), permission="parties:register", whose=STAFF
)
def register(tx: Tx, command: Register) -> Party:
    """Make a person known, by staff. The same number and name again answers the same party; its phone stays as it was.

    Whoever is no staff enrols (:mod:`farthing.parties.enrolment`) and is told nothing before the phone is proved.

    Refuses ``parties.name_invalid``, ``parties.resident_id_malformed``, ``parties.resident_id_checksum``,
    ``parties.resident_id_birth_date``, ``parties.under_age``, ``parties.phone_invalid``,
    ``parties.resident_id_taken``.
    """
    return _register(tx, "person", rules.check_person(command, tx.business_date))


@operation(
    "parties.register_organisation", title=Words("Register an organisation", "登记单位"),
    permission="parties:register_organisation", whose=STAFF,
)  # fmt: skip
def register_organisation(tx: Tx, command: RegisterOrganisation) -> Party:
    """Make an organisation known. Refuses ``parties.credit_code_invalid`` and as :func:`register` does."""
    return _register(tx, "organisation", rules.check_organisation(command))


@operation(
    "parties.appoint_institution", title=Words("Appoint an institution", "指定机构"),
    permission="parties:appoint", whose=STAFF,
)  # fmt: skip
def appoint_institution(tx: Tx, command: RegisterOrganisation) -> Party:
    """Say which organisation runs this platform: the lender in contracts, the owner of the books. Once.

    Refuses ``parties.institution_appointed`` for another organisation, and as :func:`register_organisation` does.
    """
    appointed = register_organisation(tx, command)
    holder = store.claim_role(tx, INSTITUTION, appointed.id)
    if holder != appointed.id:
        raise rules.INSTITUTION_APPOINTED(name=party(tx, holder).name)
    return appointed


def institution(tx: Tx) -> Party:
    """The organisation that runs this platform; refuses ``parties.no_institution``."""
    holder = store.role_holder(tx, INSTITUTION)
    if holder is None:
        raise rules.NO_INSTITUTION()
    return party(tx, holder)


@question("parties.institution_name", permission=PUBLIC, whose=NOBODYS)
def institution_name(tx: Tx) -> str:
    """What the organisation is called that runs this bank, as its papers say; refuses ``parties.no_institution``."""
    return institution(tx).name


@question("parties.institution_phone", permission=PUBLIC, whose=NOBODYS)
def institution_phone(tx: Tx) -> str:
    """Where the organisation that runs this bank is called; refuses ``parties.no_institution``."""
    return institution(tx).phone


def _register(tx: Tx, kind: Kind, checked: rules.Checked) -> Party:
    fresh = fresh_party(tx, kind, checked, tx.new_id("party"))
    holder = store.claim_number(tx, kind, checked.number, fresh.id)
    if holder != fresh.id:
        return rules.same_or_refuse(party(tx, holder), checked)
    store.insert(tx, fresh)
    return fresh


def fresh_party(tx: Tx, kind: Kind, checked: rules.Checked, party_id: str) -> Party:
    """A party as it is when it becomes known now."""
    return Party(
        party_id, kind, checked.name, checked.number, checked.phone, checked.born_on, UNVERIFIED, tx.now
    )  # fmt: skip


def _verified(tx: Tx, asked: Asked) -> Verification:
    """What the provider said; refuses ``parties.provider_unavailable`` while it has not answered."""
    found = store.verification(tx, asked.subject)
    if found is None:
        errand = errands.find(tx, asked.subject)
        raise rules.PROVIDER_UNAVAILABLE(provider=errand.peer if errand else "")
    return found


def verify_identities(tx: Tx, calls: Sequence[Call]) -> list[Asked | Refusal]:
    """Ask about many parties; each of :func:`verify_identity`'s refusals is told before anything is written."""
    known = parties(tx, [call.command.party_id for call in calls])
    answers: list[Asked | Refusal] = []
    wanted = []
    for call in calls:
        command: VerifyIdentity = call.command
        who = known.get(command.party_id)
        if not call.actor.acts_for(command.party_id):
            answers.append(NOT_YOURS(actor=call.actor.id))
        elif who is None:
            answers.append(unknown(command.party_id))
        elif not tx.ports.has("proofing", command.provider):
            named = ", ".join(sorted(tx.ports.names("proofing")))
            answers.append(rules.PROVIDER_UNKNOWN(provider=command.provider, known=named))
        else:
            question = IdentityQuestion(who.kind, who.name, who.number, who.phone, tx.now)
            wanted.append(errands.Wanted(tx.new_id("verification"), command.provider, who.id, question))
            answers.append(Asked(wanted[-1].id, (wanted[-1].id,)))
    if wanted:
        errands.write_all(tx, "parties.proofing", wanted, identity_answered)
    return answers


@operation(
    "parties.verify_identity", title=Words("Verify an identity", "核实身份"),
    permission="parties:verify", whose=of("party_id"), conclude=_verified, bulk=verify_identities,
)  # fmt: skip
def verify_identity(tx: Tx, command: VerifyIdentity) -> Asked:
    """Ask a proofing provider about a party and keep its answer; the level follows from what that shows and contradicts.

    A "no" of the provider is an answer, not a refusal: it is recorded like a "yes" (see ``Verification.outcome``).
    Refuses ``parties.unknown``, ``kernel.not_yours``, ``parties.provider_unknown``, ``parties.provider_unavailable``.
    """
    return sole(verify_identities(tx, [Call(command, tx.actor)]))


@errands.sender("parties.proofing")
def _check(desk: Desk, errand: Errand) -> IdentityAnswered:
    checker: IdentityChecker = desk.ports.peer("proofing", errand.peer)
    said = checker.check(decode(IdentityQuestion, errand.request))
    raw = base64.b64encode(said.raw).decode()
    return IdentityAnswered(errand.id, said.outcome, said.level, said.reference, raw)


def identities_answered(tx: Tx, calls: Sequence[Call]) -> list[Verification | Refusal]:
    """Take many answers of providers, one after the other; one that was answered before is told so."""
    settled = errands.settle_all(tx, [call.command.errand_id for call in calls])
    known = parties(tx, [each.subject for each in settled if isinstance(each, Errand)])
    for each in settled:
        if isinstance(each, Errand) and each.subject not in known:
            raise unknown(each.subject)
    commands = [call.command for call in calls]
    until = _shown(tx, [(each, said) for each, said in zip(settled, commands, strict=True) if isinstance(each, Errand)])
    made: list[tuple[Verification, bytes]] = []
    answers: list[Verification | Refusal] = []
    for each, said in zip(settled, commands, strict=True):
        if isinstance(each, Errand):
            made.append(_answered(tx, each, said, level_of(until.get(each.subject, ()), tx.business_date)))
            answers.append(made[-1][0])
        else:
            answers.append(each)
    store.insert_verifications(tx, made)
    return answers


def _shown(tx: Tx, told: Sequence[tuple[Errand, IdentityAnswered]]) -> dict[str, tuple[date, ...]]:
    """Keep what answers show, and doubt what they contradict; answers until when the parties' levels hold then. Of several
    answers of one provider about one party the last stands."""
    given: dict[tuple[str, str, EvidenceKind], Given] = {}
    doubted = []
    for errand, said in told:
        about = errand.subject, errand.peer
        for kind in rules.doubted_by(said.outcome):
            given.pop((*about, kind), None)
        doubted.append(Doubted(errand.subject, rules.doubted_by(said.outcome), errand.peer, "provider"))
        for kind in rules.shown_by(said.level):
            given[*about, kind] = Given(f"{errand.id}.{kind}", errand.subject, kind, errand.peer)
    return levels.record(tx, list(given.values()), doubted)


def _answered(tx: Tx, errand: Errand, command: IdentityAnswered, level: int) -> tuple[Verification, bytes]:
    """What a provider said as it is kept, with the level at which the party stands then."""
    raw = base64.b64decode(command.raw_base64)
    verification = Verification(
        id=command.errand_id,
        party_id=errand.subject,
        provider=errand.peer,
        outcome=command.outcome,
        level_given=command.level,
        verification_level=level,
        reference=command.reference,
        answer_sha256=hashlib.sha256(raw).hexdigest(),
        checked_at=tx.now,
    )
    return verification, raw


@operation(
    "parties.identity_answered", title=Words("The register answers about an identity", "身份核查回复"),
    permission=errands.ANSWER, whose=STAFF, bulk=identities_answered,
)  # fmt: skip
def identity_answered(tx: Tx, command: IdentityAnswered) -> Verification:
    """Take a provider's answer. Refuses ``errands.answered``."""
    return sole(identities_answered(tx, [Call(command, tx.actor)]))


def unknown(party_id: str) -> Refusal:
    """That there is no party of an id: ``parties.unknown``."""
    return rules.UNKNOWN(party_id=party_id)


def party(tx: Tx, party_id: str) -> Party:
    """The party of an id; refuses ``parties.unknown``."""
    found = store.find(tx, party_id) if party_id.isprintable() else None
    if found is None:
        raise unknown(party_id)
    return found


def holder_of_number(tx: Tx, resident_id: str) -> Party | None:
    """The person of an identity number, or none. For staff and the bank itself: it tells who is known here."""
    number, _ = rules.resident_id_of(resident_id)
    holder = store.number_holder(tx, "person", number)
    return None if holder is None else party(tx, holder)


def held(tx: Tx, party_id: str) -> Party:
    """As :func:`party`, for this transaction alone until it ends: its phone is proved or changed, or its limit is asked."""
    if party_id.isprintable():
        store.hold(tx, party_id)
    return party(tx, party_id)


@question("parties.party", permission="parties:read", whose=of("party_id"))
def own_party(tx: Tx, party_id: Id) -> Party:
    """The party of an id, if the actor may act for it; refuses ``kernel.not_yours`` before it looks."""
    if not tx.actor.acts_for(party_id):
        raise NOT_YOURS(actor=tx.actor.id)
    return party(tx, party_id)


def seal_plain(tx: Tx, limit: int) -> int:
    """Seal some parties, and answers of providers, that lie in plain, as all did before there was a keyring; answers how many."""
    return sealed_store.seal_plain(tx, limit) + sealed_store.seal_plain_answers(tx, limit)


def forget(tx: Tx, person: Party) -> None:
    """Erase what is personal of a party here; the id stays. Called inside ``parties.erase``, which decides."""
    store.erase(tx, person, rules.erased(person))


def is_erased(known: Party) -> bool:
    """Whether what was personal of a party was erased."""
    return bool(known.phone == ERASED["phone"])


def is_restricted(known: Party) -> bool:
    """Whether what is personal of a party is only stored and protected, and shown to nobody."""
    return bool(known.phone == RESTRICTED["phone"])


def restrict(tx: Tx, party_id: str, restricted: bool) -> None:
    """Show a party's data to nobody any more, or again. Called inside the operations of erasure, which decide."""
    store.restrict(tx, party_id, restricted)


def party_kept(tx: Tx, party_id: str) -> Party:
    """As :func:`party`, with what the law keeps of who is restricted: for the operations of erasure alone."""
    found = store.find_kept(tx, party_id)
    if found is None:
        raise unknown(party_id)
    return found


def kept(tx: Tx, party_ids: Sequence[str]) -> list[Party]:
    """As :func:`party_kept`, of several; absent ones are left out."""
    return [found for each in party_ids if (found := store.find_kept(tx, each)) is not None]


def not_erased(tx: Tx, party_ids: list[str]) -> list[Party]:
    """Those of some parties that these books do not know as erased."""
    return store.not_erased(tx, party_ids)


def parties(tx: Tx, party_ids: list[str]) -> dict[str, Party]:
    """The parties of several ids, by id; absent ones are left out."""
    return store.find_many(tx, [each for each in party_ids if each.isprintable()])


def of_phone(tx: Tx, phone: str) -> list[Party]:
    """The parties that have a phone on file, several where a family shares it. For the bank itself: it tells who is known."""
    return store.of_phone(tx, phone, LARGEST_PAGE)


def unconfirmed(tx: Tx, party_ids: list[str]) -> frozenset[str]:
    """Which of these customers nobody confirmed: name, number and phone together."""
    return store.below_level(tx, party_ids, PHONE_MATCHED)


@question("parties.verifications", permission="parties:read", whose=of("party_id"))
def verifications(tx: Tx, party_id: Id) -> list[Verification]:
    """What proofing providers said about a party, oldest first."""
    return store.verifications(tx, own_party(tx, party_id).id)


@question("parties.search", permission="parties:search", whose=STAFF)
def search(tx: Tx, text: Line = "", cursor: Cursor | None = None, limit: PageSize = 20) -> Page:
    """Find parties by a whole name, phone, number or id: what is kept of them is sealed, and found by blind indexes. Without a
    text all, in the order of their ids. For operators only.

    ``limit`` is 1 to 100.
    """
    text, phone = "".join(letter for letter in text if letter.isprintable()).strip(), None
    with contextlib.suppress(Refusal):
        phone = rules.phone_of(text)
    count = max(1, min(limit, LARGEST_PAGE))
    found = store.search(tx, text, phone, _after(cursor), count + 1)
    return Page(tuple(found[:count]), found[count - 1].id if len(found) > count else None)


@question("parties.names", permission="parties:search", whose=STAFF)
def names(tx: Tx, party_ids: Annotated[tuple[Id, ...], Many]) -> dict[str, str]:
    """What these parties are called, by id, for lists that staff read; one that there is not is left out."""
    return {key: each.name for key, each in store.find_many(tx, list(party_ids)).items()}


@question("parties.find", permission="parties:search", whose=STAFF)
def the_party(tx: Tx, text: Line) -> Party:
    """The one party of an id, a whole phone or an identity number, as typed at a counter; for staff.

    Refuses ``parties.not_known``, ``parties.unknown`` (an id) and ``parties.several`` (a phone that a family shares).
    """
    if text.startswith("party_"):
        return party(tx, text)
    exact = {text.strip().upper()}
    with contextlib.suppress(Refusal):
        exact.add(rules.phone_of(text))
    found = [each for each in search(tx, text).parties if exact & {each.phone, each.number, each.id}]
    if not found:
        raise rules.NOT_KNOWN(text=repr(text[:60]))
    if len(found) > 1:
        raise rules.SEVERAL(count=len(found), ids=", ".join(each.id for each in found))
    return found[0]


def _after(cursor: str | None) -> str:
    """The id after which a page begins; refuses ``ids.malformed``."""
    return prefixed("party", parse_prefixed("party", cursor)) if cursor else ""
