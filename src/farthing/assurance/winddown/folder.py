"""Own the files of an export: how lines are laid out in parts, how a manifest is written, and how all of it is read again. Pure.

manifest.json                    what is here: counts, sums, the SHA-256 of each file
seal/leaf.json leaf.tlog-proof log.key   that the bank's log knows the manifest (C2SP)
records/TABLE.0001.jsonl ...     rows, an object a line
books/accounts.*.jsonl, journal.*.jsonl  accounts, and every entry that ever touched one of the claims
evidence/leaves.*.jsonl          what the log says of the loans
papers/*.csv, contracts/LOAN.pdf for whoever reads them
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from farthing.assurance.winddown.checking import disagreements
from farthing.assurance.winddown.model import FORMAT, Manifest, Part, PresentManifest, Seal, TakeOver
from farthing.assurance.winddown.records import Records
from farthing.assurance.winddown.refusals import ANOTHER_BANK, DAMAGED, UNSEALED
from farthing.evidence import merkle, note
from farthing.kernel.operation import decode
from farthing.kit.canonical import canonical, readable
from farthing.kit.errors import UNREADABLE, Refusal
from farthing.kit.findings import Finding
from farthing.kit.money import Money

MANIFEST, LEAF, PROOF, KEY = "manifest.json", "seal/leaf.json", "seal/leaf.tlog-proof", "seal/log.key"
OUTSIDE = (MANIFEST, LEAF, PROOF, KEY)
"""What no manifest names: itself, and what was made of it."""
EXPORTED = "assurance.wind_down_exported"
"""The leaf that names a manifest by its digest."""
BOOKS = ("accounts", "journal")
LINES, BYTES = 1_000, 4_000_000


def place(what: str) -> str:
    """Where the lines of something lie."""
    folder = "books" if what in BOOKS else "evidence" if what == "leaves" else "records"
    return f"{folder}/{what}"


def what_of(name: str) -> str:
    """Of what the lines in a part are: ``records/loan.0001.jsonl`` holds rows of ``loan``."""
    return name.partition("/")[2].partition(".")[0]


def parted(what: str, lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Lines in parts that one request carries, by the names of their files."""
    some: list[str] = []
    size, number = 0, 1
    for line in lines:
        if some and (len(some) == LINES or size + len(line) > BYTES):
            yield f"{place(what)}.{number:04}.jsonl", some
            some, size, number = [], 0, number + 1
        some.append(line)
        size += len(line)
    if some:
        yield f"{place(what)}.{number:04}.jsonl", some


def text_of(lines: Iterable[str]) -> bytes:
    """Lines as a file holds them."""
    return "".join(f"{line}\n" for line in lines).encode()


def lines_of(content: bytes) -> list[str]:
    """The lines of a file."""
    return content.decode().removesuffix("\n").split("\n") if content else []


def part(name: str, content: bytes) -> Part:
    """What a manifest says of a file."""
    lines = content.count(b"\n") if name.endswith(("jsonl", "csv")) else 0
    return Part(name, lines, len(content), hashlib.sha256(content).hexdigest())


def manifest_bytes(manifest: Manifest) -> bytes:
    """A manifest as it is written."""
    return readable(manifest).encode() + b"\n"


def manifest_of(content: bytes) -> Manifest:
    """A manifest as it was written; refuses ``wind_down.damaged``."""
    try:
        found: Manifest = decode(Manifest, json.loads(content))
    except (Refusal, *UNREADABLE):
        raise damaged(MANIFEST, "cannot be read", "无法读取") from None
    if found.format != FORMAT:
        raise damaged(MANIFEST, f"has format {found.format}", f"格式为 {found.format}")
    return found


def damaged(name: str, problem: str, problem_zh: str) -> Refusal:
    """That a file is not as it should be."""
    return DAMAGED(problem=f"{name} {problem}", problem_zh=f"{name} {problem_zh}")


def require_effective(manifest: bytes, seal: Seal, key: str | None = None) -> Manifest:
    """The manifest that a bank's log knows; refuses ``wind_down.unsealed``, and ``wind_down.another_bank`` where the key of that
    log is another than the one that was named."""
    found = manifest_of(manifest)
    try:
        known = note.VerifierKey.parse(seal.key)
        index, path, checkpoint = note.parse_proof(seal.proof)
        head = note.parse_checkpoint(checkpoint)
        content: dict[str, Any] = json.loads(seal.leaf)
    except (Refusal, *UNREADABLE):
        raise UNSEALED(problem="the seal cannot be read", problem_zh="封签无法读取") from None
    if key is not None and key.strip() != seal.key.strip():
        raise ANOTHER_BANK(bank=found.bank, key=seal.key.strip())
    if note.verify(checkpoint, known) is not note.NoteStatus.VERIFIED or head.origin != known.name:
        raise UNSEALED(problem="the checkpoint is not signed by the log's key", problem_zh="检查点并非由日志密钥签名")
    leaf = merkle.leaf_hash(seal.leaf.encode())
    if merkle.verify_inclusion(index, head.size, leaf, path, head.root) is not merkle.ProofStatus.VERIFIED:
        raise UNSEALED(
            problem="the proof does not lead from the leaf to the root", problem_zh="证明不能由日志条目推出根"
        )
    said = content["data"]["manifest_sha256"] if content.get("kind") == EXPORTED else None
    if said != hashlib.sha256(manifest).hexdigest():
        raise UNSEALED(problem="the leaf names another manifest", problem_zh="日志条目所记为另一份清单")
    return found


def sealed(leaf: bytes, proof: bytes, key: bytes) -> Seal:
    """A seal of its files; refuses ``wind_down.unsealed``."""
    try:
        return Seal(leaf.decode(), proof.decode(), key.decode().strip())
    except UnicodeDecodeError:
        raise UNSEALED(problem="the seal cannot be read", problem_zh="封签无法读取") from None


@dataclass(frozen=True)
class Export:
    """An export that was read: whole, sealed, and every file as its manifest says."""

    manifest: Manifest
    manifest_bytes: bytes
    seal: Seal
    records: Records
    files: Mapping[str, bytes]

    @property
    def sha256(self) -> str:
        """The digest by which it is called."""
        return hashlib.sha256(self.manifest_bytes).hexdigest()


def opened(files: Mapping[str, bytes], key: str | None = None) -> Export:
    """Read an export of its files by name; refuses ``wind_down.damaged``, and as :func:`require_effective`."""
    for name in OUTSIDE:
        if name not in files:
            raise damaged(name, "is missing", "缺失")
    seal = sealed(files[LEAF], files[PROOF], files[KEY])
    manifest = require_effective(files[MANIFEST], seal, key)
    named = {each.name: each for each in (*manifest.parts, *manifest.papers)}
    for name, each in named.items():
        if name not in files:
            raise damaged(name, "is missing", "缺失")
        if part(name, files[name]) != each:
            raise damaged(name, "is not the file that the manifest names", "与清单所载文件不同")
    extra = min({*files} - {*named, *OUTSIDE}, default=None)
    if extra is not None:
        raise damaged(extra, "is in no manifest", "不在清单中")
    lines: dict[str, list[str]] = {}
    for each in manifest.parts:
        try:
            lines.setdefault(what_of(each.name), []).extend(lines_of(files[each.name]))
        except UnicodeDecodeError:
            raise damaged(each.name, "cannot be read", "无法读取") from None
    return Export(manifest, files[MANIFEST], seal, Records(manifest.home, lines), files)


def findings(export: Export) -> list[Finding]:
    """What does not agree in an export whose files are whole: nothing, in one that a bank in order made."""
    try:
        found, _, written = disagreements(export.manifest, export.records)
    except (Refusal, *UNREADABLE) as problem:
        return [Finding("export", export.sha256, f"cannot be read ({problem})")]
    return found + [
        Finding("paper", name, "does not say what the records do")
        for name, content in written.items()
        if export.files.get(f"papers/{name}") != content
    ]


def leaf_of(kind: str, data: dict[str, Any], recorded_at: str) -> str:
    """A line of what the log says of a loan."""
    return canonical({"kind": kind, "data": data, "recorded_at": recorded_at}).decode()


def steps(manifest: Manifest) -> list[tuple[str, bool]]:
    """In which order an export is taken over: each part by its name, then the accounts once more, to what they must hold:
    the other way round, so that the money which covers them goes last."""
    names = [each.name for each in manifest.parts]
    settled = [name for name in reversed(names) if what_of(name) == "accounts"]
    return [*((name, False) for name in names), *((name, True) for name in settled)]


def request(export: Export, why: str) -> TakeOver:
    """What two persons agree to who take an export over: whose it is, what money comes with it, and the key of its log."""
    manifest = export.manifest
    return TakeOver(
        manifest.bank, manifest.credit_code, export.seal.key, client_money(manifest), export.sha256, why
    )  # fmt: skip


def presented(export: Export, takeover_id: str) -> PresentManifest:
    """The manifest of what was agreed to, with its seal."""
    seal = export.seal
    content = coded(export.manifest_bytes), coded(seal.leaf.encode()), coded(seal.proof.encode())
    return PresentManifest(takeover_id, *content)


def client_money(manifest: Manifest) -> Money:
    """What belongs to customers beside their claims, in the bank's home currency."""
    return Money(manifest.sums.get(f"client_money:{manifest.home}", 0), manifest.home)


def content_of(name: str, coded: str) -> bytes:
    """A file of a command; refuses ``wind_down.damaged``."""
    try:
        return base64.b64decode(coded, validate=True)
    except ValueError:
        raise damaged(name, "is not sent as base 64", "未按 base64 编码发送") from None


def coded(content: bytes) -> str:
    """A file as a command carries it."""
    return base64.b64encode(content).decode()
