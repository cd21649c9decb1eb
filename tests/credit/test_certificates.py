"""Certificates of payments: read cell by cell however they are set, taken out of their archive, believed by their seal alone."""

from __future__ import annotations

import base64
import io
import random
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import pyzipper

from farthing.bank.certificates import RootsJudge, signers
from farthing.credit import seals
from farthing.credit import service as credit
from farthing.credit.bills import wire
from farthing.credit.bills.model import Bill, Provider, Transaction
from farthing.credit.bills.read import read_bill
from farthing.credit.bills.sample import graduate_bill
from farthing.credit.model import ImportBill, RequestDecision
from farthing.credit.seals import PdfSeal
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.signing.sandbox_paper import PaperSeal
from farthing.town.wallet.issuing import NAME, SandboxWallet, locked, written
from tests.conftest import Bank
from tests.credit.test_decision import consent, refused
from tests.hands import city
from tests.parties.people import register_person, resident_id

NUMBER = resident_id()
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
WORDY = "临江粮油贸易有限公司第二分公司（城南总店）"


def some(count: int = 45) -> list[Transaction]:
    """Rows of a graduate's year: one with a long name, one that gives money back, one that is closed."""
    bill = read_bill(graduate_bill(random.Random(7), date(2026, 6, 1), "林美"))
    rows = [each for each in bill.transactions if each.outcome == "settled"][: max(count, 6)]
    rows[3] = replace(rows[3], counterparty=WORDY)
    rows[5] = replace(rows[5], description="退款-电饭煲", direction="neutral", outcome="refund")
    return sorted(rows, key=lambda each: each.occurred_at)[:count]


def code(content: bytes, password: str = "") -> str:
    with pytest.raises(Refusal) as caught:
        read_bill(content, password)
    return caught.value.code


@pytest.mark.parametrize(
    ("provider", "around", "repeated"),
    [("wechat", False, True), ("alipay", True, False),
     pytest.param("wechat", True, False, marks=pytest.mark.long), pytest.param("wechat", True, True, marks=pytest.mark.long),
     pytest.param("alipay", False, False, marks=pytest.mark.long), pytest.param("alipay", False, True, marks=pytest.mark.long)],
)  # fmt: skip
def test_every_cell_is_read_over_lines_and_pages(provider: Provider, around: bool, repeated: bool) -> None:
    items = some()
    read = read_bill(written(items, provider, "林美", NUMBER, around=around, repeated=repeated))
    assert (read.file_format, read.header.provider, read.header.holder, read.header.number) == (
        "pdf",
        provider,
        "林美",
        NUMBER,
    )
    assert str(read.header.period_start) == f"{items[0].occurred_at:%Y-%m-%d} 00:00:00"
    assert read.header.stated_rows == read.rows_read == len(items) and not read.notes
    for was, now in zip(items, read.transactions, strict=True):
        assert (was.occurred_at, was.amount, was.counterparty, was.order_id) == (
            now.occurred_at, now.amount, now.counterparty, now.order_id,
        )  # fmt: skip
        assert (was.direction, was.method, was.merchant_order_id) == (now.direction, now.method, now.merchant_order_id)
        assert now.outcome == (was.outcome if provider == "alipay" or "退款" in was.kind else "settled")
    assert wire.read(wire.written(read)) == read, "what leaves the reading process arrives as it was"


def test_an_archive_opens_by_its_password_to_one_file_and_nothing_else() -> None:
    paper = written(some(3), "wechat", "林美", NUMBER)
    assert read_bill(locked(paper, "135790"), "135790").rows_read == 3
    assert code(locked(paper, "135790"), "000000") == "credit.bill_wrong_password"
    assert code(locked(paper, "135790")) == "credit.bill_locked"
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("证明.pdf", paper)
    assert read_bill(plain.getvalue()).certificate == paper, "an archive without a password is opened too"
    for names in ((), ("a.pdf", "b.pdf"), ("../a.pdf",), ("x\\a.pdf",), ("folder/",), ("a/b.pdf",)):
        out = io.BytesIO()
        with pyzipper.AESZipFile(out, "w") as archive:
            for name in names:
                archive.writestr(name, paper)
        assert code(out.getvalue(), "1") == "credit.bill_archive", names
    assert code(locked(plain.getvalue(), "1"), "1") == "credit.bill_archive", "an archive in an archive"
    assert code(locked(b"hello", "1", "a.txt"), "1") == "credit.bill_foreign"
    assert code(locked(paper, "1")[:400], "1") == "credit.bill_truncated"


def test_a_bomb_is_stopped_at_its_bound() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", b"%PDF-" + b"0" * (20 * 1024 * 1024))
    assert len(out.getvalue()) < 100_000
    assert code(out.getvalue()) == "credit.bill_too_large"


def test_a_pdf_that_is_no_certificate_is_refused() -> None:
    assert code(b"%PDF-1.7\nnothing") == "credit.bill_truncated"
    paper = written(some(2), "wechat", "林美", NUMBER)
    assert code(paper[: len(paper) // 2]) == "credit.bill_truncated"
    header = some(2)
    assert (
        read_bill(written(header, "wechat", "林美", "1101**********12", around=True)).header.number
        == "1101**********12"
    )


HOLDS = PdfSeal("holds", NAME, frozenset({"wechat"}))


@pytest.mark.parametrize(
    ("seal", "name", "number", "found"),
    [(HOLDS, "林美", NUMBER, None), (replace(HOLDS, state="none"), "林美", NUMBER, "credit.certificate_not_signed"),
     (replace(HOLDS, state="changed"), "林美", NUMBER, "credit.certificate_changed"),
     (replace(HOLDS, state="unknown"), "林美", NUMBER, "credit.certificate_unknown_signer"),
     (replace(HOLDS, providers=frozenset({"alipay"})), "林美", NUMBER, "credit.certificate_unknown_signer"),
     (HOLDS, None, NUMBER, "credit.certificate_unnamed"), (HOLDS, "林美", None, "credit.certificate_unnamed"),
     (HOLDS, "林*", NUMBER, "credit.certificate_unnamed"),
     (HOLDS, "林美", f"{NUMBER[:4]}***{NUMBER[-4:]}", "credit.certificate_unnamed"),
     (HOLDS, "林美", resident_id(order_code="004"), "credit.certificate_other_number"),
     (HOLDS, "林美", "4403***0000", "credit.certificate_other_number")],
)  # fmt: skip
def test_a_certificate_vouches_for_whom_it_wholly_names(
    seal: PdfSeal, name: str | None, number: str | None, found: str | None
) -> None:
    header = replace(read_bill(graduate_bill(random.Random(1), date(2026, 6, 1), "林美")).header, provider="wechat")
    try:
        doubt = seals.doubted(replace(header, holder=name, number=number), seal, "林美", NUMBER)
    except Refusal as refusal:
        doubt = refusal
    assert (doubt and doubt.code) == found


def test_a_bank_without_a_judge_believes_nobody() -> None:
    assert seals.judged(None, b"%PDF-").state == "unknown"
    assert "财付通支付科技有限公司" in signers()["wechat"]


def brought(bank: Bank, party: str, content: bytes, password: str = "", *, as_file: bool = False) -> ImportBill:
    return ImportBill(party, "certificate.zip", base64.b64encode(content).decode(), password, as_file=as_file)


@pytest.mark.long
def test_a_sealed_certificate_lifts_the_limit_and_a_forged_one_does_not(bank: Bank) -> None:
    city(bank)
    mine, other, third = (register_person(bank, number) for number in range(3))
    for each in (mine, other, third):
        consent(bank, each.id)
    today = bank.kernel.clock().business_date
    whole: Bill = read_bill(graduate_bill(random.Random(7), today - timedelta(days=1), "林美"))
    few = tuple(item for at, item in enumerate(whole.transactions) if item.direction == "in" or at % 12 == 0)
    bill = replace(whole, transactions=few)
    wallet: SandboxWallet = bank.kernel.ports.peer("judge", seals.JUDGE)
    paper = wallet.certificate(bill, "wechat", mine.name, mine.number)
    assert refused(bank, credit.import_bill, brought(bank, other.id, paper)) == "credit.certificate_other_number"
    made = bank.run(credit.import_bill, brought(bank, mine.id, locked(paper, "135790"), "135790"))
    assert (made.vouched_by, made.unsealed, made.holder_check) == (NAME, None, "matched") and made.added > 50

    bare = written(bill.transactions, "wechat", other.name, other.number)
    assert refused(bank, credit.import_bill, brought(bank, other.id, bare)) == "credit.certificate_not_signed"
    forged = PaperSeal(PaperSeal.made(NAME, NOW)).sealed(bare)
    assert refused(bank, credit.import_bill, brought(bank, other.id, forged)) == "credit.certificate_unknown_signer"
    sealed = wallet.certificate(bill, "wechat", other.name, other.number)
    changed = sealed.replace(b"Typst", b"Tipst", 1)
    assert changed != sealed
    assert refused(bank, credit.import_bill, brought(bank, other.id, changed)) == "credit.certificate_changed"
    plain = bank.run(credit.import_bill, brought(bank, other.id, forged, as_file=True))
    assert (plain.vouched_by, plain.holder_check) == ("", "unverifiable")
    assert plain.unsealed is not None and NAME in plain.unsealed.en and "普通账单" in plain.unsealed.zh

    def decided(party: str) -> tuple[str | None, Money]:
        found = bank.run(credit.request_decision, RequestDecision(party, "rainy-day-loan", Money(800_000, "CNY"), 6))
        return found.grounds and found.grounds.grade, found.limit

    assert decided(mine.id)[0] == "vouched" and decided(mine.id)[1] > Money(500_000, "CNY")
    assert decided(other.id) == ("file", Money(200_000, "CNY"))
    company = RootsJudge(PaperSeal(kept := PaperSeal.made("某某有限公司", NOW)).root, signers())
    assert company.judged(PaperSeal(kept).sealed(bare)) == PdfSeal("holds", "某某有限公司", frozenset()), (
        "a name is not enough"
    )
