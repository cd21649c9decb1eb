"""Run passkeys: ask, keep, list and remove; sign in and confirm by one. What compares a signature is in ``entrance``, which has
no transaction open while it does.

Whoever has a passkey changes a way in only by a passkey; whoever has none must have signed in lately. Each change comes to the
phone, and stands in the list of devices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.identity import counting, passwords, rules, service, sign_in
from farthing.identity import store as logins
from farthing.identity.authenticators import rules as keys
from farthing.identity.authenticators import store
from farthing.identity.authenticators.model import (
    CLONED,
    MOST,
    AllowPassword,
    AskConfirmation,
    Asked,
    AskPasskey,
    AskSignIn,
    Cloned,
    ClonedTold,
    Confirmed,
    Credential,
    DropPassword,
    Judged,
    KeepPasskey,
    LosePasskeys,
    LostPasskeys,
    Outcome,
    Passkey,
    PasskeyAsked,
    PasswordAllowed,
    RemovePasskey,
)
from farthing.identity.model import Ended, LoggedIn
from farthing.identity.recovery import service as recovery
from farthing.identity.recovery.service import tell
from farthing.kernel import approvals
from farthing.kernel.operation import operation
from farthing.kernel.proving import service as proving
from farthing.kernel.proving.rules import CONFIRM, KEY_NEEDED
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, ONESELF, STAFF
from farthing.kit import base64url
from farthing.kit.inputs import PageSize
from farthing.kit.words import Words

ADD, SIGN_IN = "add", "sign_in"


def own_key(tx: Tx, _command: object = None) -> None:
    """Refuse ``kernel.key_needed`` where who acts has a passkey and did not confirm by it: his own, whoever he acts for."""
    if not tx.actor.by_key and store.open_of(tx, tx.actor.id, tx.actor.hand):
        raise KEY_NEEDED()


def customers_key(tx: Tx, command: object) -> None:
    """The same of a customer who signs for herself, and ``identity.sign_in_again`` where there is no passkey and she signed in
    too long ago; whoever serves her at a counter has seen her."""
    if tx.actor.party_id is not None:
        own_key(tx, command)
        keys.check_lately(tx.actor, logins.wall_time(tx), sign_in.rules_of(tx).signs)


def customers_own_key(tx: Tx, command: object) -> None:
    """The same for what lasts and lets another in: by a way of this bank that was proved just now. Refuses
    ``identity.own_way_needed`` too."""
    customers_key(tx, command)
    if tx.actor.party_id is not None:
        check_own_way(tx)
        keys.check_lately(tx.actor, logins.wall_time(tx), sign_in.rules_of(tx).ways_in)


@approvals.decider_check
def decides_lately(tx: Tx) -> None:
    """Refuse ``identity.sign_in_again`` to a second person who signed in too long ago."""
    keys.check_lately(tx.actor, logins.wall_time(tx), sign_in.rules_of(tx).decides)


def may_change(tx: Tx) -> None:
    """Refuse ``kernel.key_needed``, and ``identity.prove_again`` where there is no passkey to confirm by; and
    ``identity.own_way_needed`` to whoever is in by a login elsewhere."""
    own_key(tx)
    check_own_way(tx)
    keys.check_fresh(tx.actor, logins.wall_time(tx), sign_in.rules_of(tx).ways_in)


def check_own_way(tx: Tx) -> None:
    """Refuse ``identity.own_way_needed`` to whoever is in by a login elsewhere and confirms by no passkey here."""
    keys.check_own_way(tx.actor)


def _named(command: AskPasskey, _asked: PasskeyAsked) -> dict[str, str]:
    return {"name": command.name}


@operation(
    "identity.ask_passkey", title=Words("Add a passkey", "添加通行密钥"), permission="identity:self", whose=ONESELF,
    confirm=_named, by_key=own_key,
)  # fmt: skip
def ask_passkey(tx: Tx, command: AskPasskey) -> PasskeyAsked:
    """Ask to add a passkey. Refuses ``kernel.key_needed``, ``identity.prove_again``, ``identity.passkey_nameless``,
    ``identity.too_many_passkeys``, ``identity.login_unknown`` for whoever has no login."""
    may_change(tx)
    name = command.name.strip()
    if not name:
        raise keys.NAMELESS()
    found = logins.logins_of(tx, tx.actor.id)
    if not found:
        raise rules.LOGIN_UNKNOWN(actor_id=tx.actor.id)
    there = store.open_of(tx, tx.actor.id, None)
    if len(there) >= MOST:
        raise keys.TOO_MANY(most=MOST)
    made = proving.ask(tx, ADD, tx.actor.id, name)
    return PasskeyAsked(
        name, made.id, base64url.encode(made.challenge), keys.user_id(tx.actor.id), found[0][0].name, _ids(there)
    )


def _ids(found: Iterable[Credential]) -> tuple[str, ...]:
    return tuple(base64url.encode(keys.credential_id(each.credential)) for each in found)


@operation(
    "identity.keep_passkey", title=Words("Keep a new passkey", "登记新通行密钥"),
    permission="identity:attest_self", whose=ONESELF,
)  # fmt: skip
def keep_passkey(tx: Tx, command: KeepPasskey) -> Passkey:
    """Keep a passkey that its person's device has made. Refuses ``identity.challenge_not_good``, ``identity.passkey_known``."""
    asked, actor = proving.find(tx, command.challenge_id), tx.actor
    if asked is None or not proving.spend(tx, command.challenge_id, ADD, actor.id):
        raise keys.CHALLENGE_NOT_GOOD()
    credential, at = keys.to_bytes(command.credential), logins.wall_time(tx)
    key_id = keys.passkey_id(keys.credential_id(credential))
    key = Credential(key_id, actor.id, actor.party_id, credential, command.sign_count)
    if not store.insert(tx, key, asked["about"], at):
        raise keys.KNOWN_ALREADY()
    tell(tx, actor.id, Words(
        f"A passkey ({asked['about']}) was added to your account. If it was not you, call the bank at once.",
        f"您的账户新增通行密钥（{asked['about']}）。如非本人操作，请立即致电本行。",
    ))  # fmt: skip
    return Passkey(key_id, asked["about"], at)


@operation(
    "identity.remove_passkey", title=Words("Remove a passkey", "移除通行密钥"), permission="identity:self", whose=ONESELF,
    confirm=lambda command, done: {"name": done.name}, by_key=own_key,
)  # fmt: skip
def remove_passkey(tx: Tx, command: RemovePasskey) -> Passkey:
    """Remove one of one's passkeys. Refuses ``kernel.key_needed``, ``identity.recovery_open``, ``identity.passkey_not_found``,
    ``identity.last_way_in``."""
    may_change(tx)
    recovery.nothing_lowered(tx)
    _hold_ways(tx)
    there = [each for each in store.of_actor(tx, tx.actor.id) if each.ended_at is None]
    found = next((each for each in there if each.id == command.passkey_id), None)
    if found is None:
        raise keys.PASSKEY_NOT_YOURS(passkey_id=command.passkey_id[:64])
    if len(there) == 1 and not _has_password(tx, tx.actor.id):
        raise keys.LAST_WAY_IN()
    at = logins.wall_time(tx)
    store.end(tx, found.id, "removed", at)
    proving.void(tx, [found.id])
    tell(tx, tx.actor.id, Words(
        f"The passkey {found.name} was removed from your account. If it was not you, call the bank at once.",
        f"您账户的通行密钥（{found.name}）已移除。如非本人操作，请立即致电本行。",
    ))  # fmt: skip
    return Passkey(found.id, found.name, found.made_at, found.used_at, at, "removed")


def _hold_ways(tx: Tx) -> None:
    """Hold one's logins until the transaction ends: of two ways in that are taken away at once, the second sees the first."""
    for login, _ in logins.logins_of(tx, tx.actor.id):
        logins.hold_login(tx, login.name)


def _has_password(tx: Tx, actor_id: str) -> bool:
    return any(hashed != passwords.DECOY for _, hashed in logins.logins_of(tx, actor_id))


@operation(
    "identity.drop_password", title=Words("Sign in by passkey alone", "仅用通行密钥登录"),
    permission="identity:self", whose=ONESELF, confirm=lambda command, done: {}, by_key=own_key,
)  # fmt: skip
def drop_password(tx: Tx, command: DropPassword) -> Ended:
    """Let no password sign in any more, until one is chosen by a code that comes to the phone; answers the logins concerned.

    Refuses ``kernel.key_needed``, and ``identity.last_way_in`` where there is no passkey.
    """
    _hold_ways(tx)
    if not store.open_of(tx, tx.actor.id, None):
        raise keys.LAST_WAY_IN()
    may_change(tx)
    at, found = logins.wall_time(tx), logins.logins_of(tx, tx.actor.id)
    for login, _ in found:
        logins.set_password(tx, login.name, passwords.DECOY, at)
    tell(tx, tx.actor.id, Words(
        "Your account takes no password any more, passkeys alone. If it was not you, call the bank at once.",
        "您的账户已停用密码登录，仅可使用通行密钥。如非本人操作，请立即致电本行。",
    ))  # fmt: skip
    return Ended(len(found))


@operation(
    "identity.allow_password", title=Words("Choose another password", "更换密码"), permission="identity:self", whose=ONESELF,
    confirm=lambda command, done: {}, by_key=own_key,
)  # fmt: skip
def allow_password(tx: Tx, command: AllowPassword) -> PasswordAllowed:
    """Allow one change of one's password, which whoever has a passkey confirms by it. Refuses ``kernel.key_needed``."""
    own_key(tx)
    made = proving.ask(tx, service.ANOTHER_PASSWORD, tx.actor.id)
    return PasswordAllowed(tx.actor.by_key, made.expires_at, made.id)


@operation(
    "identity.lose_passkeys", title=Words("End lost passkeys", "停用遗失的通行密钥"),
    permission="identity:manage", four_eyes=True, whose=STAFF,
)  # fmt: skip
def lose_passkeys(tx: Tx, command: LosePasskeys) -> LostPasskeys:
    """End the passkeys, and the codes of an app, of somebody who came to a counter and has lost the devices, once the policy's
    wait is over; sessions end too, and a code to the phone chooses another password from then on. Two officers want it.
    Refuses ``identity.login_unknown``."""
    found = logins.find_login(tx, rules.normal_name(command.name))
    if found is None:
        raise rules.LOGIN_UNKNOWN(actor_id=repr(command.name[:60]))
    actor_id = found[0].actor_id
    waiting = recovery.begin(tx, actor_id, "counter", sign_in.rules_of(tx).counter_wait)
    if waiting is not None:
        return LostPasskeys(actor_id, len(store.open_of(tx, actor_id, None)), waiting.due_at)
    return LostPasskeys(actor_id, recovery.end_factors(tx, actor_id))


@operation(
    "identity.ask_sign_in", title=Words("Ask to sign in by passkey", "申请通行密钥登录"),
    permission="identity:log_in", whose=NOBODYS,
)  # fmt: skip
def ask_sign_in(tx: Tx, command: AskSignIn) -> Asked:
    """Ask for a challenge, for whoever one is: it names no passkey, and tells nobody who has one. Refuses
    ``identity.too_many_challenges``."""
    if not counting.within(tx, ("passkey-source", command.source), keys.WINDOW, keys.ASKED_PER_SOURCE):
        raise keys.TOO_MANY_ASKED()
    made = proving.ask(tx, SIGN_IN, None)
    return Asked(made.expires_at, made.id, base64url.encode(made.challenge), base64url.encode(made.nonce))


@operation(
    "identity.passkey_log_in",
    title=Words("Sign in by passkey", "通行密钥登录"),
    permission="identity:attest",
    whose=NOBODYS,
)
def passkey_log_in(tx: Tx, command: Judged) -> LoggedIn:
    """Open a session where the assertion was right; a clone is an outcome, so that it is remembered."""
    outcome, key = _taken(tx, command, lambda: proving.spend(tx, command.assertion.challenge_id, SIGN_IN, None))
    if outcome != "ok" or key is None:
        return LoggedIn("wrong", key.actor_id if key else None, party_id=key.party_id if key else None, why=outcome)
    found = [logins.hold_login(tx, login.name) for login, _ in logins.logins_of(tx, key.actor_id)]
    open_ones = [each[0] for each in found if each is not None and each[0].disabled_at is None]
    if not open_ones:
        return LoggedIn("wrong", key.actor_id, party_id=key.party_id, why="unknown")
    return service.open_session(tx, open_ones[0], command.device_name, how="passkey")


@operation(
    "identity.ask_confirmation", title=Words("Ask to confirm by passkey", "申请通行密钥确认"),
    permission="identity:self", whose=ONESELF,
)  # fmt: skip
def ask_confirmation(tx: Tx, command: AskConfirmation) -> Asked:
    """Ask for a challenge over what was shown. Refuses ``identity.no_passkey``."""
    there = store.open_of(tx, tx.actor.id, tx.actor.party_id)
    if not there:
        raise keys.NO_PASSKEY()
    made = proving.ask(tx, CONFIRM, tx.actor.id, transaction=command.transaction)
    return Asked(made.expires_at, made.id, base64url.encode(made.challenge), base64url.encode(made.nonce), _ids(there))


@operation(
    "identity.confirm",
    title=Words("Confirm by passkey", "通行密钥确认"),
    permission="identity:attest_self",
    whose=ONESELF,
)
def confirm(tx: Tx, command: Judged) -> Confirmed:
    """Keep an assertion over a transaction, to be used once within its time; a clone is an outcome, so that it is remembered."""
    made = command.assertion
    kept = {
        "passkey": command.passkey_id, "credential": command.public_key, "client_data": made.client_data,
        "authenticator_data": made.authenticator_data, "signature": made.signature,
    }  # fmt: skip
    outcome, _ = _taken(tx, command, lambda: proving.prove(tx, made.challenge_id, tx.actor.id, kept))
    return Confirmed(outcome, made.challenge_id)


def _taken(tx: Tx, command: Judged, take: Callable[[], bool]) -> tuple[Outcome, Credential | None]:
    """What an assertion comes to now that its passkey is held: the counter is looked at once more, and a clone ends it."""
    key = store.find(tx, command.passkey_id)
    if key is not None:
        recovery.settle(tx, key.actor_id)
        key = store.hold(tx, command.passkey_id)
    if command.outcome not in ("ok", "cloned"):
        return command.outcome, key
    if key is None:
        return "unknown", None
    if key.sign_count != command.seen_count and keys.is_cloned(key.sign_count, command.sign_count):
        return _ended(tx, key), key
    if command.outcome == "cloned":
        return _ended(tx, key), key
    if not take():
        return "not_good", key
    store.used(tx, key.id, command.sign_count, logins.wall_time(tx))
    return "ok", key


def _ended(tx: Tx, key: Credential) -> Outcome:
    """A copy of this key is about: nobody signs by it any more, its person is told, and the security officer alarmed."""
    at: datetime = logins.wall_time(tx)
    store.end(tx, key.id, "cloned", at)
    proving.void(tx, [key.id])
    logins.end_sessions(tx, key.actor_id, at)
    evidence.append_many(tx, [(CLONED, ClonedTold(key.id, key.actor_id))])
    tell(tx, key.actor_id, Words(
        "One of your passkeys seems to have been copied and was ended. Call the bank, and sign in another way.",
        "您的一个通行密钥疑似被复制，现已停用。请致电本行，并改用其他方式登录。",
    ))  # fmt: skip
    return "cloned"


def holders(tx: Tx, party_ids: Iterable[str]) -> frozenset[str]:
    """Which of these customers have a passkey."""
    wanted = sorted(set(party_ids))
    return store.holders(tx, wanted) if wanted else frozenset()


@question("identity.own_passkeys", permission="identity:self", whose=ONESELF)
def own_passkeys(tx: Tx) -> list[Passkey]:
    """One's passkeys, those that have ended last."""
    return store.of_actor(tx, tx.actor.id)


@question("identity.cloned_passkeys", permission="identity:manage", whose=STAFF)
def cloned_passkeys(tx: Tx, limit: PageSize = 50) -> list[Cloned]:
    """Passkeys whose counter went back, the newest first: each was ended, and its person told."""
    return store.cloned(tx, limit)


@question("identity.own_login", permission="identity:self", whose=ONESELF)
def own_login(tx: Tx) -> list[str]:
    """The names under which the actor signs in."""
    return [login.name for login, _ in logins.logins_of(tx, tx.actor.id)]
