"""Own sign-in links of a simulated bank: each opens one session of one login, once. A bank with a real clock has none.

A link stands among the sessions of its person, in the list of one's devices, under a word that no cookie can carry as a
session; following it ends it and opens a session of the browser's own. Who makes one is the program alone, on the
bank's own machine: nobody's role may.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.identity import rules, service, store
from farthing.identity.model import LoggedIn
from farthing.kernel.day import is_simulated
from farthing.kernel.operation import operation, secret
from farthing.kernel.whose import NOBODYS, STAFF
from farthing.kit.actor import Proved
from farthing.kit.errors import declined, forbidden
from farthing.kit.inputs import Id, Line, Secret
from farthing.kit.words import Words

LINK_REAL = declined(
    "identity.link_real_bank",
    "A bank with a real clock gives nobody a sign-in link; sign in by name and password.",
    "真实时钟银行不提供登录链接；请使用用户名和密码登录。",
)
LINK_USED = forbidden(
    "identity.link_used",
    "This sign-in link was used or has expired. `farthing links` prints new ones.",
    "此登录链接已使用或已过期；请运行 `farthing links` 获取新链接。",
)
DEVICE = "sign-in link 登录链接"
"""What a link that waits is called in the list of its person's devices."""


@dataclass(frozen=True, slots=True)
class MakeLink:
    """Make a link that signs the login of an actor in, once."""

    actor_id: Id


@dataclass(frozen=True, slots=True)
class Link:
    """A link's token, told once."""

    actor_id: str
    token: str = secret()


@dataclass(frozen=True, slots=True)
class FollowLink:
    """Follow a link: its session opens on this device."""

    token: Secret = secret()
    device_name: Line = ""


@operation(
    "identity.make_link", title=Words("Make a sign-in link", "生成登录链接"), permission="identity:link", whose=STAFF
)
def make_link(tx: Tx, command: MakeLink) -> Link:
    """Make a link of a login; one that waits is good no longer.

    Refuses ``identity.link_real_bank``, ``identity.login_unknown``.
    """
    _simulated(tx)
    found = [login for login, _ in store.logins_of(tx, command.actor_id) if login.disabled_at is None]
    if not found:
        raise rules.LOGIN_UNKNOWN(actor_id=command.actor_id)
    store.end_sessions_of_device(tx, command.actor_id, DEVICE, store.wall_time(tx))
    token = tx.ids.token()
    store.insert_session(
        tx, _kept_as(token), found[0], DEVICE, store.wall_time(tx), Proved("link", store.wall_time(tx))
    )
    return Link(command.actor_id, token)


@operation(
    "identity.follow_link",
    title=Words("Follow a sign-in link", "使用登录链接"),
    permission="identity:attest",
    whose=NOBODYS,
)
def follow_link(tx: Tx, command: FollowLink) -> LoggedIn:
    """End a link and open the session that it stands for; refuses ``identity.link_real_bank``, ``identity.link_used``."""
    _simulated(tx)
    waiting = service.session_of_hash(tx, _kept_as(command.token))
    if waiting is None or not store.end_session(tx, _kept_as(command.token), store.wall_time(tx)):
        raise LINK_USED()
    held = [store.hold_login(tx, login.name) for login, _ in store.logins_of(tx, waiting.actor.id)]
    if not held or held[0] is None or held[0][0].disabled_at is not None:
        raise LINK_USED()
    return service.open_session(tx, held[0][0], command.device_name, how="link")


def first_customers(tx: Tx) -> list[str]:
    """The actors of the two customers who have had a login the longest: whom the customers' doors of a simulated bank let in."""
    return store.first_customers(tx)


def _simulated(tx: Tx) -> None:
    if not is_simulated(tx):
        raise LINK_REAL()


def _kept_as(token: str) -> bytes:
    """Under what a link is kept: the hash of no text, for no text holds such a byte; so nothing that is sent as a session's
    token opens it."""
    return hashlib.sha256(b"\xff" + token.encode("utf-8", "replace")).digest()
