"""What is said of a signed PDF: the verdict, and apart from it what is intact, valid and trusted, when and by whom."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from typer.testing import CliRunner

from farthing.cli import app
from farthing.kit.confined import Room
from farthing.kit.errors import Refusal
from farthing.signing.judging import reasons, service
from farthing.signing.judging.judge import judge
from farthing.signing.judging.model import Judgement, Kind, Period, Reason, Revocation, Trusted, Verdict
from farthing.signing.judging.model import Path as ChainPath
from tests.signing.attacks.containers import Made, sign
from tests.signing.attacks.writing import Object, body, update
from tests.signing.victims import form, victim

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def said(pdf: bytes, *roots: bytes) -> Judgement:
    return judge(pdf, roots, AT)


def codes(found: Judgement) -> list[str]:
    return [each.code for each in found.reasons]


def test_a_sealed_file_says_each_thing_by_itself() -> None:
    found = said(victim().sealed, *victim().roots)
    assert found.verdict is Verdict.SEALED and codes(found) == ["all_hold"]
    certification, approval, stamp = found.signatures
    assert [each.kind for each in found.signatures] == [Kind.CERTIFICATION, Kind.APPROVAL, Kind.TIMESTAMP]
    assert all(each.intact for each in found.signatures)
    assert certification.stamp is None and approval.stamp is not None and approval.stamp.intact
    assert (approval.signer, approval.standing.root) == ("林美 Lin Mei", "Test root")
    assert approval.standing.trusted is Trusted.YES and approval.standing.revocation is Revocation.NO_DATA
    assert stamp.whole_file and stamp.standing.path is ChainPath.WHOLE and not approval.whole_file
    left = {each.code for each in found.not_checked}
    assert {
        "time_not_proved",
        "revocation_not_told",
        "identity",
        "appearance",
    } <= left and "roots_not_given" not in left


def test_without_roots_nothing_is_called_trusted() -> None:
    found = said(victim().sealed)
    assert found.verdict is Verdict.SEALED
    assert {each.standing.trusted for each in found.signatures} == {Trusted.NOT_CHECKED}
    assert "roots_not_given" in {each.code for each in found.not_checked}
    stranger = said(victim().sealed, victim().attacker.root.public_bytes(Encoding.DER))
    assert stranger.verdict is Verdict.SEALED
    assert {each.standing.trusted for each in stranger.signatures} == {Trusted.NO}


def test_a_certificate_that_expired_since_leaves_the_file_as_it_is() -> None:
    later = judge(victim().signed, victim().roots, datetime(2046, 1, 1, tzinfo=UTC))
    assert later.verdict is Verdict.SEALED and later.signatures[0].standing.period is Period.WITHIN


def test_a_signature_that_is_still_awaited_is_part_of_the_file() -> None:
    waiting = victim().sign(victim().with_fields(form(), "platform", "borrower"), "platform", certify=2)
    found = said(waiting)
    assert found.verdict is Verdict.IN_PART and found.reasons == (Reason("field_empty", "borrower"),)
    assert said(victim().with_fields(form(), "platform")).verdict is Verdict.NONE


def test_what_nobody_signed_and_what_is_no_pdf() -> None:
    assert codes(said(form())) == ["no_signature"]
    assert codes(said(b"hello")) == ["not_a_pdf", "no_signature"]
    assert said(b"").verdict is Verdict.NONE
    assert said(b"%PDF-1.7 /ByteRange [0 1 2 3]").verdict is Verdict.BROKEN


def test_an_empty_field_is_filled_in_later_and_the_earlier_signer_is_not_said_to_have_seen_it() -> None:
    signed = victim().sign(form(), "First")
    filled = update(signed, Object(7, body(signed, 7).replace(b"/FT", b"/V (thank you) /FT", 1)))
    found = said(victim().sign(filled, "Second"))
    assert found.verdict is Verdict.SEALED
    assert Reason("field_filled_since", "First", (("name", "note"),)) in found.not_checked


def test_a_certificate_that_nothing_fixes_is_fixed_by_the_root_that_the_reader_brings() -> None:
    pdf = sign(victim(), Made(named=False, root=False))
    assert codes(said(pdf)) == ["container_loose"]
    assert said(pdf, *victim().roots).verdict is Verdict.SEALED


def test_every_reason_has_its_effect_and_its_sentence_in_both_languages() -> None:
    assert set(reasons.EFFECT) == set(reasons.SENTENCES)
    for words in (*reasons.SENTENCES.values(), *reasons.VERDICTS.values(), *reasons.MEANINGS.values()):
        assert words.en and any("\u4e00" <= each <= "\u9fff" for each in words.zh)
    assert reasons.worst([]) is Verdict.SEALED
    assert reasons.worst([Reason("field_empty"), Reason("digest_differs"), Reason("bytes_after")]) is Verdict.BROKEN


def test_a_judgement_is_frozen_and_is_no_boolean() -> None:
    found = said(form())
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.verdict = Verdict.SEALED  # type: ignore[misc]
    assert not any(isinstance(getattr(found, each.name), bool) for each in dataclasses.fields(found))


@pytest.mark.long
def test_a_file_is_judged_in_a_process_of_its_own() -> None:
    pem = victim().authority.root.public_bytes(Encoding.PEM)
    assert service.judged(victim().signed, pem) == dataclasses.replace(said(victim().signed, *victim().roots))
    for content, roots, room, code in (
        (b"%PDF-" + bytes(service.MOST_BYTES), None, service.ROOM, "signing.pdf_too_large"),
        (victim().signed, b"no roots", service.ROOM, "signing.roots_unreadable"),
        (victim().signed, None, Room(memory=64 * 1024 * 1024, seconds=20, most_said=1000), "signing.pdf_too_much"),
    ):
        with pytest.raises(Refusal) as caught:
            service.judged(content, roots, room)
        assert caught.value.code == code


@pytest.mark.long
def test_the_command_says_the_verdict_and_ends_with_its_number(tmp_path: Path) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_bytes(victim().authority.root.public_bytes(Encoding.PEM))
    file = tmp_path / "contract.pdf"
    for pdf, words, number in (
        (victim().sealed, [], 0),
        (victim().sealed + b"\n", [], 11),
        (form(), ["--trust", str(roots)], 13),
    ):
        file.write_bytes(pdf)
        done = CliRunner().invoke(app, ["verify", str(file), *words])
        assert done.exit_code == number, done.output
    assert "verdict: none" in done.output
    file.write_bytes(victim().signed)
    told = CliRunner().invoke(app, ["verify", str(file), "--json", "--trust", str(roots)])
    assert told.exit_code == 0 and json.loads(told.output)["verdict"] == "sealed"
