"""Own the nouns ``SharingRequest``, ``SharingConsent``, ``SharingToken`` and ``SharingAccess``: what an institution asks to
read, what a person let it read, by what it comes, and what it read when.

Tables: ``sharing_request``, ``sharing_consent``, ``sharing_token``, ``sharing_access``. A consent is never changed but to end
it. Never keeps what was read, only which kind of which accounts; never a code or a token, only hashes of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from farthing.kernel.operation import beside, secret
from farthing.kit.inputs import Address, AnyId, Cursor, Day, Few, Id, PageSize, Secret, Source, Word

Why = Literal["person", "institution", "code_twice", "erased"]
"""Who or what ended a consent: the person, the institution itself, a code that came twice, the erasure of the person."""


@dataclass(frozen=True, slots=True)
class Details:
    """What an institution asks to read (RFC 9396): which ``kinds`` for the purpose of a ``template``, from which day on, and
    until when it may ask."""

    template: str
    kinds: tuple[str, ...]
    from_on: date | None
    until: date


@dataclass(frozen=True, slots=True)
class Push:
    """An institution's program pushes a request (RFC 9126). ``said`` are its parameters, as JSON; ``proof`` its DPoP proof, if it
    sent one, made for ``url``."""

    issuer: Address
    url: Address
    assertion: Source = secret()
    said: Source = secret()
    proof: Source = secret("")


@dataclass(frozen=True, slots=True)
class Pushed:
    """The request, and the address under which a person is sent here with it: good once, for nine minutes."""

    request_id: str
    relying_party_id: str
    request_uri: str = secret("")
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class SharingRequest:
    """A pushed request, and the code that a person's agreement gave, as they are kept."""

    id: str
    relying_party_id: str
    uri_hash: bytes
    redirect_uri: str
    state: str
    code_challenge: str
    jkt: str | None
    details: Details
    issuer: str
    pushed_at: datetime
    expires_at: datetime
    decided_at: datetime | None = None
    consent_id: str | None = None
    code_hash: bytes | None = None
    code_expires_at: datetime | None = None
    spent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asks:
    """Who asks to read what, as the person is shown it."""

    request_id: str
    relying_party_id: str
    name: str
    name_zh: str
    host: str
    redirect_uri: str
    state: str
    details: Details


@dataclass(frozen=True, slots=True)
class Choice:
    """An account of hers that a person may let an institution read: ``ref`` names it here, ``title`` is what she reads."""

    ref: str
    kind: Literal["wallet", "deposit", "loan"]
    title: str
    title_zh: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class AgreeToShare:
    """Let an institution read these accounts under the request that it pushed. ``notice`` is the language of the words that were
    read."""

    request_id: Id
    accounts: Annotated[tuple[Id, ...], Few] = ()
    notice: Literal["zh", "en"] = "zh"


@dataclass(frozen=True, slots=True)
class RefuseToShare:
    """Let an institution read nothing; its request is used up."""

    request_id: Id


@dataclass(frozen=True, slots=True)
class Answered:
    """Where an answer goes, once a person decided: to the institution's own address, with its state; and what she decided on."""

    request_id: str
    redirect_uri: str
    state: str
    institution: str
    details: Details
    consent_id: str = beside("")
    code: str = secret("")


@dataclass(frozen=True, slots=True)
class Redeem:
    """An institution's program brings a code or a refresh token, with the proof of the key that the access token is for."""

    issuer: Address
    url: Address
    grant_type: Word
    assertion: Source = secret()
    proof: Source = secret()
    code: Secret = secret("")
    redirect_uri: Secret = secret("")
    verifier: Secret = secret("")
    refresh_token: Secret = secret("")


@dataclass(frozen=True, slots=True)
class Given:
    """What it comes to. A wrong code is an outcome, since one that comes twice ends what it gave before. ``problem``: the code of
    what was wrong."""

    problem: str | None
    relying_party_id: str = ""
    consent_id: str = ""
    access_token: str = secret("")
    refresh_token: str = secret("")
    seconds: int = 0
    details: dict[str, Any] = secret(None)


@dataclass(frozen=True, slots=True)
class Revoke:
    """An institution gives a token back (RFC 7009): a refresh token ends its consent."""

    issuer: Address
    assertion: Source = secret()
    token: Secret = secret()


@dataclass(frozen=True, slots=True)
class Revoked:
    """Whose it was, and which consent ended, if one did. A token that nobody gave is no fault (RFC 7009 section 2.2)."""

    relying_party_id: str
    consent_id: str = ""


@dataclass(frozen=True, slots=True)
class SharingToken:
    """A token as it is kept. ``jkt``: the key that an access token is bound to."""

    id: str
    consent_id: str
    relying_party_id: str
    kind: Literal["access", "refresh"]
    hash: bytes
    jkt: str | None
    made_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SharingConsent:
    """What a person lets an institution read: which ``accounts`` of hers, for what, until when, and why it ended."""

    id: str
    party_id: str
    relying_party_id: str
    actor_id: str
    details: Details
    issuer: str
    accounts: tuple[str, ...]
    notice: str
    given_at: datetime
    given_on: date
    ended_at: datetime | None = None
    ended_why: Why | None = None

    def state(self, on: date) -> Literal["running", "expired", "ended"]:
        """How it stands on a day of the bank."""
        if self.ended_at is not None:
            return "ended"
        return "expired" if on > self.details.until else "running"


@dataclass(frozen=True, slots=True)
class ReadShared:
    """An institution reads under a consent, by a token and a proof for this very request (RFC 9449). ``account`` is one that
    ``accounts`` listed."""

    kind: Word
    method: Word
    url: Address
    token: Secret = secret()
    proof: Source = secret()
    account: AnyId = ""
    from_on: Day | None = None
    to_on: Day | None = None
    cursor: Cursor | None = None
    limit: PageSize = 50


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    """What it is given, and of which accounts how many rows, as the person sees it."""

    consent_id: str
    relying_party_id: str
    kind: str
    rows: int
    body: dict[str, Any] = secret(None)


@dataclass(frozen=True, slots=True)
class StopSharing:
    """Let an institution read nothing more, at once."""

    consent_id: Id


@dataclass(frozen=True, slots=True)
class SharingStopped:
    """The consent, and how many tokens died with it."""

    consent_id: str
    tokens: int


@dataclass(frozen=True, slots=True)
class SharingAccess:
    """Something was read: of which kind, which accounts, how many rows, of which days."""

    id: str
    consent_id: str
    relying_party_id: str
    name: str
    name_zh: str
    kind: str
    accounts: tuple[str, ...]
    rows: int
    from_on: date | None
    to_on: date | None
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnSharing:
    """One of a person's consents as she sees it: ``accounts`` by their names in both languages."""

    id: str
    name: str
    name_zh: str
    host: str
    template: str
    kinds: tuple[str, ...]
    accounts: tuple[Choice, ...]
    from_on: date | None
    until: date
    given_at: datetime
    state: Literal["running", "expired", "ended"]
    ended_at: datetime | None
    ended_why: Why | None


@dataclass(frozen=True, slots=True)
class OwnSharings:
    """One's consents and what was read by them, the newest first."""

    consents: tuple[OwnSharing, ...]
    read: tuple[SharingAccess, ...]


@dataclass(frozen=True, slots=True)
class NoticeTaken:
    """An institution took note that a consent ended."""

    errand_id: Id
    consent_id: Id


Said = Mapping[str, str]
"""The parameters of a request, as they were sent."""
