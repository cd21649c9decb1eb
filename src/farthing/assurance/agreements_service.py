"""Run the evidence package of an agreement: text, terms, form, who signed and how well known, certificates, log proofs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from farthing.assurance import packaging_service as packaging
from farthing.assurance import rules
from farthing.db.tx import Tx
from farthing.evidence.package import Parts
from farthing.kernel.operation import Asked, operation, secret
from farthing.kernel.whose import of
from farthing.kit.canonical import plain
from farthing.kit.inputs import Id
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.signing import service as signing
from farthing.signing.agreements import service as agreements


@dataclass(frozen=True, slots=True)
class PackageAgreement:
    """Ask for the evidence of an agreement, as one of its parties."""

    party_id: Id
    agreement_id: Id


@dataclass(frozen=True, slots=True)
class AgreementPackaged:
    """An evidence package: its digest, and its bytes (base64)."""

    agreement_id: str
    sha256: str
    content_base64: str = secret()


def _packaged(tx: Tx, asked: Asked) -> AgreementPackaged:
    agreement_id, content = packaging.written(tx, asked, agreement_parts)
    return AgreementPackaged(agreement_id, hashlib.sha256(content).hexdigest(), base64.b64encode(content).decode())


@operation(
    "assurance.package_agreement", title=Words("Package an agreement's evidence", "打包合同证据"),
    permission="evidence:read", whose=of("party_id"), conclude=_packaged,
)  # fmt: skip
def package_agreement(tx: Tx, command: PackageAgreement) -> Asked:
    """Write the evidence package of an agreement that is in force, or was: the same checker judges it as a loan's, and
    ``standing`` says that it ended, where somebody stepped back from it.

    Refuses ``signing.unknown_agreement``, ``signing.not_sealed``, ``signing.not_effective``, ``assurance.package_changed``.
    """
    found = agreements.own_agreement(tx, command.party_id, command.agreement_id)
    contract = signing.require_effective(tx, found.id)
    lists = signing.certificates(tx, contract.id).revocation_lists
    return packaging.listed(tx, found.id, agreement_parts(tx, found.id, tx.now, lists), (found.id,), lists)


def agreement_parts(tx: Tx, agreement_id: str, made_at: datetime, revocation_lists: Sequence[bytes]) -> Parts:
    """What the package of an agreement is made of, as it stands."""
    found = agreements.agreement(tx, agreement_id)
    people = parties.parties(tx, sorted({each.party_id for each in found.parties}))
    who = [
        {"role": each.role, **rules.identity(people[each.party_id], parties.verifications(tx, each.party_id))}
        for each in found.parties
    ]
    return packaging.sealed(
        tx, agreement_id, subject=agreement_id, title=f"Agreement {agreement_id}", made_at=made_at, lists=revocation_lists,
        records={
            "form": plain(signing.form_of_contract(tx, agreement_id)), "identity": who,
            **packaging.beside(tx, agreement_id, (agreement_id,), made_at),
            "standing": {"state": found.state, "effective_on": plain(found.effective_on), "ended_on": plain(found.ended_on)},
        },
    )  # fmt: skip
