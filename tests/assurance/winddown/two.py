"""Two banks: one that stops, and an empty one that takes its claims over."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date
from typing import Any

from farthing.assurance.winddown import export_service
from farthing.assurance.winddown.export_service import allow_export, seal_export
from farthing.assurance.winddown.folder import KEY, LEAF, MANIFEST, PROOF, Export, manifest_bytes, opened, what_of
from farthing.assurance.winddown.import_service import bring_part, finish_take_over, take_over
from farthing.assurance.winddown.model import (
    AllowExport,
    BringPart,
    FinishTakeOver,
    SealExport,
    TakeOver,
)
from farthing.bank.founding import agreed
from farthing.kernel.settings import Settings
from farthing.town.founding import found
from tests.banks import Bank, Beginning, Shelf

WHY = "the yearly rehearsal"


def exported(bank: Bank) -> dict[str, bytes]:
    """The files of an export of a bank."""
    allowed = agreed(bank.kernel, allow_export, AllowExport(WHY))
    made = bank.read(export_service.write, snapshot=True)
    manifest = manifest_bytes(made.manifest)
    seal = bank.run(seal_export, SealExport(allowed["id"], base64.b64encode(manifest).decode())).seal
    return {
        **made.files, MANIFEST: manifest, LEAF: seal.leaf.encode(), PROOF: seal.proof.encode(), KEY: seal.key.encode(),
    }  # fmt: skip


def empty(shelf: Shelf, name: str, on: date) -> Bank:
    """A bank in which nothing happened yet, on a day."""
    begun = Beginning(f"a servicer on {on}", on, lambda bank: found(bank.kernel, Settings(_env_file=None), on))
    return shelf.begun(name, begun)[0]


def request(export: Export, **changes: Any) -> TakeOver:
    """What two persons agree to."""
    manifest = export.manifest
    values: dict[str, Any] = {
        "bank": manifest.bank, "credit_code": manifest.credit_code, "log_key": export.seal.key,
        "client_money": manifest.sums.get("client_money:CNY", 0), "manifest_sha256": export.sha256,
        "manifest": _64(export.manifest_bytes), "leaf": _64(export.seal.leaf.encode()), "proof": _64(export.seal.proof.encode()),
        "why": WHY,
    }  # fmt: skip
    return TakeOver(**values | changes)


def begin(bank: Bank, export: Export) -> str:
    """Two persons begin to take an export over."""
    return str(agreed(bank.kernel, take_over, request(export))["id"])


def bring(bank: Bank, takeover: str, export: Export, upto: int | None = None) -> None:
    """Bring its parts, or the first of them."""
    steps = [(each.name, False) for each in export.manifest.parts]
    steps += [(each.name, True) for each in export.manifest.parts if what_of(each.name) == "accounts"]
    for name, settling in steps[:upto]:
        bank.run(bring_part, BringPart(takeover, name, _64(export.files[name]), settling))


def taken_over(bank: Bank, files: Mapping[str, bytes]) -> Export:
    """Take over all of an export."""
    export = opened(files)
    takeover = begin(bank, export)
    bring(bank, takeover, export)
    bank.run(finish_take_over, FinishTakeOver(takeover))
    return export


def _64(content: bytes) -> str:
    return base64.b64encode(content).decode()


