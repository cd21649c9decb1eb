"""A desk where agreements are drawn and signed: an elder, her helper, and each act by one call."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.model import Party, VerifyIdentity
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import (
    AgreementParty,
    AgreementTold,
    DrawAgreement,
    Filled,
    SealAgreement,
    SignAgreement,
)
from farthing.town.founding import furnish
from tests.banks import Bank
from tests.parties.people import register_person

FIELDS = (
    Filled("matters", "取钱、存钱"), Filled("most_each", "CNY 500.00"), Filled("most_day", "CNY 2,000.00"),
    Filled("until", "2027-05-31"),
)  # fmt: skip


class Desk:
    """A bank, an elder, her helper, and the acts of an agreement by one call each."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.elder, self.helper = bank.begin("an elder and her helper, proved", _two)

    def draw(self, name: str = "a1", form: str = "power-of-attorney", **changes: Any) -> AgreementTold:
        command = DrawAgreement(
            name, form, (AgreementParty("principal", self.elder.id), AgreementParty("helper", self.helper.id)), FIELDS
        )
        return self.bank.run(agreements.draw, replace(command, **changes))  # type: ignore[no-any-return]

    def sign(self, agreement: AgreementTold, who: Party, **options: Any) -> AgreementTold:
        """Sign what stands now."""
        shown = self.bank.read(lambda tx: agreements.agreement(tx, agreement.id)).document_digest
        return self.bank.run(agreements.sign, SignAgreement(agreement.id, who.id, shown), **options)  # type: ignore[no-any-return]

    def seal(self, agreement: AgreementTold) -> AgreementTold:
        shown = self.bank.read(lambda tx: agreements.agreement(tx, agreement.id)).document_digest
        agreed(self.bank.kernel, agreements.seal, SealAgreement(agreement.id, shown))
        return self.bank.read(lambda tx: agreements.agreement(tx, agreement.id))  # type: ignore[no-any-return]

    def refused(self, function: Any, command: Any, **options: Any) -> str:
        with pytest.raises(Refusal) as caught:
            self.bank.run(function, command, **options)
        return caught.value.code

    def days(self, count: int) -> None:
        for _ in range(count):
            close_day(self.bank.kernel)


def _two(bank: Bank) -> tuple[Party, Party]:
    people = [register_person(bank, number) for number in (0, 1)]
    for each in people:
        bank.run(parties.verify_identity, VerifyIdentity(each.id))
    elder, helper = (bank.read(lambda tx, one=each: parties.party(tx, one.id)) for each in people)
    furnish(bank.kernel)
    return elder, helper
