"""Own the line to an OpenID provider: its discovery document and keys, kept for an hour, and an id token for a code.

The issuer is the deployment's choice; the addresses that its document names are its own, so that those on another host than the
issuer's are called on the internet alone. Nothing is asked twice: a provider that does not answer is told as that.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from farthing.identity import jose
from farthing.identity.outside import rules
from farthing.identity.outside.model import Endpoints, Provider
from farthing.kit import strict_json
from farthing.kit.addresses import is_outside
from farthing.kit.client import JSON, Answer, PeerFault, Refused, get, post
from farthing.kit.errors import Refusal
from farthing.kit.faults import words

WITHIN, AT_MOST = 5.0, 1 << 18
FRESH, AGAIN = 3600.0, 60.0
"""Seconds for which what was fetched is used, and before which keys are not fetched once more."""
FORM = "application/x-www-form-urlencoded"


class HttpProvider:
    """A provider that is asked by HTTP."""

    def __init__(self, provider: Provider, within: float = WITHIN, clock: Callable[[], float] = time.monotonic) -> None:
        self._provider, self._within, self._clock = rules.check_provider(provider), within, clock
        self._lock = threading.Lock()
        self._endpoints: tuple[float, Endpoints] | None = None
        self._keys: tuple[float, tuple[Mapping[str, Any], ...]] | None = None

    @property
    def provider(self) -> Provider:
        """As the deployment chose it."""
        return self._provider

    def endpoints(self) -> Endpoints:
        """Where it is asked, as its discovery document said within the hour."""
        with self._lock:
            if self._endpoints is None or self._clock() - self._endpoints[0] >= FRESH:
                said = self._fetched(rules.discovery_of(self._provider))
                try:
                    self._endpoints = self._clock(), rules.endpoints_of(self._provider, said)
                except jose.Untrue as untrue:
                    raise self._untrue(untrue) from None
            return self._endpoints[1]

    def keys(self, *, again: bool = False) -> Sequence[Mapping[str, Any]]:
        """Its keys as of this hour; ``again``: a token named one that is not among them."""
        where = self.endpoints().keys
        with self._lock:
            if self._keys is None or self._clock() - self._keys[0] >= (AGAIN if again else FRESH):
                try:
                    self._keys = self._clock(), jose.keys_of(self._fetched(where))
                except jose.Untrue as untrue:
                    raise self._untrue(untrue) from None
            return self._keys[1]

    def id_token(self, code: str, redirect_uri: str, verifier: str) -> str:
        """The id token for a code."""
        where = self.endpoints().token
        said = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier,
        }  # fmt: skip
        pair = f"{quote_plus(self._provider.client_id)}:{quote_plus(self._provider.secret)}"
        headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        try:
            answered = post(
                where, urlencode(said).encode(), within=self._within, at_most=AT_MOST, sends=FORM, expects=JSON,
                headers=headers, admits=self._admits(where),
            )  # fmt: skip
        except Refused as refused:
            problem = _error(refused.answer)
            raise rules.REFUSED(**named(self._provider), problem=problem, problem_zh=problem) from None
        except PeerFault as fault:
            raise self._silent(fault) from None
        token = self._read(answered).get("id_token")
        if not isinstance(token, str):
            raise self._untrue(jose.Untrue("it gave no id token"))
        return token

    def _fetched(self, where: str) -> Any:
        try:
            return self._read(get(where, within=self._within, at_most=AT_MOST, admits=self._admits(where)))
        except PeerFault as fault:
            raise self._silent(fault) from None

    def _read(self, answered: Answer) -> dict[str, Any]:
        try:
            said = strict_json.parse(answered.body)
        except strict_json.Unreadable:
            said = None
        if not isinstance(said, dict):
            raise self._untrue(jose.Untrue("its answer cannot be read"))
        return said

    def _admits(self, where: str) -> Callable[[str], bool] | None:
        return None if urlsplit(where).hostname == urlsplit(self._provider.issuer).hostname else is_outside

    def _silent(self, fault: PeerFault) -> Refusal:
        said = words(str(fault))
        return rules.SILENT(**named(self._provider), problem=said.en, problem_zh=said.zh)

    def _untrue(self, untrue: jose.Untrue) -> Refusal:
        return rules.untrue(self._provider, untrue)


def named(provider: Provider) -> dict[str, str]:
    """What a provider is called, as refusals say it."""
    return {"provider": provider.title.en, "provider_zh": provider.title.zh}


def _error(answered: Answer) -> str:
    """What a provider calls its refusal, as one short word."""
    try:
        said = json.loads(answered.body)
        error = said.get("error") if isinstance(said, dict) else None
    except (ValueError, RecursionError):
        error = None
    plain = isinstance(error, str) and error.isascii() and error.replace("_", "").isalnum()
    return str(error)[:60] if plain else str(answered.status)
