"""Decide what a confirmation by one's own key is bound to, and who was proved how. Pure.

    challenge = SHA-256(nonce || canonical JSON of the transaction that was shown)

The transaction is what the seen digest is made of: the operation, its command, who acts, and the facts that its person must
have seen. It is made anew of what was done, in the transaction that did it: another amount, payee or text is another challenge
(dynamic linking: Commission Delegated Regulation (EU) 2018/389, article 5).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from farthing.kit.actor import Actor
from farthing.kit.errors import conflict, forbidden

LIVES = timedelta(minutes=5)
"""How long a challenge waits for its answer, and the answer for the thing that it confirms."""
NONCE = 32
CONFIRM = "confirm"

KEY_NEEDED = forbidden(
    "kernel.key_needed",
    "This is done only with your passkey: look at it again and confirm it on a device that holds one, or come to a counter.",
    "此项须使用通行密钥确认：请重新查看，并在持有通行密钥的设备上确认，或到柜台办理。",
)
DIFFERS = conflict(
    "kernel.confirmation_differs",
    "What your passkey confirmed is not what was sent: amount, payee or text differ; nothing was done. Look again, then confirm.",
    "通行密钥所确认的内容与提交的内容不一致（金额、收款方或文字不同）；未办理任何事项。请重新查看后再确认。",
)
NOT_GOOD = conflict(
    "kernel.confirmation_not_good",
    "This confirmation was used, is more than five minutes old, or is not yours; look again, then confirm anew.",
    "此确认已使用、超过五分钟或不属于您；请重新查看后再次确认。",
)


def challenge_of(nonce: bytes, transaction: str) -> bytes:
    """What a passkey signs: a hash over a nonce and the canonical JSON of what was shown."""
    return hashlib.sha256(nonce + transaction.encode()).digest()


@dataclass
class Bound:
    """A confirmation that was taken for one operation, and, once that is done, the transaction that it proved to be of."""

    challenge_id: str
    nonce: bytes
    challenge: bytes
    assertion: dict[str, Any] = field(default_factory=dict)
    transaction: str = ""

    def holds(self, transaction: str) -> bool:
        """Whether this is what was confirmed; it is kept as the evidence then."""
        self.transaction = transaction
        return hmac.compare_digest(challenge_of(self.nonce, transaction), self.challenge)


Needs = Callable[[Any, Any], None]
"""Refuses ``kernel.key_needed`` where ``tx.actor`` does not confirm this command by a key of its own and must."""


def counted(_tx: Any, _command: Any) -> None:
    """For operations whose rules count what goes out, and ask for a key by that."""


def how(actor: Actor, attendance_id: str | None) -> dict[str, Any] | None:
    """How and when who asked for a thing had proved who that is, as a leaf says it; none where no door says."""
    if attendance_id is not None:
        return {"how": "assisted"}
    if actor.is_program:
        return {"how": "program"}
    proved = actor.proved
    return None if proved is None else {"how": proved.how, "at": proved.at, **({"by": proved.by} if proved.by else {})}
