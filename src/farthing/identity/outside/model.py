"""Own the noun ``OutsideLogin``: a login at another institution, linked to a login here by its issuer and subject alone.

Tables: ``outside_login``, ``outside_flow``. Never keeps a token, nor the name by which a provider knows somebody: only an id that
is derived from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from farthing.kernel.operation import secret
from farthing.kit.inputs import Address, Id, Instant, Line, Secret, Slug
from farthing.kit.words import Words

Outcome = Literal["ok", "stale", "unlinked", "weaker", "taken"]
"""What came of a login elsewhere: it signed in, or waits to be linked; nobody here waits for it any more; it is linked to nobody
here; this login asks for more than it; it is linked already."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as the deployment chose it."""

    name: str
    issuer: str
    client_id: str
    title: Words
    secret: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What a provider's discovery document says, as far as we need it, found to be in order."""

    authorization: str
    token: str
    keys: str
    says_issuer: bool


class OutsideProvider(Protocol):
    """The port ``openid``: a provider that is asked over the network, hence with no transaction open."""

    @property
    def provider(self) -> Provider:
        """As the deployment chose it; asks nobody."""

    def endpoints(self) -> Endpoints:
        """Where it is asked; refuses ``identity.outside_silent``, ``identity.outside_untrue``."""

    def keys(self, *, again: bool = False) -> Sequence[Mapping[str, Any]]:
        """By which keys its tokens are verified; ``again``: fetched anew, but not more often than once a minute."""

    def id_token(self, code: str, redirect_uri: str, verifier: str) -> str:
        """The id token for a code; refuses ``identity.outside_refused`` too."""


@dataclass(frozen=True, slots=True)
class ProviderShown:
    """A provider as people see it."""

    name: str
    title: Words


@dataclass(frozen=True, slots=True)
class AskOutside:
    """Be sent to a provider to sign in; ``source`` is the network address that is counted."""

    provider: Slug
    source: Secret = secret("")


@dataclass(frozen=True, slots=True)
class AskLink:
    """Be sent to a provider, to link one's login there to this one."""

    provider: Slug


@dataclass(frozen=True, slots=True)
class Sent:
    """Somebody is sent to a provider: ``flow`` is what this browser alone has, from which all else is derived."""

    provider: str
    expires_at: datetime
    flow: str = secret("")


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody came back whose login elsewhere was found to be good: which login it is, since when, and what the provider says
    of how it was proved."""

    flow_id: Id
    provider: Slug
    issuer: Address
    login_id: Id
    proved_at: Instant
    strong: bool
    vouched_by: Line
    device: Secret | None = secret(None)
    device_name: Secret = secret("")


@dataclass(frozen=True, slots=True)
class Waits:
    """Whether a login waits to be linked."""

    outcome: Outcome
    flow_id: str


@dataclass(frozen=True, slots=True)
class LinkOutside:
    """Link the login with which one came back to one's own."""

    flow_id: Id


@dataclass(frozen=True, slots=True)
class UnlinkOutside:
    """Let a login elsewhere sign in no more."""

    login_id: Id


@dataclass(frozen=True, slots=True)
class OutsideLogin:
    """A login elsewhere that signs in here."""

    id: str
    provider: str
    issuer: str
    made_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """Somebody who was sent away, as that is kept."""

    id: str
    provider: str
    actor_id: str | None
    expires_at: datetime
    spent_at: datetime | None
    login_id: str | None
    issuer: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider sent somebody back with, as it stands in the address; nothing of it is believed yet."""

    state: str = ""
    code: str = ""
    iss: str = ""
    error: str = ""
    flow: str = field(repr=False, default="")
