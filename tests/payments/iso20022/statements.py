"""Statements drawn at random that hold together, and one by hand, for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import strategies as st

from farthing.kit.money import EXPONENTS, Money
from farthing.payments.iso20022.model import Detail, Line, Statement

DAY = date(2027, 1, 5)
MADE = datetime(2027, 1, 5, 15, 59, tzinfo=UTC)


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


PLAIN = Statement(
    "harvest-2027-01-05", 1, "harvest", "丰收沙盒银行", MADE, DAY, yuan(0), yuan(-9_000), (
        Line("a1", yuan(-12_000), DAY, DAY, "advanced", (Detail(yuan(-12_000), "principal", "0abc"),)),
        Line(
            "a2", yuan(3_000), DAY, date(2027, 1, 4), "repaid",
            (Detail(yuan(2_500), "principal", "0abc"), Detail(yuan(500), "interest", "0abc")), "loan:0abc:distribution:1",
        ),
    ),
)  # fmt: skip

IDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+", min_size=1, max_size=35)
WORDS = st.text(alphabet="abcXYZ 019.-", min_size=1, max_size=35).filter(lambda text: text == text.strip())
NAMES = st.sampled_from(["", "丰收沙盒银行", "Bank of Spring & Sons <Ltd>", 'Crédit Mutuel "Été"', "𠮷野銀行"])
DAYS = st.dates(date(2000, 1, 1), date(2199, 12, 31))
UETRS = st.one_of(st.just(""), st.uuids(version=4).map(str))


def amounts(currency: str) -> st.SearchStrategy[Money]:
    return st.integers(-(10**12), 10**12).map(lambda minor: Money(minor, currency))


@st.composite
def lines(draw: st.DrawFn, currency: str) -> Line:
    parts = draw(st.lists(amounts(currency), max_size=3))
    whole = Money(sum(each.minor for each in parts), currency) if parts else draw(amounts(currency))
    details = tuple(Detail(each, draw(WORDS), draw(st.one_of(st.just(""), IDS)), draw(UETRS)) for each in parts)
    return Line(
        draw(st.one_of(st.just(""), IDS)), whole, draw(DAYS), draw(DAYS), draw(st.one_of(st.just(""), WORDS)), details,
        draw(NAMES), draw(st.booleans()),
    )  # fmt: skip


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    currency = draw(st.sampled_from(sorted(EXPONENTS)))
    found = tuple(draw(st.lists(lines(currency), max_size=4)))
    opening = draw(amounts(currency))
    closing = Money(opening.minor + sum(line.amount.minor for line in found), currency)
    number = draw(st.one_of(st.none(), st.integers(0, 10**6)))
    made_at = draw(st.datetimes(datetime(2000, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)))
    return Statement(draw(IDS), number, draw(IDS.filter(lambda each: len(each) <= 34)), draw(NAMES), made_at,
                     draw(DAYS), opening, closing, found)  # fmt: skip


def uetr(number: int) -> str:
    return str(UUID(int=number, version=4))
