"""Who had a loan is erased like anybody: refused while it runs, restricted while a law keeps the records, done after that.

Then her contract opens for nobody, and nothing that was typed about her, or that she brought, is left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farthing.assurance.erasure import service as erasure
from farthing.assurance.erasure.model import DestroyKeys, ErasePerson
from farthing.bank.founding import agreed
from farthing.credit import service as credit
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kit.canonical import canonical
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import AskHardship
from farthing.lending.model import LoanCommand
from farthing.lending.shelf import service as loan_shelf
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products import service as products
from farthing.signing import service as signing
from farthing.signing.sealed_store import named_in
from tests.conftest import DAY, Bank
from tests.lending.house import CARD, House
from tests.parties.test_erasure import CHIEF, CLERK, outlook, where
from tests.signing.agreements.desk import Desk

TYPED = "my mother is in hospital and I cannot work"


def erased(house: House) -> str:
    pending = house.bank.run(erasure.erase, ErasePerson(house.party.id, "asked in writing"), actor=CLERK)
    return str(house.bank.run(approvals.decide, Decide(pending.approval_id, True), actor=CHIEF).result_json)


def test_a_borrower_is_erased_once_the_law_lets_go_and_her_contract_goes_dark(database_url: str) -> None:
    house = House(database_url)
    bank = house.bank
    running = house.active()
    with pytest.raises(Refusal) as caught:
        erased(house)
    assert caught.value.code == "assurance.erase_stands"
    assert f"loan {running.id}" in [each.en for each in outlook(bank, house.party.id).standing]
    bank.run(collections.ask_hardship, AskHardship(running.id, TYPED))
    bank.run(payments.top_up, MoveByRail(house.party.id, running.principal, CARD))
    bank.run(lending.settle, LoanCommand(running.id))
    (wallet,) = bank.read(lambda tx: payments.wallets(tx, house.party.id))
    bank.run(payments.pay_out, MoveByRail(house.party.id, wallet.balance, CARD))
    contract_id = str(house.loan(running.id).contract_id)
    assert bank.read(lambda tx: signing.document(tx, contract_id)).startswith(b"%PDF")
    assert where(bank, TYPED) == set(), "what was typed lies sealed"
    assert where(bank, "%PDF-") == set(), "and so does the contract"

    told = outlook(bank, house.party.id)
    assert (told.answer, told.until) == ("restricted", house.bank.kernel.clock().business_date.replace(year=2036))
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET business_date = business_date + %s", [timedelta(days=3700)])
    assert '"done"' in erased(house)
    bank.run(erasure.destroy_keys, DestroyKeys(house.party.id))

    with pytest.raises(Refusal) as caught:
        bank.read(lambda tx: signing.document(tx, contract_id))
    assert caught.value.code == "signing.contract_erased"
    view = bank.read(lambda tx: signing.contract_view(tx, contract_id))
    assert view.sealed and len(view.document_digest) == 64, "that it was signed, and its digest, stay"
    assert not [each for each in bank.read(lambda tx: credit.consents(tx, house.party.id)) if each.revoked_at is None]
    with bank.superuser() as connection:
        (left,) = connection.execute("SELECT count(*) FROM credit_transaction").fetchone() or (None,)
    assert left == 0


def test_a_contract_lies_under_the_keys_of_who_it_is_between_and_of_nobody_who_was_typed_into_it() -> None:
    stranger, she = "party_" + "2" * 26, "party_" + "3" * 26
    terms = {"parties": [{"party": {"party_id": she}}], "facts": [{"value": {"en": f"see {stranger}", "zh": stranger}}]}
    assert named_in(canonical(terms)) == (she,)
    assert named_in(canonical({"borrower": {"party_id": "partner:harvest"}})) == ()


def test_who_only_signed_is_restricted_while_the_others_may_need_the_contract(bank: Bank) -> None:
    desk = Desk(bank)
    agreed(bank.kernel, loan_shelf.publish, products.shipped("cn")[0])
    drawn = desk.draw()
    assert outlook(bank, desk.elder.id).answer == "done", "nothing was signed yet"
    desk.sign(drawn, desk.elder)
    told = outlook(bank, desk.elder.id)
    assert (told.answer, told.until) == ("restricted", bank.kernel.clock().business_date.replace(year=DAY.year + 10))
