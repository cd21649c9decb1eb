"""Run the payments that wait: seen by their payer and by whoever decides, let go, refused with a reason or taken back; each once.

Whoever ends one writes its row first, under the condition that it waits still; then what was held is posted or goes back.
"""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.errors import Refusal
from farthing.kit.inputs import Cursor, Id, LongPageSize, PageSize
from farthing.kit.words import Words
from farthing.ledger import pledges
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.parties.oneself_service import not_own
from farthing.payments import rules as wallets
from farthing.payments.fraud import rules, store
from farthing.payments.fraud.model import (
    ENDED,
    EndedTold,
    HeldCase,
    HeldPayment,
    HeldState,
    LetPair,
    OwnHeld,
    Pair,
    RefuseHeld,
    ReleaseHeld,
    RuleToday,
    WithdrawHeld,
)
from farthing.payments.payees.rules import shown_name
from farthing.payments.requests import store as requests
from farthing.products import service as products
from farthing.products.fraud_rules import FraudRules

DECIDES = "payments:fraud"
Ending = tuple[HeldPayment, HeldState, str]
"""A payment that waits, what becomes of it, and why."""
NOT_TAKEN = Words("the payee's wallet takes nothing now", "收款方钱包目前无法收款")


def law(tx: Tx) -> FraudRules | None:
    """The rules in force; none where the bank looks at nothing."""
    policy = products.policy_if_any(tx)
    return policy.fraud if policy else None


def end(tx: Tx, ended: Sequence[Ending]) -> list[HeldPayment]:
    """End payments that wait, each let go, refused or taken back for a reason; answers how they stand. One that cannot reach its
    payee any more is refused."""
    decided = _posted(tx, ended)
    if store.end(tx, [(each.id, state, reason) for each, state, reason in decided]) != len(decided):
        raise Collision("a payment that waited was ended meanwhile")
    went = sorted({(each.payer, each.payee) for each, state, _ in decided if state == "released"})
    if went:
        store.met(tx, went)
    requests.looked_at(tx, [(each.id, state == "released") for each, state, _ in decided])
    evidence.append_many(
        tx,
        [(ENDED, EndedTold(each.id, each.payer, each.payee, each.amount, state, tx.business_date)) for each, state, _ in decided],
    )  # fmt: skip
    now = store.find(tx, [each.id for each, _, _ in decided])
    return [now[each.id] for each, _, _ in decided]


def _posted(tx: Tx, ended: Sequence[Ending]) -> list[Ending]:
    """Post what was held of payments, or give it back, all together; what the books do not take goes back."""
    let_go = [each for each, state, _ in ended if state == "released"]
    settled = [
        pledges.settled(rules.held_reference(each.id), wallets.transfer_reference(each.id), tx.business_date)
        for each in let_go
    ]
    outcomes = ledger.post(tx, settled)
    stuck = {each.id for each, found in zip(let_go, outcomes, strict=True) if isinstance(found, Refusal)}
    decided = [_stuck(each) if each[0].id in stuck else each for each in ended]
    back = [each.id for each, state, _ in decided if state != "released"]
    ledger.must(tx, [pledges.released(rules.held_reference(each), rules.released_reference(each)) for each in back])
    return decided


def _stuck(ending: Ending) -> Ending:
    return ending[0], "refused", f"{NOT_TAKEN.en} / {NOT_TAKEN.zh}"


def _held(tx: Tx, payment_id: str) -> HeldPayment:
    return rules.still_held(store.find(tx, [payment_id]).get(payment_id))


@operation("fraud.release", title=Words("Let a held payment go", "放行付款"), permission=DECIDES, whose=STAFF)
def release(tx: Tx, command: ReleaseHeld) -> HeldPayment:
    """Let a payment go that waited. Refuses ``fraud.unknown``, ``fraud.ended``, ``fraud.two_persons``,
    ``parties.own_matter``."""
    found, rules_now = _held(tx, command.payment_id), law(tx)
    if rules_now is None or found.amount.minor >= rules_now.two_from.minor:
        raise rules.TWO(amount=str(rules_now.two_from if rules_now else found.amount))
    not_own(tx, found.payer, found.payee)
    return end(tx, [(found, "released", command.note)])[0]


@operation(
    "fraud.release_large", title=Words("Let a large held payment go", "放行大额付款"), permission=DECIDES, whose=STAFF,
    four_eyes=True,
)  # fmt: skip
def release_large(tx: Tx, command: ReleaseHeld) -> HeldPayment:
    """Let a payment of any amount go that waited; two persons. Refuses ``fraud.unknown``, ``fraud.ended``,
    ``parties.own_matter``."""
    found = _held(tx, command.payment_id)
    not_own(tx, found.payer, found.payee)
    return end(tx, [(found, "released", command.note)])[0]


@operation("fraud.refuse", title=Words("Refuse a held payment", "不予放行付款"), permission=DECIDES, whose=STAFF)
def refuse(tx: Tx, command: RefuseHeld) -> HeldPayment:
    """Give what was held back to its payer, who is told the reason. Refuses ``fraud.no_reason``, ``fraud.unknown``,
    ``fraud.ended``."""
    if not command.reason.strip():
        raise rules.NO_REASON()
    return end(tx, [(_held(tx, command.payment_id), "refused", command.reason)])[0]


@operation(
    "fraud.withdraw", title=Words("Take a waiting payment back", "撤回待核实付款"), permission="payments:transfer",
    whose=of("payer"),
)  # fmt: skip
def withdraw(tx: Tx, command: WithdrawHeld) -> OwnHeld:
    """Take back what one paid while it waits. Refuses ``fraud.unknown``, ``fraud.ended``."""
    found = store.find(tx, [command.payment_id]).get(command.payment_id)
    if found is None or found.payer != command.payer:
        raise rules.UNKNOWN()
    return _own(tx, end(tx, [(rules.still_held(found), "withdrawn", "")]))[0]


def _own(tx: Tx, found: Sequence[HeldPayment]) -> list[OwnHeld]:
    ids, rules_now = [each.id for each in found], law(tx)
    known, hits = parties.parties(tx, sorted({each.payee for each in found})), store.hits(tx, ids)
    return [
        OwnHeld(
            each.id, each.amount, each.memo, each.state, each.held_at, each.until_at, each.ended_at,
            rules_now.at_end if rules_now else "release",
            wallets.transfer_reference(each.id) if each.state == "released" else "",
            each.reason if each.state == "refused" else "", tuple(hit.name for hit in hits.get(each.id, ())),
            shown_name(known[each.payee]) if each.payee in known else "",
        )
        for each in found
    ]  # fmt: skip


@question("fraud.own", permission="payments:read", whose=of("party_id"))
def own(tx: Tx, party_id: Id, payment_id: Id) -> OwnHeld:
    """A payment of one's own that waits or waited; refuses ``fraud.unknown``."""
    found = store.find(tx, [payment_id]).get(payment_id)
    if found is None or found.payer != party_id:
        raise rules.UNKNOWN()
    return _own(tx, [found])[0]


@question("fraud.own_list", permission="payments:read", whose=of("party_id"))
def own_list(tx: Tx, party_id: Id, before: Cursor = "", limit: PageSize = 20) -> list[OwnHeld]:
    """One's payments that wait or waited, the latest first; continue with ``before`` the last id."""
    return _own(tx, store.of_payer(tx, party_id, before, limit))


@question("fraud.held", permission="payments:read_any", whose=STAFF)
def held(tx: Tx, limit: LongPageSize = 100) -> list[HeldCase]:
    """Payments that wait, the one whose time is over first at the head, each with every rule that hit and its figures."""
    return _cases(tx, store.waiting(tx, limit))


@question("fraud.case", permission="payments:read_any", whose=STAFF)
def case(tx: Tx, payment_id: Id) -> HeldCase:
    """A payment that waits or waited; refuses ``fraud.unknown``."""
    found = store.find(tx, [payment_id]).get(payment_id)
    if found is None:
        raise rules.UNKNOWN()
    return _cases(tx, [found])[0]


def _cases(tx: Tx, found: Sequence[HeldPayment]) -> list[HeldCase]:
    rules_now, hits = law(tx), store.hits(tx, [each.id for each in found])
    known = parties.parties(tx, sorted({party for each in found for party in (each.payer, each.payee)}))
    names = {party: each.name for party, each in known.items()}
    return [
        HeldCase(
            each, tuple(hits.get(each.id, ())), rules_now is None or each.amount.minor >= rules_now.two_from.minor,
            names.get(each.payer, ""), names.get(each.payee, ""),
        )
        for each in found
    ]  # fmt: skip


@question("fraud.rules", permission="payments:read_any", whose=STAFF)
def rules_today(tx: Tx) -> list[RuleToday]:
    """The rules in force, with how many payments of today each hit."""
    rules_now, hit = law(tx), store.hits_on(tx, tx.business_date)
    return [
        RuleToday(each.id, each.name, each.weight, rules.conditions(each), *hit.get(each.id, (0, 0)))
        for each in (rules_now.rules if rules_now else ())
    ]


@operation(
    "fraud.let_pair", title=Words("Let a pair's payments through", "免核实付款对象"), permission=DECIDES, whose=STAFF,
    four_eyes=lambda command: command.let,
)  # fmt: skip
def let_pair(tx: Tx, command: LetPair) -> Pair:
    """Let payments of one customer to another go without a look; two persons. To end that, one is enough. Refuses
    ``parties.unknown``, ``fraud.same_pair``, ``parties.own_matter``."""
    if command.payer == command.payee:
        raise rules.SAME_PAIR()
    for each in (command.payer, command.payee):
        parties.party(tx, each)
    not_own(tx, command.payer, command.payee)
    store.let(tx, command.payer, command.payee, tx.now if command.let else None, tx.actor.id)
    return _named(tx, list(store.pairs(tx, [(command.payer, command.payee)]).values()))[0]


@question("fraud.pairs", permission="payments:read_any", whose=STAFF)
def pairs(tx: Tx, limit: LongPageSize = 100) -> list[Pair]:
    """Pairs whose payments go without a look."""
    return _named(tx, store.let_pairs(tx, limit))


def _named(tx: Tx, found: Sequence[Pair]) -> list[Pair]:
    known = parties.parties(tx, sorted({party for each in found for party in (each.payer, each.payee)}))
    names = {party: each.name for party, each in known.items()}
    return [
        Pair(
            each.payer, each.payee, each.first_at, each.let_at, each.let_by, names.get(each.payer, ""),
            names.get(each.payee, ""),
        )
        for each in found
    ]  # fmt: skip
