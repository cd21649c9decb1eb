"""Read what a reference rate is from a file (``reference-rates/*.toml``). Pure but for the files of the program."""

from __future__ import annotations

from farthing.kit.shipped import DATA
from farthing.kit.tables import Table, parse
from farthing.products import reading
from farthing.products.reference.model import EarlierFigure, SetReferenceRate

FOLDER = DATA / "reference-rates"


def decode(file: str, source: str) -> SetReferenceRate:
    """The figures of a reference rate as a file says them, the last one in force until another; refuses ``products.*`` by file
    and key.

    ::

        rate = "lpr-1y"
        name = {en = "one-year loan prime rate (LPR)", zh = "一年期贷款市场报价利率（LPR）"}
        currency = "CNY"
        source = {en = "National Interbank Funding Center, 20 January 2027", zh = "全国银行间同业拆借中心 2027 年 1 月 20 日公布"}
        figures = [{effective_on = 2027-01-20, annual = "3.00%"}]
    """
    table: Table = parse(file, source, reading.as_law, quoted=True)
    said, name = table.words("source"), table.words("name")
    *before, last = sorted(
        table.many("figures", lambda one: _figure(one.table("figures"))), key=lambda each: each.effective_on
    )
    found = SetReferenceRate(
        table.text("rate"),
        name.en,
        name.zh,
        reading.currency(table),
        last.effective_on,
        last.annual,
        said.en,
        said.zh,
        tuple(before),
    )
    table.close()
    return found


def _figure(table: Table) -> EarlierFigure:
    found = EarlierFigure(reading.day(table.take("effective_on")), str(reading.rate(table.text("annual"))))
    table.close()
    return found


def shipped(currency: str) -> list[SetReferenceRate]:
    """The reference rates of a currency that come with the program."""
    paths = sorted(FOLDER.glob("*.toml"))
    found = [decode(path.name, path.read_text(encoding="utf-8")) for path in paths]
    return [each for each in found if each.currency == currency]
