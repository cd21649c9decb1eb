"""Read and write the tables of identity, all but ``proof``. Never sees a password."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.identity.model import ApiKey, KeyOnRoll, Login, OpenSession
from farthing.identity.names_store import key_of, sealed
from farthing.identity.names_store import keys_of as keys_of_name
from farthing.identity.names_store import logins_of as named
from farthing.identity.rules import expires_at
from farthing.kit.actor import Proved

WALL_TIME: LiteralString = "SELECT clock_timestamp() AS wall"
INSERT_LOGIN: LiteralString = """
    INSERT INTO login (id, actor_id, role, party_id, person_id, must_change, password_hash, created_at, changed_at,
                       disabled_at, sealed)
    VALUES (%(key)s, %(actor_id)s, %(role)s, %(party_id)s, %(person_id)s, %(must_change)s, %(password_hash)s, %(at)s, %(at)s,
            %(disabled_at)s, %(sealed)s)
    ON CONFLICT (id) DO NOTHING
"""
FIND_LOGIN: LiteralString = """
    SELECT id, actor_id, role, party_id, person_id, must_change, password_hash, created_at, disabled_at, sealed
    FROM login WHERE id = ANY(%(keys)s::text[]) ORDER BY id LIMIT 1
"""
HOLD_LOGIN: LiteralString = "UPDATE login SET changed_at = changed_at WHERE id = ANY(%(keys)s::text[])"
FIND_LOGINS_OF: LiteralString = """
    SELECT id, actor_id, role, party_id, person_id, must_change, password_hash, created_at, disabled_at, sealed
    FROM login WHERE actor_id = %(actor_id)s ORDER BY id
"""
FIND_LOGINS_OF_PERSON: LiteralString = """
    SELECT actor_id, role FROM login WHERE person_id = %(person_id)s AND disabled_at IS NULL ORDER BY id
"""
SET_HASH: LiteralString = """
    UPDATE login SET password_hash = %(password_hash)s, must_change = %(must_change)s, changed_at = %(at)s
    WHERE id = ANY(%(keys)s::text[])
"""
DISABLE_LOGIN: LiteralString = """
    UPDATE login SET disabled_at = %(at)s WHERE actor_id = %(actor_id)s AND disabled_at IS NULL
"""
DELETE_LOGINS: LiteralString = "DELETE FROM login WHERE actor_id = %(actor_id)s"
CLAIM_PERSON_NUMBER: LiteralString = """
    INSERT INTO staff_number (id, person_id) VALUES (%(number_key)s, %(person_id)s) ON CONFLICT (id) DO NOTHING
"""
FIND_PERSON_NUMBER: LiteralString = "SELECT person_id FROM staff_number WHERE id = %(number_key)s"
INSERT_PERSON: LiteralString = """
    INSERT INTO staff_person (id, name, made_at) VALUES (%(id)s, %(name)s, %(made_at)s)
"""
FIND_PERSON: LiteralString = "SELECT name FROM staff_person WHERE id = %(id)s"
STAFF_AFTER: LiteralString = "SELECT id, name FROM staff_person WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
STAFF_LOGINS: LiteralString = """
    SELECT id, actor_id, role, party_id, person_id, must_change, created_at, disabled_at, sealed
    FROM login WHERE person_id = ANY (%(person_ids)s) ORDER BY id
"""
PERSONS_OF: LiteralString = """
    SELECT actor_id, min(person_id) AS person_id FROM login WHERE actor_id = ANY (%(actor_ids)s) AND person_id IS NOT NULL
    GROUP BY actor_id
"""
STAFF_NAMES: LiteralString = "SELECT id, name FROM staff_person WHERE id = ANY (%(ids)s)"
HAS_STAFF: LiteralString = "SELECT EXISTS (SELECT 1 FROM staff_person) AS there"
FIRST_CUSTOMERS: LiteralString = """
    SELECT actor_id FROM login WHERE role = 'customer' AND disabled_at IS NULL ORDER BY created_at, id LIMIT 2
"""
HOLD_THROTTLE: LiteralString = """
    INSERT INTO throttle AS held (id, count, since, tried_at) VALUES (%(id)s, 0, %(at)s, %(at)s)
    ON CONFLICT (id) DO UPDATE SET tried_at = EXCLUDED.tried_at
    RETURNING held.count, held.since, held.locked_until
"""
SET_THROTTLE: LiteralString = """
    UPDATE throttle SET count = %(count)s, since = %(since)s, locked_until = %(locked_until)s WHERE id = %(id)s
"""
COUNT_THROTTLE: LiteralString = """
    UPDATE throttle SET count = count + 1, locked_until = %(locked_until)s WHERE id = %(id)s
"""
FORGET_THROTTLES: LiteralString = "DELETE FROM throttle WHERE tried_at < %(before)s"
INSERT_DEVICE: LiteralString = """
    INSERT INTO login_device (id, actor_id, made_at) VALUES (%(id)s, %(actor_id)s, %(at)s)
"""
FIND_DEVICE: LiteralString = "SELECT actor_id FROM login_device WHERE id = %(id)s"
INSERT_SESSION: LiteralString = """
    INSERT INTO session (id, actor_id, role, party_id, person_id, must_change, needs_second, device, proved_by, proved_at,
                         vouched_by, created_at, seen_at)
    VALUES (%(id)s, %(actor_id)s, %(role)s, %(party_id)s, %(person_id)s, %(must_change)s, %(needs_second)s, %(device)s,
            %(how)s, %(proved_at)s, %(vouched_by)s, %(at)s, %(at)s)
"""
FIND_SESSIONS: LiteralString = """
    SELECT id, actor_id, role, party_id, person_id, must_change, needs_second, proved_by, proved_at, vouched_by, created_at,
        seen_at
    FROM session WHERE id = ANY (%(ids)s) AND ended_at IS NULL
"""
SESSIONS_OF: LiteralString = """
    SELECT id, device, created_at, seen_at, proved_by FROM session
    WHERE actor_id = %(actor_id)s AND ended_at IS NULL ORDER BY seen_at DESC LIMIT 100
"""
RENEW_SESSION: LiteralString = "UPDATE session SET seen_at = %(at)s WHERE id = %(id)s AND ended_at IS NULL"
END_SESSION: LiteralString = "UPDATE session SET ended_at = %(at)s WHERE id = %(id)s AND ended_at IS NULL"
END_SESSIONS: LiteralString = """
    UPDATE session SET ended_at = %(at)s WHERE actor_id = %(actor_id)s AND ended_at IS NULL
"""
END_SESSIONS_BY: LiteralString = """
    UPDATE session SET ended_at = %(at)s WHERE actor_id = %(actor_id)s AND proved_by = %(how)s AND ended_at IS NULL
"""
END_SESSIONS_OF_DEVICE: LiteralString = """
    UPDATE session SET ended_at = %(at)s WHERE actor_id = %(actor_id)s AND device = %(device)s AND ended_at IS NULL
"""
FORGET_DEVICES: LiteralString = "UPDATE session SET device = '' WHERE actor_id = %(actor_id)s AND device <> ''"
INSERT_KEY: LiteralString = """
    INSERT INTO api_key (id, label, actor_id, role, party_id, created_at, created_by, expires_at, secret_sha256)
    VALUES (%(id)s, %(label)s, %(actor_id)s, %(role)s, %(party_id)s, %(at)s, %(created_by)s, %(expires_at)s,
            %(secret_sha256)s)
"""
FIND_KEYS: LiteralString = """
    SELECT id, label, actor_id, role, party_id, expires_at, secret_sha256
    FROM api_key WHERE id = ANY (%(ids)s) AND revoked_at IS NULL
"""
PROGRAM_KEYS: LiteralString = """
    SELECT id, label, actor_id, role, created_at, created_by, expires_at, revoked_at
    FROM api_key WHERE party_id IS NULL AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
KEYS_OF: LiteralString = """
    SELECT id, label, actor_id, role, created_at, created_by, expires_at, revoked_at FROM api_key
    WHERE (actor_id = %(actor_id)s OR party_id = %(party_id)s) AND revoked_at IS NULL ORDER BY id LIMIT 100
"""
REVOKE_KEY: LiteralString = "UPDATE api_key SET revoked_at = %(at)s WHERE id = %(id)s AND revoked_at IS NULL"
REVOKE_KEYS_OF: LiteralString = """
    UPDATE api_key SET revoked_at = %(at)s WHERE actor_id = %(actor_id)s AND revoked_at IS NULL
"""
REVOKE_KEYS_OF_PARTY: LiteralString = """
    UPDATE api_key SET revoked_at = %(at)s WHERE party_id = %(party_id)s AND revoked_at IS NULL
"""


def wall_time(tx: Tx) -> datetime:
    """The database's time. Locks and sessions run by it: the bank's clock may stand still or leap a day."""
    wall: datetime = tx.one(WALL_TIME)["wall"]
    return wall


def insert_login(tx: Tx, login: Login, password_hash: str) -> bool:
    """Keep a new login; answers false where the name is taken."""
    if find_login(tx, login.name) is not None:
        return False
    values = {
        "key": key_of(tx, login.name),
        "sealed": sealed(tx, login.name, login.party_id),
        "actor_id": login.actor_id,
        "role": login.role,
        "party_id": login.party_id,
        "person_id": login.person_id,
        "must_change": login.must_change,
        "password_hash": password_hash,
        "at": login.created_at,
        "disabled_at": login.disabled_at,
    }
    return tx.execute(INSERT_LOGIN, values) == 1


def has_staff(tx: Tx) -> bool:
    """Whether any person of the staff is known."""
    return bool(tx.one(HAS_STAFF)["there"])


def staff_after(tx: Tx, after: str, limit: int) -> dict[str, str]:
    """Members of staff by id, each with the name."""
    return {row["id"]: row["name"] for row in tx.rows(STAFF_AFTER, {"after": after, "limit": limit})}


def staff_logins(tx: Tx, person_ids: list[str]) -> dict[str, list[Login]]:
    """The logins of members of staff, by person."""
    found: dict[str, list[Login]] = {}
    for login in named(tx, tx.rows(STAFF_LOGINS, {"person_ids": person_ids})):
        found.setdefault(str(login.person_id), []).append(login)
    return found


def persons_of(tx: Tx, actor_ids: Sequence[str]) -> dict[str, str]:
    """The members of staff behind some actors."""
    return {row["actor_id"]: row["person_id"] for row in tx.rows(PERSONS_OF, {"actor_ids": list(actor_ids)})}


def called(tx: Tx, actor_ids: Sequence[str]) -> dict[str, str]:
    """What the members of staff are called who act under some ids."""
    persons = persons_of(tx, actor_ids)
    names = {row["id"]: row["name"] for row in tx.rows(STAFF_NAMES, {"ids": list(set(persons.values()))})}
    return {actor: names[person] for actor, person in persons.items() if person in names}


def program_keys(tx: Tx, after: str, limit: int) -> list[KeyOnRoll]:
    """Keys that no customer holds, by id."""
    return [KeyOnRoll(**row) for row in tx.rows(PROGRAM_KEYS, {"after": after, "limit": limit})]


def keys_of(tx: Tx, actor_id: str, party_id: str | None) -> list[KeyOnRoll]:
    """Keys by which programs act as somebody, that were not ended."""
    return [KeyOnRoll(**row) for row in tx.rows(KEYS_OF, {"actor_id": actor_id, "party_id": party_id})]


def find_login(tx: Tx, name: str) -> tuple[Login, str] | None:
    """A login and its password hash, or none."""
    row = tx.maybe(FIND_LOGIN, {"keys": keys_of_name(tx, name)})
    return (named(tx, [row])[0], row["password_hash"]) if row else None


def hold_login(tx: Tx, name: str) -> tuple[Login, str] | None:
    """As :func:`find_login`, held until the transaction ends: whoever closes the login meanwhile waits, and then ends
    the session too that this transaction opens."""
    tx.execute(HOLD_LOGIN, {"keys": keys_of_name(tx, name)})
    return find_login(tx, name)


def first_customers(tx: Tx) -> list[str]:
    """The actors of the two customers who have had a login the longest."""
    return [str(row["actor_id"]) for row in tx.rows(FIRST_CUSTOMERS)]


def logins_of(tx: Tx, actor_id: str) -> list[tuple[Login, str]]:
    """The logins of an actor with their password hashes."""
    found = tx.rows(FIND_LOGINS_OF, {"actor_id": actor_id})
    return [(login, row["password_hash"]) for login, row in zip(named(tx, found), found, strict=True)]


def logins_of_person(tx: Tx, person_id: str) -> list[tuple[str, str]]:
    """(actor, role) of each login of a member of staff that is not disabled."""
    return [(row["actor_id"], row["role"]) for row in tx.rows(FIND_LOGINS_OF_PERSON, {"person_id": person_id})]


def set_password(tx: Tx, name: str, password_hash: str, at: datetime, *, must_change: bool = False) -> None:
    """Replace a password's hash."""
    tx.execute(
        SET_HASH, {"keys": keys_of_name(tx, name), "password_hash": password_hash, "must_change": must_change, "at": at}
    )


def disable(tx: Tx, actor_id: str, at: datetime) -> int:
    """Disable an actor's logins; answers how many were enabled."""
    return tx.execute(DISABLE_LOGIN, {"actor_id": actor_id, "at": at})


def delete_logins(tx: Tx, actor_id: str) -> int:
    """Forget an actor's logins with their names; answers how many."""
    return tx.execute(DELETE_LOGINS, {"actor_id": actor_id})


def claim_person(tx: Tx, number_key: str, person_id: str) -> str:
    """Claim a number for a member of staff; answers the person that holds it, which may be an earlier one."""
    key = {"number_key": number_key, "person_id": person_id}
    if tx.execute(CLAIM_PERSON_NUMBER, key) == 1:
        return person_id
    return str(tx.one(FIND_PERSON_NUMBER, key)["person_id"])


def person_of_number(tx: Tx, number_key: str) -> str | None:
    """The member of staff whose number it is, or none."""
    row = tx.maybe(FIND_PERSON_NUMBER, {"number_key": number_key})
    return None if row is None else str(row["person_id"])


def insert_person(tx: Tx, person_id: str, name: str, at: datetime) -> None:
    """Keep a new member of staff."""
    tx.execute(INSERT_PERSON, {"id": person_id, "name": name, "made_at": at})


def person_name(tx: Tx, person_id: str) -> str:
    """What a member of staff is called."""
    return str(tx.one(FIND_PERSON, {"id": person_id})["name"])


def hold_throttle(tx: Tx, key: bytes, at: datetime) -> tuple[int, datetime, datetime | None]:
    """Lock a counter until the transaction ends, so that tries are counted one at a time: count, since when, lock."""
    row = tx.one(HOLD_THROTTLE, {"id": key, "at": at})
    return int(row["count"]), row["since"], row["locked_until"]


def set_throttle(tx: Tx, key: bytes, count: int, since: datetime, locked_until: datetime | None) -> None:
    """Keep a counter and its lock."""
    tx.execute(SET_THROTTLE, {"id": key, "count": count, "since": since, "locked_until": locked_until})


def count_throttle(tx: Tx, key: bytes, locked_until: datetime | None) -> None:
    """Add one to a counter that is held, and lock it or not."""
    tx.execute(COUNT_THROTTLE, {"id": key, "locked_until": locked_until})


def forget_throttles(tx: Tx, before: datetime) -> int:
    """Forget counters that nothing was added to since; answers how many."""
    return tx.execute(FORGET_THROTTLES, {"before": before})


def insert_device(tx: Tx, device_hash: bytes, actor_id: str, at: datetime) -> None:
    """Keep a device on which an actor was logged in."""
    tx.execute(INSERT_DEVICE, {"id": device_hash, "actor_id": actor_id, "at": at})


def device_of(tx: Tx, device_hash: bytes) -> str | None:
    """The actor that was logged in on a device, or none."""
    row = tx.maybe(FIND_DEVICE, {"id": device_hash})
    return str(row["actor_id"]) if row else None


def insert_session(
    tx: Tx, token_hash: bytes, login: Login, device_name: str, at: datetime, proved: Proved, needs_second: bool = False
) -> None:
    """Keep a new session, and how and when who began it proved who that is."""
    values = {
        "id": token_hash, "actor_id": login.actor_id, "role": login.role, "party_id": login.party_id,
        "person_id": login.person_id, "must_change": login.must_change, "needs_second": needs_second, "device": device_name,
        "how": proved.how, "proved_at": proved.at if proved.by else None, "vouched_by": proved.by, "at": at,
    }  # fmt: skip
    tx.execute(INSERT_SESSION, values)


def find_sessions(tx: Tx, token_hashes: Sequence[bytes]) -> dict[bytes, Row]:
    """Sessions that were not ended, with whose they are, by token hash; their age is not looked at."""
    return {bytes(row["id"]): row for row in tx.rows(FIND_SESSIONS, {"ids": list(token_hashes)})}


def sessions_of(tx: Tx, actor_id: str) -> list[OpenSession]:
    """An actor's sessions that were not ended, the last used first; their age is not looked at."""
    return [
        OpenSession(
            bytes(row["id"]).hex(), row["device"], row["created_at"], row["seen_at"],
            expires_at(row["created_at"], row["seen_at"]), row["proved_by"],
        )
        for row in tx.rows(SESSIONS_OF, {"actor_id": actor_id})
    ]  # fmt: skip


def renew_session(tx: Tx, token_hash: bytes, at: datetime) -> None:
    """Note that a session is in use."""
    tx.execute(RENEW_SESSION, {"id": token_hash, "at": at})


def end_session(tx: Tx, token_hash: bytes, at: datetime) -> int:
    """End a session; answers 0 where there was none."""
    return tx.execute(END_SESSION, {"id": token_hash, "at": at})


def end_sessions_of_device(tx: Tx, actor_id: str, device: str, at: datetime) -> None:
    """End the sessions of an actor that say they are of a device."""
    tx.execute(END_SESSIONS_OF_DEVICE, {"actor_id": actor_id, "device": device, "at": at})


def end_sessions_by(tx: Tx, actor_id: str, how: str, at: datetime) -> int:
    """End the sessions of an actor that began in one way; answers how many."""
    return tx.execute(END_SESSIONS_BY, {"actor_id": actor_id, "how": how, "at": at})


def end_sessions(tx: Tx, actor_id: str, at: datetime) -> int:
    """End every session of an actor; answers how many."""
    return tx.execute(END_SESSIONS, {"actor_id": actor_id, "at": at})


def forget_devices(tx: Tx, actor_id: str) -> None:
    """Forget what an actor's devices called themselves."""
    tx.execute(FORGET_DEVICES, {"actor_id": actor_id})


def insert_key(tx: Tx, key: ApiKey, secret_hash: bytes, at: datetime) -> None:
    """Keep a new API key."""
    values = {
        "id": key.id,
        "label": key.label,
        "actor_id": key.actor_id,
        "role": key.role,
        "party_id": key.party_id,
        "created_by": tx.actor.id,
        "expires_at": key.expires_at,
        "secret_sha256": secret_hash,
        "at": at,
    }
    tx.execute(INSERT_KEY, values)


def find_keys(tx: Tx, key_ids: Sequence[str]) -> dict[str, tuple[ApiKey, bytes]]:
    """Keys that were not revoked, with the hashes of their secrets; their age is not looked at."""
    found = tx.rows(FIND_KEYS, {"ids": list(key_ids)})
    hashes = [bytes(row.pop("secret_sha256")) for row in found]
    return {row["id"]: (ApiKey(**row), hashed) for row, hashed in zip(found, hashes, strict=True)}


def revoke_key(tx: Tx, key_id: str, at: datetime) -> int:
    """Revoke a key; answers 0 where there was none."""
    return tx.execute(REVOKE_KEY, {"id": key_id, "at": at})


def revoke_keys_of(tx: Tx, actor_id: str, at: datetime) -> int:
    """Revoke every key of an actor; answers how many."""
    return tx.execute(REVOKE_KEYS_OF, {"actor_id": actor_id, "at": at})


def revoke_keys_of_party(tx: Tx, party_id: str, at: datetime) -> int:
    """End every key that acts as a customer; answers how many."""
    return tx.execute(REVOKE_KEYS_OF_PARTY, {"party_id": party_id, "at": at})
