"""Run the renewal of time stamps: what runs out soon is ordered at the close of a day, and set with no transaction open."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel import errands
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.errands import Desk, Errand, Wanted
from farthing.kernel.operation import operation, secret
from farthing.kernel.whose import STAFF
from farthing.kit.ids import derived, prefixed
from farthing.kit.inputs import Base64, Day, Id, Size
from farthing.kit.later import Later
from farthing.signing import service, store
from farthing.signing.model import TIMESTAMP_FIELD, Contract
from farthing.signing.renewal import rules

pdf: Any = Later("farthing.signing.pdf")
RENEWAL = "signing.renewal"
AT_ONCE = 500
"""Contracts whose stamps are ordered in a day, the most urgent first: half a year is time enough for those that are left."""


@dataclass(frozen=True, slots=True)
class StampRenewed:
    """Another time stamp over a contract of so many revisions: its field, the bytes that it adds, and its end."""

    errand_id: Id
    revision: Size
    field: Id
    length: Size
    digest: Id
    renew_on: Day
    added_base64: Base64 = secret("")


@operation("signing.renew_stamps", title=rules.RENEWED, permission="kernel:close_day", whose=STAFF)
def renew_stamps(tx: Tx, step: CloseStep) -> Stepped:
    """Order new time stamps over contracts whose last one ends soon; each order once for each state of a contract."""
    due = store.due(tx, step.on, AT_ONCE) if tx.ports.names("tsa") and tx.ports.names("ca") else []
    if due:
        service.authorities(tx)  # keys that have to be made are made now, for whoever stamps only reads
        peer = tx.ports.first("tsa")
        wanted = [
            Wanted(prefixed("renewal", derived(f"{contract_id} after {revision}")), peer, contract_id, revision)
            for contract_id, revision in due
        ]
        errands.write_all(tx, RENEWAL, wanted, renewed, waits=False)
    return Stepped(len(due))


@errands.sender(RENEWAL)
def _renew(desk: Desk, errand: Errand) -> StampRenewed:
    """Set it. Refuses ``signing.stamp_no_longer``, ``signing.timestamp_refused``: then it is tried again, and stands on Today."""
    before, fields, house, at, holds = desk.read(lambda tx: _read(tx, errand))
    lists = house.ca.revocation_lists(at)
    until = rules.holds_until(house.tsa.chain, [*lists, *house.tsa.revocation_lists()])
    rules.check_gain(until, holds)
    field = rules.field_of(fields, TIMESTAMP_FIELD)
    roots = tuple(dict.fromkeys((*house.ca.roots, *house.tsa.roots)))
    after = pdf.renew(before, field, house.tsa, roots, lists, at)
    added = base64.b64encode(after[len(before) :]).decode()
    return StampRenewed(
        errand.id, errand.request, field, len(after), hashlib.sha256(after).hexdigest(), rules.renew_on(until), added
    )  # fmt: skip


def _read(tx: Tx, errand: Errand) -> tuple[bytes, list[str], service.Authorities, Any, date]:
    revisions = store.revisions(tx, errand.subject)
    fields = [each.field for each in revisions]
    stands = store.renewed_on(tx, errand.subject)
    return service.document_at(tx, errand.subject, len(revisions) - 1), fields, service.authorities(tx), tx.now, stands


@operation("signing.stamp_renewed", title=rules.RENEWED, permission=errands.ANSWER, whose=STAFF)
def renewed(tx: Tx, command: StampRenewed) -> Contract:
    """Keep the revision, if the contract is as it was when it was ordered. Refuses ``errands.answered``."""
    contract_id = errands.settle(tx, command.errand_id).subject
    row = service.row_of(tx, contract_id, lock=True)
    revision = store.Revision(command.revision, command.field, command.length, command.digest, None, None, tx.now)
    if not store.add_revision(tx, row, revision, base64.b64decode(command.added_base64)):
        raise Collision("the contract was changed by somebody else")
    store.renew_on(tx, contract_id, command.renew_on)
    told = {"contract_id": contract_id, "contract_sha256": command.digest, "renew_on": str(command.renew_on)}
    evidence.append(tx, "signing.stamp_renewed", told)
    return service.contract_view(tx, contract_id)
