"""Decide whether an institution may be asked, what is asked of it, and what its answers are worth. Pure.

Sources: FAPI 2.0 Security Profile section 5.3.3 (clients), RFC 8414 section 3.3 (the issuer letter by letter), RFC 9126, 9207
(``iss`` against mix-up), 7636, 9396, 9449; Personal Information Protection Law articles 6, 13 and 45 (least, agreed to, carried).
What is asked for is what a decision on credit uses: whose the accounts are, and their payments.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeGuard
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from farthing.credit.bills.model import CURRENCY, Direction, Outcome, Transaction
from farthing.identity import jose
from farthing.kit import strict_json
from farthing.kit.addresses import is_local, may_be_asked
from farthing.kit.calendar import add_months
from farthing.kit.canonical import canonical
from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.parties.model import Party
from farthing.sharing.pulling.model import Endpoints, Holder, Problem, Pull, RegisterGiver
from farthing.sharing.rules import TYPE, number_digest
from farthing.sharing.templates import templates

TEMPLATE, KINDS = "lending", ("accounts", "transactions")
"""For which purpose is asked, and what."""
WAITS = timedelta(minutes=10)
"""For how long somebody who was sent away is waited for."""
ASKED, WITHIN = 10, timedelta(hours=1)
EVERY_DAYS = 1
"""How many days lie between two pulls of one consent, at least."""
OVERLAP = timedelta(days=2)
"""How far a pull reaches back into the days of the one before: what was late then comes then."""
MOST_PAGES, PAGE = 100, 100
"""Pages that one pull goes on for at most, whatever an institution says, and rows of a page."""
TRIED, REVOKED_TRIED = 4, 12
"""How often a page is asked for that cannot be used, and how often it is told that a token is not used any more."""
MOST_GIVERS = 200
LONGEST = 500
PARSER = "pulled-1"
STATE = "state_"
CHINA = ZoneInfo("Asia/Shanghai")
"""In which time bills print, hence in which history is kept."""
OWN_MONEY = ("top-up", "pay-out")
"""Kinds of movements between a wallet and an account of its own holder elsewhere."""

GIVER_BAD = malformed(
    "sharing.giver_bad",
    "The institution is not in order: {problem}.",
    "机构设置有误：{problem}。",
)
TOO_MANY_GIVERS = declined(
    "sharing.too_many_givers",
    "{most} institutions are set up already; end one first.",
    "已设置 {most} 家机构；请先终止其中一家。",
)
GIVER_UNKNOWN = not_found(
    "sharing.giver_unknown",
    "History cannot be brought from {giver}; choose one of the list.",
    "不能从 {giver} 取得记录；请从列表中选择。",
)
RANGE_BAD = malformed(
    "sharing.pull_range",
    "Choose a first day from {earliest} to today, and a last day from tomorrow to {latest}.",
    "起始日须在 {earliest} 至今日之间，截止日须在明日至 {latest} 之间。",
)
RUNS = conflict(
    "sharing.pull_runs",
    "Your history is fetched from there already; stop that first if you want another period.",
    "已在从该机构取得您的记录；如需更改期间，请先停止。",
)
TOO_OFTEN = declined(
    "sharing.pull_too_often",
    "You asked often within the hour; try again later.",
    "一小时内请求过于频繁；请稍后再试。",
)
SILENT = declined(
    "sharing.giver_silent",
    "{name} does not answer now; nothing was asked of it. Try again in a few minutes.",
    "{name_zh} 暂未应答；未提出任何请求。请几分钟后重试。",
)
REFUSED = declined(
    "sharing.giver_refused",
    "{name} does not take our request; nothing was fetched. Bring a bill instead, and tell the bank.",
    "{name_zh} 未受理本行的请求；未取得任何信息。请改为提交账单，并告知本行。",
)
NOT_ASKED = forbidden(
    "sharing.pull_not_asked",
    "This answers nothing that you asked within ten minutes, or was used before; begin again.",
    "该应答不对应您十分钟内发起的请求，或已使用；请重新开始。",
)
MIXED_UP = forbidden(
    "sharing.pull_mixed_up",
    "The answer is of another institution than {name}, to which you were sent; nothing was fetched. Begin again.",
    "应答机构与 {name_zh} 不符；未取得任何信息。请重新开始。",
)
PULL_UNKNOWN = not_found(
    "sharing.pull_unknown",
    "You bring no history by {pull_id}; look at the list again.",
    "您没有 {pull_id} 这一项；请重新查看列表。",
)
PULL_ENDED = conflict(
    "sharing.pull_ended",
    "That has ended already; nothing is fetched by it.",
    "该项已终止；不再据此取得信息。",
)
UNTRUE = declined(
    "sharing.pull_untrue",
    "What {name} answered cannot be used ({problem}); it is asked again.",
    "{name} 的应答无法使用（{problem}）；将再次请求。",
)
ENDED: Mapping[str, Words] = {
    "there": Words("it was stopped there", "已在该机构停止"),
    "expired": Words("its last day is over", "期限已到"),
    "consent": Words(
        "you took back what you allowed here, or it ran out", "您在本行的授权已撤回或到期"
    ),
    "refused": Words("it gave no token for your answer", "该机构未发放访问令牌"),
    "silent": Words("it did not answer when you came back", "您返回时该机构未应答"),
    "untrue": Words("what it answered could not be used", "该机构的应答无法使用"),
    "house": Words("the bank fetches nothing more there", "本行不再从该机构取得信息"),
}  # fmt: skip
"""Why a pull ended that its person did not end herself."""


class SaidNo(Exception):
    """An institution took note and said no: ``error`` is the standards' word for it."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


def check_giver(command: RegisterGiver, simulated: bool) -> None:
    """An institution as it is set up. Over TLS; in a simulated bank this very machine too. Refuses ``sharing.giver_bad``."""
    if not command.name.strip() or not command.name_zh.strip():
        raise GIVER_BAD(problem=Words("it has no name", "缺少名称"))
    for address in (command.issuer, command.back):
        if not may_be_asked(address, LONGEST) or "?" in address or (is_local(address) and not simulated):
            raise GIVER_BAD(problem=Words("issuer and back are https addresses", "issuer 和 back 须为 https 地址"))


def host_of(issuer: str) -> str:
    """At which host an institution is, as people read it."""
    return urlsplit(issuer).netloc


def discovery_of(issuer: str) -> str:
    """Where an authorisation server describes itself (RFC 8414 section 3.1: before the path of its issuer)."""
    parts = urlsplit(issuer)
    return f"{parts.scheme}://{parts.netloc}/.well-known/oauth-authorization-server{parts.path.rstrip('/')}"


def endpoints_of(issuer: str, said: Any) -> Endpoints:
    """What a discovery document says: of this issuer letter by letter, all of it at the issuer's own origin, and with everything
    without which we ask nobody. Raises :class:`farthing.identity.jose.Untrue`."""
    if not isinstance(said, dict) or said.get("issuer") != issuer:
        raise jose.Untrue("its discovery document is of another issuer")
    names = ("pushed_authorization_request_endpoint", "authorization_endpoint", "token_endpoint", "revocation_endpoint")
    found = [said.get(name) for name in names]
    origin = f"{urlsplit(issuer).scheme}://{urlsplit(issuer).netloc}"
    if not all(may_be_asked(each, LONGEST) and str(each).startswith(f"{origin}/") for each in found):
        raise jose.Untrue("its discovery document names addresses elsewhere")
    wanted = {
        "code_challenge_methods_supported": "S256", "token_endpoint_auth_methods_supported": "private_key_jwt",
        "dpop_signing_alg_values_supported": jose.OURS, "authorization_details_types_supported": TYPE,
    }  # fmt: skip
    for name, value in wanted.items():
        offered = said.get(name)
        if not isinstance(offered, list) or value not in offered:
            raise jose.Untrue("it offers less than is needed")
    if said.get("authorization_response_iss_parameter_supported") is not True:
        raise jose.Untrue("it offers less than is needed")
    par, authorization, token, revocation = map(str, found)
    return Endpoints(par, authorization, token, revocation, f"{origin}/v1/open")


def check_range(from_on: date, until: date, on: date) -> None:
    """Which days may be asked for, by the same ceilings by which we give. Refuses ``sharing.pull_range``."""
    earliest = add_months(on, -templates()[TEMPLATE].months["transactions"])
    latest = on + timedelta(days=templates()[TEMPLATE].lives_days)
    if not earliest <= from_on <= on < until <= latest:
        raise RANGE_BAD(earliest=earliest, latest=latest)


def details(pull: Pull) -> dict[str, Any]:
    """What is asked for (RFC 9396)."""
    return {
        "type": TYPE, "template": TEMPLATE, "actions": list(KINDS), "from": pull.from_on.isoformat(),
        "until": pull.until.isoformat(),
    }  # fmt: skip


def pushed(pull: Pull, back: str, verifier: str, state: str) -> dict[str, str]:
    """The parameters that are pushed (RFC 9126)."""
    return {
        "response_type": "code", "redirect_uri": back, "state": state, "code_challenge": jose.challenge_of(verifier),
        "code_challenge_method": "S256", "authorization_details": json.dumps([details(pull)]),
    }  # fmt: skip


def address_at(endpoints: Endpoints, client_id: str, said: Any) -> str:
    """Where the person is sent. Raises :class:`farthing.identity.jose.Untrue`."""
    uri = said.get("request_uri") if isinstance(said, dict) else None
    if not _plain(uri, LONGEST):
        raise jose.Untrue("it gave no address of a request")
    query = urlencode({"client_id": client_id, "request_uri": uri})
    address = f"{endpoints.authorization}{'&' if '?' in endpoints.authorization else '?'}{query}"
    if len(address) > 2 * LONGEST:
        raise jose.Untrue("it gave no address of a request")
    return address


def _plain(said: Any, most: int) -> TypeGuard[str]:
    """Whether this is a name that another made up, as it may be kept and sent back: short, of characters that can be seen."""
    return isinstance(said, str) and 0 < len(said) <= most and said.isascii() and said.isprintable()


def refresh_of(pull: Pull, said: Mapping[str, Any]) -> str:
    """The token that lasts, where what was agreed to is what was asked for and no more. Raises
    :class:`farthing.identity.jose.Untrue`."""
    granted = said.get("authorization_details")
    agreed = granted[0] if isinstance(granted, list) and len(granted) == 1 and isinstance(granted[0], dict) else {}
    asked = details(pull)
    if any(agreed.get(name) != asked[name] for name in asked):
        raise jose.Untrue("what was agreed to is not what was asked for")
    return _token(said, "refresh_token")


def access_of(said: Mapping[str, Any]) -> str:
    """The token to read by, bound to our key. Raises :class:`farthing.identity.jose.Untrue`."""
    if str(said.get("token_type")).lower() != "dpop":
        raise jose.Untrue("its token is bound to no key")
    return _token(said, "access_token")


def _token(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    if not _plain(found, LONGEST):
        raise jose.Untrue("it gave no token")
    return found


def holder_of(said: Mapping[str, Any], party: Party) -> Holder:
    """Whose accounts they are: this person's only by name and number both, of somebody whom the institution verified."""
    holder, consent_id = said.get("holder"), said.get("consent_id")
    if not isinstance(holder, dict) or not isinstance(consent_id, str) or not party.number:
        return "unnamed"
    name, number, level = (holder.get(each) for each in ("name", "number_sha256", "verification_level"))
    if not isinstance(name, str) or not isinstance(number, str):
        return "unnamed"
    if _folded(name) != _folded(party.name) or number != number_digest(consent_id, party.number):
        return "other"
    return "same" if isinstance(level, int) and level > 0 else "unnamed"


def _folded(name: str) -> str:
    return "".join(name.casefold().replace("·", " ").split())


def accounts_of(said: Mapping[str, Any]) -> tuple[str, ...]:
    """The accounts whose payments are fetched: those in the currency that decisions reckon in. Raises
    :class:`farthing.identity.jose.Untrue`."""
    listed = said.get("accounts")
    if not isinstance(listed, list) or len(listed) > MOST_PAGES or not all(isinstance(each, dict) for each in listed):
        raise jose.Untrue("it names no accounts")
    found = [each.get("account") for each in listed if each.get("currency") == CURRENCY]
    if not all(_plain(each, 200) for each in found):
        raise jose.Untrue("it names no accounts")
    return tuple(dict.fromkeys(map(str, found)))


def page_of(said: Mapping[str, Any], first: date = date.min) -> tuple[list[dict[str, Any]], str]:
    """The rows of a page from a ``first`` day on, each as far as history needs it, and where the next page begins, if there is
    one: what was not agreed to is not kept, though it was given. Raises :class:`farthing.identity.jose.Untrue`."""
    rows, cursor = said.get("transactions"), said.get("next_cursor")
    if not isinstance(rows, list) or len(rows) > PAGE or not all(isinstance(each, dict) for each in rows):
        raise jose.Untrue("its page holds no rows")
    if cursor is not None and not _plain(cursor, LONGEST):
        raise jose.Untrue("its page does not say what follows")
    found = [_row(each) for each in rows]
    return [each for each in found if each["at"] >= first.isoformat()], cursor or ""


def _row(each: Mapping[str, Any]) -> dict[str, Any]:
    amount, at, name = each.get("amount"), each.get("booked_at"), each.get("id")
    fits = isinstance(amount, dict) and amount.get("currency") == CURRENCY and type(amount.get("minor")) is int
    if not fits or not isinstance(amount, dict) or not 0 < abs(amount["minor"]) < 2**53:
        raise jose.Untrue("a row has no amount")
    try:
        booked = datetime.fromisoformat(at) if isinstance(at, str) else None
        local = None if booked is None or booked.tzinfo is None else booked.astimezone(CHINA)
    except (ValueError, OverflowError):
        local = None
    if local is None:
        raise jose.Untrue("a row says not when it was")
    if not _plain(name, 200):
        raise jose.Untrue("a row has no name")
    said = {what: _text(each.get(what)) for what in ("kind", "memo", "other")}
    return {"id": name, "minor": amount["minor"], "at": local.replace(tzinfo=None).isoformat(), **said}


def _text(said: Any) -> str:
    """Words of another as they may be kept: one line, short, printable."""
    return "".join(each if each.isprintable() else " " for each in said[:200]) if isinstance(said, str) else ""


def transactions_of(giver_id: str, page: str) -> list[Transaction]:
    """The rows of a page that was found to be in order, as history keeps them."""
    return [_transaction(giver_id, number, each) for number, each in enumerate(strict_json.parse(page.encode()), 1)]


def _transaction(giver_id: str, number: int, each: Mapping[str, Any]) -> Transaction:
    own = each["kind"] in OWN_MONEY
    direction: Direction = "neutral" if own else "in" if each["minor"] > 0 else "out"
    outcome: Outcome = "refund" if "refund" in each["kind"] else "settled"
    nothing = Money(0, CURRENCY)
    return Transaction(
        provider=giver_id, occurred_at=datetime.fromisoformat(each["at"]), direction=direction,
        amount=Money(abs(each["minor"]), CURRENCY), kind=each["kind"], counterparty=each["other"], counterparty_account="",
        description=each["memo"], method="", card_tail=None, status="booked", outcome=outcome, order_id=each["id"],
        merchant_order_id="", note="", fee=nothing, refunded=nothing, refund_of=None, occurrence=0, row=number,
        raw=(json.dumps(dict(each), ensure_ascii=False, sort_keys=True),), parser_version=PARSER,
    )  # fmt: skip


def problem_of(no: SaidNo) -> Problem:
    """What a refusal of an institution means for a pull."""
    if no.error in ("invalid_token", "invalid_grant", "consent_expired"):
        return "ended"
    return "often" if no.status == 429 else "refused"


def page_id(pull_id: str, run: str, account: str, cursor: str) -> str:
    """The natural name of a page: the same page of the same pull is asked for once, however often it is named."""
    said = canonical([pull_id, run, account, cursor])
    return f"pull-{run}-{hashlib.sha256(said).hexdigest()[:32]}"


def since(pull: Pull) -> date:
    """From which day on a pull asks: all days at first, then those since the one before, with some overlap."""
    return pull.from_on if pull.pulled_on is None else max(pull.from_on, pull.pulled_on - OVERLAP)
