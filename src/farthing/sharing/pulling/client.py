"""Own the line to institutions that give what a person lets us read: PAR, tokens and readings by FAPI 2.0, over HTTP.

Who may be asked two of the staff said; where, the institution's discovery document does, at its own origin. An institution
outside is called on the internet alone. A request goes once more where only the nonce of its proof was old; nothing else is asked
twice.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from farthing.identity import jose
from farthing.kit import strict_json
from farthing.kit.addresses import is_local, is_outside
from farthing.kit.client import JSON, Answer, Refused, get, post
from farthing.parties.vouching.rules import BEARER_ASSERTION
from farthing.sharing import proofs
from farthing.sharing.pulling import rules
from farthing.sharing.pulling.model import Asker, Endpoints

WITHIN, AT_MOST = 5.0, 1 << 20
FRESH = 3600.0
"""Seconds for which a discovery document is used."""
FORM = "application/x-www-form-urlencoded"


class HttpGivers:
    """Institutions that are asked by HTTP; what is kept of each is its discovery document and its last nonce."""

    def __init__(self, within: float = WITHIN) -> None:
        self._within, self._lock = within, threading.Lock()
        self._known: dict[str, tuple[float, Endpoints]] = {}
        self._nonces: dict[str, str] = {}

    def endpoints(self, issuer: str) -> Endpoints:
        """Where it is asked, as it said within the hour."""
        with self._lock:
            known = self._known.get(issuer)
        if known is not None and time.monotonic() - known[0] < FRESH:
            return known[1]
        try:
            answered = get(
                rules.discovery_of(issuer), within=self._within, at_most=AT_MOST, admits=_admits(issuer)
            )  # fmt: skip
        except Refused as refused:
            raise rules.SaidNo(refused.answer.status, "") from None
        found = rules.endpoints_of(issuer, _read(answered))
        with self._lock:
            self._known[issuer] = time.monotonic(), found
        return found

    def posted(self, asker: Asker, url: str, form: Mapping[str, str]) -> dict[str, Any]:
        """What it answers to a form that proves us, with a proof of the bound key."""

        def once(proof: str) -> Answer:
            said = {"client_assertion_type": BEARER_ASSERTION, "client_assertion": _assertion(asker), **form}
            return post(
                url, urlencode(said).encode(), within=self._within, at_most=AT_MOST, sends=FORM, headers={"DPoP": proof},
                admits=_admits(url),
            )  # fmt: skip

        return self._asked(asker, "POST", url, "", once)

    def read(self, asker: Asker, kind: str, token: str, query: Mapping[str, str]) -> dict[str, Any]:
        """What it gives of a kind."""
        url = f"{self.endpoints(asker.giver.issuer).reading}/{kind}"
        full = f"{url}?{urlencode(query)}" if query else url

        def once(proof: str) -> Answer:
            headers = {"Authorization": f"DPoP {token}", "DPoP": proof, "Accept": JSON}
            return get(full, within=self._within, at_most=AT_MOST, headers=headers, admits=_admits(url))

        return self._asked(asker, "GET", url, token, once)

    def _asked(
        self, asker: Asker, method: str, url: str, token: str, once: Callable[[str], Answer]
    ) -> dict[str, Any]:  # fmt: skip
        for again in (False, True):
            try:
                answered = once(self._proof(asker, method, url, token))
            except Refused as refused:
                no = _no(refused.answer)
                if self._noted(asker, refused.answer) and no.error == "use_dpop_nonce" and not again:
                    continue
                raise no from None
            self._noted(asker, answered)
            break
        return _read(answered) if answered.body else {}

    def _proof(self, asker: Asker, method: str, url: str, token: str) -> str:
        with self._lock:
            nonce = self._nonces.get(asker.giver.issuer, "")
        said = {"jti": secrets.token_urlsafe(18), "htm": method, "htu": url, "iat": int(time.time())}
        bound = {**({"nonce": nonce} if nonce else {}), **({"ath": proofs.hash_of(token)} if token else {})}
        return jose.proof(asker.bound, {**said, **bound})

    def _noted(self, asker: Asker, answered: Answer) -> bool:
        """Keep the nonce that an answer brings; whether it brought one."""
        nonce = answered.headers.get("dpop-nonce", "")
        if not 0 < len(nonce) <= rules.LONGEST:
            return False
        with self._lock:
            self._nonces[asker.giver.issuer] = nonce
        return True


def _assertion(asker: Asker) -> str:
    """What proves us: for this institution alone, for a minute."""
    now, client = int(time.time()), asker.giver.client_id
    said = {"iss": client, "sub": client, "aud": asker.giver.issuer, "iat": now, "exp": now + 60}
    return jose.signed(asker.key, asker.key_id, {**said, "jti": secrets.token_urlsafe(18)})


def _admits(address: str) -> Callable[[str], bool] | None:
    return None if is_local(address) else is_outside


def _read(answered: Answer) -> dict[str, Any]:
    try:
        said = strict_json.parse(answered.body)
    except strict_json.Unreadable:
        said = None
    if not isinstance(said, dict):
        raise jose.Untrue("its answer cannot be read")
    return said


def _no(answered: Answer) -> rules.SaidNo:
    """What an institution calls its refusal, as one short word."""
    try:
        error = _read(answered).get("error")
    except jose.Untrue:
        error = None
    plain = isinstance(error, str) and error.isascii() and error.replace("_", "").isalnum()
    return rules.SaidNo(answered.status, str(error)[:60] if plain else "")
