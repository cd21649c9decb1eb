"""Ask a provider with no transaction open: send somebody there, and judge what she came back with; an operation then says what
came of it, as :mod:`farthing.identity.entrance` does for passwords."""

from __future__ import annotations

from dataclasses import dataclass, field

from farthing.identity import jose
from farthing.identity.authenticators.model import Site
from farthing.identity.model import LoggedIn, Place
from farthing.identity.outside import rules, service, store
from farthing.identity.outside.model import (
    Answer,
    AskLink,
    AskOutside,
    Came,
    OutsideProvider,
    ProviderShown,
    Sent,
    Waits,
)
from farthing.identity.rules import ANONYMOUS, DOOR, source_of
from farthing.kernel.run import Kernel
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal

ERRORS = ("access_denied", "login_required", "interaction_required", "consent_required")
"""What a provider calls it that its person did not sign in or agree there."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Where somebody is sent, and what her browser keeps meanwhile."""

    address: str
    flow: str = field(repr=False)


def providers(kernel: Kernel) -> list[ProviderShown]:
    """Whose logins this bank takes; nobody is asked."""
    found = [_peer(kernel, name).provider for name in kernel.ports.names("openid")]
    return [ProviderShown(each.name, each.title) for each in found]


def begin(kernel: Kernel, site: Site, provider: str, place: Place) -> Begun:
    """Send somebody to a provider to sign in. Refuses ``identity.outside_provider_unknown``, ``identity.outside_silent``,
    ``identity.outside_untrue``, ``identity.too_many_outside``."""
    peer = _peer(kernel, provider)
    where = peer.endpoints()
    sent: Sent = kernel.run(service.ask_outside, AskOutside(provider, source_of(place.source)), actor=ANONYMOUS)
    return Begun(rules.address(peer.provider, where, site.origin, sent.flow, link=False), sent.flow)


def begin_link(kernel: Kernel, site: Site, provider: str, who: Actor) -> Begun:
    """Send a customer to a provider, to link her login there. Refuses as :func:`begin` does, and what
    :func:`farthing.identity.outside.service.ask_link` refuses."""
    peer = _peer(kernel, provider)
    where = peer.endpoints()
    sent: Sent = kernel.run(service.ask_link, AskLink(provider), actor=who)
    return Begun(rules.address(peer.provider, where, site.origin, sent.flow, link=True), sent.flow)


def answered(kernel: Kernel, site: Site, provider: str, answer: Answer, place: Place) -> LoggedIn | Waits:
    """Take what somebody came back with: a session, or a login that waits to be linked.

    Precedence: the browser's own question, whose answer it is, what it says, the code, the token. Refuses
    ``identity.outside_not_asked``, ``identity.outside_mixed_up``, ``identity.outside_declined``, ``identity.outside_refused``,
    ``identity.outside_silent``, ``identity.outside_untrue``, ``identity.outside_unlinked``, ``identity.outside_weaker``,
    ``identity.outside_taken``.
    """
    peer = _peer(kernel, provider)
    if not rules.is_asked(answer):
        raise rules.NOT_ASKED()
    flow_id = rules.flow_id_of(answer.flow)
    flow = kernel.read(lambda tx: store.flow(tx, flow_id))
    if flow is None or not rules.waits(flow, provider, kernel.wall()):
        raise rules.NOT_ASKED()
    called = {"provider": peer.provider.title.en, "provider_zh": peer.provider.title.zh}
    if answer.iss != peer.provider.issuer and (answer.iss or peer.endpoints().says_issuer):
        raise rules.MIXED_UP(**called)
    if answer.error in ERRORS:
        raise rules.DECLINED(**called)
    if answer.error or not answer.code:
        raise rules.REFUSED(**called, problem="error", problem_zh="error")
    link = flow.actor_id is not None
    proven = _proven(kernel, site, peer, answer, link=link)
    came = Came(
        flow_id,
        provider,
        peer.provider.issuer,
        proven.login_id,
        proven.proved_at,
        proven.strong,
        proven.vouched_by,
        None,
        place.device_name[:500],
    )
    if link:
        waits: Waits = kernel.run(service.outside_came, came, actor=DOOR)
        if waits.outcome != "ok":
            raise rules.TAKEN() if waits.outcome == "taken" else rules.NOT_ASKED()
        return waits
    done: LoggedIn = kernel.run(service.outside_log_in, came, actor=DOOR)
    if done.outcome != "ok":
        raise refusal_of(done.why, called)
    return done


def _proven(kernel: Kernel, site: Site, peer: OutsideProvider, answer: Answer, *, link: bool) -> rules.Proven:
    """What the provider's token proves; keys that it has changed are fetched once more, and not for each token that says so."""
    back = rules.redirect_uri(site.origin, peer.provider.name)
    token = peer.id_token(answer.code[:2_000], back, rules.of_flow(answer.flow, "verifier"))
    try:
        try:
            claims = jose.verified(token, peer.keys())
        except jose.KeyUnknown:
            claims = jose.verified(token, peer.keys(again=True))
        return rules.judged(claims, peer.provider, answer.flow, kernel.wall(), link=link)
    except jose.Untrue as why:
        raise rules.untrue(peer.provider, why) from None


def refusal_of(why: str | None, called: dict[str, str]) -> Refusal:
    """An outcome as the refusal that tells it."""
    if why == "weaker":
        return rules.WEAKER(**called)
    return rules.UNLINKED() if why == "unlinked" else rules.NOT_ASKED()


def _peer(kernel: Kernel, provider: str) -> OutsideProvider:
    if not kernel.ports.has("openid", provider):
        raise rules.PROVIDER_UNKNOWN(provider=repr(provider[:60]))
    peer: OutsideProvider = kernel.ports.peer("openid", provider)
    return peer
