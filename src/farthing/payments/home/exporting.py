"""Own her money as files: a sheet of movements, and a journal for hledger whose balances must come to those of the books. Pure.

Each movement stands once, as on the page. In the journal debit is positive, her places are assets, and what is outside is an
expense or income by its category.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from farthing.kit.cells import cell
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments.home.categories import Lexicon
from farthing.payments.home.meeting import OUTSIDE
from farthing.payments.home.model import Account
from farthing.payments.home.picture import Seen
from farthing.payments.home.views import movement_view, place_name

HEADS = (
    "date", "time", "direction", "amount", "currency", "category", "category_zh", "other_side", "what", "from_to", "told_by",
    "doubt", "id",
)  # fmt: skip
_NOT_NAME = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]+")
_NOT_TEXT = re.compile(r"[;|\s\x00-\x1f]+")


def sheet(seen: Iterable[Seen], accounts: Mapping[str, Account], lexicon: Lexicon) -> str:
    """Movements as CSV, oldest first: what came from outside is more than nothing. What anybody wrote is no formula in it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADS)
    for each in seen:
        view = movement_view(each, accounts)
        name = lexicon.categories[each.category].name if each.category else Words("", "")
        way = " ".join(
            f"{place_name(leg.place, accounts).en} {Money(leg.minor, each.movement.currency).plain()}"
            for leg in each.movement.legs
        )  # fmt: skip
        told = ", ".join(place.en for place in view.told_by)
        line = (
            f"{view.at:%Y-%m-%d}", f"{view.at:%H:%M:%S}" if view.exact else "", view.side, view.amount.plain(),
            view.amount.currency, name.en, name.zh, view.other, view.what, way, told, view.doubt, view.row_id,
        )  # fmt: skip
        writer.writerow([cell(value) for value in line])
    return file.getvalue()


def journal(
    seen: Sequence[Seen], accounts: Mapping[str, Account], opening: Money | None, closing: Money | None
) -> Iterator[str]:
    """A journal for hledger. ``opening`` is what the wallet here held before the first movement, and ``closing`` what it
    holds by the books: hledger itself refuses the file where the movements between do not come to it."""
    first = seen[0].movement.at.date() if seen else None
    here = _account("here", accounts)
    if opening is not None and first is not None and opening.minor:
        yield f"{first} opening balance\n    {here}  {_amount(opening)}\n    equity:opening  {_amount(-opening)}\n\n"
    for each in seen:
        movement, row = each.movement, each.row
        text = _NOT_TEXT.sub(" ", row.counterparty or row.description or row.kind).strip() or "-"
        note = f"  ; id:{_NOT_TEXT.sub(' ', movement.id)}"
        lines = [f"{movement.at:%Y-%m-%d} {text[:120]}{note}"]
        for leg in movement.legs:
            where = _outside(each) if leg.place == OUTSIDE else _account(leg.place, accounts)
            lines.append(f"    {where}  {_amount(Money(leg.minor, movement.currency))}")
        yield "\n".join(lines) + "\n\n"
    if closing is not None:
        last = seen[-1].movement.at.date() if seen else date(2000, 1, 1)
        yield f"{last} balance by the books\n    {here}  {closing.currency} 0 = {_amount(closing)}\n"


def _outside(each: Seen) -> str:
    """What is outside is an expense where it went out, and income where it came in."""
    return f"{'income' if each.side == 'in' else 'expenses'}:{each.category}"


def _account(place: str, accounts: Mapping[str, Account]) -> str:
    """A place as an account of a journal: words of letters and digits alone."""
    account = accounts.get(place)
    if account is None:
        kind, _, name = place.partition(":")
        root = "liabilities" if place in ("own:credit", "own:borrowed") else "assets"
        return f"{root}:{kind}:{_NOT_NAME.sub('-', name) or 'unknown'}"
    parts = (account.kind, account.layout, account.tail) if account.kind != "here" else ("here",)
    return ":".join(("assets", *(_NOT_NAME.sub("-", each) for each in parts if each)))


def _amount(amount: Money) -> str:
    return f"{amount.currency} {amount.plain()}"
