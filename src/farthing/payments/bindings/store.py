"""Read and write ``binding`` and ``binding_holder``. Never decides."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.bindings.model import Binding

_BINDING: LiteralString = """id, party_id, network, rail, proof, tail, state, why, asked_at, token, reference, kind, scheme, bank,
    bank_zh, expires_on, named, deposits, tries, prove_until, bound_at, cooling_until, cooling_minor, ended_at"""
INSERT: LiteralString = """
    INSERT INTO binding (id, party_id, network, rail, proof, tail, state, why, asked_at, token, reference, kind, scheme, bank,
                         bank_zh, deposits)
    VALUES (%(id)s, %(party_id)s, %(network)s, %(rail)s, %(proof)s, %(tail)s, 'asked', '', %(at)s, '', '', 'card', '', '', '',
            '{}')
"""
FIND: LiteralString = "SELECT " + _BINDING + " FROM binding WHERE id = %(id)s"
OF_PARTY: LiteralString = (
    "SELECT " + _BINDING + " FROM binding WHERE party_id = %(party_id)s ORDER BY id DESC LIMIT %(limit)s"
)
LIVE: LiteralString = """
    SELECT count(*) AS many FROM binding
    WHERE party_id = %(party_id)s
        AND (state IN ('asked', 'bound') OR (state = 'proving' AND prove_until >= %(now)s))
"""
PROOFS: LiteralString = """
    SELECT count(*) AS many FROM binding WHERE party_id = %(party_id)s AND deposits <> '{}' AND asked_at > %(since)s
"""
KEEP: LiteralString = """
    UPDATE binding SET state = %(state)s, why = %(why)s, token = %(token)s, reference = %(reference)s, kind = %(kind)s,
        scheme = %(scheme)s, bank = %(bank)s, bank_zh = %(bank_zh)s, expires_on = %(expires_on)s, named = %(named)s,
        deposits = %(deposits)s, prove_until = %(prove_until)s, bound_at = %(bound_at)s, cooling_until = %(cooling_until)s,
        ended_at = %(ended_at)s
    WHERE id = %(id)s
"""
TAKE_TRY: LiteralString = (
    """
    UPDATE binding SET tries = tries + 1 WHERE id = %(id)s AND party_id = %(party_id)s AND state = 'proving' RETURNING """
    + _BINDING
)
"""The row that whoever tells amounts writes first: of two at once the second is another try."""
HOLD: LiteralString = (
    """
    UPDATE binding SET tries = tries WHERE id = %(id)s AND party_id = %(party_id)s AND state IN ('asked', 'proving', 'bound')
    RETURNING """
    + _BINDING
)
PAY_OUT: LiteralString = (
    """
    UPDATE binding SET cooling_minor = cooling_minor + CASE WHEN cooling_until > %(now)s THEN %(minor)s::bigint ELSE 0 END
    WHERE id = %(id)s AND party_id = %(party_id)s AND state = 'bound' RETURNING """
    + _BINDING
)
"""Counts what is paid out to one that is new, and holds it: of two pay-outs at once the second counts the first."""
HOLDER: LiteralString = "SELECT binding_id, party_id FROM binding_holder WHERE id = %(id)s"
CLAIM: LiteralString = """
    INSERT INTO binding_holder (id, binding_id, party_id) VALUES (%(id)s, %(binding_id)s, %(party_id)s)
    ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id RETURNING binding_id, party_id
"""
"""Of two who prove one number at once, one has it and the other waits and sees."""
MOVE: LiteralString = "UPDATE binding_holder SET binding_id = %(binding_id)s, party_id = %(party_id)s WHERE id = %(id)s"
LET_GO: LiteralString = "DELETE FROM binding_holder WHERE id = %(id)s AND binding_id = %(binding_id)s"
PAGE: LiteralString = "SELECT " + _BINDING + " FROM binding WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
HOLDERS: LiteralString = (
    "SELECT id, binding_id, party_id FROM binding_holder WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
)


def insert(tx: Tx, made: Binding) -> None:
    """Keep what was asked of a network."""
    values = {
        "id": made.id, "party_id": made.party_id, "network": made.network, "rail": made.rail, "proof": made.proof,
        "tail": made.tail, "at": made.asked_at,
    }  # fmt: skip
    tx.execute(INSERT, values)


def find(tx: Tx, binding_id: str) -> Binding | None:
    """A binding, where there is one."""
    return _maybe(tx.maybe(FIND, {"id": binding_id}))


def of_party(tx: Tx, party_id: str, limit: int) -> list[Binding]:
    """What a customer bound, or tried to, the latest first."""
    return [_binding(row) for row in tx.rows(OF_PARTY, {"party_id": party_id, "limit": limit})]


def live(tx: Tx, party_id: str) -> int:
    """How many of a customer are bound, or may be yet."""
    return int(tx.one(LIVE, {"party_id": party_id, "now": tx.now})["many"])


def proofs(tx: Tx, party_id: str, since: datetime) -> int:
    """To how many numbers of a customer small amounts were paid in since an instant."""
    return int(tx.one(PROOFS, {"party_id": party_id, "since": since})["many"])


def keep(tx: Tx, now: Binding) -> None:
    """Keep what became of a binding."""
    values = {
        "id": now.id, "state": now.state, "why": now.why, "token": now.token, "reference": now.reference, "kind": now.kind,
        "scheme": now.scheme, "bank": now.bank, "bank_zh": now.bank_zh, "expires_on": now.expires_on, "named": now.named,
        "deposits": list(now.deposits), "prove_until": now.prove_until, "bound_at": now.bound_at,
        "cooling_until": now.cooling_until, "ended_at": now.ended_at,
    }  # fmt: skip
    tx.execute(KEEP, values)


def take_try(tx: Tx, binding_id: str, party_id: str) -> Binding | None:
    """A binding that is to be proved, with this try counted, ours until we are done; none where nothing is to be proved."""
    return _maybe(tx.maybe(TAKE_TRY, {"id": binding_id, "party_id": party_id}))


def hold(tx: Tx, binding_id: str, party_id: str) -> Binding | None:
    """A binding that has not ended, ours until we are done."""
    return _maybe(tx.maybe(HOLD, {"id": binding_id, "party_id": party_id}))


def pay_out(tx: Tx, binding_id: str, party_id: str, amount: Money) -> Binding | None:
    """What is bound, ours until we are done, with a pay-out counted while it is new; none where it is not bound."""
    asked = {"id": binding_id, "party_id": party_id, "minor": amount.minor, "now": tx.now}
    return _maybe(tx.maybe(PAY_OUT, asked))


def holder(tx: Tx, found: Binding) -> tuple[str, str] | None:
    """The binding and the customer that hold a number."""
    row = tx.maybe(HOLDER, {"id": _key(found)})
    return None if row is None else (row["binding_id"], row["party_id"])


def claim(tx: Tx, found: Binding) -> tuple[str, str]:
    """Hold a number where nobody does; the binding and the customer that hold it, until we are done."""
    row = tx.one(CLAIM, {"id": _key(found), "binding_id": found.id, "party_id": found.party_id})
    return row["binding_id"], row["party_id"]


def move(tx: Tx, found: Binding) -> None:
    """Let another binding hold a number."""
    tx.execute(MOVE, {"id": _key(found), "binding_id": found.id, "party_id": found.party_id})


def let_go(tx: Tx, found: Binding) -> None:
    """Let nobody hold a number any more, where this binding does."""
    tx.execute(LET_GO, {"id": _key(found), "binding_id": found.id})


def page(tx: Tx, after: str, limit: int) -> list[Binding]:
    """All bindings, by id."""
    return [_binding(row) for row in tx.rows(PAGE, {"after": after, "limit": limit})]


def holders(tx: Tx, after: str, limit: int) -> list[tuple[str, str, str]]:
    """Which binding and customer hold each number, by the number's key."""
    asked = {"after": after, "limit": limit}
    return [(row["id"], row["binding_id"], row["party_id"]) for row in tx.rows(HOLDERS, asked)]


def key_of(network: str, reference: str) -> str:
    """What a number is called that somebody holds."""
    return f"{network}:{reference}"


def _key(found: Binding) -> str:
    return key_of(found.network, found.reference)


def _maybe(row: Row | None) -> Binding | None:
    return None if row is None else _binding(row)


def _binding(row: Row) -> Binding:
    return Binding(
        row["id"], row["party_id"], row["network"], row["rail"], row["proof"], row["tail"], row["state"], row["why"],
        row["asked_at"], row["token"], row["reference"], row["kind"], row["scheme"], row["bank"], row["bank_zh"],
        row["expires_on"], row["named"], tuple(row["deposits"]), row["tries"], row["prove_until"], row["bound_at"],
        row["cooling_until"], row["cooling_minor"], row["ended_at"],
    )  # fmt: skip
