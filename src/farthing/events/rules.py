"""Own how events are read off a leaf, how a cursor is written, which addresses may be told, and how a delivery is signed.

Pure. What is sent is signed as Standard Webhooks has it: HMAC-SHA256 over ``id.timestamp.body``, three headers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from farthing.events.catalogue import BY_ENTRY, BY_NAME, BY_OPERATION, OWN_ENTRIES
from farthing.events.kinds import Kind
from farthing.events.model import Event
from farthing.evidence.model import Leaf
from farthing.kit.addresses import is_outside
from farthing.kit.canonical import plain
from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.ids import prefixed
from farthing.kit.money import total
from farthing.ledger.model import Posted

START = (0, 0)
"""Before everything."""
WRITTEN_AS = "whsec_"
ANYWHERE = "anywhere"
"""The peer of the port that a bank has which may tell machines of its own network, over plain HTTP too."""

BAD_CURSOR = malformed(
    "events.bad_cursor",
    "{cursor} is not a cursor of the events; begin without one.",
    "{cursor} 不是事件列表的游标；请从头开始。",
)
UNKNOWN_KIND = malformed(
    "events.unknown_kind",
    "There is no event {kind}; GET /v1/events/kinds lists what there is.",
    "没有事件 {kind}；可用 GET /v1/events/kinds 查看全部种类。",
)
BAD_ADDRESS = malformed(
    "events.bad_address",
    "{url} cannot be told of events; an address begins with https:// and names a host, without user or fragment.",
    "无法向 {url} 发送事件；地址须以 https:// 开头并写明主机，不带用户名和片段。",
)
NOT_OUTSIDE = declined(
    "events.address_inside",
    "{host} is not an address on the internet; events go there only where the deployment allows it "
    "(FARTHING_WEBHOOKS_ANYWHERE).",
    "{host} 不是互联网地址；仅当部署允许时（FARTHING_WEBHOOKS_ANYWHERE）才向其发送事件。",
)
UNKNOWN_WEBHOOK = not_found(
    "events.unknown_webhook", "There is no webhook {webhook_id}.", "没有事件推送 {webhook_id}。"
)
NOT_GIVEN_UP = conflict(
    "events.not_given_up",
    "Webhook {webhook_id} was not given up, or is stopped for good; look at the list again.",
    "事件推送 {webhook_id} 未被放弃，或已永久停止；请重新查看列表。",
)
TOO_MANY = declined(
    "events.too_many_webhooks",
    "There are {most} webhooks already; stop one first.",
    "事件推送已达 {most} 个；请先停止一个。",
)
STOPPED = conflict(
    "events.webhook_stopped",
    "Webhook {webhook_id} was stopped for good; make another.",
    "事件推送 {webhook_id} 已永久停止；请另行设立。",
)
UNKNOWN_DELIVERY = not_found(
    "events.unknown_delivery",
    "Webhook {webhook_id} has no delivery {delivery_id} of an event; look at its deliveries again.",
    "事件推送 {webhook_id} 没有编号为 {delivery_id} 的事件投递；请重新查看投递记录。",
)
WAS_A_TEST = conflict(
    "events.was_a_test",
    "Delivery {delivery_id} was a test, which is not sent again; send another test.",
    "投递 {delivery_id} 是测试，测试不重新投递；请另发一次测试。",
)
TOO_MANY_OPEN = conflict(
    "events.too_many_by_hand",
    "{most} deliveries by hand are on their way to {webhook_id}; wait until they are answered.",
    "事件推送 {webhook_id} 已有 {most} 笔人工投递在途；请待其有结果后再试。",
)
MOST_WEBHOOKS = 50
MOST_BY_HAND = 5
"""Deliveries by hand that may be on their way to one address at a time."""
TEST = "webhook.test"
"""The type of an event that a test sends; nothing of the log has it, and no webhook is made for it."""


def write_cursor(place: tuple[int, int]) -> str:
    """A place in the log as it is handed out: the leaf's position, and which of its events."""
    return f"{place[0]}.{place[1]}"


def read_cursor(cursor: str | None) -> tuple[int, int]:
    """The place that a cursor names; refuses ``events.bad_cursor``."""
    if cursor is None:
        return START
    position, dot, number = cursor.partition(".")
    if not (dot and all(each.isascii() and each.isdigit() and len(each) < 16 for each in (position, number))):
        raise BAD_CURSOR(cursor=cursor[:40])
    return int(position), int(number)


def check_kinds(kinds: Sequence[str]) -> frozenset[str]:
    """The kinds that are asked for, all where none is named; refuses ``events.unknown_kind``."""
    for kind in kinds:
        if kind not in BY_NAME:
            raise UNKNOWN_KIND(kind=kind)
    return frozenset(kinds or BY_NAME)


def check_address(url: str, *, anywhere: bool) -> None:
    """Refuse ``events.bad_address`` and ``events.address_inside``; a name is looked up when it is called, each time."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BAD_ADDRESS(url=url[:200]) from None
    scheme = parts.scheme == "https" or (anywhere and parts.scheme == "http")
    if not (scheme and parts.hostname and parts.username is None and port != 0 and not parts.fragment):
        raise BAD_ADDRESS(url=url[:200])
    host = parts.hostname.rstrip(".")
    numeric = ":" in host or host.replace(".", "").isdigit()
    inside = host == "localhost" or host.endswith(".localhost") or (numeric and not is_outside(host))
    if inside and not anywhere:
        raise NOT_OUTSIDE(host=host)


def entries_of(content: Mapping[str, Any]) -> list[UUID]:
    """The entries that a leaf names and whose events are looked for."""
    data = content["data"]
    if not isinstance(data, dict) or "posted" not in data:
        return []
    operation = data.get("operation", content["kind"])
    return [] if operation in OWN_ENTRIES else [UUID(each["id"]) for each in data["posted"]["journal_entries"]]


def events_of(position: int, leaf: Leaf, entries: Mapping[UUID, Posted]) -> Iterator[Event]:
    """The events of a leaf, each with its own cursor: that of its operation is the first, that of an entry stands where the
    leaf names it. So a kind that is added to the list moves no cursor."""
    content = leaf.content
    found: list[tuple[int, UUID, Kind, dict[str, Any]]] = []
    kind = BY_OPERATION.get(leaf.kind)
    data = None if kind is None else _told(kind, leaf.kind, content["data"])
    if kind is not None and data is not None:
        found.append((1, leaf.id, kind, data))
    for number, ident in enumerate(entries_of(content) if entries else (), start=2):
        if ident in entries:
            of_entry = BY_ENTRY[entries[ident].entry.kind]
            if entries[ident].entry.reference.startswith(of_entry.under):
                found.append((number, ident, of_entry, _moved(of_entry, entries[ident])))
    for number, ident, each, told in found:
        yield Event(
            prefixed("evt", ident), each.name, datetime.fromisoformat(content["recorded_at"]),
            date.fromisoformat(content["business_date"]), write_cursor((position, number)), leaf.name, told,
        )  # fmt: skip


def _told(kind: Kind, operation: str, data: Any) -> dict[str, Any] | None:
    """The fields of an operation's event; none where it came to a draft, or to something that is not answered yet."""
    if kind.unless and _at(data, kind.unless) not in (None, MISSING):
        return None
    found = {name: _at(data, path) for name, path in kind.sources[operation].items()}
    return None if MISSING in found.values() else found


MISSING = object()


def _at(data: Any, path: Sequence[str]) -> Any:
    """What stands in a leaf at a path."""
    for step in path:
        if not isinstance(data, dict) or step not in data:
            return MISSING
        data = data[step]
    return data


def _moved(kind: Kind, posted: Posted) -> dict[str, Any]:
    debits = [posting.amount for posting in posted.entry.postings if posting.amount.minor > 0]
    parts = posted.entry.reference.split(":")
    subject = parts[kind.under.count(":") + 1] if kind.subject else ""
    named = subject if "_" in subject else f"{kind.subject}_{subject}"
    return {
        **({f"{kind.subject}_id": named} if kind.subject else {}),
        "entry_id": str(posted.id),
        "effective_on": posted.entry.effective_on.isoformat(),
        "amount": plain(total(debits, debits[0].currency)),
    }


def shown_secret(raw: bytes) -> str:
    """A webhook's secret as its receiver keeps it."""
    return WRITTEN_AS + base64.b64encode(raw).decode()


def signed(secrets: Sequence[bytes], event_id: str, stamp: int, body: bytes) -> dict[str, str]:
    """The headers of a delivery, with a signature by each secret; whoever knows one of them can check it."""
    content = b".".join((event_id.encode(), str(stamp).encode(), body))
    macs = (base64.b64encode(hmac.new(raw, content, hashlib.sha256).digest()).decode() for raw in secrets)
    signatures = " ".join(f"v1,{mac}" for mac in macs)
    return {"webhook-id": event_id, "webhook-timestamp": str(stamp), "webhook-signature": signatures}


def trial_event(event_id: str, webhook_id: str, now: datetime, on: date) -> Event:
    """An event of no meaning: it says that it is a test, and stands in no log, hence has neither cursor nor leaf."""
    return Event(event_id, TEST, now, on, "", "", {"webhook_id": webhook_id, "test": True})


def example(kind: Kind) -> str:
    """An event of a kind as it is sent, with made-up ids, for the page of all kinds."""
    values = {
        "text": "...", "amount": {"currency": "CNY", "minor": 1050}, "date": "2026-06-10", "number": 2,
        "true or false": True, "instant": "2026-06-10T01:00:00.000000Z", "decimal": "0.05",
    }  # fmt: skip
    told = {
        "id": "evt_01kazq3v8m5r7w2x9y4z6b1c0d", "type": kind.name, "timestamp": "2026-06-10T01:00:00.000000Z",
        "business_date": "2026-06-10", "cursor": "41.1", "leaf_id": "leaf_01kazq3v8m5r7w2x9y4z6b1c0d",
        "data": {name: _example(name, form, values) for name, form in kind.forms.items()},
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def trial_example() -> str:
    """The event of a test as it is sent, for the same page."""
    event = trial_event(
        "evt_01kazq3v8m5r7w2x9y4z6b1c0d", "hook_01kazq3v8m5r7w2x9y4z6b1c0d", datetime(2026, 6, 10, 1, tzinfo=UTC),
        date(2026, 6, 10),
    )  # fmt: skip
    return json.dumps(plain(event), ensure_ascii=False)


SHORT = {"approval": "appr", "complaint": "dispute", "decision": "dec", "deposit": "dep", "inquiry": "inq",
         "payer": "party", "payee": "party", "case": "voice", "order": "ford", "payment": "rail", "transfer": "xfer"}  # fmt: skip
"""How the ids of a thing begin, where not as it is called."""


def _example(name: str, form: str, values: Mapping[str, Any]) -> Any:
    thing = name.removesuffix("_id")
    if form == "text" and (thing != name or name in SHORT):
        entry = "0f8fad5b-d9cb-8469-a165-70867728950e"
        return entry if thing == "entry" else f"{SHORT.get(thing, thing)}_01kazq3v8m5r7w2x9y4z6b1c0d"
    return values[form]
