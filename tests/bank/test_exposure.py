"""A decision asks a real tagger and shelf over HTTP, under the consent that covers it, and says what it was told."""

from __future__ import annotations

from pathlib import Path

import pytest

from farthing.bank.exposure import Exchange
from farthing.credit import service as credit
from farthing.credit.model import AnswerDispute, DisputeDatum, ReplayDecision, RevokeConsent
from farthing.exchange.exposure.model import Customer, identity_text
from farthing.kernel import errands
from farthing.kit.money import Money
from farthing.parties import service as parties
from tests.conftest import Bank
from tests.credit.test_decision import ask, consent, ready, refused
from tests.exchange.exposure.house import house


@pytest.mark.long
def test_what_other_lenders_entered_and_were_asked_is_in_the_decision(bank: Bank, tmp_path: Path) -> None:
    party = ready(bank)
    number = bank.read(lambda tx: parties.party(tx, party)).number
    with house(tmp_path, edition_days="0") as made:
        peer = Exchange("asks", made.lenders["asks"], made.door, made.law)
        bank.kernel.ports = bank.kernel.ports.with_peer("exposure", "exchange", peer)

        def decide() -> tuple[object, object, str]:
            decision = bank.run(credit.request_decision, ask(party))
            assert bank.run(credit.replay_decision, ReplayDecision(decision.id)).identical
            found = bank.read(lambda tx: credit.decision_inputs(tx, decision.id)).exposure
            return decision, found, decision.id

        assert decide()[1] is None, "without her consent nobody is asked"
        allowed = consent(bank, party, "exposure")
        known = decide()[1]
        assert (known.state, known.told.band, known.least) == ("no_record", "none", Money(0, "CNY"))

        who = identity_text("cn-id", number)
        money = Money(3_500_000, "CNY"), Money(3_000_000, "CNY")
        for lender in ("north", "south"):
            made.lenders[lender].load(
                [Customer(who, *money, 0)], purpose="loan_application", currency="CNY", as_of=made.today
            )
        for digit, lender in enumerate(("north", "south", "quick", "swift")):
            under = str(digit) * 64
            wish = made.lenders[lender].want("loan_application", under)
            permit = made.door.permit(wish, who, inquirer=lender, consent=under, currency="CNY")
            made.lenders[lender].told(permit, who)
        decision, found, _ = decide()
        assert (found.state, found.told.asked_7, found.told.lenders) == ("found", "4+", "2-3")
        assert found.least == Money(5_000_000, "CNY"), "the lower edge of 50-200k"
        assert not decision.approved and decision.reasons[0].code == "asked_elsewhere"

        assert (
            refused(bank, credit.dispute_datum, DisputeDatum(party, "exposure:1999-01-01", "no"))
            == "credit.datum_unknown"
        )
        opened = bank.run(credit.dispute_datum, DisputeDatum(party, found.datum, "I asked nobody"))
        fair = decide()
        assert fair[1].state == "disputed" and "asked_elsewhere" not in {each.code for each in fair[0].reasons}
        bank.run(credit.answer_dispute, AnswerDispute(opened.id, corrected=False, finding="the lenders confirm it"))
        assert decide()[1].told.asked_7 == "4+"

        bank.run(credit.revoke_consent, RevokeConsent(allowed))
        assert decide()[1] is None
        consent(bank, party, "exposure")
    away = decide()
    assert away[1].state == "unavailable" and bank.read(errands.unanswered) == []
    assert "exposure_adverse" not in {each.code for each in away[0].reasons}
