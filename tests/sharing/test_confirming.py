"""Whoever has a passkey confirms by it who reads what; what it confirmed for some accounts it confirmed for no others."""

from __future__ import annotations

from typing import Any

import pytest

from farthing.identity import service as identity
from farthing.kernel.seen import Looked
from farthing.kit.errors import Refusal
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.sharing import service
from farthing.sharing.model import AgreeToShare
from tests.conftest import Bank
from tests.identity.devices import registered
from tests.identity.test_recovery import confirmed
from tests.sharing.institutions import days_on, visiting


@pytest.mark.long
def test_a_consent_is_confirmed_by_a_passkey(bank: Bank) -> None:
    with visiting(bank) as visit:
        bank.run(payments.open_wallet, OpenWallet(visit.person.id, "USD"))
        who = bank.kernel.read(lambda tx: identity.session(tx, visit.browser.cookies["farthing_session"])).actor
        device, uri = registered(bank, who), visit.institution.push()
        request_id = "asked_" + uri.removeprefix("urn:ietf:params:oauth:request_uri:").partition("_")[0]
        one, both = AgreeToShare(request_id, ("wallet:CNY",)), AgreeToShare(request_id, ("wallet:CNY", "wallet:USD"))
        looked: Looked = bank.kernel.look(service.agree, one, actor=who)
        assert looked.key_needed and looked.transaction is not None
        for said in ("Purse", "budgeting", "transactions", days_on(200), "reader.example", "wallet:CNY"):
            assert said in looked.transaction, said

        def agreed(command: AgreeToShare, **more: Any) -> str:
            try:
                bank.kernel.run(service.agree, command, actor=who, **more)
            except Refusal as refusal:
                return refusal.code
            return ""

        assert agreed(one) == "kernel.key_needed"
        assert agreed(both, proof=confirmed(bank, who, device, service.agree, one)) == "kernel.confirmation_differs"
        assert agreed(one, proof=confirmed(bank, who, device, service.agree, one)) == ""
        (consent,) = bank.kernel.ask(service.own, actor=who).consents
        assert [each.ref for each in consent.accounts] == ["wallet:CNY"]
