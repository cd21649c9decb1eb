"""Refusals of exposure across lenders and of published figures."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from farthing.exchange.blinded.group import GROUPS
from farthing.exchange.blinded.law import law_of, periods_of
from farthing.exchange.blinded.messages import Ask, KeyStatement, Message, Party, Row, Rows, Ticket, heard, said
from farthing.exchange.blinded.parties_service import PARTIES, itself, make
from farthing.exchange.exposure.client import HttpTagger
from farthing.exchange.exposure.files import customers_of
from farthing.exchange.figures.rows import rows_of, rule_of
from farthing.exchange.figures.service import Raise, Statistician
from farthing.exchange.shelf.service import Shelf
from farthing.kit import base64url
from tests.errors.gallery import reproduces
from tests.exchange.exposure.house import BEGAN, PURPOSE, House, consent, customer, founded, house, law_with, person

SOON = BEGAN + timedelta(minutes=5)


def _in(work: Callable[[House], Any], **changed: str) -> None:
    with tempfile.TemporaryDirectory() as folder, house(Path(folder), **changed) as town:
        work(town)


def _signed(town: House, name: str, message: Message) -> Any:
    return said(message, name, itself(town.folder / name)[1])


def _rows(town: House, **changed: Any) -> Rows:
    side = town.lenders["north"]._side
    side.publish_keys(town.shelf_line, PURPOSE)
    period = periods_of(town.now)[0]
    rows = tuple(Row(str(number), 1, 1, 0) for number in range(8))
    made = Rows(PURPOSE, period, side.key_of(PURPOSE, period)[0].ident, "CNY", town.today, "load", 1, 2, rows)
    return dataclasses.replace(made, **changed)


@reproduces("exposure.point_unreadable")
def a_point_that_is_none() -> None:
    GROUPS["ristretto255-SHA512"].keyed(os.urandom(32), b"").evaluate([b"no point"])


@reproduces("exposure.proof_failed")
def an_answer_under_another_key() -> None:
    group = GROUPS["ristretto255-SHA512"]
    blinding = group.blind([b"somebody"])
    key, other = (group.keyed(os.urandom(32), b"") for _ in range(2))
    group.finish(blinding, key.evaluate(blinding.points), other.public)


@reproduces("exposure.message_unreadable")
def a_message_of_nothing() -> None:
    heard({}, Ask, {}, ("bank",))


@reproduces("exposure.not_signed")
def a_message_of_a_stranger() -> None:
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), "x", "bank")
        _, key = itself(Path(folder))
    stranger = Party("x", "bank", "ed25519", bytes(32))
    heard(said(Ask(PURPOSE, consent(), "n", SOON), "x", key), Ask, {"x": stranger}, ("bank",))


@reproduces("exposure.law_unreadable")
def a_law_that_is_not_there() -> None:
    law_of(Path("/nowhere/law.toml"))


@reproduces("exposure.folder_unusable")
def a_folder_that_another_process_has() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        founded(folder)
        law = law_with(folder)
        first = Shelf(folder / "shelf", law)
        try:
            Shelf(folder / "shelf", law)
        finally:
            first.close()


@reproduces("exposure.expired")
def a_ticket_that_ended() -> None:
    law_of().check_alive(BEGAN, BEGAN)


@reproduces("exposure.no_purpose")
def out_of_curiosity() -> None:
    law_of().check_purpose("curiosity")


@reproduces("exposure.no_currency")
def bands_of_gold() -> None:
    law_of().bands_of("XAU")


@reproduces("exposure.other_inquirer")
def a_point_signed_for_another() -> None:
    _in(lambda town: town.door.permit(
        town.lenders["north"].want(PURPOSE, consent()), person(1), inquirer="south", consent=consent(), currency="CNY"
    ))  # fmt: skip


@reproduces("exposure.consent_ended")
def a_consent_that_was_withdrawn() -> None:
    def work(town: House) -> None:
        town.door.withdraw(town.shelf_line, consent())
        town.permit(1, under=consent())

    _in(work)


@reproduces("exposure.replayed")
def a_permit_used_twice() -> None:
    def work(town: House) -> None:
        permit = town.permit(1)
        for _ in range(2):
            town.lenders["asks"].told(permit, person(1))

    _in(work)


@reproduces("exposure.quota_reached")
def a_walk_through_identities() -> None:
    _in(lambda town: town.load("north", *(customer(number) for number in range(9))), points_a_day="8")


@reproduces("exposure.batch_size")
def half_a_batch() -> None:
    _in(lambda town: town.lenders["north"]._side._finished(PURPOSE, periods_of(town.now)[0], [b"a", b"b"]))


@reproduces("exposure.no_key")
def a_quarter_long_ago() -> None:
    def work(town: House) -> None:
        point = base64url.encode(town.law.group.blind([person(1)]).points[0])
        ticket = Ticket(point, "asks", PURPOSE, ("2020Q1",), consent(), "p", "n", SOON)
        ask = town.lenders["asks"].want(PURPOSE, consent())
        town.tagger_line.evaluate({"ticket": _signed(town, "door", ticket), "ask": ask})

    _in(work)


@reproduces("exposure.key_disputed")
def a_tagger_with_two_keys() -> None:
    def work(town: House) -> None:
        for public in ("one", "two"):
            key = KeyStatement(town.law.group.name, PURPOSE, periods_of(town.now)[0], public)
            town.shelf_line.key(_signed(town, "tagger", key))

    _in(work)


@reproduces("exposure.load_changed")
def a_part_sent_otherwise() -> None:
    def work(town: House) -> None:
        for currency in ("CNY", "EUR"):
            town.shelf_line.enter(_signed(town, "north", _rows(town, currency=currency)))

    _in(work)


@reproduces("exposure.load_implausible")
def everybody_is_late() -> None:
    _in(lambda town: town.load("north", *(customer(number, late=400) for number in range(16))))


@reproduces("exposure.rows_unfit")
def rows_of_tomorrow() -> None:
    _in(lambda town: town.shelf_line.enter(_signed(town, "north", _rows(town, as_of=town.today + timedelta(days=1)))))


@reproduces("exposure.not_this_person")
def a_friends_clean_file() -> None:
    _in(lambda town: town.lenders["asks"].told(town.permit(1), person(2)))


@reproduces("exposure.customer_twice")
def a_customer_twice() -> None:
    _in(lambda town: town.load("north", customer(1), customer(1)))


@reproduces("exposure.customers_unreadable")
def a_file_of_something_else() -> None:
    customers_of("a,b\n", "CNY")


@reproduces("exposure.peer_away")
def a_tagger_that_is_away() -> None:
    HttpTagger("http://127.0.0.1:9", Party("t", "tagger", "ed25519", bytes(32))).statements()


@reproduces("exposure.rows_unreadable")
def rows_of_something_else() -> None:
    rows_of("a,b\n", "CNY")


def _office(folder: Path, work: Callable[[Statistician, list[Any]], Any]) -> None:
    (folder / "table").mkdir()
    cards = [make(folder / name, name, "officer") for name in ("li", "wang")]
    (folder / "table" / PARTIES).write_text("".join(cards), encoding="utf-8")
    signed = [said(Raise("9", "n", SOON), name, itself(folder / name)[1]) for name in ("li", "wang")]
    office = Statistician(folder / "table")
    try:
        work(office, signed)
    finally:
        office.close()


@reproduces("exposure.budget_spent")
def a_table_without_a_budget() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _office(Path(folder), lambda office, _: office.publish("2026Q4", [], rule_of("CNY")))


@reproduces("exposure.raised_alone")
def a_budget_raised_by_one() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _office(Path(folder), lambda office, signed: office.raised(signed[0], signed[0], law_of(), BEGAN))


@reproduces("exposure.table_changed")
def other_rows_of_a_quarter() -> None:
    def work(office: Statistician, signed: list[Any]) -> None:
        office.raised(*signed, law_of(), BEGAN)
        for balance in ("1.00", "2.00"):
            head = "person,lender,region,class,revolving,limit,balance,days_past_due,before"
            office.publish("2026Q4", rows_of(f"{head}\np,A,n,c,no,,{balance},0,\n", "CNY"), rule_of("CNY"))

    with tempfile.TemporaryDirectory() as folder:
        _office(Path(folder), work)
