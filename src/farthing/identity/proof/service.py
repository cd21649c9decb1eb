"""Ask for a code and take it: called inside the operations that need a proof. Sends nothing; the caller does, when the
transaction is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.identity import counting
from farthing.identity import store as counters
from farthing.identity.proof import rules, store
from farthing.identity.proof.model import Message, Proof, Proved
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be proved: to what end, about what, by which phones.

    ``on_file`` gets the code that proves it. ``typed`` gets, where it is another phone or nobody is on file, a code
    that proves only that: both look alike, so that whoever asks learns nothing from what comes.
    """

    purpose: str
    asked: Sequence[str]
    typed: str
    on_file: str | None
    party_id: str | None
    why: Words
    source: str = ""
    whom: Words = rules.NOBODY


def ask(tx: Tx, wanted: Wanted) -> tuple[Proof, tuple[Message, ...]]:
    """Make a proof and its messages. Refuses ``identity.no_gateway``, and ``identity.too_many_codes`` by the phone typed and
    by the source.

    A phone on file that got too many is not sent another, silently: a refusal would tell that it is on file. A code
    that is not sent is not made either: there would be something to guess that nobody is told of.
    """
    if not tx.ports.names("gateway"):
        raise rules.NO_GATEWAY()
    at = counters.wall_time(tx)
    counters.forget_throttles(tx, at - rules.KEPT)
    store.forget(tx, at - rules.KEPT)
    for kind, what, most in (
        ("code-source", wanted.source, rules.PER_SOURCE),
        ("code-typed", wanted.typed, rules.PER_PHONE),
    ):
        if what and not _counts(tx, kind, what, most):
            raise rules.TOO_MANY()
    salt = tx.ids.octets(16)
    code, decoy = (rules.code_of(tx.ids.bits(64)) for _ in range(2))
    sent = (
        wanted.on_file
        if wanted.on_file is not None and _counts(tx, "code-on-file", wanted.on_file, rules.PER_PHONE)
        else None
    )
    alike = wanted.on_file == wanted.typed
    proof = Proof(
        id=tx.new_id("proof"),
        purpose=wanted.purpose,
        salt=salt,
        asked=rules.hashed(salt, *wanted.asked),
        party_id=wanted.party_id,
        code=rules.hashed(salt, code) if sent is not None else None,
        decoy=None if alike or code == decoy else rules.hashed(salt, decoy),
        made_at=at,
        expires_at=at + rules.LIFE,
    )
    store.insert(tx, proof)
    messages = [] if alike else [Message(wanted.typed, rules.text_of(decoy, wanted.why, wanted.whom))]
    if sent is not None:
        messages.append(Message(sent, rules.text_of(code, wanted.why, wanted.whom)))
    return proof, tuple(messages)


def _counts(tx: Tx, kind: str, what: str, most: int) -> bool:
    """Count one more within the hour; false where it is one too many."""
    return counting.within(tx, (kind, what), rules.WINDOW, most)


def take(tx: Tx, proof_id: str, purpose: str, asked: Sequence[str], code: str) -> Proved:
    """Take a code, once. A wrong one is an outcome, not a refusal, because the try must be kept."""
    at = counters.wall_time(tx)
    waiting = store.attempt(tx, proof_id, purpose, rules.TRIES, at)
    if waiting is None:
        return Proved("wrong")
    proved = rules.judge(waiting, asked, code)
    if proved.outcome != "wrong":
        store.end(tx, waiting.id, at)
    return proved
