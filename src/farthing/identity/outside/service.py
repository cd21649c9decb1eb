"""Run logins at other institutions: send somebody there, link, sign in, unlink. Who asks a provider is ``entrance``, which has no
transaction open while it does.

A login elsewhere signs in; it is no way of this bank's own. It changes no way in, and pays nothing that a passkey is asked for.
"""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.identity import counting, service
from farthing.identity import store as logins
from farthing.identity.authenticators import service as authenticators
from farthing.identity.model import Ended, LoggedIn
from farthing.identity.outside import rules, store
from farthing.identity.outside.model import (
    AskLink,
    AskOutside,
    Came,
    LinkOutside,
    OutsideLogin,
    Sent,
    UnlinkOutside,
    Waits,
)
from farthing.identity.recovery.service import settle, tell
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, ONESELF
from farthing.kit.actor import Proved
from farthing.kit.words import Words


@operation(
    "identity.ask_outside", title=Words("Ask to sign in elsewhere", "申请外部登录"),
    permission="identity:log_in", whose=NOBODYS,
)  # fmt: skip
def ask_outside(tx: Tx, command: AskOutside) -> Sent:
    """Send somebody to a provider to sign in, whoever that is. Refuses ``identity.outside_provider_unknown``,
    ``identity.too_many_outside``."""
    provider = _known(tx, command.provider)
    if not counting.within(tx, ("outside-source", command.source), rules.WINDOW, rules.ASKED_PER_SOURCE):
        raise rules.TOO_MANY_ASKED()
    return _sent(tx, provider, None)


@operation(
    "identity.ask_link", title=Words("Ask to link a login elsewhere", "申请关联外部登录"),
    permission="identity:self", whose=ONESELF,
)  # fmt: skip
def ask_link(tx: Tx, command: AskLink) -> Sent:
    """Send a customer to a provider, to link the login there. Refuses ``identity.outside_provider_unknown``,
    ``identity.outside_customers_alone``, ``identity.own_way_needed``."""
    provider = _known(tx, command.provider)
    if tx.actor.party_id is None:
        raise rules.CUSTOMERS_ALONE()
    authenticators.check_own_way(tx)
    return _sent(tx, provider, tx.actor.id)


def _sent(tx: Tx, provider: str, actor_id: str | None) -> Sent:
    flow, at = tx.ids.token(), logins.wall_time(tx)
    until = at + rules.LIVES
    store.send(tx, rules.flow_id_of(flow), provider, actor_id, at, until, at - rules.KEPT)
    return Sent(provider, until, flow)


@operation(
    "identity.outside_log_in", title=Words("Sign in by a login elsewhere", "外部登录"),
    permission="identity:attest", whose=NOBODYS,
)  # fmt: skip
def outside_log_in(tx: Tx, command: Came) -> LoggedIn:
    """Open a session for whoever has linked the login; every other outcome is told and changes nothing but that the question is
    answered."""
    at = logins.wall_time(tx)
    asked, for_whom = store.spend(tx, command.flow_id, command.provider, command.issuer, None, at)
    if not asked or for_whom is not None:
        return LoggedIn("wrong", why="stale")
    actor_id = store.linked(tx, command.login_id)
    if actor_id is None:
        return LoggedIn("wrong", why="unlinked")
    settle(tx, actor_id)
    if service.asks_codes(tx, actor_id) and not command.strong:
        return LoggedIn("wrong", actor_id, why="weaker")
    held = [logins.hold_login(tx, login.name) for login, _ in logins.logins_of(tx, actor_id)]
    open_ones = [each[0] for each in held if each is not None and each[0].disabled_at is None]
    if not open_ones or store.used(tx, command.login_id, at) != actor_id:
        return LoggedIn("wrong", actor_id, why="unlinked")
    proved = Proved("outside", command.proved_at, command.vouched_by)
    return service.open_session(tx, open_ones[0], command.device_name, proved=proved)


@operation(
    "identity.outside_came", title=Words("A login elsewhere waits to be linked", "外部登录待关联"),
    permission="identity:attest", whose=NOBODYS,
)  # fmt: skip
def outside_came(tx: Tx, command: Came) -> Waits:
    """Note with which login a customer came back, who was sent to link it: she says so herself then, signed in here."""
    if store.linked(tx, command.login_id) is not None:
        return Waits("taken", command.flow_id)
    asked, for_whom = store.spend(
        tx, command.flow_id, command.provider, command.issuer, command.login_id, logins.wall_time(tx)
    )
    return Waits("ok" if asked and for_whom is not None else "stale", command.flow_id)


@operation(
    "identity.link_outside", title=Words("Link a login elsewhere", "关联外部登录"), permission="identity:self", whose=ONESELF,
    confirm=lambda command, done: {"provider": done.provider, "issuer": done.issuer}, by_key=authenticators.own_key,
)  # fmt: skip
def link_outside(tx: Tx, command: LinkOutside) -> OutsideLogin:
    """Let the login with which one came back sign in here. Refuses ``kernel.key_needed``, ``identity.prove_again``,
    ``identity.own_way_needed``, ``identity.outside_not_asked``, ``identity.outside_taken``."""
    authenticators.may_change(tx)
    flow, at, party_id = store.flow(tx, command.flow_id), logins.wall_time(tx), tx.actor.party_id
    if flow is None or flow.login_id is None or flow.issuer is None or party_id is None:
        raise rules.NOT_ASKED()
    if not store.take(tx, flow.id, flow.login_id, tx.actor.id, at):
        raise rules.NOT_ASKED()
    made = OutsideLogin(flow.login_id, flow.provider, flow.issuer, at)
    if not store.link(tx, made, tx.actor.id, party_id):
        raise rules.TAKEN()
    tell(tx, tx.actor.id, Words(
        f"Your login at {made.issuer} signs you in from now on. If it was not you, call the bank at once.",
        f"您在 {made.issuer} 的登录已可用于登录本行账户。如非本人操作，请立即致电本行。",
    ))  # fmt: skip
    return made


@operation(
    "identity.unlink_outside", title=Words("Unlink a login elsewhere", "解除外部登录"), permission="identity:self", whose=ONESELF,
    confirm=lambda command, done: {"login_id": command.login_id}, by_key=authenticators.own_key,
)  # fmt: skip
def unlink_outside(tx: Tx, command: UnlinkOutside) -> Ended:
    """Let a login elsewhere sign in no more; the ways of this bank stay. Answers how many sessions ended. Refuses
    ``kernel.key_needed``, ``identity.prove_again``, ``identity.own_way_needed``, ``identity.outside_not_found``."""
    authenticators.may_change(tx)
    found = next((each for each in store.of_actor(tx, tx.actor.id) if each.id == command.login_id), None)
    if found is None or not store.unlink(tx, found.id, tx.actor.id):
        raise rules.NOT_YOURS(login_id=command.login_id[:64])
    tell(tx, tx.actor.id, Words(
        f"Your login at {found.issuer} no longer signs you in. If it was not you, call the bank at once.",
        f"您在 {found.issuer} 的登录已不能用于登录本行账户。如非本人操作，请立即致电本行。",
    ))  # fmt: skip
    return Ended(logins.end_sessions_by(tx, tx.actor.id, "outside", logins.wall_time(tx)))


@question("identity.own_outside", permission="identity:self", whose=ONESELF)
def own_outside(tx: Tx) -> list[OutsideLogin]:
    """One's logins elsewhere that sign in here."""
    return store.of_actor(tx, tx.actor.id)


def _known(tx: Tx, name: str) -> str:
    """The name of a provider that there is. Refuses ``identity.outside_provider_unknown``."""
    if not tx.ports.has("openid", name):
        raise rules.PROVIDER_UNKNOWN(provider=repr(name[:60]))
    return name
