"""Run logins, sessions and API keys. Doors run ``log_in`` and ``create_api_key`` without an idempotency key, because
an answer stored for a replay would hold the token."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from farthing.db.tx import Row, Tx
from farthing.identity import passwords, rules, store
from farthing.identity.model import (
    ApiKey,
    ChangePassword,
    CreateApiKey,
    Created,
    CreateLogin,
    DisableLogin,
    Ended,
    LoggedIn,
    LogIn,
    Login,
    LogOut,
    Renew,
    Renewed,
    RevokeApiKey,
    Session,
)
from farthing.kernel.operation import operation
from farthing.kit.actor import Actor


@operation("identity.create_login", permission="identity:manage")
def create_login(tx: Tx, command: CreateLogin) -> Created:
    """Let a person log in.

    Refuses ``identity.role_unknown``, ``identity.cannot_escalate``, ``identity.name_invalid``,
    ``identity.role_party``, ``identity.password_weak``, ``identity.name_taken``.
    """
    rules.check_grant(tx.actor, command.role)
    name = rules.name_of(command.name, command.role)
    actor_id = rules.actor_id_of(name, command.role, command.party_id)
    hashed = passwords.hash_password(rules.check_password(command.password, name))
    if not store.insert_login(tx, Login(name, actor_id, command.role, command.party_id, tx.now), hashed):
        raise rules.NAME_TAKEN()
    return Created(actor_id, command.role, command.party_id)


@operation("identity.log_in", permission="identity:log_in")
def log_in(tx: Tx, command: LogIn) -> LoggedIn:
    """Check a name and password and open a session; wrong and locked are outcomes, so that the attempt is kept.

    A name that does not exist takes as long, answers the same and is locked in the same way as one that does.
    """
    name = rules.normal_name(command.name)
    failures, locked_until = store.lock_failures(tx, name)
    found = store.find_login(tx, name)
    fits = passwords.fits(found[1] if found else passwords.DECOY, _normal(command.password))
    wall = store.wall_time(tx)
    if rules.is_locked(locked_until, wall):
        return LoggedIn("locked", locked_until=locked_until)
    if found is None or not fits or found[0].disabled_at is not None:
        locked_until = rules.lock_after(failures + 1, wall)
        store.set_failures(tx, name, failures + 1, locked_until)
        return LoggedIn("locked" if locked_until else "wrong", locked_until=locked_until)
    store.set_failures(tx, name, 0, None)
    login, password_hash = found
    if passwords.is_outdated(password_hash):
        store.set_password(tx, name, passwords.hash_password(_normal(command.password)))
    token = rules.SESSION_PREFIX + tx.ids.token()
    store.insert_session(tx, _hash(token), name)
    return LoggedIn("ok", login.actor_id, rules.expires_at(wall, wall), None, token)


@operation("identity.renew", permission="identity:self")
def renew(tx: Tx, command: Renew) -> Renewed:
    """Keep a session from falling idle; refuses ``identity.not_signed_in``."""
    session(tx, command.token)
    store.renew_session(tx, _hash(command.token))
    return Renewed(session(tx, command.token).expires_at)


@operation("identity.log_out", permission="identity:self")
def log_out(tx: Tx, command: LogOut) -> Ended:
    """End a session; one that is over already stays so."""
    return Ended(store.end_session(tx, _hash(command.token)))


@operation("identity.change_password", permission="identity:self")
def change_password(tx: Tx, command: ChangePassword) -> Ended:
    """Replace the actor's own password and end every session of theirs.

    Refuses ``identity.login_unknown``, ``identity.wrong_login``, ``identity.password_weak``.
    """
    found = store.logins_of(tx, tx.actor.id)
    if not found:
        raise rules.LOGIN_UNKNOWN(actor_id=tx.actor.id)
    if not all(passwords.fits(password_hash, _normal(command.old)) for _, password_hash in found):
        raise rules.WRONG()
    ended = 0
    for login, _ in found:
        store.set_password(tx, login.name, passwords.hash_password(rules.check_password(command.new, login.name)))
        ended += store.end_sessions(tx, login.name)
    return Ended(ended)


@operation("identity.disable_login", permission="identity:manage")
def disable_login(tx: Tx, command: DisableLogin) -> Ended:
    """Forbid a person to log in and end what is open; refuses ``identity.login_unknown``."""
    found = store.logins_of(tx, command.actor_id)
    if not found:
        raise rules.LOGIN_UNKNOWN(actor_id=command.actor_id)
    store.disable(tx, command.actor_id)
    ended = sum(store.end_sessions(tx, login.name) for login, _ in found)
    return Ended(ended + store.revoke_keys_of(tx, command.actor_id))


@operation("identity.create_api_key", permission="identity:manage")
def create_api_key(tx: Tx, command: CreateApiKey) -> ApiKey:
    """Make a bearer token for a program; its text is in this answer and nowhere else.

    Refuses ``identity.key_days``, ``identity.role_unknown``, ``identity.cannot_escalate``,
    ``identity.role_party``.
    """
    if not 1 <= command.days <= rules.LONGEST_KEY_DAYS:
        raise rules.KEY_DAYS(longest=rules.LONGEST_KEY_DAYS, days=command.days)
    rules.check_grant(tx.actor, command.role)
    rules.actor_id_of(command.actor_id, command.role, command.party_id)
    key_id, secret = tx.new_id("key"), tx.ids.token()
    key = ApiKey(
        id=key_id,
        label=command.label,
        actor_id=command.actor_id,
        role=command.role,
        party_id=command.party_id,
        expires_at=store.wall_time(tx) + timedelta(days=command.days),
        token=f"{rules.KEY_PREFIX}{key_id.partition('_')[2]}_{secret}",
    )
    store.insert_key(tx, key, _hash(secret))
    return key


@operation("identity.revoke_api_key", permission="identity:manage")
def revoke_api_key(tx: Tx, command: RevokeApiKey) -> Ended:
    """End an API key at once; refuses ``identity.key_unknown``."""
    if store.revoke_key(tx, command.id) == 0:
        raise rules.KEY_UNKNOWN(id=command.id)
    return Ended(1)


def session(tx: Tx, token: str) -> Session:
    """Whose a token is, until when, and whether to renew it; refuses ``identity.not_signed_in``."""
    found = _key(tx, token) if token.startswith(rules.KEY_PREFIX) else _session(tx, token)
    if found is None or found.expires_at <= store.wall_time(tx):
        raise rules.NOT_SIGNED_IN()
    return found


def authenticate(tx: Tx, token: str) -> Actor:
    """The actor a session or API key stands for; refuses ``identity.not_signed_in``."""
    return session(tx, token).actor


def authenticate_all(tx: Tx, tokens: Iterable[str]) -> dict[str, Actor]:
    """Whom each of these tokens stands for, one SELECT for all sessions; who stands for nobody is left out."""
    distinct = set(tokens)
    keys = {token: _key_id(token) for token in distinct if token.startswith(rules.KEY_PREFIX)}
    hashes = {token: _hash(token) for token in distinct.difference(keys)}
    sessions = store.find_sessions(tx, list(hashes.values())) if hashes else {}
    known = store.find_keys(tx, list(keys.values())) if keys else {}
    wall = store.wall_time(tx)
    found = {token: _read_session(sessions[hashed], wall) for token, hashed in hashes.items() if hashed in sessions}
    found |= {token: key for token, key_id in keys.items() if (key := _read_key(known.get(key_id), token)) is not None}
    return {token: session.actor for token, session in found.items() if session.expires_at > wall}


def _session(tx: Tx, token: str) -> Session | None:
    row = store.find_session(tx, _hash(token))
    return None if row is None else _read_session(row, store.wall_time(tx))


def _read_session(row: Row, wall: datetime) -> Session:
    seen_at: datetime = row["seen_at"]
    return Session(
        rules.actor_of(row["actor_id"], row["role"], row["party_id"]),
        rules.expires_at(row["created_at"], seen_at),
        rules.renew_due(seen_at, wall),
    )


def _key(tx: Tx, token: str) -> Session | None:
    key_id = _key_id(token)
    return _read_key(store.find_keys(tx, [key_id]).get(key_id), token)


def _key_id(token: str) -> str:
    """The id of the key a token claims to be; no key's id where it cannot be one."""
    tail = token.removeprefix(rules.KEY_PREFIX).partition("_")[0]
    return f"key_{tail}" if tail.isascii() and tail.isalnum() else ""


def _read_key(found: tuple[ApiKey, bytes] | None, token: str) -> Session | None:
    secret = token.removeprefix(rules.KEY_PREFIX).partition("_")[2]
    if found is None or not hmac.compare_digest(found[1], _hash(secret)):
        return None
    key = found[0]
    return Session(rules.actor_of(key.actor_id, key.role, key.party_id), key.expires_at, False)


def _hash(token: str) -> bytes:
    """Tokens are 256 random bits, so a plain SHA-256 keeps them; passwords need argon2."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _normal(password: str) -> str:
    text = unicodedata.normalize("NFKC", password)[: 4 * rules.LONGEST_PASSWORD]
    return text.encode("utf-8", "replace").decode()
