"""Run the export for a backup servicer: two persons let it be made, it is read of one state of the books, the log learns of it.

Never changes a claim. What is read is personal throughout; who may have it is decided by two persons each time.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from farthing import __version__
from farthing.assurance import publishing_service as publishing
from farthing.assurance.winddown import store
from farthing.assurance.winddown.claims import claims, papers, sums
from farthing.assurance.winddown.folder import (
    EXPORTED,
    MANIFEST,
    content_of,
    leaf_of,
    manifest_bytes,
    manifest_of,
    part,
    parted,
    text_of,
)
from farthing.assurance.winddown.model import (
    FORMAT,
    AllowExport,
    Manifest,
    Seal,
    Sealed,
    SealExport,
    WindDown,
)
from farthing.assurance.winddown.opening import opening
from farthing.assurance.winddown.pledges import moved, onto
from farthing.assurance.winddown.records import Records, account_line
from farthing.assurance.winddown.refusals import CLEARING, NOT_ALLOWED, NOT_MADE_HERE
from farthing.assurance.winddown.sealed_service import OPENED
from farthing.assurance.winddown.tables import CLAIMS, KEPT, LEFT_OUT, TABLES
from farthing.db import carry
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.operation import Asked, decode, operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.canonical import canonical
from farthing.kit.words import Words
from farthing.ledger.carrying import service as carrying
from farthing.ledger.export import record
from farthing.ledger.model import Posted
from farthing.lending.audit.service import ACTS
from farthing.lending.books_service import POSTED
from farthing.parties import service as parties
from farthing.payments.tills.rules import reference as cash_reference
from farthing.payments.wallets import wallet_path
from farthing.products import service as products
from farthing.signing import service as signing

STORY = tuple(ACTS)
"""Leaves without which nobody knows what was told of a loan: acts on it."""
GOOD_FOR = timedelta(days=7)
"""How long an export that was allowed may be made."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """The files of an export but for its seal, and its manifest; ``warrant``: :func:`warrant_of`."""

    manifest: Manifest
    files: dict[str, bytes]
    warrant: bytes


def allowed_seen(_: AllowExport, result: WindDown) -> dict[str, Any]:
    """What the second person must have seen: all customers of which bank."""
    return {"bank": result.bank}


@operation(
    "assurance.allow_export", title=Words("Export all claims for a backup servicer", "导出全部债权（移交备用服务机构）"),
    permission="assurance:wind_down", four_eyes=True, whose=STAFF, confirm=allowed_seen,
)  # fmt: skip
def allow_export(tx: Tx, command: AllowExport) -> WindDown:
    """Let one export be made within seven days, which two persons must want: it holds what is personal of every customer."""
    bank = parties.institution(tx)
    made = WindDown(
        tx.new_id("export"), "out", "allowed", bank.name, command.why, tx.now, tx.business_date, None, None, None
    )  # fmt: skip
    store.begin(tx, made, secret=tx.ids.octets(32))
    return made


@dataclass(frozen=True, slots=True)
class Entered:
    """A manifest that was entered in the log, by a leaf of a tree of ``size`` leaves that is to be signed."""

    export_id: str
    manifest_sha256: str
    leaf_id: str
    size: int


def _sealed(tx: Tx, asked: Asked) -> Sealed:
    """The seal of an export that was entered; refuses ``assurance.log_unsigned``."""
    found: Entered = decode(Entered, json.loads(asked.subject))
    made = publishing.covering(tx, found.size)
    proof, leaf = evidence.tlog_proof(tx, found.leaf_id, made.size), evidence.leaf(tx, found.leaf_id)
    return Sealed(found.export_id, found.manifest_sha256, Seal(leaf.body.decode(), proof, evidence.log_vkey(tx)))


@operation(
    "assurance.seal_export", title=Words("Seal an export", "封存移交资料"), permission="assurance:wind_down", whose=STAFF,
    conclude=_sealed,
)  # fmt: skip
def seal_export(tx: Tx, command: SealExport) -> Asked:
    """Enter the manifest of an export that was written in the log, and have the log signed: only one that this bank made of its
    own books. Refuses ``wind_down.damaged``, ``wind_down.not_allowed`` and ``wind_down.not_made_here``."""
    content = content_of(MANIFEST, command.manifest)
    manifest, digest = manifest_of(content), hashlib.sha256(content).hexdigest()
    found = store.find(tx, command.export_id, lock=True)
    if found is None or not _usable(tx, found[0]):
        raise NOT_ALLOWED(export_id=command.export_id)
    if not hmac.compare_digest(content_of(MANIFEST, command.warrant), warrant_of(tx, command.export_id, content)):
        raise NOT_MADE_HERE()
    store.move(tx, command.export_id, "allowed", "sealed", digest, manifest.sums)
    said = {
        "export_id": command.export_id,
        "manifest_sha256": digest,
        "business_date": manifest.business_date.isoformat(),
    }
    leaf_id = evidence.append(tx, EXPORTED, said)
    size = evidence.integrate_all(tx)
    entered = Entered(command.export_id, digest, leaf_id, size)
    return Asked(canonical(entered).decode(), publishing.publishing(tx, size))


@question("assurance.wind_downs", permission="reports:read", whose=STAFF)
def wind_downs(tx: Tx) -> list[WindDown]:
    """Exports for a backup servicer and take-overs, the latest first."""
    return store.listed(tx, 100)


@question("assurance.export_allowed", permission="assurance:wind_down", whose=STAFF)
def export_allowed(tx: Tx) -> WindDown | None:
    """The export that two persons allowed and nobody has made yet."""
    return next((each for each in store.listed(tx, 100) if _usable(tx, each)), None)


def warrant_of(tx: Tx, export_id: str, manifest: bytes) -> bytes:
    """That this bank made a manifest: by the secret of the export that two persons allowed, which leaves the database nowhere."""
    return hmac.digest(store.secret(tx, export_id), manifest, "sha256")


def _usable(tx: Tx, each: WindDown) -> bool:
    return each.way == "out" and each.state == "allowed" and tx.now - each.begun_at <= GOOD_FOR


def write(tx: Tx, progress: Progress = lambda _n, _m: None) -> Written:
    """Read all that a servicer needs, of one state of the books (``kernel.read(..., snapshot=True)``).

    Refuses ``wind_down.clearing`` while a batch of the marketplace is not done.
    """
    bank, loans = parties.institution(tx), store.loans(tx)
    chosen = {
        "people": sorted(store.people(tx) - {bank.id}), "offers": [row["offer_id"] for row in loans],
        "decisions": [row["decision_id"] for row in loans],
        "contracts": [row["contract_id"] for row in loans if row["contract_id"]],
    }  # fmt: skip
    whole = len(TABLES) + 3
    lines: dict[str, list[str]] = {}
    for number, table in enumerate(TABLES):
        found = list(carry.read(tx, table.name, (table.column, chosen[table.of]) if table.of else None))
        lines[table.name] = OPENED[table.name](tx, table.name, found) if table.name in OPENED else found
        progress(number, whole)
    for line in lines["market_batch"]:
        if json.loads(line)["state"] != "done":
            raise CLEARING(batch=json.loads(line)["id"])
    ids = [row["id"] for row in loans]
    lines["leaves"] = list(_leaves(tx, ids))
    pledged = moved(lines["loan_pledge"], lines["wallet"], tx.home, tx.now)
    lines |= {"loan_pledge": pledged.pledges, "wallet": pledged.wallets}
    wallets = [wallet_path(row["party_id"], row["currency"], tx.home) for row in map(json.loads, lines["wallet"])]
    named = [f"market:resale:{each}" for each in store.resales(tx)] + [cash_reference(each) for each in store.cash(tx)]
    touched = carrying.touching(tx, (*CLAIMS,), named, wallets, KEPT)
    accounts = opening(onto(touched.accounts, pledged), touched.entries, bank.number, tx.home)
    lines["accounts"] = list(map(account_line, accounts))
    lines["journal"] = list(_journal(tx, touched.entries, ids))
    progress(whole - 2, whole)
    return _written(tx, lines, {row["id"]: row["contract_id"] for row in loans if row["contract_id"]}, touched.entries)


def _written(
    tx: Tx, lines: dict[str, list[str]], contracts: dict[str, str], entries: tuple[Posted, ...]
) -> Written:  # fmt: skip
    bank = parties.institution(tx)
    records = Records(tx.home, lines)
    found = claims(records)
    order = [*(table.name for table in TABLES), "leaves", "accounts", "journal"]
    parts = {name: text_of(some) for what in order for name, some in parted(what, lines[what])}
    written = {f"papers/{name}": content for name, content in papers(records, found, tx.business_date).items()}
    written |= {f"contracts/{loan_id}.pdf": signing.document(tx, contract) for loan_id, contract in contracts.items()}
    manifest = Manifest(
        FORMAT, bank.name, bank.number, tx.home, products.policy_in_force(tx).name.en, carry.schema(tx), __version__,
        tx.business_date, tx.now, min((each.entry.effective_on for each in entries), default=tx.business_date),
        sums(records, found), tuple(part(*each) for each in parts.items()), tuple(part(*each) for each in written.items()),
        tuple(LEFT_OUT),
    )  # fmt: skip
    allowed = export_allowed(tx)
    warrant = b"" if allowed is None else warrant_of(tx, allowed.id, manifest_bytes(manifest))
    return Written(manifest, parts | written, warrant)


def _leaves(tx: Tx, ids: list[str]) -> Iterator[str]:
    """What the log says of loans, but for the entries: those are named anew."""
    for leaf in evidence.leaves_of_kinds(tx, ids, list(STORY)):
        content = leaf.content
        data = {name: value for name, value in content["data"].items() if name != "posted"}
        yield leaf_of(leaf.kind, data, str(content["recorded_at"]))


def _journal(tx: Tx, entries: tuple[Posted, ...], ids: list[str]) -> Iterator[str]:
    of = {
        item["id"]: leaf.content["data"]["loan_id"]
        for leaf in evidence.leaves_of_kinds(tx, ids, [POSTED])
        for item in leaf.content["data"]["journal_entries"]
    }
    for posted in entries:
        yield json.dumps({**record(posted), "loan_id": of.get(str(posted.id))}, ensure_ascii=False)
