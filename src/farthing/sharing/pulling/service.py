"""Run what a person and the staff do: set institutions up, send a person to one, take her answer, stop, see what was fetched.

Whoever asks an institution is ``carrying_service``, with no transaction open. The state that comes back is a secret of one pull
of one person: an answer that somebody else was given is none to her.
"""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric import ec

from farthing.credit.history import pulled_service as history
from farthing.db.tx import Tx
from farthing.identity import counting, jose
from farthing.kernel import errands, sealed_anew
from farthing.kernel.day import is_simulated
from farthing.kernel.operation import Asked, operation
from farthing.kernel.question import question
from farthing.kernel.whose import ONESELF, STAFF
from farthing.kit.inputs import PageSize
from farthing.kit.words import Words
from farthing.parties.vouching import rules as vouching
from farthing.sharing.pulling import carrying_service as carrying
from farthing.sharing.pulling import rules, store
from farthing.sharing.pulling.model import (
    AskPull,
    Choosable,
    ClientKey,
    ComeBack,
    EndGiver,
    Giver,
    MakeClientKey,
    OwnPull,
    OwnPulls,
    Pull,
    PullAsked,
    RegisterGiver,
    StopPull,
)


@operation(
    "sharing.make_client_key", title=Words("Have a key that proves the bank elsewhere", "备妥本行对外身份密钥"),
    permission="identity:manage", whose=STAFF,
)  # fmt: skip
def make_client_key(tx: Tx, command: MakeClientKey) -> ClientKey:
    """Make a key where there is none; answers its public half, which is registered at other institutions."""
    if store.key(tx) is None:
        key_id, key = tx.new_id("jwk"), ec.generate_private_key(ec.SECP256R1())
        public = jose.public_key(key, key_id)
        store.add_key(tx, key_id, tx.ports.peer("vault").wrap(key), public, counting.wall(tx))
    found = store.key(tx)
    assert found is not None
    return ClientKey(found["id"], (dict(found["public_key"]),))


def seal_anew(tx: Tx, limit: int) -> int:
    """Seal the bank's key and what pulls keep as the vault seals now, where it was sealed otherwise; answers how many."""
    vault = tx.ports.peer("vault")
    about = {"bound_key": vault.KEYS, "verifier": vault.SECRETS, "code": vault.SECRETS, "refresh": vault.SECRETS}
    keys = sealed_anew.seal_anew(tx, store.KEYS_OTHERWISE, store.KEYS_ANEW, {"key": vault.KEYS}, limit)
    return keys + sealed_anew.seal_anew(tx, store.OTHERWISE, store.ANEW, about, limit)


@operation(
    "sharing.register_giver", title=Words("Let people bring their history from an institution", "设置可取得记录的机构"),
    permission="identity:manage", four_eyes=True, whose=STAFF,
)  # fmt: skip
def register_giver(tx: Tx, command: RegisterGiver) -> Giver:
    """Set an institution up, which two persons must want. Refuses ``sharing.giver_bad``, ``sharing.too_many_givers``."""
    rules.check_giver(command, is_simulated(tx))
    if sum(each.ended_at is None for each in store.givers(tx)) >= rules.MOST_GIVERS:
        raise rules.TOO_MANY_GIVERS(most=rules.MOST_GIVERS)
    made = Giver(
        tx.new_id("giver"), command.name.strip(), command.name_zh.strip(), command.issuer, command.client_id, command.back,
        counting.wall(tx),
    )  # fmt: skip
    store.add_giver(tx, made)
    return made


@operation(
    "sharing.end_giver", title=Words("Fetch nothing more from an institution", "停止从机构取得记录"),
    permission="identity:manage", whose=STAFF,
)  # fmt: skip
def end_giver(tx: Tx, command: EndGiver) -> Giver:
    """Fetch nothing more there, and end what runs. Refuses ``sharing.giver_unknown``."""
    at = counting.wall(tx)
    found = store.giver(tx, command.giver_id)
    if found is None or not store.end_giver(tx, found.id, at):
        raise rules.GIVER_UNKNOWN(giver=repr(command.giver_id[:60]))
    for pull_id in store.running_at(tx, found.id):
        carrying.end(tx, pull_id, "house")
    return Giver(found.id, found.name, found.name_zh, found.issuer, found.client_id, found.back, found.made_at, at)


@question("sharing.givers", permission="identity:manage", whose=STAFF)
def givers(tx: Tx) -> list[Giver]:
    """All institutions from which people bring, or brought, their history."""
    return store.givers(tx)


@question("sharing.choosable", permission="identity:self", whose=ONESELF)
def choosable(tx: Tx) -> list[Choosable]:
    """The institutions from which one may bring one's history."""
    return [
        Choosable(each.id, each.name, each.name_zh, rules.host_of(each.issuer))
        for each in store.givers(tx)
        if each.ended_at is None
    ]


def _asked(tx: Tx, asked: Asked) -> PullAsked:
    """Where she goes; refuses ``sharing.giver_silent``, ``sharing.giver_refused``."""
    pull = _there(tx, asked.subject)
    if pull.address is None:
        named = _named(tx, pull.giver_id)
        raise rules.REFUSED(**named) if pull.state == "ended" else rules.SILENT(**named)
    return PullAsked(pull.id, pull.giver_id, pull.expires_at, pull.address)


@operation(
    "sharing.ask_pull", title=Words("Bring history from another institution", "从其他机构取得记录"), permission="identity:self",
    whose=ONESELF, conclude=_asked,
)  # fmt: skip
def ask_pull(tx: Tx, command: AskPull) -> Asked:
    """Ask an institution for one's payments since a day and until another; the person then agrees there. With it she allows that
    they are used for a loan application, as long.

    Refuses ``parties.openid_session_needed``, ``sharing.giver_unknown``, ``sharing.pull_range``, ``sharing.pull_runs``,
    ``sharing.pull_too_often``, ``sharing.giver_silent``, ``sharing.giver_refused``.
    """
    party_id, at = vouching.herself(tx.actor), counting.wall(tx)
    giver = store.giver(tx, command.giver_id)
    if giver is None or giver.ended_at is not None:
        raise rules.GIVER_UNKNOWN(giver=repr(command.giver_id[:60]))
    rules.check_range(command.from_on, command.until, tx.business_date)
    before = [each for each in store.of_party(tx, party_id) if each.giver_id == giver.id]
    if any(each.state in ("came", "running") for each in before):
        raise rules.RUNS()
    if not counting.within(tx, ("pull", party_id), rules.WITHIN, rules.ASKED):
        raise rules.TOO_OFTEN()
    for each in before:
        carrying.end(tx, each.id, "declined")  # what waited there is not waited for any more
    make_client_key(tx, MakeClientKey())
    history.allow(tx, party_id, command.until)
    vault, pull_id, secret = tx.ports.peer("vault"), tx.new_id("pull"), tx.ids.token()
    store.ask(tx, Pull(
        pull_id, party_id, giver.id, command.from_on, command.until, "asked", at, at + rules.WAITS, vouching.hashed(secret),
        vault.wrap(ec.generate_private_key(ec.SECP256R1())), vault.seal(f"{tx.ids.token()} {secret}".encode()), None, None, None,
        "unknown", None, None, None, None,
    ))  # fmt: skip
    errand = errands.write(tx, f"push-{pull_id}", carrying.PUSH, giver.id, pull_id, None, carrying.pushed)
    return Asked(pull_id, (errand,))


def _answered(tx: Tx, asked: Asked) -> OwnPull:
    return _shown(tx, _there(tx, asked.subject))


@operation(
    "sharing.come_back", title=Words("Come back from another institution", "从其他机构返回"), permission="identity:self",
    whose=ONESELF, conclude=_answered,
)  # fmt: skip
def come_back(tx: Tx, command: ComeBack) -> Asked:
    """Take the answer with which one was sent back, once; precedence: whose question it answers, the institution, what it says.

    Refuses ``sharing.pull_not_asked``, ``sharing.pull_mixed_up``.
    """
    pull_id, secret = vouching.taken_apart(command.state, rules.STATE, "pull")
    pull = store.hold(tx, pull_id) if pull_id else None
    if pull is None or not vouching.same(pull.state_hash, secret) or pull.party_id != vouching.herself(tx.actor):
        raise rules.NOT_ASKED()
    if pull.state != "asked" or pull.expires_at <= counting.wall(tx):
        raise rules.NOT_ASKED()
    giver = store.giver(tx, pull.giver_id)
    if giver is None or command.iss != giver.issuer:
        raise rules.MIXED_UP(**_named(tx, pull.giver_id))
    if command.error or not command.code:
        carrying.end(tx, pull.id, "declined")
        return Asked(pull.id)
    store.came(tx, pull.id, tx.ports.peer("vault").seal(command.code.encode()))
    errand = errands.write(tx, f"exchange-{pull.id}", carrying.EXCHANGE, giver.id, pull.id, None, carrying.exchanged)
    return Asked(pull.id, (errand,))


@operation(
    "sharing.stop_pull", title=Words("Stop bringing history from elsewhere", "停止从其他机构取得记录"),
    permission="identity:self", whose=ONESELF,
)  # fmt: skip
def stop_pull(tx: Tx, command: StopPull) -> OwnPull:
    """Fetch nothing more, at once; the other institution is told. Refuses ``sharing.pull_unknown``, ``sharing.pull_ended``."""
    pull = store.hold(tx, command.pull_id)
    if pull is None or pull.party_id != tx.actor.party_id:
        raise rules.PULL_UNKNOWN(pull_id=repr(command.pull_id[:60]))
    if not carrying.end(tx, pull.id, "person"):
        raise rules.PULL_ENDED()
    return _shown(tx, _there(tx, pull.id))


@question("sharing.own_pulls", permission="identity:self", whose=ONESELF)
def own_pulls(tx: Tx, limit: PageSize = 50) -> OwnPulls:
    """What one lets the bank fetch elsewhere, and what was fetched when, the newest first."""
    party_id = tx.actor.party_id
    if party_id is None:
        return OwnPulls((), ())
    known = {each.id: each for each in store.givers(tx)}
    pulls = tuple(_seen(each, known[each.giver_id]) for each in store.of_party(tx, party_id)[:limit])
    return OwnPulls(pulls, tuple(store.pages(tx, party_id, limit)))


def _there(tx: Tx, pull_id: str) -> Pull:
    found = store.pull(tx, pull_id)
    assert found is not None
    return found


def _named(tx: Tx, giver_id: str) -> Mapping[str, str]:
    found = store.giver(tx, giver_id)
    return {"name": found.name if found else giver_id, "name_zh": found.name_zh if found else giver_id}


def _shown(tx: Tx, pull: Pull) -> OwnPull:
    found = store.giver(tx, pull.giver_id)
    assert found is not None
    return _seen(pull, found)


def _seen(pull: Pull, giver: Giver) -> OwnPull:
    return OwnPull(
        pull.id, giver.name, giver.name_zh, rules.host_of(giver.issuer), pull.from_on, pull.until, pull.state, pull.holder,
        pull.asked_at, pull.pulled_on, pull.ended_at, pull.ended_why,
    )  # fmt: skip


def forget(tx: Tx, party_id: str) -> None:
    """Somebody is erased: nothing more of her is fetched."""
    for each in store.of_party(tx, party_id):
        carrying.end(tx, each.id, "erased")
