"""Let a customer's login follow the phone: move it to another, or close it until its person has proved to be herself."""

from __future__ import annotations

from dataclasses import replace

from farthing.db.tx import Tx
from farthing.identity import rules, store
from farthing.kit.errors import declined

LOGIN_CLOSED = declined(
    "identity.login_closed",
    "The bank closed this login; come to a counter with your identity document, where the phone on file is confirmed anew.",
    "本行已停用该登录账户；请携带身份证件到柜台，重新确认登记手机。",
)


def move_customer(tx: Tx, actor_id: str, phone: str) -> None:
    """The login of a customer is under another phone from now on, with the same password; a customer without one needs
    nothing. Refuses ``identity.name_taken``."""
    for login, password_hash in store.logins_of(tx, actor_id):
        store.delete_logins(tx, actor_id)
        if not store.insert_login(tx, replace(login, name=phone), password_hash):
            raise rules.NAME_TAKEN()


def close_customer(tx: Tx, actor_id: str) -> None:
    """Nobody acts as this customer any more: logins, sessions and keys end. What is the customer's stays."""
    wall = store.wall_time(tx)
    store.delete_logins(tx, actor_id)
    store.end_sessions(tx, actor_id, wall)
    store.revoke_keys_of(tx, actor_id, wall)


def close_party(tx: Tx, party_id: str) -> None:
    """Nobody acts as this party by itself any more, by login, session or key: only whoever is let act for it."""
    close_customer(tx, rules.actor_id_of("", "customer", party_id))
    store.revoke_keys_of_party(tx, party_id, store.wall_time(tx))


def is_oneself(tx: Tx, resident_id: str) -> bool:
    """Whether the actor is a member of staff who has this identity number: a customer of her own bank, as others are."""
    return tx.actor.person_id is not None and tx.actor.person_id == store.person_of_number(
        tx, rules.resident_key(resident_id)
    )


def customer_of(tx: Tx, phone: str) -> str | None:
    """The customer who signs in with a phone, or none."""
    found = store.find_login(tx, phone)
    return found[0].party_id if found is not None else None
