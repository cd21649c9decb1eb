"""Run the way in: ask for a code, prove the phone, and party, login and session are made in one transaction.

Somebody known is proved by the phone on file, whatever phone was typed; somebody new by the phone that was typed. Who
forgot the password goes the same way. Who has neither phone comes to the counter, where the phone on file is changed.
"""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.identity import passwords
from farthing.identity import phones as logins
from farthing.identity import service as identity
from farthing.identity.proof import service as proof
from farthing.identity.proof.rules import CODE_WRONG
from farthing.identity.proof.service import Wanted
from farthing.identity.recovery.rules import WAITS
from farthing.identity.rules import check_password
from farthing.kernel.operation import operation
from farthing.kernel.whose import NOBODYS
from farthing.kit.words import Words
from farthing.parties import rules, store
from farthing.parties.enrolment.model import AskCode, Asked, Enrol, Enrolled
from farthing.parties.model import Party, Register
from farthing.parties.phones import service as phones
from farthing.parties.service import fresh_party, held, party

PURPOSE = "enrol"
WHY = Words("register or to choose a new password", "注册或重设密码")


@operation("parties.ask_code", title=Words("Ask for a code", "获取验证码"), permission="parties:enrol", whose=NOBODYS)
def ask_code(tx: Tx, command: AskCode) -> Asked:
    """Ask for a code to the phone on file, or, of somebody new, to the phone that is typed.

    The answer, and what comes to the phone that was typed, are the same whether the person is known or not. Refuses
    what is no name, number or phone as ``parties.register`` does, and ``identity.too_many_codes``.
    """
    checked = rules.check_person(_said(command), tx.business_date)
    on_file, party_id = _on_file(tx, checked)
    wanted = Wanted(PURPOSE, _asked(tx, checked), checked.phone, on_file, party_id, WHY, command.source)
    made, messages = proof.ask(tx, wanted)
    return Asked(made.id, made.expires_at, messages)


def _on_file(tx: Tx, checked: rules.Checked) -> tuple[str | None, str | None]:
    """The phone that proves it and whose it is: on file, or typed by somebody new; none under another's number."""
    holder = store.number_holder(tx, "person", checked.number)
    if holder is None:
        return checked.phone, None
    known = party(tx, holder)
    if phones.is_changing(tx, known.id):
        return None, None
    return (known.phone, known.id) if known.name == checked.name else (None, None)


def hashed(command: Enrol) -> str:
    """The hash of the password that is chosen; refuses ``identity.password_weak`` before anything is done."""
    return passwords.hash_password(check_password(command.password, rules.phone_of(command.phone)))


@operation(
    "parties.enrol", title=Words("Open a login of one's own", "自助注册"),
    permission="parties:enrol", prepare=hashed, whose=NOBODYS,
)  # fmt: skip
def enrol(tx: Tx, command: Enrol, password_hash: str) -> Enrolled:
    """Take the code; make the person known where it is new, and give it its login and a session, all or nothing. Who has a login
    waits for a new password as long as the policy says. Who is asked for codes of an app signs in by the new password and such
    a code: the phone alone stands for both nowhere.

    Refuses ``identity.password_weak``, ``identity.login_closed``, ``identity.recovery_stopped``, ``identity.name_taken`` (another
    person logs in with that phone), and what is no name, number or phone as ``parties.register`` does.
    """
    checked = rules.check_person(_said(command), tx.business_date)
    holder = store.number_holder(tx, "person", checked.number)
    if holder is not None:
        held(tx, holder)
    proved = proof.take(tx, command.proof_id, PURPOSE, _asked(tx, checked), command.code)
    if proved.outcome == "wrong":
        return Enrolled("code_wrong")
    person = None
    if proved.outcome == "proved":
        person = party(tx, proved.party_id) if proved.party_id is not None else _new(tx, checked)
    if person is None or phones.is_changing(tx, person.id):
        return Enrolled("not_confirmed")
    waits = logins.recovering(tx, person.id)
    if waits is not None:
        return Enrolled("waits", person, True, waits=waits)
    login = logins.attach_customer(tx, person.phone, person.id, password_hash)
    if identity.asks_codes(tx, login.actor_id):
        return Enrolled("app_code", person, True)
    session = identity.open_session(tx, login, command.device_name, how="code")
    return Enrolled("enrolled", person, proved.party_id is not None, session)


def _new(tx: Tx, checked: rules.Checked) -> Party | None:
    """The new person; none where the number was registered by somebody since the code was asked for."""
    fresh = fresh_party(tx, "person", checked, tx.new_id("party"))
    if store.claim_number(tx, "person", checked.number, fresh.id) != fresh.id:
        return None
    store.insert(tx, fresh)
    return fresh


def require_enrolled(result: Enrolled) -> Enrolled:
    """The result, or refuse ``identity.code_wrong``, ``identity.recovery_waits``, ``parties.app_code_next`` or
    ``parties.not_confirmed`` (for the doors)."""
    if result.outcome == "code_wrong":
        raise CODE_WRONG()
    if result.waits is not None:
        raise WAITS(due_at=result.waits.due_at, ends_at=result.waits.ends_at)
    if result.outcome == "app_code":
        raise rules.APP_CODE_NEXT()
    if result.outcome == "not_confirmed" or result.party is None or result.session is None:
        raise rules.NOT_CONFIRMED()
    return result


def _said(command: AskCode | Enrol) -> Register:
    return Register(command.name, command.resident_id, command.phone)


def _asked(tx: Tx, checked: rules.Checked) -> tuple[str, ...]:
    """What was said, and the phone on file, if there is one: once another is on file, a code to the old one proves
    nothing."""
    holder = store.number_holder(tx, "person", checked.number)
    on_file = "" if holder is None else party(tx, holder).phone
    return checked.name, checked.number, checked.phone, on_file
