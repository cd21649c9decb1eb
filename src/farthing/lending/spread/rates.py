"""Read what money costs inside a bank from a file (``internal-rates/*.toml``). Pure but for the files of the program."""

from __future__ import annotations

from farthing.kit.shipped import DATA
from farthing.kit.tables import Table, parse
from farthing.lending.spread.model import SetInternalRates
from farthing.products import reading

FOLDER = DATA / "internal-rates"


def decode(name: str, source: str) -> SetInternalRates:
    """An edition of the curve as a file says it; refuses ``products.*`` by file and key.

    ::

        currency = "CNY"
        effective_on = 2027-01-01
        demand = "0.35%"
        terms = {3m = "1.10%", 1y = "1.50%"}
        source = {en = "minutes of the committee", zh = "资产负债委员会决议"}
    """
    table: Table = parse(name, source, reading.as_law, quoted=True)
    said = table.words("source")
    found = SetInternalRates(
        reading.currency(table), reading.day(table.take("effective_on")), table.text("demand"),
        {term: str(rate) for term, rate in table.table("terms").values.items()}, said.en, said.zh,
    )  # fmt: skip
    table.close()
    return found


def shipped(currency: str) -> list[SetInternalRates]:
    """What comes with the program for a currency: one edition, or none."""
    path = FOLDER / f"{currency}.toml"
    return [decode(path.name, path.read_text(encoding="utf-8"))] if path.is_file() else []
