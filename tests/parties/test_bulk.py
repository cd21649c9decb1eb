"""Identities that are proved in bulk: as one after the other."""

from __future__ import annotations

from typing import Any

from farthing.db.tx import Tx
from farthing.identity.rules import actor_of
from farthing.kernel import errands
from farthing.kernel.answers import Outcome
from farthing.kernel.operation import Call, operation_of
from farthing.kit.actor import SYSTEM
from farthing.parties import service as parties
from farthing.parties.model import IdentityAnswered, VerifyIdentity
from tests.conftest import Bank
from tests.kernel.bulk import same_as_one_by_one
from tests.parties.people import register_person


def asked(tx: Tx) -> Any:
    return sorted((each.kind, each.peer, each.subject, each.state) for each in errands.unanswered(tx))


def test_identities_that_are_asked_about_together(bank: Bank) -> None:
    ann, ben = (register_person(bank, number).id for number in (1, 2))
    other = actor_of(f"customer:{ann.partition('_')[2]}", "customer", ann)
    wanted = [VerifyIdentity(ann), VerifyIdentity(ben), VerifyIdentity(ann), Call(VerifyIdentity(ben), other),
              VerifyIdentity("party_0000000000000000000000000"), VerifyIdentity(ben, "nobody")]  # fmt: skip
    answers = same_as_one_by_one(bank, parties.verify_identity, wanted, asked)
    assert [each == "Asked" for each in answers] == [True, True, True, False, False, False]


def test_answers_that_are_taken_together_and_one_that_comes_twice(bank: Bank) -> None:
    ids = [register_person(bank, number).id for number in (1, 2)]

    def ask(tx: Tx) -> list[str]:
        calls = [Call(VerifyIdentity(party), SYSTEM) for party in (*ids, ids[0])]
        return [each.subject for each in parties.verify_identities(tx, calls)]  # type: ignore[union-attr]

    first, second, third = bank.kernel.tidy(ask)
    said = [IdentityAnswered(first, "matched", 2, "r1", "e30="), IdentityAnswered(second, "name_mismatch", 0, "r2", "e30="),
            IdentityAnswered(third, "matched", 1, "r3", "e30="), IdentityAnswered(first, "matched", 1, "r4", "e30=")]  # fmt: skip

    def kept(tx: Tx) -> Any:
        found = [each for party in ids for each in parties.verifications(tx, party)]
        levels = [parties.party(tx, party).verification_level for party in ids]
        return levels, sorted((each.id, each.outcome, each.level_given, each.verification_level) for each in found)

    answers = same_as_one_by_one(bank, parties.identity_answered, said, kept)
    assert [each == "Verification" for each in answers] == [True, True, True, False]


def test_a_row_of_proofs_raises_each_to_what_the_register_says(bank: Bank) -> None:
    ids = [register_person(bank, number).id for number in (1, 2, 3)]
    row = [(operation_of(parties.verify_identity), Call(VerifyIdentity(party), SYSTEM, party)) for party in ids]
    answers = bank.kernel.execute_row(row)
    assert [each.result.party_id for each in answers if isinstance(each, Outcome)] == ids
    assert bank.read(errands.unanswered) == []
