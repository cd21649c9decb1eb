"""Run bindings: asked of a network by errand, proved, used and let go.

The number is sealed to the network's key in the transaction that writes the errand, so that nothing here ever reads it
again. Whoever proves writes the binding's row first; whoever becomes the holder of a number writes that number's row.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel import errands
from farthing.kernel.day import zone_of
from farthing.kernel.errands import Desk, Errand
from farthing.kernel.operation import Asked, decode, operation
from farthing.kernel.proving.rules import counted
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Id, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from farthing.parties import service as parties
from farthing.parties.levels import keeping_service as levels
from farthing.parties.levels.model import Given
from farthing.payments import asking_service as asking
from farthing.payments import service as payments
from farthing.payments.bindings import rules, store
from farthing.payments.bindings.model import (
    BOUND,
    Bind,
    Binding,
    BindingView,
    BoundTold,
    CardNetwork,
    Forgotten,
    MoveByBinding,
    NetworkAnswered,
    Prove,
    Question,
    Unbind,
)
from farthing.payments.model import Instruction, MoveByRail
from farthing.products import bound_accounts
from farthing.products import service as products
from farthing.products.alone import service as alone
from farthing.products.alone import sums_service as sums
from farthing.products.bound_accounts import BoundAccounts

PROOFS = "expenses:account-proofs"
"""What the small amounts cost by which accounts at other banks are proved."""


def law(tx: Tx) -> BoundAccounts:
    """What the policy in force says of bindings; as careful as can be where it is silent."""
    policy = products.policy_if_any(tx)
    return (policy and policy.bindings) or bound_accounts.before(tx.home, products.HOUSE)


def _view(tx: Tx, found: Binding) -> BindingView:
    return rules.view(found, law(tx), tx.now, tx.home)


def _concluded(tx: Tx, asked: Asked) -> BindingView:
    return _view(tx, _found(tx, asked.subject))


def _found(tx: Tx, binding_id: str) -> Binding:
    found = store.find(tx, binding_id)
    if found is None:
        raise rules.UNKNOWN()
    return found


@operation(
    "bindings.bind", title=Words("Bind a card or an account", "绑定银行卡或账户"), permission="payments:transfer",
    whose=of("party_id"), conclude=_concluded,
)  # fmt: skip
def bind(tx: Tx, command: Bind) -> Asked:
    """Ask its network whose a number is, under the name that was verified. A no is an answer (``refused``, with why).

    Refuses ``bindings.no_network``, ``payments.bad_outside_account``, ``bindings.level``, ``bindings.too_many``,
    ``bindings.too_many_tries``, ``bindings.too_many_proofs``.
    """
    networks, rails = tx.ports.names("network"), tx.ports.names("rail")
    if not networks or not rails:
        raise rules.NO_NETWORK()
    who, limits, counted = parties.party(tx, command.party_id), law(tx), f"bind:{command.party_id}"
    tried = sums.held(tx, [counted])[counted]
    proofs = store.proofs(tx, who.id, tx.now - timedelta(days=rules.PROOF_DAYS))
    rules.check_bind(command, who, limits, store.live(tx, who.id), tried, proofs)
    sums.add(tx, {counted: 1})
    made = Binding(
        tx.new_id("binding"), who.id, networks[0], rails[0], command.proof, command.number[-4:], "asked", "", tx.now
    )
    store.insert(tx, made)
    sealed = tx.ports.peer("sealer", made.network).seal(command.number, made.id)
    elements = (who.number, who.phone) if command.proof == "card" else ()
    asked = Question(made.id, sealed, who.id, who.kind, who.name, *elements)
    errands.write(tx, made.id, "bindings.network", made.network, who.id, asked, network_answered)
    return Asked(made.id, (made.id,))


@errands.sender("bindings.network")
def _look_up(desk: Desk, errand: Errand) -> NetworkAnswered | None:
    network: CardNetwork = desk.ports.peer("network", errand.peer)
    said = network.look_up(decode(Question, errand.request))
    if said is None:
        return None
    return NetworkAnswered(
        errand.id, said.outcome, said.name, said.elements, said.token, said.reference, said.kind, said.scheme, said.bank,
        said.bank_zh, said.expires_on,
    )  # fmt: skip


@operation(
    "bindings.answered", title=Words("The card network answers", "卡组织回复"), permission=errands.ANSWER, whose=STAFF
)
def network_answered(tx: Tx, command: NetworkAnswered) -> BindingView:
    """Take a network's answer: refused, bound, or to be proved by small amounts, which are paid in. Refuses
    ``errands.answered``."""
    errands.settle(tx, command.errand_id)
    asked = _found(tx, command.errand_id)
    if asked.state != "asked":
        return _view(tx, asked)
    known = command.outcome == "known"
    held = store.holder(tx, replace(asked, reference=command.reference)) if known else None
    now, proved = rules.answered(asked, command, held[1] if held else None, law(tx), tx.now)
    if proved:
        return _view(tx, _become(tx, now))
    if now.state == "proving":
        now = replace(now, deposits=_pay_in(tx, now))
    store.keep(tx, now)
    if now.state == "refused" and command.token:
        _forget(tx, replace(now, token=command.token))
    return _view(tx, now)


def _pay_in(tx: Tx, found: Binding) -> tuple[str, ...]:
    """Pay the small amounts in, out of the bank's own money; answers their movements."""
    ledger.open_accounts(tx, [AccountSpec(PROOFS, tx.home)])
    who = parties.party(tx, found.party_id)
    sent = []
    for _ in range(law(tx).deposits):
        amount = Money(rules.LEAST + tx.ids.bits(32) % rules.MOST, tx.home)
        told = Instruction(tx.new_id("rail"), "out", amount, found.token, who.name, tx.business_date)
        sent.append(asking.ask(tx, asking.Wanted(told, PROOFS, found.rail, None, rules.shown(found))).subject)
    return tuple(sent)


def _become(tx: Tx, proved: Binding) -> Binding:
    """Let what was proved be bound, where nobody else holds its number, or gives way."""
    holder = store.claim(tx, proved)
    now = rules.bound(proved, holder, law(tx), tx.now)
    store.keep(tx, now)
    if now.state != "bound":
        _forget(tx, proved)
        return now
    if holder[0] != now.id:
        other = _found(tx, holder[0])
        store.keep(tx, other.ends("ended", "moved", tx.now))
        _forget(tx, other)
        store.move(tx, now)
    _show(tx, now)
    told = BoundTold(now.id, now.party_id, now.kind, now.proof, now.cooling_until)
    evidence.append_many(tx, [(BOUND, told)])
    return now


def _show(tx: Tx, bound: Binding) -> None:
    """What is bound under the very name shows who its holder is: by the card's bank, or by small amounts that came in there."""
    if bound.named == "match":
        levels.record(tx, [Given(bound.id, bound.party_id, bound.proof, bound.network)])


def _forget(tx: Tx, ended: Binding) -> None:
    """Ask the network to let a token go."""
    if ended.token:
        name = f"{ended.id}.forget"
        errands.write(tx, name, "bindings.forget", ended.network, ended.id, ended.token, forgotten, waits=False)


@errands.sender("bindings.forget")
def _let_go(desk: Desk, errand: Errand) -> Forgotten | None:
    network: CardNetwork = desk.ports.peer("network", errand.peer)
    return Forgotten(errand.id) if network.forget(str(errand.request)) else None


@operation(
    "bindings.forgotten", title=Words("The card network lets a token go", "卡组织注销令牌"), permission=errands.ANSWER,
    whose=STAFF,
)  # fmt: skip
def forgotten(tx: Tx, command: Forgotten) -> Forgotten:
    """Take that a network let a token go. Refuses ``errands.answered``."""
    errands.settle(tx, command.errand_id)
    return command


@operation(
    "bindings.prove", title=Words("Tell the small amounts", "验证小额打款"), permission="payments:transfer", whose=of("party_id")
)  # fmt: skip
def prove(tx: Tx, command: Prove) -> BindingView:
    """Tell the amounts that came in. Other amounts are an answer, not a refusal: the try is counted (``tries_left``), and
    after the last one it has ``failed``.

    Refuses ``bindings.unknown``, ``bindings.not_proving``, ``bindings.count``.
    """
    found = store.take_try(tx, command.binding_id, command.party_id)
    if found is None:
        binding(tx, command.party_id, command.binding_id)
        raise rules.NOT_PROVING()
    sent = [asking.rail_payment(tx, each)[0] for each in found.deposits]
    now, proved = rules.told(found, command.amounts, sent, law(tx), tx.now)
    if proved:
        return _view(tx, _become(tx, now))
    store.keep(tx, now)
    if now.state == "failed":
        _forget(tx, found)
    return _view(tx, now)


@operation(
    "bindings.unbind", title=Words("Unbind a card or an account", "解绑银行卡或账户"), permission="payments:transfer",
    whose=of("party_id"),
)  # fmt: skip
def unbind(tx: Tx, command: Unbind) -> BindingView:
    """End a binding at once; its token is let go here and at its network. What is on its way arrives all the same.

    Refuses ``bindings.unknown``, ``bindings.not_bound``.
    """
    found = store.hold(tx, command.binding_id, command.party_id)
    if found is None:
        binding(tx, command.party_id, command.binding_id)
        raise rules.NOT_BOUND()
    now = found.ends("ended", "owner", tx.now)
    store.let_go(tx, found)
    store.keep(tx, now)
    _forget(tx, found)
    return _view(tx, now)


def _chosen(tx: Tx, found: Binding | None, command: MoveByBinding) -> tuple[Binding, MoveByRail]:
    used = rules.check_use(found, command, tx.business_date)
    return used, MoveByRail(command.party_id, command.amount, used.token, used.rail)


@operation(
    "bindings.top_up", title=Words("Top-up from a bound card", "绑定银行卡充值"), permission="payments:top_up",
    whose=of("party_id"), conclude=payments.moved, confirm=rules.moved_seen,
)  # fmt: skip
def top_up(tx: Tx, command: MoveByBinding) -> Asked:
    """Bring money in from what is bound, as ``payments.top_up`` does from a number that is typed.

    Refuses ``bindings.unknown``, ``bindings.not_bound``, ``bindings.expired`` and what ``payments.top_up`` refuses.
    """
    used, move = _chosen(tx, store.find(tx, command.binding_id), command)
    return payments.bring_in(tx, move, rules.shown(used))


def _large(tx: Tx, command: MoveByBinding) -> bool:
    """Whether a pay-out, with what went out that day, is more than one member of staff does alone."""
    return alone.needs_two(tx, "out", command.party_id, command.amount)


@operation(
    "bindings.pay_out", title=Words("Pay-out to a bound card", "提现至绑定银行卡"), permission="payments:pay_out",
    whose=of("party_id"), conclude=payments.moved, two_for_another=_large, confirm=rules.moved_seen,
    by_key=counted,
)  # fmt: skip
def pay_out(tx: Tx, command: MoveByBinding) -> Asked:
    """Send money to what is bound, as ``payments.pay_out`` does to a number that is typed; while it is new, up to a sum.

    Refuses ``bindings.unknown``, ``bindings.not_bound``, ``bindings.expired``, ``bindings.cooling`` and what ``payments.pay_out``
    refuses.
    """
    found = store.pay_out(tx, command.binding_id, command.party_id, command.amount)
    used, move = _chosen(tx, found or store.find(tx, command.binding_id), command)
    rules.check_cooling(used, command.amount, law(tx), tx.now, zone_of(tx))
    return payments.send_out(tx, move, rules.shown(used))


@question("bindings.binding", permission="payments:read", whose=of("party_id"))
def binding(tx: Tx, party_id: Id, binding_id: Id) -> BindingView:
    """A card or an account that one bound, or tried to; refuses ``bindings.unknown``."""
    found = store.find(tx, binding_id)
    if found is None or found.party_id != party_id:
        raise rules.UNKNOWN()
    return _view(tx, found)


@question("bindings.list", permission="payments:read", whose=of("party_id"))
def listed(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[BindingView]:
    """The cards and accounts that one bound, or tried to, the latest first."""
    return [_view(tx, each) for each in store.of_party(tx, party_id, limit)]


def live(tx: Tx, party_id: str) -> list[BindingView]:
    """Those that are bound, or may be yet."""
    return [each for each in listed(tx, party_id) if each.state in ("asked", "proving", "bound")]
