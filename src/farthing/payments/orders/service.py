"""Run files of payment orders: brought, understood, agreed to by their customer, told of at any time, taken back where unpaid."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.proving.rules import counted
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.errors import Refusal
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import total
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.model import Party
from farthing.parties.rules import phone_of
from farthing.payments import rules as wallets
from farthing.payments import service as payments
from farthing.payments import store as movements
from farthing.payments.iso20022 import initiation as iso
from farthing.payments.iso20022.initiation import Initiation, Standing
from farthing.payments.limits import service as limits
from farthing.payments.orders import rules, store
from farthing.payments.orders.model import (
    AgreeOrders,
    BringOrders,
    FileTold,
    OrderFile,
    OrderLine,
    OrderTold,
    Report,
    StatusSum,
    WithdrawOrders,
)
from farthing.payments.payees import service as payees
from farthing.products.alone import service as alone

SHOWN = 100
"""How many orders of a file are told with it; the answer (pain.002) tells all."""


@operation(
    "orders.bring", title=Words("Bring a file of payment orders", "提交付款文件"), permission="payments:pay_out",
    whose=of("party_id"),
)  # fmt: skip
def bring(tx: Tx, command: BringOrders) -> FileTold:
    """Take a file (pain.001) as it was understood; nothing moves before it is agreed to. The same file again is answered as it
    stands.

    What is wrong with one order is told with it. Refuses ``orders.not_base64``, ``iso20022.*`` of the whole,
    ``orders.other_debtor``, ``payments.no_wallet``, ``orders.message_reused``.
    """
    try:
        told = iso.read(base64.b64decode(command.content, validate=True))
    except ValueError:
        raise rules.NOT_BASE64() from None
    rules.check_debtor(told, command.party_id)
    if not payments.has_wallet(tx, command.party_id, tx.home):
        raise wallets.NO_WALLET(party=command.party_id, currency=tx.home)
    parties.held(tx, command.party_id)
    name, digest = rules.file_id(command.party_id, told.message_id), rules.digest_of(told)
    there = store.find(tx, name)
    if there is not None:
        if there.digest != digest:
            raise rules.MESSAGE_REUSED(message_id=told.message_id)
        return view(tx, there)
    around = rules.Around(command.party_id, tx.business_date, tx.home, bool(tx.ports.names("rail")), _payees(tx, told))
    lines = [rules.line_of(name, number, each, around) for number, each in enumerate(told.transfers, 1)]
    lines = rules.taken(lines, store.taken(tx, command.party_id, [each.taken_as for each in lines]))
    found = OrderFile(name, command.party_id, told.message_id, digest, told.made_at, tx.now, len(lines))
    store.insert(tx, found, lines)
    return view(tx, found)


def _payees(tx: Tx, told: Initiation) -> Mapping[str, Party]:
    """The customers whom a file names, by their number or the phone by which they are paid, as the file has it."""
    named = {each.account for each in told.transfers if rules.is_here(each) and each.scheme != iso.PHONE}
    known: dict[str, Party] = dict(parties.parties(tx, sorted(named)))
    phones = {each.account for each in told.transfers if each.scheme == iso.PHONE}
    for written in sorted(phones):
        try:
            found = payees.holder(tx, phone_of(written))
        except Refusal:
            continue
        if found is not None:
            known[written] = found
    return known


def _large(tx: Tx, command: AgreeOrders) -> bool:
    """Whether what a file sends out is more than one member of staff lets go of a customer alone."""
    going = [each for each in store.lines(tx, [command.file_id]) if each.state == "understood"]
    return alone.needs_two(tx, "out", command.party_id, rules.sum_of(going, tx.home))


@operation(
    "orders.agree", title=Words("Agree to a file of payment orders", "确认付款文件"), permission="payments:pay_out",
    whose=of("party_id"), confirm=rules.agreed_seen, by_key=counted, two_for_another=_large,
)  # fmt: skip
def agree(tx: Tx, command: AgreeOrders) -> FileTold:
    """Agree to what was understood: each order is paid on its day, by a transfer or a pay-out of its own, if there is money.

    What goes today counts as what a person pays by himself. Refuses ``orders.unknown``, ``orders.not_brought``,
    ``orders.nothing_to_pay``, ``payments.over_day``, ``payments.over_year``, ``payments.new_payee``, ``payments.over_password``,
    ``kernel.key_needed``.
    """
    parties.held(tx, command.party_id)  # two files with one order are agreed to one after the other
    found = _own(tx, command.file_id, command.party_id)
    before = store.lines(tx, [found.id])
    there = store.taken(tx, command.party_id, [each.taken_as for each in before if each.state == "understood"])
    lines = rules.taken(before, there)
    rules.check_agree(found, lines)
    now = [replace(each, state="waits") if each.state == "understood" else each for each in lines]
    goes = [each for each in now if each.state == "waits"]
    today = [each for each in goes if each.on <= tx.business_date]
    limits.let_out_all(
        tx, [(each.party_id, each.payee or None, each.amount) for each in today if each.amount is not None]
    )
    later = [each.amount for each in goes if each.on > tx.business_date and each.amount is not None]
    for currency in sorted({each.currency for each in later}):
        limits.confirmed(tx, command.party_id, total([each for each in later if each.currency == currency], currency))
    if store.take(tx, goes) != len(goes):
        raise Collision("an order was taken by another file at the same time")
    return _moved(tx, replace(found, state="agreed", agreed_at=tx.now), ("brought",), before, now)


@operation(
    "orders.withdraw", title=Words("Take back a file of payment orders", "撤回付款文件"), permission="payments:pay_out",
    whose=of("party_id"),
)  # fmt: skip
def withdraw(tx: Tx, command: WithdrawOrders) -> FileTold:
    """Take back what was not paid yet; what was is recalled, each payment by itself. Refuses ``orders.unknown``,
    ``orders.nothing_waits``."""
    found = _own(tx, command.file_id, command.party_id)
    before = store.lines(tx, [found.id])
    now = [rules.refused(each, rules.WITHDRAWN()) if each.state in ("understood", "waits") else each for each in before]
    if now == before or found.state == "withdrawn":
        raise rules.NOTHING_WAITS()
    state = "withdrawn" if found.state == "brought" else "agreed"
    return _moved(tx, replace(found, state=state), (found.state,), before, now)  # type: ignore[arg-type]


def _moved(
    tx: Tx, found: OrderFile, was: Sequence[str], before: Sequence[OrderLine], now: Sequence[OrderLine]
) -> FileTold:
    moved = [(old, new) for old, new in zip(before, now, strict=True) if old != new]
    if not store.move_file(tx, found, was) or store.move_lines(tx, moved) != len(moved):
        raise Collision("a file of orders was moved on at the same time")
    return view(tx, found)


def _own(tx: Tx, file_id: str, party_id: str) -> OrderFile:
    found = store.find(tx, file_id)
    if found is None or found.party_id != party_id:
        raise rules.UNKNOWN()
    return found


def standings(tx: Tx, file_id: str) -> list[tuple[OrderLine, Standing]]:
    """Each order of a file and how it stands: by the payment that pays it; one that was taken before as the first of its name."""
    lines = store.lines(tx, [file_id])
    known = [each for each in lines if each.state == "known"]
    taken = store.taken(tx, known[0].party_id, [each.taken_as for each in known]) if known else {}
    own = {each.taken_as: each for each in reversed(lines) if each.state != "known"}
    firsts = store.at_places(tx, [taken[each.taken_as][:2] for each in known if each.taken_as in taken])
    paid = [each.payment_id for each in (*lines, *firsts.values()) if each.way == "rail" and each.payment_id]
    moved = movements.rail_movements(tx, sorted(set(paid))) if paid else {}

    def standing(line: OrderLine) -> Standing:
        return rules.standing(line, moved[line.payment_id][0] if line.payment_id in moved else None)

    found = []
    for line in lines:
        stands = standing(line)
        if line.state == "known":
            first = firsts.get(taken[line.taken_as][:2]) if line.taken_as in taken else own.get(line.taken_as)
            if first is not None:
                stands = rules.as_first(line, standing(first), first.file_id)
        found.append((line, stands))
    return found


def view(tx: Tx, found: OrderFile) -> FileTold:
    """A file as its customer sees it."""
    stands = standings(tx, found.id)
    order = sorted(stands, key=lambda each: (each[1].code != "RJCT", each[0].state != "known", each[0].number))
    by_code: dict[str, list[OrderLine]] = {}
    for line, standing in stands:
        by_code.setdefault(standing.code, []).append(line)
    going = [
        line for line, standing in stands if line.state in ("understood", "waits", "made") and standing.code != "RJCT"
    ]
    days = sorted({line.on for line in going})
    return FileTold(
        found.id, found.message_id, found.made_at, found.brought_at, found.agreed_at, found.state,
        iso.group_status([standing.code for _, standing in stands]),
        tuple(StatusSum(code, len(some), rules.sum_of(some, tx.home)) for code, some in sorted(by_code.items())),
        rules.sum_of(going, tx.home), rules.sum_of([each for each in going if each.way == "rail"], tx.home),
        days[0] if days else None, days[-1] if days else None,
        tuple(_told(*each) for each in order[:SHOWN]), len(order) > SHOWN,
    )  # fmt: skip


def _told(line: OrderLine, standing: Standing) -> OrderTold:
    return OrderTold(
        line.number, line.batch, line.instruction_id, line.end_to_end_id, line.on, rules.plain(line.said, line), line.amount,
        rules.ended(line).account, line.way, standing.code, standing.reason_code, line.code, line.payment_id, line.name,
    )  # fmt: skip


@question("orders.file", permission="payments:read", whose=of("party_id"))
def file(tx: Tx, party_id: Id, file_id: Id) -> FileTold:
    """A file and how each of its orders stands; refuses ``orders.unknown``."""
    return view(tx, _own(tx, file_id, party_id))


@question("orders.files", permission="payments:read", whose=of("party_id"))
def files(tx: Tx, party_id: Id, before: Cursor = "", limit: PageSize = 20) -> list[OrderFile]:
    """A customer's files, the latest first; continue with ``before`` the last id."""
    return store.files(tx, party_id, before, limit)


@question("orders.report", permission="payments:read", whose=of("party_id"))
def report(tx: Tx, party_id: Id, file_id: Id) -> Report:
    """The answer to a file as it stands now (pain.002), however late it is asked for; refuses ``orders.unknown``."""
    found = _own(tx, file_id, party_id)
    told = [each for _, each in standings(tx, file_id)]
    content = iso.report(rules.report_id(file_id, tx.now), tx.now, (found.message_id, found.made_at), told)
    return Report(file_id, base64.b64encode(content).decode())
