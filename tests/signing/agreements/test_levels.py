"""A verification level is asked for when an agreement is drawn and again when it is signed: one may end in between."""

from __future__ import annotations

from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import AgreementParty, DrawAgreement, SignAgreement
from tests.banks import Bank
from tests.parties.levels.ladder import later, months, verified
from tests.signing.agreements.desk import FIELDS, Desk


def test_a_level_that_ended_between_drawing_and_signing_is_refused_until_it_is_renewed(bank: Bank) -> None:
    desk = Desk(bank)
    months(bank)
    verified(bank, desk.elder.id)
    with bank.superuser() as connection:
        connection.execute(
            "DELETE FROM level_evidence WHERE until_on = '9999-12-31' AND party_id = %s", [desk.elder.id]
        )
    verified(bank, desk.elder.id)
    later(bank, 25)
    agreement = desk.draw()
    later(bank, 6)
    early = SignAgreement(agreement.id, desk.elder.id, agreement.document_digest)
    assert desk.refused(agreements.sign, early) == "parties.level_lapsed"
    assert desk.refused(agreements.draw, another(desk)) == "parties.level_lapsed", "and where one is drawn"
    verified(bank, desk.elder.id)
    assert [each.signed for each in desk.sign(agreement, desk.elder).parties] == [True, False, False]


def another(desk: Desk) -> object:
    """Another agreement of the same two."""
    two = (AgreementParty("principal", desk.elder.id), AgreementParty("helper", desk.helper.id))
    return DrawAgreement("a2", "power-of-attorney", two, FIELDS)
