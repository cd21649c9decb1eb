"""Run what an institution reads under a consent: the house's own questions, asked as a reader who may read what was agreed to of
this person and nothing else. Each reading is a row that she sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from farthing.db.tx import Tx
from farthing.identity import counting
from farthing.identity import service as identity
from farthing.kernel.day import day_at
from farthing.kernel.operation import operation
from farthing.kernel.question import question_of
from farthing.kernel.whose import NOBODYS
from farthing.kit.actor import Actor
from farthing.kit.canonical import plain
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.parties import service as parties
from farthing.parties.vouching import rules as vouching
from farthing.parties.vouching import service as partners
from farthing.payments import service as payments
from farthing.payments.model import Movement
from farthing.savings.deposits import passbook_service as savings
from farthing.sharing import clients_service as clients
from farthing.sharing import proofs, rules, store
from farthing.sharing.model import Choice, ReadShared, SharedAnswer, SharingConsent
from farthing.sharing.templates import templates

LOOKED_AT = 5
"""Pages of movements that one reading goes through to find those of its days; it goes on at the cursor."""
PAGE, PAGES = 100, 200
"""Rows of a page that are asked for here, and how many pages one reading goes on for at most."""
DAY = timedelta(days=1)


@operation(
    "sharing.read",
    title=Words("An institution reads accounts", "机构读取账户"),
    permission="identity:attest",
    whose=NOBODYS,
)
def read(tx: Tx, command: ReadShared) -> SharedAnswer:
    """Give an institution what a person agreed to, and note that it read it. Precedence: token, proof, institution, consent,
    kind, days, account, how often.

    Refuses ``sharing.token_bad``, ``sharing.proof_bad``, ``sharing.nonce_needed``, ``sharing.consent_ended``,
    ``sharing.consent_expired``, ``sharing.kind_not_agreed``, ``sharing.range_*``, ``sharing.account_unknown``,
    ``sharing.too_often``.
    """
    at = counting.wall(tx)
    consent = _consent(tx, command, at)
    days = rules.range_of(consent, command.kind, command.from_on, command.to_on, tx.business_date)
    names = {rules.account_id(consent.relying_party_id, consent.party_id, each): each for each in consent.accounts}
    if command.account and command.account not in names:
        raise rules.ACCOUNT_UNKNOWN(account=repr(command.account[:60]))
    counted(tx, consent, command)
    reader = replace(tx, actor=reader_of(consent))
    wanted = {name: ref for name, ref in names.items() if command.account in ("", name)}
    body, touched, count = READERS[command.kind](reader, consent, wanted, command, days)
    store.note(tx, tx.new_id("access"), consent, command.kind, touched, count, days, at)
    body = {"consent_id": consent.id, "until": consent.details.until.isoformat(), **body}
    return SharedAnswer(consent.id, consent.relying_party_id, command.kind, count, body)


def _consent(tx: Tx, command: ReadShared, at: datetime) -> SharingConsent:
    """The consent of a token that is good, brought by who holds its key; looked at anew each time, so that nothing outlives
    it."""
    token_id, secret = vouching.taken_apart(command.token, rules.ACCESS, "token")
    kept = store.token(tx, token_id) if token_id else None
    if kept is None or kept.kind != "access" or not vouching.same(kept.hash, secret):
        raise rules.TOKEN_BAD()
    proof = clients.held(tx, command.proof, command.method, command.url, at, command.token)
    if proof.jkt != kept.jkt:
        raise proofs.BAD(problem=proofs.OTHER_KEY)
    consent = store.consent(tx, kept.consent_id)
    if consent is None:
        raise rules.TOKEN_BAD()
    rules.check_running(consent, tx.business_date)
    lives = kept.ended_at is None and kept.expires_at is not None and kept.expires_at > at
    try:
        partners.open_partner(tx, kept.relying_party_id)
    except Refusal:
        raise rules.TOKEN_BAD() from None
    if not lives or not identity.is_open(tx, consent.actor_id):
        raise rules.TOKEN_BAD()
    return consent


def reader_of(consent: SharingConsent) -> Actor:
    """An institution as it reads: of one person, what was agreed to, and no operation at all, since none has such a
    permission."""
    permissions = frozenset(rules.PERMISSIONS[each] for each in consent.details.kinds)
    return Actor(f"institution:{consent.relying_party_id}", permissions, consent.party_id, is_program=True)


def counted(tx: Tx, consent: SharingConsent, command: ReadShared) -> None:
    """Count one reading more, and the pages that go on with one by themselves."""
    template = templates().get(consent.details.template)
    most = template.reads_a_day if template is not None else 1
    going_on = command.cursor is not None
    if going_on and command.kind != "transactions":
        raise rules.RANGE_BAD()
    what = ("sharing", consent.id, command.kind, "page" if going_on else "reading")
    if not counting.within(tx, what, DAY, most * PAGES if going_on else most):
        raise rules.TOO_OFTEN(kind=command.kind, most=str(most))


def accounts_of(tx: Tx, party_id: str, kinds: Sequence[str]) -> list[Choice]:
    """A person's accounts of the sorts that some kinds are about, closed ones too, as she names them."""
    sorts, found = {rules.OF[each] for each in kinds}, list[Choice]()
    if "wallet" in sorts:
        found += [
            Choice(
                f"wallet:{each.currency}", "wallet", f"Wallet in {each.currency}",
                "人民币钱包" if each.currency == "CNY" else f"{each.currency} 钱包",
            )
            for each in question_of(payments.wallets).answer(tx, party_id)
        ]  # fmt: skip
    if "deposit" in sorts:
        found += [
            Choice(each.id, "deposit", each.name.en, each.name.zh, each.closed_on is not None)
            for each in question_of(savings.deposits).answer(tx, party_id)
        ]
    if "loan" in sorts:
        found += [
            Choice(
                each.id,
                "loan",
                f"Loan of {each.principal}",
                f"{each.principal} 贷款",
                each.state in ("closed", "cancelled"),
            )
            for each in question_of(lending.loans).answer(tx, party_id, limit=PAGE)
        ]
    return found


def gone(ref: str) -> Choice:
    """An account that is not listed any more."""
    kind: Any = "wallet" if ref.startswith("wallet:") else ref.partition("_")[0]
    return Choice(ref, kind, ref, ref, True)


Found = tuple[dict[str, Any], list[str], int]
"""What is answered, which accounts it is of, and how many rows."""
Reader = Callable[[Tx, SharingConsent, Mapping[str, str], ReadShared, tuple[date, date] | None], Found]


def _left_out(
    consent: SharingConsent, wanted: Mapping[str, str], there: Mapping[str, Choice], sort: str
) -> list[dict[str, str]]:
    """Each account of the consent that is not in an answer, and why: nobody has to guess whether it was closed."""
    found = []
    for name, ref in wanted.items():
        about = there.get(ref) or gone(ref)
        if about.kind != sort:
            found.append({"account": name, "reason": "another_kind"})
        elif about.closed:
            found.append({"account": name, "reason": "closed"})
    return found


def _wallets(
    tx: Tx, consent: SharingConsent, wanted: Mapping[str, str], command: ReadShared, _days: tuple[date, date] | None
) -> Found:
    there = {each.ref: each for each in accounts_of(tx, consent.party_id, ("accounts",))}
    listed = []
    for name, ref in wanted.items():
        if ref not in there:
            continue
        row: dict[str, Any] = {"account": name, "currency": ref.partition(":")[2], "kind": "wallet"}
        if command.kind == "balances":
            found = question_of(payments.wallet).answer(tx, consent.party_id, row["currency"])
            row = {**row, "balance": found.balance, "available": found.available, "as_of": tx.now}
        listed.append(plain(row))
    left = _left_out(consent, wanted, there, "wallet")
    holder = {"holder": _holder(tx, consent)} if command.kind == "accounts" else {}
    return {command.kind: listed, **holder, "left_out": left}, [wanted[each["account"]] for each in listed], len(listed)


def _holder(tx: Tx, consent: SharingConsent) -> dict[str, Any]:
    """In whose name the accounts are. The number is a digest of this consent: who knows the number finds it hers, and two
    institutions, or two consents, have nothing in common."""
    party = parties.party(tx, consent.party_id)
    number = rules.number_digest(consent.id, party.number) if party.number else None
    return {"name": party.name, "number_sha256": number, "verification_level": party.verification_level}


def _transactions(
    tx: Tx, consent: SharingConsent, wanted: Mapping[str, str], command: ReadShared, days: tuple[date, date] | None
) -> Found:
    """Movements of one wallet within the days, the newest first; with several in the consent, the one that is named."""
    there = {each.ref: each for each in accounts_of(tx, consent.party_id, ("transactions",))}
    mine = {name: ref for name, ref in wanted.items() if ref in there}
    left = _left_out(consent, wanted, there, "wallet")
    if not mine:
        return {"transactions": [], "left_out": left, "next_cursor": None}, [], 0
    if len(mine) > 1:
        raise rules.ACCOUNT_UNKNOWN(account="''")
    ((name, ref),) = mine.items()
    assert days is not None
    begins, ends = day_at(tx, days[0])[0], day_at(tx, days[1])[1]
    cursor, found, history = command.cursor, list[Movement](), question_of(payments.history)
    for _ in range(LOOKED_AT):
        page = history.answer(tx, consent.party_id, ref.partition(":")[2], cursor, command.limit)
        found += [each for each in page.movements if begins <= each.recorded_at < ends]
        over = bool(page.movements) and page.movements[-1].recorded_at < begins
        cursor = None if over else page.next_cursor
        if found or cursor is None:
            break
    body = {
        "account": name, "from": days[0], "to": days[1], "transactions": [_movement(name, each) for each in found],
        "left_out": left, "next_cursor": cursor,
    }  # fmt: skip
    return dict(plain(body)), [ref], len(found)


def _movement(name: str, each: Movement) -> dict[str, Any]:
    """A movement as an institution reads it: who was on the other side by a masked name alone."""
    return {
        "id": rules.account_id(name, "transaction", each.entry_reference).removeprefix("account_"), "amount": each.amount,
        "balance": each.balance, "booked_at": each.recorded_at, "kind": each.kind, "memo": each.memo, "other": each.other,
    }  # fmt: skip


def _deposits(
    tx: Tx, consent: SharingConsent, wanted: Mapping[str, str], _command: ReadShared, _days: tuple[date, date] | None
) -> Found:
    found = {each.id: each for each in question_of(savings.deposits).answer(tx, consent.party_id)}
    listed = [
        {
            "account": name, "kind": "deposit", "product": found[ref].product, "name": found[ref].name,
            "balance": found[ref].balance,
            "annual_rate": found[ref].annual_rate, "opened_on": found[ref].opened_on, "matures_on": found[ref].matures_on,
        }
        for name, ref in wanted.items() if ref in found and found[ref].closed_on is None
    ]  # fmt: skip
    there = {each.ref: each for each in accounts_of(tx, consent.party_id, ("deposits",))}
    body = {"deposits": plain(listed), "left_out": _left_out(consent, wanted, there, "deposit")}
    return body, [wanted[str(each["account"])] for each in listed], len(listed)


def _loans(
    tx: Tx, consent: SharingConsent, wanted: Mapping[str, str], _command: ReadShared, _days: tuple[date, date] | None
) -> Found:
    there = {each.ref: each for each in accounts_of(tx, consent.party_id, ("loans",))}
    listed = []
    for name, ref in wanted.items():
        if ref not in there or there[ref].closed:
            continue
        loan = question_of(lending.loan).answer(tx, ref)
        due, _, late = question_of(lending.owed).answer(tx, ref) if loan.state == "active" else (None, None, 0)
        listed.append({
            "account": name, "kind": "loan", "state": loan.state, "principal": loan.principal, "accepted_on": loan.accepted_on,
            "disbursed_on": loan.disbursed_on, "due_now": due, "days_past_due": late,
            "instalments": [
                {"due_on": each.due_on, "principal": each.principal, "interest": each.interest} for each in loan.instalments
            ],
        })  # fmt: skip
    body = {"loans": plain(listed), "left_out": _left_out(consent, wanted, there, "loan")}
    return body, [wanted[str(each["account"])] for each in listed], len(listed)


READERS: Mapping[str, Reader] = {
    "accounts": _wallets, "balances": _wallets, "transactions": _transactions, "deposits": _deposits, "loans": _loans,
}  # fmt: skip
