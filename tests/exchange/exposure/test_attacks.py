"""Attacks on tagger and shelf, each over their real doors (reference exchange.md, section 9)."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from farthing.exchange.blinded.group import PROOF_FAILED
from farthing.exchange.blinded.law import EXPIRED, NO_CURRENCY, NO_PURPOSE, periods_of
from farthing.exchange.blinded.messages import (
    MESSAGE_UNREADABLE,
    NOT_SIGNED,
    KeyStatement,
    Permit,
    Question,
    Row,
    Rows,
    Ticket,
    digest_of,
    said,
)
from farthing.exchange.blinded.parties_service import itself, make
from farthing.exchange.blinded.refusals import (
    CONSENT_ENDED,
    KEY_DISPUTED,
    NO_KEY,
    OTHER_INQUIRER,
    QUOTA_REACHED,
    REPLAYED,
)
from farthing.exchange.exposure.lender_service import CUSTOMER_TWICE, NOT_THIS_PERSON
from farthing.exchange.shelf.rules import LOAD_CHANGED, LOAD_IMPLAUSIBLE, ROWS_UNFIT
from farthing.exchange.tagger.rules import BATCH_SIZE
from farthing.kit import base64url
from farthing.kit.canonical import canonical, plain
from tests.exchange.exposure.house import PURPOSE, House, consent, customer, house, person
from tests.exchange.refused import refused


@pytest.fixture
def town(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


def signed_by(town: House, name: str, message: Any) -> dict[str, Any]:
    return json.loads(canonical(said(message, name, itself(town.folder / name)[1])))


def ticket(town: House, **changed: Any) -> Ticket:
    point = town.law.group.blind([person(1)]).points[0]
    made = Ticket(
        base64url.encode(point), "asks", PURPOSE, periods_of(town.now), consent(), "number", os.urandom(8).hex(),
        town.now + timedelta(minutes=5),
    )  # fmt: skip
    return dataclasses.replace(made, **changed)


def presented(town: House, made: Ticket, ask: Any = None, door: str = "door") -> Any:
    ask = ask or town.lenders["asks"].want(PURPOSE, consent())
    return town.tagger_line.evaluate({"ticket": signed_by(town, door, made), "ask": ask})


def test_enumeration_stops_at_the_quota_and_is_an_alarm(tmp_path: Path) -> None:
    """Attack 1: a lender walks through identities, by loading and by asking."""
    with house(tmp_path, points_a_day="16", asks_a_day="3", asks_a_person="2") as town:
        town.load("quick", *(customer(number) for number in range(16)))
        with refused(QUOTA_REACHED):
            town.load("quick", customer(17))
        for number in (1, 2):
            town.permit(number)
            town.permit(number, "south")
        with refused(QUOTA_REACHED):  # about one person, whoever asks
            town.permit(1, "north")
        town.permit(3)
        with refused(QUOTA_REACHED):
            town.permit(4)
        with refused(QUOTA_REACHED):
            town.permit(5)
        alarms = town.tagger.memory.alarms  # type: ignore[attr-defined]
        assert [each["member"] for each in alarms] == ["quick", "north", "asks"]
        town.wait(days=1)
        town.permit(4)


def test_what_was_signed_serves_once_in_time_and_for_one_lender(town: House) -> None:
    """Attack 2 at the tagger, and broken messages."""
    wanted = town.lenders["asks"].want(PURPOSE, consent())
    made = ticket(town)
    presented(town, made, wanted)
    with refused(REPLAYED):
        presented(town, made)
    with refused(REPLAYED):
        presented(town, ticket(town), wanted)
    for other in (
        {"inquirer": "north"}, {"consent": consent("another")}, {"purpose": "limit_review"},
    ):  # fmt: skip
        with refused(OTHER_INQUIRER):
            presented(town, ticket(town, **other))
    with refused(OTHER_INQUIRER):  # one consent is for one lender
        presented(town, ticket(town, inquirer="north"), town.lenders["north"].want(PURPOSE, consent()))
    for until in (town.now, town.now + timedelta(hours=2)):
        with refused(EXPIRED):
            presented(town, ticket(town, until=until))
    with refused(NOT_SIGNED):
        presented(town, ticket(town), door="north")
    with refused(NO_KEY):
        presented(town, ticket(town, periods=("2024Q1",)))
    with refused(NO_PURPOSE):
        presented(town, ticket(town, purpose="curiosity"), town.lenders["asks"].want("curiosity", consent()))
    with refused(BATCH_SIZE):
        town.lenders["north"]._side._finished(PURPOSE, periods_of(town.now)[0], [b"a", b"b"])
    changed = signed_by(town, "door", ticket(town))
    for broken in (
        {**changed, "body": {**changed["body"], "more": 1}}, {**changed, "kind": "permit"}, {**changed, "signature": "é"}, None,
        {**changed, "body": {**changed["body"], "until": 5}}, {**changed, "by": [3]},
    ):  # fmt: skip
        with refused(MESSAGE_UNREADABLE):
            town.tagger_line.evaluate({"ticket": broken, "ask": town.lenders["asks"].want(PURPOSE, consent())})
    with refused(NOT_SIGNED):
        town.tagger_line.evaluate({
            "ticket": {**changed, "body": {**changed["body"], "person": "another"}},
            "ask": town.lenders["asks"].want(PURPOSE, consent()),
        })  # fmt: skip
    assert not town.tagger.memory.alarms  # type: ignore[attr-defined]


def question(town: House, name: str, permit: Any, named: str = "") -> Any:
    made = Question(named or digest_of(permit), os.urandom(8).hex(), town.now + timedelta(minutes=5))
    return town.shelf_line.ask({"permit": permit, "question": signed_by(town, name, made)})


def test_a_permit_is_its_lenders_once_and_while_the_consent_lasts(town: House) -> None:
    """Attack 2 at the shelf."""
    permit = json.loads(canonical(town.permit(1)))
    town.lenders["asks"]._side.publish_keys(town.shelf_line, PURPOSE)
    with refused(OTHER_INQUIRER):
        question(town, "north", permit)
    with refused(OTHER_INQUIRER):
        question(town, "asks", permit, "0" * 64)
    with refused(NOT_SIGNED):
        question(town, "asks", {**permit, "by": "north"})
    question(town, "asks", permit)
    with refused(REPLAYED):
        question(town, "asks", permit)
    ended, late = town.permit(2, under=consent("ends")), json.loads(canonical(town.permit(3)))
    for _ in range(2):
        town.door.withdraw(town.shelf_line, consent("ends"))
    with refused(CONSENT_ENDED):
        question(town, "asks", json.loads(canonical(ended)))
    with refused(CONSENT_ENDED):
        town.permit(2, under=consent("ends"))
    town.wait(minutes=16)
    with refused(EXPIRED):
        question(town, "asks", late)


def test_nobody_is_shown_in_anothers_place(town: House) -> None:
    """Attack 4, and its mirror: without the person's side nothing is heard, and a friend's clean file is not taken."""
    with refused(NOT_THIS_PERSON):
        town.lenders["asks"].told(town.permit(1), person(2))
    with refused(OTHER_INQUIRER):
        town.door.permit(
            town.lenders["north"].want(PURPOSE, consent()),
            person(1),
            inquirer="asks",
            consent=consent(),
            currency="CNY",
        )
    with refused(NO_CURRENCY):
        wanted = town.lenders["asks"].want(PURPOSE, consent())
        permit = town.door.permit(wanted, person(1), inquirer="asks", consent=consent(), currency="XAU")
        town.lenders["asks"].told(permit, person(1))


def test_a_tagger_with_another_key_is_found_out(town: House) -> None:
    """Attack 3: it evaluates under another key than it published, or publishes two."""
    town.ask(1)
    seeds = town.folder / "tagger" / "seeds"
    for path in seeds.iterdir():
        path.write_bytes(os.urandom(32))
    town.tagger._keys._made.clear()  # type: ignore[attr-defined]
    with refused(PROOF_FAILED):
        town.ask(2)
    other = KeyStatement(town.law.group.name, PURPOSE, periods_of(town.now)[0], base64url.encode(bytes(32)))
    with refused(KEY_DISPUTED):
        town.shelf_line.key(signed_by(town, "tagger", other))
    fresh = type(town)(town.folder, town.law, town.now)
    fresh.open(town.tagger_line._url, town.shelf_line._url)
    with refused(KEY_DISPUTED):  # whoever asks the tagger for its keys only now learns it at the shelf
        fresh.load("north", customer(1))


def test_two_questions_around_one_change_tell_nothing(town: House) -> None:
    """Attack 5: a loan is paid off between two questions of one week; and no answer holds an amount."""
    town.load("north", customer(1, "30000"))
    town.load("south", customer(1, "160000", 45))
    assert town.ask(1).band == "none"  # what is loaded counts from the next edition on
    town.wait(days=7)
    before = town.ask(1)
    assert (before.band, before.lenders, before.dpd) == ("50-200k", "2-3", "31-60")
    town.wait(days=1)
    town.load("south", as_of=town.today)
    assert town.ask(1) == before
    other = town.ask(1, "quick")
    assert dataclasses.replace(
        other, asked_7="0", asked_30="0", asked_90="0", asked_nonbank_30="0"
    ) == dataclasses.replace(before, asked_7="0", asked_30="0", asked_90="0", asked_nonbank_30="0")
    town.wait(days=6)
    after = town.ask(1)
    assert (after.band, after.lenders, after.dpd) == ("<50k", "1", "withheld")


def test_what_a_lender_can_poison_is_bounded_and_is_seen(town: House) -> None:
    """Attack 6: false rows. One lender is one lender, its word alone about lateness is not told, and a dispute marks it."""
    town.load("quick", customer(1, "900000", 400))
    town.wait(days=7)
    told = town.ask(1)
    assert (told.lenders, told.dpd) == ("1", "withheld")
    town.load("north", customer(1, "1000"))
    town.wait(days=7)
    assert town.ask(1).dpd == ">90"
    until = town.door.contest(town.shelf_line, person(1), PURPOSE, 20)
    assert until == (town.today + timedelta(days=20)).isoformat()
    assert town.ask(1).dpd == "disputed"
    assert [each["answer"]["dpd"] for each in town.door.seen(town.shelf_line, person(1), PURPOSE)] == [
        "withheld", ">90", "disputed",
    ]  # fmt: skip
    town.wait(days=21)
    assert town.ask(1).dpd == ">90"
    with refused(LOAD_IMPLAUSIBLE):
        town.load("swift", *(customer(number, "900000", 400) for number in range(16)))
    with refused(CUSTOMER_TWICE):
        town.load("swift", customer(1), customer(1))


def rows_of(town: House, **changed: Any) -> Rows:
    lender = town.lenders["north"]
    lender._side.publish_keys(town.shelf_line, PURPOSE)
    period = periods_of(town.now)[0]
    key = lender._side.key_of(PURPOSE, period)[0].ident
    rows = tuple(Row(f"tag {number}", 1, 1, 0) for number in range(8))
    return dataclasses.replace(Rows(PURPOSE, period, key, "CNY", town.today, "load", 1, 2, rows), **changed)


def test_a_load_in_parts_twice_and_out_of_order(town: House) -> None:
    def enter(rows: Rows, name: str = "north") -> Any:
        return town.shelf_line.enter(signed_by(town, name, rows))

    second = rows_of(town, part=2, rows=tuple(Row(f"more {number}", 1, 1, 0) for number in range(8)))
    assert not enter(second)["whole"]
    assert not enter(second)["whole"]
    with refused(LOAD_CHANGED):
        enter(dataclasses.replace(second, rows=rows_of(town).rows))
    with refused(LOAD_CHANGED):
        enter(rows_of(town, parts=3))
    assert enter(rows_of(town))["whole"]
    assert enter(second)["whole"]
    (held,) = town.shelf.memory.lenders[PURPOSE, "2026Q4"].values()  # type: ignore[attr-defined]
    assert held.comes is not None and len(held.comes.rows) == 16 and not held.parts
    enter(rows_of(town, load="older", as_of=town.today - timedelta(days=1), parts=1))
    assert held.comes.load == "load"
    for unfit in (
        {"as_of": town.today + timedelta(days=1)}, {"rows": second.rows[:7]}, {"part": 3}, {"rows": second.rows[:1] * 8},
        {"rows": (Row("a", 99, 1, 0), *second.rows[1:])}, {"rows": (Row("a", 0, 0, 2), *second.rows[1:])},
    ):  # fmt: skip
        with refused(ROWS_UNFIT):
            enter(rows_of(town, load="unfit", **unfit))
    with refused(NO_KEY):
        enter(rows_of(town, key="0" * 16))
    with refused(NOT_SIGNED):
        enter(rows_of(town), "door")


def test_known_and_unknown_are_answered_alike(town: House) -> None:
    """Attack 7: the size of an answer, and what it costs, say nothing; a load says only how many batches it has."""
    town.load("north", customer(1))
    town.wait(days=7)
    sizes, records = set(), []
    for number in (1, 2):
        before = (town.folder / "shelf" / "journal.jsonl").stat().st_size
        answer = question(town, "asks", json.loads(canonical(town.permit(number))))
        sizes.add(len(canonical(answer)))
        records.append((town.folder / "shelf" / "journal.jsonl").read_bytes()[before:].count(b"\n"))
    assert sizes == {512} and records == [1, 1]
    assert town.load("north", *(customer(number) for number in range(3))) == town.load("north") == 1
    held = (town.folder / "shelf" / "journal.jsonl").read_text() + (
        town.folder / "tagger" / "journal.jsonl"
    ).read_text()
    assert not any(word in held for word in ("11010119900101", '"north"}', "30000"))


def test_tags_of_two_purposes_and_quarters_do_not_join(town: House) -> None:
    side = town.lenders["north"]._side
    this, before = periods_of(town.now)
    tags = {side.tag(purpose, period, person(1)) for purpose in town.law.purposes for period in (this, before)}
    assert len(tags) == 4 and side.tag(PURPOSE, this, person(1)) in tags


def test_the_turn_of_a_quarter_forgets_nobody_and_a_seed_that_is_over_is_destroyed(town: House) -> None:
    town.wait(days=21)  # 21 December
    town.load("north", customer(1, "30000"))
    town.ask(1, "quick")
    town.wait(days=14)  # 4 January: a new quarter, and nobody loaded anew
    told = town.ask(1)
    assert (told.band, told.lenders, told.asked_30, told.asked_90) == ("<50k", "1", "1", "1")
    town.load("north", customer(2))
    town.wait(days=7)
    assert town.ask(1).band == "none"  # this quarter's file is the one that counts
    town.wait(days=90)
    town.ask(1)
    names = {path.stem for path in (town.folder / "tagger" / "seeds").iterdir()}
    assert names == {f"{purpose}-2027Q{quarter}" for purpose in town.law.purposes for quarter in (1, 2)}
    town.now -= timedelta(days=400)  # a clock that was set back destroys nothing that is to come
    town.ask(1)
    assert names <= {path.stem for path in (town.folder / "tagger" / "seeds").iterdir()}


def test_what_both_remember_survives_their_end(tmp_path: Path) -> None:
    with house(tmp_path) as town:
        town.load("north", customer(1, "30000"))
        town.load("south", customer(1, "40000"))
        permit = json.loads(canonical(town.permit(1)))
        question(town, "asks", permit)
        town.door.withdraw(town.shelf_line, consent("gone"))
        made = ticket(town)
        presented(town, made)
    path = tmp_path / "shelf" / "journal.jsonl"
    path.write_bytes(path.read_bytes() + b'{"kind":"asked","cut')
    with house(tmp_path) as town:
        with refused(REPLAYED):
            question(town, "asks", permit)
        with refused(REPLAYED):
            presented(town, made)
        with refused(CONSENT_ENDED):
            town.permit(1, under=consent("gone"))
        town.wait(days=7)
        told = town.ask(1)
        assert (told.band, told.lenders) == ("50-200k", "2-3")
    make(tmp_path / "north", "another", "bank")
    assert itself(tmp_path / "north")[0].name == "north"  # a key that is there stays


def test_permits_hold_no_identity(town: House) -> None:
    permit = plain(town.permit(7))
    assert permit["kind"] == Permit.KIND and "19900101" not in json.dumps(permit) and "person" not in permit["body"]
