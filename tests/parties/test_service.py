"""The register of parties on PostgreSQL."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.parties import sealed_store, service
from farthing.parties.levels.audit_service import verify_levels
from farthing.parties.model import VerifyIdentity
from tests.conftest import Bank
from tests.parties.people import hospital, lin_mei, resident_id


def test_a_person_is_registered_once(bank: Bank) -> None:
    first = bank.run(service.register, lin_mei())
    again = bank.run(service.register, lin_mei(name="林美 ", phone="139 1234 5678"))
    assert again == first and first.id.startswith("party_") and first.verification_level == 0
    assert bank.read(lambda tx: service.party(tx, first.id)) == first
    with pytest.raises(Refusal) as caught:
        bank.run(service.register, lin_mei(name="林梅"))
    assert caught.value.code == "parties.resident_id_taken"
    assert resident_id() not in caught.value.detail


def test_ten_registrations_at_once_make_one_party(bank: Bank) -> None:
    with ThreadPoolExecutor(6) as pool:
        ids = {party.id for party in pool.map(lambda _: bank.run(service.register, lin_mei()), range(10))}
    assert len(ids) == 1
    assert len(bank.read(service.search).parties) == 1


def test_verification_raises_the_level_and_keeps_the_answer(bank: Bank) -> None:
    party = bank.run(service.register, lin_mei())
    verification = bank.run(service.verify_identity, VerifyIdentity(party.id))
    assert verification.matched and verification.provider == "sandbox" and verification.verification_level == 2
    assert bank.read(lambda tx: service.party(tx, party.id)).verification_level == 2
    assert bank.read(lambda tx: service.verifications(tx, party.id)) == [verification]
    ((said, digest),) = bank.read(
        lambda tx: [
            (sealed_store.opened_answer(tx, row), row["answer_sha256"]) for row in sealed_store.answers_after(tx, "", 9)
        ]
    )
    assert hashlib.sha256(said).hexdigest() == digest == verification.answer_sha256
    with bank.superuser() as connection:
        connection.execute(
            "UPDATE party_verification SET sealed_answer = set_byte(sealed_answer, 20, get_byte(sealed_answer, 20) # 1)"
        )
        connection.execute("UPDATE party SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)")
    found = bank.read(verify_levels).findings
    assert [(each.what, each.subject) for each in found] == [("party", party.id), ("verification", verification.id)]


def test_a_providers_no_is_kept_and_raises_nothing(bank: Bank) -> None:
    party = bank.run(service.register, lin_mei(resident_id=resident_id(order_code="408")))
    verification = bank.run(service.verify_identity, VerifyIdentity(party.id))
    assert verification.outcome == "name_mismatch" and not verification.matched
    assert bank.read(lambda tx: service.party(tx, party.id)).verification_level == 0
    assert len(bank.read(lambda tx: service.verifications(tx, party.id))) == 1


def test_refusals_of_verification(bank: Bank) -> None:
    party = bank.run(service.register, lin_mei())
    other = Actor("customer:x", frozenset({"parties:verify"}), party_id="party_other")
    for command, actor, code in (
        (VerifyIdentity(party.id, "acme"), bank.system, "parties.provider_unknown"),
        (VerifyIdentity("party_nobody"), bank.system, "parties.unknown"),
        (VerifyIdentity(party.id), other, "kernel.not_yours"),
    ):
        with pytest.raises(Refusal) as caught:
            bank.run(service.verify_identity, command, actor=actor)
        assert caught.value.code == code


def test_the_evidence_leaf_holds_no_personal_data(bank: Bank) -> None:
    party = bank.run(service.register, lin_mei())
    with bank.superuser() as connection:
        rows = connection.execute("SELECT convert_from(body, 'UTF8') FROM evidence_leaf").fetchall()
    leaves = [body for (body,) in rows]
    assert any(party.id in leaf for leaf in leaves)
    for told in (party.name, party.number, party.phone, "1999-03-07"):
        assert not any(told in leaf for leaf in leaves)


def test_search_pages_through_parties(bank: Bank) -> None:
    made = [
        bank.run(service.register, lin_mei(resident_id=resident_id(order_code=f"{n:03d}")), key=str(n))
        for n in range(1, 6)
    ]
    clinic = bank.run(service.register_organisation, hospital())
    seen, cursor = [], None
    while True:
        page = bank.read(lambda tx, cursor=cursor: service.search(tx, "", cursor, 2))
        seen += page.parties
        if (cursor := page.next_cursor) is None:
            break
    assert sorted(party.id for party in seen) == sorted(party.id for party in [*made, clinic])
    found = bank.read(lambda tx: service.search(tx, f" {made[0].name} ")).parties
    assert sorted(party.id for party in found) == sorted(party.id for party in made)
    for text in (clinic.name, "021 6324 0090", clinic.number, clinic.id):
        assert bank.read(lambda tx, text=text: service.search(tx, text)).parties == (clinic,)
    assert bank.read(lambda tx: service.search(tx, clinic.name[:2])).parties == (), (
        "the beginning of a name finds nobody"
    )


def test_many_parties_in_one_question(bank: Bank) -> None:
    party = bank.run(service.register, lin_mei())
    assert bank.read(lambda tx: service.parties(tx, [party.id, "party_nobody"])) == {party.id: party}
