"""Whoever can be registered gets a contract, a statement and a certificate that bear the name as it is written."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from farthing.funding import service as funding
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.model import AcceptOffer, Apply
from farthing.parties import service as parties
from farthing.parties.model import Register, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.savings.deposits import papers
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import OpenDeposit
from tests.conftest import Bank
from tests.lending.house import CARD, House, yuan
from tests.parties.people import resident_id

NAMES = {
    "tibetan": "བསྟན་འཛིན་རྒྱ་མཚོ",
    "uyghur": "ئابدۇرېھىم ئۆتكۈر",
    "mongolian": "ᠪᠣᠷᠵᠢᠭᠢᠨ ᠲᠡᠮᠦᠵᠢᠨ",
    "devanagari": "लक्ष्मी शर्मा",
    "thai": "สมชาย ใจดี",
    "rare han": "\U00020bb7\U0002123c明",
    "latin": "Đặng Thị Ngọc Ánh",
}


def letters(text: str) -> list[str]:
    """The letters of a text, in no order: what runs from right to left is extracted as it stands or as it is read."""
    return sorted(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each)[0] in "LM")


def text_of(pdf: bytes, path: Path) -> str:
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


def bears(text: str, name: str) -> bool:
    """Whether some line holds every letter of a name, as often as the name does; of a script that runs from right to
    left the whole text is asked, since the extractor sets a name's letters apart where it turns round."""
    wanted = letters(name)
    turned = any(unicodedata.bidirectional(each) == "AL" for each in name)
    found = [letters(line) for line in ([text] if turned else text.splitlines())]
    return any(all(line.count(each) >= wanted.count(each) for each in wanted) for line in found)


def register(house: House, number: int, name: str) -> None:
    command = Register(name, resident_id(order_code=f"{2 * number + 10:03d}"), f"138 1234 {5600 + number}")
    house.party = house.bank.run(parties.register, command)
    house.bank.run(parties.verify_identity, VerifyIdentity(house.party.id))
    house.bank.run(payments.open_wallet, OpenWallet(house.party.id))


def papers_of(house: House) -> list[bytes]:
    """A deposit's statement and its interest certificate."""
    bank, party = house.bank, house.party.id
    bank.run(payments.top_up, MoveByRail(party, yuan("500"), CARD))
    opened = bank.run(deposits.open_deposit, OpenDeposit(party, "savings-demand", yuan("100")))
    kinds = (papers.STATEMENT, papers.INTEREST_CERTIFICATE)
    return [bank.kernel.ask(passbook.printed, opened.deposit.id, kind).pdf for kind in kinds]


@pytest.mark.long
def test_a_name_in_any_script_stands_in_every_document(database_url: str, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (make test installs it as root)")
    house = House(database_url)
    missing = []
    for number, (script, name) in enumerate(NAMES.items(), start=1):
        register(house, number, name)
        assert house.party.name == unicodedata.normalize("NFKC", name)
        house.bring()
        loan = house.funded("1000")
        house.sign(loan.id)
        contract = house.bank.kernel.ask(contracts.document, loan.id)
        for kind, pdf in zip(("contract", "statement", "certificate"), [contract, *papers_of(house)], strict=True):
            assert b"pdfaid:part>3<" in pdf
            if not bears(text_of(pdf, tmp_path / f"{kind}-{number}.pdf"), name):
                missing.append(f"{script}: {kind}")
    assert missing == []


def refused(bank: Bank, party: str, purpose: str) -> str:
    with pytest.raises(Refusal) as caught:
        bank.run(lending.apply, Apply(party, "rainy-day-loan", yuan("1000"), 6, purpose))
    return caught.value.code


def test_what_a_borrower_says_is_quoted_once_and_is_no_clause(database_url: str, tmp_path: Path) -> None:
    house = House(database_url)
    for purpose in (
        "医药费。\n\n13. 特别约定 贷款人同意:本贷款不计利息",
        "医药费\u202813. 特别约定 本贷款不计利息",
        "医药费」\u202e特别约定",
        "医药费」。13. 特别约定：本贷款不计利息。「",
        "医药费｣。13. 特别约定：本贷款不计利息。｢",
    ):
        assert refused(house.bank, house.party.id, purpose) == "request.malformed"
    said = "母亲住院的医药费"
    offer = house.bank.run(lending.apply, Apply(house.party.id, "rainy-day-loan", yuan("1000"), 6, said)).offer
    loan = house.bank.run(lending.accept_offer, AcceptOffer(offer.id, offer.amount, offer.total_cost))
    funding.arrange(house.bank.kernel, loan.id)
    house.sign(loan.id)
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (make test installs it as root)")
    text = text_of(house.bank.kernel.ask(contracts.document, loan.id), tmp_path / "contract.pdf")
    assert text.count(said) == 1
    assert f"「{said}」" in text
