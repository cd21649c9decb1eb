"""A bank that lends tells a node of its loans at the close of a month, through a line that is cut, and mends what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from farthing.credit import service as credit
from farthing.credit.model import GiveConsent
from farthing.exchange.report import service as reports
from farthing.kernel import errands
from farthing.kernel.gateway import SandboxGateway
from farthing.kit.errors import Refusal
from farthing.lending.furnishing import service as furnishing
from farthing.lending.furnishing.model import FurnishAgain
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.banks import Shelf
from tests.conftest import DAY
from tests.exchange.nodes import BANK, NODE, Peer, joined, node_over
from tests.lending.house import CARD, OPENS, House, yuan


def lent(house: House) -> str:
    """A loan whose borrower agreed to be told of and has an empty wallet; another's who did not agree is nobody's here."""
    loan = house.active("5000")
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("5000"), CARD))
    command = GiveConsent(house.party.id, "credit_reporting", ("credit_bureau",), OPENS + timedelta(days=400))
    house.bank.run(credit.give_consent, command)
    return loan.id


@dataclass
class Two:
    """A lender and the node that it is a member of."""

    house: House
    peer: Peer

    def close(self, until: date) -> None:
        self.house.wait(until + timedelta(days=1))

    def send(self) -> None:
        errands.sweep(self.house.bank.kernel, everything=True)

    def cycles(self) -> list[Any]:
        return self.house.bank.kernel.ask(furnishing.cycles)

    def months(self, loan_id: str) -> dict[str, Any]:
        def read(tx: Any) -> dict[str, Any]:
            (subject,) = [row["id"] for row in tx.rows("SELECT id FROM exchange_subject")]
            return reports.report(tx, NODE, subject, date(2030, 1, 1), reports.revisions_now(tx, subject))

        (line,) = self.peer.sender.node.kernel.read(read)["tradelines"]
        return {month["period"]: month for month in line["months"]}


@pytest.fixture
def two(database_url: str, shelf: Shelf) -> Iterator[Two]:
    with shelf.bank(DAY) as other:
        house = House(database_url, lived=lent)
        peer = Peer(joined(node_over(other), BANK, "First bank"))
        house.bank.kernel.ports = house.bank.kernel.ports.with_peer("exchange", NODE, peer)
        yield Two(house, peer)
        house.bank.kernel.database.close()


def test_a_month_s_end_tells_the_node_once_however_the_line_is_cut(two: Two) -> None:
    two.peer.cut = {1: "before", 3: "after", 4: "after"}
    two.close(date(2026, 11, 30))
    for _ in range(4):
        two.send()
    (cycle,) = two.cycles()
    assert (cycle.id, cycle.state, cycle.rows, cycle.refused) == ("2026-11.1", "accepted", 1, 0)
    assert len({ident for ident, _, _ in two.peer.heard}) == 3 < len(two.peer.heard)
    month = two.months(two.house.made)["2026-11"]
    assert (month["status"], month["balance"], month["five_class"]) == ("idle", 500_000, "normal")
    sent = two.peer.heard[1][2]["rows"][0]
    assert two.house.made not in str(sent), "the loan's own id stays here"
    with pytest.raises(Refusal, match=r"lending.cycle_not_refused"):
        two.house.bank.run(furnishing.furnish_again, FurnishAgain("2026-11.1", "again"))
    with pytest.raises(Refusal, match=r"lending.cycle_unknown"):
        two.house.bank.run(furnishing.furnish_again, FurnishAgain("2026-12.1", "again"))


def test_who_did_not_agree_is_not_told_of(database_url: str, shelf: Shelf) -> None:
    house = House(database_url, lived=lives_alone)
    house.bank.kernel.ports = house.bank.kernel.ports.with_peer("exchange", NODE, object())
    house.wait(date(2026, 12, 1))
    assert house.bank.kernel.ask(furnishing.cycles) == []
    house.bank.kernel.database.close()


def lives_alone(house: House) -> None:
    """A loan whose borrower agreed to nothing of the kind."""
    house.active("5000")


@pytest.mark.long
def test_a_borrower_is_warned_before_she_is_told_of_as_late(two: Two) -> None:
    two.close(date(2027, 1, 31))
    two.send()
    months = two.months(two.house.made)
    assert [(period, months[period]["status"]) for period in sorted(months)] == [
        ("2026-11", "idle"), ("2026-12", "untold"), ("2027-01", "past_due"),
    ]  # fmt: skip
    january = months["2027-01"]
    assert (january["dpd"], january["first_delinquency_on"]) == (34, "2026-12-28")
    gateway: SandboxGateway = two.house.bank.kernel.ports.peer("gateway")
    told = [each.text for each in gateway.sent_to(two.house.party.phone) if "credit bureau" in each.text]
    assert len(told) == 1 and "2026-12-28" in told[0]
