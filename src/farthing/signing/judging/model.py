"""Own the nouns of a judgement: a verdict with its reasons, and apart from it what is intact, valid, trusted, when and by whom.

Everything is frozen, and there is no single yes. Never holds a sentence: those are in ``reasons``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What is said of the file as a whole, the worst reason deciding."""

    SEALED = "sealed"
    IN_PART = "in_part"
    CHANGED = "changed_since"
    BROKEN = "broken"
    NONE = "none"


class Kind(StrEnum):
    """What a signature is for."""

    APPROVAL = "approval"
    CERTIFICATION = "certification"
    TIMESTAMP = "timestamp"


class Path(StrEnum):
    """Whether the certificate leads to a root: one that was given, or for want of that one that lies in the file."""

    WHOLE = "whole"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"
    NOT_CHECKED = "not_checked"


class Revocation(StrEnum):
    """What the revocation data in the file say; ``older``: they were made before the signature and cannot speak of it."""

    GOOD = "good"
    OLDER = "older"
    REVOKED = "revoked"
    NO_DATA = "no_data"
    NOT_CHECKED = "not_checked"


class Period(StrEnum):
    """Whether the certificate was in its time."""

    WITHIN = "within"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    NOT_CHECKED = "not_checked"


class Trusted(StrEnum):
    """Whether it stands under a root that the reader gave."""

    YES = "yes"
    NO = "no"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Reason:
    """One finding: a code of ``reasons``, the signature field it is about if any, and facts for its sentence."""

    code: str
    field: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a certificate is worth at a moment; ``root`` is the name of the root it was found under."""

    path: Path = Path.NOT_CHECKED
    revocation: Revocation = Revocation.NOT_CHECKED
    period: Period = Period.NOT_CHECKED
    trusted: Trusted = Trusted.NOT_CHECKED
    root: str = ""


@dataclass(frozen=True, slots=True)
class StampJudged:
    """A time stamp over a signature, or over the file: the instant, who vouches for it, and what that is worth."""

    at: datetime
    by: str
    intact: bool
    standing: Standing = field(default_factory=Standing)


@dataclass(frozen=True, slots=True)
class SignatureJudged:
    """One signature or document time stamp.

    ``intact``: the digest of its bytes and the cryptographic signature hold; none where that could not be checked.
    ``covers``: bytes from the beginning that it vouches for, its own hexadecimal excepted. ``claimed_at`` is only said.
    """

    field: str
    kind: Kind
    form: str
    signer: str
    issuer: str
    certificate: str
    digest: str
    algorithm: str
    intact: bool | None
    covers: int
    whole_file: bool
    claimed_at: datetime | None
    stamp: StampJudged | None
    standing: Standing
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found in one file. ``not_checked`` and ``warnings`` never change the verdict; they are to be read."""

    verdict: Verdict
    length: int
    digest: str
    reasons: tuple[Reason, ...]
    signatures: tuple[SignatureJudged, ...]
    not_checked: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
