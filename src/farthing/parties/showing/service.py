"""Run the code for help at a counter: the customer shows it, a member of staff finds her by it.

It finds, and proves nothing. A customer who is there proves it as before, by a code to the phone on file or by the
document: whoever holds only a session that stands open, or was read eight digits over the telephone, gains nothing by it.
"""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.identity import counting
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF, of
from farthing.kit.errors import InvariantBroken
from farthing.kit.words import Words
from farthing.parties.service import party
from farthing.parties.showing import rules, store
from farthing.parties.showing.model import FindByCode, Found, ShowCode, ShownCode


@operation(
    "parties.show_code", title=Words("Show a code for help", "出示求助码"),
    permission="parties:show_code", whose=of("party_id"),
)  # fmt: skip
def show_code(tx: Tx, command: ShowCode) -> ShownCode:
    """Make the code that a customer shows at a counter; the one before is no longer good. Refuses ``parties.unknown``."""
    known, at = party(tx, command.party_id), counting.wall(tx)
    store.forget(tx, known.id, at)
    for _ in range(rules.DRAWS):
        code = rules.code_of(tx.ids.bits(64))
        if store.insert(tx, rules.hashed(code), known.id, at, at + rules.LIFE):
            return ShownCode(known.id, at + rules.LIFE, rules.written(code))
    raise InvariantBroken(f"{rules.DRAWS} codes in a row are shown by others: they run out")


@operation(
    "parties.find_by_code", title=Words("Find a customer by the shown code", "凭求助码查找客户"),
    permission="parties:attend", whose=STAFF,
)  # fmt: skip
def find_by_code(tx: Tx, command: FindByCode) -> Found:
    """Find who shows a code; it is good once. She is found, and not yet there: presence is proved after it.

    Refuses ``parties.too_many_shown_codes`` to who typed too many that nobody shows.
    """
    at = counting.wall(tx)
    wrong = counting.held(tx, ("shown-code", tx.actor.id), rules.WINDOW)
    if wrong.count >= rules.WRONG_PER_HOUR:
        raise rules.TOO_MANY_GUESSES()
    party_id = store.take(tx, rules.hashed(command.code), at)
    if party_id is None:
        counting.add(tx, wrong)
        return Found("unknown")
    return Found("found", party_id, party(tx, party_id).name)


def require_found(result: Found) -> Found:
    """Who was found, or refuse ``parties.shown_code_unknown`` (for the doors)."""
    if result.party_id is None:
        raise rules.SHOWN_UNKNOWN()
    return result
