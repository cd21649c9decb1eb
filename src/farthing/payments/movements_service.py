"""Own how a line of a wallet's account is told to its owner: who paid or was paid, masked, and a number to quote.

Reads names only; decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from farthing.db.tx import Tx
from farthing.kernel.acting import service as powers
from farthing.ledger.model import JournalEntry, StatementLine, entry_id
from farthing.parties import service as parties
from farthing.payments.agents import rules as agents
from farthing.payments.agents import store as agents_store
from farthing.payments.merchants import rules as merchants
from farthing.payments.merchants import store as merchants_store
from farthing.payments.merchants import takings_store
from farthing.payments.model import Movement
from farthing.payments.payees.rules import shown_name
from farthing.payments.wallets import (
    AGENT_IN,
    AGENT_OUT,
    BY_RAIL,
    CODE_PAY,
    CODE_REFUND,
    CODE_SETTLED,
    TRANSFER,
    party_of,
)

_SEEN = re.compile(r"[^0-9a-z]")


def number_of(reference: str, on: date) -> str:
    """What a person quotes of a movement: the day, and the end of the reference by which staff find it."""
    end = _SEEN.sub("", reference.lower())[-8:].upper()
    return f"{on:%Y%m%d} {end[:4]} {end[4:]}".rstrip()


def others_of(path: str, entry: JournalEntry) -> list[str]:
    """Who is at the other end of a transfer."""
    if entry.kind != TRANSFER:
        return []
    found = [party_of(each.account) for each in entry.postings if each.account != path]
    return [each for each in found if each is not None]


def shops_of(tx: Tx, entries: Sequence[JournalEntry]) -> dict[str, str]:
    """What the merchants are called whom entries of payments by code are about, by the entry's reference."""
    named = {
        each.reference: next(filter(None, (merchants.merchant_of(line.account) for line in each.postings)), "")
        for each in entries
        if each.kind in (CODE_PAY, CODE_SETTLED)
    }
    refunds = [each.reference.partition(":")[2] for each in entries if each.kind == CODE_REFUND]
    if refunds:
        named |= {f"{CODE_REFUND}:{each}": of for each, (of, _) in takings_store.refunded_by(tx, refunds).items()}
    named |= _agents(tx, entries)
    known = merchants_store.merchants(tx, sorted(set(filter(None, named.values())))) if named else {}
    return {reference: merchants.shop_name(known[each]) for reference, each in named.items() if each in known}


def _agents(tx: Tx, entries: Sequence[JournalEntry]) -> dict[str, str]:
    """The shops at which cash was paid in or drawn, by the entry's reference."""
    floats = {
        each.reference: next(filter(None, (agents.agent_of(line.account) for line in each.postings)), "")
        for each in entries
        if each.kind in (AGENT_IN, AGENT_OUT)
    }
    found = agents_store.agents(tx, sorted(set(filter(None, floats.values())))) if floats else {}
    return {reference: found[each].agent.merchant_id for reference, each in floats.items() if each in found}


def _hands(tx: Tx, references: Sequence[str]) -> dict[str, str]:
    """What they are called who acted for the owner, by the entry's reference; one statement where nobody did."""
    ids = {str(entry_id(each)): each for each in references}
    found = powers.hands(tx, list(ids))
    known = parties.parties(tx, sorted(set(found.values()))) if found else {}
    return {ids[entry]: known[each].name for entry, each in found.items() if each in known}


def told(tx: Tx, path: str, lines: Sequence[StatementLine]) -> tuple[Movement, ...]:
    """Lines as their owner reads them; one statement for the names of everybody in them."""
    met = {line.version: others_of(path, line.entry) for line in lines}
    wanted = sorted({party for found in met.values() for party in found})
    known = parties.parties(tx, wanted) if wanted else {}
    hands = _hands(tx, [line.entry.reference for line in lines])
    shops = shops_of(tx, [line.entry for line in lines])
    return tuple(
        Movement(
            entry_reference=line.entry.reference,
            kind=line.entry.kind,
            memo="" if line.entry.kind in BY_RAIL else line.entry.memo,
            amount=line.owed_amount(path),
            balance=line.owed_balance(path),
            recorded_at=line.recorded_at,
            number=number_of(line.entry.reference, line.entry.effective_on),
            other=line.entry.memo.rpartition(" ")[2]
            if line.entry.kind in BY_RAIL
            else shops.get(line.entry.reference)
            or next((shown_name(known[each]) for each in met[line.version] if each in known), ""),
            acted_by=hands.get(line.entry.reference, ""),
        )
        for line in lines
    )
