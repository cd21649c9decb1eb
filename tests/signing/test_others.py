"""Signed files of other makers that nobody touched are never called broken; what is weak or unread in them is named as that."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest

from farthing.signing.judging.judge import judge
from farthing.signing.judging.model import Judgement, Revocation, Trusted, Verdict
from tests.signing import others
from tests.signing.attacks import containers
from tests.signing.victims import form, victim

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
ONLY_IN_PART = {
    "proofs_after": ("pyhanko_lt_", "pyhanko_lta_", "pyhanko_three_signers_lta"),
    "digest_weak": ("openssl_sha1_",),
    "form_not_read": ("openssl_form_of_its_own",),
}
"""What keeps some of them from being sealed: proofs that lie behind the last signature, old digests, forms nobody knows."""


def said(pdf: bytes, *roots: bytes) -> Judgement:
    return judge(pdf, roots, AT)


def test_one_signature_over_the_whole_file_seals_it_and_its_time_is_only_claimed() -> None:
    found = said(others.pyhanko(victim(), others.rsa_holder(victim()), "b"))
    assert found.verdict is Verdict.SEALED
    assert [each.code for each in found.not_checked][:2] == ["roots_not_given", "time_not_proved"]
    assert found.signatures[0].signer == "张伟 Zhang Wei" and found.signatures[0].algorithm == "rsa 2048"


def test_proofs_that_lie_behind_the_last_signature_are_no_change_and_no_seal() -> None:
    found = said(others.pyhanko(victim(), victim().holder, "lt"), *victim().roots)
    assert found.verdict is Verdict.IN_PART and [each.code for each in found.reasons] == ["proofs_after"]
    [signature] = found.signatures
    assert signature.standing.trusted is Trusted.YES and signature.standing.revocation is Revocation.GOOD


def test_a_second_signer_may_follow_and_what_he_adds_on_a_page_is_not_the_firsts() -> None:
    first = others.pyhanko(victim(), victim().holder, "b", name="First")
    both = said(others.pyhanko(victim(), others.rsa_holder(victim()), "b", first, name="Second"))
    assert both.verdict is Verdict.SEALED and len(both.signatures) == 2
    seen = said(victim().sign(first, "Second", box=(300, 100, 400, 150)))
    assert seen.verdict is Verdict.IN_PART and [each.code for each in seen.reasons] == ["visible_field_added"]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@pytest.mark.parametrize(("options", "trusted", "untrusted"), [
    (("-cades",), Verdict.SEALED, Verdict.SEALED),
    ((), Verdict.SEALED, Verdict.IN_PART),
    (("-noattr",), Verdict.SEALED, Verdict.IN_PART),
    (("-md", "sha1"), Verdict.IN_PART, Verdict.IN_PART),
])  # fmt: skip
def test_what_openssl_signs_with_a_writer_of_its_own(
    options: tuple[str, ...], trusted: Verdict, untrusted: Verdict
) -> None:
    """Where the signature does not name its certificate, only its issuer's fixes that: the reader's root, or none."""
    pdf = others.openssl(victim(), victim().holder, *options)
    assert said(pdf, *victim().roots).verdict is trusted
    assert said(pdf).verdict is untrusted


@pytest.mark.long
def test_none_of_other_makers_is_called_broken_or_changed() -> None:
    files = others.made(victim())
    assert len(files) >= 35
    for name, pdf in files.items():
        for roots in ((), victim().roots):
            found = said(pdf, *roots)
            codes = {each.code for each in found.reasons}
            allowed = {code for code, names in ONLY_IN_PART.items() if name.startswith(names)}
            if not roots:
                allowed.add("container_loose")
            assert codes <= {"all_hold", *allowed}, (name, codes)
            assert all(each.intact for each in found.signatures)


def test_a_file_that_no_table_leads_through_is_judged_by_its_bytes() -> None:
    """Its objects cannot be read, so it is never sealed; that is no word against a signature that holds."""
    pdf = others.openssl(
        victim(), victim().holder, "-cades", before=b"startxref\n99\n%%EOF\n", tail=b"startxref\n7\n%%EOF\n"
    )
    found = said(pdf)
    assert found.verdict is Verdict.IN_PART and [each.code for each in found.reasons] == ["not_read"]
    assert found.signatures[0].intact and found.signatures[0].whole_file


def test_a_file_of_two_tables_is_sealed_where_they_agree_and_only_in_part_where_readers_differ() -> None:
    """Public bug of this kind: jeidison/signer-php 24, whose update keeps the pointer to the old stream."""
    pdf, beside = others.hybrid()
    assert said(containers.sign(victim(), containers.Made(), pdf=pdf)).verdict is Verdict.SEALED
    stale = said(containers.sign(victim(), containers.Made(trailer=b"/XRefStm %d " % beside), pdf=pdf))
    assert stale.verdict is Verdict.IN_PART
    assert [(each.code, dict(each.facts)) for each in stale.reasons] == [("tables_differ", {"count": "2"})]
    assert stale.signatures[0].intact and stale.signatures[0].whole_file


def test_an_unsigned_file_of_each_form_has_no_signature() -> None:
    for pdf in (form(), *others.before_signing().values()):
        assert said(pdf).verdict is Verdict.NONE
