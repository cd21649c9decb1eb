"""Read and write ``deposit`` and ``deposit_event``. Never decides.

A change finds a deposit as it was read (``number``, ``lines_on``) or is a ``Collision``, upon which it runs again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from farthing.db import rows
from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.kernel.operation import decode
from farthing.kit.canonical import plain, written
from farthing.kit.money import Money
from farthing.savings.deposits.model import Account, EventLine
from farthing.savings.rules.model import Agreement, Deposit, Instalment, Notice, Portion

INSERT_DEPOSITS: LiteralString = """
    INSERT INTO deposit (id, number, party_id, product, version, board, currency, payout, collect, agreement,
                         opened_on, matures_on, closed_on, rate, balance_minor, since_on, as_of_on, balance_days,
                         leap_balance_days, detail, lines_on, close_on)
    SELECT id, number, party_id, product, version, board, currency, payout, collect, agreement::jsonb, opened_on, matures_on,
           closed_on, rate, balance_minor, since_on, as_of_on, balance_days, leap_balance_days, detail::jsonb, lines_on,
           close_on
    FROM unnest(%(id)s::text[], %(number)s::bigint[], %(party_id)s::text[], %(product)s::text[], %(version)s::text[],
                %(board)s::text[], %(currency)s::text[], %(payout)s::text[], %(collect)s::boolean[],
                %(agreement)s::text[], %(opened_on)s::date[], %(matures_on)s::date[], %(closed_on)s::date[],
                %(rate)s::numeric[], %(balance_minor)s::bigint[], %(since_on)s::date[], %(as_of_on)s::date[],
                %(balance_days)s::numeric[], %(leap_balance_days)s::numeric[], %(detail)s::text[], %(lines_on)s::date[],
                %(close_on)s::date[])
         AS new (id, number, party_id, product, version, board, currency, payout, collect, agreement, opened_on,
                 matures_on, closed_on, rate, balance_minor, since_on, as_of_on, balance_days, leap_balance_days, detail,
                 lines_on, close_on)
"""
SAVE_DEPOSIT: LiteralString = """
    UPDATE deposit SET number = %(number)s, matures_on = %(matures_on)s, closed_on = %(closed_on)s, rate = %(rate)s,
           balance_minor = %(balance_minor)s, since_on = %(since_on)s, as_of_on = %(as_of_on)s,
           balance_days = %(balance_days)s, leap_balance_days = %(leap_balance_days)s, detail = %(detail)s,
           lines_on = %(lines_on)s, close_on = %(close_on)s
    WHERE id = %(id)s AND number = %(before)s AND lines_on = %(before_lines_on)s
"""
FIND_DEPOSITS: LiteralString = "SELECT * FROM deposit WHERE id = ANY(%(ids)s)"
LIST_DEPOSITS: LiteralString = "SELECT * FROM deposit WHERE party_id = %(party_id)s ORDER BY id LIMIT %(limit)s"
INSERT_EVENTS: LiteralString = """
    INSERT INTO deposit_event (deposit_id, number, happened_on, what, asked_minor, for_on, principal_in_minor,
                               principal_out_minor, interest_minor, balance_minor, recorded_at)
    SELECT new.*, %(now)s
    FROM unnest(%(deposit_id)s::text[], %(number)s::bigint[], %(happened_on)s::date[], %(what)s::text[],
                %(asked_minor)s::bigint[], %(for_on)s::date[], %(principal_in_minor)s::bigint[],
                %(principal_out_minor)s::bigint[], %(interest_minor)s::bigint[], %(balance_minor)s::bigint[]) AS new
"""
LIST_EVENTS: LiteralString = """
    SELECT deposit_id, number, happened_on, what, asked_minor, for_on, principal_in_minor, principal_out_minor,
           interest_minor, balance_minor, recorded_at
    FROM deposit_event WHERE deposit_id = ANY(%(ids)s) ORDER BY deposit_id, number
"""
DUE: LiteralString = """
    SELECT * FROM deposit
    WHERE close_on <= %(on)s AND (close_on, id) > (%(after_on)s::date, %(after)s::text)
    ORDER BY close_on, id LIMIT %(limit)s
"""
COUNT_DUE: LiteralString = """
    SELECT product, count(*)::bigint AS deposits FROM deposit WHERE close_on <= %(on)s GROUP BY product ORDER BY product
"""
COUNT_OPEN: LiteralString = """
    SELECT count(*)::bigint AS deposits FROM deposit
    WHERE product = %(product)s AND version = %(version)s AND closed_on IS NULL AND since_on < %(on)s
"""
TO_SETTLE: LiteralString = """
    SELECT id, number, balance_minor, balance_days, leap_balance_days, since_on, as_of_on FROM deposit
    WHERE product = %(product)s AND version = %(version)s AND board = %(board)s AND closed_on IS NULL
        AND id > %(after)s AND (id <= %(until)s OR %(until)s = '')
    ORDER BY id LIMIT %(limit)s
"""
COUNT_ALL: LiteralString = "SELECT count(*)::bigint AS deposits FROM deposit"
MIDDLE: LiteralString = """
    SELECT max(id) AS id FROM (SELECT id FROM deposit ORDER BY id LIMIT %(first)s) AS earlier
"""
SETTLE: LiteralString = """
    UPDATE deposit SET number = deposit.number + 1, balance_minor = new.balance_minor, balance_days = 0,
           leap_balance_days = 0, since_on = %(on)s, as_of_on = %(on)s, lines_on = %(on)s
    FROM unnest(%(ids)s::text[], %(numbers)s::bigint[], %(balances)s::bigint[]) AS new (id, number, balance_minor)
    WHERE deposit.id = new.id AND deposit.number = new.number
"""
SETTLED_EVENTS: LiteralString = """
    INSERT INTO deposit_event (deposit_id, number, happened_on, what, principal_in_minor, principal_out_minor,
                               interest_minor, balance_minor, recorded_at)
    SELECT new.id, new.number + 1, %(on)s, 'settlement', 0, 0, new.interest_minor, new.balance_minor, %(now)s
    FROM unnest(%(ids)s::text[], %(numbers)s::bigint[], %(interests)s::bigint[], %(balances)s::bigint[])
        AS new (id, number, interest_minor, balance_minor)
"""
SETTLING_GROUPS: LiteralString = """
    SELECT DISTINCT v.product, v.version FROM product_version AS v WHERE v.kind = 'deposit' ORDER BY v.product, v.version
"""


def insert_all(tx: Tx, accounts: Sequence[Account]) -> None:
    """Keep deposits that were opened."""
    kept = [{**_state(each), **_fixed(each)} for each in accounts]
    tx.execute(INSERT_DEPOSITS, {name: [row[name] for row in kept] for name in kept[0]})


def _fixed(account: Account) -> dict[str, Any]:
    """What of a deposit never changes, and what :func:`_state` says of it as text."""
    deposit, detail = account.deposit, _detail(account)
    return {
        "party_id": account.party_id, "product": account.product, "version": account.version, "board": account.board,
        "currency": deposit.balance.currency, "payout": account.payout, "collect": account.collect,
        "agreement": written(deposit.agreement), "opened_on": deposit.opened_on,
        "detail": written(detail) if detail else None,
    }  # fmt: skip


def save(tx: Tx, before: Account, after: Account) -> None:
    """Keep a changed deposit; a ``Collision`` where it is no longer as it was read."""
    if tx.execute(SAVE_DEPOSIT, _change(before, after)) != 1:
        raise Collision(f"deposit {before.id} changed meanwhile")


def save_all(tx: Tx, changes: Sequence[tuple[Account, Account]]) -> None:
    """Keep many changed deposits, each (before, after), in one round trip; ``Collision`` as :func:`save`."""
    if not changes:
        return
    with tx.connection.cursor() as cursor:
        cursor.executemany(SAVE_DEPOSIT, [_change(before, after) for before, after in changes])
        if cursor.rowcount != len(changes):
            raise Collision("a deposit changed while it fell due")


def _change(before: Account, after: Account) -> dict[str, Any]:
    """Where the close only stated the lines anew, no event tells that the deposit changed: ``lines_on`` does."""
    return {**_state(after), "before": before.number, "before_lines_on": before.lines_on}


def _detail(account: Account) -> dict[str, Any]:
    deposit = account.deposit
    detail = {
        "residue_minor": plain(deposit.residue_minor) if deposit.residue_minor else None,
        "interest_paid_minor": deposit.interest_paid_minor,
        "draws": deposit.draws,
        "renewed": deposit.renewed,
        "portions": plain(deposit.portions),
        "notices": plain(deposit.notices),
        "instalments": plain(deposit.instalments),
    }
    return {name: value for name, value in detail.items() if value}


def _state(account: Account) -> dict[str, Any]:
    deposit, kept = account.deposit, _detail(account)
    return {
        "id": account.id,
        "number": account.number,
        "matures_on": deposit.matures_on,
        "closed_on": deposit.closed_on,
        "rate": deposit.rate,
        "balance_minor": deposit.balance.minor,
        "since_on": deposit.since_on,
        "as_of_on": deposit.as_of_on,
        "balance_days": deposit.balance_days,
        "leap_balance_days": deposit.leap_balance_days,
        "detail": Jsonb(kept) if kept else None,
        "lines_on": account.lines_on,
        "close_on": account.close_on,
    }


def find(tx: Tx, ids: Sequence[str]) -> dict[str, Account]:
    """The deposits of these ids that there are."""
    return {row["id"]: account_of(row) for row in tx.rows(FIND_DEPOSITS, {"ids": rows.texts(ids)})}


def of_party(tx: Tx, party_id: str, limit: int) -> list[Account]:
    """A party's deposits, the oldest first."""
    return [account_of(row) for row in tx.rows(LIST_DEPOSITS, {"party_id": party_id, "limit": limit})]


def due(tx: Tx, on: date, after: tuple[date, str], limit: int) -> list[Account]:
    """Deposits that something happens to at the close of a day, by (that day, id), a page at a time.

    In the order of their index, so that however the table is spread nothing else of it is read.
    """
    found = tx.rows(DUE, {"on": on, "after_on": after[0], "after": after[1], "limit": limit})
    return [account_of(row) for row in found]


def count_due(tx: Tx, on: date) -> list[tuple[str, int]]:
    """How many deposits of each product something happens to at the close of a day."""
    return [(row["product"], row["deposits"]) for row in tx.rows(COUNT_DUE, {"on": on})]


def count_open(tx: Tx, product: str, version: str, on: date) -> int:
    """How many open deposits of a product's version have a running period that began before a day."""
    found = tx.rows(COUNT_OPEN, {"product": product, "version": version, "on": on})
    return int(found[0]["deposits"])


def account_of(row: Row) -> Account:
    """A row as a deposit; its terms' digest is filled in by who reads the terms."""
    currency, detail = row["currency"], row["detail"] or {}
    deposit = Deposit(
        product=row["product"],
        terms_digest="",
        agreement=decode(Agreement, row["agreement"]),
        opened_on=row["opened_on"],
        balance=Money(row["balance_minor"], currency),
        since_on=row["since_on"],
        as_of_on=row["as_of_on"],
        rate=row["rate"],
        matures_on=row["matures_on"],
        balance_days=int(row["balance_days"]),
        leap_balance_days=int(row["leap_balance_days"]),
        residue_minor=Decimal(detail.get("residue_minor", 0)),
        interest_paid_minor=detail.get("interest_paid_minor", 0),
        draws=detail.get("draws", 0),
        renewed=detail.get("renewed", 0),
        portions=decode(tuple[Portion, ...], detail.get("portions", ())),
        notices=decode(tuple[Notice, ...], detail.get("notices", ())),
        instalments=decode(tuple[Instalment, ...], detail.get("instalments", ())),
        closed_on=row["closed_on"],
    )
    return Account(
        id=row["id"], number=row["number"], party_id=row["party_id"], version=row["version"], board=row["board"],
        payout=row["payout"], collect=row["collect"], deposit=deposit, lines_on=row["lines_on"],
        close_on=row["close_on"],
    )  # fmt: skip


def insert_events(tx: Tx, events: Sequence[tuple[str, EventLine]]) -> None:
    """Keep events, each with its deposit's id."""
    tx.execute(
        INSERT_EVENTS,
        {
            "now": tx.now,
            "deposit_id": [deposit_id for deposit_id, _ in events],
            "number": [event.number for _, event in events],
            "happened_on": [event.on for _, event in events],
            "what": [event.what for _, event in events],
            "asked_minor": [event.asked.minor if event.asked else None for _, event in events],
            "for_on": [event.for_on for _, event in events],
            "principal_in_minor": [event.principal_in.minor for _, event in events],
            "principal_out_minor": [event.principal_out.minor for _, event in events],
            "interest_minor": [event.interest.minor for _, event in events],
            "balance_minor": [event.balance.minor for _, event in events],
        },
    )


def events(tx: Tx, currencies: dict[str, str]) -> dict[str, list[EventLine]]:
    """Every event of these deposits (id -> currency), oldest first: one look-up."""
    found: dict[str, list[EventLine]] = {deposit_id: [] for deposit_id in currencies}
    for row in tx.rows(LIST_EVENTS, {"ids": rows.texts(list(currencies))}):
        currency = currencies[row["deposit_id"]]
        asked = row["asked_minor"]
        found[row["deposit_id"]].append(
            EventLine(
                number=row["number"],
                on=row["happened_on"],
                what=row["what"],
                asked=None if asked is None else Money(asked, currency),
                for_on=row["for_on"],
                principal_in=Money(row["principal_in_minor"], currency),
                principal_out=Money(row["principal_out_minor"], currency),
                interest=Money(row["interest_minor"], currency),
                balance=Money(row["balance_minor"], currency),
                recorded_at=row["recorded_at"],
            )
        )
    return found


def groups(tx: Tx) -> list[tuple[str, str]]:
    """Every version of every deposit product that was ever in force."""
    return [(row["product"], row["version"]) for row in tx.rows(SETTLING_GROUPS)]


def to_settle(tx: Tx, group: tuple[str, str, str], after: str, until: str, limit: int) -> list[tuple[Any, ...]]:
    """Open demand deposits of a group (product, version, board) as tuples, a page of those after one id until another.

    (id, number, balance, balance-days, those in leap years, since, as of); ``until`` empty: to the end.
    """
    product, version, board = group
    return tx.tuples(
        TO_SETTLE,
        {"product": product, "version": version, "board": board, "after": after, "until": until, "limit": limit},
        binary=True,
    )


def middle(tx: Tx, least: int) -> str:
    """The id in the middle of all deposits; empty where there are fewer than ``least``."""
    count = int(tx.one(COUNT_ALL)["deposits"])
    found = tx.tuples(MIDDLE, {"first": count // 2 + 1}) if count >= least else []
    return str(found[0][0]) if found else ""


def settle(
    tx: Tx, on: date, ids: Sequence[str], numbers: Sequence[int], interests: Sequence[int], balances: Sequence[int]
) -> None:
    """Begin a new quarter for demand deposits: interest joined (``balances`` after it), balance-days at zero."""
    columns = {
        "on": on,
        "now": tx.now,
        "ids": rows.texts(ids),
        "numbers": rows.int8s(numbers),
        "interests": rows.int8s(interests),
        "balances": rows.int8s(balances),
    }
    if tx.execute(SETTLE, {name: columns[name] for name in ("on", "ids", "numbers", "balances")}) != len(ids):
        raise Collision("a deposit changed while its quarter was settled")
    tx.execute(SETTLED_EVENTS, columns)
