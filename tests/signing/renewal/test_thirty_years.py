"""A contract of 2026 whose time stamps are renewed for thirty years, on larger curves as the years go, holds at every moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.ids import IdSource
from farthing.signing import ca, pdf
from farthing.signing.contract import render
from farthing.signing.inspection import inspect
from farthing.signing.keys import HeldKey, make_key, public_bytes
from farthing.signing.model import PLATFORM, TIMESTAMP_FIELD, Kind, Subject
from farthing.signing.renewal import rules
from farthing.signing.tsa import SandboxTimestamper
from tests.signing.made import MADE_AT, terms

YEAR = timedelta(days=365)
YEARS = 34
"""Thirty, and as many more as it takes until the third curve is used."""


class Trust:
    """The authorities of a bank over the years: each made anew in its time, as the bank does it."""

    def __init__(self) -> None:
        self.ids = IdSource(7)
        self.roots: list[ca.Authority] = []
        self.made: dict[str, ca.Authority] = {}

    def at(self, at: datetime) -> tuple[ca.SandboxAuthority, SandboxTimestamper]:
        if not self.roots or self.roots[0].certificate.not_valid_after_utc < at + ca.ISSUING_YEARS * YEAR:
            key = make_key()
            self.roots.insert(0, ca.Authority(key, ca.make_root(key, at, self.ids)))
        root = self.roots[0]
        for role, make, left in (("issuing", ca.make_issuing, YEAR), ("tsa", ca.make_tsa, 2 * YEAR)):
            there = self.made.get(role)
            if there is None or there.certificate.not_valid_after_utc < at + left:
                key = make_key(rules.curve_of(at.date()) if role == "tsa" else "P-256")
                self.made[role] = ca.Authority(key, make(key, root, at, self.ids))
        older = [each for each in self.roots[1:] if each.certificate.not_valid_after_utc > at]
        authority = ca.SandboxAuthority(root, self.made["issuing"], (), self.ids, older)
        signed_by = next(
            each for each in self.roots if each.certificate.subject == self.made["tsa"].certificate.issuer
            and self.made["tsa"].certificate.not_valid_before_utc >= each.certificate.not_valid_before_utc
        )  # fmt: skip
        return authority, SandboxTimestamper(self.made["tsa"], signed_by.der, lambda: at, self.ids)


def sealed(trust: Trust) -> bytes:
    """The text of a contract, certified by the platform and time-stamped as a whole."""
    authority, tsa = trust.at(MADE_AT)
    rendered, key = render("loan", terms()), make_key()
    issued = authority.issue(Subject("party_2", "Farthing", Kind.ORGANISATION, 2), public_bytes(key), MADE_AT)
    lists = authority.revocation_lists(MADE_AT)
    signing = pdf.Signing(PLATFORM, HeldKey(key), issued, lists, authority.roots, MADE_AT, certify=True)
    (box,) = (each for each in rendered.boxes if each.role == PLATFORM)
    stamp = pdf.stamp_page(box, "Farthing", Kind.ORGANISATION, ("章", "SEAL"), [], MADE_AT)
    text = pdf.add_fields_and_certify(rendered.pdf, [box], signing, stamp, tsa)
    return pdf.timestamp(text, tsa, authority.roots, lists, MADE_AT)


@pytest.mark.long
def test_thirty_years_of_one_contract() -> None:
    trust = Trust()
    document = sealed(trust)
    authority, tsa = trust.at(MADE_AT)
    due = rules.renew_on(rules.holds_until(tsa.chain, authority.revocation_lists(MADE_AT)))
    fields, curves = [TIMESTAMP_FIELD], [pdf.digest_of(tsa)]
    while due < MADE_AT.date().replace(year=MADE_AT.year + YEARS):
        at = datetime(due.year, due.month, due.day, 8, tzinfo=UTC)
        authority, tsa = trust.at(at)
        lists = authority.revocation_lists(at)
        until = rules.holds_until(tsa.chain, lists)
        rules.check_gain(until, due)
        fields.append(rules.field_of(fields, TIMESTAMP_FIELD))
        longer = pdf.renew(document, fields[-1], tsa, authority.roots, lists, at)
        assert longer.startswith(document), "what was sealed is never rewritten"
        document, due = longer, rules.renew_on(until)
        curves.append(pdf.digest_of(tsa))
        found = inspect(document, [each.der for each in trust.roots])
        assert found.sealed and found.timestamped_at == at, found.findings
        assert all(each.intact for each in found.signatures)
    assert len(fields) == len(set(fields)) >= 4
    assert list(dict.fromkeys(curves)) == ["sha256", "sha384", "sha512"]
    spoilt = document[:900] + bytes([document[900] ^ 1]) + document[901:]
    assert not inspect(spoilt, [each.der for each in trust.roots]).sealed


def test_a_stamp_that_ran_out_is_not_covered_by_a_new_one() -> None:
    trust = Trust()
    document = sealed(trust)
    late = MADE_AT + 12 * YEAR
    authority, tsa = trust.at(late)
    with pytest.raises(Refusal) as caught:
        pdf.renew(document, f"{TIMESTAMP_FIELD}_2", tsa, authority.roots, authority.revocation_lists(late), late)
    assert caught.value.code == "signing.timestamp_refused"


def test_a_stamp_holds_as_long_as_the_first_of_what_it_hangs_on() -> None:
    authority, tsa = Trust().at(MADE_AT)
    lists = authority.revocation_lists(MADE_AT)
    assert rules.holds_until(tsa.chain, lists) - MADE_AT < 9 * YEAR + timedelta(days=1)
    assert rules.holds_until(tsa.chain, ()) - MADE_AT > 9 * YEAR + timedelta(days=300)


@given(st.integers(0, 4_000))
def test_a_stamp_that_gains_less_than_a_month_is_refused(days: int) -> None:
    holds, until = date(2030, 1, 1) + rules.BEFORE, datetime(2030, 1, 1, tzinfo=UTC) + timedelta(days=days)
    try:
        rules.check_gain(until, date(2030, 1, 1))
        assert until.date() >= holds + rules.LEAST_GAIN
    except Refusal as refusal:
        assert refusal.code == "signing.stamp_no_longer" and until.date() < holds + rules.LEAST_GAIN


def test_fields_are_counted() -> None:
    def named(*before: str) -> str:
        return rules.field_of(before, TIMESTAMP_FIELD)

    assert named("platform", TIMESTAMP_FIELD) == "document_timestamp_2"
    assert named(TIMESTAMP_FIELD, "document_timestamp_2") == "document_timestamp_3"


def order(sequence: Sequence[tuple[date, str]]) -> bool:
    return list(sequence) == sorted(sequence)


def test_curves_grow_with_the_years() -> None:
    assert (
        order(rules.CURVES)
        and rules.curve_of(date(2026, 1, 1)) == "P-256"
        and rules.curve_of(date(2060, 1, 1)) == "P-521"
    )
