"""Run the taking over of what another bank exported: two persons begin it, parts are brought in any number of goes, and it ends
once every account holds what the manifest says.

Whatever was brought is not brought again: killed half-way, the same import goes on to the same. Never into a bank that has
customers, loans, wallets, deposits or listings of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from farthing.assurance.winddown import store
from farthing.assurance.winddown.folder import (
    LEAF,
    MANIFEST,
    PROOF,
    client_money,
    content_of,
    damaged,
    lines_of,
    manifest_of,
    part,
    require_effective,
    sealed,
    steps,
    what_of,
)
from farthing.assurance.winddown.model import (
    BringPart,
    Brought,
    FinishTakeOver,
    Manifest,
    PresentManifest,
    TakeOver,
    WindDown,
)
from farthing.assurance.winddown.records import Account, account_of, entry_of
from farthing.assurance.winddown.refusals import (
    DAMAGED,
    EARLY,
    KNOWN_OTHERWISE,
    NOT_EMPTY,
    OTHER_TERMS,
    TAKEN_OVER,
    UNDER_WAY,
    UNFINISHED,
    UNKNOWN,
)
from farthing.assurance.winddown.sealed_service import FIRST_OF_KEY, OPENED, TAKEN
from farthing.assurance.winddown.tables import OWN, TABLES, transfer
from farthing.db import carry
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.funding.settling import service as settling
from farthing.kernel.operation import decode, operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.canonical import plain
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import named
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posted, Posting, account_id
from farthing.lending.backing import service as backing
from farthing.lending.books_service import POSTED
from farthing.products import service as products

SETTLED = "settled "
COUNTED = {
    "loans": Words("loans", "笔贷款"), "wallets": Words("wallets", "个钱包"), "deposits": Words("deposits", "笔存款"),
    "listings": Words("listings", "个标的"), "lenders": Words("lenders", "名出借人"),
    "customers": Words("customers", "名客户"),
}  # fmt: skip
CARRIED = frozenset(each.name for each in TABLES)


def _begun(tx: Tx) -> WindDown | None:
    """The take-over whose parts come, or came; else the one that was agreed to last."""
    found = [each for each in store.listed(tx, 100) if each.way == "in"]
    return next((each for each in found if each.state != "allowed"), found[0] if found else None)


def taken_seen(command: TakeOver, result: WindDown) -> dict[str, Any]:
    """What the second person must have seen: whose claims, and which money comes with them."""
    money = str(command.client_money)
    return {"bank": result.bank, "manifest_sha256": result.manifest_sha256, "client_money": money}


@operation(
    "assurance.take_over", title=Words("Take over another bank's claims", "接管其他机构的债权"),
    permission="assurance:wind_down", four_eyes=True, whose=STAFF, confirm=taken_seen,
)  # fmt: skip
def take_over(tx: Tx, command: TakeOver) -> WindDown:
    """Agree to take over what a bank exported, which two persons must want who say whose it is and what money comes with it.

    Refuses ``wind_down.taken_over``, ``wind_down.under_way`` and ``wind_down.not_empty``.
    """
    _require_none(tx)
    _require_empty(tx)
    made = WindDown(
        tx.new_id("takeover"), "in", "allowed", command.bank, command.why, tx.now, tx.business_date, None,
        command.manifest_sha256, None,
    )  # fmt: skip
    store.begin(tx, made, plain(command))
    return made


@operation(
    "assurance.present_manifest", title=Words("Present what is taken over", "提交接管清单"),
    permission="assurance:wind_down", whose=STAFF,
)  # fmt: skip
def present_manifest(tx: Tx, command: PresentManifest) -> WindDown:
    """Begin to take over what two persons agreed to: its manifest must be the one they named, known to the log that they named.

    Refuses ``wind_down.unknown``, ``wind_down.taken_over``, ``wind_down.under_way``, ``wind_down.unsealed``,
    ``wind_down.other_terms``, ``wind_down.early``, ``wind_down.damaged`` and ``wind_down.not_empty``.
    """
    found = store.find(tx, command.takeover_id, lock=True)
    if found is None or found[0].way != "in":
        raise UNKNOWN(takeover_id=command.takeover_id)
    taken, agreed, there = found
    content = content_of(MANIFEST, command.manifest)
    if there and there == content:
        return taken
    _require_none(tx)
    wanted: TakeOver = decode(TakeOver, agreed)
    leaf, proof = content_of(LEAF, command.leaf), content_of(PROOF, command.proof)
    manifest = require_effective(content, sealed(leaf, proof, wanted.log_key.encode()), wanted.log_key)
    _require_terms(tx, manifest)
    said = (wanted.bank, wanted.credit_code, wanted.manifest_sha256, wanted.client_money)
    if said != (manifest.bank, manifest.credit_code, hashlib.sha256(content).hexdigest(), client_money(manifest)):
        raise damaged("manifest.json", "says another bank, digest or sum", "所载机构、摘要或金额与申请不同")
    _require_empty(tx)
    store.present(tx, taken.id, content, manifest.sums)
    return replace(taken, state="taking", sums=manifest.sums)


def _require_empty(tx: Tx) -> None:
    for name, count in store.there(tx).items():
        if count:
            raise NOT_EMPTY(count=count, what=COUNTED[name].en, what_zh=COUNTED[name].zh)


def _require_none(tx: Tx) -> None:
    begun = _begun(tx)
    if begun is not None and begun.state == "done":
        raise TAKEN_OVER(bank=begun.bank, on=begun.begun_on)
    if begun is not None and begun.state == "taking":
        raise UNDER_WAY(sha256=begun.manifest_sha256)


def _require_terms(tx: Tx, manifest: Manifest) -> None:
    """The same currency, law and schema, and a day that has come."""
    for what, what_zh, theirs, ours in (
        ("currency", "本位币", manifest.home, tx.home),
        ("law", "政策包", manifest.law, products.policy_in_force(tx).name.en),
        ("schema", "数据结构版本", manifest.schema, carry.schema(tx)),
    ):
        if theirs != ours:
            raise OTHER_TERMS(what=what, what_zh=what_zh, theirs=theirs, ours=ours)
    if tx.business_date < manifest.business_date:
        raise EARLY(theirs=manifest.business_date, ours=tx.business_date)


@question("assurance.taking_over", permission="assurance:wind_down", whose=STAFF)
def taking_over(tx: Tx) -> WindDown | None:
    """The take-over that was agreed to, is under way or was done here, if there is one."""
    return _begun(tx)


@operation(
    "assurance.bring_part", title=Words("Bring a part of what is taken over", "移入接管资料"),
    permission="assurance:wind_down", whose=STAFF,
)  # fmt: skip
def bring_part(tx: Tx, command: BringPart) -> Brought:
    """Bring a part of what two persons agreed to take over, once, and in its turn: what comes before a part is what it rests on.

    Refuses ``wind_down.unknown``, ``wind_down.damaged``, ``wind_down.unfinished`` of a part whose turn has not come, and
    ``wind_down.known_otherwise``.
    """
    found = store.find(tx, command.takeover_id, lock=True)
    if found is None or found[0].state != "taking":
        raise UNKNOWN(takeover_id=command.takeover_id)
    taken, manifest = found[0], manifest_of(found[2])
    content = content_of(command.name, command.content)
    if part(command.name, content) not in manifest.parts:
        raise damaged(command.name, "is not a part that the manifest names", "不是清单所载的部分")
    step = SETTLED + command.name if command.settling else command.name
    _require(tx, taken, manifest, step)
    if not store.bring(tx, taken.id, step):
        return Brought(taken.id, command.name, 0)
    lines, what = lines_of(content), what_of(command.name)
    return Brought(taken.id, command.name, _bring(tx, taken, manifest, what, lines, settling=command.settling))


def _require(tx: Tx, taken: WindDown, manifest: Manifest, upto: str = "") -> None:
    """Refuse where something was not brought of all steps, or of those before one."""
    wanted = [SETTLED + name if settling else name for name, settling in steps(manifest)]
    there = store.brought(tx, taken.id)
    missing = [name for name in wanted[: wanted.index(upto) if upto in wanted else None] if name not in there]
    if missing:
        raise UNFINISHED(count=len(missing), name=missing[0])


def _bring(
    tx: Tx, taken: WindDown, manifest: Manifest, what: str, lines: Sequence[str], *, settling: bool
) -> int:  # fmt: skip
    if what == "accounts":
        accounts = [account_of(line) for line in lines]
        return _settle(tx, taken, manifest, accounts) if settling else _open(tx, taken, manifest, accounts)
    if what == "journal":
        return _post(tx, lines)
    if what == "leaves":
        told = [json.loads(line) for line in lines]
        return len(evidence.append_many(tx, [(each["kind"], {**each["data"], "carried": True}) for each in told]))
    if what not in CARRIED:
        raise DAMAGED(problem=f"{what} is no table that is carried", problem_zh=f"{what} 不是可移交的数据")
    if what in TAKEN:
        return _sealed(tx, what, lines)
    new = carry.write(tx, what, lines)
    other = carry.otherwise(tx, what, lines) if new < len(lines) and what not in OWN else None
    if other is not None:
        raise KNOWN_OTHERWISE(what=what, key=other)
    return new


def _sealed(tx: Tx, what: str, lines: Sequence[str]) -> int:
    """Write what was told of people, sealed under this bank's own keys; what was here already must say the same."""
    kept, key = TAKEN[what](tx, what, lines), FIRST_OF_KEY.get(what, "id")
    new = carry.write(tx, what, kept)
    if new < len(lines):
        ids = [str(json.loads(line)[key]) for line in kept]
        there = {_row(line) for line in OPENED[what](tx, what, list(carry.read(tx, what, (key, ids))))}
        other = next((str(json.loads(line)[key]) for line in lines if _row(line) not in there), None)
        if other is not None:
            raise KNOWN_OTHERWISE(what=what, key=other)
    return new


def _row(line: str) -> str:
    """A row whatever the order and the spaces of its line."""
    return json.dumps(json.loads(line), sort_keys=True)


def _open(tx: Tx, taken: WindDown, manifest: Manifest, accounts: Sequence[Account]) -> int:
    """Open accounts, and lay on each what must be there before its entries come."""
    ledger.open_accounts(tx, [each.spec for each in accounts])
    moving = [(each, each.before) for each in accounts if each.before]
    return _move(tx, taken, manifest, "opening", moving, manifest.first_on)


def _settle(tx: Tx, taken: WindDown, manifest: Manifest, accounts: Sequence[Account]) -> int:
    """Bring accounts to what they must hold, once all entries came."""
    there = ledger.balances_of(tx, [each.spec.path for each in accounts])
    moving = [(each, each.balance - there[each.spec.path].balance.minor) for each in reversed(accounts)]
    return _move(tx, taken, manifest, "settling", [each for each in moving if each[1]], tx.business_date)


def _move(
    tx: Tx, taken: WindDown, manifest: Manifest, step: str, moving: Sequence[tuple[Account, int]], on: date
) -> int:  # fmt: skip
    """What is laid on accounts, or taken off, against what the old bank is owed.

    liabilities:wallets:W          -what is its owner's
        liabilities:transfer:CODE  the same
    """
    against = {each.spec.currency: transfer(manifest.credit_code, each.spec.currency, tx.home) for each, _ in moving}
    ledger.open_accounts(tx, [AccountSpec(path, currency) for currency, path in against.items()])
    entries = [
        JournalEntry(
            f"wind-down:{taken.id}:{step}:{account_id(each.spec.path)}", "taken-over", on,
            (
                Posting(each.spec.path, Money(minor, each.spec.currency)),
                Posting(against[each.spec.currency], Money(-minor, each.spec.currency)),
            ),
            "接管 taken over",
        )
        for each, minor in moving
    ]  # fmt: skip
    return len(ledger.post_all(tx, entries))


def _post(tx: Tx, lines: Sequence[str]) -> int:
    """Post entries as they were posted, in their order; and let the log name those of each loan."""
    entries = [entry_of(line) for line in lines]
    posted = ledger.post_all(tx, [replace(each.entry, linked=False) for each in entries])
    loans: dict[str, list[Posted]] = {}
    for each, done in zip(entries, posted, strict=True):
        if each.loan_id is not None and not done.existed:
            loans.setdefault(each.loan_id, []).append(done)
    evidence.append_many(tx, [
        (POSTED, {"loan_id": loan_id, "journal_entries": named.digests(some)}) for loan_id, some in loans.items()
    ])  # fmt: skip
    return sum(not each.existed for each in posted)


@operation(
    "assurance.finish_take_over", title=Words("Finish taking over", "完成接管"), permission="assurance:wind_down", whose=STAFF,
)  # fmt: skip
def finish_take_over(tx: Tx, command: FinishTakeOver) -> WindDown:
    """End a take-over of which every part was brought: statements of partners begin with what their accounts hold, and what is
    pledged is held where it lies now.

    Refuses ``wind_down.unknown`` and ``wind_down.unfinished``.
    """
    found = store.find(tx, command.takeover_id, lock=True)
    if found is None:
        raise UNKNOWN(takeover_id=command.takeover_id)
    taken, manifest = found[0], manifest_of(found[2])
    if taken.state == "done":
        return taken
    _require(tx, taken, manifest)
    settling.begin_anew(tx)
    backing.hold_anew(tx)
    store.move(tx, taken.id, "taking", "done", str(taken.manifest_sha256), manifest.sums)
    return replace(taken, state="done", done_at=tx.now)
