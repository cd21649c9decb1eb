"""Own the nouns ``RelyingParty``, ``TellingConsent`` and ``Telling``: a partner who asks who somebody is, what a person lets it
know, and what it was told when.

Tables: ``relying_party``, ``telling_consent``, ``telling_grant``, ``telling``, ``telling_subject``, ``telling_key``. Never keeps
what was told, only which claims; never a partner's secret, a code or a token, only hashes of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from farthing.kernel.operation import secret
from farthing.kit.inputs import Address, Few, Id, Line, Secret, Source, Word

Claim = Literal["name", "verification", "over_18", "phone"]
"""What a partner may be told beside that it is the same person as last time: the name, the level to which the bank has verified
it and when, whether it is of age (never the birthday), the phone."""
CLAIMS: tuple[Claim, ...] = ("name", "verification", "over_18", "phone")
Reads = Literal["accounts", "balances", "transactions", "deposits", "loans"]
"""What an institution may be registered to read of people who let it (:mod:`farthing.sharing`)."""
READS: tuple[Reads, ...] = ("accounts", "balances", "transactions", "deposits", "loans")
Authentication = Literal["client_secret_basic", "private_key_jwt"]
"""How a partner's program proves at the token endpoint that it is the partner's (OpenID Connect Core section 9)."""


@dataclass(frozen=True, slots=True)
class RegisterRelyingParty:
    """Let a partner ask who people are. ``name`` and ``name_zh`` are what people read; ``redirect_uris`` are the only addresses
    to which an answer is sent; ``claims`` are what it may ask for, as of its contract; ``keys`` is its set of public keys (JWKS)
    where it proves itself by ``private_key_jwt``. ``reads`` is what it may ask to read of people's accounts, and ``notices_to``
    where it is told that one of them stopped that."""

    name: Line
    name_zh: Line
    redirect_uris: Annotated[tuple[Address, ...], Few]
    claims: Annotated[tuple[Word, ...], Few] = ()
    authentication: Authentication = "client_secret_basic"
    keys: Source = ""
    reads: Annotated[tuple[Word, ...], Few] = ()
    notices_to: Address = ""


@dataclass(frozen=True, slots=True)
class EndRelyingParty:
    """Answer a partner nothing more, at once and for ever."""

    relying_party_id: Id


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """A partner as it stands: ``id`` is its ``client_id``; ``sector`` the host of its addresses, within which a person has one
    name. ``secret`` is in the answer that made it alone."""

    id: str
    name: str
    name_zh: str
    sector: str
    redirect_uris: tuple[str, ...]
    claims: tuple[str, ...]
    authentication: Authentication
    made_at: datetime
    made_by: str
    ended_at: datetime | None = None
    secret: str | None = secret(None)
    reads: tuple[str, ...] = ()
    notices_to: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, as anybody may read who was sent here by it."""

    relying_party_id: str
    name: str
    name_zh: str
    host: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreeToTell:
    """Let a partner know who one is: exactly these claims, under the request that it sent. ``silent``: nobody is asked again,
    since a consent to all of it is in force."""

    relying_party_id: Id
    redirect_uri: Address
    claims: Annotated[tuple[Word, ...], Few] = ()
    nonce: Secret = secret("")
    code_challenge: Secret = secret("")
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Agreed:
    """The consent, and the code that goes back to the partner: good once, for a minute."""

    consent_id: str
    claims: tuple[str, ...]
    code: str = secret("")


@dataclass(frozen=True, slots=True)
class StopTelling:
    """Take a consent back: the partner is told nothing more."""

    consent_id: Id


@dataclass(frozen=True, slots=True)
class TellingStopped:
    """How many consents ended."""

    count: int


@dataclass(frozen=True, slots=True)
class TellingConsent:
    """What a person lets a partner know, since when, and until when where it was taken back."""

    id: str
    relying_party_id: str
    name: str
    name_zh: str
    sector: str
    claims: tuple[str, ...]
    given_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """A partner was told something: which claims; none where it was told only that it is the same person."""

    id: str
    relying_party_id: str
    name: str
    name_zh: str
    claims: tuple[str, ...]
    told_at: datetime


@dataclass(frozen=True, slots=True)
class OwnTellings:
    """One's consents, and what was told by them, the newest first."""

    consents: tuple[TellingConsent, ...]
    told: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class RedeemCode:
    """A partner's program brings a code. What proves it: its secret, or an assertion signed by its key."""

    issuer: Address
    code: Secret = secret()
    redirect_uri: Secret = secret()
    verifier: Secret = secret()
    client_id: Secret = secret("")
    client_secret: Secret = secret("")
    assertion: Source = secret("")


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What a code came to. A wrong one is an outcome, since one that comes twice ends what it gave before. ``problem``: the code
    of what was wrong."""

    problem: str | None
    relying_party_id: str = ""
    consent_id: str = ""
    id_token: str = secret("")
    access_token: str = secret("")
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class TellClaims:
    """A partner's program brings an access token and wants what was agreed to."""

    token: Secret = secret()


@dataclass(frozen=True, slots=True)
class Told:
    """What it is told, and in which consent that was agreed to."""

    consent_id: str
    relying_party_id: str
    told: tuple[str, ...]
    claims: dict[str, Any] = secret()


@dataclass(frozen=True, slots=True)
class KeepTokenKey:
    """Have a key that signs tokens, where there is none that is young enough."""


@dataclass(frozen=True, slots=True)
class TurnTokenKey:
    """Sign by a new key from now on."""


@dataclass(frozen=True, slots=True)
class TokenKey:
    """The key that signs now."""

    id: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A code, and the access token that came of it, as they are kept."""

    id: str
    consent_id: str
    relying_party_id: str
    actor_id: str
    party_id: str
    claims: tuple[str, ...]
    code_hash: bytes
    redirect_uri: str
    nonce: str
    code_challenge: str
    proved_by: str
    proved_at: datetime
    expires_at: datetime
    spent_at: datetime | None
    token_hash: bytes | None
    token_expires_at: datetime | None
    ended_at: datetime | None
