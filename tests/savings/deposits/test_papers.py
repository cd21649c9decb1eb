"""Interest certificates and statements: what is printed is what was paid, read back by a separate program."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.products.library import own_library
from farthing.savings.deposits import papers
from farthing.savings.quotes.quote import Quote, quote
from farthing.savings.rules.model import Agreement, Event, Facts
from farthing.savings.shelf.rules import badge_text

MADE_AT = datetime(2026, 1, 4, 8, 0, tzinfo=UTC)
NASTY = '张#evil[$x$] "小\\明" <b>'


@pytest.fixture(scope="module")
def demand() -> Quote:
    shelf = own_library()
    events = [
        Event(date(2025, 1, 1), "deposit", Money.parse("1000.00", "CNY")),
        Event(date(2025, 5, 1), "withdraw", Money.parse("300.00", "CNY")),
    ]
    facts = Facts(shelf.board("boc-2015-06-28"), frozenset())
    return quote(shelf.terms("savings-demand"), facts, Agreement(), events, date(2025, 12, 31))


def said(answer: Quote, kind: str) -> papers.Paper:
    return papers.paper(
        kind,
        answer.terms,
        number="C-2025-1",
        institution="Farthing 示范银行",
        holder=NASTY,
        deposit="dep_1",
        made_on=date(2026, 1, 4),
        insured=True,
        insurance=badge_text(answer.terms, own_library().policy("cn").insurance),
        period=(date(2025, 4, 1), date(2025, 12, 31)),
        balance=answer.balance,
        payments=answer.payments,
        movements=answer.movements,
    )


def text_of(pdf: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("kind", [papers.INTEREST_CERTIFICATE, papers.STATEMENT])
def test_paper_says_what_was_paid(demand: Quote, kind: str, tmp_path: Path) -> None:
    paper = said(demand, kind)
    printed = papers.render(paper, MADE_AT)
    text = text_of(printed.pdf, tmp_path)
    inside = [each for each in demand.payments if date(2025, 4, 1) <= each.paid_on]
    assert 0 < len(inside) < len(demand.payments)
    for payment in inside:
        assert payment.paid_on.isoformat() in text
        assert payment.amount.plain() in text
    assert paper.interest.plain() in text
    assert "活期储蓄" in text and "Demand savings" in text
    assert "evil[$x$]" in text
    assert ("300.00" in text) == (kind == papers.STATEMENT)
    assert printed.digest in text.replace("\n", "")


def test_same_paper_same_bytes_and_its_data_is_attached(demand: Quote, tmp_path: Path) -> None:
    paper = said(demand, papers.STATEMENT)
    one, two = papers.render(paper, MADE_AT), papers.render(paper, MADE_AT)
    assert one == two
    if shutil.which("pdfdetach") is None:
        pytest.skip("pdfdetach is not installed")
    path = tmp_path / "paper.pdf"
    path.write_bytes(one.pdf)
    subprocess.run(["pdfdetach", "-save", "1", "-o", str(tmp_path / "terms.json"), str(path)], check=True)
    assert hashlib.sha256((tmp_path / "terms.json").read_bytes()).hexdigest() == one.digest


def test_a_paper_whose_sum_differs_is_not_made(demand: Quote) -> None:
    paper = said(demand, papers.STATEMENT)
    with pytest.raises(InvariantBroken):
        papers.Paper(**{
            **{name: getattr(paper, name) for name in paper.__slots__},
            "interest": paper.interest + Money.parse("0.01", "CNY"),
        })  # fmt: skip


def test_an_uninsured_product_says_so(demand: Quote, tmp_path: Path) -> None:
    paper = said(demand, papers.INTEREST_CERTIFICATE)
    fields = {name: getattr(paper, name) for name in paper.__slots__}
    never = {"insured": False, "insurance": badge_text(replace(demand.terms, insured=False), None)}
    assert "不受存款保险保障" in text_of(papers.render(papers.Paper(**{**fields, **never}), MADE_AT).pdf, tmp_path)
    shown = text_of(papers.render(paper, MADE_AT).pdf, tmp_path)
    assert "存款保险条例" in shown
    assert "500,000.00" in shown or "500000.00" in shown


def test_a_paper_in_euro_names_the_law_and_the_limit_of_the_union(demand: Quote, tmp_path: Path) -> None:
    paper = said(demand, papers.STATEMENT)
    fields = {name: getattr(paper, name) for name in paper.__slots__}
    euro = badge_text(own_library().terms("euro-demand"), own_library().policy("eu").insurance)
    shown = text_of(papers.render(papers.Paper(**{**fields, "insurance": euro}), MADE_AT).pdf, tmp_path)
    assert "2014/49/EU" in shown
    assert "存款保险条例" not in shown
