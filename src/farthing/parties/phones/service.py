"""Change the phone on file: at once for whoever holds the old phone and the new one; else after a wait, at a counter.

The wait, and the operation at the counter, are the policy's (:mod:`farthing.assurance.phones`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from farthing.db.tx import Tx
from farthing.identity.phones import close_customer, move_customer
from farthing.identity.proof import service as proof
from farthing.identity.proof.rules import CODE_WRONG
from farthing.identity.proof.service import Wanted
from farthing.identity.rules import actor_id_of
from farthing.kernel import noticing
from farthing.kernel.day import local_time
from farthing.kernel.operation import operation
from farthing.kernel.whose import of
from farthing.kit.errors import InvariantBroken
from farthing.kit.words import Words
from farthing.parties import rules
from farthing.parties import store as party_store
from farthing.parties.levels import keeping_service as levels
from farthing.parties.levels.model import Doubted
from farthing.parties.model import Party
from farthing.parties.phones import store
from farthing.parties.phones.model import AskPhoneChange, ChangePhone, PhoneChange, PhoneChanged, PhoneProofs
from farthing.parties.service import held, party

OLD, NEW = "phone-old", "phone-new"
WHY = Words("change the phone on file", "更换登记手机")


@operation(
    "parties.ask_phone_change", title=Words("Ask to change the phone", "申请更换手机"),
    permission="parties:change_phone", whose=of("party_id"),
)  # fmt: skip
def ask_phone_change(tx: Tx, command: AskPhoneChange) -> PhoneProofs:
    """Send a code to each of the two phones. Refuses ``parties.phone_invalid``, ``parties.phone_changing``,
    ``identity.too_many_codes``."""
    known, phone = party(tx, command.party_id), rules.phone_of(command.phone)
    require_settled(tx, known.id)
    asked = (known.id, known.phone, phone)
    old, to_old = proof.ask(tx, Wanted(OLD, asked, known.phone, known.phone, known.id, WHY))
    new, to_new = proof.ask(tx, Wanted(NEW, asked, phone, phone, known.id, WHY))
    messages = [(old.id, each) for each in to_old] + [(new.id, each) for each in to_new]
    return PhoneProofs(old.id, new.id, old.expires_at, tuple(messages))


@operation(
    "parties.change_phone", title=Words("Change the phone", "更换手机"),
    permission="parties:change_phone", whose=of("party_id"),
)  # fmt: skip
def change_phone(tx: Tx, command: ChangePhone) -> PhoneChanged:
    """Take both codes; the new phone is on file and logs in from now on, and the old one is told.

    Refuses ``identity.name_taken`` where another customer logs in with the new phone, ``parties.phone_changing``.
    """
    known, phone = held(tx, command.party_id), rules.phone_of(command.phone)
    require_settled(tx, known.id)
    asked = (known.id, known.phone, phone)
    taken = (
        proof.take(tx, command.new_proof_id, NEW, asked, command.new_code),
        proof.take(tx, command.old_proof_id, OLD, asked, command.old_code),
    )
    if any(each.outcome != "proved" for each in taken):
        return PhoneChanged("code_wrong", known.id)
    move_customer(tx, actor_id_of(phone, "customer", known.id), phone)
    _tell_old(tx, known, "your phone on file is another one now", "您的登记手机已更换")
    put_on_file(tx, known.id, phone)
    return PhoneChanged("changed", known.id)


def require_changed(result: PhoneChanged) -> PhoneChanged:
    """The result, or refuse ``identity.code_wrong`` (for the doors)."""
    if result.outcome != "changed":
        raise CODE_WRONG()
    return result


def put_on_file(tx: Tx, party_id: str, phone: str) -> None:
    """The phone on file is this one; what a provider vouched for of the old one is to be asked again."""
    party_store.seal(tx, [replace(party(tx, party_id), phone=phone)])
    levels.record(tx, (), [Doubted(party_id, ("phone",), None, "phone")])


def is_changing(tx: Tx, party_id: str) -> bool:
    """Whether a party waits for another phone: neither the old one nor the new one proves anything meanwhile."""
    return store.waiting(tx, party_id) is not None


def require_settled(tx: Tx, party_id: str) -> None:
    """Refuse ``parties.phone_changing`` while a party waits for another phone."""
    row = store.waiting(tx, party_id)
    if row is not None:
        raise rules.PHONE_CHANGING(due_at=row["due_at"])


def wait_for(tx: Tx, party_id: str, phone: str, due_at: datetime) -> tuple[PhoneChange, tuple[str, ...]]:
    """Let a party wait for another phone; its login is closed at once and the old phone told. Answers the errands too."""
    known, fresh = held(tx, party_id), rules.phone_of(phone)
    store.stop(tx, known.id)
    change_id = tx.new_id("phone")
    store.insert(tx, change_id, known.id, fresh, due_at)
    close_customer(tx, actor_id_of(known.phone, "customer", known.id))
    told = _tell_old(
        tx, known, f"another phone will be on file from {due_at:%Y-%m-%d %H:%M} UTC, as was asked for at a counter",
        f"经柜台申请，您的登记手机将于 {due_at:%Y-%m-%d %H:%M}（UTC）之后更换",
    )  # fmt: skip
    row = store.waiting(tx, known.id)
    if row is None:
        raise InvariantBroken(f"{change_id} does not wait")
    return PhoneChange(**row), told


def _tell_old(tx: Tx, known: Party, en: str, zh: str) -> tuple[str, ...]:
    at = f"{local_time(tx):%Y-%m-%d %H:%M}"
    said = Words(f"{at}: {en}. Was it not you? Call us at once.", f"{at}：{zh}。如非本人，请立即致电本行。")
    return noticing.tell(tx, known.id, known.phone, said)


def fall_due(tx: Tx, limit: int) -> int:
    """Put phones on file whose wait is over; answers how many."""
    found = store.due(tx, limit)
    for row in found:
        store.end(tx, row["id"], "done")
        put_on_file(tx, row["party_id"], row["phone"])
    return len(found)


def stop(tx: Tx, party_id: str) -> int:
    """The customer says that somebody else was at the counter: the phone on file stays; answers how many were stopped."""
    return store.stop(tx, party_id)
