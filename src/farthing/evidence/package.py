"""Own the evidence package: a deterministic zip of everything about one subject, and the checker that judges it.

Layout, format ``farthing-evidence/1`` (`docs/guides/evidence.md`)::

    checker/*.py                   the checker's text, to be read; nothing in a package is there to be run
    HOWTO.en.txt, HOWTO.zh.txt
    package.json                   {format, subject, title, made_at, software}
    contract.pdf, terms.json       optional; terms.json is the byte string attached inside the contract
    journal/journal.txt, .json     optional; JSON {"entries": [{id, reference, ..., postings: [{account, amount}]}]}
    records/NAME.json              identity, consents, views, decision, ...: canonical JSON
    certificates/roots.pem         roots of signers and timestamp authorities
    certificates/chain.pem         every other certificate
    crls/NN.crl                    revocation lists (DER), made after signing
    log/checkpoint.txt, .tst       the cosigned note, and the RFC 3161 token over the log's own note
    log/keys.txt                   C2SP verifier keys: the log's first, then witnesses'
    log/leaves/LEAF.json           exact leaf bytes        log/leaves/LEAF.tlog-proof
    manifest-sha256.txt            ``sha256sum`` format, every member but itself

The last leaf, of kind ``evidence.package``, is the *inventory*: digests of all members outside ``log/``. So the
content is bound to the log twice: by the facts' own leaves, and as a whole. Pure: never reads a clock or a table.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from typing import Any

from farthing.evidence import howto
from farthing.evidence.model import Checkpoint, Leaf
from farthing.kit.canonical import canonical, digest, plain
from farthing.kit.errors import InvariantBroken

FORMAT = "farthing-evidence/1"
INVENTORY = "evidence.package"
JOURNAL = "evidence.journal"
MANIFEST = "manifest-sha256.txt"

_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Parts:
    """What a package is made of, apart from the log.

    ``contract`` is the sealed PDF and ``terms`` the canonical JSON bytes attached in it. ``journal`` is a list of
    entries with ``id`` (text) and ``postings`` of ``{account, amount: {currency, minor}}``, ``journal_text`` the
    same in plain-text accounting form. ``records`` maps a name to any value with a canonical form, already
    redacted. ``roots`` and ``chain`` are PEM, ``revocation_lists`` DER.
    """

    subject: str
    title: str
    made_at: datetime
    contract: bytes | None = None
    terms: bytes | None = None
    journal: Sequence[Mapping[str, Any]] = ()
    journal_text: str = ""
    records: Mapping[str, Any] = field(default_factory=dict)
    roots: bytes = b""
    chain: bytes = b""
    revocation_lists: Sequence[bytes] = ()
    software: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LogParts:
    """The log's side: the checkpoint, leaves with their ``.tlog-proof`` texts, and verifier keys (log's first)."""

    checkpoint: Checkpoint
    leaves: Sequence[tuple[Leaf, str]]
    keys: Sequence[str]


def journal_digests(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What a leaf says of journal entries, under the key ``journal_entries``: id and digest of each.

    The digest is SHA-256 of the canonical JSON of the whole entry as it will stand in ``journal.json``.
    """
    return [{"id": str(entry["id"]), "digest": digest(entry).hex()} for entry in entries]


def named_entries(value: Any) -> Iterator[dict[str, str]]:
    """Every ``{id, digest}`` under a key ``journal_entries``, at any depth of a leaf's data."""
    if isinstance(value, dict):
        yield from value.get("journal_entries", ())
        for item in value.values():
            yield from named_entries(item)
    elif isinstance(value, list):
        for item in value:
            yield from named_entries(item)


def checker_files() -> dict[str, bytes]:
    """The text of the checker, which runs by itself as ``python3 -m checker``: name -> bytes."""
    return {
        f"checker/{source.name}": source.read_bytes()
        for source in resources.files("farthing.evidence.checker").iterdir()
        if source.name.endswith(".py")
    }


def members(parts: Parts) -> dict[str, bytes]:
    """The files of a package outside ``log/`` and the manifest: name -> bytes."""
    about = {
        "format": FORMAT,
        "subject": parts.subject,
        "title": parts.title,
        "made_at": parts.made_at,
        "software": parts.software,
    }
    found = {
        "HOWTO.en.txt": howto.ENGLISH.encode(),
        "HOWTO.zh.txt": howto.CHINESE.encode(),
        "package.json": canonical(about),
        "certificates/roots.pem": parts.roots,
        "certificates/chain.pem": parts.chain,
    }
    found.update(checker_files())
    if parts.contract is not None:
        found["contract.pdf"] = parts.contract
    if parts.terms is not None:
        found["terms.json"] = parts.terms
    if parts.journal:
        found["journal/journal.json"] = canonical({"entries": [plain(entry) for entry in parts.journal]})
        found["journal/journal.txt"] = parts.journal_text.encode()
    for name, value in parts.records.items():
        found[f"records/{name}.json"] = canonical(value)
    for index, raw in enumerate(parts.revocation_lists):
        found[f"crls/{index:02}.crl"] = raw
    return found


def inventory(
    parts: Parts, leaf_ids: Iterable[str], *, timestamped: bool = False, keys: Iterable[str] = ()
) -> dict[str, Any]:
    """The data of the inventory leaf: which members with which digests, and which leaves, belong to the package.

    ``timestamped`` and ``keys`` (the log's and its witnesses') promise what the checkpoint will carry, so that it
    cannot be taken away again without the log saying so.
    """
    digests = {name: hashlib.sha256(raw).hexdigest() for name, raw in members(parts).items()}
    return {
        "format": FORMAT, "subject": parts.subject, "members": digests, "leaves": sorted(leaf_ids),
        "timestamped": timestamped, "keys": list(keys),
    }  # fmt: skip


def build(parts: Parts, log: LogParts) -> bytes:
    """The zip. Same parts, same bytes: members sorted, times fixed.

    Among the leaves must be the inventory of exactly these parts; a broken invariant otherwise.
    """
    ids = [leaf.name for leaf, _ in log.leaves if leaf.kind != INVENTORY]
    listed = [leaf.content["data"] for leaf, _ in log.leaves if leaf.kind == INVENTORY]
    if listed != [plain(inventory(parts, ids, timestamped=log.checkpoint.token is not None, keys=log.keys))]:
        raise InvariantBroken("the leaves of a package hold the inventory of exactly its parts, once")
    found = members(parts)
    found["log/checkpoint.txt"] = log.checkpoint.cosigned.encode()
    found["log/keys.txt"] = "".join(key + "\n" for key in log.keys).encode()
    if log.checkpoint.token is not None:
        found["log/checkpoint.tst"] = log.checkpoint.token
    for leaf, proof in log.leaves:
        found[f"log/leaves/{leaf.name}.json"] = leaf.body
        found[f"log/leaves/{leaf.name}.tlog-proof"] = proof.encode()
    found[MANIFEST] = manifest(found)
    return write_zip(found)


def manifest(found: Mapping[str, bytes]) -> bytes:
    """``sha256sum`` lines of all members, sorted by name."""
    return "".join(f"{hashlib.sha256(found[name]).hexdigest()}  {name}\n" for name in sorted(found)).encode()


def write_zip(found: Mapping[str, bytes]) -> bytes:
    """A zip with sorted members, 1980-01-01 as every time and the same attributes on every machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in sorted(found):
            item = zipfile.ZipInfo(name, _EPOCH)
            item.create_system = 3
            item.external_attr = 0o100644 << 16
            package.writestr(item, found[name], zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()
