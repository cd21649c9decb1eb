"""Run evidence packages of any subject: listed in the log, which is signed; written once the checkpoint is stamped."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from farthing.assurance import publishing_service as publishing
from farthing.assurance import rules
from farthing.db.tx import Tx
from farthing.evidence import confirmations_service as confirming
from farthing.evidence import service as evidence
from farthing.evidence.package import Parts, inventory
from farthing.kernel.operation import Asked, decode
from farthing.kit.canonical import canonical, plain
from farthing.kit.software import bill_of_materials
from farthing.signing import service as signing
from farthing.signing.acts import service as acts
from farthing.signing.contests import service as contests
from farthing.signing.custody import service as custody

PartsOf = Callable[[Tx, str, datetime, Sequence[bytes]], Parts]
"""Makes the parts of a subject's package, as of an instant, with these revocation lists."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a package was listed with: so much is kept while its checkpoint is stamped, the rest is read again."""

    subject: str
    made_at: datetime
    revocation_lists: tuple[str, ...]
    leaves: tuple[str, ...]
    size: int


def sealed(
    tx: Tx, contract_id: str, *, subject: str, title: str, made_at: datetime, lists: Sequence[bytes],
    records: Mapping[str, Any], journal: Sequence[Mapping[str, Any]] = (), journal_text: str = "",
) -> Parts:  # fmt: skip
    """The parts of a package about a sealed contract: its document and terms, what checks them, and what is told beside."""
    certificates = signing.certificates(tx, contract_id)
    return Parts(
        subject=subject,
        title=title,
        made_at=made_at,
        contract=signing.document(tx, contract_id),
        terms=signing.terms_json(tx, contract_id),
        journal=journal,
        journal_text=journal_text,
        records={**records, "custody": plain(custody.told(tx, contract_id))},
        roots=rules.pem([*certificates.roots, *certificates.tsa_chain[-1:]]),
        chain=rules.pem([*certificates.certificates, *certificates.tsa_chain[:-1]]),
        revocation_lists=lists,
        software=bill_of_materials(),
    )


def beside(tx: Tx, contract_id: str, about: Iterable[str], at: datetime) -> dict[str, Any]:
    """Records of any contract, where there is such: what was shown to whoever confirmed by a key, who contested it by then."""
    found = {
        "confirmations": confirming.confirmations(tx, about),
        "contests": contests.told(tx, contract_id, at),
    }
    return {name: value for name, value in found.items() if value}


def listed(
    tx: Tx, subject: str, parts: Parts, about: Iterable[str], lists: Sequence[bytes],
) -> Asked:  # fmt: skip
    """List a package in the log with the leaves ``about`` some ids, and have the log signed and vouched for."""
    publishing.settled_key(tx)
    found = [leaf for each in about for leaf in evidence.leaves_about(tx, each)]
    leaves = dict.fromkeys(leaf.name for leaf in (*confirming.registrations(tx, found), *found))
    size, ids = evidence.list_package(tx, parts, list(leaves), witnesses=publishing.promised(tx))
    kept = tuple(base64.b64encode(each).decode() for each in lists)
    kept_with = Listed(subject, tx.now, kept, ids, size)
    return Asked(canonical(kept_with).decode(), publishing.publishing(tx, size))


def inventory_leaf(asked: Asked) -> str:
    """The leaf that lists a package: what is in it is fixed by that."""
    found: Listed = decode(Listed, json.loads(asked.subject))
    return found.leaves[-1]


def written(tx: Tx, asked: Asked, parts_of: PartsOf) -> tuple[str, bytes]:
    """The subject and the bytes of a package that was listed; refuses ``assurance.log_unsigned``,
    ``assurance.cosignature_awaited``, ``signing.authority_awaited``, ``assurance.package_changed``."""
    found: Listed = decode(Listed, json.loads(asked.subject))
    said = evidence.leaf(tx, found.leaves[-1]).content["data"]
    made = publishing.vouched(tx, found.size, [str(key) for key in said["keys"][1:]])
    if made.token is None:
        acts.require_made(tx, Asked(made.root.hex(), (publishing.stamping(made),)))
    lists = [base64.b64decode(each) for each in found.revocation_lists]
    parts = parts_of(tx, found.subject, found.made_at, lists)
    if plain(inventory(parts, found.leaves[:-1], timestamped=True, keys=said["keys"])) != said:
        raise rules.PACKAGE_CHANGED(subject=found.subject)
    return found.subject, evidence.write_package(tx, parts, found.leaves, made.size)
