"""Run the proof of liabilities: each closed day what every customer is owed goes into one tree, whose root stands in the log
before anybody gets a proof; then each customer takes hers.

What customers are owed is read by one statement, so that money which moves meanwhile is counted once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from farthing.assurance import publishing_service as publishing
from farthing.assurance.liabilities import rules, store
from farthing.assurance.liabilities.model import (
    KIND,
    CountedAccount,
    CountedDay,
    LiabilityDay,
    ProofTaken,
    ProveLiabilities,
    TakeProof,
    TreeTold,
)
from farthing.assurance.liabilities.tree import Node, Path, Tree, drawn, leaves, path_to, piece_with, pieces, tree_of
from farthing.assurance.service import PublishLog, publish_log
from farthing.db.tx import Row, Tx
from farthing.evidence import service as evidence
from farthing.funding.holdings.rules import waiting_account
from farthing.kernel import jobs
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF, of
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Day, Id, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger.overview import service as overview
from farthing.payments import service as payments
from farthing.payments.wallets import wallet_path
from farthing.savings.deposits import passbook_service as passbook

KEY = 32


@dataclass(frozen=True, slots=True)
class Own:
    """An account of a customer: its path, its currency, and what she calls it."""

    path: str
    currency: str
    name: Words


@operation(
    "assurance.prove_day", title=Words("Proof of liabilities", "负债证明"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def prove_day(tx: Tx, command: CloseStep) -> Stepped:
    """Close a day for the proof of liabilities: it is made by a job after the day is closed, whose speed it does not touch, and
    days whose proofs nobody may take any more lose their leaves."""
    jobs.enqueue_once(tx, prove, ProveLiabilities(command.on))
    return Stepped(store.forget(tx, command.on - timedelta(days=rules.KEPT_DAYS)))


@operation(
    "assurance.prove_liabilities", title=Words("Prove what customers are owed", "生成负债证明"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def prove(tx: Tx, command: ProveLiabilities) -> LiabilityDay:
    """Put what every customer is owed into the trees of a closed day and the roots into the log; done again it answers the same.

    Refuses ``assurance.day_not_over``.
    """
    on = command.on
    if on >= tx.business_date:
        raise rules.NOT_OVER(on=str(on))
    if store.day(tx, on) is None:
        key, trees = tx.ids.octets(KEY), []
        for currency, owed in sorted(_owed(tx).items()):
            found = leaves(key, on, currency, owed)
            tree, overdrawn = tree_of(found), -sum(minor for _, minor in owed if minor < 0)
            store.keep_tree(tx, on, currency, tree, overdrawn, list(pieces(found)))
            root, total = tree.root
            trees.append({
                "currency": currency, "root": root.hex(), "total_minor": total, "overdrawn_minor": overdrawn,
                "count": tree.count,
            })  # fmt: skip
        said = {"day": on.isoformat(), "as_of": tx.now, "covers": list(rules.CLIENTS), "trees": trees}
        store.keep_day(tx, on, evidence.append(tx, KIND, said), key)
        jobs.enqueue_once(tx, publish_log, PublishLog())
    return _told(tx, [_day(tx, on)])[0]


def _owed(tx: Tx) -> dict[str, list[tuple[str, int]]]:
    """What each account of a customer is owed, by currency; below zero where she is overdrawn."""
    found: dict[str, list[tuple[str, int]]] = {}
    for path, currency, minor in overview.held_below(tx, rules.CLIENTS):
        found.setdefault(currency, []).append((path, minor))
    return found


@question("assurance.liability_days", permission=PUBLIC, whose=NOBODYS)
def days(tx: Tx, limit: PageSize = 31) -> list[LiabilityDay]:
    """The days whose liabilities were proven, the newest first: root, total and count of each currency, and how many looked."""
    return _told(tx, store.days(tx, limit))


@question("assurance.counted", permission="payments:read", whose=of("party_id"))
def counted(tx: Tx, party_id: Id, on: Day | None = None) -> CountedDay:
    """Each account of a customer in the tree of a day, of the newest that is published where none is named, with its path tried.

    Refuses ``assurance.liabilities_not_proven``, ``assurance.liabilities_unpublished``, ``assurance.liabilities_past``.
    """
    row = _day(tx, on or _newest(tx))
    found = date.fromisoformat(row["id"])
    _require_open(tx, row)
    held = _trees(tx, found)
    return CountedDay(
        _told(tx, [row])[0],
        tuple(_counted(tx, row, held, each) for each in own_accounts(tx, party_id)),
    )


@operation(
    "assurance.take_proof", title=Words("Take the proof that one's money was counted", "领取负债证明"),
    permission="payments:open", whose=of("party_id"),
)  # fmt: skip
def take_proof(tx: Tx, command: TakeProof) -> ProofTaken:
    """Take the proof that an account was counted, as a file that anybody can check alone; how many took theirs is published.

    Refuses as :func:`counted` does, and ``assurance.not_counted``.
    """
    row = _day(tx, command.on)
    _require_open(tx, row)
    currency = {each.path: each.currency for each in own_accounts(tx, command.party_id)}.get(command.account)
    held = _trees(tx, command.on)
    found = None if currency is None else _path(tx, row, held, command.account, currency)
    if currency is None or found is None:
        raise rules.NOT_COUNTED(account=command.account, on=str(command.on))
    leaf = evidence.leaf(tx, row["leaf_id"])
    _, salt = drawn(bytes(row["key"]), command.account)
    text = rules.file_of(
        command.on, currency, command.account, found, salt, leaf.body, evidence.tlog_proof(tx, leaf.name),
        [publishing.settled_key(tx), *publishing.promised(tx)],
    )  # fmt: skip
    store.look(tx, command.on, command.party_id)
    return ProofTaken(command.account, command.on, hashlib.sha256(text.encode()).hexdigest(), text)


def own_accounts(tx: Tx, party_id: str) -> list[Own]:
    """The accounts of a customer that may have a leaf."""
    found = []
    for each in payments.wallets(tx, party_id):
        currency = each.currency
        found.append(
            Own(wallet_path(party_id, currency, tx.home), currency, Words(f"Wallet in {currency}", f"{currency} 钱包"))
        )
        found.append(
            Own(
                waiting_account(party_id, currency, tx.home),
                currency,
                Words("Repaid to you as a lender", "出借回款待入账"),
            )
        )
    for deposit in passbook.deposits(tx, party_id):
        if deposit.closed_on is None:
            found.append(Own(deposit.account, deposit.balance.currency, deposit.name))
    return found


def _counted(tx: Tx, row: Row, held: dict[str, Tree], own: Own) -> CountedAccount:
    found = _path(tx, row, held, own.path, own.currency)
    if found is None:
        return CountedAccount(own.path, own.name, None, True)
    on, (_, salt) = date.fromisoformat(row["id"]), drawn(bytes(row["key"]), own.path)
    led = rules.led(on, own.currency, own.path, found, salt)
    return CountedAccount(own.path, own.name, Money(found.minor, own.currency), led == held[own.currency].root)


def _path(tx: Tx, row: Row, held: dict[str, Tree], account: str, currency: str) -> Path | None:
    """The way from the leaf of an account to the root; none where it has no leaf."""
    if currency not in held:
        return None
    on, (tag, _) = date.fromisoformat(row["id"]), drawn(bytes(row["key"]), account)
    number = piece_with(held[currency], tag)
    piece = None if number is None else store.piece(tx, on, currency, number)
    return None if piece is None else path_to(held[currency], piece, tag)


def _newest(tx: Tx) -> date:
    for row in store.days(tx, rules.KEPT_DAYS):
        if _published(tx, row):
            return date.fromisoformat(row["id"])
    raise rules.NOT_PROVEN(on=str(tx.business_date))


def _day(tx: Tx, on: date) -> Row:
    row = store.day(tx, on)
    if row is None:
        raise rules.NOT_PROVEN(on=str(on))
    return row


def _require_open(tx: Tx, row: Row) -> None:
    if not _published(tx, row):
        raise rules.NOT_PUBLISHED(on=row["id"])
    if row["key"] is None:
        raise rules.NOT_KEPT(on=row["id"], days=rules.KEPT_DAYS)


def _published(tx: Tx, row: Row) -> bool:
    return evidence.covered_by(tx, evidence.leaf(tx, row["leaf_id"])) is not None


def _trees(tx: Tx, on: date) -> dict[str, Tree]:
    return {
        row["currency"]: Tree.unpacked(row["accounts"], bytes(row["tops"])) for row in store.trees(tx, [on.isoformat()])
    }


def _told(tx: Tx, found: Sequence[Row]) -> list[LiabilityDay]:
    named = [str(row["id"]) for row in found]
    trees: dict[str, list[TreeTold]] = {}
    for row in store.trees(tx, named):
        currency = row["currency"]
        total, overdrawn = Money(row["total"], currency), Money(row["overdrawn"], currency)
        trees.setdefault(row["day_id"], []).append(
            TreeTold(bytes(row["root"]).hex(), total, overdrawn, row["accounts"])
        )
    looks = store.looks(tx, named)
    return [
        LiabilityDay(
            date.fromisoformat(row["id"]), store.read_at(row), tuple(trees.get(row["id"], ())), looks.get(row["id"], 0),
            _published(tx, row),
        )
        for row in found
    ]  # fmt: skip


def root_of_pieces(tx: Tx, on: date, currency: str, tree: Tree) -> Node | None:
    """The root that the kept leaves of a day lead to; none where a piece is gone."""
    found = []
    for number in range(len(tree.tops)):
        piece = store.piece(tx, on, currency, number)
        if piece is None:
            return None
        found += piece.leaves()
    return tree_of(found).root
