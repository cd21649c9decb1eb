"""Two banks: one that stops, and an empty one that takes its claims over."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from farthing.assurance.winddown import export_service
from farthing.assurance.winddown.export_service import allow_export, seal_export
from farthing.assurance.winddown.folder import (
    KEY,
    LEAF,
    MANIFEST,
    PROOF,
    Export,
    coded,
    manifest_bytes,
    opened,
    presented,
    request,
    steps,
)
from farthing.assurance.winddown.import_service import bring_part, finish_take_over, present_manifest, take_over
from farthing.assurance.winddown.model import AllowExport, BringPart, FinishTakeOver, SealExport
from farthing.bank.founding import CAPITAL_ACCOUNT, RESERVES, agreed, found
from farthing.funding.audit_service import verify as verify_notes
from farthing.funding.market.audit_service import verify as verify_market
from farthing.funding.resale.audit_service import verify as verify_resales
from farthing.kernel.settings import Settings
from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify as verify_ledger
from farthing.ledger.meeting.service import verify as verify_evidence
from farthing.ledger.model import AccountSpec, HandEntry, Posting
from farthing.lending.audit.service import verify as verify_loans
from farthing.lending.backing.audit_service import verify as verify_backing
from farthing.lending.deferral import service as deferral
from farthing.lending.groups.audit_service import verify as verify_groups
from farthing.lending.prudence.audit_service import verify as verify_provisions
from farthing.lending.suspense import service as suspense
from farthing.parties import service as parties
from farthing.parties.model import RegisterOrganisation
from tests.banks import Bank, Beginning, Shelf

WHY = "the yearly rehearsal"
SERVICER = RegisterOrganisation("备用服务银行（沙盒）", "91310000MA1FRT002F", "021-55550000")
AUDITS = (
    verify_ledger, verify_loans, verify_notes, verify_market, verify_resales, verify_backing, verify_groups, verify_provisions,
)  # fmt: skip


def exported(bank: Bank) -> dict[str, bytes]:
    """The files of an export of a bank."""
    allowed = agreed(bank.kernel, allow_export, AllowExport(WHY))
    made = bank.read(export_service.write, snapshot=True)
    manifest = manifest_bytes(made.manifest)
    seal = bank.run(seal_export, SealExport(allowed["id"], coded(manifest), coded(made.warrant))).seal
    return {
        **made.files, MANIFEST: manifest, LEAF: seal.leaf.encode(), PROOF: seal.proof.encode(), KEY: seal.key.encode(),
    }  # fmt: skip


def founded(bank: Bank, on: date, policy: str = "cn") -> None:
    """A bank that somebody runs, and that has neither customers nor money."""
    found(bank.kernel, Settings(policy=policy, _env_file=None), on)
    bank.run(parties.appoint_institution, SERVICER)


def capital(bank: Bank, on: date, amount: Money) -> None:
    """The owners of a servicer pay capital in, so that it may pay out loans of its own accord."""
    for path in (RESERVES, CAPITAL_ACCOUNT):
        bank.run(ledger.open_account, ledger.OpenAccount(AccountSpec(path, amount.currency)))
    legs = (Posting(RESERVES, amount), Posting(CAPITAL_ACCOUNT, -amount))
    agreed(bank.kernel, ledger.post_by_hand, HandEntry("paid in", "capital", on, legs, "capital of the owners"))


@contextlib.contextmanager
def empty(shelf: Shelf, on: date, policy: str = "cn") -> Iterator[Bank]:
    """A bank in which nothing happened yet, on a day; gone at the end."""
    begun = Beginning(f"a servicer on {on} under {policy}", on, lambda bank: founded(bank, on, policy))
    bank, _ = shelf.begun("servicer", begun)
    try:
        yield bank
    finally:
        bank.kernel.database.close()
        shelf.discard("servicer")


def begin(bank: Bank, export: Export, **changes: Any) -> str:
    """Two persons agree to take an export over, and its manifest is presented."""
    takeover = str(agreed(bank.kernel, take_over, replace(request(export, WHY), **changes))["id"])
    bank.run(present_manifest, presented(export, takeover))
    return takeover


def bring(bank: Bank, takeover: str, export: Export, upto: int | None = None) -> None:
    """Bring its parts, or the first of them."""
    for name, settling in steps(export.manifest)[:upto]:
        bank.run(bring_part, BringPart(takeover, name, coded(export.files[name]), settling))


def taken_over(bank: Bank, files: Mapping[str, bytes]) -> Export:
    """Take over all of an export."""
    export = opened(files)
    takeover = begin(bank, export)
    bring(bank, takeover, export)
    bank.run(finish_take_over, FinishTakeOver(takeover))
    return export


def verified(bank: Bank) -> list[Finding]:
    """What `farthing verify` finds of books, log, loans and notes."""
    read = bank.read
    found = [finding for audit in AUDITS for finding in read(audit, snapshot=True).findings]
    found += [finding for audit in (suspense.verify, deferral.verify) for finding in read(audit, snapshot=True)]
    log, met = read(verify_evidence, snapshot=True)
    return [*found, *log.findings, *met]
