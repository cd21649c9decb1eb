"""Run codes of an app: begin, keep once one was shown, and end. Setting up and ending are changes of how one signs in, as of
:mod:`farthing.identity.authenticators`: confirmed by a passkey where there is one, told to the phone."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.identity import rules as identity
from farthing.identity import store as logins
from farthing.identity.authenticators import service as authenticators
from farthing.identity.codes import rules, store
from farthing.identity.codes.model import BeginCodes, CodesBegun, CodesEnded, CodesKept, EndCodes, KeepCodes, OwnCodes
from farthing.identity.recovery import service as recovery
from farthing.kernel import sealed_anew
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import ONESELF
from farthing.kit.words import Words


@operation(
    "identity.begin_codes", title=Words("Set up codes of an app", "设置动态口令"), permission="identity:self", whose=ONESELF,
    confirm=lambda command, begun: {}, by_key=authenticators.own_key,
)  # fmt: skip
def begin_codes(tx: Tx, command: BeginCodes) -> CodesBegun:
    """Make a seed for an app. Nothing is asked for before a code shows that the app has it.

    Refuses ``kernel.key_needed``, ``identity.prove_again``, ``identity.app_codes_there``, ``identity.login_unknown``.
    """
    authenticators.may_change(tx)
    found = logins.logins_of(tx, tx.actor.id)
    if not found:
        raise identity.LOGIN_UNKNOWN(actor_id=tx.actor.id)
    seed = rules.seed_of(tx.ids.octets(rules.SEED_BYTES))
    if not store.begin(tx, tx.actor.id, tx.ports.peer("vault").seal(seed.encode()), logins.wall_time(tx)):
        raise rules.THERE()
    return CodesBegun(tx.actor.by_key, seed, rules.address(seed, found[0][0].name))


@operation(
    "identity.keep_codes",
    title=Words("Ask for codes of an app", "启用动态口令"),
    permission="identity:self",
    whose=ONESELF,
)
def keep_codes(tx: Tx, command: KeepCodes) -> CodesKept:
    """Ask for a code at each sign-in by password from now on. Wrong codes are outcomes and counted: after five, or after fifteen
    minutes, another seed is begun. Refuses ``identity.app_codes_not_begun``."""
    actor, at = tx.actor.id, logins.wall_time(tx)
    row = store.hold(tx, actor)
    if row is None or row["kept_at"] is not None:
        raise rules.NONE_BEGUN()
    if at - row["made_at"] > rules.LIFE:
        store.end(tx, actor)
        return CodesKept("over")
    step = rules.step_of(tx.ports.peer("vault").unseal(bytes(row["seed"])).decode(), command.code, at, row["last_step"])
    if step is None:
        store.tried(tx, actor)
        over = row["tries"] + 1 >= rules.TRIES
        if over:
            store.end(tx, actor)
        return CodesKept("over" if over else "wrong")
    store.used(tx, actor, step, at)
    recovery_codes = tuple(rules.recovery_code(tx.ids.octets(rules.RECOVERY_BYTES)) for _ in range(rules.RECOVERY))
    store.keep_recovery(tx, actor, [rules.recovery_hash(actor, each) for each in recovery_codes], at)
    recovery.tell(tx, actor, Words(
        "Your account asks for the codes of an app beside the password. If it was not you, call the bank at once.",
        "您的账户已启用动态口令登录验证。如非本人操作，请立即致电本行。",
    ))  # fmt: skip
    return CodesKept("kept", at, recovery_codes)


def require_kept(result: CodesKept) -> CodesKept:
    """The result, or refuse ``identity.app_code_wrong`` or ``identity.app_codes_over`` (for the doors)."""
    if result.outcome != "kept":
        raise (rules.OVER if result.outcome == "over" else rules.WRONG)()
    return result


@operation(
    "identity.end_codes", title=Words("End codes of an app", "停用动态口令"), permission="identity:self", whose=ONESELF,
    confirm=lambda command, ended: {}, by_key=authenticators.own_key,
)  # fmt: skip
def end_codes(tx: Tx, command: EndCodes) -> CodesEnded:
    """Ask for no more codes, and forget seed and recovery codes. Refuses ``kernel.key_needed``, ``identity.prove_again``,
    ``identity.recovery_open``."""
    authenticators.may_change(tx)
    recovery.nothing_lowered(tx)
    ended = store.end(tx, tx.actor.id)
    if ended:
        recovery.tell(tx, tx.actor.id, Words(
            "Your account asks for no more codes of an app. If it was not you, call the bank at once.",
            "您的账户已停用动态口令。如非本人操作，请立即致电本行。",
        ))  # fmt: skip
    return CodesEnded(ended)


@question("identity.own_codes", permission="identity:self", whose=ONESELF)
def own_codes(tx: Tx) -> OwnCodes:
    """Whether codes of an app are asked for, and how many recovery codes are left."""
    return OwnCodes(store.kept_at(tx, tx.actor.id), store.recovery_left(tx, tx.actor.id))


def seal_anew(tx: Tx, limit: int) -> int:
    """Seal some seeds as the vault seals now, that were sealed otherwise; answers how many."""
    return sealed_anew.seal_anew(tx, store.OTHERWISE, store.ANEW, {"seed": tx.ports.peer("vault").SECRETS}, limit)
