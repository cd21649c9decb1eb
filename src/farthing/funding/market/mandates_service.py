"""Run mandates: given, changed and stopped by the lender himself; a batch reads those in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from farthing.db.tx import Tx
from farthing.funding.market import lenders_service, listings_store, mandates_store
from farthing.funding.market import mandates_rules as rules
from farthing.funding.market.mandates_model import ChangeMandate, MakeMandate, Mandate, Room, StopMandate, Terms
from farthing.funding.valuing import curve
from farthing.identity.authenticators import service as authenticators
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.payments.wallets import wallet_path


@operation(
    "market.make_mandate", title=Words("Give a mandate to lend", "设立出借委托"),
    permission="market:lend", whose=of("party_id"), confirm=rules.mandate_seen,
    by_key=authenticators.customers_key,
)  # fmt: skip
def make_mandate(tx: Tx, command: MakeMandate) -> Mandate:
    """Let money of a wallet be lent on terms, from now on.

    Refuses ``kernel.key_needed``, ``market.none``, ``parties.unknown``, ``market.not_verified``, ``market.not_ready``, what
    :func:`farthing.funding.market.mandates_rules.check` does, and ``ledger.unknown_account`` without a wallet.
    """
    party = parties.party(tx, command.party_id)
    rules.check_verified(party.id, party.verification_level, lenders_service.law_in_force(tx))
    mandates_store.lock(tx, party.id)
    _check(tx, party.id, command.terms, None)
    ledger.balance(tx, wallet_path(party.id, command.terms.amount.currency, tx.home))
    made = Mandate(tx.new_id("mandate"), party.id, 1, command.terms, tx.now)
    mandates_store.insert(tx, made)
    return made


@operation(
    "market.change_mandate", title=Words("Change a mandate to lend", "变更出借委托"),
    permission="market:lend", whose=of("mandate_id", mandates_store.owner), confirm=rules.mandate_seen,
    by_key=authenticators.customers_key,
)  # fmt: skip
def change_mandate(tx: Tx, command: ChangeMandate) -> Mandate:
    """Put other terms in force from now on; on its own terms it answers as it stands.

    Refuses ``market.unknown_mandate``, ``market.mandate_stopped``, and what making one does.
    """
    found = _newest(tx, command.mandate_id)
    mandates_store.lock(tx, found.party_id)
    found = _newest(tx, command.mandate_id)
    if found.stopped:
        raise rules.STOPPED(mandate_id=found.id)
    if found.terms == command.terms:
        return found
    _check(tx, found.party_id, command.terms, found)
    changed = Mandate(found.id, found.party_id, found.version + 1, command.terms, tx.now)
    mandates_store.end(tx, found, stopped=False)
    mandates_store.insert(tx, changed)
    return changed


@operation(
    "market.stop_mandate", title=Words("Stop a mandate to lend", "停止出借委托"),
    permission="market:lend", whose=of("mandate_id", mandates_store.owner),
)  # fmt: skip
def stop_mandate(tx: Tx, command: StopMandate) -> Mandate:
    """Lend nothing more by a mandate, at once; again it answers the same. Refuses ``market.unknown_mandate``."""
    found = _newest(tx, command.mandate_id)
    mandates_store.lock(tx, found.party_id)
    found = _newest(tx, command.mandate_id)
    if found.stopped:
        return found
    mandates_store.end(tx, found, stopped=True)
    return replace(found, ended_at=tx.now, stopped=True)


@question("market.mandates", permission="market:read", whose=of("party_id"))
def mandates(tx: Tx, party_id: Id, before: Cursor = "", limit: PageSize = 50) -> list[Mandate]:
    """A party's mandates as they stand, stopped ones too, the newest first; continue with ``before`` the last id."""
    return mandates_store.of_party(tx, party_id, before, limit)


@question("market.mandate", permission="market:read", whose=of("mandate_id", mandates_store.owner))
def mandate(tx: Tx, mandate_id: Id) -> list[Mandate]:
    """All versions of a mandate, the newest first; refuses ``market.unknown_mandate``."""
    _newest(tx, mandate_id)
    return mandates_store.versions(tx, mandate_id)


@question("market.room", permission="market:read", whose=of("party_id"))
def room(tx: Tx, party_id: Id) -> Room:
    """What a party may still let be lent.

    Refuses ``market.none``, ``parties.unknown``, ``market.not_ready``.
    """
    return _room(tx, parties.party(tx, party_id).id, None)


def live(tx: Tx, party_id: str) -> Sequence[Mandate]:
    """A party's mandates in force."""
    return mandates_store.live(tx, party_id)


def room_of(tx: Tx, party_id: str) -> Room:
    """As :func:`room`, of a party that is known; whoever asks holds its mandates (:func:`lock`)."""
    return _room(tx, party_id, None)


def lock(tx: Tx, party_id: str) -> None:
    """Let others who change what this lender lets be lent wait for this transaction."""
    mandates_store.lock(tx, party_id)


def _check(tx: Tx, party_id: str, terms: Terms, instead_of: Mandate | None) -> None:
    rules.check(terms, lenders_service.law_in_force(tx), _room(tx, party_id, instead_of), curve.shipped())


def _room(tx: Tx, party_id: str, instead_of: Mandate | None) -> Room:
    """What a party may let be lent, beside its mandates but the one that is changed."""
    law, standing = lenders_service.law_in_force(tx), lenders_service.standing_of(tx, party_id)
    others = [each for each in mandates_store.live(tx, party_id) if instead_of is None or each.id != instead_of.id]
    lent = listings_store.lent(tx, party_id)
    if instead_of is not None:
        lent.pop(instead_of.id, None)
    return rules.room(standing, law, others, lent, tx.home)


def _newest(tx: Tx, mandate_id: str) -> Mandate:
    found = mandates_store.newest(tx, mandate_id) if mandate_id.isprintable() else None
    if found is None:
        raise rules.UNKNOWN(mandate_id=mandate_id)
    return found
