"""Compare passwords with no transaction open: read the hash, compare, and let an operation say what came of it.

A comparison takes a tenth of a second and 64 MiB. Inside a transaction it would hold a database session and the lock
of a counter all that time, and forty log-ins would stop the bank.
"""

from __future__ import annotations

from farthing.identity import passwords, rules, service, store
from farthing.identity.model import (
    Attempt,
    ChangePassword,
    Ended,
    LoggedIn,
    LogIn,
    Place,
    Renew,
    Session,
    SetPassword,
)
from farthing.kernel.run import Kernel
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal

NOWHERE = Place()


def log_in(kernel: Kernel, command: LogIn, place: Place = NOWHERE) -> LoggedIn:
    """Check a name and password and open a session; wrong and locked are outcomes, not refusals.

    A name that does not exist takes as long, answers the same and is counted in the same way as one that does.
    """
    name, password = rules.normal_name(command.name), passwords.normal(command.password)
    found = kernel.read(lambda tx: store.find_login(tx, name))
    seen = found[1] if found else passwords.DECOY
    fits = passwords.fits(seen, password)
    fresh = passwords.hash_password(password) if found and fits and _weaker(found[0].must_change, seen) else None
    source, device_name = rules.source_of(place.source), place.device_name[:500]
    attempt = Attempt(name, fits, seen, fresh, command.device, source, device_name, command.code)
    answer: LoggedIn = kernel.run(service.log_in, attempt, actor=rules.DOOR)
    return answer


def _weaker(must_change: bool, seen: str) -> bool:
    """Whether a hash is to be made again with today's parameters; one that works once is not worth it."""
    return not must_change and passwords.is_outdated(seen)


def change_password(kernel: Kernel, command: ChangePassword, actor: Actor) -> Ended:
    """Replace the actor's own password and end every session of theirs.

    Refuses ``kernel.key_needed``, ``identity.login_unknown``, ``identity.wrong_login``, ``identity.password_weak``,
    ``identity.same_password``.
    """
    logins = kernel.read(lambda tx: store.logins_of(tx, actor.id))
    if not logins:
        raise rules.LOGIN_UNKNOWN(actor_id=actor.id)
    old = passwords.normal(command.old)
    if not all(passwords.fits(seen, old) for _, seen in logins):
        raise rules.WRONG()
    checked = [(login.name, seen, rules.check_password(command.new, login.name)) for login, seen in logins]
    if old == checked[0][2]:
        raise rules.SAME_PASSWORD()
    hashes = tuple((name, seen, passwords.hash_password(fresh)) for name, seen, fresh in checked)
    herself = Actor(actor.id, frozenset({"identity:attest_self"}), actor.party_id, person_id=actor.person_id)
    ended: Ended = kernel.run(service.set_password, SetPassword(hashes, command.permit), actor=herself)
    return ended


def who_is(kernel: Kernel, token: str) -> Session:
    """Whom a token stands for, its session renewed where that is due; refuses ``identity.not_signed_in``."""
    found = kernel.read(lambda tx: service.session(tx, token))
    if found.renew_due:
        renew_all(kernel, {token: found})
    return found


def whose_was(kernel: Kernel, token: str) -> str | None:
    """The actor whose session a token was, where it has only lapsed; none where somebody ended it, it lives, or is unknown."""
    hashed = bytes.fromhex(service.session_id_of(token))
    found = kernel.read(lambda tx: service.session_of_hash(tx, hashed, lapsed=True)) if token else None
    return found.actor.id if found else None


def renew_all(kernel: Kernel, sessions: dict[str, Session]) -> None:
    """Renew the sessions that are in use; one that ended meanwhile stays ended."""
    for token, found in sessions.items():
        if found.renew_due:
            try:
                kernel.run(service.renew, Renew(token), actor=found.actor)
            except Refusal:
                continue
