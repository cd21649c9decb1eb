"""A bank with a real clock: what a simulated one plays for itself is not there, however the bank is started."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from farthing.identity.rules import ANONYMOUS
from farthing.kernel.settings import Settings
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.parties.enrolment import service as enrolment
from farthing.parties.enrolment.model import AskCode
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.server import application
from farthing.town.opening import open_bank
from tests.conftest import Bank
from tests.parties.people import register_person, resident_id


def test_a_real_clock_leaves_no_sandbox_that_makes_money_says_who_is_who_or_shows_codes(bank: Bank) -> None:
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET mode = 'real'")
    party = register_person(bank).id
    bank.run(payments.open_wallet, OpenWallet(party))
    kernel = open_bank(Settings(database_url=bank.url, _env_file=None))  # started as if it were a simulated one
    try:
        assert not [kind for kind in ("rail", "proofing", "gateway", "channel") if kernel.ports.names(kind)]
        code = AskCode("林美", resident_id(), "138 1234 5678")
        for function, command, actor, refusal in (
            (
                payments.top_up,
                MoveByRail(party, Money(100, "CNY"), "6222021234567890123"),
                bank.system,
                "payments.rail_unknown",
            ),
            (enrolment.ask_code, code, ANONYMOUS, "identity.no_gateway"),
        ):
            with pytest.raises(Refusal) as caught:
                kernel.run(function, command, actor=actor)
            assert caught.value.code == refusal
        assert TestClient(application(kernel)).get("/sandbox/messages?phone=13812345678").status_code == 404
    finally:
        kernel.database.close()
