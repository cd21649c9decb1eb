"""What sheets say was collected is what the books have; whatever is planted in one is named."""

from __future__ import annotations

import pytest

from farthing.lending.groups.audit_service import verify
from tests.lending.groups.village import village

PLANTED = {
    "UPDATE loan_sheet SET total_minor = total_minor + 1": "its lines come to",
    "UPDATE loan_sheet_line SET amount_minor = amount_minor + 1 WHERE position = 1": "the books have",
    "DELETE FROM loan_sheet_line WHERE position = 2": "its lines come to",
    "UPDATE loan_sheet_line SET borrower_id = payer_id": "whose loan it is not",
    "UPDATE loan_group SET sheets = 2": "counts 2 sheets",
    "UPDATE loan_sheet_line SET repayment_id = 'repay_nothing' WHERE position = 1": "the books have None",
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_named(database_url: str, planted: str) -> None:
    east = village(database_url)
    first, second, *_ = east.dues()
    east.collect(east.filled(east.line(0, 0, first), east.line(0, 1, second)))
    clean = east.house.bank.read(verify, snapshot=True)
    assert (clean.groups, clean.sheets, clean.lines, clean.findings) == (1, 1, 2, ())
    with east.house.bank.superuser() as connection:
        connection.execute(planted)
    assert any(PLANTED[planted] in str(each) for each in east.house.bank.read(verify, snapshot=True).findings)
