"""Run recoveries: begin to wait, tell, stop, and take effect. Called by whoever proved somebody: the way in by a code to the
phone, and the officers' operation of :mod:`farthing.identity.authenticators`.

Nothing runs when a wait is over: what officers asked for takes effect when somebody next signs in or signs as that login, and a
password is chosen by another code, so that the phone was in hand at both ends of the wait.
"""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Tx
from farthing.identity import counting, sign_in
from farthing.identity import store as logins
from farthing.identity.authenticators import rules as keys
from farthing.identity.authenticators import store as passkeys
from farthing.identity.codes import rules as words
from farthing.identity.codes import store as codes
from farthing.identity.outside import store as outside
from farthing.identity.recovery import rules, store
from farthing.identity.recovery.model import Recovery, StopByWord, Stopped, StopRecovery, Way
from farthing.kernel import noticing
from farthing.kernel.acting import powers_service as powers
from farthing.kernel.operation import operation
from farthing.kernel.proving import service as proving
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, ONESELF
from farthing.kit.words import Words


def by_code(tx: Tx, actor_id: str) -> Recovery | None:
    """A code to the phone proved somebody who has a login: the recovery that waits, or none where a password may be chosen now.

    Refuses ``identity.recovery_stopped``.
    """
    settle(tx, actor_id)
    found = store.hold(tx, actor_id)
    code, counter = found.get("code"), found.get("counter")
    law = sign_in.rules_of(tx)
    does = rules.by_code(code, counter, tx.now)
    if does == "wait":
        return code
    if does == "begin":
        return begin(tx, actor_id, "code", law.code_wait)
    for way in found:
        store.set_state(tx, actor_id, way, "used")
    return None


def begin(tx: Tx, actor_id: str, way: Way, wait: timedelta) -> Recovery | None:
    """Let a recovery wait, and tell its person's phone; none where the policy knows no wait."""
    if not wait:
        return None
    due_at = tx.now + wait
    made = Recovery(way, "waiting", tx.now, due_at, due_at + sign_in.rules_of(tx).ready)
    word = words.recovery_code(tx.ids.octets(rules.WORD_BYTES))
    store.begin(tx, actor_id, made, words.recovery_hash("stop", word))
    tell(tx, actor_id, rules.told(way, due_at, word))
    return made


def settle(tx: Tx, actor_id: str) -> None:
    """What two officers asked for takes effect, where its wait is over: lost passkeys, app codes, logins elsewhere and
    sessions end."""
    counter = store.find(tx, actor_id).get("counter")
    if counter is None or counter.state != "waiting" or rules.phase(counter, tx.now) != "ready":
        return
    held = store.hold(tx, actor_id).get("counter")
    if held is not None and held.state == "waiting":
        store.set_state(tx, actor_id, "counter", "done")
        end_factors(tx, actor_id)


def end_factors(tx: Tx, actor_id: str) -> int:
    """Passkeys, app codes and logins elsewhere of a login end as lost, sessions too, and its person is told; answers how many
    passkeys."""
    at = logins.wall_time(tx)
    ended = passkeys.end_all(tx, actor_id, "lost", at)
    proving.void(tx, ended)
    count = len(ended)
    codes.end(tx, actor_id)
    outside.forget(tx, actor_id)
    end_given(tx, actor_id)
    logins.end_sessions(tx, actor_id, at)
    tell(tx, actor_id, Words(
        f"The bank ended {count} lost passkeys of your account and unlinked its logins elsewhere. If you did not ask for "
        "it, call the bank at once.",
        f"本行已停用您账户遗失的通行密钥（{count} 个），并解除全部外部登录。如非本人申请，请立即致电本行。",
    ))  # fmt: skip
    return count


def end_given(tx: Tx, actor_id: str) -> None:
    """Powers of attorney that a lost or closed login gave lately end, and its person is told: what was her own wish
    she gives anew."""
    for login, _ in logins.logins_of(tx, actor_id):
        if login.party_id is not None and powers.end_lately_given(tx, login.party_id):
            noticing.tell(tx, login.party_id, login.name, Words(
                "Whom you let act for you lately acts for you no more, since your login was lost or closed. Look under Me, Who "
                "acts for me, and give it anew if you wish.",
                "因您的登录账户已遗失或停用，您近期授予他人的代办授权已终止。请在“我的—谁为我办理”中查看；如仍需要，请重新授权。",
            ))  # fmt: skip


def nothing_lowered(tx: Tx) -> None:
    """Refuse ``identity.recovery_open`` while a recovery of whoever acts waits: no way in is taken away meanwhile."""
    for found in store.find(tx, tx.actor.id).values():
        if rules.phase(found, tx.now) == "waits":
            raise rules.LOWERS(due_at=found.due_at)


def tell(tx: Tx, actor_id: str, said: Words) -> None:
    """Tell a customer's phone; staff, of whom no phone is kept, see it where they are signed in."""
    for login, _ in logins.logins_of(tx, actor_id):
        if login.party_id is not None:
            noticing.tell(tx, login.party_id, login.name, said)


@operation(
    "identity.stop_recovery", title=Words("Stop a recovery", "终止登录找回"), permission="identity:self", whose=ONESELF
)
def stop_recovery(tx: Tx, command: StopRecovery) -> Stopped:
    """Stop what waits, from any device where one is signed in by a way of this bank. Refuses ``identity.no_recovery``,
    ``identity.own_way_needed``."""
    keys.check_own_way(tx.actor)
    stopped = _stopped(tx, tx.actor.id)
    if not stopped.count:
        raise rules.NOTHING_WAITS()
    return stopped


@operation(
    "identity.stop_by_word", title=Words("Stop a recovery by a word", "凭口令终止登录找回"),
    permission="identity:log_in", whose=NOBODYS,
)  # fmt: skip
def stop_by_word(tx: Tx, command: StopByWord) -> Stopped:
    """Stop what waits by the word that came to the phone; one that stops nothing is an outcome. Refuses
    ``identity.too_many_stop_words``."""
    if not counting.within(tx, ("stop-word", command.source), rules.WINDOW, rules.WORDS_PER_SOURCE):
        raise rules.TOO_MANY_WORDS()
    actor_id = store.of_word(tx, words.recovery_hash("stop", command.word))
    return Stopped(0) if actor_id is None else _stopped(tx, actor_id)


def require_stopped(result: Stopped) -> Stopped:
    """The result, or refuse ``identity.stop_word_wrong`` (for the doors)."""
    if not result.count:
        raise rules.WORD_WRONG()
    return result


def _stopped(tx: Tx, actor_id: str) -> Stopped:
    count = store.stop(tx, actor_id, tx.now + sign_in.rules_of(tx).stopped)
    if count:
        tell(tx, actor_id, Words(
            "The recovery of your account was stopped; everything is as it was.",
            "您账户的登录找回已终止，一切保持原状。",
        ))  # fmt: skip
    return Stopped(count)


@question("identity.own_recoveries", permission="identity:self", whose=ONESELF)
def own_recoveries(tx: Tx) -> list[Recovery]:
    """Recoveries of one's own login that wait or can be finished now."""
    found = store.find(tx, tx.actor.id).values()
    return [each for each in found if each.state != "stopped" and rules.phase(each, tx.now) != "none"]
