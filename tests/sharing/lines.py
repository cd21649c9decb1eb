"""An institution without a network, for what one can answer that a real bank of ours never would: endless pages, pages that are
none, another's accounts, silence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from farthing.kit.actor import Actor
from farthing.sharing.pulling import rules, service
from farthing.sharing.pulling.model import Asker, ComeBack, Endpoints, OwnPull, PullAsked
from tests.conftest import Bank

ISSUER = "https://other.example/open"


class Line:
    """The port ``giver`` as an institution of a test answers it; what it was asked for is kept."""

    def __init__(self, **answers: Any) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answers = answers
        self.state = ""
        self.granted: Any = None

    def endpoints(self, issuer: str) -> Endpoints:
        at = issuer.removesuffix("/open")
        return Endpoints(f"{at}/par", f"{at}/authorize", f"{at}/token", f"{at}/revoke", f"{at}/v1/open")

    def posted(self, asker: Asker, url: str, form: Mapping[str, str]) -> dict[str, Any]:
        self.asked.append((url.rpartition("/")[2], dict(form)))
        if url.endswith("/par"):
            self.state, self.granted = form["state"], json.loads(form["authorization_details"])
            return {"request_uri": "urn:ietf:params:oauth:request_uri:one"}
        return {
            "access_token": "access", "refresh_token": "refresh", "token_type": "DPoP", "authorization_details": self.granted,
        }  # fmt: skip

    def read(self, asker: Asker, kind: str, token: str, query: Mapping[str, str]) -> dict[str, Any]:
        self.asked.append((kind, dict(query)))
        found = self.answers.get(kind, {})
        return dict(found(dict(query)) if callable(found) else found)


def answering(bank: Bank, asked: PullAsked, who: Actor, **changes: str) -> OwnPull:
    """She comes back with what she agreed to."""
    line: Line = bank.kernel.ports.peer("giver")
    said = {"state": line.state, "code": "code", "iss": ISSUER, **changes}
    found: OwnPull = bank.run(service.come_back, ComeBack(**said), actor=who)
    return found


def holder(name: str, number: str) -> dict[str, Any]:
    """What an institution says of whose accounts they are."""
    return {
        "consent_id": "there", "accounts": [{"account": "a1", "currency": "CNY"}, {"account": "a2", "currency": "USD"}],
        "holder": {"name": name, "number_sha256": rules.number_digest("there", number), "verification_level": 2},
    }  # fmt: skip


def row(number: int, minor: int = -1_250, **changes: Any) -> dict[str, Any]:
    """A payment as an institution gives it."""
    return {
        "id": f"payment-{number:08d}", "amount": {"minor": minor, "currency": "CNY"}, "kind": "transfer", "memo": "rice",
        "booked_at": f"2026-05-{number % 28 + 1:02d}T08:{number % 60:02d}:00+08:00", "other": "*店", **changes,
    }  # fmt: skip
