"""Own what a lender's side and a person's have in common: a key, the tagger's published keys, tags of identities."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol

from farthing.exchange.blinded.door_service import Clock
from farthing.exchange.blinded.group import PROOF_FAILED
from farthing.exchange.blinded.law import Law, periods_of
from farthing.exchange.blinded.messages import KeyStatement, Message, Points, said
from farthing.exchange.blinded.refusals import NO_KEY
from farthing.kit import base64url
from farthing.kit.keys.model import KeyHandle

NONCE_BYTES = 16


class TaggerSide(Protocol):
    """A tagger, in this process or over a line."""

    def evaluate(self, wire: Any) -> Any:
        """A ticket with a lender's ask."""

    def tag(self, wire: Any) -> Any:
        """A batch of points."""

    def end(self, wire: Any) -> Any:
        """A consent was withdrawn."""

    def statements(self) -> list[tuple[KeyStatement, Any]]:
        """Its public keys, each with the statement that it signed."""


class ShelfSide(Protocol):
    """A shelf, in this process or over a line."""

    def key(self, wire: Any) -> Any:
        """A public key that the tagger signed."""

    def enter(self, wire: Any) -> Any:
        """A part of a lender's file."""

    def ask(self, wire: Any) -> Any:
        """A permit with a lender's question."""

    def seen(self, wire: Any) -> Any:
        """What was answered about a person."""

    def contest(self, wire: Any) -> Any:
        """A person disputes."""

    def end(self, wire: Any) -> Any:
        """A consent was withdrawn."""


class Side:
    """Somebody who blinds and signs: a name, a key, and a tagger whose keys are asked for once a quarter."""

    def __init__(self, name: str, key: KeyHandle, law: Law, tagger: TaggerSide, now: Clock) -> None:
        self.name, self.law, self.now = name, law, now
        self._key, self.tagger = key, tagger
        self._keys: dict[tuple[str, str], tuple[KeyStatement, Any]] = {}
        self._brought: set[str] = set()

    def said(self, message: Message) -> dict[str, Any]:
        """A message signed by this side."""
        return said(message, self.name, self._key)

    def fresh(self) -> dict[str, Any]:
        """A nonce, and until when what is signed now lives."""
        until = self.now() + timedelta(minutes=self.law.minutes_max)
        return {"nonce": nonce(), "until": until}

    def key_of(self, purpose: str, period: str) -> tuple[KeyStatement, Any]:
        """The tagger's key of a purpose and period, which never changes; refuses ``exposure.no_key``."""
        if (purpose, period) not in self._keys:
            for statement, wire in self.tagger.statements():
                self._keys.setdefault((statement.purpose, statement.period), (statement, wire))
        if (purpose, period) not in self._keys:
            raise NO_KEY(purpose=purpose, period=period)
        return self._keys[purpose, period]

    def publish_keys(self, shelf: ShelfSide, purpose: str) -> None:
        """Bring the tagger's keys to the shelf; it knows them already, or takes them."""
        for period in periods_of(self.now()):
            statement, wire = self.key_of(purpose, period)
            if statement.ident not in self._brought:
                shelf.key(wire)
                self._brought.add(statement.ident)

    def tag(self, purpose: str, period: str, text: bytes) -> bytes:
        """The tag of one person."""
        return self._finished(purpose, period, [text])[0]

    def tags(self, purpose: str, period: str, texts: Sequence[bytes]) -> tuple[bytes, ...]:
        """The tags of at most a batch, filled up to a whole one with nobody."""
        nobody = (os.urandom(32) for _ in range(self.law.batch - len(texts)))
        return self._finished(purpose, period, [*texts, *nobody])

    def _finished(self, purpose: str, period: str, filled: Sequence[bytes]) -> tuple[bytes, ...]:
        blinding = self.law.group.blind(filled)
        points = tuple(base64url.encode(each) for each in blinding.points)
        told = self.tagger.tag(self.said(Points(purpose, period, points, **self.fresh())))
        public = base64url.decode(self.key_of(purpose, period)[0].public)
        return self.law.group.finish(blinding, decoded(told), public)


def nonce() -> str:
    """A number that was never used."""
    return base64url.encode(os.urandom(NONCE_BYTES))


def decoded(told: Any) -> bytes:
    """What the tagger evaluated; an answer that cannot be read proves nothing: ``exposure.proof_failed``."""
    try:
        return base64url.decode(told["evaluated"])
    except (ValueError, TypeError, KeyError):
        raise PROOF_FAILED() from None
