"""Run agreements of any business format: drawn by staff, signed by each party in the form's order, in force once they meet it.

The form is data; what an agreement does beside binding its parties is done by whoever asked for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from farthing.db.keyring.sealing import Gone
from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.identity.authenticators import service as authenticators
from farthing.kernel import errands
from farthing.kernel.operation import Asked, operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF, of
from farthing.kit import strict_json
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.lapsing import check_lapsed
from farthing.parties.model import Party
from farthing.products import service as products
from farthing.products.agreement import AgreementForm
from farthing.products.agreement_file import GENERAL
from farthing.products.model import Publish, Published
from farthing.signing import service as signing
from farthing.signing import store as contracts
from farthing.signing.acts import service as acts
from farthing.signing.acts.model import SignaturesMade
from farthing.signing.agreements import effects_service as effects
from farthing.signing.agreements import ending_service as ending
from farthing.signing.agreements import rules, store
from farthing.signing.agreements.model import (
    Agreed,
    AgreementsTold,
    AgreementTold,
    DrawAgreement,
    FormTold,
    SealAgreement,
    SignAgreement,
    StepBack,
)
from farthing.signing.agreements.terms import AgreementSigner, AgreementTerms
from farthing.signing.agreements.turns import Turn
from farthing.signing.contests import service as contests
from farthing.signing.contests.model import Contest
from farthing.signing.custody.rules import ONE_TIME, check_profile, custody_of
from farthing.signing.forms.rules import check_roles, check_signer, role_of
from farthing.signing.model import PLATFORM, Box, Contract, Kind, Subject
from farthing.signing.terms import identified

INSTITUTION = "institution"
BANK_LEVEL = 2
_AFTER_ALL = datetime.max.replace(tzinfo=UTC)


@operation(
    "signing.publish_form", title=Words("Publish a form of agreement", "发布合同格式"),
    permission="products:publish", four_eyes=True, whose=STAFF,
)  # fmt: skip
def publish_form(tx: Tx, command: Publish) -> Published:
    """Put a business format in force; contracts that were drawn keep the version they pinned. Refuses ``products.*``."""
    return products.put_in_force(tx, command, AgreementForm.kind)


def drawn(tx: Tx, asked: Asked) -> AgreementTold:
    """An agreement once what was ordered of the authorities is made; refuses ``signing.authority_awaited`` before. As it stands,
    where somebody only looks at what approving it would come to."""
    if not acts.only_looked_at(tx, asked):
        acts.require_made(tx, asked)
    return _view(tx, [asked.subject])[0]


@operation(
    "signing.draw_agreement", title=Words("Draw up an agreement", "拟定合同"), permission="signing:draw", whose=STAFF,
    conclude=drawn,
)  # fmt: skip
def draw(tx: Tx, command: DrawAgreement) -> Asked:
    """Draw an agreement under the form in force, its text certified; the same again answers the same.

    The bank itself stands as ``institution`` where the form names that. Refuses ``products.unknown``,
    ``products.other_kind``, ``signing.form_roles``, ``parties.level_lapsed``, ``signing.form_signer``,
    ``signing.level_too_low``, ``signing.field_*``, ``signing.same_party_twice``, ``parties.unknown``,
    ``signing.contract_differs``.
    """
    subject = f"agreement:{command.agreement_id}"
    form, bank = products.agreement_form(tx, command.form), parties.institution(tx)
    named = [(each.role, each.party_id) for each in command.parties if each.role != INSTITUTION]
    if any(each.name == INSTITUTION for each in form.roles):
        named.append((INSTITUTION, bank.id))
    named = _in_order(form, named)
    rules.check_parties(named)
    people = {role: parties.party(tx, party) for role, party in named}
    check_roles(form, [role for role, _ in named])
    filled = rules.facts(
        form, {each.name: each.value for each in command.fields}, {each.name: each.value_en for each in command.fields}
    )
    agreement_id = acts.contract_id_of(subject)
    there = store.find(tx, [agreement_id]).get(agreement_id)
    kept = contracts.contract(tx, agreement_id)
    at, on = (tx.now, tx.business_date) if there is None else (there.drawn_at, there.drawn_on)
    if there is not None and kept is not None:
        form = products.agreement_form(tx, kept.form, kept.form_version)
    terms = AgreementTerms(
        command.agreement_id, form.product, form.version, on, at, form.name, identified(INSTITUTION, bank),
        tuple(_signer(form, role, people[role]) for role, _ in named), filled, rules.clauses(form, filled),
    )  # fmt: skip
    for role, who in people.items():
        of_role, asked_of = _subject(who, bank), role_of(form, role)
        check_lapsed(who, asked_of.level_min if asked_of is not None else 0)
        check_signer(form, role, who.id, of_role.kind, of_role.level, drawn_on=on, today=on)
    asked = acts.prepare_contract(tx, subject, form, terms, _subject(bank, bank))
    if there is None and not store.insert(tx, store.Row(agreement_id, form.product, on, at), named):
        raise Collision("the agreement is being drawn by somebody else")
    return asked


def _in_order(form: AgreementForm, named: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Roles as the form has them, whatever order they were given in; what it does not know comes last and is refused."""
    order = {each.name: number for number, each in enumerate(form.roles)}

    def place(role: str) -> tuple[int, int, str]:
        asked = role_of(form, role)
        number = role.rpartition("_")[2]
        return (len(order), 0, role) if asked is None else (order[asked.name], int(number) if asked.many else 0, role)

    return sorted(named, key=lambda each: place(each[0]))


def _signer(form: AgreementForm, role: str, who: Party) -> AgreementSigner:
    asked = role_of(form, role)
    title = asked.title if asked is not None else Words(role, role)
    return AgreementSigner(identified(role, who), title, asked is not None and asked.certificate == "seal")


def _subject(who: Party, bank: Party) -> Subject:
    kind = Kind.PERSON if who.kind == "person" else Kind.ORGANISATION
    return Subject(who.id, who.name, kind, BANK_LEVEL if who.id == bank.id else who.verification_level)


@operation(
    "signing.sign_agreement", title=Words("Sign an agreement", "签署合同"), permission="signing:sign",
    whose=of("party_id"), conclude=drawn, by_key=authenticators.customers_key,
)  # fmt: skip
def sign(tx: Tx, command: SignAgreement) -> Asked:
    """Sign as a party in its turn, by a certificate of its own; an organisation's by its seal where the form says so.

    Refuses ``signing.unknown_agreement``, ``signing.not_party``, ``signing.agreement_ended``, ``signing.not_your_turn``,
    ``signing.other_document``, ``parties.level_lapsed``, ``signing.time_to_sign_passed``, ``signing.form_signer``,
    ``signing.level_too_low``,
    ``signing.custody_not_admitted``, ``signing.other_certificate``, and ``kernel.key_needed`` of whoever has a passkey.
    """
    turn = turn_of(tx, command.agreement_id, command.party_id)
    custody = custody_of(tx.actor)
    said = (command.role, command.certificate)
    check_profile(turn.role, turn.certificate, said, needed=custody == "passkey")
    return acts.order_signatures(
        tx, turn.agreement_id, command.document_digest, [turn.act(custody=custody)], agreement_signed
    )  # fmt: skip


def turn_of(tx: Tx, agreement_id: str, party_id: str) -> Turn:
    """Who signs as what; refuses ``signing.unknown_agreement``, ``signing.not_party``, ``signing.agreement_ended``."""
    found = _found(tx, agreement_id)
    role = next((role for role, party in _roles(tx, found.id) if party == party_id), None)
    if role is None or role == INSTITUTION:
        raise rules.NOT_PARTY(party=party_id, role=role or "-")
    return _turn(tx, found, role, parties.party(tx, party_id))


def _turn(tx: Tx, found: store.Row, role: str, who: Party) -> Turn:
    if found.ended_on is not None:
        raise rules.ENDED(on=found.ended_on)
    form = _form(tx, found.id)
    kind = ONE_TIME if form is None else _certificate(form, role)
    return Turn(found.id, role, kind, _subject(who, parties.institution(tx)))


def _certificate(form: AgreementForm, role: str) -> str:
    asked = role_of(form, role)
    return ONE_TIME if asked is None else asked.certificate


@operation(
    "signing.seal_agreement", title=Words("Seal an agreement for the bank", "代表本行盖章"), permission="signing:draw",
    four_eyes=True, whose=STAFF, conclude=drawn,
)  # fmt: skip
def seal(tx: Tx, command: SealAgreement) -> Asked:
    """Seal an agreement as the bank, by two members of staff; refuses as :func:`sign` does."""
    found = _found(tx, command.agreement_id)
    if INSTITUTION not in [role for role, _ in _roles(tx, found.id)]:
        raise rules.NOT_PARTY(party=parties.institution(tx).id, role=INSTITUTION)
    act = _turn(tx, found, INSTITUTION, parties.institution(tx)).act(custody=custody_of(tx.actor))
    return acts.order_signatures(tx, found.id, command.document_digest, [act], agreement_signed)


@operation(
    "signing.agreement_signed",
    title=Words("An agreement is signed", "合同签署完成"),
    permission=errands.ANSWER,
    whose=STAFF,
)
def agreement_signed(tx: Tx, command: SignaturesMade) -> AgreementTold:
    """Keep what was signed; a complete agreement that meets its form takes effect in this transaction.

    One that somebody stepped back from meanwhile, or that does not meet its form, is complete and takes no effect. A power of
    attorney is sealed by the bank itself once the others have signed.
    """
    contract = acts.take(tx, command)
    if contract.sealed:
        ending.take_effect(tx, contract.id)
    elif contract.waiting_for == (INSTITUTION,) and effects.seals_itself(tx, contract.id):
        act = _turn(tx, _found(tx, contract.id), INSTITUTION, parties.institution(tx)).act(custody="server")
        acts.order_signatures(tx, contract.id, contract.document_digest, [act], agreement_signed)
    return _view(tx, [contract.id])[0]


def contest_over(tx: Tx, contest: Contest) -> None:
    """An agreement whose contest was upheld ends; one that was complete and waited for the decision takes effect now, unless its
    days to sign are over: nobody counts on it any more, and it ends."""
    found = store.find(tx, [contest.contract_id]).get(contest.contract_id)
    if found is None or found.ended_on is not None:
        return
    if contest.outcome == "upheld":
        if not store.end(tx, found, contest.party_id):
            raise Collision("the agreement took effect or ended meanwhile")
        told = {"contract_id": found.id, "contest_id": contest.id, "on": str(tx.business_date)}
        evidence.append(tx, "signing.agreement_not_binding", told)
        effects.ended(tx, found.id)
    elif found.effective_on is None and signing.contract_view(tx, found.id).sealed:
        if tx.business_date > _view(tx, [found.id])[0].sign_until:
            ending.give_up(tx, found.id)
        else:
            ending.take_effect(tx, found.id)


@operation(
    "signing.step_back", title=Words("Step back from an agreement", "撤回合同"), permission="signing:sign",
    whose=of("party_id"),
)  # fmt: skip
def step_back(tx: Tx, command: StepBack) -> AgreementTold:
    """End an agreement before it takes effect, or as a person within the days that its form gives; again answers the same.

    Refuses ``signing.unknown_agreement``, ``signing.not_party``, ``signing.contested``, ``signing.no_stepping_back``.
    """
    found = _found(tx, command.agreement_id)
    if command.party_id not in [party for _, party in _roles(tx, found.id)]:
        raise rules.NOT_PARTY(party=command.party_id, role="-")
    contests.check_uncontested(tx, found.id)
    form = _form(tx, found.id)
    if found.ended_on is None and form is not None:
        who = parties.party(tx, command.party_id)
        rules.check_stepping_back(form, found.effective_on, who.kind, tx.business_date)
        if not store.end(tx, found, command.party_id):
            raise Collision("the agreement took effect or ended meanwhile")
        effects.ended(tx, found.id)
        told = {"contract_id": found.id, "party_id": command.party_id, "on": str(tx.business_date)}
        evidence.append(tx, "signing.stepped_back", told)
    return _view(tx, [found.id])[0]


@question("signing.agreement", permission="signing:read_any", whose=STAFF)
def agreement(tx: Tx, agreement_id: Id) -> AgreementTold:
    """An agreement as staff see it; refuses ``signing.unknown_agreement``."""
    return _view(tx, [_found(tx, agreement_id).id])[0]


@question("signing.agreement_pdf", permission="signing:read_any", whose=STAFF)
def agreement_pdf(tx: Tx, agreement_id: Id) -> bytes:
    """The PDF of an agreement as it stands; refuses ``signing.unknown_agreement``."""
    return signing.document(tx, _found(tx, agreement_id).id)


@question("signing.own_agreement", permission="signing:read", whose=of("party_id"))
def own_agreement(tx: Tx, party_id: Id, agreement_id: Id) -> AgreementTold:
    """An agreement as one of its parties sees it; refuses ``signing.unknown_agreement``."""
    return _view(tx, [_of(tx, party_id, agreement_id).id])[0]


@question("signing.own_agreement_pdf", permission="signing:read", whose=of("party_id"))
def own_agreement_pdf(tx: Tx, party_id: Id, agreement_id: Id) -> bytes:
    """The PDF of an agreement as it stands, for one of its parties; refuses ``signing.unknown_agreement``."""
    return signing.document(tx, _of(tx, party_id, agreement_id).id)


def _of(tx: Tx, party_id: str, agreement_id: str) -> store.Row:
    """An agreement of a party; that there is one of others nobody learns."""
    found = _found(tx, agreement_id)
    if party_id not in [party for _, party in _roles(tx, found.id)]:
        raise rules.UNKNOWN()
    return found


@question("signing.agreements", permission="signing:read", whose=of("party_id"))
def agreements(tx: Tx, party_id: Id) -> list[AgreementTold]:
    """All agreements of a party, latest first."""
    return _latest_first(_view(tx, store.of_party(tx, party_id)))


@question("signing.agreements_drawn", permission="signing:read_any", whose=STAFF)
def agreements_drawn(tx: Tx, before: Cursor = "", limit: PageSize = 20) -> AgreementsTold:
    """The agreements of the bank, latest first; continue with ``before`` the last answer's ``next``."""
    start = store.find(tx, [before]).get(before) if before else None
    found = store.newest(tx, (start.drawn_at, start.id) if start else (_AFTER_ALL, ""), limit)
    told = _latest_first(_view(tx, found))
    return AgreementsTold(tuple(told), told[-1].id if len(told) == limit else "")


@question("signing.forms", permission=PUBLIC, whose=NOBODYS)
def forms(tx: Tx) -> list[FormTold]:
    """The business formats that contracts are drawn under here, by name."""
    found = [products.agreement_form(tx, name) for name in products.agreement_names(tx)]
    return [
        FormTold(
            each.product, each.version, each.name, each.template == GENERAL,
            tuple((role.name, role.title, role.certificate == "seal") for role in each.roles),
            tuple((field.name, field.title, field.kind) for field in each.fields),
            each.sign_within_days, each.cooling_off_days, each.kept_years_min, each.custodies,
        )
        for each in found
    ]  # fmt: skip


def _latest_first(told: list[AgreementTold]) -> list[AgreementTold]:
    return sorted(told, key=lambda each: (each.drawn_at, each.id), reverse=True)


def _found(tx: Tx, agreement_id: str) -> store.Row:
    found = store.find(tx, [agreement_id]).get(agreement_id) if agreement_id.isprintable() else None
    if found is None:
        raise rules.UNKNOWN()
    return found


def _roles(tx: Tx, agreement_id: str) -> list[tuple[str, str]]:
    return store.parties(tx, [agreement_id])[agreement_id]


def _form(tx: Tx, agreement_id: str) -> AgreementForm | None:
    return signing.form_of_contract(tx, agreement_id)


def _view(tx: Tx, ids: Sequence[str]) -> list[AgreementTold]:
    found, roles = store.find(tx, ids), store.parties(tx, ids)
    over = effects.over(tx, [each.id for each in found.values() if each.form == effects.FORM and not each.ended_on])
    found |= {each: replace(found[each], ended_on=on) for each, on in over.items()}
    known = parties.parties(tx, sorted({party for each in roles.values() for _, party in each}))
    return [_told(tx, found[each], dict(roles[each]), known) for each in ids if each in found]


def _erased(boxes: Sequence[Box]) -> dict[str, Any]:
    """What is left of terms that nobody can read any more: how many signed."""
    title = {"en": "Party (erased)", "zh": "当事人（信息已删除）"}
    return {"parties": [{"title": title} for _ in boxes], "facts": [], "clauses": []}


def _told(tx: Tx, found: store.Row, roles: dict[str, str], known: dict[str, Party]) -> AgreementTold:
    row = signing.row_of(tx, found.id)
    contract, form = signing.view_of(tx, row), products.agreement_form(tx, row.form, row.form_version)
    boxes = [one for one in row.boxes if one.role != PLATFORM]
    terms = _erased(boxes) if isinstance(row.terms, Gone) else strict_json.parse(row.terms)
    people = tuple(
        Agreed(
            box.role, Words(**each["title"]), roles[box.role], known[roles[box.role]].name,
            contract.revision > 0 and box.role not in contract.waiting_for, _certificate(form, box.role),
        )
        for box, each in zip(boxes, terms["parties"], strict=True)
    )  # fmt: skip
    sign_until = found.drawn_on + timedelta(days=form.sign_within_days - 1)
    back = found.effective_on and form.cooling_off_days and found.effective_on + timedelta(days=form.cooling_off_days)
    return AgreementTold(
        found.id, found.form, form.version, form.name, _state(found, contract, sign_until, tx.business_date), people,
        tuple((Words(**each["title"]), Words(**each["value"])) for each in terms["facts"]),
        tuple((Words(**each["title"]), Words(**each["text"])) for each in terms["clauses"]), contract.document_digest,
        found.drawn_at, sign_until, found.effective_on, back or None, found.ended_on, form.cooling_off_days,
        form.custodies,
    )  # fmt: skip


def _state(found: store.Row, contract: Contract, sign_until: date, today: date) -> str:
    if found.ended_on is not None:
        return "ended"
    if found.effective_on is not None:
        return "in_force"
    if contract.sealed:
        return "sealed"
    if not contract.revision:
        return "drawing"
    return "lapsed" if today > sign_until else "waits"
