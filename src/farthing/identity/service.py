"""Run logins, sessions and API keys: what changes them in a transaction, and who a token stands for.

What compares a password is in :mod:`farthing.identity.entrance`, which has no transaction open while it does.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.identity import counting, passwords, rules, sign_in, store
from farthing.identity.authenticators import store as authenticators
from farthing.identity.codes import checking as codes
from farthing.identity.codes import store as code_store
from farthing.identity.model import (
    ApiKey,
    Attempt,
    CreateApiKey,
    Created,
    CreateLogin,
    DisableLogin,
    Ended,
    EndSession,
    LoggedIn,
    Login,
    LogOut,
    OpenSession,
    Renew,
    Renewed,
    ResetPassword,
    RevokeApiKey,
    Session,
    SetPassword,
)
from farthing.identity.recovery import service as recovery
from farthing.kernel import approvals
from farthing.kernel.operation import operation
from farthing.kernel.proving import service as proving
from farthing.kernel.proving.rules import KEY_NEEDED
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, ONESELF, STAFF, of
from farthing.kit.actor import How, Proved
from farthing.kit.words import Words

ANOTHER_PASSWORD = "password"  # noqa: S105 - a purpose, no password
"""What a challenge is for by which a passkey allowed another password."""


@operation(
    "identity.create_login", title=Words("Create a login", "开立登录账户"),
    permission="identity:manage", four_eyes=True, whose=STAFF,
)  # fmt: skip
def create_login(tx: Tx, command: CreateLogin) -> Created:
    """Let a member of staff log in, under a password that works once and is in this answer alone.

    Refuses ``identity.role_*``, ``identity.name_invalid``, ``identity.person_*``, ``identity.name_taken``.
    """
    rules.check_staff_role(command.role)
    name = rules.name_of(command.name, command.role)
    person_id = person_behind(tx, command)
    counting.held(
        tx, ("person", person_id), rules.WINDOW
    )  # of two logins of one person at once the second sees the first
    rules.check_second_login(command.role, store.logins_of_person(tx, person_id))
    actor_id = rules.actor_id_of(name, command.role, None)
    password = tx.ids.token()[:26]
    at = store.wall_time(tx)
    login = Login(name, actor_id, command.role, None, at, None, person_id, must_change=True)
    if not store.insert_login(tx, login, passwords.hash_random(password)):
        raise rules.NAME_TAKEN()
    return Created(actor_id, command.role, person_id, password)


def person_behind(tx: Tx, command: CreateLogin) -> str:
    """The person behind a login: known by the number already, or new."""
    name, number_key = rules.person_of(command.person_name, command.person_number)
    fresh = tx.new_id("person")
    person_id = store.claim_person(tx, number_key, fresh)
    if person_id == fresh:
        store.insert_person(tx, fresh, name, tx.now)
    elif store.person_name(tx, person_id) != name:
        raise rules.PERSON_DIFFERS()
    return person_id


@operation(
    "identity.reset_password", title=Words("Reset a password", "重置密码"),
    permission="identity:manage", four_eyes=True, whose=STAFF,
)  # fmt: skip
def reset_password(tx: Tx, command: ResetPassword) -> Created:
    """Give a member of staff a password that works once; sessions end. Refuses ``identity.login_unknown``."""
    found = [login for login, _ in store.logins_of(tx, command.actor_id) if login.person_id is not None]
    if not found:
        raise rules.LOGIN_UNKNOWN(actor_id=command.actor_id)
    (login,) = found
    password = tx.ids.token()[:26]
    at = store.wall_time(tx)
    store.set_password(tx, login.name, passwords.hash_random(password), at, must_change=True)
    store.end_sessions(tx, login.actor_id, at)
    return Created(login.actor_id, login.role, str(login.person_id), password)


def is_open(tx: Tx, actor_id: str) -> bool:
    """Whether an actor has a login that nobody closed."""
    return any(login.disabled_at is None for login, _ in store.logins_of(tx, actor_id))


def asks_codes(tx: Tx, actor_id: str) -> bool:
    """Whether codes of an app are asked for beside the password of an actor."""
    return code_store.kept_at(tx, actor_id) is not None


def open_session(
    tx: Tx, login: Login, device_name: str, device: str | None = None, *, how: How = "password",
    proved: Proved | None = None,
) -> LoggedIn:  # fmt: skip
    """Open a session for a login that was proved, and know its device from now on."""
    token, at = rules.SESSION_PREFIX + tx.ids.token(), store.wall_time(tx)
    grace = sign_in.rules_of(tx).staff_second if login.person_id is not None else None
    second = rules.needs_second(login.person_id, how, login.created_at, at, grace)
    name = rules.device_name_of(device_name)
    store.insert_session(tx, _hash(token), login, name, at, proved or Proved(how, at), needs_second=second)
    if device is None:
        device = rules.DEVICE_PREFIX + tx.ids.token()
        store.insert_device(tx, _hash(device), login.actor_id, at)
    return LoggedIn(
        "ok", login.actor_id, rules.expires_at(at, at), None, login.party_id, login.must_change, token, device
    )


@operation("identity.log_in", title=Words("Log in", "登录"), permission="identity:attest", whose=NOBODYS)
def log_in(tx: Tx, command: Attempt) -> LoggedIn:
    """Count an attempt and open a session if its password fitted; wrong and locked are outcomes, so that it is kept.

    A device that was logged in before has a counter of its own; strangers share one for each place they come from and
    one for all of them: nobody can lock anybody else out. A name that does not exist is counted in the same way.
    """
    name, wall = command.name, store.wall_time(tx)
    found = store.find_login(tx, name)
    device = _known_device(tx, command.device, found[0] if found else None)
    counters = counting.held_all(tx, rules.counters_of(name, device, command.source), wall)
    actor_id, party_id = (found[0].actor_id, found[0].party_id) if found else (None, None)
    locked_until = counting.latest(until for _, _, until in counters.values())
    if rules.is_locked(locked_until, wall):
        return LoggedIn("locked", actor_id, locked_until=locked_until, party_id=party_id)
    fits = found is not None and command.fits and _still_open(store.hold_login(tx, name), command)
    if found is not None and fits:
        recovery.settle(tx, found[0].actor_id)
    code = codes.taken(tx, found[0].actor_id, command.code, wall) if found is not None and fits else "none"
    if code == "needed":
        return LoggedIn("code", actor_id, party_id=party_id)
    if found is None or not fits or code == "wrong":
        until, why = counting.failed(tx, counters, wall), "code" if code == "wrong" else None
        return LoggedIn("locked" if until else "wrong", actor_id, None, until, party_id, why=why)
    counting.forgive(tx, counters, wall)
    if command.fresh_hash is not None and not found[0].must_change:
        store.set_password(tx, name, command.fresh_hash, wall)
    how: How = "password" if code == "none" else "password_code"
    return open_session(tx, found[0], command.device_name, device, how=how)


def _still_open(held: tuple[Login, str] | None, command: Attempt) -> bool:
    """Whether a login is there yet, is not closed, and has the password that was compared."""
    return held is not None and held[1] == command.seen_hash and held[0].disabled_at is None


def _known_device(tx: Tx, device: str | None, login: Login | None) -> str | None:
    """The device's token, if that login was used on it before."""
    if not device or login is None or store.device_of(tx, _hash(device)) != login.actor_id:
        return None
    return device


@operation("identity.renew", title=Words("Renew a session", "延长会话"), permission="identity:self", whose=ONESELF)
def renew(tx: Tx, command: Renew) -> Renewed:
    """Keep a session from falling idle; refuses ``identity.not_signed_in``."""
    session(tx, command.token)
    store.renew_session(tx, _hash(command.token), store.wall_time(tx))
    return Renewed(session(tx, command.token).expires_at)


@operation("identity.log_out", title=Words("Log out", "退出登录"), permission="identity:self", whose=ONESELF)
def log_out(tx: Tx, command: LogOut) -> Ended:
    """End a session; one that is over already stays so."""
    return Ended(store.end_session(tx, _hash(command.token), store.wall_time(tx)))


@operation("identity.end_session", title=Words("End a session", "结束会话"), permission="identity:self", whose=ONESELF)
def end_session(tx: Tx, command: EndSession) -> Ended:
    """End one of one's own sessions, or all of them; refuses ``identity.session_unknown``."""
    wall = store.wall_time(tx)
    if command.session_id is None:
        return Ended(store.end_sessions(tx, tx.actor.id, wall))
    own = {each.id for each in store.sessions_of(tx, tx.actor.id)}
    if command.session_id not in own:
        raise rules.SESSION_UNKNOWN(session_id=command.session_id[:64])
    return Ended(store.end_session(tx, bytes.fromhex(command.session_id), wall))


@operation(
    "identity.set_password", title=Words("Set a password", "设置密码"), permission="identity:attest_self", whose=ONESELF
)
def set_password(tx: Tx, command: SetPassword) -> Ended:
    """Put new hashes in the place of those that the old password fitted, and end every session. The old password alone does not
    do it for whoever has a passkey: that allowed this one change.

    Refuses ``kernel.key_needed``, and ``identity.wrong_login`` where another password was set meanwhile.
    """
    wall, actor = store.wall_time(tx), tx.actor
    if authenticators.open_of(tx, actor.id, None) and not proving.spend(
        tx, command.permit or "", ANOTHER_PASSWORD, actor.id
    ):
        raise KEY_NEEDED()
    found = {login.name: seen for login, seen in store.logins_of(tx, tx.actor.id)}
    for name, seen, fresh in command.hashes:
        if found.get(name) != seen:
            raise rules.WRONG()
        store.set_password(tx, name, fresh, wall)
    recovery.tell(tx, tx.actor.id, Words(
        "The password of your account was changed. If it was not you, call the bank at once.",
        "您账户的密码已更换。如非本人操作，请立即致电本行。",
    ))  # fmt: skip
    return Ended(store.end_sessions(tx, tx.actor.id, wall))


@operation(
    "identity.disable_login", title=Words("Disable a login", "停用登录账户"),
    permission="identity:manage", four_eyes=rules.of_an_officer, whose=STAFF,
)  # fmt: skip
def disable_login(tx: Tx, command: DisableLogin) -> Ended:
    """Forbid a person to log in and end what is open, drafts too, and powers that it gave lately: an officer's takes two, or one
    alone could be the last (decision 0030). Refuses ``identity.login_unknown``."""
    if not store.logins_of(tx, command.actor_id):
        raise rules.LOGIN_UNKNOWN(actor_id=command.actor_id)
    wall = store.wall_time(tx)
    store.disable(tx, command.actor_id, wall)
    if any(login.disabled_at is None for login, _ in store.logins_of(tx, command.actor_id)):
        raise Collision("a login was made while it was disabled")
    approvals.void_of(tx, command.actor_id)
    recovery.end_given(tx, command.actor_id)
    ended = store.end_sessions(tx, command.actor_id, wall)
    return Ended(ended + store.revoke_keys_of(tx, command.actor_id, wall))


@approvals.maker_check
def maker_stands(tx: Tx, actor_id: str, permission: str) -> bool:
    """Whether who made a draft has a login yet that may do it. Who never had one (the bank's own program) stands."""
    found = [login for login, _ in store.logins_of(tx, actor_id)]
    return not found or any(
        login.disabled_at is None and rules.actor_of(login.actor_id, login.role, None).may(permission)
        for login in found
    )


def _for_a_program(command: CreateApiKey) -> bool:
    return command.party_id is None


@operation(
    "identity.create_api_key", title=Words("Create an API key", "创建接口密钥"),
    permission="identity:manage", four_eyes=_for_a_program, whose=of("party_id"),
)  # fmt: skip
def create_api_key(tx: Tx, command: CreateApiKey) -> ApiKey:
    """Make a bearer token for a program, which two persons must want; its text is in this answer and nowhere else.

    A key that acts for the bank takes two persons, as a login of the staff does: some post money by one hand.
    Refuses ``identity.key_days``, ``identity.role_*``, ``identity.cannot_escalate``, ``identity.not_for_others``,
    ``identity.program_name``.
    """
    if not 1 <= command.days <= rules.LONGEST_KEY_DAYS:
        raise rules.KEY_DAYS(longest=rules.LONGEST_KEY_DAYS, days=command.days)
    rules.check_grant(tx.actor, command.role, command.actor_id, command.party_id)
    rules.actor_id_of(command.actor_id, command.role, command.party_id)
    key_id, secret = tx.new_id("key"), tx.ids.token()
    wall = store.wall_time(tx)
    token = f"{rules.KEY_PREFIX}{key_id.partition('_')[2]}_{secret}"
    expires_at = wall + timedelta(days=command.days)
    key = ApiKey(key_id, command.label, command.actor_id, command.role, command.party_id, expires_at, token)
    store.insert_key(tx, key, _hash(secret), wall)
    return key


@operation(
    "identity.revoke_api_key", title=Words("Revoke an API key", "吊销接口密钥"),
    permission="identity:manage", whose=STAFF,
)  # fmt: skip
def revoke_api_key(tx: Tx, command: RevokeApiKey) -> Ended:
    """End an API key at once; refuses ``identity.key_unknown``."""
    if store.revoke_key(tx, command.id, store.wall_time(tx)) == 0:
        raise rules.KEY_UNKNOWN(id=command.id)
    return Ended(1)


def session(tx: Tx, token: str) -> Session:
    """Whose a token is, until when, and whether to renew it; refuses ``identity.not_signed_in``."""
    found = sessions_by_token(tx, [token]).get(token)
    if found is None:
        raise rules.NOT_SIGNED_IN()
    return found


def sessions_by_token(tx: Tx, tokens: Iterable[str]) -> dict[str, Session]:
    """What each of these tokens stands for, one SELECT for all sessions; what stands for nobody is left out."""
    distinct = set(tokens)
    keys = {token: _key_id(token) for token in distinct if token.startswith(rules.KEY_PREFIX)}
    hashes = {token: _hash(token) for token in distinct.difference(keys)}
    sessions = store.find_sessions(tx, list(hashes.values())) if hashes else {}
    known = store.find_keys(tx, list(keys.values())) if keys else {}
    wall = store.wall_time(tx)
    found = {token: _read_session(sessions[hashed], wall) for token, hashed in hashes.items() if hashed in sessions}
    found |= {token: key for token, key_id in keys.items() if (key := _read_key(known.get(key_id), token)) is not None}
    return {token: session for token, session in found.items() if session.expires_at > wall}


def session_of_hash(tx: Tx, hashed: bytes, *, lapsed: bool = False) -> Session | None:
    """The session that is kept under a hash and lives, or the one whose time is over and that nobody ended; none else."""
    row = store.find_sessions(tx, [hashed]).get(hashed)
    wall = store.wall_time(tx)
    found = None if row is None else _read_session(row, wall)
    return found if found is not None and (found.expires_at <= wall) == lapsed else None


def has_staff(tx: Tx) -> bool:
    """Whether anybody of the staff was ever let in."""
    return store.has_staff(tx)


def staff_login(tx: Tx, name: str) -> str | None:
    """The actor of a member of staff by the login's name, or none."""
    found = store.find_login(tx, rules.normal_name(name))
    return found[0].actor_id if found is not None and found[0].person_id is not None else None


def persons_of(tx: Tx, actor_ids: Sequence[str]) -> dict[str, str]:
    """The members of staff behind some actors; an actor of nobody's is left out."""
    return store.persons_of(tx, actor_ids)


@question("identity.own_sessions", permission="identity:self", whose=ONESELF)
def own_sessions(tx: Tx) -> list[OpenSession]:
    """The actor's own open sessions, the last used first."""
    wall = store.wall_time(tx)
    return [each for each in store.sessions_of(tx, tx.actor.id) if each.expires_at > wall]


def session_id_of(token: str) -> str:
    """The id under which a session stands in the list of its person."""
    return _hash(token).hex()


def _read_session(row: Row, wall: datetime) -> Session:
    seen_at: datetime = row["seen_at"]
    must_change = row["must_change"]
    who = rules.actor_of(
        row["actor_id"], row["role"], row["party_id"], row["person_id"], must_change=must_change,
        needs_second=row["needs_second"],
    )  # fmt: skip
    return Session(
        replace(who, proved=Proved(row["proved_by"], row["proved_at"] or row["created_at"], row["vouched_by"])),
        rules.expires_at(row["created_at"], seen_at),
        rules.renew_due(seen_at, wall),
        row["must_change"],
    )


def _key_id(token: str) -> str:
    """The id of the key a token claims to be; no key's id where it cannot be one."""
    tail = token.removeprefix(rules.KEY_PREFIX).partition("_")[0]
    return f"key_{tail}" if tail.isascii() and tail.isalnum() else ""


def _read_key(found: tuple[ApiKey, bytes] | None, token: str) -> Session | None:
    secret = token.removeprefix(rules.KEY_PREFIX).partition("_")[2]
    if found is None or not hmac.compare_digest(found[1], _hash(secret)):
        return None
    key = found[0]
    return Session(rules.actor_of_key(key.actor_id, key.role, key.party_id), key.expires_at, False)


def _hash(token: str) -> bytes:
    """Tokens are 256 random bits, so a plain SHA-256 keeps them; passwords need argon2."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
