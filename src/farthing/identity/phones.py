"""Let a customer's login follow the phone: make it, give it another password, move it, or close it until its person has proved to
be herself."""

from __future__ import annotations

from dataclasses import replace

from farthing.db.tx import Tx
from farthing.identity import look_store, names_store, rules, store
from farthing.identity.authenticators import store as authenticators
from farthing.identity.codes import store as code_store
from farthing.identity.model import Login
from farthing.identity.outside import store as outside
from farthing.identity.recovery import service as recovery
from farthing.identity.recovery import store as recovery_store
from farthing.identity.recovery.model import Recovery
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
    """Nobody acts as this customer any more: logins, sessions and keys end, powers that it gave lately too. What is the
    customer's stays."""
    wall = store.wall_time(tx)
    recovery.end_given(tx, actor_id)
    store.delete_logins(tx, actor_id)
    store.end_sessions(tx, actor_id, wall)
    store.revoke_keys_of(tx, actor_id, wall)


def seal_plain(tx: Tx, limit: int) -> int:
    """Seal the names of some logins that lie in plain, as all did before there was a keyring; answers how many."""
    return names_store.seal_plain(tx, limit)


def close_party(tx: Tx, party_id: str) -> None:
    """Nobody acts as this party by itself any more, by login, session or key: only whoever is let act for it."""
    close_customer(tx, rules.actor_id_of("", "customer", party_id))
    store.revoke_keys_of_party(tx, party_id, store.wall_time(tx))


def is_oneself(tx: Tx, resident_id: str) -> bool:
    """Whether the actor, or who made the draft that the actor carries out, is a member of staff who has this identity number: a
    customer of her own bank, as others are."""
    made_by = tx.actor.asked_by
    if tx.actor.person_id is None and made_by is None:
        return False
    person = store.person_of_number(tx, rules.resident_key(resident_id))
    if person is None or made_by is None:
        return person is not None and person == tx.actor.person_id
    return person == tx.actor.person_id or person == store.persons_of(tx, [made_by]).get(made_by)


def customer_of(tx: Tx, phone: str) -> str | None:
    """The customer who signs in with a phone, or none."""
    found = store.find_login(tx, phone)
    return found[0].party_id if found is not None else None


def has_customer(tx: Tx, party_id: str) -> bool:
    """Whether a customer has a login, open or closed."""
    return bool(store.logins_of(tx, rules.actor_id_of("", "customer", party_id)))


def recovering(tx: Tx, party_id: str) -> Recovery | None:
    """A code to the phone proved a customer: the recovery of the login there is, where a new password has to wait; none where one
    may be chosen. Refuses ``identity.login_closed``, ``identity.recovery_stopped``."""
    actor_id = rules.actor_id_of("", "customer", party_id)
    there = store.logins_of(tx, actor_id)
    if any(login.disabled_at is not None for login, _ in there):
        raise LOGIN_CLOSED()
    return recovery.by_code(tx, actor_id) if there else None


def attach_customer(tx: Tx, phone: str, party_id: str, password_hash: str) -> Login:
    """Give a customer, who has just proved who it is, a login under its phone, or a new password to the one it has.

    An earlier login under another phone goes, logins elsewhere are unlinked, and every session ends. Refuses
    ``identity.name_taken``, and ``identity.login_closed`` where the bank closed the login: the phone alone does not open it
    again.
    """
    actor_id, at = rules.actor_id_of(phone, "customer", party_id), store.wall_time(tx)
    if any(login.disabled_at is not None for login, _ in store.logins_of(tx, actor_id)):
        raise LOGIN_CLOSED()
    store.delete_logins(tx, actor_id)
    store.end_sessions(tx, actor_id, at)
    outside.forget(tx, actor_id)
    login = Login(phone, actor_id, "customer", party_id, at)
    if not store.insert_login(tx, login, password_hash):
        raise rules.NAME_TAKEN()
    return login


def forget_customer(tx: Tx, actor_id: str) -> None:
    """A customer is erased: its logins go with the phone in them, its sessions and keys end."""
    wall = store.wall_time(tx)
    store.delete_logins(tx, actor_id)
    store.end_sessions(tx, actor_id, wall)
    store.forget_devices(tx, actor_id)
    look_store.forget_look(tx, actor_id)
    authenticators.forget(tx, actor_id, wall)
    recovery_store.forget(tx, actor_id)
    code_store.end(tx, actor_id)
    outside.forget(tx, actor_id)
    store.revoke_keys_of(tx, actor_id, wall)
