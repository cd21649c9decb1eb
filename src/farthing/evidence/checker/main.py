"""Own ``check``: open a package, run every check, and answer a ``Report``. Also the command line."""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
import sys
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from . import archive, assertions, counted, der, document, facts, log, openssl
from .report import Findings, Report

MANIFEST = "manifest-sha256.txt"
FORMAT = "farthing-evidence/1"
_UNREADABLE = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, EOFError, NotImplementedError,
    RuntimeError, zlib.error, struct.error, RecursionError,
)  # fmt: skip


def check(path: str | Path, trust: str | Path | None = None) -> Report:
    """Check a package. ``trust`` is a file of PEM roots and C2SP verifier keys that you got from elsewhere.

    Without it the package's own roots and log key are used, and the report says so: such a run shows that the
    package agrees with itself, not who made it.
    """
    findings = Findings()
    name = Path(path).name
    try:
        members = _members(Path(path))
    except _UNREADABLE as error:
        findings.failed("package.unreadable", name, f"The zip cannot be read: {error}", f"无法读取该 zip 文件：{error}")
        return Report(name, tuple(findings.all))
    version = _program(findings)
    if version is None:
        return Report(name, tuple(findings.all))
    given = Path(trust).read_bytes() if trust is not None else b""
    if trust is not None:
        _guard(findings, "trust", lambda: _check_given(given, Path(trust).name, findings))
    _guard(findings, "manifest", lambda: _check_manifest(members, findings))
    _guard(findings, "package.format", lambda: _check_format(members, findings))
    leaves = _guard(findings, "log", lambda: _check_log(members, given, findings)) or []
    if "contract.pdf" in members:
        _guard(findings, "pdf", lambda: document.check(members["contract.pdf"], _trust(members, given), findings))
    else:
        findings.skipped("pdf", "contract.pdf", "The package holds no contract.", "包内没有合同。")
    _guard(findings, "contract", lambda: facts.check_contract(members, leaves, findings))
    _guard(findings, "confirmation", lambda: assertions.check(members, leaves, findings))
    _guard(findings, "journal", lambda: facts.check_journal(members, leaves, findings))
    _say_what_is_left(findings, version)
    return Report(name, tuple(findings.all))


def check_counted(paths: Sequence[str | Path], trust: str | Path | None = None) -> Report:
    """Check proofs of liabilities, each alone and all together; ``trust`` as :func:`check` takes it."""
    findings, found = Findings(), list[counted.Counted | None]()
    given = Path(trust).read_bytes() if trust is not None else b""
    if trust is not None:
        _guard(findings, "trust", lambda: _check_given(given, Path(trust).name, findings))
    if _program(findings) is not None:
        trusted = log.parse_keys(given.decode("utf-8", "replace"))
        found = [_one_counted(Path(path), trusted, findings) for path in paths]
        counted.compare([each for each in found if each is not None], findings)
    counted.say_what_is_left(findings)
    return Report(", ".join(Path(path).name for path in paths), tuple(findings.all), counted.TITLE)


def _one_counted(path: Path, trusted: list[log.Key], findings: Findings) -> counted.Counted | None:
    answer: counted.Counted | None = _guard(findings, "counted", lambda: _check_counted(path, trusted, findings))
    return answer


def _check_counted(path: Path, trusted: list[log.Key], findings: Findings) -> counted.Counted | None:
    if path.stat().st_size > counted.LARGEST_FILE:
        raise ValueError("it is larger than a proof can be")
    return counted.check(json.loads(path.read_bytes()), trusted, findings)


def _program(findings: Findings) -> str | None:
    """The version of openssl; without it no signature can be checked, which is found."""
    version = openssl.available()
    if version is None:
        findings.failed(
            "openssl.missing", "openssl", "openssl is not on PATH; no signature can be checked.",
            "找不到 openssl 程序，无法验证任何签名。",
        )  # fmt: skip
    return version


def is_counted(path: str | Path) -> bool:
    """Whether a file is a proof of liabilities, or wants to be: it begins as JSON does, and no zip does."""
    with Path(path).open("rb") as file:
        return file.read(64).lstrip().startswith(b"{")


def _guard(findings: Findings, what: str, work: Callable[[], Any]) -> Any:
    """Run one group of checks; what cannot even be read is a failure with a name, never a crash."""
    try:
        return work()
    except _UNREADABLE as error:
        kind = type(error).__name__
        findings.failed(
            f"{what}.unreadable", what, f"It cannot be read ({kind}: {error}).", f"无法读取（{kind}:{error}）。"
        )
        return None


def _members(path: Path) -> dict[str, bytes]:
    if path.stat().st_size > archive.LARGEST:
        raise ValueError("it is larger than 200 MB")
    return archive.members(path.read_bytes())


def _check_given(given: bytes, name: str, findings: Findings) -> None:
    """A file of trust that holds nothing to trust, or something that cannot be read, is a mistake and no answer."""
    roots, keys, broken = openssl.certificates(given), *log.read_keys(given.decode("utf-8", "replace"))
    for line in broken:
        findings.failed(
            "trust.key", name, f"This line is no verifier key: {line[:80]}", f"此行不是验证密钥：{line[:80]}"
        )
    if not roots and not keys:
        findings.failed(
            "trust.empty", name, "It holds no root certificate and no verifier key: nothing was given to trust.",
            "其中没有根证书，也没有验证密钥：等于没有指定任何信任来源。",
        )  # fmt: skip


def _check_manifest(members: dict[str, bytes], findings: Findings) -> None:
    said = {}
    for line in members[MANIFEST].decode().splitlines():
        digest, _, name = line.partition("  ")
        said[name] = digest
    actual = {name: hashlib.sha256(raw).hexdigest() for name, raw in members.items() if name != MANIFEST}
    before = len(findings.all)
    for name in sorted(said.keys() | actual.keys()):
        if name not in actual:
            findings.failed("manifest.missing", name, "The manifest lists it and it is gone.", "清单列出，但文件不在。")
        elif name not in said:
            findings.failed("manifest.extra", name, "The manifest does not list it.", "清单未列出该文件。")
        elif said[name] != actual[name]:
            findings.failed("manifest.digest", name, "Its SHA-256 is not the manifest's.", "SHA-256 与清单不符。")
    if len(findings.all) == before:
        findings.passed("manifest", f"{len(actual)} members", "Every SHA-256 agrees.", "全部 SHA-256 相符。")


def _check_format(members: dict[str, bytes], findings: Findings) -> None:
    if json.loads(members["package.json"])["format"] != FORMAT:
        findings.failed("package.format", "package.json", f"It is not {FORMAT}.", f"不是 {FORMAT} 格式。")


def _check_log(members: dict[str, bytes], given: bytes, findings: Findings) -> list[dict[str, Any]]:
    note = log.parse_note(members["log/checkpoint.txt"])
    own = log.parse_keys(members["log/keys.txt"].decode())
    trusted = log.parse_keys(given.decode("utf-8", "replace"))
    log_keys = [key for key in trusted if key.kind == 1]
    if not log_keys:
        findings.skipped(
            "trust.log_key", "log/keys.txt",
            "The log's key came with the package: get it from the platform another way and give it with --trust.",
            "日志密钥取自包内：请从其他渠道取得平台公布的密钥，并用 --trust 指定。",
        )  # fmt: skip
    log.check_signature(note, log_keys or own, bool(log_keys), findings)
    log.check_witnesses(note, own, [key for key in trusted if key.kind == 4], findings)
    anchors = _trust(members, given, findings)
    log.check_timestamp(note, members.get("log/checkpoint.tst"), anchors.roots, anchors.chain, findings)
    leaves = log.check_leaves(members, note, findings)
    log.check_inventory(members, leaves, findings)
    return leaves


def _trust(members: dict[str, bytes], given: bytes, findings: Findings | None = None) -> document.Trust:
    roots = openssl.certificates(given)
    if not roots:
        roots = openssl.certificates(members.get("certificates/roots.pem", b""))
        if findings is not None:
            findings.skipped(
                "trust.roots", "certificates/roots.pem",
                "Only the roots shipped in the package were used: anybody can make such roots. Give yours by --trust.",
                "仅使用了包内自带的根证书：任何人都能自制。请用 --trust 指定您信任的根证书。",
            )  # fmt: skip
    chain = openssl.certificates(members.get("certificates/chain.pem", b""))
    lists = [der.revocation_list(raw) for name, raw in sorted(members.items()) if name.startswith("crls/")]
    return document.Trust(roots, chain, lists)


def _say_what_is_left(findings: Findings, version: str) -> None:
    """The limits of every run, said each time."""
    limits = [
        ("truth", "facts before recording", "Whether what was recorded was true when it was recorded.",
         "记录之前事实是否真实。"),
        ("pdf.revisions", "contract.pdf", "Whether each later signature's revision left the earlier pages as they "
         "looked (pdfsig or pyHanko show it); the last timestamp fixes the file as it is.",
         "后续签名的修订是否改变先前页面的外观（可用 pdfsig 或 pyHanko 查看）；最后的时间戳只固定现状。"),
        ("revocation.authorities", "CA and TSA certificates", "Revocation of the authorities' own certificates.",
         "CA 与时间戳机构自身证书的吊销状态。"),
        ("licence", "CA and TSA", "Whether the certificate and timestamp authorities are licensed or independent of "
         "the platform.", "CA 与时间戳机构是否持牌、是否独立于平台。"),
        ("records", "records/", "The content of identity, consent, view and decision records: only that they are "
         "the recorded bytes.", "身份、同意、浏览与决策记录的内容；仅检查其字节未变。"),
        ("confirmation.person", "passkeys",
        "That whoever registered a passkey is that person: it rests on how the bank knew her then.",
         "登记通行密钥者是否为其本人：取决于当时银行的身份核验。"),
        ("consistency", "log", "That this checkpoint and others you hold are of one log: ask for a consistency proof.",
         "本检查点与您持有的其他检查点是否属于同一日志：可索取一致性证明。"),
        ("checker", f"this checker, Python, {version}", "This program itself: use a copy that did not come with the "
         "package.", "本检查程序自身：请使用并非随包附带的副本。"),
    ]  # fmt: skip
    for code, subject, en, zh in limits:
        findings.skipped(f"limit.{code}", subject, en, zh)


def main(arguments: Sequence[str]) -> int:
    """The command line; answers the exit code: 0 if no check failed, 1 if one did."""
    parser = argparse.ArgumentParser(
        prog="check", description="Check a Farthing evidence package, or proofs of liabilities. 检查证据包或负债证明。"
    )
    parser.add_argument("package", nargs="+", help="one zip file, or JSON proofs / 证据包 zip 文件，或 JSON 证明")
    parser.add_argument("--trust", help="PEM roots and log keys from a source you trust / 您信任的根证书与日志密钥")
    parser.add_argument("--json", action="store_true", help="for machines / 机器可读")
    given = parser.parse_args(arguments)
    if all(Path(each).is_file() and is_counted(each) for each in given.package):
        report = check_counted(given.package, given.trust)
    elif len(given.package) == 1:
        report = check(given.package[0], given.trust)
    else:
        parser.error("several files are checked only if each is a proof of liabilities / 仅负债证明可多份同时检查")
    sys.stdout.write(report.as_json() + "\n" if given.json else report.text())
    return report.exit_code
