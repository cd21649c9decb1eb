"""Own what a certificate is worth at a moment: its path, its revocation, its time, and whether a given root vouches for it.

Roots are those that the reader gives. Where none is given, a path to a root that lies in the file is still followed, which shows
that the file agrees with itself and nothing more. Never fetches anything.
"""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
)

from farthing.signing.judging.model import Path, Period, Revocation, Standing, Trusted
from farthing.signing.judging.reading import shown

_TOLERANCE = timedelta(seconds=1)


@dataclass(frozen=True)
class Pool:
    """What can help to judge a certificate: roots that were given, certificates and revocation data that lie in the file."""

    roots: tuple[x509.Certificate, ...]
    certificates: tuple[x509.Certificate, ...]
    lists: tuple[bytes, ...]
    answers: tuple[bytes, ...]

    @property
    def all(self) -> tuple[x509.Certificate, ...]:
        """Every certificate once."""
        return tuple({each.dump(): each for each in (*self.roots, *self.certificates)}.values())


def standing(certificate: x509.Certificate, pool: Pool, moment: datetime) -> Standing:
    """What a certificate is worth at ``moment``, each part by itself."""
    anchors = pool.roots or tuple(each for each in pool.certificates if each.issuer == each.subject)
    found = Standing(period=_period(certificate, moment))
    if not anchors:
        return replace(found, path=Path.INCOMPLETE, revocation=Revocation.NOT_CHECKED)
    found = replace(found, **_followed(certificate, pool, anchors, moment))
    if not pool.roots:
        return found
    whole = found.path is Path.WHOLE and found.revocation is not Revocation.REVOKED and found.period is Period.WITHIN
    return replace(found, trusted=Trusted.YES if whole else Trusted.NO)


def _period(certificate: x509.Certificate, moment: datetime) -> Period:
    if moment < certificate.not_valid_before - _TOLERANCE:
        return Period.NOT_YET
    return Period.EXPIRED if moment > certificate.not_valid_after else Period.WITHIN


def _followed(
    certificate: x509.Certificate, pool: Pool, anchors: Sequence[x509.Certificate], moment: datetime
) -> dict[str, Any]:
    try:
        path = _path(certificate, pool, anchors, moment, "require")
        current = _speaks_of(certificate, pool, moment)
        return _whole(path, Revocation.GOOD if current else Revocation.OLDER)
    except RevokedError:
        return {"path": Path.WHOLE, "revocation": Revocation.REVOKED}
    except InsufficientRevinfoError:
        pass
    except (ExpiredError, NotYetValidError):
        return _out_of_time(certificate, pool, anchors)
    except PathBuildingError:
        return {"path": Path.INCOMPLETE, "revocation": Revocation.NOT_CHECKED}
    except Exception:  # a chain made to break its reader
        return {"path": Path.INVALID, "revocation": Revocation.NOT_CHECKED}
    try:
        return _whole(_path(certificate, pool, anchors, moment, "soft-fail"), Revocation.NO_DATA)
    except RevokedError:
        return {"path": Path.WHOLE, "revocation": Revocation.REVOKED}
    except Exception:
        return {"path": Path.INVALID, "revocation": Revocation.NOT_CHECKED}


def _out_of_time(certificate: x509.Certificate, pool: Pool, anchors: Sequence[x509.Certificate]) -> dict[str, Any]:
    """The path of a certificate outside its time, as it was within: that the time is over is said apart."""
    try:
        path = _path(certificate, pool, anchors, certificate.not_valid_before + _TOLERANCE, "soft-fail")
    except Exception:  # one above it was not valid then either
        return {"path": Path.INVALID, "revocation": Revocation.NOT_CHECKED}
    return _whole(path, Revocation.NOT_CHECKED)


def _whole(path: Any, revocation: Revocation) -> dict[str, Any]:
    root = path.trust_anchor.authority.name
    return {"path": Path.WHOLE, "revocation": revocation, "root": name(root)}


def name(subject: Any) -> str:
    """How a person is shown a distinguished name: the common name, else its organisation, else all of it."""
    native = subject.native
    for key in ("common_name", "organization_name", "organizational_unit_name"):
        found = native.get(key)
        if found:
            return shown(found if isinstance(found, str) else found[-1])
    return shown(subject.human_friendly)


def _path(
    certificate: x509.Certificate, pool: Pool, anchors: Sequence[x509.Certificate], moment: datetime, mode: str
) -> Any:
    context = ValidationContext(
        trust_roots=list(anchors),
        other_certs=list(pool.certificates),
        crls=[crl.CertificateList.load(each) for each in pool.lists],
        ocsps=[ocsp.OCSPResponse.load(each) for each in pool.answers],
        moment=moment,
        allow_fetching=False,
        revocation_mode=mode,
        retroactive_revinfo=True,
        weak_hash_algos={"md2", "md5"},
        time_tolerance=_TOLERANCE,
    )
    checker = CertificateValidator(certificate, list(pool.certificates), validation_context=context)
    return _finished(checker.async_validate_path())


def _finished(work: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine answers that waits for nothing, since nothing is fetched."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    work.close()
    raise ValueError("it waits for something")


def _speaks_of(certificate: x509.Certificate, pool: Pool, moment: datetime) -> bool:
    """Whether some list or answer about its issuer's certificates was made at the moment or later."""
    if certificate.issuer == certificate.subject:
        return True
    since = moment.replace(microsecond=0)
    for der in pool.lists:
        made = crl.CertificateList.load(der)
        if made.issuer == certificate.issuer and made["tbs_cert_list"]["this_update"].native >= since:
            return True
    for der in pool.answers:
        for each in ocsp.OCSPResponse.load(der).response_data["responses"]:
            mine = each["cert_id"]["serial_number"].native == certificate.serial_number
            if mine and each["this_update"].native >= since:
                return True
    return False
