"""Run what is asked of an institution, each by an errand with no transaction open: a request is pushed, a code exchanged, a page
read, a token given back; and the end of a pull.

Nothing secret stands in an errand: whoever sends opens what the vault sealed. An answer that comes late, twice or wrongly changes
nothing: each is taken once, and looked at beside the pull as it stands then.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from farthing.credit.history import pulled_service as history
from farthing.db.tx import Tx
from farthing.identity import counting, jose
from farthing.kernel import errands
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.errands import Desk, Errand, Wanted
from farthing.kernel.noticing import tell
from farthing.kernel.operation import operation
from farthing.kernel.whose import NOBODYS, STAFF
from farthing.kit.errors import Refusal
from farthing.kit.ids import bare
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.model import Party
from farthing.sharing.pulling import rules, store
from farthing.sharing.pulling.model import (
    Asker,
    GiverLine,
    Pull,
    PulledPage,
    PullExchanged,
    PullPushed,
    PullRead,
    PullRevoked,
    Why,
)

PUSH, EXCHANGE, READ, REVOKE = "sharing.push_out", "sharing.exchange", "sharing.read_out", "sharing.revoke_out"
AT_ONCE = 500
"""Pulls that one piece of the day's step takes up."""
TITLE = Words("History fetched from another institution", "从其他机构取得记录")


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a sender needs, opened: nothing of it goes back into the database."""

    pull: Pull
    asker: Asker
    party: Party
    verifier: str
    state: str
    code: str
    refresh: str
    late: bool


def _opened(tx: Tx, pull_id: str) -> _Opened | None:
    """What is asked by; none where the pull's key is forgotten."""
    pull, key = store.pull(tx, pull_id), store.key(tx)
    giver = None if pull is None else store.giver(tx, pull.giver_id)
    if pull is None or key is None or giver is None or pull.bound_key is None:
        return None
    vault = tx.ports.peer("vault")
    asker = Asker(giver, key["id"], vault.unwrap(bytes(key["key"])), vault.unwrap(pull.bound_key))
    texts = ["" if each is None else vault.unseal(each).decode() for each in (pull.verifier, pull.code, pull.refresh)]
    verifier, _, secret = texts[0].partition(" ")
    late = pull.expires_at <= counting.wall(tx)
    state = f"{rules.STATE}{bare(pull.id)}_{secret}"
    return _Opened(pull, asker, parties.party(tx, pull.party_id), verifier, state, texts[1], texts[2], late)


def _line(desk: Desk) -> GiverLine:
    found: GiverLine = desk.ports.peer("giver")
    return found


@errands.sender(PUSH)
def _push(desk: Desk, errand: Errand) -> PullPushed:
    opened = desk.read(lambda tx: _opened(tx, errand.subject))
    if opened is None or opened.late or opened.pull.state != "asked":
        return PullPushed(errand.id, "late")
    try:
        where = _line(desk).endpoints(opened.asker.giver.issuer)
        form = rules.pushed(opened.pull, opened.asker.giver.back, opened.verifier, opened.state)
        client_id = opened.asker.giver.client_id
        said = _line(desk).posted(opened.asker, where.par, {"client_id": client_id, **form})
        return PullPushed(errand.id, "", rules.address_at(where, client_id, said))
    except rules.SaidNo:
        return PullPushed(errand.id, "refused")
    except jose.Untrue:
        return PullPushed(errand.id, "untrue")


@operation("sharing.pull_pushed", title=TITLE, permission=errands.ANSWER, whose=NOBODYS)
def pushed(tx: Tx, command: PullPushed) -> PullPushed:
    """Keep where the person goes, or that she cannot. Refuses ``errands.answered``."""
    pull_id = errands.settle(tx, command.errand_id).subject
    if command.address:
        store.set_address(tx, pull_id, command.address)
    else:
        end(tx, pull_id, "untrue" if command.problem == "untrue" else "refused")
    return command


@errands.sender(EXCHANGE)
def _exchange(desk: Desk, errand: Errand) -> PullExchanged:
    """Bring the code, once: one that came twice ends the consent there, so that silence is an end and nothing to ask again."""
    opened = desk.read(lambda tx: _opened(tx, errand.subject))
    if opened is None or opened.pull.state != "came" or not opened.code:
        return PullExchanged(errand.id, "over")
    giver = opened.asker.giver
    try:
        where = _line(desk).endpoints(giver.issuer)
        said = _line(desk).posted(opened.asker, where.token, {
            "grant_type": "authorization_code", "code": opened.code, "redirect_uri": giver.back,
            "code_verifier": opened.verifier,
        })  # fmt: skip
        return PullExchanged(errand.id, "", rules.refresh_of(opened.pull, said))
    except rules.SaidNo:
        return PullExchanged(errand.id, "refused")
    except jose.Untrue:
        return PullExchanged(errand.id, "untrue")
    except OSError:
        return PullExchanged(errand.id, "silent")


@operation("sharing.pull_exchanged", title=TITLE, permission=errands.ANSWER, whose=NOBODYS)
def exchanged(tx: Tx, command: PullExchanged) -> PullExchanged:
    """Let a pull run by its token and ask for its first page; one that was stopped meanwhile gives the token back. Refuses
    ``errands.answered``."""
    pull_id = errands.settle(tx, command.errand_id).subject
    pull = store.hold(tx, pull_id)
    if pull is None:
        return command
    if not command.refresh:
        end(
            tx,
            pull_id,
            "untrue" if command.problem == "untrue" else "silent" if command.problem == "silent" else "refused",
        )
        store.forget(tx, pull_id)
        return command
    sealed = tx.ports.peer("vault").seal(command.refresh.encode())
    if store.run(tx, pull_id, sealed, tx.business_date + timedelta(days=rules.EVERY_DAYS)):
        _ask(tx, pull, tx.business_date, [("", "")])
    else:
        store.keep(tx, pull_id, sealed)
        _give_back(tx, pull)
    return command


def _ask(tx: Tx, pull: Pull, run: date, wanted: list[tuple[str, str]], number: int = 1) -> None:
    """Ask for pages, each an account and where it begins; without an account, for which accounts there are."""
    errands.write_all(tx, READ, [
        Wanted(
            rules.page_id(pull.id, run.isoformat(), account, cursor), pull.giver_id, pull.id,
            {"run": run.isoformat(), "account": account, "cursor": cursor, "number": number},
        )
        for account, cursor in wanted
    ], read, waits=False)  # fmt: skip


@errands.sender(READ)
def _read(desk: Desk, errand: Errand) -> PullRead:
    opened = desk.read(lambda tx: _opened(tx, errand.subject))
    if opened is None or opened.pull.state != "running":
        return PullRead(errand.id, "over")
    try:
        return _page(_line(desk), opened, errand)
    except rules.SaidNo as no:
        return PullRead(errand.id, rules.problem_of(no))
    except jose.Untrue as untrue:
        if errand.attempts >= rules.TRIED:
            return PullRead(errand.id, "untrue")
        raise rules.UNTRUE(name=opened.asker.giver.name, problem=str(untrue)) from None


def _page(line: GiverLine, opened: _Opened, errand: Errand) -> PullRead:
    asked: dict[str, Any] = errand.request
    where = line.endpoints(opened.asker.giver.issuer)
    form = {"grant_type": "refresh_token", "refresh_token": opened.refresh}
    token = rules.access_of(line.posted(opened.asker, where.token, form))
    if not asked["account"]:
        said = line.read(opened.asker, "accounts", token, {})
        found = json.dumps(list(rules.accounts_of(said)))
        return PullRead(errand.id, "", rules.holder_of(said, opened.party), found)
    query = {"account": asked["account"], "from": rules.since(opened.pull).isoformat(), "limit": str(rules.PAGE)}
    cursor = {"cursor": asked["cursor"]} if asked["cursor"] else {}
    rows, following = rules.page_of(
        line.read(opened.asker, "transactions", token, {**query, **cursor}), opened.pull.from_on
    )  # fmt: skip
    page = json.dumps(rows, ensure_ascii=False, sort_keys=True)
    return PullRead(errand.id, "", page=page, next_cursor=following)


@operation("sharing.pull_read", title=TITLE, permission=errands.ANSWER, whose=NOBODYS)
def read(tx: Tx, command: PullRead) -> PullRead:
    """Keep a page and ask for what follows; of a pull that ended meanwhile nothing is kept. Refuses ``errands.answered``."""
    errand = errands.settle(tx, command.errand_id)
    pull = store.hold(tx, errand.subject)
    if pull is None or pull.state != "running" or command.problem == "over":
        return command
    if command.problem:
        _noted(tx, pull, errand, 0, 0, command.problem)
        if command.problem == "ended":
            end(tx, pull.id, "there")
        return command
    run, account, number = (
        date.fromisoformat(errand.request["run"]),
        errand.request["account"],
        errand.request["number"],
    )
    if not account:
        store.set_holder(tx, pull.id, command.holder)
        _ask(tx, pull, run, [(each, "") for each in json.loads(command.page)])
        return command
    try:
        _keep(tx, pull, errand, command.page)
    except Refusal:
        end(tx, pull.id, "consent")
        return command
    if command.next_cursor and number < rules.MOST_PAGES:
        _ask(tx, pull, run, [(account, command.next_cursor)], number + 1)
    else:
        store.pulled(tx, pull.id, run)
    return command


def _keep(tx: Tx, pull: Pull, errand: Errand, page: str) -> None:
    """Keep the rows of a page, each once."""
    items = rules.transactions_of(pull.giver_id, page)
    giver = store.giver(tx, pull.giver_id)
    assert giver is not None
    hers = pull.holder == "same"
    added = history.keep(tx, pull.party_id, (giver.id, giver.name), items, page.encode(), hers=hers)
    _noted(tx, pull, errand, len(items), added, "")


def _noted(tx: Tx, pull: Pull, errand: Errand, count: int, added: int, problem: str) -> None:
    store.note(tx, PulledPage(errand.id, pull.id, counting.wall(tx), count, added, problem), pull.party_id)


def end(tx: Tx, pull_id: str, why: Why) -> bool:
    """End a pull; false where it ended before. A token that there is is given back; the person is told where it was not she who
    ended it."""
    pull = store.hold(tx, pull_id)
    if pull is None or not store.end(tx, pull_id, why, counting.wall(tx)):
        return False
    if pull.refresh is not None and why != "there":
        _give_back(tx, pull)
    elif pull.state != "came":  # else a token may come yet, which is given back then
        store.forget(tx, pull_id)
    if why in rules.ENDED:
        giver, party, said = store.giver(tx, pull.giver_id), parties.party(tx, pull.party_id), rules.ENDED[why]
        assert giver is not None
        tell(tx, party.id, party.phone, Words(
            f"Your history is no longer fetched from {giver.name}: {said.en}. What was fetched stays in your history here.",
            f"已停止从{giver.name_zh}取得您的记录：{said.zh}。此前取得的记录仍保留在您的记录中。",
        ))  # fmt: skip
    return True


def _give_back(tx: Tx, pull: Pull) -> None:
    errands.write(tx, f"revoke-{pull.id}", REVOKE, pull.giver_id, pull.id, None, revoked, waits=False)


@errands.sender(REVOKE, longest=timedelta(hours=6))
def _revoke(desk: Desk, errand: Errand) -> PullRevoked:
    opened = desk.read(lambda tx: _opened(tx, errand.subject))
    if opened is None or not opened.refresh:
        return PullRevoked(errand.id)
    try:
        where = _line(desk).endpoints(opened.asker.giver.issuer)
        _line(desk).posted(opened.asker, where.revocation, {"token": opened.refresh})
    except (rules.SaidNo, jose.Untrue, OSError):
        if errand.attempts < rules.REVOKED_TRIED:
            raise ConnectionError("the token was not taken back") from None
    return PullRevoked(errand.id)


@operation("sharing.pull_revoked", title=TITLE, permission=errands.ANSWER, whose=NOBODYS)
def revoked(tx: Tx, command: PullRevoked) -> PullRevoked:
    """Forget token and key of a pull that ended. Refuses ``errands.answered``."""
    store.forget(tx, errands.settle(tx, command.errand_id).subject)
    return command


@operation(
    "sharing.pull_due", title=Words("Fetch history that people let us fetch", "取得客户授权的记录"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def pull_due(tx: Tx, step: CloseStep) -> Stepped:
    """Ask for what is new of every pull whose day has come, at most once a day, and end those whose last day is over."""
    due = store.due(tx, step.on, step.after, AT_ONCE)
    taken = store.take(tx, due, step.on + timedelta(days=rules.EVERY_DAYS)) if due else []
    wanted = []
    for row in taken:
        if row["until"] <= step.on:  # what is asked now is sent tomorrow
            end(tx, row["id"], "expired")
            continue
        named = rules.page_id(row["id"], step.on.isoformat(), "", "")
        request = {"run": step.on.isoformat(), "account": "", "cursor": "", "number": 1}
        wanted.append(Wanted(named, row["giver_id"], row["id"], request))
    if wanted:
        errands.write_all(tx, READ, wanted, read, waits=False)
    return Stepped(len(taken), due[-1] if len(due) == AT_ONCE else None)
