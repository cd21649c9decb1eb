"""Run powers to act for another: entered and revoked by two of the staff, ended by either side, told to those they concern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from farthing.db.tx import Tx
from farthing.identity import phones as identities
from farthing.kernel import noticing
from farthing.kernel.acting import powers_service as powers
from farthing.kernel.acting.model import Done, Power
from farthing.kernel.acting.scopes import for_kind, listed
from farthing.kernel.acting.service import TellAct
from farthing.kernel.operation import OPERATIONS, Asked, operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Id, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.parties import rules as people
from farthing.parties import service as parties
from farthing.parties.acting import rules
from farthing.parties.acting.model import (
    ActNoticed,
    ActTold,
    EndPower,
    EnterGuardian,
    EnterSignatory,
    PowerTold,
    RevokePower,
)
from farthing.parties.model import Party

BASES = {"court": Words("court", "法院文书"), "family": Words("family", "亲属证明")}


@operation(
    "parties.enter_guardian", title=Words("Enter a guardian", "登记监护人"), permission="parties:powers", four_eyes=True,
    whose=STAFF,
)  # fmt: skip
def enter_guardian(tx: Tx, command: EnterGuardian) -> PowerTold:
    """Let a guardian act for a person, by a document that two of the staff saw, neither of whom is the one or the other; both are
    told.

    Refuses ``parties.unknown``, ``parties.own_counter``, ``powers.document_missing``, ``powers.oneself``, ``powers.wrong_kind``,
    ``powers.helper_level``, ``powers.scope_unfit``, ``powers.limit_unfit``, ``powers.days_unfit``.
    """
    document = f"{BASES[command.basis].en}: {rules.check_document(command.document)}"
    made = Power(
        tx.new_id("power"), "guardian", command.principal, command.guardian, _in_order("guardian", command.scope),
        command.most_each, command.most_day, command.pays_self, False, document, None, tx.actor.id, tx.now, tx.business_date,
        command.until,
    )  # fmt: skip
    return _entered(tx, made)


@operation(
    "parties.enter_signatory", title=Words("Enter a signatory of an organisation", "登记单位授权签署人"),
    permission="parties:powers", four_eyes=True, whose=STAFF,
)  # fmt: skip
def enter_signatory(tx: Tx, command: EnterSignatory) -> PowerTold:
    """Let a person act for an organisation; a new legal representative takes the former one's place. From the first on only they
    act for it: other ways in are ended. The organisation, the person and whoever is replaced are told. Refuses as
    :func:`enter_guardian` does, and ``powers.begins_later``."""
    made = Power(
        tx.new_id("power"), command.role, command.organisation, command.person, _in_order(command.role, command.scope),
        command.most_each, command.most_day, False, command.jointly, rules.check_document(command.document), None, tx.actor.id,
        tx.now, command.from_on or tx.business_date, command.until,
    )  # fmt: skip
    there = powers.given(tx, command.organisation)
    rules.check_begin(command.role, made.from_on or tx.business_date, there, tx.business_date)
    told = _entered(tx, made)
    if command.role == "representative":
        for former in there:
            if former.kind == "representative" and former.ended_on is None:
                _end(tx, former)
    identities.close_party(tx, command.organisation)
    return told


def _entered(tx: Tx, made: Power) -> PowerTold:
    principal, helper = parties.party(tx, made.principal), parties.party(tx, made.helper)
    if any(identities.is_oneself(tx, each.number) for each in (principal, helper)):
        raise people.ONESELF(actor=tx.actor.id)
    begins = made.from_on or tx.business_date
    rules.check(
        made.kind, principal, helper, made.scope, made.most_each, made.most_day, begins, made.until, tx.business_date
    )  # fmt: skip
    powers.keep(tx, made)
    notify(tx, made, principal, helper, Words(
        f"{helper.name} acts for {principal.name} at this bank from {begins} on. Is that wrong? Call us at once.",
        f"自 {begins} 起，{helper.name} 可在本行代 {principal.name} 办理业务。如有错误，请立即致电本行。",
    ))  # fmt: skip
    return view(tx, [made])[0]


def notify(tx: Tx, power: Power, principal: Party, helper: Party, said: Words) -> None:
    """Tell both sides of a power the same."""
    noticing.tell_all(tx, [(each.id, each.phone, said) for each in (principal, helper)])


@operation(
    "parties.end_power", title=Words("End a power to act for another", "终止代办授权"), permission="parties:end_power",
    whose=of("party_id"),
)  # fmt: skip
def end_power(tx: Tx, command: EndPower) -> PowerTold:
    """End a power at once: whoever acts under it always may, whoever gave it where he gave it himself; again answers the same.

    Refuses ``powers.unknown_power``, ``powers.not_yours_to_end``.
    """
    power = _held(tx, command.power_id)
    rules.check_ending(power, command.party_id)
    return _end(tx, power)


@operation(
    "parties.revoke_power", title=Words("Revoke a power at a counter", "柜台撤销代办授权"), permission="parties:powers",
    four_eyes=True, whose=STAFF,
)  # fmt: skip
def revoke_power(tx: Tx, command: RevokePower) -> PowerTold:
    """End a power by a document that two of the staff saw. Refuses ``powers.unknown_power``, ``powers.document_missing``."""
    rules.check_document(command.document)
    return _end(tx, _held(tx, command.power_id))


def _held(tx: Tx, power_id: str) -> Power:
    power = powers.hold(tx, power_id) if power_id.isprintable() else None
    if power is None:
        raise rules.UNKNOWN(power_id=power_id)
    return power


def _end(tx: Tx, power: Power) -> PowerTold:
    if power.ended_on is None and powers.end(tx, power):
        known = parties.parties(tx, [power.principal, power.helper])
        principal, helper = known[power.principal], known[power.helper]
        notify(tx, power, principal, helper, Words(
            f"{helper.name} no longer acts for {principal.name} at this bank.",
            f"{helper.name} 不再代 {principal.name} 在本行办理业务。",
        ))  # fmt: skip
        power = replace(power, ended_on=tx.business_date, ended_by=tx.actor.id)
    return view(tx, [power])[0]


def _told_of(_tx: Tx, asked: Asked) -> ActNoticed:
    """The act, once its principal was told."""
    return ActNoticed(asked.subject, len(asked.errands))


@operation(
    "parties.tell_act", title=Words("Tell of an act for another", "代办事项通知"), permission="parties:tell_act", whose=STAFF,
    conclude=_told_of,
)  # fmt: skip
def tell_act(tx: Tx, command: TellAct) -> Asked:
    """Tell a customer what was just done for her; run by a job of the act."""
    done = powers.act(tx, command.act_id)
    if done is None:
        raise rules.UNKNOWN(power_id=command.act_id)
    known = parties.parties(tx, [done.principal, done.helper])
    who, title, amount = known[done.helper].name, _title(done.operation), f" {done.amount}" if done.amount else ""
    said = Words(
        f"{who} did for you: {title.en}{amount}. Not wanted? End the power under Me, Acting for others, or call us.",
        f"{who} 为您办理了：{title.zh}{amount}。如非您的意愿，请在“我的—代办与授权”中终止授权，或致电本行。",
    )
    principal = known[done.principal]
    return Asked(done.id, noticing.tell(tx, principal.id, principal.phone, said, waits=True))


@question("parties.powers_given", permission="parties:read", whose=of("party_id"))
def powers_given(tx: Tx, party_id: Id) -> list[PowerTold]:
    """Who may act for a customer, and who might once, the newest first."""
    return view(tx, powers.given(tx, party_id))


@question("parties.powers_held", permission="parties:read", whose=of("party_id"))
def powers_held(tx: Tx, party_id: Id) -> list[PowerTold]:
    """For whom a customer may act, and might once, the newest first."""
    return view(tx, powers.held(tx, party_id))


@question("parties.acts", permission="parties:read", whose=of("party_id"))
def acts(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[ActTold]:
    """What others did for a customer, the newest first."""
    found: Sequence[Done] = powers.acts(tx, party_id, limit)
    known = parties.parties(tx, sorted({each.helper for each in found}))
    return [
        ActTold(
            each.id, each.power_id, each.operation, _title(each.operation), each.amount, each.at,
            known[each.helper].name if each.helper in known else "",
        )
        for each in found
    ]  # fmt: skip


def _title(name: str) -> Words:
    known = OPERATIONS.get(name)
    return known.title if known is not None else Words(name, name)


def _in_order(kind: str, scope: tuple[str, ...]) -> tuple[str, ...]:
    """Matters as the list has them, each once; refuses ``powers.scope_unfit``."""
    rules.check_scope(kind, scope)
    return tuple(each.name for each in for_kind(kind) if each.name in scope)


def view(tx: Tx, found: Sequence[Power]) -> list[PowerTold]:
    """Powers as those see them whom they concern; one statement for all names."""
    known = parties.parties(tx, sorted({party for each in found for party in (each.principal, each.helper)}))
    return [_told(each, known, tx.business_date) for each in found]


def _told(power: Power, known: dict[str, Party], on: date) -> PowerTold:
    limit, titles = power.most_day or power.most_each, listed().scopes
    return PowerTold(
        power.id, power.kind, power.state(on), power.principal, power.helper,
        tuple((each, titles[each].title) for each in power.scope if each in titles), power.most_each, power.most_day,
        Money(power.spent_by(on), limit.currency) if limit else None, power.pays_self, power.jointly, power.document,
        power.agreement_id, power.from_on, power.until, power.ended_on, known[power.principal].name, known[power.helper].name,
    )  # fmt: skip
