"""The key information sheet of a listing: it says the valuation, and nobody's name; the same bytes again; pdfinfo reads it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from farthing.funding.market import information_service as information
from farthing.identity.rules import ANONYMOUS
from tests.funding.market.listing import listed, published
from tests.lending.house import House


def test_a_lender_reads_what_is_expected_and_not_who_borrows(database_url: str, tmp_path: Path) -> None:
    house = House(database_url, lived=published)
    loan, listing = listed(house)
    sheet = house.bank.kernel.ask(information.sheet, listing.id, actor=ANONYMOUS)
    file = tmp_path / "sheet.pdf"
    file.write_bytes(sheet.pdf)
    said = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    for wanted in (
        "Key information sheet",
        "关键信息说明书",
        "8,000.00",
        "5.20%",
        "可能损失全部本金",
        sheet.digest[:8],
    ):
        assert wanted in said.replace("\n", " "), wanted
    assert str(loan.instalments[0].due_on) in said
    assert house.party.name not in said and house.party.number not in said and loan.id not in said
    pages = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert int(pages.split("Pages:")[1].split()[0]) <= 6  # annex I: six pages at most
