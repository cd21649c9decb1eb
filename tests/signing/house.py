"""The sandbox's authorities without a bank, and a contract that they certified, signed, sealed and time-stamped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from farthing.kit.ids import IdSource
from farthing.signing import ca, pdf
from farthing.signing.ca import Authority, Revoked, SandboxAuthority
from farthing.signing.contract import render
from farthing.signing.keys import HeldKey, OneTimeKey, make_key, public_bytes
from farthing.signing.model import Kind, Subject
from farthing.signing.tsa import SandboxTimestamper
from tests.signing.made import MADE_AT, terms

PEOPLE = {"platform": Kind.ORGANISATION, "borrower": Kind.PERSON, "institution": Kind.ORGANISATION}


@dataclass(frozen=True)
class Authorities:
    """A root, an issuing authority and a time-stamping authority."""

    root: Authority
    issuing: Authority
    tsa: SandboxTimestamper
    ids: IdSource

    def authority(self, *revoked: Revoked) -> SandboxAuthority:
        return SandboxAuthority(self.root, self.issuing, revoked, self.ids)


def authorities(at: datetime = MADE_AT, seed: int = 1) -> Authorities:
    ids = IdSource(seed)
    keys = [make_key() for _ in range(3)]
    root = Authority(keys[0], ca.make_root(keys[0], at, ids))
    issuing = Authority(keys[1], ca.make_issuing(keys[1], root, at, ids))
    stamping = Authority(keys[2], ca.make_tsa(keys[2], root, at, ids))
    return Authorities(root, issuing, SandboxTimestamper(stamping, root.der, lambda: at, ids), ids)


@dataclass(frozen=True)
class Signed:
    """A contract after each of its revisions."""

    house: Authorities
    revisions: tuple[bytes, ...]

    @property
    def pdf(self) -> bytes:
        return self.revisions[-1]


@lru_cache(maxsize=1)
def contract() -> Signed:
    """One contract, made once: 0.2 s."""
    house, rendered = authorities(), render("loan", terms())
    issuer, current, revisions = house.authority(), rendered.pdf, []
    for role, kind in PEOPLE.items():
        box = next((each for each in rendered.boxes if each.role == role), rendered.boxes[0])
        custody = OneTimeKey() if kind is Kind.PERSON else HeldKey(make_key())
        issued = issuer.issue(Subject(f"party_{role}", f"林美 {role}", kind, 2), custody.public_key, MADE_AT)
        stamp = pdf.stamp_page(box, role, kind, ("沙盒", "SEAL"), [], MADE_AT)
        lists = issuer.revocation_lists(MADE_AT)
        signing = pdf.Signing(role, custody, issued, lists, issuer.roots, MADE_AT, certify=role == "platform")
        if role == "platform":
            current = pdf.add_fields_and_certify(current, rendered.boxes, signing, stamp, house.tsa)
        else:
            current = pdf.sign(current, signing, stamp, house.tsa)
        revisions.append(current)
    revisions.append(pdf.timestamp(current, house.tsa, issuer.roots, issuer.revocation_lists(MADE_AT), MADE_AT))
    return Signed(house, tuple(revisions))


def spki() -> bytes:
    return public_bytes(make_key())
