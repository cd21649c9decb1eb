"""Run what one person lets out by himself: sums of the day and the year are held by the transaction that moves the money, so
that of two payments at once the second counts the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from farthing.db.tx import Tx
from farthing.identity.authenticators import service as authenticators
from farthing.kernel.day import zone_of
from farthing.kernel.operation import Call
from farthing.kernel.proving.rules import KEY_NEEDED
from farthing.kit.actor import Actor
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.payments.limits import store
from farthing.payments.limits.rules import Own, Pair
from farthing.products import service as products
from farthing.products.alone import sums_service as sums
from farthing.products.passkey_rules import PasskeyRules

_UTC = ZoneInfo("UTC")
Out = tuple[str, str | None, Money]
"""Who pays whom how much; nobody where it goes to another bank."""


def is_own(actor: Actor, payer: str) -> bool:
    """Whether a person pays by himself, or a program of his."""
    return actor.party_id == payer


def held(tx: Tx, out: Iterable[Out], hands: Mapping[str, str] | None = None) -> Own:
    """Hold the sums of persons who pay by themselves; nothing is asked where no pack bounds them. ``hands``: who acts for a
    payer, whose passkey it is that is asked for."""
    wanted = list(out)
    policy = products.policy_if_any(tx) if wanted else None
    law = policy.pay_limits if policy else None
    if law is None:
        return Own(None, tx.now, tx.business_date, _UTC)
    ids = {each for payer, payee, _ in wanted for each in (payer, payee) if each is not None}
    known = parties.parties(tx, sorted(ids))
    payers = sorted({payer for payer, _, _ in wanted if payer in known and known[payer].kind == "person"})
    days, years = sums.held_by_year(tx, [_name(each) for each in payers])
    pairs = sorted({(payer, payee) for payer, payee, _ in wanted if payee is not None and payer in payers})
    firsts = store.firsts(tx, pairs) if pairs else {}
    keys = policy.passkeys if policy else None
    near = _near(keys, wanted, {each: days[_name(each)] for each in payers})
    return Own(
        law, tx.now, tx.business_date, zone_of(tx), known, {each: days[_name(each)] for each in payers},
        {each: years[_name(each)] for each in payers}, firsts, keys, _holders(tx, near, hands or {}),
    )  # fmt: skip


def _holders(tx: Tx, payers: Sequence[str], hands: Mapping[str, str]) -> frozenset[str]:
    """Which of these payers pay by the hand of somebody who has a passkey."""
    found = authenticators.holders(tx, [hands.get(each, each) for each in payers])
    return frozenset(each for each in payers if hands.get(each, each) in found)


def _hands(calls: Iterable[Actor]) -> dict[str, str]:
    return {each.party_id: each.hand for each in calls if each.under is not None and each.party_id and each.hand}


def _near(keys: PasskeyRules | None, wanted: Sequence[Out], gone: dict[str, int]) -> list[str]:
    """Who comes to where a passkey is asked for, by what went and what he wants to let out now; of others nobody asks."""
    if keys is None:
        return []
    for payer, _, amount in wanted:
        if payer in gone and amount.currency == keys.key_above.currency:
            gone[payer] += amount.minor
    return [payer for payer, minor in gone.items() if minor > keys.key_above.minor]


def held_of(tx: Tx, calls: Sequence[Call]) -> Own:
    """The same for transfers."""
    return held(
        tx,
        (
            (call.command.payer, call.command.payee, call.command.amount)
            for call in calls
            if is_own(call.actor, call.command.payer)
        ),
        _hands(call.actor for call in calls),
    )


def keep(tx: Tx, own: Own, out: Iterable[Out]) -> None:
    """Add what did go out to what is held."""
    if own.law is None:
        return
    added: dict[str, int] = {}
    paid: dict[Pair, int] = {}
    for payer, payee, amount in out:
        if payer not in own.days or amount.currency != own.law.new_max.currency:
            continue
        added[_name(payer)] = added.get(_name(payer), 0) + amount.minor
        if payee is not None:
            paid[payer, payee] = paid.get((payer, payee), 0) + amount.minor
    sums.add_by_year(tx, added)
    store.keep(tx, paid)


def let_out(tx: Tx, payer: str, payee: str | None, amount: Money, goes_at: datetime | None = None) -> None:
    """As :func:`let_out_all`, of one payment; one that ``goes_at`` an instant may be taken back, and makes nobody known."""
    let_out_all(tx, [(payer, payee, amount)], goes_at)


def let_out_all(tx: Tx, out: Iterable[Out], goes_at: datetime | None = None) -> None:
    """Count what customers let out, of those who do it by themselves; refuses ``payments.over_day``, ``payments.over_year``,
    ``payments.new_payee``, ``payments.over_password``, ``kernel.key_needed``."""
    mine = [each for each in out if is_own(tx.actor, each[0])]
    own = held(tx, mine, _hands([tx.actor]))
    for payer, payee, amount in mine:
        own.let_out(payer, payee, amount, tx.actor, goes_at)
    keep(tx, own, [(payer, payee if goes_at is None else None, amount) for payer, payee, amount in mine])


def confirmed(tx: Tx, payer: str, amount: Money) -> None:
    """Refuse what a person arranges by himself for other days, where it would be more than he pays without his key, with what he
    paid today and what he arranged today before: ``kernel.key_needed``, ``payments.over_password``. What goes then is not counted
    as his own hand."""
    if not is_own(tx.actor, payer):
        return
    name = f"ownlater:{payer}:{amount.currency}"  # after the own sum in the order of names, in which sums are held
    arranged = Money(sums.held(tx, [_name(payer), name])[name], amount.currency)
    own = held(tx, [(payer, None, amount + arranged)], _hands([tx.actor]))
    own.arranged(payer, arranged)
    own.check_key(payer, amount, tx.actor)
    sums.add(tx, {name: amount.minor})


def beside(tx: Tx, payer: str, amount: Money) -> None:
    """Refuse ``kernel.key_needed`` where a person who has a passkey lets more out, by ways that have limits of their own
    (packets, cash at agents, deposits, an own account elsewhere), with all that goes out of his hand today, than goes without.

    Whoever has no passkey is bound by those ways' own limits, and nothing is counted here.
    """
    policy = products.policy_if_any(tx) if is_own(tx.actor, payer) else None
    law = policy.passkeys if policy else None
    if law is None or amount.currency != law.key_above.currency or not authenticators.holders(tx, [payer]):
        return
    name = f"ownbeside:{payer}"
    gone = sums.held(tx, [_name(payer), name, f"ownlater:{payer}:{amount.currency}"])
    if not tx.actor.by_key and sum(gone.values()) + amount.minor > law.key_above.minor:
        raise KEY_NEEDED()
    sums.add(tx, {name: amount.minor})


def _name(party_id: str) -> str:
    return f"own:{party_id}"
