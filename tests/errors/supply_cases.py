"""Refusals of supply-chain finance."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from farthing.bank.founding import agreed
from farthing.supply import advancing_service as advances
from farthing.supply import binding_service as binding
from farthing.supply import confirming_service as confirming
from farthing.supply import passing_service as passing
from farthing.supply import rules, store
from farthing.supply import service as supply
from farthing.supply.invoices import reading
from farthing.supply.invoices.store import confirm
from farthing.supply.model import (
    AskAdvance,
    GradeDebtor,
    Receivable,
    RegisterInvoice,
    TransferCommand,
)
from farthing.town.supply import paper
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.supply.chain import Chain, yuan
from tests.supply.test_reading import PAPER
from tests.supply.test_rules import DUE, LAW, ON, live

FILE = paper.ubl(PAPER)


@reproduces("supply.invoice_too_large")
def an_empty_file() -> None:
    reading.read(b"")


@reproduces("supply.invoice_unreadable")
def a_file_with_a_document_type() -> None:
    reading.read(FILE.replace(b"?>", b"?><!DOCTYPE Invoice>", 1))


@reproduces("supply.invoice_format")
def a_file_of_another_kind() -> None:
    reading.read(b"<Order/>")


@reproduces("supply.invoice_field")
def an_invoice_without_a_number() -> None:
    reading.read(FILE.replace(PAPER.number.encode(), b""))


@reproduces("supply.invoice_sums")
def an_invoice_that_does_not_add_up() -> None:
    reading.read(FILE.replace(b"12345.67</cbc:PayableAmount", b"12345.68</cbc:PayableAmount"))


@reproduces("supply.invoice_not_base64")
def a_file_that_is_not_base64() -> None:
    supply.brought(RegisterInvoice("party_none", "?"))


@reproduces("supply.unknown_receivable")
def a_receivable_that_is_not_there(bank: Bank) -> None:
    bank.read(lambda tx: confirming.found(tx, "receivable_none"))


@reproduces("supply.unknown_transfer")
def a_transfer_that_is_not_there(bank: Bank) -> None:
    bank.run(passing.complete_transfer, TransferCommand("party_none", "transfer_none"))


@reproduces("supply.grade_unknown")
def a_grade_that_is_none(bank: Bank) -> None:
    agreed(bank.kernel, supply.grade_debtor, GradeDebtor("party_core", 6, yuan("1.00")))


@reproduces("supply.own_buyer")
def an_invoice_to_oneself(bank: Bank) -> None:
    chain = Chain(bank)
    chain.bring(chain.paper(buyer=chain.supplier.number))


@reproduces("supply.not_signatory")
def a_signatory_who_is_a_company(bank: Bank) -> None:
    chain = Chain(bank)
    chain.ask(chain.bring(chain.paper()), second=chain.third.id)


def planted(chain: Chain, amount: str = "10000.00", number: str = "FP-1", days: int = 90) -> Receivable:
    """A receivable that is live as if all had signed."""
    invoice = chain.bring(chain.paper(number, amount))
    whole, on = yuan(amount), chain.today
    proposed = Receivable(
        f"receivable_{number}", invoice.id, chain.supplier.id, chain.core.id, whole, on + timedelta(days=days), "proposed",
        "contract_none", on, 0,
    )  # fmt: skip

    def plant(tx: object) -> Receivable:
        confirm(tx, invoice.id, whole)  # type: ignore[arg-type]
        store.insert(tx, proposed)  # type: ignore[arg-type]
        return confirming.keep(tx, proposed, *rules.confirm(proposed, on))  # type: ignore[arg-type]

    found: Receivable = chain.bank.kernel.tidy(plant)
    return found


@reproduces("supply.not_binding")
def a_receivable_whose_contract_was_ended(bank: Bank) -> None:
    chain = Chain(bank)
    found = planted(chain)
    offered = chain.offer(found, 1, chain.supplier, chain.second, "10000.00")
    bank.run(passing.end_transfer, TransferCommand(chain.second.id, offered.id))
    bank.read(lambda tx: binding.check(tx, replace(found, agreement_id=offered.agreement_id)))


@reproduces("supply.too_little")
def money_on_a_piece_that_is_small(bank: Bank) -> None:
    chain = Chain(bank)
    chain.graded()
    chain.advance(planted(chain, "100.00"), 1, chain.supplier)


@reproduces("supply.other_product")
def money_by_a_product_for_something_else(bank: Bank) -> None:
    chain = Chain(bank)
    chain.graded()
    command = AskAdvance(chain.supplier.id, planted(chain).id, 1, "rainy-day-loan")
    bank.run(advances.ask_advance, command)


@reproduces("supply.other_state")
def paying_what_is_paid() -> None:
    settled = rules.pay(live(100), live(100).amount, "e", DUE)[0]
    rules.pay(settled, settled.amount, "e", DUE)


@reproduces("supply.not_due")
def paying_before_the_day() -> None:
    rules.pay(live(100), live(100).amount, "e", ON)


@reproduces("supply.more_than_owed")
def paying_more_than_is_owed() -> None:
    rules.pay(live(100), live(101).amount, "e", DUE)


@reproduces("supply.unknown_piece")
def a_piece_that_is_not_there() -> None:
    rules.pledge(live(100), 2, "a", "l", ON)


@reproduces("supply.not_holder")
def a_piece_of_somebody_else() -> None:
    rules.pledge(live(100), 1, "b", "l", ON)


@reproduces("supply.piece_not_free")
def a_piece_that_is_pledged() -> None:
    rules.pledge(rules.pledge(live(100), 1, "a", "l", ON)[0], 1, "a", "m", ON)


@reproduces("supply.matured")
def passing_on_what_is_due() -> None:
    rules.pledge(live(100), 1, "a", "l", DUE)


@reproduces("supply.more_than_piece")
def passing_on_more_than_there_is() -> None:
    rules.offer(live(100), 1, live(101).amount, "a", "b", "t", ON, LAW)


@reproduces("supply.piece_too_small")
def a_piece_below_the_least() -> None:
    rules.offer(live(150), 1, live(100).amount, "a", "b", "t", ON, LAW)


@reproduces("supply.to_debtor")
def passing_on_to_the_debtor() -> None:
    rules.offer(live(100), 1, live(100).amount, "a", "debtor", "t", ON, LAW)


@reproduces("supply.went_back")
def passing_back() -> None:
    offered = rules.offer(live(100), 1, live(100).amount, "a", "b", "t", ON, LAW)[0]
    passed = rules.pass_on(offered, 1, "b", "t", ON)[0]
    rules.offer(passed, 2, passed.amount, "b", "a", "t2", ON, LAW)
