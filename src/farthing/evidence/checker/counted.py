"""Check a proof of liabilities: that an account's money is in the sum that the bank put in its log for that day.

Written apart from ``farthing.assurance.liabilities``, from what docs/guides/counted.md says of the tree. Several proofs of one
day must lead to one root: customers who compare theirs find out whether two were shown different sums.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import log
from .report import Findings

FORMAT = "farthing-liabilities/1"
KIND = "assurance.liabilities"
TITLE = "Proof of liabilities / 负债证明"
LARGEST_FILE = 100_000
_STEP = 40
_LARGEST = 2**63 - 1
_DEEPEST = 40


@dataclass(frozen=True)
class Counted:
    """What a proof claims: whose account, how much on which day, and where it leads."""

    day: str
    currency: str
    account: str
    minor: int
    root: bytes
    total: int

    @property
    def about(self) -> str:
        """What the proof is about, in a line."""
        return f"{self.account} {self.day} {self.currency}"


def lead(proof: Mapping[str, Any]) -> Counted:
    """Where the path leads; ValueError where a number is no amount of money or the path is no path."""
    minor, position = proof["minor"], proof["position"]
    path, salt = base64.b64decode(proof["path"], validate=True), bytes.fromhex(proof["salt"])
    if type(minor) is not int or not 0 <= minor <= _LARGEST:
        raise ValueError(f"an amount of {minor} minor units")
    if type(position) is not int or len(path) % _STEP or len(salt) != 16:
        raise ValueError("position, path or salt have a wrong form")
    depth = len(path) // _STEP
    if depth > _DEEPEST or not 0 <= position < 2**depth:
        raise ValueError(f"position {position} in a tree of {depth} levels")
    day, currency, account = str(proof["day"]), str(proof["currency"]), str(proof["account"])
    if len(day) != 10 or len(currency) != 3:
        raise ValueError("day or currency have a wrong form")
    node = hashlib.sha256(
        b"\0" + salt + day.encode() + currency.encode() + minor.to_bytes(8, "big") + account.encode()
    ).digest()
    total, index = minor, position
    for at in range(0, len(path), _STEP):
        beside, sum_beside = path[at : at + 32], int.from_bytes(path[at + 32 : at + _STEP], "big")
        if sum_beside > _LARGEST or total + sum_beside > _LARGEST:
            raise ValueError("a sum on the path does not fit 63 bits")
        mine, other = node + total.to_bytes(8, "big"), beside + sum_beside.to_bytes(8, "big")
        node = hashlib.sha256(b"\1" + (other + mine if index % 2 else mine + other)).digest()
        total, index = total + sum_beside, index // 2
    return Counted(day, currency, account, minor, node, total)


def check(proof: Mapping[str, Any], trusted: Sequence[log.Key], findings: Findings) -> Counted | None:
    """Check one proof against the leaf that stands in the log, and the leaf against the signed checkpoint."""
    if proof["format"] != FORMAT:
        findings.failed("counted.format", str(proof["format"])[:80], f"It is not {FORMAT}.", f"不是 {FORMAT} 格式。")
        return None
    try:
        found = lead(proof)
    except (ValueError, OverflowError) as error:
        findings.failed("counted.malformed", "proof", f"It proves nothing: {error}.", f"不构成证明：{error}。")
        return None
    leaf = json.loads(proof["leaf"])
    said = [
        each for each in leaf["data"]["trees"]
        if leaf["kind"] == KIND and leaf["data"]["day"] == found.day and each["currency"] == found.currency
    ]  # fmt: skip
    if len(said) != 1 or (said[0]["root"], said[0]["total_minor"]) != (found.root.hex(), found.total):
        findings.failed(
            "counted.root", found.about,
            f"It leads to {found.root.hex()} and {found.total} minor units, which is not what the log says of the day.",
            f"路径得出 {found.root.hex()}，合计 {found.total}（最小货币单位），与日志所载当日结果不符。",
        )  # fmt: skip
        return None
    findings.passed(
        "counted.sum", found.about,
        f"{found.minor} minor units are in the total of {found.total} that {said[0]['count']} accounts are owed.",
        f"{found.minor}（最小货币单位）已计入 {said[0]['count']} 个账户合计的 {found.total}。",
    )  # fmt: skip
    _check_log(proof, trusted, findings)
    return found


def _check_log(proof: Mapping[str, Any], trusted: Sequence[log.Key], findings: Findings) -> None:
    said = log.parse_proof(proof["log_proof"])
    note = log.parse_note(said.note.encode())
    own = [log.parse_key(line) for line in proof["keys"]]
    log_keys = [key for key in trusted if key.kind == 1]
    if not log_keys:
        findings.skipped(
            "trust.log_key", note.origin,
            "The log's key came with the proof: get it from the bank another way and give it with --trust.",
            "日志密钥取自证明文件：请从其他渠道取得银行公布的密钥，并用 --trust 指定。",
        )  # fmt: skip
    log.check_signature(note, log_keys or own, bool(log_keys), findings)
    log.check_witnesses(note, own, [key for key in trusted if key.kind == 4], findings)
    leaf = proof["leaf"].encode()
    if said.header == log.HEADER and log.included(said.index, note.size, leaf, said.path, note.root):
        findings.passed(
            "counted.logged", f"checkpoint of {note.size} leaves",
            "The root, the total and the count stand in the log.", "根、合计与账户数已载入日志。",
        )  # fmt: skip
    else:
        findings.failed(
            "counted.not_logged", f"checkpoint of {note.size} leaves",
            "The proof does not lead from what the bank says of the day to the signed root of its log.",
            "证明不能从银行当日所述推出已签名的日志根。",
        )  # fmt: skip


def compare(found: Sequence[Counted], findings: Findings) -> None:
    """Proofs of one day and currency lead to one root."""
    of: dict[tuple[str, str], set[tuple[bytes, int]]] = {}
    for each in found:
        of.setdefault((each.day, each.currency), set()).add((each.root, each.total))
    for (day, currency), roots in sorted(of.items()):
        if len(roots) > 1:
            findings.failed(
                "counted.two_roots", f"{day} {currency}", f"{len(roots)} roots of one day: the bank told two stories.",
                f"同一日出现 {len(roots)} 个不同的根：银行对不同的人给出了不同的说法。",
            )  # fmt: skip


def say_what_is_left(findings: Findings) -> None:
    """What no proof of this kind shows, said each time."""
    limits = [
        ("assets", "the bank's assets", "That the bank has the money: see its custodians' statements.",
         "银行是否确有相应资产：请看托管机构对账单。"),
        ("others", "other accounts", "That everybody's account was counted: each sees only his own. The more customers check, "
         "the harder it is to leave one out.", "其他账户是否均已计入：每人只能核对自己的账户；核对的人越多，遗漏越难。"),
        ("amount", "the amount", "That this is what you are owed: compare it with your own account at that time.",
         "金额是否正确：请与您账户当时的余额核对。"),
        ("interest", "interest", "Interest that was not credited yet, which is in no account's balance.",
         "尚未入账的利息（不在账户余额中）。"),
        ("same_root", "other readers", "That others were shown the same root: compare proofs, or ask a witness of the log.",
         "其他人看到的根是否相同：可互相比对证明，或向日志见证方查询。"),
        ("other_times", "other days", "Any other moment than this one.", "此时点以外的任何时间。"),
    ]  # fmt: skip
    for code, subject, en, zh in limits:
        findings.skipped(f"limit.{code}", subject, en, zh)
