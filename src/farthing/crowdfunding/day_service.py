"""Run what the close of a day makes of projects: rounds end, gifts are captured or let go, votes are counted, the rest goes back.

Piece by piece: killed anywhere, the next piece finds the gifts as the last left them, and each moves once, under its own
reference.
"""

from __future__ import annotations

from dataclasses import replace

from farthing.crowdfunding import rules, store
from farthing.crowdfunding import service as projects
from farthing.crowdfunding.model import Gift, Project
from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.money import total
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.payments.wallets import wallet_path


@operation(
    "crowdfunding.count_votes",
    title=Words("Milestones voted on", "里程碑投票"),
    permission="kernel:close_day",
    whose=STAFF,
)
def count_votes(tx: Tx, command: CloseStep) -> Stepped:
    """Count votes that are over: a milestone is approved, or refused, and then what is left of the project goes back."""
    ids = store.votes_due(tx, command.on, command.after, PIECE)
    for ident in ids:
        found = projects.the_project(tx, ident, lock=True)
        for each in found.plan:
            if each.stage != "asked" or each.vote_ends_on is None or each.vote_ends_on > command.on:
                continue
            stage = rules.outcome(each)
            store.save_milestone(tx, ident, replace(each, stage=stage))
            if stage == "refused":
                store.save(tx, replace(found, state="refunding"))
    return Stepped(len(ids), ids[-1] if len(ids) == PIECE else None)


@operation(
    "crowdfunding.decide_due", title=Words("Projects decided", "众筹项目"), permission="kernel:close_day", whose=STAFF
)
def decide_due(tx: Tx, command: CloseStep) -> Stepped:
    """Decide the next project whose round is over, and move a piece of its gifts."""
    ident = store.due(tx, command.on, command.after)
    if ident is None:
        return Stepped(0)
    found = rules.after_round(projects.the_project(tx, ident, lock=True), command.on)
    if found.state == "refunding":
        moved, more = _refund(tx, found)
    else:
        moved, more = _settle(tx, found)
        if not more:
            store.save(tx, rules.after_capture(projects.the_project(tx, ident), command.on))
    return Stepped(moved, command.after if more else ident)


def _settle(tx: Tx, found: Project) -> tuple[int, bool]:
    """What is held for a project moves to its escrow where its minimum is reached, and is let go where it is not."""
    gifts, captured = store.in_state(tx, found.id, "held", PIECE), found.state == "capturing"
    moved = total([each.amount for each in gifts], found.minimum.currency)
    ledger.must(tx, [rules.decided(each, tx.business_date, tx.home, captured=captured) for each in gifts])
    _kept(tx, found, "held", "captured" if captured else "let_go", gifts, [0] * len(gifts))
    store.save(tx, replace(
        found, held=found.held - moved, captured=found.captured + moved if captured else found.captured
    ))  # fmt: skip
    return len(gifts), len(gifts) == PIECE


def _refund(tx: Tx, found: Project) -> tuple[int, bool]:
    """What is left goes back pro rata. A gift whose wallet is closed waits for it, and is looked at again the next day."""
    left = found.captured - found.released - found.fee
    back = {
        gift: rules.refund_of(gift, upto, found.captured, left) for gift, upto in store.to_refund(tx, found.id, PIECE)
    }
    paths = {gift.id: wallet_path(gift.party_id, left.currency, tx.home) for gift in back}
    closed = set(ledger.not_open(tx, sorted(set(paths.values()))))
    ready = [each for each in back if paths[each.id] not in closed]
    ledger.post_all(tx, [
        rules.refund_entry(each, back[each], tx.business_date, tx.home) for each in ready if back[each]
    ])  # fmt: skip
    _kept(tx, found, "captured", "refunded", ready, [back[each].minor for each in ready])
    moved = total([back[each] for each in ready], left.currency)
    done = len(ready) == len(back) < PIECE
    store.save(tx, replace(found, refunded=found.refunded + moved, state="ended" if done else found.state))
    return len(ready), len(back) == PIECE and bool(ready)


def _kept(tx: Tx, found: Project, was: str, state: str, gifts: list[Gift], refunded: list[int]) -> None:
    changed = list(zip((each.id for each in gifts), refunded, strict=True))
    if changed and store.save_gifts(tx, found.id, was, state, changed) != len(changed):
        raise Collision("a gift changed meanwhile")
