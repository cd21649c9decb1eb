"""What stands behind loans, the loans, the register and the books say the same; whatever is planted in one is named."""

from __future__ import annotations

import pytest

from farthing.lending import service as lending
from farthing.lending.backing.audit_service import verify
from farthing.lending.model import LoanCommand
from tests.lending.backing.friends import friend, given, pledged, rich, saved
from tests.lending.backing.test_collateral import registered
from tests.lending.house import House

PLANTED = {
    "UPDATE loan_guarantee SET state = 'given', ended_on = NULL WHERE state = 'released'": "is closed",
    "UPDATE loan_guarantee SET state = 'released' WHERE state = 'given'": "is released, and loan",
    "UPDATE credit_guarantee SET ended_on = since_on WHERE ended_on IS NULL": "does not stand in the register",
    "UPDATE credit_guarantee SET most_minor = most_minor + 1": "the register says",
    "UPDATE loan_pledge SET state = 'held', ended_on = NULL WHERE state = 'released'": "is closed",
    "UPDATE loan_pledge SET pledged_minor = pledged_minor + 1 WHERE state = 'held'": "the books hold",
    "UPDATE loan_collateral SET released_on = NULL": "is closed",
    "DELETE FROM loan_valuation": "valued on no day",
    "UPDATE loan_pledge SET loan_id = 'loan_nothing'": "there is no such loan",
}


def two_loans(house: House) -> None:
    """One that is repaid, whose guarantor, deposit and van are free; one with a guarantor and a deposit behind it."""
    zhao, paid = friend(house), house.active("1000")
    given(house, paid, zhao, "500")
    pledged(house, paid, saved(house, house.party, "1000"), "600")
    registered(house, paid)
    rich(house, house.party)
    house.bank.run(lending.settle, LoanCommand(paid.id))
    loan = house.active("2000")
    given(house, loan, zhao, "1500")
    pledged(house, loan, saved(house, zhao, "1000"), "700")


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_named(database_url: str, planted: str) -> None:
    house = House(database_url, lived=two_loans)
    clean = house.bank.read(verify, snapshot=True)
    assert (clean.guarantees, clean.pledges, clean.collateral, clean.findings) == (2, 2, 1, ())
    with house.bank.superuser() as connection:
        connection.execute(planted)
    assert any(PLANTED[planted] in str(finding) for finding in house.bank.read(verify, snapshot=True).findings)
