"""Check the log part of a package: inclusion of each leaf, the checkpoint's signature, witnesses, its timestamp.

Written apart from ``farthing.evidence.merkle``, from RFC 9162 section 2.1.3.2 and the C2SP documents.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import der, openssl
from .der import token_time
from .report import Findings

HEADER = "c2sp.org/tlog-proof@v1"
INVENTORY = "evidence.package"


@dataclass(frozen=True)
class Key:
    """A C2SP verifier key: name, 4-byte id, signature type (1 note, 4 cosignature), public key, and by what it signs."""

    name: str
    ident: bytes
    kind: int
    public: bytes
    suite: str = "Ed25519"


OWN_TYPES = {b"\xfffarthing/p256-with-sha256\n": "P-256", b"\xfffarthing/sm2-with-sm3\n": "SM2"}
"""Signature types that C2SP has no number for: ff, then a name. A point of 65 bytes follows."""


def parse_key(line: str) -> Key:
    """Read ``name+id+base64``; ValueError unless the id follows from the key."""
    name, ident, encoded = line.strip().split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    made = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    own = next((mark for mark in OWN_TYPES if raw.startswith(mark) and len(raw) == len(mark) + 65), None)
    if (own is None and len(raw) != 33) or made.hex() != ident:
        raise ValueError("not a verifier key")
    return Key(name, made, raw[0], raw[1:]) if own is None else Key(name, made, 1, raw[len(own) :], OWN_TYPES[own])


def parse_keys(text: str) -> list[Key]:
    """Every verifier key among the lines of a text."""
    return read_keys(text)[0]


def read_keys(text: str) -> tuple[list[Key], list[str]]:
    """Verifier keys among the lines of a text that are not PEM, and the lines that are neither."""
    found, broken, inside = [], [], False
    for line in text.splitlines():
        if line.startswith("-----"):
            inside = line.startswith("-----BEGIN")
        elif not inside and line.strip() and not line.startswith("#"):
            try:
                found.append(parse_key(line))
            except ValueError:
                broken.append(line)
    return found, broken


@dataclass(frozen=True)
class Note:
    """A checkpoint as signed text and signature lines."""

    text: str
    lines: tuple[tuple[str, bytes], ...]
    origin: str
    size: int
    root: bytes

    def by_log(self) -> bytes:
        """The note as the log alone signed it: what the timestamp is over."""
        own = [f"— {name} {base64.b64encode(raw).decode()}\n" for name, raw in self.lines if name == self.origin]
        return (self.text + "\n" + "".join(own)).encode()


def parse_note(raw: bytes) -> Note:
    """Read a signed checkpoint; ValueError if it is not one."""
    text, gap, tail = raw.decode().rpartition("\n\n")
    lines = []
    for line in tail.splitlines():
        dash, name, value = line.split(" ")
        if dash != "—":
            raise ValueError("not a signature line")
        lines.append((name, base64.b64decode(value, validate=True)))
    body = text.split("\n")
    if not gap or len(body) < 3:
        raise ValueError("not a checkpoint")
    return Note(text + "\n", tuple(lines), body[0], int(body[1]), base64.b64decode(body[2], validate=True))


@dataclass(frozen=True)
class Proof:
    """A ``.tlog-proof`` file: its first line, the leaf's index and audit path, and the checkpoint as it is written."""

    header: str
    index: int
    path: list[bytes]
    note: str


def parse_proof(text: str) -> Proof:
    """Read a ``.tlog-proof`` file; ValueError or IndexError if it is not one."""
    head, _, note = text.partition("\n\n")
    lines = [line for line in head.split("\n") if not line.startswith("extra ")]
    path = [base64.b64decode(line, validate=True) for line in lines[2:]]
    return Proof(lines[0], int(lines[1].removeprefix("index ")), path, note)


def included(position: int, size: int, leaf: bytes, path: list[bytes], root: bytes) -> bool:
    """Whether the audit path leads from a leaf's bytes to the root."""
    if not 0 <= position < size or any(len(step) != 32 for step in path):
        return False
    node, index, last = hashlib.sha256(b"\0" + leaf).digest(), position, size - 1
    for step in path:
        if last == 0:
            return False
        if index % 2 or index == last:
            node = hashlib.sha256(b"\1" + step + node).digest()
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            node = hashlib.sha256(b"\1" + node + step).digest()
        index, last = index // 2, last // 2
    return last == 0 and node == root


def check_leaves(members: Mapping[str, bytes], note: Note, findings: Findings) -> list[dict[str, Any]]:
    """Check every leaf's proof; answers the decoded leaves whose proofs hold."""
    names = sorted(name for name in members if name.startswith("log/leaves/") and name.endswith(".json"))
    proven, good = [], True
    for name in names:
        leaf, proof = members[name], members.get(name[:-5] + ".tlog-proof")
        if proof is None:
            good = False
            findings.failed("leaf.proof_missing", name, "No proof comes with this leaf.", "该日志条目没有附带证明。")
            continue
        said = parse_proof(proof.decode())
        content = json.loads(leaf)
        same = said.note.encode() == members.get("log/checkpoint.txt") and said.header == HEADER
        named = name == f"log/leaves/{content['id']}.json"
        if same and named and included(said.index, note.size, leaf, said.path, note.root):
            proven.append(content)
            continue
        good = False
        findings.failed(
            "leaf.not_included", name, "The proof does not lead from this leaf to the signed root.",
            "证明不能从该日志条目推出已签名的根。",
        )  # fmt: skip
    if good and proven:
        findings.passed(
            "leaf.included", f"{len(proven)} leaves", f"Each is in the log of {note.size} leaves, at its place.",
            f"每一条都在 {note.size} 条的日志中，位置确定。",
        )  # fmt: skip
    return proven


def check_signature(note: Note, keys: list[Key], given: bool, findings: Findings) -> None:
    """Check the log's signature on the checkpoint, by a given key or by the one in the package."""
    subject = f"checkpoint of {note.size} leaves of {note.origin}"
    own = [key for key in keys if key.kind == 1 and key.name == note.origin]
    for key in own:
        for name, raw in note.lines:
            if name == key.name and raw[:4] == key.ident:
                if openssl.raw(key.suite, key.public, note.text.encode(), raw[4:]).verified:
                    findings.passed(
                        "checkpoint.signature", subject, f"Signed by the log's key {key.ident.hex()} ({key.suite}).",
                        f"由日志密钥 {key.ident.hex()} 签名（{key.suite}）。",
                    )  # fmt: skip
                else:
                    findings.failed(
                        "checkpoint.signature", subject, "The signature does not verify.", "签名验证不通过。"
                    )
                return
    source, source_zh = ("key that you trust", "您信任的密钥") if given else ("key in the package", "包内密钥")
    findings.failed(
        "checkpoint.signature", subject, f"It is not signed by the {source}.", f"检查点并非由{source_zh}签名。"
    )


def check_witnesses(note: Note, keys: list[Key], given: list[Key], findings: Findings) -> None:
    """Check the lines of witnesses whose keys are known."""
    known = given or keys
    for key in [key for key in known if key.kind == 4]:
        for name, raw in note.lines:
            if name != key.name or raw[:4] != key.ident:
                continue
            message = f"cosignature/v1\ntime {int.from_bytes(raw[4:12], 'big')}\n{note.text}".encode()
            if openssl.raw(key.suite, key.public, message, raw[12:]).verified:
                findings.passed(
                    "checkpoint.witness", key.name, "This witness cosigned the checkpoint.", "该见证方已会签检查点。"
                )
            else:
                findings.failed(
                    "checkpoint.witness", key.name, "The witness's line does not verify.", "见证方签名验证不通过。"
                )
    if not any(found.code == "checkpoint.witness" for found in findings.all):
        findings.skipped(
            "checkpoint.witness", note.origin,
            "No known second party cosigned: that everybody is shown the same log rests on the timestamp alone.",
            "没有已知的第二方会签：无法由第三方证明所有人看到同一份日志，仅有时间戳为证。",
        )  # fmt: skip


def check_timestamp(
    note: Note, token: bytes | None, roots: list[bytes], chain: list[bytes], findings: Findings
) -> None:
    """Check the RFC 3161 token over the checkpoint."""
    subject = "log/checkpoint.tst"
    if token is None:
        findings.skipped(
            "checkpoint.timestamp", subject, "The checkpoint carries no timestamp: its time is the platform's word.",
            "检查点没有时间戳：其时间只是平台自述。",
        )  # fmt: skip
        return
    if der.read(token).end != len(token):
        findings.failed(
            "checkpoint.timestamp", subject, "Something stands after the token.", "时间戳之后还有其他内容。"
        )
        return
    answer = openssl.timestamp(token, note.by_log(), roots, chain)
    if answer.verified:
        at = token_time(token).isoformat()
        findings.passed(
            "checkpoint.timestamp", subject, f"The timestamp authority saw this checkpoint at {at}.",
            f"时间戳机构于 {at} 见过此检查点。",
        )  # fmt: skip
    else:
        findings.failed(
            "checkpoint.timestamp", subject, f"The timestamp does not verify: {answer.said}",
            f"时间戳验证不通过：{answer.said}",
        )  # fmt: skip


def check_inventory(members: Mapping[str, bytes], leaves: list[dict[str, Any]], findings: Findings) -> None:
    """The log itself holds the digest of every member: rewriting the manifest is not enough."""
    held = [leaf for leaf in leaves if leaf["kind"] == INVENTORY]
    if len(held) != 1:
        findings.failed(
            "inventory.missing", "log/leaves", f"{len(held)} proven leaves list the members; one must.",
            f"列出包内成员的日志条目有 {len(held)} 条；应恰有一条。",
        )  # fmt: skip
        return
    data = held[0]["data"]
    _check_beside(members, data, present := {leaf["id"] for leaf in leaves}, findings)
    outside = {"manifest-sha256.txt", *(name for name in members if name.startswith("log/"))}
    actual = {name: hashlib.sha256(content).hexdigest() for name, content in members.items() if name not in outside}
    wrong = sorted(
        name for name in actual.keys() | data["members"].keys() if actual.get(name) != data["members"].get(name)
    )
    for name in wrong:
        findings.failed(
            "inventory.member", name, "It is not what the log recorded when the package was made.",
            "与制作证据包时日志记录的内容不符。",
        )  # fmt: skip
    gone = sorted(set(data["leaves"]) - present)
    strange = sorted(present - set(data["leaves"]) - {held[0]["id"]})
    for name in gone:
        findings.failed(
            "inventory.leaf", name, "The log recorded that this leaf belongs here, and it is not (proven) here.",
            "日志记录该条目属于本包，但包内没有（或未被证明）。",
        )  # fmt: skip
    for name in strange:
        findings.failed(
            "inventory.leaf_extra", name, "The log did not record that this leaf belongs here.",
            "日志没有记录该条目属于本包。",
        )  # fmt: skip
    if json.loads(members["package.json"])["subject"] != data["subject"]:
        findings.failed("inventory.subject", "package.json", "The log says another subject.", "与日志记录的主体不符。")
    elif not (wrong or gone or strange):
        findings.passed(
            "inventory", f"{len(actual)} members, {len(present)} leaves",
            "They are those the log recorded, no more, no less.",
            "与日志记录的清单完全一致，不多不少。",
        )  # fmt: skip


def _check_beside(members: Mapping[str, bytes], data: dict[str, Any], leaves: set[str], findings: Findings) -> None:
    """Under ``log/`` lies what the inventory leads to and nothing else; what it promises of the checkpoint is there."""
    known = {"log/checkpoint.txt", "log/checkpoint.tst", "log/keys.txt"}
    known |= {f"log/leaves/{leaf}.{kind}" for leaf in leaves for kind in ("json", "tlog-proof")}
    for name in sorted(name for name in members if name.startswith("log/") and name not in known):
        findings.failed("log.extra", name, "Nothing in the log leads to it.", "日志中没有任何内容对应该文件。")
    if data.get("timestamped") and "log/checkpoint.tst" not in members:
        findings.failed(
            "checkpoint.timestamp_gone", "log/checkpoint.tst",
            "The log recorded that the checkpoint is timestamped, and the timestamp is gone.",
            "日志记录检查点带有时间戳，但时间戳不在包内。",
        )  # fmt: skip
    keys = data.get("keys", [])
    if members["log/keys.txt"].decode() != "".join(f"{key}\n" for key in keys):
        findings.failed(
            "log.keys", "log/keys.txt", "It is not the list of keys that the log recorded.", "与日志记录的密钥不符。"
        )
    signed = {line.split(" ")[1] for line in members["log/checkpoint.txt"].decode().splitlines() if line[:2] == "— "}
    for witness in [key.name for key in map(parse_key, keys) if key.kind == 4]:
        if witness not in signed:
            findings.failed(
                "checkpoint.witness_gone", witness,
                "The log recorded that this witness cosigned, and its line is gone.",
                "日志记录该见证方已会签，但其签名行不在包内。",
            )  # fmt: skip
