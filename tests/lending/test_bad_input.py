"""Bad input to a loan's life, by every door that has it: the operation, the API, the command line and the page refuse with one
code, a form keeps what was typed and shows the sentence, and nothing changed: no balance, loan, event or leaf of the log."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from typer.testing import CliRunner

from farthing.bank.staff import key_of
from farthing.cli import app
from farthing.identity.model import CreateApiKey
from farthing.kernel.operation import operation_of
from farthing.kit.canonical import plain
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Charge, RepayAsOf, Reschedule, Waive
from farthing.lending.backing import service as backing
from farthing.lending.backing.model import AskGuarantor
from farthing.lending.groups import sheet_service as sheets
from farthing.lending.model import LoanCommand, Repay
from farthing.lending.shelf import service as loan_shelf
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products.model import Publish
from tests.api.test_api import Api
from tests.banks import commanded
from tests.doors import served
from tests.identity.people import PASSWORD, enrolled, staff
from tests.lending.groups.village import TELLER, Village, founded, villager
from tests.lending.house import CARD, House, yuan
from tests.web.test_borrowing import BORROWER
from tests.web.test_entrance import Browser, reader, signed_in

WORDS = "as the board decided"
TABLES = ("account", "entry", "posting", "hold", "loan", "loan_plan", "loan_obligation", "loan_event", "loan_flow", "guarantee",
          "loan_sheet", "product_version", "draft", "evidence_leaf")  # fmt: skip


@dataclass
class Doors:
    """A village on a day after its first due day, with its doors open: one loan running, one over, one not paid out yet."""

    east: Village
    base: str
    api: Api
    people: dict[str, Browser]

    @property
    def house(self) -> House:
        return self.east.house

    def stands(self) -> dict[str, str]:
        """A digest of every row that money, loans and the log are kept in."""
        with self.house.bank.superuser() as connection:
            known = {row[0] for row in connection.execute("SELECT tablename FROM pg_tables").fetchall()}
            asked = "SELECT count(*)::text || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} AS t"
            return {table: connection.execute(asked.format(table)).fetchone()[0] for table in TABLES if table in known}

    def by_operation(self, function: Any, command: Any, actor: Any = None) -> str:
        with pytest.raises(Refusal) as caught:
            self.house.bank.kernel.look(operation_of(function), command, **({"actor": actor} if actor else {}))
        return caught.value.code

    def by_api(self, path: str, command: Any) -> str:
        answer = self.api.post(path, plain(command), key="k")
        assert 400 <= answer.status_code < 500, answer.text
        return str(answer.json()["code"])

    def by_command(self, *words: str) -> str:
        done = CliRunner().invoke(app, ["loans", *words])
        assert isinstance(done.exception, Refusal), done.output
        return done.exception.code

    def by_page(self, who: Browser, path: str, **fields: str) -> str:
        """The code that a page shows; each field that was typed stands in the form again, beside the sentence."""
        who.go(path)
        sent = who.send(path, key="k", **fields)
        assert 400 <= sent.status_code < 500, sent.text
        text = unescape(sent.text)
        kept = {name: value for name, value in fields.items() if name not in ("step", "how", "component", "guarantor")}
        lost = {
            name: value for name, value in kept.items() if f'value="{value}"' not in text and f">{value}</" not in text
        }
        assert not lost, lost
        codes = re.findall(r"\b(?:lending|money|payments|products|ledger|policy|web)\.[a-z_]+\b", text)
        assert codes, text
        return codes[0]


def gathered(house: House) -> tuple[str, Any, Any, str, str]:
    """The village; its fourth loan is paid off, and a villager has a loan that is not paid out."""
    group_id, members, loans = founded(house)
    house.bank.run(payments.top_up, MoveByRail(members[3].id, yuan("2000"), CARD))
    house.bank.run(lending.settle, LoanCommand(loans[3].id))
    waits = villager(house, 31).funded("1000")
    return group_id, members, loans, loans[3].id, waits.id


@pytest.fixture
def doors(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doors]:
    house = House(database_url, lived=gathered)
    east = Village(house, *house.made[:3])
    enrolled(house.bank, BORROWER)
    for name, role in (("wang", "teller"), ("risk", "risk"), ("operator", "operator")):
        staff(house.bank, name, role)
    commanded(monkeypatch, house.bank.url)
    token = key_of(house.bank.kernel, CreateApiKey("tests", "robot", "system")).token
    with served(house.bank) as base:
        people = {name: reader(base, name) for name in ("wang", "risk", "operator")}
        people["her"] = signed_in(base, BORROWER.phone, PASSWORD)
        yield Doors(east, base, Api(base, token), people)
    house.bank.kernel.database.close()


Refused = Callable[[Doors], list[str]]
"""A bad input sent through each door that has it; the code that each answered with."""


def act(
    doors: Doors, loan_id: str, name: str, function: Any, command: Any, path: str, words: tuple[str, ...], **form: str
) -> list[str]:
    """An act on a loan, by all four doors."""
    return [
        doors.by_operation(function, command),
        doors.by_api(path, command),
        doors.by_command(name, loan_id, *words, "--why", WORDS),
        doors.by_page(doors.people["risk"], f"/ops/loans/{loan_id}/acts/{name}", words=WORDS, **form),
    ]


def an_act_before_the_money_went(doors: Doors) -> list[str]:
    loan_id = doors.house.made[4]
    command = Charge(loan_id, "fee", yuan("10"), WORDS)
    return act(
        doors, loan_id, "charge", acts.charge, command, "/loan-charges", ("fee", "10"), component="fee", amount="10"
    )


def an_act_of_a_day_before_the_payment_out(doors: Doors) -> list[str]:
    loan = doors.house.loan(doors.east.loans[0].id)
    assert loan.disbursed_on is not None
    on = loan.disbursed_on - timedelta(days=1)
    command = Waive(loan.id, "interest", yuan("1"), WORDS, on=on)
    return act(
        doors, loan.id, "waive", acts.waive, command, "/loan-waivers", ("interest", "1", "--on", on.isoformat()),
        component="interest", amount="1", on=on.isoformat(),
    )  # fmt: skip


def an_act_after_the_loan_was_over(doors: Doors) -> list[str]:
    loan_id = doors.house.made[3]
    command = Waive(loan_id, "interest", yuan("1"), WORDS)
    return act(
        doors, loan_id, "waive", acts.waive, command, "/loan-waivers", ("interest", "1"), component="interest", amount="1"
    )  # fmt: skip


def a_reschedule_that_shortens(doors: Doors) -> list[str]:
    loan = doors.house.loan(doors.east.loans[0].id)
    second, first = loan.instalments[1].due_on, loan.instalments[1].due_on - timedelta(days=3)
    command = Reschedule(loan.id, "move_due", WORDS, due_on=second, until=first)
    return act(
        doors, loan.id, "reschedule", acts.reschedule, command, "/loan-reschedules",
        ("move_due", "--due-on", second.isoformat(), "--until", first.isoformat()),
        how="move_due", due_on=second.isoformat(), until=first.isoformat(),
    )  # fmt: skip


def a_repayment_of_a_reported_month(doors: Doors) -> list[str]:
    loan_id, on = doors.east.loans[0].id, date(2026, 11, 30)
    command = RepayAsOf(loan_id, yuan("20"), on, WORDS)
    return act(
        doors, loan_id, "repay-as-of", acts.repay_as_of, command, "/loan-repayments-as-of", ("20", on.isoformat()),
        amount="20", on=on.isoformat(),
    )  # fmt: skip


def a_repayment_of_nothing(doors: Doors) -> list[str]:
    loan_id = doors.east.loans[0].id
    return [
        doors.by_operation(lending.repay, Repay(loan_id, yuan("0"))),
        doors.by_api("/repayments", Repay(loan_id, yuan("0"))),
        doors.by_command("repay-as-of", loan_id, "0", doors.house.today.isoformat(), "--why", WORDS),
        doors.by_page(doors.people["her"], f"/loans/{loan_id}", amount="0"),
    ]


def a_repayment_of_another_currency(doors: Doors) -> list[str]:
    loan_id, euro = doors.east.loans[0].id, Money(1_000, "EUR")
    return [
        doors.by_operation(lending.repay, Repay(loan_id, euro)),
        doors.by_api("/repayments", Repay(loan_id, euro)),
        doors.by_operation(acts.repay_as_of, RepayAsOf(loan_id, euro, doors.house.today, WORDS)),
    ]


def a_repayment_after_the_loan_was_over(doors: Doors) -> list[str]:
    loan_id = doors.house.made[3]
    return [
        doors.by_operation(lending.repay, Repay(loan_id, yuan("10"))),
        doors.by_api("/repayments", Repay(loan_id, yuan("10"))),
        doors.by_command("repay-as-of", loan_id, "10", doors.house.today.isoformat(), "--why", WORDS),
    ]


def a_borrower_who_guarantees_herself(doors: Doors) -> list[str]:
    loan_id, herself = doors.east.loans[0].id, doors.east.members[0].id
    command, her = AskGuarantor(loan_id, herself, yuan("100")), doors.people["her"]
    here = f"/loans/{loan_id}/backing"
    assert doors.by_page(her, here, step="find", phone=BORROWER.phone) == "payments.same_wallet", (
        "nobody finds herself to ask"
    )
    forged = her.send(here, step="ask", guarantor=herself, most="100", key="k")
    return [
        doors.by_operation(backing.ask_guarantor, command),
        doors.by_api("/guarantees", command),
        *re.findall(r"lending\.own_guarantor", forged.text)[:1],
    ]


def a_sheet_that_does_not_sum(doors: Doors) -> list[str]:
    east = doors.east
    first = east.sheet().rows[0]
    sheet = east.filled(east.line(0, 0, first.due), total=first.due + yuan("1"))
    desk, here = doors.people["wang"], f"/groups/{east.group_id}/sheet"
    fields = {
        f"paid_{first.loan_id}": first.due.plain(),
        "total": (first.due + yuan("1")).plain(),
        "number": str(sheet.number),
    }
    return [
        doors.by_operation(sheets.collect_sheet, sheet, TELLER),
        doors.by_api("/loan-groups/collections", sheet),
        doors.by_page(desk, here, **fields),
    ]


CASES: dict[Refused, str] = {
    an_act_before_the_money_went: "lending.wrong_state",
    an_act_of_a_day_before_the_payment_out: "lending.month_closed",
    an_act_after_the_loan_was_over: "lending.wrong_state",
    a_reschedule_that_shortens: "lending.shortens_what_is_due",
    a_repayment_of_a_reported_month: "lending.month_closed",
    a_repayment_of_nothing: "money.not_positive",
    a_repayment_of_another_currency: "money.currency_mismatch",
    a_repayment_after_the_loan_was_over: "lending.wrong_state",
    a_borrower_who_guarantees_herself: "lending.own_guarantor",
    a_sheet_that_does_not_sum: "lending.sheet_differs",
}


@pytest.mark.parametrize("refused", CASES, ids=lambda refused: refused.__name__)
def test_it_is_refused_by_every_door_and_changes_nothing(doors: Doors, refused: Refused) -> None:
    before = doors.stands()
    codes = refused(doors)
    assert set(codes) == {CASES[refused]} and len(codes) >= 3, codes
    assert doors.stands() == before


def test_terms_that_contradict_each_other_are_published_by_no_door(doors: Doors) -> None:
    source = doors.house.source("rainy-day-loan").replace(
        'method = "equal_instalment"', 'method = "flat"\nschedule = {balloon = "0.30"}'
    )
    operator, before = doors.people["operator"], doors.stands()
    assert doors.by_operation(loan_shelf.publish, Publish("rainy-day-loan", source)) == "products.invalid"
    operator.go("/ops/products/new")
    sent = operator.client.post(
        "/ops/products/new",
        data={"form_token": operator.token},
        files={"file": ("rainy-day-loan.toml", source.encode())},
    )
    assert sent.status_code == 422 and "schedule.balloon" in sent.text and "products.invalid" in sent.text
    assert doors.stands() == before
