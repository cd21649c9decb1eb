"""Refusals to people of partner lenders, and of saying of which partner a login is."""

from __future__ import annotations

from datetime import date

from farthing.bank.founding import agreed
from farthing.funding import service as funding
from farthing.funding.cover import service as covers
from farthing.funding.cover.model import PayCover, ReturnCover
from farthing.funding.holdings import rules as notes
from farthing.funding.holdings.model import Edition, Transfer
from farthing.funding.lenders import service as lenders
from farthing.funding.lenders.model import BindLogin
from farthing.funding.model import RegisterPartner
from farthing.funding.papers import service as papers
from farthing.funding.programmes import service as programmes
from farthing.funding.programmes.model import EndProgramme, SetProgramme
from farthing.identity.rules import actor_of
from farthing.lending.shelf import service as loan_shelf
from farthing.products.model import Publish
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.funding.lenders import source, two_lenders
from tests.identity.people import staff
from tests.lending.house import House, yuan


def _lender(bank: Bank) -> str:
    """A login of nobody's yet, in a bank with two partners."""
    for code in ("harvest", "spring"):
        agreed(bank.kernel, funding.register_partner, RegisterPartner(code, f"{code} bank", "http://partner.example"))
    return staff(bank, "hua", lenders.LENDER)


@reproduces("funding.no_partner")
def no_partner(bank: Bank) -> None:
    actor = actor_of(_lender(bank), lenders.LENDER, None)
    bank.kernel.ask(lenders.own_portfolio, actor=actor)


@reproduces("funding.unknown_partner")
def unknown_partner(bank: Bank) -> None:
    agreed(bank.kernel, lenders.bind_login, BindLogin(_lender(bank), "winter"))


@reproduces("funding.not_a_lender")
def not_a_lender(bank: Bank) -> None:
    actor = _lender(bank)
    for partner in ("harvest", "spring"):
        agreed(bank.kernel, lenders.bind_login, BindLogin(actor, partner))


@reproduces("funding.unknown_request")
def unknown_request(bank: Bank) -> None:
    actor = _lender(bank)
    agreed(bank.kernel, lenders.bind_login, BindLogin(actor, "harvest"))
    bank.kernel.ask(lenders.own_requests, "inq_nothing", actor=actor_of(actor, lenders.LENDER, None))


def lending_together(database_url: str) -> Bank:
    """A bank with loan products, and two partners."""
    bank = House(database_url).bank
    _lender(bank)
    return bank


@reproduces("funding.unknown_programme")
def unknown_programme(bank: Bank) -> None:
    agreed(bank.kernel, programmes.end_programme, EndProgramme("nobodys"))


@reproduces("funding.programme_ended")
def programme_ended(database_url: str) -> None:
    bank = lending_together(database_url)
    agreed(bank.kernel, programmes.set_programme, SetProgramme(source(products=["rainy-day-loan"])))
    for _ in range(2):
        agreed(bank.kernel, programmes.end_programme, EndProgramme("shops-2027"))


@reproduces("funding.cover_not_allowed")
def cover_not_allowed(database_url: str) -> None:
    bank = lending_together(database_url)
    cover = '[cover]\ngiver = "spring"\npart = "0.05"\ndays_past_due = 90\nrefills = true\n'
    agreed(bank.kernel, programmes.set_programme, SetProgramme(source(products=["rainy-day-loan"]) + cover))


def _covered(database_url: str) -> Bank:
    """A bank with a programme whose cover another partner gives."""
    bank = lending_together(database_url)
    cover = '[cover]\ngiver = "spring"\nlicence = "D-1"\npart = "0.05"\ndays_past_due = 90\nrefills = true\n'
    agreed(bank.kernel, programmes.set_programme, SetProgramme(source(products=["rainy-day-loan"]) + cover))
    return bank


@reproduces("funding.no_cover")
def no_cover(database_url: str) -> None:
    bank = lending_together(database_url)
    agreed(bank.kernel, programmes.set_programme, SetProgramme(source(products=["rainy-day-loan"])))
    agreed(bank.kernel, covers.pay_cover, PayCover("shops-2027", yuan("100")))


@reproduces("funding.cover_asked")
def cover_asked(database_url: str) -> None:
    bank = _covered(database_url)
    for _ in range(2):
        agreed(bank.kernel, covers.pay_cover, PayCover("shops-2027", yuan("100")))


@reproduces("funding.cover_bound")
def cover_bound(database_url: str) -> None:
    bank = _covered(database_url)
    agreed(bank.kernel, covers.return_cover, ReturnCover("shops-2027", yuan("0.01")))


@reproduces("funding.programme_of_another")
def programme_of_another(database_url: str) -> None:
    bank = lending_together(database_url)
    for partner in ("harvest", "spring"):
        agreed(
            bank.kernel, programmes.set_programme, SetProgramme(source(partner=partner, products=["rainy-day-loan"]))
        )


@reproduces("funding.not_co_lent")
def not_co_lent(database_url: str) -> None:
    house = House(database_url)
    _lender(house.bank)
    said = [
        line.replace(', "partners"', "")
        for line in house.source("rainy-day-loan").splitlines()
        if "co_lending" not in line
    ]
    agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", "\n".join(said)))
    agreed(house.bank.kernel, programmes.set_programme, SetProgramme(source(products=["rainy-day-loan"])))


@reproduces("funding.no_part")
def no_part(bank: Bank) -> None:
    actor = _lender(bank)
    agreed(bank.kernel, lenders.bind_login, BindLogin(actor, "harvest"))
    bank.kernel.ask(papers.own_certificate, "loan_nothing", actor=actor_of(actor, lenders.LENDER, None))


@reproduces("funding.contract_not_taken")
def contract_not_taken(database_url: str) -> None:
    house, loan = two_lenders(database_url)
    house.bank.kernel.ask(papers.own_contract, loan.id, actor=actor_of("lender:hua", lenders.LENDER, None))


@reproduces("funding.sold_more_than_held")
def sold_more_than_held() -> None:
    held = Edition(date(2026, 11, 28), 0, ("party_a", "party_b"), (60, 40))
    notes.transferred(held, 50, [Transfer("party_a", "party_b", 31)], date(2026, 11, 30), 4, "CNY")


@reproduces("funding.sold_to_oneself")
def sold_to_oneself() -> None:
    held = Edition(date(2026, 11, 28), 0, ("party_a",), (60,))
    notes.transferred(held, 0, [Transfer("party_a", "party_a", 1)], date(2026, 11, 30), 4, "CNY")
