"""Own what may be proven of liabilities, and the file of a proof. Pure."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from farthing.assurance.liabilities.tree import Node, Path, leaf_hash, parent
from farthing.kit.errors import conflict, not_found

CLIENTS = ("liabilities:wallets", "liabilities:savings", "liabilities:escrow:lender")
"""Accounts that are a customer's own, each: wallets, deposits, and what of a lender's money waits for a wallet. Shares of funds
are not among them: a fund's money is its holders' and none of the bank's books (guard ``fund-money``)."""
KEPT_DAYS = 35
"""So long a customer may take the proof of a day; the root stays in the log for ever."""
FORMAT = "farthing-liabilities/1"

NOT_OVER = conflict(
    "assurance.day_not_over",
    "{on} is not closed yet; what customers are owed is proven of closed days.",
    "{on} 尚未日终；负债证明仅针对已日终的日期。",
)
NOT_PROVEN = not_found(
    "assurance.liabilities_not_proven",
    "There is no proof of liabilities of {on}.",
    "没有 {on} 的负债证明。",
)
NOT_PUBLISHED = conflict(
    "assurance.liabilities_unpublished",
    "The root of {on} is not in a signed checkpoint of the log yet; nobody gets a proof before that. Try again in a few minutes.",
    "{on} 的根尚未载入已签名的日志检查点；在此之前不向任何人提供证明，请几分钟后再试。",
)
NOT_KEPT = conflict(
    "assurance.liabilities_past",
    "Proofs of {on} are not kept any more: they are for {days} days. The root is in the log for ever.",
    "{on} 的证明已过保存期（{days} 天）；根永久保存在日志中。",
)
NOT_COUNTED = not_found(
    "assurance.not_counted",
    "The account {account} is not yours, or was owed nothing on {on}.",
    "账户 {account} 不属于您，或在 {on} 没有余额。",
)


def tree_id(on: date, currency: str) -> str:
    """The id of a day's tree in a currency."""
    return f"{on}:{currency}"


def file_of(
    on: date, currency: str, account: str, path: Path, salt: bytes, leaf: bytes, log_proof: str, keys: Sequence[str]
) -> str:  # fmt: skip
    """The file of a proof: what is claimed, the way to the root, and the log's leaf with its own proof."""
    content: dict[str, Any] = {
        "format": FORMAT, "day": on.isoformat(), "currency": currency, "account": account, "minor": path.minor,
        "salt": salt.hex(), "position": path.position, "path": base64.b64encode(path.packed()).decode(),
        "leaf": leaf.decode(), "log_proof": log_proof, "keys": list(keys),
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def led(on: date, currency: str, account: str, path: Path, salt: bytes) -> Node:
    """Where a path leads: root hash and total."""
    node, position = (leaf_hash(salt, on, currency, path.minor, account), path.minor), path.position
    for beside in path.steps:
        node = parent(beside, node) if position % 2 else parent(node, beside)
        position //= 2
    return node
