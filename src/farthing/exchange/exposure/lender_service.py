"""Own a lender's side: load its own customers, ask to know a person, be told in bands.

The person's side signs what the lender asks with; the lender compares the tag in it with one of the identity that it checked,
so that nobody is shown in another's place. Never sends an identity or an amount anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from farthing.exchange.blinded.door_service import Clock
from farthing.exchange.blinded.law import Law, periods_of
from farthing.exchange.blinded.messages import PAD, Ask, Permit, Question, Row, Rows, digest_of
from farthing.exchange.exposure.client import PEER_AWAY
from farthing.exchange.exposure.model import Customer
from farthing.exchange.exposure.side_service import ShelfSide, Side, TaggerSide, nonce
from farthing.kernel.operation import decode
from farthing.kit import base64url
from farthing.kit.errors import Refusal, declined, malformed
from farthing.kit.exposure import Exposure
from farthing.kit.faults import words
from farthing.kit.keys.model import KeyHandle

NOT_THIS_PERSON = declined(
    "exposure.not_this_person",
    "The permit is for another person than the one whose identity was checked; do not decide on it.",
    "该许可对应的人与已核验身份者不符；不得据此作出决定。",
)
CUSTOMER_TWICE = malformed(
    "exposure.customer_twice",
    "A customer stands {count} times in the file; add up what is owed, one row a person.",
    "同一客户在文件中出现 {count} 次；请合并余额，每人一行。",
)


class LenderSide:
    """A lender that is a member of tagger and shelf."""

    def __init__(self, name: str, key: KeyHandle, law: Law, tagger: TaggerSide, shelf: ShelfSide, now: Clock) -> None:
        self._side, self._shelf = Side(name, key, law, tagger, now), shelf
        self._law, self._now = law, now

    def load(self, customers: Sequence[Customer], *, purpose: str, currency: str, as_of: date) -> int:
        """Put the whole file of own customers on the shelf, in batches filled up with nobody; answers how many batches.

        Sent again after a break it is a new load; what arrived of the broken one never counts.
        """
        texts = [each.identity for each in customers]
        if len(set(texts)) != len(texts):
            raise CUSTOMER_TWICE(count=max(texts.count(each) for each in set(texts)))
        self._side.publish_keys(self._shelf, purpose)
        period, size = periods_of(self._now())[0], self._law.batch
        bands = self._law.bands_of(currency)
        rows: list[Row] = []
        for start in range(0, max(1, len(customers)), size):
            part = customers[start : start + size]
            entries = [
                (bands.of(each.limit), bands.of(each.balance), self._law.dpd_band(each.days_past_due)) for each in part
            ]
            tags = self._side.tags(purpose, period, [each.identity for each in part])
            filled = [*entries, *[(0, 0, 0)] * (size - len(entries))]
            rows += [Row(base64url.encode(tag), *entry) for tag, entry in zip(tags, filled, strict=True)]
        rows.sort(key=lambda row: row.tag)
        key, name, parts = self._side.key_of(purpose, period)[0].ident, nonce(), len(rows) // size
        for number in range(parts):
            part_rows = tuple(rows[number * size : (number + 1) * size])
            message = Rows(purpose, period, key, currency, as_of, name, number + 1, parts, part_rows)
            self._shelf.enter(self._side.said(message))
        return parts

    def want(self, purpose: str, consent: str) -> dict[str, Any]:
        """What the person's side is handed: this lender wants to know, for a purpose and under a consent."""
        return self._side.said(Ask(purpose, consent, **self._side.fresh()))

    def told(self, permit: Mapping[str, Any], identity: bytes) -> Exposure:
        """Take a permit to the shelf and hear the bands; refuses ``exposure.not_this_person``."""
        self._check_person(permit, identity)
        question = self._side.said(Question(digest_of(permit), **self._side.fresh()))
        answer = dict(self._shelf.ask({"permit": permit, "question": question}))
        answer.pop(PAD, None)
        try:
            exposure: Exposure = decode(Exposure, answer)
        except Refusal:
            raise PEER_AWAY(place="shelf", problem=words("its answer cannot be read")) from None
        return exposure

    def _check_person(self, permit: Mapping[str, Any], identity: bytes) -> None:
        try:
            said: Permit = decode(Permit, permit["body"])
            self._side.publish_keys(self._shelf, said.purpose)
            tag = self._side.tag(said.purpose, said.periods[0], identity)
        except (KeyError, IndexError, AttributeError):
            raise NOT_THIS_PERSON() from None
        if said.tags[:1] != (base64url.encode(tag),):
            raise NOT_THIS_PERSON()
