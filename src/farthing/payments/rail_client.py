"""Speak to a bank outside in ISO 20022 over HTTP, behind the port ``BankRail``. Never raises for a bad answer: what is no message
that its schema and our rules take is no answer, and the money waits."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from farthing.kit.client import PeerFault, get, post
from farthing.kit.errors import Refusal
from farthing.payments.iso20022 import payment_messages as messages
from farthing.payments.iso20022 import payment_writer as writer
from farthing.payments.iso20022.payment_messages import Arrived, Ask, Order, Returned, Status
from farthing.payments.life.names import end_to_end_id_of, payment_id_of, uetr_of
from farthing.payments.model import Instruction, Notice, Original, Outcome, RailAnswer
from farthing.payments.rules import masked

LOG = logging.getLogger("farthing.payments.rail")
WITHIN_MS = 10_000
LARGEST = 4 * 1024 * 1024
XML = "application/xml"
UNKNOWN_THERE = "NOOR"
RECALLS: dict[str, Outcome] = {messages.AGREED: "settled", messages.REFUSED: "declined", messages.PENDING: "pending"}


class IsoRail:
    """``POST <url>/messages`` with one message, answered by one; ``GET <url>/notices?after=`` lists what it told by itself."""

    def __init__(self, name: str, url: str, within_ms: int = WITHIN_MS) -> None:
        self.name, self._url, self._within = name, url, within_ms / 1000

    def _now(self) -> datetime:
        return datetime.now(UTC)

    def send(self, instruction: Instruction) -> RailAnswer | None:
        """pacs.008 for money that goes out, pacs.003 for money that comes in; the answer is a pacs.002."""
        now = self._now()
        order = Order(
            end_to_end_id_of(instruction.id), uetr_of(instruction.id), instruction.direction, instruction.amount,
            instruction.holder, instruction.counterparty, instruction.on or now.date(),
        )  # fmt: skip
        return self._status(order.id, self._asked(writer.order(order, now), messages.STATUS))

    def inquire(self, original: Original) -> RailAnswer | None:
        """pacs.028, answered by a pacs.002."""
        ask = Ask(end_to_end_id_of(original.id), uetr_of(original.id))
        return self._status(ask.id, self._asked(writer.inquiry(ask, self._now()), messages.STATUS))

    def recall(self, original: Original, reason_code: str) -> RailAnswer | None:
        """camt.056, answered by a camt.029."""
        ask = Ask(end_to_end_id_of(original.id), uetr_of(original.id), reason_code)
        told = self._asked(writer.recall(ask, self._now()), messages.RESOLUTION)
        if not isinstance(told, Status) or told.id != ask.id or told.code not in RECALLS:
            return None
        return RailAnswer(RECALLS[told.code], reason_code=told.reason_code)

    def notices(self, after: str) -> Sequence[Notice] | None:
        """pacs.002, pacs.004 and camt.054 that it told by itself; one that is wrong ends the list, and is told of in the log."""
        try:
            listed = json.loads(get(f"{self._url}/notices?after={after}", within=self._within, at_most=LARGEST).body)
        except (PeerFault, ValueError):
            return None
        found: list[Notice] = []
        for each in listed if isinstance(listed, list) else ():
            notice = self._notice(each)
            if notice is None:
                break
            found.append(notice)
        return found

    def _asked(self, content: bytes, wanted: str) -> Any:
        try:
            answer = post(
                f"{self._url}/messages", content, within=self._within, at_most=LARGEST, sends=XML, expects=XML
            )
            return messages.read(answer.body, wanted)
        except PeerFault:
            return None
        except Refusal as refusal:
            LOG.warning("rail %s answered what is no message: %s", self.name, refusal.code)
            return None

    def _status(self, asked: str, told: Any) -> RailAnswer | None:
        """What a pacs.002 says; of another payment it says nothing."""
        if not isinstance(told, Status) or told.id != asked or told.code not in messages.OUTCOMES:
            return None
        if told.code == "RJCT" and told.reason_code in ("DUPL", "AM05", UNKNOWN_THERE):
            named: dict[str, Outcome] = {"DUPL": "duplicate", "AM05": "differs", UNKNOWN_THERE: "missing"}
            return RailAnswer(named[told.reason_code], told.reference)
        return RailAnswer(messages.OUTCOMES[told.code], told.reference, told.reason_code, told.reason)

    def _notice(self, each: Any) -> Notice | None:
        try:
            name = str(each["id"])
            told = messages.read(str(each["message"]).encode(), messages.STATUS, messages.RETURN, messages.ARRIVAL)
        except (Refusal, KeyError, TypeError) as wrong:
            LOG.error("rail %s told what is no notice: %s", self.name, wrong)
            return None
        return _notice_of(name, told)


def _notice_of(name: str, told: Any) -> Notice | None:
    if isinstance(told, Status):
        kind = messages.OUTCOMES.get(told.code, "pending")
        if kind == "pending":
            return None
        return Notice(
            name,
            kind,
            payment_id_of(told.id),
            reference=told.reference,
            reason_code=told.reason_code,
            reason=told.reason,
        )
    if isinstance(told, Returned):
        return Notice(
            name, "recalled" if told.reason_code == "FOCR" else "returned", payment_id_of(told.id), told.amount, told.fee,
            told.return_id, told.reason_code, value_on=told.on,
        )  # fmt: skip
    assert isinstance(told, Arrived)
    shown = masked(told.account) if told.account.isdigit() else ""
    return Notice(name, "credited", "", told.amount, None, told.reference, "", told.told, shown, told.on)
