"""Decide until when a time stamp can be checked, when it is renewed, and on which curve. Pure.

A stamp is good as long as its authority's certificate lasts and a revocation list of its chain speaks (RFC 4998 and
ETSI EN 319 142-1 section 6.3: renewed before). The certificate's life is known when it is set; so is the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from cryptography import x509

from farthing.kit.errors import declined
from farthing.kit.words import Words

NO_LONGER = declined(
    "signing.stamp_no_longer",
    "A new time stamp would hold until {until}, which is no longer than the one that is there ({holds}): the authority's"
    " certificate or revocation list must be renewed first.",
    "新时间戳的有效期至 {until}，并不长于现有时间戳（{holds}）；须先更新时间戳机构的证书或吊销列表。",
)

BEFORE = timedelta(days=183)
"""How long before it ends a stamp is renewed: half a year, in which an authority can be replaced."""
LEAST_GAIN = timedelta(days=30)
CURVES: Sequence[tuple[date, str]] = (
    (date(2036, 1, 1), "P-256"), (date(2046, 1, 1), "P-384"), (date.max, "P-521"),
)  # fmt: skip
"""Until when which curve the built-in authority's next key is made on. † The years are this house's."""


def curve_of(on: date) -> str:
    """The curve of a key that is made on a day."""
    return next(curve for until, curve in CURVES if on < until)


def holds_until(chain: Sequence[bytes], revocation_lists: Sequence[bytes]) -> datetime:
    """Until when a stamp by the first certificate of a chain can be checked with these lists (DER).

    That is the end of the first of: each certificate but the root, and the list of each issuer. Without any list of its
    issuers only the certificates count.
    """
    certificates = [x509.load_der_x509_certificate(each) for each in chain]
    ends = [each.not_valid_after_utc for each in certificates[: max(1, len(certificates) - 1)]]
    issuers = {each.issuer for each in certificates}
    lists = [x509.load_der_x509_crl(each) for each in revocation_lists]
    ends += [each.next_update_utc for each in lists if each.issuer in issuers and each.next_update_utc is not None]
    return min(ends)


def renew_on(until: datetime) -> date:
    """The day from which a stamp that holds until an instant is renewed."""
    return (until - BEFORE).date()


def check_gain(until: datetime, renewed_on: date) -> None:
    """Refuse ``signing.stamp_no_longer`` where a new stamp would hold hardly longer than the one before it."""
    holds = renewed_on + BEFORE
    if until.date() < holds + LEAST_GAIN:
        raise NO_LONGER(until=until.date(), holds=holds)


def field_of(before: Sequence[str], first: str) -> str:
    """What the field of the next stamp over a document is called, after these fields."""
    return f"{first}_{sum(each.startswith(first) for each in before) + 1}"


RENEWED = Words("Time stamps renewed", "时间戳续期")
