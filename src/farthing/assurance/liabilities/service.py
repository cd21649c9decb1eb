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
    KeptTree,
    LiabilityDay,
    ProofTaken,
    ProveLiabilities,
    ProvenDay,
    TakeProof,
    TreeTold,
)
from farthing.assurance.liabilities.tree import Path, drawn, leaves, path_to, piece_with, pieces, tree_of
from farthing.assurance.service import PublishLog, publish_log
from farthing.db.tx import Tx
from farthing.evidence import covering_service as covering
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
    proven = _newest(tx) if on is None else _day(tx, on)
    day = _open(tx, proven)
    return CountedDay(day, tuple(_counted(tx, proven, each) for each in own_accounts(tx, party_id)))


@operation(
    "assurance.take_proof", title=Words("Take the proof that one's money was counted", "领取负债证明"),
    permission="payments:open", whose=of("party_id"),
)  # fmt: skip
def take_proof(tx: Tx, command: TakeProof) -> ProofTaken:
    """Take the proof that an account was counted, as a file that anybody can check alone; how many took theirs is published.

    Refuses as :func:`counted` does, and ``assurance.not_counted``.
    """
    proven = _day(tx, command.on)
    _open(tx, proven)
    own = next((each for each in own_accounts(tx, command.party_id) if each.path == command.account), None)
    found = None if own is None else _path(tx, proven, own)
    if own is None or found is None:
        raise rules.NOT_COUNTED(account=command.account, on=str(command.on))
    leaf = evidence.leaf(tx, proven.leaf_id)
    text = rules.file_of(
        command.on, own.currency, own.path, found[0], found[1], leaf.body, evidence.tlog_proof(tx, leaf.name),
        [publishing.settled_key(tx), *publishing.promised(tx)],
    )  # fmt: skip
    store.look(tx, command.on, command.party_id)
    return ProofTaken(own.path, command.on, hashlib.sha256(text.encode()).hexdigest(), text)


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


def _counted(tx: Tx, proven: ProvenDay, own: Own) -> CountedAccount:
    found, kept = _path(tx, proven, own), proven.tree_in(own.currency)
    if found is None or kept is None:
        return CountedAccount(own.path, own.name, None, True)
    path, salt = found
    led = rules.led(proven.on, own.currency, own.path, path, salt)
    return CountedAccount(own.path, own.name, Money(path.minor, own.currency), led == (kept.root, kept.total))


def _path(tx: Tx, proven: ProvenDay, own: Own) -> tuple[Path, bytes] | None:
    """The way from the leaf of an account to the root, and the leaf's salt; none where it has no leaf."""
    kept = proven.tree_in(own.currency)
    if kept is None or proven.key is None:
        return None
    tag, salt = drawn(proven.key, own.path)
    number = piece_with(kept.tree, tag)
    piece = None if number is None else store.piece(tx, proven.on, own.currency, number)
    path = None if piece is None else path_to(kept.tree, piece, tag)
    return None if path is None else (path, salt)


def _newest(tx: Tx) -> ProvenDay:
    proven = store.days(tx, rules.KEPT_DAYS)
    covered = covering.covered(tx, [each.leaf_id for each in proven])
    newest = next((each for each in proven if each.leaf_id in covered), None)
    if newest is None:
        raise rules.NOT_PROVEN(on=str(tx.business_date))
    return newest


def _day(tx: Tx, on: date) -> ProvenDay:
    proven = store.day(tx, on)
    if proven is None:
        raise rules.NOT_PROVEN(on=str(on))
    return proven


def _open(tx: Tx, proven: ProvenDay) -> LiabilityDay:
    """A day as it is told, whose proofs may be taken."""
    day = _told(tx, [proven])[0]
    if not day.published:
        raise rules.NOT_PUBLISHED(on=str(proven.on))
    if proven.key is None:
        raise rules.NOT_KEPT(on=str(proven.on), days=rules.KEPT_DAYS)
    return day


def _told(tx: Tx, found: Sequence[ProvenDay]) -> list[LiabilityDay]:
    covered, looks = (
        covering.covered(tx, [each.leaf_id for each in found]),
        store.looks(tx, [each.on for each in found]),
    )
    return [
        LiabilityDay(
            each.on, each.as_of, tuple(_tree_told(kept) for kept in each.trees), looks.get(each.on, 0),
            each.leaf_id in covered,
        )
        for each in found
    ]  # fmt: skip


def _tree_told(kept: KeptTree) -> TreeTold:
    total, overdrawn = Money(kept.total, kept.currency), Money(kept.overdrawn, kept.currency)
    return TreeTold(kept.root.hex(), total, overdrawn, kept.tree.count)
