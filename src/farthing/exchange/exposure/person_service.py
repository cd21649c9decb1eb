"""Own a person's side: whoever authenticated the person blinds her identity, and signs what a lender may ask.

It is a door that lenders, tagger and shelf believe: a node's door for persons, or an identity provider. It hears a lender's
signed wish, holds it against the consent, has the point evaluated, and signs a permit for that lender, purpose and consent, good
once. Never hands the identity on.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from farthing.exchange.blinded.door_service import Clock
from farthing.exchange.blinded.law import Law, periods_of
from farthing.exchange.blinded.messages import MEMBERS, Ask, Contest, Party, Permit, Seen, Ticket, Withdrawal, heard
from farthing.exchange.blinded.refusals import OTHER_INQUIRER
from farthing.exchange.exposure.side_service import ShelfSide, Side, TaggerSide, decoded
from farthing.kit import base64url
from farthing.kit.keys.model import KeyHandle


class PersonSide:
    """A door for persons; ``secret`` makes the numbers by which the tagger counts, so that they are nobody else's."""

    def __init__(
        self,
        name: str,
        key: KeyHandle,
        law: Law,
        tagger: TaggerSide,
        parties: Mapping[str, Party],
        secret: bytes,
        now: Clock,
    ) -> None:
        self._side, self._parties, self._secret = Side(name, key, law, tagger, now), parties, secret
        self._law, self._now = law, now

    def permit(self, ask: Any, identity: bytes, *, inquirer: str, consent: str, currency: str) -> dict[str, Any]:
        """What a lender may go to the shelf with, once: for the lender and consent that the person named.

        Refuses ``exposure.other_inquirer`` where the wish is another's, and whatever the tagger refuses.
        """
        member, wanted = heard(ask, Ask, self._parties, MEMBERS)
        if (member.name, wanted.consent) != (inquirer, consent):
            raise OTHER_INQUIRER()
        self._law.check_alive(wanted.until, self._now())
        self._law.check_purpose(wanted.purpose)
        periods = periods_of(self._now())
        blinding = self._law.group.blind([identity])
        ticket = Ticket(
            base64url.encode(blinding.points[0]), inquirer, wanted.purpose, periods, consent, self._number(identity),
            **self._side.fresh(),
        )  # fmt: skip
        told = self._side.tagger.evaluate({"ticket": self._side.said(ticket), "ask": ask})
        tags, keys = [], []
        for period in periods:
            statement = self._side.key_of(wanted.purpose, period)[0]
            evaluated = decoded({"evaluated": told["evaluated"].get(period)})
            (tag,) = self._law.group.finish(blinding, evaluated, base64url.decode(statement.public))
            tags.append(base64url.encode(tag))
            keys.append(statement.ident)
        made = Permit(
            tuple(tags), periods, tuple(keys), currency, inquirer, wanted.purpose, consent, **self._side.fresh()
        )
        return self._side.said(made)

    def seen(self, shelf: ShelfSide, identity: bytes, purpose: str) -> list[dict[str, Any]]:
        """What lenders were told of a person, the oldest first."""
        told = shelf.seen(self._side.said(Seen(self._tags(identity, purpose), **self._side.fresh())))
        answers: list[dict[str, Any]] = told["answers"]
        return answers

    def contest(self, shelf: ShelfSide, identity: bytes, purpose: str, days: int) -> str:
        """Have days past due told as disputed, so many days long; answers until when."""
        told = shelf.contest(self._side.said(Contest(self._tags(identity, purpose), days, **self._side.fresh())))
        return str(told["until"])

    def withdraw(self, shelf: ShelfSide, consent: str) -> None:
        """End a consent at the shelf and at the tagger; told twice is told once."""
        wire = self._side.said(Withdrawal(consent))
        shelf.end(wire)
        self._side.tagger.end(wire)

    def _tags(self, identity: bytes, purpose: str) -> tuple[str, ...]:
        return tuple(base64url.encode(self._side.tag(purpose, each, identity)) for each in periods_of(self._now()))

    def _number(self, identity: bytes) -> str:
        return hmac.new(self._secret, identity, hashlib.sha256).hexdigest()[:32]
