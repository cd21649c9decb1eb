"""Levels as they are lived: reached, ended by the day alone, renewed, doubted, vouched for by two, met with their evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from farthing.kernel import approvals, errands
from farthing.kernel.approvals import Decide
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.levels import keeping_service as keeping
from farthing.parties.levels import service as levels
from farthing.parties.levels.audit_service import verify_levels
from farthing.parties.levels.model import DoubtEvidence, VouchAtCounter
from farthing.parties.model import IdentityAnswered
from tests.conftest import DAY, Bank
from tests.parties.levels.ladder import AN, BO, LI, WU, later, level, months, verified
from tests.parties.people import register_person


def code(bank: Bank, function: Any, command: Any, **options: Any) -> str:
    with pytest.raises(Refusal) as caught:
        bank.run(function, command, **options)
    return caught.value.code


def test_a_level_ends_by_the_day_is_renewed_and_listed_before(bank: Bank) -> None:
    ann, ben = (register_person(bank, number) for number in (1, 2))
    verified(bank, ben.id)
    assert bank.read(lambda tx: levels.level(tx, ben.id)).until is None, "before a policy says it nothing ends"
    months(bank)
    verified(bank, ann.id)
    told = bank.read(lambda tx: levels.level(tx, ann.id))
    end = told.until
    assert (told.level, told.soon) == (2, True) and end is not None and end > DAY + timedelta(days=27)
    assert {each.kind for each in told.evidence} == {"document", "phone"}
    found = bank.read(levels.ending)
    assert [(each.party_id, each.level, each.until, each.name) for each in found.endings] == [
        (ann.id, 2, end, ann.name)
    ]
    first = bank.read(lambda tx: levels.ending(tx, 365, "", 1))
    assert bank.read(lambda tx: levels.ending(tx, 365, first.next, 1)).endings == ()
    assert bank.read(lambda tx: levels.ending(tx, 1)).endings == ()
    later(bank, (end - DAY).days)
    assert level(bank, ann.id) == 2, "to the end of its last day"
    assert bank.read(lambda tx: parties.unconfirmed(tx, [ann.id, ben.id])) == frozenset()
    later(bank, 1)
    assert level(bank, ann.id) == 0 and bank.read(verify_levels).clean, "no job wrote anything"
    assert bank.read(lambda tx: parties.unconfirmed(tx, [ann.id, ben.id])) == {ann.id}
    told = bank.read(lambda tx: levels.level(tx, ann.id))
    assert (told.level, told.name, told.until) == (0, None, None)
    assert [step.until for step in told.steps] == [end, end], "until when each held is still said"
    assert told.steps[0].missing == (("document",), ("card",), ("deposit",))
    assert verified(bank, ann.id).verification_level == 2 and level(bank, ann.id) == 2
    audit = bank.read(verify_levels)
    assert audit.clean and (audit.parties, audit.evidence) == (2, 6)
    with bank.superuser() as connection:
        connection.execute("UPDATE party SET level_until = '{9999-12-31,9999-12-31}' WHERE id = %s", [ann.id])
    (wrong,) = bank.read(verify_levels).findings
    assert wrong.subject == ann.id and "9999-12-31" in wrong.problem


def test_a_provider_who_answers_twice_differently_and_two_officers_who_doubt(bank: Bank) -> None:
    months(bank, 12)
    ann = register_person(bank, 1)
    said = verified(bank, ann.id)
    errand = bank.read(lambda tx: errands.find(tx, said.id))
    errands.answer(bank.kernel, errand, IdentityAnswered(said.id, "name_mismatch", 0, "late", ""))
    assert level(bank, ann.id) == 2, "another answer to the same question is left"

    def asked_again(outcome: str, figure: int) -> int:
        asked = bank.kernel.tidy(lambda tx: parties.verify_identity(tx, parties.VerifyIdentity(ann.id)).subject)
        command = IdentityAnswered(asked, outcome, figure, "later", "")  # type: ignore[arg-type]
        bank.run(parties.identity_answered, command)
        return level(bank, ann.id)

    assert asked_again("phone_unknown", 1) == 2, "a weaker answer contradicts nothing"
    assert asked_again("phone_mismatch", 1) == 1, "its later word about the phone counts"
    assert asked_again("number_unknown", 0) == 0, "and about the number"
    assert asked_again("matched", 2) == 2
    evidence = bank.read(lambda tx: levels.level(tx, ann.id)).evidence
    doubted = [each for each in evidence if each.why == "provider"]
    assert len(doubted) == 4 and all(each.doubted_at is not None for each in doubted)

    good = next(each for each in evidence if not each.why and each.kind == "phone")
    doubt = DoubtEvidence(ann.id, good.id, "her brother holds the phone")
    assert code(bank, levels.doubt_evidence, doubt, actor=LI) == "kernel.forbidden"
    pending = bank.run(levels.doubt_evidence, doubt, actor=AN)
    assert level(bank, ann.id) == 2, "one officer alone doubts nothing"
    assert code(bank, approvals.decide, Decide(pending.approval_id, True), actor=AN) == "approvals.same_person"
    bank.run(approvals.decide, Decide(pending.approval_id, True), actor=BO)
    assert level(bank, ann.id) == 1 and bank.read(verify_levels).clean
    assert code(bank, levels.doubt_evidence, doubt, actor=AN) == "parties.evidence_doubted"
    assert code(bank, levels.doubt_evidence, replace(doubt, evidence_id="e"), actor=AN) == "parties.unknown_evidence"


def test_two_of_the_staff_vouch_for_whom_they_saw_and_one_alone_does_not(bank: Bank) -> None:
    months(bank, 12)
    ann = register_person(bank, 1)
    seen = VouchAtCounter(ann.id, ann.number, "identity card, the picture is of her")
    assert code(bank, levels.vouch_at_counter, replace(seen, statement=" "), actor=LI) == "parties.statement_missing"
    assert (
        code(bank, levels.vouch_at_counter, replace(seen, document_number="1"), actor=LI) == "parties.document_differs"
    )
    pending = bank.run(levels.vouch_at_counter, seen, actor=LI)
    assert level(bank, ann.id) == 0
    assert code(bank, approvals.decide, Decide(pending.approval_id, True), actor=LI) == "approvals.same_person"
    assert bank.run(approvals.decide, Decide(pending.approval_id, True), actor=WU).state == "approved"
    assert level(bank, ann.id) == 2
    silent = replace(bank.read(keeping.in_force), sources=(), steps=())
    bank.kernel.tidy(lambda tx: keeping.put_in_force(tx, silent))
    assert code(bank, levels.vouch_at_counter, seen, actor=LI) == "parties.counter_gives_no_level"
    told = bank.read(lambda tx: levels.level(tx, ann.id)).level
    assert told == level(bank, ann.id) == 2, "what was reached before follows the rules of then"
    assert bank.read(verify_levels).clean
