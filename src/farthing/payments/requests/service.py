"""Run requests to pay: made of somebody who was looked up, seen by the two sides alone, and ended once.

Whoever ends a request (pays, declines, withdraws) writes its row first, under the condition that it is open: of any number at
once one finds it so. Paid is a transfer that has the request's id, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from farthing.db.tx import Tx
from farthing.kernel.operation import Call, operation, sole
from farthing.kernel.proving.rules import counted
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import positive
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.model import Party
from farthing.payments import rules as wallets
from farthing.payments import service as payments
from farthing.payments.merchants import service as merchants
from farthing.payments.model import Transfer
from farthing.payments.payees import service as payees
from farthing.payments.payees.rules import shown_name
from farthing.payments.requests import rules, store
from farthing.payments.requests.model import (
    AskToPay,
    Block,
    Blocked,
    Decline,
    OwnRequest,
    PayRequest,
    Request,
    RequestPaid,
    RequestView,
    Side,
    Unblock,
)
from farthing.payments.requests.rules import Wanted
from farthing.products import pay_requests
from farthing.products import service as products
from farthing.products.alone import sums_service as sums
from farthing.products.pay_requests import PayRequests


def law(tx: Tx) -> PayRequests | None:
    """What the policy in force allows of requests; as careful as can be where none was published."""
    policy = products.policy_if_any(tx)
    return policy.requests if policy else pay_requests.before(products.HOUSE)


@operation(
    "requests.ask", title=Words("Ask somebody to pay", "发起收款"), permission="payments:transfer", whose=of("asker"),
    confirm=rules.asked_seen,
)  # fmt: skip
def ask(tx: Tx, command: AskToPay) -> RequestView:
    """Ask somebody who was looked up for an amount; it moves nothing until it is paid.

    Refuses ``money.not_positive``, ``payments.bad_memo``, ``requests.too_long``, ``payments.payee_changed``, ``requests.own``,
    ``payments.no_wallet``, ``merchants.not_owner``, ``merchants.ended``, ``requests.not_taken``, ``requests.too_many_open``,
    ``requests.too_many_of_one``, ``requests.too_many``.
    """
    positive(command.amount)
    if command.merchant_id:
        merchants.owned(tx, command.merchant_id, command.asker)
        merchants.check_takes(tx, command.merchant_id)
    known = payees.looked_up(tx, command.asker, command.whom)
    wanted = [Wanted(known.id, shown_name(known), command.amount)]
    made = ask_all(tx, command.asker, wanted, command.reason, command.days, merchant_id=command.merchant_id)
    return views(tx, made, command.asker)[0]


def ask_all(
    tx: Tx, asker: str, wanted: Sequence[Wanted], reason: str, days: int, *, merchant_id: str = "", split_id: str = ""
) -> list[Request]:
    """Make requests together: all of them, or none."""
    limits, currency = law(tx), wanted[0].amount.currency
    wallets.check_memo(reason)
    rules.check_days(limits, days)
    payers = [each.payer for each in wanted]
    if asker in payers:
        raise rules.OWN()
    if not payments.has_wallet(tx, asker, currency):
        raise wallets.NO_WALLET(party=asker, currency=currency)
    count_asked(tx, asker, wanted)
    made = [
        Request(
            tx.new_id("ask"), asker, each.payer, merchant_id, split_id, each.amount, reason, tx.now, tx.now + timedelta(days=days)
        )
        for each in wanted
    ]  # fmt: skip
    store.insert(tx, made)
    return made


def count_asked(tx: Tx, asker: str, wanted: Sequence[Wanted]) -> None:
    """Count that somebody asks others today; refuses what would harass, and who takes no requests of his."""
    payers = [each.payer for each in wanted]
    names = {each: f"requests:{asker}:{each}" for each in payers} | {"": f"requests:{asker}"}
    gone = sums.held(tx, sorted(names.values()))  # so that of two at once the second counts the first
    today = {each: gone[name] for each, name in names.items()}
    facts = rules.Asked(store.blocks_among(tx, asker, payers), store.open_at(tx, asker, payers), today, today[""])
    rules.check_asked(law(tx), wanted, facts)
    sums.add(tx, {name: len(wanted) if not each else 1 for each, name in names.items()})


def views(tx: Tx, requests: Sequence[Request], party_id: str) -> list[RequestView]:
    """Requests as one of their sides sees them: one statement for the names of all others. Of a merchant who asks, the shop's."""
    others = {each.payer if each.asker == party_id else each.asker for each in requests}
    known = parties.parties(tx, sorted(others))
    shops = merchants.names(tx, sorted({each.merchant_id for each in requests if each.merchant_id}))
    return [_view(tx, each, party_id, known, shops) for each in requests]


def _view(tx: Tx, found: Request, party_id: str, known: dict[str, Party], shops: dict[str, str]) -> RequestView:
    own, state = found.asker == party_id, found.state_at(tx.now)
    other = known.get(found.payer if own else found.asker)
    name = "" if own else shops.get(found.merchant_id, "")
    reference = wallets.transfer_reference(found.payment_id) if state == "paid" else ""
    return RequestView(
        found.id, own, state, found.amount, found.asked_at, found.expires_at,
        found.ended_at or (found.expires_at if state == "expired" else None), found.reminded_on, found.split_id if own else "",
        reference, found.reason, found.payment_id, name or (shown_name(other) if other else ""), found.word,
    )  # fmt: skip


def _received(tx: Tx, request_id: str, payer: str) -> Request:
    """A request that somebody was made; refuses ``requests.unknown`` for another's too."""
    found = store.find(tx, [request_id]).get(request_id)
    if found is None or found.payer != payer:
        raise rules.UNKNOWN()
    return found


def _own(tx: Tx, request_id: str, asker: str) -> Request:
    found = store.find(tx, [request_id]).get(request_id)
    if found is None or found.asker != asker:
        raise rules.UNKNOWN()
    return found


@operation(
    "requests.pay", title=Words("Pay a request", "支付收款请求"), permission="payments:transfer", whose=of("payer"),
    confirm=rules.paid_seen, by_key=counted,
)  # fmt: skip
def pay(tx: Tx, command: PayRequest) -> RequestPaid:
    """Pay what one was asked for, once: by a transfer that has the request's id. While the bank looks at it, the request is
    ``held``; it is open again where the payment is not let go.

    Refuses ``requests.unknown``, ``merchants.ended``, ``requests.not_open``, and as ``payments.transfer`` does; it stays open
    then.
    """
    found = _received(tx, command.request_id, command.payer)
    merchants.check_takes(tx, found.merchant_id)
    if not store.end(tx, found.id, "paid"):
        raise rules.not_open(store.find(tx, [found.id]).get(found.id), tx.now)
    transfer = Transfer(found.payer, found.asker, found.amount, found.reason, found.payment_id)
    done = sole(payments.looked_at(tx, [Call(transfer, tx.actor)], ours=True))
    if done.held_until is not None:
        store.hold(tx, found.id)
    name = views(tx, [found], found.payer)[0].name
    reference = wallets.transfer_reference(done.id)
    return RequestPaid(
        found.id, reference, done.amount, found.reason, done.recorded_at, name, done.held_until, done.warnings
    )


@operation(
    "requests.decline", title=Words("Decline a request", "拒绝收款请求"), permission="payments:transfer", whose=of("payer")
)  # fmt: skip
def decline(tx: Tx, command: Decline) -> RequestView:
    """Say no, with a word or without; refuses ``requests.unknown``, ``requests.not_open``, ``payments.bad_memo``."""
    wallets.check_memo(command.word)
    found = _received(tx, command.request_id, command.payer)
    return _ended(tx, found, command.payer, store.end(tx, found.id, "declined", command.word))


@operation(
    "requests.withdraw", title=Words("Withdraw a request", "撤回收款请求"), permission="payments:transfer", whose=of("asker")
)  # fmt: skip
def withdraw(tx: Tx, command: OwnRequest) -> RequestView:
    """Take back what one asked for; refuses ``requests.unknown``, ``requests.not_open``."""
    found = _own(tx, command.request_id, command.asker)
    return _ended(tx, found, command.asker, store.end(tx, found.id, "withdrawn"))


@operation(
    "requests.remind", title=Words("Remind of a request", "提醒付款"), permission="payments:transfer", whose=of("asker")
)
def remind(tx: Tx, command: OwnRequest) -> RequestView:
    """Remind whoever was asked, once a business day. Refuses ``requests.unknown``, ``requests.not_open``, ``requests.reminded``,
    ``requests.not_taken``."""
    found = _own(tx, command.request_id, command.asker)
    if store.blocks_among(tx, found.asker, [found.payer]):
        raise rules.NOT_TAKEN(name=views(tx, [found], found.asker)[0].name)
    if found.state_at(tx.now) == "open":
        rules.may_remind(found, tx.business_date)
    return _ended(tx, found, command.asker, store.remind(tx, found.id))


def _ended(tx: Tx, found: Request, party_id: str, done: bool) -> RequestView:
    now = store.find(tx, [found.id])[found.id]
    if not done:
        raise rules.not_open(now, tx.now)
    return views(tx, [now], party_id)[0]


@operation(
    "requests.block", title=Words("Take no requests of somebody", "屏蔽收款请求"), permission="payments:transfer",
    whose=of("payer"),
)  # fmt: skip
def block(tx: Tx, command: Block) -> Blocked:
    """Take no more requests of whoever made this one, and decline those that wait; at once. Refuses ``requests.unknown``."""
    found = _received(tx, command.request_id, command.payer)
    block_id = rules.block_id(found.payer, found.asker)
    store.block(tx, block_id, found.payer, found.asker)
    store.decline_all(tx, found.payer, found.asker)
    known = parties.parties(tx, [found.asker])
    return Blocked(block_id, tx.now, shown_name(known[found.asker]))


@operation(
    "requests.unblock",
    title=Words("Take requests again", "取消屏蔽"),
    permission="payments:transfer",
    whose=of("payer"),
)
def unblock(tx: Tx, command: Unblock) -> Blocked:
    """Take requests of somebody again; refuses ``requests.block_unknown``."""
    row = store.unblock(tx, command.block_id, command.payer)
    if row is None:
        raise rules.BLOCK_UNKNOWN()
    return Blocked(row["id"], row["blocked_at"], shown_name(parties.party(tx, row["asker"])))


@question("requests.blocks", permission="payments:read", whose=of("party_id"))
def blocks(tx: Tx, party_id: Id) -> list[Blocked]:
    """Whose requests one does not take, the latest first."""
    found = store.blocks_of(tx, party_id)
    known = parties.parties(tx, sorted({row["asker"] for row in found}))
    return [Blocked(row["id"], row["blocked_at"], shown_name(known[row["asker"]])) for row in found]


@question("requests.request", permission="payments:read", whose=of("party_id"))
def request(tx: Tx, party_id: Id, request_id: Id) -> RequestView:
    """A request as one of its two sides sees it; refuses ``requests.unknown``."""
    found = store.find(tx, [request_id]).get(request_id)
    if found is None or party_id not in (found.asker, found.payer):
        raise rules.UNKNOWN()
    return views(tx, [found], party_id)[0]


@question("requests.list", permission="payments:read", whose=of("party_id"))
def listed(
    tx: Tx, party_id: Id, side: Side = "received", before: Cursor = "", limit: PageSize = 20
) -> list[RequestView]:
    """Requests that one received or made, the latest first; continue with ``before`` the last id."""
    return views(tx, store.listed(tx, party_id, side, before, limit), party_id)
