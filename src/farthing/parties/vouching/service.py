"""Run partners who ask who somebody is: registered by two of the staff, ended by one; and what a person sees of it.

A registration lets a program outside ask about people, so it is made as a program's key is. Its secret is told once, to the
second person, and is kept as a hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from farthing.db.tx import Tx
from farthing.identity import counting, jose
from farthing.kernel.day import is_simulated
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, ONESELF, STAFF
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Address, Id, PageSize
from farthing.kit.words import Words
from farthing.parties.vouching import registering, rules, store
from farthing.parties.vouching.model import (
    READS,
    Asking,
    EndRelyingParty,
    OwnTellings,
    RegisterRelyingParty,
    RelyingParty,
    StopTelling,
    TellingStopped,
)


@operation(
    "parties.register_relying_party", title=Words("Register a partner who asks who people are", "登记身份验证合作方"),
    permission="identity:manage", four_eyes=True, whose=STAFF,
)  # fmt: skip
def register_relying_party(tx: Tx, command: RegisterRelyingParty) -> RelyingParty:
    """Let a partner ask who people are, which two persons must want; its secret is in this answer and nowhere else.

    Refuses ``parties.relying_party_bad``, ``parties.too_many_relying_parties``.
    """
    sector, keys = registering.checked(command, sandbox=is_simulated(tx))
    if store.open_ones(tx) >= registering.MOST_PARTNERS:
        raise registering.TOO_MANY(most=registering.MOST_PARTNERS)
    secret = None if keys else tx.ids.token()
    made = RelyingParty(
        tx.new_id("rp"), command.name.strip(), command.name_zh.strip(), sector, command.redirect_uris, command.claims,
        command.authentication, counting.wall(tx), tx.actor.id,
        reads=tuple(each for each in READS if each in command.reads), notices_to=command.notices_to,
    )  # fmt: skip
    store.add(tx, made, None if secret is None else rules.hashed(secret), keys)
    return replace(made, secret=secret)


@operation(
    "parties.end_relying_party", title=Words("End a partner who asks who people are", "终止身份验证合作方"),
    permission="identity:manage", whose=STAFF,
)  # fmt: skip
def end_relying_party(tx: Tx, command: EndRelyingParty) -> RelyingParty:
    """Answer a partner nothing more, tokens that it holds too. Refuses ``parties.openid_client_unknown``,
    ``parties.relying_party_ended``."""
    found = store.partner(tx, command.relying_party_id)
    if found is None:
        raise rules.UNKNOWN(client_id=repr(command.relying_party_id[:60]))
    at = counting.wall(tx)
    if not store.end(tx, command.relying_party_id, at):
        raise registering.ALREADY_ENDED()
    return replace(found[0], ended_at=at)


@question("parties.relying_parties", permission="identity:manage", whose=STAFF)
def relying_parties(tx: Tx, after: Id | None = None, limit: PageSize = 100) -> list[RelyingParty]:
    """Partners who may ask who people are, ended ones too, in the order in which they were made; continue with ``after`` the
    last."""
    return store.partners(tx, after or "", limit)


@question("parties.asking", permission=PUBLIC, whose=NOBODYS)
def asking(tx: Tx, client_id: Id, redirect_uri: Address) -> Asking:
    """Who sent somebody here to be asked, where its address is one of its own; precedence: the partner, the address.

    Refuses ``parties.openid_client_unknown``, ``parties.openid_redirect_unknown``.
    """
    found, _, _ = open_partner(tx, client_id)
    rules.check_address(redirect_uri, found.redirect_uris, found.name)
    return Asking(found.id, found.name, found.name_zh, found.sector, found.claims)


@operation(
    "parties.stop_telling", title=Words("Take back a consent to tell a partner", "撤回身份信息授权"),
    permission="identity:self", whose=ONESELF,
)  # fmt: skip
def stop_telling(tx: Tx, command: StopTelling) -> TellingStopped:
    """Tell a partner nothing more of oneself; what it was told before it knows. Taken back twice it is taken back once.
    Refuses ``parties.openid_session_needed``, ``parties.openid_consent_unknown``."""
    party_id = tx.actor.party_id
    if party_id is None:
        raise rules.NOT_SIGNED_IN_HERE()
    if command.consent_id not in {each.id for each in store.consents(tx, party_id)}:
        raise rules.CONSENT_UNKNOWN(consent_id=repr(command.consent_id[:60]))
    return TellingStopped(store.withdraw(tx, party_id, [command.consent_id], counting.wall(tx)))


@question("parties.own_tellings", permission="identity:self", whose=ONESELF)
def own_tellings(tx: Tx, limit: PageSize = 50) -> OwnTellings:
    """What one lets partners know, and what each was told when, the newest first."""
    party_id = tx.actor.party_id
    if party_id is None:
        return OwnTellings((), ())
    return OwnTellings(tuple(store.consents(tx, party_id)), tuple(store.told(tx, party_id, limit)))


def open_partner(tx: Tx, client_id: str) -> tuple[RelyingParty, bytes | None, list[Mapping[str, Any]]]:
    """A partner whose registration has not ended, with what proves it. Refuses ``parties.openid_client_unknown``."""
    found = store.partner(tx, client_id)
    if found is None or found[0].ended_at is not None:
        raise rules.UNKNOWN(client_id=repr(client_id[:60]))
    return found


def named(tx: Tx, client_id: str) -> tuple[RelyingParty, bool]:
    """A partner that there was, and whether its registration has ended. Refuses ``parties.openid_client_unknown``."""
    found = store.partner(tx, client_id)
    if found is None:
        raise rules.UNKNOWN(client_id=repr(client_id[:60]))
    return found[0], found[0].ended_at is not None


def first_time(tx: Tx, client_id: str, assertion: str) -> bool:
    """Whether an assertion that was found good comes for the first time, by the name in it (RFC 7523 section 3)."""
    jti = str(jose.unproved(assertion).get("jti"))
    return counting.within(tx, ("assertion", client_id, jti), rules.ASSERTION_KNOWN, 1)


def forget(tx: Tx, party_id: str) -> None:
    """Somebody is erased: no partner is told anything more, and by which names they knew her is forgotten."""
    consents = [each.id for each in store.consents(tx, party_id) if each.withdrawn_at is None]
    store.withdraw(tx, party_id, consents, counting.wall(tx))
    store.forget_subjects(tx, party_id)
