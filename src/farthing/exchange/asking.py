"""Ask a node something and act on its answer: what it refuses is refused here, with its own code."""

from __future__ import annotations

from typing import Any

from farthing.exchange.messages import Exchange
from farthing.kit.errors import declined

REFUSED = declined(
    "exchange.node_refused",
    "The node refused: {said} ({node_code}).",
    "节点拒绝了请求：{said_zh}（{node_code}）。",
)
SILENT = declined(
    "exchange.node_silent",
    "The exchange {node} gave no answer that it signed; ask again.",
    "信用信息交换节点 {node} 未给出经其签名的答复；请稍后再试。",
)
NOT_A_MEMBER = declined(
    "exchange.not_joined",
    "This institution has joined no exchange: set FARTHING_EXCHANGE_URL, _NAME, _NODE_KEY, _MEMBER and _KEY.",
    "本机构尚未接入信用信息交换节点：请设置 FARTHING_EXCHANGE_URL、_NAME、_NODE_KEY、_MEMBER 和 _KEY。",
)


def ask(peer: Exchange, ident: str, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """What a node answers; nothing is kept: what was true of a consent or a report is asked anew.

    Refuses ``exchange.node_silent``, ``exchange.node_refused``.
    """
    answer = peer.tell(ident, kind, body)
    if answer is None:
        raise SILENT(node=peer.name)
    said = answer.body
    if answer.kind == "refused":
        raise REFUSED(node_code=said["code"], said=said["en"], said_zh=said["zh"])
    return said
