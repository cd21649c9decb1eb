"""Answer where her money went: of the wallet here and of all that she brought, together, each movement once. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.kernel.day import zone_of
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, of
from farthing.kit.actor import PUBLIC
from farthing.kit.calendar import add_months, month_end
from farthing.kit.inputs import Cursor, Id, PageSize, Word
from farthing.kit.money import Money, exponent
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.payments.activity import service as activity
from farthing.payments.home import refusals, store, views
from farthing.payments.home.categories import lexicon
from farthing.payments.home.model import Account, Row
from farthing.payments.home.picture import Known, Seen, paid, see, uncounted, within
from farthing.payments.home.recurring import recurring
from farthing.payments.home.views import AccountView, CategoryView, Movements, MovementView, Spent
from farthing.payments.model import Movement

HERE = "here"
MOST_HERE, LONGEST = 5_000, 100
ALWAYS, FOR_EVER = date(2004, 1, 1), date(2100, 1, 1)
MONTHS_SHOWN = 12
BEFORE, AFTER = timedelta(days=200), timedelta(days=8)
"""A refund may be of a purchase so long before; a card may tell of a payment so much later."""


@question("home.accounts", permission="home:read", whose=of("party_id"))
def accounts(tx: Tx, party_id: Id) -> list[AccountView]:
    """The accounts that a person brought."""
    return [views.account_view(each) for each in store.accounts(tx, party_id)]


@question("home.categories", permission=PUBLIC, whose=NOBODYS)
def categories(tx: Tx) -> list[CategoryView]:
    """The categories that there are, in their order."""
    return [CategoryView(each.id, each.side, each.name) for each in lexicon().categories.values()]


@question("home.spent", permission="home:read", whose=of("party_id"))
def spent(tx: Tx, party_id: Id, month: Word = "", currency: Word = "") -> Spent:
    """Where a person's money went in a month (the newest of which anything is known), with the twelve months up to it, what
    comes again, and what is doubtful. Refuses ``payments.bad_month``, ``money.unknown_currency``."""
    first, last = activity.month_of(month) if month else _newest(tx, party_id)
    home = currency or tx.home
    exponent(home)
    since = add_months(first, 1 - MONTHS_SHOWN)
    known, whole = loaded(tx, party_id, since, last)
    seen = [each for each in picture(known) if each.movement.currency == home]
    of_year, of_month = within(seen, since, last, home), within(seen, first, last, home)
    by_id = {each.movement.id: each for each in of_year}
    again = recurring(paid(of_year), min(last, tx.business_date))
    sums = views.category_sums(of_month, lexicon(), home)
    doubtful = [each for each in reversed(of_month) if each.doubt]
    unknown = [row for row in uncounted(known) if first <= row.at.date() <= last and row.currency == home]
    return Spent(
        f"{first:%Y-%m}", home, _total(sums, "in", home), _total(sums, "out", home),
        sum(each.side == "within" for each in of_month), sum(len(each.movement.rows) > 1 for each in of_month), sums,
        views.month_sums(of_year, home), views.place_sums(of_month, known.accounts, home), views.flow_sums(of_month, home),
        tuple(views.recurring_view(each, by_id) for each in again),
        (*(views.movement_view(each, known.accounts) for each in doubtful), *(_unknown(row, known) for row in unknown)), whole,
    )  # fmt: skip


def _total(sums: Sequence[views.CategorySum], side: str, currency: str) -> Money:
    return Money(sum(each.amount.minor for each in sums if each.side == side), currency)


def _unknown(row: Row, known: Known) -> MovementView:
    zero = Money.zero(row.currency)
    name = views.place_name(row.account_id, known.accounts)
    return MovementView(
        row.id, row.at, row.exact, "within", zero, row.amount, "", False, False, "state", row.kind, (name,),
        row.counterparty, row.description,
    )  # fmt: skip


def _newest(tx: Tx, party_id: str) -> tuple[date, date]:
    """This month, or the last of which anything was brought where nothing newer moved here."""
    today, last = tx.business_date, store.last(tx, party_id)
    if (
        last is not None
        and (last.year, last.month) < (today.year, today.month)
        and not _here(tx, party_id, today.replace(day=1), today)
    ):
        return last.date().replace(day=1), month_end(last.date())
    return today.replace(day=1), month_end(today)


@question("home.movements", permission="home:read", whose=of("party_id"))
def movements(
    tx: Tx, party_id: Id, month: Word = "", category: Word = "", currency: Word = "", cursor: Cursor | None = None,
    limit: PageSize = 50,
) -> Movements:  # fmt: skip
    """The movements of a month, of one category where one is named, the newest first. Refuses ``payments.bad_month``,
    ``payments.bad_cursor``."""
    first, last = activity.month_of(month) if month else _newest(tx, party_id)
    known, _ = loaded(tx, party_id, first, last)
    found = [
        views.movement_view(each, known.accounts)
        for each in reversed(within(picture(known), first, last, currency or tx.home))
        if not category or each.category == category
    ]
    start = _place(cursor)
    page = found[start : start + limit]
    return Movements(tuple(page), str(start + limit) if start + limit < len(found) else None)


@question("home.movement", permission="home:read", whose=of("party_id"))
def movement(tx: Tx, party_id: Id, reference: Id) -> MovementView:
    """One movement, by a row that tells it; refuses ``home.unknown_row``."""
    known = known_of(tx, party_id, None)
    for each in picture(known):
        if any(row.id == reference for row in each.movement.rows):
            return views.movement_view(each, known.accounts)
    raise refusals.UNKNOWN_ROW()


def _place(cursor: str | None) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 9):
        raise activity.BAD_PAGE()
    return int(cursor)


def picture(known: Known) -> list[Seen]:
    """Every movement with its meaning, oldest first."""
    return see(known, lexicon())


def known_of(tx: Tx, party_id: str, since: date | None) -> Known:
    """All of a person's rows from a day on."""
    return loaded(tx, party_id, since or ALWAYS, FOR_EVER)[0]


def loaded(tx: Tx, party_id: str, since: date, until: date) -> tuple[Known, bool]:
    """What is known of a time, with what lies so near that it may belong to it; and whether it is everything."""
    here = _here(tx, party_id, since - AFTER, until)
    known = {each.id: each for each in store.accounts(tx, party_id)}
    if here is not None:
        days = [each.at.date() for each in here]
        known[HERE] = Account(
            HERE, "here", HERE, "", tx.home, first_on=min(days, default=None), last_on=max(days, default=None)
        )
    rows = store.rows_of(tx, party_id, since - BEFORE, until + AFTER)
    holder = parties.party(tx, party_id).name
    found = Known((*rows, *(here or ())), known, holder, store.choices(tx, party_id))
    return found, here is None or len(here) < MOST_HERE


def _here(tx: Tx, party_id: str, since: date, until: date) -> list[Row] | None:
    """The rows of the wallet here in the home currency; none where there is no wallet."""
    if not payments.has_wallet(tx, party_id, tx.home):
        return None
    found: list[Movement] = []
    cursor: str | None = None
    while len(found) < MOST_HERE:
        page = activity.activity_file(tx, party_id, cursor=cursor)
        found += page.movements
        cursor = page.next_cursor
        if cursor is None:
            break
    zone = zone_of(tx)
    rows = [_row(each) for each in (replace(one, recorded_at=one.recorded_at.astimezone(zone)) for one in found)]
    return [each for each in rows if since <= each.at.date() <= until]


def moved_here(tx: Tx, party_id: str) -> list[Movement]:
    """Everything that ever moved in the wallet here, in the home currency, oldest first."""
    found: list[Movement] = []
    cursor: str | None = None
    while payments.has_wallet(tx, party_id, tx.home):
        page = payments.history(tx, party_id, tx.home, cursor, LONGEST)
        found += page.movements
        cursor = page.next_cursor
        if cursor is None:
            break
    return found[::-1]


def everything(tx: Tx, party_id: str, here: Sequence[Movement]) -> Known:
    """All rows that were ever brought, and all of the wallet here."""
    known, _ = loaded(tx, party_id, ALWAYS, FOR_EVER)
    brought = [row for row in known.rows if row.account_id != HERE]
    zone = zone_of(tx)
    own = [_row(replace(each, recorded_at=each.recorded_at.astimezone(zone))) for each in here]
    days = [each.at.date() for each in own]
    accounts = {name: each for name, each in known.accounts.items() if name != HERE}
    if own:
        accounts[HERE] = Account(HERE, "here", HERE, "", tx.home, first_on=days[0], last_on=days[-1])
    return replace(known, rows=(*brought, *own), accounts=accounts)


def _row(movement: Movement) -> Row:
    """A movement of the wallet here as the row of a file."""
    end = "".join(filter(str.isdigit, movement.other[-4:]))
    by_rail = movement.kind.startswith(("top-up", "pay-out"))
    return Row(
        id=movement.entry_reference, account_id=HERE, at=movement.recorded_at.replace(tzinfo=None, microsecond=0), exact=True,
        currency=movement.amount.currency, direction="in" if movement.amount.minor >= 0 else "out",
        minor=abs(movement.amount.minor), kind=movement.kind, counterparty=movement.other, description=movement.memo,
        tail=end if by_rail and len(end) == 4 else "",
    )  # fmt: skip
