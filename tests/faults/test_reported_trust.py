"""Kinds of fault that people reported of signing, sign-in, logs and open banking elsewhere, each tried here; the thread stands in
each docstring."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pyotp
import pytest

from farthing.assurance import service as assurance
from farthing.assurance.service import PublishLog
from farthing.bank.founding import agreed
from farthing.db.tx import Tx
from farthing.evidence import merkle
from farthing.evidence import service as evidence
from farthing.exchange.furnish.model import Row
from farthing.identity import entrance as doors
from farthing.identity.codes import service as codes
from farthing.identity.codes.model import BeginCodes, KeepCodes
from farthing.identity.model import LogIn
from farthing.identity.rules import require_logged_in
from farthing.kernel import errands
from farthing.kernel.clock import wall_clock
from farthing.kit.errors import Refusal
from farthing.parties.vouching import service as partners
from farthing.parties.vouching.model import EndRelyingParty
from farthing.signing import service as signing
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import SealAgreement, SignAgreement
from tests.banks import Shelf
from tests.conftest import DAY, Bank
from tests.exchange.rows import read
from tests.identity.people import PASSWORD, staff
from tests.parties.people import register_person
from tests.sharing.institutions import Visit, days_on, visiting
from tests.signing.agreements.desk import Desk


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """What so many threads are answered that begin together; a refusal is its code."""
    gate = threading.Barrier(count)

    def one(at: int) -> Any:
        gate.wait()
        try:
            return work(at)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.fixture
def desk(bank: Bank) -> Desk:
    return Desk(bank)


@pytest.fixture(scope="module")
def visit(shelf: Shelf) -> Iterator[Visit]:
    with shelf.bank(DAY) as bank, visiting(bank) as found:
        yield found


def test_who_presses_sign_and_seal_at_once_signs_once(desk: Desk) -> None:
    """documenso/documenso#192 (a signer signs twice) and #3187 (whoever finishes together has the document sealed
    over its seal)."""
    made = desk.draw()
    shown = desk.bank.read(lambda tx: agreements.agreement(tx, made.id)).document_digest
    hers = SignAgreement(made.id, desk.elder.id, shown)
    answered = at_once(4, lambda _: desk.bank.run(agreements.sign, hers))
    assert any(not isinstance(each, str) for each in answered)
    desk.sign(made, desk.helper)
    shown = desk.bank.read(lambda tx: agreements.agreement(tx, made.id)).document_digest
    at_once(3, lambda _: agreed(desk.bank.kernel, agreements.seal, SealAgreement(made.id, shown)))
    at_once(3, lambda _: errands.sweep(desk.bank.kernel, everything=True))
    status = desk.bank.read(lambda tx: signing.status(tx, made.id))
    assert status.sealed and status.findings == ()
    names = [each.signer for each in status.signatures]
    assert len(names) == 4 and names.count(desk.elder.name) == 2, (
        "the text's, hers, his of the same name, and the seal's"
    )


def test_each_gets_the_file_that_he_signed_of_several_at_once(desk: Desk) -> None:
    """docusealco/docuseal#140: who signed three documents in a short time was sent the first three times."""
    made = [desk.draw(f"a{number}") for number in range(3)]
    at_once(3, lambda at: desk.sign(made[at], desk.elder))
    files = [desk.bank.read(lambda tx, one=each: signing.status(tx, one.id)).digest for each in made]
    assert len(set(files)) == 3


def test_a_code_of_an_app_is_good_once_for_two_who_come_together(bank: Bank) -> None:
    """librefang/librefang#3359, better-auth/better-auth#10387: one code let in everybody who brought it in its half minute."""
    staff(bank, "olga", "operator")

    def signed_in(code: str | None = None) -> Any:
        return doors.who_is(
            bank.kernel, require_logged_in(doors.log_in(bank.kernel, LogIn("olga", PASSWORD, code=code)))
        ).actor

    olga = signed_in()
    begun = bank.run(codes.begin_codes, BeginCodes(), actor=olga)
    app = pyotp.TOTP(begun.seed)
    kept = bank.run(codes.keep_codes, KeepCodes(app.at(wall_clock())), actor=olga)
    for code in (app.at(wall_clock() + timedelta(seconds=30)), kept.recovery[0]):
        answers = at_once(4, lambda _, one=code: signed_in(one))
        assert sum(not isinstance(each, str) for each in answers) == 1, answers


def test_a_code_and_a_refresh_token_in_a_race(visit: Visit) -> None:
    """owncloud/oauth2#70 (one grant, two pairs of tokens) and keycloak/keycloak#51312 (what is refreshed while it is revoked
    survives)."""
    program, code = visit.institution, visit.code()
    program.post(program.says["introspection_endpoint"], proof=None, token="x")
    answers = at_once(4, lambda _: program.redeem(code))
    assert {each.status_code for each in answers} <= {200, 400}
    given = [each.json() for each in answers if each.status_code == 200]
    assert len(given) <= 1
    assert all(program.read("accounts", each["access_token"]).status_code == 401 for each in given), "a copy was about"
    tokens = visit.tokens()

    def race(at: int) -> Any:
        if at == 0:
            return program.post(program.says["revocation_endpoint"], proof=None, token=tokens["refresh_token"])
        return program.refresh(tokens["refresh_token"])

    refreshed = [each.json() for each in at_once(4, race)[1:] if each.status_code == 200]
    for each in (tokens, *refreshed):
        assert program.read("accounts", each["access_token"]).status_code == 401
    assert program.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_what_is_asked_of_a_consent_that_ran_out_is_answered_and_an_ended_institution_begins_none(shelf: Shelf) -> None:
    """wso2/financial-services-accelerator#286 (to look at an expired consent was a fault of the server) and #689 (a consent was
    begun with what had been revoked)."""
    with shelf.bank(DAY) as bank, visiting(bank) as visit:
        program = visit.institution
        tokens = visit.tokens({"until": days_on(1)})
        with bank.superuser() as connection:
            connection.execute("UPDATE bank_clock SET business_date = business_date + 2")
        told = program.post(program.says["introspection_endpoint"], proof=None, token=tokens["refresh_token"])
        assert told.status_code == 200 and not told.json()["active"] and told.json()["consent_state"] == "expired"
        pushed = program.push()
        bank.kernel.run(partners.end_relying_party, EndRelyingParty(program.client_id))
        answer = program.post(program.says["pushed_authorization_request_endpoint"], **program.request())
        assert answer.status_code == 401 and answer.json()["error"] == "invalid_client"
        page = visit.page(pushed)
        assert page.status_code in (400, 401, 403, 404), "what was pushed before it ended leads nowhere"


def test_a_proof_is_of_the_tree_that_goes_with_it_while_the_log_grows(bank: Bank) -> None:
    """sigstore/rekor#1055 and #956: the size was read, the log grew, and the proof was of another tree."""
    people = [register_person(bank, number) for number in range(3)]
    bank.run(assurance.publish_log, PublishLog())
    ids = [bank.read(lambda tx, who=each.id: evidence.leaves_about(tx, who))[0].name for each in people]
    first = bank.read(evidence.size)
    stop = threading.Event()

    def grow() -> None:
        number = 10
        while not stop.is_set():
            register_person(bank, number)
            bank.run(assurance.publish_log, PublishLog())
            number += 1

    def look(tx: Tx, which: str) -> tuple[Any, Any, Any]:
        proof = evidence.inclusion_proof(tx, which)
        published = evidence.covering(tx, proof.size)
        return proof, evidence.leaf(tx, which), published

    growing = threading.Thread(target=grow)
    growing.start()
    sizes = set()
    try:
        for turn in range(120):
            proof, leaf, checkpoint = bank.read(lambda tx, which=ids[turn % 3]: look(tx, which))
            if checkpoint is None or checkpoint.size != proof.size:
                continue  # integrated, and not signed yet
            sizes.add(proof.size)
            root = checkpoint.root
            told = merkle.verify_inclusion(proof.position, proof.size, merkle.leaf_hash(leaf.body), proof.hashes, root)
            assert told is merkle.ProofStatus.VERIFIED
    finally:
        stop.set()
        growing.join()
    assert bank.read(evidence.size) > first and len(sizes) > 1, "it grew while it was asked"


@pytest.mark.parametrize("month", range(1, 13))
def test_every_last_day_of_a_month_is_one(month: int) -> None:
    """moov-io/metro2#243: whoever was born on the 31st of May was no valid segment."""
    last = (date(2026 + month // 12, month % 12 + 1, 1) - timedelta(days=1)).isoformat()
    row = read(1, last[:7])
    assert isinstance(row, Row), row
